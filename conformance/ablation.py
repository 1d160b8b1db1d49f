"""Would the suite notice? Each clause in turn is left out of the reference, and the suite looks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

from conformance.exploring import Explorer, Met
from conformance.phase import Setting
from conformance.probe import Prober, make_keys
from conformance.session import Budget, BudgetSpentError, Session
from conformance.worker import POOL_KEYS, judged_capabilities
from model.clause import Capability, find_clause
from model.transcript_context import TranscriptContext
from targets.faulty.server import with_fault
from targets.reference import FSX_ACCESS_POINT, ReferenceConnection, make_reference
from targets.target import Endpoint

if TYPE_CHECKING:
    from datetime import date

    from conformance.session import Step
    from model.exchange import Exchange
    from model.findings import Finding
    from targets.faulty.fault import Fault

PREFIX = "s3sse-ablation-"


class NoJournal:
    """Writes nothing down."""

    def write(self, exchange: Exchange) -> None:
        """Forget the exchange."""


class Noticed(Exception):  # noqa: N818 - it is no error that a finding was met
    """A finding was met."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)
        self.findings = findings


def open_session(
    *,
    without: frozenset[str] = frozenset(),
    requests: int,
    sse_c_over_http: bool = True,
    blocks_sse_c: bool = False,
    as_of: date | None = None,
    fault: Fault | None = None,
) -> Session:
    """Return a session with a reference in this process, some clauses of which are left out.

    It may have a fault besides.

    A run that declares SSE-C over plain HTTP as allowed goes over (pretended) TLS; one that does
    not goes without, so that the refusal of it can be seen.
    """
    scheme = "https" if sse_c_over_http else "http"
    endpoint = Endpoint(
        url=f"{scheme}://reference.invalid",
        kms_url=f"{scheme}://kms.invalid",
        fsx_access_point=FSX_ACCESS_POINT,
    )
    reference = make_reference(
        without=without,
        blocks_sse_c=blocks_sse_c,
        sse_c_over_http=sse_c_over_http,
        as_of=as_of,
    )
    if fault is not None:
        reference = with_fault(reference, fault)
    context = TranscriptContext(
        addressing="path",
        endpoint=endpoint.url,
        kms_endpoint=endpoint.kms_url,
        region=endpoint.region,
        sse_c_over_http=sse_c_over_http,
        bucket_prefix=PREFIX,
        keys_complete=True,
        as_of=as_of,
        fsx_access_points=(FSX_ACCESS_POINT,),
    )
    connection = ReferenceConnection(reference, endpoint)
    return Session(connection, NoJournal(), context.world(), Budget(requests=requests))


def able_setting(session: Session, keys: int = 2) -> Setting:
    """Set the session up; return what is planned for a target that can do everything.

    It has so many KMS keys.
    """
    session.begin("setup")
    made = make_keys(session, keys)
    session.base = session.belief
    session.deletes_several = True
    return Setting(
        capabilities=frozenset(Capability),
        kms_keys=made,
        world=session.world,
        first_seed=0,
        secure=session.secure,
    )


def player_of(session: Session, on_finding: Met = lambda *_: None) -> Explorer:
    """Return what plays single scripts against a target that can do everything."""
    return Explorer(
        session=session,
        prefix=PREFIX,
        setting=able_setting(session),
        on_finding=on_finding,
        between=lambda: None,
        phases=(),
    )


def notice(clause_id: str, *, limit: int, seed: int = 1) -> int | None:
    """Return after how many requests the suite notices that the clause is left out.

    None when it does not within ``limit`` requests. What AWS does no more is looked for on the
    last day on which it did.
    """
    until = find_clause(clause_id).scope.until
    as_of = None if until is None else until - timedelta(days=1)
    for sse_c_over_http in (True, False):
        session = open_session(
            without=frozenset({clause_id}),
            requests=limit,
            sse_c_over_http=sse_c_over_http,
            as_of=as_of,
        )
        try:
            explore_reference(session, seed)
        except Noticed:
            return session.counts.requests
    return None


def explore_reference(session: Session, seed: int) -> None:
    """Run the suite against the session; raises Noticed with the first finding."""
    setting = probed_setting(session, seed * 1_000_000)
    raise_what_was_shown(session)
    explorer = Explorer(
        session=session,
        prefix=PREFIX,
        setting=setting,
        on_finding=raise_noticed,
        between=lambda: None,
    )
    try:
        explorer.explore()
    except BudgetSpentError:
        return


def probed_setting(session: Session, first_seed: int = 1) -> Setting:
    """Set up and probe as a run does, and return what is planned for. Raises TargetUnavailable."""
    session.begin("setup")
    keys = make_keys(session, POOL_KEYS)
    probed = Prober(session, PREFIX, keys).probe(kms_api=True)
    session.base = session.belief
    return Setting(
        capabilities=judged_capabilities(probed),
        kms_keys=keys,
        world=session.world,
        first_seed=first_seed,
        secure=session.secure,
    )


def raise_what_was_shown(session: Session) -> None:
    """End where a step of this sequence has findings. Raises Noticed."""
    for step in session.steps:
        if step.findings:
            raise Noticed(step.findings)


def raise_noticed(_: list[Step], step: Step) -> NoReturn:
    """End at the first step that has findings. Raises Noticed."""
    raise Noticed(step.findings)
