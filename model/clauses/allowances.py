"""What AWS does not say: each allowance widens the acceptable set for one open question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.clause import GENERAL_AND_DIRECTORY, Facet, MayRefuse, Rulings, Store, allowance
from model.facts import (
    KMS_ALGORITHMS,
    asks_for_kms,
    customer_key_groups,
    default_of,
    falls_back_on_default,
    flag,
    key_or_unlisted,
    kms_lookup,
    kms_may_need_tls,
    kms_text_in_use,
    source_version,
    version_read,
)
from model.kms import OtherKey, managed_key
from model.matchers import is_perhaps_a_context, read_context
from model.operations.get_object import GetObject
from model.operations.get_object_attributes import GetObjectAttributes
from model.operations.head_object import HeadObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.request import ObjectRead, ObjectWrite, PartOfUpload, WithCopySource, uses_sse_c
from model.s3_errors import (
    ACCESS_DENIED,
    ANY_400,
    INVALID_ARGUMENT,
    INVALID_RANGE,
    MALFORMED_XML,
)
from model.sse import (
    CUSTOMER_KEY_LENGTH,
    DsseKms,
    SseAlgorithm,
    SseC,
    SseKms,
    decode_customer_key,
    is_canonical_base64,
    md5_base64,
)
from model.stored import ObjectVersion
from model.world import KeyState, KmsKey, World

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG_CONTEXT = 2048
"""Characters of a context header that AWS names no limit for, and that may be too many."""
_REFUSED_ARGUMENT = MayRefuse((INVALID_ARGUMENT,))


@allowance("GP-AMB-01", "GP-RES-08", "GP-RES-14")
def no_named_key_beside_a_default_key(world: World, request: ObjectWrite) -> Rulings:
    """aws:kms without a key, where the default names one: the managed key, or the default's."""
    rule = default_of(world, request)
    if not asks_for_kms(request) or request.kms_key_id is not None:
        return None
    if rule is None or not rule.kms_key_id:
        return None
    found = kms_lookup(world, request, rule.kms_key_id)
    keys = (managed_key(world), key_or_unlisted(world, request, rule.kms_key_id))
    if keys[0] == keys[1]:
        return Store(Facet.KMS_KEY, keys[:1])
    choice = Store(Facet.KMS_KEY, keys)
    if isinstance(found, KmsKey) and found.state is KeyState.ENABLED and found.symmetric:
        return choice
    return (choice, MayRefuse((ANY_400, ACCESS_DENIED)))


@allowance("GP-AMB-08", "GP-RES-12")
def bucket_key_flag_beside_another_default(world: World, request: ObjectWrite) -> Rulings:
    """aws:kms in a bucket that has the flag beside AES256 or DSSE: a Bucket Key or none."""
    rule = default_of(world, request)
    if request.sse != SseAlgorithm.AWS_KMS or request.bucket_key_enabled is not None:
        return None
    if rule is None or not rule.bucket_key_enabled:
        return None
    if rule.sse_algorithm is SseAlgorithm.AWS_KMS:
        return None
    return Store(Facet.BUCKET_KEY, (False, True))


@allowance("GP-AMB-02", "GP-AMB-03", "GP-RES-18", "GP-RES-19", "GP-RES-20", "GP-RES-21")
def flag_or_context_alone(world: World, request: ObjectWrite) -> Rulings:
    """The bucket-key flag or the context without SSE: honoured, ignored or refused."""
    if request.bucket_key_enabled is None and request.encryption_context is None:
        return None
    if not falls_back_on_default(request):
        return None
    rule = default_of(world, request)
    if rule is None:
        return _REFUSED_ARGUMENT
    stored: list[Store] = [Store(Facet.ALGORITHM, (rule.sse_algorithm.value,))]
    if rule.sse_algorithm in KMS_ALGORITHMS:
        key = managed_key(world)
        if rule.kms_key_id:
            key = key_or_unlisted(world, request, rule.kms_key_id)
        asked = flag(request.bucket_key_enabled)
        flags = dict.fromkeys((rule.bucket_key_enabled, rule.bucket_key_enabled or bool(asked)))
        if asked is False:
            flags[False] = None
        stored += [Store(Facet.KMS_KEY, (key,)), Store(Facet.BUCKET_KEY, tuple(flags))]
    return (*stored, MayRefuse((ANY_400,)))


@allowance("GP-AMB-02", "GP-AMB-03", "GP-RES-22", "GP-RES-23")
def flag_or_context_beside_aes256(world: World, request: ObjectWrite) -> Rulings:
    """The bucket-key flag or the context beside AES256: ignored or refused."""
    del world
    if request.sse != SseAlgorithm.AES256:
        return None
    if request.bucket_key_enabled is None and request.encryption_context is None:
        return None
    return _REFUSED_ARGUMENT


@allowance("GP-AMB-07", "GP-RES-15")
def bucket_key_beside_dsse(world: World, request: ObjectWrite) -> Rulings:
    """A Bucket Key asked for beside DSSE-KMS: not applied, or refused."""
    del world
    if request.sse != SseAlgorithm.AWS_KMS_DSSE or request.bucket_key_enabled is None:
        return None
    return MayRefuse((ANY_400,))


@allowance("GP-AMB-04", "GP-VAL-06")
def bucket_key_neither_true_nor_false(world: World, request: ObjectWrite) -> Rulings:
    """A bucket-key flag that is neither true nor false: refused, or read as one of them."""
    del world
    if request.bucket_key_enabled is None or flag(request.bucket_key_enabled) is not None:
        return None
    refused = MayRefuse((ANY_400,))
    if request.sse != SseAlgorithm.AWS_KMS:
        return refused
    return (Store(Facet.BUCKET_KEY, (False, True)), refused)


@allowance("GP-AMB-18", "GP-VAL-09")
def empty_key_id(world: World, request: ObjectWrite) -> Rulings:
    """An empty KMS key id: refused, or none at all."""
    if not asks_for_kms(request) or request.kms_key_id != "":
        return None
    rule = default_of(world, request)
    keys: tuple[KmsKey, ...] = (managed_key(world),)
    if rule is not None and rule.kms_key_id:
        keys = (*keys, key_or_unlisted(world, request, rule.kms_key_id))
    return (Store(Facet.KMS_KEY, keys), MayRefuse((ANY_400,)))


@allowance("GP-AMB-21", "GP-RES-26", "GP-SSEC-14")
def kms_headers_beside_sse_c(world: World, request: ObjectWrite) -> Rulings:
    """The KMS headers beside a customer key: refused, or ignored."""
    del world
    if not uses_sse_c(request) or request.sse is not None:
        return None
    beside = (request.kms_key_id, request.bucket_key_enabled, request.encryption_context)
    if beside == (None, None, None):
        return None
    return _REFUSED_ARGUMENT


@allowance("GP-AMB-18", "GP-CTX-05")
def odd_context(world: World, request: ObjectWrite) -> Rulings:
    """A context that is empty, long, odd base64 or has keys of AWS's own: accepted or refused."""
    del world
    context = request.encryption_context
    if not context:
        return None
    pairs = read_context(context)
    if pairs is None:
        return MayRefuse((ANY_400,)) if is_perhaps_a_context(context) else None
    odd = not pairs or any(name.startswith("aws:") for name in pairs)
    return MayRefuse((ANY_400,)) if odd or len(context) > LONG_CONTEXT else None


@allowance("GP-RD-09")
def flag_or_context_on_a_read(world: World, request: ObjectRead) -> Rulings:
    """The bucket-key flag or the context on a read: refused or ignored."""
    del world
    if request.bucket_key_enabled is None and request.encryption_context is None:
        return None
    return _REFUSED_ARGUMENT


@allowance("GP-RD-12", "GP-AMB-17")
def head_with_an_unusable_key(world: World, request: HeadObject | GetObjectAttributes) -> Rulings:
    """Metadata of a KMS object whose key cannot be used: shown, or refused with the KMS error."""
    version = version_read(world, request)
    return _unusable(world, version)


@allowance("GP-SRC-13", buckets=GENERAL_AND_DIRECTORY)
def copy_source_with_an_unusable_key(world: World, request: WithCopySource) -> Rulings:
    """A copy whose source is under a KMS key that cannot be used: AWS's answer is not recorded."""
    return _unusable(world, source_version(world, request))


def _unusable(world: World, version: object) -> Rulings:
    if not isinstance(version, ObjectVersion):
        return None
    if not isinstance(version.encryption, SseKms | DsseKms):
        return None
    key = world.keys.get(version.encryption.kms_key_id)
    if key is None or key.state is KeyState.ENABLED:
        return None
    return MayRefuse((ANY_400, ACCESS_DENIED))


@allowance("GP-KMS-13", "GP-KEY-04", "GP-KMS-08")
def key_beyond_the_world(world: World, request: ObjectWrite) -> Rulings:
    """A KMS key of another account, or one of which nothing is known: usable or refused."""
    text = kms_text_in_use(world, request)
    if text is None or not isinstance(kms_lookup(world, request, text), OtherKey):
        return None
    return MayRefuse((ANY_400, ACCESS_DENIED))


@allowance("GP-KMS-09a", "OP-057")
def kms_without_tls(world: World, request: ObjectWrite | ObjectRead) -> Rulings:
    """KMS over plain HTTP: AWS refuses it. An endpoint that was seen to take it has to go on so."""
    if not kms_may_need_tls(world, request):
        return None
    return MayRefuse((INVALID_ARGUMENT,)) if _uses_kms(world, request) else None


def _uses_kms(world: World, request: ObjectWrite | ObjectRead) -> bool:
    """Tell whether a request writes or reads under KMS, a copy's source included."""
    if isinstance(request, ObjectWrite):
        rule = default_of(world, request)
        by_default = rule is not None and rule.sse_algorithm in KMS_ALGORITHMS
        if asks_for_kms(request) or by_default:
            return True
    return any(
        isinstance(version, ObjectVersion) and isinstance(version.encryption, SseKms | DsseKms)
        for version in _versions_read(world, request)
    )


def _versions_read(world: World, request: ObjectWrite | ObjectRead) -> Iterator[object]:
    if isinstance(request, ObjectRead):
        yield version_read(world, request)
    if isinstance(request, WithCopySource):
        yield source_version(world, request)


@allowance("GP-SSEC-10")
def customer_key_with_stray_characters(
    world: World, request: ObjectWrite | PartOfUpload | ObjectRead
) -> Rulings:
    """A customer key that is readable but no canonical base64: read leniently, or refused."""
    if not (request.secure or world.context.sse_c_over_http):
        return None
    for group in customer_key_groups(request):
        key = group.key or ""
        decoded = decode_customer_key(key)
        fits = group.key_md5 in {None, md5_base64(decoded)}
        if decoded and fits and not is_canonical_base64(key):
            return MayRefuse((ANY_400, ACCESS_DENIED))
    return None


@allowance("GP-RD-05")
def short_key_for_a_plain_object(world: World, request: ObjectRead) -> Rulings:
    """A customer key of a wrong length for an object without SSE-C: which error is not recorded."""
    group = customer_key_groups(request)
    if not group or len(decode_customer_key(group[0].key or "")) == CUSTOMER_KEY_LENGTH:
        return None
    version = version_read(world, request)
    if not isinstance(version, ObjectVersion) or isinstance(version.encryption, SseC):
        return None
    return MayRefuse((ANY_400, ACCESS_DENIED))


@allowance("GP-ECHO-09", buckets=GENERAL_AND_DIRECTORY)
def range_of_an_empty_object(world: World, request: GetObject | HeadObject) -> Rulings:
    """A range of an object that is empty, or may be: the whole object, or a refusal."""
    version = version_read(world, request)
    if request.range is None or not isinstance(version, ObjectVersion) or version.body:
        return None
    return MayRefuse((INVALID_RANGE,))


@allowance("GP-CFG-07", "GP-CFG-08", "GP-CFG-22", "GP-BLK-10", "GP-AMB-09", "FSX-013")
def odd_configuration(world: World, request: PutBucketEncryption) -> Rulings:
    """Unknown elements, a rule without algorithm, values of other services, odd types to block."""
    del world
    configuration = request.configuration
    rule = request.rule
    if configuration is None or rule is None:
        return None
    foreign = rule.sse_algorithm in {"aws:fsx", "aws:backup"}
    blocked = rule.blocked
    odd_types = blocked is not None and set(blocked) not in ({"SSE-C"}, {"NONE"})
    repeated = blocked is not None and len(set(blocked)) != len(blocked)
    lacks_algorithm = rule.has_default and rule.sse_algorithm is None
    empty = not rule.has_default and rule.blocked is None
    odd_flag = rule.bucket_key_enabled is not None and flag(rule.bucket_key_enabled) is None
    if configuration.strange or foreign or odd_types or repeated or lacks_algorithm or empty:
        return MayRefuse((MALFORMED_XML, INVALID_ARGUMENT))
    return MayRefuse((MALFORMED_XML, INVALID_ARGUMENT)) if odd_flag else None


@allowance("GP-AMB-07", "GP-CFG-12")
def bucket_key_beside_a_dsse_default(world: World, request: PutBucketEncryption) -> Rulings:
    """A Bucket Key beside a DSSE-KMS default: accepted and not applied, or refused."""
    del world
    rule = request.rule
    if rule is None or rule.sse_algorithm != SseAlgorithm.AWS_KMS_DSSE:
        return None
    return MayRefuse((ANY_400,)) if rule.bucket_key_enabled is not None else None
