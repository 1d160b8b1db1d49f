"""The first line of a transcript: what holds for all of its exchanges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from model.world import Context, KeyState, KmsKey, World, unknown_bucket

if TYPE_CHECKING:
    from model.parameter_values import Json

FORMAT = 1
T = TypeVar("T")


class UnreadableTranscriptError(Exception):
    """A transcript cannot be read; ``line_number`` counts from 1, 0 where there are no lines."""

    def __init__(self, line_number: int, problem: str) -> None:
        super().__init__(line_number, problem)
        self.line_number = line_number
        self.problem = problem

    def __str__(self) -> str:
        return f"line {self.line_number}: {self.problem}" if self.line_number else self.problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextKey:
    """A KMS key that exists before the first exchange."""

    id: str
    arn: str | None = None
    state: str = KeyState.ENABLED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptContext:
    """What holds for a whole transcript. What is empty or None is not known.

    The members behind ``keys`` are our own: a context of another tool lacks them.
    """

    format: int = FORMAT
    addressing: str = ""
    endpoint: str = ""
    kms_endpoint: str | None = None
    region: str = ""
    account: str = ""
    new_buckets_block_sse_c: bool | None = None
    keys: tuple[ContextKey, ...] = ()
    sse_c_over_http: bool = False
    bucket_prefix: str | None = None
    keys_complete: bool = False
    as_of: date | None = None
    fsx_access_points: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return the context's JSON form (the value of ``_s3sse`` on the first line)."""
        shown: dict[str, Json] = {
            "format": self.format,
            "addressing": self.addressing,
            "endpoint": self.endpoint,
            "kms_endpoint": self.kms_endpoint,
            "region": self.region,
            "account": self.account,
            "new_buckets_block_sse_c": self.new_buckets_block_sse_c,
            "keys": [{"id": k.id, "arn": k.arn, "state": k.state} for k in self.keys],
        }
        if self.sse_c_over_http:
            shown["sse_c_over_http"] = True
        if self.bucket_prefix is not None:
            shown["bucket_prefix"] = self.bucket_prefix
        if self.keys_complete:
            shown["keys_complete"] = True
        if self.as_of is not None:
            shown["as_of"] = self.as_of.isoformat()
        if self.fsx_access_points:
            shown["fsx_access_points"] = list(self.fsx_access_points)
        return shown

    @classmethod
    def from_json(cls, read: Json, line_number: int = 1) -> TranscriptContext:
        """Return the context of that JSON form; raises UnreadableTranscriptError."""
        if not isinstance(read, dict):
            raise UnreadableTranscriptError(line_number, "the context is no JSON object")
        members = Members(read, line_number, "context")
        version = members.get("format", int, FORMAT)
        if version != FORMAT:
            problem = f"the transcript has format {version}, this version reads {FORMAT}"
            raise UnreadableTranscriptError(line_number, problem)
        as_of = members.get("as_of", str, "")
        try:
            day = date.fromisoformat(as_of) if as_of else None
        except ValueError:
            problem = f"context: as_of is no date: {as_of!r}"
            raise UnreadableTranscriptError(line_number, problem) from None
        return cls(
            addressing=members.get("addressing", str, ""),
            endpoint=members.get("endpoint", str, ""),
            kms_endpoint=members.get("kms_endpoint", str, "") or None,
            region=members.get("region", str, ""),
            account=members.get("account", str, ""),
            new_buckets_block_sse_c=members.flag("new_buckets_block_sse_c"),
            keys=tuple(_context_key(k, line_number) for k in members.get("keys", list, [])),
            sse_c_over_http=members.flag("sse_c_over_http") or False,
            bucket_prefix=None
            if read.get("bucket_prefix") is None
            else members.get("bucket_prefix", str, ""),
            keys_complete=members.flag("keys_complete") or False,
            as_of=day,
            fsx_access_points=tuple(
                str(name) for name in members.get("fsx_access_points", list, [])
            ),
        )

    def world(self) -> World:
        """Return what is known before the first exchange."""
        states = set(KeyState)
        known = [k for k in self.keys if k.state in states]
        context = Context(
            region=self.region or None,
            as_of=self.as_of or Context().as_of,
            new_buckets_block_sse_c=self.new_buckets_block_sse_c,
            sse_c_over_http=self.sse_c_over_http,
            bucket_prefix=self.bucket_prefix,
            # A key in a state that the model does not know is one of which nothing is known.
            keys_complete=self.keys_complete and len(known) == len(self.keys),
        )
        world = World(context=context, account=self.account or None)
        for name in self.fsx_access_points:
            world = world.with_bucket(name, unknown_bucket(world, name))
        for key in known:
            made = KmsKey(key_id=key.id, arn=key.arn, region=self.region, state=KeyState(key.state))
            world = world.with_key(made)
        return world


def _context_key(read: Json, line_number: int) -> ContextKey:
    if isinstance(read, str):
        read = {"arn": read} if read.startswith("arn:") else {"id": read}
    if not isinstance(read, dict):
        raise UnreadableTranscriptError(line_number, "context: a key must be an object")
    members = Members(read, line_number, "context: key")
    arn = members.get("arn", str, "")
    key_id = members.get("id", str, "") or arn.rpartition("/")[2]
    if not key_id:
        raise UnreadableTranscriptError(line_number, "context: a key has neither id nor arn")
    return ContextKey(
        id=key_id, arn=arn or None, state=members.get("state", str, KeyState.ENABLED.value)
    )


def clean(text: str) -> str:
    """Return the text without lone surrogates, which nothing on the wire can be."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Members:
    """Members of a JSON object, each of the type that it must have; null counts as missing."""

    read: dict[str, Json]
    line_number: int
    where: str

    def get(self, name: str, kind: type[T], default: T) -> T:
        """Return the member, or the default where it is missing."""
        value = self.read.get(name)
        if value is None:
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            raise self._problem(name, f"must be {kind.__name__}")
        return value

    def flag(self, name: str) -> bool | None:
        """Return true, false, or None where nothing is said."""
        value = self.read.get(name)
        if value is None or isinstance(value, bool):
            return value
        raise self._problem(name, "must be true, false or null")

    def number(self, name: str) -> float:
        """Return the number, 0 where there is none."""
        value = self.read.get(name)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else 0.0

    def object(self, name: str, default: dict[str, Json] | None = None) -> dict[str, Json]:
        """Return the object; without a default it must be there."""
        value = self.read.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, dict):
            raise self._problem(name, "is missing or no JSON object")
        return value

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Return the names and values of a HAR list."""
        found = []
        for one in self.get(name, list, []):
            if not isinstance(one, dict) or not isinstance(one.get("name"), str):
                raise self._problem(name, "must be a list of objects with name and value")
            value = one.get("value")
            found.append((clean(one["name"]), clean("" if value is None else str(value))))
        return found

    def _problem(self, name: str, problem: str) -> UnreadableTranscriptError:
        return UnreadableTranscriptError(self.line_number, f"{self.where}: {name} {problem}")
