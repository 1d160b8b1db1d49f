"""What a sequence is played with: names that show what reaches further than it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.ablation import open_session, player_of
from model.encryption_document import RuleText, write_configuration
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.put_bucket_encryption import PutBucketEncryption
from targets.faulty.fault import every_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.requests import Requests
    from model.operation import Operation


def delete_one_of_two(build: Requests) -> Iterator[Operation]:
    """Delete a bucket, and look at the default of the other one."""
    first, second = build.universe.buckets
    rule = RuleText(sse_algorithm="aws:kms")
    for bucket in (first, second):
        yield CreateBucket(bucket=bucket)
    yield PutBucketEncryption(bucket=second, document=write_configuration([rule]))
    yield DeleteBucket(bucket=first)
    yield GetBucketEncryption(bucket=second)


@pytest.mark.parametrize("fault", ["", "state-buckets/deletion-reaches-neighbours"])
def test_what_is_done_to_a_bucket_is_seen_where_it_reaches_one_that_is_named_alike(
    fault: str,
) -> None:
    found: list[str] = []
    made = every_fault()[fault]() if fault else None
    session = open_session(requests=100, fault=made)
    player_of(session, lambda _, step: found.append(step.request.operation)).perform(
        delete_one_of_two
    )
    assert found == (["GetBucketEncryption"] if fault else [])
