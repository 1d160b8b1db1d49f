"""An example of the tests in words: its start, its requests as calls, its rulings as sentences.

Only ``conformance/write_catalogue.py`` needs it: the notation of the tests loads pytest.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, assert_never

from conformance.clause_examples import (
    STORED_TEXT,
    ToldClause,
    ToldExample,
    ToldRequest,
    cut,
)
from model.answer import BODY, ETAG
from model.clause import (
    Facet,
    Keep,
    Law,
    MayRefuse,
    Order,
    Refuse,
    Require,
    Ruling,
    Store,
    Succeed,
)
from model.clauses.tests.notation import EMPTY, UNKNOWN, every_example
from model.matchers import Absent
from model.operations.get_bucket_encryption import RULE_COUNT
from model.operations.kms import KmsOperation
from model.operations.put_bucket_encryption import DOCUMENT
from model.parameters import to_parameters
from model.s3_errors import ANY_CODE
from model.sse import DsseKms, NotEncrypted, SseC, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import MANAGED_KEY, Bucket, KeyState, KmsKey, World

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.clauses.tests.notation import Example, Situation
    from model.matchers import Matcher
    from model.operation import Operation
    from model.s3_errors import S3Error
    from model.sse import ObjectEncryption

_ALGORITHMS = {
    "AES256": "SSE-S3 (AES256)",
    "aws:kms": "SSE-KMS (aws:kms)",
    "aws:kms:dsse": "DSSE-KMS (aws:kms:dsse)",
}
_ENCRYPTIONS: dict[type, str] = {
    SseS3: "SSE-S3",
    SseKms: "SSE-KMS",
    DsseKms: "DSSE-KMS",
    SseC: "SSE-C",
    NotEncrypted: "no encryption",
}
_FIELDS = {ETAG: "ETag", BODY: "body", RULE_COUNT: "number of rules"}
_KEPT = {
    Law.DESTINATION_OF_REFUSED_WRITE: "the object that a refused write would have replaced",
    Law.OBJECTS_ON_NEW_DEFAULT: "the objects that are in the bucket already",
    Law.SOURCE_OF_COPY: "the source of the copy",
    Law.UPLOADS_ON_NEW_DEFAULT: "the uploads that are in progress",
    Law.UPDATED_OBJECT: "the object, but for its encryption",
    Law.OBJECTS_ON_NEW_ALIAS: "the objects under the key that the alias named before",
    Law.OTHER_VERSIONS: "the other versions of the object",
    Law.RENAMED_OBJECT: "the object under its new name",
    Law.OBJECTS_ON_VERSIONING: "the objects that are in the bucket already",
}
_CONTEXT = {
    ("new_buckets_block_sse_c", True): "new buckets block SSE-C",
    ("new_buckets_block_sse_c", False): "new buckets do not block SSE-C",
    ("new_buckets_block_sse_c", None): "whether new buckets block SSE-C is not known",
    ("sse_c_over_http", True): "the endpoint takes SSE-C over plain HTTP",
}


def tell_every_example() -> dict[str, ToldClause]:
    """Return for each clause and allowance its first example of both sorts."""
    firing: dict[str, Example] = {}
    silent: dict[str, Example] = {}
    for example in every_example():
        (firing if example.fires else silent).setdefault(example.clause_id, example)
    return {
        clause_id: ToldClause(fires=_tell(firing, clause_id), silent=_tell(silent, clause_id))
        for clause_id in sorted({*firing, *silent})
    }


def _tell(examples: dict[str, Example], clause_id: str) -> ToldExample | None:
    example = examples.get(clause_id)
    return None if example is None else tell_example(example)


def tell_example(example: Example) -> ToldExample:
    """Return an example in words."""
    situation = example.make()
    return ToldExample(
        sentence=example.sentence,
        test=f"{example.module.replace('.', '/')}.py::{example.make.__name__}",
        start=(*tell_start(situation.start), *_named_keys(situation)),
        steps=tuple(tell_request(step) for step in situation.steps),
        request=tell_request(situation.request),
        demands=tuple(dict.fromkeys(tell_ruling(ruling) for ruling in situation.rulings)),
        refused_with=_refused_with(situation),
    )


def tell_request(request: Operation) -> ToldRequest:
    """Return a request as a call with boto3's parameters."""
    given = to_parameters(request)
    shown = {
        "Document" if name == DOCUMENT else name: cut(value, STORED_TEXT)
        for name, value in given.items()
    }
    remarks = [] if request.secure else ["over plain HTTP"]
    if isinstance(request, KmsOperation) and request.region:
        remarks.append(f"sent to {request.region}")
    for name, value in given.items():
        if cut(value, STORED_TEXT) != value:
            size = len(request.content()) if name == "Body" else len(str(value))
            remarks.append(f"{name} of {size:,} bytes")
    return ToldRequest(operation=request.operation, parameters=shown, remarks=tuple(remarks))


def tell_ruling(ruling: Ruling) -> str:
    """Return in words what a ruling demands of the request or of its answer."""
    match ruling:
        case Refuse(errors=errors):
            return f"must be refused with {_any_of(errors)}"
        case MayRefuse(errors=errors):
            return f"may be refused with {_any_of(errors)}"
        case Succeed():
            return "must not be refused"
        case Order():
            return "of several checks that fail, the first in the recorded order answers alone"
        case Store(facet=facet, options=options):
            told = " or ".join(_stored(facet, option) for option in options)
            return f"a success stores the object {told}"
        case Require(field=field, matcher=matcher):
            return _required(field, matcher)
        case Keep(law=law):
            return f"must leave as it is: {_KEPT.get(law, law.value)}"
        case _:
            assert_never(ruling)


def _required(field: str, matcher: Matcher) -> str:
    name = _FIELDS.get(field, field)
    if isinstance(matcher, Absent):
        return f"the answer must not show {name}"
    return f"the answer's {name} must be {matcher.text or 'empty'}"


def _stored(facet: Facet, option: str | KmsKey | bool) -> str:
    if isinstance(option, KmsKey):
        return f"under {_key_words(option)}"
    if facet is Facet.BUCKET_KEY:
        return "with a Bucket Key" if option else "without a Bucket Key"
    return f"under {_ALGORITHMS.get(str(option), option)}"


def _key_words(key: KmsKey) -> str:
    name = "the AWS managed key aws/s3" if key.key_id == MANAGED_KEY else f"KMS key {key.key_id}"
    return name if key.state is KeyState.ENABLED else f"{name} ({key.state.value})"


def _any_of(errors: Iterable[S3Error]) -> str:
    return " or ".join(_error_words(error) for error in errors)


def _error_words(error: S3Error) -> str:
    if error.code != ANY_CODE:
        return error.text
    return f"any {error.status} error" if error.status else "any error"


def _refused_with(situation: Situation) -> str:
    """Return the errors that are answered, where the clause's own rulings do not say as much."""
    if situation.answered is None:
        return ""
    said = {e for ruling in situation.rulings if isinstance(ruling, Refuse) for e in ruling.errors}
    if said == situation.answered:
        return ""
    return _any_of(sorted(situation.answered, key=lambda error: (error.status, error.code)))


def tell_start(world: World) -> tuple[str, ...]:
    """Say what is there before the first step, as far as it is not the usual new account."""
    told: list[str] = []
    usual = EMPTY
    if world.context == UNKNOWN.context:
        told.append("nothing is known of what is there")
        usual = UNKNOWN
    for field in fields(world.context):
        value = getattr(world.context, field.name)
        if value != getattr(usual.context, field.name):
            told.append(_CONTEXT.get((field.name, value), f"{_words(field.name)} {value}"))
    for name, bucket in world.buckets.items():
        told += _tell_bucket(name, bucket)
    told += [_tell_key(key) for handle, key in world.keys.items() if usual.keys.get(handle) != key]
    told += [
        f"{_words(field.name)} as the test sets it up"
        for field in fields(world)
        if field.name not in {"context", "buckets", "keys"}
        and getattr(world, field.name) != getattr(usual, field.name)
    ]
    return tuple(told)


def _named_keys(situation: Situation) -> list[str]:
    """Say of the KMS keys that the requests name that they exist: others in examples do not."""
    requests = (*situation.steps, situation.request)
    text = json.dumps([to_parameters(request) for request in requests])
    named = {a: k for a, k in situation.start.aliases.items() if json.dumps(a) in text}
    told = [f"{alias} names KMS key {key_id}" for alias, key_id in named.items()]
    for key in EMPTY.keys.values():
        known = situation.start.keys.get(key.key_id) == key
        if known and (key.key_id in text or key.key_id in named.values()):
            kind = "" if key.symmetric else ", an asymmetric one"
            told.append(f"KMS key {key.key_id} exists{kind}")
    return told


def _words(name: str) -> str:
    return name.replace("_", " ")


def _tell_bucket(name: str, bucket: object) -> list[str]:
    if not isinstance(bucket, Bucket):
        return [f"whether bucket {name} exists is not known"]
    told = [f"bucket {name} exists"]
    for object_key, version in bucket.objects.items():
        if isinstance(version, ObjectVersion):
            data = "" if version.body is not None else ", its data is not known"
            told.append(f"object {object_key} is there under {_under(version.encryption)}{data}")
        else:
            told.append(f"object {object_key} is {version.value}")
    return told


def _under(encryption: ObjectEncryption | None) -> str:
    if encryption is None:
        return "an encryption that is not known"
    return _ENCRYPTIONS.get(type(encryption), type(encryption).__name__)


def _tell_key(key: KmsKey) -> str:
    return f"{_key_words(key)} has the ARN {key.arn or 'that nobody knows'}"
