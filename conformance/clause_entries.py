"""The catalogue as values: a clause or an allowance with all that is shown of it, and filters."""

from __future__ import annotations

import difflib
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from conformance.clause_examples import ToldClause, recorded_examples
from conformance.profiles import check_profiles
from conformance.settings import UsageError
from model import wire
from model.clause import Basis, Clause, Stage, every_allowance, every_clause

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

ALLOWANCE_TOPIC = "allowance"

LEVELS = {
    Basis.DOCUMENTED.value: "AWS's documentation says so",
    Basis.OBSERVED.value: "seen in AWS's answers, not stated in its documentation",
}

_ASKED = {
    Stage.REQUEST: "",
    Stage.VERSION: "a success of ",
    Stage.REFUSAL: "a refusal of ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One clause or allowance, as it is shown.

    An allowance is not ``binding``: its ``level``, ``profile`` and source are empty. It holds
    from the day ``since`` on, and from the day ``until`` on no longer.
    """

    id: str
    topic: str
    sentence: str
    reason: str
    rules: tuple[str, ...]
    binding: bool
    level: str
    profile: str
    needs: str
    page: str
    section: str
    url: str
    read: str
    operations: tuple[str, ...]
    stage: Stage
    buckets: tuple[str, ...]
    since: date | None
    until: date | None
    examples: ToldClause

    @property
    def source(self) -> str:
        """The page with its section, and when it was read; empty for an allowance."""
        if not self.page:
            return ""
        return f"{', '.join(filter(None, (self.page, self.section)))}, read {self.read}"

    @property
    def about(self) -> str:
        """What it is asked about: operations, or the answers to them."""
        return _ASKED[self.stage] + ", ".join(self.operations)

    @property
    def era(self) -> str:
        """The days on which it holds, empty where it holds on all of them."""
        first = f"since {self.since.isoformat()}" if self.since is not None else ""
        last = f"before {self.until.isoformat()}" if self.until is not None else ""
        return ", ".join(filter(None, (first, last)))

    @property
    def text(self) -> str:
        """All words in which a search looks, in lower case."""
        speaking = self.examples.fires
        words = (
            *(self.id, self.sentence, self.reason, self.level, self.profile, self.needs),
            *(self.source, self.era, *self.rules, *self.operations, *self.buckets),
            *(speaking.demands if speaking is not None else ()),
        )
        return " ".join(words).lower()


def make_entry(clause: Clause) -> Entry:
    """Return what is shown of a clause or an allowance."""
    source = clause.source
    # A clause may say for which kinds of bucket and on which days it holds.
    scope = getattr(clause, "scope", clause)
    return Entry(
        id=clause.id,
        topic=clause.topic,
        sentence=clause.title,
        reason=" ".join((clause.rule.__doc__ or "").strip().partition("\n")[2].split()),
        rules=clause.rules,
        binding=clause.binding,
        level=clause.basis.value if clause.binding else "",
        profile=clause.profile,
        needs=clause.needs.value if clause.needs is not None else "",
        page=source.page if clause.binding else "",
        section=source.section,
        url=source.url,
        read=source.read.isoformat() if clause.binding else "",
        operations=operations_of(clause),
        stage=clause.stage,
        buckets=tuple(sorted(str(kind) for kind in getattr(scope, "buckets", ()))),
        since=getattr(scope, "since", None),
        until=getattr(scope, "until", None),
        examples=recorded_examples().get(clause.id, ToldClause()),
    )


def operations_of(clause: Clause) -> tuple[str, ...]:
    """Return the names of the operations that a clause is asked about."""
    found = wire.operations().items()
    return tuple(sorted(name for name, kind in found if issubclass(kind, clause.kinds)))


@cache
def clause_entries() -> tuple[Entry, ...]:
    """Return the clauses, by id."""
    return tuple(make_entry(clause) for clause in every_clause())


@cache
def allowance_entries() -> tuple[Entry, ...]:
    """Return the allowances, by id."""
    return tuple(make_entry(clause) for clause in every_allowance())


def find_entry(name: str) -> Entry:
    """Return the clause or allowance of that id. Raises UsageError, with a suggestion."""
    known = {entry.id: entry for entry in (*clause_entries(), *allowance_entries())}
    if name in known:
        return known[name]
    raise UsageError(f"{name}: there is no such clause{_suggestion(name, known)}")


def _suggestion(name: str, known: Iterable[str]) -> str:
    slugs = {one.partition("/")[2]: one for one in known}
    whole = {one: one for one in known}
    topics = {one.partition("/")[0] for one in known}
    topic = name.strip("/")
    if topic in topics:
        return f"; {topic} is a topic: see s3sse clauses --search {topic}/"
    for names in (whole, slugs):
        near = difflib.get_close_matches(name, names, n=1)
        if near:
            return f"; did you mean {names[near[0]]}?"
    return ": see s3sse clauses"


def by_topic(entries: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Return the entries by topic, both in the order of the alphabet."""
    groups: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.id):
        groups.setdefault(entry.topic, []).append(entry)
    return {topic: tuple(groups[topic]) for topic in sorted(groups)}


@cache
def topic_title(topic: str) -> str:
    """Return what a topic is about: the first lines of the files that hold its clauses."""
    files = dict.fromkeys(c.rule.__module__ for c in every_clause() if c.topic == topic)
    texts = [(sys.modules[name].__doc__ or "").strip().partition("\n")[0] for name in files]
    return " ".join(texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """What else there is about the same: by rules in common, and (for clauses) by topic."""

    same_rules: tuple[str, ...]
    same_topic: tuple[str, ...]


def near(entry: Entry) -> Near:
    """Return the ids of the clauses and allowances that are near to one."""
    everything = (*clause_entries(), *allowance_entries())
    others = [other for other in everything if other.id != entry.id]
    rules = set(entry.rules)
    return Near(
        same_rules=tuple(e.id for e in others if rules & set(e.rules)),
        same_topic=tuple(e.id for e in others if entry.binding and e.topic == entry.topic),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is limited to; empty is no limit. All words of ``search`` must be found."""

    profiles: tuple[str, ...] = ()
    level: str | None = None
    search: str = ""

    def __post_init__(self) -> None:
        """Raise UsageError for a profile or a level that there is none of."""
        check_profiles(self.profiles)
        if self.level is not None and self.level.upper() not in LEVELS:
            known = " and ".join(level.lower() for level in LEVELS)
            raise UsageError(f"--level {self.level}: there is no such level; they are {known}")

    def fits(self, entry: Entry) -> bool:
        """Tell whether an entry is wanted."""
        if self.profiles and entry.profile not in self.profiles:
            return False
        if self.level is not None and entry.level != self.level.upper():
            return False
        return all(word in entry.text for word in self.search.lower().split())
