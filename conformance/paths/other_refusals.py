"""Refusals that each path has of its own: conditions, digests, lists of parts, configurations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.looking import every_version, key_fields, look
from conformance.paths.intents import AES, Default, Wish
from conformance.paths.standing import Standing, put_there
from conformance.paths.ways import OTHER_METADATA, begin, finish, upload_of
from conformance.paths.writing import Writing, listing
from model.clause import Capability
from model.completion_document import ListedPart, write_completion
from model.encryption_document import RuleText, write_configuration
from model.messages import Auth
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.list_parts import ListParts
from model.operations.post_object import PostObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from conformance.faults import Fields
    from conformance.paths.ways import Task
    from conformance.requests import Requests
    from model.operation import Operation

_BAD_MD5 = "bm90IGFuIE1ENQ=="
_OTHER_MD5 = "1B2M2Y8AsgTpgAmY7PhCfg=="
_NO_ETAG = '"0123456789abcdef0123456789abcdef"'


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRefusals:
    """What is refused, where objects of that encryption stand and the bucket has that default."""

    default: Default
    there: Wish
    standing: Standing

    def puts(self, build: Requests) -> Iterator[Operation]:
        """Yield writes at once that fail a check, over what is there and where nothing is."""
        task = yield from self._set_up(build)
        for name in (task.object_key, "never there"):
            for number, bad in enumerate(_bad_puts(there=name == task.object_key)):
                fields = task.named | {"object_key": name} | bad
                body = b"refused %d" % number
                yield PutObject(body=body, metadata=OTHER_METADATA, secure=build.secure, **fields)
                yield self._look(build, task.bucket, name, data=number % 2 == 0)
        if build.has(Capability.POST_FORM):
            yield PostObject(
                body=b"refused by its policy",
                sse=AES,
                auth=Auth.POLICY_WITHOUT_ENCRYPTION,
                secure=build.secure,
                **task.named,
            )
            yield self._look(build, *task.named.values(), data=True)
        yield from self._all(build, task)

    def copies(self, build: Requests) -> Iterator[Operation]:
        """Yield copies that fail a condition, or have no source."""
        task = yield from self._set_up(build)
        bucket, secure = task.bucket, build.secure
        copied = {"copy_source": f"{bucket}/{quote('source')}"}
        version = build.world.object(bucket, "source")
        good: Fields = copied | key_fields(version, source=True)
        etag = f'"{getattr(version, "etag", None) or "none"}"'
        for number, bad in enumerate(
            (
                good | {"source_if_match": _NO_ETAG},
                good | {"source_if_none_match": etag},
                {"copy_source": f"{bucket}/never%20there"},
                good | {"sse": "AES-256"},
                good | {"storage_class": "NO_SUCH_CLASS"},
            )
        ):
            yield CopyObject(secure=secure, **task.named, **bad)
            yield self._look(build, *task.named.values(), data=number % 2 == 0)
            place = {"bucket": bucket, "object_key": "source"}
            yield CopyObject(
                metadata_directive="REPLACE", metadata=OTHER_METADATA, secure=secure, **place | bad
            )
            yield self._look(build, bucket, "source", data=number % 2 == 1)
        yield from self._all(build, task)

    def completions(self, build: Requests) -> Iterator[Operation]:
        """Yield completions that fail for their parts, then one that does not."""
        task = yield from self._set_up(build)
        yield from begin(build, task)
        found = upload_of(build, task)
        if found is None or not found[1].parts:
            return
        named = task.named | {"upload_id": found[0], "secure": build.secure}
        key = key_fields(found[1].version)
        replaced = _listed(build, task)
        yield UploadPart(part_number="1", body=b"in its place", **named, **key)
        yield UploadPart(part_number="2", body=b"small", **named, **key)
        listed = _listed(build, task)
        if len(listed) < 2:  # noqa: PLR2004 - both parts are needed
            return
        first, second = listed[:2]
        wrong = ListedPart(1, _NO_ETAG)
        for number, parts in enumerate(
            ([wrong], replaced, [first, ListedPart(3, _NO_ETAG)], [second, first], [first, wrong])
        ):
            yield CompleteMultipartUpload(document=write_completion(parts), **named)
            yield self._look(build, *task.named.values(), data=number % 2 == 0)
        yield UploadPart(part_number="1", body=b"refused", content_md5=_OTHER_MD5, **named, **key)
        yield ListParts(**named)
        yield CompleteMultipartUpload(document=write_completion([first]), **named)
        yield self._look(build, *task.named.values(), data=True)
        yield from finish(build, task)
        yield from self._all(build, task)

    def configurations(self, build: Requests) -> Iterator[Operation]:
        """Yield changes of the bucket that are refused, and a write by default after each."""
        task = yield from self._set_up(build)
        bucket, secure = task.bucket, build.secure
        aes = RuleText(sse_algorithm=AES)
        good = write_configuration([aes])
        changes: list[Operation] = [
            CreateBucket(bucket=bucket, secure=secure),
            DeleteBucket(bucket=bucket, secure=secure),
        ]
        if build.has(Capability.BUCKET_ENCRYPTION):
            documents = (
                write_configuration([aes, aes]),
                write_configuration([]),
                write_configuration([RuleText(sse_algorithm="aes256")]),
                b"<ServerSideEncryptionConfiguration><Rule>",
            )
            changes += [
                PutBucketEncryption(bucket=bucket, document=one, secure=secure) for one in documents
            ]
            changes.append(
                PutBucketEncryption(
                    bucket=bucket, document=good, content_md5=_OTHER_MD5, secure=secure
                )
            )
        for number, change in enumerate(changes):
            yield change
            if build.has(Capability.BUCKET_ENCRYPTION):
                yield GetBucketEncryption(bucket=bucket, secure=secure)
            yield PutObject(
                bucket=bucket, object_key="by default", body=b"%d" % number, secure=secure
            )
        yield from self._all(build, task)

    def _set_up(self, build: Requests) -> Generator[Operation, None, Task]:
        writing = Writing(
            default=self.default,
            wish=self.there,
            source=self.there,
        )
        yield from writing.set_up(build)
        task = writing.task(build, "there")
        yield from put_there(build, self.standing, task.bucket, [task.object_key], task.headers)
        return task

    @staticmethod
    def _look(build: Requests, bucket: str, object_key: str, *, data: bool) -> Operation:
        return look(build.world, bucket, object_key, data=data, secure=build.secure)

    @staticmethod
    def _all(build: Requests, task: Task) -> Iterator[Operation]:
        """Yield reads of all that there is, with the older versions, and the listing."""
        for name, version_id in every_version(build.world, task.bucket):
            yield look(build.world, task.bucket, name, version_id, secure=build.secure)
        yield from listing(build)


def _listed(build: Requests, task: Task) -> list[ListedPart]:
    """Return the parts of the newest upload as a completion lists them."""
    found = upload_of(build, task)
    parts = {} if found is None else found[1].parts
    return [ListedPart(number, f'"{parts[number].etag}"') for number in sorted(parts)]


def _bad_puts(*, there: bool) -> list[Fields]:
    found: list[Fields] = [
        {"content_md5": _BAD_MD5},
        {"content_md5": _OTHER_MD5},
        {"storage_class": "NO_SUCH_CLASS"},
        {"if_match": _NO_ETAG},
        {"sse": "AES-256"},
    ]
    return [*found, {"if_none_match": "*"}] if there else found
