"""The suite goes on when the server does not, ends in time, and never blames a clause for it."""

from __future__ import annotations

import functools
import http.server
import os
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from conformance.tests import servers
from conformance.tests.running import ChangedTarget, Outcome, invoke, run_here, use
from conformance.tests.servers import always_after, changed_server, faulty_server, now_and_then
from conformance.tests.test_result_folder import assert_valid_folder
from conformance.tests.test_usage import assert_refused
from model.messages import BodyEnd, HttpResponse
from targets.serving import serve

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.tests.servers import Fault, FaultyServer
    from model.messages import HttpRequest

XML = (("content-type", "application/xml"),)
WAIT = 0.25
BODY_LENGTH_CLAUSE = "reading/body-is-as-long-as-announced"


def run_at(url: str, folder: Path, **options: object) -> Outcome:
    """Run against an endpoint with a KMS API; answers are not waited for longer than WAIT."""
    given: dict[str, object] = {"requests": 400, "seed": 3, "timeout": WAIT, **options}
    return run_here(folder, endpoint_url=url, kms_endpoint_url=url, sse_c_over_http=True, **given)


def error(status: int, code: str) -> HttpResponse:
    return HttpResponse(status, XML, f"<Error><Code>{code}</Code></Error>".encode())


def bucket_names(server: FaultyServer) -> list[str]:
    return server.reference._names()


@pytest.mark.server
@pytest.mark.parametrize(
    "fault",
    [
        servers.kill,
        servers.say_nothing,
        servers.reset,
        servers.hang_up,
        servers.speak_garbage,
        servers.announce_70_megabytes,
        servers.pour,
        servers.drip,
    ],
)
def test_a_server_that_answers_no_more_is_lost_and_the_verdict_invalid(
    fault: Fault, tmp_path: Path
) -> None:
    begun = time.monotonic()
    wait = 0.1 if fault is servers.drip else WAIT
    with faulty_server(always_after(150, fault)) as server:
        outcome = run_at(server.url, tmp_path / "run", timeout=wait)
    assert time.monotonic() - begun < 30
    assert outcome.status == 3
    result = assert_valid_folder(outcome.folder)
    assert result["summary"]["verdict"] == "invalid"
    assert "the target was lost" in result["summary"]["reason"]
    assert result["divergences"] == []
    assert len(result["leftovers"]) == 1
    assert "the target was lost" in result["leftovers"][0]


@pytest.mark.server
@pytest.mark.parametrize(
    "fault",
    [
        servers.say_nothing,
        servers.reset,
        servers.hang_up,
        servers.speak_garbage,
        servers.announce_70_megabytes,
    ],
)
def test_answers_that_fail_to_come_now_and_then_make_no_finding_and_no_pass(
    fault: Fault, tmp_path: Path
) -> None:
    with faulty_server(now_and_then(fault)) as server:
        outcome = run_at(server.url, tmp_path / "run")
        assert bucket_names(server) == []
    assert outcome.status == 3
    result = assert_valid_folder(outcome.folder)
    assert result["divergences"] == []
    assert "got no answer" in result["summary"]["reason"]
    assert result["summary"]["requests"] > 300
    assert any("got no answer" in note for note in result["notes"])


@pytest.mark.server
def test_a_server_whose_answers_all_break_off_is_lost(tmp_path: Path) -> None:
    with faulty_server(always_after(150, servers.cut_off)) as server:
        outcome = run_at(server.url, tmp_path / "run")
    assert outcome.status == 3
    result = assert_valid_folder(outcome.folder)
    assert "the target was lost" in result["summary"]["reason"]
    assert {d["clause"] for d in result["divergences"]} <= {BODY_LENGTH_CLAUSE}


@pytest.mark.server
def test_answers_that_break_off_now_and_then_are_confirmed_by_nothing(tmp_path: Path) -> None:
    with faulty_server(now_and_then(servers.cut_off)) as server:
        outcome = run_at(server.url, tmp_path / "run")
        assert bucket_names(server) == []
    assert outcome.status == 3
    result = assert_valid_folder(outcome.folder)
    assert "got no answer" in result["summary"]["reason"]
    assert [d["clause"] for d in result["divergences"]] == [BODY_LENGTH_CLAUSE]
    confirmed = result["divergences"][0]["confirmed"]
    assert confirmed["reproduced"] < confirmed["tries"]


@pytest.mark.server
def test_a_range_that_always_breaks_off_is_confirmed_and_is_in_the_transcript(
    tmp_path: Path,
) -> None:
    def broken(_: int, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        asked = any(name == "range" for name, _ in request.headers)
        if request.method != "GET" or not asked or answer.status != 206:
            return answer
        announced = ("content-length", str(len(answer.body)))
        return HttpResponse(206, (*answer.headers, announced), b"", BodyEnd.BROKEN_OFF)

    with changed_server(broken) as server:
        outcome = run_at(server.url, tmp_path / "run", requests=1200)
    assert outcome.status == 1
    result = assert_valid_folder(outcome.folder)
    (found,) = result["divergences"]
    assert (found["clause"], found["also"]) == (BODY_LENGTH_CLAUSE, [])
    assert found["confirmed"] == {"tries": 3, "reproduced": 3}
    assert found["observed"].startswith("206, the body broke off")
    told = {one["field"]: one["observed"] for one in found["differences"]}
    assert told["body length"].startswith("broke off after 0 of ")
    for file in ("transcript.jsonl", "transcript.har"):
        assert invoke("judge", outcome.folder / file).status == 1


@pytest.mark.server
def test_a_busy_server_makes_no_finding(tmp_path: Path) -> None:
    def busy(number: int, _: HttpRequest, answer: HttpResponse) -> HttpResponse:
        return error(503, "SlowDown") if number % 9 == 0 else answer

    with changed_server(busy) as server:
        outcome = run_at(server.url, tmp_path / "run")
    assert outcome.record.divergences == ()
    assert outcome.status == 0
    assert any("503" in one.why for one in outcome.record.not_run)
    assert_valid_folder(outcome.folder)


def test_a_server_that_only_fails_is_found_out_in_bounded_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(number: int, _: HttpRequest, answer: HttpResponse) -> HttpResponse:
        return error(500, "InternalError") if number > 150 else answer

    use(monkeypatch, ChangedTarget(failing))
    outcome = run_here(tmp_path / "run", target="reference", requests=600, seed=3)
    assert outcome.status == 1
    result = assert_valid_folder(outcome.folder)
    assert result["summary"]["requests"] < 900
    assert result["leftovers"]
    for found in result["divergences"]:
        assert "500" in found["observed"]


@pytest.mark.parametrize("how", ["cut short", "empty", "declares entities", "html"])
def test_error_documents_that_cannot_be_read_are_findings_about_the_error_alone(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def garbled(_: int, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        if answer.status < 400 or not answer.body or request.service != "s3":
            return answer
        document = answer.body[answer.body.index(b"<Error") :]
        body = {
            "cut short": answer.body[: len(answer.body) // 2],
            "empty": b"",
            "declares entities": b'<!DOCTYPE Error [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
            + document.replace(b"<Message>", b"<Message>&b;&b;"),
            "html": b"<html><body><p>Sorry</body></html>",
        }[how]
        return HttpResponse(answer.status, answer.headers, body)

    use(monkeypatch, ChangedTarget(garbled))
    outcome = run_here(tmp_path / "run", target="reference", requests=400, seed=3)
    assert outcome.status == 1
    result = assert_valid_folder(outcome.folder)
    for found in result["divergences"]:
        assert found["severity"] == "cosmetic"
        assert [d["field"] for d in found["differences"]] == ["error"]


def test_a_wrong_content_length_of_head_is_a_finding_about_the_length_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shortened(_: int, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        if request.method != "HEAD" or answer.status != 200:
            return answer
        kept = tuple(pair for pair in answer.headers if pair[0] != "content-length")
        return HttpResponse(answer.status, (*kept, ("content-length", "7")), b"")

    use(monkeypatch, ChangedTarget(shortened))
    outcome = run_here(tmp_path / "run", target="reference", requests=400, seed=3)
    assert outcome.status == 1
    assert outcome.clauses == {"reading/length-is-that-of-the-data"}


# Endpoints that cannot be used at all.


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_an_unreachable_endpoint_ends_with_3(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    folder = tmp_path / "run"
    begun = time.monotonic()
    done = invoke("run", "--endpoint-url", url, "--requests", "50", "--out", folder)
    assert time.monotonic() - begun < 20
    assert_refused(done, "gives no answer", url, status=3)


@pytest.mark.server
def test_an_endpoint_that_is_a_web_site_ends_with_3(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<html><body>hello</body></html>", encoding="utf-8")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=os.fspath(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        done = invoke("run", "--endpoint-url", url, "--requests", "50", "--out", tmp_path / "run")
        server.shutdown()
    assert_refused(done, "is no S3", status=3)


@pytest.mark.server
@pytest.mark.parametrize("code", ["InvalidAccessKeyId", "SignatureDoesNotMatch"])
def test_wrong_credentials_end_with_2_and_leave_nothing(code: str, tmp_path: Path) -> None:
    with serve(lambda *_: error(403, code)) as server:
        done = invoke("run", "--endpoint-url", server.url, "--requests", "50")
    assert_refused(done, "does not accept the credentials", code)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.server
def test_credentials_that_may_make_no_bucket_end_with_3(tmp_path: Path) -> None:
    with serve(lambda *_: error(403, "AccessDenied")) as server:
        done = invoke(
            "run", "--endpoint-url", server.url, "--requests", "50", "--out", tmp_path / "run"
        )
    assert_refused(done, "would not make a bucket", "AccessDenied", status=3)


def test_no_credentials_end_with_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    done = invoke("run", "--endpoint-url", "http://127.0.0.1:9", "--requests", "50")
    assert_refused(done, "no AWS credentials were found")
    assert list(tmp_path.iterdir()) == []
