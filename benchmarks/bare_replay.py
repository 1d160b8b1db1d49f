"""The requests of a transcript sent again with a bare http.client, and what that takes."""

from __future__ import annotations

import base64
import http.client
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from conformance.journal import read_lines
from model.sse import md5_base64
from targets.header_text import encode_value
from targets.moto import moto_server

REGION = "us-east-1"
_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-Za-z]{40,}")
"""What moto calls keys, versions and uploads."""
#: moto goes by it to find the service; it checks no signature.
_CONSTANT = {
    service: f"AWS4-HMAC-SHA256 Credential=s3sse/20260101/{REGION}/{service}/aws4_request,"
    " SignedHeaders=host, Signature=0"
    for service in ("s3", "kms")
}
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the wall, and of CPU in this process and in moto's."""

    wall: float
    own: float
    moto: float

    @property
    def cpu(self) -> float:
        """Seconds of CPU in both processes."""
        return self.own + self.moto


class Clock:
    """Measures from its making on."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._own = time.process_time()
        self._children = children_cpu()

    def read(self) -> Took:
        """Return what passed since."""
        return Took(
            time.perf_counter() - self._wall,
            time.process_time() - self._own,
            children_cpu() - self._children,
        )


def children_cpu() -> float:
    """Return the CPU seconds of this process's running children."""
    ticks = 0
    for listing in Path("/proc/self/task").glob("*/children"):
        for pid in listing.read_text(encoding="utf-8").split():
            with suppress(OSError):
                stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
                user, system = stat.rpartition(")")[2].split()[11:13]
                ticks += int(user) + int(system)
    return ticks / _TICKS


@dataclass(slots=True)
class Recorded:
    """One request of a transcript, ready to be sent again to any port, and its status.

    ``ids`` are keys' ids that it names and that moto made on the way. ``tells`` are the first
    answer's places (among all ids in it) at which such ids stand for the first time.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    service: str
    status: int
    ids: tuple[str, ...] = ()
    tells: tuple[tuple[int, str], ...] = ()

    def with_ids(self, ids: dict[str, str]) -> Recorded:
        """Return the request with the ids that this moto gave."""
        target, headers, body = self.target, self.headers, self.body
        for old in self.ids:
            new = ids.get(old, old)
            target = target.replace(old, new)
            headers = tuple((name, value.replace(old, new)) for name, value in headers)
            body = body.replace(old.encode(), new.encode())
        stated = ("content-md5", md5_base64(self.body))
        own = ("content-md5", md5_base64(body))
        headers = tuple(own if header == stated else header for header in headers)
        return replace(self, target=target, headers=headers, body=body)


def recorded(transcript: Path) -> list[Recorded]:
    """Return the requests of a transcript."""
    found: list[Recorded] = []
    answers: list[list[str]] = []
    for _, entry in read_lines(transcript):
        if "request" not in entry:
            continue
        request, response = entry["request"], entry["response"]
        url = urlsplit(request["url"])
        headers = tuple((h["name"], h["value"]) for h in request["headers"])
        sent = request.get("postData", {})
        text = sent.get("text", "")
        coded = sent.get("encoding") == "base64"
        kms = any(name == "x-amz-target" for name, _ in headers)
        found.append(
            Recorded(
                method=request["method"],
                target=(url.path or "/") + (f"?{url.query}" if url.query else ""),
                headers=headers,
                body=base64.b64decode(text) if coded else text.encode(),
                service="kms" if kms else "s3",
                status=response["status"],
                ids=tuple(dict.fromkeys(_ID.findall(f"{request['url']} {headers} {text}"))),
            )
        )
        shown = "".join(h["value"] + " " for h in response["headers"])
        answers.append(_ID.findall(shown + response["content"]["text"]))
    _note_ids(found, answers)
    return found


def _note_ids(requests: list[Recorded], answers: list[list[str]]) -> None:
    """Keep only the ids that an answer told, and note which answer was the first to do so."""
    named = {one for request in requests for one in request.ids}
    told: set[str] = set()
    for request, shown in zip(requests, answers, strict=True):
        request.ids = tuple(one for one in request.ids if one in told)
        tells = []
        for place, one in enumerate(shown):
            if one in named and one not in told:
                told.add(one)
                tells.append((place, one))
        request.tells = tuple(tells)


class BareClient:
    """http.client, and nothing around it but signing."""

    def __init__(self, url: str, *, sign: bool) -> None:
        parts = urlsplit(url)
        self._url = url
        self._host = parts.netloc
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        credentials = Credentials("s3sse", "s3sse-local-only")
        self._signers = {
            "s3": S3SigV4Auth(credentials, "s3", REGION),
            "kms": SigV4Auth(credentials, "kms", REGION),
        }
        self._sign = sign
        self._ids: dict[str, str] = {}
        self.connected = 0

    def send(self, request: Recorded) -> int:
        """Send one request, read the answer, and return its status."""
        if request.ids:
            request = request.with_ids(self._ids)
        headers = [("host", self._host), *request.headers]
        if self._sign:
            headers = self._signed(request, headers)
        else:
            headers.append(("authorization", _CONSTANT[request.service]))
        if request.body or request.method in {"PUT", "POST"}:
            headers.append(("content-length", str(len(request.body))))
        connection = self._connection
        for last in (False, True):
            self.connected += connection.sock is None
            try:
                connection.putrequest(
                    request.method, request.target, skip_host=True, skip_accept_encoding=True
                )
                for name, value in headers:
                    connection.putheader(name, encode_value(value))
                connection.endheaders(request.body or None)
                answer = connection.getresponse()
                body = answer.read()
            except (ConnectionError, http.client.BadStatusLine):
                connection.close()
                if last:
                    raise
            else:
                if request.tells:
                    self._learn(request, answer, body)
                return answer.status
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _learn(self, request: Recorded, answer: http.client.HTTPResponse, body: bytes) -> None:
        shown = "".join(value + " " for _, value in answer.getheaders())
        ids = _ID.findall(shown + body.decode(errors="replace"))
        self._ids.update({old: ids[place] for place, old in request.tells if place < len(ids)})

    def _signed(self, request: Recorded, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        signed = AWSRequest(request.method, self._url + request.target, data=request.body)
        for name, value in headers:
            signed.headers[name] = value
        self._signers[request.service].add_auth(signed)
        return list(signed.headers.items())


@dataclass(frozen=True, slots=True)
class Replayed:
    """A replay: what it took, how many answers had another status, how often it connected."""

    took: Took
    other: int
    connected: int


def replay(requests: list[Recorded], *, sign: bool) -> Replayed:
    """Send the requests to a fresh moto."""
    with moto_server() as url:
        client = BareClient(url, sign=sign)
        clock = Clock()
        statuses = [client.send(request) for request in requests]
        took = clock.read()
        client.close()
    other = sum(
        status != request.status for status, request in zip(statuses, requests, strict=True)
    )
    return Replayed(took, other, client.connected)
