"""The S3 operations: their HTTP form, what they do to the world, what their answers tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from model import wire
from model.answer import BODY, BODY_LENGTH, ETAG, Answer
from model.clause import Law
from model.clauses.tests.notation import (
    BLOCKING,
    BUCKET,
    DATA,
    EMPTY,
    OBJECT,
    REGION,
    UNDECIDED,
    UNKNOWN,
    after,
    copy,
    copy_in_place,
    create,
    customer,
    delete,
    delete_default,
    get,
    get_default,
    head,
    put,
    put_blocked,
    put_default,
    put_document,
    put_rules,
    source_customer,
)
from model.encryption_document import RuleText
from model.messages import HttpRequest, HttpResponse
from model.operation import Operation, existing_bucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.get_bucket_encryption import (
    ALGORITHM,
    BLOCKED,
    BUCKET_KEY_ENABLED,
    KEY_ID,
    RULE_COUNT,
)
from model.operations.object_read import requested_range
from model.request import CopySource, parse_copy_source
from model.sse import SseAlgorithm, SseS3
from model.stored import ObjectVersion, Presence
from model.world import Bucket, ServerSideEncryptionRule, World

if TYPE_CHECKING:
    from model.operations.copy_object import CopyObject

pytestmark = pytest.mark.example

FOUND = UNKNOWN.with_object(BUCKET, OBJECT, ObjectVersion(encryption=SseS3(), body=None))


def refusal(status: int, code: str | None = None) -> Answer:
    return Answer(status=status, succeeded=False, error_code=code)


def bucket_in(world: World, name: str = BUCKET) -> Bucket:
    found = existing_bucket(world, name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "request_",
    [
        create(),
        create(location="eu-west-1"),
        DeleteBucket(bucket=BUCKET),
        put_default("aws:kms", "alias/one", flag="true", blocked=("NONE",)),
        put_document(b"", content_md5="x"),
        get_default(),
        delete_default(),
        put(metadata=(("a", "b"),), storage_class="GLACIER", **customer()),
        put("a key/with blanks & ümlauts", body=b"\x00", secure=False),
        get(range="bytes=0-1", **customer()),
        head(sse="AES256"),
        delete("x//y"),
        copy("bucket/ä", metadata=(("a", "b"),), **source_customer(), **customer()),
    ],
    ids=lambda r: r.operation,
)
def test_a_request_is_read_back_from_its_http_form(request_: Operation) -> None:
    assert wire.parse(wire.render(request_), secure=request_.secure) == request_


def test_what_every_operation_must_say_is_said_by_none_of_them_all() -> None:
    bare = Operation()
    with pytest.raises(NotImplementedError):
        bare.is_unknown(EMPTY)
    with pytest.raises(NotImplementedError):
        bare.effect(EMPTY, None)


def test_an_operation_learns_nothing_and_suspects_nothing_unless_it_says_so() -> None:
    bare = Operation()
    answer = refusal(404)
    assert bare.extra_headers() == ()
    assert (
        bare.read_content(HttpRequest("GET")) == bare.own_parameters() == bare.own_fields({}) == {}
    )
    assert bare.obscured(EMPTY) is EMPTY
    assert bare.subject(EMPTY) is Presence.UNKNOWN
    assert bare.with_subject(EMPTY, ObjectVersion(encryption=None, body=None)) is EMPTY
    assert bare.content() == b""
    assert bare.suspect(EMPTY, Law.SOURCE_OF_COPY, "a/b") is EMPTY
    assert bare.learn(EMPTY, answer) is EMPTY
    assert bare.learn_refusal(EMPTY, answer) is EMPTY
    assert bare.read_answer(HttpResponse(200)) == {}
    assert bare.write_answer({}, EMPTY) == b""


def test_a_new_bucket_may_block_sse_c_or_not_where_that_is_not_known() -> None:
    blocked = [bucket_in(e.world).blocked for e in create().effects(UNDECIDED, None)]
    assert blocked == [frozenset(), frozenset({"SSE-C"})]


def test_a_new_bucket_did_not_block_sse_c_before_april_2026() -> None:
    earlier = replace(UNDECIDED.context, as_of=date(2026, 4, 5))
    (effect,) = create().effects(replace(UNDECIDED, context=earlier), None)
    assert bucket_in(effect.world).blocked == frozenset()


def test_a_new_bucket_is_in_the_region_that_it_asked_for() -> None:
    assert bucket_in(after(create(location="eu-west-1"))).region == "eu-west-1"
    assert bucket_in(after(create())).region == REGION
    assert bucket_in(after(create(), start=UNKNOWN)).region == ""


def test_a_bucket_that_exists_is_not_made_anew() -> None:
    world = after(create(), put())
    assert create().is_unknown(world)
    assert [e.world for e in create().effects(world, None)] == [world]


def test_only_an_empty_bucket_is_sure_to_be_removable() -> None:
    remove = DeleteBucket(bucket=BUCKET)
    assert remove.is_unknown(UNKNOWN)
    assert not remove.is_unknown(EMPTY)
    assert not remove.is_unknown(after(create()))
    assert remove.is_unknown(after(create(), put()))
    assert not remove.is_unknown(after(create(), put(), delete()))
    assert remove.is_unknown(FOUND)
    assert remove.effect(after(create()), None).world.bucket(BUCKET) is Presence.ABSENT


def test_a_404_tells_that_an_unknown_bucket_is_absent() -> None:
    remove = DeleteBucket(bucket=BUCKET)
    assert remove.learn_refusal(UNKNOWN, refusal(404)).bucket(BUCKET) is Presence.ABSENT
    assert remove.learn_refusal(UNKNOWN, refusal(409)) is UNKNOWN
    made = after(create())
    assert remove.learn_refusal(made, refusal(404)) is made


def test_nosuchbucket_tells_that_an_unknown_bucket_is_absent() -> None:
    ask = get_default()
    missing = refusal(404, "NoSuchBucket")
    assert ask.learn_refusal(UNKNOWN, missing).bucket(BUCKET) is Presence.ABSENT
    assert ask.learn_refusal(UNKNOWN, refusal(404, "Other")) is UNKNOWN
    assert ask.learn_refusal(UNKNOWN, refusal(403, "NoSuchBucket")) is UNKNOWN
    made = after(create())
    assert ask.learn_refusal(made, missing) is made


def test_the_default_of_an_unknown_bucket_is_learnt() -> None:
    fields = {ALGORITHM: "aws:kms", KEY_ID: "k", BUCKET_KEY_ENABLED: "true", BLOCKED: "SSE-C"}
    answer = Answer(status=200, succeeded=True, fields=fields)
    learnt = bucket_in(get_default().learn(UNKNOWN, answer))
    assert learnt.rule == ServerSideEncryptionRule(
        sse_algorithm=SseAlgorithm.AWS_KMS, kms_key_id="k", bucket_key_enabled=True
    )
    assert learnt.blocked == frozenset({"SSE-C"})


def test_an_answer_that_shows_no_default_teaches_none() -> None:
    answer = Answer(status=200, succeeded=True)
    assert get_default().learn(UNKNOWN, answer) == UNKNOWN
    made = after(create())
    assert get_default().learn(made, answer) is made


def test_a_default_of_an_unknown_algorithm_is_not_known() -> None:
    answer = Answer(status=200, succeeded=True, fields={ALGORITHM: "ROT13"})
    assert bucket_in(get_default().learn(FOUND, answer)).rule is None


def test_the_elements_of_a_default_are_read_and_written() -> None:
    ask = get_default()
    document = put_default("aws:kms", "k", flag="true", blocked=("NONE",)).document
    fields = ask.read_answer(HttpResponse(200, body=document))
    assert fields == {
        RULE_COUNT: "1",
        ALGORITHM: "aws:kms",
        KEY_ID: "k",
        BUCKET_KEY_ENABLED: "true",
        BLOCKED: "NONE",
    }
    assert ask.write_answer(fields, EMPTY) == document
    plain = ask.read_answer(HttpResponse(200, body=put_default().document))
    assert plain[BLOCKED] is None
    assert ask.write_answer(plain, EMPTY) == put_default().document


@pytest.mark.parametrize("body", [b"", b"<", put_rules().document])
def test_an_answer_without_a_rule_has_none(body: bytes) -> None:
    assert get_default().read_answer(HttpResponse(200, body=body)) == {RULE_COUNT: "0"}


def test_what_a_reset_leaves_of_the_blocked_types_is_open() -> None:
    world = after(create(), put_blocked("SSE-C"), put())
    effects = delete_default().effects(world, None)
    blocked = [(bucket_in(e.world).blocked, bucket_in(e.world).blocked_put) for e in effects]
    assert blocked == [(frozenset({"SSE-C"}), True), (frozenset(), False)]


def test_a_reset_keeps_what_is_not_known_of_the_blocked_types() -> None:
    (effect,) = delete_default().effects(FOUND, None)
    found = bucket_in(effect.world)
    assert (found.blocked, found.rule) == (None, ServerSideEncryptionRule())
    (effect,) = delete_default().effects(UNKNOWN, None)
    assert bucket_in(effect.world).rule == ServerSideEncryptionRule()


def test_a_rule_without_a_default_keeps_the_old_one_or_resets_it() -> None:
    world = after(create(), put_default("aws:kms", "k", flag="true"))
    kept = bucket_in(world).rule
    effects = put_blocked("NONE").effects(world, None)
    assert [bucket_in(e.world).rule for e in effects] == [
        kept,
        ServerSideEncryptionRule(
            sse_algorithm=SseAlgorithm.AWS_KMS, kms_key_id="k", bucket_key_enabled=False
        ),
        ServerSideEncryptionRule(),
    ]
    effects = put_blocked("NONE", flag="true").effects(world, None)
    assert [bucket_in(e.world).rule for e in effects] == [
        kept,
        ServerSideEncryptionRule(bucket_key_enabled=True),
    ]


def test_a_rule_without_a_default_leaves_an_unknown_one_unknown() -> None:
    (effect,) = put_blocked("SSE-C").effects(UNKNOWN, None)
    found = bucket_in(effect.world)
    assert (found.rule, found.blocked, found.explicit) == (None, frozenset({"SSE-C"}), None)


def test_a_rule_without_a_default_does_not_put_one() -> None:
    (effect, *_) = put_blocked("SSE-C").effects(after(create()), None)
    assert bucket_in(effect.world).explicit is None
    for before in (after(create(), put_default()), after(create(), put_blocked("NONE"))):
        for effect in put_blocked("SSE-C").effects(before, None):
            assert bucket_in(effect.world).explicit is bucket_in(before).explicit
    (effect,) = put_default().effects(after(create(), put_blocked("NONE")), None)
    assert bucket_in(effect.world).explicit is True


def test_a_document_without_one_rule_has_no_rule() -> None:
    assert put_document(b"<").rule is None
    assert put_rules(RuleText("AES256"), RuleText("AES256")).rule is None
    (effect,) = put_document(b"<").effects(after(create()), None)
    assert bucket_in(effect.world).rule is None


def test_a_new_default_casts_suspicion_on_whatever_changes_the_objects() -> None:
    world = after(create(), put(), put("other"))
    law = Law.OBJECTS_ON_NEW_DEFAULT
    for request in (put_default(), delete_default()):
        noted = bucket_in(request.suspect(request.suspect(world, law, "a/b"), law, "a/b"))
        assert noted.suspects == {(OBJECT, None): ("a/b",), ("other", None): ("a/b",)}
        assert request.suspect(EMPTY, law, "a/b") is EMPTY


def test_a_copy_casts_suspicion_on_whatever_changes_its_source_or_destination() -> None:
    world = after(create(), put())
    source = copy().suspect(world, Law.SOURCE_OF_COPY, "a/b")
    assert bucket_in(source).suspects == {(OBJECT, None): ("a/b",)}
    target = copy().suspect(world, Law.DESTINATION_OF_REFUSED_WRITE, "a/b")
    assert bucket_in(target).suspects == {("copy", None): ("a/b",)}
    for request in (copy("bad"), copy_in_place()):
        assert request.suspect(world, Law.SOURCE_OF_COPY, "a/b") is world


def test_a_copy_takes_data_and_metadata_from_its_source() -> None:
    world = after(create(), put(metadata=(("a", "b"),)))
    copied = copy().effect(world, SseS3()).version
    assert copied is not None
    assert (copied.body, copied.metadata) == (DATA, {"a": "b"})
    new = copy(metadata=(("c", "d"),), metadata_directive="REPLACE", storage_class="GLACIER")
    copied = new.effect(world, SseS3()).version
    assert copied is not None
    assert (copied.body, copied.metadata, copied.storage_class) == (DATA, {"c": "d"}, "GLACIER")


@pytest.mark.parametrize("request_", [copy("bad"), copy("elsewhere/object")])
def test_a_copy_of_what_nobody_knows_has_data_that_nobody_knows(request_: CopyObject) -> None:
    copied = request_.effect(FOUND, None).version
    assert copied is not None
    assert (copied.body, copied.metadata) == (None, None)


def test_a_copy_is_unknown_where_its_source_or_destination_is() -> None:
    world = after(create(), put())
    assert not copy().is_unknown(world)
    assert not copy("bad").is_unknown(world)
    assert copy().is_unknown(UNKNOWN)
    elsewhere = replace(world.context, bucket_prefix="run-")
    assert copy("elsewhere/x").is_unknown(replace(world, context=elsewhere))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("b/k", CopySource("b", "k")),
        ("/b/k/l", CopySource("b", "k/l")),
        ("b/k%20%2F", CopySource("b", "k /")),
        ("", None),
        ("b", None),
        ("b/", None),
        ("//k", None),
        ("b/k?versionId=v%2B1", CopySource("b", "k", "v+1")),
        ("b/k?other=1", CopySource("b", "k")),
    ],
)
def test_a_copy_source_names_a_bucket_and_an_object(text: str, source: CopySource | None) -> None:
    assert parse_copy_source(text) == source


def test_the_etag_of_a_copy_stands_in_its_document() -> None:
    request = copy()
    document = request.write_answer({ETAG: "e"}, EMPTY)
    assert request.read_answer(HttpResponse(200, body=document)) == {ETAG: "e"}
    assert request.read_answer(HttpResponse(200, body=b"<")) == {}
    assert b"<ETag />" in request.write_answer({}, EMPTY)


def test_the_etag_of_other_answers_stands_in_a_header() -> None:
    response = HttpResponse(200, (("etag", '"e"'),), body=b"data")
    assert put().read_answer(response) == {ETAG: "e"}
    assert head().read_answer(response) == {ETAG: "e"}
    shown = {ETAG: "e", BODY: b"data", BODY_LENGTH: "as announced"}
    assert get().read_answer(response) == shown
    assert put().read_answer(HttpResponse(200)) == {}
    assert head().read_answer(HttpResponse(200)) == {}
    empty = {BODY: b"", BODY_LENGTH: "as announced"}
    assert get().read_answer(HttpResponse(200)) == empty


def test_a_write_is_unknown_where_its_bucket_or_what_decides_it_is() -> None:
    found = UNKNOWN.with_bucket(BUCKET, Bucket(region="", rule=None, blocked=None))
    assert put().is_unknown(UNKNOWN)
    assert not put().is_unknown(EMPTY)
    assert put().is_unknown(found)
    assert not put(sse="AES256").is_unknown(found)
    assert put(**customer()).is_unknown(found)
    assert not put(**customer()).is_unknown(after(create(), start=BLOCKING))


@pytest.mark.parametrize("request_", [get(), head()])
def test_a_404_tells_that_an_unknown_object_or_its_bucket_is_absent(request_: Operation) -> None:
    learnt = request_.learn_refusal(UNKNOWN, refusal(404, "NoSuchBucket"))
    assert learnt.bucket(BUCKET) is Presence.ABSENT
    learnt = request_.learn_refusal(UNKNOWN, refusal(404, "NoSuchKey"))
    assert learnt.object(BUCKET, OBJECT) is Presence.ABSENT
    assert request_.learn_refusal(UNKNOWN, refusal(403)) is UNKNOWN
    world = after(create(), put())
    assert request_.learn_refusal(world, refusal(404)) is world


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (None, None),
        ("lines=0-1", None),
        ("bytes=-", None),
        ("bytes=3-2", None),
        ("bytes=0-0", (0, 1)),
        ("bytes=2-99", (2, 9)),
        ("bytes=5-", (5, 9)),
        ("bytes=-4", (5, 9)),
        ("bytes=-99", (0, 9)),
        ("bytes=9-", (9, 9)),
    ],
)
def test_a_range_of_nine_bytes(text: str | None, wanted: tuple[int, int] | None) -> None:
    assert requested_range(text, 9) == wanted


def test_a_part_of_the_data_is_answered_with_206() -> None:
    version = ObjectVersion(encryption=SseS3(), body=DATA)
    assert get(range="bytes=0-1").status(version) == 206
    assert get(range="bytes=-").status(version) == 200
    assert get().status(version) == 200
    assert get(range="bytes=0-1").status(replace(version, body=b"")) is None
    assert get(range="bytes=0-1").status(replace(version, body=None)) is None
    assert get(range="bytes=0-1").status(None) is None
