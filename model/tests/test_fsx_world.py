"""Access points for FSx in the world: they are there before the first request."""

from __future__ import annotations

import json

import pytest

from model.answer import Answer
from model.bucket_kind import BucketKind
from model.clauses.tests.notation import first_success, head, put
from model.judge import Belief, judge
from model.sse import SseFsx
from model.stored import ObjectVersion, Presence
from model.transcript_context import TranscriptContext
from model.world import Versioning

FILES = "files-ext-s3alias"
CONTEXT = TranscriptContext(region="us-east-1", bucket_prefix="", fsx_access_points=(FILES,))


def test_a_context_with_access_points_comes_back_from_its_json() -> None:
    assert TranscriptContext.from_json(json.loads(json.dumps(CONTEXT.to_json()))) == CONTEXT


def test_an_access_point_is_there_and_may_hold_anything() -> None:
    bucket = CONTEXT.world().existing(FILES)
    assert bucket.kind is BucketKind.FSX_ACCESS_POINT
    assert bucket.versioning is Versioning.NEVER
    assert bucket.object("a") is Presence.UNKNOWN


def test_what_is_written_is_encrypted_by_the_file_system() -> None:
    outcome = first_success(CONTEXT.world(), put(bucket=FILES))
    assert outcome.version is not None
    assert outcome.version.encryption == SseFsx()


@pytest.mark.parametrize("shown", ["aws:fsx", "SSE_FSX"])
def test_the_encryption_of_a_file_is_learnt_by_either_name(shown: str) -> None:
    fields = {"x-amz-server-side-encryption": shown, "x-amz-storage-class": "FSX_ONTAP"}
    answer = Answer(status=200, succeeded=True, fields=fields)
    judged = judge(Belief((CONTEXT.world(),)), head(bucket=FILES), answer)
    version = judged.belief.world.object(FILES, "object")
    assert isinstance(version, ObjectVersion)
    assert version.encryption == SseFsx()
