"""Transcripts to and from disk: JSON Lines, appended as it happens; HAR 1.2 for other tools.

Neither is ever whole in memory while a run writes or judges its own. What is redacted is redacted
where entries are made (``model.exchange``).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from model.exchange import MARK, Exchange, entry_of, exchange_of
from model.transcript import context_line, har_of, read_transcript
from model.transcript_context import TranscriptContext, UnreadableTranscriptError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

_FLUSH_EVERY = 16
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


class JournalWriter:
    """Appends exchanges to a transcript file. Raises OSError when the file cannot be written."""

    def __init__(self, path: Path, context: TranscriptContext) -> None:
        self.path = path
        self.context = context
        self._file = path.open("w", encoding="utf-8")
        self._file.write(context_line(context) + "\n")
        self._queue: list[Exchange] = []
        self._pending = 0

    def write(self, exchange: Exchange) -> None:
        """Append one exchange; it is on disk a few exchanges later, or when the file is closed."""
        self._queue.append(exchange)
        if self._pending + len(self._queue) >= _FLUSH_EVERY:
            self.catch_up()
            self._file.flush()
            self._pending = 0

    def catch_up(self) -> None:
        """Put what was given so far into words: where there is time for that, and at the end."""
        while self._queue:
            self._file.write(_ENCODE(entry_of(self._queue[0], self.context)) + "\n")
            del self._queue[0]
            self._pending += 1

    def close(self) -> None:
        """Write what is pending, and close the file."""
        try:
            self.catch_up()
        finally:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the JSON objects of a JSON Lines file, each with its line number from 1.

    Raises UnreadableTranscriptError for a line that is none, and OSError.
    """
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                read = json.loads(line)
            except ValueError as error:
                raise UnreadableTranscriptError(number, f"is no JSON: {error}") from error
            if not isinstance(read, dict):
                raise UnreadableTranscriptError(number, "is no JSON object")
            yield number, read


def stream_transcript(path: Path) -> tuple[TranscriptContext, Iterator[Exchange]]:
    """Return the context of one of our own transcripts, and its exchanges one after the other.

    Raises UnreadableTranscriptError and OSError, for a later line when that is reached.
    """
    lines = read_lines(path)
    number, first = next(lines, (1, {}))
    if MARK not in first or "request" in first:
        raise UnreadableTranscriptError(number, "is no context line of a transcript")
    context = TranscriptContext.from_json(first[MARK], number)
    return context, (exchange_of(entry, context, line) for line, entry in lines)


def load_transcript(path: Path) -> tuple[TranscriptContext, tuple[Exchange, ...]]:
    """Return any transcript or HAR file, whole. Raises UnreadableTranscriptError and OSError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableTranscriptError(0, f"is no UTF-8 text: {error}") from error
    read = read_transcript(text)
    return read.context, read.exchanges


def merge(parts: list[Path], transcript: Path) -> None:
    """Write the workers' transcripts as one: the first one's context, then all their exchanges.

    Where each worker started a server of its own their addresses differ, and the context names one:
    the others' exchanges are told under that. What an interrupted worker wrote twice is told once.
    """
    place, before = "", ""
    with transcript.open("w", encoding="utf-8") as out:
        for index, part in enumerate(parts):
            with part.open(encoding="utf-8") as file:
                head = next(file, "")
                own = _place(head)
                if index == 0:
                    place = own
                    out.write(head)
                for line in file:
                    # A line that was cut off is no evidence.
                    if line.endswith("\n") and line != before:
                        out.write(_told_under(line, own, place))
                    before = line


def _place(head: str) -> str:
    """Return the host and port that the context on a transcript's first line names."""
    try:
        endpoint = json.loads(head)[MARK]["endpoint"]
    except (ValueError, KeyError, TypeError):
        return ""
    return urlsplit(str(endpoint)).netloc


def _told_under(line: str, own: str, place: str) -> str:
    """Return an exchange with another host and port in its URL."""
    if own in ("", place):
        return line
    before, name, rest = line.partition('"url":"')
    url, quote, after = rest.partition('"')
    return f"{before}{name}{url.replace(own, place, 1)}{quote}{after}"


def write_har(transcript: Path, har: Path) -> None:
    """Write a transcript as HAR 1.2, entry by entry."""
    lines = read_lines(transcript)
    _, first = next(lines, (1, {}))
    context = TranscriptContext.from_json(first.get(MARK))
    frame = json.dumps(har_of(context, []), separators=(",", ":"))
    head, empty, tail = frame.partition('"entries":[]')
    with har.open("w", encoding="utf-8") as out:
        out.write(head + empty[:-1])
        separator = "\n"
        for _, entry in lines:
            document = har_of(context, [entry])["log"]
            entries = document.get("entries") if isinstance(document, dict) else None
            for whole in entries if isinstance(entries, list) else []:
                out.write(separator + json.dumps(whole, separators=(",", ":")))
                separator = ",\n"
        out.write("\n]" + tail)
