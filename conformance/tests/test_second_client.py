"""A run through boto3: the same verdict as through our own client, about what boto3 sent."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.keeper import BucketKeeper
from conformance.session import Budget, Session
from conformance.tests.running import entries, invoke, run_here, use
from model.operations.create_bucket import CreateBucket
from model.operations.head_object import HeadObject
from model.operations.put_object import PutObject
from model.sse import md5_base64
from model.stored import ObjectVersion
from model.world import World
from targets.options import TargetOptions
from targets.reference import make_reference
from targets.reference_http import ReferenceHttpTarget
from targets.target import Endpoint, NoAnswer, NotSent

if TYPE_CHECKING:
    from pathlib import Path

    from model.exchange import Exchange
    from model.messages import HttpRequest, HttpResponse

MANY_CLAUSES = 150
LEFT_OUT = frozenset({"etag/sse-c-is-not-the-md5", "sse-c-object/read-needs-the-key"})
KEY = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ123456"
MD5_HEADER = "x-amz-server-side-encryption-customer-key-md5"


@pytest.mark.server
@pytest.mark.agreement
def test_both_clients_find_that_the_reference_conforms(tmp_path: Path) -> None:
    options: dict[str, Any] = {"target": "reference-http", "requests": 500, "seed": 3}
    runs = [run_here(tmp_path / client, client=client, **options) for client in ("raw", "boto3")]
    raw, second = runs
    assert [one.status for one in runs] == [0, 0]
    assert any("made and signed by boto3" in note for note in second.record.notes)
    assert not any("boto3" in note for note in raw.record.notes)
    assert [one.record.options["client"] for one in runs] == ["raw", "boto3"]
    # What boto3 adds to a request is in its answer, too, so the two go their own ways.
    held = [{c.id for c in one.record.clauses if c.status == "passed"} for one in runs]
    assert min(map(len, held)) > MANY_CLAUSES
    assert not any(c.status == "failed" for one in runs for c in one.record.clauses)
    lacking = [{c.id for c in one.record.clauses if c.status == "unsupported"} for one in runs]
    assert lacking[0] == lacking[1]
    assert len(lacking[0]) == 1


@pytest.mark.server
def test_what_boto3_sent_stands_in_the_transcript_and_is_judged_again(tmp_path: Path) -> None:
    done = run_here(tmp_path / "run", target="reference-http", client="boto3", requests=300, seed=3)
    documents = [
        entry["request"]
        for entry in entries(done.folder)
        if entry["request"]["method"] == "PUT" and entry["request"]["url"].endswith("?encryption")
    ]
    names = [{header["name"] for header in one["headers"]} for one in documents]
    assert sum("x-amz-checksum-crc32" in one for one in names) > len(names) / 2
    every = {h["name"] for entry in entries(done.folder) for h in entry["request"]["headers"]}
    assert not every & {"authorization", "user-agent", "amz-sdk-invocation-id", "x-amz-date"}
    assert invoke("judge", done.folder / "transcript.jsonl").status == 0


@pytest.mark.server
@pytest.mark.agreement
def test_both_clients_find_the_same_defects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for client in ("raw", "boto3"):
        target = ReferenceHttpTarget(TargetOptions(client=client), without=LEFT_OUT)
        use(monkeypatch, target)
        done = run_here(
            tmp_path / client, target="reference-http", client=client, requests=800, seed=7
        )
        assert done.status == 1
        found.append((done.ids, done.clauses))
    assert found[0] == found[1]
    assert found[0][1] == LEFT_OUT


# What the session makes of a client that sends something else.


@dataclass
class Repairer:
    """A client that fills in the MD5 of a customer key, as SDKs do; ``fails`` is raised then."""

    fails: Exception | None = None
    endpoint: Endpoint = field(default_factory=lambda: Endpoint(url="https://h"))
    last_sent: HttpRequest | None = None

    def __post_init__(self) -> None:
        self.reference = make_reference()

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send the request, with the header that is missing."""
        self.last_sent = None
        keys = [value for name, value in request.headers if name.endswith("customer-key")]
        if keys:
            headers = (*request.headers, (MD5_HEADER, md5_base64(base64.b64decode(keys[0]))))
            request = self.last_sent = replace(request, headers=headers)
            if self.fails is not None:
                raise self.fails
        return self.reference.handle(request, secure=True)


@dataclass
class Written:
    """A journal in memory."""

    exchanges: list[Exchange] = field(default_factory=list)

    def write(self, exchange: Exchange) -> None:
        """Keep one exchange."""
        self.exchanges.append(exchange)


PUT = PutObject(
    bucket="s3sse-b",
    object_key="k",
    body=b"x",
    customer_algorithm="AES256",
    customer_key=base64.b64encode(KEY).decode(),
)


def session_through(client: Repairer) -> tuple[Session, Written]:
    written = Written()
    session = Session(BucketKeeper(client), written, World(), Budget())
    session.begin("s-1")
    session.send(CreateBucket(bucket="s3sse-b"))
    return session, written


def test_what_a_client_really_sent_is_written_down_and_judged() -> None:
    session, written = session_through(Repairer())
    step = session.send(PUT)
    assert step.answer is not None
    assert step.answer.succeeded
    assert step.findings == ()
    assert step.request == PUT
    for exchange in (step.exchange, written.exchanges[-1]):
        assert (MD5_HEADER, md5_base64(KEY)) in exchange.request.headers
    assert session.send(HeadObject(bucket="s3sse-b", object_key="k")).findings == ()


def test_what_was_sent_counts_where_no_answer_came() -> None:
    session, written = session_through(Repairer(NoAnswer("it broke off")))
    session.send(PUT)
    assert written.exchanges[-1].request.headers[-1][0] == MD5_HEADER
    # Without the MD5 that the client filled in, it could not have been stored.
    found = [world.object("s3sse-b", "k") for world in session.belief.worlds]
    assert any(isinstance(one, ObjectVersion) for one in found)


def test_nothing_changes_where_nothing_was_sent() -> None:
    session, _ = session_through(Repairer(NotSent("refused")))
    before = session.belief
    assert session.send(PUT).judgement.not_judged == "the request was not sent"
    assert session.belief == before
