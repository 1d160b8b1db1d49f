"""Make a finding's sequence as short and plain as it can be, by sending parts of it again.

The sequence is known request by request, so parts of it are left out and fields are emptied, and
the judge says each time whether the same clause is still broken. That takes some tens of requests,
and never guesses: what is left was seen to fail as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from conformance.plainer_ways import PLAIN_BODY, plainer_ways
from conformance.rehearsal import MOST_REQUESTS, rehearsal
from conformance.scenario import TELLING, Scenario, play, scenario_of, with_own_keys
from conformance.session import READS
from model.messages import Auth
from model.operations.bucket_policy import BucketPolicyOperation
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.kms import CreateKey
from model.operations.object_upload import UploadOperation
from model.operations.object_write import WriteOperation
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_bucket_versioning import PutBucketVersioning
from model.operations.upload_part import UploadPart
from model.request import (
    BucketRequest,
    ObjectRequest,
    ObjectWrite,
    WithCopySource,
    header_places,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.session import Session, Step
    from conformance.universe import KeyText
    from model.findings import Finding
    from model.operation import Operation

_SETTINGS = (PutBucketEncryption, DeleteBucketEncryption, BucketPolicyOperation)
MAX_REQUESTS = 240
FIRST_REQUESTS = 960
"""What the first finding that cannot be rehearsed may take, the second half of it, and so on down
to what each may take."""
MANY = 4
"""More findings than that are many, of which each takes half as much."""
PLAINER_REQUESTS = 120
CONFIRMATIONS = 3
SETTINGS_TRIED = 4
CHANGES_TRIED = (2, 3, 5)
_PLAIN_BODIES = (PLAIN_BODY, b"")


@dataclass(slots=True)
class Minimal:
    """A finding with the shortest sequence that shows it, and how often that did."""

    finding: Finding
    scenario: Scenario
    steps: list[Step]
    tries: int
    reproduced: int


class Minimiser:
    """Minimises findings over one session; ``prefix`` starts the names of its buckets.

    ``pool`` are the run's KMS keys, where they were made through the target's KMS API.
    """

    def __init__(self, session: Session, prefix: str, pool: Sequence[KeyText] = ()) -> None:
        self.session = session
        self.prefix = prefix
        self.pool = tuple((k.key_id, k.arn) for k in pool if k.arn is not None)
        self._count = 0
        self._left = 0
        self._looked = 0

    def minimise(self, steps: Sequence[Step], finding: Finding) -> Minimal | None:
        """Return the minimal form of a finding in the last of these steps.

        None when the sequence, sent again, does not show it at all.
        """
        return self.rehearse(steps, finding) or self.search(steps, finding)

    def rehearse(self, steps: Sequence[Step], finding: Finding) -> Minimal | None:
        """Return the minimal form as a reference with the same defect has it, for few requests.

        None where the target does not fail as that reference does.
        """
        best = self._rehearsed(scenario_of(steps), finding)
        return None if best is None else self._finish(best, finding)

    def search(
        self, steps: Sequence[Step], finding: Finding, *, waiting: int = 0
    ) -> Minimal | None:
        """Return the minimal form as it is found on the target alone; None as for ``minimise``.

        So many others are waiting: of many, each gets less.
        """
        self._looked += 1
        most = max(MAX_REQUESTS, FIRST_REQUESTS // self._looked)
        if waiting > MANY:
            most = MAX_REQUESTS // 2
        best = self.shorten(scenario_of(steps), finding, most)
        return None if best is None else self._finish(best, finding)

    def _finish(self, best: Minimal, finding: Finding) -> Minimal:
        """Return it in the plainest way, with keys of its own, and confirmed."""
        self._left = PLAINER_REQUESTS
        best = self._simplify(best, finding)
        # With keys of its own the sequence can be sent again where the run's keys are not.
        own = with_own_keys(best.scenario, self.pool)
        if own is not best.scenario:
            best = self._try(own, finding, forced=True) or best
        return self.confirm(best, CONFIRMATIONS)

    def shorten(
        self, whole: Scenario, finding: Finding, requests: int = MAX_REQUESTS
    ) -> Minimal | None:
        """Return the shortest form of a finding that can be had with so many requests."""
        self._left = requests
        best = self._first(whole, finding)
        if best is None:
            return None
        best = self._drop(best, finding)
        best = self._plain(best, finding)
        return self._drop(best, finding)

    def _simplify(self, best: Minimal, finding: Finding) -> Minimal:
        """Make what the finding is about in plainer ways, as long as that shows it, too."""
        for plainer in plainer_ways(best.scenario):
            shown = self._try(plainer, finding)
            if shown is not None:
                return self._simplify(self._drop(shown, finding), finding)
        return best

    def _rehearsed(self, whole: Scenario, finding: Finding) -> Minimal | None:
        """Shorten it on a reference with the same defect; None where the target differs."""
        session = rehearsal(self.session, finding)
        rehearsing = Minimiser(session, f"{self.prefix}r{self._count}")
        found = rehearsing.shorten(whole, finding, MOST_REQUESTS)
        if found is None:
            return None
        return self._try(found.scenario, finding, forced=True)

    def confirm(self, best: Minimal, tries: int) -> Minimal:
        """Send the sequence again until it was sent so often, and count how often it showed it."""
        while best.tries < tries and not self.session.budget.is_spent:
            shown = self._try(best.scenario, best.finding, forced=True)
            best.tries += 1
            if shown is not None:
                best.reproduced += 1
        return best

    def _first(self, whole: Scenario, finding: Finding) -> Minimal | None:
        for wanted in self._slices(whole):
            shown = self._try(whole.only(wanted), finding)
            if shown is not None:
                return shown
        return self._try(whole, finding, forced=True)

    def _slices(self, whole: Scenario) -> Iterator[list[int]]:
        """Yield likely parts: what the last request names, and what made it."""
        last = len(whole.requests) - 1
        named = _names(whole.requests[last])
        buckets = {bucket for bucket, _ in named}
        chain = _chain(whole)
        makers = [
            i
            for i, r in enumerate(whole.requests[:last])
            if (isinstance(r, CreateBucket | PutBucketVersioning) and r.bucket in buckets)
            or isinstance(r, CreateKey)
            or i in chain
        ]
        writers = [
            i
            for i, r in enumerate(whole.requests[:last])
            if isinstance(r, ObjectRequest)
            and (isinstance(r, ObjectWrite) or r.leaves_object)
            and (r.bucket, r.object_key) in named
        ]
        settings = [
            i
            for i, r in enumerate(whole.requests[:last])
            if isinstance(r, _SETTINGS) and r.bucket in buckets
        ]
        buckets_alone = [i for i in makers if isinstance(whole.requests[i], CreateBucket)]
        yield sorted({*buckets_alone, *chain, last})
        yield sorted({*makers, *writers[-1:], last})
        for setting in settings[: -SETTINGS_TRIED - 1 : -1]:
            yield sorted({*buckets_alone, *chain, setting, last})
        yield sorted({*makers, *settings[-1:], *writers[-1:], last})
        changes = [
            i
            for i, r in enumerate(whole.requests[:last])
            if isinstance(r, BucketRequest) and r.bucket in buckets and r.method not in READS
        ]
        for count in CHANGES_TRIED:
            yield sorted({*makers, *changes[-count:], last})
        yield sorted({*makers, *writers, *settings, last})
        yield sorted({*makers, *changes, last})

    def _drop(self, best: Minimal, finding: Finding) -> Minimal:
        """Leave out runs of steps, ever shorter ones, until each step that is left is needed."""
        size = len(best.scenario.requests) // 2
        while size >= 1:
            end = len(best.scenario.requests) - 1
            while end > 0:
                begin = max(0, end - size)
                count = len(best.scenario.requests)
                shown = self._try(best.scenario.only([*range(begin), *range(end, count)]), finding)
                if shown is not None:
                    best = shown
                end = begin
            size //= 2
        return best

    def _plain(self, best: Minimal, finding: Finding) -> Minimal:
        for index in range(len(best.scenario.requests)):
            for plainer in plainer_forms(best.scenario.requests[index]):
                # Each form leaves out one thing of what the request was when the loop began.
                merged = _merge(best.scenario.requests[index], plainer)
                if merged == best.scenario.requests[index]:
                    continue
                shown = self._try(best.scenario.with_request(index, merged), finding)
                if shown is not None:
                    best = shown
        return best

    def _try(self, scenario: Scenario, finding: Finding, *, forced: bool = False) -> Minimal | None:
        """Send the scenario; return it if its last step shows the finding again."""
        cost = len(scenario.requests)
        if self.session.budget.is_spent or (self._left < cost and not forced):
            return None
        self._left -= cost
        self._count += 1
        steps = play(self.session, scenario, f"m{self._count}", self.prefix)
        if not steps:
            return None
        alike = [found for found in steps[-1].findings if is_same(found, finding)]
        alike.sort(key=lambda found: (found != finding, found.signature != finding.signature))
        return Minimal(alike[0], scenario, steps, 1, 1) if alike else None


def is_same(found: Finding, finding: Finding) -> bool:
    """Tell whether two findings are of one defect, though one request broke more than the other."""
    alike = (
        found.operation == finding.operation
        and found.field == finding.field
        and found.kind == finding.kind
    )
    return alike and (
        found.clause == finding.clause
        or found.clause in finding.clauses
        or finding.clause in found.clauses
    )


def _chain(whole: Scenario) -> set[int]:
    """Return the requests that chose what the last one names, and what those name in turn.

    Without CreateMultipartUpload no part can be sent, and without its parts nothing completed.
    """
    last = len(whole.requests) - 1
    text = repr(whole.requests[last])
    found: set[int] = set()
    for index in range(last - 1, -1, -1):
        if isinstance(whole.requests[index], CreateKey):
            continue
        if any(len(one) >= TELLING and one in text for one in whole.chosen[index]):
            found.add(index)
            text += repr(whole.requests[index])
    return found


def _names(request: Operation) -> set[tuple[str, str]]:
    named: set[tuple[str, str]] = set()
    if isinstance(request, ObjectRequest):
        named.add((request.bucket, request.object_key))
    elif isinstance(request, BucketRequest):
        named.add((request.bucket, ""))
    if isinstance(request, WithCopySource) and request.source is not None:
        named.add((request.source.bucket, request.source.object_key))
    return named


def plainer_forms(request: Operation) -> Iterator[Operation]:
    """Yield forms of the request with one thing less each."""
    if request.auth is not Auth.HEADER:
        yield replace(request, auth=Auth.HEADER)
    if isinstance(request, WriteOperation) and request.metadata:
        yield replace(request, metadata=())
    if isinstance(request, UploadOperation | UploadPart) and request.body not in _PLAIN_BODIES:
        yield replace(request, body=PLAIN_BODY)
    places = header_places(type(request))
    own = ("customer_algorithm", "customer_key", "customer_key_md5")
    groups = (own, tuple("source_" + name for name in own))
    known = {place.attribute for place in places}
    for group in groups:
        if set(group) <= known and any(getattr(request, name) is not None for name in group):
            yield _without(request, group)
    for place in places:
        if place.attribute != "copy_source" and getattr(request, place.attribute) is not None:
            yield _without(request, (place.attribute,))


def _without(request: Operation, names: Sequence[str]) -> Operation:
    """Return the request without these headers."""
    return replace(request, **dict.fromkeys(names, None))  # type: ignore[arg-type]


def _merge(current: Operation, plainer: Operation) -> Operation:
    """Return the current form with what the plainer one leaves out left out as well."""
    changed = {}
    for one in fields(plainer):
        value = getattr(plainer, one.name)
        plain = one.name == "body" and value == PLAIN_BODY
        if value is None or value == () or plain or value is Auth.HEADER:
            changed[one.name] = value
    kept = {name: value for name, value in changed.items() if getattr(current, name) != value}
    return replace(current, **kept) if kept else current
