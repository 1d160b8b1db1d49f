"""All reports of a run together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reports.errors import ReportError
from reports.record import load
from reports.tests.examples import record
from reports.write import write_all

if TYPE_CHECKING:
    from pathlib import Path


def test_a_result_folder_holds_the_three_reports_and_nothing_half_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "results"
    paths = write_all(record(), folder)
    assert [path.name for path in paths] == ["result.json", "junit.xml", "report.html"]
    assert sorted(folder.iterdir()) == sorted(paths)


def test_reports_are_made_again_from_the_record_just_the_same(tmp_path: Path) -> None:
    paths = write_all(record(), tmp_path)
    before = [path.read_bytes() for path in paths]
    write_all(load(tmp_path), tmp_path)
    assert [path.read_bytes() for path in paths] == before


def test_a_folder_that_is_a_file_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError):
        write_all(record(), tmp_path / "file")
