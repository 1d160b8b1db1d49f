"""Checksums of objects under every kind of encryption."""

from __future__ import annotations

import hashlib

from model.checksums import (
    ALGORITHMS,
    BY_NAME,
    CHECKSUM_TYPE,
    CRC64NVME,
    checksums_of_parts,
)
from model.clause import MayRefuse, Refuse, Require
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    KEY_ID,
    OBJECT,
    Situation,
    base64_of,
    copy,
    create,
    customer,
    disable,
    fires,
    get,
    given,
    head,
    put,
    silent,
    source_customer,
)
from model.clauses.tests.words_directory import in_directory, session, write
from model.clauses.tests.words_forms import checksum, post
from model.clauses.tests.words_multipart import MD5, begin, complete, part
from model.matchers import AbsentOr, Equals
from model.open_matchers import AbsentOrOneOf
from model.s3_errors import ANY_400, BAD_DIGEST
from model.sse import md5_hex

NEW = given(create())
STORED = given(create(), put())
UNDER_SSE_C = given(create(), put(**customer()))
UNDER_KMS = given(create(), put(sse="aws:kms", kms_key_id=KEY_ID))
WHOLE = Require(CHECKSUM_TYPE, Equals("FULL_OBJECT"))
LONG = bytes(70_000)
LARGE = b"m" * (5 * 1024 * 1024)


def shows(name: str, data: bytes = DATA) -> Require:
    return Require(BY_NAME[name].header, Equals(checksum(name, data)))


DEFAULT = shows("CRC64NVME")
STRAY = "y/Q5Jh=="
"""Base64 with bits that stand for nothing: an encoder writes y/Q5Jg== for these bytes."""


def if_shown(*left_out: str, data: bytes = DATA) -> tuple[Require, ...]:
    """Return the demands on checksums that need not be shown, but for those left out."""
    return tuple(
        Require(
            one.header,
            AbsentOr(checksum(one.name, data), wrong=checksum(one.name, b"other data")),
        )
        for one in ALGORITHMS
        if one.name not in left_out
    )


@fires("checksums/sent-checksum-is-shown")
def test_a_checksum_that_was_sent_is_shown() -> Situation:
    return NEW.when(put(checksum_sha256=checksum("SHA256"))).then(shows("SHA256"))


@fires("checksums/sent-checksum-is-shown")
def test_a_checksum_that_was_sent_is_shown_under_a_customer_key() -> Situation:
    request = put(checksum_crc32c=checksum("CRC32C"), **customer())
    return NEW.when(request).then(shows("CRC32C"))


@silent("checksums/sent-checksum-is-shown")
def test_of_several_checksums_none_need_be_shown() -> Situation:
    request = put(checksum_sha1=checksum("SHA1"), checksum_sha256=checksum("SHA256"))
    return NEW.when(request)


@silent("checksums/sent-checksum-is-shown")
def test_where_none_was_sent_none_that_was_sent_is_shown() -> Situation:
    return NEW.when(put())


@fires("checksums/crc64nvme-without-a-sent-one")
def test_without_a_sent_checksum_crc64nvme_is_shown() -> Situation:
    return NEW.when(put()).then(DEFAULT, WHOLE)


@fires("checksums/crc64nvme-without-a-sent-one")
def test_it_is_shown_of_a_form_with_a_customer_key() -> Situation:
    return NEW.when(post(**customer())).then(DEFAULT, WHOLE)


@silent("checksums/crc64nvme-without-a-sent-one")
def test_with_a_sent_checksum_that_alone_is_shown() -> Situation:
    return NEW.when(put(checksum_crc32=checksum("CRC32")))


@silent("checksums/crc64nvme-without-a-sent-one")
def test_of_long_data_it_is_not_worked_out() -> Situation:
    return NEW.when(put(body=LONG))


@silent("checksums/crc64nvme-without-a-sent-one")
def test_a_checksum_behind_the_data_is_one_that_was_sent() -> Situation:
    return NEW.when(put(trailer="x-amz-checksum-crc32"))


@fires("checksums/wrong-checksum-is-refused")
def test_a_checksum_of_other_data_is_refused() -> Situation:
    wrong = checksum("CRC32", b"other")
    return NEW.when(put(checksum_crc32=wrong)).then(Refuse((BAD_DIGEST,)))


@fires("checksums/wrong-checksum-is-refused")
def test_a_checksum_of_other_data_is_refused_under_a_customer_key() -> Situation:
    wrong = checksum("CRC64NVME", b"other")
    request = put(checksum_crc64nvme=wrong, **customer())
    return NEW.when(request).then(Refuse((BAD_DIGEST,)), answered=(BAD_DIGEST,))


@fires("checksums/wrong-checksum-is-refused")
def test_a_checksum_of_other_data_is_refused_in_a_directory_bucket() -> Situation:
    wrong = write(1, checksum_crc32=checksum("CRC32", b"other"))
    return in_directory(session()).when(wrong).then(Refuse((ANY_400,)), answered=(ANY_400,))


@silent("checksums/wrong-checksum-is-refused")
def test_of_which_data_the_checksum_of_an_append_is_is_not_said() -> Situation:
    wrong = checksum("CRC32", b"other")
    after = in_directory(session(), write(1))
    return after.when(write(1, checksum_crc32=wrong, write_offset=str(len(DATA))))


@silent("checksums/wrong-checksum-is-refused")
def test_a_right_checksum_is_not_refused() -> Situation:
    return NEW.when(put(checksum_crc32=checksum("CRC32")))


@silent("checksums/wrong-checksum-is-refused")
def test_of_a_malformed_checksum_it_is_not_said_that_it_is_wrong() -> Situation:
    return NEW.when(put(checksum_crc32="???"))


@silent("checksums/wrong-checksum-is-refused")
def test_of_a_checksum_with_stray_bits_it_is_not_said_that_it_is_wrong() -> Situation:
    return NEW.when(put(checksum_crc32=STRAY)).then(answered=(ANY_400,))


@silent("checksums/wrong-checksum-is-refused")
def test_of_long_data_it_is_not_known_whether_it_is_wrong() -> Situation:
    return NEW.when(put(body=LONG, checksum_crc32c=checksum("CRC32C")))


@fires("checksums/shown-when-asked-for")
def test_the_worked_out_checksum_is_shown_when_asked_for() -> Situation:
    return STORED.when(head(checksum_mode="ENABLED")).then(DEFAULT)


@fires("checksums/shown-when-asked-for")
def test_the_sent_checksum_of_a_kms_object_is_shown_when_asked_for() -> Situation:
    steps = (create(), put(sse="aws:kms", checksum_sha1=checksum("SHA1")))
    return given(*steps).when(get(checksum_mode="ENABLED")).then(shows("SHA1"))


@silent("checksums/shown-when-asked-for")
def test_a_checksum_that_nobody_asked_for_need_not_be_shown() -> Situation:
    return STORED.when(head())


@silent("checksums/shown-when-asked-for")
def test_a_range_need_not_show_the_checksum_of_the_whole() -> Situation:
    return STORED.when(get(checksum_mode="ENABLED", range="bytes=0-3"))


@silent("checksums/shown-when-asked-for")
def test_under_a_key_that_cannot_be_used_no_checksum_need_be_shown() -> Situation:
    steps = (*UNDER_KMS.steps, disable())
    return given(*steps).when(head(checksum_mode="ENABLED"))


@silent("checksums/shown-when-asked-for")
def test_of_long_data_no_checksum_is_known() -> Situation:
    return given(create(), put(body=LONG)).when(head(checksum_mode="ENABLED"))


@silent("checksums/shown-when-asked-for")
def test_under_a_customer_key_another_clause_speaks() -> Situation:
    return UNDER_SSE_C.when(head(checksum_mode="ENABLED", **customer()))


@fires("checksums/customer-key-shows-it")
def test_with_its_customer_key_the_checksum_is_shown() -> Situation:
    return UNDER_SSE_C.when(head(checksum_mode="ENABLED", **customer())).then(DEFAULT)


@silent("checksums/customer-key-shows-it")
def test_with_its_customer_key_a_checksum_is_shown_when_asked_for_alone() -> Situation:
    return UNDER_SSE_C.when(get(**customer()))


@silent("checksums/customer-key-shows-it")
def test_without_a_customer_key_another_clause_speaks() -> Situation:
    return STORED.when(get(checksum_mode="ENABLED"))


@fires("checksums/copy-keeps-the-algorithm")
def test_a_copy_under_kms_shows_a_checksum_of_the_sources_kind() -> Situation:
    steps = (create(), put(checksum_sha1=checksum("SHA1")))
    return given(*steps).when(copy(sse="aws:kms")).then(shows("SHA1"))


@fires("checksums/copy-keeps-the-algorithm")
def test_a_copy_from_a_customer_key_shows_the_worked_out_checksum() -> Situation:
    return UNDER_SSE_C.when(copy(**source_customer())).then(DEFAULT)


@silent("checksums/copy-keeps-the-algorithm")
def test_a_copy_that_names_an_algorithm_does_not_keep_the_other() -> Situation:
    return STORED.when(copy(checksum_algorithm="SHA256"))


@silent("checksums/copy-keeps-the-algorithm")
def test_of_a_copy_of_long_data_no_checksum_is_known() -> Situation:
    return given(create(), put(body=LONG)).when(copy())


@fires("checksums/copy-uses-the-algorithm-asked-for")
def test_a_copy_shows_a_checksum_of_the_kind_asked_for() -> Situation:
    request = copy(checksum_algorithm="SHA256", **customer())
    return STORED.when(request).then(shows("SHA256"))


@silent("checksums/copy-uses-the-algorithm-asked-for")
def test_an_unknown_algorithm_is_not_used() -> Situation:
    return STORED.when(copy(checksum_algorithm="MD5"))


@silent("checksums/copy-uses-the-algorithm-asked-for")
def test_of_long_data_the_checksum_of_a_copy_is_not_worked_out() -> Situation:
    steps = (create(), put(body=LONG, checksum_sha1=checksum("SHA1", LONG)))
    return given(*steps).when(copy(checksum_algorithm="CRC32C"))


@fires("checksums/shown-checksum-is-of-the-data")
def test_a_checksum_that_is_shown_of_a_put_is_of_its_data() -> Situation:
    return NEW.when(put()).then(*if_shown("CRC64NVME"))


@fires("checksums/shown-checksum-is-of-the-data")
def test_a_checksum_that_is_shown_beside_the_one_asked_for_is_of_the_data() -> Situation:
    return STORED.when(head(checksum_mode="ENABLED")).then(*if_shown("CRC64NVME"))


@fires("checksums/shown-checksum-is-of-the-data")
def test_a_checksum_that_is_shown_of_a_kms_object_is_of_its_data() -> Situation:
    return UNDER_KMS.when(get()).then(*if_shown())


@fires("checksums/shown-checksum-is-of-the-data")
def test_of_long_data_only_some_checksums_are_worked_out() -> Situation:
    steps = (create(), put(body=LONG, checksum_sha1=checksum("SHA1", LONG)))
    others = ("CRC32C", "CRC64NVME")
    return given(*steps).when(get()).then(*if_shown(*others, data=LONG))


@silent("checksums/shown-checksum-is-of-the-data")
def test_a_checksum_that_a_range_shows_is_not_looked_at() -> Situation:
    return STORED.when(get(range="bytes=0-3"))


@silent("checksums/shown-checksum-is-of-the-data")
def test_of_an_object_with_unknown_checksums_none_is_looked_at() -> Situation:
    return given(create(), put(trailer="x-amz-checksum-sha1")).when(head())


@fires("checksums/shown-type-is-full-object")
def test_the_type_that_is_shown_of_an_object_written_at_once_is_full_object() -> Situation:
    whole = AbsentOr("FULL_OBJECT", wrong="COMPOSITE")
    return STORED.when(get()).then(Require(CHECKSUM_TYPE, whole))


@silent("checksums/shown-type-is-full-object")
def test_of_an_object_with_unknown_checksums_the_type_is_not_known() -> Situation:
    return given(create(), put(trailer="x-amz-checksum-sha1")).when(get())


@fires("allowance/odd-checksums")
def test_a_malformed_checksum_may_be_refused() -> Situation:
    return NEW.when(put(checksum_crc32="???")).then(MayRefuse((ANY_400,)))


@fires("allowance/odd-checksums")
def test_a_checksum_with_stray_bits_may_be_refused() -> Situation:
    return NEW.when(put(body=b"123456789", checksum_crc32=STRAY)).then(MayRefuse((ANY_400,)))


@fires("allowance/odd-checksums")
def test_an_algorithm_without_a_checksum_may_be_refused() -> Situation:
    return NEW.when(put(checksum_algorithm="CRC32")).then(MayRefuse((ANY_400,)))


@fires("allowance/odd-checksums")
def test_an_algorithm_beside_a_checksum_of_another_may_be_refused() -> Situation:
    request = put(checksum_algorithm="CRC32", checksum_sha1=checksum("SHA1"))
    return NEW.when(request).then(MayRefuse((ANY_400,)))


@silent("allowance/odd-checksums")
def test_an_algorithm_beside_its_checksum_may_not_be_refused() -> Situation:
    return NEW.when(put(checksum_algorithm="CRC32", checksum_crc32=checksum("CRC32")))


@fires("allowance/odd-checksums")
def test_several_checksums_may_be_refused() -> Situation:
    request = put(checksum_sha1=checksum("SHA1"), checksum_sha256=checksum("SHA256"))
    return NEW.when(request).then(MayRefuse((ANY_400,)))


@fires("allowance/odd-checksums")
def test_a_checksum_in_a_form_may_be_refused() -> Situation:
    return NEW.when(post(checksum_crc32=checksum("CRC32"))).then(MayRefuse((ANY_400,)))


@fires("allowance/odd-checksums")
def test_a_copy_with_an_unknown_algorithm_may_be_refused() -> Situation:
    return STORED.when(copy(checksum_algorithm="MD5")).then(MayRefuse((ANY_400,)))


@silent("allowance/odd-checksums")
def test_a_right_checksum_may_not_be_refused() -> Situation:
    return NEW.when(put(checksum_crc32=checksum("CRC32")))


@silent("allowance/odd-checksums")
def test_a_copy_with_a_known_algorithm_may_not_be_refused_for_it() -> Situation:
    return STORED.when(copy(f"{BUCKET}/{OBJECT}", checksum_algorithm=CRC64NVME.name))


TWO_PARTS = given(
    create(), begin(), part(body=LARGE), part("2"), complete((1, md5_hex(LARGE)), (2, MD5))
)
ONE_PART = given(create(), begin(), part(), complete())


def of_parts(*parts: bytes, named: tuple[str, ...]) -> tuple[Require, ...]:
    """Return the demands on the checksums of an object that was uploaded in these parts."""
    return tuple(
        Require(
            BY_NAME[name].header,
            AbsentOrOneOf(
                checksums_of_parts(parts, BY_NAME[name]), wrong=checksum(name, b"other data")
            ),
        )
        for name in named
    )


@fires("checksums/checksum-of-an-upload-is-of-its-parts")
def test_a_checksum_of_an_upload_of_one_part_is_of_its_data_or_made_of_the_parts() -> Situation:
    every = tuple(one.name for one in ALGORITHMS)
    return ONE_PART.when(head(checksum_mode="ENABLED")).then(*of_parts(DATA, named=every))


@fires("checksums/checksum-of-an-upload-is-of-its-parts")
def test_of_long_uploads_only_some_checksums_are_worked_out() -> Situation:
    request = get(checksum_mode="ENABLED")
    return TWO_PARTS.when(request).then(*of_parts(LARGE, DATA, named=("CRC32", "SHA1", "SHA256")))


@silent("checksums/checksum-of-an-upload-is-of-its-parts")
def test_a_part_of_an_upload_has_a_checksum_of_its_own() -> Situation:
    return ONE_PART.when(head(part_number="1", checksum_mode="ENABLED"))


@silent("checksums/checksum-of-an-upload-is-of-its-parts")
def test_what_was_written_at_once_has_no_parts() -> Situation:
    return STORED.when(get(checksum_mode="ENABLED"))


def test_a_checksum_made_of_parts_tells_their_number() -> None:
    sha256 = BY_NAME["SHA256"]
    digests = hashlib.sha256(b"a").digest() + hashlib.sha256(b"b").digest()
    made = base64_of(hashlib.sha256(digests).digest())
    assert checksums_of_parts([b"a", b"b"], sha256) == (
        checksum("SHA256", b"ab"),
        f"{made}-2",
        made,
    )
    matcher = AbsentOrOneOf(("x", "y"), wrong="z")
    assert matcher.text == "absent, or x or y"
    assert [matcher.accepts(v) for v in (None, "x", "y", "z")] == [True, True, True, False]
    assert (matcher.answer(""), matcher.contrary("")) == (None, "z")
