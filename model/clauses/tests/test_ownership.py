"""The account that a request expects, and access control lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model.clause import MayRefuse, Refuse
from model.clauses.tests.notation import (
    ACCOUNT,
    EMPTY,
    Situation,
    copy,
    create,
    delete,
    delete_default,
    fires,
    get,
    get_default,
    given,
    head,
    put,
    put_default,
    silent,
)
from model.clauses.tests.words_forms import post
from model.clauses.tests.words_update import update
from model.predict import RefusalOutcome, SuccessOutcome, predict
from model.s3_errors import ACCESS_DENIED, ACL_NOT_SUPPORTED, ANY_400, INVALID_ARGUMENT

if TYPE_CHECKING:
    from model.operation import Operation

OTHER = "123412341234"
STORED = given(create(), put())
DENIED = Refuse((ACCESS_DENIED,))
EITHER = MayRefuse((ACCESS_DENIED, ANY_400))


def expecting(request: Operation, owner: str) -> Operation:
    """The request, which expects its bucket to be that account's."""
    return replace(request, expected_bucket_owner=owner)  # type: ignore[call-arg]


@fires("ownership/other-bucket-owner-is-denied")
def test_a_default_for_another_accounts_bucket_is_denied() -> Situation:
    return STORED.when(expecting(put_default(), OTHER)).then(DENIED, answered=(ACCESS_DENIED,))


@fires("ownership/other-bucket-owner-is-denied")
def test_a_read_of_another_accounts_bucket_is_denied() -> Situation:
    return STORED.when(expecting(get(), OTHER)).then(DENIED, answered=(ACCESS_DENIED,))


@silent("ownership/other-bucket-owner-is-denied")
def test_a_request_that_expects_the_right_owner_is_not_denied() -> Situation:
    return STORED.when(expecting(put_default(), ACCOUNT))


@silent("ownership/other-bucket-owner-is-denied")
def test_a_form_that_expects_another_owner_need_not_be_denied() -> Situation:
    return STORED.when(post(expected_bucket_owner=OTHER))


@fires("allowance/another-owner-in-a-form")
def test_a_form_that_expects_another_owner_may_be_denied() -> Situation:
    allowed = MayRefuse((ACCESS_DENIED,))
    return STORED.when(post(expected_bucket_owner=OTHER)).then(allowed, answered=(ACCESS_DENIED,))


@silent("allowance/another-owner-in-a-form")
def test_a_form_that_expects_the_right_owner_may_not_be_denied() -> Situation:
    return STORED.when(post(expected_bucket_owner=ACCOUNT))


@silent("ownership/other-bucket-owner-is-denied")
def test_a_request_that_expects_nobody_is_not_denied() -> Situation:
    return STORED.when(put_default())


@silent("ownership/other-bucket-owner-is-denied")
def test_a_missing_bucket_is_nobodys() -> Situation:
    return given().when(expecting(get_default(), OTHER))


@fires("ownership/other-source-owner-is-denied")
def test_a_copy_from_another_accounts_bucket_is_denied() -> Situation:
    request = copy(expected_source_owner=OTHER)
    return STORED.when(request).then(DENIED, answered=(ACCESS_DENIED,))


@silent("ownership/other-source-owner-is-denied")
def test_a_copy_from_a_bucket_of_the_expected_account_is_not_denied() -> Situation:
    return STORED.when(copy(expected_source_owner=ACCOUNT))


@silent("ownership/other-source-owner-is-denied")
def test_a_copy_without_a_source_expects_nobody() -> Situation:
    return STORED.when(copy("none", expected_source_owner=OTHER))


@fires("allowance/owner-that-cannot-be-compared")
def test_an_owner_that_is_no_account_may_be_refused() -> Situation:
    return STORED.when(copy(expected_source_owner="me")).then(EITHER)


@fires("allowance/owner-that-cannot-be-compared")
def test_where_the_own_account_is_not_known_any_owner_may_be_wrong() -> Situation:
    start = replace(EMPTY, account=None, keys={})
    return given(create(), start=start).when(expecting(get_default(), OTHER)).then(EITHER)


@silent("allowance/owner-that-cannot-be-compared")
def test_where_the_account_is_known_an_owner_is_right_or_wrong() -> Situation:
    return STORED.when(expecting(get(), OTHER))


@fires("allowance/access-control-list")
def test_a_write_with_an_acl_may_be_refused() -> Situation:
    return STORED.when(put(acl="private")).then(MayRefuse((ACL_NOT_SUPPORTED,)))


@fires("allowance/access-control-list")
def test_a_public_acl_may_be_refused_for_that() -> Situation:
    ruling = MayRefuse((ACL_NOT_SUPPORTED, ACCESS_DENIED))
    return STORED.when(copy(acl="public-read")).then(ruling)


@fires("allowance/access-control-list")
def test_an_acl_that_is_none_may_be_refused_for_that() -> Situation:
    ruling = MayRefuse((ACL_NOT_SUPPORTED, INVALID_ARGUMENT))
    return STORED.when(put(acl="everybody")).then(ruling)


@silent("allowance/access-control-list")
def test_that_the_owner_has_full_control_is_always_taken() -> Situation:
    return STORED.when(put(acl="bucket-owner-full-control"))


@silent("allowance/access-control-list")
def test_a_write_without_an_acl_is_not_refused_for_one() -> Situation:
    return STORED.when(copy())


@pytest.mark.example
@pytest.mark.parametrize(
    "request_",
    [
        put(),
        copy(),
        get(),
        head(),
        delete(),
        put_default(),
        get_default(),
        delete_default(),
        update(),
    ],
    ids=lambda r: r.operation,
)
def test_the_right_owner_changes_nothing_and_another_is_always_denied(request_: Operation) -> None:
    world = STORED.when(request_).world
    plain, owned = predict(world, request_), predict(world, expecting(request_, ACCOUNT))
    assert (
        [type(o) for o in owned.outcomes] == [type(o) for o in plain.outcomes] == [SuccessOutcome]
    )
    (denied,) = predict(world, expecting(request_, OTHER)).outcomes
    assert isinstance(denied, RefusalOutcome)
    assert denied.errors == (ACCESS_DENIED,)
