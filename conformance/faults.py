"""Ways in which a request can be wrong: each takes the fields of a sound one and spoils them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from conformance.universe import (
    BAD_CONTEXTS,
    CONTEXTS,
    CUSTOMER_KEYS,
    SHORT_KEYS,
    UNKNOWN_KEY_ID,
)
from model.clause import Capability
from model.sse import SseAlgorithm, md5_base64

if TYPE_CHECKING:
    from conformance.chooser import Chooser
    from conformance.universe import CustomerKeyText, Universe

Fields = dict[str, Any]
FaultFunction = Callable[["Chooser", "Universe", Fields], None]

UNKNOWN_ALGORITHMS = ("AES-256", "aes256", "AES128", "aws:KMS", "true", "", "aws:fsx", "aws:backup")
CUSTOMER_ALGORITHMS = ("AES128", "aes256", "", "aws:kms")
EMPTY_KEYS = ("", "####", "a", "ZZ")
_KMS_FIELDS = ("kms_key_id", "bucket_key_enabled", "encryption_context")


def clear(fields: Fields) -> None:
    """Leave no encryption header."""
    for name in ("sse", *_KMS_FIELDS):
        fields.pop(name, None)
    put_customer_key(fields, None)


def put_customer_key(
    fields: Fields, texts: CustomerKeyText | None, *, source: bool = False
) -> None:
    """Put the three SSE-C headers, or take them away."""
    prefix = "source_customer_" if source else "customer_"
    for name in ("algorithm", "key", "key_md5"):
        if texts is None:
            fields.pop(prefix + name, None)
        else:
            fields[prefix + name] = getattr(texts, name)


def unknown_algorithm(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Ask for an algorithm that S3 does not know."""
    del universe
    put_customer_key(fields, None)
    if choose.chance(70):
        clear(fields)
    fields["sse"] = choose.pick(UNKNOWN_ALGORITHMS)


def stray_key_id(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Name a KMS key without asking for KMS."""
    clear(fields)
    if choose.chance(50):
        fields["sse"] = SseAlgorithm.AES256.value
    fields["kms_key_id"] = universe.kms_keys[0].key_id if universe.kms_keys else UNKNOWN_KEY_ID


def unknown_kms_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Name a KMS key that does not exist here."""
    clear(fields)
    fields["sse"] = _kms(choose, universe)
    fields["kms_key_id"] = choose.pick(
        (
            "no-such-key",
            UNKNOWN_KEY_ID,
            universe.unknown_arn,
            universe.foreign_arn,
            "alias/no-such-alias",
        )
    )


def _kms(choose: Chooser, universe: Universe) -> str:
    if universe.has(Capability.DSSE_KMS) and choose.chance(25):
        return SseAlgorithm.AWS_KMS_DSSE.value
    return SseAlgorithm.AWS_KMS.value


def bad_context(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Send a context that is no map of strings."""
    clear(fields)
    fields["sse"] = _kms(choose, universe)
    fields["encryption_context"] = choose.pick(BAD_CONTEXTS)


def stray_kms_headers(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Send the bucket-key flag or a context where KMS is not asked for, or an odd flag."""
    del universe
    if choose.chance(60):
        fields["bucket_key_enabled"] = choose.pick(("true", "false", "True", "yes"))
    else:
        fields["encryption_context"] = choose.pick(CONTEXTS)


def sse_beside_customer_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Ask for two encryptions at once."""
    del universe
    clear(fields)
    put_customer_key(fields, choose.pick(CUSTOMER_KEYS))
    fields["sse"] = choose.pick(("AES256", "aws:kms", "nonsense"))


def partial_customer_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Leave out one or two of the three SSE-C headers."""
    del universe
    _spoil_group(choose, fields, _left_out, source=False)


def wrong_customer_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Send three SSE-C headers that do not fit each other or the algorithm."""
    del universe
    _spoil_group(choose, fields, _misfit, source=False)


def partial_source_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Leave out one or two of the three headers for the copy's source."""
    del universe
    _spoil_group(choose, fields, _left_out, source=True)


def wrong_source_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Send headers for the copy's source that do not fit each other, or a key that is not its."""
    del universe
    _spoil_group(choose, fields, _misfit, source=True)


def _spoil_group(
    choose: Chooser,
    fields: Fields,
    spoil: Callable[[Chooser, str, Fields], None],
    *,
    source: bool,
) -> None:
    prefix = "source_customer_" if source else "customer_"
    if prefix + "key" not in fields:
        if not source:
            clear(fields)
        put_customer_key(fields, choose.pick(CUSTOMER_KEYS), source=source)
    spoil(choose, prefix, fields)


def _left_out(choose: Chooser, prefix: str, fields: Fields) -> None:
    for name in choose.pick(
        (
            ("algorithm",),
            ("key",),
            ("key_md5",),
            ("algorithm", "key"),
            ("key", "key_md5"),
            ("algorithm", "key_md5"),
        )
    ):
        fields.pop(prefix + name, None)


def _misfit(choose: Chooser, prefix: str, fields: Fields) -> None:
    choose.pick(_MISFITS)(choose, prefix, fields)


def _other_algorithm(choose: Chooser, prefix: str, fields: Fields) -> None:
    fields[prefix + "algorithm"] = choose.pick(CUSTOMER_ALGORITHMS)


def _other_md5(choose: Chooser, prefix: str, fields: Fields) -> None:
    sent = str(fields.get(prefix + "key_md5"))
    fields[prefix + "key_md5"] = choose.pick(
        (CUSTOMER_KEYS[2].key_md5, "", "bm90IGFuIE1ENQ==", "!!" + sent)
    )


def _no_bytes(choose: Chooser, prefix: str, fields: Fields) -> None:
    fields[prefix + "key"] = choose.pick(EMPTY_KEYS)
    if choose.chance(60):
        fields[prefix + "key_md5"] = md5_base64(b"")


def _short_key(choose: Chooser, prefix: str, fields: Fields) -> None:
    short = choose.pick(SHORT_KEYS)
    fields[prefix + "key"], fields[prefix + "key_md5"] = short.key, short.key_md5


def _other_key(choose: Chooser, prefix: str, fields: Fields) -> None:
    other = choose.pick(CUSTOMER_KEYS)
    fields[prefix + "key"], fields[prefix + "key_md5"] = other.key, other.key_md5


def _two_misfits(choose: Chooser, prefix: str, fields: Fields) -> None:
    first = choose.pick((_other_md5, _no_bytes, _short_key, _left_out))
    first(choose, prefix, fields)
    if prefix + "algorithm" in fields:
        _other_algorithm(choose, prefix, fields)


_MISFITS = (_other_algorithm, _other_md5, _no_bytes, _short_key, _other_key, _two_misfits)


def unknown_storage_class(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Name a storage class that does not exist."""
    del choose, universe
    fields["storage_class"] = "NO_SUCH_CLASS"


def wrong_content_md5(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Send a Content-MD5 that is none, or that of other data."""
    del universe
    fields["content_md5"] = choose.pick(("bm90IGFuIE1ENQ==", md5_base64(b"other data")))


def create_only(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Write only where nothing is."""
    del choose, universe
    fields["if_none_match"] = "*"


def put_condition(choose: Chooser, fields: Fields, etag: str, match: str, none_match: str) -> None:
    """Ask for a condition on the ETag: one that holds, or does not, or one hard to tell."""
    quoted = f'"{etag}"'
    other = f'"{etag[::-1]}"'
    name, text = choose.pick(
        (
            (match, quoted),
            (match, quoted),
            (match, other),
            (match, other),
            (none_match, quoted),
            (none_match, quoted),
            (none_match, other),
            (match, etag),
        )
    )
    fields[name] = text


def several(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Two faults of PutObject at once, of those whose order of checks is recorded."""
    partial = choose.pick((partial_customer_key, wrong_customer_key))
    partial(choose, universe, fields)
    if choose.chance(50):
        unknown_storage_class(choose, universe, fields)
    if choose.chance(60):
        fields["content_md5"] = "bm90IGFuIE1ENQ=="


def malformed_source(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Name no bucket and object to copy from."""
    del universe
    fields["copy_source"] = choose.pick(("nothing", "no-slash-in-it"))
