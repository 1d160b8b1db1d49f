"""UpdateObjectEncryption: what its document may ask for, and of which objects."""

from __future__ import annotations

import re

from model.clause import Capability, MayRefuse, Refuse, Rulings, Source, allowance, clause
from model.facts import bucket_of, flag, kms_may_need_tls
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.s3_errors import (
    ACCESS_DENIED,
    INVALID_ARGUMENT,
    INVALID_REQUEST,
    MALFORMED_XML,
    METHOD_NOT_ALLOWED,
    MISSING_REQUEST_BODY,
    NO_SUCH_KEY,
    NO_SUCH_VERSION,
)
from model.sse import DsseKms, NotEncrypted, SseC
from model.stored import DeleteMarker, ObjectVersion, Presence
from model.update_document import SSE_KMS, UpdateText
from model.world import World

API = Source("API/API_UpdateObjectEncryption.html", "Errors")
PROFILE = "update-encryption"
NEEDS = Capability.UPDATE_ENCRYPTION

NOT_SUPPORTED_TYPES = frozenset({"DSSE-KMS", "SSE-C"})
KEY_ARN_FORM = re.compile(r"arn:aws[-a-zA-Z0-9]*:kms:[-a-z0-9]*:(?P<account>[0-9]{12}):key/.+")
SHORTEST_ARN, LONGEST_ARN = 20, 2048
_NEARLY_A_FLAG = frozenset({"true", "false", "1", "0", ""})


def to_kms(request: UpdateObjectEncryption) -> UpdateText | None:
    """Return what a document with SSE-KMS alone says, None where it holds another type."""
    update = request.update
    return update if update is not None and update.types == (SSE_KMS,) else None


def named_arn(request: UpdateObjectEncryption) -> str | None:
    """Return the full key ARN that a document with SSE-KMS alone names, None where it does not."""
    update = to_kms(request)
    text = None if update is None else update.kms_key_arn
    return text if text is not None and _is_full_arn(text) else None


def _is_full_arn(text: str) -> bool:
    fits = SHORTEST_ARN <= len(text) <= LONGEST_ARN
    return fits and KEY_ARN_FORM.fullmatch(text) is not None


def is_of_another_account(world: World, arn: str) -> bool:
    """Tell whether the ARN is that of a key of another account than the world's."""
    named = KEY_ARN_FORM.fullmatch(arn)
    return named is not None and world.account not in {None, named["account"]}


def version_named(world: World, request: UpdateObjectEncryption) -> ObjectVersion | None:
    """Return the version that the request names, None where there is none."""
    found = request.subject(world)
    return found if isinstance(found, ObjectVersion) else None


@clause(
    "update-encryption/document-must-be-well-formed",
    rules=("GP-UOE-06",),
    source=Source("API/ErrorResponses.html", "MalformedXML"),
    profile=PROFILE,
    needs=NEEDS,
)
def document_must_be_well_formed(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption without a well-formed ObjectEncryption document is refused."""
    del world
    if request.update is not None:
        return None
    empty = () if request.document.strip() else (MISSING_REQUEST_BODY,)
    return Refuse((MALFORMED_XML, INVALID_REQUEST, *empty))


@clause(
    "update-encryption/type-must-be-sse-kms",
    rules=("GP-UOE-06", "GP-UOE-02"),
    source=API,
    profile=PROFILE,
    needs=NEEDS,
)
def type_must_be_sse_kms(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption to no type, to SSE-S3 or to an unknown type is refused.

    An element that the published schema has not may make the document malformed.
    """
    del world
    update = request.update
    if update is None or {SSE_KMS, *NOT_SUPPORTED_TYPES} & set(update.types):
        return None
    return Refuse((INVALID_REQUEST, MALFORMED_XML) if update.types else (INVALID_REQUEST,))


@clause(
    "update-encryption/dsse-and-sse-c-are-no-targets",
    rules=("GP-UOE-05",),
    source=API,
    profile=PROFILE,
    needs=NEEDS,
)
def dsse_and_sse_c_are_no_targets(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption to DSSE-KMS or SSE-C is refused.

    The page has an error for that, but the published schema has no element for either.
    """
    del world
    update = request.update
    if update is None or not NOT_SUPPORTED_TYPES & set(update.types):
        return None
    return Refuse((INVALID_REQUEST, MALFORMED_XML))


@clause(
    "update-encryption/key-is-required",
    rules=("GP-UOE-07", "GP-UOE-01"),
    source=API,
    profile=PROFILE,
    needs=NEEDS,
)
def key_is_required(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption to SSE-KMS without a KMS key is refused."""
    del world
    update = to_kms(request)
    if update is None or update.kms_key_arn is not None:
        return None
    return Refuse((INVALID_REQUEST,))


@clause(
    "update-encryption/key-must-be-a-full-arn",
    rules=("GP-UOE-07",),
    source=API,
    profile=PROFILE,
    needs=NEEDS,
)
def key_must_be_a_full_arn(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption takes a key ARN alone: a key id, an alias or its ARN is refused."""
    del world
    update = to_kms(request)
    if update is None or update.kms_key_arn is None or _is_full_arn(update.kms_key_arn.strip()):
        return None
    return Refuse((INVALID_REQUEST,))


@clause(
    "update-encryption/flag-must-be-true-or-false",
    rules=("GP-UOE-08",),
    source=API,
    profile=PROFILE,
    needs=NEEDS,
)
def flag_must_be_true_or_false(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption with a Bucket Key flag that is neither true nor false is refused."""
    del world
    update = to_kms(request)
    if update is None or update.bucket_key_enabled is None:
        return None
    return None if _is_nearly_a_flag(update) else Refuse((INVALID_REQUEST,))


def _is_nearly_a_flag(update: UpdateText) -> bool:
    """Tell whether the flag is a text that some readers of XML take for true or false."""
    return (update.bucket_key_enabled or "").strip().lower() in _NEARLY_A_FLAG


@clause(
    "update-encryption/dsse-and-sse-c-objects-are-refused",
    rules=("GP-UOE-04",),
    source=API,
    profile=PROFILE,
    needs=NEEDS,
)
def dsse_and_sse_c_objects_are_refused(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption of an object under DSSE-KMS or SSE-C is refused."""
    version = version_named(world, request)
    if version is None or not isinstance(version.encryption, DsseKms | SseC | NotEncrypted):
        return None
    return Refuse((INVALID_REQUEST,))


@clause(
    "update-encryption/key-of-another-account-is-denied",
    rules=("GP-UOE-10",),
    source=API,
    profile=PROFILE,
    needs=NEEDS,
)
def key_of_another_account_is_denied(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption to the KMS key of another account is denied."""
    arn = named_arn(request)
    if arn is None or bucket_of(world, request) is None:
        return None
    return Refuse((ACCESS_DENIED,)) if is_of_another_account(world, arn) else None


@clause(
    "update-encryption/missing-object-is-named",
    rules=("GP-UOE-11",),
    source=API,
    profile=PROFILE,
    needs=NEEDS,
)
def missing_object_is_named(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption of an object or a version that does not exist is refused with 404."""
    if bucket_of(world, request) is None:
        return None
    found = world.version(request.bucket, request.object_key, request.version_id)
    if isinstance(found, DeleteMarker):
        return Refuse((NO_SUCH_KEY, NO_SUCH_VERSION, METHOD_NOT_ALLOWED))
    if found is not Presence.ABSENT:
        return None
    if request.version_id is None:
        return Refuse((NO_SUCH_KEY,))
    return Refuse((NO_SUCH_KEY, NO_SUCH_VERSION, INVALID_ARGUMENT))


@allowance("GP-UOE-06", "GP-UOE-07", "GP-UOE-08")
def odd_update_document(world: World, request: UpdateObjectEncryption) -> Rulings:
    """Several types at once, unknown elements, a flag such as True, blanks: read, or refused."""
    del world
    update = request.update
    if update is None or SSE_KMS not in update.types:
        return None
    text = update.bucket_key_enabled
    odd_flag = text is not None and flag(text) is None and _is_nearly_a_flag(update)
    blanks = update.kms_key_arn is not None and update.kms_key_arn != update.kms_key_arn.strip()
    if len(update.types) == 1 and not (update.strange or odd_flag or blanks):
        return None
    return MayRefuse((INVALID_REQUEST, MALFORMED_XML))


@allowance("GP-CKS-03")
def update_without_a_digest(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption without Content-MD5: SDKs always send a digest; perhaps it is due."""
    del world
    return MayRefuse((INVALID_REQUEST,)) if request.content_md5 is None else None


@allowance("GP-KMS-09a")
def update_without_tls(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption over plain HTTP: it uses KMS, which AWS refuses without TLS."""
    if not kms_may_need_tls(world, request):
        return None
    return MayRefuse((INVALID_ARGUMENT, INVALID_REQUEST))
