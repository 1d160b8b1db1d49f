"""Copies with other values are those that the standard library makes."""

from __future__ import annotations

import dataclasses

import pytest

from model.operations.put_object import PutObject
from model.replacing import replace
from model.stored import Presence
from model.world import Bucket, World


def test_it_replaces_as_the_standard_library_does() -> None:
    bucket = Bucket(region="us-east-1", objects={"a": Presence.UNKNOWN})
    for one in (World(), World(buckets={"b": bucket}), PutObject(bucket="b", object_key="k")):
        assert replace(one) == dataclasses.replace(one)
    assert replace(bucket, complete=False) == dataclasses.replace(bucket, complete=False)


def test_what_is_no_field_is_refused() -> None:
    with pytest.raises(TypeError):
        replace(World(), size=3)  # type: ignore[call-arg]
