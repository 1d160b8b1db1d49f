"""Directory buckets and access points for FSx in a run: tried, tested, minimised and cleaned up."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from conformance.tests.running import Outcome, entries, invoke, run_ablated, run_here, use
from model.clause import Capability, find_clause
from model.messages import HttpResponse
from targets.reference import ReferenceConnection, ReferenceTarget, make_reference
from targets.serving import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from model.messages import HttpRequest
    from targets.target import Connection, Endpoint

XML = (("content-type", "application/xml"),)
ALIAS = "s3sse-reference-ext-s3alias"


def refusal(status: int, code: str) -> HttpResponse:
    return HttpResponse(status, XML, f"<Error><Code>{code}</Code></Error>".encode())


@dataclass(slots=True)
class _Changed:
    connection: Connection
    change: Callable[[HttpRequest, HttpResponse], HttpResponse]

    @property
    def endpoint(self) -> Endpoint:
        return self.connection.endpoint

    def send(self, request: HttpRequest) -> HttpResponse:
        return self.change(request, self.connection.send(request))


@dataclass(slots=True)
class ChangedTarget:
    """The reference, with a function that changes its answers."""

    change: Callable[[HttpRequest, HttpResponse], HttpResponse]
    name: str = "changed"

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Give a connection to a fresh reference, with the function between."""
        with ReferenceTarget().connect() as connection:
            yield _Changed(connection, self.change)


def support_of(outcome: Outcome, capability: Capability) -> str:
    return outcome.record.target.capabilities[capability.value].status


def is_session(request: HttpRequest) -> bool:
    return ("session", "") in request.query


@pytest.mark.parametrize(
    "answer",
    [
        refusal(404, "NoSuchBucket"),
        refusal(501, "NotImplemented"),
        HttpResponse(200, XML, b"<ListBucketResult/>"),
        HttpResponse(200),
    ],
    ids=["404", "501", "a listing", "nothing"],
)
def test_without_credentials_there_are_no_directory_buckets_and_no_finding(
    answer: HttpResponse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, ChangedTarget(lambda r, a: answer if is_session(r) else a))
    outcome = run_here(tmp_path / "run", target="reference", requests=700, seed=5)
    assert outcome.status == 0
    assert outcome.record.divergences == ()
    assert support_of(outcome, Capability.DIRECTORY_BUCKETS) == "unsupported"
    needing = [
        c for c in outcome.record.clauses if find_clause(c.id).needs is Capability.DIRECTORY_BUCKETS
    ]
    assert {c.status for c in needing} == {"unsupported"}
    sent = [e["request"] for e in entries(outcome.folder) if "--x-s3" in e["request"]["url"]]
    assert [request["method"] for request in sent] == ["PUT", "GET", "DELETE"]


def test_where_no_directory_bucket_is_made_no_session_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        making = request.method == "PUT" and request.path == "/" and not request.query
        odd = making and request.bucket.endswith("--x-s3")
        return refusal(400, "InvalidBucketName") if odd else answer

    use(monkeypatch, ChangedTarget(change))
    outcome = run_here(tmp_path / "run", target="reference", requests=300, seed=5)
    assert outcome.record.divergences == ()
    assert support_of(outcome, Capability.DIRECTORY_BUCKETS) == "unsupported"
    sent = [e["request"] for e in entries(outcome.folder) if "--x-s3" in e["request"]["url"]]
    assert [r["method"] for r in sent if "session" in r["url"]] == []


@pytest.mark.parametrize(
    ("clause_id", "operation"),
    [
        ("directory-requests/unsupported-algorithm-is-refused", None),
        ("directory-writes/other-algorithm-is-refused", None),
        ("directory-configuration/one-key-for-life", "PutBucketEncryption"),
        ("fsx-access-point/other-algorithm-is-refused", None),
    ],
)
def test_a_finding_about_them_is_minimised_and_shown_again(
    clause_id: str, operation: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = run_ablated(
        monkeypatch,
        tmp_path / "run",
        clause_id,
        requests=3500,
        seed=2,
        profile=(profile(clause_id),),
    )
    assert outcome.status == 1
    (found, *_) = [d for d in outcome.record.divergences if d.clause == clause_id]
    assert operation in {None, *found.operations}
    assert found.confirmed.reproduced == found.confirmed.tries >= 3
    assert len(found.steps) <= 5


def profile(clause_id: str) -> str:
    return find_clause(clause_id).profile


def test_nothing_of_them_is_left_after_a_run(tmp_path: Path) -> None:
    reference = make_reference()
    with serve(reference.handle) as server:
        outcome = run_here(
            tmp_path / "run",
            endpoint_url=server.url,
            kms_endpoint_url=server.url,
            sse_c_over_http=True,
            fsx_access_point=ALIAS,
            requests=1200,
            seed=3,
        )
    assert outcome.status == 0
    assert outcome.record.leftovers == ()
    assert reference._names() == []
    assert support_of(outcome, Capability.DIRECTORY_BUCKETS) == "supported"
    assert support_of(outcome, Capability.FSX_ACCESS_POINT) == "supported"
    files = reference.world.existing(ALIAS).row("a")
    assert files == ()
    used = {e["request"]["url"] for e in entries(outcome.folder) if ALIAS in e["request"]["url"]}
    assert used
    assert all("/s3sse-" in url.partition(ALIAS)[2] for url in used if "?encryption" not in url)


def test_without_the_option_no_access_point_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Without(ReferenceTarget):
        @contextmanager
        def connect(self) -> Iterator[Connection]:
            with super().connect() as connection:
                assert isinstance(connection, ReferenceConnection)
                connection.endpoint = replace(connection.endpoint, fsx_access_point=None)
                yield connection

    use(monkeypatch, Without())
    outcome = run_here(tmp_path / "run", target="reference", requests=300, seed=5)
    probed = outcome.record.target.capabilities[Capability.FSX_ACCESS_POINT.value]
    assert probed.status == "unsupported"
    assert "--fsx-access-point" in probed.detail
    assert not any(ALIAS in e["request"]["url"] for e in entries(outcome.folder))


def test_an_access_point_that_refuses_writes_is_no_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        return refusal(404, "NoSuchBucket") if request.bucket == ALIAS else answer

    use(monkeypatch, ChangedTarget(change))
    outcome = run_here(tmp_path / "run", target="reference", requests=300, seed=5)
    assert outcome.record.divergences == ()
    assert support_of(outcome, Capability.FSX_ACCESS_POINT) == "unsupported"


def test_an_access_point_that_shows_no_encryption_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        if request.bucket != ALIAS:
            return answer
        kept = tuple(h for h in answer.headers if "server-side-encryption" not in h[0])
        return replace(answer, headers=kept)

    use(monkeypatch, ChangedTarget(change))
    outcome = run_here(tmp_path / "run", target="reference", requests=300, seed=5)
    assert support_of(outcome, Capability.FSX_ACCESS_POINT) == "ignored-silently"
    assert "fsx-access-point/fsx-is-shown" in outcome.clauses


@pytest.mark.parametrize("command", ["run", "serve"])
def test_an_alias_that_is_none_is_refused_in_one_line(command: str) -> None:
    done = invoke(command, "--fsx-access-point", "my-bucket")
    assert done.status == 2
    assert "--fsx-access-point my-bucket" in done.err
    assert "-ext-s3alias" in done.err
    assert len(done.err.strip().splitlines()) == 1
