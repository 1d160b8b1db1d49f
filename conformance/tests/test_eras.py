"""A run is judged by the documents of one day, and says which; the reference answers by them."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from conformance.ablation import explore_reference, notice, open_session
from conformance.settings import UsageError, parse_day
from conformance.tests.running import invoke, run_here
from conformance.tests.test_usage import assert_refused
from reports.terminal_report import print_summary
from targets.reference import make_reference
from targets.serving import serve

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.tests.running import Outcome

UNASKED = "blocked-encryption-types/no-types-are-shown-unasked"
UNBLOCKED = "blocked-encryption-types/nothing-blocked-is-not-shown"


def printed(outcome: Outcome) -> str:
    """Return what the run says at its end, on a terminal."""
    console = Console(file=io.StringIO(), width=200)
    print_summary(outcome.record, console, outcome.folder)
    text = console.file
    assert isinstance(text, io.StringIO)
    return text.getvalue()


@pytest.mark.parametrize(
    ("day", "since", "exercised", "of_another_day"),
    [
        ("2026-04-05", "2023-01-05", UNASKED, UNBLOCKED),
        ("2026-04-06", "2026-04-06", UNBLOCKED, UNASKED),
    ],
)
def test_a_run_says_its_era_and_judges_by_it(
    day: str, since: str, exercised: str, of_another_day: str, tmp_path: Path
) -> None:
    outcome = run_here(tmp_path / "run", target="reference", requests=300, seed=9, as_of=day)
    assert outcome.status == 0
    assert outcome.record.target.era.startswith(f"since {since}")
    assert outcome.status_of(exercised) == "passed"
    assert of_another_day not in {clause.id for clause in outcome.record.clauses}
    assert outcome.record.options["as_of"] == day
    assert f"Judged as of {day} (since {since}" in printed(outcome)
    page = (outcome.folder / "report.html").read_text(encoding="utf-8")
    assert f"{day} (since {since}" in page
    result = json.loads((outcome.folder / "result.json").read_text(encoding="utf-8"))
    assert result["target"]["era"] == outcome.record.target.era


@pytest.mark.parametrize("target", ["reference", "reference-http"])
def test_the_reference_blocks_sse_c_where_the_run_says_that_new_buckets_do(
    target: str, tmp_path: Path
) -> None:
    outcome = run_here(
        tmp_path / "run",
        target=target,
        requests=900,
        seed=9,
        blocks_sse_c="yes",
        as_of="2026-04-06",
    )
    assert outcome.record.divergences == ()
    assert outcome.status_of("blocked-encryption-types/sse-c-write-is-refused") == "passed"


@pytest.mark.parametrize("clause_id", [UNASKED, UNBLOCKED])
def test_a_clause_of_an_era_is_noticed_in_its_era(clause_id: str) -> None:
    assert notice(clause_id, limit=3000) is not None


@pytest.mark.parametrize("text", ["2023-01-04", "1999-12-31"])
def test_a_day_before_the_first_era_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match=f"--as-of {text}: is before 2023-01-05"):
        parse_day(text)


@pytest.mark.parametrize(
    "arguments", [("serve", "--port", "0"), ("run", "--target", "reference"), ("judge", "none.har")]
)
@pytest.mark.parametrize(
    ("day", "said"), [("2022-12-31", "before 2023-01-05"), ("soon", "--as-of soon")]
)
def test_a_wrong_day_ends_with_2_and_one_line(
    arguments: tuple[str, ...], day: str, said: str
) -> None:
    assert_refused(invoke(*arguments, "--as-of", day), said)


def test_a_transcript_of_an_earlier_day_is_not_judged(tmp_path: Path) -> None:
    outcome = run_here(tmp_path / "run", target="reference", requests=60, seed=9)
    transcript = outcome.folder / "transcript.jsonl"
    first, _, rest = transcript.read_text(encoding="utf-8").partition("\n")
    context = json.loads(first)
    context["_s3sse"]["as_of"] = "2022-06-01"
    transcript.write_text(json.dumps(context) + "\n" + rest, encoding="utf-8")
    done = invoke("judge", "--json", transcript)
    assert done.status == 3
    (result,) = json.loads(done.out)["results"]
    assert result["verdict"] == "not-judged"
    assert "2022-06-01" in result["reason"]
    assert invoke("judge", transcript, "--as-of", "2026-11-23").status == 0


@pytest.mark.server
def test_sse_c_over_plain_http_that_was_declared_is_told(tmp_path: Path) -> None:
    outcome = run_here(tmp_path / "run", target="reference-http", requests=60, seed=9)
    (note,) = [one for one in outcome.record.notes if "SSE-C over plain HTTP" in one]
    assert note in printed(outcome)
    assert note in (outcome.folder / "report.html").read_text(encoding="utf-8")
    inside = run_here(tmp_path / "inside", target="reference", requests=60, seed=9)
    assert not any("plain HTTP" in one for one in inside.record.notes)


@pytest.mark.parametrize("sse_c_over_http", [True, False])
@pytest.mark.parametrize("blocks", [True, False])
def test_whether_new_buckets_block_sse_c_is_learnt_where_nobody_says(
    blocks: bool, sse_c_over_http: bool
) -> None:
    session = open_session(requests=900, sse_c_over_http=sse_c_over_http, blocks_sse_c=blocks)
    explore_reference(session, 5)
    told = {w.context.new_buckets_block_sse_c for w in session.base.worlds}
    # Without TLS no customer key is looked at, so that nothing is learnt and nothing judged.
    assert told == ({blocks} if sse_c_over_http else {True, False})


def test_what_is_not_learnt_at_once_is_left_open(tmp_path: Path) -> None:
    outcome = run_here(
        tmp_path / "run", target="reference-http", requests=400, seed=3, blocks_sse_c="unknown"
    )
    assert outcome.record.divergences == ()


@pytest.mark.parametrize("declared", [True, False])
def test_what_aws_does_without_tls_is_judged_only_where_the_run_can_see_it(
    declared: bool, tmp_path: Path
) -> None:
    with serve(make_reference(sse_c_over_http=declared).handle) as server:
        outcome = run_here(
            tmp_path / "run",
            endpoint_url=server.url,
            kms_endpoint_url=server.url,
            sse_c_over_http=declared,
            requests=300,
            seed=9,
        )
    (found,) = [c for c in outcome.record.clauses if c.id == "sse-c/tls-is-required"]
    assert found.status == ("unsupported" if declared else "passed")
    assert found.reason == ("SSE-C over plain HTTP is declared as allowed" if declared else "")
