"""The three tables of directory buckets: new defaults, sessions, copies; by default and pinned key.

A cell says what a success gives (``AES256``, ``kms``), or ``refused``; ``maybe`` stands before what
may be refused as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from model.clauses.tests.notation import (
    ALIAS,
    KEY_ARN,
    KEY_ID,
    OTHER_KEY_ID,
    after,
    create,
    customer,
    delete_default,
    put,
)
from model.clauses.tests.words_directory import (
    DIRECTORY,
    copy_in,
    create_directory,
    default_aes256,
    default_kms,
    session,
)
from model.operations.delete_bucket import DeleteBucket
from model.predict import RefusalOutcome, SuccessOutcome, predict
from model.sse import SseKms, SseS3
from model.stored import Presence
from model.world import NEW_SESSION

if TYPE_CHECKING:
    from model.operation import Operation
    from model.sse import ObjectEncryption
    from model.world import World

STATES: dict[str, tuple[Operation, ...]] = {
    "AES256, none": (),
    "kms K1, K1": (default_kms(),),
    "AES256, K1": (default_kms(), default_aes256()),
}
REFUSED = "refused"


def world_of(state: str) -> World:
    return after(create_directory(), *STATES[state], create(), put())


def cell(world: World, request: Operation, shown: dict[int, ObjectEncryption | None]) -> str:
    """Return the outcomes of a request as a cell; ``shown`` is what each success encrypts with."""
    outcomes = predict(world, request).outcomes
    refused = any(isinstance(o, RefusalOutcome) for o in outcomes)
    given = {name_of(one) for one in shown.values()}
    if not given:
        return REFUSED
    (name,) = given
    return f"maybe {name}" if refused else name


def name_of(encryption: ObjectEncryption | None) -> str:
    if isinstance(encryption, SseS3):
        return "AES256"
    assert isinstance(encryption, SseKms)
    assert encryption.kms_key_id == KEY_ID
    return "kms"


def successes(world: World, request: Operation) -> dict[int, SuccessOutcome]:
    outcomes = predict(world, request).outcomes
    return {i: o for i, o in enumerate(outcomes) if isinstance(o, SuccessOutcome)}


SESSIONS: dict[str, Operation] = {
    "none": session(),
    "AES256": session(sse="AES256"),
    "kms + K1": session(sse="aws:kms", kms_key_id=KEY_ID),
    "kms + K1 by ARN": session(sse="aws:kms", kms_key_id=KEY_ARN),
    "kms, no key": session(sse="aws:kms"),
    "kms + K2": session(sse="aws:kms", kms_key_id=OTHER_KEY_ID),
    "kms + alias of K1": session(sse="aws:kms", kms_key_id=ALIAS),
    "dsse": session(sse="aws:kms:dsse"),
    "fsx": session(sse="aws:fsx"),
    "junk": session(sse="AES128"),
}
SESSION_TABLE = {
    "AES256, none": "AES256 AES256 refused refused refused refused refused refused refused refused",
    "kms K1, K1": "kms AES256 kms kms maybe-kms refused refused refused refused refused",
    "AES256, K1": "AES256 AES256 maybe-kms maybe-kms maybe-kms refused refused refused refused "
    "refused",
}


def cells(table: dict[str, str], columns: dict[str, Operation]) -> list[tuple[str, str, str]]:
    return [
        (state, column, said.replace("-", " "))
        for state, row in table.items()
        for column, said in zip(columns, row.split(), strict=True)
    ]


@pytest.mark.parametrize(("state", "headers", "said"), cells(SESSION_TABLE, SESSIONS))
def test_a_session_is_given_as_the_table_says(state: str, headers: str, said: str) -> None:
    world, request = world_of(state), SESSIONS[headers]
    shown = {
        i: o.world.sessions[NEW_SESSION].encryption for i, o in successes(world, request).items()
    }
    assert cell(world, request, shown) == said


COPIES: dict[str, Operation] = {
    "none": copy_in(),
    "AES256": copy_in(sse="AES256"),
    "kms": copy_in(sse="aws:kms"),
    "kms + K1": copy_in(sse="aws:kms", kms_key_id=KEY_ID),
    "kms + K2": copy_in(sse="aws:kms", kms_key_id=OTHER_KEY_ID),
    "kms + alias of K1": copy_in(sse="aws:kms", kms_key_id=ALIAS),
    "SSE-C": copy_in(**customer()),
    "dsse": copy_in(sse="aws:kms:dsse"),
    "fsx": copy_in(sse="aws:fsx"),
    "junk": copy_in(sse="AES128"),
}
COPY_TABLE = {
    "AES256, none": "AES256 AES256 refused refused refused refused refused refused refused refused",
    "kms K1, K1": "kms AES256 kms kms refused refused refused refused refused refused",
    "AES256, K1": "AES256 AES256 maybe-kms maybe-kms refused refused refused refused refused "
    "refused",
}


@pytest.mark.parametrize(("state", "headers", "said"), cells(COPY_TABLE, COPIES))
def test_a_copy_is_done_as_the_table_says(state: str, headers: str, said: str) -> None:
    world, request = world_of(state), COPIES[headers]
    shown = {
        i: None if o.version is None else o.version.encryption
        for i, o in successes(world, request).items()
    }
    assert cell(world, request, shown) == said


NO_KEY, UNKNOWN = Presence.ABSENT, Presence.UNKNOWN
DEFAULTS: dict[str, Operation] = {
    "AES256": default_aes256(),
    "kms K1": default_kms(),
    "kms K2": default_kms(OTHER_KEY_ID),
    "delete": delete_default(DIRECTORY),
}
DEFAULT_TABLE: list[tuple[str, str, bool, bool, str, str | Presence]] = [
    # state, request, may succeed, may be refused, then: default, pinned key
    ("AES256, none", "AES256", True, False, "AES256", NO_KEY),
    ("AES256, none", "kms K1", True, False, "aws:kms", KEY_ID),
    ("AES256, none", "kms K2", True, False, "aws:kms", OTHER_KEY_ID),
    ("AES256, none", "delete", True, False, "AES256", NO_KEY),
    ("kms K1, K1", "AES256", True, True, "AES256", KEY_ID),
    ("kms K1, K1", "kms K1", True, True, "aws:kms", KEY_ID),
    ("kms K1, K1", "kms K2", False, True, "aws:kms", KEY_ID),
    ("kms K1, K1", "delete", True, False, "AES256", UNKNOWN),
    ("AES256, K1", "AES256", True, True, "AES256", KEY_ID),
    ("AES256, K1", "kms K1", True, True, "aws:kms", KEY_ID),
    ("AES256, K1", "kms K2", False, True, "AES256", KEY_ID),
    ("AES256, K1", "delete", True, False, "AES256", UNKNOWN),
]


@pytest.mark.parametrize(
    ("state", "request_", "done", "refused", "default", "pinned"), DEFAULT_TABLE
)
def test_a_default_changes_as_the_table_says(
    state: str,
    request_: str,
    *,
    done: bool,
    refused: bool,
    default: str,
    pinned: str | Presence,
) -> None:
    world, request = world_of(state), DEFAULTS[request_]
    outcomes = predict(world, request).outcomes
    assert any(isinstance(o, RefusalOutcome) for o in outcomes) is refused
    assert any(isinstance(o, SuccessOutcome) for o in outcomes) is done
    then = outcomes[0].world.existing(DIRECTORY)
    assert then.rule is not None
    assert then.rule.sse_algorithm == default
    assert then.pinned_key == pinned


def test_a_bucket_that_was_deleted_and_made_again_takes_another_key() -> None:
    world = after(create_directory(), default_kms(), DeleteBucket(bucket=DIRECTORY))
    made = after(create_directory(), start=world)
    assert not any(
        isinstance(o, RefusalOutcome) for o in predict(made, default_kms(OTHER_KEY_ID)).outcomes
    )


def test_the_tables_start_where_they_say() -> None:
    for state in STATES:
        default, _, pinned = state.partition(", ")
        bucket = world_of(state).existing(DIRECTORY)
        assert bucket.rule is not None
        algorithm = "AES256" if default == "AES256" else "aws:kms"
        assert bucket.rule.sse_algorithm == algorithm
        assert bucket.pinned_key == (KEY_ID if pinned == "K1" else NO_KEY)
