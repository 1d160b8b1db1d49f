"""Uploads in parts to directory buckets, by stand-ins for the requests that go on with one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from model.answer import ETAG
from model.clause import MayRefuse, Refuse, Require, Succeed
from model.clauses.multipart_completion import STEP_PARTS
from model.clauses.tests import words_multipart as words
from model.clauses.tests.notation import (
    DATA,
    OBJECT,
    Situation,
    create,
    fires,
    given,
    put,
    rulings_of,
    silent,
)
from model.clauses.tests.words_directory import (
    DIRECTORY,
    in_directory,
    in_kms_directory,
    session,
    token,
)
from model.completion_document import ListedPart, write_completion
from model.matchers import Equals
from model.open_matchers import OtherThanMd5Of, SomeText
from model.operation import Effect, Operation
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.list_parts import SIZES
from model.request import PartOfUpload, PartUpload, WithCopySource
from model.s3_errors import ANY_4XX, ANY_400, ANY_501, INVALID_PART
from model.sse import SseS3
from model.stored import MultipartUpload, ObjectVersion

if TYPE_CHECKING:
    from model.clause import Ruling
    from model.clauses.tests.notation import Given
    from model.operations.upload_part import UploadPart
    from model.operations.upload_part_copy import UploadPartCopy
    from model.sse import ObjectEncryption
    from model.world import World

UPLOAD = "an upload"
SOURCE = "source"
ETAG_OF_PART = str(SomeText().answer("answer 3"))
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


def uploaded(*later: Operation, number: str = "1") -> Given:
    """An upload in a bucket of SSE-S3, begun in step 2 within the session of step 1, one part."""
    return in_directory(session(), BEGUN, sent_part(number), *later)


def sent_part(number: str = "1", **headers: Any) -> UploadPart:
    return words.part(
        number, upload=words.upload_of(2), bucket=DIRECTORY, session_token=token(1), **headers
    )


def ended(*numbers: int, etag: str = ETAG_OF_PART, **headers: Any) -> CompleteMultipartUpload:
    """The completion of that upload with these parts."""
    return words.complete(
        *((number, etag) for number in numbers or (1,)),
        upload=words.upload_of(2),
        bucket=DIRECTORY,
        **{"session_token": token(1), **headers},
    )


def part_of(source: str = f"{DIRECTORY}/{SOURCE}", **headers: Any) -> UploadPartCopy:
    return words.part_copy(source, upload=words.upload_of(2), bucket=DIRECTORY, **headers)


BEGUN = words.begin(bucket=DIRECTORY, session_token=token(1))
STORED = put(SOURCE, bucket=DIRECTORY, session_token=token(1))
HOLDING = in_directory(session(), BEGUN, STORED)


@fires("directory-multipart/part-shows-an-etag")
def test_a_part_shows_an_etag() -> Situation:
    return in_directory(session(), BEGUN).when(sent_part()).then(Require(ETAG, SomeText()))


@silent("directory-multipart/part-shows-an-etag")
def test_of_a_part_in_another_bucket_more_is_said() -> Situation:
    return given(create(), words.begin()).when(words.part())


@fires("directory-multipart/part-is-copied")
def test_a_part_is_copied_from_an_object_of_the_bucket() -> Situation:
    return HOLDING.when(part_of()).then(Succeed())


@fires("directory-multipart/part-is-copied")
def test_a_part_is_copied_from_a_general_purpose_bucket() -> Situation:
    steps = in_directory(session(), BEGUN, create(), put(body=bytes(5 * 2**20 + 1)))
    return steps.when(part_of("bucket/object", copy_source_range="bytes=0-3")).then(Succeed())


@silent("directory-multipart/part-is-copied")
def test_a_part_is_not_copied_out_of_a_range_that_the_source_has_not() -> Situation:
    return HOLDING.when(part_of(copy_source_range="bytes=0-99"))


@silent("directory-multipart/part-is-copied")
def test_a_part_need_not_be_copied_out_of_a_range_of_little() -> Situation:
    return HOLDING.when(part_of(copy_source_range="bytes=0-3"))


@silent("directory-multipart/part-is-copied")
def test_copies_go_without_a_session() -> Situation:
    return HOLDING.when(part_of(session_token=token(1)))


@silent("directory-multipart/part-is-copied")
def test_an_upload_that_is_not_as_the_default_takes_no_copied_part_for_sure() -> Situation:
    steps = in_kms_directory(session(sse="AES256"), create(), put())
    begun = words.begin(bucket=DIRECTORY, session_token=token(2))
    request = replace(part_of("bucket/object"), upload_id=words.upload_of(5))
    return given(*steps.steps, begun).when(request)


@fires("directory-multipart/completion-needs-no-header")
def test_a_completion_within_a_session_like_its_uploads_needs_no_header() -> Situation:
    return uploaded().when(ended()).then(Succeed())


@silent("directory-multipart/completion-needs-no-header")
def test_a_completion_without_a_session_is_another_question() -> Situation:
    return uploaded().when(ended(session_token=None))


@silent("directory-multipart/completion-needs-no-header")
def test_a_completion_within_another_session_may_be_refused() -> Situation:
    steps = in_kms_directory(session(sse="AES256"), session())
    begun = words.begin(bucket=DIRECTORY, session_token=token(2))
    request = replace(ended(session_token=token(3)), upload_id=words.upload_of(4))
    return given(*steps.steps, begun).when(request)


OTHERS = [
    (
        "directory-answers/etag-is-not-the-md5",
        uploaded().when(ended()),
        Require(ETAG, OtherThanMd5Of(DATA)),
    ),
    (
        "multipart-completion/parts-must-be-there",
        uploaded().when(ended(etag=words.MD5)),
        Refuse((INVALID_PART,), step=STEP_PARTS),
    ),
    (
        "multipart/listed-sizes-are-those-of-the-data",
        uploaded().when(
            words.list_parts(words.upload_of(2), bucket=DIRECTORY, session_token=token(1))
        ),
        Require(SIZES, Equals(str(len(DATA)), wrong=str(len(DATA) + 16))),
    ),
]


@pytest.mark.example
@pytest.mark.parametrize(("clause_id", "situation", "ruling"), OTHERS)
def test_what_is_said_of_all_uploads_is_said_of_these(
    clause_id: str, situation: Situation, ruling: Ruling
) -> None:
    assert rulings_of(clause_id, situation.world, situation.request) == (ruling,)


@fires("directory-multipart/part-numbers-must-be-consecutive")
def test_a_completion_that_begins_with_the_second_part_is_refused() -> Situation:
    return uploaded(number="2").when(ended(2)).then(Refuse((ANY_400,)), answered=(ANY_400,))


@silent("directory-multipart/part-is-copied")
def test_a_part_is_not_copied_from_an_archive() -> Situation:
    steps = in_directory(session(), BEGUN, create(), put(storage_class="DEEP_ARCHIVE"))
    return steps.when(part_of("bucket/object"))
