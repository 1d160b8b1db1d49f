"""Scripts in which every path is refused the same, and nothing must have changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults import put_customer_key
from conformance.looking import look
from conformance.paths.intents import AES, DSSE, KMS, Wish
from conformance.paths.standing import Standing, put_there
from conformance.paths.ways import begin as begin_upload
from conformance.paths.ways import every_way, finish, upload_of
from conformance.paths.writing import Writing, listing
from conformance.universe import (
    BAD_CONTEXTS,
    CUSTOMER_KEYS,
    SHORT_KEYS,
    UNKNOWN_KEY_ID,
    CustomerKeyText,
)
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.operations.kms import KEY_ID, CreateKey, DisableKey, EnableKey
from model.operations.list_multipart_uploads import ListMultipartUploads
from model.operations.list_parts import ListParts
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.upload_part import UploadPart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from conformance.paths.ways import Task, Way
    from conformance.phase import Script, Setting
    from conformance.requests import Requests
    from model.operation import Operation

_BAD_MD5 = "bm90IGFuIE1ENQ=="


def _customer(**changes: str | None) -> Fields:
    """Return the headers of a customer key, changed; None leaves one out."""
    fields: Fields = {}
    put_customer_key(fields, CUSTOMER_KEYS[0])
    for name, text in changes.items():
        fields[f"customer_{name}"] = text
    return {name: text for name, text in fields.items() if text is not None}


def _texts(texts: CustomerKeyText) -> Fields:
    fields: Fields = {}
    put_customer_key(fields, texts)
    return fields


def bad_headers(setting: Setting) -> list[Fields]:
    """Return headers that are refused with every way to write, as far as the target knows them."""
    found: list[Fields] = [{"sse": "AES-256"}, {"sse": "aws:KMS"}, {"kms_key_id": UNKNOWN_KEY_ID}]
    found += [{"sse": AES, "kms_key_id": UNKNOWN_KEY_ID}]
    if setting.has(Capability.SSE_KMS):
        found += [
            {"sse": KMS, "kms_key_id": UNKNOWN_KEY_ID},
            {"sse": KMS, "kms_key_id": "alias/no-such-alias"},
            {"sse": KMS, "encryption_context": BAD_CONTEXTS[0]},
            {"sse": KMS, "encryption_context": BAD_CONTEXTS[2]},
        ]
    if setting.has(Capability.DSSE_KMS):
        found += [{"sse": DSSE, "kms_key_id": UNKNOWN_KEY_ID}]
    if setting.has(Capability.SSE_C):
        found += [
            _customer(algorithm=None),
            _customer(key=None),
            _customer(key_md5=None),
            _customer(key=None, key_md5=None),
            _customer(algorithm="AES128"),
            _customer(algorithm="aws:kms"),
            _customer(key_md5=CUSTOMER_KEYS[1].key_md5),
            _customer(key_md5=_BAD_MD5),
            _customer(key=""),
            _texts(SHORT_KEYS[1]),
            _texts(SHORT_KEYS[2]),
            _customer() | {"sse": AES},
            _customer() | {"sse": KMS},
        ]
    return found


def refused(headers: Fields, *, there: Wish, standing: Standing) -> Script:
    """Return the script in which every path sends headers that are refused.

    ``there`` is the encryption of what stands there before.
    """

    def requests(build: Requests) -> Iterator[Operation]:
        writing = Writing(source=there)
        yield from writing.set_up(build)
        tasks = _tasks(build, writing)
        names = [task.object_key for _, task in tasks]
        bucket, under = build.universe.buckets[0], there.headers(build.universe)
        yield from put_there(build, standing, bucket, names, under)
        yield from _attempts(build, tasks, headers)

    return requests


def _tasks(build: Requests, writing: Writing) -> list[tuple[Way, Task]]:
    """Return every way that writes but what it is asked to, and what it is to write."""
    ways = (one for one in every_way(build) if one.name != "put over another")
    return [(one, writing.task(build, one.name)) for one in ways]


def _attempts(
    build: Requests, tasks: list[tuple[Way, Task]], headers: Fields
) -> Iterator[Operation]:
    """Yield writes by every way with these headers, and looks at what must be as it was."""
    for way, task in tasks:
        yield from way.write(build, with_headers(task, headers))
    yield from _nothing_happened(build, [task for _, task in tasks])


def with_headers(task: Task, headers: Fields) -> Task:
    """Return the task with other headers."""
    return replace(task, headers=headers)


def _nothing_happened(build: Requests, tasks: list[Task]) -> Iterator[Operation]:
    for number, task in enumerate(tasks):
        data = number % 2 == 0
        yield look(build.world, task.bucket, task.object_key, data=data, secure=build.secure)
    bucket, secure = tasks[0].bucket, build.secure
    if build.has(Capability.MULTIPART):
        yield ListMultipartUploads(bucket=bucket, secure=secure)
    yield from listing(build)


def blocked(*, later: bool) -> Script:
    """Return the script in which a bucket that blocks SSE-C refuses it on every path.

    ``later``: what stands there was written with customer keys before.
    """

    def requests(build: Requests) -> Iterator[Operation]:
        there = Wish(customer_key=1) if later else Wish()
        writing = Writing(source=there, elsewhere=True)
        yield from writing.set_up(build)
        rule = RuleText(sse_algorithm=AES, blocked=("SSE-C",))
        put = PutBucketEncryption(
            bucket=build.universe.buckets[0],
            document=write_configuration([rule]),
            secure=build.secure,
        )
        if not later:
            yield put
        headers = Wish(customer_key=0).headers(build.universe)
        tasks = _tasks(build, writing)
        names, fields = [task.object_key for _, task in tasks], there.headers(build.universe)
        yield from put_there(build, Standing.OBJECT, build.universe.buckets[0], names, fields)
        begun = with_headers(writing.task(build, "begun before"), headers)
        if later and build.has(Capability.MULTIPART):
            yield from begin_upload(build, begun)
        if later:
            yield put
        yield from _attempts(build, tasks, headers)
        yield from finish(build, begun)

    return requests


def disabled(algorithm: str, *, by_default: bool, enabled: bool) -> Script:
    """Return the script in which the KMS key of every write is disabled.

    ``by_default``: the writes do not name it, the bucket's default does. After that all is
    written all the same, with the key enabled again or by another encryption.
    """

    def requests(build: Requests) -> Iterator[Operation]:
        writing = Writing()
        yield from writing.set_up(build)
        yield CreateKey(secure=build.secure)
        answer = build.steps[-1].answer
        key_id = None if answer is None or not answer.succeeded else answer.text(KEY_ID)
        if key_id is None or key_id not in build.world.keys:
            return
        headers: Fields = {"sse": algorithm, "kms_key_id": key_id}
        if by_default:
            document = write_configuration([RuleText(algorithm, key_id)])
            bucket = build.universe.buckets[0]
            yield PutBucketEncryption(bucket=bucket, document=document, secure=build.secure)
            headers = {}
        tasks = _tasks(build, writing)
        names = [task.object_key for _, task in tasks]
        yield from put_there(build, Standing.OBJECT, tasks[0][1].bucket, names, {"sse": AES})
        yield DisableKey(key_id=key_id, secure=build.secure)
        yield from _attempts(build, tasks, headers)
        if enabled:
            yield EnableKey(key_id=key_id, secure=build.secure)
        for way, task in tasks:
            yield from way.write(build, with_headers(task, headers if enabled else {"sse": AES}))
        for _, task in tasks[::3]:
            yield look(build.world, task.bucket, task.object_key, secure=build.secure)

    return requests


def bad_parts(creation: Wish, headers: list[Fields]) -> Script:
    """Return the script in which parts are sent with headers that are refused.

    The part that was there before stays, and the upload can be completed.
    """

    def requests(build: Requests) -> Iterator[Operation]:
        writing = Writing(wish=creation)
        yield from writing.set_up(build)
        task = writing.task(build, "upload")
        yield from begin_upload(build, task)
        found = upload_of(build, task)
        if found is None:
            return
        listed = task.named | {"upload_id": found[0], "secure": build.secure}
        for number, fields in enumerate(headers):
            yield UploadPart(part_number=str(1 + number % 2), body=b"refused", **listed, **fields)
            if number % 4 == 3:  # noqa: PLR2004 - seldom enough
                yield ListParts(**listed)
        yield ListParts(**listed)
        yield from finish(build, task)
        for data in (False, True):
            yield look(build.world, task.bucket, task.object_key, data=data, secure=build.secure)

    return requests
