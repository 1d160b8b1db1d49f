"""The examples of the tests, told in words, and the files that are made of them."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from fnmatch import fnmatch
from typing import TYPE_CHECKING

import pytest

from conformance import write_catalogue
from conformance.catalogue_page import markdown, whole_catalogue
from conformance.clause_examples import (
    DATA_FILE,
    SILENT,
    STORED_TEXT,
    ToldClause,
    ToldExample,
    ToldRequest,
    cut,
    data_text,
    recorded_examples,
)
from conformance.example_telling import (
    tell_every_example,
    tell_example,
    tell_request,
    tell_ruling,
    tell_start,
)
from conformance.tests.catalogue_views import STALE
from conformance.tests.running import REPOSITORY
from conformance.traceability.coverage import rows
from model.answer import BODY, ETAG
from model.clause import (
    Facet,
    Keep,
    Law,
    MayRefuse,
    Order,
    Refuse,
    Require,
    Ruling,
    Store,
    Succeed,
)
from model.clauses.tests.notation import (
    BLOCKING,
    BUCKET,
    EMPTY,
    KEY,
    KEY_ID,
    NO_KEY_ID,
    OBJECT,
    SIGNING_KEY_ID,
    UNDECIDED,
    UNKNOWN,
    Example,
    Situation,
    create,
    customer,
    describe,
    every_example,
    get,
    given,
    put,
    put_document,
)
from model.matchers import Absent, AbsentOr, BodyIs, Equals, Md5Shape
from model.request import SSE
from model.s3_errors import ACCESS_DENIED, ANY_400, ANY_CODE, INVALID_ARGUMENT, S3Error
from model.sse import NotEncrypted, SseKms
from model.stored import ObjectVersion, Presence
from model.world import KeyState, KmsKey, World

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue

MANAGED = KmsKey(key_id="aws/s3")


def test_the_committed_examples_are_those_of_the_tests() -> None:
    # Compared before the assertion: the message says what to do, not how long texts differ.
    is_fresh = write_catalogue.DATA.read_text() == data_text(tell_every_example())
    assert is_fresh, STALE


def test_the_committed_page_is_that_of_the_clauses() -> None:
    is_fresh = write_catalogue.PAGE.read_text() == markdown(whole_catalogue(rows()))
    assert is_fresh, STALE


def test_both_files_are_written_where_they_are_committed_and_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").touch()
    data, page = tmp_path / "conformance" / DATA_FILE, tmp_path / "CLAUSES.md"
    for name, path in {"ROOT": tmp_path, "DATA": data, "PAGE": page}.items():
        monkeypatch.setattr(write_catalogue, name, path)
    assert write_catalogue.main() == 0
    assert capsys.readouterr().out == f"conformance/{DATA_FILE}\nCLAUSES.md\n"
    first = (data.read_bytes(), page.read_bytes())
    assert write_catalogue.main() == 0
    assert (data.read_bytes(), page.read_bytes()) == first


def test_an_installed_package_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(write_catalogue, "ROOT", tmp_path)
    assert write_catalogue.main() == 2
    assert "CLAUSES.md" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_data_file_is_installed_with_the_package() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    patterns = settings["tool"]["setuptools"]["package-data"]["conformance"]
    assert any(fnmatch(DATA_FILE, pattern) for pattern in patterns)
    assert (REPOSITORY / "conformance" / DATA_FILE).is_file()


def test_the_first_example_of_each_sort_is_the_one_that_is_told() -> None:
    first: dict[tuple[str, bool], Example] = {}
    for example in every_example():
        first.setdefault((example.clause_id, example.fires), example)
    for (clause_id, fires), example in first.items():
        told = recorded_examples()[clause_id]
        shown = told.fires if fires else told.silent
        assert shown is not None, STALE
        assert shown.sentence == example.sentence


def test_an_example_names_the_test_that_it_is() -> None:
    told = recorded_examples()["etag/sse-c-is-not-the-md5"].fires
    assert told is not None
    file, _, name = told.test.partition("::")
    assert f"def {name}()" in (REPOSITORY / file).read_text()


@pytest.mark.parametrize(
    ("ruling", "words"),
    [
        (Refuse((INVALID_ARGUMENT,)), "must be refused with 400 InvalidArgument"),
        (
            Refuse((INVALID_ARGUMENT, ACCESS_DENIED), step="write:1"),
            "must be refused with 400 InvalidArgument or 403 AccessDenied",
        ),
        (MayRefuse((ANY_400,)), "may be refused with any 400 error"),
        (MayRefuse((S3Error(ANY_CODE, 0),)), "may be refused with any error"),
        (Succeed(), "must not be refused"),
        (
            Order({"bucket": frozenset({"document"})}),
            "of several checks that fail, the first in the recorded order answers alone",
        ),
        (
            Store(Facet.ALGORITHM, ("aws:kms", "SSE-C")),
            "a success stores the object under SSE-KMS (aws:kms) or under SSE-C",
        ),
        (
            Store(Facet.KMS_KEY, (MANAGED, replace(KEY, state=KeyState.DISABLED))),
            (
                "a success stores the object under the AWS managed key aws/s3"
                f" or under KMS key {KEY_ID} (Disabled)"
            ),
        ),
        (
            Store(Facet.BUCKET_KEY, (False, True)),
            "a success stores the object without a Bucket Key or with a Bucket Key",
        ),
        (Require(SSE, Equals("aws:kms")), f"the answer's {SSE} must be aws:kms"),
        (Require(SSE, Equals("")), f"the answer's {SSE} must be empty"),
        (Require(SSE, Absent()), f"the answer must not show {SSE}"),
        (Require(SSE, AbsentOr("a", "b")), f"the answer's {SSE} must be absent or a"),
        (Require(ETAG, Md5Shape()), "the answer's ETag must be 32 hexadecimal digits"),
        (
            Require(BODY, BodyIs(b"x")),
            "the answer's body must be the 1 bytes with MD5 9dd4e461268c8034f5c8564e155c67a6",
        ),
        (Require("Rules", Equals("1")), "the answer's number of rules must be 1"),
        (Keep(Law.SOURCE_OF_COPY), "must leave as it is: the source of the copy"),
    ],
)
def test_a_ruling_is_told_in_words(ruling: Ruling, words: str) -> None:
    assert tell_ruling(ruling) == words


@pytest.mark.parametrize("law", list(Law))
def test_whatever_is_kept_is_named(law: Law) -> None:
    assert tell_ruling(Keep(law)).startswith("must leave as it is: the ")


def test_a_request_is_told_as_a_call_with_the_parameters_of_boto3() -> None:
    told = tell_request(put(sse="aws:kms", secure=False))
    assert told.call == (
        'PutObject(Bucket="bucket", Key="object", Body="some data",'
        ' ServerSideEncryption="aws:kms"), over plain HTTP'
    )
    elsewhere = tell_request(replace(describe(KEY_ID), region="eu-west-1"))
    assert elsewhere.call == 'DescribeKey(KeyId="11111111-..."), sent to eu-west-1'
    assert tell_request(put_document(b"<a/>")).call == (
        'PutBucketEncryption(Bucket="bucket", Document="<a/>")'
    )


def test_long_values_are_shown_by_their_ends_and_kept_whole_in_the_data() -> None:
    headers = customer()
    told = tell_request(put("k" * 1000, body=b"b" * 100, **headers))
    assert told.parameters["Body"] == "b" * 100
    assert told.parameters["SSECustomerKey"] == headers["customer_key"]
    assert 'SSECustomerKey="YSBjdXN0b21lcidz...ZXMuLi4="' in told.call
    assert f'Body="{"b" * 40}...{"b" * 20}"' in told.call
    assert f'Key="{"k" * 40}...{"k" * 20}"' in told.call
    assert 'Body={"base64": "////' in tell_request(put(body=b"\xff" * 300)).call


def test_what_is_too_long_for_the_data_is_told_by_its_size() -> None:
    for body in (b"b" * 5_000_000, b"\xff" * 5_000_000):
        told = tell_request(put(body=body))
        assert told.remarks == ("Body of 5,000,000 bytes",)
        assert len(data_text({"a/b": ToldClause(fires=example_of(told))})) < 2 * STORED_TEXT
    assert tell_request(put("k" * 1024)).remarks == ("Key of 1,024 bytes",)
    assert tell_request(put("k" * STORED_TEXT)).remarks == ()


def test_values_within_lists_and_objects_are_cut_too() -> None:
    value: JsonValue = {"a": ["b" * 30, 1, None, True], "c": {"d": "e" * 30}}
    assert cut(value, 9) == {"a": ["bbbbbb...bbb", 1, None, True], "c": {"d": "eeeeee...eee"}}
    assert cut("123456789", 9) == "123456789"


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (EMPTY, ()),
        (UNKNOWN, ("nothing is known of what is there",)),
        (BLOCKING, ("new buckets block SSE-C",)),
        (UNDECIDED, ("whether new buckets block SSE-C is not known",)),
        (
            replace(EMPTY, context=replace(EMPTY.context, sse_c_over_http=True, region="eu-x")),
            ("region eu-x", "the endpoint takes SSE-C over plain HTTP"),
        ),
        (
            UNKNOWN.with_object(BUCKET, OBJECT, ObjectVersion(encryption=None, body=None)),
            (
                "nothing is known of what is there",
                "bucket bucket exists",
                (
                    "object object is there under an encryption that is not known,"
                    " its data is not known"
                ),
            ),
        ),
        (
            EMPTY.with_object(BUCKET, "a", ObjectVersion(encryption=SseKms("k"), body=b""))
            .with_object(BUCKET, "b", ObjectVersion(encryption=NotEncrypted(), body=b""))
            .with_object(BUCKET, "c", Presence.UNKNOWN),
            (
                "bucket bucket exists",
                "object a is there under SSE-KMS",
                "object b is there under no encryption",
                "object c is unknown",
            ),
        ),
        (
            EMPTY.with_bucket("other", Presence.UNKNOWN),
            ("whether bucket other exists is not known",),
        ),
        (
            EMPTY.with_key(replace(MANAGED, arn="arn:x")).with_key(KmsKey(key_id="k")),
            (
                "the AWS managed key aws/s3 has the ARN arn:x",
                "KMS key k has the ARN that nobody knows",
            ),
        ),
        (replace(EMPTY, account="1"), ("account as the test sets it up",)),
    ],
    ids=lambda value: "" if isinstance(value, World) else " ".join(value)[:40],
)
def test_what_an_example_starts_from_is_told_where_it_is_unusual(
    start: World, words: tuple[str, ...]
) -> None:
    assert tell_start(start) == words


def example_of(request: ToldRequest) -> ToldExample:
    return ToldExample(sentence="it", test="a::b", request=request)


def told_of(situation: Situation) -> ToldExample:
    def test_it() -> Situation:
        return situation

    return tell_example(Example("a/b", True, "it", "model.clauses.tests.test_a", test_it))  # noqa: FBT003


@pytest.mark.parametrize(
    ("key_id", "start"),
    [
        (KEY_ID, (f"KMS key {KEY_ID} exists",)),
        ("alias/one", (f"alias/one names KMS key {KEY_ID}", f"KMS key {KEY_ID} exists")),
        (SIGNING_KEY_ID, (f"KMS key {SIGNING_KEY_ID} exists, an asymmetric one",)),
        (NO_KEY_ID, ()),
        (None, ()),
    ],
)
def test_of_kms_keys_those_are_told_that_are_named_and_exist(
    key_id: str | None, start: tuple[str, ...]
) -> None:
    assert told_of(given(create()).when(put(kms_key_id=key_id))).start == start


def test_what_the_whole_model_answers_is_told_where_the_clause_does_not_say_it() -> None:
    plain = given(create()).when(get())
    same = told_of(plain.then(Refuse((ACCESS_DENIED,)), answered=(ACCESS_DENIED,)))
    assert same.told == ("must be refused with 403 AccessDenied",)
    ordered = told_of(plain.then(Order({}), answered=(ACCESS_DENIED, INVALID_ARGUMENT)))
    assert ordered.told[1:] == ("so it is refused with 400 InvalidArgument or 403 AccessDenied",)
    silent = told_of(plain.then(answered=(ACCESS_DENIED,)))
    assert silent.told == (SILENT, "for another reason it is refused with 403 AccessDenied")


def test_a_demand_that_is_made_twice_is_told_once() -> None:
    told = told_of(given().when(get()).then(Succeed(), Succeed()))
    assert told.demands == ("must not be refused",)


def test_the_data_file_has_a_line_for_each_example_and_can_be_read_again() -> None:
    request = ToldRequest(operation="GetObject", parameters={"Key": "\u202e\n"})
    text = data_text(recorded_examples())
    assert len(text.splitlines()) == 3 * len(recorded_examples()) + 2
    assert list(json.loads(text)) == sorted(recorded_examples())
    assert request.call == 'GetObject(Key="\\u202e\\n")'
