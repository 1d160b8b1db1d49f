"""The phase ``corpus``: scenarios that are written down, before anything is drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.corpus.earlier import earlier_findings
from conformance.corpus.needs import is_playable
from conformance.corpus.packing import packed, rounds
from conformance.corpus.playing import alone, script_of
from conformance.corpus.written import read_corpus
from conformance.phase import Setting, Stage, phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.corpus.playing import Pack
    from conformance.corpus.written import Written

EARLIER, CLAUSES = "earlier findings", "clauses"
BUGS, OBSERVED = "bugs of servers", "observed on AWS"
MORE = "more of the clauses"


@phase("corpus", percent=30)
def corpus(setting: Setting) -> Iterator[Stage]:
    """Plan earlier findings, each clause once, bugs of servers, what AWS answered, and the rest."""
    found = [alone(one) for one in _playable(earlier_findings(setting.earlier), setting)]
    yield replace(_stage(EARLIER, found), first=True)
    examples = (*read_corpus("clauses.json").scenarios, *read_corpus("more.json").scenarios)
    more = list(rounds(_playable(examples, setting)))
    first = more.pop(0) if more else []
    yield _stage(CLAUSES, packed(first))
    for name, file in ((BUGS, "bugs.json"), (OBSERVED, "observed.json")):
        yield _stage(name, packed(_playable(read_corpus(file).scenarios, setting)))
    yield _stage(MORE, packed(one for part in more for one in part))


def _playable(scenarios: Iterable[Written], setting: Setting) -> list[Written]:
    return [one for one in scenarios if is_playable(one, setting)]


def _stage(name: str, packs: list[Pack]) -> Stage:
    return Stage(name=name, scripts=map(script_of, packs), planned=len(packs))
