"""CopyObject: to another name, to another bucket, in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.action import action
from conformance.actions.versioning import strange_version_id
from conformance.looking import copy_source
from conformance.universe import CUSTOMER_KEYS, KEYS_BY_MD5, METADATA, SHORT_KEYS
from model.clause import Capability
from model.operations.copy_object import CopyObject
from model.sse import SseC
from model.stored import ObjectVersion

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Faults, Requests
    from model.operation import Operation
    from model.stored import StoredVersion


@action(26, CopyObject, left_out=25, needs=Capability.COPY)
def copy_object(build: Requests) -> Operation:
    """Return a CopyObject: to another name, another bucket or in place; of a version, or not."""
    choose = build.choose
    fields: Fields = {"bucket": build.bucket()}
    fields["object_key"] = choose.pick(build.universe.object_keys)
    version = _source(build, fields)
    if version is not None and version.etag is not None and choose.chance(8):
        names = ("source_if_match", "source_if_none_match")
        faults.put_condition(choose, fields, version.etag, *names)
    _directives(build, fields)
    build.encryption(fields)
    if version is not None and isinstance(version.encryption, SseC) and not choose.chance(12):
        texts = KEYS_BY_MD5.get(version.encryption.customer_key_md5)
        if choose.chance(12):
            texts = choose.pick((*CUSTOMER_KEYS, SHORT_KEYS[0]))
        faults.put_customer_key(fields, texts, source=True)
        if choose.chance(15):
            fields.pop("source_customer_key_md5", None)
    build.maybe_spoil(fields, _copy_faults(build))
    return CopyObject(secure=build.secure, **fields)


def _source(build: Requests, fields: Fields) -> ObjectVersion | None:
    """Name a source, and make it the destination now and then; return the version, if it is one."""
    choose = build.choose
    found, versions = build.objects(), build.versions()
    version: StoredVersion | None = None
    version_id = None
    if found and not choose.chance(5):
        if versions and choose.chance(35):
            bucket, object_key, version_id, version = choose.pick(versions)
            version_id = strange_version_id(build, version_id, 8)
        else:
            bucket, object_key, version = choose.pick(found)
        if choose.chance(25):
            fields["bucket"], fields["object_key"] = bucket, object_key
    else:
        bucket = build.bucket()
        if choose.chance(30):
            bucket = build.universe.missing_bucket
        object_key = "never-written"
    fields["copy_source"] = copy_source(bucket, object_key, version_id)
    return version if isinstance(version, ObjectVersion) else None


def _directives(build: Requests, fields: Fields) -> None:
    """Say what is to become of metadata and tags, of the storage class and the redirect."""
    choose = build.choose
    if choose.chance(22):
        fields["metadata_directive"] = choose.pick(("REPLACE", "REPLACE", "COPY"))
        fields["metadata"] = choose.pick(METADATA)
    if choose.chance(6):
        fields["tagging_directive"], fields["tagging"] = "REPLACE", "team=storage"
    elif choose.chance(3):
        fields["tagging_directive"] = "COPY"
    if choose.chance(8):
        fields["storage_class"] = "STANDARD"
    if choose.chance(4):
        fields["website_redirect"] = "/elsewhere"


def _copy_faults(build: Requests) -> Faults:
    sources: Faults = [(faults.malformed_source, 3)]
    if build.has(Capability.SSE_C):
        sources += [(faults.partial_source_key, 9), (faults.wrong_source_key, 14)]
    return [*build.write_faults(), *sources]
