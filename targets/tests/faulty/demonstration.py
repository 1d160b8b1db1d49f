"""A fault is shown by a few requests: the judge objects to the faulty server alone."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from model import wire
from model.judge import Belief, judge
from model.transcript_context import TranscriptContext
from targets.faulty.fault import every_fault
from targets.faulty.server import make_faulty
from targets.reference import FSX_ACCESS_POINT, Reference, make_reference

if TYPE_CHECKING:
    from model.answer import Answer
    from model.findings import Finding
    from model.operation import Operation

Requests = Generator["Operation", "Answer", None]
Demonstration = Callable[[], Requests]

_shown: dict[str, Demonstration] = {}


def shows(fault_id: str) -> Callable[[Demonstration], Callable[[], None]]:
    """Turn a generator of requests, which is sent each answer, into the test of that fault."""

    def register(make: Demonstration) -> Callable[[], None]:
        assert fault_id not in _shown, f"{fault_id} is shown twice"
        _shown[fault_id] = make

        @functools.wraps(make)
        def test() -> None:
            assert fault_id in every_fault()
            right = make_reference()
            assert play(right, make()) == [], "the faultless reference is blamed"
            faulty = make_faulty(make_reference(), fault_id)
            assert play(faulty, make()), f"{fault_id} is not seen"

        return test

    return register


def shown() -> frozenset[str]:
    """Return the faults that are shown by the files imported so far."""
    return frozenset(_shown)


def play(server: Reference, requests: Requests) -> list[Finding]:
    """Send the requests to the server, and return what the judge objects to."""
    context = TranscriptContext(
        endpoint="https://reference.invalid",
        kms_endpoint="https://reference.invalid",
        region="us-east-1",
        new_buckets_block_sse_c=False,
        sse_c_over_http=True,
        bucket_prefix="",
        keys_complete=True,
        fsx_access_points=(FSX_ACCESS_POINT,),
    )
    belief = Belief((context.world(),))
    found: list[Finding] = []
    request = next(requests)
    while True:
        response = server.handle(wire.render(request), secure=True)
        answer = wire.read_answer(request, response)
        judgement = judge(belief, request, answer)
        belief = judgement.belief
        found += judgement.findings
        try:
            request = requests.send(answer)
        except StopIteration:
            return found
