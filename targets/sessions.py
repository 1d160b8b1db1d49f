"""The sessions of directory buckets: what CreateSession gave, and which requests it signs."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from model.addressing import is_directory_bucket
from model.signed_query import SESSION_TOKEN
from targets.credentials import Credentials
from targets.probing import child_text, local_name, parse_xml

if TYPE_CHECKING:
    from model.messages import HttpRequest, HttpResponse

#: A session lasts five minutes; older ones than these are hardly used any more.
LIMIT = 256
_OK = 200


class Sessions:
    """The credentials of the latest sessions that one client created, by their tokens."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._credentials: OrderedDict[str, Credentials] = OrderedDict()

    def learn(self, request: HttpRequest, answer: HttpResponse) -> None:
        """Remember the credentials in an answer to CreateSession; any other changes nothing."""
        if not is_directory_bucket(request.bucket) or answer.status != _OK:
            return
        if request.method != "GET" or all(name != "session" for name, _ in request.query):
            return
        found = _credentials(answer.body)
        if found is None or found.token is None:
            return
        self._credentials[found.token] = found
        self._credentials.move_to_end(found.token)
        if len(self._credentials) > self._limit:
            self._credentials.popitem(last=False)

    def of(self, request: HttpRequest) -> Credentials | None:
        """Return the credentials of the session whose token a request carries, if it is known."""
        if not is_directory_bucket(request.bucket):
            return None
        for name, value in request.headers:
            if name == SESSION_TOKEN:
                return self._credentials.get(value)
        return None


def _credentials(body: bytes) -> Credentials | None:
    root = parse_xml(body)
    for element in () if root is None else root:
        if local_name(element) == "Credentials":
            access_key = child_text(element, "AccessKeyId")
            secret_key = child_text(element, "SecretAccessKey")
            token = child_text(element, "SessionToken")
            if access_key and secret_key and token:
                return Credentials(access_key, secret_key, token)
    return None
