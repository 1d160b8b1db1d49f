"""Uploads in parts to directory buckets: begun, filled, copied into, listed, completed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance import multipart_faults
from conformance.action import action
from conformance.actions.directory_buckets import (
    NEEDS,
    kms_headers,
    made,
    open_directory_buckets,
    spoil,
)
from conformance.actions.multipart import MOST_UPLOADS, Named, uploads_in
from conformance.looking import copy_source
from conformance.multipart_faults import ALL_PARTS, NO_UPLOAD, PARTS
from conformance.universe import BODIES, LARGE_PART, METADATA
from model.clause import Capability
from model.completion_document import ListedPart, write_completion
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.list_parts import ListParts
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.world import SessionMode

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Faults, Requests
    from model.operation import Operation

WITH_PARTS = (NEEDS, Capability.MULTIPART)


def _token(build: Requests, bucket: str, upload: Named | None = None) -> str | None:
    """Return the token of a session to write within: mostly one that is as the upload is."""
    choose = build.choose
    modes = (SessionMode.READ_ONLY,) if choose.chance(5) else (SessionMode.READ_WRITE,)
    found = build.sessions(bucket, *modes) or build.sessions(bucket)
    if upload is not None and not choose.chance(10):
        wanted = upload.upload.version.encryption
        found = [one for one in found if one[1].encryption == wanted] or found
    return choose.pick(found[-4:])[0] if found else None


def _named(build: Requests, *, with_parts: bool = False) -> Named | None:
    """Return an upload in progress of a directory bucket."""
    found = uploads_in(build, *made(build))
    if with_parts:
        found = [one for one in found if one.upload.parts]
    return build.choose.pick(found) if found else None


def _fields(build: Requests, named: Named) -> Fields:
    """Return what names the upload, now and then another one, within a session."""
    fields = named.fields | {"session_token": _token(build, named.bucket, named)}
    if build.choose.chance(5):
        fields["upload_id"] = NO_UPLOAD
    return fields


def _number(build: Requests, named: Named) -> str:
    """Return a part's number: mostly the next one, often one too far."""
    there = sorted(named.upload.parts)
    if there and build.choose.chance(25):
        return str(build.choose.pick(there))
    gap = 1 if build.choose.chance(25) else 0
    return str(len(there) + 1 + gap)


@action(20, CreateMultipartUpload, needs=WITH_PARTS, after=open_directory_buckets)
def create_directory_upload(build: Requests) -> Operation | None:
    """Return a CreateMultipartUpload in a directory bucket, while there are few uploads."""
    choose, names = build.choose, made(build)
    if not names or len(uploads_in(build, *names)) >= MOST_UPLOADS:
        return None
    bucket = choose.pick(names)
    fields: Fields = {"bucket": bucket, "session_token": _token(build, bucket)}
    fields["object_key"] = choose.pick(build.universe.object_keys)
    fields["metadata"] = choose.pick(METADATA)
    way = choose.weighted((("none", 55), ("aes256", 10), ("kms", 15), ("bad", 15)))
    if way == "aes256":
        fields["sse"] = "AES256"
    elif way == "kms":
        fields |= kms_headers(build, bucket)
    elif way == "bad":
        spoil(build, bucket, fields)
    return CreateMultipartUpload(secure=build.secure, **fields)


@action(30, UploadPart, needs=WITH_PARTS, after=open_directory_buckets)
def upload_directory_part(build: Requests) -> Operation | None:
    """Return an UploadPart into an upload of a directory bucket."""
    named = _named(build)
    if named is None:
        return None
    fields = _fields(build, named) | {"part_number": _number(build, named)}
    large = not named.upload.parts and build.choose.chance(2)
    fields["body"] = LARGE_PART if large else build.choose.pick(BODIES)
    ways: Faults = [(multipart_faults.algorithm, 4), (multipart_faults.part_number, 4)]
    if build.has(Capability.SSE_C):
        ways += [(multipart_faults.some_key, 3)]
    build.maybe_spoil(fields, ways, 15)
    return UploadPart(secure=build.secure, **fields)


@action(
    12,
    UploadPartCopy,
    needs=(*WITH_PARTS, Capability.COPY),
    after=open_directory_buckets,
)
def copy_directory_part(build: Requests) -> Operation | None:
    """Return an UploadPartCopy into an upload of a directory bucket, which goes without session."""
    named, choose = _named(build), build.choose
    found = [*build.objects(), *build.objects_in(*made(build))]
    if named is None or not found:
        return None
    bucket, object_key, version = choose.pick(found)
    if choose.chance(4):
        object_key = "never-written"
    fields = named.fields | {"part_number": _number(build, named)}
    fields["copy_source"] = copy_source(bucket, object_key)
    if version.body and choose.chance(25):
        fields["copy_source_range"] = f"bytes=0-{len(version.body) - 1}"
    build.maybe_spoil(fields, [(multipart_faults.algorithm, 4)], 10)
    return UploadPartCopy(secure=build.secure, **fields)


@action(24, CompleteMultipartUpload, needs=WITH_PARTS, after=open_directory_buckets)
def complete_directory_upload(build: Requests) -> Operation | None:
    """Return a CompleteMultipartUpload of an upload of a directory bucket that has parts."""
    named, choose = _named(build, with_parts=True), build.choose
    if named is None:
        return None
    parts = named.upload.parts
    listed = [ListedPart(n, f'"{parts[n].etag}"') for n in sorted(parts)]
    small = any(len(parts[n].body or b"") < len(LARGE_PART) for n in sorted(parts)[:-1])
    one = choose.pick(listed) if choose.chance(40) else listed[0]
    fields = _fields(build, named)
    fields |= {ALL_PARTS: listed, PARTS: [one] if small else list(listed)}
    ways: Faults = [
        (multipart_faults.other_etag, 6),
        (multipart_faults.missing_part, 4),
        (multipart_faults.document, 4),
        (multipart_faults.algorithm, 3),
        (multipart_faults.whole_list, 8),
    ]
    build.maybe_spoil(fields, ways, 25)
    written = write_completion(fields.pop(PARTS))
    del fields[ALL_PARTS]
    fields.setdefault("document", written)
    return CompleteMultipartUpload(secure=build.secure, **fields)


@action(10, ListParts, AbortMultipartUpload, needs=WITH_PARTS, after=open_directory_buckets)
def list_or_abort_directory_upload(build: Requests) -> Operation | None:
    """Return a ListParts, or now and then an AbortMultipartUpload, in a directory bucket."""
    named = _named(build)
    if named is None:
        return None
    listing = ListParts(secure=build.secure, **_fields(build, named))
    if not build.choose.chance(15):
        return listing
    abort = AbortMultipartUpload(secure=build.secure, **named.fields)
    return replace(abort, session_token=listing.session_token)
