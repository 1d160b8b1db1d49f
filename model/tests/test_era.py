"""The eras follow each other without a gap, and a day lies in one of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from model.era import ERAS, FIRST_DAY, era_of


def test_each_era_begins_where_the_one_before_ends() -> None:
    assert ERAS[0].since == FIRST_DAY
    assert all(earlier.until == later.since for earlier, later in pairwise(ERAS))
    assert ERAS[-1].until is None


@pytest.mark.parametrize("number", range(len(ERAS)))
def test_the_first_day_of_an_era_belongs_to_it_and_the_day_before_does_not(number: int) -> None:
    era = ERAS[number]
    assert era_of(era.since) is era
    assert era_of(era.since - timedelta(days=1)) is (ERAS[number - 1] if number else None)


def test_before_2023_there_is_no_era() -> None:
    assert era_of(date(2023, 1, 4)) is None


def test_an_era_says_when_it_was() -> None:
    assert ERAS[0].text.startswith("since 2023-01-05, until 2026-04-06: every bucket")
    assert ERAS[1].text.startswith("since 2026-04-06: new buckets refuse SSE-C")
