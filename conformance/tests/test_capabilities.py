"""What a target can do is tried first: a clean refusal is no defect, silence is the worst."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from conformance.ablation import open_session
from conformance.tests.running import Outcome, run_here, use
from conformance.verdict import is_declined
from model.answer import Answer
from model.clause import Capability, find_clause
from model.messages import HttpResponse
from model.operations.create_bucket import CreateBucket
from model.operations.put_object import PutObject
from targets.reference import ReferenceConnection, ReferenceTarget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from model.messages import HttpRequest, Pairs
    from targets.target import Connection, Endpoint

XML = (("content-type", "application/xml"),)
CUSTOMER = "server-side-encryption-customer-"


def refusal(status: int, code: str) -> HttpResponse:
    return HttpResponse(status, XML, f"<Error><Code>{code}</Code></Error>".encode())


@dataclass(slots=True)
class _Between:
    connection: Connection
    send_through: Callable[[Connection, HttpRequest], HttpResponse]

    @property
    def endpoint(self) -> Endpoint:
        return self.connection.endpoint

    def send(self, request: HttpRequest) -> HttpResponse:
        return self.send_through(self.connection, request)


@dataclass(slots=True)
class BetweenTarget:
    """The reference, with a function in the place of its ``send``."""

    send_through: Callable[[Connection, HttpRequest], HttpResponse]
    name: str = "between"

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Give a connection to a fresh reference, with the function between."""
        with ReferenceTarget().connect() as connection:
            yield _Between(connection, self.send_through)


def run_through(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    send: Callable[[Connection, HttpRequest], HttpResponse],
) -> Outcome:
    use(monkeypatch, BetweenTarget(send))
    return run_here(folder, target="reference", requests=500, seed=5)


def without_encryption(pairs: Pairs) -> Pairs:
    return tuple(pair for pair in pairs if "server-side-encryption" not in pair[0])


def supported(outcome: Outcome) -> dict[str, str]:
    return {name: one.status for name, one in outcome.record.target.capabilities.items()}


def test_encryption_that_is_ignored_without_a_word_is_critical(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf(connection: Connection, request: HttpRequest) -> HttpResponse:
        if request.service == "s3" and request.path != "/":
            request = replace(request, headers=without_encryption(request.headers))
        answer = connection.send(request)
        return replace(answer, headers=without_encryption(answer.headers))

    outcome = run_through(monkeypatch, tmp_path / "run", deaf)
    assert outcome.status == 1
    found = supported(outcome)
    for capability in (
        Capability.SSE_S3,
        Capability.SSE_KMS,
        Capability.DSSE_KMS,
        Capability.SSE_C,
    ):
        assert found[capability.value] == "ignored-silently"
    assert outcome.record.summary.severities.critical > 0
    critical = {one.clause for one in outcome.record.findings if one.severity == "critical"}
    assert any("sse-c" in clause for clause in critical)
    assert any("kms" in clause for clause in critical)


@pytest.mark.parametrize(("status", "code"), [(501, "NotImplemented"), (400, "InvalidArgument")])
def test_sse_c_that_is_refused_cleanly_is_unsupported_and_no_finding(
    status: int, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(connection: Connection, request: HttpRequest) -> HttpResponse:
        if any(CUSTOMER in name for name, _ in request.headers):
            return refusal(status, code)
        return connection.send(request)

    outcome = run_through(monkeypatch, tmp_path / "run", refusing)
    assert supported(outcome)[Capability.SSE_C.value] == "unsupported"
    assert outcome.record.divergences == ()
    assert outcome.status == 0
    unsupported = [c for c in outcome.record.clauses if c.status == "unsupported"]
    assert unsupported
    for clause in unsupported:
        assert find_clause(clause.id).needs is Capability.SSE_C
        assert str(status) in clause.reason
    needing = [c for c in outcome.record.clauses if find_clause(c.id).needs is Capability.SSE_C]
    assert {c.status for c in needing} == {"unsupported"}
    assert any("sse-c" in one.what and str(status) in one.why for one in outcome.record.not_run)
    assert outcome.record.summary.clauses.unsupported == len(unsupported)


@pytest.mark.parametrize(
    ("capability", "refused"),
    [
        (Capability.BUCKET_ENCRYPTION, lambda r: ("encryption", "") in r.query),
        (Capability.DSSE_KMS, lambda r: "aws:kms:dsse" in repr(r)),
        (Capability.SSE_S3, lambda r: "x-amz-server-side-encryption" in repr(r).lower()),
    ],
)
def test_any_feature_that_is_not_implemented_is_left_out_of_the_verdict(
    capability: Capability,
    refused: Callable[[HttpRequest], bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refusing(connection: Connection, request: HttpRequest) -> HttpResponse:
        if request.service == "s3" and refused(request):
            return refusal(501, "NotImplemented")
        return connection.send(request)

    outcome = run_through(monkeypatch, tmp_path / "run", refusing)
    assert supported(outcome)[capability.value] == "unsupported"
    assert [(d.clause, d.operation, d.observed) for d in outcome.record.divergences] == []
    assert outcome.status == 0


def test_501_to_a_request_that_names_nothing_lacking_is_no_excuse() -> None:
    refused = Answer(status=501, succeeded=False, error_code="NotImplemented")
    session = open_session(requests=100)
    session.begin("s")
    session.send(CreateBucket(bucket="s3sse-declined"))
    put = PutObject(bucket="s3sse-declined", object_key="object", sse="AES-256")
    declined = replace(session.send(put), answer=refused)
    assert is_declined(declined, frozenset({Capability.SSE_S3}))
    assert not is_declined(declined, frozenset({Capability.SSE_C, Capability.SSE_KMS}))
    other = replace(declined, answer=replace(refused, status=400))
    assert not is_declined(other, frozenset({Capability.SSE_S3}))
    plain = replace(declined, request=replace(put, sse=None))
    assert not is_declined(plain, frozenset(Capability))
    bucket = replace(declined, request=CreateBucket(bucket="s3sse-declined"))
    assert not is_declined(bucket, frozenset(Capability))


def test_a_feature_that_fails_with_500_is_judged_and_no_excuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(connection: Connection, request: HttpRequest) -> HttpResponse:
        if request.method == "PUT" and any(CUSTOMER in name for name, _ in request.headers):
            return refusal(500, "InternalError")
        return connection.send(request)

    outcome = run_through(monkeypatch, tmp_path / "run", failing)
    assert supported(outcome)[Capability.SSE_C.value] == "supported"
    assert outcome.status == 1
    assert all("500" in d.observed for d in outcome.record.divergences)


def test_without_a_kms_api_the_clauses_about_keys_are_unsupported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoKms(ReferenceTarget):
        @contextmanager
        def connect(self) -> Iterator[Connection]:
            with super().connect() as connection:
                assert isinstance(connection, ReferenceConnection)
                connection.endpoint = replace(connection.endpoint, kms_url=None)
                yield connection

    use(monkeypatch, NoKms())
    outcome = run_here(tmp_path / "run", target="reference", requests=400, seed=5)
    assert outcome.record.divergences == ()
    assert outcome.status == 0
    assert supported(outcome)[Capability.KMS_API.value] == "unsupported"
    assert outcome.status_of("kms-keys/disabled-key-does-not-write") == "unsupported"
    assert outcome.status_of("precedence/no-named-key-is-managed") == "passed"


def test_a_kms_key_that_is_refused_ends_the_run_and_no_target_was_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OneKey(ReferenceTarget):
        @contextmanager
        def connect(self) -> Iterator[Connection]:
            with super().connect() as connection:
                assert isinstance(connection, ReferenceConnection)
                connection.endpoint = replace(connection.endpoint, kms_keys=("no-such-key",))
                yield connection

    use(monkeypatch, OneKey())
    outcome = run_here(tmp_path / "run", target="reference", requests=100, seed=5)
    assert outcome.status == 3
    assert "--kms-key no-such-key" in outcome.record.summary.reason
    assert outcome.record.leftovers == ()
