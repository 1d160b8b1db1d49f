"""Just enough of S3 in a dictionary to test what stands around it. It encrypts nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from urllib.parse import unquote

from model.messages import HttpRequest, HttpResponse

XML = (("content-type", "application/xml"),)


def error(status: int, code: str) -> HttpResponse:
    return HttpResponse(status, XML, f"<Error><Code>{code}</Code></Error>".encode())


@dataclass
class ToyS3:
    """Buckets of objects. The last request is kept for a look at it.

    With ``knows_versions`` False, ``?versions`` and ``?uploads`` get a plain listing, as many small
    servers do; a page of a listing has ``page`` entries.
    """

    knows_versions: bool = False
    page: int = 1000
    buckets: dict[str, dict[str, HttpRequest]] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)
    last: HttpRequest | None = None

    def __call__(self, request: HttpRequest, secure: bool) -> HttpResponse:
        """Answer one request; TLS makes no difference."""
        del secure
        self.last = request
        if request.bucket == "raise":
            raise RuntimeError("a defect of the handler")
        if not request.bucket:
            names = "".join(f"<Bucket><Name>{name}</Name></Bucket>" for name in self.buckets)
            body = f"<ListAllMyBucketsResult><Buckets>{names}</Buckets></ListAllMyBucketsResult>"
            return HttpResponse(200, XML, body.encode())
        if request.path == "/":
            return self._on_bucket(request)
        return self._on_object(request, unquote(request.path[1:]))

    def _on_bucket(self, request: HttpRequest) -> HttpResponse:
        if request.method == "PUT":
            self.buckets.setdefault(request.bucket, {})
            return HttpResponse(200)
        if request.bucket not in self.buckets:
            return error(404, "NoSuchBucket")
        if request.method == "GET":
            return self._listing(request)
        if self.buckets[request.bucket]:
            return error(409, "BucketNotEmpty")
        del self.buckets[request.bucket]
        return HttpResponse(204)

    def _listing(self, request: HttpRequest) -> HttpResponse:
        query = dict(request.query)
        keys = sorted(self.buckets[request.bucket])
        after = [key for key in keys if key > query.get("marker", "")][: self.page]
        truncated = bool(after) and after[-1] != keys[-1]
        entries = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in after)
        body = (
            f"<ListBucketResult><IsTruncated>{str(truncated).lower()}</IsTruncated>{entries}"
            "</ListBucketResult>"
        )
        return HttpResponse(200, XML, body.encode())

    def _on_object(self, request: HttpRequest, object_key: str) -> HttpResponse:
        objects = self.buckets.get(request.bucket)
        if objects is None:
            return error(404, "NoSuchBucket")
        if request.method == "PUT":
            objects[object_key] = request
            etag = hashlib.md5(request.body, usedforsecurity=False).hexdigest()
            return HttpResponse(200, (("etag", f'"{etag}"'),))
        if request.method == "DELETE":
            if object_key in self.locked:
                return error(403, "AccessDenied")
            objects.pop(object_key, None)
            return HttpResponse(204)
        if object_key not in objects:
            return error(404, "NoSuchKey")
        stored = objects[object_key]
        kept = tuple(pair for pair in stored.headers if pair[0].startswith("x-amz-"))
        length = (("content-length", str(len(stored.body))),)
        return HttpResponse(200, (*kept, *length), stored.body)
