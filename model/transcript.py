"""Whole transcripts: our JSON lines and HAR documents, read and written without opening a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from model.exchange import MARK, Exchange, exchange_of
from model.har_body import read_content
from model.transcript_context import FORMAT, TranscriptContext, UnreadableTranscriptError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from model.parameter_values import Json


def context_line(context: TranscriptContext) -> str:
    """Return the first line of a transcript, without its line break."""
    return json.dumps({MARK: context.to_json()})


def har_of(
    context: TranscriptContext, entries: Iterable[Mapping[str, Json]], *, creator: str = "s3sse"
) -> dict[str, Json]:
    """Return a whole HAR 1.2 document with these entries (as ``entry_of`` returns them)."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": creator, "version": str(FORMAT)},
            "entries": [_complete(entry) for entry in entries],
            MARK: context.to_json(),
        }
    }


def _complete(entry: Mapping[str, Json]) -> dict[str, Json]:
    """Return the entry with the members that HAR demands and that tell nothing new."""
    sent, received = entry["request"], entry["response"]
    if not isinstance(sent, dict) or not isinstance(received, dict):
        raise TypeError("an entry has a request and a response")
    usual: dict[str, Json] = {
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headersSize": -1,
        "bodySize": -1,
    }
    request: dict[str, Json] = {**usual, **sent}
    if isinstance(data := sent.get("postData"), dict):
        request["postData"] = {"mimeType": _mime_type(sent), **data}
    content = received.get("content")
    text: dict[str, Json] = content if isinstance(content, dict) else {}
    size = len(read_content(text).data)
    response: dict[str, Json] = {
        **usual,
        "statusText": "",
        "redirectURL": "",
        **received,
        "content": {"size": size, "mimeType": _mime_type(received), **text},
    }
    timings: dict[str, Json] = {"send": 0, "wait": entry.get("time", 0), "receive": 0}
    return {**entry, "request": request, "response": response, "cache": {}, "timings": timings}


def _mime_type(message: Mapping[str, Json]) -> str:
    headers = message.get("headers")
    for one in headers if isinstance(headers, list) else []:
        if isinstance(one, dict) and one.get("name") == "content-type":
            return str(one.get("value"))
    return "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript that was read; ``has_context`` is whether it told its context."""

    context: TranscriptContext
    exchanges: tuple[Exchange, ...]
    has_context: bool


def read_transcript(text: str) -> Transcript:
    """Return the transcript in our lines or in a HAR document; raises UnreadableTranscriptError."""
    text = text.removeprefix("\ufeff")
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise UnreadableTranscriptError(0, "the transcript is empty")
    try:
        first = _load(*lines[0])
    except UnreadableTranscriptError as error:
        if not text.lstrip().startswith("{"):
            raise
        return _read_har(_load_document(text, error))
    if isinstance(first, dict) and "log" in first:
        if len(lines) > 1:
            raise UnreadableTranscriptError(lines[1][0], "more text behind the HAR document")
        return _read_har(first)
    return _read_lines(lines, first)


def _read_lines(lines: list[tuple[int, str]], first: Json) -> Transcript:
    context = TranscriptContext()
    has_context = isinstance(first, dict) and MARK in first and "request" not in first
    if has_context and isinstance(first, dict):
        context = TranscriptContext.from_json(first[MARK], lines[0][0])
        lines = lines[1:]
    exchanges = tuple(exchange_of(_load(n, line), context, n) for n, line in lines)
    return Transcript(context, exchanges, has_context)


def _read_har(document: Json) -> Transcript:
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(log, dict) or not isinstance(entries, list):
        raise UnreadableTranscriptError(0, "this is no HAR document: log.entries is missing")
    context = TranscriptContext()
    if MARK in log:
        context = TranscriptContext.from_json(log[MARK], 0)
    exchanges = []
    for number, entry in enumerate(entries, 1):
        try:
            exchanges.append(exchange_of(entry, context))
        except UnreadableTranscriptError as error:
            raise UnreadableTranscriptError(0, f"entry {number}: {error.problem}") from None
    if not all(isinstance(entry, dict) and MARK in entry for entry in entries):
        exchanges = _in_wire_order(exchanges)
    return Transcript(context, tuple(exchanges), MARK in log)


def _in_wire_order(exchanges: list[Exchange]) -> list[Exchange]:
    """Return the exchanges by their start: other tools list them as they please."""
    try:
        times = [datetime.fromisoformat(e.started).timestamp() for e in exchanges]
    except (ValueError, OverflowError):
        return exchanges
    return [exchanges[i] for i in sorted(range(len(times)), key=times.__getitem__)]


def _load(number: int, line: str) -> Json:
    try:
        read: Json = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableTranscriptError(number, f"no JSON: {_one_line(error)}") from None
    return read


def _load_document(text: str, error: UnreadableTranscriptError) -> Json:
    try:
        document: Json = json.loads(text)
    except (ValueError, RecursionError):
        raise error from None
    return document


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
