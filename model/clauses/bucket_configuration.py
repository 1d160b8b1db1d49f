"""PutBucketEncryption, GetBucketEncryption, DeleteBucketEncryption."""

from __future__ import annotations

from model.clause import (
    GENERAL_AND_DIRECTORY,
    Basis,
    Capability,
    Order,
    Refuse,
    Require,
    Rulings,
    Source,
    Succeed,
    clause,
)
from model.facts import bucket_of, flag
from model.matchers import Absent, Equals
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.get_bucket_encryption import (
    ALGORITHM,
    BUCKET_KEY_ENABLED,
    KEY_ID,
    RULE_COUNT,
    GetBucketEncryption,
)
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.s3_errors import INVALID_ARGUMENT, MALFORMED_XML, MISSING_REQUEST_BODY
from model.sse import SseAlgorithm
from model.world import ServerSideEncryptionRule, World

PUT = Source("API/API_PutBucketEncryption.html", "Request syntax")
GET = Source("API/API_GetBucketEncryption.html", "Response elements")
DELETE = Source("API/API_DeleteBucketEncryption.html", "Description")
RULE = Source("API/API_ServerSideEncryptionRule.html", "Contents")
DEFAULT = Source("userguide/default-bucket-encryption.html", "Default encryption")
RECORDED = Source("recorded answers of Amazon S3, February 2026", "bucket encryption")
PROFILE = "bucket-default"
NEEDS = Capability.BUCKET_ENCRYPTION
BASE_RULE = ServerSideEncryptionRule()
OTHER_SERVICES = frozenset({"aws:fsx", "aws:backup"})


@clause(
    "bucket-configuration/must-be-well-formed",
    rules=("GP-CFG-04",),
    source=Source("API/ErrorResponses.html", "MalformedXML"),
    profile=PROFILE,
    needs=NEEDS,
)
def must_be_well_formed(world: World, request: PutBucketEncryption) -> Rulings:
    """A configuration that is not well-formed XML, or is empty, is refused."""
    del world
    if request.configuration is not None:
        return None
    if not request.document.strip():
        return Refuse((MALFORMED_XML, MISSING_REQUEST_BODY), step="document")
    return Refuse((MALFORMED_XML,), step="document")


@clause(
    "bucket-configuration/has-one-rule",
    rules=("GP-CFG-01", "GP-CFG-02", "GP-CFG-03"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
)
def has_one_rule(world: World, request: PutBucketEncryption) -> Rulings:
    """A configuration with no rule, or with more than one, is refused."""
    del world
    read = request.configuration
    if read is None or len(read.rules) == 1:
        return None
    return Refuse((MALFORMED_XML,), step="document")


@clause(
    "bucket-configuration/algorithm-must-be-known",
    rules=("GP-CFG-06", "GP-RES-30"),
    source=Source("API/API_ServerSideEncryptionByDefault.html", "SSEAlgorithm"),
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def algorithm_must_be_known(world: World, request: PutBucketEncryption) -> Rulings:
    """A default algorithm that S3 does not know is refused; SSE-C is no default."""
    del world
    rule = request.rule
    if rule is None or rule.sse_algorithm is None:
        return None
    if rule.sse_algorithm in set(SseAlgorithm) | OTHER_SERVICES:
        return None
    return Refuse((MALFORMED_XML,), step="document")


@clause(
    "bucket-configuration/key-needs-kms",
    rules=("GP-CFG-05",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def key_needs_kms(world: World, request: PutBucketEncryption) -> Rulings:
    """A default of AES256 with a KMS key is refused."""
    del world
    rule = request.rule
    if rule is None or rule.sse_algorithm != SseAlgorithm.AES256 or rule.kms_key_id is None:
        return None
    return Refuse((INVALID_ARGUMENT,), step="document")


@clause(
    "bucket-configuration/missing-bucket-comes-first",
    rules=("GP-CFG-15",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def missing_bucket_comes_first(world: World, request: PutBucketEncryption) -> Rulings:
    """That the bucket does not exist is answered before what is wrong with the configuration."""
    del world, request
    return Order({"bucket": frozenset({"document"})})


def _is_plain(request: PutBucketEncryption) -> bool:
    """Tell whether the configuration is one of the documented forms, without odd parts."""
    read, rule = request.configuration, request.rule
    if read is None or rule is None or read.strange or request.content_md5 is not None:
        return False
    if rule.bucket_key_enabled is not None and flag(rule.bucket_key_enabled) is None:
        return False
    return rule.blocked is None or rule.blocked in {("NONE",), ("SSE-C",)}


@clause(
    "bucket-configuration/aes256-is-accepted",
    rules=("GP-CFG-01", "GP-CFG-11"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
)
def aes256_is_accepted(world: World, request: PutBucketEncryption) -> Rulings:
    """A default of AES256 is accepted, with or without the Bucket Key flag."""
    rule = request.rule
    if bucket_of(world, request) is None or not _is_plain(request) or rule is None:
        return None
    wanted = rule.sse_algorithm == SseAlgorithm.AES256 and rule.kms_key_id is None
    return Succeed() if wanted else None


@clause(
    "bucket-configuration/kms-is-accepted-unchecked",
    rules=("GP-CFG-09", "GP-CFG-10"),
    source=PUT,
    profile=PROFILE,
    needs=Capability.SSE_KMS,
)
def kms_is_accepted_unchecked(world: World, request: PutBucketEncryption) -> Rulings:
    """A default of aws:kms is accepted with or without a key, and whatever the key is."""
    rule = request.rule
    if bucket_of(world, request) is None or not _is_plain(request) or rule is None:
        return None
    return Succeed() if rule.sse_algorithm == SseAlgorithm.AWS_KMS else None


@clause(
    "bucket-configuration/dsse-is-accepted",
    rules=("GP-CFG-14",),
    source=Source("API/API_ServerSideEncryptionByDefault.html", "SSEAlgorithm"),
    profile="dsse-kms",
    needs=Capability.DSSE_KMS,
)
def dsse_is_accepted(world: World, request: PutBucketEncryption) -> Rulings:
    """A default of aws:kms:dsse is accepted, with or without a key."""
    rule = request.rule
    if bucket_of(world, request) is None or not _is_plain(request) or rule is None:
        return None
    if rule.sse_algorithm != SseAlgorithm.AWS_KMS_DSSE or rule.bucket_key_enabled is not None:
        return None
    return Succeed()


@clause(
    "bucket-configuration/always-there",
    rules=("GP-CFG-30", "GP-CFG-32", "GP-CFG-34", "GP-ENC-03", "DB-002"),
    source=DEFAULT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def always_there(world: World, request: GetBucketEncryption) -> Rulings:
    """GetBucketEncryption always answers with one rule: no bucket is without default encryption."""
    if bucket_of(world, request) is None:
        return None
    return (Succeed(), Require(RULE_COUNT, Equals("1", wrong="0")))


@clause(
    "bucket-configuration/base-is-aes256",
    rules=("GP-CFG-30", "GP-CFG-33", "GP-CFG-34", "DB-002", "DB-003", "DB-009"),
    source=DEFAULT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def base_is_aes256(world: World, request: GetBucketEncryption) -> Rulings:
    """A bucket that was never configured, or was reset, shows AES256."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.rule != BASE_RULE or bucket.explicit:
        return None
    return Require(ALGORITHM, Equals(SseAlgorithm.AES256.value, wrong="aws:kms"))


@clause(
    "bucket-configuration/shows-the-algorithm",
    rules=("GP-CFG-31", "GP-CFG-19", "DB-010", "DB-011"),
    source=GET,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def shows_the_algorithm(world: World, request: GetBucketEncryption) -> Rulings:
    """GetBucketEncryption shows the algorithm that was put last."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.rule is None:
        return None
    if bucket.rule == BASE_RULE and not bucket.explicit:
        return None
    algorithm = bucket.rule.sse_algorithm
    another = "aws:kms" if algorithm is SseAlgorithm.AWS_KMS_DSSE else "aws:kms:dsse"
    return Require(ALGORITHM, Equals(algorithm.value, wrong=another))


@clause(
    "bucket-configuration/shows-the-key-as-it-was-put",
    rules=("GP-CFG-31", "GP-KEY-06"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def shows_the_key_as_it_was_put(world: World, request: GetBucketEncryption) -> Rulings:
    """GetBucketEncryption repeats the KMS key to the letter, in the form that was put."""
    bucket = bucket_of(world, request)
    key = None if bucket is None or bucket.rule is None else bucket.rule.kms_key_id
    # Whether blanks around it stay is not said (GP-KMS-13).
    return Require(KEY_ID, Equals(key)) if key and key == key.strip() else None


@clause(
    "bucket-configuration/shows-no-key-where-none-was-put",
    rules=("GP-CFG-31", "GP-CFG-19", "GP-CFG-30"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def shows_no_key_where_none_was_put(world: World, request: GetBucketEncryption) -> Rulings:
    """GetBucketEncryption shows no KMS key where the last configuration had none."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.rule is None or bucket.rule.kms_key_id is not None:
        return None
    return Require(KEY_ID, Absent("alias/aws/s3"))


@clause(
    "bucket-configuration/shows-the-bucket-key-flag",
    rules=("GP-CFG-31", "GP-CFG-13", "GP-CFG-19", "GP-CFG-30"),
    source=RULE,
    profile="bucket-keys",
    needs=NEEDS,
)
def shows_the_bucket_key_flag(world: World, request: GetBucketEncryption) -> Rulings:
    """GetBucketEncryption shows the Bucket Key flag as put, and false where it was left out."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.rule is None:
        return None
    if bucket.rule.sse_algorithm is SseAlgorithm.AWS_KMS_DSSE:
        return None  # whether the flag is kept beside DSSE-KMS is not said (GP-CFG-12)
    text = "true" if bucket.rule.bucket_key_enabled else "false"
    return Require(BUCKET_KEY_ENABLED, Equals(text, wrong="false" if text == "true" else "true"))


@clause(
    "bucket-configuration/delete-succeeds-always",
    rules=("GP-CFG-33", "DB-009"),
    source=DELETE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def delete_succeeds_always(world: World, request: DeleteBucketEncryption) -> Rulings:
    """DeleteBucketEncryption succeeds, also where nothing was configured."""
    return None if bucket_of(world, request) is None else Succeed()
