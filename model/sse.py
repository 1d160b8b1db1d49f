"""The encryption of a stored object, and how SSE-C key text is read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class SseAlgorithm(StrEnum):
    """The values of ``x-amz-server-side-encryption`` that general purpose buckets know."""

    AES256 = "AES256"
    AWS_KMS = "aws:kms"
    AWS_KMS_DSSE = "aws:kms:dsse"


@dataclass(frozen=True, slots=True)
class SseS3:
    """Encrypted with a key that S3 manages."""


@dataclass(frozen=True, slots=True)
class SseKms:
    """Encrypted under a KMS key; ``kms_key_id`` names it in ``World.keys``."""

    kms_key_id: str
    bucket_key_enabled: bool = False


@dataclass(frozen=True, slots=True)
class DsseKms:
    """Encrypted twice, under a KMS key; bucket keys do not apply."""

    kms_key_id: str


@dataclass(frozen=True, slots=True)
class SseC:
    """Encrypted with a key that the customer sends; ``customer_key_md5`` is base64 text."""

    customer_key_md5: str


@dataclass(frozen=True, slots=True)
class SseFsx:
    """Encrypted by the FSx file system that an access point leads to; no request changes how."""


@dataclass(frozen=True, slots=True)
class NotEncrypted:
    """Not encrypted at all, or with nothing to show for it: no AWS bucket does this since 2023."""


ObjectEncryption = SseS3 | SseKms | DsseKms | SseC | SseFsx | NotEncrypted

FSX_ALGORITHM = "aws:fsx"
"""The value of ``x-amz-server-side-encryption`` of what lies in an FSx file system."""
SHOWN_FOR_FSX = (FSX_ALGORITHM, "SSE_FSX")
"""What answers show for it: AWS's own pages disagree (FSX-006)."""

CUSTOMER_KEY_LENGTH = 32
CUSTOMER_ALGORITHM = "AES256"
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=]")
_GROUP = 4


@lru_cache(maxsize=512)
def decode_customer_key(text: str) -> bytes:
    """Return the bytes of a customer key header as S3 reads it.

    Characters outside the alphabet are skipped and only complete groups of four count, so odd text
    may give fewer bytes or none (recorded answers of AWS, March 2026; GP-SSEC-06, -10, -11).
    """
    kept = _NOT_BASE64.sub("", text)
    pad = kept.find("=")
    if pad >= 0:
        kept = kept[: pad + (-pad) % _GROUP]
    kept = kept[: len(kept) - len(kept) % _GROUP]
    try:
        return base64.b64decode(kept)
    except binascii.Error:  # padding where a group cannot have it, as in "A==="
        return base64.b64decode(kept[: kept.find("=") // _GROUP * _GROUP])


def is_canonical_base64(text: str) -> bool:
    """Tell whether the text is exactly what an encoder writes for the bytes that it holds."""
    try:
        return base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
    except (binascii.Error, ValueError):
        return False


def in_standard_alphabet(text: str) -> str:
    """Return base64 text of the URL-safe alphabet in the standard one."""
    return text.replace("-", "+").replace("_", "/")


@lru_cache(maxsize=512)
def md5_base64(data: bytes) -> str:
    """Return the MD5 digest of the data as base64 text."""
    return base64.b64encode(hashlib.md5(data).digest()).decode()


@lru_cache(maxsize=32)
def md5_hex(data: bytes) -> str:
    """Return the MD5 digest of the data as lower-case hexadecimal text."""
    return hashlib.md5(data).hexdigest()
