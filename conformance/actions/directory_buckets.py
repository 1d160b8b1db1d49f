"""Directory buckets: their default encryption, their sessions, and what is written within them."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from conformance import faults
from conformance.action import action, opening
from conformance.actions.objects import ask_for_what_is_there
from conformance.universe import BODIES, CONTEXTS, CUSTOMER_KEYS, METADATA, UNKNOWN_KEY_ID
from conformance.upload_checksums import OTHER_DATA, checksum_fields
from model.checksums import ALGORITHMS
from model.clause import Capability
from model.directory_bucket import OWN_PAIRS
from model.encryption_document import RuleText, write_configuration
from model.operations.create_bucket import directory_bucket
from model.operations.create_session import CreateSession
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.delete_object import DeleteObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.operations.rename_object import RenameObject
from model.sse import SseKms
from model.world import Bucket, KeyState, SessionMode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.faults import Fields
    from conformance.requests import Requests
    from model.operation import Operation
    from model.world import Session

NEEDS = Capability.DIRECTORY_BUCKETS
CONFIGURES = (NEEDS, Capability.BUCKET_ENCRYPTION)
ALIASES = ("alias/no-such-alias", "alias/aws/s3")
ANOTHER_OWNER = "111122223333"


def made(build: Requests) -> list[str]:
    """Return the sequence's directory buckets that exist."""
    names = build.universe.directory_buckets
    return [name for name in names if isinstance(build.world.buckets.get(name), Bucket)]


@opening(12, needs=NEEDS, focus=4)
def open_directory_buckets(build: Requests) -> Iterator[Operation]:
    """Make a directory bucket or two, with a default now and then, and sessions of each kind."""
    choose = build.choose
    for number, name in enumerate(build.universe.directory_buckets[: 1 + choose.chance(50)]):
        yield directory_bucket(name, secure=build.secure)
        keys = key_names(build) if build.has(Capability.BUCKET_ENCRYPTION) else []
        if keys and number == 0 and choose.chance(60):
            rule = RuleText(sse_algorithm="aws:kms", kms_key_id=choose.pick(keys))
            yield put_default(build, name, rule)
        yield CreateSession(bucket=name, secure=build.secure)
        overriding: Fields = {"sse": "AES256"}
        read_only: Fields = {"session_mode": "ReadOnly"}
        for headers in (overriding, read_only):
            if choose.chance(45):
                yield CreateSession(bucket=name, secure=build.secure, **headers)
    if build.has(Capability.SSE_C) and choose.chance(35):
        fields: Fields = {"bucket": build.bucket(), "object_key": "b", "body": BODIES[0]}
        faults.put_customer_key(fields, choose.pick(CUSTOMER_KEYS))
        yield PutObject(secure=build.secure, **fields)


def key_names(build: Requests) -> list[str]:
    """Return the ids and ARNs of the run's KMS keys, which are never disabled."""
    keys = build.universe.kms_keys if build.has(Capability.SSE_KMS) else ()
    return [text for key in keys for text in (key.key_id, key.arn) if text is not None]


def own_key_names(build: Requests, bucket: str, *, own: bool = True) -> list[str]:
    """Return those that name the bucket's one key, or those that do not."""
    found = build.world.buckets.get(bucket)
    pinned = found.pinned_key if isinstance(found, Bucket) else None
    return [text for text in key_names(build) if text.endswith(str(pinned)) is own]


def put_default(build: Requests, bucket: str, rule: RuleText, **more: Any) -> PutBucketEncryption:
    """Return the putting of that default."""
    document = write_configuration([rule])
    return PutBucketEncryption(bucket=bucket, document=document, secure=build.secure, **more)


@action(20, left_out=20, needs=CONFIGURES, after=open_directory_buckets)
def put_directory_default(build: Requests) -> Operation | None:
    """Return a PutBucketEncryption for a directory bucket."""
    choose, names = build.choose, made(build)
    if not names:
        return None
    bucket = choose.pick(names)
    own = own_key_names(build, bucket) or key_names(build)
    rule = RuleText(sse_algorithm="AES256")
    if own and choose.chance(60):
        rule = RuleText(sse_algorithm="aws:kms", kms_key_id=choose.pick(own))
        if choose.chance(30):
            rule = rule._replace(bucket_key_enabled=choose.pick(("true", "true", "false")))
    if choose.chance(55):
        rule = choose.weighted(_bad_rules(build, bucket))
    if choose.chance(8):
        return put_default(build, bucket, rule, expected_bucket_owner=ANOTHER_OWNER)
    return put_default(build, bucket, rule)


def _bad_rules(build: Requests, bucket: str) -> list[tuple[RuleText, int]]:
    """Return rules that a directory bucket refuses, or of which AWS says little, with weights."""
    rules = [(RuleText(sse_algorithm=name), 2) for name in (*other_algorithms(build), "SSE-C")]
    if not build.has(Capability.SSE_KMS):
        return rules
    names: list[tuple[str | None, int]] = [(None, 5), *((alias, 4) for alias in ALIASES)]
    names += [(UNKNOWN_KEY_ID, 3), (build.universe.foreign_arn, 3)]
    names += [(name, 4) for name in own_key_names(build, bucket, own=False)[:2]]
    keys = build.world.keys
    names += [(k, 3) for k in build.own_keys if keys[k].state is not KeyState.ENABLED]
    rules += [(RuleText(sse_algorithm="aws:kms", kms_key_id=n), weight) for n, weight in names]
    key = (key_names(build) or [UNKNOWN_KEY_ID])[0]
    return [*rules, (RuleText(sse_algorithm="AES256", kms_key_id=key), 5)]


def other_algorithms(build: Requests) -> list[str]:
    """Return algorithms that directory buckets do not know, and that the target does not lack."""
    elsewhere = ["aws:kms:dsse"] if build.has(Capability.DSSE_KMS) else []
    return [*elsewhere, "aws:fsx", "aes256"]


@action(12, left_out=20, needs=CONFIGURES, after=open_directory_buckets)
def get_directory_default(build: Requests) -> Operation | None:
    """Return a GetBucketEncryption, or now and then a DeleteBucketEncryption."""
    choose, names = build.choose, made(build)
    if not names:
        return None
    kind = DeleteBucketEncryption if choose.chance(20) else GetBucketEncryption
    owner = ANOTHER_OWNER if choose.chance(10) else None
    return kind(bucket=choose.pick(names), expected_bucket_owner=owner, secure=build.secure)


@action(18, needs=NEEDS, after=open_directory_buckets)
def create_session(build: Requests) -> Operation | None:
    """Return a CreateSession, with headers of every kind."""
    choose, names = build.choose, made(build)
    if not names:
        return None
    bucket = choose.pick(names)
    fields: Fields = {"bucket": bucket}
    way = choose.weighted((("default", 30), ("aes256", 15), ("kms", 25), ("bad", 35)))
    if way == "aes256":
        fields["sse"] = "AES256"
    elif way == "kms":
        fields |= kms_headers(build, bucket)
    elif way == "bad":
        spoil(build, bucket, fields)
    if choose.chance(12):
        fields["session_mode"] = choose.pick(("ReadOnly", "ReadWrite"))
    return CreateSession(secure=build.secure, **fields)


def kms_headers(build: Requests, bucket: str) -> Fields:
    """Return headers of aws:kms, with the bucket's own key or without one."""
    if not build.has(Capability.SSE_KMS):
        return {"sse": "AES256"}
    fields: Fields = {"sse": "aws:kms"}
    own = own_key_names(build, bucket)
    if own and build.choose.chance(65):
        fields["kms_key_id"] = build.choose.pick(own)
    return fields


def spoil(build: Requests, bucket: str, fields: Fields) -> None:
    """Ask for an encryption in a way that a directory bucket does not take, or seldom does."""
    choose = build.choose
    fields |= kms_headers(build, bucket)
    others = own_key_names(build, bucket, own=False)
    ways = [("algorithm", 20), ("flag", 8)]
    if build.has(Capability.SSE_KMS):
        ways += [("alias", 12), ("context", 14), ("stray", 5)]
    if others:
        ways += [("other key", 16)]
    way = choose.weighted(ways)
    if way == "algorithm":
        fields.pop("kms_key_id", None)
        fields["sse"] = choose.pick(other_algorithms(build))
    elif way == "alias":
        fields["kms_key_id"] = choose.pick((*ALIASES, *build.world.aliases))
    elif way == "other key":
        fields["kms_key_id"] = choose.pick(others)
    elif way == "context":
        fields["encryption_context"] = _context(build, bucket)
    elif way == "flag":
        fields["bucket_key_enabled"] = choose.pick(("false", "true"))
    else:
        fields.pop("sse")
        fields["kms_key_id"] = choose.pick(key_names(build) or [UNKNOWN_KEY_ID])


def _context(build: Requests, bucket: str) -> str:
    """Return a context header: another than the bucket's ARN, more than it, or just it."""
    universe, choose = build.universe, build.choose
    account = universe.account or "0" * 12
    arn = f"arn:aws:s3express:{universe.region}:{account}:bucket/{bucket}"
    own: dict[str, str] = {OWN_PAIRS[0]: arn}
    pairs = choose.pick((own, {**own, "a": "b"}, {OWN_PAIRS[0]: arn + "/object"}))
    text = base64.b64encode(json.dumps(pairs).encode()).decode()
    return choose.pick((text, text, *CONTEXTS))


def _signed(build: Requests, bucket: str) -> tuple[str | None, Session | None]:
    """Return a session to write within: mostly one of the bucket that lets it."""
    choose = build.choose
    others = [s for name in made(build) if name != bucket for s in build.sessions(name)]
    if others and choose.chance(9):
        return choose.pick(others)
    modes = (SessionMode.READ_ONLY,) if choose.chance(7) else (SessionMode.READ_WRITE,)
    found = build.sessions(bucket, *modes) or build.sessions(bucket)
    return choose.pick(found[-4:]) if found else (None, None)


@action(46, needs=NEEDS, after=open_directory_buckets)
def put_within_a_session(build: Requests) -> Operation | None:
    """Return a PutObject into a directory bucket."""
    choose, names = build.choose, made(build)
    if not names:
        return None
    bucket = choose.pick(names)
    token, session = _signed(build, bucket)
    fields: Fields = {"bucket": bucket, "body": choose.pick(BODIES), "session_token": token}
    fields["object_key"] = choose.pick(build.universe.object_keys)
    fields["metadata"] = choose.pick(METADATA)
    ways = [("none", 40), ("equal", 25), ("other", 12), ("bad", 25)]
    if build.has(Capability.SSE_C):
        ways += [("sse-c", 6)]
    way = choose.weighted(ways)
    kms = session is not None and isinstance(session.encryption, SseKms)
    if way == "bad":
        spoil(build, bucket, fields)
    elif way == "sse-c":
        faults.put_customer_key(fields, choose.pick(CUSTOMER_KEYS))
    elif way in {"equal", "other"}:
        fields |= kms_headers(build, bucket) if kms is (way == "equal") else {"sse": "AES256"}
    _ask_more(build, fields)
    return PutObject(secure=build.secure, **fields)


def _ask_more(build: Requests, fields: Fields) -> None:
    """Ask a write for a condition on what is there, or send a checksum, right or wrong."""
    choose = build.choose
    if choose.chance(6):
        ask_for_what_is_there(build, fields)
    elif choose.chance(4):
        faults.create_only(choose, build.universe, fields)
    if build.has(Capability.CHECKSUMS) and choose.chance(6):
        data = OTHER_DATA if choose.chance(60) else fields["body"]
        fields |= checksum_fields(choose.pick(ALGORITHMS), data)


@action(14, needs=NEEDS, after=open_directory_buckets)
def append_within_a_session(build: Requests) -> Operation | None:
    """Return a PutObject that writes behind the data of an object."""
    choose = build.choose
    found = build.objects_in(*made(build))
    if not found:
        return None
    bucket, object_key, version = choose.pick(found)
    token, _ = _signed(build, bucket)
    offset = 3 if version.body is None or choose.chance(8) else len(version.body)
    return PutObject(
        bucket=bucket,
        object_key=object_key,
        body=b" and more",
        write_offset=str(offset),
        session_token=token,
        secure=build.secure,
    )


@action(22, needs=NEEDS, after=open_directory_buckets)
def read_within_a_session(build: Requests) -> Operation | None:
    """Return a GetObject or HeadObject in a directory bucket."""
    choose, names = build.choose, made(build)
    found = build.objects_in(*names)
    if not names:
        return None
    if not found or choose.chance(12):
        return build.read(choose.pick(names), "never-written")
    bucket, object_key, _ = choose.pick(found)
    return build.read(bucket, object_key)


@action(10, RenameObject, left_out=20, needs=NEEDS, after=open_directory_buckets)
def rename_or_delete(build: Requests) -> Operation | None:
    """Return a RenameObject or a DeleteObject in a directory bucket."""
    choose = build.choose
    found = build.objects_in(*made(build))
    if not found:
        return None
    bucket, object_key, _ = choose.pick(found)
    token, _ = _signed(build, bucket)
    if choose.chance(50):
        return DeleteObject(
            bucket=bucket, object_key=object_key, session_token=token, secure=build.secure
        )
    others: Sequence[str] = [k for k in build.universe.object_keys if k != object_key]
    return RenameObject(
        bucket=bucket,
        object_key=choose.pick(others),
        rename_source=quote(object_key),
        session_token=token,
        secure=build.secure,
    )
