"""What UpdateObjectEncryption may ask for, and of which objects."""

from __future__ import annotations

from dataclasses import replace

from model.clause import MayRefuse, Refuse
from model.clauses.tests.notation import (
    ALIAS,
    EMPTY,
    KEY_ARN,
    KEY_ID,
    OTHER_KEY_ARN,
    Situation,
    create,
    customer,
    fires,
    given,
    put,
    silent,
)
from model.clauses.tests.words_update import OTHER_ACCOUNT_ARN, update, update_document
from model.s3_errors import (
    ACCESS_DENIED,
    INVALID_ARGUMENT,
    INVALID_REQUEST,
    MALFORMED_XML,
    METHOD_NOT_ALLOWED,
    MISSING_REQUEST_BODY,
    NO_SUCH_BUCKET,
    NO_SUCH_KEY,
    NO_SUCH_VERSION,
)
from model.stored import DeleteMarker, ObjectVersion
from model.update_document import UpdateText, write_update

INVALID = Refuse((INVALID_REQUEST,))
UNKNOWN_TYPE = Refuse((INVALID_REQUEST, MALFORMED_XML))
PLAIN = given(create(), put())
ALIAS_ARN = f"{KEY_ARN.partition(':key/')[0]}:{ALIAS}"


@fires("update-encryption/document-must-be-well-formed")
def test_a_broken_update_document_is_refused() -> Situation:
    ruling = Refuse((MALFORMED_XML, INVALID_REQUEST))
    return PLAIN.when(update_document(b"<ObjectEncryption>")).then(ruling)


@fires("update-encryption/document-must-be-well-formed")
def test_an_update_without_a_body_is_refused() -> Situation:
    ruling = Refuse((MALFORMED_XML, INVALID_REQUEST, MISSING_REQUEST_BODY))
    return PLAIN.when(update_document(b"")).then(ruling)


@silent("update-encryption/document-must-be-well-formed")
def test_a_well_formed_update_document_is_taken() -> Situation:
    return PLAIN.when(update())


@fires("update-encryption/type-must-be-sse-kms")
def test_an_update_to_no_type_is_refused() -> Situation:
    return PLAIN.when(update(types=())).then(INVALID, answered=(INVALID_REQUEST,))


@fires("update-encryption/type-must-be-sse-kms")
def test_an_update_to_sse_s3_is_refused() -> Situation:
    answered = (INVALID_REQUEST, MALFORMED_XML)
    return PLAIN.when(update(types=("SSE-S3",))).then(UNKNOWN_TYPE, answered=answered)


@silent("update-encryption/type-must-be-sse-kms")
def test_sse_kms_is_the_type_to_update_to() -> Situation:
    return PLAIN.when(update())


@silent("update-encryption/type-must-be-sse-kms")
def test_of_no_document_no_type_is_said() -> Situation:
    return PLAIN.when(update_document(b""))


@fires("update-encryption/dsse-and-sse-c-are-no-targets")
def test_an_update_to_dsse_is_refused() -> Situation:
    answered = (INVALID_REQUEST, MALFORMED_XML)
    return PLAIN.when(update(types=("DSSE-KMS",))).then(UNKNOWN_TYPE, answered=answered)


@silent("update-encryption/dsse-and-sse-c-are-no-targets")
def test_an_update_to_another_type_than_these_is_not_refused_for_that() -> Situation:
    return PLAIN.when(update())


@silent("update-encryption/dsse-and-sse-c-are-no-targets")
def test_an_unreadable_document_names_none_of_these() -> Situation:
    return PLAIN.when(update_document(b""))


@fires("update-encryption/key-is-required")
def test_an_update_without_a_key_is_refused() -> Situation:
    return PLAIN.when(update(None)).then(INVALID, answered=(INVALID_REQUEST,))


@silent("update-encryption/key-is-required")
def test_an_update_with_a_key_lacks_none() -> Situation:
    return PLAIN.when(update())


@silent("update-encryption/key-is-required")
def test_an_update_to_another_type_needs_no_key() -> Situation:
    return PLAIN.when(update(None, types=("SSE-C",)))


@fires("update-encryption/key-must-be-a-full-arn")
def test_an_update_to_a_key_id_is_refused() -> Situation:
    return PLAIN.when(update(KEY_ID)).then(INVALID, answered=(INVALID_REQUEST,))


@fires("update-encryption/key-must-be-a-full-arn")
def test_an_update_to_an_alias_arn_is_refused() -> Situation:
    return PLAIN.when(update(ALIAS_ARN)).then(INVALID, answered=(INVALID_REQUEST,))


@fires("update-encryption/key-must-be-a-full-arn")
def test_an_update_to_an_overlong_arn_is_refused() -> Situation:
    return PLAIN.when(update(KEY_ARN + "a" * 2048)).then(INVALID)


@silent("update-encryption/key-must-be-a-full-arn")
def test_a_full_key_arn_is_taken() -> Situation:
    return PLAIN.when(update())


@silent("update-encryption/key-must-be-a-full-arn")
def test_whether_blanks_around_the_arn_are_skipped_is_not_said() -> Situation:
    return PLAIN.when(update(f" {KEY_ARN}\n"))


@fires("update-encryption/flag-must-be-true-or-false")
def test_an_update_with_an_odd_flag_is_refused() -> Situation:
    return PLAIN.when(update(flag="yes")).then(INVALID, answered=(INVALID_REQUEST,))


@silent("update-encryption/flag-must-be-true-or-false")
def test_a_flag_of_true_is_taken() -> Situation:
    return PLAIN.when(update(flag="true"))


@silent("update-encryption/flag-must-be-true-or-false")
def test_whether_a_flag_is_read_without_its_case_is_not_said() -> Situation:
    return PLAIN.when(update(flag="True"))


@silent("update-encryption/flag-must-be-true-or-false")
def test_a_flag_may_be_left_out() -> Situation:
    return PLAIN.when(update())


@fires("update-encryption/dsse-and-sse-c-objects-are-refused")
def test_an_update_of_a_dsse_object_is_refused() -> Situation:
    made = given(create(), put(sse="aws:kms:dsse", kms_key_id=KEY_ID))
    return made.when(update()).then(INVALID, answered=(INVALID_REQUEST,))


@fires("update-encryption/dsse-and-sse-c-objects-are-refused")
def test_an_update_of_an_sse_c_object_is_refused() -> Situation:
    return given(create(), put(**customer())).when(update()).then(INVALID)


@silent("update-encryption/dsse-and-sse-c-objects-are-refused")
def test_an_update_of_an_sse_s3_object_is_not_refused() -> Situation:
    return PLAIN.when(update())


@fires("update-encryption/key-of-another-account-is-denied")
def test_an_update_to_a_key_of_another_account_is_denied() -> Situation:
    denied = Refuse((ACCESS_DENIED,))
    return PLAIN.when(update(OTHER_ACCOUNT_ARN)).then(denied, answered=(ACCESS_DENIED,))


@silent("update-encryption/key-of-another-account-is-denied")
def test_an_update_to_a_key_of_the_own_account_is_not_denied() -> Situation:
    return PLAIN.when(update())


@silent("update-encryption/key-of-another-account-is-denied")
def test_which_account_is_the_own_may_not_be_known() -> Situation:
    unknown = replace(EMPTY, account=None, keys={})
    return given(create(), put(), start=unknown).when(update(OTHER_ACCOUNT_ARN))


@silent("update-encryption/key-of-another-account-is-denied")
def test_a_missing_bucket_has_no_account() -> Situation:
    request = update(OTHER_ACCOUNT_ARN, bucket="none")
    return replace(given().when(request), answered=frozenset({NO_SUCH_BUCKET}))


@fires("update-encryption/missing-object-is-named")
def test_an_update_of_a_missing_object_gets_no_such_key() -> Situation:
    request = update(object_key="never-written")
    return PLAIN.when(request).then(Refuse((NO_SUCH_KEY,)), answered=(NO_SUCH_KEY,))


@fires("update-encryption/missing-object-is-named")
def test_an_update_of_a_missing_version_gets_404_or_a_complaint_about_the_id() -> Situation:
    errors = (NO_SUCH_KEY, NO_SUCH_VERSION, INVALID_ARGUMENT)
    return PLAIN.when(update(version_id="no-such-version")).then(Refuse(errors), answered=errors)


def _with_a_delete_marker() -> Situation:
    world = PLAIN.when(update()).world
    bucket = world.existing("bucket")
    row = (DeleteMarker(version_id="m"), ObjectVersion(encryption=None, body=None, version_id="v"))
    world = world.with_bucket("bucket", bucket.with_row("object", row))
    return given(start=world).when(update(version_id="m"))


@fires("update-encryption/missing-object-is-named")
def test_an_update_of_a_delete_marker_is_refused() -> Situation:
    errors = (NO_SUCH_KEY, NO_SUCH_VERSION, METHOD_NOT_ALLOWED)
    return _with_a_delete_marker().then(Refuse(errors), answered=errors)


@silent("update-encryption/missing-object-is-named")
def test_an_update_of_an_object_that_is_there_finds_it() -> Situation:
    return PLAIN.when(update())


@silent("update-encryption/missing-object-is-named")
def test_an_update_in_a_missing_bucket_misses_the_bucket_first() -> Situation:
    return given().when(update())


@fires("allowance/odd-update-document")
def test_several_types_at_once_are_taken_or_refused() -> Situation:
    ruling = MayRefuse((INVALID_REQUEST, MALFORMED_XML))
    return PLAIN.when(update(types=("SSE-KMS", "SSE-FSX"))).then(ruling)


@fires("allowance/odd-update-document")
def test_an_unknown_element_beside_the_key_is_skipped_or_refused() -> Situation:
    ruling = MayRefuse((INVALID_REQUEST, MALFORMED_XML))
    document = write_update(UpdateText(kms_key_arn=KEY_ARN))
    odd = document.replace(b"<SSE-KMS>", b"<SSE-KMS><Strength>9</Strength>")
    return PLAIN.when(update_document(odd)).then(ruling)


@fires("allowance/odd-update-document")
def test_a_flag_of_another_case_is_read_or_refused() -> Situation:
    ruling = MayRefuse((INVALID_REQUEST, MALFORMED_XML))
    return PLAIN.when(update(flag="True")).then(ruling)


@silent("allowance/odd-update-document")
def test_a_plain_update_document_is_not_odd() -> Situation:
    return PLAIN.when(update(OTHER_KEY_ARN, flag="false"))


@silent("allowance/odd-update-document")
def test_an_update_to_another_type_is_refused_for_certain() -> Situation:
    return PLAIN.when(update(types=("SSE-C",)))


@fires("allowance/update-without-a-digest")
def test_an_update_without_content_md5_may_be_refused() -> Situation:
    document = write_update(UpdateText(kms_key_arn=KEY_ARN))
    return PLAIN.when(update_document(document)).then(MayRefuse((INVALID_REQUEST,)))


@silent("allowance/update-without-a-digest")
def test_an_update_with_content_md5_lacks_no_digest() -> Situation:
    return PLAIN.when(update())


@fires("allowance/update-without-tls")
def test_an_update_over_plain_http_may_be_refused() -> Situation:
    request = replace(update(), secure=False)
    return PLAIN.when(request).then(MayRefuse((INVALID_ARGUMENT, INVALID_REQUEST)))


@silent("allowance/update-without-tls")
def test_an_endpoint_that_took_kms_without_tls_has_to_take_an_update() -> Situation:
    taken = put("other", sse="aws:kms", secure=False)
    return given(create(), put(), taken).when(replace(update(), secure=False))


@silent("allowance/update-without-tls")
def test_an_update_over_tls_is_not_refused_for_that() -> Situation:
    return PLAIN.when(update())
