"""What UpdateObjectEncryption makes of an object, and what it leaves as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import LAST_MODIFIED
from model.clause import Facet, Keep, Law, MayRefuse, Require, Store, Succeed
from model.clauses.tests.notation import (
    EMPTY,
    KEY,
    KEY_ARN,
    KEY_ID,
    NO_KEY_ID,
    OTHER_KEY,
    OTHER_KEY_ARN,
    SIGNING_KEY,
    UNKNOWN,
    Situation,
    create,
    customer,
    disable,
    fires,
    get,
    given,
    put,
    put_default,
    silent,
)
from model.clauses.tests.words_update import OTHER_ACCOUNT_ARN, update, update_document
from model.clauses.updated_object import ANOTHER_DAY
from model.matchers import Equals
from model.s3_errors import ACCESS_DENIED, ANY_400
from model.stored import ObjectVersion
from model.update_document import UpdateText, write_update

if TYPE_CHECKING:
    from model.world import World

PLAIN = given(create(), put())
UNDER_KMS = given(create(), put(sse="aws:kms", kms_key_id=KEY_ID))
DAY = "Thu, 01 Jan 2026 00:00:00 GMT"
UNUSABLE = MayRefuse((ANY_400, ACCESS_DENIED))


@fires("updated-object/sse-s3-and-sse-kms-objects-can-be-updated")
def test_an_sse_s3_object_can_be_brought_under_a_kms_key() -> Situation:
    return PLAIN.when(update()).then(Succeed())


@fires("updated-object/sse-s3-and-sse-kms-objects-can-be-updated")
def test_an_sse_kms_object_can_be_brought_under_another_key() -> Situation:
    return UNDER_KMS.when(update(OTHER_KEY_ARN)).then(Succeed())


@fires("updated-object/sse-s3-and-sse-kms-objects-can-be-updated")
def test_a_bucket_key_can_be_applied_to_an_object_under_the_same_key() -> Situation:
    return UNDER_KMS.when(update(flag="true")).then(Succeed())


@fires("updated-object/sse-s3-and-sse-kms-objects-can-be-updated")
def test_the_null_version_can_be_named() -> Situation:
    return PLAIN.when(update(version_id="null")).then(Succeed())


@silent("updated-object/sse-s3-and-sse-kms-objects-can-be-updated")
def test_an_update_to_a_disabled_key_need_not_succeed() -> Situation:
    return given(create(), put(), disable(KEY_ID)).when(update())


@silent("updated-object/sse-s3-and-sse-kms-objects-can-be-updated")
def test_an_update_from_a_disabled_key_need_not_succeed() -> Situation:
    steps = (create(), put(sse="aws:kms", kms_key_id=KEY_ID), disable(KEY_ID))
    return given(*steps).when(update(OTHER_KEY_ARN))


@silent("updated-object/sse-s3-and-sse-kms-objects-can-be-updated")
def test_an_odd_flag_need_not_be_taken() -> Situation:
    return PLAIN.when(update(flag="1"))


@silent("updated-object/sse-s3-and-sse-kms-objects-can-be-updated")
def test_an_update_without_a_digest_need_not_succeed() -> Situation:
    return PLAIN.when(update_document(write_update(UpdateText(kms_key_arn=KEY_ARN))))


@fires("updated-object/object-becomes-sse-kms")
def test_an_updated_object_is_under_sse_kms() -> Situation:
    return PLAIN.when(update()).then(Store(Facet.ALGORITHM, ("aws:kms",)))


@silent("updated-object/object-becomes-sse-kms")
def test_an_update_that_names_no_key_arn_stores_nothing() -> Situation:
    return PLAIN.when(update(KEY_ID))


@fires("updated-object/named-key-is-used")
def test_an_updated_object_is_under_the_named_key() -> Situation:
    return UNDER_KMS.when(update(OTHER_KEY_ARN)).then(Store(Facet.KMS_KEY, (OTHER_KEY,)))


@silent("updated-object/named-key-is-used")
def test_an_update_without_a_key_uses_none() -> Situation:
    return UNDER_KMS.when(update(None))


@fires("updated-object/bucket-key-is-off-unless-asked-for")
def test_an_update_that_asks_for_a_bucket_key_gets_one() -> Situation:
    return PLAIN.when(update(flag="true")).then(Store(Facet.BUCKET_KEY, (True,)))


@fires("updated-object/bucket-key-is-off-unless-asked-for")
def test_an_update_does_not_take_the_bucket_key_of_the_bucket() -> Situation:
    steps = (create(), put_default("aws:kms", KEY_ID, flag="true"), put())
    return given(*steps).when(update(OTHER_KEY_ARN)).then(Store(Facet.BUCKET_KEY, (False,)))


@silent("updated-object/bucket-key-is-off-unless-asked-for")
def test_what_an_odd_flag_means_is_not_said() -> Situation:
    return PLAIN.when(update(flag="1"))


@silent("updated-object/bucket-key-is-off-unless-asked-for")
def test_an_update_to_another_type_has_no_flag() -> Situation:
    return PLAIN.when(update(types=("SSE-C",)))


@fires("updated-object/keeps-all-else")
def test_an_update_keeps_all_else() -> Situation:
    return PLAIN.when(update()).then(Keep(Law.UPDATED_OBJECT))


@silent("updated-object/keeps-all-else")
def test_where_no_object_is_nothing_is_kept() -> Situation:
    return PLAIN.when(update(object_key="never-written"))


def _read_before_the_update() -> World:
    world = PLAIN.when(get()).world
    version = world.object("bucket", "object")
    assert isinstance(version, ObjectVersion)
    return world.with_object("bucket", "object", replace(version, last_modified=DAY))


@fires("updated-object/last-modified-is-kept")
def test_an_updated_object_has_the_date_that_it_had_before() -> Situation:
    updated = given(update(), start=_read_before_the_update())
    return updated.when(get()).then(Require(LAST_MODIFIED, Equals(DAY, wrong=ANOTHER_DAY)))


@silent("updated-object/last-modified-is-kept")
def test_an_object_that_was_not_updated_may_show_any_date() -> Situation:
    return given(start=_read_before_the_update()).when(get())


@silent("updated-object/last-modified-is-kept")
def test_a_date_that_nobody_saw_is_not_compared() -> Situation:
    return given(create(), put(), update()).when(get())


@fires("updated-object/refused-update-keeps-the-object")
def test_a_refused_update_keeps_the_object() -> Situation:
    return PLAIN.when(update(None)).then(Keep(Law.DESTINATION_OF_REFUSED_WRITE))


@silent("updated-object/refused-update-keeps-the-object")
def test_in_a_bucket_of_which_nothing_is_known_nothing_is_kept() -> Situation:
    return given(start=UNKNOWN).when(update())


@fires("allowance/update-of-which-nothing-is-said")
def test_an_update_to_the_same_key_is_done_or_refused() -> Situation:
    return UNDER_KMS.when(update()).then(MayRefuse((ANY_400,)))


@fires("allowance/update-of-which-nothing-is-said")
def test_an_update_to_a_key_that_does_not_exist_is_not_described() -> Situation:
    return PLAIN.when(update(KEY_ARN.replace(KEY_ID, NO_KEY_ID))).then(UNUSABLE)


@fires("allowance/update-of-which-nothing-is-said")
def test_an_update_to_an_asymmetric_key_is_not_described() -> Situation:
    return PLAIN.when(update(SIGNING_KEY.arn)).then(UNUSABLE)


@fires("allowance/update-of-which-nothing-is-said")
def test_an_update_to_the_managed_key_is_not_described() -> Situation:
    managed = replace(KEY, key_id="aws/s3")
    start = replace(EMPTY, keys={"aws/s3": managed})
    return given(create(), put(), start=start).when(update()).then(UNUSABLE)


@silent("allowance/update-of-which-nothing-is-said")
def test_an_update_to_another_usable_key_is_described() -> Situation:
    return UNDER_KMS.when(update(OTHER_KEY_ARN))


@silent("allowance/update-of-which-nothing-is-said")
def test_an_update_to_a_key_of_another_account_is_described() -> Situation:
    return PLAIN.when(update(OTHER_ACCOUNT_ARN))


@silent("allowance/update-of-which-nothing-is-said")
def test_an_update_of_an_sse_c_object_is_described() -> Situation:
    return given(create(), put(**customer())).when(update())


@silent("allowance/update-of-which-nothing-is-said")
def test_an_update_without_a_key_is_described() -> Situation:
    return PLAIN.when(update(None))
