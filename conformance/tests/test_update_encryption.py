"""Whether a target knows UpdateObjectEncryption is tried: by its headers and by the data."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.ablation import open_session
from conformance.probe import make_keys
from conformance.tests.running import run_here, use
from conformance.tests.test_capabilities import refusal, run_through, supported
from conformance.verdict import is_spoilt
from model.clause import Capability
from model.messages import HttpResponse
from model.operations.create_bucket import CreateBucket
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_object import GetObject
from model.operations.put_object import PutObject
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.sse import md5_base64
from model.update_document import UpdateText, write_update
from targets.reference import ReferenceConnection, ReferenceTarget

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from model.messages import HttpRequest
    from targets.target import Connection

NAME = Capability.UPDATE_ENCRYPTION.value


def is_update(request: HttpRequest) -> bool:
    return request.path != "/" and ("encryption", "") in request.query


def test_the_reference_knows_it(tmp_path: Path) -> None:
    outcome = run_here(
        tmp_path / "run",
        target="reference",
        requests=800,
        seed=5,
        profile=("update-encryption",),
    )
    assert outcome.status == 0
    assert supported(outcome)[NAME] == "supported"
    assert outcome.status_of("updated-object/keeps-all-else") == "passed"
    asked = [c for c in outcome.record.clauses if c.profile == "update-encryption"]
    assert sum(c.status == "passed" for c in asked) > len(asked) // 2


@pytest.mark.parametrize(("status", "code"), [(501, "NotImplemented"), (400, "InvalidArgument")])
def test_a_target_that_refuses_it_cleanly_lacks_it(
    status: int, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(connection: Connection, request: HttpRequest) -> HttpResponse:
        return refusal(status, code) if is_update(request) else connection.send(request)

    outcome = run_through(monkeypatch, tmp_path / "run", refusing)
    assert supported(outcome)[NAME] == "unsupported"
    assert outcome.status == 0
    assert outcome.status_of("updated-object/keeps-all-else") == "unsupported"


def test_a_target_that_stores_the_document_as_the_object_lacks_it_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf(connection: Connection, request: HttpRequest) -> HttpResponse:
        return connection.send(replace(request, query=()) if is_update(request) else request)

    outcome = run_through(monkeypatch, tmp_path / "run", deaf)
    capability = outcome.record.target.capabilities[NAME]
    assert capability.status == "unsupported"
    assert "has replaced the object's data" in capability.detail
    assert outcome.record.divergences == ()
    assert outcome.status == 0
    assert any("replaced" in one.why for one in outcome.record.not_run)


def test_what_an_update_that_is_lacking_did_to_an_object_is_held_against_no_other_clause() -> None:
    lacking = frozenset({Capability.UPDATE_ENCRYPTION})
    session = open_session(requests=100)
    session.begin("s")
    key = make_keys(session, 1)[0]
    session.send(CreateBucket(bucket="s3sse-spoilt"))
    named: dict[str, Any] = {"bucket": "s3sse-spoilt", "object_key": "updated"}
    refused = session.send(UpdateObjectEncryption(**named, document=b"<ObjectEncryption>"))
    session.send(PutObject(**named, body=b"data"))
    read = GetObject(**named)
    assert refused.answer is not None
    assert not refused.answer.succeeded
    assert not is_spoilt(read, session.steps, lacking), "nothing was done to it"
    document = write_update(UpdateText(kms_key_arn=key.arn))
    session.send(
        UpdateObjectEncryption(**named, document=document, content_md5=md5_base64(document))
    )
    assert is_spoilt(read, session.steps, lacking)
    assert not is_spoilt(read, session.steps, frozenset({Capability.COPY}))
    assert not is_spoilt(replace(read, object_key="another"), session.steps, lacking)
    assert not is_spoilt(GetBucketEncryption(bucket="s3sse-spoilt"), session.steps, lacking)


def test_a_target_that_does_nothing_and_says_200_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def idle(connection: Connection, request: HttpRequest) -> HttpResponse:
        return HttpResponse(200) if is_update(request) else connection.send(request)

    outcome = run_through(monkeypatch, tmp_path / "run", idle)
    assert supported(outcome)[NAME] == "ignored-silently"
    assert outcome.status == 1
    # Perhaps beside another of the clauses that speak of what an update does.
    assert outcome.status_of("updated-object/object-becomes-sse-kms") == "failed"


def test_without_the_arn_of_a_key_it_is_not_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nameless(ReferenceTarget):
        """The reference, with a key that exists and shows no ARN."""

        @contextmanager
        def connect(self) -> Iterator[Connection]:
            with super().connect() as connection:
                assert isinstance(connection, ReferenceConnection)
                connection.endpoint = replace(connection.endpoint, kms_url=None)
                yield _WithoutArns(connection)

    use(monkeypatch, Nameless())
    outcome = run_here(tmp_path / "run", target="reference", requests=200, seed=5)
    capability = outcome.record.target.capabilities[NAME]
    assert (capability.status, capability.detail) == (
        "untested",
        "the ARN of no KMS key is known",
    )


class _WithoutArns:
    def __init__(self, connection: ReferenceConnection) -> None:
        self.connection = connection
        self.endpoint = connection.endpoint

    def send(self, request: HttpRequest) -> HttpResponse:
        answer = self.connection.send(request)
        left = tuple(p for p in answer.headers if not p[0].endswith("aws-kms-key-id"))
        return replace(answer, headers=left)
