"""Versions in sequences: how they come about, are looked at, minimised and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.ablation import explore_reference, open_session
from conformance.action import every_look
from conformance.chooser import Chooser
from conformance.clearing import remove_what_was_made
from conformance.deleting import emptying
from conformance.probe import Prober, Support
from conformance.ranking.circumstances import ANY
from conformance.ranking.mutants import Trigger, mutant_of
from conformance.requests import Requests
from conformance.scenario import play, scenario_of
from conformance.session import Budget, Session
from conformance.universe import Universe
from model.clause import Capability
from model.delete_document import Deletion, Named, write_deletion
from model.messages import HttpRequest, HttpResponse
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.delete_objects import DeleteObjects
from model.operations.get_object import GetObject
from model.operations.list_object_versions import ListObjectVersions
from model.operations.put_bucket_versioning import PutBucketVersioning, versioning_document
from model.operations.put_object import PutObject
from model.sse import md5_base64
from model.stored import DeleteMarker, ObjectVersion
from model.world import Versioning
from targets.reference import ReferenceConnection

if TYPE_CHECKING:
    from model.operation import Operation

BUCKET = "s3sse-ablation-versions"


def put(body: bytes = b"x", object_key: str = "a") -> PutObject:
    return PutObject(bucket=BUCKET, object_key=object_key, body=body)


def versioning(status: Versioning) -> PutBucketVersioning:
    return PutBucketVersioning(bucket=BUCKET, document=versioning_document(status.value))


def deletion(object_key: str = "a") -> DeleteObject:
    return DeleteObject(bucket=BUCKET, object_key=object_key)


def several(*object_keys: str) -> DeleteObjects:
    document = write_deletion(Deletion(tuple(map(Named, object_keys))))
    return DeleteObjects(bucket=BUCKET, document=document, content_md5=md5_base64(document))


HISTORY: tuple[Operation, ...] = (
    CreateBucket(bucket=BUCKET),
    put(),
    put(object_key="b"),
    versioning(Versioning.ENABLED),
    put(b"y"),
    deletion(),
    deletion("never-written"),
    several("a", "b"),
    put(b"z"),
    versioning(Versioning.SUSPENDED),
    put(b"null"),
    deletion("b"),
)


def sent(session: Session, *requests: Operation) -> Session:
    session.begin("versions")
    for request in requests:
        assert session.send(request).findings == ()
    return session


def names_at(session: Session) -> list[str]:
    connection = session.connection
    assert isinstance(connection, ReferenceConnection)
    return connection.reference._names()


def test_nothing_is_left_of_versions_and_delete_markers() -> None:
    session = sent(open_session(requests=100), *HISTORY)
    remove_what_was_made(session)
    assert names_at(session) == []
    # All of it went by ids that answers told: no listing had to find anything.
    assert session.steps[-1].request.operation == "DeleteBucket"
    assert session.steps[-1].answer is not None
    assert session.steps[-1].answer.status == 204


def test_several_versions_go_together_where_the_target_can() -> None:
    session = sent(open_session(requests=100), *HISTORY)
    session.deletes_several = True
    before = len(session.steps)
    remove_what_was_made(session)
    steps = session.steps[before:]
    assert [step.request.operation for step in steps] == ["DeleteObjects", "DeleteBucket"]
    assert [step.findings for step in steps] == [(), ()]
    assert names_at(session) == []


def test_what_cannot_be_named_in_a_document_goes_by_itself() -> None:
    odd = put(object_key="a\rb")
    session = sent(
        open_session(requests=100), CreateBucket(bucket=BUCKET), odd, put(), put(b"y", "b")
    )
    session.deletes_several = True
    before = len(session.steps)
    remove_what_was_made(session)
    removed = [step.request.operation for step in session.steps[before:]]
    assert removed == ["DeleteObject", "DeleteObjects", "DeleteBucket"]
    assert names_at(session) == []


@pytest.mark.parametrize("does", [True, False])
def test_whether_several_are_deleted_together_is_seen_by_probing(*, does: bool) -> None:
    silent = mutant_of(Trigger("DeleteObjects", ANY, "silent", "Deleted of copy"))
    session = open_session(requests=200, fault=None if does else silent)
    session.begin("setup")
    found = Prober(session, "s3sse-ablation-", ()).probe(kms_api=False)
    assert (found[Capability.MULTI_DELETE].support is Support.SUPPORTED) == does
    assert session.deletes_several == does


@pytest.mark.parametrize("does", [True, False])
def test_nothing_is_left_by_a_target_that_deletes_several_no_more(*, does: bool) -> None:
    fault = None if does else mutant_of(Trigger("DeleteObjects", ANY, "kept", "nothing"))
    session = sent(open_session(requests=100, fault=fault), *HISTORY[:6])
    session.deletes_several = True
    remove_what_was_made(session)
    answer = session.steps[-1].answer
    assert session.steps[-1].request.operation == "DeleteBucket"
    assert answer is not None
    assert answer.succeeded == does
    assert names_at(session) == []


def test_a_bucket_is_emptied_of_versions_and_of_markers() -> None:
    session = sent(open_session(requests=100), *HISTORY)
    kinds = {type(one) for row in _rows(session) for one in row}
    assert kinds == {ObjectVersion, DeleteMarker}
    for request in [*emptying(session.belief.world, BUCKET, secure=True)]:
        assert session.send(request).findings == ()
    assert [row for row in _rows(session) if row] == []
    answer = session.send(DeleteBucket(bucket=BUCKET)).answer
    assert answer is not None
    assert answer.succeeded


def _rows(session: Session) -> list[tuple[object, ...]]:
    bucket = session.belief.world.existing(BUCKET)
    return [bucket.row(object_key) for object_key in bucket.objects]


def test_what_was_written_before_versioning_goes_as_the_null_version() -> None:
    session = sent(open_session(requests=100), *HISTORY[:4])
    before = len(session.steps)
    remove_what_was_made(session)
    removed = [step.request for step in session.steps[before:]]
    null = {r.version_id for r in removed if isinstance(r, DeleteObject)}
    assert null == {"null"}
    assert names_at(session) == []


def test_nothing_is_left_of_markers_of_which_no_answer_told() -> None:
    quiet = write_deletion(Deletion((Named("a"), Named("never-written")), quiet=True))
    request = DeleteObjects(bucket=BUCKET, document=quiet, content_md5=md5_base64(quiet))
    session = sent(open_session(requests=100), *HISTORY[:5], request)
    remove_what_was_made(session)
    assert names_at(session) == []


def test_what_a_marker_hides_is_removed_too() -> None:
    session = sent(open_session(requests=100), *HISTORY[:4], deletion(), deletion("b"))
    before = len(session.steps)
    remove_what_was_made(session)
    removed = [s.request for s in session.steps[before:] if isinstance(s.request, DeleteObject)]
    assert [(r.object_key, r.version_id == "null") for r in removed] == [
        ("a", True),
        ("b", True),
        ("a", False),
        ("b", False),
    ]
    assert session.steps[-1].answer is not None
    assert session.steps[-1].answer.status == 204


def test_a_sequence_with_versions_is_sent_again_under_other_ids() -> None:
    session = sent(open_session(requests=100), *HISTORY[:5])
    made = session.steps[-1].answer
    assert made is not None
    version_id = made.text("x-amz-version-id")
    assert version_id is not None
    session.send(put(b"newest"))
    session.send(GetObject(bucket=BUCKET, object_key="a", version_id=version_id))
    scenario = scenario_of(session.steps)
    session.budget = Budget()
    steps = play(session, scenario, "again", "s3sse-ablation-")
    again = steps[6].request
    assert isinstance(again, GetObject)
    assert again.version_id not in {None, version_id}
    assert steps[6].answer is not None
    assert steps[6].answer.succeeded


def builder(session: Session) -> Requests:
    universe = Universe(
        buckets=(BUCKET,),
        missing_bucket=f"{BUCKET}-none",
        secure=True,
        region="us-east-1",
        account=None,
        kms_keys=(),
        capabilities=frozenset(Capability),
        object_keys=("a", "b"),
    )
    return Requests(Chooser(b"entropy" * 60), universe, session)


def test_versions_and_markers_can_be_asked_for() -> None:
    build = builder(sent(open_session(requests=100), *HISTORY[:7]))
    found = build.versions()
    assert {object_key for _, object_key, _, _ in found} == {"a", "b"}
    assert sum(isinstance(version, DeleteMarker) for *_, version in found) == 1
    assert len({version_id for _, _, version_id, _ in found}) == 3
    without = builder(sent(open_session(requests=100), *HISTORY[:3]))
    assert without.versions() == []


def test_after_a_deletion_versions_and_listings_are_looked_at() -> None:
    session = sent(open_session(requests=100), *HISTORY[:6])
    build = builder(session)
    drawn = [one.draw(build, session.steps[-1]) for one in every_look() for _ in range(12)]
    kinds = {request.operation for request in drawn if request is not None}
    assert {"GetObject", "HeadObject", "ListObjectVersions"} <= kinds
    named = {getattr(r, "version_id", None) for r in drawn if r is not None}
    assert len(named) > 1


def test_after_a_request_that_changes_nothing_nothing_is_looked_at() -> None:
    session = sent(open_session(requests=100), *HISTORY[:5], ListObjectVersions(bucket=BUCKET))
    build = builder(session)
    assert [one.draw(build, session.steps[-1]) for one in every_look()] == [None] * len(
        every_look()
    )


class _Instead:
    """The reference, but for a sub-resource that is always answered in one way."""

    def __init__(self, session: Session, sub_resource: str, answer: HttpResponse) -> None:
        self.within = session.connection
        self.endpoint = session.connection.endpoint
        self.sub_resource = sub_resource
        self.answer = answer

    def send(self, request: HttpRequest) -> HttpResponse:
        asked = {name for name, _ in request.query}
        return self.answer if self.sub_resource in asked else self.within.send(request)


REFUSAL = HttpResponse(
    501, (("content-type", "application/xml"),), b"<Error><Code>NotImplemented</Code></Error>"
)
SUB_RESOURCES = (
    ("versioning", Capability.VERSIONING),
    ("attributes", Capability.ATTRIBUTES),
    ("list-type", Capability.LISTS),
    ("delete", Capability.MULTI_DELETE),
)


@pytest.mark.parametrize(("name", "capability"), SUB_RESOURCES)
@pytest.mark.parametrize(
    ("answer", "support"),
    [(REFUSAL, Support.UNSUPPORTED), (HttpResponse(200), Support.IGNORED)],
    ids=["refused", "ignored"],
)
def test_what_is_refused_is_told_from_what_is_ignored(
    name: str, capability: Capability, answer: HttpResponse, support: Support
) -> None:
    session = open_session(requests=100)
    session.connection = _Instead(session, name, answer)
    session.begin("setup")
    probed = Prober(session, "s3sse-ablation-", ()).probe(kms_api=False)
    assert probed[capability].support is support
    others = {one for _, one in SUB_RESOURCES} - {capability}
    assert all(probed[other].support is Support.SUPPORTED for other in others)


def test_a_third_of_the_sequences_keeps_versions() -> None:
    session = open_session(requests=6000)
    kept: set[str] = set()
    sequences: set[str] = set()
    send = session.send

    def noting(request: Operation, *, free: bool = False) -> object:
        if session.phase == "sequences":
            sequences.add(session._sequence)
            if isinstance(request, PutBucketVersioning):
                kept.add(session._sequence)
        return send(request, free=free)

    session.send = noting  # type: ignore[method-assign, assignment]
    explore_reference(session, 3)
    assert 0.2 < len(kept) / len(sequences) < 0.6
