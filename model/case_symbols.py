"""The values behind the ``$names`` of observation cases, made up where a case leaves them open."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from model.sse import md5_base64
from model.world import MANAGED_KEY, KmsKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.parameter_values import Json

REGION = "us-east-1"
ACCOUNT = "111122223333"
MISSING = "bucket-missing"

NAMED_VALUES: Mapping[str, str] = MappingProxyType(
    {
        "$ssec_key1": "MTIzNDU2Nzg5MGFiY2RlZjEyMzQ1Njc4OTBhYmNkZWY=",
        "$ssec_key1.md5": "JMwgiexXqwuPqIPjYFmIZQ==",
        "$ssec_key1.raw_utf8": "1234567890abcdef1234567890abcdef",
        "$ssec_key2": "YWJjZGVmMTIzNDU2Nzg5MGFiY2RlZjEyMzQ1Njc4OTA=",
        "$ssec_key2.md5": "KoitZ78ZSAQHz4+gxDpJqQ==",
        "$ssec_key2.raw_utf8": "abcdef1234567890abcdef1234567890",
        "$ssec_key_10bytes": "MTIzNDU2Nzg5MA==",
        "$ssec_key_10bytes.md5": "6Afx/PgtEy+bsBjKZzihnw==",
        "$ssec_key_10bytes.raw_utf8": "1234567890",
        "$ssec_key1.b64b64": "TVRJek5EVTJOemc1TUdGaVkyUmxaakV5TXpRMU5qYzRPVEJoWW1Oa1pXWT0=",
        "$ssec_key1.b64b64_md5": "vSxFCLoaKaicDC136YAwYQ==",
        "$ssec_key1.md5_corrupted": "aMwgiexXqwuPqIPjYFmIZQ==",
        "$ssec_keyA": "pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=",
        "$ssec_keyA.md5": "DWygnHRtgiJ77HCm+1rvHw==",
        "$ssec_keyB": "6b+WOZ1T3cqZMxgThRcXAQBrS5mXKdDUphvpxptl9/4=",
        "$ssec_keyB.md5": "arxBvwY2V4SiOne6yppVPQ==",
    }
)
"""The customer keys that were recorded with their values."""

_SYMBOL = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)?")
_KMS_KEY = re.compile(r"\$kms(\d+|_aws_[a-z0-9]+)")
_CUSTOMER_KEY = re.compile(r"\$ssec_key\w*")
_CHOSEN_BY_S3 = re.compile(r"\$(bucket|upload|version|part)\w*")
_FIXED = {
    "$account": ACCOUNT,
    "$bucket_missing": MISSING,
    "$caller_arn": f"arn:aws:iam::{ACCOUNT}:user/caller",
    "$invalid_value": "not-an-algorithm",
}
_OPEN = ("$any", "$some")


class OutsideError(Exception):
    """The case speaks of something that the model does not."""


def is_open(value: Json) -> bool:
    """Tell whether an expected value says no more than that something is there."""
    return isinstance(value, str) and value.startswith(_OPEN)


@dataclass(slots=True)
class Symbols:
    """The values of one case's names; ``values`` come before those made up here."""

    values: Mapping[str, str]
    region: str
    keys: dict[str, KmsKey] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    """What S3 chose in the answers so far, by the names that later steps call it."""

    def resolve(self, value: Json) -> Json:
        """Return the value with every name in it replaced; raises OutsideError."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.resolve(v) for v in value]
        if isinstance(value, dict):
            return {name: self.resolve(v) for name, v in value.items()}
        return value

    def text(self, value: str) -> str:
        """Return the text with every name in it replaced; raises OutsideError."""
        if not is_text(value):
            raise OutsideError(f"{value!r} is no text that HTTP can carry")
        if "$" not in value:
            return value
        if _SYMBOL.fullmatch(value) and self._known(value) is None:
            raise OutsideError(f"the value of {value} is not known")
        return _SYMBOL.sub(lambda m: self._known(m.group()) or m.group(), value)

    def _known(self, name: str) -> str | None:
        """Return the value of a name, or None where it is no name that cases use."""
        if name in self.values:
            return self.values[name]
        if name in self.chosen:
            return self.chosen[name]
        if name in NAMED_VALUES:
            return NAMED_VALUES[name]
        base, _, part = name.partition(".")
        if _CUSTOMER_KEY.fullmatch(base):
            return _customer_key(base, part)
        if _KMS_KEY.fullmatch(base):
            return self._key(base, part)
        if base == "$region":
            return self.region
        if base in _FIXED:
            return _FIXED[base]
        chosen = _CHOSEN_BY_S3.fullmatch(base)
        return None if chosen is None else name.replace("$", "").replace("_", "-")

    def _key(self, base: str, part: str) -> str | None:
        if part == "alias_arn":
            service = base.rpartition("_")[2]
            return f"arn:aws:kms:{self.region}:{ACCOUNT}:alias/aws/{service}"
        key = self.keys.get(base) or self.make_key(base, self.region)
        return {"id": key.key_id, "arn": key.arn, "": key.arn}.get(part)

    def make_key(self, base: str, region: str) -> KmsKey:
        """Return the KMS key of a name, made in that region."""
        digest = hashlib.md5(base.encode()).hexdigest()
        key_id = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))
        arn = f"arn:aws:kms:{region}:{ACCOUNT}:key/{key_id}"
        key = self.keys[base] = KmsKey(key_id=key_id, arn=arn, region=region)
        return key

    def existing_keys(self, named: str, made: frozenset[str]) -> dict[str, KmsKey]:
        """Return the keys that the text ``named`` names and that no step makes: they exist."""
        own = self.make_key("$kms_aws_s3", self.region)
        keys = {MANAGED_KEY: KmsKey(key_id=MANAGED_KEY, arn=own.arn, region=self.region)}
        for base in sorted(set(re.findall(r"\$kms\d+", named)) - made):
            key = self.make_key(base, self.region)
            keys[key.key_id] = key
        return keys


def _customer_key(base: str, part: str) -> str | None:
    """Return a key of 32 bytes that no table holds, its MD5, or the MD5 with a wrong first byte."""
    key = hashlib.sha256(base.encode()).digest()
    if part in {"", "b64"}:
        return base64.b64encode(key).decode()
    if part == "md5":
        return md5_base64(key)
    return md5_base64(b"\0" + key) if part == "md5_corrupted" else None


def is_text(value: str) -> bool:
    """Tell whether the text can be encoded: JSON can hold halves of a character."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
