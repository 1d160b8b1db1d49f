"""Plainer ways to the same: how an object came to be is mostly not what is wrong with it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from model.encryption_document import read_configuration, write_configuration
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.object_write import WriteOperation
from model.operations.part_upload import PartOperation
from model.operations.post_object import PostObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.sse import md5_base64

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.scenario import Scenario
    from model.operation import Operation

PLAIN_BODY = b"hello, world"


def plainer_ways(scenario: Scenario) -> Iterator[Scenario]:
    """Yield the scenario with one object, part or default made in a plainer way; not by the last.

    A copy and a form become a PutObject with the same headers, a copied part becomes an UploadPart,
    an upload in parts becomes a PutObject in the place of its completion. A default goes without
    what it can be without: its KMS key, its Bucket Key, its blocked types.
    """
    for index, request in enumerate(scenario.requests[:-1]):
        if isinstance(request, PutBucketEncryption):
            for document in _plainer_documents(request.document):
                changed = replace(request, document=document, content_md5=md5_base64(document))
                yield scenario.with_request(index, changed)
        if isinstance(request, CompleteMultipartUpload):
            yield from _written_at_once(scenario, index, request)
        plainer = _plainer(request)
        if plainer is not None:
            yield scenario.with_request(index, plainer)


def _plainer_documents(document: bytes) -> Iterator[bytes]:
    configuration = read_configuration(document)
    if configuration is None or configuration.strange:
        return
    for place, rule in enumerate(configuration.rules):
        for plainer in (
            rule._replace(kms_key_id=None),
            rule._replace(bucket_key_enabled=None),
            rule._replace(blocked=None),
        ):
            if plainer != rule:
                rules = (*configuration.rules[:place], plainer, *configuration.rules[place + 1 :])
                yield write_configuration(rules)


def _plainer(request: Operation) -> Operation | None:
    if isinstance(request, CopyObject | PostObject):
        body = request.body if isinstance(request, PostObject) else PLAIN_BODY
        return _put(request, body)
    if isinstance(request, UploadPartCopy):
        return UploadPart(**_shared(request, PartOperation), body=PLAIN_BODY)
    return None


def _put(request: WriteOperation, body: bytes) -> PutObject:
    """Return the PutObject with the headers that every write can have."""
    return PutObject(**_shared(request, WriteOperation), body=body)


def _shared(request: Operation, kind: type[Operation]) -> dict[str, Any]:
    return {one.name: getattr(request, one.name) for one in fields(kind) if one.init}


def _written_at_once(
    scenario: Scenario, index: int, completion: CompleteMultipartUpload
) -> Iterator[Scenario]:
    """Yield the scenario without the upload, if its beginning is there."""
    upload, body = set[int](), b""
    begun: CreateMultipartUpload | None = None
    for place, (request, chosen) in enumerate(zip(scenario.requests, scenario.chosen, strict=True)):
        if isinstance(request, CreateMultipartUpload) and completion.upload_id in chosen:
            begun = request
            upload.add(place)
        if isinstance(request, PartOperation) and request.upload_id == completion.upload_id:
            body += request.body if isinstance(request, UploadPart) else b""
            upload.add(place)
    if begun is not None:
        written = scenario.with_request(index, _put(begun, body or PLAIN_BODY))
        yield written.only([n for n in range(len(scenario.requests)) if n not in upload])
