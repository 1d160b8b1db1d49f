"""A terse notation for examples: given these requests, when that one comes, then a clause rules so.

An example is recorded as data, so that a catalogue of clauses can show it.
"""

from __future__ import annotations

import base64
import functools
import importlib
import pkgutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypedDict, cast

import pytest

from model.answer import Answer
from model.clause import Refusal, Stage, find_clause
from model.encryption_document import RuleText, write_configuration
from model.judge import follow
from model.messages import Auth
from model.operations.copy_object import CopyObject
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.delete_object import DeleteObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.kms import DescribeKey, DisableKey, ScheduleKeyDeletion
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.predict import RefusalOutcome, SuccessOutcome, predict
from model.sse import md5_base64
from model.world import Context, KmsKey, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.clause import Ruling
    from model.matchers import Value
    from model.messages import Pairs
    from model.operation import Operation
    from model.s3_errors import S3Error

ACCOUNT = "000000000000"
REGION = "us-east-1"
BUCKET = "bucket"
OBJECT = "object"
DATA = b"some data"

KEY_ID = "11111111-1111-4111-8111-111111111111"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY_ID}"
KEY = KmsKey(key_id=KEY_ID, arn=KEY_ARN, region=REGION)
ALIAS = "alias/one"

OTHER_KEY_ID = "22222222-2222-4222-8222-222222222222"
OTHER_KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{OTHER_KEY_ID}"
OTHER_KEY = KmsKey(key_id=OTHER_KEY_ID, arn=OTHER_KEY_ARN, region=REGION)

SIGNING_KEY_ID = "33333333-3333-4333-8333-333333333333"
SIGNING_KEY = KmsKey(
    key_id=SIGNING_KEY_ID,
    arn=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{SIGNING_KEY_ID}",
    region=REGION,
    symmetric=False,
)
NO_KEY_ID = "99999999-9999-4999-8999-999999999999"

CUSTOMER_KEY = b"a customer's key has 32 bytes..."
OTHER_CUSTOMER_KEY = b"another key of 32 bytes, not it."

EMPTY = World(
    context=Context(
        region=REGION, new_buckets_block_sse_c=False, bucket_prefix="", keys_complete=True
    ),
    account=ACCOUNT,
    keys={KEY_ID: KEY, OTHER_KEY_ID: OTHER_KEY, SIGNING_KEY_ID: SIGNING_KEY},
    aliases={ALIAS: KEY_ID},
)
"""An account with three KMS keys and no bucket, of which everything is known."""

BLOCKING = replace(EMPTY, context=replace(EMPTY.context, new_buckets_block_sse_c=True))
"""The same, where new buckets block SSE-C."""

UNDECIDED = replace(EMPTY, context=replace(EMPTY.context, new_buckets_block_sse_c=None))
"""The same, where it is not known whether new buckets block SSE-C."""

UNKNOWN = World()
"""A world of which nothing is known."""


def create(bucket: str = BUCKET, *, location: str | None = None) -> CreateBucket:
    return CreateBucket(bucket=bucket, location=location)


def put(
    object_key: str = OBJECT,
    *,
    bucket: str = BUCKET,
    body: bytes = DATA,
    metadata: Pairs = (),
    secure: bool = True,
    auth: Auth = Auth.HEADER,
    **headers: str | None,
) -> PutObject:
    return PutObject(
        bucket=bucket,
        object_key=object_key,
        body=body,
        metadata=metadata,
        secure=secure,
        auth=auth,
        **headers,
    )


def copy(
    source: str | None = f"{BUCKET}/{OBJECT}",
    object_key: str = "copy",
    *,
    bucket: str = BUCKET,
    metadata: Pairs = (),
    secure: bool = True,
    auth: Auth = Auth.HEADER,
    **headers: str | None,
) -> CopyObject:
    return CopyObject(
        bucket=bucket,
        object_key=object_key,
        copy_source=source,
        metadata=metadata,
        secure=secure,
        auth=auth,
        **headers,
    )


def copy_in_place(**headers: str | None) -> CopyObject:
    return CopyObject(
        bucket=BUCKET,
        object_key=OBJECT,
        copy_source=f"{BUCKET}/{OBJECT}",
        metadata=(),
        secure=True,
        auth=Auth.HEADER,
        **headers,
    )


def get(
    object_key: str = OBJECT,
    *,
    bucket: str = BUCKET,
    secure: bool = True,
    auth: Auth = Auth.HEADER,
    **headers: str | None,
) -> GetObject:
    return GetObject(bucket=bucket, object_key=object_key, secure=secure, auth=auth, **headers)


def head(
    object_key: str = OBJECT,
    *,
    bucket: str = BUCKET,
    secure: bool = True,
    auth: Auth = Auth.HEADER,
    **headers: str | None,
) -> HeadObject:
    return HeadObject(bucket=bucket, object_key=object_key, secure=secure, auth=auth, **headers)


def delete(object_key: str = OBJECT, *, bucket: str = BUCKET) -> DeleteObject:
    return DeleteObject(bucket=bucket, object_key=object_key)


def put_rules(*rules: RuleText, bucket: str = BUCKET) -> PutBucketEncryption:
    return PutBucketEncryption(bucket=bucket, document=write_configuration(rules))


def put_document(document: bytes, *, content_md5: str | None = None) -> PutBucketEncryption:
    return PutBucketEncryption(bucket=BUCKET, document=document, content_md5=content_md5)


def put_default(
    algorithm: str | None = "AES256",
    key: str | None = None,
    *,
    flag: str | None = None,
    blocked: tuple[str, ...] | None = None,
    bucket: str = BUCKET,
) -> PutBucketEncryption:
    return put_rules(RuleText(algorithm, key, flag, blocked), bucket=bucket)


def put_blocked(*types: str, flag: str | None = None) -> PutBucketEncryption:
    """A rule that names types to block and no default."""
    return put_rules(RuleText(bucket_key_enabled=flag, blocked=types, has_default=False))


def get_default(bucket: str = BUCKET) -> GetBucketEncryption:
    return GetBucketEncryption(bucket=bucket)


def delete_default(bucket: str = BUCKET) -> DeleteBucketEncryption:
    return DeleteBucketEncryption(bucket=bucket)


def disable(key_id: str = KEY_ID) -> DisableKey:
    return DisableKey(key_id=key_id)


def schedule_deletion(key_id: str = KEY_ID) -> ScheduleKeyDeletion:
    return ScheduleKeyDeletion(key_id=key_id)


def describe(key_id: str) -> DescribeKey:
    return DescribeKey(key_id=key_id)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


class CustomerHeaders(TypedDict):
    """The three headers of a customer key."""

    customer_algorithm: str | None
    customer_key: str | None
    customer_key_md5: str | None


class SourceCustomerHeaders(TypedDict):
    """The three headers of a copy source's customer key."""

    source_customer_algorithm: str | None
    source_customer_key: str | None
    source_customer_key_md5: str | None


def customer(key: bytes = CUSTOMER_KEY, **changes: str | None) -> CustomerHeaders:
    """Return the three headers of a customer key, with some of them changed."""
    headers = {
        "customer_algorithm": "AES256",
        "customer_key": base64_of(key),
        "customer_key_md5": md5_base64(key),
        **changes,
    }
    return cast("CustomerHeaders", headers)


def source_customer(key: bytes = CUSTOMER_KEY, **changes: str | None) -> SourceCustomerHeaders:
    """Return the same three for a copy's source; ``changes`` are named as those of ``customer``."""
    headers = {f"source_{name}": value for name, value in customer(key, **changes).items()}
    return cast("SourceCustomerHeaders", headers)


def first_success(world: World, request: Operation) -> SuccessOutcome:
    """Return the likeliest success that the model predicts."""
    for outcome in predict(world, request).outcomes:
        if isinstance(outcome, SuccessOutcome):
            return outcome
    raise AssertionError(f"{request} cannot succeed")


def answer_to(outcome: SuccessOutcome, seed: str = "") -> Answer:
    """Return an answer that shows all that the outcome requires."""
    fields: dict[str, Value] = {}
    for field, matcher, *_ in outcome.requirements:
        fields.setdefault(field, matcher.answer(seed))
    return Answer(status=outcome.status, succeeded=True, error_code=None, fields=fields)


def after(*requests: Operation, start: World = EMPTY) -> World:
    """Return the world after requests that were all answered as the model thinks likeliest."""
    world = start
    for number, request in enumerate(requests):
        outcome = first_success(world, request)
        world = follow(outcome, world, request, answer_to(outcome, f"answer {number}"))
    return world


def rulings_of(clause_id: str, world: World, request: Operation) -> tuple[Ruling, ...]:
    """Return what one clause rules of a request, or of its likeliest success or of a refusal."""
    clause = find_clause(clause_id)
    if not isinstance(request, clause.kinds):
        return ()
    if not clause.scope.holds(request.bucket_kind, world.context.as_of):
        return ()
    if clause.stage is Stage.VERSION:
        outcome = first_success(world, request)
        found = clause.rule(outcome.world, request, outcome.version)
    elif clause.stage is Stage.REFUSAL:
        found = clause.rule(world, request, Refusal())
    else:
        found = clause.rule(world, request)
    if found is None:
        return ()
    return found if isinstance(found, tuple) else (found,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What happened before, the request in question, what a clause rules and what is answered.

    ``answered`` holds the errors of the predicted refusal, where an example is about them.
    """

    steps: tuple[Operation, ...]
    start: World
    request: Operation
    rulings: tuple[Ruling, ...] = ()
    answered: frozenset[S3Error] | None = None

    def then(self, *rulings: Ruling, answered: tuple[S3Error, ...] | None = None) -> Situation:
        """Say what the clause rules here."""
        errors = None if answered is None else frozenset(answered)
        return replace(self, rulings=rulings, answered=errors)

    @property
    def world(self) -> World:
        """The world in which the request comes."""
        return after(*self.steps, start=self.start)


class Given(NamedTuple):
    """What happened before."""

    steps: tuple[Operation, ...]
    start: World

    def when(self, request: Operation) -> Situation:
        """Say which request comes then."""
        return Situation(steps=self.steps, start=self.start, request=request)


def given(*steps: Operation, start: World = EMPTY) -> Given:
    """Say what happened before, from the start on."""
    return Given(steps, start)


class Example(NamedTuple):
    """One example of a clause: where it fires, or the nearest situation where it does not."""

    clause_id: str
    fires: bool
    sentence: str
    module: str
    make: Callable[[], Situation]


_examples: list[Example] = []


def fires(clause_id: str) -> Callable[[Callable[[], Situation]], Callable[[], None]]:
    """Turn a function that returns a situation into the test that the clause rules as it says."""
    return functools.partial(_register, clause_id, fires=True)


def silent(clause_id: str) -> Callable[[Callable[[], Situation]], Callable[[], None]]:
    """Turn a function that returns a situation into the test that the clause says nothing."""
    return functools.partial(_register, clause_id, fires=False)


def _register(clause_id: str, make: Callable[[], Situation], *, fires: bool) -> Callable[[], None]:
    name = make.__name__.removeprefix("test_").replace("_", " ")
    example = Example(clause_id, fires, name, make.__module__, make)
    _examples.append(example)

    @pytest.mark.example
    @functools.wraps(make)
    def test() -> None:
        check(example)

    return test


def check(example: Example) -> None:
    """Hold an example against the clause, and see that the model as a whole has an answer."""
    situation = example.make()
    world = situation.world
    found = rulings_of(example.clause_id, world, situation.request)
    assert bool(situation.rulings) is example.fires
    assert found == situation.rulings, f"{example.clause_id} rules {found}"
    outcomes = predict(world, situation.request).outcomes
    assert outcomes
    if situation.answered is not None:
        refused = [o for o in outcomes if isinstance(o, RefusalOutcome)]
        assert [frozenset(o.errors) for o in refused] == [situation.answered]


def every_example() -> tuple[Example, ...]:
    """Return all examples; importing the files beside this one records them."""
    package = __name__.rpartition(".")[0]
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if module.name.startswith("test_"):
            importlib.import_module(f"{package}.{module.name}")
    return tuple(_examples)
