"""Operations that have no action of their own are drawn by the kinds that they are of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from conformance.ablation import open_session
from conformance.action import every_action
from conformance.chooser import Chooser
from conformance.plain_drawing import draw_plainly
from conformance.requests import Requests
from conformance.universe import CUSTOMER_KEYS, Universe
from model.clause import Capability
from model.operations.create_bucket import CreateBucket
from model.operations.delete_object import DeleteObject
from model.operations.get_object import GetObject
from model.operations.put_object import PutObject
from model.request import KmsRequest
from model.wire import operations

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.operation import Operation

BUCKET = "s3sse-ablation-a"
MANY = 300


@pytest.fixture
def build() -> Callable[[int], Requests]:
    """Return a way to a chooser of its own, over a bucket with two objects."""
    session = open_session(requests=100)
    texts = CUSTOMER_KEYS[0]
    session.begin("s")
    session.send(CreateBucket(bucket=BUCKET))
    session.send(PutObject(bucket=BUCKET, object_key="a", body=b"1"))
    session.send(
        PutObject(
            bucket=BUCKET,
            object_key="b",
            customer_algorithm=texts.algorithm,
            customer_key=texts.key,
            customer_key_md5=texts.key_md5,
        )
    )
    universe = Universe(
        buckets=(BUCKET,),
        missing_bucket="s3sse-ablation-none",
        secure=True,
        region="us-east-1",
        account=None,
        kms_keys=(),
        capabilities=frozenset(Capability),
    )

    def make(number: int) -> Requests:
        entropy = hashlib.sha512(str(number).encode()).digest()
        return Requests(Chooser(entropy), universe, session)

    return make


def drawn(kind: type[Operation], build: Callable[[int], Requests]) -> list[Operation]:
    return [r for n in range(MANY) if (r := draw_plainly(kind, build(n))) is not None]


def test_each_operation_of_s3_is_drawn_by_some_action() -> None:
    by_actions = {kind for one in every_action() for kind in one.draws}
    of_s3 = {kind for kind in operations().values() if not issubclass(kind, KmsRequest)}
    assert by_actions == of_s3


def test_a_read_names_what_is_there_and_gives_the_key_that_it_needs(
    build: Callable[[int], Requests],
) -> None:
    reads = [r for r in drawn(GetObject, build) if isinstance(r, GetObject)]
    assert len(reads) == MANY
    of_sse_c = [r for r in reads if (r.bucket, r.object_key) == (BUCKET, "b")]
    with_key = [r for r in of_sse_c if r.customer_key == CUSTOMER_KEYS[0].key]
    assert MANY / 5 < len(with_key) < len(of_sse_c)
    assert any(r.version_id == "null" for r in reads)
    assert any(r.sse is not None for r in reads)


def test_a_write_asks_for_every_encryption(build: Callable[[int], Requests]) -> None:
    writes = [r for r in drawn(PutObject, build) if isinstance(r, PutObject)]
    assert {"AES256", "aws:kms", "aws:kms:dsse", None} <= {r.sse for r in writes}
    assert any(r.customer_key is not None for r in writes)


def test_a_request_of_another_kind_has_its_names_alone(build: Callable[[int], Requests]) -> None:
    deletions = [r for r in drawn(DeleteObject, build) if isinstance(r, DeleteObject)]
    assert len(deletions) == MANY
    assert {r.object_key for r in deletions} >= {"a", "b"}
