"""From requests that were once sent, or made up, to a scenario that can be played anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from conformance.corpus.names import BYTES, DOLLAR, FILLED, OWN_MD5, learnt_name, pieces_told
from conformance.corpus.written import WrittenStep
from conformance.scenario import TELLING, has_own_md5
from model import wire
from model.bucket_kind import BucketKind, bucket_kind
from model.operations.create_bucket import CreateBucket
from model.operations.kms import CreateAlias, CreateKey, KmsOperation
from model.parameters import to_parameters
from model.request import BucketRequest, WithCopySource
from model.stored import NULL_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pydantic import JsonValue

    from model.answer import Answer
    from model.operation import Operation

_KINDS = {BucketKind.GENERAL_PURPOSE: "bucket", BucketKind.DIRECTORY: "directory"}
_LONGEST_TEXT = 512
_WITH_NAMES = frozenset({"Bucket", "CopySource", "Policy", "RenameSource"})
"""Parameters in which the name of a bucket may stand; elsewhere it is a word like any other."""


class NotTellableError(Exception):
    """The requests cannot be sent by anybody else, for the reason that is said."""


@dataclass(slots=True)
class Teller:
    """Writes the requests of one scenario as steps.

    ``known`` are texts that stand for names: KMS keys that are there before, the account.
    """

    known: Mapping[str, str] = field(default_factory=dict)
    buckets: dict[str, str] = field(default_factory=dict)
    learnt: dict[str, str] = field(default_factory=dict)
    steps: list[WrittenStep] = field(default_factory=list)

    def name_buckets(self, requests: Iterable[Operation]) -> None:
        """Give a name to every bucket that these requests name. Raises NotTellableError."""
        sent = list(requests)
        made = [one.bucket for one in sent if isinstance(one, CreateBucket)]
        named = [one.bucket for one in sent if isinstance(one, BucketRequest)]
        named += [
            one.source.bucket for one in sent if isinstance(one, WithCopySource) and one.source
        ]
        for bucket in dict.fromkeys((*made, *named)):
            kind = bucket_kind(bucket)
            if kind is BucketKind.FSX_ACCESS_POINT:
                self.buckets[bucket] = "$access_point"
            elif bucket in made:
                like = [one for one in self.buckets if bucket_kind(one) is kind]
                self.buckets[bucket] = f"${_KINDS[kind]}{len(like) + 1}"
            else:
                self.buckets[bucket] = f"${_KINDS[kind]}_missing"
        given = list(self.buckets.values())
        if len(set(given)) < len(given):
            raise NotTellableError("it names several buckets that nobody makes")

    def tell(self, request: Operation, answer: Answer | None, *, called: str = "") -> None:
        """Write down a request and what its answer told. Raises NotTellableError."""
        _check(request)
        number = len(self.steps)
        params = self._params(request)
        if isinstance(request, CreateAlias) and request.alias not in self.known:
            self.learnt[request.alias] = f"$alias{len(self.aliases) + 1}"
            params["AliasName"] = self.learnt[request.alias]
        self.steps.append(WrittenStep(op=request.operation, params=params, called=called))
        if answer is not None:
            name = called or learnt_name(number)
            for piece, text in pieces_told(request, answer).items():
                if len(text) >= TELLING and text != NULL_VERSION:
                    self.learnt.setdefault(text, f"${name}.{piece}")

    def _params(self, request: Operation) -> dict[str, JsonValue]:
        params = {name: self._value(name, value) for name, value in to_parameters(request).items()}
        if has_own_md5(request):
            params["ContentMD5"] = OWN_MD5
        if params.get("Bucket") == "$access_point" and "Key" in params:
            params["Key"] = f"$files/{params['Key']}"
        return params

    @property
    def aliases(self) -> list[str]:
        """The names of the aliases so far."""
        return [name for name in self.learnt.values() if name.startswith("$alias")]

    def _value(self, name: str, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            filled = len(value) > _LONGEST_TEXT and len(set(value)) == 1
            return {FILLED: value[0], BYTES: len(value)} if filled else self._text(name, value)
        if isinstance(value, list):
            return [self._value(name, one) for one in value]
        if isinstance(value, dict):
            if name == "CreateBucketConfiguration":
                return cast("JsonValue", _with_zone(value))
            return {inner: self._value(inner, one) for inner, one in value.items()}
        return value

    def _text(self, name: str, text: str) -> str:
        if name == "Bucket":
            return self.buckets[text]
        text = text.replace("$", DOLLAR)
        if name in _WITH_NAMES:
            for bucket, told in self.buckets.items():
                text = re.sub(rf"(?<![\w-]){re.escape(bucket)}(?=[/\"]|$)", told, text)
        for old, told in {**self.known, **self.learnt}.items():
            text = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", told, text)
        return text.replace("$access_point/", "$access_point/$files/")


def _check(request: Operation) -> None:
    """Raise NotTellableError for what a step cannot say."""
    if not request.operation:
        raise NotTellableError("it sends what the model does not speak of")
    if isinstance(request, KmsOperation) and request.region:
        raise NotTellableError("it speaks to KMS in another region")
    if isinstance(request, CreateBucket) and request.location is not None:
        raise NotTellableError("it makes a bucket in another region")
    if wire.parse(wire.render(request), secure=request.secure) != request:
        raise NotTellableError("it is another request once it stands in HTTP")


def _with_zone(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the configuration of a new directory bucket in the zone that the target has."""
    location = value.get("Location")
    if not isinstance(location, dict):
        return value
    return {**value, "Location": {**location, "Name": "$zone"}}


def tell(
    requests: Sequence[Operation],
    answers: Sequence[Answer | None],
    *,
    known: Mapping[str, str] | None = None,
    called: Mapping[int, str] | None = None,
) -> tuple[WrittenStep, ...]:
    """Return requests as steps; ``called`` are names of steps by their numbers.

    Raises NotTellableError.
    """
    teller = Teller(known or {})
    teller.name_buckets(requests)
    for number, (request, answer) in enumerate(zip(requests, answers, strict=True)):
        name = (called or {}).get(number, "")
        if isinstance(request, CreateKey) and not name:
            made = sum(step.op == "CreateKey" for step in teller.steps)
            name = f"own{made + 1}"
        teller.tell(request, answer, called=name)
    return tuple(teller.steps)
