"""Mutants: servers with a small defect each, which are made by rule and not thought up.

Whatever a server does at one kind of request in one circumstance it may do wrongly: not read a
field, not know of a clause, keep something as it was, tell it as it was. Watching a right server
tells what there is to be done wrongly: each of it is a ``Trigger``, and makes a mutant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.ranking.circumstances import ANY, circumstances
from conformance.ranking.past import Past
from conformance.ranking.wrong_cache import KMS_KEY, Cache
from conformance.ranking.wrong_keeping import kept_wrongly, kinds_of_keeping
from conformance.ranking.wrong_memory import Remembered, done_all_the_same, kinds_of_refusal
from model.answer import BODY
from model.listing import OF
from model.replacing import replace
from model.request import (
    BucketRequest,
    WithCopySource,
    WithEncryptionHeaders,
    names_no_encryption,
    text_places,
)
from targets.faulty.common import without
from targets.faulty.fault import NOTHING, Fault
from targets.faulty.wrong_default import BASE, rule_of, takes_default, under

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.answer import Answer
    from model.matchers import Value
    from model.operation import Operation
    from model.operations.object_write import WriteOperation
    from model.world import ServerSideEncryptionRule, World

CACHED = "cached"
"""The way of a server that does not look up again what it knew once."""
CLAUSE = "clause"
"""The way of going wrong of a server that does not know of a clause."""


class Trigger(NamedTuple):
    """What may be done wrongly: in which operation and circumstance, in what way, and what."""

    operation: str
    circumstance: str
    way: str
    what: str


class Watcher(Fault):
    """No defect: it notes what there is to be done wrongly at each request."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.triggers: set[Trigger] = set()
        self.met: list[tuple[str, frozenset[str]]] = []
        """Of each request its operation, and the circumstances in which it came."""
        self._were, self._past, self._cache = Remembered(), Past(), Cache()

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Note it, and say what is right."""
        self._past.see(before, request)
        held = circumstances(before, request, self._past)
        self.met.append((request.operation, held))
        ways = [
            *_ways(before, after, request, answer),
            *(("revived", what) for what in self._were.kinds(before, after, request)),
            *((CACHED, what) for what in self._cache.kinds(before, after, request)),
            *((CACHED, _kind(name)) for name in self._cache.told(request, answer)),
        ]
        for way, what in ways:
            self.triggers.update(Trigger(request.operation, one, way, what) for one in held)
        self._were.note(before, after, request)
        return answer


def _ways(
    before: World, after: World, request: Operation, answer: Answer
) -> Iterator[tuple[str, str]]:
    for place in text_places(type(request)):
        if getattr(request, place.attribute) is not None:
            yield "unread", place.attribute
            yield "remembered", place.attribute
    for name in dict.fromkeys(map(_kind, answer.fields)):
        if OF not in name:  # the reference adds what a list does not tell
            yield "silent", name
        yield "stale", name
    if takes_default(request, before):
        for name in _DEFAULTS:
            yield "default", name
    if answer.succeeded:
        for name in kinds_of_keeping(before, after, request):
            yield "kept", name
    else:
        for name in kinds_of_refusal(before, request):
            yield "refused", name


def _kind(field: str) -> str:
    """Return which field it is: of an object of a list, whichever object that is."""
    what, of, _ = field.partition(OF)
    return what + of


class Mutant(Fault):
    """A server that does one thing wrongly wherever its trigger is met."""

    def __init__(self, trigger: Trigger) -> None:
        self.trigger = trigger
        self._past = Past()

    def understand(self, world: World, request: Operation) -> Operation:
        """Note what came before, and take the request for what it is, or not."""
        self._past.see(world, request)
        return self.misunderstand(world, request)

    def misunderstand(self, world: World, request: Operation) -> Operation:
        """Return what the request is taken for."""
        del world
        return request

    def is_met(self, world: World, request: Operation) -> bool:
        """Tell whether it goes wrong at that request."""
        operation, circumstance, *_ = self.trigger
        return request.operation == operation and (
            circumstance == ANY or circumstance in circumstances(world, request, self._past)
        )


class _LeftOut(Mutant):
    """It does not know of a clause."""

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        return frozenset({self.trigger.what}) if self.is_met(world, request) else NOTHING


class _Unread(Mutant):
    """It does not read a field of the request."""

    def misunderstand(self, world: World, request: Operation) -> Operation:
        what = self.trigger.what
        if getattr(request, what, None) is None or not self.is_met(world, request):
            return request
        return _with(request, what, None)


class _Remembered(Mutant):
    """It takes a field that is not sent from the request of that kind before."""

    def __init__(self, trigger: Trigger) -> None:
        super().__init__(trigger)
        self._last: str | None = None

    def misunderstand(self, world: World, request: Operation) -> Operation:
        if request.operation != self.trigger.operation:
            return request
        value, last = getattr(request, self.trigger.what), self._last
        if value is not None:
            self._last = value
        if value is not None or last is None or not self.is_met(world, request):
            return request
        return _with(request, self.trigger.what, last)


def _with(request: Operation, attribute: str, value: str | None) -> Operation:
    changes: dict[str, Any] = {attribute: value}
    return replace(request, **changes)


class _Silent(Mutant):
    """It does not tell something."""

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        del after
        return without(answer, self.trigger.what) if self.is_met(before, request) else answer


class _Stale(Mutant):
    """It tells something as it did the time before, of whatever that was."""

    def __init__(self, trigger: Trigger) -> None:
        super().__init__(trigger)
        self._last: dict[str, Value] = {}

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        del after
        what = self.trigger.what
        if request.operation != self.trigger.operation or not answer.succeeded:
            return answer
        last = self._last
        self._last = {f: value for f, value in answer.fields.items() if _kind(f) == what}
        if what == BODY and answer.fields.get(what) is None:
            return answer
        return _with_fields(answer, last) if self.is_met(before, request) else answer


def _with_fields(answer: Answer, told: dict[str, Value]) -> Answer:
    """Return the answer that tells these fields so."""
    known = {name: value for name, value in told.items() if value is not None}
    return replace(answer, fields={**answer.fields, **known}) if known else answer


class _Cached(Mutant):
    """It does not look up again what it knew once."""

    def __init__(self, trigger: Trigger) -> None:
        super().__init__(trigger)
        self._cache = Cache()

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        if self.trigger.what != KMS_KEY or not answer.succeeded:
            return after
        wrong = self._cache.written(before, after, request)
        return wrong if self.is_met(before, request) else after

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        del after
        told = self._cache.told(request, answer)
        wrong = {f: value for f, value in told.items() if _kind(f) == self.trigger.what}
        return _with_fields(answer, wrong) if wrong and self.is_met(before, request) else answer


class _Default(Mutant):
    """A write that names no encryption gets another default than its bucket's."""

    def __init__(self, trigger: Trigger) -> None:
        super().__init__(trigger)
        self._put: dict[str, list[ServerSideEncryptionRule]] = {}
        self._last: ServerSideEncryptionRule | None = None
        self._asked: dict[str, Any] = {}

    def misunderstand(self, world: World, request: Operation) -> Operation:
        if not takes_default(request, world):
            if isinstance(request, WithEncryptionHeaders) and not names_no_encryption(request):
                self._asked = {name: getattr(request, name) for name in _ASKED}
            return request
        if not self.is_met(world, request):
            return request
        if self.trigger.what == _OF_REQUEST:
            asked, self._asked = self._asked, {}
            return replace(request, **asked) if asked.get("sse") else request
        rule = self._rule(world, request)
        if rule is None or rule == world.existing(request.bucket).rule:
            return request
        return under(request, rule)

    def _rule(self, world: World, request: WriteOperation) -> ServerSideEncryptionRule | None:
        put = self._put.get(request.bucket, [])
        source = request.source if isinstance(request, WithCopySource) else None
        match self.trigger.what:
            case "the one before":
                return put[-2] if len(put) > 1 else BASE
            case "the first":
                return put[0] if put else None
            case "of another bucket":
                return self._last
            case "of the source's bucket":
                return None if source is None else rule_of(world, source.bucket)
        return BASE

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        if isinstance(request, BucketRequest) and answer.succeeded:
            rule = rule_of(after, request.bucket)
            if rule is not None and rule != rule_of(before, request.bucket):
                self._put.setdefault(request.bucket, []).append(rule)
                self._last = rule
        return after


_ASKED = ("sse", "kms_key_id", "bucket_key_enabled")
_OF_REQUEST = "of the request before"
_DEFAULTS = (
    "none",
    "the one before",
    "the first",
    "of another bucket",
    "of the source's bucket",
    _OF_REQUEST,
)


class _Kept(Mutant):
    """It keeps something wrongly."""

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        if not answer.succeeded or not self.is_met(before, request):
            return after
        return kept_wrongly(self.trigger.what, before, after, request)


class _Revived(Mutant):
    """What was deleted comes back with what is made anew under its name."""

    def __init__(self, trigger: Trigger) -> None:
        super().__init__(trigger)
        self._were = Remembered()

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        kept = after
        if answer.succeeded and self.is_met(before, request):
            kept = self._were.revived(self.trigger.what, before, after, request)
        self._were.note(before, after, request)
        return kept


class _Refused(Mutant):
    """It does something of what it refuses."""

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        if answer.succeeded or not self.is_met(before, request):
            return after
        return done_all_the_same(self.trigger.what, after, request)


_KINDS: dict[str, type[Mutant]] = {
    CLAUSE: _LeftOut,
    "unread": _Unread,
    "remembered": _Remembered,
    "silent": _Silent,
    "stale": _Stale,
    CACHED: _Cached,
    "default": _Default,
    "kept": _Kept,
    "revived": _Revived,
    "refused": _Refused,
}


def mutant_of(trigger: Trigger) -> Mutant:
    """Return the mutant that goes wrong there."""
    return _KINDS[trigger.way](trigger)
