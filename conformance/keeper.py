"""Which buckets a run has made and not seen deleted, whether or not the target lists buckets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from targets.target import NoAnswer, last_sent, while_waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.messages import HttpRequest, HttpResponse
    from targets.target import Connection, Endpoint

_CLIENT_ERROR = 400
_SERVER_ERROR = 500
_NOT_FOUND = 404


@dataclass(slots=True)
class BucketKeeper:
    """A connection that keeps in mind which buckets may still be there."""

    connection: Connection
    buckets: dict[str, None] = field(default_factory=dict)

    @property
    def endpoint(self) -> Endpoint:
        """What the connection leads to."""
        return self.connection.endpoint

    @property
    def last_sent(self) -> HttpRequest | None:
        """What went out for the request given last, where that is another."""
        return last_sent(self.connection)

    @property
    def meanwhile(self) -> Callable[[], None] | None:
        """What is done while the next request is under way."""
        found: Callable[[], None] | None = getattr(self.connection, "meanwhile", None)
        return found

    @meanwhile.setter
    def meanwhile(self, work: Callable[[], None]) -> None:
        while_waiting(self.connection, work)

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send one request, once. Raises NotSent and NoAnswer."""
        if request.path != "/" or request.query or request.method not in {"PUT", "DELETE"}:
            return self.connection.send(request)
        try:
            answer = self.connection.send(request)
        except NoAnswer:
            self._note(request, _SERVER_ERROR)
            raise
        self._note(request, answer.status)
        return answer

    def _note(self, request: HttpRequest, status: int) -> None:
        """Draw the conclusion; a server's failure may have made a bucket, and removed none."""
        if request.method == "PUT" and not _CLIENT_ERROR <= status < _SERVER_ERROR:
            self.buckets[request.bucket] = None
        elif request.method == "DELETE" and (status < _CLIENT_ERROR or status == _NOT_FOUND):
            self.buckets.pop(request.bucket, None)
