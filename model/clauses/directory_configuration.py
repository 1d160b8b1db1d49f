"""The default encryption of directory buckets: two algorithms, and one KMS key for life."""

from __future__ import annotations

from model.clause import (
    DIRECTORY,
    Basis,
    Capability,
    MayRefuse,
    Refuse,
    Require,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.directory_bucket import (
    ALGORITHMS,
    is_alias,
    names_pinned_key,
    was_never_kms,
)
from model.facts import bucket_of
from model.kms import NoKey, OtherKey, look_up_key
from model.matchers import Absent, Equals
from model.open_matchers import KeyByAnyName
from model.operations.get_bucket_encryption import (
    BLOCKED,
    BUCKET_KEY_ENABLED,
    KEY_ID,
    GetBucketEncryption,
)
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.request import BucketConfiguration
from model.s3_errors import ANY_4XX, ANY_400, ANY_403, ANY_501
from model.sse import SseAlgorithm
from model.world import KEY_ARN, MANAGED_KEY, KeyState, KmsKey, World

PUT = Source("API/API_PutBucketEncryption.html", "Directory buckets")
BY_DEFAULT = Source("API/API_ServerSideEncryptionByDefault.html", "Directory buckets")
RULE = Source("API/API_ServerSideEncryptionRule.html", "BucketKeyEnabled")
DEFAULT = Source("userguide/s3-express-bucket-encryption.html", "Default encryption")
SPECIFYING = Source("userguide/s3-express-specifying-kms-encryption.html", "SSE-KMS")
REPORTED = Source("tests of Terraform's AWS provider", "directory buckets")
PROFILE = "directory"
NEEDS = Capability.DIRECTORY_BUCKETS


def _kms_text(request: PutBucketEncryption) -> str | None:
    """Return the text that names the key of a default of aws:kms, None where it is no such."""
    rule = request.rule
    if rule is None or not rule.has_default or rule.sse_algorithm != SseAlgorithm.AWS_KMS:
        return None
    return rule.kms_key_id or ""


def _named(world: World, request: PutBucketEncryption) -> KmsKey | NoKey | OtherKey | None:
    """Return the key that a default of aws:kms names by id or ARN, None where there is none."""
    text, bucket = _kms_text(request), bucket_of(world, request)
    if not text or is_alias(text) or bucket is None:
        return None
    return look_up_key(world, bucket.region, text)


def _is_usable(found: object) -> bool:
    """Tell whether it is a customer managed key that encrypts."""
    if not isinstance(found, KmsKey) or found.key_id == MANAGED_KEY:
        return False
    return found.state is KeyState.ENABLED and found.symmetric


def _is_plain(request: PutBucketEncryption, *flags: str | None) -> bool:
    """Tell whether nothing stands beside the default but one of these Bucket Key flags."""
    read, rule = request.configuration, request.rule
    if read is None or rule is None or read.strange or not rule.has_default:
        return False
    beside = (request.content_md5, request.expected_bucket_owner, rule.blocked)
    return beside == (None, None, None) and rule.bucket_key_enabled in flags


@clause(
    "directory-configuration/aes256-is-accepted",
    rules=("DB-010",),
    source=DEFAULT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def aes256_is_accepted(world: World, request: PutBucketEncryption) -> Rulings:
    """A directory bucket takes AES256 for its default."""
    bucket, rule = bucket_of(world, request), request.rule
    if bucket is None or rule is None or not was_never_kms(bucket) or not _is_plain(request, None):
        return None
    wanted = rule.sse_algorithm == SseAlgorithm.AES256 and rule.kms_key_id is None
    return Succeed() if wanted else None


@clause(
    "directory-configuration/customer-managed-key-is-accepted",
    rules=("DB-011", "DB-01A"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def customer_managed_key_is_accepted(world: World, request: PutBucketEncryption) -> Rulings:
    """A directory bucket takes aws:kms with a customer managed key, named by id or ARN."""
    bucket = bucket_of(world, request)
    if bucket is None or not was_never_kms(bucket) or not _is_plain(request, None, "true"):
        return None
    return Succeed() if _is_usable(_named(world, request)) else None


@clause(
    "directory-configuration/managed-key-is-refused",
    rules=("DB-012",),
    source=SPECIFYING,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def managed_key_is_refused(world: World, request: PutBucketEncryption) -> Rulings:
    """A default of aws:kms without a key, or with the AWS managed key, is refused."""
    found = _named(world, request)
    managed = isinstance(found, KmsKey) and found.key_id == MANAGED_KEY
    return Refuse((ANY_400,)) if managed or _kms_text(request) == "" else None


@clause(
    "directory-configuration/one-key-for-life",
    rules=("DB-013", "DB-014", "DB-097", "DB-01G"),
    source=SPECIFYING,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def one_key_for_life(world: World, request: PutBucketEncryption) -> Rulings:
    """Once a customer managed key was put, the bucket takes no other for all its life."""
    text, bucket = _kms_text(request), bucket_of(world, request)
    if not text or is_alias(text) or bucket is None or was_never_kms(bucket):
        return None
    other = names_pinned_key(world, bucket, text) is False
    return Refuse((ANY_400, ANY_4XX)) if other else None


@clause(
    "directory-configuration/alias-is-refused",
    rules=("DB-015", "DB-097"),
    source=BY_DEFAULT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def alias_is_refused(world: World, request: PutBucketEncryption) -> Rulings:
    """A default that names its KMS key by an alias is refused."""
    del world
    text = _kms_text(request)
    return Refuse((ANY_400,)) if text and is_alias(text) else None


@clause(
    "directory-configuration/key-is-checked",
    rules=("DB-016", "DB-097"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def key_is_checked(world: World, request: PutBucketEncryption) -> Rulings:
    """A KMS key that does not exist or is asymmetric is refused when it is put as the default."""
    found = _named(world, request)
    asymmetric = isinstance(found, KmsKey) and not found.symmetric
    return Refuse((ANY_400, ANY_403)) if asymmetric or isinstance(found, NoKey) else None


@allowance("DB-016", buckets=DIRECTORY)
def default_key_that_is_not_enabled(world: World, request: PutBucketEncryption) -> Rulings:
    """A key that is disabled or will be deleted: AWS says that its id is checked, not its state."""
    found = _named(world, request)
    disabled = isinstance(found, KmsKey) and found.state is not KeyState.ENABLED
    return MayRefuse((ANY_400, ANY_403)) if disabled else None


@clause(
    "directory-configuration/no-other-algorithm",
    rules=("DB-001", "DB-017", "DB-01C", "FSX-013"),
    source=BY_DEFAULT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def no_other_algorithm(world: World, request: PutBucketEncryption) -> Rulings:
    """A default other than AES256 and aws:kms is refused."""
    del world
    rule = request.rule
    if rule is None or rule.sse_algorithm is None or rule.sse_algorithm in ALGORITHMS:
        return None
    return Refuse((ANY_400,))


@clause(
    "directory-configuration/key-needs-kms",
    rules=("DB-018",),
    source=BY_DEFAULT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def key_needs_kms(world: World, request: PutBucketEncryption) -> Rulings:
    """A default of AES256 with a KMS key is refused."""
    del world
    rule = request.rule
    if rule is None or rule.sse_algorithm != SseAlgorithm.AES256 or rule.kms_key_id is None:
        return None
    return Refuse((ANY_400,))


@clause(
    "directory-configuration/expected-owner-is-not-implemented",
    rules=("DB-007", "DB-096"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def expected_owner_is_not_implemented(world: World, request: BucketConfiguration) -> Rulings:
    """An expected bucket owner on a request about the default is refused with 501."""
    del world
    return None if request.expected_bucket_owner is None else Refuse((ANY_501,))


@clause(
    "directory-configuration/bucket-key-is-on",
    rules=("DB-019", "DB-01A"),
    source=RULE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def bucket_key_is_on(world: World, request: GetBucketEncryption) -> Rulings:
    """A default of aws:kms shows a Bucket Key, whatever was put of it."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.rule is None or not bucket.rule.bucket_key_enabled:
        return None
    return Require(BUCKET_KEY_ENABLED, Equals("true", wrong="false"))


@clause(
    "directory-configuration/key-is-shown",
    rules=("DB-01B", "DB-011"),
    source=REPORTED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def key_is_shown(world: World, request: GetBucketEncryption) -> Rulings:
    """A default of aws:kms shows its key: one that was put by its ARN by that ARN."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.rule is None or not bucket.rule.kms_key_id:
        return None
    text = bucket.rule.kms_key_id
    if KEY_ARN.fullmatch(text):
        return Require(KEY_ID, Equals(text))
    key = world.keys.get(text)
    return Require(KEY_ID, KeyByAnyName(text, None if key is None else key.arn))


@clause(
    "directory-configuration/no-types-to-block-are-shown",
    rules=("DB-004",),
    source=Source("API/API_BlockedEncryptionTypes.html", "Contents"),
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def no_types_to_block_are_shown(world: World, request: GetBucketEncryption) -> Rulings:
    """A directory bucket shows no types to block: they are for general purpose buckets."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.blocked_put:
        return None
    return Require(BLOCKED, Absent("SSE-C"))


@allowance("DB-009", "DB-01D", buckets=DIRECTORY)
def default_after_a_kms_key(world: World, request: PutBucketEncryption) -> Rulings:
    """AES256, or the one key again, after that was put; a key of which nothing is known."""
    bucket, rule = bucket_of(world, request), request.rule
    if bucket is None or rule is None:
        return None
    again = not was_never_kms(bucket) and rule.sse_algorithm in ALGORITHMS
    beyond = isinstance(_named(world, request), OtherKey)
    return MayRefuse((ANY_400, ANY_4XX)) if again or beyond else None


@allowance("DB-019", "DB-004", "DB-008", "DB-01F", buckets=DIRECTORY)
def odd_directory_configuration(world: World, request: PutBucketEncryption) -> Rulings:
    """A Bucket Key of false or beside AES256, types to block, Content-MD5, not one sound rule."""
    del world
    flags = ("true", None) if _kms_text(request) else (None,)
    plain = _is_plain(request, *flags) and request.rule is not None
    return None if plain else MayRefuse((ANY_400, ANY_501))
