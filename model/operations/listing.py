"""What the listings of a bucket have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from model import listing
from model.listing import NAMES, OBJECT, OF, STRANGE
from model.operation import Effect, Operation, with_shown
from model.operations.object_write import is_plain_known
from model.request import SSE, BucketRequest, header, query
from model.stored import DeleteMarker, ObjectVersion, Presence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import Bucket, World

URL_ENCODING = "url"
LEAST_WHOLE = 1000
"""A listing that may name so many entries leaves none out that a bucket of ours holds."""


class Known(NamedTuple):
    """A version that a listing must name; ``is_latest`` is None where that is not known."""

    object_key: str
    version_id: str | None
    version: ObjectVersion | DeleteMarker
    is_latest: bool | None = None

    @property
    def name(self) -> str:
        """The name by which fields speak of it."""
        return listing.name_of(self.object_key, self.version_id)


class Possible(NamedTuple):
    """The names that a listing may hold; any name may that ends with one of ``endings``."""

    names: frozenset[str]
    endings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ListingOperation(BucketRequest, Operation):
    """List what a bucket holds. Whoever may list it needs no key of any object."""

    method: ClassVar[str] = "GET"
    ignored_query: ClassVar[frozenset[str]] = frozenset({"fetch-owner"})
    root: ClassVar[str] = "ListBucketResult"
    usual_kind: ClassVar[str] = OBJECT

    prefix: str | None = query("prefix", "Prefix")
    max_keys: str | None = query("max-keys", "MaxKeys")
    encoding_type: str | None = query("encoding-type", "EncodingType")
    sse: str | None = header(SSE, "ServerSideEncryption")

    @property
    def is_whole(self) -> bool:
        """Whether the answer, where it does not say otherwise, names all that it can."""
        most = self.max_keys or ""
        many = self.max_keys is None or (most.isdecimal() and int(most) >= LEAST_WHOLE)
        return many and self.encoding_type in {None, URL_ENCODING}

    @property
    def is_url_encoded(self) -> bool:
        """Whether the answer is to hold object keys as a URL does."""
        return self.encoding_type == URL_ENCODING

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket, and on limits of which nothing is said here."""
        return not is_plain_known(world, self.bucket) or not self.is_whole

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Nothing changes."""
        return Effect(world)

    def known(self, bucket: Bucket) -> Iterator[Known]:
        """Yield what the listing must name."""
        for object_key, version in bucket.objects.items():
            if isinstance(version, ObjectVersion) and self.is_asked_for(object_key):
                yield Known(object_key, None, version)

    def possible(self, bucket: Bucket) -> Possible:
        """Return what the listing of a bucket may name."""
        objects = bucket.objects.items()
        return Possible(frozenset(k for k, version in objects if version is not Presence.ABSENT))

    def is_asked_for(self, object_key: str) -> bool:
        """Tell whether the listing is to name objects of that key."""
        return object_key.startswith(self.prefix or "")

    def note(self, what: str) -> str:
        """Return the name under which a version keeps what the listing showed wrongly of it."""
        return f"{self.operation} {what}"

    def told_of(
        self, field: str, answer: Answer, world: World
    ) -> tuple[tuple[str, str | None], ...]:
        """Return the object versions (key and version id) of which a wrong field of it speaks."""
        names: tuple[str, ...] = (field.partition(OF)[2],)
        if field == NAMES:
            allowed = self.possible(world.existing(self.bucket))
            names = tuple(
                name
                for name in listing.read_names(answer.text(NAMES))
                if name not in allowed.names and not name.endswith(allowed.endings)
            )
        versioned = self.usual_kind != OBJECT
        return tuple(listing.split_name(name, versioned=versioned) for name in names if name)

    def doubted(self, world: World, answer: Answer, fields: frozenset[str]) -> World:
        """Return the world with what the listing showed wrongly noted on the versions.

        An object that it named and that should not be there may be there.
        """
        bucket = world.existing(self.bucket)
        for field in fields:
            for object_key, version_id in self.told_of(field, answer, world):
                found = bucket.object(object_key)
                if version_id is not None:
                    version = bucket.version(object_key, version_id)
                    found = Presence.ABSENT if isinstance(version, DeleteMarker) else version
                if field == NAMES:
                    bucket = bucket.obscure(object_key)
                elif isinstance(found, ObjectVersion):
                    note = {self.note(field.partition(OF)[0]): answer.text(field)}
                    version = with_shown(found, note)
                    bucket = (
                        bucket.with_object(object_key, version)
                        if version_id is None
                        else bucket.with_version(object_key, version_id, version)
                    )
        return world.with_bucket(self.bucket, bucket)

    def tells_all(self, response: HttpResponse) -> bool:
        """A listing that is cut short tells nothing of what it leaves out."""
        return not listing.is_truncated(response.body)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """What is told of each entry, and the names of all."""
        entries = listing.read_entries(response.body, url_encoded=self.is_url_encoded)
        fields: dict[str, Value] = {STRANGE: listing.encryption_elements(response.body)}
        return fields if entries is None else fields | listing.fields_of(entries)

    def stated(self, body: Mapping[str, Json]) -> dict[str, Value]:
        """Return the fields of a listing as boto3 returns it."""
        return listing.fields_of(listing.entries_of_parameters(body))

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document with the entries of which the fields speak."""
        entries = listing.entries_in(fields, self.usual_kind)
        return listing.write_document(
            self.root, self.bucket, entries, url_encoded=self.is_url_encoded
        )
