"""What a server may know from before, and does not look up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.ranking.past import Subject, subject_of
from conformance.ranking.wrong_keeping import Success, under_key, with_version
from conformance.session import READS
from model.request import WithEncryptionHeaders
from model.sse import DsseKms, SseKms
from targets.faulty.wrong_default import rule_of, takes_default

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.answer import Answer
    from model.matchers import Value
    from model.operation import Operation
    from model.world import World

KMS_KEY = "KMS key"


class Cache:
    """What was told first of each thing that was asked for, and which KMS key each name meant."""

    def __init__(self) -> None:
        self._told: dict[Subject, dict[str, Value]] = {}
        self._keys: dict[str, str] = {}

    def told(self, request: Operation, answer: Answer) -> dict[str, Value]:
        """Return what was told first of the same thing, and differs from what is told now."""
        subject = subject_of(request)
        if subject is None or request.method not in READS or not answer.succeeded:
            return {}
        first = self._told.setdefault(subject, dict(answer.fields))
        return {
            name: value
            for name, value in first.items()
            if name in answer.fields and answer.fields[name] != value and value is not None
        }

    def kinds(self, before: World, after: World, request: Operation) -> Iterator[str]:
        """Yield what is written from memory, where that is wrong by now."""
        if self.written(before, after, request) is not after:
            yield KMS_KEY

    def written(self, before: World, after: World, request: Operation) -> World:
        """Return what is kept where a name of a KMS key is looked up but once."""
        text = _name_of_key(before, request)
        done = Success(before, after, request)
        version = done.written
        if not text or version is None or done.new is None or done.key is None:
            return after
        encryption = version.encryption
        if not isinstance(encryption, SseKms | DsseKms):
            return after
        first = self._keys.setdefault(text, encryption.kms_key_id)
        if first == encryption.kms_key_id:
            return after
        wrong = under_key(version, first)
        return after.with_bucket(
            str(getattr(request, "bucket", "")), with_version(done.new, done.key, version, wrong)
        )


def _name_of_key(world: World, request: Operation) -> str | None:
    """Return the text by which a write names its KMS key, or its bucket's default does."""
    if not isinstance(request, WithEncryptionHeaders):
        return None
    if takes_default(request, world):
        rule = rule_of(world, request.bucket)
        return None if rule is None else rule.kms_key_id
    return request.kms_key_id
