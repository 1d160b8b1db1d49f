"""Moves about the objects of a directory bucket: each within the session that a word has chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.directory_states.moves import Aim, Name, Other, add_move
from conformance.looking import copy_source
from conformance.small_scope.shared_moves import AES, KMS
from model.clause import Capability
from model.completion_document import ListedPart, write_completion
from model.operation import existing_bucket
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.delete_object import DeleteObject
from model.operations.put_object import PutObject
from model.operations.rename_object import RenameObject
from model.operations.upload_part import UploadPart
from model.stored import MultipartUpload, is_in_progress

if TYPE_CHECKING:
    from conformance.directory_states.moves import Make, Stand
    from conformance.faults import Fields
    from model.operation import Operation

ONE, OTHER, NEW = Name.ONE, Name.OTHER, Name.NEW


def _named(stand: Stand, name: Name = ONE) -> Fields:
    """Return what names an object, within the word's session."""
    return {
        "bucket": stand.bucket,
        "object_key": stand.called(name),
        "session_token": stand.token,
        "secure": stand.secure,
    }


def _headers(stand: Stand, sse: str | None, key_number: int | None) -> Fields:
    fields: Fields = {} if sse is None else {"sse": sse}
    if key_number is not None:
        fields["kms_key_id"] = stand.keys[key_number]
    return fields


def _put(sse: str | None = None, key_number: int | None = None) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        if stand.is_unclear(sse):
            return ()
        fields = _named(stand) | _headers(stand, sse, key_number)
        return (PutObject(body=stand.body, **fields),)

    return make


def _append(wrong_by: int = 0) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        found = stand.there(ONE)
        if found is None or found.body is None:
            return ()
        offset = str(len(found.body) + wrong_by)
        return (PutObject(body=stand.body, write_offset=offset, **_named(stand)),)

    return make


def _rename(source: Name, to: Name) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        if stand.there(source) is None:
            return ()
        named = quote(stand.called(source))
        return (RenameObject(rename_source=named, **_named(stand, to)),)

    return make


def _delete(stand: Stand) -> tuple[Operation, ...]:
    return (DeleteObject(**_named(stand)),)


def _copy(source: Name, to: Name, sse: str | None = None) -> Make:
    """Copy within the bucket; copies go without a session."""

    def make(stand: Stand) -> tuple[Operation, ...]:
        if stand.there(source) is None or stand.is_unclear(sse):
            return ()
        fields = _named(stand, to) | {"session_token": None} | _headers(stand, sse, None)
        return (CopyObject(copy_source=_source(stand, source), **fields),)

    return make


def _copy_in(sse: str | None = None) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        if stand.is_unclear(sse):
            return ()
        fields = _named(stand) | {"session_token": None} | _headers(stand, sse, None)
        return (CopyObject(copy_source=f"{stand.outside}/{stand.source}", **fields),)

    return make


def _copy_out(*, second: bool) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        if stand.there(ONE) is None:
            return ()
        return (
            CopyObject(
                bucket=stand.second if second else stand.outside,
                object_key=stand.called(ONE),
                copy_source=_source(stand, ONE),
                secure=stand.secure,
            ),
        )

    return make


def _source(stand: Stand, name: Name) -> str:
    return copy_source(stand.bucket, stand.called(name))


def _create(sse: str | None = None) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        if stand.is_unclear(sse):
            return ()
        return (CreateMultipartUpload(**_named(stand), **_headers(stand, sse, None)),)

    return make


def _upload(stand: Stand) -> tuple[Fields, MultipartUpload] | None:
    """Return what names the word's upload that was created last, and the upload."""
    bucket = existing_bucket(stand.world, stand.bucket)
    found = () if bucket is None else tuple(bucket.uploads.items())
    own = [
        (_named(stand) | {"upload_id": upload_id}, upload)
        for upload_id, upload in found
        if upload_id and is_in_progress(upload) and upload.object_key == stand.called(ONE)
    ]
    return own[-1] if own else None


def _part(stand: Stand) -> tuple[Operation, ...]:
    found = _upload(stand)
    return () if found is None else (UploadPart(part_number="1", body=stand.body, **found[0]),)


def _complete(stand: Stand) -> tuple[Operation, ...]:
    found = _upload(stand)
    if found is None or not found[1].parts:
        return ()
    listed = (ListedPart(n, f'"{part.etag}"') for n, part in sorted(found[1].parts.items()))
    return (CompleteMultipartUpload(document=write_completion(listed), **found[0]),)


def _add_writes() -> None:
    kms, objects = Capability.SSE_KMS, Aim.OBJECTS
    gives = (ONE,)
    add_move("put", objects, (_put(),), gives=gives)
    add_move("put AES256", objects, (_put(AES),), gives=gives)
    add_move("put KMS", objects, (_put(KMS),), kms, gives=gives)
    add_move("put K1", objects, (_put(KMS, 0),), kms, keys=1, gives=gives, variant=True)
    add_move("put K2", objects, (_put(KMS, 1),), kms, keys=2, gives=gives, variant=True)
    takes = (ONE,)
    add_move("append", objects, (_append(),), takes=takes)
    add_move("append twice", objects, (_append(), _append()), takes=takes, variant=True)
    add_move("append too far", objects, (_append(3),), takes=takes, variant=True)
    add_move("append too near", objects, (_append(-3),), takes=takes, variant=True)
    add_move("delete", objects, (_delete,), takes=takes, drops=takes)


def _add_renames() -> None:
    objects = Aim.OBJECTS
    new = (_rename(ONE, NEW),)
    add_move("rename", objects, new, takes=(ONE,), drops=(ONE,), gives=(NEW,))
    over = (_rename(ONE, OTHER),)
    add_move("rename over", objects, over, takes=(ONE, OTHER), drops=(ONE,))
    back = (_rename(NEW, ONE),)
    add_move("rename back", objects, back, takes=(NEW,), drops=(NEW,), gives=(ONE,))
    third = (_rename(OTHER, ONE),)
    taken = (OTHER,)
    add_move("rename onto", objects, third, takes=taken, drops=taken, gives=(ONE,), variant=True)


def _add_copies() -> None:
    copy, kms, objects = Capability.COPY, Capability.SSE_KMS, Aim.OBJECTS
    outside, second = (Other.OUTSIDE,), (Other.SECOND,)
    one, new = (ONE,), (NEW,)
    add_move("copy", objects, (_copy(ONE, NEW),), copy, takes=one, gives=new)
    add_move("copy over", objects, (_copy(OTHER, ONE),), copy, takes=(OTHER,), gives=one)
    add_move("copy in", objects, (_copy_in(),), copy, others=outside, gives=one)
    out = (_copy_out(second=False),)
    add_move("copy out", objects, out, copy, others=outside, takes=one)
    across = (_copy_out(second=True),)
    add_move("copy across", objects, across, copy, others=second, takes=one, variant=True)
    as_aes = (_copy(ONE, NEW, AES),)
    add_move("copy AES256", objects, as_aes, copy, takes=one, gives=new, variant=True)
    in_kms = (_copy_in(KMS),)
    add_move("copy in KMS", objects, in_kms, copy, kms, others=outside, gives=one, variant=True)


def _add_uploads() -> None:
    parts, kms, objects = Capability.MULTIPART, Capability.SSE_KMS, Aim.OBJECTS
    rest = (_part, _complete)
    one = (ONE,)
    add_move("upload", objects, (_create(), *rest), parts, gives=one)
    add_move("upload AES256", objects, (_create(AES), *rest), parts, gives=one, variant=True)
    add_move("upload KMS", objects, (_create(KMS), *rest), parts, kms, gives=one, variant=True)
    add_move("begin upload", objects, (_create(), _part), parts)
    begun = ("begin upload",)
    add_move("complete", objects, (_complete,), parts, after=begun, gives=one)


_add_writes()
_add_renames()
_add_copies()
_add_uploads()
