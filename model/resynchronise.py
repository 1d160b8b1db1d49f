"""What may be true after an answer that no outcome allows, so that the rest can still be judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import BODY, ETAG, SOURCE_VERSION_ID, VERSION_ID
from model.operation import encryption_shown, existing_bucket, key_of_arn, with_shown
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_bucket_versioning import GetBucketVersioning
from model.operations.get_object_attributes import GetObjectAttributes
from model.operations.listing import ListingOperation
from model.request import (
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_MD5,
    ENCRYPTION_HEADERS,
    KMS_KEY_ID,
    SSE,
    ObjectRead,
    ObjectWrite,
)
from model.sse import DsseKms, SseKms, SseS3
from model.stored import Presence
from model.world import KEY_ARN, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.findings import Mismatch
    from model.operation import Operation
    from model.sse import ObjectEncryption
    from model.stored import ObjectVersion
    from model.world import KmsKey

_ALGORITHMS = frozenset({SSE, CUSTOMER_ALGORITHM, CUSTOMER_KEY_MD5})


def as_shown(world: World, request: Operation, answer: Answer, found: list[Mismatch]) -> World:
    """Return the world after a success, with what the answer showed wrongly noted.

    What the answer tells beside that is still to be learnt.
    """
    if isinstance(request, GetBucketEncryption):
        bucket = existing_bucket(world, request.bucket)
        if bucket is None:
            return world
        return world.with_bucket(request.bucket, replace(bucket, rule=None, blocked=None))
    if isinstance(request, GetBucketVersioning):
        return request.doubted(world, answer)
    if isinstance(request, GetObjectAttributes | ListingOperation):
        return request.doubted(world, answer, frozenset(m.field for m in found))
    return _object_as_shown(world, request, answer, found)


def _object_as_shown(
    world: World, request: Operation, answer: Answer, found: list[Mismatch]
) -> World:
    version = request.subject(world)
    if isinstance(version, Presence):
        return world
    wrong = {
        m.field: value for m in found if isinstance(value := answer.value(m.field), str | None)
    }
    changed = with_shown(version, wrong)
    if VERSION_ID in wrong and isinstance(request, ObjectWrite):
        changed = replace(changed, version_id=wrong[VERSION_ID])
    if ETAG in wrong and not isinstance(request, ObjectRead):
        # What a read shows may be wrong of that read alone: it is noted, and holds nowhere else.
        changed = replace(changed, etag=wrong[ETAG])
    if wrong.get(SOURCE_VERSION_ID) is not None:
        changed = replace(changed, body=None, checksums=None, metadata=None)
    if BODY in {m.field for m in found}:
        changed = replace(changed, body=None, shown={**changed.shown, BODY: None})
    if wrong.keys() & _ALGORITHMS and not _leaves_out_sse_s3(version, wrong):
        shown, key = encryption_shown(answer, world)
        changed = replace(
            changed,
            encryption=shown,
            decided_by=(),
            shown={n: v for n, v in changed.shown.items() if n in {BODY, ETAG}},
        )
    else:
        encryption, key = _under_key_shown(world, version, wrong.get(KMS_KEY_ID))
        changed = replace(changed, encryption=encryption)
    if key is not None and key.key_id not in world.keys:
        world = world.with_key(key)
    return request.with_subject(world, changed)


def _leaves_out_sse_s3(version: ObjectVersion, wrong: Mapping[str, str | None]) -> bool:
    """Tell whether all that is wrong with an object's encryption is that SSE-S3 is not shown.

    Whether it is stored so or not at all: without a key, each further request ends the same.
    """
    about = {name: value for name, value in wrong.items() if name in ENCRYPTION_HEADERS}
    return isinstance(version.encryption, SseS3) and about == {SSE: None}


def _under_key_shown(
    world: World, version: ObjectVersion, named: str | None
) -> tuple[ObjectEncryption | None, KmsKey | None]:
    """Return the encryption under the key whose ARN was wrongly shown, and that key.

    Another form of a key's name changes no belief.
    """
    encryption = version.encryption
    if named is None or KEY_ARN.fullmatch(named) is None:
        return encryption, None
    key = key_of_arn(world, named)
    if key is None or not isinstance(encryption, SseKms | DsseKms):
        return encryption, None
    return replace(encryption, kms_key_id=key.key_id), key
