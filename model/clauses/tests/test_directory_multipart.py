"""Uploads in parts to directory buckets, by stand-ins for the requests that go on with one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from model.clause import MayRefuse, Refuse, Succeed
from model.clauses.tests.notation import OBJECT, Situation, fires, given, silent
from model.clauses.tests.words_directory import (
    DIRECTORY,
    in_directory,
    in_kms_directory,
    session,
    token,
)
from model.completion_document import ListedPart, write_completion
from model.operation import Effect, Operation
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.request import PartOfUpload, PartUpload, WithCopySource
from model.s3_errors import ANY_4XX, ANY_400, ANY_501
from model.sse import SseS3
from model.world import MultipartUpload, ObjectVersion

if TYPE_CHECKING:
    from model.clauses.tests.notation import Given
    from model.sse import ObjectEncryption
    from model.world import World

UPLOAD = "an upload"
MAYBE = MayRefuse((ANY_400, ANY_4XX))


@dataclass(frozen=True, kw_only=True)
class _OfUpload(PartOfUpload, Operation):
    """A request that goes on with an upload; it has no name, and so is none of S3's."""

    def is_unknown(self, world: World) -> bool:
        return self.bucket not in world.buckets

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        return Effect(world, ObjectVersion(encryption=encryption, body=None))


@dataclass(frozen=True, kw_only=True)
class _Part(_OfUpload, PartUpload):
    """One that adds a part."""


@dataclass(frozen=True, kw_only=True)
class _CopiedPart(_Part, WithCopySource):
    """One that adds the data of an object."""


def with_upload(before: Given) -> Given:
    """The same, after an upload of SSE-S3 was created as well."""
    world = before.when(session()).world
    bucket = world.existing(DIRECTORY)
    upload = MultipartUpload(
        object_key=OBJECT, version=ObjectVersion(encryption=SseS3(), body=None)
    )
    return given(start=world.with_bucket(DIRECTORY, bucket.with_upload(UPLOAD, upload)))


def part(step: int, number: str = "1", *, sse: str | None = None) -> _Part:
    return _Part(
        bucket=DIRECTORY,
        object_key=OBJECT,
        upload_id=UPLOAD,
        part_number=number,
        session_token=token(step),
        sse=sse,
    )


def copied_part() -> _CopiedPart:
    return _CopiedPart(bucket=DIRECTORY, object_key=OBJECT, upload_id=UPLOAD, part_number="1")


ALIKE = with_upload(in_directory(session()))
OVERRIDDEN = with_upload(in_kms_directory(session(sse="AES256"), session()))


@fires("directory-multipart/part-needs-no-header")
def test_a_part_within_a_session_like_its_uploads_needs_no_header() -> Situation:
    return OVERRIDDEN.when(part(2)).then(Succeed())


@silent("directory-multipart/part-needs-no-header")
def test_within_another_session_anything_may_happen() -> Situation:
    return OVERRIDDEN.when(part(3))


@silent("directory-multipart/part-needs-no-header")
def test_a_part_with_headers_may_be_refused() -> Situation:
    return ALIKE.when(part(1, sse="AES256"))


@silent("directory-multipart/part-needs-no-header")
def test_a_part_needs_a_number() -> Situation:
    return ALIKE.when(part(1, "none"))


@silent("directory-multipart/part-needs-no-header")
def test_a_part_of_no_upload_needs_one() -> Situation:
    return ALIKE.when(replace(part(1), upload_id="another"))


@silent("directory-multipart/part-needs-no-header")
def test_a_part_of_another_object_is_not_one_of_this_upload() -> Situation:
    return ALIKE.when(replace(part(1), object_key="another"))


@fires("allowance/part-within-another-session")
def test_a_part_within_another_session_may_be_refused() -> Situation:
    return OVERRIDDEN.when(part(3)).then(MAYBE)


@silent("allowance/part-within-another-session")
def test_within_the_same_it_may_not() -> Situation:
    return ALIKE.when(part(1))


@silent("allowance/part-within-another-session")
def test_without_a_session_it_is_another_question() -> Situation:
    return ALIKE.when(replace(part(1), session_token=None))


@fires("allowance/header-on-a-part")
def test_an_algorithm_on_a_part_may_be_refused() -> Situation:
    return ALIKE.when(part(1, sse="AES256")).then(MayRefuse((ANY_400, ANY_501)))


@silent("allowance/header-on-a-part")
def test_a_bare_part_may_not() -> Situation:
    return ALIKE.when(part(1))


@fires("allowance/copied-part-of-an-overridden-upload")
def test_a_copied_part_may_be_refused_where_the_upload_is_not_as_the_default() -> Situation:
    return OVERRIDDEN.when(copied_part()).then(MAYBE)


@silent("allowance/copied-part-of-an-overridden-upload")
def test_one_that_is_as_the_default_takes_copied_parts() -> Situation:
    return ALIKE.when(copied_part())


@silent("allowance/copied-part-of-an-overridden-upload")
def test_a_part_that_is_sent_is_not_copied() -> Situation:
    return OVERRIDDEN.when(part(2))


@silent("allowance/copied-part-of-an-overridden-upload")
def test_nothing_is_said_of_an_upload_that_is_not_known() -> Situation:
    return ALIKE.when(replace(copied_part(), upload_id="another"))


def completion(*numbers: int) -> CompleteMultipartUpload:
    listed = [ListedPart(number, '"e"') for number in numbers]
    return CompleteMultipartUpload(
        bucket=DIRECTORY,
        object_key=OBJECT,
        upload_id=UPLOAD,
        session_token=token(1),
        document=write_completion(listed),
    )


@fires("directory-multipart/part-numbers-must-be-consecutive")
def test_a_completion_that_leaves_a_number_out_is_refused() -> Situation:
    request = completion(1, 3)
    return with_upload(in_directory(session())).when(request).then(Refuse((ANY_400,)))


@silent("directory-multipart/part-numbers-must-be-consecutive")
def test_a_completion_of_parts_one_and_two_is_not_held_to_more() -> Situation:
    return with_upload(in_directory(session())).when(completion(1, 2))
