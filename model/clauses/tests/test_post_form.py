"""Form uploads: what they ask for, and what their answers show."""

from __future__ import annotations

from model.clause import MayRefuse, Refuse, Require, Succeed
from model.clauses.tests.notation import (
    BLOCKING,
    BUCKET,
    EMPTY,
    OBJECT,
    Situation,
    create,
    customer,
    fires,
    given,
    put,
    silent,
)
from model.clauses.tests.words_forms import PLAIN_MD5_KEY, URL_SAFE_KEY, post, url_safe
from model.matchers import Absent, Equals
from model.messages import Auth
from model.request import CONTEXT
from model.s3_errors import ACCESS_DENIED, ANY_400, INVALID_ARGUMENT

NEW = given(create())
DENIED = Refuse((ACCESS_DENIED,))
CONTEXT_SENT = "eyJwcm9qZWN0IjoiczNzc2UifQ=="


@fires("post-form/status-is-the-one-asked-for")
def test_a_form_that_asks_for_200_is_answered_so() -> Situation:
    return NEW.when(post(success_action_status="200")).then(Succeed())


@silent("post-form/status-is-the-one-asked-for")
def test_of_a_form_that_asks_for_an_odd_status_nothing_is_said() -> Situation:
    return NEW.when(post(success_action_status="299"))


@silent("post-form/status-is-the-one-asked-for")
def test_a_form_that_asks_for_no_status_says_nothing_of_it() -> Situation:
    return NEW.when(post())


@silent("post-form/status-is-the-one-asked-for")
def test_a_form_for_a_missing_bucket_is_not_answered_with_success() -> Situation:
    return given().when(post(success_action_status="200"))


@fires("post-form/encryption-fields-are-taken")
def test_a_form_may_ask_for_kms() -> Situation:
    return NEW.when(post(sse="aws:kms")).then(Succeed())


@fires("post-form/encryption-fields-are-taken")
def test_a_form_may_carry_a_customer_key() -> Situation:
    return NEW.when(post(**customer())).then(Succeed())


@silent("post-form/encryption-fields-are-taken")
def test_a_form_with_an_unknown_algorithm_is_not_taken() -> Situation:
    return NEW.when(post(sse="aes256")).then(answered=(INVALID_ARGUMENT,))


@silent("post-form/encryption-fields-are-taken")
def test_a_form_for_a_missing_bucket_is_not_taken() -> Situation:
    return given().when(post(sse="AES256"))


UNNAMED = Auth.POLICY_WITHOUT_ENCRYPTION


@fires("post-form/field-beyond-the-policy-is-refused")
def test_a_form_whose_policy_does_not_name_the_algorithm_is_denied() -> Situation:
    return NEW.when(post(sse="AES256", auth=UNNAMED)).then(DENIED, answered=(ACCESS_DENIED,))


@fires("post-form/field-beyond-the-policy-is-refused")
def test_a_form_whose_policy_does_not_name_the_customer_key_is_denied() -> Situation:
    return NEW.when(post(**customer(), auth=UNNAMED)).then(DENIED, answered=(ACCESS_DENIED,))


@silent("post-form/field-beyond-the-policy-is-refused")
def test_a_form_whose_policy_names_its_fields_is_not_denied() -> Situation:
    return NEW.when(post(sse="AES256"))


@silent("post-form/field-beyond-the-policy-is-refused")
def test_a_form_without_encryption_needs_no_policy_for_it() -> Situation:
    return NEW.when(post(auth=UNNAMED))


@fires("post-form/document-names-the-object")
def test_a_form_that_asks_for_201_gets_a_document() -> Situation:
    named = (Require("Bucket", Equals(BUCKET)), Require("Key", Equals(OBJECT)))
    return NEW.when(post(success_action_status="201")).then(*named)


@silent("post-form/document-names-the-object")
def test_a_form_that_asks_for_nothing_gets_no_document() -> Situation:
    return NEW.when(post())


@fires("post-form/context-is-not-shown")
def test_the_context_of_a_form_is_not_shown() -> Situation:
    request = post(sse="aws:kms", encryption_context=CONTEXT_SENT)
    return NEW.when(request).then(Require(CONTEXT, Absent(CONTEXT_SENT)))


@silent("post-form/context-is-not-shown")
def test_the_context_of_a_put_may_be_shown() -> Situation:
    return NEW.when(put(sse="aws:kms", encryption_context=CONTEXT_SENT))


@fires("post-form/url-safe-customer-key-is-taken")
def test_a_form_may_carry_a_key_in_the_url_safe_alphabet() -> Situation:
    return NEW.when(post(**url_safe(URL_SAFE_KEY))).then(Succeed())


@silent("post-form/url-safe-customer-key-is-taken")
def test_a_url_safe_key_whose_md5_is_in_the_other_alphabet_is_not_taken() -> Situation:
    mixed = customer(URL_SAFE_KEY, customer_key=url_safe(URL_SAFE_KEY)["customer_key"])
    return NEW.when(post(**mixed)).then(answered=(INVALID_ARGUMENT,))


@silent("post-form/url-safe-customer-key-is-taken")
def test_a_blocked_bucket_takes_no_url_safe_key() -> Situation:
    return given(create(), start=BLOCKING).when(post(**url_safe(URL_SAFE_KEY)))


@silent("post-form/url-safe-customer-key-is-taken")
def test_of_a_url_safe_key_with_a_plain_md5_it_is_not_said_that_it_is_taken() -> Situation:
    return NEW.when(post(**url_safe(PLAIN_MD5_KEY)))


@fires("allowance/url-safe-key-with-a-plain-md5")
def test_a_url_safe_key_with_a_plain_md5_may_be_refused() -> Situation:
    return NEW.when(post(**url_safe(PLAIN_MD5_KEY))).then(MayRefuse((ANY_400,)))


@silent("allowance/url-safe-key-with-a-plain-md5")
def test_a_key_in_the_standard_alphabet_is_not_in_doubt() -> Situation:
    return given(create(), start=EMPTY).when(post(**customer()))
