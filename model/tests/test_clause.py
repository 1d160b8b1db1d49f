"""The registry of clauses."""

from __future__ import annotations

import pytest

from model import clause as registry
from model.clause import Basis, Source, Stage, every_allowance, every_clause, find_clause
from model.request import ObjectRead, PartOfUpload

pytestmark = pytest.mark.example


def test_a_source_of_aws_has_an_address_and_a_recording_has_none() -> None:
    page = Source("API/API_CopyObject.html", "Description")
    assert page.url == "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html"
    assert Source("recorded answers of Amazon S3, March 2026").url == ""
    assert Source("recordings/ours of today").url == ""


def test_an_id_is_given_once() -> None:
    taken = every_clause()[0]
    again = registry.clause(taken.id, rules=taken.rules, source=taken.source, profile=taken.profile)
    with pytest.raises(ValueError, match=taken.id):
        again(taken.rule)


def test_a_clause_is_asked_of_the_kinds_in_its_signature() -> None:
    found = find_clause("answer-headers/context-is-not-shown-to-readers")
    assert found.kinds == (ObjectRead, PartOfUpload)
    assert found.stage is Stage.VERSION
    assert found.topic == "answer-headers"


def test_an_allowance_can_be_broken_by_nobody() -> None:
    assert not any(one.binding for one in every_allowance())
    assert all(one.binding for one in every_clause())
    assert {one.basis for one in every_allowance()} == {Basis.OBSERVED}


def test_an_unknown_clause_is_an_error() -> None:
    with pytest.raises(KeyError):
        find_clause("no/such-clause")
