"""What is alike has one cause: the nearest that is not alike has its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.tests.divergences import refused, shown, together, way
from model.answer import BODY, CONTENT_LENGTH, DELETE_MARKER, VERSION_ID
from model.findings import Kind
from model.operations.get_bucket_encryption import ALGORITHM, BUCKET_KEY_ENABLED, KEY_ID
from model.request import SSE

if TYPE_CHECKING:
    from conformance.verdict import Way

NO_KEY = "400 KMS.NotFoundException"


def taken(operation: str, due: str) -> Way:
    return way(operation, "outcome", Kind.ACCEPTED)._replace(due=due)


def test_what_is_not_there_and_is_not_missed_is_one_oversight() -> None:
    ways = {name: [taken("PutObject", NO_KEY)] for name in ("by-arn", "by-id")}
    either = {**ways, "by-name": [taken("CopyObject", f"{NO_KEY} or 400 KMS.DisabledException")]}
    assert together(either) == {("by-arn", "by-id", "by-name")}
    assert len(together(ways)) == 2
    assert len(together({**ways, "by-name": [refused("CopyObject", NO_KEY)]})) == 3


def test_what_must_be_refused_for_what_it_says_is_no_oversight() -> None:
    ways = {name: [taken("PutObject", "400 InvalidArgument")] for name in ("a", "b", "c")}
    assert len(together(ways)) == 3


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("GetBucketEncryption", (ALGORITHM, KEY_ID, BUCKET_KEY_ENABLED)),
        ("ListParts", ("PartNumber", "ETag", "Size")),
        ("DeleteObject", (VERSION_ID, DELETE_MARKER, VERSION_ID)),
    ],
)
def test_fields_that_show_one_thing_are_one_field(operation: str, fields: tuple[str, ...]) -> None:
    first, second, third = ([shown(operation, field=field)] for field in fields)
    assert together({"a": first, "b": second, "c": third}) == {("a", "b", "c")}
    elsewhere = [shown("CopyObject", field=fields[2])]
    assert len(together({"a": first, "b": second, "c": elsewhere})) == 3


def test_other_data_is_one_field_of_whatever_reads_it() -> None:
    ways = {
        "body": [shown("GetObject", field=BODY)],
        "length": [shown("HeadObject", field=CONTENT_LENGTH)],
        "size": [shown("ListObjects", field="Size of *")],
    }
    assert together(ways) == {("body", "length", "size")}
    ways["length"] = [way("HeadObject", CONTENT_LENGTH, Kind.MISSING)]
    assert len(together(ways)) == 3


def test_encryption_that_one_topic_decides_wrongly_is_one_decision() -> None:
    ways = {
        "bucket-default/base": [shown("PutObject")],
        "bucket-default/kms": [shown("CreateMultipartUpload")],
        "bucket-default/copy": [shown("CopyObject")],
    }
    assert len(together(ways)) == 1
    asked = {**ways, "bucket-default/copy": [way("CopyObject", "outcome", Kind.ACCEPTED)]}
    assert len(together(asked)) == 3
    ways["precedence/copy"] = ways.pop("bucket-default/copy")
    assert len(together(ways)) == 3


def test_headers_that_are_left_out_are_no_decision() -> None:
    ways = {
        f"answer-headers/{name}": [
            way(operation, SSE, Kind.MISSING, f"answer-headers/{name}", f"precedence/{name}")
        ]
        for name, operation in (("a", "PutObject"), ("b", "CopyObject"), ("c", "PostObject"))
    }
    assert len(together(ways)) == 3
    decided = [way("HeadObject", SSE, Kind.DIFFERENT, "precedence/d", "answer-headers/d")]
    assert len(together({**ways, "precedence/d": decided})) == 4


def test_what_was_taken_under_another_default_is_of_that_decision() -> None:
    disabled = way("PutObject", "outcome", Kind.ACCEPTED, "kms-keys/disabled")
    beside = disabled._replace(beside=frozenset({(SSE, Kind.DIFFERENT, "bucket-default/dsse")}))
    ways = {
        "bucket-default/base": [shown("PutObject")],
        "bucket-default/kms": [shown("CreateMultipartUpload")],
        "kms-keys/disabled": [beside],
    }
    assert len(together(ways)) == 1
    assert len(together({**ways, "kms-keys/disabled": [disabled]})) == 3
    taken = {f"kms-keys/{name}": [beside._replace(clauses=())] for name in ("a", "b", "c")}
    assert len(together(taken)) == 3
    assert len(together({**taken, "bucket-default/base": [shown("PutObject")]})) == 4


def test_headers_that_answers_leave_out_are_each_a_defect() -> None:
    ways = {
        f"answer-headers/{name}": [way(operation, SSE, Kind.MISSING)]
        for name, operation in (("s3", "PutObject"), ("kms", "CopyObject"), ("c", "PostObject"))
    }
    assert len(together(ways)) == 3


def test_a_group_is_joined_with_what_the_same_cause_explains() -> None:
    ways = {
        "whole": [shown("GetObject", "whole", field=BODY)],
        "kept": [shown("GetObject", "kept", "whole", field=BODY)],
        "range": [shown("GetObject", "range", field=BODY)],
    }
    assert together(ways) == {("kept", "range", "whole")}
    ways["kept"] = [shown("GetObject", "kept", "whole", field="etag")]
    assert len(together(ways)) == 3
