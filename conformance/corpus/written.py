"""Scenarios as they stand in the corpus' files, and the reading of those files."""

from __future__ import annotations

import json
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from conformance.corpus.names import Names, NoSuchNameError, learnt_name, resolved
from model.parameters import ParameterError, from_parameters

PACKAGE = "conformance.corpus"


class CorpusError(Exception):
    """A file of the corpus is not as it must be."""


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenStep(_Written):
    """One request; ``called`` is the name by which later steps speak of its answer."""

    op: str
    params: dict[str, JsonValue] = Field(default_factory=dict)
    called: str = ""


class Written(_Written):
    """A scenario: requests that follow one another.

    ``origin`` is where it comes from. ``clauses`` are those that it was seen to exercise. One that
    is ``plain_http`` must go without TLS, one that is ``blocked`` needs buckets that block SSE-C
    from their making.
    """

    id: str
    title: str = ""
    origin: str = ""
    plain_http: bool = False
    blocked: bool = False
    clauses: tuple[str, ...] = ()
    steps: tuple[WrittenStep, ...] = Field(min_length=1)


class LeftOut(_Written):
    """What is no scenario, and why."""

    id: str
    title: str = ""
    reason: str


class CorpusFile(_Written):
    """What a file of the corpus holds."""

    scenarios: tuple[Written, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


_FILE = TypeAdapter(CorpusFile)


def read_corpus(name: str) -> CorpusFile:
    """Return the scenarios of a committed file. Raises CorpusError."""
    return parse_corpus(name, resources.files(PACKAGE).joinpath(name).read_bytes())


def parse_corpus(name: str, data: bytes) -> CorpusFile:
    """Return what a file of that name says. Raises CorpusError with one line."""
    try:
        read = _FILE.validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CorpusError(f"{name}: {where or 'file'}: {first['msg']}") from error
    known: set[str] = set()
    for scenario in read.scenarios:
        if scenario.id in known:
            raise CorpusError(f"{name}: {scenario.id}: another scenario has this id")
        known.add(scenario.id)
        check(name, scenario)
    return read


def check(name: str, scenario: Written) -> None:
    """Raise CorpusError where a step is no request, or names what no step before it tells."""
    names = Names.made_up()
    for number, step in enumerate(scenario.steps):
        where = f"{name}: {scenario.id}: step {number}"
        try:
            from_parameters(step.op, resolved(step.params, names))
        except ParameterError as error:
            raise CorpusError(f"{where}: {error}") from error
        except NoSuchNameError as error:
            raise CorpusError(f"{where}: nothing before it tells what {error} is") from error
        for called in (step.called, learnt_name(number)):
            if called:
                names.tell_made_up(called)


def file_text(content: CorpusFile) -> str:
    """Return the text of a file: each scenario on a line of its own."""
    shown = content.model_dump(mode="json", exclude_defaults=True)
    members = [
        f'"{member}": [\n' + ",\n".join(f" {json.dumps(one)}" for one in shown[member]) + "\n]"
        for member in ("scenarios", "left_out")
        if shown.get(member)
    ]
    return "{\n" + ",\n".join(members) + "\n}\n"
