"""What AWS was seen to answer, as scenarios: the same requests are sent to the target.

``conformance/write_catalogue.py`` writes the file: to follow all that was recorded takes seconds.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from conformance.corpus.telling import NotTellableError, tell
from conformance.corpus.written import Written
from model.case_contradictions import ContradictionError
from model.case_symbols import ACCOUNT, MISSING, NAMED_VALUES, REGION, OutsideError
from model.cases import NoSuchAnswerError, judged_steps
from model.operations.create_bucket import CreateBucket
from model.parameters import ParameterError
from model.request import BucketRequest
from model.world import MANAGED_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from model.operation import Operation
    from model.world import World

FILE = "observed.json"
FILES = ("recorded.json", "verified.json", "quoted.json", "wire.json")
_UNSEEN = (OutsideError, ParameterError, ContradictionError, NoSuchAnswerError, NotTellableError)


def observed() -> Iterator[Written]:
    """Yield every recorded sequence that anybody can send, each but once."""
    known: set[str] = set()
    for name in FILES:
        data = resources.files("model").joinpath("observations", name).read_bytes()
        for case in json.loads(data):
            told = observed_case(case)
            if told is None:
                continue
            steps = json.dumps([step.model_dump() for step in told.steps])
            if steps not in known:
                known.add(steps)
                yield told


def observed_case(case: dict[str, Any]) -> Written | None:
    """Return one recorded sequence, None where only its recorder could send it."""
    try:
        judged = list(judged_steps(case, NAMED_VALUES))
        read = [one.read for one in judged]
        requests = [one.request for one in read]
        if any(one.denied for one in read) or not _begins_with_nothing(requests):
            return None
        known = _keys_there_before(judged[0].before.world)
        if any(managed in repr(requests) for managed, name in known.items() if not name):
            return None
        steps = tell(
            requests,
            [one.answer if one.answer.succeeded is not False else None for one in read],
            known={**known, ACCOUNT: "$account", f"kms:{REGION}": "kms:$region"},
        )
    except _UNSEEN:
        return None
    return Written(
        id=str(case["id"]),
        origin=str(case.get("source", "")),
        plain_http=not all(request.secure for request in requests),
        steps=steps,
    )


def _begins_with_nothing(requests: Sequence[Operation]) -> bool:
    """Tell whether the sequence makes all buckets that it uses, but one that is to be missing."""
    made = {one.bucket for one in requests if isinstance(one, CreateBucket)}
    named = {one.bucket for one in requests if isinstance(one, BucketRequest)}
    return named <= made | {MISSING}


def _keys_there_before(world: World) -> dict[str, str]:
    """Return the names of the KMS keys that are there before; the managed one has none."""
    names: dict[str, str] = {}
    own = [key for key in world.keys.values() if key.key_id != MANAGED_KEY]
    for number, key in enumerate(own, 1):
        names |= {str(key.arn): f"$kms{number}.arn", key.key_id: f"$kms{number}.id"}
    return names | {str(key.arn): "" for key in world.keys.values() if key not in own}
