"""UpdateObjectEncryption: its wire form, its document, what it does, and who is blamed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from model import wire
from model.answer import BODY, ETAG, LAST_MODIFIED, Answer
from model.clause import Law
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    EMPTY,
    KEY_ARN,
    KEY_ID,
    OBJECT,
    OTHER_KEY_ARN,
    OTHER_KEY_ID,
    after,
    answer_to,
    create,
    first_success,
    get,
    head,
    put,
    put_default,
)
from model.clauses.tests.words_update import update, update_document
from model.judge import Belief, follow, judge
from model.messages import HttpRequest
from model.operations.put_object import PutObject
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.parameters import from_parameters, to_parameters
from model.request import KMS_KEY_ID, SSE
from model.sse import SseKms, SseS3, md5_hex
from model.stored import DeleteMarker, ObjectVersion, Presence
from model.tests.properties import REPEATABLE
from model.tests.test_wire_agreement import SDK
from model.update_document import (
    UpdateText,
    read_update,
    update_from_json,
    update_to_json,
    write_update,
)
from model.world import World

if TYPE_CHECKING:
    from model.operation import Operation

SOUND = UpdateText(kms_key_arn=KEY_ARN, bucket_key_enabled="true")
UNDER_KEY = SseKms(KEY_ID)

texts = st.none() | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
updates = st.builds(
    UpdateText,
    types=st.lists(st.sampled_from(["SSE-KMS", "SSE-S3", "SSE-C"]), max_size=2).map(tuple),
    kms_key_arn=texts,
    bucket_key_enabled=texts,
    strange=st.just(value=False),
)


# The document.


@pytest.mark.property
@REPEATABLE
@drawn(update=updates.filter(lambda u: u.types.count("SSE-KMS") == 1))
def test_a_written_update_is_read_as_it_was(update: UpdateText) -> None:
    assert read_update(write_update(update)) == update


@pytest.mark.example
@pytest.mark.parametrize("data", [b"", b"<ObjectEncryption>", b"<Encryption/>"])
def test_what_is_no_update_document_is_not_read(data: bytes) -> None:
    assert read_update(data) is None
    assert update_document(data).update is None


@pytest.mark.example
def test_an_element_that_s3_does_not_know_is_strange() -> None:
    document = write_update(SOUND).replace(b"<KMSKeyArn>", b"<Strength/><KMSKeyArn>")
    assert read_update(document) == SOUND._replace(strange=True)


@pytest.mark.example
@pytest.mark.parametrize("value", ["text", None, ["SSEKMS"]])
def test_a_parameter_that_is_no_object_is_refused(value: list[str] | str | None) -> None:
    with pytest.raises(TypeError):
        update_from_json(value)  # type: ignore[arg-type]


@pytest.mark.example
def test_a_parameter_without_sse_kms_names_other_types() -> None:
    assert update_from_json({"SSEC": {}}) == UpdateText(types=("SSEC",))
    assert update_to_json(UpdateText()) == {"SSEKMS": {}}
    assert update_from_json({"SSEKMS": {}}) == UpdateText()


# The wire and the parameters.


def sent(path: str, *query: tuple[str, str], body: bytes = b"") -> Operation:
    return wire.parse(HttpRequest("PUT", bucket=BUCKET, path=path, query=query, body=body))


@pytest.mark.example
def test_it_is_told_by_its_sub_resource() -> None:
    found = sent("/object", ("encryption", ""), ("versionId", "v"), body=b"x")
    assert found == UpdateObjectEncryption(
        bucket=BUCKET, object_key=OBJECT, version_id="v", document=b"x"
    )
    assert isinstance(sent("/object"), PutObject)
    assert isinstance(sent("/object", ("encryption", ""), ("acl", "")), wire.Unmodelled)


@pytest.mark.agreement
@pytest.mark.parametrize("flag", ["true", "false", None])
@pytest.mark.parametrize("version_id", ["v", None])
def test_an_sdk_writes_it_as_the_model_does(flag: str | None, version_id: str | None) -> None:
    request = update(flag=flag, version_id=version_id)
    parameters = to_parameters(request)
    SDK.answer = replace(SDK.answer, body=b"", headers=())
    SDK.clients["s3"]._make_api_call("UpdateObjectEncryption", dict(parameters))
    theirs, ours = SDK.sent_http(), wire.render(request)
    assert (theirs.method, theirs.path) == ("PUT", f"/{BUCKET}/{OBJECT}")
    assert sorted(theirs.query) == sorted(ours.query)
    assert read_update(theirs.body) == request.update
    assert dict(theirs.headers)["content-md5"] == request.content_md5


@pytest.mark.example
@pytest.mark.parametrize(
    ("request_", "parameter"),
    [
        (update(flag="true"), "ObjectEncryption"),
        (update(flag="yes", version_id="v"), "ObjectEncryption"),
        (update(None), "ObjectEncryption"),
        (update(types=("SSE-C",)), "_document"),
        (update(types=()), "_document"),
        (update(types=("SSE-KMS", "SSE-C")), "_document"),
        (update_document(b"no document"), "_document"),
        (update_document(b"<ObjectEncryption><SSE-KMS/></ObjectEncryption>"), "_document"),
    ],
)
def test_its_parameters_give_the_same_request(
    request_: UpdateObjectEncryption, parameter: str
) -> None:
    parameters = to_parameters(request_)
    assert parameter in parameters
    assert from_parameters("UpdateObjectEncryption", parameters) == request_


# What it does.


def versioned(*versions: ObjectVersion | DeleteMarker) -> World:
    world = after(create())
    return world.with_bucket(BUCKET, world.existing(BUCKET).with_row(OBJECT, versions))


OLD = ObjectVersion(encryption=SseS3(), body=b"old", etag=md5_hex(b"old"), version_id="1")
NEW = ObjectVersion(encryption=SseS3(), body=b"new", etag=md5_hex(b"new"), version_id="2")


@pytest.mark.example
def test_only_the_version_that_is_named_changes() -> None:
    world = update(version_id="1").effect(versioned(NEW, OLD), UNDER_KEY).world
    assert world.version(BUCKET, OBJECT, "2") == NEW
    assert world.object(BUCKET, OBJECT) == NEW
    changed = replace(OLD, encryption=UNDER_KEY, updated=True)
    assert world.version(BUCKET, OBJECT, "1") == changed


@pytest.mark.example
def test_without_a_version_the_current_one_changes_and_no_new_one_is_made() -> None:
    world = update().effect(versioned(NEW, OLD), UNDER_KEY).world
    changed = replace(NEW, encryption=UNDER_KEY, updated=True)
    assert world.existing(BUCKET).row(OBJECT) == (changed, OLD)


@pytest.mark.example
def test_an_update_of_a_deleted_object_names_nothing() -> None:
    world = versioned(DeleteMarker(version_id="3"), NEW)
    assert update().subject(world) is Presence.ABSENT
    assert update(version_id="3").subject(world) is Presence.ABSENT
    assert update().obscured(world) is world


@pytest.mark.example
def test_of_what_is_unknown_an_update_makes_something_encrypted() -> None:
    request = update(bucket="elsewhere")
    assert request.is_unknown(World())
    version = request.effect(World(), UNDER_KEY).version
    assert version == ObjectVersion(encryption=UNDER_KEY, body=None, updated=True)


@pytest.mark.example
def test_a_wrong_header_of_before_is_forgotten_and_wrong_data_are_not() -> None:
    shown = {SSE: "aws:fsx", BODY: None}
    version = update().effect(versioned(replace(NEW, shown=shown)), UNDER_KEY).version
    assert version is not None
    assert version.shown == {BODY: None}
    unsure = update().effect(versioned(replace(NEW, shown=shown)), None).version
    assert unsure is not None
    assert unsure.shown == shown


@pytest.mark.example
def test_an_update_without_an_answer_leaves_the_encryption_unknown_and_the_data_known() -> None:
    version = update().obscured(versioned(NEW)).object(BUCKET, OBJECT)
    assert version == replace(NEW, encryption=None, updated=True)


@pytest.mark.example
def test_an_update_casts_suspicion_on_whatever_changes_any_version() -> None:
    world = versioned(NEW, OLD)
    noted = update(version_id="1").suspect(world, Law.UPDATED_OBJECT, "a/b")
    assert set(noted.existing(BUCKET).suspects) == {(OBJECT, v) for v in ("1", "2", None)}
    refused = update(version_id="1").suspect(world, Law.DESTINATION_OF_REFUSED_WRITE, "a/b")
    assert set(refused.existing(BUCKET).suspects) == {(OBJECT, "1")}
    current = update().suspect(world, Law.DESTINATION_OF_REFUSED_WRITE, "a/b")
    assert set(current.existing(BUCKET).suspects) == {(OBJECT, "2"), (OBJECT, None)}
    assert update().suspect(EMPTY, Law.UPDATED_OBJECT, "a/b") is EMPTY


# The verdict on what follows.


def blamed(world: World, request: Operation, **changes: str | bytes | None) -> set[str]:
    outcome = first_success(world, request)
    answer = answer_to(outcome)
    fields = {**answer.fields, **changes}
    judged = judge(Belief((world,)), request, replace(answer, fields=fields))
    return {finding.clause for finding in judged.findings}


UPDATED = after(create(), put_default("aws:kms", OTHER_KEY_ID), put(sse="AES256"), update())


@pytest.mark.example
def test_a_sound_update_makes_no_finding() -> None:
    assert blamed(UPDATED, get()) == set()
    version = UPDATED.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert (version.encryption, version.etag, version.body) == (UNDER_KEY, md5_hex(DATA), DATA)


@pytest.mark.example
def test_an_update_that_does_nothing_is_blamed_on_what_it_should_have_done() -> None:
    plain = {SSE: "AES256", KMS_KEY_ID: None}
    assert blamed(UPDATED, head(), **plain) == {"updated-object/object-becomes-sse-kms"}
    other = {KMS_KEY_ID: OTHER_KEY_ARN}
    assert blamed(UPDATED, head(), **other) == {"updated-object/named-key-is-used"}


@pytest.mark.example
def test_lost_data_and_another_etag_are_blamed_on_the_update() -> None:
    kept = {"updated-object/keeps-all-else"}
    assert blamed(UPDATED, get(), **{BODY: b"other"}) == kept
    assert blamed(UPDATED, head(), **{ETAG: md5_hex(b"other")}) == kept


@pytest.mark.example
def test_a_changed_date_is_blamed_on_the_update() -> None:
    read = first_success(after(create(), put()), head())
    shown = replace(answer_to(read), fields={**answer_to(read).fields, LAST_MODIFIED: "Monday"})
    dated = after(update(), start=follow(read, read.world, head(), shown))
    later = {LAST_MODIFIED: "Tuesday"}
    assert blamed(dated, head(), **later) == {"updated-object/last-modified-is-kept"}


@pytest.mark.example
def test_an_update_that_must_be_refused_and_is_not_leaves_the_object_unknown() -> None:
    world = after(create(), put())
    done = Answer(status=200, succeeded=True, error_code=None, fields={})
    judged = judge(Belief((world,)), update(KEY_ID), done)
    assert [f.clause for f in judged.findings] == ["update-encryption/key-must-be-a-full-arn"]
    version = judged.belief.world.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert (version.encryption, version.body) == (None, DATA)
