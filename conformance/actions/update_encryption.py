"""UpdateObjectEncryption: of objects of every kind, with documents that are sound or are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.action import action
from conformance.universe import UNKNOWN_KEY_ID
from model.clause import Capability
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.sse import SseKms, SseS3, md5_base64
from model.update_document import UpdateText, write_update
from model.world import MANAGED_KEY

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Requests
    from model.operation import Operation

FAULTY_PERCENT = 38


@action(14, UpdateObjectEncryption, left_out=30, needs=Capability.UPDATE_ENCRYPTION)
def update_object_encryption(build: Requests) -> Operation | None:
    """Return an UpdateObjectEncryption: mostly a sound one of an object that may be updated."""
    choose = build.choose
    arns = key_arns(build)
    if not arns:
        return None
    fields = _named(build)
    update = UpdateText(
        kms_key_arn=choose.pick(arns),
        bucket_key_enabled=choose.pick((None, None, "true", "true", "false")),
    )
    document = write_update(update)
    if choose.chance(FAULTY_PERCENT):
        document = _bad_document(build, update)
    fields["document"] = document
    if not choose.chance(3):
        fields["content_md5"] = md5_base64(document)
    if choose.chance(3):
        faults.wrong_content_md5(choose, build.universe, fields)
    return UpdateObjectEncryption(secure=build.secure, **fields)


def _named(build: Requests) -> Fields:
    """Return the names of an object: mostly of one whose encryption may be updated."""
    choose, found = build.choose, build.objects()
    if choose.chance(70):
        found = [o for o in found if isinstance(o[2].encryption, SseS3 | SseKms)] or found
    if not found or choose.chance(6):
        return {"bucket": build.bucket(), "object_key": "never-written"}
    bucket, object_key, version = choose.pick(found)
    fields: Fields = {"bucket": bucket, "object_key": object_key}
    if version.version_id is not None and choose.chance(15):
        fields["version_id"] = version.version_id
    return fields


def key_arns(build: Requests) -> list[str]:
    """Return the ARNs of the KMS keys that exist, those of the sequence's own twice."""
    known = build.world.keys
    pool = [key.key_id for key in build.universe.kms_keys]
    found = [known[k].arn for k in (*pool, *build.own_keys * 2) if k in known and k != MANAGED_KEY]
    return [arn for arn in found if arn is not None]


def _bad_document(build: Requests, update: UpdateText) -> bytes:
    choose = build.choose
    kind = choose.weighted((("xml", 2), ("type", 4), ("target", 4), ("key", 10), ("flag", 4)))
    if kind == "xml":
        return choose.pick((b"", b"<ObjectEncryption><SSE-KMS>", b"<Encryption/>"))
    if kind == "type":
        types = choose.pick(((), ("SSE-S3",), ("SSES3",), ("SSE-FSX",)))
        return write_update(update._replace(types=types))
    if kind == "target":
        types = choose.pick((("DSSE-KMS",), ("SSE-C",)))
        return write_update(update._replace(types=types))
    if kind == "flag":
        return write_update(update._replace(bucket_key_enabled=choose.pick(("yes", "on", "2"))))
    return write_update(update._replace(kms_key_arn=choose.pick(_other_keys(build, update))))


def _other_keys(build: Requests, update: UpdateText) -> tuple[str | None, ...]:
    """Return texts that are no ARN of a usable key: none, other forms, other accounts, no key."""
    arn = update.kms_key_arn or ""
    stem, _, key_id = arn.rpartition("/")
    alias = next(iter(build.world.aliases), "alias/aws/s3")
    alias_arn = f"{stem.rpartition(':')[0]}:{alias}"
    universe = build.universe
    return (
        None,
        None,
        "",
        key_id,
        alias,
        alias_arn,
        UNKNOWN_KEY_ID,
        universe.other_account_arn,
        universe.other_account_arn,
        universe.unknown_arn,
        universe.foreign_arn,
    )
