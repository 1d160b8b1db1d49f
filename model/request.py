"""The kinds of request that clauses are written for, and where their fields stand on the wire.

A request holds what goes on the wire, not what is meant: each header is a field of its own,
optional, and able to hold any text. What a request means is derived here, by functions.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast
from urllib.parse import unquote

from model.bucket_kind import BucketKind, bucket_kind
from model.messages import Auth

if TYPE_CHECKING:
    from model.messages import Pairs

SSE = "x-amz-server-side-encryption"
KMS_KEY_ID = f"{SSE}-aws-kms-key-id"
CONTEXT = f"{SSE}-context"
BUCKET_KEY = f"{SSE}-bucket-key-enabled"
CUSTOMER_ALGORITHM = f"{SSE}-customer-algorithm"
CUSTOMER_KEY = f"{SSE}-customer-key"
CUSTOMER_KEY_MD5 = f"{SSE}-customer-key-md5"
SESSION_TOKEN_HEADER = "x-amz-s3session-token"  # noqa: S105 - the name of a header
SOURCE_ALGORITHM = "x-amz-copy-source-server-side-encryption-customer-algorithm"
SOURCE_KEY = "x-amz-copy-source-server-side-encryption-customer-key"
SOURCE_KEY_MD5 = "x-amz-copy-source-server-side-encryption-customer-key-md5"
EXPECTED_OWNER = "x-amz-expected-bucket-owner"
EXPECTED_SOURCE_OWNER = "x-amz-source-expected-bucket-owner"

ENCRYPTION_HEADERS = (
    SSE,
    KMS_KEY_ID,
    BUCKET_KEY,
    CONTEXT,
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_MD5,
    CUSTOMER_KEY,
)
"""The response headers that show an object's encryption (the last one must never appear)."""


class Place(NamedTuple):
    """Where a field stands on the wire: attribute, name of header or query, boto3 parameter.

    ``samples`` are values that are worth asking with.
    """

    attribute: str
    name: str
    parameter: str
    samples: tuple[str, ...] = ()


_places: dict[tuple[type, str], tuple[Place, ...]] = {}


def header(name: str, parameter: str, *samples: str) -> str | None:
    """Declare a request field that stands in a header, and its boto3 parameter name.

    ``samples`` are values that requests are drawn with.
    """
    return _declared("header", name, parameter, samples)


def query(name: str, parameter: str, *samples: str) -> str | None:
    """Declare a request field that stands in the query, and its boto3 parameter name."""
    return _declared("query", name, parameter, samples)


def _declared(where: str, name: str, parameter: str, samples: tuple[str, ...]) -> str | None:
    metadata = {where: name, "param": parameter, "samples": samples}
    return cast("str | None", field(default=None, metadata=metadata))


def header_places(kind: type[Request]) -> tuple[Place, ...]:
    """Return the header fields of a request class, in the order of its definition."""
    return _places_of(kind, "header")


def query_places(kind: type[Request]) -> tuple[Place, ...]:
    """Return the query fields of a request class, in the order of its definition."""
    return _places_of(kind, "query")


def text_places(kind: type[Request]) -> tuple[Place, ...]:
    """Return all fields of a request class that hold one text of the wire."""
    return (*header_places(kind), *query_places(kind))


def _places_of(kind: type[Request], where: str) -> tuple[Place, ...]:
    found = _places.get((kind, where))
    if found is None:
        found = _places[kind, where] = tuple(
            Place(f.name, f.metadata[where], f.metadata["param"], f.metadata["samples"])
            for f in fields(kind)
            if where in f.metadata
        )
    return found


def sent(request: Request, places: tuple[Place, ...]) -> Pairs:
    """Return the names and values of those fields of a request that are there."""
    return tuple(
        (place.name, value)
        for place in places
        if (value := getattr(request, place.attribute)) is not None
    )


class KeyRole(StrEnum):
    """What the SSE-C key of a request is for: the recorded checks differ by it."""

    WRITE = "write"
    PART = "part"
    COMPLETION = "completion"
    READ = "read"
    COPY_SOURCE = "copy source"


class CustomerKeyHeaders(NamedTuple):
    """One group of SSE-C headers of a request, as sent."""

    role: KeyRole
    algorithm: str | None
    key: str | None
    key_md5: str | None

    @property
    def present(self) -> bool:
        """Whether any of the three headers was sent; an empty header counts."""
        return not (self.algorithm is None and self.key is None and self.key_md5 is None)


_NOTHING_NAMED = (None, None, None, None)


@dataclass(frozen=True, kw_only=True)
class Request:
    """Anything that can be sent. ``secure`` is whether it goes over TLS."""

    operation: ClassVar[str] = ""
    is_form: ClassVar[bool] = False
    """Whether its fields stand in a form in the body, the object key too, and not in headers."""

    decides_encryption: ClassVar[bool] = False
    """Whether a success decides how something is encrypted, so that clauses say how."""
    secure: bool = True
    auth: Auth = Auth.HEADER

    @property
    def bucket_kind(self) -> BucketKind:
        """The kind of the bucket that the request names; the usual one where it names none."""
        return BucketKind.GENERAL_PURPOSE


@dataclass(frozen=True, kw_only=True)
class BucketRequest(Request):
    """A request that names a bucket."""

    bucket: str

    @property
    def bucket_kind(self) -> BucketKind:
        """The kind of the bucket that the request names."""
        return bucket_kind(self.bucket)


@dataclass(frozen=True, kw_only=True)
class BucketConfiguration(BucketRequest):
    """A request about a bucket's configuration: its default encryption, its versioning."""

    expected_bucket_owner: str | None = header(EXPECTED_OWNER, "ExpectedBucketOwner")


@dataclass(frozen=True, kw_only=True)
class ObjectRequest(BucketRequest):
    """A request that names an object.

    ``session_token`` is that of the session of a directory bucket within which it is sent.
    """

    object_key: str
    expected_bucket_owner: str | None = header(EXPECTED_OWNER, "ExpectedBucketOwner")
    session_token: str | None = header(SESSION_TOKEN_HEADER, "_session")


@dataclass(frozen=True, kw_only=True)
class WithEncryptionHeaders(ObjectRequest):
    """A request that can carry (rightly or not) every encryption header but the copy source's."""

    key_role: ClassVar[KeyRole] = KeyRole.READ

    sse: str | None = header(SSE, "ServerSideEncryption")
    kms_key_id: str | None = header(KMS_KEY_ID, "SSEKMSKeyId")
    encryption_context: str | None = header(CONTEXT, "SSEKMSEncryptionContext")
    bucket_key_enabled: str | None = header(BUCKET_KEY, "BucketKeyEnabled")
    customer_algorithm: str | None = header(CUSTOMER_ALGORITHM, "SSECustomerAlgorithm")
    customer_key: str | None = header(CUSTOMER_KEY, "SSECustomerKey")
    customer_key_md5: str | None = header(CUSTOMER_KEY_MD5, "SSECustomerKeyMD5")

    @property
    def names_in_headers(self) -> bool:
        """Whether any encryption header was sent (a copy source's aside)."""
        named = (self.sse, self.kms_key_id, self.encryption_context, self.bucket_key_enabled)
        return named != _NOTHING_NAMED or self.own_key.present

    @property
    def names_in_query(self) -> bool:
        """Whether the query of a presigned request names an encryption."""
        return False

    @cached_property
    def own_key(self) -> CustomerKeyHeaders:
        """The SSE-C headers that speak of the object that the request names."""
        return CustomerKeyHeaders(
            self.key_role, self.customer_algorithm, self.customer_key, self.customer_key_md5
        )

    @cached_property
    def key_groups(self) -> tuple[CustomerKeyHeaders, ...]:
        """The groups of SSE-C headers that were sent and that S3 looks at."""
        return (self.own_key,) if self.own_key.present else ()


@dataclass(frozen=True, kw_only=True)
class ObjectWrite(WithEncryptionHeaders):
    """A request that decides how an object is encrypted, at once or at the end of an upload."""

    decides_encryption: ClassVar[bool] = True
    key_role: ClassVar[KeyRole] = KeyRole.WRITE


@dataclass(frozen=True, kw_only=True)
class ObjectCreation(ObjectWrite):
    """A request that creates an object version at once."""


@dataclass(frozen=True, kw_only=True)
class WithCopySource(WithEncryptionHeaders):
    """A request that reads another object's data."""

    copy_source: str | None = header("x-amz-copy-source", "CopySource")
    source_customer_algorithm: str | None = header(
        SOURCE_ALGORITHM, "CopySourceSSECustomerAlgorithm"
    )
    source_customer_key: str | None = header(SOURCE_KEY, "CopySourceSSECustomerKey")
    source_customer_key_md5: str | None = header(SOURCE_KEY_MD5, "CopySourceSSECustomerKeyMD5")
    expected_source_owner: str | None = header(EXPECTED_SOURCE_OWNER, "ExpectedSourceBucketOwner")
    source_if_match: str | None = header("x-amz-copy-source-if-match", "CopySourceIfMatch")
    source_if_none_match: str | None = header(
        "x-amz-copy-source-if-none-match", "CopySourceIfNoneMatch"
    )

    @cached_property
    def source(self) -> CopySource | None:
        """The source that the header names, or None when it names none."""
        return parse_copy_source(self.copy_source or "")

    @cached_property
    def key_groups(self) -> tuple[CustomerKeyHeaders, ...]:
        """The groups of SSE-C headers that were sent, the source's first."""
        groups = (self.source_key_headers, self.own_key)
        return tuple(group for group in groups if group.present)

    @cached_property
    def source_key_headers(self) -> CustomerKeyHeaders:
        """The SSE-C headers that speak of the source."""
        return CustomerKeyHeaders(
            KeyRole.COPY_SOURCE,
            self.source_customer_algorithm,
            self.source_customer_key,
            self.source_customer_key_md5,
        )


class CopySource(NamedTuple):
    """The object version that a copy reads; ``version_id`` is None for the current one."""

    bucket: str
    object_key: str
    version_id: str | None = None


def parse_copy_source(text: str) -> CopySource | None:
    """Return the object that a copy source header names, or None when it is malformed."""
    path, _, asked = text.partition("?")
    bucket, _, object_key = unquote(path).removeprefix("/").partition("/")
    if not bucket or not object_key:
        return None
    name, _, version_id = asked.partition("=")
    return CopySource(bucket, object_key, unquote(version_id) if name == "versionId" else None)


@dataclass(frozen=True, kw_only=True)
class ObjectRead(WithEncryptionHeaders):
    """A request that reads an object version, or its metadata."""

    version_id: str | None = query("versionId", "VersionId")


@dataclass(frozen=True, kw_only=True)
class UploadRequest(ObjectRequest):
    """A request that names a multipart upload."""

    upload_id: str | None = query("uploadId", "UploadId")


@dataclass(frozen=True, kw_only=True)
class PartOfUpload(UploadRequest, WithEncryptionHeaders):
    """A request that goes on with an upload: its encryption was decided at the start."""


@dataclass(frozen=True, kw_only=True)
class PartUpload(PartOfUpload):
    """A request that adds a part to an upload."""

    key_role: ClassVar[KeyRole] = KeyRole.PART

    part_number: str | None = query("partNumber", "PartNumber")


@dataclass(frozen=True, kw_only=True)
class KmsRequest(Request):
    """A request to the KMS API beside S3: it changes what the keys of the world can do."""


def uses_sse_c(request: WithEncryptionHeaders) -> bool:
    """Tell whether the request carries any SSE-C header of its own group."""
    return request.own_key.present


def names_no_encryption(request: WithEncryptionHeaders) -> bool:
    """Tell whether the request names no encryption at all (a copy source's aside)."""
    return not request.names_in_headers and not request.names_in_query
