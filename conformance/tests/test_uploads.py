"""Uploads in parts: found out, cleaned up, minimised, looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.ablation import NoJournal, open_session
from conformance.clearing import remove_what_was_made
from conformance.evidence import found_of
from conformance.minimise import Minimiser
from conformance.probe import Prober, Support
from conformance.session import Budget, Session
from conformance.tests.running import run_ablated
from model.clause import Capability
from model.completion_document import ListedPart, write_completion
from model.findings import Severity
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_bucket import CreateBucket
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.upload_part import UploadPart
from model.request import SSE
from model.transcript_context import TranscriptContext
from targets.reference import ReferenceConnection, make_reference
from targets.target import Endpoint

if TYPE_CHECKING:
    from pathlib import Path

    from model.messages import HttpRequest, HttpResponse

URL = "https://reference.invalid"
CONTEXT = TranscriptContext(endpoint=URL, region="us-east-1", bucket_prefix="up-")
BUCKET = "up-bucket"
NAMED: dict[str, Any] = {"bucket": BUCKET, "object_key": "k"}


class Changed:
    """The reference in this process, whose answers about an operation lack a header."""

    def __init__(self, query: str, header: str) -> None:
        self.inner = ReferenceConnection(make_reference(), Endpoint(url=URL))
        self.endpoint = self.inner.endpoint
        self.query = query
        self.header = header

    def send(self, request: HttpRequest) -> HttpResponse:
        """Return the answer without the header."""
        answer = self.inner.send(request)
        if self.query not in dict(request.query):
            return answer
        kept = tuple(pair for pair in answer.headers if pair[0] != self.header)
        return type(answer)(answer.status, kept, answer.body)


def begun(session: Session, sse: str | None = None) -> str:
    answer = session.send(CreateMultipartUpload(**NAMED, sse=sse)).answer
    upload_id = None if answer is None else answer.text(UPLOAD_ID)
    assert upload_id
    return upload_id


def test_a_target_that_takes_uploads_is_found_to_support_them() -> None:
    session = open_session(requests=100)
    session.begin("probe")
    found = Prober(session, "s3sse-probing-", ()).probe(kms_api=False)
    assert found[Capability.MULTIPART].support is Support.SUPPORTED


@pytest.mark.parametrize("query", ["uploads", "uploadId"])
def test_a_target_that_refuses_uploads_cleanly_is_found_not_to_support_them(query: str) -> None:
    class Refusing(Changed):
        def send(self, request: HttpRequest) -> HttpResponse:
            if self.query not in dict(request.query) or request.method == "DELETE":
                return self.inner.send(request)
            return type(self.inner.send(request))(501)

    session = Session(Refusing(query, ""), NoJournal(), CONTEXT.world(), Budget())
    session.begin("probe")
    found = Prober(session, "up-", ()).probe(kms_api=False)
    assert found[Capability.MULTIPART].support is Support.UNSUPPORTED


def test_an_upload_in_progress_is_aborted_and_one_that_is_over_is_not() -> None:
    session = open_session(requests=100)
    session.begin("s")
    session.send(CreateBucket(bucket=BUCKET))
    first = begun(session)
    part = UploadPart(upload_id=first, part_number="1", body=b"data", **NAMED)
    answer = session.send(part).answer
    assert answer is not None
    listed = write_completion([ListedPart(1, f'"{answer.text("etag")}"')])
    session.send(CompleteMultipartUpload(upload_id=first, document=listed, **NAMED))
    second = begun(session)
    remove_what_was_made(session)
    sent = [step.request for step in session.steps]
    aborted = [r for r in sent if r.operation == "AbortMultipartUpload"]
    assert [getattr(r, "upload_id", "") for r in aborted] == [second]
    assert sent[-1].operation == "DeleteBucket"
    last = session.steps[-1].answer
    assert last is not None
    assert last.succeeded


def test_a_finding_about_a_completion_is_minimised_with_the_steps_that_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clause = "multipart-completion/etag-is-made-of-the-parts"
    outcome = run_ablated(monkeypatch, tmp_path / "run", clause)
    (found,) = outcome.record.divergences
    assert (found.clause, found.confirmed.reproduced) == (clause, 3)
    operations = [step.operation for step in found.steps]
    assert operations == [
        "CreateBucket",
        "CreateMultipartUpload",
        "UploadPart",
        "CompleteMultipartUpload",
    ]
    assert "UPLOAD_ID_2" in found.reproduce.curl
    assert "seen['upload_id_2']" in found.reproduce.boto3
    assert '--upload-id "${UPLOAD_ID_2}"' in found.reproduce.awscli
    assert '--multipart-upload \'{"Parts"' in found.reproduce.awscli


def test_a_header_that_only_the_answer_to_a_creation_lacks_is_minor() -> None:
    session = Session(Changed("uploads", SSE), NoJournal(), CONTEXT.world(), Budget())
    session.begin("s")
    session.send(CreateBucket(bucket=BUCKET))
    begun(session, "aws:kms")
    (finding,) = session.steps[-1].findings
    assert finding.severity is Severity.CRITICAL
    minimal = Minimiser(session, "up-m").minimise(list(session.steps), finding)
    found = found_of(
        session, CONTEXT, minimal, steps=session.steps, finding=finding, prefix="up-look-"
    )
    assert found.severity == Severity.MINOR
