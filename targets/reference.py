"""The model itself as an S3 + KMS endpoint: it answers as the clauses say.

With clauses left out it is a target that has never heard of them: where only such a clause decides
what happens, it does something else. That is how the suite shows that it would notice.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from model import wire
from model.answer import LAST_MODIFIED, Answer
from model.bucket_kind import BucketKind
from model.clause import (
    Facet,
    Keep,
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
from model.operation import UNKNOWN_KEY, existing_bucket
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.kms import CreateKey, DescribeKey, KmsOperation, named_key
from model.operations.kms_aliases import DeleteAlias
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.predict import (
    Fired,
    collect,
    standing_refusals,
    stored_encryptions,
)
from model.replacing import replace
from model.request import (
    BucketConfiguration,
    BucketRequest,
    ObjectRead,
)
from model.s3_errors import (
    ANY_4XX,
    ANY_CODE,
    INVALID_ARGUMENT,
    INVALID_REQUEST,
    NO_SUCH_BUCKET,
    NOT_MODIFIED,
    S3Error,
)
from model.sse import DsseKms, NotEncrypted, SseAlgorithm, SseKms
from model.stored import ObjectVersion
from model.world import Bucket, Context, KmsKey, World
from targets.options import TargetOptions
from targets.reference_breaches import breach
from targets.reference_conditions import refused_by_condition, with_digest, without_extras
from targets.reference_dressing import dress, http_date, with_ids
from targets.reference_kms import answer_beside_the_model as kms_beside
from targets.reference_kms import find_key
from targets.reference_listing import answer_beside_the_model as s3_beside
from targets.reference_listing import complete
from targets.reference_shelf import Shelf
from targets.reference_versions import with_every_id
from targets.target import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from model.clause import Clause
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse
    from model.operation import Operation
    from model.sse import ObjectEncryption
    from targets.reference_shelf import Clock
    from targets.target import Connection

T = TypeVar("T")

ACCOUNT = "000000000000"
FIRST_REGION = "us-east-1"
FSX_ACCESS_POINT = "s3sse-reference-ext-s3alias"
"""The reference's own access point for FSx: such cannot be made through S3."""
REFUSED = "The request does not fit what the service allows."
_NAMESPACE = uuid.UUID("6f1d0a52-6d0b-4f0f-9a52-3c1f7f9c53a1")
_REFUSAL = Refusal()
_CODES = {400: "InvalidArgument", 403: "AccessDenied", 501: "NotImplemented"}
"""What the reference says where any code of a status will do."""


@dataclass(slots=True)
class Reference:
    """One S3 + KMS endpoint in memory; ``without`` holds the ids of clauses that are left out.

    ``handle`` answers one request after another; it is not for several threads at once. ``shelf``
    holds what clients expect back and the model does not speak of.
    """

    context: Context
    without: frozenset[str] = frozenset()
    shelf: Shelf = field(default_factory=Shelf)
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
        answer = with_ids(self._handle(http, secure), http, self._answers)
        return replace(answer, body=b"") if http.method == "HEAD" else answer

    def _handle(self, http: HttpRequest, secure: bool) -> HttpResponse:
        http = with_digest(http)
        request = wire.parse(http, secure=secure)
        if isinstance(request, wire.Unmodelled):
            request = wire.parse(without_extras(http), secure=secure)
            if isinstance(request, wire.Unmodelled):
                beside = kms_beside if http.service == "kms" else s3_beside
                return beside(http, self.world, self.shelf)
            refused = refused_by_condition(http, request, self.world, self.shelf, ACCOUNT)
            if refused is not None:
                return refused
        before = self.world
        answer = self.answer(request)
        if answer.succeeded:
            self.shelf.note(before, self.world, request, http)
        written = wire.write_answer(request, answer, self.world)
        if answer.succeeded and written.body:
            body = complete(
                written.body, http, self.world, self.shelf, as_it_is=self.is_all_the_model
            )
            written = replace(written, body=body)
        return dress(written, request, http, self.world, self.shelf)

    @property
    def is_all_the_model(self) -> bool:
        """Whether it does all that the model says, and nothing else."""
        return not self.without

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
            told = self.choose("refusal", refusals)
            return self._refuse(request, self.choose("error", _errors_of(told)), told.clause)
        if any(isinstance(f.ruling, Succeed) for f in left_out):
            return self._refuse(request, INVALID_REQUEST)
        for one in kept:
            if isinstance(one.ruling, MayRefuse) and self.is_cautious(request, one.clause):
                return self._refuse(request, self.choose("error", _errors_of(one)))
        obstacle = self._obstacle(request)
        if obstacle == NO_SUCH_BUCKET and any(isinstance(f.ruling, Refuse) for f in left_out):
            obstacle = None  # that is what the clause would have said
        if obstacle is not None:
            return self._refuse(request, obstacle)
        return self._succeed(request, kept, left_out)

    def is_cautious(self, request: Operation, clause: Clause) -> bool:  # noqa: ARG002
        """Tell whether it refuses what it may refuse: what would leave it without an answer."""
        return self._leads_nowhere(request) or self._loses_data(request)

    def choose(self, what: str, options: Sequence[T]) -> T:  # noqa: ARG002
        """Return what it does where the model leaves it a choice; the likeliest comes first."""
        return options[0]

    def _obstacle(self, request: Operation) -> S3Error | None:
        """Return why it cannot be done, where the model leaves that open."""
        if isinstance(request, KmsOperation) and not isinstance(request, CreateKey):
            known = find_key(self.world, request.key_id) is not None
            if isinstance(request, DeleteAlias):
                known = request.alias in self.world.aliases
            return None if known else S3Error("NotFoundException", 400)
        bucket = existing_bucket(self.world, getattr(request, "bucket", ""))
        if bucket is None:
            named = isinstance(request, BucketRequest) and not isinstance(request, CreateBucket)
            return NO_SUCH_BUCKET if named else None
        if isinstance(request, CreateBucket) and bucket.region != FIRST_REGION:
            return S3Error("BucketAlreadyOwnedByYou", 409)
        held = [v for v in bucket.objects.values() if isinstance(v, ObjectVersion)]
        if isinstance(request, DeleteBucket) and (held or bucket.versions):
            return S3Error("BucketNotEmpty", 409)
        return None

    def _loses_data(self, request: Operation) -> bool:
        """Tell whether the model could not say what data an object has after a success."""
        appends = isinstance(request, PutObject) and request.write_offset is not None
        return appends and request.is_unknown(self.world)

    def _leads_nowhere(self, request: Operation) -> bool:
        """Tell whether a success would leave the reference without an answer later.

        A default of which AWS says nothing does, and so does a key that does not exist.
        """
        if isinstance(request, UpdateObjectEncryption):
            update = request.update
            return update is not None and named_key(self.world, update.kms_key_arn or "") is None
        return _leaves_no_default(request)

    def _refuse(
        self,
        request: Operation,
        error: S3Error,
        because: Clause | None = None,
    ) -> Answer:
        about = collect(self.world, request, Stage.REFUSAL, _REFUSAL)
        status = error.status or INVALID_ARGUMENT.status
        fields = self._fields(about, status)
        for one in about:
            if isinstance(one.ruling, Keep) and one.clause.id in self.without:
                self.world = breach(one.ruling.law, self.world, request, self._answers)
        return Answer(
            status=status,
            succeeded=False,
            error_code=_code(error),
            error_message=REFUSED if because is None else f"{because.title} ({because.id})",
            fields=fields,
        )

    def _succeed(self, request: Operation, kept: list[Fired], left_out: list[Fired]) -> Answer:
        before = self.world
        encryption: ObjectEncryption | None = None
        stores = any(isinstance(f.ruling, Store) for f in (*kept, *left_out))
        if stores or request.decides_encryption:
            encryption, keys = self._encryption(request, kept, left_out)
            for key in keys:
                if key.key_id not in before.keys:
                    before = before.with_key(key)
        effect = self.choose("effect", request.effects(before, encryption))
        after = effect.world
        about = [*kept, *left_out]
        if effect.version is not None:
            about += collect(after, request, Stage.VERSION, effect.version)
        fields = self._fields(about)
        if isinstance(request, KmsOperation):
            fields |= self._kms_fields(request, after)
        if isinstance(effect.version, ObjectVersion) and isinstance(request, ObjectRead):
            noted = self.shelf.of(request.bucket, request.object_key, effect.version)
            fields.setdefault(LAST_MODIFIED, http_date(noted.modified))
        answer = Answer(
            status=request.status(effect.version), succeeded=True, error_code=None, fields=fields
        )
        after = request.learn(after, answer)
        if isinstance(request, BucketRequest):
            after = with_every_id(after, request.bucket, f"version {self._answers}")
        self.world = after
        for one in left_out:
            if isinstance(one.ruling, Keep):
                self.world = breach(one.ruling.law, self.world, request, self._answers)
        return answer

    def _fields(self, fired: Iterable[Fired], status: int | None = None) -> dict[str, Value]:
        """Return the fields that the rulings ask for; what only left-out clauses ask, unlike it.

        ``status`` is that of a refusal.
        """
        seed = f"answer {self._answers}"
        fields: dict[str, Value] = {}
        asked: set[str] = set()
        wrong: dict[str, Value] = {}
        for clause, ruling in fired:
            if not isinstance(ruling, Require) or ruling.status not in {None, status}:
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
        possible = list(stored_encryptions(request, stored, known=True))
        encryption, keys = self.choose("encryption", possible or [(NotEncrypted(), ())])
        if isinstance(encryption, SseKms | DsseKms) and encryption.kms_key_id == UNKNOWN_KEY:
            key = managed_key(self.world)
            return replace(encryption, kms_key_id=key.key_id), (key,)
        return encryption, keys

    def _kms_fields(self, request: KmsOperation, world: World) -> dict[str, Value]:
        region = self.context.region or FIRST_REGION
        if isinstance(request, CreateKey):
            self._keys += 1
            made = uuid.uuid5(_NAMESPACE, str(self._keys))
            key_id = f"mrk-{made.hex}" if request.multi_region else str(made)
            arn = f"arn:aws:kms:{region}:{ACCOUNT}:key/{key_id}"
            return {"KeyId": key_id, "Arn": arn, "KeyState": "Enabled"}
        key = find_key(world, request.key_id)
        if key is None:
            return {}
        shown: dict[str, Value] = {"KeyId": key.key_id, "Arn": key.arn}
        if isinstance(request, DescribeKey):
            shown["KeyState"] = key.state.value
        return shown

    def _names(self) -> list[str]:
        known = self.world.buckets.items()
        kinds = {BucketKind.GENERAL_PURPOSE, BucketKind.DIRECTORY}
        return sorted(n for n, b in known if isinstance(b, Bucket) and b.kind in kinds)


def _errors_of(refusal: Fired) -> tuple[S3Error, ...]:
    if not isinstance(refusal.ruling, Refuse | MayRefuse):
        raise TypeError(f"{refusal.clause.id} refuses nothing")
    errors = refusal.ruling.errors
    # "Any error of the client" is no status that an answer could have.
    return tuple(error for error in errors if error != ANY_4XX) or errors


def _code(error: S3Error) -> str | None:
    """Return the error code of an answer; one that is not modified has no body to hold it."""
    if error == NOT_MODIFIED:
        return None
    return _CODES[error.status] if error.code == ANY_CODE else error.code


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
    as_of: date | None = None,
    context: Context | None = None,
    clock: Clock | None = None,
    fsx_access_point: str = FSX_ACCESS_POINT,
) -> Reference:
    """Return a fresh reference: every bucket and key that exists was made through it.

    It answers by the documents of the day ``as_of``, by those of today where none is named. Without
    a clock its time is made up, so that the same requests get the same answers.
    """
    made = context or Context(
        region=FIRST_REGION,
        as_of=as_of or Context().as_of,
        new_buckets_block_sse_c=blocks_sse_c,
        sse_c_over_http=sse_c_over_http,
        bucket_prefix="",
        keys_complete=True,
    )
    return Reference(
        context=made, without=without, shelf=Shelf(clock), fsx_access_point=fsx_access_point
    )


class ReferenceTarget:
    """The model answering in this process."""

    name = "reference"
    summary = "the model itself, answering in this process"
    needs = "nothing"

    def __init__(
        self, options: TargetOptions | None = None, *, without: frozenset[str] = frozenset()
    ) -> None:
        self.options = options or TargetOptions()
        self.without = without

    def available(self) -> str | None:
        """It can always run."""
        return None

    def make(self) -> Reference:
        """Return a fresh reference."""
        return make_reference(
            without=self.without,
            blocks_sse_c=self.options.new_buckets_block_sse_c,
            as_of=self.options.as_of,
        )

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Give a connection to a fresh reference."""
        reference = self.make()
        url = "https://reference.invalid"
        endpoint = Endpoint(
            url=url,
            kms_url=url,
            server="s3sse reference",
            sse_c_over_http=True,
            fsx_access_point=FSX_ACCESS_POINT,
        )
        yield ReferenceConnection(reference, endpoint)
