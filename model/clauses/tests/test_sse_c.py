"""The headers of a customer key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from model.clause import Order, Refuse
from model.clauses.sse_c import STEP_SIGNATURE, STEP_TLS, checks_in_order, step
from model.clauses.tests.notation import (
    BUCKET,
    CUSTOMER_KEY,
    EMPTY,
    OTHER_CUSTOMER_KEY,
    Situation,
    after,
    base64_of,
    copy,
    create,
    customer,
    fires,
    get,
    given,
    head,
    put,
    rulings_of,
    silent,
    source_customer,
)
from model.clauses.tests.words_forms import post
from model.clauses.tests.words_multipart import begin, part_copy
from model.predict import RefusalOutcome, predict
from model.request import KeyRole
from model.s3_errors import (
    INVALID_ARGUMENT,
    INVALID_ENCRYPTION_ALGORITHM,
    INVALID_REQUEST,
    SIGNATURE_DOES_NOT_MATCH,
)
from model.sse import md5_base64
from model.world import Context, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.operation import Operation
    from model.operations.put_object import PutObject

OTHER_MD5 = md5_base64(OTHER_CUSTOMER_KEY)
NEW = given(create())
WRONGLY_SIGNED = Refuse((SIGNATURE_DOES_NOT_MATCH,), step=STEP_SIGNATURE)
BEHIND = frozenset(step(role, n) for role in KeyRole for n in range(STEP_TLS + 1, 10))
SIGNATURE_FIRST = Order({STEP_SIGNATURE: BEHIND})


def refuse(step: str) -> Refuse:
    return Refuse((INVALID_ARGUMENT,), step=step)


@fires("sse-c/tls-is-required")
def test_a_customer_key_over_plain_http_is_refused() -> Situation:
    request = put(secure=False, **customer())
    return given(create()).when(request).then(refuse("write:1"), answered=(INVALID_ARGUMENT,))


@fires("sse-c/tls-is-required")
def test_a_lone_customer_header_over_plain_http_is_refused_on_a_read() -> Situation:
    headers = customer(customer_key=None, customer_key_md5=None)
    return given(create()).when(head(secure=False, **headers)).then(refuse("read:1"))


@fires("sse-c/tls-is-required")
def test_a_copy_source_key_over_plain_http_is_refused_beside_the_target_key() -> Situation:
    request = copy(secure=False, **customer(), **source_customer())
    return given(create(), put()).when(request).then(refuse("copy source:1"), refuse("write:1"))


@silent("sse-c/tls-is-required")
def test_a_customer_key_over_tls_is_not_refused() -> Situation:
    return given(create()).when(put(**customer()))


@silent("sse-c/tls-is-required")
def test_a_write_over_plain_http_without_a_customer_key_is_not_refused() -> Situation:
    return given(create()).when(put(secure=False))


@fires("sse-c/excludes-other-encryption")
def test_a_customer_key_beside_aes256_is_refused() -> Situation:
    request = put(sse="AES256", **customer())
    return given(create()).when(request).then(refuse("write:2"), answered=(INVALID_ARGUMENT,))


@silent("sse-c/excludes-other-encryption")
def test_a_customer_key_alone_is_not_refused() -> Situation:
    return given(create()).when(put(**customer()))


@fires("sse-c/algorithm-header-is-required")
def test_a_key_without_its_algorithm_is_refused() -> Situation:
    request = put(**customer(customer_algorithm=None))
    return given(create()).when(request).then(refuse("write:3"), answered=(INVALID_ARGUMENT,))


@silent("sse-c/algorithm-header-is-required")
def test_an_empty_algorithm_is_there() -> Situation:
    return given(create()).when(put(**customer(customer_algorithm="")))


@fires("sse-c/key-header-is-required")
def test_an_algorithm_without_its_key_is_refused() -> Situation:
    request = put(**customer(customer_key=None))
    return given(create()).when(request).then(refuse("write:4"), answered=(INVALID_ARGUMENT,))


@silent("sse-c/key-header-is-required")
def test_an_empty_key_is_there() -> Situation:
    return given(create()).when(put(**customer(customer_key="")))


@fires("sse-c/key-md5-is-required-on-writes")
def test_a_write_without_the_key_md5_is_refused() -> Situation:
    request = put(**customer(customer_key_md5=None))
    return given(create()).when(request).then(refuse("write:5"), answered=(INVALID_ARGUMENT,))


@silent("sse-c/key-md5-is-required-on-writes")
def test_a_read_without_the_key_md5_is_not_refused() -> Situation:
    return given(create(), put(**customer())).when(get(**customer(customer_key_md5=None)))


@silent("sse-c/key-md5-is-required-on-writes")
def test_a_copy_source_without_the_key_md5_is_not_refused() -> Situation:
    request = copy(**source_customer(customer_key_md5=None))
    return given(create(), put(**customer())).when(request)


@fires("sse-c/key-must-not-be-empty")
def test_an_empty_key_is_refused_as_too_short() -> Situation:
    request = put(**customer(b""))
    return given(create()).when(request).then(refuse("write:6"), answered=(INVALID_ARGUMENT,))


@fires("sse-c/key-must-not-be-empty")
def test_a_key_of_stray_characters_is_refused_as_too_short() -> Situation:
    request = get(**customer(customer_key="####"))
    return given(create(), put(**customer())).when(request).then(refuse("read:6"))


@silent("sse-c/key-must-not-be-empty")
def test_a_key_of_one_byte_is_not_empty() -> Situation:
    return given(create()).when(put(**customer(b"k")))


@fires("sse-c/key-md5-must-match")
def test_the_md5_of_another_key_is_refused() -> Situation:
    request = put(**customer(customer_key_md5=OTHER_MD5))
    return given(create()).when(request).then(refuse("write:7"), answered=(INVALID_ARGUMENT,))


@fires("sse-c/key-md5-must-match")
def test_a_key_in_the_url_safe_alphabet_is_another_key() -> Situation:
    key = b"\xff\xff\xff" + CUSTOMER_KEY[3:]
    request = put(**customer(key, customer_key=base64_of(key).replace("/", "_")))
    return given(create()).when(request).then(refuse("write:7"))


@silent("sse-c/key-md5-must-match")
def test_the_md5_of_the_key_is_not_refused() -> Situation:
    return given(create()).when(put(**customer()))


@fires("sse-c/algorithm-must-be-aes256")
def test_another_customer_algorithm_is_refused() -> Situation:
    request = put(**customer(customer_algorithm="aes256"))
    ruling = Refuse((INVALID_ENCRYPTION_ALGORITHM,), step="write:8")
    return given(create()).when(request).then(ruling, answered=(INVALID_ENCRYPTION_ALGORITHM,))


@silent("sse-c/algorithm-must-be-aes256")
def test_the_customer_algorithm_aes256_is_not_refused() -> Situation:
    return given(create()).when(put(**customer(customer_algorithm="AES256")))


@fires("sse-c/key-must-have-32-bytes")
def test_a_write_with_a_key_of_31_bytes_is_refused() -> Situation:
    request = put(**customer(CUSTOMER_KEY[:31]))
    return given(create()).when(request).then(refuse("write:9"), answered=(INVALID_ARGUMENT,))


@silent("sse-c/key-must-have-32-bytes")
def test_a_write_with_a_key_of_32_bytes_is_not_refused() -> Situation:
    return given(create()).when(put(**customer(CUSTOMER_KEY)))


@silent("sse-c/key-must-have-32-bytes")
def test_a_read_with_a_key_of_31_bytes_is_no_matter_of_length() -> Situation:
    return given(create(), put(**customer())).when(get(**customer(CUSTOMER_KEY[:31])))


@fires("sse-c/checks-in-order")
def test_a_wrong_md5_is_answered_before_a_wrong_algorithm() -> Situation:
    request = put(**customer(customer_algorithm="AES128", customer_key_md5=OTHER_MD5))
    order = checks_in_order(EMPTY, request)
    assert isinstance(order, Order)
    return given(create()).when(request).then(order, answered=(INVALID_ARGUMENT,))


@silent("sse-c/checks-in-order")
def test_without_customer_headers_nothing_is_ordered() -> Situation:
    return given(create()).when(put(sse="AES128"))


SHORT = CUSTOMER_KEY[:31]


@pytest.mark.example
@pytest.mark.parametrize(
    ("answered", "request_"),
    [
        ("tls-is-required", put(secure=False, sse="", **customer(SHORT, customer_algorithm=None))),
        ("excludes-other-encryption", put(sse="", **customer(SHORT, customer_algorithm=None))),
        ("excludes-other-encryption", put(sse="", **customer(SHORT, customer_algorithm="AES"))),
        (
            "algorithm-header-is-required",
            put(**customer(SHORT, customer_algorithm=None, customer_key=None)),
        ),
        ("key-header-is-required", put(**customer(customer_key=None, customer_algorithm=""))),
        ("key-must-not-be-empty", put(**customer(customer_key="", customer_algorithm="AES"))),
        (
            "key-md5-must-match",
            put(**customer(SHORT, customer_key_md5="", customer_algorithm="AES")),
        ),
        ("algorithm-must-be-aes256", put(**customer(SHORT, customer_algorithm="AES"))),
    ],
)
def test_of_several_faults_the_earliest_check_answers_alone(
    answered: str, request_: PutObject
) -> None:
    (refused,) = predict(after(create()), request_).outcomes
    assert isinstance(refused, RefusalOutcome)
    assert refused.because == (f"sse-c/{answered}",)
    assert "sse-c/checks-in-order" in refused.fired


@pytest.mark.example
def test_a_fault_of_the_copy_source_key_is_answered_before_one_of_the_target_key() -> None:
    """GP-SRC-15."""
    world = after(create(), put(**customer()))
    request = copy(
        **source_customer(customer_algorithm="AES128"), **customer(customer_key_md5=OTHER_MD5)
    )
    (refused,) = predict(world, request).outcomes
    assert isinstance(refused, RefusalOutcome)
    assert refused.errors == (INVALID_ENCRYPTION_ALGORITHM,)


@pytest.mark.example
@pytest.mark.parametrize("make", [copy, part_copy])
def test_another_source_key_and_a_fault_of_the_target_key_are_not_ordered(
    make: Callable[..., Operation],
) -> None:
    world = after(create(), begin(**customer()), put("source", **customer()))
    request = make(
        f"{BUCKET}/source",
        **source_customer(OTHER_CUSTOMER_KEY),
        **customer(customer_algorithm="AES128"),
    )
    (refused,) = predict(world, request).outcomes
    assert isinstance(refused, RefusalOutcome)
    assert {INVALID_REQUEST, INVALID_ENCRYPTION_ALGORITHM} <= set(refused.errors)


@pytest.mark.example
def test_tls_is_not_asked_for_where_the_endpoint_says_so() -> None:
    lenient = World(context=Context(sse_c_over_http=True))
    assert rulings_of("sse-c/tls-is-required", lenient, put(secure=False, **customer())) == ()


@fires("sse-c/non-ascii-key-breaks-the-signature")
def test_a_key_header_beyond_ascii_is_wrongly_signed() -> Situation:
    request = put(**customer(customer_key="\u00e9\u00e8"))
    return NEW.when(request).then(WRONGLY_SIGNED, answered=(SIGNATURE_DOES_NOT_MATCH,))


@silent("sse-c/non-ascii-key-breaks-the-signature")
def test_a_form_with_a_key_beyond_ascii_is_refused_for_the_key() -> Situation:
    request = post(**customer(customer_key="\u00e9\u00e8"))
    return NEW.when(request).then(answered=(INVALID_ARGUMENT,))


@silent("sse-c/non-ascii-key-breaks-the-signature")
def test_a_key_header_that_is_missing_is_not_wrongly_signed() -> Situation:
    return NEW.when(put(**customer(customer_key=None)))


@fires("sse-c/signature-comes-first")
def test_the_signature_is_checked_before_the_key() -> Situation:
    request = put(**customer(customer_algorithm="x", customer_key="\u00e9"))
    return NEW.when(request).then(SIGNATURE_FIRST, answered=(SIGNATURE_DOES_NOT_MATCH,))


@silent("sse-c/signature-comes-first")
def test_without_a_customer_key_that_order_says_nothing() -> Situation:
    return NEW.when(put())
