"""Intents: the defaults that a bucket may have, and the encryptions that a write may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from conformance.faults import put_customer_key
from conformance.universe import CONTEXTS, CUSTOMER_KEYS
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.operations.kms import CreateAlias
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.sse import SseAlgorithm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from conformance.phase import Setting
    from conformance.requests import Requests
    from conformance.universe import KeyText, Universe
    from model.operation import Operation

AES, KMS = SseAlgorithm.AES256.value, SseAlgorithm.AWS_KMS.value
DSSE = SseAlgorithm.AWS_KMS_DSSE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """A default encryption, or none; ``key`` is the number of its KMS key."""

    algorithm: str | None = None
    key: int | None = None
    flag: str | None = None

    @property
    def needs(self) -> frozenset[Capability]:
        """What a target must have for it."""
        needed = {None: set[Capability](), AES: {Capability.BUCKET_ENCRYPTION}}
        found = needed.get(self.algorithm, _of(self.algorithm) | {Capability.BUCKET_ENCRYPTION})
        return frozenset(found | ({Capability.BUCKET_KEY} if self.flag else set()))

    def put(self, build: Requests, bucket: str) -> Iterator[Operation]:
        """Yield the request that puts it."""
        if self.algorithm is None:
            return
        rule = RuleText(
            sse_algorithm=self.algorithm,
            kms_key_id=None if self.key is None else build.universe.kms_keys[self.key].key_id,
            bucket_key_enabled=self.flag,
        )
        document = write_configuration([rule])
        yield PutBucketEncryption(bucket=bucket, document=document, secure=build.secure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a write asks for; ``key_form`` is how it names its KMS key, if it does."""

    algorithm: str | None = None
    key: int | None = None
    key_form: str = "id"
    flag: str | None = None
    context: str | None = None
    customer_key: int | None = None

    @property
    def needs(self) -> frozenset[Capability]:
        """What a target must have for it."""
        needed = _of(self.algorithm)
        if self.flag is not None:
            needed.add(Capability.BUCKET_KEY)
        if self.customer_key is not None:
            needed.add(Capability.SSE_C)
        if self.key_form == "alias":
            needed.add(Capability.KMS_API)
        return frozenset(needed)

    @property
    def uses_alias(self) -> bool:
        """Whether it names its KMS key by the alias of the sequence."""
        return self.key is not None and self.key_form == "alias"

    def headers(self, universe: Universe) -> Fields:
        """Return the headers that ask for it."""
        fields: Fields = {}
        if self.customer_key is not None:
            put_customer_key(fields, CUSTOMER_KEYS[self.customer_key])
        if self.key is not None:
            fields["kms_key_id"] = _named(self, universe.kms_keys[self.key], universe)
        for name, text in (
            ("sse", self.algorithm),
            ("bucket_key_enabled", self.flag),
            ("encryption_context", self.context),
        ):
            if text is not None:
                fields[name] = text
        return fields


def _of(algorithm: str | None) -> set[Capability]:
    needed = {
        None: set[Capability](),
        AES: {Capability.SSE_S3},
        KMS: {Capability.SSE_KMS},
        DSSE: {Capability.SSE_KMS, Capability.DSSE_KMS},
    }
    return set(needed[algorithm])


def _named(wish: Wish, key: KeyText, universe: Universe) -> str:
    if wish.key_form == "arn":
        return key.arn or key.key_id
    return universe.alias if wish.key_form == "alias" else key.key_id


DEFAULTS = (
    Default(algorithm=KMS, key=0, flag="true"),
    Default(),
    Default(algorithm=KMS, key=1),
    Default(algorithm=AES),
    Default(algorithm=DSSE, key=0),
    Default(algorithm=KMS),
)
PLAIN = Wish()
WISHES = (
    PLAIN,
    Wish(algorithm=AES),
    Wish(algorithm=KMS, key=0),
    Wish(customer_key=0),
    Wish(algorithm=KMS),
    Wish(algorithm=DSSE, key=1),
    Wish(algorithm=KMS, key=1, key_form="arn", flag="false"),
    Wish(algorithm=KMS, key=1, flag="true"),
    Wish(algorithm=KMS, key=0, key_form="alias"),
    Wish(algorithm=DSSE),
    Wish(algorithm=KMS, key=0, flag="false", context=CONTEXTS[0]),
    Wish(flag="true"),
)


class Able(Protocol):
    """What knows what a target can do, and which KMS keys there are."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the target can do."""

    @property
    def kms_keys(self) -> tuple[KeyText, ...]:
        """The KMS keys."""


def is_usable(one: Default | Wish, able: Able) -> bool:
    """Tell whether a target can have the default, or be asked for the encryption."""
    return one.needs <= able.capabilities and (one.key is None or one.key < len(able.kms_keys))


def usable_defaults(setting: Setting) -> list[Default]:
    """Return the defaults that the target can have."""
    return [one for one in DEFAULTS if is_usable(one, setting)]


def usable_wishes(setting: Setting) -> list[Wish]:
    """Return the encryptions that the target can be asked for."""
    return [one for one in WISHES if is_usable(one, setting)]


def make_alias(build: Requests) -> Iterator[Operation]:
    """Yield the making of the alias that wishes name: of the first KMS key, by its ARN."""
    key = build.universe.kms_keys[0]
    target = key.arn or key.key_id
    yield CreateAlias(alias=build.universe.alias, key_id=target, secure=build.secure)
