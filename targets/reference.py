"""The model itself as an S3 + KMS endpoint: it answers as the clauses say.

With clauses left out it is a target that has never heard of them: where only such a clause decides
what happens, it does something else. That is how the suite shows that it would notice.
"""

from __future__ import annotations

import json
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from model import wire, xml_text
from model.answer import Answer
from model.bucket_kind import BucketKind
from model.clause import (
    Facet,
    Keep,
    Law,
    MayRefuse,
    Order,
    Refusal,
    Refuse,
    Require,
    Ruling,
    Stage,
    Store,
    Succeed,
)
from model.directory_bucket import default_encryption, lacks_session
from model.kms import managed_key
from model.messages import HttpRequest, HttpResponse
from model.operation import UNKNOWN_KEY, existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.kms import CreateKey, DescribeKey, KmsOperation, named_key
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.predict import (
    Fired,
    collect,
    standing_refusals,
    stored_encryptions,
)
from model.request import BucketConfiguration, ObjectWrite
from model.s3_errors import ANY_CODE, INVALID_REQUEST, S3Error
from model.sse import DsseKms, NotEncrypted, SseAlgorithm, SseKms, SseS3
from model.world import Bucket, Context, KmsKey, ObjectVersion, World
from targets.target import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from model.matchers import Value
    from model.operation import Operation
    from model.sse import ObjectEncryption
    from targets.target import Connection

ACCOUNT = "000000000000"
FSX_ACCESS_POINT = "s3sse-reference-ext-s3alias"
"""The reference's own access point for FSx: such cannot be made through S3."""
NOT_FOUND = 404
_NAMESPACE = uuid.UUID("6f1d0a52-6d0b-4f0f-9a52-3c1f7f9c53a1")
_REFUSAL = Refusal()
_CODES = {400: "InvalidArgument", 403: "AccessDenied", 501: "NotImplemented"}
"""What the reference says where any code of a status will do."""


@dataclass(slots=True)
class Reference:
    """One S3 + KMS endpoint in memory; ``without`` holds the ids of clauses that are left out.

    ``handle`` answers one request after another; it is not for several threads at once.
    """

    context: Context
    without: frozenset[str] = frozenset()
    fsx_access_point: str = FSX_ACCESS_POINT
    world: World = field(default_factory=World)
    _answers: int = 0
    _keys: int = 0

    def __post_init__(self) -> None:
        files = Bucket(region=self.context.region or "", kind=BucketKind.FSX_ACCESS_POINT)
        world = World(context=self.context, account=ACCOUNT)
        self.world = world.with_bucket(self.fsx_access_point, files)

    def handle(self, http: HttpRequest, secure: bool) -> HttpResponse:
        """Return the answer to one request."""
        self._answers += 1
        request = wire.parse(http, secure=secure)
        if isinstance(request, wire.Unmodelled):
            return self._beside_the_model(http)
        answer = self.answer(request)
        return wire.write_answer(request, answer, self.world)

    def answer(self, request: Operation) -> Answer:
        """Return the answer to a typed request, and change the world as it says."""
        fired = collect(self.world, request, Stage.REQUEST)
        kept = [f for f in fired if f.clause.id not in self.without]
        left_out = [f for f in fired if f.clause.id in self.without]
        refusals = standing_refusals(kept)
        orders = [f for f in left_out if isinstance(f.ruling, Order)]
        if orders:
            first = standing_refusals([*kept, *orders])
            refusals = [f for f in refusals if f not in first] or refusals
        if refusals:
            return self._refuse(request, fired, _first_error(refusals))
        if any(isinstance(f.ruling, Succeed) for f in left_out):
            return self._refuse(request, fired, INVALID_REQUEST)
        cautious = [f.ruling for f in kept if isinstance(f.ruling, MayRefuse)]
        if cautious and (_leaves_no_default(request) or self._loses_data(request)):
            # What AWS says nothing of would leave the reference without an answer later.
            return self._refuse(request, fired, cautious[0].errors[0])
        if isinstance(request, KmsOperation) and not self._knows(request):
            return self._refuse(request, fired, S3Error("NotFoundException", 400))
        return self._succeed(request, kept, left_out)

    def _loses_data(self, request: Operation) -> bool:
        """Tell whether the model could not say what data an object has after a success."""
        appends = isinstance(request, PutObject) and request.write_offset is not None
        return appends and request.is_unknown(self.world)

    def _knows(self, request: KmsOperation) -> bool:
        return isinstance(request, CreateKey) or named_key(self.world, request.key_id) is not None

    def _refuse(self, request: Operation, fired: list[Fired], error: S3Error) -> Answer:
        about = collect(self.world, request, Stage.REFUSAL, _REFUSAL)
        fields = self._fields(about)
        for one in about:
            if isinstance(one.ruling, Keep) and one.clause.id in self.without:
                self._break(one.ruling.law, request, fired)
        return Answer(
            status=error.status,
            succeeded=False,
            error_code=_CODES[error.status] if error.code == ANY_CODE else error.code,
            error_message="The request does not fit what the service allows.",
            fields=fields,
        )

    def _succeed(self, request: Operation, kept: list[Fired], left_out: list[Fired]) -> Answer:
        before = self.world
        encryption: ObjectEncryption | None = None
        if request.decides_encryption:
            encryption, keys = self._encryption(request, kept, left_out)
            for key in keys:
                if key.key_id not in before.keys:
                    before = before.with_key(key)
        effect = request.effects(before, encryption)[0]
        after = effect.world
        about = [*kept, *left_out]
        if effect.version is not None:
            about += collect(after, request, Stage.VERSION, effect.version)
        fields = self._fields(about)
        if isinstance(request, KmsOperation):
            fields |= self._kms_fields(request, after)
        answer = Answer(
            status=request.status(effect.version), succeeded=True, error_code=None, fields=fields
        )
        self.world = request.learn(after, answer)
        for one in left_out:
            if isinstance(one.ruling, Keep):
                self._break(one.ruling.law, request, kept)
        return answer

    def _fields(self, fired: Iterable[Fired]) -> dict[str, Value]:
        """Return the fields that the rulings ask for; what only left-out clauses ask, unlike it."""
        seed = f"answer {self._answers}"
        fields: dict[str, Value] = {}
        asked: set[str] = set()
        wrong: dict[str, Value] = {}
        for clause, ruling in fired:
            if not isinstance(ruling, Require):
                continue
            if clause.id in self.without:
                wrong[ruling.field] = ruling.matcher.contrary(seed)
            else:
                asked.add(ruling.field)
                fields.setdefault(ruling.field, ruling.matcher.answer(seed))
        return fields | {name: value for name, value in wrong.items() if name not in asked}

    def _encryption(
        self, request: Operation, kept: list[Fired], left_out: list[Fired]
    ) -> tuple[ObjectEncryption | None, tuple[KmsKey, ...]]:
        stored = [f for f in kept if isinstance(f.ruling, Store)]
        decided = {f.ruling.facet for f in stored if isinstance(f.ruling, Store)}
        stored += [
            Fired(one.clause, _unlike(self.world, one.ruling))
            for one in left_out
            if isinstance(one.ruling, Store) and one.ruling.facet not in decided
        ]
        if lacks_session(self.world, request):
            # The clauses say nothing of it; clients expect the bucket's default all the same.
            bucket = existing_bucket(self.world, getattr(request, "bucket", ""))
            return (NotEncrypted() if bucket is None else default_encryption(bucket)), ()
        for encryption, keys in stored_encryptions(request, stored, known=True):
            if isinstance(encryption, SseKms | DsseKms) and encryption.kms_key_id == UNKNOWN_KEY:
                key = managed_key(self.world)
                return replace(encryption, kms_key_id=key.key_id), (key,)
            return encryption, keys
        return NotEncrypted(), ()

    def _break(self, law: Law, request: Operation, fired: list[Fired]) -> None:
        """Do what the law's clause forbids."""
        if law is Law.DESTINATION_OF_REFUSED_WRITE and isinstance(request, ObjectWrite):
            effect = request.effects(self.world, SseS3())[0]
            version = effect.version
            if version is not None and version.body is None:
                version = replace(version, body=b"")
            if version is not None:
                version = replace(version, etag=f"{self._answers:032x}")
                self.world = self.world.with_object(request.bucket, request.object_key, version)
        elif law is Law.OBJECTS_ON_NEW_DEFAULT and isinstance(request, BucketConfiguration):
            bucket = existing_bucket(self.world, request.bucket)
            if bucket is not None and bucket.rule is not None:
                kms = bucket.rule.sse_algorithm is not SseAlgorithm.AES256
                encryption = SseKms(managed_key(self.world).key_id) if kms else SseS3()
                objects = {
                    name: replace(v, encryption=encryption) if isinstance(v, ObjectVersion) else v
                    for name, v in bucket.objects.items()
                }
                self.world = self.world.with_bucket(
                    request.bucket, replace(bucket, objects=objects)
                )
        elif law is Law.SOURCE_OF_COPY and isinstance(request, CopyObject) and request.source:
            source = self.world.version(*request.source)
            copied = self.world.object(request.bucket, request.object_key)
            if isinstance(source, ObjectVersion) and isinstance(copied, ObjectVersion):
                body = (source.body or b"") + b"."
                changed = replace(source, encryption=copied.encryption, body=body)
                self.world = self.world.with_object(*request.source[:2], changed)
        del fired

    def _kms_fields(self, request: KmsOperation, world: World) -> dict[str, Value]:
        region = self.context.region or "us-east-1"
        if isinstance(request, CreateKey):
            self._keys += 1
            key_id = str(uuid.uuid5(_NAMESPACE, str(self._keys)))
            arn = f"arn:aws:kms:{region}:{ACCOUNT}:key/{key_id}"
            return {"KeyId": key_id, "Arn": arn, "KeyState": "Enabled"}
        key = named_key(world, request.key_id)
        if key is None:
            return {}
        shown: dict[str, Value] = {"KeyId": key.key_id, "Arn": key.arn}
        if isinstance(request, DescribeKey):
            shown["KeyState"] = key.state.value
        return shown

    def _beside_the_model(self, http: HttpRequest) -> HttpResponse:
        """Answer what cleaning up needs: listings. Everything else is not implemented."""
        if http.service == "kms":
            return self._other_kms_call(http)
        query = {name for name, _ in http.query}
        at_root = http.path in {"", "/"}
        if http.method == "GET" and not http.bucket:
            return _listing("ListAllMyBucketsResult", "Buckets", "Bucket", "Name", self._names())
        if http.method == "HEAD" and http.bucket and at_root:
            found = existing_bucket(self.world, http.bucket)
            return HttpResponse(NOT_FOUND if found is None else 200)
        if http.method == "GET" and http.bucket and at_root and query <= _LISTING:
            bucket = existing_bucket(self.world, http.bucket)
            if bucket is None:
                return _error(S3Error("NoSuchBucket", NOT_FOUND))
            names = [k for k, v in bucket.objects.items() if isinstance(v, ObjectVersion)]
            return _listing("ListBucketResult", "", "Contents", "Key", sorted(names))
        return _error(S3Error("NotImplemented", 501))

    def _other_kms_call(self, http: HttpRequest) -> HttpResponse:
        """Answer ListKeys, by which clients find out that this is KMS; and nothing else."""
        if dict(http.headers).get("x-amz-target", "").endswith(".ListKeys"):
            keys = [{"KeyId": k.key_id, "KeyArn": k.arn} for k in self.world.keys.values()]
            return _json(200, {"Keys": keys, "Truncated": False})
        return _json(400, {"__type": "UnknownOperationException"})

    def _names(self) -> list[str]:
        known = self.world.buckets.items()
        kinds = {BucketKind.GENERAL_PURPOSE, BucketKind.DIRECTORY}
        return sorted(n for n, b in known if isinstance(b, Bucket) and b.kind in kinds)


_LISTING = frozenset(
    {"list-type", "prefix", "max-keys", "encoding-type", "delimiter", "marker", "start-after"}
)


def _leaves_no_default(request: Operation) -> bool:
    """Tell whether the model could not say what the bucket's default is after a success."""
    if isinstance(request, BucketConfiguration) and (
        request.bucket_kind is BucketKind.FSX_ACCESS_POINT
    ):
        return True
    if not isinstance(request, PutBucketEncryption):
        return False
    if request.bucket_kind is BucketKind.GENERAL_PURPOSE:
        return True
    rule = request.rule
    return rule is None or not rule.has_default or rule.sse_algorithm is None


def _first_error(refusals: list[Fired]) -> S3Error:
    ruling = refusals[0].ruling
    if not isinstance(ruling, Refuse):
        raise TypeError(f"{refusals[0].clause.id} refuses nothing")
    return ruling.errors[0]


def _unlike(world: World, ruling: Store) -> Ruling:
    """Return the ruling of a target that does not know the clause."""
    if ruling.facet is Facet.ALGORITHM:
        base = SseAlgorithm.AES256.value
        return Store(ruling.facet, ("none",) if base in ruling.options else (base,))
    if ruling.facet is Facet.BUCKET_KEY:
        return Store(ruling.facet, (not ruling.options[0],))
    managed = managed_key(world)
    others = tuple(k for k in (managed, *world.keys.values()) if k not in ruling.options)
    return Store(ruling.facet, others[:1] or (KmsKey(key_id=str(uuid.uuid5(_NAMESPACE, "other"))),))


def _error(error: S3Error) -> HttpResponse:
    elements = {"Code": error.code, "Message": "The reference does not serve this request."}
    return HttpResponse(
        error.status, (("content-type", "application/xml"),), xml_text.document("Error", elements)
    )


def _json(status: int, value: dict[str, object]) -> HttpResponse:
    content = (("content-type", "application/x-amz-json-1.1"),)
    return HttpResponse(status, content, json.dumps(value).encode())


def _listing(root: str, within: str, item: str, name: str, values: list[str]) -> HttpResponse:
    element = ET.Element(root, {"xmlns": xml_text.NAMESPACE})
    parent = ET.SubElement(element, within) if within else element
    if not within:
        ET.SubElement(element, "IsTruncated").text = "false"
    for value in values:
        ET.SubElement(ET.SubElement(parent, item), name).text = value
    return HttpResponse(200, (("content-type", "application/xml"),), xml_text.to_bytes(element))


@dataclass(slots=True)
class ReferenceConnection:
    """A connection that calls the reference, without a socket."""

    reference: Reference
    endpoint: Endpoint

    def send(self, request: HttpRequest) -> HttpResponse:
        """Return the reference's answer."""
        return self.reference.handle(request, self.endpoint.url.startswith("https"))


def make_reference(
    *,
    without: frozenset[str] = frozenset(),
    blocks_sse_c: bool = False,
    sse_c_over_http: bool = True,
    context: Context | None = None,
    fsx_access_point: str = FSX_ACCESS_POINT,
) -> Reference:
    """Return a fresh reference: every bucket and key that exists was made through it."""
    made = context or Context(
        region="us-east-1",
        new_buckets_block_sse_c=blocks_sse_c,
        sse_c_over_http=sse_c_over_http,
        bucket_prefix="",
        keys_complete=True,
    )
    return Reference(context=made, without=without, fsx_access_point=fsx_access_point)


class ReferenceTarget:
    """The model answering in this process."""

    name = "reference"
    summary = "the model itself, answering in this process"
    needs = "nothing"

    def __init__(self, options: object = None, *, without: frozenset[str] = frozenset()) -> None:
        del options
        self.without = without

    def available(self) -> str | None:
        """It can always run."""
        return None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Give a connection to a fresh reference."""
        reference = make_reference(without=self.without)
        url = "https://reference.invalid"
        endpoint = Endpoint(
            url=url,
            kms_url=url,
            server="s3sse reference",
            sse_c_over_http=True,
            fsx_access_point=FSX_ACCESS_POINT,
        )
        yield ReferenceConnection(reference, endpoint)
