"""The operations about versions, attributes and deletions of several objects, one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model.answer import BODY_LENGTH, VERSION_ID, Answer
from model.body_length import AS_ANNOUNCED
from model.clause import Law
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    EMPTY,
    OBJECT,
    UNKNOWN,
    after,
    create,
    customer,
    delete,
    get,
    put,
    put_default,
)
from model.clauses.tests.words_versioning import (
    NEWER,
    OLDER,
    attributes,
    copy_version,
    delete_several,
    delete_version,
    enable,
    get_versioning,
    id_of,
    list_versions,
    suspend,
)
from model.delete_document import Named
from model.judge import Belief, judge
from model.messages import HttpResponse
from model.operations.delete_object import DeleteObject
from model.operations.delete_objects import DeleteObjects
from model.operations.put_bucket_versioning import PutBucketVersioning
from model.parameters import ParameterError, from_parameters, to_parameters
from model.sse import SseS3
from model.stored import DeleteMarker, ObjectVersion, Presence
from model.tests.test_judge import refusal
from model.wire import read_answer, write_answer
from model.world import Bucket, Versioning, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.matchers import Value
    from model.operation import Operation
    from model.parameter_values import Json

pytestmark = pytest.mark.example

STORED = after(create(), put())


def unsuspecting(world: World) -> World:
    """Return the world with nothing suspected of what is in its bucket."""
    return world.with_bucket(BUCKET, replace(bucket_in(world), suspects={}))


def bucket_in(world: World, name: str = BUCKET) -> Bucket:
    found = world.bucket(name)
    assert isinstance(found, Bucket)
    return found


TWO = unsuspecting(after(create(), enable(), put(), put(body=b"newer")))
FOUND = UNKNOWN.with_bucket(BUCKET, Bucket(region="", versioning=None, complete=False))


def shows(status: int = 200, *, complete: bool = True, **fields: str) -> Answer:
    named = {VERSION_ID if name == "version_id" else name: v for name, v in fields.items()}
    return showing(named, status=status, complete=complete)


def showing(fields: Mapping[str, Value], *, status: int = 200, complete: bool = True) -> Answer:
    return Answer(status=status, succeeded=True, fields=fields, complete=complete)


def refused(status: int = 500) -> Answer:
    return Answer(status=status, succeeded=False, error_code="InternalError")


# Versioning of a bucket.


def test_versioning_is_what_was_put() -> None:
    assert bucket_in(after(create(), enable())).versioning is Versioning.ENABLED
    assert bucket_in(after(create(), enable(), suspend())).versioning is Versioning.SUSPENDED


def test_after_a_server_error_versioning_is_unknown() -> None:
    world = after(create())
    assert bucket_in(enable().obscured(world)).versioning is None
    assert enable().obscured(EMPTY) is EMPTY


def test_versioning_is_learnt_where_it_is_not_known() -> None:
    for status, versioning in (("Enabled", Versioning.ENABLED), ("Off", None)):
        assert (
            bucket_in(get_versioning().learn(FOUND, shows(Status=status))).versioning is versioning
        )
    assert bucket_in(get_versioning().learn(FOUND, shows())).versioning is Versioning.NEVER
    assert bucket_in(get_versioning().learn(FOUND, shows(complete=False))).versioning is None
    assert get_versioning().learn(TWO, shows()) is TWO


def test_versioning_wrongly_shown_is_reported_once() -> None:
    found = judge(Belief((TWO,)), get_versioning(), shows())
    assert [f.clause for f in found.findings] == ["versioning/status-is-shown"]
    assert judge(found.belief, get_versioning(), shows()).findings == ()


@pytest.mark.parametrize("status", ["Enabled", None])
def test_the_status_is_read_as_it_was_written(status: str | None) -> None:
    asked = get_versioning()
    answer = Answer(status=200, succeeded=True, fields={"Status": status})
    assert read_answer(asked, write_answer(asked, answer, EMPTY)).value("Status") == status


def test_requests_about_versioning_are_unknown_where_the_bucket_is() -> None:
    for request in (enable(), get_versioning(), delete_several("a")):
        assert request.is_unknown(UNKNOWN)
        assert not request.is_unknown(EMPTY)
    assert PutBucketVersioning(bucket=BUCKET, document=b"<").is_unknown(EMPTY)


@pytest.mark.parametrize(
    "request_",
    [
        enable(),
        PutBucketVersioning(bucket=BUCKET, document=b"<"),
        PutBucketVersioning(bucket=BUCKET, document=b"<V><Status>Enabled</Status></V>"),
        delete_several("a", Named("b", "v"), quiet=True),
        DeleteObjects(bucket=BUCKET, document=b"\xff"),
        attributes("ETag,ObjectSize"),
        attributes(None),
        list_versions(prefix="p", max_keys="7"),
        get(if_match='"e"', version_id="v"),
    ],
)
def test_parameters_are_read_as_they_were_written(request_: Operation) -> None:
    assert from_parameters(request_.operation, to_parameters(request_)) == request_


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ("PutBucketVersioning", {}),
        ("PutBucketVersioning", {"VersioningConfiguration": "Enabled"}),
        ("PutBucketVersioning", {"VersioningConfiguration": {}}),
        ("DeleteObjects", {}),
        ("DeleteObjects", {"Delete": []}),
    ],
)
def test_parameters_that_are_none_are_refused(operation: str, left: dict[str, Json]) -> None:
    with pytest.raises(ParameterError):
        from_parameters(operation, {"Bucket": "b", **left})


def test_attributes_may_be_named_in_one_text() -> None:
    given: dict[str, Json] = {"Bucket": BUCKET, "Key": OBJECT, "ObjectAttributes": "ETag"}
    assert from_parameters("GetObjectAttributes", given) == attributes("ETag")


def test_new_settings_cast_suspicion_on_whatever_changes_any_version() -> None:
    for request, law in (
        (enable(), Law.OBJECTS_ON_VERSIONING),
        (put_default(), Law.OBJECTS_ON_NEW_DEFAULT),
    ):
        noted = bucket_in(request.suspect(TWO, law, "a/b"))
        assert noted.suspects == {(OBJECT, None): ("a/b",), (OBJECT, OLDER): ("a/b",)}
        assert request.suspect(EMPTY, law, "a/b") is EMPTY


# Writes.


def test_a_write_casts_suspicion_on_whatever_changes_the_older_versions() -> None:
    noted = bucket_in(put().suspect(TWO, Law.OTHER_VERSIONS, "a/b"))
    assert noted.suspects == {(OBJECT, OLDER): ("a/b",)}
    assert put().suspect(EMPTY, Law.OTHER_VERSIONS, "a/b") is EMPTY


def test_a_write_tells_what_versioning_is_where_that_is_not_known() -> None:
    for version_id, versioning in (("v", Versioning.ENABLED), ("null", Versioning.SUSPENDED)):
        world = put().effect(FOUND, SseS3()).world
        learnt = put().learn(world, shows(version_id=version_id))
        assert bucket_in(learnt).versioning is versioning
        assert bucket_in(learnt).version(OBJECT, version_id) == learnt.object(BUCKET, OBJECT)
    assert bucket_in(put().learn(put().effect(FOUND, SseS3()).world, shows())).versioning is None


def test_a_version_id_wrongly_shown_by_a_write_is_adopted() -> None:
    for shown in ("null", OLDER):
        found = judge(Belief((TWO,)), put(), shows(version_id=shown))
        version = found.belief.world.object(BUCKET, OBJECT)
        assert isinstance(version, ObjectVersion)
        assert version.version_id == shown


def test_metadata_of_what_was_replaced_is_not_to_be_seen() -> None:
    world = after(create(), put(metadata=(("a", "1"), ("b", "2"))))
    written = put(metadata=(("b", "3"),)).effect(world, SseS3()).version
    assert written is not None
    assert written.foreign_metadata == {"a"}
    copied = copy_version("null", OBJECT).effect(UNKNOWN, None).version
    assert copied is not None
    assert (copied.metadata, copied.foreign_metadata) == (None, frozenset())


# Deletions.


def test_the_id_of_a_new_marker_is_learnt() -> None:
    world = delete().effect(TWO, None).world
    learnt = bucket_in(delete().learn(world, shows(204, version_id="m")))
    assert learnt.row(OBJECT)[0] == DeleteMarker(version_id="m")
    assert learnt.object(OBJECT) is Presence.ABSENT
    assert delete().learn(world, shows(204)) is world
    assert delete().learn(EMPTY, shows(204, version_id="m")) is EMPTY
    assert delete_version(OLDER).learn(world, shows(204, version_id=OLDER)) is world


def test_a_deletion_of_nothing_tells_whether_it_left_a_marker() -> None:
    world = delete().effect(after(create(), enable()), None).world
    assert bucket_in(world).row(OBJECT) == (Presence.UNKNOWN,)
    marked = bucket_in(delete().learn(world, shows(204, version_id="m")))
    assert marked.row(OBJECT) == (DeleteMarker(version_id="m"),)
    assert bucket_in(delete().learn(world, shows(204))).row(OBJECT) == ()
    unstated = delete().learn(world, shows(204, complete=False))
    assert bucket_in(unstated).row(OBJECT) == (Presence.UNKNOWN,)


def test_nor_does_a_second_deletion_of_it_surely_leave_one() -> None:
    once = delete().effect(after(create(), enable()), None).world
    twice = delete().effect(once, None).world
    assert bucket_in(twice).row(OBJECT) == (Presence.UNKNOWN,)
    assert bucket_in(delete().learn(twice, shows(204))).row(OBJECT) == ()


def test_a_marker_whose_id_is_known_keeps_it() -> None:
    world = after(create(), enable(), put(), delete())
    assert delete().learn(world, shows(204, version_id="m")) is world


def test_after_a_server_error_what_was_to_be_deleted_is_unknown() -> None:
    assert bucket_in(delete().obscured(TWO)).row(OBJECT)[0] is Presence.UNKNOWN
    left = bucket_in(delete_version(OLDER).obscured(TWO)).row(OBJECT)
    assert left[1:] == (Presence.UNKNOWN,)
    assert delete().obscured(UNKNOWN).bucket(BUCKET) is Presence.UNKNOWN


def test_what_was_made_is_removed_by_its_id() -> None:
    made = shows(version_id="v")
    assert put().undone_by(made) == (delete_version("v"),)
    assert put().undone_by(None) == (delete(),)
    assert delete().undone_by(made) == (delete_version("v"),)
    assert delete().undone_by(None) == delete().undone_by(refused()) == ()
    assert delete_version("v").undone_by(made) == ()
    assert put().chosen(made) == ("v", "")
    assert delete().chosen(made) == ("v",)
    assert put().chosen(shows()) == ("null", "")


def test_a_deletion_casts_suspicion_on_whatever_changes_the_other_versions() -> None:
    law = Law.OTHER_VERSIONS
    marked = delete().effect(TWO, None).world
    noted = bucket_in(delete().suspect(marked, law, "a/b"))
    assert noted.suspects == {(OBJECT, OLDER): ("a/b",), (OBJECT, NEWER): ("a/b",)}
    left = delete_version(NEWER).effect(TWO, None).world
    noted = bucket_in(delete_version(NEWER).suspect(left, law, "a/b"))
    assert noted.suspects == {(OBJECT, OLDER): ("a/b",)}


# Deletions of several.


def test_several_are_deleted_as_each_would_be() -> None:
    world = after(create(), enable(), put(), put("other"))
    left = bucket_in(delete_several(Named(OBJECT, id_of(2)), "other").effect(world, None).world)
    assert left.row(OBJECT) == ()
    assert left.row("other")[0] == DeleteMarker()


def test_the_ids_of_several_markers_are_learnt() -> None:
    several = delete_several(OBJECT, Named("other", "v"))
    world = several.effect(TWO, None).world
    answer = showing({f"DeleteMarkerVersionId of {OBJECT}": "m"})
    learnt = bucket_in(several.learn(world, answer))
    assert learnt.row(OBJECT)[0] == DeleteMarker(version_id="m")
    assert several.chosen(answer) == ("m", "null")
    assert several.undone_by(answer) == (delete_version("m"),)
    assert several.undone_by(None) == several.undone_by(refused()) == ()
    quiet = delete_several(OBJECT, quiet=True)
    assert quiet.learn(world, answer) == world


def test_what_could_not_be_deleted_may_be_there() -> None:
    several = delete_several(OBJECT, "other", quiet=True)
    answer = showing({f"Error of {OBJECT}": "AccessDenied"})
    found = judge(Belief((TWO,)), several, answer)
    assert "deletion/several-need-no-key" in {f.clause for f in found.findings}
    assert found.belief.world.object(BUCKET, OBJECT) is Presence.UNKNOWN


@pytest.mark.parametrize("document", [b"<", delete_several(OBJECT, OBJECT).document])
def test_what_is_asked_for_in_no_clear_form_may_be_deleted(document: bytes) -> None:
    request = DeleteObjects(bucket=BUCKET, document=document)
    assert request.is_unknown(TWO)
    left = bucket_in(request.effect(TWO, None).world)
    assert (left.object(OBJECT) is Presence.UNKNOWN) is (document != b"<")
    assert request.learn(TWO, shows()) == TWO
    assert request.write_answer({}, TWO).endswith(b"/>")


def test_after_a_server_error_several_are_unknown() -> None:
    left = bucket_in(delete_several(OBJECT, Named(OBJECT, OLDER)).obscured(TWO))
    assert left.row(OBJECT)[0] is Presence.UNKNOWN
    assert delete_several(OBJECT).obscured(UNKNOWN).bucket(BUCKET) is Presence.UNKNOWN


def test_several_deletions_cast_suspicion_on_whatever_changes_the_other_versions() -> None:
    several = delete_several(Named(OBJECT, NEWER))
    world = several.effect(TWO, None).world
    noted = bucket_in(several.suspect(world, Law.OTHER_VERSIONS, "a/b"))
    assert noted.suspects == {(OBJECT, OLDER): ("a/b",)}


def test_the_result_of_several_deletions_is_read_as_it_was_written() -> None:
    request = delete_several(OBJECT)
    answer = showing({f"Deleted of {OBJECT}": "yes", f"DeleteMarker of {OBJECT}": "true"})
    read = read_answer(request, write_answer(request, answer, EMPTY))
    assert {name: read.value(name) for name in answer.fields} == dict(answer.fields)


# Reads.


def test_a_version_is_read_by_its_id() -> None:
    assert get(version_id=OLDER).subject(TWO) == TWO.version(BUCKET, OBJECT, OLDER)
    marked = after(create(), enable(), put(), delete())
    assert get(version_id=NEWER).subject(marked) is Presence.ABSENT
    version = TWO.version(BUCKET, OBJECT, OLDER)
    assert isinstance(version, ObjectVersion)
    changed = get(version_id=OLDER).with_subject(TWO, replace(version, etag="e"))
    assert changed.version(BUCKET, OBJECT, OLDER) == replace(version, etag="e")
    assert changed.object(BUCKET, OBJECT) == TWO.object(BUCKET, OBJECT)


def test_a_version_that_was_there_before_is_learnt_from_a_read() -> None:
    request = get(version_id="v")
    found = judge(Belief((FOUND,)), request, shows(version_id="v", body="x", etag="e"))
    version = found.belief.world.version(BUCKET, OBJECT, "v")
    assert isinstance(version, ObjectVersion)
    assert version.etag == "e"


def test_a_404_of_a_version_tells_nothing_of_the_object() -> None:
    answer = Answer(status=404, succeeded=False, error_code="NoSuchVersion")
    assert get(version_id="v").learn_refusal(FOUND, answer) is FOUND


def test_an_older_version_that_changed_is_blamed_on_what_was_to_keep_it() -> None:
    world = put().suspect(TWO, Law.OTHER_VERSIONS, "versioning/other-versions-stay")
    found = judge(
        Belief((world,)),
        get(version_id=OLDER),
        Answer(status=404, succeeded=False, error_code="NoSuchVersion"),
    )
    assert found.findings[0].clause == "versioning/other-versions-stay"


@pytest.mark.parametrize(
    ("answer", "blamed"),
    [
        (refusal(404, "NoSuchVersion"), "versioning/other-versions-stay"),
        (refusal(403, "AccessDenied"), "bucket-default/copy-takes-the-destination-default"),
    ],
)
def test_a_copy_of_a_version_is_blamed_on_what_kept_it_where_that_is_said_to_be_gone(
    answer: Answer, blamed: str
) -> None:
    world = put().suspect(TWO, Law.OTHER_VERSIONS, "versioning/other-versions-stay")
    (found,) = judge(Belief((world,)), copy_version(OLDER), answer).findings
    assert found.clause == blamed


def test_an_older_version_that_stayed_is_suspected_no_more() -> None:
    world = put().suspect(TWO, Law.OTHER_VERSIONS, "versioning/other-versions-stay")
    request = get(version_id=OLDER)
    version = TWO.version(BUCKET, OBJECT, OLDER)
    assert isinstance(version, ObjectVersion)
    algorithm = {"x-amz-server-side-encryption": "AES256"}
    told = {VERSION_ID: OLDER, "etag": version.etag, BODY_LENGTH: AS_ANNOUNCED}
    answer = showing({**algorithm, **told, "body": DATA})
    found = judge(Belief((world,)), request, answer)
    assert found.findings == ()
    assert "versioning/other-versions-stay" in found.fired
    assert bucket_in(found.belief.world).suspected(OBJECT, OLDER) == ()


# Attributes.


def test_an_attribute_wrongly_shown_is_reported_once() -> None:
    answer = shows(ETag='"x"', ObjectSize=str(len(DATA)))
    found = judge(Belief((STORED,)), attributes(), answer)
    clause = "object-attributes/etag-has-no-quotation-marks"
    assert [f.clause for f in found.findings] == [clause]
    assert judge(found.belief, attributes(), answer).findings == ()


def test_attributes_are_read_as_they_were_written() -> None:
    answer = shows(ETag="e", ObjectSize="9")
    read = read_answer(attributes(), write_answer(attributes(), answer, EMPTY))
    assert (read.text("ETag"), read.text("ObjectSize")) == ("e", "9")
    body = b"<R><ETag>e</ETag><SSEKMSKeyId/></R>"
    parts = {"PartsCount": "2", "part sizes": "1: 5242880, 2: 9"}
    for told in (parts, {"PartsCount": "2"}, {"part sizes": "1: 9"}):
        answer = Answer(status=200, succeeded=True, error_code=None, fields=told)
        read = read_answer(attributes(), write_answer(attributes(), answer, EMPTY))
        assert {name: read.text(name) for name in told} == told
    strange = attributes().read_answer(HttpResponse(200, body=body))
    assert strange["encryption elements"] == "SSEKMSKeyId"


def test_attributes_tell_nothing_of_a_version_that_is_not_known() -> None:
    assert attributes().learn(FOUND, shows(ETag="e")) is FOUND
    assert attributes().doubted(FOUND, shows(), frozenset({"ETag"})) is FOUND
    assert attributes("ETag,Color").is_unknown(STORED)
    assert not attributes().is_unknown(STORED)


def test_a_read_without_its_key_is_refused_for_attributes_too() -> None:
    world = after(create(), put(**customer()))
    answer = shows(ETag="e", ObjectSize="1")
    found = judge(Belief((world,)), attributes(), answer)
    assert found.findings[0].clause == "sse-c-object/read-needs-the-key"


def test_a_version_is_deleted_once() -> None:
    once = DeleteObject(bucket=BUCKET, object_key=OBJECT, version_id=OLDER)
    world = once.effect(TWO, None).world
    assert once.effect(world, None).world == world
