"""Findings and the harm that they tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from model.answer import BODY, Answer
from model.clauses.tests.notation import (
    BUCKET,
    KEY_ARN,
    OBJECT,
    UNKNOWN,
    after,
    copy,
    create,
    customer,
    delete,
    get,
    get_default,
    head,
    put,
)
from model.encryption_strength import requested_strength, shown_strength
from model.findings import OUTCOME, Finding, Kind, Mismatch, Severity, Verdict
from model.operation import Operation, suspect_version
from model.operations.get_bucket_encryption import ALGORITHM
from model.request import (
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY,
    KMS_KEY_ID,
    SSE,
    WithEncryptionHeaders,
)
from model.severity import severity_of

if TYPE_CHECKING:
    from model.world import World

pytestmark = pytest.mark.example

PLAIN = after(create(), put())
UNDER_SSE_C = after(create(), put(**customer()))
SUSPECTED = suspect_version(PLAIN, BUCKET, OBJECT, None, "reading/refused-write-keeps-the-object")
ACCEPTED, REFUSED, ERROR, STATUS, MISSING, UNEXPECTED, DIFFERENT = Kind
NOTHING = Answer(status=200, succeeded=True)


def showing(**fields: str) -> Answer:
    names = {"sse": SSE, "algorithm": CUSTOMER_ALGORITHM}
    return Answer(status=200, succeeded=True, fields={names[k]: v for k, v in fields.items()})


def finding(kind: Kind = DIFFERENT, *, observed: str = "x", expected: str = "y") -> Finding:
    return Finding(
        clause="a/b",
        clauses=("a/b",),
        operation="PutObject",
        field="etag",
        kind=kind,
        severity=Severity.MINOR,
        expected=(expected,),
        observed=observed,
    )


def test_the_same_defect_has_the_same_signature_in_another_run() -> None:
    assert finding().signature == finding(observed="z").signature == "c8f7dd4a2e99"
    assert finding(MISSING).signature == finding().signature
    assert finding(MISSING).symptom != finding().symptom == ("PutObject", "etag", DIFFERENT)


def test_to_be_accepted_refused_or_told_wrongly_are_different_defects() -> None:
    signatures = {finding(kind).signature for kind in (ACCEPTED, REFUSED, ERROR, MISSING)}
    assert len(signatures) == 4
    assert finding(STATUS).signature == finding(ERROR).signature


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (ACCEPTED, "PutObject succeeded (x), though it must be refused"),
        (REFUSED, "PutObject was refused (x), though it must succeed"),
        (ERROR, "PutObject was refused with x"),
        (STATUS, "PutObject answered x"),
        (MISSING, "PutObject left out etag"),
        (UNEXPECTED, "PutObject showed etag, which must be y"),
        (DIFFERENT, "PutObject showed another etag"),
    ],
)
def test_a_finding_is_told_in_one_line(kind: Kind, title: str) -> None:
    assert finding(kind).title == title


@pytest.mark.parametrize("expected", ["absent", "absent or false"])
def test_of_a_header_too_many_it_is_told_what_may_stand_there(expected: str) -> None:
    told = finding(UNEXPECTED, expected=expected).title
    assert told == f"PutObject showed etag, which must be {expected}"


def test_the_worst_comes_first() -> None:
    assert [s.rank for s in Severity] == [0, 1, 2, 3]
    assert Severity.CRITICAL.rank == 0
    assert max(Verdict) is Verdict.VIOLATES


CRITICAL, MAJOR, MINOR, COSMETIC = Severity


@pytest.mark.parametrize(
    ("severity", "field", "kind", "world", "request_", "answer"),
    [
        # Data that came out without its key, or is gone, or is other data.
        (CRITICAL, OUTCOME, ACCEPTED, UNDER_SSE_C, get(), NOTHING),
        (CRITICAL, OUTCOME, ACCEPTED, UNDER_SSE_C, copy(), NOTHING),
        (CRITICAL, OUTCOME, REFUSED, SUSPECTED, get(), NOTHING),
        (CRITICAL, BODY, DIFFERENT, PLAIN, get(), NOTHING),
        (CRITICAL, CUSTOMER_KEY, UNEXPECTED, PLAIN, get(), NOTHING),
        # Less protection than was asked for.
        (CRITICAL, SSE, DIFFERENT, PLAIN, put(sse="aws:kms"), showing(sse="AES256")),
        (CRITICAL, SSE, MISSING, PLAIN, put(sse="AES256"), NOTHING),
        (CRITICAL, CUSTOMER_ALGORITHM, MISSING, PLAIN, put(**customer()), showing(sse="AES256")),
        # Other decisions.
        (MAJOR, OUTCOME, ACCEPTED, PLAIN, get(), NOTHING),
        (MAJOR, OUTCOME, ACCEPTED, UNDER_SSE_C, head(), NOTHING),
        (MAJOR, OUTCOME, ACCEPTED, after(create()), get(), NOTHING),
        (MAJOR, OUTCOME, REFUSED, PLAIN, get(), NOTHING),
        (MAJOR, OUTCOME, REFUSED, UNKNOWN, get(), NOTHING),
        (MAJOR, OUTCOME, REFUSED, SUSPECTED, put(), NOTHING),
        (MAJOR, SSE, DIFFERENT, PLAIN, put(), showing(sse="aws:kms")),
        (MAJOR, SSE, DIFFERENT, PLAIN, get(), showing(sse="aws:kms")),
        (MAJOR, SSE, DIFFERENT, PLAIN, put(sse="AES256"), showing(sse="aws:kms")),
        (MAJOR, ALGORITHM, DIFFERENT, PLAIN, get_default(), NOTHING),
        # What is only said.
        (MINOR, SSE, UNEXPECTED, UNDER_SSE_C, get(**customer()), showing(sse="AES256")),
        (MINOR, SSE, MISSING, PLAIN, get(), NOTHING),
        (MINOR, SSE, MISSING, PLAIN, put(), NOTHING),
        (MINOR, ALGORITHM, MISSING, PLAIN, get_default(), NOTHING),
        (MINOR, "etag", DIFFERENT, PLAIN, get(), NOTHING),
        (MINOR, KMS_KEY_ID, MISSING, PLAIN, put(sse="aws:kms"), NOTHING),
        (COSMETIC, "error", ERROR, PLAIN, put(), NOTHING),
        (COSMETIC, "status", STATUS, PLAIN, delete(), NOTHING),
    ],
)
def test_the_harm_of_a_mismatch(
    *,
    severity: Severity,
    field: str,
    kind: Kind,
    world: World,
    request_: Operation,
    answer: Answer,
) -> None:
    because = ("sse-c-object/read-needs-the-key",) if world is UNDER_SSE_C else ("a/b",)
    mismatch = Mismatch(field=field, kind=kind, expected="", observed="", because=because)
    assert severity_of(mismatch, world, request_, answer) is severity


@pytest.mark.parametrize(("observed", "severity"), [(KEY_ARN, MAJOR), ("alias/one", MINOR)])
def test_another_key_harms_more_than_another_form_of_its_name(
    observed: str, severity: Severity
) -> None:
    mismatch = Mismatch(
        field=KMS_KEY_ID, kind=DIFFERENT, expected="", observed=observed, because=("a/b",)
    )
    assert severity_of(mismatch, PLAIN, put(sse="aws:kms"), NOTHING) is severity


@pytest.mark.parametrize(
    ("request_", "strength"),
    [
        (put(), 0),
        (put(sse="ROT13"), 0),
        (put(sse="AES256"), 1),
        (put(sse="aws:kms"), 2),
        (put(**customer()), 2),
        (put(sse="aws:kms:dsse"), 3),
    ],
)
def test_what_a_request_asks_for_has_a_strength(
    request_: WithEncryptionHeaders, strength: int
) -> None:
    assert requested_strength(request_) == strength


@pytest.mark.parametrize(
    ("answer", "strength"),
    [
        (NOTHING, 0),
        (showing(sse="ROT13"), 0),
        (showing(sse="AES256"), 1),
        (showing(algorithm="AES256"), 2),
        (showing(sse="aws:kms:dsse"), 3),
    ],
)
def test_what_an_answer_shows_has_a_strength(answer: Answer, strength: int) -> None:
    assert shown_strength(answer) == strength
