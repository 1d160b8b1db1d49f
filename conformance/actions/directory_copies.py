"""CopyObject into directory buckets, out of them, and between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.action import action
from conformance.actions.directory_buckets import (
    NEEDS,
    kms_headers,
    made,
    open_directory_buckets,
    spoil,
)
from conformance.looking import copy_source
from conformance.universe import CUSTOMER_KEYS, KEYS_BY_MD5
from model.clause import Capability
from model.operations.copy_object import CopyObject
from model.sse import SseC

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Requests
    from model.operation import Operation
    from model.stored import ObjectVersion


@action(30, needs=(NEEDS, Capability.COPY), after=open_directory_buckets)
def copy_into_a_directory_bucket(build: Requests) -> Operation | None:
    """Return a CopyObject into a directory bucket, from one or from elsewhere."""
    choose, names = build.choose, made(build)
    found = [*build.objects(), *build.objects_in(*names)]
    if not names or not found:
        return None
    under_a_customer_key = [one for one in found if isinstance(one[2].encryption, SseC)]
    if under_a_customer_key and choose.chance(30):
        found = under_a_customer_key
    fields = _copy_of(build, *choose.pick(found))
    fields["bucket"] = choose.pick(names)
    fields["object_key"] = choose.pick(build.universe.object_keys)
    ways = [("none", 30), ("aes256", 15), ("kms", 25), ("bad", 30)]
    if build.has(Capability.SSE_C):
        ways += [("sse-c", 8)]
    way = choose.weighted(ways)
    if way == "aes256":
        fields["sse"] = "AES256"
    elif way == "kms":
        fields |= kms_headers(build, fields["bucket"])
    elif way == "bad":
        spoil(build, fields["bucket"], fields)
    elif way == "sse-c":
        faults.put_customer_key(fields, choose.pick(CUSTOMER_KEYS))
    if choose.chance(3):
        fields |= {"tagging_directive": "REPLACE", "tagging": choose.pick(("", "team=storage"))}
    return CopyObject(secure=build.secure, **fields)


@action(14, needs=(NEEDS, Capability.COPY), after=open_directory_buckets)
def copy_out_of_a_directory_bucket(build: Requests) -> Operation | None:
    """Return a CopyObject of an object of a directory bucket into a general purpose bucket."""
    choose = build.choose
    found = build.objects_in(*made(build))
    if not found:
        return None
    fields = _copy_of(build, *choose.pick(found))
    fields["bucket"] = build.bucket()
    fields["object_key"] = choose.pick(build.universe.object_keys)
    build.encryption(fields)
    return CopyObject(secure=build.secure, **fields)


def _copy_of(build: Requests, bucket: str, object_key: str, version: ObjectVersion) -> Fields:
    """Return what names the source, with its customer key where it has one, or with a needless."""
    choose = build.choose
    if choose.chance(4):
        object_key = "never-written"
    fields: Fields = {"copy_source": copy_source(bucket, object_key)}
    if isinstance(version.encryption, SseC):
        if not choose.chance(45):
            texts = KEYS_BY_MD5.get(version.encryption.customer_key_md5)
            faults.put_customer_key(fields, texts, source=True)
    elif build.has(Capability.SSE_C) and choose.chance(14):
        faults.put_customer_key(fields, choose.pick(CUSTOMER_KEYS), source=True)
    if version.etag is not None and choose.chance(6):
        match, none_match = "source_if_match", "source_if_none_match"
        faults.put_condition(choose, fields, version.etag, match, none_match)
    return fields
