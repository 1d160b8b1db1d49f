"""Uploads in parts: created, filled, completed, given up, listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from conformance import faults, multipart_faults, upload_checksums
from conformance.action import action, opening
from conformance.actions.bucket_encryption import sound_rule
from conformance.looking import copy_source
from conformance.multipart_faults import ALL_PARTS, NO_UPLOAD, PARTS
from conformance.universe import (
    BODIES,
    CUSTOMER_KEYS,
    KEYS_BY_MD5,
    LARGE_PART,
    METADATA,
    SHORT_KEYS,
)
from model.answer import ETAG
from model.clause import Capability
from model.completion_document import ListedPart, write_completion
from model.encryption_document import write_configuration
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.list_multipart_uploads import ListMultipartUploads
from model.operations.list_parts import ListParts
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.sse import SseC
from model.stored import MultipartUpload, ObjectVersion, is_in_progress
from model.world import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.faults import Fields
    from conformance.requests import Faults, Requests
    from model.operation import Operation

MULTIPART = Capability.MULTIPART
LEFT_OUT = 35
MOST_UPLOADS = 3


class Named(NamedTuple):
    """An upload of the world, by what requests name it."""

    bucket: str
    upload_id: str
    upload: MultipartUpload

    @property
    def fields(self) -> Fields:
        """The fields that name it."""
        return {
            "bucket": self.bucket,
            "object_key": self.upload.object_key,
            "upload_id": self.upload_id,
        }


def uploads(build: Requests) -> list[Named]:
    """Return the uploads in progress in general purpose buckets."""
    return uploads_in(build, *build.universe.buckets)


def uploads_in(build: Requests, *buckets: str) -> list[Named]:
    """Return the uploads in progress of these buckets, as far as their ids are known."""
    return [
        Named(name, upload_id, upload)
        for name in buckets
        if isinstance(bucket := build.world.buckets.get(name), Bucket)
        for upload_id, upload in bucket.uploads.items()
        if upload_id and is_in_progress(upload)
    ]


def _ended(build: Requests, bucket: str) -> str:
    """Return the id of an upload that is over, or that never was."""
    found = build.world.buckets.get(bucket)
    held = found.uploads.items() if isinstance(found, Bucket) else ()
    over = [upload_id for upload_id, u in held if upload_id and not is_in_progress(u)]
    return build.choose.pick((*over, NO_UPLOAD))


@action(7, CreateMultipartUpload, left_out=LEFT_OUT, needs=MULTIPART)
def create_multipart_upload(build: Requests) -> Operation | None:
    """Return a CreateMultipartUpload, while there are few uploads."""
    if len(uploads(build)) >= MOST_UPLOADS:
        return None
    return new_upload(build)


def new_upload(build: Requests, *, sound: bool = False) -> CreateMultipartUpload:
    """Return the beginning of an upload, spoilt now and then unless it is to be sound."""
    choose = build.choose
    fields: Fields = {"bucket": build.bucket()}
    fields["object_key"] = choose.pick(build.universe.object_keys)
    fields["metadata"] = choose.pick(METADATA)
    if build.has(Capability.SSE_C) and choose.chance(18):
        faults.put_customer_key(fields, choose.pick(CUSTOMER_KEYS))
    else:
        build.encryption(fields)
    if not sound:
        ways: Faults = [*build.write_faults(), (faults.unknown_storage_class, 2)]
        build.maybe_spoil(fields, ways)
    return CreateMultipartUpload(secure=build.secure, **fields)


@action(9, UploadPart, left_out=LEFT_OUT, needs=MULTIPART)
def upload_part(build: Requests) -> Operation | None:
    """Return an UploadPart."""
    found = uploads(build)
    return part_of(build, build.choose.pick(found), percent=40) if found else None


def part_of(
    build: Requests, named: Named, *, percent: int, body: bytes | None = None
) -> UploadPart:
    """Return a part, spoilt so often in a hundred."""
    choose = build.choose
    data = choose.pick(BODIES) if body is None else body
    fields = named.fields | {"part_number": _number(build, named), "body": data}
    _key_of_the_upload(fields, named.upload)
    fields |= upload_checksums.of_a_part(choose, named.upload, data)
    if percent:
        under_a_key = "customer_key" in fields
        ways = [*_part_faults(build), (multipart_faults.content_md5, 20 if under_a_key else 8)]
        _spoil(build, fields, ways, percent)
    return UploadPart(secure=build.secure, **fields)


def _number(build: Requests, named: Named) -> str:
    """Return a part's number: mostly the first, often one that is there, seldom a far one."""
    choose = build.choose
    there = sorted(named.upload.parts)
    if there and choose.chance(35):
        return str(choose.pick(there))
    if choose.chance(15):
        return choose.pick(("2", "7", "10000"))
    return str(len(there) + 1)


def _key_of_the_upload(fields: Fields, upload: MultipartUpload) -> None:
    encryption = upload.version.encryption
    if isinstance(encryption, SseC):
        faults.put_customer_key(fields, KEYS_BY_MD5.get(encryption.customer_key_md5))


def _spoil(build: Requests, fields: Fields, ways: Faults, percent: int = 40) -> None:
    """Spoil the request's headers, or name an upload that is over."""
    if build.choose.chance(6):
        fields["upload_id"] = _ended(build, fields["bucket"])
    elif build.choose.chance(4):
        fields["object_key"] = build.choose.pick(build.universe.object_keys)
    build.maybe_spoil(fields, ways, percent)


def _part_faults(build: Requests) -> Faults:
    found: Faults = [
        (multipart_faults.algorithm, 8),
        (multipart_faults.kms_headers, 2),
        (multipart_faults.part_number, 4),
    ]
    if build.has(Capability.SSE_C):
        found += [
            (multipart_faults.no_key, 14),
            (multipart_faults.other_key, 14),
            (faults.partial_customer_key, 9),
            (faults.wrong_customer_key, 14),
        ]
    return found


@action(7, UploadPartCopy, left_out=LEFT_OUT, needs=(MULTIPART, Capability.COPY))
def upload_part_copy(build: Requests) -> Operation | None:
    """Return an UploadPartCopy of some object, or of a range of it."""
    found = uploads(build)
    return _copied_part(build, build.choose.pick(found)) if found else None


def _copied_part(build: Requests, named: Named) -> UploadPartCopy:
    choose = build.choose
    fields = named.fields | {"part_number": _number(build, named)}
    _key_of_the_upload(fields, named.upload)
    objects = build.objects()
    bucket, object_key = build.bucket(), "never-written"
    if objects and not choose.chance(5):
        bucket, object_key, version = choose.pick(objects)
        _range(build, fields, version)
        _key_of_the_source(build, fields, version)
    elif choose.chance(30):
        bucket = build.universe.missing_bucket
    fields["copy_source"] = copy_source(bucket, object_key)
    ways: Faults = [*_part_faults(build), (faults.malformed_source, 3)]
    if build.has(Capability.SSE_C):
        ways += [(faults.partial_source_key, 9), (faults.wrong_source_key, 14)]
    _spoil(build, fields, ways)
    return UploadPartCopy(secure=build.secure, **fields)


def _range(build: Requests, fields: Fields, version: ObjectVersion) -> None:
    length = len(version.body or b"")
    if length and build.choose.chance(35):
        first = build.choose.below(min(length, 40))
        last = build.choose.pick((length - 1, first, min(first + 4, length - 1)))
        fields["copy_source_range"] = f"bytes={first}-{last}"


def _key_of_the_source(build: Requests, fields: Fields, version: ObjectVersion) -> None:
    choose = build.choose
    if not isinstance(version.encryption, SseC) or choose.chance(12):
        return
    texts = KEYS_BY_MD5.get(version.encryption.customer_key_md5)
    if choose.chance(12):
        texts = choose.pick((*CUSTOMER_KEYS, SHORT_KEYS[0]))
    faults.put_customer_key(fields, texts, source=True)
    if choose.chance(15):
        fields.pop("source_customer_key_md5", None)


@action(10, CompleteMultipartUpload, left_out=LEFT_OUT, needs=MULTIPART)
def complete_multipart_upload(build: Requests) -> Operation | None:
    """Return a CompleteMultipartUpload of an upload that has parts."""
    found = [named for named in uploads(build) if named.upload.parts]
    return completion_of(build, build.choose.pick(found), percent=40) if found else None


@action(6, left_out=LEFT_OUT, needs=MULTIPART)
def spoilt_completion(build: Requests) -> Operation | None:
    """Return a CompleteMultipartUpload that is wrong, so that the upload goes on."""
    found = [named for named in uploads(build) if named.upload.parts]
    return completion_of(build, build.choose.pick(found), percent=100) if found else None


def completion_of(build: Requests, named: Named, *, percent: int) -> CompleteMultipartUpload:
    """Return a completion, spoilt so often in a hundred."""
    choose, parts = build.choose, named.upload.parts
    fields = named.fields
    listed = [upload_checksums.listed_part(named.upload, n) for n in sorted(parts)]
    small = any(len(parts[n].body or b"") < len(LARGE_PART) for n in sorted(parts)[:-1])
    # One of them alone may be small.
    fields |= {ALL_PARTS: listed, PARTS: [choose.pick(listed)] if small else list(listed)}
    if choose.chance(85 if any(part.has_checksum for part in listed) else 35):
        _key_of_the_upload(fields, named.upload)
    if percent and choose.chance(15):
        fields[PARTS] = [_as_it_was(build, named, part) for part in fields[PARTS]]
    elif percent:
        _spoil(build, fields, _completion_faults(build, fields), percent)
    listed = fields.pop(PARTS)
    del fields[ALL_PARTS]
    fields.setdefault("document", write_completion(listed))
    return CompleteMultipartUpload(secure=build.secure, **fields)


def _as_it_was(build: Requests, named: Named, part: ListedPart) -> ListedPart:
    """Return a part by the ETag of one that it has replaced, where it has replaced one."""
    number = str(part.number)
    earlier = [
        step.answer.text(ETAG)
        for step in build.steps
        if isinstance(step.request, UploadPart | UploadPartCopy)
        and (step.request.upload_id, step.request.part_number) == (named.upload_id, number)
        and step.answer is not None
    ]
    replaced = [f'"{etag}"' for etag in earlier[:-1] if etag and f'"{etag}"' != part.etag_text]
    return part._replace(etag_text=build.choose.pick(replaced)) if replaced else part


def _completion_faults(build: Requests, fields: Fields) -> Faults:
    found: Faults = [
        (multipart_faults.algorithm, 7),
        (multipart_faults.kms_headers, 2),
        (multipart_faults.other_etag, 6),
        (multipart_faults.missing_part, 4),
        (multipart_faults.impossible_number, 6),
        (multipart_faults.document, 4),
    ]
    if len(fields[ALL_PARTS]) > 1:
        found += [(multipart_faults.whole_list, 40)]
    if build.has(Capability.SSE_C):
        found += [
            (faults.partial_customer_key, 16),
            (faults.wrong_customer_key, 14),
            (multipart_faults.some_key, 14),
            (multipart_faults.wrong_key_and_etag, 7),
        ]
    return found


@action(2, AbortMultipartUpload, left_out=LEFT_OUT, needs=MULTIPART)
def abort_multipart_upload(build: Requests) -> Operation | None:
    """Return an AbortMultipartUpload."""
    found = uploads(build)
    if not found:
        return None
    fields = build.choose.pick(found).fields
    _spoil(build, fields, [(_no_fault, 1)])
    return AbortMultipartUpload(secure=build.secure, **fields)


def _no_fault(*_: object) -> None:
    """Leave the request as it is: it has no headers to spoil."""


@action(3, ListParts, left_out=LEFT_OUT, needs=MULTIPART)
def list_parts(build: Requests) -> Operation | None:
    """Return a ListParts."""
    found = uploads(build)
    filled = [named for named in found if named.upload.parts]
    return _listed(build, build.choose.pick(filled or found)) if found else None


def _listed(build: Requests, named: Named) -> ListParts:
    fields = named.fields
    if build.choose.chance(10):
        _key_of_the_upload(fields, named.upload)
    _spoil(build, fields, [(_no_fault, 1)])
    return ListParts(secure=build.secure, **fields)


@action(2, ListMultipartUploads, left_out=LEFT_OUT, needs=MULTIPART)
def list_multipart_uploads(build: Requests) -> Operation:
    """Return a ListMultipartUploads."""
    missing = build.choose.chance(10)
    bucket = build.universe.missing_bucket if missing else build.bucket()
    prefix = build.choose.pick(("a", "dir/")) if build.choose.chance(15) else None
    return ListMultipartUploads(bucket=bucket, prefix=prefix, secure=build.secure)


@action(6, left_out=LEFT_OUT, needs=MULTIPART)
def read_part(build: Requests) -> Operation | None:
    """Return a GetObject or a HeadObject of a part, mostly of an object that has parts."""
    choose, found = build.choose, build.objects()
    in_parts = [one for one in found if one[2].part_sizes is not None]
    if not found or (not in_parts and choose.chance(50)):
        return None
    likely = found if choose.chance(20) else in_parts or found
    return _part_read(build, *choose.pick(likely))


def _part_read(
    build: Requests, bucket: str, object_key: str, version: ObjectVersion
) -> GetObject | HeadObject:
    choose = build.choose
    fields: Fields = {"bucket": bucket, "object_key": object_key}
    fields["part_number"] = choose.pick(("1", "1", "2", "3"))
    if isinstance(version.encryption, SseC) and not choose.chance(8):
        texts = KEYS_BY_MD5.get(version.encryption.customer_key_md5)
        faults.put_customer_key(fields, texts)
    kind = GetObject if choose.chance(50) else HeadObject
    return kind(secure=build.secure, **fields)


@opening(40, needs=MULTIPART)
def whole_upload(build: Requests) -> Iterator[Operation]:
    """Yield an upload from its creation to its end, with much that is wrong on its way.

    Uploads that are met by chance are few: what a wrong request does to one is seen here.
    """
    choose = build.choose
    yield new_upload(build, sound=True)
    named = newest(build)
    if named is None:
        return
    if build.has(Capability.BUCKET_ENCRYPTION) and choose.chance(30):
        document = write_configuration([sound_rule(build)])
        yield PutBucketEncryption(bucket=named.bucket, document=document, secure=build.secure)
    if choose.chance(2):
        yield from _large_upload(build, named)
        return
    yield part_of(build, named, percent=0)
    if choose.chance(30):  # what is wrong with a list of parts takes two to be seen
        yield part_of(build, newest(build) or named, percent=0)
    for _ in range(choose.below(8)):
        named = newest(build)
        if named is None or not named.upload.parts:
            return
        ways = [choose.weighted(_ways_on(build))(build, named) for _ in range(3)]
        yield min(ways, key=build.rarity)
    named = newest(build)
    if named is None or not named.upload.parts or choose.chance(15):
        return
    yield completion_of(build, named, percent=0)
    made = build.world.object(named.bucket, named.upload.object_key)
    if isinstance(made, ObjectVersion) and choose.chance(50):
        yield _part_read(build, named.bucket, named.upload.object_key, made)


def _large_upload(build: Requests, named: Named) -> Iterator[Operation]:
    """Yield an upload of two parts, and reads of where they meet."""
    for number, body in (("1", LARGE_PART), ("2", b"x")):
        yield replace(part_of(build, named, percent=0, body=body), part_number=number)
    named = newest(build) or named
    if len(named.upload.parts) < 2:  # noqa: PLR2004
        return
    yield completion_of(build, named, percent=0)
    fields: Fields = {"bucket": named.bucket, "object_key": named.upload.object_key}
    _key_of_the_upload(fields, named.upload)
    size = len(LARGE_PART)
    for wanted in ("bytes=0-9", f"bytes={size - 5}-{size}"):
        yield GetObject(secure=build.secure, range=wanted, **fields)
    yield HeadObject(secure=build.secure, part_number="2", **fields)


def newest(build: Requests) -> Named | None:
    """Return the upload in progress that was begun last."""
    found = uploads(build)
    return found[-1] if found else None


def _wrong_part(build: Requests, named: Named) -> Operation:
    return part_of(build, named, percent=100)


def _right_part(build: Requests, named: Named) -> Operation:
    return part_of(build, named, percent=0)


def _wrong_completion(build: Requests, named: Named) -> Operation:
    return completion_of(build, named, percent=100)


_WAYS_ON = ((_wrong_part, 40), (_wrong_completion, 40), (_right_part, 28), (_listed, 8))


def _ways_on(build: Requests) -> tuple[tuple[Callable[[Requests, Named], Operation], int], ...]:
    """Return what may be done to an upload, each with its weight."""
    copies = ((_copied_part, 14),) if build.has(Capability.COPY) else ()
    return (*_WAYS_ON, *copies)
