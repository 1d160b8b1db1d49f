"""What no request to a directory bucket may carry, whatever it asks for."""

from __future__ import annotations

from model.clause import (
    DIRECTORY,
    GENERAL_AND_DIRECTORY,
    Capability,
    MayRefuse,
    Refuse,
    Rulings,
    Source,
    allowance,
    clause,
)
from model.directory_bucket import (
    ALGORITHMS,
    is_alias,
    is_default_context,
    names_pinned_key,
    reads_from_directory,
)
from model.facts import bucket_of
from model.operations.create_session import CreateSession
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.request import (
    ObjectRead,
    ObjectRequest,
    ObjectWrite,
    WithCopySource,
    WithEncryptionHeaders,
    uses_sse_c,
)
from model.s3_errors import ACCESS_DENIED, ANY_4XX, ANY_400, ANY_501
from model.sse import SseAlgorithm
from model.stored import Presence
from model.world import KeyState, World

PUT = Source("API/API_PutObject.html", "Directory buckets")
COPY = Source("API/API_CopyObject.html", "Directory buckets")
GET = Source("API/API_GetObject.html", "Encryption")
SPECIFYING = Source("userguide/s3-express-specifying-kms-encryption.html", "SSE-KMS")
DIFFERENCES = Source("userguide/s3-express-differences.html", "Encryption")
PROFILE = "directory"
NEEDS = Capability.DIRECTORY_BUCKETS


def _is_copy(request: ObjectWrite) -> bool:
    """Tell whether it is CopyObject, of which alone the status of a refusal is documented."""
    return isinstance(request, WithCopySource)


@clause(
    "directory-requests/unsupported-algorithm-is-refused",
    rules=("DB-001", "DB-037", "DB-050", "DB-094", "FSX-012", "FSX-021"),
    source=COPY,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def unsupported_algorithm_is_refused(world: World, request: ObjectWrite | CreateSession) -> Rulings:
    """An algorithm other than AES256 and aws:kms is refused, be it known elsewhere or not."""
    del world
    if request.sse is None or request.sse in ALGORITHMS:
        return None
    sure = isinstance(request, CreateSession) or _is_copy(request)
    return Refuse((ANY_400,)) if sure else Refuse((ANY_400, ANY_501))


@clause(
    "directory-requests/customer-key-is-refused",
    rules=("DB-036", "DB-048", "DB-05D", "DB-093"),
    source=DIFFERENCES,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def customer_key_is_refused(world: World, request: WithEncryptionHeaders) -> Rulings:
    """SSE-C is refused: no object of a directory bucket is under a customer's key."""
    del world
    if not uses_sse_c(request):
        return None
    sure = isinstance(request, ObjectWrite) and _is_copy(request)
    return Refuse((ANY_400,)) if sure else Refuse((ANY_400, ANY_501))


@clause(
    "directory-requests/source-customer-key-is-refused",
    rules=("DB-049", "DB-05D", "DB-093"),
    source=COPY,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def source_customer_key_is_refused(world: World, request: WithCopySource) -> Rulings:
    """A customer key for a copy source that lies in a directory bucket is refused."""
    del world
    if not reads_from_directory(request) or not request.source_key_headers.present:
        return None
    return Refuse((ANY_400,)) if isinstance(request, ObjectWrite) else Refuse((ANY_400, ANY_501))


@clause(
    "directory-requests/alias-is-refused",
    rules=("DB-024", "DB-034", "DB-044", "DB-091"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def alias_is_refused(world: World, request: ObjectWrite | CreateSession) -> Rulings:
    """A KMS key that is named by an alias is refused, be it the bucket's own key."""
    del world
    text = request.kms_key_id
    return Refuse((ANY_400,)) if text and is_alias(text) else None


@clause(
    "directory-requests/other-key-is-refused",
    rules=("DB-013", "DB-034", "DB-044", "DB-091"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def other_key_is_refused(world: World, request: ObjectWrite | CreateSession) -> Rulings:
    """A KMS key other than the bucket's one customer managed key is refused."""
    bucket, text = bucket_of(world, request), request.kms_key_id
    if bucket is None or not text or is_alias(text):
        return None
    if request.sse is not None and request.sse not in ALGORITHMS:
        return None
    return Refuse((ANY_400,)) if names_pinned_key(world, bucket, text) is False else None


@clause(
    "directory-requests/context-must-be-the-default",
    rules=("DB-025", "DB-038", "DB-047", "DB-082"),
    source=SPECIFYING,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def context_must_be_the_default(world: World, request: ObjectWrite | CreateSession) -> Rulings:
    """Beside aws:kms an encryption context is refused that is not the bucket's ARN alone."""
    if request.encryption_context is None or request.sse != SseAlgorithm.AWS_KMS:
        return None
    if is_default_context(world, request.bucket, request.encryption_context):
        return None
    return Refuse((ANY_400,))


@clause(
    "directory-requests/header-on-a-read-is-refused",
    rules=("DB-03F", "DB-095"),
    source=GET,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def header_on_a_read_is_refused(world: World, request: ObjectRead) -> Rulings:
    """An algorithm or a KMS key on GET or HEAD is refused with 400."""
    del world
    if request.sse is None and request.kms_key_id is None:
        return None
    return Refuse((ANY_400,))


@allowance("DB-026", "DB-035", "DB-039", "DB-083", buckets=DIRECTORY)
def odd_directory_headers(world: World, request: ObjectWrite | CreateSession) -> Rulings:
    """A Bucket Key or a context of which no more is said, a key beside no aws:kms: either way."""
    del world
    kms = request.sse == SseAlgorithm.AWS_KMS
    flag = request.bucket_key_enabled
    odd_flag = flag is not None and not (kms and flag == "true")
    key = request.kms_key_id is not None and (not kms or not request.kms_key_id)
    if odd_flag or key or request.encryption_context is not None:
        return MayRefuse((ANY_400,))
    return None


@allowance("DB-03F", buckets=DIRECTORY)
def flag_or_context_on_a_directory_read(world: World, request: ObjectRead) -> Rulings:
    """The bucket-key flag or the context on a read: refused or ignored."""
    del world
    beside = (request.bucket_key_enabled, request.encryption_context)
    return None if beside == (None, None) else MayRefuse((ANY_400,))


@allowance("DB-016", "DB-053", buckets=DIRECTORY)
def unusable_key_of_a_directory_bucket(
    world: World, request: ObjectRequest | CreateSession
) -> Rulings:
    """The bucket's KMS key cannot be used (any more): which requests fail, and how, is not said."""
    bucket = bucket_of(world, request)
    if bucket is None or isinstance(bucket.pinned_key, Presence):
        return None
    key = world.keys.get(bucket.pinned_key)
    usable = key is None or key.state is KeyState.ENABLED
    return None if usable else MayRefuse((ANY_400, ACCESS_DENIED))


@clause(
    "directory-requests/update-of-encryption-is-refused",
    rules=("DB-03I",),
    source=Source("API/API_UpdateObjectEncryption.html", "Directory buckets"),
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def update_of_encryption_is_refused(world: World, request: UpdateObjectEncryption) -> Rulings:
    """Directory buckets do not know UpdateObjectEncryption: it is refused, with any error."""
    return None if bucket_of(world, request) is None else Refuse((ANY_4XX, ANY_501))
