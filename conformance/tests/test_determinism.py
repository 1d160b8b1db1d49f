"""The same seed gives the same requests; in this process, behind HTTP, with one worker or two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from conformance.tests.running import command, entries, run_ablated, run_here
from conformance.tests.test_result_folder import assert_valid_folder
from reports.record import load

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OUT = ("etag/sse-c-is-not-the-md5", "sse-c-object/read-needs-the-key")
PLUG_IN = """
from targets.reference import ReferenceTarget

class Ablated(ReferenceTarget):
    name = "ablated"
    summary = "a reference without some clauses"
    def __init__(self, options):
        super().__init__(options, without=frozenset({without!r}))
"""


def plug_in(folder: Path, *without: str) -> str:
    """Write a package with a target of the name ``ablated``; return what PYTHONPATH has to hold."""
    packages = folder / "packages"
    described = packages / "ablated_target-1.dist-info"
    described.mkdir(parents=True)
    (packages / "ablated_target.py").write_text(
        PLUG_IN.replace("{without!r}", repr(set(without))), encoding="utf-8"
    )
    (described / "METADATA").write_text("Name: ablated-target\nVersion: 1\n", encoding="utf-8")
    (described / "entry_points.txt").write_text(
        "[s3sse.targets]\nablated = ablated_target:Ablated\n", encoding="utf-8"
    )
    return str(packages)


def sent(folder: Path) -> list[Any]:
    """Return what was sent, without the host that it was sent to."""
    found = []
    for entry in entries(folder):
        request = entry["request"]
        url = urlsplit(request["url"])
        found.append(
            (
                request["method"],
                url.path,
                url.query,
                request["headers"],
                request["queryString"],
                request.get("postData"),
                entry["_s3sse"],
            )
        )
    return found


def answered(folder: Path) -> list[Any]:
    """Return the status and body of each answer."""
    return [(e["response"]["status"], e["response"]["content"]) for e in entries(folder)]


def assert_same(one: list[Any], other: list[Any]) -> None:
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        assert left == right, index
    assert len(one) == len(other)


def test_the_same_seed_sends_the_same_requests_and_another_seed_others(tmp_path: Path) -> None:
    options: dict[str, Any] = {"target": "reference", "requests": 600}
    first = run_here(tmp_path / "first", seed=7, **options)
    second = run_here(tmp_path / "second", seed=7, **options)
    other = run_here(tmp_path / "other", seed=8, **options)
    assert_same(sent(first.folder), sent(second.folder))
    assert_same(answered(first.folder), answered(second.folder))
    assert sent(first.folder) != sent(other.folder)


@pytest.mark.server
@pytest.mark.agreement
def test_in_this_process_and_behind_http_the_transcripts_are_the_same(tmp_path: Path) -> None:
    here = run_here(tmp_path / "here", target="reference", requests=600, seed=7)
    there = run_here(tmp_path / "there", target="reference-http", requests=600, seed=7)
    assert (here.status, there.status) == (0, 0)
    assert_same(sent(here.folder), sent(there.folder))
    assert_same(answered(here.folder), answered(there.folder))
    statuses = [{c.id: c.status for c in one.record.clauses} for one in (here, there)]
    assert statuses[0] == statuses[1]


def test_a_run_with_findings_is_the_same_again_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [run_ablated(monkeypatch, tmp_path / name, *LEFT_OUT) for name in ("one", "two")]
    assert_same(sent(runs[0].folder), sent(runs[1].folder))
    assert runs[0].ids == runs[1].ids != set()


def test_two_workers_share_the_run_and_find_what_one_finds(tmp_path: Path) -> None:
    path = plug_in(tmp_path, *LEFT_OUT)
    found = []
    for workers in ("1", "2"):
        folder = tmp_path / workers
        arguments = ("--target", "ablated", "--requests", "4800", "--seed", "7")
        done = command(
            "run", *arguments, "-n", workers, "--out", folder, PYTHONPATH=path, COLUMNS="200"
        )
        assert done.status == 1, done
        result = assert_valid_folder(folder)
        # Each worker ends its last sequence, and cleans up.
        assert 3000 < result["summary"]["requests"] <= 5800
        found.append({one.id: one for one in load(folder).divergences})
    assert {one.clause for one in found[0].values()} == set(LEFT_OUT)
    assert set(found[0]) == set(found[1])
    names = {entry["_s3sse"]["sequence"].split("-")[0] for entry in entries(tmp_path / "2")}
    assert names == {"w0", "w1"}


@pytest.mark.server
def test_two_workers_with_a_server_each_are_judged_as_one_and_blame_none(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    arguments = ("--target", "reference-http", "--requests", "1200", "--seed", "41", "-n", "2")
    done = command("run", *arguments, "--out", folder, COLUMNS="200")
    assert done.status == 0, done
    result = assert_valid_folder(folder)
    assert result["divergences"] == []
    lines = entries(folder)
    assert {entry["_s3sse"]["sequence"].split("-")[0] for entry in lines} == {"w0", "w1"}
    assert len({urlsplit(entry["request"]["url"]).netloc for entry in lines}) == 1
    assert not [one for one in result["not_run"] if "outside the model" in one["why"]]
