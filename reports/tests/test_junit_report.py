"""JUnit: what a CI system reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from defusedxml import ElementTree

from reports import junit_report
from reports.record import Summary
from reports.tests.examples import record
from reports.tests.hostile import hostile_record

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from reports.record import RunRecord


def parsed(made: RunRecord) -> Element:
    root = ElementTree.fromstring(junit_report.render(made, "results").encode())
    assert root is not None
    return root


def case(root: Element, name: str) -> Element:
    return next(one for one in root.iter("testcase") if one.get("name") == name)


def test_a_suite_is_a_topic_and_a_case_is_a_clause() -> None:
    root = parsed(record())
    assert [suite.get("name") for suite in root.iter("testsuite")] == [
        "bucket-default-encryption",
        "copy",
        "dsse-kms",
        "multipart",
        "sse-c",
        "sse-kms",
    ]
    assert {one.get("name") for one in root.iter("testcase")} == {c.id for c in record().clauses}


def test_a_failure_tells_what_was_expected_what_came_and_how_to_see_it_again() -> None:
    failure = case(parsed(record()), "copy/destination-uses-the-requested-encryption").find(
        "failure",
    )
    assert failure is not None
    assert failure.get("type") == "documented-critical"
    assert failure.text is not None
    for words in (
        "expected: 400 KMS.NotFoundException",
        "observed: 200, x-amz-server-side-encryption: AES256",
        "3. CopyObject: PUT http://127.0.0.1:9000/s3sse-b1/copy.txt",
        "x-amz-server-side-encryption: aws:kms",
        "again: s3sse replay results D-02fa6d11",
    ):
        assert words in failure.text


def test_a_failed_clause_without_a_divergence_is_still_a_failure() -> None:
    root = parsed(record().model_copy(update={"divergences": ()}))
    assert root.get("failures") == "2"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("dsse-kms/two-layers-are-reported", "unsupported: the target refuses aws:kms:dsse"),
        (
            "bucket-default-encryption/delete-restores-aes256",
            "not-exercised: the budget was spent first",
        ),
        ("multipart/parts-follow-the-upload", "waived: fixed in the next release"),
    ],
)
def test_what_was_not_judged_is_skipped_with_its_reason(name: str, message: str) -> None:
    skipped = case(parsed(record()), name).find("skipped")
    assert skipped is not None
    assert skipped.get("message") == message


def test_a_divergence_that_no_failed_clause_stands_for_is_not_lost() -> None:
    root = parsed(record().model_copy(update={"clauses": ()}))
    found = [one.get("name") for one in root.iter("testcase") if one.find("failure") is not None]
    assert found == ["D-7c41e09b", "D-02fa6d11"]


def test_the_counts_add_up() -> None:
    root = parsed(record())
    counts = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "10", "failures": "2", "errors": "0", "skipped": "4"}
    for name, count in counts.items():
        of_suites = sum(int(suite.get(name, "")) for suite in root.iter("testsuite"))
        assert str(of_suites) == count


def test_an_invalid_run_is_an_error_and_nothing_counts_as_passed() -> None:
    lost = Summary(verdict="invalid", reason="the target went away", requests=3)
    root = parsed(record().model_copy(update={"summary": lost}))
    error = case(root, "verdict").find("error")
    assert error is not None
    assert error.get("message") == "the target went away"
    assert [one.get("name") for one in root.iter("testcase") if len(one) == 0] == []


def test_a_run_that_exercised_nothing_is_an_error_too() -> None:
    nothing = Summary(verdict="conforms")
    root = parsed(
        record().model_copy(update={"summary": nothing, "clauses": (), "divergences": ()})
    )
    assert root.get("errors") == "1"


def test_the_file_is_well_formed_whatever_a_server_sent(tmp_path: Path) -> None:
    path = junit_report.write(hostile_record(), tmp_path)
    root = ElementTree.fromstring(path.read_bytes())
    assert root is not None
    assert {element.tag for element in root.iter()} == {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "skipped",
    }
