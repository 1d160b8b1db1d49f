"""Offline judging: what a run found is found again in what it wrote, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.tests.running import invoke, run_ablated, run_here
from conformance.tests.test_usage import assert_refused

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OUT = ("etag/sse-c-is-not-the-md5", "sse-c-object/read-needs-the-key")
MEMBERS = {"id", "verdict", "step", "clauses", "expected", "observed", "reason"}


def judged(*arguments: object) -> tuple[int, dict[str, Any]]:
    done = invoke("judge", "--json", *arguments)
    read: dict[str, Any] = json.loads(done.out)
    assert set(read) == {"judged", "accepted", "rejected", "not_judged", "results"}
    assert all(set(one) == MEMBERS for one in read["results"])
    return done.status, read


@pytest.mark.parametrize("file", ["transcript.jsonl", "transcript.har"])
def test_what_a_run_found_is_found_in_its_transcript(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = run_ablated(monkeypatch, tmp_path / "run", *LEFT_OUT, seed=8)
    assert outcome.status == 1
    status, read = judged(outcome.folder / file)
    assert status == 1
    assert (read["judged"], read["rejected"], read["accepted"], read["not_judged"]) == (1, 1, 0, 0)
    (result,) = read["results"]
    assert result["verdict"] == "rejected"
    assert set(result["clauses"]) == outcome.clauses == set(LEFT_OUT)
    assert result["expected"]
    assert result["observed"]
    assert result["reason"]
    assert result["id"] == str(outcome.folder / file)
    assert isinstance(result["step"], int)


@pytest.mark.parametrize("file", ["transcript.jsonl", "transcript.har"])
def test_the_transcript_of_a_run_that_conforms_is_accepted(file: str, tmp_path: Path) -> None:
    outcome = run_here(tmp_path / "run", target="reference", requests=300, seed=2)
    assert outcome.status == 0
    status, read = judged(outcome.folder / file)
    assert status == 0
    assert (read["judged"], read["accepted"], read["rejected"]) == (1, 1, 0)
    assert read["results"][0]["clauses"] == []


def test_several_files_give_one_result_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = run_ablated(monkeypatch, tmp_path / "bad", LEFT_OUT[0])
    good = run_ablated(monkeypatch, tmp_path / "good")
    files = [one.folder / "transcript.jsonl" for one in (bad, good)]
    status, read = judged(*files)
    assert status == 1
    assert [one["verdict"] for one in read["results"]] == ["rejected", "accepted"]


def test_a_step_that_is_rejected_is_a_line_of_the_transcript(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = run_ablated(monkeypatch, tmp_path / "run", "sse-c-object/read-needs-the-key")
    file = outcome.folder / "transcript.jsonl"
    step = judged(file)[1]["results"][0]["step"]
    entry = json.loads(file.read_text(encoding="utf-8").splitlines()[1 + step])
    assert entry["request"]["method"] in {"GET", "HEAD"}
    names = {header["name"] for header in entry["request"]["headers"]}
    assert "x-amz-server-side-encryption-customer-key" not in names


def test_for_people_the_same_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = run_ablated(monkeypatch, tmp_path / "run", LEFT_OUT[0])
    done = invoke("judge", outcome.folder / "transcript.jsonl")
    assert done.status == 1
    assert "rejected" in done.out
    assert LEFT_OUT[0] in done.out
    assert "1 rejected" in done.out


@pytest.mark.parametrize("keep", [0.5, 0.93, 0.999])
def test_a_transcript_that_breaks_off_is_unreadable(keep: float, tmp_path: Path) -> None:
    outcome = run_here(tmp_path / "run", target="reference", requests=60, seed=2)
    data = (outcome.folder / "transcript.jsonl").read_bytes()
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(data[: int(len(data) * keep)])
    assert_refused(invoke("judge", cut), "cut.jsonl", "line ", status=3)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'"text"',
        b'{"log": ',
        b'{"log": {}}',
        b'{"log": {"entries": {}}}',
        b'{"log": {"entries": [7]}}',
        b'{"log": {"entries": [{"request": {}}]}}',
        b'{"log": {"entries": []}} trailing',
        b"<html></html>",
        b'{"_s3sse": 5}\n',
        b"[" * 100_000,
    ],
)
def test_what_is_no_transcript_ends_with_3_and_one_line(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "evidence"
    file.write_bytes(content)
    assert_refused(invoke("judge", file), "evidence", status=3)


def web_page() -> dict[str, Any]:
    return {
        "startedDateTime": "2026-11-23T10:00:00Z",
        "time": 1,
        "request": {
            "method": "GET",
            "url": "https://www.example.com/index.html?page=1",
            "headers": [{"name": "Host", "value": "www.example.com"}],
            "queryString": [{"name": "page", "value": "1"}],
        },
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "text/html"}],
            "content": {"text": "<html></html>", "mimeType": "text/html"},
        },
    }


@pytest.mark.parametrize("entries", [[], [web_page()]])
def test_a_har_of_nothing_s3_is_not_judged_and_never_a_pass(
    entries: list[dict[str, Any]], tmp_path: Path
) -> None:
    file = tmp_path / "browser.har"
    file.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    status, read = judged(file)
    assert status == 3
    assert (read["judged"], read["not_judged"]) == (0, 1)
    assert read["results"][0]["verdict"] == "not-judged"
    assert read["results"][0]["reason"]


@pytest.mark.parametrize("content", ["", "{", "{}", "7", '["text"]', "[[1]]"])
def test_a_file_that_is_no_list_of_cases_ends_with_3(content: str, tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text(content, encoding="utf-8")
    assert_refused(invoke("judge", "--cases", file), "cases.json", status=3)


def test_no_case_at_all_is_no_pass(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text("[]", encoding="utf-8")
    status, read = judged("--cases", file)
    assert status == 3
    assert read == {"judged": 0, "accepted": 0, "rejected": 0, "not_judged": 0, "results": []}
