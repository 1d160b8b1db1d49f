"""SSE-C in an upload by parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.clause import MayRefuse, Order, Refuse, Require, Succeed
from model.clauses.sse_c import every_step
from model.clauses.tests.notation import (
    BLOCKING,
    CUSTOMER_KEY,
    EMPTY,
    OTHER_CUSTOMER_KEY,
    Situation,
    create,
    customer,
    fires,
    given,
    put,
    put_default,
    silent,
)
from model.clauses.tests.words_multipart import (
    UPLOAD,
    begin,
    complete,
    complete_with,
    etag_of,
    part,
    part_copy,
    upload_of,
)
from model.matchers import Absent, Equals
from model.request import CUSTOMER_KEY_MD5, KeyRole
from model.s3_errors import (
    ACCESS_DENIED,
    ANY_400,
    INVALID_ARGUMENT,
    INVALID_DIGEST,
    INVALID_REQUEST,
)
from model.sse import md5_base64

if TYPE_CHECKING:
    from model.clauses.tests.notation import CustomerHeaders
    from model.operations.complete_multipart_upload import CompleteMultipartUpload

BEGUN = given(create(), begin(**customer()))
FILLED = given(create(), begin(**customer()), part(**customer()))
PLAIN = given(create(), begin(), part())
OTHER = customer(OTHER_CUSTOMER_KEY)
SHORT = customer(b"short")
KEY_MD5 = md5_base64(CUSTOMER_KEY)
ALGORITHM_ALONE = customer(customer_key=None, customer_key_md5=None)
LACKING = Refuse((INVALID_REQUEST,))
OTHER_PART_KEY = Refuse((INVALID_REQUEST,), step="part:9")
OTHER_COMPLETION_KEY = Refuse((INVALID_REQUEST,), step="completion:9")


def done(key: CustomerHeaders | None = None) -> CompleteMultipartUpload:
    listed = (1, etag_of(2))
    return complete(listed) if key is None else complete(listed, **key)


@fires("multipart-sse-c/part-needs-the-key")
def test_a_part_without_the_key_is_refused() -> Situation:
    return BEGUN.when(part()).then(LACKING, answered=(INVALID_REQUEST,))


@silent("multipart-sse-c/part-needs-the-key")
def test_a_part_with_a_lone_key_header_is_refused_for_another_reason() -> Situation:
    return BEGUN.when(part(**ALGORITHM_ALONE))


@silent("multipart-sse-c/part-needs-the-key")
def test_a_part_of_a_plain_upload_needs_no_key() -> Situation:
    return PLAIN.when(part())


@fires("multipart-sse-c/part-needs-the-same-key")
def test_a_part_with_another_key_is_refused() -> Situation:
    return BEGUN.when(part(**OTHER)).then(OTHER_PART_KEY, answered=(INVALID_REQUEST,))


@fires("multipart-sse-c/part-needs-the-same-key")
def test_a_part_with_a_short_key_is_refused_as_with_another_key() -> Situation:
    return BEGUN.when(part(**SHORT)).then(OTHER_PART_KEY, answered=(INVALID_REQUEST,))


@silent("multipart-sse-c/part-needs-the-same-key")
def test_a_part_with_a_wrong_md5_is_refused_for_that() -> Situation:
    return BEGUN.when(part(**customer(OTHER_CUSTOMER_KEY, customer_key_md5=KEY_MD5)))


@fires("multipart-sse-c/key-for-another-upload-is-refused")
def test_a_part_with_a_key_of_a_plain_upload_is_refused() -> Situation:
    return PLAIN.when(part(**customer())).then(OTHER_PART_KEY, answered=(INVALID_REQUEST,))


@silent("multipart-sse-c/key-for-another-upload-is-refused")
def test_a_part_with_the_key_of_its_upload_is_not_refused() -> Situation:
    return BEGUN.when(part(**customer()))


@silent("multipart-sse-c/key-for-another-upload-is-refused")
def test_a_part_with_half_a_key_of_a_plain_upload_is_refused_for_that() -> Situation:
    return PLAIN.when(part(**ALGORITHM_ALONE))


@fires("multipart-sse-c/part-with-the-key-is-taken")
def test_a_part_with_the_key_of_its_upload_is_taken() -> Situation:
    return BEGUN.when(part(**customer())).then(Succeed())


@silent("multipart-sse-c/part-with-the-key-is-taken")
def test_a_part_with_another_key_than_its_upload_is_not_taken() -> Situation:
    return BEGUN.when(part(**OTHER))


@silent("multipart-sse-c/part-with-the-key-is-taken")
def test_a_part_without_the_md5_of_the_key_is_not_taken() -> Situation:
    return BEGUN.when(part(**customer(customer_key_md5=None)))


@fires("multipart-sse-c/content-md5-is-checked-first")
def test_a_content_md5_that_is_none_is_answered_before_a_wrong_key() -> Situation:
    request = part(content_md5="none", **customer(customer_algorithm="x"))
    ruling = Order({"Content-MD5": every_step(KeyRole.PART)})
    return BEGUN.when(request).then(ruling, answered=(INVALID_DIGEST,))


@silent("multipart-sse-c/content-md5-is-checked-first")
def test_without_a_content_md5_the_key_is_checked_first() -> Situation:
    return BEGUN.when(part(**customer(customer_algorithm="x")))


@fires("multipart-sse-c/completion-needs-no-key")
def test_an_upload_under_sse_c_is_completed_without_its_key() -> Situation:
    return FILLED.when(done()).then(Succeed())


@silent("multipart-sse-c/completion-needs-no-key")
def test_of_a_completion_with_its_key_it_is_not_said_that_it_needs_none() -> Situation:
    return FILLED.when(done(customer()))


@silent("multipart-sse-c/completion-needs-no-key")
def test_a_plain_upload_has_no_key_to_be_completed_without() -> Situation:
    return PLAIN.when(complete())


@fires("multipart-sse-c/completion-ignores-part-of-a-key")
def test_a_completion_with_a_lone_algorithm_even_a_wrong_one_is_done() -> Situation:
    headers = customer(customer_algorithm="x", customer_key=None, customer_key_md5=None)
    return FILLED.when(done(headers)).then(Succeed())


@silent("multipart-sse-c/completion-ignores-part-of-a-key")
def test_a_completion_with_a_whole_key_is_not_done_as_if_without() -> Situation:
    return FILLED.when(done(OTHER))


@fires("multipart-sse-c/completion-takes-the-key")
def test_an_upload_under_sse_c_is_completed_with_its_key() -> Situation:
    return FILLED.when(done(customer())).then(Succeed())


@silent("multipart-sse-c/completion-takes-the-key")
def test_a_completion_without_the_md5_of_its_key_does_not_count_as_with_it() -> Situation:
    return FILLED.when(done(customer(customer_key_md5=None)))


@fires("multipart-sse-c/completion-needs-the-same-key")
def test_a_completion_with_another_key_is_refused() -> Situation:
    return FILLED.when(done(OTHER)).then(OTHER_COMPLETION_KEY, answered=(INVALID_REQUEST,))


@fires("multipart-sse-c/completion-needs-the-same-key")
def test_a_completion_with_a_short_key_is_refused() -> Situation:
    return FILLED.when(done(SHORT)).then(OTHER_COMPLETION_KEY, answered=(INVALID_REQUEST,))


@silent("multipart-sse-c/completion-needs-the-same-key")
def test_a_completion_with_the_same_key_is_not_refused() -> Situation:
    return FILLED.when(done(customer()))


@fires("multipart-sse-c/key-for-another-completion-is-refused")
def test_a_completion_with_a_key_of_a_plain_upload_is_refused() -> Situation:
    request = complete(**customer())
    return PLAIN.when(request).then(OTHER_COMPLETION_KEY, answered=(INVALID_REQUEST,))


@silent("multipart-sse-c/key-for-another-completion-is-refused")
def test_a_completion_with_a_part_of_a_key_of_a_plain_upload_is_not_refused() -> Situation:
    return PLAIN.when(complete(**ALGORITHM_ALONE))


@fires("multipart-sse-c/completion-shows-the-md5-of-a-key-sent")
def test_a_completion_with_its_key_shows_the_md5_of_the_key() -> Situation:
    return FILLED.when(done(customer())).then(Require(CUSTOMER_KEY_MD5, Equals(KEY_MD5)))


@fires("multipart-sse-c/completion-shows-the-md5-of-a-key-sent")
def test_a_completion_without_its_key_shows_no_md5() -> Situation:
    return FILLED.when(done()).then(Require(CUSTOMER_KEY_MD5, Absent(KEY_MD5)))


@silent("multipart-sse-c/completion-shows-the-md5-of-a-key-sent")
def test_a_completion_of_a_plain_upload_is_spoken_of_elsewhere() -> Situation:
    return PLAIN.when(complete())


BLOCKED = put_default(blocked=("SSE-C",))


COPIED = given(create(), put("source"), begin(**customer()))
COPIED_UPLOAD = upload_of(2)


@fires("multipart-sse-c/copied-part-with-the-key-is-taken")
def test_a_part_is_copied_into_an_upload_with_its_key() -> Situation:
    return COPIED.when(part_copy(upload=COPIED_UPLOAD, **customer())).then(Succeed())


@silent("multipart-sse-c/copied-part-with-the-key-is-taken")
def test_a_part_need_not_be_copied_with_another_key() -> Situation:
    return COPIED.when(part_copy(upload=COPIED_UPLOAD, **OTHER))


@silent("multipart-sse-c/copied-part-with-the-key-is-taken")
def test_a_part_need_not_be_copied_without_the_key() -> Situation:
    return COPIED.when(part_copy(upload=COPIED_UPLOAD))


@silent("multipart-sse-c/copied-part-with-the-key-is-taken")
def test_a_range_of_a_small_source_need_not_be_copied() -> Situation:
    ranged = part_copy(upload=COPIED_UPLOAD, copy_source_range="bytes=0-1", **customer())
    return COPIED.when(ranged)


@silent("multipart-sse-c/copied-part-with-the-key-is-taken")
def test_of_a_source_under_a_customer_key_other_clauses_speak() -> Situation:
    before = given(create(), put("source", **customer()), begin(**customer()))
    return before.when(part_copy(upload=COPIED_UPLOAD, **customer()))


@fires("allowance/completion-in-a-bucket-that-blocks-sse-c")
def test_a_completion_may_be_denied_where_sse_c_was_blocked_since() -> Situation:
    before = given(create(), begin(**customer()), part(**customer()), BLOCKED)
    return before.when(done()).then(MayRefuse((ACCESS_DENIED,)))


@silent("allowance/completion-in-a-bucket-that-blocks-sse-c")
def test_a_completion_may_not_be_denied_where_sse_c_is_not_blocked() -> Situation:
    return FILLED.when(done())


@silent("allowance/completion-in-a-bucket-that-blocks-sse-c")
def test_a_completion_of_a_plain_upload_may_not_be_denied_where_sse_c_is_blocked() -> Situation:
    return given(create(), begin(), part(), start=BLOCKING).when(complete())


WITH_CHECKSUM = (
    f"<CompleteMultipartUpload><Part><ETag>{etag_of(2)}</ETag><PartNumber>1</PartNumber>"
    "<ChecksumCRC32>KHcEKQ==</ChecksumCRC32></Part></CompleteMultipartUpload>"
).encode()


@fires("allowance/checksums-beside-no-key")
def test_a_completion_with_checksums_and_without_the_key_may_be_refused() -> Situation:
    return FILLED.when(complete_with(WITH_CHECKSUM)).then(MayRefuse((ANY_400,)))


@silent("allowance/checksums-beside-no-key")
def test_a_completion_with_checksums_and_the_key_may_not_be_refused() -> Situation:
    return FILLED.when(complete_with(WITH_CHECKSUM, **customer()))


@silent("allowance/checksums-beside-no-key")
def test_a_completion_without_checksums_may_not_be_refused_for_them() -> Situation:
    return FILLED.when(done())


@silent("multipart-sse-c/completion-ignores-part-of-a-key")
def test_a_completion_with_checksums_and_a_part_of_a_key_need_not_be_done() -> Situation:
    return FILLED.when(complete_with(WITH_CHECKSUM, **ALGORITHM_ALONE))


@fires("allowance/part-of-a-key-without-tls")
def test_a_part_of_a_key_on_a_completion_over_plain_http_may_be_refused() -> Situation:
    ruling = MayRefuse((INVALID_ARGUMENT,))
    return PLAIN.when(complete(secure=False, **ALGORITHM_ALONE)).then(ruling)


@silent("allowance/part-of-a-key-without-tls")
def test_a_completion_over_plain_http_without_a_key_may_not_be_refused() -> Situation:
    return PLAIN.when(complete(secure=False))


@silent("allowance/part-of-a-key-without-tls")
def test_a_part_of_a_key_on_a_completion_over_tls_may_not_be_refused() -> Situation:
    return PLAIN.when(complete(**ALGORITHM_ALONE))


def test_the_upload_of_these_examples_is_the_one_that_was_begun() -> None:
    assert EMPTY.buckets == {}
    assert UPLOAD in BEGUN.when(part()).world.existing("bucket").uploads
