"""Requests drawn from what may be true: sound ones, and ones that are wrong in every way."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance import faults
from conformance.universe import (
    BODIES,
    CONTEXTS,
    CUSTOMER_KEYS,
    KEYS_BY_MD5,
    LARGE_BODY,
    METADATA,
    SHORT_KEYS,
    UNKNOWN_KEY_ID,
)
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.operations.copy_object import CopyObject
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.delete_object import DeleteObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.sse import SseAlgorithm, SseC
from model.world import Bucket, KeyState, ObjectVersion, World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.chooser import Chooser
    from conformance.faults import Fields
    from conformance.universe import Universe
    from model.operation import Operation

FAULTY_PERCENT = 34
Faults = list[tuple[faults.FaultFunction, int]]
"""Ways to spoil a request, each with its weight."""


class Requests:
    """Builds requests for one sequence out of a chooser's choices."""

    def __init__(self, choose: Chooser, universe: Universe) -> None:
        self.choose = choose
        self.universe = universe
        self.own_keys: list[str] = []
        """Ids of KMS keys that the sequence made for itself, and may disable."""

    def bucket(self, world: World) -> str:
        """Return a bucket: nearly always one that exists."""
        made = [b for b in self.universe.buckets if isinstance(world.buckets.get(b), Bucket)]
        if not made or self.choose.chance(2):
            return self.universe.missing_bucket
        return self.choose.pick(made)

    def objects(self, world: World) -> list[tuple[str, str, ObjectVersion]]:
        """Return the objects that the world holds."""
        return [
            (name, object_key, version)
            for name in self.universe.buckets
            if isinstance(bucket := world.buckets.get(name), Bucket)
            for object_key, version in bucket.objects.items()
            if isinstance(version, ObjectVersion)
        ]

    # Writes

    def put_object(self, world: World) -> Operation:
        """Return a PutObject."""
        choose = self.choose
        body = LARGE_BODY if choose.chance(2) else choose.pick(BODIES)
        fields: Fields = {"bucket": self.bucket(world), "body": body}
        fields["object_key"] = choose.pick(self.universe.object_keys)
        fields["metadata"] = choose.pick(METADATA)
        self._encryption(world, fields)
        self._maybe_spoil(fields, self._put_faults())
        return PutObject(secure=self.universe.secure, **fields)

    def put_under_own_key(self) -> Operation:
        """Return a PutObject under the KMS key that the sequence may disable."""
        return PutObject(
            bucket=self.universe.buckets[0],
            object_key=self.choose.pick(self.universe.object_keys),
            body=self.choose.pick(BODIES),
            sse=SseAlgorithm.AWS_KMS.value,
            kms_key_id=self.own_keys[0],
            secure=self.universe.secure,
        )

    def copy_object(self, world: World) -> Operation:
        """Return a CopyObject: to another name, another bucket or in place."""
        choose = self.choose
        found = self.objects(world)
        fields: Fields = {"bucket": self.bucket(world)}
        fields["object_key"] = choose.pick(self.universe.object_keys)
        version: ObjectVersion | None = None
        if found and not choose.chance(5):
            bucket, object_key, version = choose.pick(found)
            if choose.chance(25):
                fields["bucket"], fields["object_key"] = bucket, object_key
        else:
            bucket = self.bucket(world)
            if choose.chance(30):
                bucket = self.universe.missing_bucket
            object_key = "never-written"
        fields["copy_source"] = f"{bucket}/{quote(object_key)}"
        if choose.chance(22):
            fields["metadata_directive"] = choose.pick(("REPLACE", "REPLACE", "COPY"))
            fields["metadata"] = choose.pick(METADATA)
        if choose.chance(8):
            fields["storage_class"] = "STANDARD"
        if choose.chance(4):
            fields["website_redirect"] = "/elsewhere"
        self._encryption(world, fields)
        if version is not None and isinstance(version.encryption, SseC) and not choose.chance(12):
            texts = KEYS_BY_MD5.get(version.encryption.customer_key_md5)
            if choose.chance(12):
                texts = choose.pick((*CUSTOMER_KEYS, SHORT_KEYS[0]))
            faults.put_customer_key(fields, texts, source=True)
            if choose.chance(15):
                fields.pop("source_customer_key_md5", None)
        self._maybe_spoil(fields, self._copy_faults())
        return CopyObject(secure=self.universe.secure, **fields)

    def _encryption(self, world: World, fields: Fields) -> None:
        """Put the headers of a sound encryption, or none."""
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
                fields["kms_key_id"] = choose.pick(self.key_texts(world))
            if way == "kms" and choose.chance(45):
                fields["bucket_key_enabled"] = choose.pick(("true", "false"))
            if choose.chance(15):
                fields["encryption_context"] = choose.pick(CONTEXTS)

    def key_texts(self, world: World) -> Sequence[str]:
        """Return texts that name KMS keys which exist, usable or not."""
        texts = [key.key_id for key in self.universe.kms_keys]
        texts += [key.arn for key in self.universe.kms_keys if key.arn is not None]
        unusable = any(world.keys[k].state is not KeyState.ENABLED for k in self.own_keys)
        texts += self.own_keys * (9 if unusable else 3)
        texts += list(world.aliases) * 2
        if self.choose.chance(10):
            texts.append("alias/aws/s3")
        return texts or ["alias/aws/s3"]

    def _put_faults(self) -> Faults:
        found: Faults = [
            *self._write_faults(),
            (faults.unknown_storage_class, 2),
            (faults.wrong_content_md5, 5),
            (faults.create_only, 5),
        ]
        if self.universe.has(Capability.SSE_C):
            found += [(faults.several, 6)]
        return found

    def _copy_faults(self) -> Faults:
        sources: Faults = [(faults.malformed_source, 3)]
        if self.universe.has(Capability.SSE_C):
            sources += [(faults.partial_source_key, 9), (faults.wrong_source_key, 14)]
        return [*self._write_faults(), *sources]

    def _write_faults(self) -> Faults:
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

    def _maybe_spoil(self, fields: Fields, ways: Faults, percent: int = 0) -> None:
        if self.choose.chance(percent or FAULTY_PERCENT):
            self.choose.weighted(ways)(self.choose, self.universe, fields)

    # Reads

    def read_object(self, world: World) -> Operation:
        """Return a GetObject or a HeadObject of anything."""
        found = self.objects(world)
        if not found or self.choose.chance(8):
            bucket = self.bucket(world)
            object_key = self.choose.pick((*self.universe.object_keys, "never-written"))
            return self.read(world, bucket, object_key)
        bucket, object_key, _ = self.choose.pick(found)
        return self.read(world, bucket, object_key)

    def read(
        self,
        world: World,
        bucket: str,
        object_key: str,
        *,
        sound: bool = False,
        data_percent: int = 50,
    ) -> Operation:
        """Return a GetObject or a HeadObject of one object, with its key where it has one."""
        choose = self.choose
        fields: Fields = {"bucket": bucket, "object_key": object_key}
        version = world.object(bucket, object_key)
        if isinstance(version, ObjectVersion) and isinstance(version.encryption, SseC):
            texts = KEYS_BY_MD5.get(version.encryption.customer_key_md5)
            if sound or not choose.chance(14):
                faults.put_customer_key(fields, texts)
                if choose.chance(12):
                    fields.pop("customer_key_md5", None)
        kind = GetObject if choose.chance(data_percent) else HeadObject
        if not sound:
            self._maybe_spoil(fields, self._read_faults(), 20)
            if kind is GetObject and choose.chance(10):
                fields["range"] = choose.pick(
                    ("bytes=0-4", "bytes=-3", "bytes=3-", "bytes=100000-")
                )
        return kind(secure=self.universe.secure, **fields)

    def _read_faults(self) -> Faults:
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

    # The rest

    def delete_object(self, world: World) -> Operation:
        """Return a DeleteObject."""
        return DeleteObject(
            bucket=self.bucket(world),
            object_key=self.choose.pick(self.universe.object_keys),
            secure=self.universe.secure,
        )

    def put_bucket_encryption(self, world: World) -> Operation:
        """Return a PutBucketEncryption: mostly a sound one."""
        choose = self.choose
        bucket = self.bucket(world)
        secure = self.universe.secure
        if choose.chance(26):
            document = self._bad_document(world)
            if choose.chance(25):
                bucket = self.universe.missing_bucket
            return PutBucketEncryption(bucket=bucket, document=document, secure=secure)
        document = write_configuration([self._rule(world)])
        fields: Fields = {"bucket": bucket, "document": document}
        if choose.chance(4):
            faults.wrong_content_md5(choose, self.universe, fields)
        return PutBucketEncryption(secure=secure, **fields)

    def _rule(self, world: World) -> RuleText:
        choose, has = self.choose, self.universe.has
        ways = [("AES256", 8)]
        if has(Capability.SSE_KMS):
            ways += [("aws:kms", 18)]
        if has(Capability.DSSE_KMS):
            ways += [("aws:kms:dsse", 7)]
        algorithm = choose.weighted(ways)
        blocked = None
        if has(Capability.BLOCKED_TYPES) and choose.chance(35):
            blocked = choose.pick((("SSE-C",), ("SSE-C",), ("NONE",)))
            if choose.chance(15):
                return RuleText(blocked=blocked, has_default=False)
        key = None
        if algorithm != SseAlgorithm.AES256 and not choose.chance(28):
            key = choose.pick(self.key_texts(world))
            if choose.chance(10):
                key = choose.pick(("aws/s3", UNKNOWN_KEY_ID, self.universe.foreign_arn))
        flag = None
        if algorithm != SseAlgorithm.AWS_KMS_DSSE and choose.chance(60):
            flag = choose.pick(("true", "true", "false"))
        return RuleText(
            sse_algorithm=algorithm, kms_key_id=key, bucket_key_enabled=flag, blocked=blocked
        )

    def _bad_document(self, world: World) -> bytes:
        rule = self._rule(world)
        key = self.universe.kms_keys[0].key_id if self.universe.kms_keys else UNKNOWN_KEY_ID
        return self.choose.pick(
            (
                b"",
                b"<ServerSideEncryptionConfiguration><Rule>",
                write_configuration([]),
                write_configuration([rule, RuleText(sse_algorithm="AES256")]),
                write_configuration([rule._replace(sse_algorithm="SSE-KMS", has_default=True)]),
                write_configuration([RuleText(sse_algorithm="aes256")]),
                write_configuration([RuleText(sse_algorithm="SSE-C")]),
                write_configuration([RuleText(sse_algorithm="AES256", kms_key_id=key)]),
                write_configuration([RuleText(sse_algorithm="aws:fsx")]),
            )
        )

    def get_bucket_encryption(self, world: World) -> Operation:
        """Return a GetBucketEncryption."""
        return GetBucketEncryption(bucket=self.bucket(world), secure=self.universe.secure)

    def delete_bucket_encryption(self, world: World) -> Operation:
        """Return a DeleteBucketEncryption."""
        return DeleteBucketEncryption(bucket=self.bucket(world), secure=self.universe.secure)


def _algorithm_on_read(choose: Chooser, universe: Universe, fields: Fields) -> None:
    del universe
    fields["sse"] = choose.pick(("AES256", "aws:kms"))


def _key_id_on_read(choose: Chooser, universe: Universe, fields: Fields) -> None:
    del choose
    fields["kms_key_id"] = universe.kms_keys[0].key_id if universe.kms_keys else UNKNOWN_KEY_ID


def _some_customer_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    del universe
    faults.put_customer_key(fields, choose.pick(CUSTOMER_KEYS))
