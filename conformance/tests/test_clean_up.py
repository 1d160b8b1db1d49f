"""Nothing of a run stays at the target; what cannot be removed is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.tests.running import ChangedTarget, invoke, run_here, use
from model.messages import HttpRequest, HttpResponse
from targets.reference import make_reference
from targets.serving import serve

if TYPE_CHECKING:
    from pathlib import Path

XML = (("content-type", "application/xml"),)
DENIED = HttpResponse(403, XML, b"<Error><Code>AccessDenied</Code></Error>")


@pytest.mark.server
@pytest.mark.parametrize(
    "without", [(), ("etag/sse-kms-is-not-the-md5", "sse-c/key-md5-must-match")]
)
def test_no_bucket_is_left_after_a_run(without: tuple[str, ...], tmp_path: Path) -> None:
    reference = make_reference(without=frozenset(without))
    with serve(reference.handle) as server:
        outcome = run_here(
            tmp_path / "run",
            endpoint_url=server.url,
            kms_endpoint_url=server.url,
            sse_c_over_http=True,
            requests=500,
            seed=6,
        )
        done = invoke("clean", "--endpoint-url", server.url)
    assert outcome.status == (1 if without else 0)
    assert outcome.record.leftovers == ()
    assert reference._names() == []
    assert done.status == 0
    assert "0 found, 0 left" in done.out


def test_buckets_that_cannot_be_deleted_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keeping(_: int, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        delete = request.method == "DELETE" and request.path == "/" and not request.query
        return DENIED if delete else answer

    use(monkeypatch, ChangedTarget(keeping))
    outcome = run_here(tmp_path / "run", target="reference", requests=150, seed=6)
    buckets = {text.split()[1].rstrip(":") for text in outcome.record.leftovers}
    assert len(buckets) == len(outcome.record.leftovers) > 3
    assert all(name.startswith("s3sse-") for name in buckets)
    assert all("403 AccessDenied" in text for text in outcome.record.leftovers)


def test_leftovers_are_listed_where_buckets_may_not_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keeping(_: int, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        delete = request.method == "DELETE" and request.path == "/" and not request.query
        listing = request.method == "GET" and not request.bucket
        return DENIED if delete or listing else answer

    use(monkeypatch, ChangedTarget(keeping))
    outcome = run_here(tmp_path / "run", target="reference", requests=150, seed=6)
    assert len(outcome.record.leftovers) > 3


@pytest.mark.server
def test_the_command_clean_finds_and_removes_what_is_left() -> None:
    reference = make_reference()
    with serve(reference.handle) as server:
        for name in ("s3sse-0123-1-a", "s3sse-0123-2-a", "somebody-elses"):
            reference.handle(HttpRequest("PUT", bucket=name), secure=False)
        reference.handle(HttpRequest("PUT", bucket="s3sse-0123-1-a", path="/object"), secure=False)
        listed = invoke("clean", "--endpoint-url", server.url)
        assert listed.status == 1
        assert "2 found, 2 left" in listed.out
        assert reference._names() == ["s3sse-0123-1-a", "s3sse-0123-2-a", "somebody-elses"]
        removed = invoke("clean", "--endpoint-url", server.url, "--yes")
        assert removed.status == 0
        assert "2 found, 0 left" in removed.out
        assert reference._names() == ["somebody-elses"]
