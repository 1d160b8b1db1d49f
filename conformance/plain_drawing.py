"""Requests of operations that nobody wrote an action for, drawn by the kinds that they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.universe import KEYS_BY_MD5
from model.request import (
    BucketRequest,
    ObjectRead,
    ObjectRequest,
    ObjectWrite,
    UploadRequest,
    text_places,
)
from model.sse import SseC
from model.stored import ObjectVersion, Presence
from model.world import Bucket

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Requests
    from model.operation import Operation

SAMPLED_PERCENT = 25
VERSION_PERCENT = 30
FAULTY_READ_PERCENT = 20


def draw_plainly(kind: type[Operation], build: Requests) -> Operation | None:
    """Return a request of that operation: names that exist, headers by its kinds, samples.

    None where it names an upload and there is none.
    """
    choose = build.choose
    fields: Fields = {"secure": build.secure}
    if issubclass(kind, BucketRequest):
        fields["bucket"] = build.bucket()
    if issubclass(kind, ObjectRequest):
        fields["object_key"] = choose.pick(build.universe.object_keys)
        found = build.objects()
        if found and not choose.chance(15):
            fields["bucket"], fields["object_key"], _ = choose.pick(found)
    if issubclass(kind, UploadRequest) and not _name_upload(build, fields):
        return None
    for place in text_places(kind):
        if place.samples and choose.chance(SAMPLED_PERCENT):
            fields[place.attribute] = choose.pick(place.samples)
    if issubclass(kind, ObjectWrite):
        build.encryption(fields)
        build.maybe_spoil(fields, build.write_faults())
    elif issubclass(kind, ObjectRead):
        _read_headers(build, fields)
    return kind(**fields)


def _name_upload(build: Requests, fields: Fields) -> bool:
    """Name an upload that was begun; return whether there is one."""
    begun = [
        (name, upload.object_key, upload_id)
        for name in build.universe.buckets
        if isinstance(bucket := build.world.buckets.get(name), Bucket)
        for upload_id, upload in bucket.uploads.items()
        if not isinstance(upload, Presence) and upload_id
    ]
    if not begun:
        return False
    fields["bucket"], fields["object_key"], fields["upload_id"] = build.choose.pick(begun)
    return True


def _read_headers(build: Requests, fields: Fields) -> None:
    """Name a version now and then, give the key where one is needed, and spoil it sometimes."""
    bucket = build.world.buckets.get(fields["bucket"])
    if isinstance(bucket, Bucket) and build.choose.chance(VERSION_PERCENT):
        row = bucket.row(fields["object_key"])
        named = [v.version_id for v in row if not isinstance(v, Presence) and v.version_id]
        fields["version_id"] = build.choose.pick(named) if named else None
    version = build.world.version(fields["bucket"], fields["object_key"], fields.get("version_id"))
    if isinstance(version, ObjectVersion) and isinstance(version.encryption, SseC):
        faults.put_customer_key(fields, KEYS_BY_MD5.get(version.encryption.customer_key_md5))
    build.maybe_spoil(fields, build.read_faults(), FAULTY_READ_PERCENT)
