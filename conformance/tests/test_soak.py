"""The whole model yields no finding; the model without a clause yields one. Short forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.ablation import explore_reference, notice, open_session
from conformance.tests.running import run_here
from model.clause import every_clause

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 5000
SAMPLE = (
    "answer-headers/bucket-key-is-shown",
    "answer-headers/refusals-show-no-encryption",
    "answer-headers/sse-c-is-shown",
    "archive/archived-object-is-not-read",
    "archive/restore-needs-no-key",
    "blocked-encryption-types/no-types-are-shown-unasked",
    "blocked-encryption-types/nothing-blocked-is-not-shown",
    "blocked-encryption-types/sse-c-write-is-refused",
    "blocked-encryption-types/unblocked-bucket-takes-sse-c",
    "bucket-configuration/always-there",
    "bucket-configuration/delete-succeeds-always",
    "bucket-configuration/key-needs-kms",
    "bucket-configuration/shows-the-key-as-it-was-put",
    "bucket-default/bucket-key-is-applied",
    "bucket-default/copy-takes-the-destination-default",
    "bucket-policy/condition-denies-the-write",
    "checksums/copy-keeps-the-algorithm",
    "conditions/copy-succeeds-when-met",
    "copy/in-place-without-a-change-is-refused",
    "copy/missing-source-is-refused",
    "deletion/several-need-no-key",
    "directives/other-metadata-is-gone",
    "directory-answers/etag-is-not-the-md5",
    "directory-configuration/customer-managed-key-is-accepted",
    "directory-copies/default-is-taken",
    "directory-multipart/part-needs-no-header",
    "directory-requests/unsupported-algorithm-is-refused",
    "directory-session/default-is-taken",
    "directory-writes/other-algorithm-is-refused",
    "etag/sse-kms-is-not-the-md5",
    "fsx-access-point/fsx-is-shown",
    "kms-keys/disabled-key-does-not-write",
    "kms-keys/new-alias-target-keeps-the-objects",
    "kms-keys/unknown-arn-is-refused",
    "lists/nothing-else-is-named",
    "multipart-completion/etag-is-made-of-the-parts",
    "multipart-completion/refused-completion-keeps-the-object",
    "multipart-lists/parts-have-their-numbers",
    "multipart-reading/parts-are-counted",
    "multipart-sse-c/completion-shows-the-md5-of-a-key-sent",
    "multipart-sse-c/part-needs-the-key",
    "multipart/new-default-leaves-the-uploads",
    "multipart/part-etag-under-a-key-is-not-the-md5",
    "object-attributes/size-is-that-of-the-data",
    "ownership/other-bucket-owner-is-denied",
    "post-form/context-is-not-shown",
    "precedence/named-key-is-used",
    "precedence/sse-c-overrides-the-default",
    "presigned/algorithm-in-the-query-counts",
    "reading/copy-keeps-its-source",
    "reading/new-default-keeps-the-objects",
    "reading/refused-write-keeps-the-object",
    "request/content-md5-must-match-the-data",
    "request/unknown-algorithm-is-refused",
    "sse-c-object/copy-with-the-source-key-succeeds",
    "sse-c-object/read-needs-the-same-key",
    "sse-c/checks-in-order",
    "sse-c/key-must-have-32-bytes",
    "sse-c/tls-is-required",
    "update-encryption/dsse-and-sse-c-objects-are-refused",
    "update-encryption/key-must-be-a-full-arn",
    "updated-object/keeps-all-else",
    "updated-object/last-modified-is-kept",
    "version-ids/missing-version-is-named",
    "versioning/other-versions-stay",
)


def test_the_sample_is_of_every_topic() -> None:
    topics = {clause.id.partition("/")[0] for clause in every_clause()}
    assert {clause_id.partition("/")[0] for clause_id in SAMPLE} == topics


@pytest.mark.parametrize("seed", [11, 22, 33, 44, 55])
@pytest.mark.parametrize("sse_c_over_http", [True, False])
def test_the_reference_yields_no_finding(seed: int, sse_c_over_http: bool) -> None:
    session = open_session(requests=600, sse_c_over_http=sse_c_over_http)
    explore_reference(session, seed)
    assert session.counts.requests >= 600
    assert len(session.counts.fired) > 50


@pytest.mark.parametrize("clause_id", SAMPLE)
def test_a_clause_that_is_left_out_is_noticed(clause_id: str) -> None:
    found = notice(clause_id, limit=LIMIT)
    assert found is not None
    assert found <= LIMIT + 50  # the last sequence is ended, and cleaned up


@pytest.mark.parametrize("blocks", ["no", "unknown"])
def test_what_is_said_of_new_buckets_makes_no_finding_where_it_is_true(
    blocks: str, tmp_path: Path
) -> None:
    outcome = run_here(
        tmp_path / "run", target="reference", requests=300, seed=9, blocks_sse_c=blocks
    )
    assert outcome.record.divergences == ()
    assert outcome.status == 0


@pytest.mark.parametrize("day", ["2023-01-05", "2026-04-05", "2026-04-06"])
def test_the_reference_conforms_by_the_documents_of_every_era(day: str, tmp_path: Path) -> None:
    outcome = run_here(tmp_path / "run", target="reference", requests=300, seed=9, as_of=day)
    assert outcome.record.divergences == ()
    assert outcome.record.target.as_of == day
