"""The researched rules: what each says, how sure it is, and why it is no clause if it is none."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Confidence(StrEnum):
    """How sure a rule is. A row of the research that says two things may have a second one."""

    DOCUMENTED = "DOCUMENTED"
    RECORDED = "RECORDED"
    REPORTED = "REPORTED"
    UNKNOWN = "UNKNOWN"
    DESIGN = "DESIGN"


class NotAClause(StrEnum):
    """Why a rule cannot be a clause."""

    ADVICE = "advice"
    INVISIBLE = "invisible"
    UNKNOWN = "unknown"
    OUT_OF_SCOPE = "out-of-scope"
    VENDOR = "vendor"


class TraceabilityError(ValueError):
    """The table contradicts itself: the rule and what is wrong, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One researched rule; ``not_a_clause`` and ``reason`` stand together or not at all."""

    rule_id: str
    confidence: Confidence
    partly: Confidence | None = None
    says: str
    visible: bool
    not_a_clause: NotAClause | None = None
    reason: str = ""


_MEMBERS = {"confidence", "partly", "says", "visible", "not_a_clause", "reason"}


def read_rules(text: str) -> tuple[Rule, ...]:
    """Return the rules of one file of the table, as they stand. Raises TraceabilityError."""
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TraceabilityError(f"the table is no TOML: {error}") from error
    return tuple(_rule(rule_id, entry) for rule_id, entry in entries.items())


def _rule(rule_id: str, entry: object) -> Rule:
    if not isinstance(entry, dict):
        raise TraceabilityError(f"{rule_id}: is no table of members")
    if strange := sorted(set(entry) - _MEMBERS):
        raise TraceabilityError(f"{rule_id}: has members that mean nothing: {', '.join(strange)}")
    if not isinstance(entry.get("visible"), bool):
        raise TraceabilityError(f"{rule_id}: visible is neither true nor false")
    if ("not_a_clause" in entry) != ("reason" in entry):
        raise TraceabilityError(f"{rule_id}: not_a_clause and reason go together")
    try:
        return Rule(
            rule_id=rule_id,
            confidence=Confidence(_text(entry, "confidence")),
            partly=Confidence(entry["partly"]) if "partly" in entry else None,
            says=_text(entry, "says"),
            visible=entry["visible"],
            not_a_clause=NotAClause(entry["not_a_clause"]) if "not_a_clause" in entry else None,
            reason=_text(entry, "reason") if "reason" in entry else "",
        )
    except ValueError as error:
        raise TraceabilityError(f"{rule_id}: {error}") from error


def _text(entry: Mapping[str, object], member: str) -> str:
    text = entry.get(member)
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{member} is no text")
    return text


def join_rules(files: Iterable[tuple[Rule, ...]]) -> tuple[Rule, ...]:
    """Return the rules of all files, by id. Raises TraceabilityError where two have the same."""
    found: dict[str, Rule] = {}
    for rules in files:
        for rule in rules:
            if rule.rule_id in found:
                raise TraceabilityError(f"{rule.rule_id}: stands in the table twice")
            found[rule.rule_id] = rule
    return tuple(found[rule_id] for rule_id in sorted(found))


@cache
def every_rule() -> tuple[Rule, ...]:
    """Return all rules, by id."""
    files = resources.files("conformance.traceability").iterdir()
    texts = (file.read_text(encoding="utf-8") for file in files if file.name.endswith(".toml"))
    return join_rules(read_rules(text) for text in texts)


@cache
def _by_id() -> dict[str, Rule]:
    return {rule.rule_id: rule for rule in every_rule()}


def find_rule(rule_id: str) -> Rule:
    """Return the rule of that id; raises KeyError."""
    return _by_id()[rule_id]
