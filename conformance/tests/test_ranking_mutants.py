"""Mutants: they do what their trigger says, where it says it, and scripts that look show them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from conformance.ranking.circumstances import ANY
from conformance.ranking.finding import ranked_by_kills
from conformance.ranking.killing import (
    MUTANTS,
    Killing,
    chances,
    chosen,
    shown_by_probes,
    told_by,
)
from conformance.ranking.mutants import CLAUSE, Trigger, Watcher, mutant_of
from conformance.ranking.scripts import explorer_of
from conformance.upload_checksums import listed_part
from model.completion_document import write_completion
from model.encryption_document import RuleText, write_configuration
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.create_bucket import CreateBucket
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.kms import CreateAlias, DisableKey
from model.operations.kms_aliases import UpdateAlias
from model.operations.list_objects import ListObjectsV2
from model.operations.list_parts import ListParts
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_bucket_versioning import PutBucketVersioning, versioning_document
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.stored import MultipartUpload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation
    from targets.faulty.fault import Fault

KMS = "aws:kms"


def copies(build: Requests) -> Iterator[Operation]:
    """Write under SSE-KMS, copy twice, the second time over the first copy; look at everything."""
    bucket, key = build.universe.buckets[0], build.universe.kms_keys[0].arn
    yield CreateBucket(bucket=bucket)
    yield PutBucketVersioning(bucket=bucket, document=versioning_document("Enabled"))
    yield PutObject(bucket=bucket, object_key="a", body=b"one", sse=KMS, kms_key_id=key)
    yield PutObject(bucket=bucket, object_key="b", body=b"two")
    for source in ("a", "b"):
        yield CopyObject(bucket=bucket, object_key="c", copy_source=f"{bucket}/{source}")
        yield GetObject(bucket=bucket, object_key="c")
        yield HeadObject(bucket=bucket, object_key="c")
    yield HeadObject(bucket=bucket, object_key="a")


def anew(build: Requests) -> Iterator[Operation]:
    """Write, delete and write again, then in a bucket made anew; have a write refused there."""
    bucket, key = build.universe.buckets[0], build.universe.kms_keys[0].arn
    rule = RuleText(sse_algorithm=KMS, kms_key_id=key)
    yield CreateBucket(bucket=bucket)
    yield PutBucketEncryption(bucket=bucket, document=write_configuration([rule]))
    yield PutObject(bucket=bucket, object_key="a", body=b"one", sse="AES256")
    yield DeleteObject(bucket=bucket, object_key="a")
    yield PutObject(bucket=bucket, object_key="a", body=b"two")
    yield HeadObject(bucket=bucket, object_key="a")
    yield DeleteObject(bucket=bucket, object_key="a")
    yield DeleteBucket(bucket=bucket)
    yield CreateBucket(bucket=bucket)
    yield PutObject(bucket=bucket, object_key="a", body=b"three", sse=KMS, kms_key_id=key)
    yield PutObject(bucket=bucket, object_key="a", body=b"four", sse="unknown")
    yield HeadObject(bucket=bucket, object_key="a")
    yield GetBucketEncryption(bucket=bucket)


def reads_again(build: Requests) -> Iterator[Operation]:
    """Look at an object and at a list, write over it under an alias that then means another key."""
    bucket, other = build.universe.buckets
    alias, (first, second) = build.universe.alias, build.universe.kms_keys
    yield CreateBucket(bucket=bucket)
    yield CreateBucket(bucket=other)
    yield PutObject(bucket=other, object_key="a", body=b"other")
    yield CreateAlias(alias=alias, key_id=first.key_id)
    yield PutObject(bucket=bucket, object_key="a", body=b"one", sse=KMS, kms_key_id=alias)
    yield HeadObject(bucket=bucket, object_key="a")
    yield ListObjectsV2(bucket=bucket)
    yield UpdateAlias(alias=alias, key_id=second.key_id)
    yield PutObject(bucket=bucket, object_key="a", body=b"three", sse=KMS, kms_key_id=alias)
    yield HeadObject(bucket=bucket, object_key="a")
    yield ListObjectsV2(bucket=bucket)
    yield DisableKey(key_id=second.key_id)
    yield GetObject(bucket=bucket, object_key="a")
    yield DeleteObject(bucket=bucket, object_key="a")
    yield DeleteBucket(bucket=bucket)
    yield GetObject(bucket=other, object_key="a")


def in_parts(build: Requests) -> Iterator[Operation]:
    """Upload a part twice, and a second one as a range of another object; look at them."""
    bucket = build.universe.buckets[0]
    yield CreateBucket(bucket=bucket)
    yield PutObject(bucket=bucket, object_key="source", body=b"a whole source")
    yield CreateMultipartUpload(bucket=bucket, object_key="a")
    (upload_id,) = build.session.belief.world.existing(bucket).uploads
    upload: dict[str, Any] = {"bucket": bucket, "object_key": "a", "upload_id": upload_id}
    yield UploadPart(part_number="1", body=b"first" * 2**20, **upload)
    yield UploadPart(part_number="1", body=b"again" * 2**20, **upload)
    yield UploadPartCopy(
        part_number="2", copy_source=f"{bucket}/source", copy_source_range="bytes=0-3", **upload
    )
    yield ListParts(**upload)


def odd_names(build: Requests) -> Iterator[Operation]:
    """Copy an object of an odd name to one like a folder; read a part of it, on a condition."""
    bucket, key = build.universe.buckets[0], build.universe.kms_keys[0].arn
    rule = RuleText(sse_algorithm=KMS, kms_key_id=key)
    yield CreateBucket(bucket=bucket)
    yield PutBucketEncryption(bucket=bucket, document=write_configuration([rule]))
    yield PutObject(bucket=bucket, object_key="a b", body=b"one", sse=KMS)
    yield PutObject(bucket=bucket, object_key="c", body=b"two", sse="AES256")
    source = f"{bucket}/a%20b"
    yield CopyObject(bucket=bucket, object_key="d/", copy_source=source, source_if_match='"none"')
    yield HeadObject(bucket=bucket, object_key="c", part_number="1")
    yield GetObject(bucket=bucket, object_key="c", if_none_match='"none"')


def test_how_a_request_names_things_is_a_circumstance() -> None:
    watcher = Watcher()
    assert not met_by(watcher, odd_names)
    told = {
        "object's name needs escaping",
        "source's name needs escaping",
        "object's name ends like a folder's",
        "named as the default is",
        "named otherwise than the default is",
        "a part is asked for",
        "on a condition",
    }
    assert [(operation, set(held & told)) for operation, held in watcher.met[-5:]] == [
        ("PutObject", {"object's name needs escaping", "named as the default is"}),
        ("PutObject", {"named otherwise than the default is"}),
        (
            "CopyObject",
            {
                "source's name needs escaping",
                "object's name ends like a folder's",
                "on a condition",
            },
        ),
        ("HeadObject", {"a part is asked for"}),
        ("GetObject", {"on a condition"}),
    ]


def lists_of_parts(build: Requests) -> Iterator[Operation]:
    """Upload two parts twice, complete one of the uploads of one of them; look at what was made."""
    bucket = build.universe.buckets[0]
    yield CreateBucket(bucket=bucket)
    for object_key, numbers in (("both", (1, 2)), ("first", (1,))):
        yield CreateMultipartUpload(bucket=bucket, object_key=object_key)
        upload_id = list(build.session.belief.world.existing(bucket).uploads)[-1]
        upload: dict[str, Any] = {
            "bucket": bucket,
            "object_key": object_key,
            "upload_id": upload_id,
        }
        yield UploadPart(part_number="1", body=b"first" * 2**20, **upload)
        yield UploadPart(part_number="2", body=b"second", **upload)
        begun = build.session.belief.world.existing(bucket).upload(upload_id)
        assert isinstance(begun, MultipartUpload)
        document = write_completion([listed_part(begun, number) for number in numbers])
        yield CompleteMultipartUpload(document=document, **upload)
        yield HeadObject(bucket=bucket, object_key=object_key)


def test_what_is_listed_of_an_upload_is_a_circumstance() -> None:
    watcher = Watcher()
    assert not met_by(watcher, lists_of_parts)
    told = {"not all parts are listed", "object in parts", "object in one part"}
    held = [(operation, set(held & told)) for operation, held in watcher.met]
    assert [one for one in held if one[0] in {"CompleteMultipartUpload", "HeadObject"}] == [
        ("CompleteMultipartUpload", set()),
        ("HeadObject", {"object in parts"}),
        ("CompleteMultipartUpload", {"not all parts are listed"}),
        ("HeadObject", {"object in one part"}),
    ]


def met_by(fault: Fault, script: Script = copies) -> list[str]:
    """Return what is objected to when a server with the fault meets the script."""
    found: list[str] = []
    explorer = explorer_of(fault, lambda _, step: found.extend(f.title for f in step.findings))
    explorer.perform(script)
    return found


@pytest.mark.parametrize(
    ("operation", "circumstance", "way", "what"),
    [
        ("CopyObject", ANY, CLAUSE, "answer-headers/sse-s3-is-shown"),
        ("CopyObject", "source has SseKms", "kept", "encryption of its source"),
        ("CopyObject", "object is there", "kept", "body of what it replaced"),
        ("CopyObject", "other objects", "kept", "other objects alike"),
        ("CopyObject", "versioning", "kept", "nothing"),
        ("CopyObject", "same bucket", "default", "of the request before"),
        ("PutObject", ANY, "unread", "kms_key_id"),
        ("PutObject", ANY, "remembered", "sse"),
        ("PutObject", "encryption named", "kept", "other KMS key"),
        ("PutObject", ANY, "kept", "encryption plain"),
        ("PutObject", ANY, "kept", "bucket key flipped"),
        ("GetObject", ANY, "silent", "x-amz-server-side-encryption"),
        ("GetObject", "object has SseS3", "stale", "body"),
        ("PutBucketVersioning", ANY, "kept", "bucket's versioning as it was"),
    ],
)
def test_a_script_that_looks_shows_a_mutant(
    operation: str, circumstance: str, way: str, what: str
) -> None:
    assert met_by(mutant_of(Trigger(operation, circumstance, way, what)))


@pytest.mark.parametrize(
    ("operation", "circumstance", "way", "what", "is_shown"),
    [
        ("PutObject", ANY, "revived", "object's encryption", True),
        ("PutObject", "encryption named", "revived", "object's body", True),
        ("PutObject", "versioning", "revived", "object's body", False),
        ("CreateBucket", ANY, "revived", "bucket's rule", True),
        ("CreateBucket", ANY, "revived", "bucket's versioning", False),
        ("PutObject", ANY, "refused", "object lost", True),
        ("PutObject", "object has SseKms", "refused", "object written", True),
        ("PutObject", ANY, "refused", "object is SSE-S3", True),
        ("PutObject", "object has SseC", "refused", "object lost", False),
        ("PutObject", ANY, "refused", "default reset", False),
        ("PutObject", "default's key by ARN", "default", "none", True),
        ("PutObject", "named key by ARN", "kept", "other KMS key", True),
        ("PutObject", "named key by its alias", "kept", "other KMS key", False),
        ("PutObject", "default's key is Disabled", "default", "none", False),
        ("PutObject", "presigned", "default", "none", False),
    ],
)
def test_what_is_no_more_or_was_refused_may_come_back(
    operation: str, circumstance: str, way: str, what: str, *, is_shown: bool
) -> None:
    mutant = mutant_of(Trigger(operation, circumstance, way, what))
    assert bool(met_by(mutant, anew)) == is_shown


@pytest.mark.parametrize(
    ("operation", "circumstance", "way", "what", "is_shown"),
    [
        ("HeadObject", ANY, "cached", "etag", True),
        ("HeadObject", "asked before", "cached", "etag", True),
        ("HeadObject", "object was written again", "cached", "etag", True),
        ("HeadObject", "object was deleted", "cached", "etag", False),
        ("HeadObject", ANY, "cached", "content-type", False),
        ("GetObject", ANY, "cached", "body", False),
        ("ListObjectsV2", ANY, "cached", "Size of ", True),
        ("ListObjectsV2", ANY, "stale", "Size of ", True),
        ("ListObjectsV2", "asked before", "stale", "ETag of ", True),
        ("ListObjectsV2", "default was changed", "stale", "ETag of ", False),
        ("PutObject", ANY, "cached", "KMS key", True),
        ("PutObject", "named alias was moved", "cached", "KMS key", True),
        ("PutObject", "default's alias was moved", "cached", "KMS key", False),
        ("DisableKey", "an object hangs on the key", "kept", "nothing", True),
        ("DisableKey", "a default hangs on the key", "kept", "nothing", False),
        ("DeleteBucket", ANY, "kept", "other buckets' objects lost", True),
        (
            "DeleteBucket",
            "another bucket's name begins like it",
            "kept",
            "other buckets' objects lost",
            True,
        ),
        ("DeleteObject", ANY, "kept", "other buckets' objects lost", True),
        ("CreateBucket", ANY, "kept", "other buckets' objects lost", False),
    ],
)
def test_what_came_before_and_what_is_beside_may_be_taken_for_what_is_asked(
    operation: str, circumstance: str, way: str, what: str, *, is_shown: bool
) -> None:
    mutant = mutant_of(Trigger(operation, circumstance, way, what))
    assert bool(met_by(mutant, reads_again)) == is_shown


@pytest.mark.parametrize(
    ("operation", "circumstance", "what", "is_shown"),
    [
        ("UploadPart", ANY, "part's body plain", True),
        ("UploadPart", ANY, "part's body of what it replaced", False),
        ("UploadPart", ANY, "part's etag of what it replaced", True),
        ("UploadPart", "later part", "part's etag of what it replaced", False),
        ("UploadPart", ANY, "part's others lost", False),
        ("UploadPartCopy", ANY, "part's others lost", True),
        ("UploadPartCopy", "a range is named", "part's body of its source", True),
        ("UploadPartCopy", "other bucket", "part's body of its source", False),
    ],
)
def test_a_part_may_be_kept_wrongly(
    operation: str, circumstance: str, what: str, *, is_shown: bool
) -> None:
    watcher = Watcher()
    assert not met_by(watcher, in_parts)
    trigger = Trigger(operation, circumstance, "kept", what)
    # Of two bodies of one length a list of parts shows nothing.
    assert (trigger in watcher.triggers) == (is_shown or what.endswith("body of what it replaced"))
    assert bool(met_by(mutant_of(trigger), in_parts)) == is_shown


def test_of_an_operation_with_many_places_not_all_mutants_are() -> None:
    many = [Trigger("PutObject", f"{n}", "kept", "nothing") for n in range(30_000)]
    few = [Trigger("RenameObject", f"{n}", "kept", "nothing") for n in range(1200)]
    drawn = Counter(one.operation for one in chosen([*many, *few]))
    assert 240 < drawn["RenameObject"] < 480
    assert drawn.total() == MUTANTS["kept"]


def test_what_is_watched_are_the_places_where_memory_is_wrong() -> None:
    watcher = Watcher()
    assert not met_by(watcher, reads_again)
    seen = {(one.operation, one.what) for one in watcher.triggers if one.way == "cached"}
    assert {("HeadObject", "etag"), ("PutObject", "KMS key")} <= seen
    assert not {one for one in seen if one[0] == "GetObject"}
    held = [held for operation, held in watcher.met if operation == "PutObject"]
    assert ["named alias was moved" in one for one in held] == [False, False, True]
    assert ["object was read" in one for one in held] == [False, False, True]


@pytest.mark.parametrize(
    ("operation", "circumstance", "way", "what"),
    [
        ("UploadPartCopy", ANY, "kept", "nothing"),
        ("CopyObject", "source has SseC", "kept", "nothing"),
        ("CopyObject", "other bucket", "kept", "encryption of its source"),
        ("CopyObject", "directory bucket", "unread", "copy_source"),
        ("PutObject", "object is there", "unread", "kms_key_id"),
        ("PutObject", "versioning", "default", "the one before"),
        ("PutObject", ANY, "unread", "bucket_key_enabled"),
        ("GetObject", "older version is named", "silent", "x-amz-server-side-encryption"),
    ],
)
def test_a_mutant_is_right_where_its_trigger_is_not_met(
    operation: str, circumstance: str, way: str, what: str
) -> None:
    assert not met_by(mutant_of(Trigger(operation, circumstance, way, what)))


def test_what_is_watched_is_what_can_be_done_wrongly_and_nothing_is_wrong_then() -> None:
    watcher = Watcher()
    assert not met_by(watcher)
    seen = {one for one in watcher.triggers if one.circumstance == ANY}
    assert Trigger("CopyObject", ANY, "kept", "encryption of its source") in seen
    assert Trigger("PutObject", ANY, "unread", "kms_key_id") in seen
    assert Trigger("PutObject", ANY, "unread", "bucket_key_enabled") not in seen
    assert Trigger("PutObject", ANY, "kept", "encryption of its source") not in seen
    held = [held for operation, held in watcher.met if operation == "CopyObject"]
    assert ["source has SseKms" in one for one in held] == [True, False]
    assert ["object is there" in one for one in held] == [False, True]
    assert all({ANY, "same bucket", "versioning"} <= one for one in held)
    watcher.forget()
    assert not watcher.triggers
    assert not watcher.met


def test_mutants_are_drawn_from_each_way_and_the_draw_stays() -> None:
    places = [
        Trigger(f"O{n}", circumstance, way, f"{n}")
        for way in MUTANTS
        for n in range(3000)
        for circumstance in (ANY, "versioning")
    ]
    drawn = chosen(places)
    assert drawn == chosen(reversed(places))
    assert Counter(one.way for one in drawn) == Counter(MUTANTS) | {CLAUSE: 3000}
    of_any = Counter(one.way for one in drawn if one.circumstance == ANY)
    assert of_any["kept"] == MUTANTS["kept"] / 2
    assert of_any[CLAUSE] == 3000


def test_a_script_that_shows_more_mutants_for_its_length_comes_first() -> None:
    def killing(requests: int, mutants: str, *clauses: str) -> Killing:
        shown = {Trigger(one, ANY, "kept", "nothing"): 1.0 for one in mutants}
        return Killing(requests, shown, frozenset(clauses))

    scripts = {
        0: killing(10, "abc"),
        1: killing(5, "ab"),
        2: killing(2, "a"),
        3: killing(4, "", "one"),
        4: killing(5, "", "one"),
        5: killing(1, ""),
    }
    # In 1 two are new, then in 0 one is; what is left of 2 was shown twice. 4 and 5 show nothing.
    assert list(ranked_by_kills(scripts, 100)) == [3, 1, 0, 2]
    assert list(ranked_by_kills(scripts, 5)) == [3, 1]


def test_what_the_probes_showed_counts_less() -> None:
    one, other = (Trigger(name, ANY, "kept", "nothing") for name in "ab")
    scripts = {n: Killing(1, {t: 1.0}, told_by([t])) for n, t in enumerate((one, other))}
    assert list(ranked_by_kills(scripts, 100)) == [0, 1]
    assert list(ranked_by_kills(scripts, 100, already={one})) == [1, 0]


def test_a_clause_of_which_the_probes_told_counts_as_told_of() -> None:
    one = Trigger("PutObject", ANY, "clause", "one")
    scripts = {n: Killing(1, {}, frozenset({name})) for n, name in enumerate(("one", "other"))}
    assert list(ranked_by_kills(scripts, 100)) == [0, 1]
    assert list(ranked_by_kills(scripts, 100, already={one})) == [1]


def test_the_probes_show_what_they_look_at() -> None:
    put = Trigger("PutObject", ANY, "clause", "bucket-default/base-is-sse-s3")
    never = Trigger("RenameObject", ANY, "clause", "reading/needs-no-headers")
    assert shown_by_probes([put, never], processes=1) == {put}


def test_what_a_script_did_not_meet_it_shows_as_likely_as_others_do() -> None:
    assert dict(chances([1, 2, 3, 4, 5], tried=[1, 2, 4], shown_by=[2])) == {
        2: 1.0,
        3: 1 / 3,
        5: 1 / 3,
    }
    assert not dict(chances([1, 2], tried=[1], shown_by=[]))


def test_what_is_likely_shown_counts_by_its_chance() -> None:
    def killing(**mutants: float) -> Killing:
        shown = {Trigger(one, ANY, "kept", "nothing"): n for one, n in mutants.items()}
        return Killing(10, shown, frozenset())

    scripts = {0: killing(a=0.5, b=0.5), 1: killing(a=1.0, c=0.1), 2: killing(b=0.9, a=0.15)}
    # Behind 1, in which a is shown for sure, b is left: 2 shows it with a better chance.
    assert list(ranked_by_kills(scripts, 100)) == [1, 2, 0]


def test_what_was_likely_shown_counts_less_by_its_chance() -> None:
    def killing(**mutants: float) -> Killing:
        shown = {Trigger(one, ANY, "kept", "nothing"): n for one, n in mutants.items()}
        return Killing(10, shown, frozenset())

    scripts = {0: killing(a=0.6), 1: killing(a=0.5), 2: killing(b=0.1)}
    # Behind 0 it is not sure that a was shown: it counts for more than b still.
    assert list(ranked_by_kills(scripts, 100)) == [0, 1, 2]
