"""SSE-C: the headers that carry the customer's key, and the recorded order of their checks."""

from __future__ import annotations

from model.clause import Basis, Capability, Order, Refuse, Rulings, Source, clause
from model.facts import customer_key_groups
from model.messages import Auth
from model.request import (
    CustomerKeyHeaders,
    KeyRole,
    ObjectWrite,
    PartUpload,
    WithEncryptionHeaders,
    uses_sse_c,
)
from model.s3_errors import (
    INVALID_ARGUMENT,
    INVALID_ENCRYPTION_ALGORITHM,
    SIGNATURE_DOES_NOT_MATCH,
)
from model.sse import (
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_LENGTH,
    decode_customer_key,
    md5_base64,
)
from model.world import World

PAGE = Source(
    "userguide/ServerSideEncryptionCustomerKeys.html", "Considerations before using SSE-C"
)
RECORDED = Source("recorded answers of Amazon S3, March 2026", "SSE-C headers")

STEP_SIGNATURE = "signature"
STEP_TLS = 1
STEP_BESIDE = 2
STEP_ALGORITHM_MISSING = 3
STEP_KEY_MISSING = 4
STEP_MD5_MISSING = 5
STEP_TOO_SHORT = 6
STEP_MD5 = 7
STEP_ALGORITHM = 8
STEP_KEY = 9
_STEPS = range(1, 10)

PROFILE = "sse-c"


def step(role: KeyRole, number: int) -> str:
    """Return the name of a check of one group of headers."""
    return f"{role.value}:{number}"


def every_step(role: KeyRole) -> frozenset[str]:
    """Return the names of all checks of one group of headers."""
    return frozenset(step(role, number) for number in _STEPS)


_BEHIND_THE_SIGNATURE = frozenset(
    step(role, number) for role in KeyRole for number in _STEPS if number != STEP_TLS
)


def _groups(request: WithEncryptionHeaders) -> tuple[CustomerKeyHeaders, ...]:
    return customer_key_groups(request)


def _refuse(group: CustomerKeyHeaders, number: int) -> Refuse:
    return Refuse((INVALID_ARGUMENT,), step=step(group.role, number))


def _decoded(group: CustomerKeyHeaders) -> bytes | None:
    return None if group.key is None else decode_customer_key(group.key)


@clause(
    "sse-c/tls-is-required",
    rules=(
        "GP-SSEC-01",
        "GP-MISC-07",
        "OP-057",
    ),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.SSE_C,
    without_tls=True,
)
def tls_is_required(world: World, request: WithEncryptionHeaders) -> Rulings:
    """Over plain HTTP every request with a customer key header is refused."""
    if request.secure or world.context.sse_c_over_http:
        return None
    return tuple(_refuse(group, STEP_TLS) for group in _groups(request)) or None


@clause(
    "sse-c/excludes-other-encryption",
    rules=("GP-SSEC-02", "GP-RES-25", "GP-ENC-06"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def excludes_other_encryption(world: World, request: ObjectWrite) -> Rulings:
    """A customer key beside x-amz-server-side-encryption is refused."""
    del world
    if request.sse is None or not uses_sse_c(request):
        return None
    return Refuse((INVALID_ARGUMENT,), step=step(KeyRole.WRITE, STEP_BESIDE))


@clause(
    "sse-c/algorithm-header-is-required",
    rules=("GP-SSEC-03", "GP-SRC-04"),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.SSE_C,
)
def algorithm_header_is_required(world: World, request: WithEncryptionHeaders) -> Rulings:
    """Customer key headers without the algorithm header are refused."""
    del world
    missing = [g for g in _groups(request) if g.algorithm is None]
    return tuple(_refuse(group, STEP_ALGORITHM_MISSING) for group in missing) or None


@clause(
    "sse-c/key-header-is-required",
    rules=("GP-SSEC-04", "GP-SRC-04"),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.SSE_C,
)
def key_header_is_required(world: World, request: WithEncryptionHeaders) -> Rulings:
    """Customer key headers without the key are refused."""
    del world
    missing = [g for g in _groups(request) if g.key is None]
    return tuple(_refuse(group, STEP_KEY_MISSING) for group in missing) or None


@clause(
    "sse-c/key-md5-is-required-on-writes",
    rules=("GP-SSEC-05", "GP-MPU-E3"),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.SSE_C,
)
def key_md5_is_required_on_writes(world: World, request: ObjectWrite | PartUpload) -> Rulings:
    """A write or a part with a customer key and without the key's MD5 is refused."""
    del world
    own = request.key_role
    missing = [g for g in _groups(request) if g.key_md5 is None and g.role is own]
    return tuple(_refuse(group, STEP_MD5_MISSING) for group in missing) or None


@clause(
    "sse-c/key-must-not-be-empty",
    rules=("GP-SSEC-06", "GP-SRC-04"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def key_must_not_be_empty(world: World, request: WithEncryptionHeaders) -> Rulings:
    """A customer key header that holds no bytes is refused."""
    del world
    empty = [g for g in _groups(request) if _decoded(g) == b""]
    return tuple(_refuse(group, STEP_TOO_SHORT) for group in empty) or None


@clause(
    "sse-c/key-md5-must-match",
    rules=("GP-SSEC-07", "GP-SSEC-11", "GP-SRC-04"),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.SSE_C,
)
def key_md5_must_match(world: World, request: WithEncryptionHeaders) -> Rulings:
    """A key MD5 that is not, to the letter, the base64 MD5 of the key is refused."""
    del world
    wrong = [
        g
        for g in _groups(request)
        if g.key_md5 is not None
        and g.key is not None
        and g.key_md5 != md5_base64(decode_customer_key(g.key))
    ]
    return tuple(_refuse(group, STEP_MD5) for group in wrong) or None


@clause(
    "sse-c/algorithm-must-be-aes256",
    rules=("GP-SSEC-08", "GP-SRC-04"),
    source=Source("API/ErrorResponses.html", "InvalidEncryptionAlgorithmError"),
    profile=PROFILE,
    needs=Capability.SSE_C,
)
def algorithm_must_be_aes256(world: World, request: WithEncryptionHeaders) -> Rulings:
    """A customer algorithm other than AES256, to the letter, is refused."""
    del world
    wrong = [g for g in _groups(request) if g.algorithm not in {None, CUSTOMER_ALGORITHM}]
    return (
        tuple(
            Refuse((INVALID_ENCRYPTION_ALGORITHM,), step=step(g.role, STEP_ALGORITHM))
            for g in wrong
        )
        or None
    )


@clause(
    "sse-c/key-must-have-32-bytes",
    rules=("GP-SSEC-09a",),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.SSE_C,
)
def key_must_have_32_bytes(world: World, request: ObjectWrite) -> Rulings:
    """A write with a customer key that has not 32 bytes is refused."""
    del world
    wrong = [g for g in _groups(request) if g.role is KeyRole.WRITE and _has_wrong_length(g)]
    return tuple(_refuse(group, STEP_KEY) for group in wrong) or None


def _has_wrong_length(group: CustomerKeyHeaders) -> bool:
    decoded = _decoded(group)
    return bool(decoded) and len(decoded or b"") != CUSTOMER_KEY_LENGTH


@clause(
    "sse-c/non-ascii-key-breaks-the-signature",
    rules=("GP-SSEC-12",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def non_ascii_key_breaks_the_signature(world: World, request: WithEncryptionHeaders) -> Rulings:
    """A customer key header with characters beyond ASCII is refused as wrongly signed.

    A form, where the key is no header, is refused for the key itself.
    """
    del world
    keys = [g.key for g in _groups(request) if g.key is not None]
    if request.is_form or request.auth is not Auth.HEADER or all(key.isascii() for key in keys):
        return None
    return Refuse((SIGNATURE_DOES_NOT_MATCH,), step=STEP_SIGNATURE)


@clause(
    "sse-c/signature-comes-first",
    rules=("GP-SSEC-00",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def signature_comes_first(world: World, request: WithEncryptionHeaders) -> Rulings:
    """A request that is wrongly signed is refused for that, not for its customer key."""
    del world
    return Order({STEP_SIGNATURE: _BEHIND_THE_SIGNATURE}) if _groups(request) else None


def _order() -> dict[str, frozenset[str]]:
    """Return the recorded order: one group's checks in turn, a copy source's before the target's.

    A missing MD5 is not ordered against the checks behind it (not recorded), nor the comparison of
    the source's key, for which its object is needed, against the target's checks.
    """
    before: dict[str, frozenset[str]] = {}
    for role in KeyRole:
        for number in _STEPS:
            later = {step(role, n) for n in _STEPS if n > number}
            if number == STEP_MD5_MISSING:
                later = set()
            before[step(role, number)] = frozenset(later)
    destination = every_step(KeyRole.WRITE) | every_step(KeyRole.PART)
    for number in range(1, STEP_KEY):
        name = step(KeyRole.COPY_SOURCE, number)
        before[name] |= destination
    return before


_ORDER = Order(_order())


@clause(
    "sse-c/checks-in-order",
    rules=("GP-SSEC-01", "GP-SSEC-02", "GP-SSEC-07", "GP-SRC-15"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def checks_in_order(world: World, request: WithEncryptionHeaders) -> Rulings:
    """Of several faults in customer key headers the first in S3's order of checks is answered."""
    del world
    return _ORDER if _groups(request) else None
