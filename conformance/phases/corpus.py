"""The phase ``corpus``: scenarios that are written down, before anything is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.corpus.earlier import earlier_findings
from conformance.corpus.needs import is_playable
from conformance.corpus.packing import ordered, packed
from conformance.corpus.playing import alone, script_of
from conformance.corpus.written import read_corpus
from conformance.phase import Setting, Stage, phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.corpus.playing import Pack
    from conformance.corpus.written import Written

EARLIER, CLAUSES = "earlier findings", "clauses"
BUGS, OBSERVED = "bugs of servers", "observed on AWS"


@phase("corpus", percent=20, first=True)
def corpus(setting: Setting) -> Iterator[Stage]:
    """Plan earlier findings, the clauses' examples, bugs of servers and what AWS answered."""
    found = [alone(one) for one in _playable(earlier_findings(setting.earlier), setting)]
    yield _stage(EARLIER, found)
    examples = (*read_corpus("clauses.json").scenarios, *read_corpus("more.json").scenarios)
    yield _stage(CLAUSES, packed(ordered(_playable(examples, setting))))
    bugs = read_corpus("bugs.json").scenarios
    yield _stage(BUGS, packed(_playable(bugs, setting)))
    observed = read_corpus("observed.json").scenarios
    yield _stage(OBSERVED, packed(_playable(observed, setting)))


def _playable(scenarios: Iterable[Written], setting: Setting) -> list[Written]:
    return [one for one in scenarios if is_playable(one, setting)]


def _stage(name: str, packs: list[Pack]) -> Stage:
    return Stage(name=name, scripts=map(script_of, packs), planned=len(packs))
