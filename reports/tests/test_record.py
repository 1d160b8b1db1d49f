"""The record's own rules: what is read, what is refused, and how it is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest
from pydantic import ValidationError

from reports import json_report
from reports.errors import ReportError, ReportFault
from reports.files import write_atomically
from reports.record import RequestRecord, RunRecord, dump, json_schema, load, to_json
from reports.tests.examples import record

if TYPE_CHECKING:
    from pathlib import Path


def fault(path: Path) -> tuple[ReportFault, str]:
    with pytest.raises(ReportError) as caught:
        load(path)
    line = str(caught.value)
    assert "\n" not in line
    assert str(caught.value.problem.code) in line
    return caught.value.problem.code, line


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = dump(record(), tmp_path / "result.json")
    assert load(path) == record()
    assert load(tmp_path) == record()


def test_the_published_schema_is_fresh() -> None:
    published = json_report.SCHEMA_FILE.read_text(encoding="utf-8")
    assert published == json_report.schema_text(), "run: python -m reports.json_report"


def test_the_published_schema_is_a_schema_and_admits_what_is_written() -> None:
    schema = json.loads(json_report.SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(to_json(record())), schema)


@pytest.mark.parametrize(
    ("place", "value"),
    [("seed", "many"), ("surprise", 1), ("schema_version", 2), ("clauses", [{"id": "a/b"}])],
)
def test_the_schema_refuses_what_the_record_refuses(place: str, value: object) -> None:
    data = json.loads(to_json(record())) | {place: value}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json_schema())
    with pytest.raises(ValidationError):
        RunRecord.model_validate(data)


def test_signatures_and_tokens_never_get_into_a_record() -> None:
    url = "http://h/b/k?X-Amz-Signature=abc&X-Amz-Security-Token=def&x-amz-signature=%3D&a=b"
    made = RequestRecord.model_validate(
        {
            "method": "GET",
            "url": url,
            "headers": [
                {"name": "Authorization", "value": "AWS4-HMAC-SHA256 ..."},
                {"name": "x-amz-security-token", "value": "token"},
                {"name": "x-amz-meta-a", "value": "kept"},
            ],
        },
    )
    assert [header.value for header in made.headers] == ["REDACTED", "REDACTED", "kept"]
    assert made.url == (
        "http://h/b/k?X-Amz-Signature=REDACTED&X-Amz-Security-Token=REDACTED"
        "&x-amz-signature=REDACTED&a=b"
    )


def test_a_record_cannot_be_changed() -> None:
    made = record()
    with pytest.raises(ValidationError):
        setattr(made, "seed", 1)  # noqa: B010 - the type checker knows it is frozen


def test_a_missing_result_is_named(tmp_path: Path) -> None:
    code, line = fault(tmp_path)
    assert code is ReportFault.MISSING
    assert str(tmp_path / "result.json") in line


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_text_that_is_not_json_is_said_to_be_that(tmp_path: Path, text: str) -> None:
    (tmp_path / "result.json").write_text(text)
    assert fault(tmp_path)[0] is ReportFault.NOT_JSON


def test_bytes_that_are_not_text_are_unreadable(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(b"\xff\xfe\x00")
    assert fault(tmp_path)[0] is ReportFault.UNREADABLE


def test_another_schema_version_is_told_from_a_broken_record(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text('{"schema_version": 7}')
    code, line = fault(tmp_path)
    assert code is ReportFault.OTHER_VERSION
    assert "7" in line


@pytest.mark.parametrize("data", [[], {}, {"schema_version": True}, "text", 3])
def test_json_that_is_no_record_is_invalid(tmp_path: Path, data: object) -> None:
    (tmp_path / "result.json").write_text(json.dumps(data))
    assert fault(tmp_path)[0] is ReportFault.INVALID


def test_an_invalid_record_is_reported_with_the_place_and_the_number_of_faults(
    tmp_path: Path,
) -> None:
    data = json.loads(to_json(record()))
    data["target"]["endpoint"] = 3
    del data["seed"]
    (tmp_path / "result.json").write_text(json.dumps(data))
    code, line = fault(tmp_path)
    assert code is ReportFault.INVALID
    assert "seed: " in line
    assert "(and 1 more)" in line


def test_writing_replaces_the_file_whole_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = write_atomically(tmp_path / "new" / "a.txt", "one")
    write_atomically(path, "two \ud800")
    assert path.read_text(encoding="utf-8") == "two ?"
    assert [file.name for file in path.parent.iterdir()] == ["a.txt"]


def test_a_folder_that_cannot_be_made_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError) as caught:
        write_atomically(tmp_path / "file" / "a.txt", "one")
    assert caught.value.problem.code is ReportFault.UNWRITABLE


def test_a_failed_replacement_leaves_no_part_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(ReportError):
        write_atomically(tmp_path / "taken", "one")
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]
