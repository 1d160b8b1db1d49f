"""Examples beside ``model/clauses/object_attributes.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.clause import MayRefuse, Require
from model.clauses.tests.notation import (
    DATA,
    OTHER_CUSTOMER_KEY,
    create,
    customer,
    fires,
    given,
    put,
    silent,
)
from model.clauses.tests.words_versioning import NEW, OLDER, TWO, attributes
from model.matchers import Absent, Equals
from model.request import ENCRYPTION_HEADERS
from model.s3_errors import ACCESS_DENIED, INVALID_ARGUMENT, INVALID_REQUEST
from model.sse import md5_hex

if TYPE_CHECKING:
    from model.clauses.tests.notation import Situation

WRITTEN = given(create(), put())
UNDER_KEY = given(create(), put(**customer()))
MD5 = md5_hex(DATA)


def size(length: int) -> Require:
    return Require("ObjectSize", Equals(str(length), wrong=str(length + 16)))


@fires("object-attributes/etag-has-no-quotation-marks")
def test_the_attribute_is_the_etag_alone() -> Situation:
    return WRITTEN.when(attributes("ETag")).then(Require("ETag", Equals(MD5, wrong=f'"{MD5}"')))


@silent("object-attributes/etag-has-no-quotation-marks")
def test_an_etag_that_is_not_asked_for_is_not_expected() -> Situation:
    return WRITTEN.when(attributes("ObjectSize"))


@silent("object-attributes/etag-has-no-quotation-marks")
def test_a_missing_object_has_no_etag() -> Situation:
    return NEW.when(attributes())


@fires("object-attributes/size-is-that-of-the-data")
def test_the_size_is_that_of_the_data() -> Situation:
    return WRITTEN.when(attributes()).then(size(len(DATA)))


@fires("object-attributes/size-is-that-of-the-data")
def test_the_size_is_that_of_the_version_that_is_named() -> Situation:
    return TWO.when(attributes("ObjectSize", version_id=OLDER)).then(size(len(DATA)))


@silent("object-attributes/size-is-that-of-the-data")
def test_beside_an_unknown_attribute_nothing_is_expected() -> Situation:
    return WRITTEN.when(attributes("ObjectSize,Color"))


@fires("object-attributes/no-encryption-is-shown")
def test_attributes_show_no_encryption() -> Situation:
    headers = [Require(name, Absent("AES256")) for name in ENCRYPTION_HEADERS]
    elements = Require("encryption elements", Absent("ServerSideEncryption"))
    return WRITTEN.when(attributes()).then(*headers, elements)


@silent("object-attributes/no-encryption-is-shown")
def test_a_write_is_no_question_of_attributes() -> Situation:
    return NEW.when(put())


@fires("allowance/attributes-with-another-key")
def test_another_key_gets_403_or_400() -> Situation:
    allowed = MayRefuse((INVALID_REQUEST, INVALID_ARGUMENT))
    asked = attributes(**customer(OTHER_CUSTOMER_KEY))
    answered = (ACCESS_DENIED, INVALID_REQUEST, INVALID_ARGUMENT)
    return UNDER_KEY.when(asked).then(allowed, answered=answered)


@silent("allowance/attributes-with-another-key")
def test_the_key_itself_is_no_question() -> Situation:
    return UNDER_KEY.when(attributes(**customer()))


@silent("allowance/attributes-with-another-key")
def test_an_object_under_no_key_has_no_other() -> Situation:
    return WRITTEN.when(attributes(**customer()))


@fires("allowance/attributes-with-a-key-of-no-use")
def test_a_key_for_an_object_under_none_may_be_refused() -> Situation:
    return WRITTEN.when(attributes(**customer())).then(MayRefuse((INVALID_REQUEST,)))


@silent("allowance/attributes-with-a-key-of-no-use")
def test_a_key_is_of_use_for_an_object_under_it() -> Situation:
    return UNDER_KEY.when(attributes(**customer()))


@silent("allowance/attributes-with-a-key-of-no-use")
def test_without_a_key_none_is_of_no_use() -> Situation:
    return WRITTEN.when(attributes())


@fires("allowance/attributes-without-the-key-md5")
def test_a_key_without_its_md5_may_be_refused() -> Situation:
    asked = attributes(**customer(customer_key_md5=None))
    return UNDER_KEY.when(asked).then(MayRefuse((INVALID_ARGUMENT, INVALID_REQUEST)))


@silent("allowance/attributes-without-the-key-md5")
def test_without_a_key_there_is_no_md5_to_leave_out() -> Situation:
    return WRITTEN.when(attributes())
