"""A realistic run record, for tests and for looking at the reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.record import (
    Capability,
    ClauseCounts,
    ClauseRecord,
    Confirmation,
    Difference,
    DivergenceRecord,
    HeaderRecord,
    NotRun,
    PhaseRecord,
    RequestRecord,
    ResponseRecord,
    RunRecord,
    SeverityCounts,
    SourceRecord,
    StageRecord,
    StepRecord,
    Summary,
    TargetRecord,
    WaiverRecord,
)
from reports.reproduce import reproduction

if TYPE_CHECKING:
    from collections.abc import Mapping

ENDPOINT = "http://127.0.0.1:9000"
SSE = "x-amz-server-side-encryption"
CUSTOMER_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
CUSTOMER_KEY_MD5 = "hRasmdxgYDKV3nvbahU1MA=="
PAGES = {
    "sse-kms": "userguide/UsingKMSEncryption.html",
    "sse-c": "userguide/ServerSideEncryptionCustomerKeys.html",
    "bucket-default-encryption": "userguide/bucket-encryption.html",
    "copy": "API/API_CopyObject.html",
    "multipart": "API/API_CreateMultipartUpload.html",
    "dsse-kms": "userguide/UsingDSSEncryption.html",
}


def headers(**pairs: str) -> tuple[HeaderRecord, ...]:
    """Make headers of keyword arguments; underscores stand for hyphens."""
    return tuple(
        HeaderRecord(name=name.replace("_", "-"), value=value) for name, value in pairs.items()
    )


def step(
    number: int,
    operation: str,
    method: str,
    path: str,
    *,
    params: Mapping[str, object] | None = None,
    request: tuple[HeaderRecord, ...] = (),
    body: str | None = None,
    status: int = 200,
    answer: tuple[HeaderRecord, ...] = (),
    answer_body: str = "",
    observed: str = "",
    expected: tuple[str, ...] = (),
) -> StepRecord:
    """Make one step; it diverges where something else was expected."""
    return StepRecord.model_validate(
        {
            "index": number,
            "operation": operation,
            "params": dict(params or {}),
            "request": RequestRecord(
                method=method,
                url=ENDPOINT + path,
                headers=request,
                body=body,
                body_length=len(body or ""),
            ),
            "response": ResponseRecord(status=status, headers=answer, body=answer_body),
            "observed": observed or f"{status}",
            "expected": expected,
            "diverges": bool(expected),
        },
    )


def clause(
    clause_id: str,
    title: str,
    status: str = "passed",
    *,
    level: str = "DOCUMENTED",
    exercised: int = 0,
    reason: str = "",
    rules: tuple[str, ...] = (),
) -> ClauseRecord:
    """Make one clause with the source of its topic."""
    page = PAGES[clause_id.partition("/")[0]]
    return ClauseRecord.model_validate(
        {
            "id": clause_id,
            "title": title,
            "level": level,
            "profile": clause_id.partition("/")[0],
            "rules": rules,
            "source": SourceRecord(
                page=page,
                section="Request headers",
                url=f"https://docs.aws.amazon.com/AmazonS3/latest/{page}",
                read="2026-11-20",
            ),
            "status": status,
            "exercised": exercised,
            "reason": reason,
        },
    )


def copy_steps() -> tuple[StepRecord, ...]:
    """Return a sequence in which a copy loses the encryption that was asked for."""
    return (
        step(0, "CreateBucket", "PUT", "/s3sse-b1", params={"Bucket": "s3sse-b1"}),
        step(
            1,
            "PutObject",
            "PUT",
            "/s3sse-b1/report.txt",
            params={"Bucket": "s3sse-b1", "Key": "report.txt", "Body": "hello"},
            body="hello",
            answer=headers(etag='"5d41402abc4b2a76b9719d911017c592"', **{SSE: "AES256"}),
        ),
        step(
            2,
            "CopyObject",
            "PUT",
            "/s3sse-b1/copy.txt",
            params={
                "Bucket": "s3sse-b1",
                "Key": "copy.txt",
                "CopySource": "s3sse-b1/report.txt",
                "ServerSideEncryption": "aws:kms",
            },
            request=headers(**{"x-amz-copy-source": "s3sse-b1/report.txt", SSE: "aws:kms"}),
            answer=headers(**{SSE: "AES256", "x-amz-request-id": "17A0"}),
            answer_body="<CopyObjectResult><ETag>&quot;5d41402a&quot;</ETag></CopyObjectResult>",
            observed="200, x-amz-server-side-encryption: AES256",
            expected=(
                "200 with x-amz-server-side-encryption: aws:kms and the ARN of the key",
                "400 KMS.NotFoundException",
            ),
        ),
    )


def multipart_steps() -> tuple[StepRecord, ...]:
    """Return a sequence whose later requests hold an upload ID and an ETag of earlier answers."""
    upload = "exampleUploadId-4711"
    etag = "9b2cf535f27731c974343645a3985328"
    part = {"Bucket": "s3sse-b2", "Key": "big", "UploadId": upload}
    completed = (
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>"
        f"<ETag>{etag}</ETag></Part></CompleteMultipartUpload>"
    )
    return (
        step(0, "CreateBucket", "PUT", "/s3sse-b2", params={"Bucket": "s3sse-b2"}),
        step(
            1,
            "CreateMultipartUpload",
            "POST",
            "/s3sse-b2/big?uploads",
            params={"Bucket": "s3sse-b2", "Key": "big"},
            answer_body=(
                "<InitiateMultipartUploadResult>"
                f"<UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
            ),
        ),
        step(
            2,
            "UploadPart",
            "PUT",
            f"/s3sse-b2/big?uploadId={upload}&partNumber=1",
            params=part | {"PartNumber": 1, "Body": "x" * 300},
            body="x" * 300,
            answer=headers(etag=f'"{etag}"'),
        ),
        step(
            3,
            "CompleteMultipartUpload",
            "POST",
            f"/s3sse-b2/big?uploadId={upload}",
            params=part | {"MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": etag}]}},
            body=completed,
            observed="200, no encryption header",
            expected=("200 with x-amz-server-side-encryption: AES256",),
        ),
    )


def customer_key_steps() -> tuple[StepRecord, ...]:
    """Return requests with customer keys: a right one, one without its MD5, one that is no key."""
    algorithm = "x-amz-server-side-encryption-customer-algorithm"
    key = "x-amz-server-side-encryption-customer-key"
    named = {"Bucket": "s3sse-b3", "Key": "secret", "SSECustomerAlgorithm": "AES256"}
    return (
        step(
            0,
            "PutObject",
            "PUT",
            "/s3sse-b3/secret",
            params=named
            | {
                "Body": "s'e\"cret",
                "SSECustomerKey": CUSTOMER_KEY,
                "SSECustomerKeyMD5": CUSTOMER_KEY_MD5,
            },
            request=headers(
                **{algorithm: "AES256", key: CUSTOMER_KEY, f"{key}-MD5": CUSTOMER_KEY_MD5},
            ),
            body="s'e\"cret",
        ),
        step(
            1,
            "GetObject",
            "GET",
            "/s3sse-b3/secret",
            params=named | {"SSECustomerKey": CUSTOMER_KEY},
            request=headers(**{algorithm: "AES256", key: CUSTOMER_KEY}),
            observed="200, the object",
            expected=("400 InvalidRequest",),
        ),
        step(
            2,
            "HeadObject",
            "HEAD",
            "/s3sse-b3/secret",
            params=named | {"SSECustomerKey": "not base64!", "SSECustomerKeyMD5": "AAAA"},
            request=headers(**{algorithm: "aes-256", key: "not base64!", f"{key}-MD5": "AAAA"}),
            status=400,
        ),
    )


def divergence(
    found_id: str,
    clause_id: str,
    severity: str,
    operation: str,
    *,
    title: str,
    steps: tuple[StepRecord, ...],
    differences: tuple[Difference, ...] = (),
    waived: WaiverRecord | None = None,
) -> DivergenceRecord:
    """Make one divergence, with its scripts."""
    last = next(one for one in reversed(steps) if one.diverges)
    return DivergenceRecord.model_validate(
        {
            "id": found_id,
            "clause": clause_id,
            "clauses": (clause_id,),
            "severity": severity,
            "verdict": "violates",
            "operation": operation,
            "title": title,
            "expected": last.expected,
            "observed": last.observed,
            "differences": differences,
            "confirmed": Confirmation(tries=3, reproduced=3),
            "waived": waived,
            "occurrences": 14,
            "symptoms": (
                {"operation": operation, "field": "etag", "kind": "different", "occurrences": 11},
                {"operation": "PutObject", "field": "etag", "kind": "missing", "occurrences": 3},
            ),
            "steps": steps,
            "reproduce": reproduction(steps, endpoint=ENDPOINT, title=f"s3sse {found_id}: {title}"),
        },
    )


def clauses() -> tuple[ClauseRecord, ...]:
    """Return clauses of each status and level."""
    return (
        clause(
            "copy/destination-uses-the-requested-encryption",
            "A copy is encrypted as the request's own headers ask, whatever the source has.",
            "failed",
            exercised=61,
            rules=("GP-CPY-03", "GP-RES-08"),
        ),
        clause(
            "copy/nothing-is-inherited",
            "A copy without encryption headers takes the destination bucket's default encryption.",
            exercised=48,
            rules=("GP-CPY-01",),
        ),
        clause(
            "sse-c/key-md5-is-required",
            "A request with a customer key and without its MD5 is refused.",
            "failed",
            exercised=112,
        ),
        clause(
            "sse-c/read-needs-the-same-key",
            "An object stored with a customer key is returned only to a request with that key.",
            exercised=97,
        ),
        clause(
            "multipart/parts-follow-the-upload",
            "The answer that completes an upload names the upload's encryption.",
            "waived",
            exercised=22,
            reason="fixed in the next release",
        ),
        clause(
            "sse-kms/response-names-the-key-arn",
            "The answer to an SSE-KMS write names the KMS key by its full ARN.",
            exercised=75,
        ),
        clause(
            "sse-kms/disabled-key-is-refused",
            "A write with a disabled KMS key is refused with KMS.DisabledException.",
            "unsupported",
            reason="the target has no KMS API, so no key can be disabled",
            level="OBSERVED",
        ),
        clause(
            "dsse-kms/two-layers-are-reported",
            "The answer to a DSSE-KMS write shows aws:kms:dsse.",
            "unsupported",
            reason="the target refuses aws:kms:dsse",
        ),
        clause(
            "bucket-default-encryption/new-bucket-is-aes256",
            "A new bucket encrypts with SSE-S3 until told otherwise.",
            exercised=230,
        ),
        clause(
            "bucket-default-encryption/delete-restores-aes256",
            "DeleteBucketEncryption brings back SSE-S3.",
            "not-exercised",
            reason="the budget was spent first",
        ),
    )


def divergences() -> tuple[DivergenceRecord, ...]:
    """Return three divergences, one of them waived."""
    found = clauses()
    return (
        divergence(
            "D-7c41e09b",
            found[2].id,
            "major",
            "GetObject",
            title="A customer key without its MD5 is accepted",
            steps=customer_key_steps(),
        ),
        divergence(
            "D-02fa6d11",
            found[0].id,
            "critical",
            "CopyObject",
            title="A copy that asks for SSE-KMS is stored with SSE-S3",
            steps=copy_steps(),
            differences=(
                Difference(
                    field=SSE,
                    expected="aws:kms",
                    observed="AES256",
                    reason="the request asks for aws:kms, and nothing of the source is inherited",
                    clause=found[0].id,
                ),
                Difference(
                    field=f"{SSE}-aws-kms-key-id",
                    expected="arn:aws:kms:us-east-1:*:key/*",
                    observed="",
                    reason="an object encrypted with SSE-KMS names its key",
                    clause="sse-kms/response-names-the-key-arn",
                ),
            ),
        ),
        divergence(
            "D-b83d5f20",
            found[4].id,
            "minor",
            "CompleteMultipartUpload",
            title="The completed upload does not name its encryption",
            steps=multipart_steps(),
            waived=WaiverRecord(
                reason="fixed in the next release",
                owner="storage team",
                until="2027-01-31",
            ),
        ),
    )


def record() -> RunRecord:
    """Return a run that diverges."""
    return RunRecord(
        suite_version="0.1.0",
        model_version="2026-11-20",
        started="2026-11-23T14:02:11.412345+00:00",
        finished="2026-11-23T14:05:16.008112+00:00",
        seed=20261123,
        target=TargetRecord(
            name="seaweedfs",
            kind="built-in",
            endpoint=ENDPOINT,
            server="SeaweedFS 4.48",
            as_of="2026-11-23",
            capabilities={
                "SSE-S3": Capability(status="supported", detail="answers name AES256"),
                "SSE-KMS": Capability(status="supported", detail="two keys of the KMS API"),
                "SSE-C": Capability(status="supported", detail="over plain HTTP, as declared"),
                "DSSE-KMS": Capability(status="unsupported", detail="400 InvalidArgument"),
                "Bucket Keys": Capability(
                    status="ignored-silently",
                    detail="PutObject with the header answers 200 and never returns it",
                ),
                "presigned POST": Capability(status="untested"),
            },
        ),
        summary=Summary(
            verdict="diverges",
            reason="2 divergences that no waiver covers, one of them critical.",
            requests=4210,
            sequences=318,
            seconds=184.6,
            divergences=3,
            waived=1,
            severities=SeverityCounts(critical=1, major=1),
            clauses=ClauseCounts(
                total=10,
                exercised=7,
                passed=4,
                failed=2,
                waived=1,
                unsupported=2,
                not_exercised=1,
            ),
        ),
        options={"budget": "3m", "profile": ("sse-s3", "sse-kms", "sse-c"), "insecure": False},
        clauses=clauses(),
        divergences=divergences(),
        phases=(
            PhaseRecord(
                name="corpus",
                requests=210,
                sequences=41,
                seconds=9.2,
                findings=1,
                stages=(StageRecord(name="scenarios", done=41, planned=41),),
            ),
            PhaseRecord(
                name="sequences",
                requests=4000,
                sequences=277,
                seconds=175.4,
                findings=2,
                stages=(StageRecord(name="conversations", done=277),),
            ),
        ),
        not_run=(NotRun(what="directory buckets", why="the target has none"),),
        leftovers=("bucket s3sse-b2: an upload could not be aborted (500)",),
        notes=("SSE-C was sent without TLS, as declared with --sse-c-over-http.",),
    )
