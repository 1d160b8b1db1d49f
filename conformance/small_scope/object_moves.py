"""Moves about one pair of objects: written, copied, deleted, updated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.faults import UNKNOWN_ALGORITHMS, put_customer_key
from conformance.looking import copy_source, key_fields
from conformance.small_scope.moves import ALIAS, OWN_KEY, Aim, Tier, add_move
from conformance.small_scope.shared_moves import (
    DSSE,
    KMS,
    alias,
    key_1,
    key_2,
    own_key,
)
from conformance.universe import CONTEXTS, CUSTOMER_KEYS
from model.clause import Capability
from model.operation import existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.delete_object import DeleteObject
from model.operations.put_object import PutObject
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.sse import SseAlgorithm, md5_base64
from model.stored import ObjectVersion
from model.update_document import UpdateText, write_update

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.faults import Fields
    from conformance.small_scope.moves import Make, Stand
    from model.operation import Operation

API = Capability.KMS_API


def plain(stand: Stand) -> Fields:
    """Name no encryption."""
    del stand
    return {}


def aes256(stand: Stand) -> Fields:
    """Name SSE-S3."""
    del stand
    return {"sse": SseAlgorithm.AES256.value}


def under(
    algorithm: str, key: Callable[[Stand], str] | None = None, *, flag: str | None = None
) -> Callable[[Stand], Fields]:
    """Name KMS, and a key."""

    def headers(stand: Stand) -> Fields:
        fields: Fields = {"sse": algorithm}
        if key is not None:
            fields["kms_key_id"] = key(stand)
        if flag is not None:
            fields["bucket_key_enabled"] = flag
        return fields

    return headers


def customer(number: int) -> Callable[[Stand], Fields]:
    """Send a customer key."""

    def headers(stand: Stand) -> Fields:
        del stand
        fields: Fields = {}
        put_customer_key(fields, CUSTOMER_KEYS[number])
        return fields

    return headers


def _with_context(headers: Callable[[Stand], Fields]) -> Callable[[Stand], Fields]:
    return lambda stand: headers(stand) | {"encryption_context": CONTEXTS[0]}


def _refused(stand: Stand) -> Fields:
    """Name an algorithm that does not exist."""
    del stand
    return {"sse": UNKNOWN_ALGORITHMS[0]}


def put(headers: Callable[[Stand], Fields]) -> Make:
    """Write the first object, with these headers."""

    def make(stand: Stand) -> tuple[Operation, ...]:
        return (
            PutObject(
                bucket=stand.bucket,
                object_key=stand.one,
                body=stand.body,
                metadata=stand.metadata,
                secure=stand.secure,
                **headers(stand),
            ),
        )

    return make


def _copy(
    headers: Callable[[Stand], Fields], source: tuple[int, str], target: tuple[int, str]
) -> Make:
    """Copy between two places: each is the number of a bucket, and ``one`` or ``other``."""

    def make(stand: Stand) -> tuple[Operation, ...]:
        bucket, object_key = stand.buckets[source[0]], getattr(stand, source[1])
        found = stand.world.object(bucket, object_key)
        if not isinstance(found, ObjectVersion):
            return ()
        return (
            CopyObject(
                bucket=stand.buckets[target[0]],
                object_key=getattr(stand, target[1]),
                copy_source=copy_source(bucket, object_key),
                secure=stand.secure,
                **headers(stand),
                **key_fields(found, source=True),
            ),
        )

    return make


def _replaced(stand: Stand) -> Fields:
    """Replace the metadata."""
    return {"metadata_directive": "REPLACE", "metadata": stand.metadata}


def _restore(stand: Stand) -> tuple[Operation, ...]:
    """Copy the version before the newest over the object."""
    found = existing_bucket(stand.world, stand.bucket)
    row = () if found is None else found.row(stand.one)
    older = [v for v in row[1:] if isinstance(v, ObjectVersion) and v.version_id is not None]
    if not older:
        return ()
    return (
        CopyObject(
            bucket=stand.bucket,
            object_key=stand.one,
            copy_source=copy_source(stand.bucket, stand.one, older[0].version_id),
            secure=stand.secure,
            **key_fields(older[0], source=True),
        ),
    )


def _delete(stand: Stand) -> tuple[Operation, ...]:
    found = existing_bucket(stand.world, stand.bucket)
    if found is None or not found.row(stand.one):
        return ()
    return (DeleteObject(bucket=stand.bucket, object_key=stand.one, secure=stand.secure),)


def _update(key: Callable[[Stand], str], flag: str | None = None) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        named = stand.world.keys.get(key(stand))
        found = stand.world.object(stand.bucket, stand.one)
        if named is None or named.arn is None or not isinstance(found, ObjectVersion):
            return ()
        document = write_update(UpdateText(kms_key_arn=named.arn, bucket_key_enabled=flag))
        return (
            UpdateObjectEncryption(
                bucket=stand.bucket,
                object_key=stand.one,
                document=document,
                content_md5=md5_base64(document),
                secure=stand.secure,
            ),
        )

    return make


_INNER = frozenset({"put", "put K1", "put C1", "copy in place", "delete"})
_KEPT = _INNER | {"put C2", "restore"}
_VARIANTS = ("AES256", "aws/s3", "DSSE", "K2", ",", "alias", "refused", "back", "new", "from")


def _add(name: str, make: Make, *needs: Capability, uses: str = "", opens: bool = False) -> None:
    variant = any(text in name for text in _VARIANTS)
    add_move(
        name,
        Aim.OBJECTS,
        (make,),
        *needs,
        uses=tuple(one for one in ("K1", "K2", "C1", "C2", OWN_KEY, ALIAS) if one in uses),
        opens=opens,
        buckets=2 if "bucket" in name else 1,
        tier=Tier.INNER if name in _INNER else Tier.VARIANT if variant else Tier.CORE,
        kept=name in _KEPT,
    )


def _add_puts() -> None:
    kms, sse_c, k1 = Capability.SSE_KMS, Capability.SSE_C, under(KMS, key_1)
    _add("put", put(plain), opens=True)
    _add("put K1", put(k1), kms, uses="K1", opens=True)
    _add("put C1", put(customer(0)), sse_c, uses="C1", opens=True)
    _add("put C2", put(customer(1)), sse_c, uses="C2", opens=True)
    _add("put AES256", put(aes256), Capability.SSE_S3, opens=True)
    _add("put aws/s3", put(under(KMS)), kms, opens=True)
    _add("put DSSE", put(under(DSSE)), kms, Capability.DSSE_KMS, opens=True)
    _add("put K2", put(under(KMS, key_2)), kms, uses="K2", opens=True)
    flagged = put(under(KMS, key_1, flag="true"))
    _add("put K1, Bucket Key", flagged, kms, Capability.BUCKET_KEY, uses="K1", opens=True)
    _add("put own key", put(under(KMS, own_key)), kms, API, uses=OWN_KEY, opens=True)
    _add("put K1, context", put(_with_context(k1)), kms, uses="K1", opens=True)
    _add("put refused", put(_refused), opens=True)
    _add("put alias", put(under(KMS, alias)), kms, API, uses=f"K1 {ALIAS}", opens=True)


def _add_copies() -> None:
    copy, kms, sse_c = Capability.COPY, Capability.SSE_KMS, Capability.SSE_C
    one, other, there = (0, "one"), (0, "other"), (1, "one")
    k1, c1, c2 = under(KMS, key_1), customer(0), customer(1)
    _add("copy", _copy(plain, one, other), copy)
    _add("copy K1", _copy(k1, one, other), copy, kms, uses="K1")
    _add("copy AES256", _copy(aes256, one, other), copy, Capability.SSE_S3)
    _add("copy C1", _copy(c1, one, other), copy, sse_c, uses="C1")
    _add("copy DSSE", _copy(under(DSSE), one, other), copy, kms, Capability.DSSE_KMS)
    _add("copy with new metadata", _copy(_replaced, one, other), copy)
    _add("copy back", _copy(plain, other, one), copy)
    _add("copy in place", _copy(plain, one, one), copy)
    _add("copy in place AES256", _copy(aes256, one, one), copy, Capability.SSE_S3)
    _add("copy in place K1", _copy(k1, one, one), copy, kms, uses="K1")
    _add("copy in place C2", _copy(c2, one, one), copy, sse_c, uses="C1 C2")
    _add("copy to the second bucket", _copy(plain, one, there), copy)
    _add("copy K1 to the second bucket", _copy(k1, one, there), copy, kms, uses="K1")
    _add("copy from the second bucket", _copy(plain, there, one), copy)
    _add("restore", _restore, copy, Capability.VERSIONING)


def _add_others() -> None:
    update, kms = Capability.UPDATE_ENCRYPTION, Capability.SSE_KMS
    _add("delete", _delete)
    _add("update to K1", _update(key_1), update, kms, uses="K1")
    _add("update to own key", _update(own_key, "true"), update, kms, API, uses=OWN_KEY)


_add_puts()
_add_copies()
_add_others()
