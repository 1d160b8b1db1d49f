"""Clauses: one documented statement each, what it may rule, and the registry of all of them.

A clause is a function of the facts and a request that returns a ruling, or None where it does not
apply. Its annotations say when it is asked:

* ``(world, request)``: before anything happens;
* ``(world, request, version)``: about a successful answer that speaks of that object version;
* ``(world, request, refusal)``: about a refusal.

An allowance has the same form. It is no statement of AWS's: it names a question on which AWS is
silent, and widens what the model accepts. It is in no catalogue and can be broken by nobody.
"""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Union

from model.bucket_kind import BucketKind
from model.stored import ObjectVersion
from model.world import KmsKey, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from model.matchers import Matcher
    from model.request import Request
    from model.s3_errors import S3Error


class Basis(StrEnum):
    """Why AWS is said to do so."""

    DOCUMENTED = "DOCUMENTED"
    OBSERVED = "OBSERVED"


class Capability(StrEnum):
    """What a target may lack altogether; probed at the start of a run."""

    BUCKET_ENCRYPTION = "bucket-encryption"
    SSE_S3 = "sse-s3"
    SSE_KMS = "sse-kms"
    BUCKET_KEY = "bucket-key"
    DSSE_KMS = "dsse-kms"
    SSE_C = "sse-c"
    BLOCKED_TYPES = "blocked-encryption-types"
    COPY = "copy"
    KMS_API = "kms-api"
    MULTIPART = "multipart"
    VERSIONING = "versioning"
    ATTRIBUTES = "object-attributes"
    LISTS = "lists"
    POST_FORM = "post-form"
    PRESIGNED = "presigned"
    BUCKET_POLICY = "bucket-policy"
    CHECKSUMS = "checksums"
    UPDATE_ENCRYPTION = "update-encryption"
    ARCHIVE = "archive"
    DIRECTORY_BUCKETS = "directory-buckets"
    FSX_ACCESS_POINT = "fsx-access-point"
    MULTI_DELETE = "multi-object-delete"


@dataclass(frozen=True, slots=True)
class Source:
    """Where AWS says it: a page below docs.aws.amazon.com/AmazonS3/latest, or a recording."""

    page: str
    section: str = ""
    read: date = date(2026, 11, 23)

    @property
    def url(self) -> str:
        """The address of the page, or nothing where the source is a recording."""
        if "/" not in self.page or " " in self.page:
            return ""
        return f"https://docs.aws.amazon.com/AmazonS3/latest/{self.page}"


class Refusal:
    """The mark that stands in the signature of a clause about refusals."""


class Law(StrEnum):
    """What must stay as it is when something else happens."""

    DESTINATION_OF_REFUSED_WRITE = "destination of a refused write"
    OBJECTS_ON_NEW_DEFAULT = "objects when the bucket default changes"
    UPLOADS_ON_NEW_DEFAULT = "uploads in progress when the bucket default changes"
    SOURCE_OF_COPY = "source of a copy"
    UPDATED_OBJECT = "all but the encryption of an object whose encryption is updated"
    OBJECTS_ON_NEW_ALIAS = "objects when an alias names another key"
    OTHER_VERSIONS = "other versions of what is written or deleted"
    RENAMED_OBJECT = "an object that gets another name"
    OBJECTS_ON_VERSIONING = "objects when the bucket's versioning changes"


@dataclass(frozen=True, slots=True)
class Refuse:
    """The request must be refused with one of these errors.

    ``step`` names the check in an order of checks that was recorded; an ``Order`` may let an
    earlier check speak alone.
    """

    errors: tuple[S3Error, ...]
    step: str = ""


@dataclass(frozen=True, slots=True)
class MayRefuse:
    """The request may be refused with one of these errors, or succeed."""

    errors: tuple[S3Error, ...]


@dataclass(frozen=True, slots=True)
class Succeed:
    """The request must not be refused."""


@dataclass(frozen=True, slots=True)
class Order:
    """Of two checks that both fail, the first answers: step -> the steps that it comes before."""

    before: Mapping[str, frozenset[str]]


class Facet(StrEnum):
    """What is decided when an object is stored."""

    ALGORITHM = "algorithm"
    KMS_KEY = "KMS key"
    BUCKET_KEY = "bucket key"


@dataclass(frozen=True, slots=True)
class Store:
    """A successful write stores the object so: one of the options, the most likely first."""

    facet: Facet
    options: tuple[str, ...] | tuple[KmsKey, ...] | tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Require:
    """The answer's field must be as the matcher says; ``status``: in answers with that alone."""

    field: str
    matcher: Matcher
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """Something stays as it was."""

    law: Law


SSE_C_ALGORITHM = "SSE-C"
"""The option of ``Facet.ALGORITHM`` for SSE-C, which has no value of its own on the wire."""

GENERAL_PURPOSE = frozenset({BucketKind.GENERAL_PURPOSE})
DIRECTORY = frozenset({BucketKind.DIRECTORY})
FSX = frozenset({BucketKind.FSX_ACCESS_POINT})
EVERY_BUCKET = frozenset(BucketKind)
GENERAL_AND_DIRECTORY = GENERAL_PURPOSE | DIRECTORY

Ruling = Refuse | MayRefuse | Succeed | Order | Store | Require | Keep
Rulings = Ruling | tuple[Ruling, ...] | None


class Stage(StrEnum):
    """When a clause is asked."""

    REQUEST = "request"
    VERSION = "version"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where and when a statement holds: kinds of bucket, and the days on which AWS does so.

    ``without_tls`` says that it is about requests over plain HTTP alone.
    """

    buckets: frozenset[BucketKind] = GENERAL_PURPOSE
    since: date | None = None
    until: date | None = None
    without_tls: bool = False

    def holds(self, kind: BucketKind, day: date) -> bool:
        """Tell whether it holds for a bucket of that kind on that day."""
        return kind in self.buckets and self.holds_on(day)

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on that day."""
        if self.since is not None and day < self.since:
            return False
        return self.until is None or day < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One statement, with its source and the function that applies it."""

    id: str
    title: str
    rules: tuple[str, ...]
    basis: Basis
    source: Source
    profile: str
    needs: Capability | None
    stage: Stage
    kinds: tuple[type[Request], ...]
    rule: Callable[..., Rulings]
    scope: Scope = Scope()
    binding: bool = True

    @property
    def topic(self) -> str:
        """The part of the id before the slash: the clause's file."""
        return self.id.partition("/")[0]


_registry: dict[str, Clause] = {}


def clause(
    clause_id: str,
    *,
    rules: tuple[str, ...],
    source: Source,
    profile: str,
    basis: Basis = Basis.DOCUMENTED,
    needs: Capability | None = None,
    buckets: frozenset[BucketKind] = GENERAL_PURPOSE,
    since: date | None = None,
    until: date | None = None,
    without_tls: bool = False,
) -> Callable[[Callable[..., Rulings]], Callable[..., Rulings]]:
    """Register the decorated function as a clause; its docstring's first line is the sentence.

    ``buckets`` are the kinds of bucket that it is about; it holds from the day ``since`` and ends
    with the day ``until``. ``without_tls``: it is about requests over plain HTTP alone.
    """

    def register(rule: Callable[..., Rulings]) -> Callable[..., Rulings]:
        scope = Scope(buckets=buckets, since=since, until=until, without_tls=without_tls)
        _add(clause_id, rules, source, profile, basis, needs, rule, scope, binding=True)
        return rule

    return register


def allowance(
    *rules: str, buckets: frozenset[BucketKind] = GENERAL_PURPOSE
) -> Callable[[Callable[..., Rulings]], Callable[..., Rulings]]:
    """Register the decorated function as an allowance for rules on which AWS is silent."""

    def register(rule: Callable[..., Rulings]) -> Callable[..., Rulings]:
        name = f"allowance/{rule.__name__.replace('_', '-')}"
        nowhere = Source("not documented")
        scope = Scope(buckets=buckets)
        _add(name, rules, nowhere, "", Basis.OBSERVED, None, rule, scope, binding=False)
        return rule

    return register


def _add(  # noqa: PLR0917
    clause_id: str,
    rules: tuple[str, ...],
    source: Source,
    profile: str,
    basis: Basis,
    needs: Capability | None,
    rule: Callable[..., Rulings],
    scope: Scope,
    *,
    binding: bool,
) -> None:
    if clause_id in _registry:
        raise ValueError(f"two clauses are called {clause_id}")
    hints = typing.get_type_hints(rule)
    hints.pop("return", None)
    kinds = hints["request"]
    stage = Stage.REQUEST
    if "version" in hints:
        stage = Stage.VERSION
    elif "refusal" in hints:
        stage = Stage.REFUSAL
    _registry[clause_id] = Clause(
        id=clause_id,
        title=(rule.__doc__ or "").strip().partition("\n")[0],
        rules=rules,
        basis=basis,
        source=source,
        profile=profile,
        needs=needs,
        stage=stage,
        kinds=typing.get_args(kinds)
        if typing.get_origin(kinds) in {Union, types.UnionType}
        else (kinds,),
        rule=rule,
        scope=scope,
        binding=binding,
    )


def every_clause() -> tuple[Clause, ...]:
    """Return the binding clauses, by id."""
    import model.clauses  # noqa: F401, PLC0415 - importing the package registers its files

    return tuple(sorted((c for c in _registry.values() if c.binding), key=lambda c: c.id))


def every_allowance() -> tuple[Clause, ...]:
    """Return the allowances, by id."""
    import model.clauses  # noqa: F401, PLC0415

    return tuple(sorted((c for c in _registry.values() if not c.binding), key=lambda c: c.id))


def find_clause(clause_id: str) -> Clause:
    """Return the clause (or allowance) of that id; raises KeyError."""
    import model.clauses  # noqa: F401, PLC0415

    return _registry[clause_id]


@cache
def breadth_of(clause_id: str) -> int:
    """Return of how many operations a clause speaks: the fewer, the more it says of each."""
    kinds = find_clause(clause_id).kinds
    return len({operation for kind in kinds for operation in _operations_of(kind)})


def _operations_of(kind: type[Request]) -> set[type[Request]]:
    """Return the operations that are of a kind of request: those that are no kind of others."""
    below = kind.__subclasses__()
    return {found for one in below for found in _operations_of(one)} if below else {kind}


_by_kind: dict[tuple[type, Stage, BucketKind, date], tuple[Clause, ...]] = {}


def clauses_for(
    kind: type[Request], stage: Stage, bucket_kind: BucketKind, day: date
) -> tuple[Clause, ...]:
    """Return all clauses and allowances that speak of such a request at this stage, on that day."""
    found = _by_kind.get((kind, stage, bucket_kind, day))
    if found is None:
        import model.clauses  # noqa: F401, PLC0415

        found = _by_kind[kind, stage, bucket_kind, day] = tuple(
            c
            for c in _registry.values()
            if c.stage is stage and issubclass(kind, c.kinds) and c.scope.holds(bucket_kind, day)
        )
    return found


__all__ = [
    "DIRECTORY",
    "EVERY_BUCKET",
    "FSX",
    "GENERAL_AND_DIRECTORY",
    "GENERAL_PURPOSE",
    "SSE_C_ALGORITHM",
    "Basis",
    "Capability",
    "Clause",
    "Facet",
    "Keep",
    "Law",
    "MayRefuse",
    "ObjectVersion",
    "Order",
    "Refusal",
    "Refuse",
    "Require",
    "Ruling",
    "Rulings",
    "Scope",
    "Source",
    "Stage",
    "Store",
    "Succeed",
    "World",
    "allowance",
    "breadth_of",
    "clause",
    "clauses_for",
    "every_allowance",
    "every_clause",
    "find_clause",
]
