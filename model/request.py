"""The kinds of request that clauses are written for, and where their fields stand on the wire.

A request holds what goes on the wire, not what is meant: each header is a field of its own,
optional, and able to hold any text. What a request means is derived here, by functions.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from typing import ClassVar, NamedTuple, cast

SSE = "x-amz-server-side-encryption"
KMS_KEY_ID = f"{SSE}-aws-kms-key-id"
CONTEXT = f"{SSE}-context"
BUCKET_KEY = f"{SSE}-bucket-key-enabled"
CUSTOMER_ALGORITHM = f"{SSE}-customer-algorithm"
CUSTOMER_KEY = f"{SSE}-customer-key"
CUSTOMER_KEY_MD5 = f"{SSE}-customer-key-md5"
SOURCE_ALGORITHM = "x-amz-copy-source-server-side-encryption-customer-algorithm"
SOURCE_KEY = "x-amz-copy-source-server-side-encryption-customer-key"
SOURCE_KEY_MD5 = "x-amz-copy-source-server-side-encryption-customer-key-md5"

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
    """Where a header field stands: attribute, header name, boto3 parameter."""

    attribute: str
    header: str
    parameter: str


_places: dict[type, tuple[Place, ...]] = {}


def header(name: str, parameter: str) -> str | None:
    """Declare a request field that stands in a header, and its boto3 parameter name."""
    return cast("str | None", field(default=None, metadata={"header": name, "param": parameter}))


def header_places(kind: type[Request]) -> tuple[Place, ...]:
    """Return the header fields of a request class, in the order of its definition."""
    found = _places.get(kind)
    if found is None:
        found = _places[kind] = tuple(
            Place(f.name, f.metadata["header"], f.metadata["param"])
            for f in fields(kind)
            if "header" in f.metadata
        )
    return found


class KeyRole(StrEnum):
    """What the SSE-C key of a request is for: the recorded checks differ by it."""

    WRITE = "write"
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


@dataclass(frozen=True, kw_only=True)
class Request:
    """Anything that can be sent. ``secure`` is whether it goes over TLS."""

    operation: ClassVar[str] = ""
    secure: bool = True


@dataclass(frozen=True, kw_only=True)
class BucketRequest(Request):
    """A request that names a bucket."""

    bucket: str


@dataclass(frozen=True, kw_only=True)
class BucketConfiguration(BucketRequest):
    """A request about a bucket's encryption configuration."""


@dataclass(frozen=True, kw_only=True)
class ObjectRequest(BucketRequest):
    """A request that names an object."""

    object_key: str


@dataclass(frozen=True, kw_only=True)
class WithEncryptionHeaders(ObjectRequest):
    """A request that can carry (rightly or not) every encryption header but the copy source's."""

    sse: str | None = header(SSE, "ServerSideEncryption")
    kms_key_id: str | None = header(KMS_KEY_ID, "SSEKMSKeyId")
    encryption_context: str | None = header(CONTEXT, "SSEKMSEncryptionContext")
    bucket_key_enabled: str | None = header(BUCKET_KEY, "BucketKeyEnabled")
    customer_algorithm: str | None = header(CUSTOMER_ALGORITHM, "SSECustomerAlgorithm")
    customer_key: str | None = header(CUSTOMER_KEY, "SSECustomerKey")
    customer_key_md5: str | None = header(CUSTOMER_KEY_MD5, "SSECustomerKeyMD5")

    @cached_property
    def own_key(self) -> CustomerKeyHeaders:
        """The SSE-C headers that speak of the object that the request names."""
        role = KeyRole.WRITE if isinstance(self, ObjectWrite) else KeyRole.READ
        return CustomerKeyHeaders(
            role, self.customer_algorithm, self.customer_key, self.customer_key_md5
        )

    @cached_property
    def key_groups(self) -> tuple[CustomerKeyHeaders, ...]:
        """The groups of SSE-C headers that were sent."""
        return (self.own_key,) if self.own_key.present else ()


@dataclass(frozen=True, kw_only=True)
class ObjectWrite(WithEncryptionHeaders):
    """A request that creates an object version."""


@dataclass(frozen=True, kw_only=True)
class ObjectRead(WithEncryptionHeaders):
    """A request that reads an object version, or its metadata."""


@dataclass(frozen=True, kw_only=True)
class KmsRequest(Request):
    """A request to the KMS API beside S3: it changes what the keys of the world can do."""


def uses_sse_c(request: WithEncryptionHeaders) -> bool:
    """Tell whether the request carries any SSE-C header of its own group."""
    return request.own_key.present


def names_no_encryption(request: WithEncryptionHeaders) -> bool:
    """Tell whether the request carries no encryption header at all (a copy source's aside)."""
    return (
        request.sse is None
        and request.kms_key_id is None
        and request.encryption_context is None
        and request.bucket_key_enabled is None
        and not uses_sse_c(request)
    )
