"""Listings of a bucket: entries, fields and documents."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model import listing, wire
from model.answer import Answer
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    EMPTY,
    OBJECT,
    UNKNOWN,
    after,
    answer_to,
    create,
    delete,
    first_success,
    put,
)
from model.clauses.tests.words_versioning import (
    NEWER,
    OLDER,
    enable,
    list_objects,
    list_v2,
    list_versions,
)
from model.findings import Finding, Kind
from model.judge import Belief, Judgement, judge
from model.listing import Entry, field_of, name_of
from model.messages import HttpResponse
from model.operation import suspect_version
from model.stored import ObjectVersion, Presence
from model.world import Bucket, World

if TYPE_CHECKING:
    from model.operations.listing import ListingOperation

pytestmark = pytest.mark.example

WRITTEN = after(create(), put(), put("dir/\u00fc &b"))
TWO = after(create(), enable(), put(), put())
MARKED = after(create(), enable(), put(), delete())
LISTED = (
    b"<ListBucketResult><IsTruncated>%s</IsTruncated><Contents><Key>a+b%%20c</Key>"
    b'<ETag>"e"</ETag><Size>3</Size></Contents></ListBucketResult>'
)


def read(request: ListingOperation, world: World) -> Answer:
    """Return the answer that shows all that is predicted, as it comes from its document."""
    answer = answer_to(first_success(world, request))
    return wire.read_answer(request, wire.write_answer(request, answer, world))


def judged(request: ListingOperation, world: World, answer: Answer) -> Judgement:
    return judge(Belief((world,)), request, answer)


def changed(answer: Answer, **fields: str | None) -> Answer:
    return replace(answer, fields={**answer.fields, **fields})


def only(found: Judgement) -> Finding:
    (finding,) = found.findings
    return finding


@pytest.mark.parametrize(
    "request_",
    [list_v2(), list_objects(), list_v2(encoding_type="url"), list_versions()],
    ids=["v2", "old form", "as a URL", "versions"],
)
def test_a_listing_is_read_as_it_was_written(request_: ListingOperation) -> None:
    for world in (WRITTEN, TWO, MARKED, after(create())):
        answer = read(request_, world)
        assert judged(request_, world, answer).findings == ()
        bucket = world.existing(BUCKET)
        names = {known.name for known in request_.known(bucket)}
        assert set(listing.read_names(answer.text("list"))) == names


def test_a_listing_tells_of_each_entry() -> None:
    answer = read(list_versions(), TWO)
    name = name_of(OBJECT, NEWER)
    assert answer.text(field_of("entry", name)) == "Version"
    assert answer.text(field_of("Size", name)) == str(len(DATA))
    assert answer.text(field_of("IsLatest", name)) == "true"


def test_what_is_no_document_tells_nothing() -> None:
    answer = wire.read_answer(list_v2(), HttpResponse(200, body=b"<"))
    assert answer.text("list") is None
    assert answer.text("encryption elements") is None


def test_a_url_encoded_listing_is_decoded() -> None:
    answer = list_v2(encoding_type="url").read_answer(HttpResponse(200, body=LISTED % b"false"))
    assert answer[field_of("Size", "a b c")] == "3"
    plain = list_v2().read_answer(HttpResponse(200, body=LISTED % b"false"))
    assert plain[field_of("ETag", "a+b%20c")] == "e"


def test_a_listing_that_is_cut_short_leaves_nothing_out() -> None:
    answer = wire.read_answer(list_v2(), HttpResponse(200, body=LISTED % b"true"))
    assert not answer.complete
    assert "lists/every-object-is-named" not in {
        f.clause for f in judged(list_v2(), WRITTEN, answer).findings
    }
    assert wire.read_answer(list_v2(), HttpResponse(200, body=LISTED % b"false")).complete


def test_elements_that_speak_of_encryption_are_told() -> None:
    body = b"<R><C><ServerSideEncryption/><SSEAlgorithm/><KMSKeyId/><Processed/></C></R>"
    told = listing.encryption_elements(body)
    assert told == "ServerSideEncryption, SSEAlgorithm, KMSKeyId"
    assert listing.encryption_elements(b"<R/>") is None


def test_a_listing_of_an_sdk_tells_the_same() -> None:
    body = {
        "Versions": [{"Key": "a", "VersionId": "v", "Size": 3, "IsLatest": False, "ETag": '"e"'}],
        "DeleteMarkers": [{"Key": "a", "VersionId": "m", "IsLatest": True, "Owner": {}}],
        "Contents": "nonsense",
    }
    version = Entry("Version", "a", "v", size="3", etag="e", is_latest="false")
    marker = Entry("DeleteMarker", "a", "m", is_latest="true")
    assert listing.entries_of_parameters(body) == (version, marker)  # type: ignore[arg-type]
    assert list_versions().stated(body) == listing.fields_of((version, marker))  # type: ignore[arg-type]
    assert listing.entries_of_parameters({"Contents": ["a"]}) == ()


def test_an_entry_that_is_not_to_be_shown_is_left_out() -> None:
    fields = {field_of("entry", "a"): None, "list": json.dumps(["a", "b"])}
    (entry,) = listing.entries_in(fields, "Contents")
    assert entry == Entry("Contents", "b")


def test_a_missing_object_is_one_finding() -> None:
    names = ("entry", "Size", "ETag")
    gone = {field_of(what, OBJECT): None for what in names}
    found = judged(list_v2(), WRITTEN, changed(read(list_v2(), WRITTEN), **gone))
    finding = only(found)
    assert (finding.clause, finding.field) == ("lists/every-object-is-named", "entry of *")
    assert finding.kind is Kind.MISSING


def test_a_wrong_size_is_one_finding_and_is_not_told_again() -> None:
    wrong = {field_of("Size", known): "99" for known in (OBJECT, "dir/\u00fc &b")}
    answer = changed(read(list_v2(), WRITTEN), **wrong)
    found = judged(list_v2(), WRITTEN, answer)
    assert (only(found).clause, only(found).field) == (
        "lists/size-is-that-of-the-data",
        "Size of *",
    )
    assert judge(found.belief, list_v2(), answer).findings == ()


def test_a_wrong_etag_of_an_older_version_is_not_told_again() -> None:
    answer = changed(read(list_versions(), TWO), **{field_of("ETag", name_of(OBJECT, OLDER)): "x"})
    found = judged(list_versions(), TWO, answer)
    assert only(found).clause == "lists/etag-is-that-of-the-object"
    assert judge(found.belief, list_versions(), answer).findings == ()


def test_a_marker_that_is_not_the_latest_is_a_finding() -> None:
    latest = {field_of("IsLatest", name_of(OBJECT, NEWER)): "false"}
    found = judged(list_versions(), MARKED, changed(read(list_versions(), MARKED), **latest))
    assert only(found).clause == "lists/latest-version-is-marked"


def test_a_version_wrongly_marked_is_not_told_again() -> None:
    latest = {field_of("IsLatest", name_of(OBJECT, OLDER)): "true"}
    answer = changed(read(list_versions(), TWO), **latest)
    found = judged(list_versions(), TWO, answer)
    assert only(found).clause == "lists/latest-version-is-marked"
    assert judge(found.belief, list_versions(), answer).findings == ()


def test_what_a_refused_write_left_is_blamed_on_the_refusal() -> None:
    clause = "reading/refused-write-keeps-the-object"
    world = suspect_version(after(create()), BUCKET, OBJECT, None, clause)
    answer = changed(read(list_v2(), world), list=json.dumps([OBJECT]))
    found = judged(list_v2(), world, answer)
    assert only(found).clauses == (clause, "lists/nothing-else-is-named")
    assert found.belief.world.object(BUCKET, OBJECT) is Presence.UNKNOWN
    assert judge(found.belief, list_v2(), answer).findings == ()


def test_a_version_that_a_refused_write_left_is_blamed_on_the_refusal() -> None:
    clause = "reading/refused-write-keeps-the-object"
    world = suspect_version(TWO, BUCKET, OBJECT, None, clause)
    names = [*listing.read_names(read(list_versions(), world).text("list"))]
    left = json.dumps([*names, name_of(OBJECT, "another")])
    found = judged(list_versions(), world, changed(read(list_versions(), world), list=left))
    assert only(found).clauses == (clause, "lists/no-other-version-is-named")


def test_a_refused_listing_blames_no_write() -> None:
    world = suspect_version(WRITTEN, BUCKET, OBJECT, None, "a/b")
    refused = Answer(status=403, succeeded=False, error_code="AccessDenied")
    assert only(judged(list_v2(), world, refused)).clauses == ("lists/no-key-is-needed",)


def test_a_success_in_a_missing_bucket_blames_no_write() -> None:
    answer = Answer(status=200, succeeded=True)
    found = only(judged(list_v2(), EMPTY, answer))
    assert found.clauses == ("request/missing-bucket-is-named",)


def test_of_an_object_not_all_known_any_version_may_be_listed() -> None:
    bucket = TWO.existing(BUCKET).obscure(OBJECT)
    possible = list_versions().possible(bucket)
    assert possible.endings == (f" of {OBJECT}",)
    assert len(possible.names) == 2
    known = list(list_versions().known(bucket))
    assert [one.is_latest for one in known] == [None, None]
    world = TWO.with_bucket(BUCKET, bucket)
    told = list_versions().told_of("list", Answer(status=200, succeeded=True), world)
    assert told == ()


def test_a_version_without_a_known_id_may_have_any() -> None:
    bucket = Bucket(region="").with_object(OBJECT, ObjectVersion(encryption=None, body=None))
    assert list(list_versions().known(bucket)) == []
    assert list_versions().possible(bucket).endings == (f" of {OBJECT}",)


def test_a_listing_is_unknown_where_its_bucket_or_its_limits_are() -> None:
    assert list_v2().is_unknown(UNKNOWN)
    assert not list_v2().is_unknown(EMPTY)
    assert not list_v2(max_keys="1000").is_unknown(EMPTY)
    for asked in ({"max_keys": "999"}, {"max_keys": "many"}, {"encoding_type": "x"}):
        assert list_v2(**asked).is_unknown(EMPTY)
