"""The phase ``corpus``: scenarios that are written down, before anything is drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.corpus.earlier import earlier_findings
from conformance.corpus.needs import is_playable
from conformance.corpus.ordering import most_telling, rounds
from conformance.corpus.playing import alone, script_of
from conformance.corpus.written import read_corpus
from conformance.phase import Setting, Stage, phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.corpus.playing import Pack
    from conformance.corpus.written import Written

EARLIER, TELLING = "earlier findings", "most telling"
OBSERVED, MORE = "more observed on AWS", "more of the clauses"


@phase("corpus", percent=26)
def corpus(setting: Setting) -> Iterator[Stage]:
    """Plan earlier findings, what tells most with all bugs of servers, and the others."""
    found = [alone(one) for one in _playable(earlier_findings(setting.earlier), setting)]
    yield replace(_stage(EARLIER, found), first=True)
    observed = _read(("observed.json",), setting)
    examples = _read(("clauses.json", "more.json"), setting)
    first = most_telling((*examples, *observed), _read(("bugs.json",), setting))
    yield _stage(TELLING, first)
    played = {one.id for pack in first for one in pack.scenarios}
    for name, scenarios in ((OBSERVED, observed), (MORE, examples)):
        left = [one for one in scenarios if one.id not in played]
        yield _stage(name, [pack for part in rounds(left) for pack in part])


def _read(files: Iterable[str], setting: Setting) -> list[Written]:
    scenarios = [one for file in files for one in read_corpus(file).scenarios]
    return _playable(scenarios, setting)


def _playable(scenarios: Iterable[Written], setting: Setting) -> list[Written]:
    return [one for one in scenarios if is_playable(one, setting)]


def _stage(name: str, packs: list[Pack]) -> Stage:
    names = [tuple(one.id for one in pack.scenarios) for pack in packs]
    return Stage(name=name, scripts=map(script_of, packs), planned=len(packs), names=names)
