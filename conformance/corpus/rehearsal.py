"""Scenarios played against the reference in this process, to see what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.ablation import PREFIX, open_session, player_of
from conformance.clearing import remove_what_was_made
from conformance.corpus.playing import alone, script_of
from conformance.probe import Prober, make_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.corpus.written import Written
    from conformance.session import Step
    from model.findings import Finding

KEYS = 2


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a scenario came to: the clauses that it exercised, and what the judge objected to."""

    exercised: frozenset[str]
    findings: tuple[Finding, ...]


class Rehearsal:
    """A reference in this process, some clauses of which may be left out.

    Over ``plain_http`` SSE-C is to be refused; ``blocked`` buckets refuse it from their making.
    """

    def __init__(
        self,
        *,
        plain_http: bool = False,
        blocked: bool = False,
        without: frozenset[str] = frozenset(),
    ) -> None:
        session = self._session = open_session(
            without=without, requests=10**9, sse_c_over_http=not plain_http, blocks_sse_c=blocked
        )
        self._findings: list[Finding] = []
        self._explorer = player_of(session, self._note)

    def _note(self, _: list[Step], step: Step) -> None:
        self._findings.extend(step.findings)

    def play(self, told: Written) -> Rehearsed:
        """Play a scenario as a run does, and remove what it made."""
        seen = self.glance(told)
        remove_what_was_made(self._session)
        return Rehearsed(seen.exercised | self._exercised(), seen.findings)

    def glance(self, told: Written) -> Rehearsed:
        """Play a scenario, and leave what it made: the next has buckets of its own."""
        self._findings.clear()
        self._explorer.perform(script_of(alone(told)))
        return Rehearsed(self._exercised(), tuple(self._findings))

    def _exercised(self) -> frozenset[str]:
        return _exercised(self._session.steps)


def rehearse_probing(without: frozenset[str]) -> Rehearsed:
    """Return what the set-up and the probes of a run come to."""
    session = open_session(without=without, requests=10**9)
    session.begin("setup")
    Prober(session, PREFIX, make_keys(session, KEYS)).probe(kms_api=True)
    findings = tuple(found for step in session.steps for found in step.findings)
    return Rehearsed(_exercised(session.steps), findings)


def _exercised(steps: Iterable[Step]) -> frozenset[str]:
    return frozenset(clause_id for step in steps for clause_id in step.clauses)
