"""Uploads of more than one part over each other, and looks at the parts of what they made.

The first part is large, as S3 wants it of all but the last. Mostly it is copied from an object that
is put once: what is sent has to be kept in the transcript.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conformance.histories.changes import delete, put, upload
from conformance.histories.history import History, Kind, Make
from conformance.histories.looks import copied, its_attributes, listing, of_current, of_version
from conformance.looking import key_fields
from conformance.paths.intents import DSSE, Wish, is_usable
from conformance.paths.ways import Task, copied_from, create, finish, upload_of
from conformance.universe import LARGE_PART
from model.clause import Capability
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.phase import Setting
    from model.operation import Operation

SOURCE = "what large parts are copied from"
_WISHES = {"plain": Wish(), "C1": Wish(customer_key=0), "DSSE": Wish(algorithm=DSSE, key=0)}
_SHAPES = {
    "two parts": (False, frozenset({1, 2})),
    "two parts, one copied": (True, frozenset({1, 2})),
    "the copied one of two parts": (True, frozenset({1})),
    "the last of two parts": (True, frozenset({2})),
}
"""Of each upload of two parts: whether the first is copied, and of which it is completed."""
_LONGER = 30
"""So many bytes are in the source beyond those that a part must have."""


def _two_parts(wish: Wish, numbers: frozenset[int], *, copied_first: bool) -> Make:
    """Upload two parts, and complete the upload of those with these numbers."""

    def make(history: History) -> Iterator[Operation]:
        build = history.build
        if copied_first:
            yield from history.put_beside(SOURCE, LARGE_PART + LARGE_PART[:_LONGER])
        task = Task(
            body=_large(history.number),
            headers=wish.headers(build.universe),
            source=(history.bucket, SOURCE),
            **history.named,
        )
        yield from create(build, task)
        found = upload_of(build, task)
        if found is None:
            return
        upload_id, begun = found
        fields = history.named | key_fields(begun.version)
        fields |= {"upload_id": upload_id, "secure": history.secure}
        if copied_first:
            wanted = f"bytes=0-{len(LARGE_PART) + history.number % _LONGER}"
            source = copied_from(build, *task.source)
            yield UploadPartCopy(part_number="1", copy_source_range=wanted, **fields, **source)
        else:
            yield UploadPart(part_number="1", body=task.body, **fields)
        yield UploadPart(part_number="2", body=history.body or b"2", **fields)
        yield from finish(build, task, numbers)

    return make


def _large(number: int) -> bytes:
    """Return data of another length and content for each number, which is told shortly."""
    return bytes([ord("a") + number % 26]) * (len(LARGE_PART) + number)


def every_upload(setting: Setting) -> list[Kind]:
    """Return the changes that the target can be asked for: uploads, and what comes between them.

    There are none where it has no uploads.
    """
    if not setting.has(Capability.MULTIPART):
        return []
    kinds = [
        kind
        for name, wish in _WISHES.items()
        if is_usable(wish, setting)
        for kind in _uploads(name, wish)
    ]
    kinds.append(Kind("delete", delete, frozenset(), "delete"))
    return [one for one in kinds if one.needs <= setting.capabilities]


def _uploads(name: str, wish: Wish) -> Iterator[Kind]:
    needs = frozenset({Capability.MULTIPART})
    yield Kind(f"put {name}", put(wish), frozenset(), "put")
    yield Kind(f"one part {name}", upload(wish), needs, "one part")
    for shape, (copied_first, numbers) in _SHAPES.items():
        change = _two_parts(wish, numbers, copied_first=copied_first)
        more = needs | {Capability.COPY} if copied_first else needs
        yield Kind(f"{shape} {name}", change, more, shape)


def every_look_at_parts(setting: Setting) -> list[Kind]:
    """Return the looks that the target can be asked for."""
    current = [Kind(name, make, frozenset()) for name, make in _looks(of_current)]
    older = [
        Kind(f"{name}, older", make, frozenset({Capability.VERSIONING}))
        for name, make in _looks(partial(of_version, History.older))
    ]
    others = (
        Kind("its attributes", its_attributes, frozenset({Capability.ATTRIBUTES})),
        Kind("a copy", copied(bare=False, data=False), frozenset({Capability.COPY})),
        Kind("the listing", listing, frozenset({Capability.LISTS})),
    )
    kinds = (*current, *older, *others)
    return [one for one in kinds if one.needs <= setting.capabilities]


def _looks(read: Callable[..., Make]) -> Iterator[tuple[str, Make]]:
    """Yield reads of the object, or of a version of it, that tell of its parts."""
    yield "its head", read()
    yield "its first bytes", read(data=True, range="bytes=0-4")
    yield "its last bytes", read(data=True, range="bytes=-3")
    first = len(LARGE_PART)
    yield "where parts meet", read(data=True, range=f"bytes={first - 2}-{first + 9}")
    for number in ("1", "2", "3"):
        yield f"the head of part {number}", read(part_number=number)
    yield "part 2", read(data=True, part_number="2")
