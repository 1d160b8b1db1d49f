"""What an answer's field must be: each matcher accepts values, says itself, and has a contrary.

``answer`` is a value that it accepts (what the reference target says); ``contrary`` is a plausible
value that it does not accept (what a target says for which the clause does not exist).
A value is text, or None where the field is absent.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Protocol

from model.sse import decode_customer_key, md5_hex
from model.stored import NULL_VERSION
from model.world import KEY_ARN

_HEX_MD5 = re.compile(r"[0-9a-f]{32}")

Value = str | bytes | None


class Matcher(Protocol):
    """One demand on one field."""

    @property
    def text(self) -> str:
        """The demand as a reader says it."""
        ...

    def accepts(self, value: Value) -> bool:
        """Tell whether an answer's value meets the demand."""
        ...

    def answer(self, seed: str) -> Value:
        """Return a value that meets the demand; ``seed`` differs from answer to answer."""
        ...

    def contrary(self, seed: str) -> Value:
        """Return a plausible value that does not."""
        ...


@dataclass(frozen=True, slots=True)
class Equals:
    """The field is there and has exactly this value."""

    value: str
    wrong: str | None = None

    @property
    def text(self) -> str:
        return self.value

    def accepts(self, value: Value) -> bool:
        return value == self.value

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        return self.value

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        return self.wrong


@dataclass(frozen=True, slots=True)
class Absent:
    """The field is not there; ``wrong`` is what a careless target would put into it."""

    wrong: str = "true"

    @property
    def text(self) -> str:
        return "absent"

    def accepts(self, value: Value) -> bool:
        return value is None

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        return None

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        return self.wrong


@dataclass(frozen=True, slots=True)
class AbsentOr:
    """The field is not there, or has this value; ``told`` says whether the reference shows it."""

    value: str
    wrong: str
    told: bool = False

    @property
    def text(self) -> str:
        return f"absent or {self.value}"

    def accepts(self, value: Value) -> bool:
        return value is None or value == self.value

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        return self.value if self.told else None

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        return self.wrong


@dataclass(frozen=True, slots=True)
class NewKeyArn:
    """The ARN of a key whose ARN is not known yet, and which is none of those known."""

    key_id: str
    region: str
    account: str | None
    known: frozenset[str]
    managed: bool

    @property
    def text(self) -> str:
        owner = "the AWS managed key aws/s3" if self.managed else f"key {self.key_id}"
        return f"the key ARN of {owner}"

    def accepts(self, value: Value) -> bool:
        if not isinstance(value, str) or value in self.known:
            return False
        arn = KEY_ARN.fullmatch(value)
        if arn is None or (self.region and arn["region"] != self.region):
            return False
        if self.account is not None and arn["account"] != self.account:
            return False
        return self.managed or arn["id"] == self.key_id

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        digest = hashlib.md5(self.key_id.encode()).hexdigest()
        own = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))
        key_id = own if self.managed else self.key_id
        region = self.region or "us-east-1"
        return f"arn:aws:kms:{region}:{self.account or '0' * 12}:key/{key_id}"

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        return "alias/aws/s3" if self.managed else self.key_id


@dataclass(frozen=True, slots=True)
class Md5Of:
    """The ETag is the MD5 of the body."""

    body: bytes

    @property
    def text(self) -> str:
        return f"{md5_hex(self.body)}, the MD5 of the object's data"

    def accepts(self, value: Value) -> bool:
        return value == md5_hex(self.body)

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        return md5_hex(self.body)

    def contrary(self, seed: str) -> Value:
        return md5_hex(seed.encode() + self.body)


@dataclass(frozen=True, slots=True)
class NotMd5Of:
    """The ETag has the shape of an MD5 and is not that of the body."""

    body: bytes | None

    @property
    def text(self) -> str:
        return "32 hexadecimal digits that are not the MD5 of the object's data"

    def accepts(self, value: Value) -> bool:
        if not isinstance(value, str) or _HEX_MD5.fullmatch(value) is None:
            return False
        return self.body is None or value != md5_hex(self.body)

    def answer(self, seed: str) -> Value:
        return md5_hex(seed.encode() + (self.body or b""))

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        return md5_hex(self.body or b"")


@dataclass(frozen=True, slots=True)
class Md5Shape:
    """The ETag is 32 hexadecimal digits."""

    @property
    def text(self) -> str:
        return "32 hexadecimal digits"

    def accepts(self, value: Value) -> bool:
        return isinstance(value, str) and _HEX_MD5.fullmatch(value) is not None

    def answer(self, seed: str) -> Value:
        return md5_hex(seed.encode())

    def contrary(self, seed: str) -> Value:
        return md5_hex(seed.encode())[:16]


@dataclass(frozen=True, slots=True)
class EtagOfParts:
    """The ETag is a hash and the number of the parts that the object was uploaded in."""

    count: int

    @property
    def text(self) -> str:
        return f"32 hexadecimal digits and -{self.count}"

    def accepts(self, value: Value) -> bool:
        if not isinstance(value, str):
            return False
        digest, _, count = value.partition("-")
        return _HEX_MD5.fullmatch(digest) is not None and count == str(self.count)

    def answer(self, seed: str) -> Value:
        return f"{md5_hex(seed.encode())}-{self.count}"

    def contrary(self, seed: str) -> Value:
        return md5_hex(seed.encode())


@dataclass(frozen=True, slots=True)
class NewId:
    """An id that nothing else has; ``known`` are those that were given already."""

    known: frozenset[str]

    @property
    def text(self) -> str:
        return "a new id"

    def accepts(self, value: Value) -> bool:
        return isinstance(value, str) and value != "" and value not in self.known

    def answer(self, seed: str) -> Value:
        return md5_hex(seed.encode())

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        return None


@dataclass(frozen=True, slots=True)
class NoneBut:
    """A list, with commas between, of some of these and of nothing else."""

    known: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"none but {', '.join(self.known)}" if self.known else "none"

    def accepts(self, value: Value) -> bool:
        if not isinstance(value, str):
            return value is None
        return set(value.split(",")) <= {*self.known, ""}

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        return ",".join(self.known)

    def contrary(self, seed: str) -> Value:
        return ",".join((*self.known, md5_hex(seed.encode())))


@dataclass(frozen=True, slots=True)
class BodyIs:
    """The body is exactly these bytes."""

    body: bytes

    @property
    def text(self) -> str:
        return f"the {len(self.body)} bytes with MD5 {md5_hex(self.body)}"

    def accepts(self, value: Value) -> bool:
        return value == self.body

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        return self.body

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        return bytes(byte ^ 0x55 for byte in self.body) or b"\0"


OWN_CONTEXT_PAIR = "aws:s3:arn"
"""The pair that S3 adds to every encryption context (GP-CTX-02)."""


@dataclass(frozen=True, slots=True)
class ContextEcho:
    """The context header is absent, or holds the pairs that were sent and S3's own (GP-ECHO-07)."""

    sent: str | None

    @property
    def text(self) -> str:
        sent = "no pair" if self.sent is None else "the pairs that were sent"
        return f"absent, or the base64 JSON of {sent} and of {OWN_CONTEXT_PAIR}"

    def accepts(self, value: Value) -> bool:
        if value is None:
            return True
        shown = read_context(value) if isinstance(value, str) else None
        sent = {} if self.sent is None else read_context(self.sent)
        if shown is None or sent is None:
            return False
        return sent.items() <= shown.items() and shown.keys() <= {*sent, OWN_CONTEXT_PAIR}

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        return None

    def contrary(self, seed: str) -> Value:
        return base64.b64encode(json.dumps({"other": seed}).encode()).decode()


@dataclass(frozen=True, slots=True)
class NewVersionId:
    """The id of a version that was just made: none of those known, and not the null version's."""

    known: frozenset[str]

    @property
    def text(self) -> str:
        return "the id of a new version"

    def accepts(self, value: Value) -> bool:
        return isinstance(value, str) and bool(value) and value not in {NULL_VERSION, *self.known}

    def answer(self, seed: str) -> Value:
        return md5_hex(seed.encode())

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        return None


@dataclass(frozen=True, slots=True)
class OnlyNames:
    """A list of names holds none but these, and names that end with one of ``endings``."""

    names: frozenset[str]
    endings: tuple[str, ...]
    wrong: str

    @property
    def text(self) -> str:
        return f"no names but {', '.join(sorted(self.names)) or 'none'}"

    def accepts(self, value: Value) -> bool:
        if not isinstance(value, str):
            return False
        return all(n in self.names or n.endswith(self.endings) for n in json.loads(value))

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        return json.dumps(sorted(self.names))

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        return json.dumps([*sorted(self.names), self.wrong])


@dataclass(frozen=True, slots=True)
class AlsoAccepts:
    """What the matcher accepts, or a wrong value that was reported already."""

    matcher: Matcher
    value: Value

    @property
    def text(self) -> str:
        return self.matcher.text

    def accepts(self, value: Value) -> bool:
        return value == self.value or self.matcher.accepts(value)

    def answer(self, seed: str) -> Value:
        return self.matcher.answer(seed)

    def contrary(self, seed: str) -> Value:
        return self.matcher.contrary(seed)


def asked_for(matcher: Matcher) -> Matcher:
    """Return what the clauses ask for, without what was reported already."""
    return matcher.matcher if isinstance(matcher, AlsoAccepts) else matcher


def read_context(text: str) -> dict[str, str] | None:
    """Return the pairs of an encryption context header, or None when it is not one (GP-CTX-01)."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return _pairs(data)


def is_perhaps_a_context(text: str) -> bool:
    """Tell whether a reader that is lenient with base64 finds an encryption context in the text.

    How strict S3 is there is recorded for customer keys alone.
    """
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    readings = (text, padded, padded.replace("-", "+").replace("_", "/"))
    return any(_pairs(decode_customer_key(reading)) is not None for reading in readings)


def _pairs(data: bytes) -> dict[str, str] | None:
    try:
        pairs = json.loads(data.decode())
    except ValueError:
        return None
    if not isinstance(pairs, dict) or not all(isinstance(v, str) for v in pairs.values()):
        return None
    return pairs
