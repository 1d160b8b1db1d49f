"""What is given to a journal is on disk soon, and whole at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.ablation import PREFIX, open_session
from conformance.journal import JournalWriter, load_transcript, merge
from model.exchange import Exchange
from model.messages import HttpRequest, HttpResponse
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.create_bucket import CreateBucket
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.list_parts import ListParts
from model.transcript_context import TranscriptContext
from targets.reference import ReferenceConnection

if TYPE_CHECKING:
    from pathlib import Path

CONTEXT = TranscriptContext(endpoint="https://s3.invalid")
MOST_UNWRITTEN = 15


def an_exchange(step: int) -> Exchange:
    return Exchange(request=HttpRequest("GET"), response=HttpResponse(200), step=step)


def steps_on_disk(path: Path) -> list[int]:
    return [one.step for one in load_transcript(path)[1]]


def test_a_worker_that_is_killed_loses_no_more_than_a_few(tmp_path: Path) -> None:
    path = tmp_path / "part.jsonl"
    with JournalWriter(path, CONTEXT) as journal:
        for step in range(100):
            journal.write(an_exchange(step))
            if step % 3 == 0:
                journal.catch_up()
            on_disk = max(1, path.read_bytes().count(b"\n")) - 1
            assert step + 1 - on_disk <= MOST_UNWRITTEN
        assert len(steps_on_disk(path)) < 100
    assert steps_on_disk(path) == list(range(100))


class Interrupting(JournalWriter):
    """Is interrupted behind the first line that it writes."""

    interrupted = False

    def catch_up(self) -> None:
        """Write a line, and break off before it is known to be written."""
        if not self.interrupted:
            self.interrupted = True
            held = list(self._queue)
            super().catch_up()
            self._queue = held
            raise KeyboardInterrupt
        super().catch_up()


def test_what_was_written_twice_is_told_once(tmp_path: Path) -> None:
    part, whole = tmp_path / "part.jsonl", tmp_path / "transcript.jsonl"
    with Interrupting(part, CONTEXT) as journal:
        journal.write(an_exchange(0))
        with pytest.raises(KeyboardInterrupt):
            journal.catch_up()
        journal.write(an_exchange(1))
    assert steps_on_disk(part) == [0, 0, 1]
    merge([part], whole)
    assert steps_on_disk(whole) == [0, 1]


class Interrupted:
    """A connection on which the first AbortMultipartUpload is done, and then broken off."""

    def __init__(self, connection: ReferenceConnection) -> None:
        self._connection = connection
        self.endpoint = connection.endpoint
        self.broken = False

    def send(self, request: HttpRequest) -> HttpResponse:
        """Answer, but for once."""
        answer = self._connection.send(request)
        if request.method == "DELETE" and "uploadId" in dict(request.query) and not self.broken:
            self.broken = True
            raise KeyboardInterrupt
        return answer

    def close(self) -> None:
        """Nothing is open."""


def test_what_was_broken_off_may_be_done_and_the_server_is_not_blamed(tmp_path: Path) -> None:
    session = open_session(requests=100)
    assert isinstance(session.connection, ReferenceConnection)
    path = tmp_path / "part.jsonl"
    with JournalWriter(path, CONTEXT) as journal:
        session.connection, session.journal = Interrupted(session.connection), journal
        session.begin("s-1")
        session.send(CreateBucket(bucket=f"{PREFIX}a"))
        begun = session.send(CreateMultipartUpload(bucket=f"{PREFIX}a", object_key="k"))
        upload_id = (begun.answer.text(UPLOAD_ID) if begun.answer else None) or ""
        named: dict[str, Any] = {"bucket": f"{PREFIX}a", "object_key": "k", "upload_id": upload_id}
        with pytest.raises(KeyboardInterrupt):
            session.send(AbortMultipartUpload(**named))
        after = session.send(ListParts(**named))
    assert after.answer is not None
    assert after.answer.error_code == "NoSuchUpload"
    assert after.findings == ()
    _, exchanges = load_transcript(path)
    assert [one.response is None for one in exchanges] == [False, False, True, False]
    assert [one.step for one in exchanges] == [0, 1, 2, 3]
