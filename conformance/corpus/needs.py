"""What a target must be able to do for a scenario to be fair to it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING

from conformance.corpus.names import NAME
from model.clause import Capability

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.corpus.written import Written, WrittenStep
    from conformance.phase import Setting

_BY_OPERATION = {
    Capability.BUCKET_ENCRYPTION: r"\w+BucketEncryption",
    Capability.COPY: r"CopyObject|UploadPartCopy",
    Capability.MULTIPART: r"\w*Multipart\w*|UploadPart\w*|ListParts",
    Capability.VERSIONING: r"\w+BucketVersioning|ListObjectVersions",
    Capability.ATTRIBUTES: r"GetObjectAttributes",
    Capability.LISTS: r"List(Objects|ObjectsV2|ObjectVersions)",
    Capability.MULTI_DELETE: r"DeleteObjects",
    Capability.POST_FORM: r"PostObject",
    Capability.BUCKET_POLICY: r"\w+BucketPolicy",
    Capability.UPDATE_ENCRYPTION: r"UpdateObjectEncryption",
    Capability.ARCHIVE: r"RestoreObject",
    Capability.DIRECTORY_BUCKETS: r"CreateSession|RenameObject",
    Capability.KMS_API: r"\w+Key|\w+Alias|ScheduleKeyDeletion|CancelKeyDeletion",
}
_BY_PARAMETERS = {
    Capability.SSE_S3: r'(?i)("ServerSideEncryption"|"SSEAlgorithm"|encryption"): "AES256"',
    Capability.SSE_KMS: r"aws:kms(?!:dsse)|SSEKMS|KMSMasterKeyID|\$kms",
    Capability.DSSE_KMS: r"aws:kms:dsse",
    Capability.SSE_C: r"SSECustomer|SSE-C|customer-(algorithm|key)",
    Capability.BUCKET_KEY: r"(?i)bucket-?key-?enabled",
    Capability.BLOCKED_TYPES: r"BlockedEncryptionTypes",
    Capability.CHECKSUMS: r'(?i)"Checksum|x-amz-checksum|x-amz-sdk-checksum',
    Capability.ARCHIVE: r"GLACIER|DEEP_ARCHIVE",
    Capability.VERSIONING: r'"VersionId"|versionId=',
    Capability.PRESIGNED: r'"_auth": "presigned',
    Capability.DIRECTORY_BUCKETS: r"\$directory",
    Capability.FSX_ACCESS_POINT: r"\$access_point",
}


@cache
def needs_of_operation(operation: str) -> frozenset[Capability]:
    """Return the capabilities that an operation makes use of, whatever it asks for."""
    return frozenset(
        one for one, pattern in _BY_OPERATION.items() if re.fullmatch(pattern, operation)
    )


def needs_of(steps: Iterable[WrittenStep]) -> frozenset[Capability]:
    """Return the capabilities that these steps make use of."""
    found: set[Capability] = set()
    for step in steps:
        text = json.dumps(step.params)
        found |= needs_of_operation(step.op)
        found |= {one for one, pattern in _BY_PARAMETERS.items() if re.search(pattern, text)}
    return frozenset(found)


def is_playable(scenario: Written, setting: Setting) -> bool:
    """Tell whether the target, and what the run has of KMS keys, let the scenario be played."""
    if scenario.plain_http and (setting.secure or setting.world.context.sse_c_over_http):
        return False  # what it asks for is refused nowhere but over plain HTTP
    if scenario.blocked and setting.world.context.new_buckets_block_sse_c is not True:
        return False
    if not needs_of(scenario.steps) <= setting.capabilities:
        return False
    own = {step.called for step in scenario.steps}
    named = {name for name in _keys_named(scenario) if name.partition(".")[0] not in own}
    return all(_has_key(name, setting) for name in named)


def _keys_named(scenario: Written) -> set[str]:
    text = json.dumps([step.params for step in scenario.steps])
    return {
        found["name"] if found["piece"] != "arn" else f"{found['name']}.arn"
        for found in NAME.finditer(text)
        if (found["name"] or "").startswith("kms")
    }


def _has_key(name: str, setting: Setting) -> bool:
    number, _, piece = name.removeprefix("kms").partition(".")
    if not number.isdigit() or int(number) > len(setting.kms_keys):
        return False
    return not piece or setting.kms_keys[int(number) - 1].arn is not None
