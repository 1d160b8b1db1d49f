"""The result folder: five files that agree, and a verdict that fits them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from conformance.tests.running import (
    SCHEMA,
    ChangedTarget,
    Outcome,
    entries,
    invoke,
    run_ablated,
    run_here,
    use,
)
from model.clause import find_clause
from model.messages import HttpResponse

if TYPE_CHECKING:
    from pathlib import Path

    from model.messages import HttpRequest

FILES = {"result.json", "report.html", "junit.xml", "transcript.jsonl", "transcript.har"}
LEFT_OUT = "etag/sse-s3-is-the-md5"


def assert_valid_folder(folder: Path) -> dict[str, Any]:
    """Check that a result folder is whole and agrees with itself; return its result."""
    assert {path.name for path in folder.iterdir()} == FILES
    result: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    jsonschema.validate(result, json.loads(SCHEMA.read_text(encoding="utf-8")))
    lines = (folder / "transcript.jsonl").read_text(encoding="utf-8").splitlines()
    har = json.loads((folder / "transcript.har").read_text(encoding="utf-8"))["log"]
    assert har["version"] == "1.2"
    assert len(har["entries"]) == len(lines) - 1 == result["summary"]["requests"]
    context = json.loads(lines[0])
    assert set(context) == {"_s3sse"}
    assert har["_s3sse"] == context["_s3sse"]
    for line, entry in zip(lines[1:], har["entries"], strict=True):
        read = json.loads(line)
        assert read["request"]["url"] == entry["request"]["url"]
        assert read["response"]["status"] == entry["response"]["status"]
    cases = ET.parse(folder / "junit.xml").getroot().findall(".//testcase")  # noqa: S314
    assert len(cases) >= result["summary"]["clauses"]["total"]
    assert "</html>" in (folder / "report.html").read_text(encoding="utf-8")
    counted = result["summary"]["clauses"]
    for status in ("passed", "failed", "waived", "unsupported", "not-exercised"):
        shown = sum(clause["status"] == status for clause in result["clauses"])
        assert counted[status.replace("-", "_")] == shown
    return result


def waivers(folder: Path, **changed: object) -> Path:
    fields = {"clause": LEFT_OUT, "reason": "known", "owner": "storage team", **changed}
    fields.setdefault("until", datetime.now(UTC).date() + timedelta(days=30))
    text = "[[waiver]]\n"
    for name, value in fields.items():
        text += f"{name} = {json.dumps(value) if isinstance(value, str) else value}\n"
    file = folder / "waivers.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def ablated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    return run_ablated(monkeypatch, tmp_path / "run", LEFT_OUT, requests=500)


def test_a_run_that_conforms_ends_with_0_and_a_whole_folder(tmp_path: Path) -> None:
    outcome = run_here(tmp_path / "run", target="reference", requests=600, seed=1)
    assert outcome.status == 0
    result = assert_valid_folder(outcome.folder)
    assert result["summary"]["verdict"] == "conforms"
    assert result["divergences"] == []
    assert result["summary"]["clauses"]["failed"] == 0
    assert result["summary"]["clauses"]["passed"] > 80
    assert result["leftovers"] == []
    assert result["seed"] == 1
    capabilities = result["target"]["capabilities"].values()
    assert {one["status"] for one in capabilities} == {"supported"}


def test_the_command_writes_the_same_folder(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    done = invoke(
        "run", "--target", "reference", "--requests", "200", "--seed", "0", "--out", folder
    )
    assert done.status == 0
    assert done.err == ""
    assert assert_valid_folder(folder)["seed"] == 0
    assert "CONFORMS" in done.out


def test_a_clause_that_is_left_out_ends_with_1_and_is_the_one_that_failed(ablated: Outcome) -> None:
    assert ablated.status == 1
    result = assert_valid_folder(ablated.folder)
    assert result["summary"]["verdict"] == "diverges"
    failed = {clause["id"] for clause in result["clauses"] if clause["status"] == "failed"}
    assert failed == {LEFT_OUT}
    for found in result["divergences"]:
        assert found["clause"] == LEFT_OUT
        assert found["confirmed"] == {"tries": 3, "reproduced": 3}
        assert found["waived"] is None
        assert found["expected"]
        assert found["observed"]
        assert found["steps"][-1]["diverges"]
        assert set(found["reproduce"]) == {"curl", "boto3", "awscli"}
        assert all(found["reproduce"].values())
    junit = ET.parse(ablated.folder / "junit.xml").getroot()  # noqa: S314
    broken = [case for case in junit.iter("testcase") if case.find("failure") is not None]
    assert {LEFT_OUT in (case.get("name") or "") for case in broken} == {True}


def test_clauses_of_other_profiles_are_not_told_to_have_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_out = "answer-headers/sse-s3-is-shown"
    outcome = run_ablated(monkeypatch, tmp_path / "run", left_out, profile=("sse-c",))
    assert outcome.status == 0
    by_profile = {c.profile: set[str]() for c in outcome.record.clauses}
    for clause in outcome.record.clauses:
        by_profile[clause.profile].add(clause.status)
    assert "passed" in by_profile.pop("sse-c")
    assert set().union(*by_profile.values()) == {"not-exercised"}
    reason = next(c.reason for c in outcome.record.clauses if c.id == left_out)
    assert reason == f"profile {find_clause(left_out).profile} was not asked for"


def test_a_waived_divergence_ends_with_0_and_is_shown_as_waived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = run_ablated(
        monkeypatch, tmp_path / "run", LEFT_OUT, requests=500, waivers=waivers(tmp_path)
    )
    assert outcome.status == 0
    result = assert_valid_folder(outcome.folder)
    assert outcome.status_of(LEFT_OUT) == "waived"
    assert result["summary"]["waived"] == result["summary"]["divergences"] > 0
    assert result["divergences"][0]["waived"]["owner"] == "storage team"
    assert result["divergences"][0]["waived"]["reason"] == "known"


def test_a_waiver_by_id_covers_that_divergence_alone(
    ablated: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = ablated.record.divergences
    for named, status in (({"id": one.id}, 0), ({"id": "0123456789ab"}, 1)):
        file = waivers(tmp_path, **named)
        outcome = run_ablated(monkeypatch, tmp_path / "again", LEFT_OUT, requests=500, waivers=file)
        assert outcome.status == status


def test_a_waiver_for_one_operation_does_not_cover_what_another_shows(
    ablated: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = ablated.record.divergences
    assert len(one.operations) > 1
    assert {s.operation for s in one.symptoms} == set(one.operations)
    assert sum(s.occurrences for s in one.symptoms) == one.occurrences
    file = waivers(tmp_path, id=one.id, operation=one.operation)
    outcome = run_ablated(monkeypatch, tmp_path / "again", LEFT_OUT, requests=500, waivers=file)
    assert outcome.status == 1
    assert outcome.status_of(LEFT_OUT) == "failed"


def test_a_waiver_that_has_expired_covers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    file = waivers(tmp_path, until=yesterday)
    outcome = run_ablated(monkeypatch, tmp_path / "run", LEFT_OUT, requests=500, waivers=file)
    assert outcome.status == 1
    assert outcome.status_of(LEFT_OUT) == "failed"


def test_a_waiver_holds_on_its_last_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = waivers(tmp_path, until=datetime.now(UTC).date())
    outcome = run_ablated(monkeypatch, tmp_path / "run", LEFT_OUT, requests=500, waivers=file)
    assert outcome.status == 0


def test_a_run_in_which_nothing_was_exercised_ends_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(_: int, __: HttpRequest, ___: HttpResponse) -> HttpResponse:
        return HttpResponse(503)

    use(monkeypatch, ChangedTarget(unavailable))
    outcome = run_here(tmp_path / "run", target="reference", requests=50)
    assert outcome.status == 3
    assert outcome.record.summary.verdict == "invalid"
    assert outcome.record.summary.reason
    assert_valid_folder(outcome.folder)


def test_what_an_earlier_run_left_in_the_folder_is_no_part_of_the_next(
    ablated: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = run_ablated(monkeypatch, ablated.folder, requests=100)
    assert again.status == 0
    assert again.record.divergences == ()
    assert_valid_folder(again.folder)


def test_no_credentials_stand_in_the_folder(tmp_path: Path) -> None:
    outcome = run_here(tmp_path / "run", target="reference", requests=60)
    for entry in entries(outcome.folder):
        names = {header["name"].lower() for header in entry["request"]["headers"]}
        assert not names & {"authorization", "x-amz-security-token"}


def test_the_reports_are_rendered_again_from_the_result_alone(ablated: Outcome) -> None:
    before = (ablated.folder / "junit.xml").read_bytes()
    for name in ("junit.xml", "report.html"):
        (ablated.folder / name).unlink()
    done = invoke("report", ablated.folder)
    assert done.status == 0
    assert (ablated.folder / "junit.xml").read_bytes() == before
    assert_valid_folder(ablated.folder)


def test_two_runs_are_compared_and_the_difference_is_named(
    ablated: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run_ablated(monkeypatch, tmp_path / "whole", requests=500)
    page = tmp_path / "comparison.html"
    done = invoke("compare", ablated.folder, whole.folder, "--html", page)
    assert done.status == 0
    assert LEFT_OUT in done.out
    assert "fixed" in done.out
    assert LEFT_OUT in page.read_text(encoding="utf-8")
