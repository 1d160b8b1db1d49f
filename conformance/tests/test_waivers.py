"""A waiver covers what it names, until its end date, and nothing beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from conformance.waivers import Waiver, Waivers

TODAY = date(2027, 1, 10)
CLAUSE = "bucket-default/copy-takes-the-destination-default"


def waived(*operations: str, **entries: Any) -> dict[str, str] | None:
    """Return what is told of a divergence that these operations show."""
    return waivers(entries).of("0123456789ab", CLAUSE, operations)


def waivers(*entries: dict[str, Any]) -> Waivers:
    known = {"reason": "known", "owner": "storage", "until": date(2027, 3, 31)}
    return Waivers(tuple(Waiver.model_validate(known | one) for one in entries), TODAY)


def test_it_names_a_divergence_by_its_id() -> None:
    assert waived("CopyObject", "PutObject", id="0123456789ab") is not None
    assert waived("CopyObject", id="another") is None


def test_it_names_clauses_by_a_pattern() -> None:
    told = waived("CopyObject", clause="bucket-default/*")
    assert told == {"reason": "known", "owner": "storage", "until": "2027-03-31"}
    assert waived("CopyObject", clause="copy/*") is None


@pytest.mark.parametrize("named", [{"id": "0123456789ab"}, {"clause": "*"}])
def test_what_another_operation_shows_is_not_covered(named: dict[str, str]) -> None:
    assert waived("CopyObject", operation="CopyObject", **named) is not None
    assert waived("CopyObject", "PutObject", operation="CopyObject", **named) is None


def test_several_may_cover_it_together_and_the_first_that_ends_is_told() -> None:
    both = waivers(
        {"clause": "*", "operation": "CopyObject"},
        {"clause": "*", "operation": "PutObject", "until": date(2027, 2, 1), "reason": "sooner"},
    )
    told = both.of("id", CLAUSE, ["CopyObject", "PutObject"])
    assert told is not None
    assert told["reason"] == "sooner"
    assert both.of("id", CLAUSE, ["CopyObject", "PostObject"]) is None


def test_it_holds_to_the_end_of_its_last_day() -> None:
    assert waived("PutObject", clause="*", until=TODAY) is not None
    assert waived("PutObject", clause="*", until=date(2027, 1, 9)) is None
