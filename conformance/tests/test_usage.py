"""Wrong usage: exit status 2 (3 for evidence that cannot be read), one line, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance import run
from conformance.tests.running import Done, invoke

if TYPE_CHECKING:
    from pathlib import Path

WAIVER = '[[waiver]]\nclause = "etag/*"\nreason = "known"\nowner = "me"\nuntil = 2099-01-01\n'


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run that should not have begun end soon."""
    monkeypatch.setattr(run, "DEFAULT_BUDGET", 1.0)


def assert_refused(done: Done, *said: str, status: int = 2) -> None:
    """Check the exit status, and that standard error is one line that says what is wrong."""
    assert done.status == status, done
    (line,) = done.err.splitlines()
    assert line.startswith("s3sse: ")
    for text in said:
        assert text in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target", "mono"], ["no target 'mono'", "did you mean moto?", "reference-http"]),
        (["--target", "zzzzzz"], ["no target 'zzzzzz'", "the targets are"]),
        (["--target", "reference", "--budget", "soon"], ["--budget soon", "write 90, 60s"]),
        (["--target", "reference", "--budget", "0s"], ["--budget 0s", "more than 0"]),
        (["--target", "reference", "--budget", "-5"], ["--budget -5", "is no time"]),
        (["--target", "reference", "--budget", "5d"], ["--budget 5d", "is no time"]),
        (["--target", "reference", "--requests", "0"], ["--requests 0", "at least 1"]),
        (["--target", "reference", "--requests", "-3"], ["--requests -3", "at least 1"]),
        (["--target", "reference", "-n", "0"], ["--workers 0", "greater than or equal to 1"]),
        (["--target", "reference", "--timeout", "0"], ["--timeout 0", "greater than 0"]),
        (["--target", "reference", "--as-of", "yesterday"], ["--as-of yesterday"]),
        (["--target", "reference", "--as-of", "2026-02-30"], ["--as-of 2026-02-30"]),
        (["--target", "reference", "--as-of", "2023-01-04"], ["--as-of", "before 2023-01-05"]),
        (["--target", "reference", "--blocks-sse-c", "maybe"], ["--blocks-sse-c maybe", "'yes'"]),
        (["--target", "reference", "--addressing", "dns"], ["--addressing dns", "'path'"]),
        (["--target", "moto", "--client", "curl"], ["--client curl", "'raw' or 'boto3'"]),
        (
            ["--target", "reference", "--client", "boto3"],
            ["--client boto3", "reference speaks no HTTP", "use reference-http"],
        ),
        (
            ["--target", "moto", "--endpoint-url", "http://127.0.0.1:9"],
            ["--target moto", "--endpoint-url", "leave one of the two out"],
        ),
        (["--target", "endpoint"], ["no URL", "--endpoint-url URL"]),
        (["--endpoint-url", "127.0.0.1:9000"], ["'127.0.0.1:9000'", "http://HOST:PORT"]),
        (["--endpoint-url", "http://"], ["'http://'", "http://HOST:PORT"]),
        (["--target", "reference", "--waivers", "none.toml"], ["none.toml", "cannot be read"]),
        (["--config", "none.toml"], ["none.toml", "cannot be read"]),
    ],
)
def test_a_wrong_option_ends_with_2_and_one_line_and_leaves_nothing(
    arguments: list[str], said: list[str], tmp_path: Path
) -> None:
    assert_refused(invoke("run", *arguments), *said)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_option_ends_with_2_and_is_named(tmp_path: Path) -> None:
    done = invoke("run", "--budgets", "30s")
    assert done.status == 2
    assert "--budgets" in done.err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_command_ends_with_2_and_is_named() -> None:
    done = invoke("rum")
    assert done.status == 2
    assert "rum" in done.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("target = ", ["is no valid TOML"]),
        ("\xff\xfe", ["is no valid TOML"]),
        ('tarket = "moto"\n', ["--tarket", "there is no such option"]),
        ('target = "reference"\n[runs]\n', ["--runs", "there is no such option"]),
        ('target = "reference"\nrequests = "many"\n', ["--requests many", "integer"]),
        ('target = "reference"\nworkers = 1.5\n', ["--workers 1.5", "integer"]),
        ('target = "reference"\ninsecure = "perhaps"\n', ["--insecure perhaps", "boolean"]),
        ('target = "reference"\nkms-key = 7\n', ["--kms-key 7", "tuple"]),
        ('target = "reference"\nbudget = "long"\n', ["--budget long", "is no time"]),
        ('target = "reference"\nas-of = "never"\n', ["--as-of never"]),
        ("target = 5\n", ["--target 5", "string"]),
        ("run = 5\n", ["[run] must be a table"]),
    ],
)
def test_a_bad_configuration_file_ends_with_2_and_says_which_key(
    text: str, said: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "suite.toml"
    file.write_bytes(text.encode("latin-1"))
    assert_refused(invoke("run", "--config", file), *said)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("budget", ["0", "-1", "0.0", "nan", "inf"])
def test_a_budget_of_no_time_in_a_configuration_file_ends_with_2(
    budget: str, tmp_path: Path
) -> None:
    file = tmp_path / "suite.toml"
    file.write_text(f'target = "reference"\nbudget = {budget}\n', encoding="utf-8")
    assert_refused(invoke("run", "--config", file, "--requests", "50"), "--budget")
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WAIVER.replace('reason = "known"\n', ""), ["waiver 1", "reason", "required"]),
        (WAIVER.replace('owner = "me"\n', ""), ["waiver 1", "owner", "required"]),
        (WAIVER.replace("until = 2099-01-01\n", ""), ["waiver 1", "until", "required"]),
        (WAIVER.replace("2099-01-01", '"some day"'), ["waiver 1", "until", "date"]),
        (WAIVER.replace('clause = "etag/*"\n', ""), ["waiver 1", "name an id or a clause"]),
        (WAIVER + WAIVER.replace("owner", "ovner"), ["waiver 2"]),
        (WAIVER.replace('"known"', '" "'), ["waiver 1", "reason"]),
        (WAIVER.replace('"me"', '""'), ["waiver 1", "owner"]),
        ("[waiver]\nclause = 'x'\n", ["one [[waiver]] table"]),
        ("[[waivers]]\nclause = 'x'\n", ["one [[waiver]] table"]),
        ("waiver = [", ["is no valid TOML"]),
    ],
)
def test_a_bad_waiver_ends_with_2_and_says_which(
    text: str, said: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "waivers.toml"
    file.write_text(text, encoding="utf-8")
    done = invoke("run", "--target", "reference", "--requests", "50", "--waivers", file)
    assert_refused(done, "--waivers", *said)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_file_in_the_place_of_the_result_folder_ends_with_2(below: str, tmp_path: Path) -> None:
    file = tmp_path / "taken"
    file.write_text("keep me", encoding="utf-8")
    done = invoke("run", "--target", "reference", "--requests", "50", "--out", file / below)
    assert_refused(done, "--out", "cannot be written")
    assert file.read_text(encoding="utf-8") == "keep me"


@pytest.mark.parametrize(
    "arguments",
    [["judge", "none.jsonl"], ["judge", "--cases", "none.json"], ["judge", "."]],
)
def test_judging_a_missing_file_or_a_folder_ends_with_2(arguments: list[str]) -> None:
    assert_refused(invoke(*arguments), arguments[-1])


def test_judging_by_a_bad_date_ends_with_2(tmp_path: Path) -> None:
    file = tmp_path / "empty.jsonl"
    file.write_text("", encoding="utf-8")
    assert_refused(invoke("judge", "--as-of", "soon", file), "--as-of soon")


def test_an_unknown_clause_ends_with_2_and_the_nearest_is_named() -> None:
    done = invoke("clauses", "etag/sse-s3-is-md5")
    assert_refused(done, "no such clause", "did you mean etag/sse-s3-is-the-md5?")
    assert_refused(invoke("clauses", "nosuch"), "nosuch", "no such clause")


def test_serving_without_an_unknown_clause_ends_with_2() -> None:
    assert_refused(invoke("serve", "--without", "etag/none"), "--without etag/none")


def test_cleaning_without_an_endpoint_ends_with_2() -> None:
    assert_refused(invoke("clean"), "--endpoint-url")


@pytest.mark.parametrize("subcommand", ["report", "compare", "replay"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "result.json"),
        ("", "not-json"),
        ("{", "not-json"),
        ("[]", "invalid"),
        ('{"schema_version": 1}', "invalid"),
        ('{"schema_version": 2}', "other-version"),
    ],
)
def test_a_folder_without_a_valid_result_ends_with_3(
    subcommand: str, content: str | None, said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    if content is not None:
        (folder / "result.json").write_text(content, encoding="utf-8")
    before = sorted(folder.iterdir())
    assert_refused(invoke(subcommand, folder), said, status=3)
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("subcommand", ["report", "compare", "replay"])
def test_a_folder_that_does_not_exist_is_named(subcommand: str, tmp_path: Path) -> None:
    assert_refused(invoke(subcommand, tmp_path / "none"), "none", status=3)
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_shown() -> None:
    done = invoke("--version")
    assert done.status == 0
    assert done.out.startswith("s3sse ")


def test_the_targets_are_listed() -> None:
    done = invoke("targets")
    assert done.status == 0
    for name in ("moto", "reference", "reference-http", "endpoint", "aws", "minio", "seaweedfs"):
        assert name in done.out
