"""The three requests about a bucket's default encryption."""

from __future__ import annotations

from model.clause import Order, Refuse, Require, Succeed
from model.clauses.tests.notation import (
    ALIAS,
    KEY_ARN,
    UNKNOWN,
    Situation,
    create,
    delete_default,
    fires,
    get_default,
    given,
    put_blocked,
    put_default,
    put_document,
    put_rules,
    silent,
)
from model.encryption_document import RuleText
from model.matchers import Absent, Equals
from model.operations.get_bucket_encryption import (
    ALGORITHM,
    BUCKET_KEY_ENABLED,
    KEY_ID,
    RULE_COUNT,
)
from model.s3_errors import INVALID_ARGUMENT, MALFORMED_XML, MISSING_REQUEST_BODY, NO_SUCH_BUCKET

MALFORMED = Refuse((MALFORMED_XML,), step="document")
NEW = given(create())


@fires("bucket-configuration/must-be-well-formed")
def test_a_broken_document_is_refused() -> Situation:
    return NEW.when(put_document(b"<Rule>")).then(MALFORMED, answered=(MALFORMED_XML,))


@fires("bucket-configuration/must-be-well-formed")
def test_an_empty_document_is_refused_with_one_of_two_errors() -> Situation:
    ruling = Refuse((MALFORMED_XML, MISSING_REQUEST_BODY), step="document")
    return NEW.when(put_document(b" ")).then(ruling, answered=(MALFORMED_XML, MISSING_REQUEST_BODY))


@silent("bucket-configuration/must-be-well-formed")
def test_a_well_formed_document_is_not_refused() -> Situation:
    return NEW.when(put_default())


@fires("bucket-configuration/has-one-rule")
def test_a_document_without_a_rule_is_refused() -> Situation:
    return NEW.when(put_rules()).then(MALFORMED, answered=(MALFORMED_XML,))


@fires("bucket-configuration/has-one-rule")
def test_a_document_with_two_rules_is_refused() -> Situation:
    request = put_rules(RuleText("AES256"), RuleText("AES256"))
    return NEW.when(request).then(MALFORMED, answered=(MALFORMED_XML,))


@silent("bucket-configuration/has-one-rule")
def test_a_document_with_one_rule_is_not_refused() -> Situation:
    return NEW.when(put_rules(RuleText("AES256")))


@fires("bucket-configuration/algorithm-must-be-known")
def test_an_unknown_default_algorithm_is_refused() -> Situation:
    return NEW.when(put_default("SSE-KMS")).then(MALFORMED, answered=(MALFORMED_XML,))


@fires("bucket-configuration/algorithm-must-be-known")
def test_sse_c_is_no_default() -> Situation:
    return NEW.when(put_default("SSE-C")).then(MALFORMED, answered=(MALFORMED_XML,))


@silent("bucket-configuration/algorithm-must-be-known")
def test_a_known_default_algorithm_is_not_refused() -> Situation:
    return NEW.when(put_default("aws:kms"))


@silent("bucket-configuration/algorithm-must-be-known")
def test_an_algorithm_of_another_service_is_an_open_question() -> Situation:
    return NEW.when(put_default("aws:fsx"))


@fires("bucket-configuration/key-needs-kms")
def test_a_kms_key_beside_aes256_is_refused() -> Situation:
    ruling = Refuse((INVALID_ARGUMENT,), step="document")
    return NEW.when(put_default("AES256", KEY_ARN)).then(ruling, answered=(INVALID_ARGUMENT,))


@silent("bucket-configuration/key-needs-kms")
def test_a_kms_key_beside_kms_is_not_refused() -> Situation:
    return NEW.when(put_default("aws:kms", KEY_ARN))


@fires("bucket-configuration/missing-bucket-comes-first")
def test_a_missing_bucket_is_answered_before_a_broken_document() -> Situation:
    order = Order({"bucket": frozenset({"document"})})
    return given().when(put_document(b"<")).then(order, answered=(NO_SUCH_BUCKET,))


@silent("bucket-configuration/missing-bucket-comes-first")
def test_a_request_without_a_document_has_nothing_to_order() -> Situation:
    return given().when(get_default()).then(answered=(NO_SUCH_BUCKET,))


@fires("bucket-configuration/aes256-is-accepted")
def test_a_default_of_aes256_is_accepted() -> Situation:
    return NEW.when(put_default("AES256")).then(Succeed())


@fires("bucket-configuration/aes256-is-accepted")
def test_a_default_of_aes256_is_accepted_with_the_flag() -> Situation:
    return NEW.when(put_default("AES256", flag="true")).then(Succeed())


@silent("bucket-configuration/aes256-is-accepted")
def test_a_default_of_aes256_with_a_key_is_not_accepted() -> Situation:
    return NEW.when(put_default("AES256", KEY_ARN))


@silent("bucket-configuration/aes256-is-accepted")
def test_a_flag_that_is_neither_true_nor_false_is_not_promised_to_be_accepted() -> Situation:
    return NEW.when(put_default("AES256", flag="yes"))


@fires("bucket-configuration/kms-is-accepted-unchecked")
def test_a_default_of_kms_is_accepted_with_a_key_that_does_not_exist() -> Situation:
    return NEW.when(put_default("aws:kms", "no-such-key")).then(Succeed())


@fires("bucket-configuration/kms-is-accepted-unchecked")
def test_a_default_of_kms_is_accepted_without_a_key() -> Situation:
    return NEW.when(put_default("aws:kms")).then(Succeed())


@silent("bucket-configuration/kms-is-accepted-unchecked")
def test_a_default_of_kms_for_a_missing_bucket_is_not_accepted() -> Situation:
    return given().when(put_default("aws:kms"))


@silent("bucket-configuration/kms-is-accepted-unchecked")
def test_a_default_of_kms_with_both_blocked_types_is_not_promised_to_be_accepted() -> Situation:
    return NEW.when(put_default("aws:kms", blocked=("NONE", "SSE-C")))


@fires("bucket-configuration/dsse-is-accepted")
def test_a_default_of_dsse_is_accepted() -> Situation:
    return NEW.when(put_default("aws:kms:dsse", KEY_ARN)).then(Succeed())


@silent("bucket-configuration/dsse-is-accepted")
def test_a_default_of_dsse_with_the_flag_is_not_promised_to_be_accepted() -> Situation:
    return NEW.when(put_default("aws:kms:dsse", KEY_ARN, flag="true"))


@silent("bucket-configuration/dsse-is-accepted")
def test_a_default_of_dsse_for_a_missing_bucket_is_not_accepted() -> Situation:
    return given().when(put_default("aws:kms:dsse", KEY_ARN))


@fires("bucket-configuration/always-there")
def test_a_bucket_that_was_never_configured_shows_one_rule() -> Situation:
    return NEW.when(get_default()).then(Succeed(), Require(RULE_COUNT, Equals("1", wrong="0")))


@silent("bucket-configuration/always-there")
def test_a_bucket_that_does_not_exist_shows_nothing() -> Situation:
    return given().when(get_default()).then(answered=(NO_SUCH_BUCKET,))


BASE = Require(ALGORITHM, Equals("AES256", wrong="aws:kms"))


@fires("bucket-configuration/base-is-aes256")
def test_a_bucket_that_was_never_configured_shows_aes256() -> Situation:
    return NEW.when(get_default()).then(BASE)


@fires("bucket-configuration/base-is-aes256")
def test_a_bucket_that_was_reset_shows_aes256() -> Situation:
    return given(create(), put_default("aws:kms"), delete_default()).when(get_default()).then(BASE)


@silent("bucket-configuration/base-is-aes256")
def test_a_bucket_that_was_configured_shows_what_was_put() -> Situation:
    return given(create(), put_default("aws:kms")).when(get_default())


@fires("bucket-configuration/shows-the-algorithm")
def test_the_algorithm_that_was_put_last_is_shown() -> Situation:
    ruling = Require(ALGORITHM, Equals("aws:kms", wrong="aws:kms:dsse"))
    steps = (create(), put_default("AES256"), put_default("aws:kms"))
    return given(*steps).when(get_default()).then(ruling)


@fires("bucket-configuration/shows-the-algorithm")
def test_a_default_of_dsse_is_shown() -> Situation:
    ruling = Require(ALGORITHM, Equals("aws:kms:dsse", wrong="aws:kms"))
    return given(create(), put_default("aws:kms:dsse")).when(get_default()).then(ruling)


@silent("bucket-configuration/shows-the-algorithm")
def test_where_nothing_was_put_no_algorithm_was() -> Situation:
    return NEW.when(get_default())


@fires("bucket-configuration/shows-the-key-as-it-was-put")
def test_a_default_key_is_shown_in_the_form_that_was_put() -> Situation:
    ruling = Require(KEY_ID, Equals(ALIAS))
    return given(create(), put_default("aws:kms", ALIAS)).when(get_default()).then(ruling)


@silent("bucket-configuration/shows-the-key-as-it-was-put")
def test_whether_blanks_around_the_key_are_shown_is_not_said() -> Situation:
    return given(create(), put_default("aws:kms", f" {KEY_ARN}")).when(get_default())


@silent("bucket-configuration/shows-the-key-as-it-was-put")
def test_a_default_without_a_key_has_no_key_to_repeat() -> Situation:
    return given(create(), put_default("aws:kms")).when(get_default())


@fires("bucket-configuration/shows-no-key-where-none-was-put")
def test_a_default_without_a_key_shows_none() -> Situation:
    steps = (create(), put_default("aws:kms", KEY_ARN), put_default("aws:kms"))
    return given(*steps).when(get_default()).then(Require(KEY_ID, Absent("alias/aws/s3")))


@silent("bucket-configuration/shows-no-key-where-none-was-put")
def test_a_default_with_a_key_shows_one() -> Situation:
    return given(create(), put_default("aws:kms", KEY_ARN)).when(get_default())


@fires("bucket-configuration/shows-the-bucket-key-flag")
def test_the_flag_is_shown_as_it_was_put() -> Situation:
    ruling = Require(BUCKET_KEY_ENABLED, Equals("true", wrong="false"))
    return given(create(), put_default("aws:kms", flag="true")).when(get_default()).then(ruling)


@fires("bucket-configuration/shows-the-bucket-key-flag")
def test_a_flag_that_was_left_out_is_shown_as_false() -> Situation:
    ruling = Require(BUCKET_KEY_ENABLED, Equals("false", wrong="true"))
    steps = (create(), put_default("aws:kms", flag="true"), put_default("AES256"))
    return given(*steps).when(get_default()).then(ruling)


@silent("bucket-configuration/shows-the-bucket-key-flag")
def test_whether_the_flag_is_kept_beside_dsse_is_an_open_question() -> Situation:
    return given(create(), put_default("aws:kms:dsse")).when(get_default())


@silent("bucket-configuration/shows-the-bucket-key-flag")
def test_of_a_bucket_whose_default_is_unknown_no_flag_is_known() -> Situation:
    return given(put_blocked("NONE"), start=UNKNOWN).when(get_default())


@fires("bucket-configuration/delete-succeeds-always")
def test_a_reset_succeeds_where_nothing_was_configured() -> Situation:
    return NEW.when(delete_default()).then(Succeed())


@silent("bucket-configuration/delete-succeeds-always")
def test_a_reset_of_a_bucket_that_does_not_exist_does_not_succeed() -> Situation:
    return given().when(delete_default()).then(answered=(NO_SUCH_BUCKET,))
