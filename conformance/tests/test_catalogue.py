"""``s3sse clauses``: the list, its filters, and one clause explained."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from conformance.clause_entries import (
    Filters,
    allowance_entries,
    clause_entries,
    find_entry,
    make_entry,
)
from conformance.clause_examples import SILENT
from conformance.settings import UsageError
from conformance.tests.catalogue_views import ALLOWANCE, ETAG, STALE, changed_clause, printed
from conformance.tests.running import invoke
from model.clause import every_allowance, every_clause

if TYPE_CHECKING:
    from conformance.clause_entries import Entry

EVERYTHING = (*clause_entries(), *allowance_entries())
SCOPE = {
    "buckets": frozenset({"directory bucket", "access point for FSx"}),
    "since": date(2026, 4, 6),
    "until": date(2027, 1, 1),
}


def ids_listed(*options: str) -> list[str]:
    done = invoke("clauses", "--json", *options)
    assert done.status == 0
    return [row["id"] for row in json.loads(done.out)]


def test_the_list_has_each_clause_with_level_profile_sentence_and_source() -> None:
    done = invoke("clauses")
    assert done.status == 0
    lines = done.out.splitlines()
    for clause in every_clause():
        (number,) = [n for n, line in enumerate(lines) if line.split()[:1] == [clause.id]]
        assert lines[number].split() == [clause.id, clause.basis.value, clause.profile]
        assert lines[number + 1].strip() == clause.title
        assert lines[number + 2].strip().startswith(clause.source.page)
        assert lines[number + 2].endswith(f"read {clause.source.read}")
    assert lines[-1] == f"{len(every_clause())} clauses"


def test_the_list_as_json_says_all_but_the_examples() -> None:
    (row,) = json.loads(invoke("clauses", "--json", "--search", ETAG).out)
    assert row == {
        "id": ETAG,
        "topic": "etag",
        "title": find_entry(ETAG).sentence,
        "reason": "",
        "level": "DOCUMENTED",
        "profile": "sse-s3",
        "rules": list(find_entry(ETAG).rules),
        "source": "https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html",
        "section": "ETag",
        "read": "2026-11-23",
        "needs": None,
        "operations": row["operations"],
        "buckets": list(find_entry(ETAG).buckets),
        "since": None,
        "until": None,
        "allowance": False,
    }
    assert {"PutObject", "CopyObject"} <= set(row["operations"])
    assert "GetObject" not in row["operations"]


def test_a_profile_limits_the_list_and_several_widen_it_again() -> None:
    wanted = {"sse-c", "dsse-kms"}
    expected = [clause.id for clause in every_clause() if clause.profile in wanted]
    assert ids_listed("--profile", "sse-c", "--profile", "dsse-kms") == expected
    assert set(ids_listed("--profile", "sse-c")) < set(expected)


@pytest.mark.parametrize("level", ["observed", "OBSERVED"])
def test_a_level_limits_the_list_however_it_is_written(level: str) -> None:
    expected = [clause.id for clause in every_clause() if clause.basis.value == "OBSERVED"]
    assert ids_listed("--level", level) == expected


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("md5 ETAG sse-s3", ETAG),
        ("GP-ETAG-02", "etag/sse-kms-is-not-the-md5"),
        ("BadDigest", "request/content-md5-must-match-the-data"),
        ("CopyObject InvalidRequest", "copy/in-place-without-a-change-is-refused"),
    ],
)
def test_a_search_looks_in_all_that_is_said_of_a_clause(search: str, found: str) -> None:
    listed = ids_listed("--search", search)
    assert found in listed
    assert len(listed) < len(every_clause()) / 2


def test_all_words_of_a_search_must_be_found() -> None:
    assert ids_listed("--search", "etag nonsense") == []
    assert invoke("clauses", "--search", "etag nonsense").out == (
        f"0 of {len(every_clause())} clauses\n"
    )


def test_filters_are_taken_together() -> None:
    both = ids_listed("--profile", "sse-c", "--level", "documented", "--search", "PutObject")
    profile, level = ids_listed("--profile", "sse-c"), ids_listed("--level", "documented")
    assert both
    assert set(both) < set(profile) & set(level)


def test_the_allowances_are_listed_apart() -> None:
    expected = [one.id for one in every_allowance()]
    assert ids_listed("--allowances") == expected
    assert not set(ids_listed()) & set(expected)
    shown = invoke("clauses", "--allowances").out
    assert all(one.title in shown for one in every_allowance())
    assert shown.endswith(f"{len(expected)} allowances\n")
    assert set(ids_listed("--allowances", "--search", "range")) < set(expected)


def test_a_clause_is_explained_with_its_source_its_examples_and_what_is_near() -> None:
    shown = invoke("clauses", "etag/sse-kms-is-not-the-md5").out
    for text in (
        "An object put or copied under SSE-KMS has an ETag of 32 digits",
        "DOCUMENTED: AWS's documentation says so",
        "a success of CopyObject,",
        "API/API_Object.html, ETag, read 2026-11-23",
        "https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html",
        "GP-ETAG-02, GP-ETAG-03, GP-ETAG-06",
        "It speaks: an object under sse kms has another etag than the md5",
        '  1  CreateBucket(Bucket="bucket")',
        '  2  PutObject(Bucket="bucket", Key="object", Body="some data", ServerSideEncryption=',
        "-> the answer's ETag must be 32 hexadecimal digits that are not the MD5",
        "It is silent: of an object under dsse",
        'ServerSideEncryption="aws:kms:dsse")',
        f"-> {SILENT}",
        "etag/dsse-kms-has-32-digits",
    ):
        assert text in shown


def test_the_longer_reason_stands_below_the_sentence() -> None:
    shown = invoke("clauses", "copy/in-place-without-a-change-is-refused").out.splitlines()
    assert shown[2] == find_entry("copy/in-place-without-a-change-is-refused").reason
    assert shown[2].startswith("That is so in a bucket whose default was never put")


def test_an_allowance_is_explained_as_what_aws_leaves_open() -> None:
    shown = invoke("clauses", ALLOWANCE).out
    assert "AWS is silent; the model allows:" in shown
    assert "It allows: an empty context may be refused" in shown
    assert "-> may be refused with any 400 error" in shown
    assert "level" not in shown
    assert "same topic" not in shown


@pytest.mark.parametrize("entry", EVERYTHING, ids=lambda entry: entry.id)
def test_each_is_explained_by_an_example_that_speaks_and_one_that_is_silent(entry: Entry) -> None:
    speaking, silent = entry.examples.fires, entry.examples.silent
    assert speaking is not None, STALE
    assert silent is not None, STALE
    assert speaking.demands
    assert silent.demands == ()
    first, heading, second = printed(entry, 2000).partition("It is silent: ")
    assert heading
    assert entry.sentence in first
    assert speaking.request.call in first
    assert silent.request.call in second
    assert SILENT in second
    assert SILENT not in first


def test_a_clause_as_json_has_both_examples_whole() -> None:
    shown = json.loads(invoke("clauses", "sse-c/tls-is-required", "--json").out)
    fires, silent = shown["examples"]["fires"], shown["examples"]["silent"]
    assert fires["request"]["operation"] == "PutObject"
    assert len(fires["request"]["parameters"]["SSECustomerKey"]) == 44
    assert fires["request"]["remarks"] == ["over plain HTTP"]
    assert fires["demands"] == ["must be refused with 400 InvalidArgument"]
    assert silent["demands"] == []
    assert "sse-c/key-header-is-required" in shown["near"]["same_topic"]


def test_a_narrow_terminal_breaks_lines_between_words_only() -> None:
    entry = find_entry("sse-c-object/read-needs-the-same-key")
    wide, narrow = printed(entry, 1000), printed(entry, 60)
    assert wide.split() == narrow.split()
    assert all(len(line) <= 60 or " " not in line.strip() for line in narrow.splitlines())
    assert not [line for line in narrow.splitlines() if line != line.rstrip()]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--profile", "sse-d"], ["--profile sse-d", "did you mean sse-c?"]),
        (["--level", "rumoured"], ["--level rumoured", "documented and observed"]),
        (["--allowances", "--profile", "sse-c"], ["--profile", "neither profile nor level"]),
        (["--allowances", "--level", "observed"], ["--level", "neither profile nor level"]),
        ([ETAG, "--search", "x"], [f"{ETAG} is one clause", "leave --search out"]),
        ([ETAG, "--allowances"], [f"{ETAG} is one clause", "leave --allowances out"]),
        (["--html", "x.html", "--level", "observed"], ["whole catalogue", "leave --level out"]),
        (["--html", "x.html", "--json"], ["whole catalogue", "leave --json out"]),
        (["--html", "x.html", ETAG], ["whole catalogue", f"leave {ETAG} out"]),
        (["--html", "."], ["--html .", "cannot be written"]),
        (["etag"], ["etag is a topic", "--search etag/"]),
        (["is-the-md5"], ["did you mean etag/sse-s3-is-the-md5?"]),
        (["allowance/odd-contexts"], ["no such clause", f"did you mean {ALLOWANCE}?"]),
        (["zzzz"], ["zzzz: there is no such clause: see s3sse clauses"]),
    ],
)
def test_a_wrong_question_ends_with_2_and_one_line(arguments: list[str], said: list[str]) -> None:
    done = invoke("clauses", *arguments)
    assert (done.status, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert all(text in line for text in said), line


@pytest.mark.parametrize(
    "members", [SCOPE, {"scope": SimpleNamespace(**SCOPE)}], ids=["own", "scope"]
)
def test_kinds_of_bucket_and_an_era_are_shown_where_a_clause_has_them(
    members: dict[str, object],
) -> None:
    entry = make_entry(changed_clause(**{"scope": SimpleNamespace(**SCOPE), **members}))
    shown = printed(entry)
    assert "era      since 2026-04-06, before 2027-01-01\n" in shown
    assert "buckets  access point for FSx, directory bucket\n" in shown
    assert Filters(search="directory 2026-04-06").fits(entry)


def test_an_era_may_have_one_end() -> None:
    for members, era in (
        ({"since": date(2026, 4, 6)}, "since 2026-04-06"),
        ({"until": date(2026, 4, 6)}, "before 2026-04-06"),
        ({}, ""),
    ):
        assert make_entry(changed_clause(scope=SimpleNamespace(**members))).era == era


def test_a_clause_whose_examples_are_not_written_down_is_explained_without() -> None:
    shown = printed(make_entry(changed_clause(id="etag/brand-new")))
    assert shown.count("no example is written down") == 2


def test_a_filter_for_a_level_that_there_is_none_of_is_refused_at_once() -> None:
    with pytest.raises(UsageError, match="no such level"):
        Filters(level="")


def test_neither_pytest_nor_hypothesis_is_loaded_to_explain_a_clause() -> None:
    script = (
        "import sys; from conformance.cli import app\n"
        f"app(['clauses', '{ETAG}'], standalone_mode=False)\n"
        "loaded = {'pytest', 'hypothesis', 'moto', 'model.clauses.tests'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert ETAG in done.stdout
