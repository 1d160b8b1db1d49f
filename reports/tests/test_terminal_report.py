"""The end summary in a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

from rich.console import Console

from reports.record import Summary
from reports.terminal_report import print_summary
from reports.tests.examples import divergences, record
from reports.tests.hostile import hostile_record

if TYPE_CHECKING:
    from reports.record import RunRecord


def printed(made: RunRecord, *, terminal: bool = False, width: int = 120) -> str:
    file = io.StringIO()
    colours: Literal["standard"] | None = "standard" if terminal else None
    console = Console(file=file, force_terminal=terminal, width=width, color_system=colours)
    print_summary(made, console, "s3sse-results/moto-1")
    return file.getvalue()


def test_the_summary_says_what_happened_and_what_to_do_next() -> None:
    text = printed(record(), width=180)
    for words in (
        "DIVERGES",
        "4,210 requests in 318 sequences, 3 min 5 s, seed 20261123",
        "10 clauses: 4 passed, 2 failed, 1 waived, 2 unsupported, 1 not exercised",
        "3 divergences: 1 critical, 1 major, 0 minor, 0 cosmetic, 1 waived",
        "IGNORED SILENTLY  Bucket Keys",
        "A copy that asks for SSE-KMS is stored with SSE-S3 [D-02fa6d11]",
        "1 clause not-exercised: the budget was spent first",
        "directory buckets: the target has none",
        "left behind: bucket s3sse-b2",
        "Report  s3sse-results/moto-1/report.html",
        "Again   s3sse replay s3sse-results/moto-1 D-02fa6d11",
    ):
        assert words in text


def test_without_a_terminal_there_are_no_escape_sequences() -> None:
    assert "\x1b" not in printed(record())
    assert "\x1b[" in printed(record(), terminal=True)


def test_a_server_cannot_write_into_the_terminal() -> None:
    text = printed(hostile_record())
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "[red]" in text


def test_commands_and_paths_are_not_broken_into_lines() -> None:
    lines = [line.rstrip() for line in printed(record(), width=30).splitlines()]
    assert "Again   s3sse replay s3sse-results/moto-1 D-02fa6d11" in lines


def test_a_run_that_exercised_nothing_does_not_conform() -> None:
    empty = record().model_copy(
        update={"summary": Summary(verdict="conforms"), "divergences": (), "clauses": ()},
    )
    text = printed(empty)
    assert "NO VALID VERDICT" in text
    assert "CONFORMS" not in text
    assert "s3sse replay" not in text


def test_many_divergences_and_reasons_are_cut_with_a_count() -> None:
    one = divergences()[0]
    many = tuple(one.model_copy(update={"id": f"D-{number:02}"}) for number in range(25))
    unjudged = record().clauses[-1]
    clauses = tuple(unjudged.model_copy(update={"reason": f"why {n}"}) for n in range(10))
    text = printed(record().model_copy(update={"divergences": many, "clauses": clauses}))
    assert "and 5 divergences more, see the report" in text
    assert "and 2 reasons more, see the report" in text
