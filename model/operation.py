"""What every operation gives beside its fields: its place in HTTP and what it does to the world."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from model.answer import BODY, ETAG, UNSTATED, VERSION_ID
from model.replacing import replace
from model.request import (
    BUCKET_KEY,
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_MD5,
    ENCRYPTION_HEADERS,
    KMS_KEY_ID,
    SSE,
    BucketRequest,
    ObjectRead,
    ObjectRequest,
    PartOfUpload,
    Request,
)
from model.sse import SHOWN_FOR_FSX, DsseKms, SseAlgorithm, SseC, SseFsx, SseKms, SseS3
from model.stored import ObjectVersion, Presence
from model.world import KEY_ARN, MANAGED_KEY, Bucket, KmsKey, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.clause import Law
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse, Pairs
    from model.parameter_values import Json
    from model.sse import ObjectEncryption

UNKNOWN_KEY = "?"
"""The handle of a KMS key that an object is encrypted under while nobody knows which it is."""


class OutsideModelError(Exception):
    """A request says something that the model does not speak of."""


class Effect(NamedTuple):
    """What a success does: the world after it, and the object version that its answer shows."""

    world: World
    version: ObjectVersion | None = None


class Level(StrEnum):
    """What a request's path names."""

    SERVICE = "service"
    BUCKET = "bucket"
    OBJECT = "object"


@dataclass(frozen=True, kw_only=True)
class Operation(Request):
    """A request that the model can predict.

    It is told by its HTTP form: the method, whether the path names a bucket or an object, the
    sub-resource in the query, and the names in ``needs`` (of headers or of the query), all of
    which must be there. ``ignored_query`` are names that change nothing of what the model says.
    """

    method: ClassVar[str] = "GET"
    sub_resource: ClassVar[str] = ""
    sub_resource_value: ClassVar[str] = ""
    needs: ClassVar[frozenset[str]] = frozenset()
    ignored_query: ClassVar[frozenset[str]] = frozenset()
    success_status: ClassVar[int] = 200
    leaves_object: ClassVar[bool] = False
    """Whether it writes or changes the object that it names, so that a look at that tells."""

    @classmethod
    def level(cls) -> Level:
        """Return what the path of such a request names."""
        if issubclass(cls, ObjectRequest):
            return Level.OBJECT
        return Level.BUCKET if issubclass(cls, BucketRequest) else Level.SERVICE

    def extra_headers(self) -> Pairs:
        """Return the headers of no fixed name, behind those that are declared."""
        return ()

    def content(self) -> bytes:
        """Return the body of the request."""
        return b""

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:  # noqa: ARG003
        """Return the fields that stand in the body, or in headers of no fixed name.

        Raises OutsideModelError where the body says what the model does not speak of.
        """
        return {}

    def own_parameters(self) -> dict[str, Json]:
        """Return the boto3 parameters of the fields that are neither header nor query."""
        return {}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:  # noqa: ARG003
        """Take those parameters, and return the fields that they give.

        Raises TypeError, ValueError or KeyError for a value that is none.
        """
        return {}

    def is_unknown(self, world: World) -> bool:
        """Tell whether the world lacks the facts that decide whether the request succeeds."""
        raise NotImplementedError

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        """Return what a success does; ``encryption`` is that of a stored object, None unknown."""
        raise NotImplementedError

    def effects(self, world: World, encryption: ObjectEncryption | None) -> tuple[Effect, ...]:
        """Return what a success may do: more than one where AWS does not say which."""
        return (self.effect(world, encryption),)

    def readings(self) -> tuple[Operation, ...]:
        """Return the request as it may be understood: more than once where AWS does not say how.

        The first is the request as it stands.
        """
        return (self,)

    def status(self, version: ObjectVersion | None) -> int | None:  # noqa: ARG002
        """Return the status of a success that shows this version, None where it may be another."""
        return self.success_status

    def subject(self, world: World) -> ObjectVersion | Presence:  # noqa: ARG002
        """Return the version that a success of this request shows in this world."""
        return Presence.UNKNOWN

    def with_subject(self, world: World, version: ObjectVersion) -> World:  # noqa: ARG002
        """Return the world with other facts about the version that a success shows."""
        return world

    def obscured(self, world: World) -> World:
        """Return the world when it is not known whether the request had its effect."""
        return world

    def suspect(self, world: World, law: Law, clause_id: str) -> World:  # noqa: ARG002
        """Return the world with a note that the law's clause speaks of what the request left."""
        return world

    def learn(self, world: World, answer: Answer) -> World:  # noqa: ARG002
        """Return the world after ``effect``, with what a successful answer told beside it."""
        return world

    def learn_refusal(self, world: World, answer: Answer) -> World:  # noqa: ARG002
        """Return the world with what a refusal told of it."""
        return world

    def chosen(self, answer: Answer) -> tuple[str, ...]:  # noqa: ARG002
        """Return the texts of a success that the target chose and that later requests repeat.

        Always as many, in the same order, so that they can be told apart when it is sent again.
        """
        return ()

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:  # noqa: ARG002
        """Return the requests that remove what this one made, or may have made.

        ``answer`` is None where none came.
        """
        return ()

    def tells_all(self, response: HttpResponse) -> bool:  # noqa: ARG002
        """Tell whether what a successful answer leaves out is not there."""
        return True

    def has_succeeded(self, response: HttpResponse) -> bool:  # noqa: ARG002
        """Tell whether an answer with the status of a success is one."""
        return True

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:  # noqa: ARG002
        """Return the fields of a successful answer that are not headers."""
        return {}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """Return the body of a successful answer that shows these fields (for the reference)."""
        return b""


def etag_shown(response: HttpResponse) -> dict[str, Value]:
    """Return the ETag of an answer's header, without its quotation marks, as a field of it."""
    etag = response.header("etag")
    return {ETAG: etag.strip('"')} if etag else {}


def encryption_shown(answer: Answer, world: World) -> tuple[ObjectEncryption | None, KmsKey | None]:
    """Return the encryption that an answer's headers show, and the KMS key that they name.

    The encryption is None when the answer shows none: it may have left out what is there.
    """
    algorithm = answer.text(SSE)
    md5 = answer.text(CUSTOMER_KEY_MD5)
    if answer.text(CUSTOMER_ALGORITHM) is not None and algorithm is None:
        return (SseC(md5) if md5 is not None else None), None
    if algorithm == SseAlgorithm.AES256:
        return SseS3(), None
    if algorithm in SHOWN_FOR_FSX:
        return SseFsx(), None
    if algorithm in {SseAlgorithm.AWS_KMS, SseAlgorithm.AWS_KMS_DSSE}:
        named = answer.text(KMS_KEY_ID)
        key = key_of_arn(world, named)
        handle = UNKNOWN_KEY if key is None else key.key_id
        if algorithm == SseAlgorithm.AWS_KMS_DSSE:
            return DsseKms(handle), key
        return SseKms(handle, answer.text(BUCKET_KEY) == "true"), key
    return None, None


def key_of_arn(world: World, named: str | None) -> KmsKey | None:
    """Return the world's key of that ARN (or id), or a new one, or None when nothing is named."""
    if not named:
        return None
    for key in world.keys.values():
        if named in {key.arn, key.key_id} and key.key_id != MANAGED_KEY:
            return key
        if named == key.arn:
            return key
    key_id = named.rpartition("/")[2]
    # The same id under another ARN is another key: it goes by its ARN.
    handle = named if key_id in world.keys else key_id
    # A server that shows a bare id has not shown the ARN: a later answer may tell it.
    arn = named if KEY_ARN.fullmatch(named) else None
    return KmsKey(key_id=handle, arn=arn, only_seen=True)


def learn_version(world: World, request: Operation, answer: Answer) -> World:
    """Adopt what a success shows of a version: id, ETag, body, encryption if unknown, key ARN."""
    version = request.subject(world)
    if isinstance(version, Presence):
        version = ObjectVersion(encryption=None, body=None)
    changed = version
    shown, key = encryption_shown(answer, world)
    encryption = version.encryption
    if encryption is None and shown is not None:
        # What was adopted from an answer is not held against another that repeats it.
        repeated = {
            n: answer.text(n) for n in ENCRYPTION_HEADERS if answer.value(n) is not UNSTATED
        }
        changed = replace(changed, encryption=shown, shown={**changed.shown, **repeated})
    elif isinstance(encryption, SseKms | DsseKms):
        if encryption.kms_key_id == UNKNOWN_KEY and key is not None:
            changed = replace(changed, encryption=replace(encryption, kms_key_id=key.key_id))
        else:
            key = _bound(world, encryption.kms_key_id, answer)
    etag, version_id = answer.text(ETAG), answer.text(VERSION_ID)
    if etag is not None and changed.etag is None:
        changed = replace(changed, etag=etag)
    if version_id is not None and changed.version_id is None:
        changed = replace(changed, version_id=version_id)
    body = answer.fields.get(BODY)
    unknown = changed.body is None and BODY not in changed.shown
    if isinstance(body, bytes) and unknown and answer.status == 200:  # noqa: PLR2004
        changed = replace(changed, body=body)
    if key is not None and world.keys.get(key.key_id) != key:
        world = world.with_key(key)
    return world if changed is version else request.with_subject(world, changed)


def _bound(world: World, key_id: str, answer: Answer) -> KmsKey | None:
    """Return the key with the ARN that the answer shows for it, when that was not known."""
    key = world.keys.get(key_id) or KmsKey(key_id=key_id)
    named = answer.text(KMS_KEY_ID)
    if key.arn is not None or named is None:
        return None
    return replace(key, arn=named)


def with_shown(version: ObjectVersion, wrong: Mapping[str, str | None]) -> ObjectVersion:
    """Return the version with fields noted that an answer showed wrongly of it."""
    return replace(version, shown={**version.shown, **wrong})


def existing_bucket(world: World, name: str) -> Bucket | None:
    """Return the bucket if it is known to exist."""
    bucket = world.buckets.get(name)
    return bucket if isinstance(bucket, Bucket) else None


def suspect_version(
    world: World, bucket: str, object_key: str, version_id: str | None, clause_id: str
) -> World:
    """Return the world with the clause noted as one that keeps the version as it is."""
    found = existing_bucket(world, bucket)
    if found is None:
        return world
    name = (object_key, version_id)
    noted = (clause_id, *found.suspects.get(name, ()))
    suspects = {**found.suspects, name: tuple(dict.fromkeys(noted))}
    return world.with_bucket(bucket, replace(found, suspects=suspects))


def suspect_other_versions(
    world: World, bucket: str, object_key: str, clause_id: str, *, but_newest: bool = True
) -> World:
    """Return the world with the clause noted as one that keeps an object's versions.

    ``but_newest``: all but the newest, which was just made.
    """
    found = existing_bucket(world, bucket)
    row = () if found is None else found.row(object_key)
    for version in row[1:] if but_newest else row:
        if not isinstance(version, Presence) and version.version_id is not None:
            world = suspect_version(world, bucket, object_key, version.version_id, clause_id)
    return world


def suspects_of(bucket: Bucket, request: ObjectRead | PartOfUpload) -> tuple[str, ...]:
    """Return the clauses noted as those that keep what the answer to the request shows."""
    if isinstance(request, ObjectRead):
        return bucket.suspected(request.object_key, request.version_id)
    return bucket.suspects.get((request.object_key, request.upload_id), ())


def stored(world: World, bucket: str, object_key: str, version: ObjectVersion) -> Effect:
    """Return what a write of that version does."""
    after = world.existing(bucket).store(object_key, version)
    shown = after.object(object_key)
    return Effect(world.with_bucket(bucket, after), None if isinstance(shown, Presence) else shown)


def with_spaces(source: str | None) -> str | None:
    """Return the name of a source with its bare plus signs read as spaces, None where it has none.

    A source is to be URL-encoded. Whether a plus that is not stands for itself or for a space AWS
    does not say; people saw a space (aws/aws-cli#614, awslabs/aws-sdk-rust#1357).
    """
    return source.replace("+", "%20") if source is not None and "+" in source else None
