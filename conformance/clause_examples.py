"""The examples of the clauses, told in AWS's terms: as they stand in the committed data file.

``conformance/write_catalogue.py`` makes the file from the tests beside the clauses, so that the
command can show them without loading what the tests need.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

if TYPE_CHECKING:
    from collections.abc import Callable

DATA_FILE = "catalogue_data/examples.json"
SILENT = "says nothing here"
STORED_TEXT = 512
"""The longest text of a parameter that the data file keeps whole."""

_SHOWN_TEXT = 60
_SHOWN_KEY = 24
_SHOWN_DOCUMENT = 400
_LIMITS = {
    "SSECustomerKey": _SHOWN_KEY,
    "CopySourceSSECustomerKey": _SHOWN_KEY,
    "Document": _SHOWN_DOCUMENT,
}
_UUID = re.compile(r"\b([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToldRequest(_Told):
    """An operation with its boto3 parameters, and what those do not say."""

    operation: str
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def call(self) -> str:
        """The request as one call, with long values shortened."""
        given = ", ".join(
            f"{name}={json.dumps(_shown(value, _LIMITS.get(name, _SHOWN_TEXT)))}"
            for name, value in self.parameters.items()
        )
        return ", ".join((f"{self.operation}({given})", *self.remarks))


class ToldExample(_Told):
    """What happened before, the request in question, and what the clause demands of its answer.

    ``test`` is where the example stands. ``start`` says what is there before the first step, where
    that is more than a new account. ``refused_with`` names the errors that the whole model allows,
    where the clause alone does not say them.
    """

    sentence: str
    test: str
    start: tuple[str, ...] = ()
    steps: tuple[ToldRequest, ...] = ()
    request: ToldRequest
    demands: tuple[str, ...] = ()
    refused_with: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        """What is demanded, or that nothing is: at least one line."""
        lines = [brief(demand) for demand in self.demands] or [SILENT]
        if self.refused_with:
            who = "so it is" if self.demands else "for another reason it is"
            lines.append(f"{who} refused with {self.refused_with}")
        return tuple(lines)


class ToldClause(_Told):
    """An example where a clause speaks, and the nearest one where it says nothing."""

    fires: ToldExample | None = None
    silent: ToldExample | None = None


_FILE = TypeAdapter(dict[str, ToldClause])


@cache
def recorded_examples() -> dict[str, ToldClause]:
    """Return the examples of all clauses and allowances, by id, from the data file."""
    data = resources.files("conformance").joinpath(DATA_FILE)
    return _FILE.validate_json(data.read_bytes())


def data_text(told: dict[str, ToldClause]) -> str:
    """Return the text of the data file that holds these examples: each of them on one line."""
    shown = _FILE.dump_python(dict(sorted(told.items())), mode="json", exclude_defaults=True)
    members = [
        f"{json.dumps(clause_id)}: {{\n"
        + ",\n".join(f" {json.dumps(sort)}: {json.dumps(one)}" for sort, one in examples.items())
        + "}"
        for clause_id, examples in shown.items()
    ]
    return "{\n" + ",\n".join(members) + "\n}\n"


def brief(text: str) -> str:
    """Return a text with only the first digits of the ids of KMS keys."""
    return _UUID.sub(r"\1-...", text)


def cut(value: JsonValue, limit: int) -> JsonValue:
    """Return a parameter's value; of texts that are longer the middle is left out."""
    return _with_each_text(value, lambda text: _cut_text(text, limit))


def _shown(value: JsonValue, limit: int) -> JsonValue:
    return _with_each_text(value, lambda text: _cut_text(brief(text), limit))


def _cut_text(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    tail = limit // 3
    return f"{text[: limit - tail]}...{text[-tail:]}"


def _with_each_text(value: JsonValue, change: Callable[[str], str]) -> JsonValue:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_with_each_text(one, change) for one in value]
    if isinstance(value, dict):
        return {name: _with_each_text(one, change) for name, one in value.items()}
    return value
