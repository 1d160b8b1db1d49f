"""What is given to a journal is on disk soon, and whole at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.journal import JournalWriter, load_transcript
from model.exchange import Exchange
from model.messages import HttpRequest, HttpResponse
from model.transcript_context import TranscriptContext

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
