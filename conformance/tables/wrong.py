"""What can be wrong with a write: one value, or two that do not go together."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from conformance import faults
from conformance.multipart_faults import NO_ETAG, NO_UPLOAD
from conformance.tables.making import COPY, PART_COPY, POST, PUT
from conformance.tables.making import UPLOAD as PART
from conformance.tables.scene import ASYMMETRIC, DISABLED, OWN_KEYS, PENDING
from conformance.tables.values import CUSTOMER, DSSE, KMS, NOTHING, S3, Encryption
from conformance.universe import (
    BAD_CONTEXTS,
    CONTEXTS,
    CUSTOMER_KEYS,
    OTHER_ACCOUNT,
    SHORT_KEYS,
    URL_SAFE_KEYS,
)
from model.clause import Capability
from model.completion_document import ListedPart, write_completion
from model.sse import md5_base64

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from conformance.tables.scene import Scene

CREATE, COMPLETE = "CreateMultipartUpload", "CompleteMultipartUpload"
DECIDING = (PUT, COPY, POST, CREATE)
"""Requests that decide an encryption; the others go on with an upload, where it is decided."""
GOING_ON = (PART, PART_COPY, COMPLETE)
EVERYWHERE = (*DECIDING, *GOING_ON)
PLAIN_SOURCES = ("SSE-S3", "Bucket Key", "in parts")
CUSTOMER_SOURCES = ("SSE-C", "in parts, SSE-C")
_MEMBERS = ("algorithm", "key", "key_md5")
_NO_MD5 = "bm90IGFuIE1ENQ=="

Spoil = Callable[["Scene", "Fields"], None]


class Wrong(NamedTuple):
    """One thing that is wrong: where it can be, beside which encryptions, and with what sources."""

    group: str
    spoil: Spoil
    asked: tuple[str, ...] = (NOTHING, S3, KMS, DSSE, CUSTOMER)
    paths: tuple[str, ...] = EVERYWHERE
    sources: tuple[str, ...] = ()
    key: str = ""
    needs: frozenset[Capability] = frozenset()


def sets(**values: str | bytes | None) -> Spoil:
    """Return what sets these fields."""
    return lambda scene, fields: fields.update(values)  # noqa: ARG005 - one shape for all


def _names_key(label: str) -> Spoil:
    return lambda scene, fields: fields.update(kms_key_id=scene.key_text(label))


def _drops(names: tuple[str, ...]) -> Spoil:
    def drop(scene: Scene, fields: Fields) -> None:
        del scene
        for name in names:
            fields.pop(name, None)

    return drop


def _algorithms() -> Iterator[tuple[str, Wrong]]:
    for text in faults.UNKNOWN_ALGORITHMS:
        yield f"algorithm {text!r}", Wrong("algorithm", sets(sse=text), (NOTHING,))
    for text in (S3, KMS, DSSE):
        needs = Encryption(text).needs
        again = Wrong("algorithm", sets(sse=text), (NOTHING, CUSTOMER), GOING_ON, needs=needs)
        yield f"algorithm {text} for what is decided", again
    for text in (S3, KMS, "nonsense"):
        needs = Encryption(text).needs
        beside = Wrong("algorithm", sets(sse=text), (CUSTOMER,), DECIDING, needs=needs)
        yield f"algorithm {text} beside a customer key", beside


def _kms_headers() -> Iterator[tuple[str, Wrong]]:
    kms = frozenset({Capability.SSE_KMS})
    bad = ("unknown id", "unknown ARN", "unknown alias", "no key's name", "other region")
    for label in (*bad, "other account", "empty", DISABLED, PENDING, ASYMMETRIC):
        needs = kms | ({Capability.KMS_API} if label in OWN_KEYS else set())
        names = _names_key(label)
        yield f"key: {label}", Wrong("key", names, (KMS, DSSE), DECIDING, key=label, needs=needs)
    yield "key beside", Wrong("key", _names_key("id"), (NOTHING, S3, CUSTOMER), needs=kms)
    flags = kms | {Capability.BUCKET_KEY}
    for text in ("True", "yes", ""):
        spoil = sets(bucket_key_enabled=text)
        yield f"flag {text!r}", Wrong("flag", spoil, (KMS,), DECIDING, needs=flags)
    beside = sets(bucket_key_enabled="true")
    yield "flag beside", Wrong("flag", beside, (NOTHING, S3, DSSE, CUSTOMER), needs=flags)
    for text in BAD_CONTEXTS:
        spoil = sets(encryption_context=text)
        yield f"context {text}", Wrong("context", spoil, (KMS, DSSE), DECIDING, needs=kms)
    beside = sets(encryption_context=CONTEXTS[0])
    yield "context beside", Wrong("context", beside, (NOTHING, S3, CUSTOMER), needs=kms)


def customer_texts(prefix: str) -> Iterator[tuple[str, Spoil]]:
    """Yield what can be wrong with the three headers of a customer key."""
    for count in (1, 2):
        for names in combinations(_MEMBERS, count):
            yield f"without {' and '.join(names)}", _drops(tuple(prefix + name for name in names))
    for text in faults.CUSTOMER_ALGORITHMS:
        yield f"algorithm {text!r}", sets(**{f"{prefix}algorithm": text})
    md5s = {"another's": CUSTOMER_KEYS[2].key_md5, "empty": "", "none": _NO_MD5, "odd": "!!?"}
    for label, md5 in md5s.items():
        yield f"MD5 {label}", sets(**{f"{prefix}key_md5": md5})
    for text in faults.EMPTY_KEYS:
        empty = {f"{prefix}key": text, f"{prefix}key_md5": md5_base64(b"")}
        yield f"no bytes in {text!r}", sets(**empty)
    for short in SHORT_KEYS:
        texts = {f"{prefix}key": short.key, f"{prefix}key_md5": short.key_md5}
        yield f"length of {len(short.key or '')}", sets(**texts)
    yield "key another's", sets(**{f"{prefix}key": CUSTOMER_KEYS[2].key})
    url_safe = URL_SAFE_KEYS[0]
    texts = {f"{prefix}key": url_safe.key, f"{prefix}key_md5": url_safe.key_md5}
    yield "in the URL-safe alphabet", sets(**texts)


def _texts(names: tuple[str, ...], number: int) -> dict[str, str | None]:
    key = CUSTOMER_KEYS[number]
    return dict(zip(names, (key.algorithm, key.key, key.key_md5), strict=True))


def _customer_keys() -> Iterator[tuple[str, Wrong]]:
    sse_c = frozenset({Capability.SSE_C})
    for label, spoil in customer_texts("customer_"):
        yield f"customer key: {label}", Wrong("customer key", spoil, (CUSTOMER,), needs=sse_c)
    whole = tuple(f"customer_{name}" for name in _MEMBERS)
    other = sets(**_texts(whole, 1))
    yield (
        "customer key: that of another upload",
        Wrong("customer key", other, (CUSTOMER,), GOING_ON),
    )
    none = Wrong("customer key", _drops(whole), (CUSTOMER,), GOING_ON)
    yield "customer key: none", none
    yield (
        "customer key: not asked for",
        Wrong("customer key", other, (NOTHING,), GOING_ON, needs=sse_c),
    )
    yield (
        "customer key: blocked",
        Wrong("customer key", sets(), (CUSTOMER,), DECIDING, needs=sse_c),
    )


def _sources() -> Iterator[tuple[str, Wrong]]:
    paths = (COPY, PART_COPY)
    for label, spoil in customer_texts("source_customer_"):
        yield (
            f"source's key: {label}",
            Wrong("source", spoil, paths=paths, sources=CUSTOMER_SOURCES),
        )
    whole = tuple(f"source_customer_{name}" for name in _MEMBERS)
    none = Wrong("source", _drops(whole), paths=paths, sources=CUSTOMER_SOURCES)
    yield "source's key: none", none
    other = sets(**_texts(whole, 2))
    yield (
        "source's key: another's",
        Wrong("source", other, paths=paths, sources=CUSTOMER_SOURCES),
    )
    yield (
        "source's key: not asked for",
        Wrong(
            "source", other, paths=paths, sources=PLAIN_SOURCES, needs=frozenset({Capability.SSE_C})
        ),
    )
    texts = {
        "no bucket": "no-slash-in-it",
        "nothing there": "{0}/never-written",
        "itself": "{0}/{1}",
    }
    for label, text in texts.items():
        itself = {"asked": (NOTHING,), "paths": (COPY,)} if label == "itself" else {"paths": paths}
        yield f"source: {label}", Wrong("source", _names_source(text), **itself)
    condition = sets(source_if_match=f'"{NO_ETAG}"')
    yield "source: of another ETag", Wrong("source", condition, paths=paths)
    owner = sets(expected_source_owner=OTHER_ACCOUNT)
    yield "source: of another owner", Wrong("source", owner, paths=paths)


def _names_source(text: str) -> Spoil:
    def spoil(scene: Scene, fields: Fields) -> None:
        fields["copy_source"] = text.format(scene.bucket, quote(fields["object_key"]))

    return spoil


def _data() -> Iterator[tuple[str, Wrong]]:
    for label, text in (("malformed", _NO_MD5), ("other data's", md5_base64(b"other data"))):
        yield f"Content-MD5 {label}", Wrong("data", sets(content_md5=text), paths=(PUT, PART))
    unknown = sets(storage_class="NO_SUCH_CLASS")
    yield "storage class unknown", Wrong("data", unknown, paths=DECIDING)
    owner = sets(expected_bucket_owner=OTHER_ACCOUNT)
    yield "owner another", Wrong("data", owner, paths=tuple(p for p in EVERYWHERE if p != POST))
    yield "If-None-Match: *", Wrong("data", sets(if_none_match="*"), paths=(PUT,))
    yield "If-Match another", Wrong("data", sets(if_match=f'"{NO_ETAG}"'), paths=(PUT,))
    digest = sets(checksum_sha256=md5_base64(b"too short for it"))
    checked = frozenset({Capability.CHECKSUMS})
    yield "checksum malformed", Wrong("data", digest, paths=(PUT,), needs=checked)


def _uploads() -> Iterator[tuple[str, Wrong]]:
    asked = (NOTHING, CUSTOMER)
    for text in ("0", "10001", "-1"):
        spoil = sets(part_number=text)
        yield f"part number {text}", Wrong("upload", spoil, asked, (PART, PART_COPY))
    yield "no such upload", Wrong("upload", sets(upload_id=NO_UPLOAD), asked, GOING_ON)
    documents = {
        "empty": b"",
        "cut off": b"<CompleteMultipartUpload><Part>",
        "without parts": write_completion([]),
        "with another ETag": write_completion([ListedPart(1, f'"{NO_ETAG}"')]),
        "with a missing part": write_completion([ListedPart(7, f'"{NO_ETAG}"')]),
        "with part 0": write_completion([ListedPart(0, f'"{NO_ETAG}"')]),
    }
    for label, document in documents.items():
        spoil = sets(document=document)
        yield f"list of parts {label}", Wrong("upload", spoil, asked, (COMPLETE,))


WRONG: dict[str, Wrong] = {
    label: wrong
    for some in (_algorithms, _kms_headers, _customer_keys, _sources, _data, _uploads)
    for label, wrong in some()
}
"""All that can be wrong, by what it is called."""
