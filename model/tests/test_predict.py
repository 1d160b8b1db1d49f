"""Where clauses meet."""

from __future__ import annotations

from typing import NoReturn

import pytest

from model import predict as predict_module
from model.clause import (
    Facet,
    MayRefuse,
    Order,
    Refuse,
    Ruling,
    Store,
    Succeed,
    find_clause,
)
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    EMPTY,
    KEY,
    KEY_ARN,
    KEY_ID,
    OBJECT,
    OTHER_KEY,
    UNKNOWN,
    after,
    copy,
    create,
    customer,
    first_success,
    get,
    put,
    put_blocked,
    put_default,
)
from model.matchers import AlsoAccepts
from model.operation import UNKNOWN_KEY
from model.predict import (
    ANY_ERROR,
    Fired,
    ModelDefectError,
    RefusalOutcome,
    SuccessOutcome,
    if_taken,
    options,
    predict,
    speaking,
    standing_refusals,
    stored_encryptions,
)
from model.request import SSE
from model.s3_errors import (
    ANY_400,
    INVALID_ARGUMENT,
    INVALID_STORAGE_CLASS,
    KMS_NOT_FOUND,
    NO_SUCH_KEY,
)
from model.sse import DsseKms, NotEncrypted, ObjectEncryption, SseC, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import MANAGED_KEY, KmsKey

pytestmark = pytest.mark.example

CLAUSE = find_clause("precedence/aes256-overrides-the-default")


def fired(*rulings: Ruling) -> list[Fired]:
    return [Fired(CLAUSE, ruling) for ruling in rulings]


def algorithm(*names: str) -> Store:
    return Store(Facet.ALGORITHM, names)


def keys(*found: KmsKey) -> Store:
    return Store(Facet.KMS_KEY, found)


FLAGGED = Store(Facet.BUCKET_KEY, (True,))


def encryptions(*rulings: Ruling, known: bool = True) -> list[ObjectEncryption | None]:
    return [e for e, _ in stored_encryptions(put(), fired(*rulings), known=known)]


def test_the_errors_of_all_faults_are_allowed_where_no_order_is_known() -> None:
    request = put(storage_class="GOLD", sse="aws:kms", kms_key_id="fake", if_none_match="*")
    (refused,) = predict(after(create()), request).outcomes
    assert isinstance(refused, RefusalOutcome)
    assert refused.errors == (KMS_NOT_FOUND, INVALID_STORAGE_CLASS)
    assert refused.because == (
        "kms-keys/unknown-name-is-refused",
        "request/storage-class-must-be-known",
    )


def test_an_earlier_check_silences_the_later_ones() -> None:
    first, second, third = (
        Refuse((INVALID_ARGUMENT,), step="1"),
        Refuse((NO_SUCH_KEY,), step="2"),
        Refuse((KMS_NOT_FOUND,)),
    )
    order = Order({"1": frozenset({"2"})})
    standing = standing_refusals(fired(second, first, third, order))
    assert [f.ruling for f in standing] == [first, third]
    assert [f.ruling for f in standing_refusals(fired(second, order))] == [second]
    assert [f.ruling for f in standing_refusals(fired(second, first))] == [second, first]
    assert [f.ruling for f in standing_refusals(fired(second, third, order))] == [second, third]


def test_an_allowance_adds_a_refusal_to_the_success() -> None:
    success, refused = predict(after(create()), put(sse="AES256", bucket_key_enabled="x")).outcomes
    assert isinstance(success, SuccessOutcome)
    assert isinstance(refused, RefusalOutcome)
    assert refused.errors == (INVALID_ARGUMENT, ANY_400)
    assert refused.because == refused.fired == ()


def test_an_allowance_adds_its_errors_to_those_of_a_refusal() -> None:
    request = put(sse="AES256", kms_key_id=KEY_ID, bucket_key_enabled="x")
    (refused,) = predict(after(create()), request).outcomes
    assert isinstance(refused, RefusalOutcome)
    assert set(refused.errors) == {INVALID_ARGUMENT, ANY_400}


def test_where_the_world_lacks_the_facts_any_refusal_is_allowed() -> None:
    prediction = predict(UNKNOWN, get())
    success, refused = prediction.outcomes
    assert prediction.unknown
    assert isinstance(success, SuccessOutcome)
    assert isinstance(refused, RefusalOutcome)
    assert refused.errors == (ANY_ERROR,)


def test_a_refusal_keeps_the_world_but_for_suspicions() -> None:
    world = after(create(), put())
    (refused,) = predict(world, put(sse="x")).outcomes
    assert refused.world == world
    bucket = refused.world.buckets[BUCKET]
    assert getattr(bucket, "suspects", {}) == {
        (OBJECT, None): ("reading/refused-write-keeps-the-object",)
    }
    assert "reading/refused-write-keeps-the-object" in refused.fired


def test_each_encryption_that_may_be_stored_is_an_outcome() -> None:
    world = after(create(), put_default("aws:kms", KEY_ARN))
    outcomes = predict(world, put(sse="aws:kms")).outcomes
    stored = [o.version.encryption for o in outcomes if isinstance(o, SuccessOutcome) and o.version]
    assert stored == [SseKms(MANAGED_KEY), SseKms(KEY_ID)]
    assert MANAGED_KEY in outcomes[0].world.keys


def test_each_effect_that_a_success_may_have_is_an_outcome() -> None:
    world = after(create(), put_default("aws:kms"))
    assert len(predict(world, put_blocked("NONE")).outcomes) == 2


def test_the_kinds_of_encryption_that_rulings_leave() -> None:
    assert encryptions() == [NotEncrypted()]
    assert encryptions(known=False) == [None]
    assert encryptions(algorithm("none")) == [NotEncrypted()]
    assert encryptions(algorithm("AES256"), keys(KEY)) == [SseS3()]
    assert encryptions(algorithm("aws:kms")) == [
        SseKms(UNKNOWN_KEY),
        SseKms(UNKNOWN_KEY, bucket_key_enabled=True),
    ]
    assert encryptions(algorithm("aws:kms"), keys(KEY), FLAGGED) == [
        SseKms(KEY_ID, bucket_key_enabled=True)
    ]
    assert encryptions(algorithm("aws:kms:dsse"), keys(KEY, OTHER_KEY)) == [
        DsseKms(KEY_ID),
        DsseKms(OTHER_KEY.key_id),
    ]


def test_rulings_on_one_facet_leave_what_all_of_them_allow() -> None:
    both = fired(keys(KEY, OTHER_KEY), Succeed(), keys(OTHER_KEY))
    assert options(both, Facet.KMS_KEY) == (OTHER_KEY,)
    assert options(both, Facet.ALGORITHM) is None


def test_rulings_that_leave_nothing_are_a_defect_of_the_model() -> None:
    with pytest.raises(ModelDefectError, match="algorithm"):
        encryptions(algorithm("AES256"), algorithm("aws:kms"))


def test_what_is_no_key_is_a_defect_of_the_model() -> None:
    with pytest.raises(ModelDefectError, match="no KMS key"):
        encryptions(algorithm("aws:kms"), Store(Facet.KMS_KEY, ("text",)))


def test_a_success_names_the_clauses_that_it_was_held_against() -> None:
    outcome = first_success(after(create()), put())
    assert outcome.because == ("bucket-default/base-is-sse-s3",)
    assert outcome.fired[0] == "bucket-default/base-is-sse-s3"
    assert "answer-headers/sse-s3-is-shown" in outcome.fired
    assert not any(one.startswith("allowance/") for one in outcome.fired)


def test_what_decided_an_encryption_stands_behind_the_header_that_shows_it() -> None:
    world = after(create(), put(sse="aws:kms"))
    because = {r.field: r.because for r in first_success(world, get()).requirements}
    assert because[SSE] == (
        "answer-headers/sse-kms-is-shown",
        "precedence/kms-overrides-the-default",
    )
    assert because["body"] == ("reading/returns-what-was-written",)


def test_what_was_shown_wrongly_once_is_accepted_again() -> None:
    version = ObjectVersion(encryption=SseS3(), body=DATA, shown={SSE: None})
    world = EMPTY.with_object(BUCKET, OBJECT, version)
    matchers = {r.field: r.matcher for r in first_success(world, get()).requirements}
    assert isinstance(matchers[SSE], AlsoAccepts)


def test_a_silenced_fault_still_names_the_order_that_silenced_it() -> None:
    request = put(**customer(customer_key_md5="x", customer_algorithm="x"))
    (refused,) = predict(after(create()), request).outcomes
    assert refused.fired == (
        "sse-c/key-md5-must-match",
        "sse-c/checks-in-order",
        "answer-headers/refusals-show-no-encryption",
        "reading/refused-write-keeps-the-object",
    )


def test_an_order_speaks_only_where_it_silences_a_check() -> None:
    first, third = (Refuse((INVALID_ARGUMENT,), step=name) for name in ("first", "third"))
    order = Order({"first": frozenset({"second"})})
    second = Refuse((NO_SUCH_KEY,), step="second")
    assert [f.ruling for f in speaking(fired(first, second, order))] == [first, second, order]
    assert [f.ruling for f in speaking(fired(first, third, order))] == [first, third]


def test_a_ruling_that_may_refuse_is_no_refusal() -> None:
    assert standing_refusals(fired(MayRefuse((NO_SUCH_KEY,)))) == []


def test_a_copy_of_an_unknown_object_may_end_in_any_way() -> None:
    world = after(create())
    elsewhere = type(world)(buckets=world.buckets, keys=world.keys)
    prediction = predict(elsewhere, copy("elsewhere/x"))
    assert prediction.unknown
    assert len(prediction.outcomes) == 2


def test_a_request_that_no_clause_refuses_any_more_is_a_success() -> None:
    (taken,) = if_taken(after(create()), put(**customer(customer_key_md5="wrong")))
    assert taken.version is not None
    assert isinstance(taken.version.encryption, SseC)


def test_where_the_clauses_leave_no_answer_nothing_can_be_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def contradict(*_: object) -> NoReturn:
        raise ModelDefectError

    world = after(create())
    monkeypatch.setattr(predict_module, "successes", contradict)
    assert if_taken(world, put()) == []
