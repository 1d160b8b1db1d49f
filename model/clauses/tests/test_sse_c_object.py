"""Objects under a customer's key, and reading others with one."""

from __future__ import annotations

from model.clause import Refuse, Succeed
from model.clauses.tests.notation import (
    CUSTOMER_KEY,
    OTHER_CUSTOMER_KEY,
    Situation,
    copy,
    create,
    customer,
    delete,
    fires,
    get,
    given,
    head,
    put,
    put_blocked,
    silent,
    source_customer,
)
from model.clauses.tests.words_versioning import attributes, enable, id_of
from model.s3_errors import ACCESS_DENIED, INVALID_ARGUMENT, INVALID_REQUEST

STORED = given(create(), put(**customer()))
PLAIN = given(create(), put())
BLOCKED_LATER = given(create(), put(**customer()), put_blocked("SSE-C"))


@fires("sse-c-object/read-needs-the-key")
def test_a_read_without_the_key_is_refused() -> Situation:
    return STORED.when(get()).then(Refuse((INVALID_REQUEST,)), answered=(INVALID_REQUEST,))


@fires("sse-c-object/read-needs-the-key")
def test_a_head_without_the_key_is_refused() -> Situation:
    return STORED.when(head()).then(Refuse((INVALID_REQUEST,)), answered=(INVALID_REQUEST,))


@fires("sse-c-object/read-needs-the-key")
def test_attributes_without_the_key_are_refused() -> Situation:
    return STORED.when(attributes()).then(Refuse((INVALID_REQUEST,)), answered=(INVALID_REQUEST,))


@fires("sse-c-object/read-needs-the-key")
def test_an_older_version_needs_its_own_key() -> Situation:
    two = given(create(), enable(), put(**customer()), put())
    return two.when(get(version_id=id_of(2))).then(Refuse((INVALID_REQUEST,)))


@silent("sse-c-object/read-needs-the-key")
def test_a_plain_version_over_one_under_a_key_needs_none() -> Situation:
    return given(create(), enable(), put(**customer()), put()).when(get())


@fires("sse-c-object/read-needs-the-same-key")
def test_the_key_of_another_version_does_not_read() -> Situation:
    two = given(create(), enable(), put(**customer()), put(**customer(OTHER_CUSTOMER_KEY)))
    refused = Refuse((ACCESS_DENIED,), step="read:9")
    return two.when(get(version_id=id_of(2), **customer(OTHER_CUSTOMER_KEY))).then(refused)


@silent("sse-c-object/read-needs-the-key")
def test_a_read_with_the_key_does_not_lack_it() -> Situation:
    return STORED.when(get(**customer()))


@silent("sse-c-object/read-needs-the-key")
def test_a_read_of_another_object_lacks_no_key() -> Situation:
    return PLAIN.when(get())


@fires("sse-c-object/read-needs-the-same-key")
def test_a_read_with_another_key_is_denied() -> Situation:
    ruling = Refuse((ACCESS_DENIED,), step="read:9")
    return STORED.when(get(**customer(OTHER_CUSTOMER_KEY))).then(ruling, answered=(ACCESS_DENIED,))


@fires("sse-c-object/read-needs-the-same-key")
def test_a_head_with_a_key_of_31_bytes_is_denied() -> Situation:
    ruling = Refuse((ACCESS_DENIED,), step="read:9")
    request = head(**customer(CUSTOMER_KEY[:31]))
    return STORED.when(request).then(ruling, answered=(ACCESS_DENIED,))


@silent("sse-c-object/read-needs-the-same-key")
def test_a_read_with_the_same_key_is_not_denied() -> Situation:
    return STORED.when(get(**customer(CUSTOMER_KEY)))


@silent("sse-c-object/read-needs-the-same-key")
def test_another_key_with_a_wrong_md5_is_refused_for_its_md5_alone() -> Situation:
    request = get(**customer(OTHER_CUSTOMER_KEY, customer_key_md5="AAAA"))
    return STORED.when(request).then(answered=(INVALID_ARGUMENT,))


@fires("sse-c-object/key-reads-it")
def test_a_read_with_algorithm_key_and_md5_succeeds() -> Situation:
    return STORED.when(get(**customer())).then(Succeed())


@fires("sse-c-object/key-reads-it")
def test_an_object_from_before_a_block_is_read_as_ever() -> Situation:
    return BLOCKED_LATER.when(get(**customer())).then(Succeed())


@silent("sse-c-object/key-reads-it")
def test_a_read_with_another_key_need_not_succeed() -> Situation:
    return STORED.when(get(**customer(OTHER_CUSTOMER_KEY)))


@silent("sse-c-object/key-reads-it")
def test_a_read_without_the_md5_is_another_matter() -> Situation:
    return STORED.when(get(**customer(customer_key_md5=None)))


@fires("sse-c-object/key-md5-is-optional-on-reads")
def test_a_read_with_algorithm_and_key_succeeds_without_the_md5() -> Situation:
    return STORED.when(head(**customer(customer_key_md5=None))).then(Succeed())


@silent("sse-c-object/key-md5-is-optional-on-reads")
def test_a_read_with_the_md5_does_not_do_without() -> Situation:
    return STORED.when(head(**customer()))


@silent("sse-c-object/key-md5-is-optional-on-reads")
def test_another_key_without_its_md5_need_not_succeed() -> Situation:
    return STORED.when(head(**customer(OTHER_CUSTOMER_KEY, customer_key_md5=None)))


@fires("sse-c-object/key-for-another-object-is-refused")
def test_a_customer_key_for_an_sse_s3_object_is_refused() -> Situation:
    ruling = Refuse((INVALID_REQUEST,))
    return PLAIN.when(get(**customer())).then(ruling, answered=(INVALID_REQUEST,))


@silent("sse-c-object/key-for-another-object-is-refused")
def test_a_customer_key_for_the_attributes_of_an_sse_s3_object_is_a_question() -> Situation:
    return PLAIN.when(attributes(**customer()))


@silent("sse-c-object/key-for-another-object-is-refused")
def test_a_customer_key_for_an_sse_c_object_is_not_refused() -> Situation:
    return STORED.when(get(**customer()))


@silent("sse-c-object/key-for-another-object-is-refused")
def test_a_faulty_customer_key_for_an_sse_s3_object_is_refused_for_its_fault() -> Situation:
    return PLAIN.when(get(**customer(customer_algorithm=None))).then(answered=(INVALID_ARGUMENT,))


@fires("sse-c-object/delete-needs-no-key")
def test_an_sse_c_object_is_deleted_without_its_key() -> Situation:
    return STORED.when(delete()).then(Succeed())


@silent("sse-c-object/delete-needs-no-key")
def test_deleting_another_object_is_no_matter_of_sse_c() -> Situation:
    return PLAIN.when(delete())


@fires("sse-c-object/copy-needs-the-source-key")
def test_a_copy_without_the_source_key_is_refused() -> Situation:
    return STORED.when(copy()).then(Refuse((INVALID_REQUEST,)), answered=(INVALID_REQUEST,))


@fires("sse-c-object/copy-needs-the-source-key")
def test_the_target_key_is_no_source_key() -> Situation:
    ruling = Refuse((INVALID_REQUEST,))
    return STORED.when(copy(**customer())).then(ruling, answered=(INVALID_REQUEST,))


@silent("sse-c-object/copy-needs-the-source-key")
def test_a_copy_with_the_source_key_does_not_lack_it() -> Situation:
    return STORED.when(copy(**source_customer()))


@silent("sse-c-object/copy-needs-the-source-key")
def test_a_copy_of_another_object_lacks_no_source_key() -> Situation:
    return PLAIN.when(copy())


@fires("sse-c-object/copy-needs-the-same-source-key")
def test_a_copy_with_another_source_key_is_refused_with_400() -> Situation:
    ruling = Refuse((INVALID_REQUEST,), step="copy source:9")
    request = copy(**source_customer(OTHER_CUSTOMER_KEY))
    return STORED.when(request).then(ruling, answered=(INVALID_REQUEST,))


@fires("sse-c-object/copy-needs-the-same-source-key")
def test_a_copy_with_a_source_key_of_31_bytes_is_refused_as_unfit() -> Situation:
    ruling = Refuse((INVALID_REQUEST,), step="copy source:9")
    request = copy(**source_customer(CUSTOMER_KEY[:31]))
    return STORED.when(request).then(ruling, answered=(INVALID_REQUEST,))


@silent("sse-c-object/copy-needs-the-same-source-key")
def test_a_copy_with_the_same_source_key_is_not_refused() -> Situation:
    return STORED.when(copy(**source_customer(CUSTOMER_KEY)))


@silent("sse-c-object/copy-needs-the-same-source-key")
def test_a_source_that_is_missing_has_no_key_to_fit() -> Situation:
    return given(create()).when(copy(**source_customer(OTHER_CUSTOMER_KEY)))


@fires("sse-c-object/copy-with-the-source-key-succeeds")
def test_a_copy_with_the_source_key_succeeds() -> Situation:
    return STORED.when(copy(**source_customer())).then(Succeed())


@fires("sse-c-object/copy-with-the-source-key-succeeds")
def test_a_copy_with_the_source_key_succeeds_without_its_md5() -> Situation:
    return STORED.when(copy(**source_customer(customer_key_md5=None))).then(Succeed())


@fires("sse-c-object/copy-with-the-source-key-succeeds")
def test_an_object_from_before_a_block_is_copied_to_other_encryption() -> Situation:
    return BLOCKED_LATER.when(copy(sse="AES256", **source_customer())).then(Succeed())


@silent("sse-c-object/copy-with-the-source-key-succeeds")
def test_a_copy_with_another_source_key_need_not_succeed() -> Situation:
    return STORED.when(copy(**source_customer(OTHER_CUSTOMER_KEY)))


@silent("sse-c-object/copy-with-the-source-key-succeeds")
def test_a_copy_of_another_object_succeeds_for_other_reasons() -> Situation:
    return PLAIN.when(copy())


@fires("sse-c-object/source-key-for-another-object-is-refused")
def test_a_source_key_for_an_sse_s3_source_is_refused() -> Situation:
    ruling = Refuse((INVALID_REQUEST,))
    return PLAIN.when(copy(**source_customer())).then(ruling, answered=(INVALID_REQUEST,))


@silent("sse-c-object/source-key-for-another-object-is-refused")
def test_a_source_key_for_an_sse_c_source_is_not_refused() -> Situation:
    return STORED.when(copy(**source_customer()))


@silent("sse-c-object/source-key-for-another-object-is-refused")
def test_a_source_key_for_a_missing_source_is_refused_for_its_absence() -> Situation:
    return given(create()).when(copy(**source_customer()))
