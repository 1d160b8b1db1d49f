"""Requests drawn from what may be true: sound ones, and ones that are wrong in every way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance import faults
from conformance.universe import (
    CONTEXTS,
    CUSTOMER_KEYS,
    KEYS_BY_MD5,
    OTHER_ACCOUNT,
    UNKNOWN_KEY_ID,
)
from model.bucket_kind import BucketKind
from model.clause import Capability, Stage
from model.facts import keeps_versions
from model.kms import MANAGED_ALIAS
from model.operation import existing_bucket
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.predict import collect, speaking
from model.request import BucketConfiguration, ObjectRequest, WithCopySource
from model.sse import SseAlgorithm, SseC
from model.stored import ObjectVersion, Presence
from model.world import MANAGED_KEY, Bucket, KeyState, SessionMode, World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.chooser import Chooser
    from conformance.faults import Fields
    from conformance.session import Session as Conversing
    from conformance.session import Step
    from conformance.universe import Universe
    from model.operation import Operation
    from model.stored import StoredVersion
    from model.world import Session

FAULTY_PERCENT = 34
OWNER_PERCENT = 5
NEW = 4
"""A clause that was met so seldom is new."""
NEVER = 1_000_000_000
"""How often the clauses were met that speak of a request of which none speaks."""
Faults = list[tuple[faults.FaultFunction, int]]
"""Ways to spoil a request, each with its weight."""


class Requests:
    """Builds the requests of one sequence out of a chooser's choices."""

    def __init__(self, choose: Chooser, universe: Universe, session: Conversing) -> None:
        self.choose = choose
        self.universe = universe
        self.session = session
        self.own_keys: list[str] = []
        """Ids of KMS keys that the sequence made for itself, and may disable."""

    @property
    def world(self) -> World:
        """The likeliest world now."""
        return self.session.belief.world

    @property
    def steps(self) -> Sequence[Step]:
        """What the sequence sent so far."""
        return self.session.steps

    @property
    def secure(self) -> bool:
        """Whether the target is reached over TLS."""
        return self.universe.secure

    def has(self, capability: Capability) -> bool:
        """Tell whether the target has the capability."""
        return self.universe.has(capability)

    def bucket(self) -> str:
        """Return a bucket: nearly always one that exists."""
        made = [b for b in self.universe.buckets if isinstance(self.world.buckets.get(b), Bucket)]
        if not made or self.choose.chance(2):
            return self.universe.missing_bucket
        return self.choose.pick(made)

    def sessions(self, bucket: str, *modes: SessionMode) -> list[tuple[str, Session]]:
        """Return the sessions of a directory bucket, by token, the newest last."""
        wanted = modes or tuple(SessionMode)
        known = self.world.sessions.items()
        return [(t, s) for t, s in known if t and s.bucket == bucket and s.mode in wanted]

    def session_token(self, bucket: str) -> str | None:
        """Return the token of a session that reads that bucket, None where none is needed."""
        found = self.sessions(bucket)
        return self.choose.pick(found)[0] if found else None

    def objects_in(self, *buckets: str) -> list[tuple[str, str, ObjectVersion]]:
        """Return the objects that the world holds in these buckets."""
        return [
            (name, object_key, version)
            for name in buckets
            if isinstance(bucket := self.world.buckets.get(name), Bucket)
            for object_key, version in bucket.objects.items()
            if isinstance(version, ObjectVersion)
        ]

    def objects(self) -> list[tuple[str, str, ObjectVersion]]:
        """Return the objects that the world holds in general purpose buckets."""
        return self.objects_in(*self.universe.buckets)

    def versions(self) -> list[tuple[str, str, str, StoredVersion]]:
        """Return the versions and delete markers whose id is known, of buckets that keep them."""
        return [
            (name, object_key, version.version_id, version)
            for name in self.universe.buckets
            if keeps_versions(bucket := existing_bucket(self.world, name)) and bucket is not None
            for object_key in bucket.objects
            for version in bucket.row(object_key)
            if not isinstance(version, Presence) and version.version_id is not None
        ]

    def encryption(self, fields: Fields) -> None:
        """Put the headers of a sound encryption into the fields, or none."""
        choose, has = self.choose, self.universe.has
        ways = [("none", 30), ("aes256", 14)]
        if has(Capability.SSE_KMS):
            ways += [("kms", 26)]
        if has(Capability.DSSE_KMS):
            ways += [("dsse", 10)]
        if has(Capability.SSE_C):
            ways += [("sse-c", 20)]
        way = choose.weighted(ways)
        if way == "aes256":
            fields["sse"] = SseAlgorithm.AES256.value
        elif way == "sse-c":
            faults.put_customer_key(fields, choose.pick(CUSTOMER_KEYS))
        elif way in {"kms", "dsse"}:
            fields["sse"] = (
                SseAlgorithm.AWS_KMS if way == "kms" else SseAlgorithm.AWS_KMS_DSSE
            ).value
            if not choose.chance(30):
                fields["kms_key_id"] = choose.pick(self.key_texts())
            if way == "kms" and choose.chance(45):
                fields["bucket_key_enabled"] = choose.pick(("true", "false"))
            if choose.chance(25):
                fields["encryption_context"] = choose.pick(CONTEXTS)

    def key_texts(self) -> Sequence[str]:
        """Return texts that name KMS keys which exist, usable or not."""
        texts = [key.key_id for key in self.universe.kms_keys]
        texts += [key.arn for key in self.universe.kms_keys if key.arn is not None]
        unusable = any(self.world.keys[k].state is not KeyState.ENABLED for k in self.own_keys)
        texts += self.own_keys * (9 if unusable else 3)
        texts += list(self.world.aliases) * 2
        texts += [f"{stem}:{alias}" for alias in self.world.aliases for stem in self._arn_stem()]
        managed = self.world.keys.get(MANAGED_KEY)
        if self.choose.chance(10):
            shown = None if managed is None else managed.arn
            texts += [MANAGED_ALIAS, shown or MANAGED_ALIAS]
        return texts or [MANAGED_ALIAS]

    def _arn_stem(self) -> tuple[str, ...]:
        """Return what the ARN of an alias of this account begins with, where that is known."""
        arns = (key.arn for key in self.universe.kms_keys if key.arn is not None)
        return tuple(arn.partition(":key/")[0] for arn in arns)[:1]

    def write_faults(self) -> Faults:
        """Return the ways to spoil the encryption headers of a write."""
        has = self.universe.has
        found: Faults = [(faults.unknown_algorithm, 14), (faults.stray_key_id, 8)]
        found += [(faults.stray_kms_headers, 4)]
        if has(Capability.SSE_KMS):
            found += [(faults.unknown_kms_key, 16), (faults.bad_context, 6)]
        if has(Capability.SSE_C):
            found += [
                (faults.sse_beside_customer_key, 7),
                (faults.partial_customer_key, 12),
                (faults.wrong_customer_key, 20),
            ]
        return found

    def maybe_spoil(self, fields: Fields, ways: Faults, percent: int = 0) -> None:
        """Spoil the fields in one of the ways, now and then."""
        if self.choose.chance(percent or FAULTY_PERCENT):
            self.choose.weighted(ways)(self.choose, self.universe, fields)

    def rarity(self, request: Operation) -> int:
        """Return how often the rarest was met of the clauses that speak of a request.

        Where all were met more than ``NEW`` times, it is the rarest pair of a clause that spoke of
        the last change with one that speaks now which counts, behind all clauses that are new.
        """
        met, pairs = self.session.counts.fired, self.session.counts.pairs
        fired = speaking(collect(self.world, request, Stage.REQUEST))
        speak = [f.clause.id for f in fired if f.clause.binding]
        if not speak:
            return NEVER
        rarest = min(met.get(clause_id, 0) for clause_id in speak)
        if rarest <= NEW or not self.session.changed:
            return rarest
        both = ((earlier, now) for earlier in self.session.changed for now in speak)
        return NEW + 1 + min(pairs.get(pair, 0) for pair in both)

    def read(
        self,
        bucket: str,
        object_key: str,
        *,
        version_id: str | None = None,
        sound: bool = False,
        data_percent: int = 50,
    ) -> Operation:
        """Return a GetObject or a HeadObject of a version, with its key where it has one."""
        choose = self.choose
        fields: Fields = {"bucket": bucket, "object_key": object_key, "version_id": version_id}
        fields["session_token"] = self.session_token(bucket)
        version = self.world.version(bucket, object_key, version_id)
        if isinstance(version, ObjectVersion) and isinstance(version.encryption, SseC):
            texts = KEYS_BY_MD5.get(version.encryption.customer_key_md5)
            if not sound and choose.chance(16):
                texts = choose.pick(CUSTOMER_KEYS)  # that of another object, or of what stood here
            if sound or not choose.chance(14):
                faults.put_customer_key(fields, texts)
                if choose.chance(12):
                    fields.pop("customer_key_md5", None)
        kind = GetObject if choose.chance(data_percent) else HeadObject
        etag = version.etag if isinstance(version, ObjectVersion) else None
        if etag is not None and choose.chance(7):
            faults.put_condition(choose, fields, etag, "if_match", "if_none_match")
        if not sound:
            self.maybe_spoil(fields, self.read_faults(), 20)
            if choose.chance(10):
                fields["range"] = choose.pick(
                    ("bytes=0-4", "bytes=-3", "bytes=3-", "bytes=100000-")
                )
        return kind(secure=self.universe.secure, **fields)

    def expect_owner(self, request: Operation | None) -> Operation | None:
        """Return the request, now and then with the account that must own its bucket."""
        account, choose = self.universe.account, self.choose
        if account is None or not isinstance(request, BucketConfiguration | ObjectRequest):
            return request
        general = request.bucket_kind is BucketKind.GENERAL_PURPOSE
        if not general or not choose.chance(OWNER_PERCENT):
            return request
        owner = choose.pick((account, OTHER_ACCOUNT))
        if isinstance(request, WithCopySource) and choose.chance(50):
            return replace(request, expected_source_owner=owner)
        return replace(request, expected_bucket_owner=owner)

    def read_faults(self) -> Faults:
        """Return the ways to spoil the headers of a read."""
        found: Faults = [
            (_algorithm_on_read, 6),
            (_key_id_on_read, 3),
            (faults.stray_kms_headers, 1),
        ]
        if self.universe.has(Capability.SSE_C):
            found += [
                (faults.partial_customer_key, 8),
                (faults.wrong_customer_key, 12),
                (_some_customer_key, 8),
            ]
        return found


def _algorithm_on_read(choose: Chooser, universe: Universe, fields: Fields) -> None:
    del universe
    fields["sse"] = choose.pick(("AES256", "aws:kms"))


def _key_id_on_read(choose: Chooser, universe: Universe, fields: Fields) -> None:
    del choose
    fields["kms_key_id"] = universe.kms_keys[0].key_id if universe.kms_keys else UNKNOWN_KEY_ID


def _some_customer_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    del universe
    faults.put_customer_key(fields, choose.pick(CUSTOMER_KEYS))
