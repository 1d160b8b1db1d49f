"""Moves about uploads in parts: each step by itself, so that others come in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.looking import key_fields
from conformance.small_scope.moves import Aim, Tier, add_move
from conformance.small_scope.object_moves import customer, plain, under
from conformance.small_scope.shared_moves import KMS, key_1
from model.clause import Capability
from model.completion_document import ListedPart, write_completion
from model.operation import existing_bucket
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.upload_part import UploadPart
from model.stored import MultipartUpload, is_in_progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.faults import Fields
    from conformance.small_scope.moves import Make, Stand
    from model.operation import Operation


def _create(headers: Callable[[Stand], Fields]) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        return (
            CreateMultipartUpload(
                bucket=stand.bucket,
                object_key=stand.one,
                metadata=stand.metadata,
                secure=stand.secure,
                **headers(stand),
            ),
        )

    return make


def newest_upload(stand: Stand) -> tuple[str, MultipartUpload] | None:
    """Return the upload of the object that was created last, with its id."""
    found = existing_bucket(stand.world, stand.bucket)
    held = () if found is None else tuple(found.uploads.items())
    own = [
        (upload_id, upload)
        for upload_id, upload in held
        if upload_id and is_in_progress(upload) and upload.object_key == stand.one
    ]
    return own[-1] if own else None


def _named(stand: Stand, upload_id: str) -> Fields:
    return {
        "bucket": stand.bucket,
        "object_key": stand.one,
        "upload_id": upload_id,
        "secure": stand.secure,
    }


def _part(stand: Stand) -> tuple[Operation, ...]:
    found = newest_upload(stand)
    if found is None:
        return ()
    fields = _named(stand, found[0]) | key_fields(found[1].version)
    return (UploadPart(part_number="1", body=stand.body, **fields),)


def _complete(stand: Stand) -> tuple[Operation, ...]:
    """Complete the upload."""
    found = newest_upload(stand)
    if found is None or not found[1].parts:
        return ()
    upload_id, upload = found
    listed = (ListedPart(n, f'"{part.etag}"') for n, part in sorted(upload.parts.items()))
    document = write_completion(listed)
    return (CompleteMultipartUpload(document=document, **_named(stand, upload_id)),)


def _abort(stand: Stand) -> tuple[Operation, ...]:
    found = newest_upload(stand)
    return () if found is None else (AbortMultipartUpload(**_named(stand, found[0])),)


def _add(name: str, *steps: Make, needs: tuple[Capability, ...] = (), uses: str = "") -> None:
    used = tuple(one for one in ("K1", "C1") if one in uses)
    needed = (Capability.MULTIPART, *needs)
    inner = name in {"begin upload", "complete"}
    add_move(
        name,
        Aim.OBJECTS,
        steps,
        *needed,
        uses=used,
        opens="upload" in name,
        tier=Tier.INNER if inner else Tier.CORE,
        kept=name == "complete",
    )


_K1, _C1 = _create(under(KMS, key_1)), _create(customer(0))
_add("create upload", _create(plain))
_add("create upload K1", _K1, needs=(Capability.SSE_KMS,), uses="K1")
_add("begin upload", _create(plain), _part)
_add("begin upload C1", _C1, _part, needs=(Capability.SSE_C,), uses="C1")
_add("send part", _part)
_add("complete", _complete)
_add("send and complete", _part, _complete)
_add("abort", _abort)
