"""The few names and values that requests are built from, so that reads meet writes."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.sse import md5_base64

if TYPE_CHECKING:
    from model.clause import Capability

REGION_ELSEWHERE = "eu-south-2"
OTHER_ACCOUNT = "123412341234"
KEY_ID_ELSEWHERE = "7f0c1b52-9a34-4e0e-8f6d-1f2a3b4c5d6e"
"""The id of a key of another account."""
UNKNOWN_KEY_ID = "134f2428-cec1-4b25-a1ae-9048164dba47"


@dataclass(frozen=True, slots=True)
class CustomerKeyText:
    """An SSE-C key as the three headers carry it."""

    algorithm: str | None
    key: str | None
    key_md5: str | None


def customer_key(data: bytes) -> CustomerKeyText:
    """Return the headers' texts for a key of these bytes."""
    return CustomerKeyText("AES256", base64.b64encode(data).decode(), md5_base64(data))


CUSTOMER_KEYS = tuple(
    customer_key(hashlib.sha256(f"s3sse test key {n}".encode()).digest()) for n in range(3)
)
SHORT_KEYS = tuple(
    customer_key(hashlib.sha512(f"s3sse odd key {n}".encode()).digest()[:n])
    for n in (10, 31, 33, 1)
)

_OTHER_KEYS = tuple(customer_key(hashlib.sha256(f"{n}".encode()).digest()) for n in (3, 7, 8, 0))
URL_SAFE_KEYS = tuple(
    CustomerKeyText(
        key.algorithm,
        str(key.key).replace("+", "-").replace("/", "_"),
        str(key.key_md5).replace("+", "-").replace("/", "_"),
    )
    for key in _OTHER_KEYS
)
"""Customer keys in base64's URL-safe alphabet; the MD5 of the last is the same in both."""

KEYS_BY_MD5 = {key.key_md5: key for key in (*CUSTOMER_KEYS, *SHORT_KEYS, *_OTHER_KEYS)}

BODIES = (
    b"hello, world",
    b"",
    b"x",
    b"another body of the same length...",
    b"a body that tells of its own overwriting",
    bytes(range(256)) * 4,
)
LARGE_BODY = bytes(range(251)) * 280
LARGE_PART = b"m" * (5 * 1024 * 1024)
"""The smallest part that another may follow; one byte, so that scripts can say it shortly."""
OBJECT_KEYS = ("a", "b", "dir/c d+e\u00fc~")
ODD_KEYS = (OBJECT_KEYS[2], "folder/", "50%25 (a)&b=c;'*!")
"""Object keys that are to be escaped, or that look like something else than an object."""
CONTEXTS = ("eyJwcm9qZWN0IjoiczNzc2UifQ==", "eyJhIjoiMSIsImIiOiIyIn0=")
BAD_CONTEXTS = ("bm8ganNvbg==", "%%%", "WyJhIl0=", "eyJhIjp7ImIiOjF9fQ==")
METADATA = ((), (), (("color", "blue"),), (("color", "red"), ("shape", "round")))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyText:
    """A KMS key of the run: it exists, is enabled and stays so."""

    key_id: str
    arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Universe:
    """What one sequence may name.

    ``buckets`` are its own, ``missing_bucket`` is made by nobody. ``kms_keys`` exist for the whole
    run and are never disabled; ``capabilities`` are those that the target has. ``file_keys`` are
    object keys for the access point for FSx, where there may be files of other people.
    """

    buckets: tuple[str, ...]
    missing_bucket: str
    secure: bool
    region: str
    account: str | None
    kms_keys: tuple[KeyText, ...]
    capabilities: frozenset[Capability]
    object_keys: tuple[str, ...] = OBJECT_KEYS
    alias: str = ""
    directory_buckets: tuple[str, ...] = ()
    fsx_access_point: str | None = None
    file_keys: tuple[str, ...] = ()

    def has(self, capability: Capability) -> bool:
        """Tell whether the target has the capability."""
        return capability in self.capabilities

    @property
    def unknown_arn(self) -> str:
        """The ARN of a key that does not exist."""
        return f"arn:aws:kms:{self.region}:{self.account or '0' * 12}:key/{UNKNOWN_KEY_ID}"

    @property
    def foreign_arn(self) -> str:
        """The ARN of a key of another region."""
        key_id = self.kms_keys[0].key_id if self.kms_keys else UNKNOWN_KEY_ID
        return f"arn:aws:kms:{REGION_ELSEWHERE}:{self.account or '0' * 12}:key/{key_id}"

    @property
    def other_account_arn(self) -> str:
        """The ARN of a key of another account, which nobody let this one use."""
        account = OTHER_ACCOUNT if self.account != OTHER_ACCOUNT else "210987654321"
        return f"arn:aws:kms:{self.region}:{account}:key/{KEY_ID_ELSEWHERE}"
