"""Uploads in parts to directory buckets are carried out against the reference, and judged."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from conformance.ablation import PREFIX, NoJournal, explore_reference, open_session
from conformance.clearing import remove_what_was_made
from conformance.session import Budget, Session
from model.completion_document import ListedPart, write_completion
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_bucket import CreateBucket, directory_bucket
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.create_session import SESSION_TOKEN, CreateSession
from model.operations.get_object import GetObject
from model.operations.list_parts import NUMBERS, ListParts
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from targets.credentials import LOCAL_CREDENTIALS
from targets.endpoint import HttpConnection
from targets.reference import make_reference
from targets.serving import serve
from targets.target import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.answer import Answer
    from model.operation import Operation

BUCKET = f"{PREFIX}d--use1-az1--x-s3"
SOURCE = f"{PREFIX}source"
LARGE = b"p" * (5 * 1024 * 1024)


@contextmanager
def in_process() -> Iterator[Session]:
    """Give a session with the reference in this process."""
    yield open_session(requests=100)


@contextmanager
def over_http() -> Iterator[Session]:
    """Give one with a reference that is served."""
    with (
        serve(make_reference().handle) as server,
        HttpConnection(Endpoint(url=server.url), LOCAL_CREDENTIALS) as connection,
    ):
        world = open_session(requests=1).world
        yield Session(connection, NoJournal(), world, Budget(requests=100))


def answered(session: Session, request: Operation) -> Answer:
    """Send a request that must succeed, and find nothing wrong with its answer."""
    step = session.send(request)
    assert step.findings == ()
    assert step.answer is not None
    assert step.answer.succeeded
    return step.answer


def begin(session: Session) -> dict[str, Any]:
    """Make a bucket, a session and an upload; return what names the upload within the session."""
    session.begin("uploads")
    secure = session.secure
    answered(session, CreateBucket(bucket=SOURCE, secure=secure))
    answered(session, PutObject(bucket=SOURCE, object_key="a", body=LARGE, secure=secure))
    answered(session, directory_bucket(BUCKET, secure=secure))
    token = answered(session, CreateSession(bucket=BUCKET, secure=secure)).text(SESSION_TOKEN)
    assert token is not None
    named: dict[str, Any] = {"bucket": BUCKET, "object_key": "whole", "session_token": token}
    begun = answered(session, CreateMultipartUpload(secure=secure, **named))
    return {**named, "upload_id": begun.text(UPLOAD_ID) or ""}


@pytest.mark.server
@pytest.mark.parametrize("target", [in_process, over_http])
def test_an_upload_is_carried_out_from_its_beginning_to_its_end(target: object) -> None:
    assert callable(target)
    with target() as session:
        secure, named = session.secure, begin(session)
        copied = UploadPartCopy(
            bucket=BUCKET,
            object_key="whole",
            upload_id=named["upload_id"],
            part_number="1",
            copy_source=f"{SOURCE}/a",
            secure=secure,
        )
        first = answered(session, copied).text("etag")
        second = answered(
            session, UploadPart(part_number="2", body=b"end", secure=secure, **named)
        ).text("etag")
        listed = answered(session, ListParts(secure=secure, **named))
        assert listed.fields[NUMBERS] == "1,2"
        document = write_completion([ListedPart(1, f'"{first}"'), ListedPart(2, f'"{second}"')])
        answered(session, CompleteMultipartUpload(document=document, secure=secure, **named))
        read = GetObject(
            bucket=BUCKET,
            object_key="whole",
            session_token=named["session_token"],
            secure=secure,
        )
        assert answered(session, read).fields["body"] == LARGE + b"end"
        remove_what_was_made(session)
        last = session.steps[-1].answer
        assert last is not None
        assert last.status == 204


def test_parts_with_a_gap_between_are_refused() -> None:
    with in_process() as session:
        named = begin(session)
        etag = answered(session, UploadPart(part_number="2", body=b"x", **named)).text("etag")
        document = write_completion([ListedPart(2, f'"{etag}"')])
        step = session.send(CompleteMultipartUpload(document=document, **named))
        assert step.findings == ()
        assert step.answer is not None
        assert step.answer.status == 400
        assert "directory-multipart/part-numbers-must-be-consecutive" in step.judgement.fired


def test_a_run_comes_to_what_is_said_of_uploads_in_directory_buckets() -> None:
    session = open_session(requests=9000)
    explore_reference(session, 1)
    met = {c for c in session.counts.fired if c.startswith("directory-multipart/")}
    assert met == {
        "directory-multipart/completion-needs-no-header",
        "directory-multipart/part-is-copied",
        "directory-multipart/part-needs-no-header",
        "directory-multipart/part-numbers-must-be-consecutive",
        "directory-multipart/part-shows-an-etag",
    }
