"""The additional checksums of an object's data, as their headers carry them (GP-CKS-01)."""

from __future__ import annotations

import base64
import hashlib
import zlib
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from model.sse import is_canonical_base64

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LONGEST = 64 * 1024
"""Of longer data no checksum is worked out that Python does not bring along."""

_CRC32C = 0x82F63B78
_CRC64NVME = 0x9A6C9329AC4BC9B5


class Algorithm(NamedTuple):
    """A checksum algorithm: AWS's name for it, its header, the bytes of a checksum."""

    name: str
    header: str
    size: int
    digest: Callable[[bytes], bytes]
    is_native: bool

    @property
    def attribute(self) -> str:
        """The name of the field of a request that holds such a checksum."""
        return f"checksum_{self.name.lower()}"

    @property
    def element(self) -> str:
        """Its name in documents, and among boto3's parameters."""
        return f"Checksum{self.name}"


@cache
def _table(polynomial: int) -> tuple[int, ...]:
    """Return what each byte does to a reflected CRC."""
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        table.append(value)
    return tuple(table)


def _crc(data: bytes, polynomial: int, size: int) -> bytes:
    table = _table(polynomial)
    ones = (1 << 8 * size) - 1
    value = ones
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ value >> 8
    return (value ^ ones).to_bytes(size, "big")


def _algorithm(
    name: str, size: int, digest: Callable[[bytes], bytes], *, native: bool
) -> Algorithm:
    return Algorithm(name, f"x-amz-checksum-{name.lower()}", size, digest, native)


CRC64NVME = _algorithm("CRC64NVME", 8, lambda data: _crc(data, _CRC64NVME, 8), native=False)
"""What S3 works out where the client sends no checksum (GP-CKS-02)."""

ALGORITHMS = (
    _algorithm("CRC32", 4, lambda data: zlib.crc32(data).to_bytes(4, "big"), native=True),
    _algorithm("CRC32C", 4, lambda data: _crc(data, _CRC32C, 4), native=False),
    CRC64NVME,
    _algorithm("SHA1", 20, lambda data: hashlib.sha1(data).digest(), native=True),
    _algorithm("SHA256", 32, lambda data: hashlib.sha256(data).digest(), native=True),
)
BY_HEADER: Mapping[str, Algorithm] = MappingProxyType({a.header: a for a in ALGORITHMS})
BY_NAME: Mapping[str, Algorithm] = MappingProxyType({a.name: a for a in ALGORITHMS})
CHECKSUM_TYPE = "x-amz-checksum-type"
FULL_OBJECT = "FULL_OBJECT"
COMPOSITE = "COMPOSITE"
ENABLED = "ENABLED"
"""The value of ``x-amz-checksum-mode`` with which a read shows checksums."""


TYPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "CRC32": frozenset({COMPOSITE, FULL_OBJECT}),
        "CRC32C": frozenset({COMPOSITE, FULL_OBJECT}),
        "CRC64NVME": frozenset({FULL_OBJECT}),
        "SHA1": frozenset({COMPOSITE}),
        "SHA256": frozenset({COMPOSITE}),
    }
)
"""The checksum types that an upload in parts can have, by the name of its algorithm."""


@lru_cache(maxsize=512)
def checksum_of(data: bytes, algorithm: Algorithm) -> str | None:
    """Return the checksum as base64 text, None where the data is too long to work it out."""
    if len(data) > LONGEST and not algorithm.is_native:
        return None
    return base64.b64encode(algorithm.digest(data)).decode()


def checksums_of_parts(parts: Sequence[bytes], algorithm: Algorithm) -> tuple[str, ...]:
    """Return what a checksum of an object that was uploaded in parts can be.

    It is one of the whole, or the checksum of those of the parts with their number behind it, which
    not everybody shows. Nothing is returned where the data is too long to work it out.
    """
    data = b"".join(parts)
    whole = checksum_of(data, algorithm)
    if whole is None:
        return ()
    composite = checksum_of(b"".join(algorithm.digest(part) for part in parts), algorithm)
    return (whole, f"{composite}-{len(parts)}", str(composite))


def elements_of(checksums: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """Return checksums, which are by the names of their headers, as documents name them."""
    return tuple((BY_HEADER[name].element, value) for name, value in (checksums or {}).items())


def is_checksum(text: str, algorithm: Algorithm) -> bool:
    """Tell whether the text is what as many bytes as such a checksum has are in base64.

    Another text that can be read as those bytes is none: S3 calls it invalid (openstack/swift's
    test_object_checksums, which is run against AWS, too).
    """
    return is_canonical_base64(text) and len(base64.b64decode(text)) == algorithm.size
