"""The operations of directory buckets: what they do to the world, and how an SDK writes them."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from urllib3 import HTTPResponse

from model import wire
from model.answer import Answer
from model.clauses.tests.notation import (
    DATA,
    EMPTY,
    KEY_ID,
    OBJECT,
    after,
    create,
    delete_default,
    first_success,
    get_default,
    put,
)
from model.clauses.tests.words_directory import (
    ARN,
    DIRECTORY,
    context,
    copy_in,
    create_directory,
    default_kms,
    look,
    rename,
    session,
    token,
    write,
)
from model.directory_bucket import (
    carried,
    default_encryption,
    is_default_context,
    lacks_session,
    with_default,
)
from model.judge import Belief, judge, without_answer
from model.messages import HttpRequest, HttpResponse
from model.operations.create_bucket import CreateBucket, Layout
from model.operations.create_session import CreateSession
from model.operations.delete_bucket import DeleteBucket
from model.operations.rename_object import RenameObject
from model.parameters import from_parameters, to_parameters
from model.predict import is_unknown, predict
from model.request import SSE
from model.sse import SseAlgorithm, SseKms, SseS3
from model.stored import ObjectVersion, Presence
from model.world import (
    NEW_SESSION,
    Bucket,
    ServerSideEncryptionRule,
    Session,
    SessionMode,
    World,
    unknown_bucket,
)

CREDENTIALS = {"SessionToken": "t", "SecretAccessKey": "s", "AccessKeyId": "a"}
HOST = "localhost:9"
ENDPOINT = f"http://{HOST}"


class Sdk:
    """boto3 without its socket, and without the sessions that it would create by itself."""

    def __init__(self) -> None:
        self.sent: Any = None
        self.answer = HttpResponse(200)
        config = Config(
            s3={"addressing_style": "path", "disable_s3_express_session_auth": True},
            request_checksum_calculation="when_required",
            retries={"max_attempts": 0},
        )
        made = boto3.Session("access", "secret", region_name="us-east-1")
        self.client = made.client("s3", endpoint_url=ENDPOINT, config=config)
        self.client.meta.events.register("before-send.s3", self._capture)

    def _capture(self, request: Any, **_: Any) -> AWSResponse:
        self.sent = request
        raw = HTTPResponse(io.BytesIO(self.answer.body), preload_content=False)
        return AWSResponse(request.url, self.answer.status, dict(self.answer.headers), raw)

    def send(self, operation: str, parameters: Any, answer: HttpResponse) -> Any:
        """Make a call; return what the SDK makes of the answer."""
        self.answer = answer
        return self.client._make_api_call(operation, parameters)

    def sent_http(self) -> HttpRequest:
        """Return the request that would have gone out, with the bucket taken out of its host."""
        url = urlsplit(self.sent.url)
        headers = tuple(
            (n.lower(), v if isinstance(v, str) else v.decode())
            for n, v in self.sent.headers.items()
        )
        bucket = url.netloc.removesuffix(HOST).removesuffix(".")
        rest = url.path[1:]
        if not bucket:
            bucket, _, rest = rest.partition("/")
        query = tuple(parse_qsl(url.query, keep_blank_values=True))
        body = self.sent.body or b""
        data = body if isinstance(body, bytes) else body.read()
        return HttpRequest(self.sent.method, "s3", bucket, f"/{rest}", query, headers, data)


SDK = Sdk()


@pytest.mark.agreement
@pytest.mark.parametrize(
    "request_",
    [
        create_directory(),
        CreateBucket(bucket=DIRECTORY, layout=Layout("z", "LocalZone", "SingleLocalZone")),
        session(),
        session(session_mode="ReadOnly"),
        session(sse="aws:kms", kms_key_id=KEY_ID, encryption_context="e30="),
        RenameObject(bucket=DIRECTORY, object_key="to", rename_source="from"),
        put(bucket=DIRECTORY, write_offset="7"),
    ],
)
def test_an_sdk_writes_a_request_as_the_model_does(
    request_: CreateBucket | CreateSession | RenameObject,
) -> None:
    parameters: dict[str, Any] = dict(to_parameters(request_))
    if "WriteOffsetBytes" in parameters:
        parameters["WriteOffsetBytes"] = int(parameters["WriteOffsetBytes"])
    answer = wire.write_answer(
        request_,
        Answer(status=200, succeeded=True, fields={**CREDENTIALS, "etag": "e"}),
        World(),
    )
    SDK.send(request_.operation, parameters, answer)
    theirs = SDK.sent_http()
    assert wire.parse(theirs) == request_
    ours = wire.render(request_)
    assert (theirs.method, theirs.bucket, unquote(theirs.path)) == (
        ours.method,
        ours.bucket,
        unquote(ours.path),
    )


@pytest.mark.agreement
def test_an_sdk_reads_the_credentials_of_a_session() -> None:
    ask = session()
    fields = {**CREDENTIALS, "x-amz-server-side-encryption": "aws:kms"}
    answer = wire.write_answer(ask, Answer(status=200, succeeded=True, fields=fields), World())
    read = SDK.send("CreateSession", {"Bucket": DIRECTORY}, answer)
    shown = {name: read["Credentials"][name] for name in CREDENTIALS}
    assert shown == CREDENTIALS
    assert read["ServerSideEncryption"] == "aws:kms"
    assert wire.read_answer(ask, answer).fields["SessionToken"] == "t"


def test_a_bucket_with_a_location_and_a_layout_comes_back_from_its_parameters() -> None:
    request = CreateBucket(bucket=DIRECTORY, location="eu-west-1", layout=Layout("z"))
    assert from_parameters("CreateBucket", to_parameters(request)) == request
    assert wire.parse(wire.render(request)) == request


def test_a_configuration_that_is_no_document_makes_no_directory_bucket() -> None:
    request = wire.parse(HttpRequest("PUT", bucket=DIRECTORY, body=b"<Location>"))
    assert request == CreateBucket(bucket=DIRECTORY)


def test_a_directory_bucket_is_made_in_one_way_whether_or_not_sse_c_is_blocked() -> None:
    start = replace(EMPTY, context=replace(EMPTY.context, new_buckets_block_sse_c=None))
    (made,) = predict(start, create_directory()).outcomes
    assert made.world.existing(DIRECTORY) == Bucket(
        region="us-east-1", kind=made.world.existing(DIRECTORY).kind
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<ListBucketResult/>",
        b"<r><Credentials><SessionToken>t</SessionToken></Credentials></r>",
    ],
)
def test_a_session_without_credentials_is_none(body: bytes) -> None:
    answer = wire.read_answer(session(), HttpResponse(200, (), body))
    assert not answer.succeeded
    assert answer.status is None


def test_a_session_is_bound_to_the_token_that_the_answer_shows() -> None:
    world = after(create_directory(), session())
    assert world.sessions == {
        token(1): Session(
            bucket=DIRECTORY,
            encryption=SseS3(),
            mode=SessionMode.READ_WRITE,
            rule=ServerSideEncryptionRule(),
        )
    }
    assert session().chosen(Answer(status=200, succeeded=True, fields=CREDENTIALS)) == ("t",)


def test_a_session_that_shows_no_token_stays_without_one() -> None:
    world = after(create_directory())
    outcome = first_success(world, session())
    told = session().learn(outcome.world, Answer(status=200, succeeded=True))
    assert set(told.sessions) == {NEW_SESSION}
    assert session().subject(world) is Presence.UNKNOWN
    assert session().with_subject(world, ObjectVersion(encryption=None, body=None)) is world


def test_a_session_of_a_general_purpose_bucket_is_not_judged() -> None:
    assert CreateSession(bucket="bucket").is_unknown(EMPTY)
    assert session(session_mode="x").is_unknown(after(create_directory()))
    assert session().is_unknown(EMPTY)


def test_the_encryption_of_a_session_is_learnt_where_the_default_is_not_known() -> None:
    start = World().with_bucket(DIRECTORY, unknown_bucket(World(), DIRECTORY))
    fields = {**CREDENTIALS, "x-amz-server-side-encryption": "AES256"}
    judged = judge(Belief((start,)), session(), Answer(status=200, succeeded=True, fields=fields))
    assert judged.belief.world.sessions["t"].encryption == SseS3()


def test_a_default_that_is_shown_pins_its_key() -> None:
    start = World().with_bucket(DIRECTORY, unknown_bucket(World(), DIRECTORY))
    fields = {"Rules": "1", "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"}
    answer = Answer(status=200, succeeded=True, fields=fields)
    bucket = judge(Belief((start,)), get_default(DIRECTORY), answer).belief.world.existing(
        DIRECTORY
    )
    assert bucket.pinned_key == "k"
    assert default_encryption(bucket) == SseKms("k", bucket_key_enabled=True)


def test_a_default_that_is_not_known_says_nothing_of_the_key() -> None:
    bucket = after(create_directory(), default_kms()).existing(DIRECTORY)
    assert with_default(EMPTY, bucket, None).pinned_key is Presence.UNKNOWN
    kms = ServerSideEncryptionRule(sse_algorithm=SseAlgorithm.AWS_KMS)
    assert with_default(EMPTY, bucket, kms).pinned_key is Presence.UNKNOWN
    assert default_encryption(with_default(EMPTY, bucket, kms)) is None
    assert default_encryption(unknown_bucket(EMPTY, DIRECTORY)) is None


@pytest.mark.parametrize(("before", "pinned"), [((), Presence.UNKNOWN), ((default_kms(),), KEY_ID)])
def test_a_default_that_may_have_been_put_may_have_pinned_a_key(
    before: tuple[Any, ...], pinned: object
) -> None:
    world = after(create_directory(), *before)
    assert default_kms().obscured(world).existing(DIRECTORY).pinned_key == pinned
    assert delete_default(DIRECTORY).obscured(world).existing(DIRECTORY).rule is None


def test_a_renamed_object_keeps_its_data_and_its_encryption() -> None:
    world = after(create_directory(), session(), write(1), rename(1))
    moved = world.object(DIRECTORY, "new name")
    assert isinstance(moved, ObjectVersion)
    assert (moved.body, moved.encryption, moved.etag) == (DATA, SseS3(), None)
    assert world.object(DIRECTORY, OBJECT) is Presence.ABSENT


def test_the_source_of_a_renaming_may_name_its_bucket() -> None:
    assert rename(1, source=f"/{DIRECTORY}/a%20b").source_key == "a b"


def test_a_renaming_is_undone_under_the_new_name() -> None:
    (removal,) = rename(1).undone_by(None)
    assert to_parameters(removal) == {
        "Bucket": DIRECTORY,
        "Key": "new name",
        "_session": token(1),
    }


def test_of_a_renaming_to_its_own_name_nothing_is_known() -> None:
    world = after(create_directory(), session(), write(1))
    assert rename(1, to=OBJECT).is_unknown(world)
    assert rename(1, source="another").is_unknown(world)
    assert rename(1).is_unknown(EMPTY)
    assert not rename(1).is_unknown(world)


def test_after_a_renaming_without_an_answer_the_object_has_either_name() -> None:
    world = after(create_directory(), session(), write(1))
    assert len(without_answer(Belief((world,)), rename(1)).belief.worlds) == 2
    obscured = rename(1).obscured(world)
    assert obscured.object(DIRECTORY, OBJECT) is Presence.UNKNOWN
    assert obscured.object(DIRECTORY, "new name") is Presence.UNKNOWN
    assert rename(1).obscured(EMPTY).bucket(DIRECTORY) is Presence.UNKNOWN
    odd = first_success(world, rename(1, source="another"))
    assert odd.world.object(DIRECTORY, "new name") is Presence.UNKNOWN


def test_data_is_appended_behind_what_is_there() -> None:
    more = write(1, body=b" and more", write_offset=str(len(DATA)))
    world = after(create_directory(), session(), write(1), more)
    version = world.object(DIRECTORY, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert version.body == DATA + b" and more"


def test_where_data_is_appended_is_not_known_at_another_offset_or_elsewhere() -> None:
    world = after(create_directory(), session(), write(1))
    assert write(1, write_offset="3").is_unknown(world)
    assert not write(1, write_offset=str(len(DATA))).is_unknown(world)
    assert put(write_offset="0").is_unknown(EMPTY)


def test_a_request_without_its_session_is_not_judged() -> None:
    world = after(create_directory(), session(), write(1))
    assert is_unknown(world, put(bucket=DIRECTORY))
    assert not is_unknown(world, look(1))
    answer = Answer(status=403, succeeded=False, error_code="AccessDenied")
    assert not judge(Belief((world,)), put(bucket=DIRECTORY), answer).findings
    stored = Answer(
        status=200, succeeded=True, fields={"etag": "e", "x-amz-server-side-encryption": "aws:kms"}
    )
    judged = judge(Belief((world,)), put(bucket=DIRECTORY), stored)
    assert not judged.findings
    version = judged.belief.world.object(DIRECTORY, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert isinstance(version.encryption, SseKms)


def test_a_session_of_which_little_is_known_decides_nothing() -> None:
    world = after(create_directory(), session())
    known = world.sessions[token(1)]
    for less in (replace(known, mode=None), replace(known, encryption=None)):
        assert lacks_session(replace(world, sessions={token(1): less}), write(1))
    unknown_key = replace(known, encryption=SseKms("?", bucket_key_enabled=True))
    assert carried(world, unknown_key) == ()
    assert carried(EMPTY, known) == ()
    assert lacks_session(replace(EMPTY, sessions=world.sessions), look(1))


def test_an_expired_session_is_not_judged() -> None:
    world = after(create_directory(), session())
    answer = Answer(status=400, succeeded=False, error_code="ExpiredToken")
    judged = judge(Belief((world,)), write(1), answer)
    assert judged.not_judged
    assert judged.belief.world == world


def test_the_default_context_is_that_of_the_region_and_the_account() -> None:
    world = after(create_directory())
    texts = {
        "eyJhIjoiYiJ9": False,
        "no context": False,
    }
    for text, said in texts.items():
        assert is_default_context(world, DIRECTORY, text) is said
    own = session().bucket
    assert is_default_context(world, own, context(aws_s3express_arn=ARN))
    assert is_default_context(World(), own, context(aws_s3express_arn=f"arn:aws:s3:::{ARN}"))
    other = ARN.replace("us-east-1", "eu-west-1")
    assert not is_default_context(world, own, context(aws_s3express_arn=other))


def test_what_is_learnt_of_a_renamed_object_is_known_under_its_new_name() -> None:
    world = after(create_directory(), session(), write(1), rename(1))
    version = ObjectVersion(encryption=SseS3(), body=DATA)
    assert rename(1).with_subject(world, version).object(DIRECTORY, "new name") == version


def test_a_directory_bucket_is_undone_by_its_deletion() -> None:
    (removal,) = create_directory().undone_by(None)
    assert removal == DeleteBucket(bucket=DIRECTORY)


def test_an_answer_without_credentials_has_none_to_show() -> None:
    answer = wire.write_answer(session(), Answer(status=200, succeeded=True), World())
    assert set(session().read_answer(answer)) == {"Expiration"}


def test_of_a_copy_within_a_session_nothing_is_said() -> None:
    world = after(create_directory(), default_kms(), session(), create(), put())
    within = replace(copy_in(), session_token=token(0))
    assert lacks_session(world, within)
    prediction = predict(world, within)
    assert prediction.unknown
    assert {outcome.because for outcome in prediction.outcomes} == {()}
    refused = Answer(status=403, succeeded=False, error_code="AccessDenied")
    shown = {SSE: "AES256", "etag": "e"}
    taken = Answer(status=200, succeeded=True, error_code=None, fields=shown)
    for answer in (refused, taken):
        assert judge(Belief((world,)), within, answer).findings == ()
        assert bool(judge(Belief((world,)), copy_in(), answer).findings)
