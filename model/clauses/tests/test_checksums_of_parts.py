"""Checksums of the parts of an upload, and of those that a completion lists."""

from __future__ import annotations

from typing import Any

import pytest

from model.checksums import ALGORITHMS, BY_NAME
from model.clause import MayRefuse, Refuse, Require, Succeed
from model.clauses.tests.notation import (
    KEY_ID,
    OTHER_CUSTOMER_KEY,
    Situation,
    create,
    customer,
    fires,
    given,
    put_default,
    silent,
)
from model.clauses.tests.words_forms import checksum
from model.clauses.tests.words_multipart import (
    MD5,
    begin,
    complete,
    complete_with,
    etag_of,
    part,
    part_copy,
)
from model.completion_document import ListedPart, write_completion
from model.matchers import Equals
from model.predict import RefusalOutcome, SuccessOutcome, predict
from model.s3_errors import ANY_400, BAD_DIGEST, INTERNAL_ERROR, INVALID_PART
from model.sse import md5_hex

LONG = bytes(70_000)
LARGE = b"m" * (5 * 1024 * 1024)
RIGHT, WRONG = checksum("SHA256"), checksum("SHA256", b"other data")
BEGUN = given(create(), begin(checksum_algorithm="SHA256"))
PLAIN = given(create(), begin())
SENT = given(*BEGUN.steps, part(checksum_sha256=RIGHT))
UNDER_SSE_C = given(
    create(),
    begin(checksum_algorithm="SHA256", **customer()),
    part(checksum_sha256=RIGHT, **customer()),
)
SHOWN = Require("x-amz-checksum-sha256", Equals(RIGHT, wrong=WRONG))
REFUSED = MayRefuse((ANY_400,))


def lists(*checksums: tuple[str, str], number: int = 1, etag: str = MD5) -> bytes:
    """Return the document that lists a part with these checksums."""
    return write_completion([ListedPart(number, f'"{etag}"', checksums)])


AS_SENT = lists(("ChecksumSHA256", RIGHT))


# What the answer to a part shows.


@fires("checksums/part-shows-the-sent-checksum")
def test_a_part_shows_the_checksum_that_was_sent() -> Situation:
    return BEGUN.when(part(checksum_sha256=RIGHT)).then(SHOWN)


@fires("checksums/part-shows-the-sent-checksum")
def test_a_part_under_a_customer_key_shows_the_checksum_that_was_sent() -> Situation:
    request = part("2", checksum_sha256=RIGHT, checksum_algorithm="SHA256", **customer())
    return UNDER_SSE_C.when(request).then(SHOWN)


@fires("checksums/part-shows-the-sent-checksum")
def test_a_part_of_an_upload_with_a_checksum_type_shows_the_checksum_that_was_sent() -> Situation:
    begun = begin(checksum_algorithm="CRC64NVME", checksum_type="FULL_OBJECT")
    value = checksum("CRC64NVME")
    wrong = checksum("CRC64NVME", b"other data")
    shown = Require("x-amz-checksum-crc64nvme", Equals(value, wrong=wrong))
    return given(create(), begun).when(part(checksum_crc64nvme=value)).then(shown)


@silent("checksums/part-shows-the-sent-checksum")
def test_a_checksum_of_another_algorithm_need_not_be_shown() -> Situation:
    return BEGUN.when(part(checksum_crc32=checksum("CRC32")))


@silent("checksums/part-shows-the-sent-checksum")
def test_a_checksum_need_not_be_shown_of_an_upload_begun_without_an_algorithm() -> Situation:
    return PLAIN.when(part(checksum_sha256=RIGHT))


@silent("checksums/part-shows-the-sent-checksum")
def test_where_no_checksum_was_sent_with_a_part_none_need_be_shown() -> Situation:
    return BEGUN.when(part())


# A wrong one.


@fires("checksums/wrong-part-checksum-is-refused")
def test_a_part_with_a_checksum_of_other_data_is_refused() -> Situation:
    return BEGUN.when(part(checksum_sha256=WRONG)).then(
        Refuse((BAD_DIGEST,)), answered=(BAD_DIGEST,)
    )


@fires("checksums/wrong-part-checksum-is-refused")
def test_a_part_with_a_checksum_of_other_data_is_refused_under_kms() -> Situation:
    begun = begin(checksum_algorithm="CRC32C", sse="aws:kms", kms_key_id=KEY_ID)
    wrong = checksum("CRC32C", b"other data")
    request = part(checksum_crc32c=wrong)
    return given(create(), begun).when(request).then(Refuse((BAD_DIGEST,)))


@silent("checksums/wrong-part-checksum-is-refused")
def test_a_part_with_its_own_checksum_is_not_refused() -> Situation:
    return BEGUN.when(part(checksum_sha256=RIGHT))


@silent("checksums/wrong-part-checksum-is-refused")
def test_of_a_malformed_checksum_of_a_part_it_is_not_said_that_it_is_wrong() -> Situation:
    return BEGUN.when(part(checksum_sha256="???"))


@silent("checksums/wrong-part-checksum-is-refused")
def test_of_a_checksum_of_a_part_with_stray_bits_it_is_not_said_that_it_is_wrong() -> Situation:
    begun = given(create(), begin(checksum_algorithm="CRC32"))
    return begun.when(part(checksum_crc32="y/Q5Jh==")).then(answered=(ANY_400,))


@silent("checksums/wrong-part-checksum-is-refused")
def test_of_a_wrong_checksum_of_another_algorithm_nothing_is_said() -> Situation:
    return BEGUN.when(part(checksum_crc32=checksum("CRC32", b"other data")))


@silent("checksums/wrong-part-checksum-is-refused")
def test_of_a_long_part_it_is_not_known_whether_its_checksum_is_wrong() -> Situation:
    steps = (create(), begin(checksum_algorithm="CRC32C"))
    return given(*steps).when(part(body=LONG, checksum_crc32c=checksum("CRC32C")))


# A completion.


@fires("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_completion_with_the_checksum_of_its_part_is_done() -> Situation:
    return SENT.when(complete_with(AS_SENT)).then(Succeed())


@fires("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_completion_with_checksums_is_done_in_a_bucket_with_a_default_encryption() -> Situation:
    steps = (create(), put_default("aws:kms", KEY_ID), begin(checksum_algorithm="SHA256"))
    upload, etag = md5_hex(b"answer 2"), etag_of(3)
    sent = part(checksum_sha256=RIGHT, upload=upload)
    document = lists(("ChecksumSHA256", RIGHT), etag=etag)
    request = complete_with(document, upload=upload)
    return given(*steps, sent).when(request).then(Succeed())


@fires("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_completion_with_checksums_is_done_with_the_customer_key() -> Situation:
    document = lists(("ChecksumSHA256", RIGHT), etag=etag_of(2))
    return UNDER_SSE_C.when(complete_with(document, **customer())).then(Succeed())


@fires("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_completion_with_the_checksums_of_two_parts_is_done() -> Situation:
    first, second = checksum("CRC32", LARGE), checksum("CRC32")
    steps = (
        create(),
        begin(checksum_algorithm="CRC32"),
        part(body=LARGE, checksum_crc32=first),
        part("2", checksum_crc32=second),
    )
    listed = [
        ListedPart(1, f'"{md5_hex(LARGE)}"', (("ChecksumCRC32", first),)),
        ListedPart(2, f'"{MD5}"', (("ChecksumCRC32", second),)),
    ]
    return given(*steps).when(complete_with(write_completion(listed))).then(Succeed())


@silent("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_completion_with_another_checksum_need_not_be_done() -> Situation:
    return SENT.when(complete_with(lists(("ChecksumSHA256", WRONG))))


@silent("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_completion_without_checksums_need_not_be_done_for_its_checksums() -> Situation:
    return SENT.when(complete())


@silent("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_completion_with_checksums_need_not_be_done_without_the_customer_key() -> Situation:
    document = lists(("ChecksumSHA256", RIGHT), etag=etag_of(2))
    return UNDER_SSE_C.when(complete_with(document))


@silent("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_completion_with_checksums_need_not_be_done_with_another_customer_key() -> Situation:
    document = lists(("ChecksumSHA256", RIGHT), etag=etag_of(2))
    return UNDER_SSE_C.when(complete_with(document, **customer(OTHER_CUSTOMER_KEY)))


@silent("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_completion_with_checksums_need_not_be_done_where_an_algorithm_is_named() -> Situation:
    return SENT.when(complete_with(AS_SENT, sse="AES256"))


@silent("checksums/completion-with-checksums-of-its-parts-is-done")
def test_of_an_upload_with_a_checksum_type_it_is_not_said_what_is_to_be_listed() -> Situation:
    begun = begin(checksum_algorithm="SHA256", checksum_type="COMPOSITE")
    steps = (create(), begun, part(checksum_sha256=RIGHT))
    return given(*steps).when(complete_with(AS_SENT))


@silent("checksums/completion-with-checksums-of-its-parts-is-done")
def test_of_parts_that_do_not_begin_with_the_first_it_is_not_said_that_they_will_do() -> Situation:
    steps = (*BEGUN.steps, part("2", checksum_sha256=RIGHT))
    return given(*steps).when(complete_with(lists(("ChecksumSHA256", RIGHT), number=2)))


@silent("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_part_that_was_sent_with_a_checksum_of_another_algorithm_need_not_do() -> Situation:
    value = checksum("CRC32")
    steps = (*BEGUN.steps, part(checksum_crc32=value))
    return given(*steps).when(complete_with(lists(("ChecksumCRC32", value))))


@silent("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_checksum_of_a_part_that_was_sent_without_one_need_not_do() -> Situation:
    return given(*BEGUN.steps, part()).when(complete_with(AS_SENT))


@silent("checksums/completion-with-checksums-of-its-parts-is-done")
def test_a_completion_of_no_upload_that_is_known_need_not_be_done_for_its_checksums() -> Situation:
    return SENT.when(complete_with(AS_SENT, upload="no-such-upload"))


# What may be refused.


@fires("allowance/odd-checksum-of-an-upload")
def test_an_upload_with_an_unknown_algorithm_may_be_refused() -> Situation:
    return given(create()).when(begin(checksum_algorithm="MD4")).then(REFUSED)


@fires("allowance/odd-checksum-of-an-upload")
def test_an_upload_with_a_type_that_does_not_go_with_its_algorithm_may_be_refused() -> Situation:
    request = begin(checksum_algorithm="SHA256", checksum_type="FULL_OBJECT")
    return given(create()).when(request).then(REFUSED)


@fires("allowance/odd-checksum-of-an-upload")
def test_an_upload_with_a_checksum_type_alone_may_be_refused() -> Situation:
    return given(create()).when(begin(checksum_type="COMPOSITE")).then(REFUSED)


@silent("allowance/odd-checksum-of-an-upload")
def test_an_upload_with_an_algorithm_may_not_be_refused_for_it() -> Situation:
    return given(create()).when(begin(checksum_algorithm="SHA256"))


@silent("allowance/odd-checksum-of-an-upload")
def test_an_upload_with_a_type_that_goes_with_its_algorithm_may_not_be_refused() -> Situation:
    return given(create()).when(begin(checksum_algorithm="CRC32", checksum_type="FULL_OBJECT"))


@silent("allowance/odd-checksum-of-an-upload")
def test_an_upload_without_an_algorithm_may_not_be_refused() -> Situation:
    return given(create()).when(begin())


@fires("allowance/odd-checksum-of-a-part")
def test_a_part_with_a_checksum_of_another_algorithm_may_be_refused() -> Situation:
    return BEGUN.when(part(checksum_crc32=checksum("CRC32"))).then(REFUSED)


@fires("allowance/odd-checksum-of-a-part")
def test_a_part_without_a_checksum_may_be_refused_where_the_upload_has_an_algorithm() -> Situation:
    return BEGUN.when(part()).then(REFUSED)


@fires("allowance/odd-checksum-of-a-part")
def test_a_copied_part_may_be_refused_where_the_upload_has_an_algorithm() -> Situation:
    return BEGUN.when(part_copy()).then(REFUSED)


@fires("allowance/odd-checksum-of-a-part")
def test_a_part_with_a_checksum_may_be_refused_where_the_upload_has_no_algorithm() -> Situation:
    return PLAIN.when(part(checksum_sha256=RIGHT)).then(REFUSED)


@fires("allowance/odd-checksum-of-a-part")
def test_a_part_with_a_malformed_checksum_may_be_refused() -> Situation:
    return BEGUN.when(part(checksum_sha256="???")).then(REFUSED)


@fires("allowance/odd-checksum-of-a-part")
def test_a_part_that_names_another_algorithm_than_that_of_its_checksum_may_be_refused() -> (
    Situation
):
    return BEGUN.when(part(checksum_sha256=RIGHT, checksum_algorithm="SHA1")).then(REFUSED)


@fires("allowance/odd-checksum-of-a-part")
def test_a_part_with_a_checksum_behind_its_data_may_be_refused() -> Situation:
    request = part(checksum_sha256=RIGHT, trailer="x-amz-checksum-sha256")
    return BEGUN.when(request).then(REFUSED)


@fires("allowance/odd-checksum-of-a-part")
def test_a_part_of_an_upload_with_an_unknown_algorithm_may_be_refused() -> Situation:
    steps = (create(), begin(checksum_algorithm="MD4"))
    return given(*steps).when(part(checksum_sha256=RIGHT)).then(REFUSED)


@silent("allowance/odd-checksum-of-a-part")
def test_a_part_with_the_checksum_of_its_upload_may_not_be_refused() -> Situation:
    return BEGUN.when(part(checksum_sha256=RIGHT))


@silent("allowance/odd-checksum-of-a-part")
def test_a_part_without_a_checksum_may_not_be_refused_where_none_was_asked_for() -> Situation:
    return PLAIN.when(part())


@fires("allowance/odd-checksums-of-a-completion")
def test_a_completion_with_a_wrong_checksum_may_be_refused() -> Situation:
    return SENT.when(complete_with(lists(("ChecksumSHA256", WRONG)))).then(REFUSED)


@fires("allowance/odd-checksums-of-a-completion")
def test_a_completion_without_checksums_may_be_refused_where_the_upload_has_them() -> Situation:
    return SENT.when(complete()).then(REFUSED)


@fires("allowance/odd-checksums-of-a-completion")
def test_a_completion_with_checksums_may_be_refused_where_the_upload_has_none() -> Situation:
    steps = (*PLAIN.steps, part())
    return given(*steps).when(complete_with(AS_SENT)).then(REFUSED)


@fires("allowance/odd-checksums-of-a-completion")
def test_a_completion_with_checksums_of_no_upload_may_be_refused_for_them() -> Situation:
    return SENT.when(complete_with(AS_SENT, upload="no-such-upload")).then(REFUSED)


@fires("allowance/odd-checksums-of-a-completion")
def test_a_completion_with_checksums_may_fail_where_part_numbers_are_left_out() -> Situation:
    steps = (*BEGUN.steps, part("2", checksum_sha256=RIGHT))
    request = complete_with(lists(("ChecksumSHA256", RIGHT), number=2))
    return given(*steps).when(request).then(MayRefuse((ANY_400, INTERNAL_ERROR)))


@silent("allowance/odd-checksums-of-a-completion")
def test_a_completion_with_the_checksum_of_its_part_may_not_be_refused() -> Situation:
    return SENT.when(complete_with(AS_SENT))


@silent("allowance/odd-checksums-of-a-completion")
def test_a_completion_without_checksums_may_not_be_refused_where_none_were_asked_for() -> Situation:
    return given(*PLAIN.steps, part()).when(complete())


# How it goes together with the other clauses.


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "SHA1", "SHA256"])
def test_a_whole_upload_with_checksums_can_only_be_done(algorithm: str) -> None:
    value, name = checksum(algorithm), algorithm.lower()
    headers: dict[str, Any] = {f"checksum_{name}": value}
    sent = part(**headers)
    situation = given(create(), begin(checksum_algorithm=algorithm)).when(sent)
    completion = complete_with(lists((BY_NAME[algorithm].element, value)))
    done = given(*situation.steps, sent).when(completion)
    for one in (situation, done):
        outcomes = predict(one.world, one.request).outcomes
        assert [type(outcome) for outcome in outcomes] == [SuccessOutcome]


def test_a_wrong_etag_is_refused_beside_right_checksums() -> None:
    document = lists(("ChecksumSHA256", RIGHT), etag=md5_hex(b"another"))
    (outcome,) = predict(SENT.when(complete_with(document)).world, complete_with(document)).outcomes
    assert isinstance(outcome, RefusalOutcome)
    assert outcome.errors == (INVALID_PART,)


def test_every_algorithm_is_one_that_an_upload_can_be_begun_with() -> None:
    for algorithm in ALGORITHMS:
        request = begin(checksum_algorithm=algorithm.name)
        situation = given(create()).when(request)
        (outcome,) = predict(situation.world, request).outcomes
        assert isinstance(outcome, SuccessOutcome)
