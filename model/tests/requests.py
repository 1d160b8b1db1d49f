"""Any request of any operation, as Hypothesis draws them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from model.operations.copy_object import CopyObject
from model.operations.create_bucket import CreateBucket
from model.operations.kms import CreateAlias, CreateKey, KmsOperation
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.request import BucketRequest, ObjectRequest, header_places
from model.wire import operations

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from model.operation import Operation

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=12
).map(str.strip)
buckets = st.from_regex(r"[a-z0-9][a-z0-9.-]{1,20}[a-z0-9]", fullmatch=True)
object_keys = texts.filter(bool)
metadata = st.dictionaries(
    st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True), values, max_size=2
).map(lambda d: tuple(d.items()))
locations = st.none() | st.sampled_from(["eu-west-1", "EU", "nowhere"])


def requests_of(kind: type[Operation]) -> SearchStrategy[Operation]:
    """Return requests of one operation: every header field may hold any text."""
    if issubclass(kind, KmsOperation):
        return _kms_requests(kind)
    given: dict[str, SearchStrategy[object]] = {"secure": st.booleans()}
    if issubclass(kind, BucketRequest):
        given["bucket"] = buckets
    if issubclass(kind, ObjectRequest):
        given["object_key"] = object_keys
    for place in header_places(kind):
        given[place.attribute] = st.none() | values
    if issubclass(kind, CopyObject):
        given["copy_source"] = values
    if issubclass(kind, PutObject | CopyObject):
        given["metadata"] = metadata
    if issubclass(kind, PutObject):
        given["body"] = st.binary(max_size=20)
    if issubclass(kind, PutBucketEncryption):
        given["document"] = st.binary(max_size=20)
    if issubclass(kind, CreateBucket):
        given["location"] = locations
    assert set(given) == {f.name for f in fields(kind)}
    return st.builds(kind, **given)


def _kms_requests(kind: type[KmsOperation]) -> SearchStrategy[Operation]:
    given: dict[str, SearchStrategy[object]] = {"secure": st.booleans()}
    if issubclass(kind, CreateKey):
        given["key_spec"] = st.sampled_from(["SYMMETRIC_DEFAULT", "RSA_2048", "HMAC_256"])
    else:
        given["key_id"] = texts
    if issubclass(kind, CreateAlias):
        given["alias"] = texts
    return st.builds(kind, **given)


every_request: SearchStrategy[Operation] = st.one_of(
    *(requests_of(kind) for kind in operations().values())
)
