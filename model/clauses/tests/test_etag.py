"""ETags and the MD5 of the data."""

from __future__ import annotations

from model.answer import ETAG
from model.clause import Require
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    OBJECT,
    UNKNOWN,
    Situation,
    copy,
    create,
    customer,
    fires,
    get,
    given,
    put,
    silent,
    source_customer,
)
from model.matchers import Md5Of, Md5Shape, NotMd5Of
from model.sse import SseS3
from model.stored import ObjectVersion

NEW = given(create())
IS_MD5 = Require(ETAG, Md5Of(DATA))
IS_NOT = Require(ETAG, NotMd5Of(DATA))


@fires("etag/sse-s3-is-the-md5")
def test_an_object_under_sse_s3_has_the_md5_of_its_data() -> Situation:
    return NEW.when(put()).then(IS_MD5)


@fires("etag/sse-s3-is-the-md5")
def test_a_copy_of_a_kms_object_under_sse_s3_has_the_md5_of_its_data() -> Situation:
    return given(create(), put(sse="aws:kms")).when(copy()).then(IS_MD5)


@silent("etag/sse-s3-is-the-md5")
def test_an_object_under_sse_kms_has_not_the_md5() -> Situation:
    return NEW.when(put(sse="aws:kms"))


@silent("etag/sse-s3-is-the-md5")
def test_a_copy_of_data_that_nobody_knows_has_an_md5_that_nobody_knows() -> Situation:
    start = UNKNOWN.with_object(BUCKET, OBJECT, ObjectVersion(encryption=SseS3(), body=None))
    return given(start=start).when(copy(sse="AES256"))


@fires("etag/sse-kms-is-not-the-md5")
def test_an_object_under_sse_kms_has_another_etag_than_the_md5() -> Situation:
    return NEW.when(put(sse="aws:kms")).then(IS_NOT)


@fires("etag/sse-kms-is-not-the-md5")
def test_a_copy_of_an_sse_s3_object_under_sse_kms_gets_another_etag_than_the_md5() -> Situation:
    return given(create(), put()).when(copy(sse="aws:kms")).then(IS_NOT)


@silent("etag/sse-kms-is-not-the-md5")
def test_of_an_object_under_dsse_it_is_not_said_whether_its_etag_is_the_md5() -> Situation:
    return NEW.when(put(sse="aws:kms:dsse"))


@fires("etag/sse-c-is-not-the-md5")
def test_an_object_under_sse_c_has_another_etag_than_the_md5() -> Situation:
    return NEW.when(put(**customer())).then(IS_NOT)


@silent("etag/sse-c-is-not-the-md5")
def test_a_copy_of_an_sse_c_object_under_sse_s3_is_not_under_sse_c() -> Situation:
    return given(create(), put(**customer())).when(copy(**source_customer()))


@fires("etag/dsse-kms-has-32-digits")
def test_an_object_under_dsse_has_an_etag_of_32_digits() -> Situation:
    return NEW.when(put(sse="aws:kms:dsse")).then(Require(ETAG, Md5Shape()))


@silent("etag/dsse-kms-has-32-digits")
def test_more_is_said_of_an_object_under_sse_kms() -> Situation:
    return NEW.when(put(sse="aws:kms"))


@silent("etag/dsse-kms-has-32-digits")
def test_a_read_shows_the_etag_of_the_write() -> Situation:
    return given(create(), put(sse="aws:kms:dsse")).when(get())
