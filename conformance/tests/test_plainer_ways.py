"""What is not about copies or uploads in parts is shown without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.ablation import open_session
from conformance.minimise import Minimiser
from conformance.plainer_ways import plainer_ways
from conformance.scenario import scenario_of
from model.answer import ETAG
from model.completion_document import ListedPart, write_completion
from model.encryption_document import RuleText, write_configuration
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.create_bucket import CreateBucket
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.head_object import HeadObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.sse import md5_base64

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.session import Session
    from model.operation import Operation

BUCKET = "s3sse-plainer-a"
WITHOUT = "reading/length-is-that-of-the-data"


@pytest.fixture
def session() -> Session:
    found = open_session(without=frozenset({WITHOUT}), requests=1000)
    found.begin("whole")
    found.send(CreateBucket(bucket=BUCKET))
    return found


def _names(requests: Iterable[Operation]) -> list[str]:
    return [type(one).__name__ for one in requests]


def _uploaded(session: Session, *, copied: bool) -> None:
    """Write an object in one part, sent or copied from another object."""
    put = PutObject(bucket=BUCKET, object_key="source", body=b"data of the source")
    begin = CreateMultipartUpload(bucket=BUCKET, object_key="object", metadata=(("a", "b"),))
    if copied:
        session.send(put)
    answer = session.send(begin).answer
    assert answer is not None
    named: dict[str, Any] = {
        "bucket": BUCKET,
        "object_key": "object",
        "upload_id": answer.text(UPLOAD_ID) or "",
    }
    part: Operation = UploadPart(**named, part_number="1", body=b"data of the part")
    if copied:
        part = UploadPartCopy(**named, part_number="1", copy_source=f"{BUCKET}/source")
    sent = session.send(part).answer
    etag = "" if sent is None else sent.text(ETAG) or ""
    document = write_completion([ListedPart(1, f'"{etag}"')])
    session.send(CompleteMultipartUpload(**named, document=document))


def test_a_copy_that_a_read_is_not_about_becomes_a_write(session: Session) -> None:
    session.send(PutObject(bucket=BUCKET, object_key="source", body=b"data"))
    copy = CopyObject(
        bucket=BUCKET, object_key="copy", copy_source=f"{BUCKET}/source", sse="AES256"
    )
    session.send(copy)
    last = session.send(HeadObject(bucket=BUCKET, object_key="copy"))
    finding = next(one for one in last.findings if one.clause == WITHOUT)
    (found,) = plainer_ways(scenario_of(session.steps))
    assert _names(found.requests) == ["CreateBucket", "PutObject", "PutObject", "HeadObject"]
    written = found.requests[2]
    assert isinstance(written, PutObject)
    assert (written.object_key, written.sse) == ("copy", "AES256")
    minimal = Minimiser(session, "s3sse-plainer-").minimise(session.steps, finding)
    assert minimal is not None
    assert _names(minimal.scenario.requests) == ["CreateBucket", "PutObject", "HeadObject"]


def test_an_upload_becomes_a_write_with_the_headers_of_its_beginning(session: Session) -> None:
    _uploaded(session, copied=False)
    last = session.send(HeadObject(bucket=BUCKET, object_key="object"))
    finding = next(one for one in last.findings if one.clause == WITHOUT)
    (found,) = plainer_ways(scenario_of(session.steps))
    assert _names(found.requests) == ["CreateBucket", "PutObject", "HeadObject"]
    written = found.requests[1]
    assert isinstance(written, PutObject)
    assert (written.body, written.metadata) == (b"data of the part", (("a", "b"),))
    minimal = Minimiser(session, "s3sse-plainer-").minimise(session.steps, finding)
    assert minimal is not None
    assert _names(minimal.scenario.requests) == ["CreateBucket", "PutObject", "HeadObject"]


def test_a_copied_part_becomes_one_that_is_sent(session: Session) -> None:
    _uploaded(session, copied=True)
    session.send(HeadObject(bucket=BUCKET, object_key="object"))
    kinds = [_names(one.requests) for one in plainer_ways(scenario_of(session.steps))]
    assert any("UploadPart" in names and "UploadPartCopy" not in names for names in kinds)


def test_what_the_last_request_is_stays(session: Session) -> None:
    session.send(PutObject(bucket=BUCKET, object_key="source", body=b"data"))
    session.send(CopyObject(bucket=BUCKET, object_key="copy", copy_source=f"{BUCKET}/source"))
    assert list(plainer_ways(scenario_of(session.steps))) == []


def test_a_default_goes_without_what_it_can_be_without(session: Session) -> None:
    rule = RuleText("aws:kms", "some-key", "true", ("SSE-C",))
    document = write_configuration([rule])
    session.send(
        PutBucketEncryption(bucket=BUCKET, document=document, content_md5=md5_base64(document))
    )
    session.send(HeadObject(bucket=BUCKET, object_key="nothing"))
    found = [one.requests[1] for one in plainer_ways(scenario_of(session.steps))]
    wanted = [
        write_configuration([changed])
        for changed in (
            rule._replace(kms_key_id=None),
            rule._replace(bucket_key_enabled=None),
            rule._replace(blocked=None),
        )
    ]
    assert [one.document for one in found if isinstance(one, PutBucketEncryption)] == wanted
    assert all(
        isinstance(one, PutBucketEncryption) and one.content_md5 == md5_base64(one.document)
        for one in found
    )
