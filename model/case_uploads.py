"""Uploads in parts in observation cases: the ids and ETags that S3 chose, made up to fit.

A case names what S3 chose (``$upload1``, ``$part1.etag``) and does not tell its value. A value is
made up where an answer brings it, and stands wherever a later step names it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from model.answer import ETAG
from model.completion_document import ListedPart, part_to_json
from model.operations.complete_multipart_upload import PARTS, CompleteMultipartUpload
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.list_parts import ETAGS, NUMBERS, SIZES
from model.operations.part_upload import PartOperation
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.predict import SuccessOutcome, predict
from model.sse import md5_hex
from model.stored import MultipartUpload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.case_symbols import Symbols
    from model.judge import Belief
    from model.matchers import Value
    from model.operation import Operation
    from model.parameter_values import Json
    from model.world import World

_NAME = re.compile(r"\$upload\d*")
UploadNames = dict[tuple[str, str], list[str]]


def upload_names(steps: list[Json]) -> UploadNames:
    """Return the names of uploads (``$upload1``) by their objects, in the order of their naming.

    Any other upload id is that of an upload which never was.
    """
    found: UploadNames = {}
    for step in steps:
        params = step.get("params") if isinstance(step, dict) else None
        upload_id = params.get(UPLOAD_ID) if isinstance(params, dict) else None
        if isinstance(params, dict) and _NAME.fullmatch(str(upload_id)):
            ids = found.setdefault((str(params.get("Bucket")), str(params.get("Key"))), [])
            if upload_id not in ids:
                ids.append(str(upload_id))
    return found


def chosen_fields(
    request: Operation, belief: Belief, symbols: Symbols, left: list[str]
) -> dict[str, Value]:
    """Return the fields of a success that S3 chose and that the case does not tell.

    ``left`` are the ids that the case still names for uploads of this object.
    """
    if isinstance(request, CreateMultipartUpload):
        name = left.pop(0) if left else f"upload of {request.object_key}"
        return {UPLOAD_ID: symbols.text(name)}
    if isinstance(request, PartOperation | CompleteMultipartUpload):
        return {ETAG: predicted(request, belief, ETAG) or md5_hex(repr(request).encode())}
    return {}


def note_part(request: Operation, etag: Value, symbols: Symbols) -> None:
    """Keep the ETag of a part under the name by which later steps call it."""
    if isinstance(request, PartOperation) and isinstance(etag, str):
        symbols.chosen[f"$part{request.part_number}.etag"] = etag


def predicted(request: Operation, belief: Belief, name: str) -> str | None:
    """Return a value that the model allows for a field of a success, None where it demands none."""
    value: str | None = None
    for world in belief.worlds:
        for outcome in predict(world, request).outcomes:
            if not isinstance(outcome, SuccessOutcome):
                continue
            for requirement in outcome.requirements:
                shown = requirement.matcher.answer("any")
                if requirement.field == name and isinstance(shown, str):
                    value = shown
    return value


def data_of_part(request: Operation, world: World) -> bytes | None:
    """Return the data of the part that a request adds, where it is known."""
    if isinstance(request, UploadPart):
        return request.body
    return request.copied(world) if isinstance(request, UploadPartCopy) else None


def all_parts(world: World, params: Mapping[str, Json]) -> dict[str, Json]:
    """Return the list of parts that a completion had and its case left out: all that there are."""
    bucket = world.existing(str(params.get("Bucket")))
    upload = bucket.upload(str(params.get(UPLOAD_ID)))
    if not isinstance(upload, MultipartUpload):
        return {}
    parts: list[Json] = [
        part_to_json(ListedPart(number, f'"{upload.parts[number].etag}"'))
        for number in sorted(upload.parts)
    ]
    return {PARTS: {"Parts": parts}}


def listed_parts(body: Mapping[str, Json]) -> dict[str, Value]:
    """Return the stated parts of a ListParts answer as its fields."""
    parts = body.get("Parts")
    if not isinstance(parts, list):
        return {}
    rows = [part for part in parts if isinstance(part, dict)]
    return {
        name: ",".join(str(row[name]).strip('"') for row in rows)
        for name in (NUMBERS, ETAGS, SIZES)
        if rows and all(name in row for row in rows)
    }
