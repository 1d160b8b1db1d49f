"""Faults of reads of objects under a customer's key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from model.answer import BODY
from model.operations.delete_object import DeleteObject
from model.operations.get_object import GetObject
from model.operations.get_object_attributes import GetObjectAttributes
from model.operations.head_object import HeadObject
from model.operations.object_read import requested_range
from model.request import ObjectCreation, ObjectRead, WithCopySource, WithEncryptionHeaders
from model.sse import SseC, decode_customer_key, md5_base64
from targets.faulty.common import BLOCK, copied, current, data_read, read_version, scrambled
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.stored import ObjectVersion
    from model.world import World

NEEDS_THE_SAME_KEY = "sse-c-object/read-needs-the-same-key"
COPY_NEEDS_THE_SAME_KEY = "sse-c-object/copy-needs-the-same-source-key"
KEY_SUFFICES = frozenset({"sse-c-object/key-reads-it", "sse-c-object/key-md5-is-optional-on-reads"})


def key_sent(request: WithEncryptionHeaders) -> str:
    """Return the MD5 of the customer key that a request carries."""
    return md5_base64(decode_customer_key(request.customer_key or ""))


def customer_key_of(version: ObjectVersion | None) -> str | None:
    """Return the MD5 of the customer key that a version is under, None where it is under none."""
    encryption = None if version is None else version.encryption
    return encryption.customer_key_md5 if isinstance(encryption, SseC) else None


class EmptyObjectUnchecked(Fault):
    """An empty object under a customer's key is read and copied with any key."""

    name = "empty-object-unchecked"
    category = "SSE-C"
    origin = "pgsty/silo#82"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Have nothing to decrypt, so that no key turns out to be wrong."""
        if isinstance(request, GetObject):
            found = read_version(world, request)
        else:
            found = copied(world, request) if isinstance(request, WithCopySource) else None
        empty = found is not None and found.body == b""
        return frozenset({NEEDS_THE_SAME_KEY, COPY_NEEDS_THE_SAME_KEY} if empty else ())


class AttributesTakeAnyKey(Fault):
    """GetObjectAttributes asks for a customer key and does not look whether it is the right one."""

    name = "attributes-take-any-key"
    category = "SSE-C"
    origin = "pgsty/silo#84"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Never unseal the object's key with the one that was sent."""
        del world
        asked = isinstance(request, GetObjectAttributes)
        return frozenset({NEEDS_THE_SAME_KEY} if asked else ())


class HeadNeedsNoKey(Fault):
    """HEAD of an object under a customer's key succeeds without the key."""

    name = "head-needs-no-key"
    category = "SSE-C"
    origin = "rustfs/rustfs#1998"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Decrypt nothing, so that no key is missed."""
        del world
        asked = isinstance(request, HeadObject)
        return frozenset({"sse-c-object/read-needs-the-key"} if asked else ())


class OldKeyStillOpens(Fault):
    """A customer key that opened an object once opens whatever is written there later."""

    name = "old-key-still-opens"
    category = "SSE-C"
    deep = True

    def __init__(self) -> None:
        self._accepted: set[tuple[str, str, str]] = set()

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Find the key among those that were accepted for that name."""
        del world
        if not isinstance(request, ObjectRead):
            return frozenset()
        known = (request.bucket, request.object_key, key_sent(request)) in self._accepted
        return frozenset({NEEDS_THE_SAME_KEY} if known else ())

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remember the key that opened the object."""
        del before
        if isinstance(request, ObjectRead) and request.own_key.present and answer.succeeded:
            self._accepted.add((request.bucket, request.object_key, key_sent(request)))
        return after


class OlderVersionByNewestKey(Fault):
    """An older version is opened by the customer key of the newest, and not by its own."""

    name = "older-version-by-newest-key"
    category = "SSE-C"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Compare the key with that of the current version."""
        if not isinstance(request, ObjectRead) or request.version_id is None:
            return frozenset()
        newest = customer_key_of(current(world, request))
        if newest is None or newest == customer_key_of(read_version(world, request)):
            return frozenset()
        if key_sent(request) == newest:
            return frozenset({NEEDS_THE_SAME_KEY})
        return KEY_SUFFICES


class EscapedNameUnchecked(Fault):
    """Any customer key reads an object whose name needs escaping: its key's MD5 is not found."""

    name = "escaped-name-unchecked"
    category = "SSE-C"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Look for the MD5 under the escaped name, and find none to compare with."""
        del world
        if not isinstance(request, ObjectRead) or quote(request.object_key) == request.object_key:
            return frozenset()
        return frozenset({NEEDS_THE_SAME_KEY})


class MarkOutlivesTheObject(Fault):
    """Where an object under a customer's key was overwritten by another, reads still need a key."""

    name = "mark-outlives-the-object"
    category = "SSE-C"
    deep = True

    def __init__(self) -> None:
        self._marked: set[tuple[str, str]] = set()

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Miss the key that the object had that was here before."""
        del world
        if not isinstance(request, ObjectRead) or request.own_key.present:
            return frozenset()
        marked = (request.bucket, request.object_key) in self._marked
        return frozenset({"reading/needs-no-headers"} if marked else ())

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Mark what is written under a customer's key, until it is deleted."""
        del before, answer
        if isinstance(request, DeleteObject):
            self._marked.discard((request.bucket, request.object_key))
        elif isinstance(request, ObjectCreation) and customer_key_of(current(after, request)):
            self._marked.add((request.bucket, request.object_key))
        return after


class RangeBehindFirstBlock(Fault):
    """A range behind the first 64 KiB under a customer's key is decrypted like the first."""

    name = "range-behind-first-block"
    category = "SSE-C"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show what a wrong counter makes of the data."""
        del before
        read = data_read(after, request, answer)
        if read is None:
            return answer
        wanted = requested_range(read.request.range, len(read.version.body or b""))
        if customer_key_of(read.version) is None or wanted is None or wanted[0] < BLOCK:
            return answer
        return replace(answer, fields={**answer.fields, BODY: scrambled(read.body)})
