"""Demands on a field that leave much open: what a target chooses, or what pages write in two ways.

They have the form of those in ``model.matchers``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.matchers import BodyIs
from model.sse import md5_hex
from model.world import KEY_ARN

if TYPE_CHECKING:
    from model.matchers import Value


@dataclass(frozen=True, slots=True)
class SomeText:
    """The field is there; what it holds the target chooses."""

    @property
    def text(self) -> str:
        """The demand as a reader says it."""
        return "some text"

    def accepts(self, value: Value) -> bool:
        """Tell whether an answer's value meets the demand."""
        return isinstance(value, str) and value != ""

    def answer(self, seed: str) -> Value:
        """Return a value that meets the demand."""
        return hashlib.sha256(seed.encode()).hexdigest()

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        """Return a plausible value that does not."""
        return None


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field is there and has one of these values."""

    values: tuple[str, ...]
    wrong: str | None = None

    @property
    def text(self) -> str:
        """The demand as a reader says it."""
        return " or ".join(self.values)

    def accepts(self, value: Value) -> bool:
        """Tell whether an answer's value meets the demand."""
        return value in self.values

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        """Return a value that meets the demand."""
        return self.values[0]

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        """Return a plausible value that does not."""
        return self.wrong


@dataclass(frozen=True, slots=True)
class AbsentOrOneOf:
    """The field is not there, or has one of these values."""

    values: tuple[str, ...]
    wrong: str

    @property
    def text(self) -> str:
        """The demand as a reader says it."""
        return f"absent, or {' or '.join(self.values)}"

    def accepts(self, value: Value) -> bool:
        """Tell whether an answer's value meets the demand."""
        return value is None or value in self.values

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        """Return a value that meets the demand."""
        return None

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        """Return a plausible value that does not."""
        return self.wrong


@dataclass(frozen=True, slots=True)
class BodyIsOneOf:
    """The body is exactly one of these."""

    bodies: tuple[bytes, ...]

    @property
    def text(self) -> str:
        """The demand as a reader says it."""
        return " or ".join(BodyIs(body).text for body in self.bodies)

    def accepts(self, value: Value) -> bool:
        """Tell whether an answer's value meets the demand."""
        return value in self.bodies

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        """Return a value that meets the demand."""
        return self.bodies[0]

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        """Return a plausible value that does not."""
        return b"".join(self.bodies) + b"."


@dataclass(frozen=True, slots=True)
class OtherThanMd5Of:
    """The ETag is any text but the MD5 of the body."""

    body: bytes | None

    @property
    def text(self) -> str:
        """The demand as a reader says it."""
        return "any text but the MD5 of the object's data"

    def accepts(self, value: Value) -> bool:
        """Tell whether an answer's value meets the demand."""
        if not isinstance(value, str) or not value:
            return False
        return self.body is None or value != md5_hex(self.body)

    def answer(self, seed: str) -> Value:
        """Return a value that meets the demand."""
        return md5_hex(seed.encode() + (self.body or b""))

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        """Return a plausible value that does not."""
        return None if self.body is None else md5_hex(self.body)


@dataclass(frozen=True, slots=True)
class KeyByAnyName:
    """The KMS key is named, by its id or by its ARN; ``arn`` is None where it is not known."""

    key_id: str
    arn: str | None = None

    @property
    def text(self) -> str:
        """The demand as a reader says it."""
        return f"key {self.key_id}, by its id or its ARN"

    def accepts(self, value: Value) -> bool:
        """Tell whether an answer's value meets the demand."""
        if value in {self.key_id, self.arn} and value is not None:
            return True
        named = KEY_ARN.fullmatch(value) if isinstance(value, str) else None
        return named is not None and self.arn is None and named["id"] == self.key_id

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        """Return a value that meets the demand."""
        return self.arn or self.key_id

    def contrary(self, seed: str) -> Value:
        """Return a plausible value that does not."""
        return f"arn:aws:kms:us-east-1:{'0' * 12}:key/{md5_hex(seed.encode())}"
