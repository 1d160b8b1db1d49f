"""Any request of any operation, as Hypothesis draws them from the types of its fields."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from model.messages import Auth
from model.operations.create_bucket import Layout
from model.operations.kms import CreateKey
from model.operations.kms_aliases import DeleteAlias
from model.request import text_places

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

_BY_NAME: dict[str, SearchStrategy[object]] = {
    "bucket": buckets,
    "object_key": object_keys,
    "metadata": metadata,
    "layout": st.none()
    | st.builds(
        Layout,
        zone=st.sampled_from(["use1-az4", ""]),
        zone_type=st.sampled_from(["AvailabilityZone", "LocalZone"]),
        redundancy=st.just("SingleLocalZone"),
        bucket_type=st.just("Directory"),
    ),
    "location": st.none() | st.sampled_from(["eu-west-1", "EU", "nowhere"]),
    "key_spec": st.sampled_from(["SYMMETRIC_DEFAULT", "RSA_2048", "HMAC_256"]),
    "days": st.just(7),
    "region": st.just(""),
    "key_id": texts,
    "alias": texts,
}
_BY_TYPE: dict[str, SearchStrategy[object]] = {
    "Auth": st.sampled_from(Auth),
    "bool": st.booleans(),
    "bytes": st.binary(max_size=20),
}


def requests_of(kind: type[Operation]) -> SearchStrategy[Operation]:
    """Return requests of one operation: every header and query field may hold any text."""
    placed = {place.attribute: place.name in kind.needs for place in text_places(kind)}
    given: dict[str, SearchStrategy[object]] = {}
    for one in fields(kind):
        if one.name in placed:
            given[one.name] = values if placed[one.name] else st.none() | values
        else:
            by_name = one.name in _BY_NAME
            given[one.name] = _BY_NAME[one.name] if by_name else _BY_TYPE[str(one.type)]
    if issubclass(kind, CreateKey | DeleteAlias):
        given["key_id"] = st.just("")
    return st.builds(kind, **given)
