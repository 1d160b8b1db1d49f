"""The phase ``paths``."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from conformance.ablation import open_session, probed_setting
from conformance.paths.intents import DEFAULTS, WISHES
from conformance.phases.paths import paths
from conformance.ranking.circumstances import ANY
from conformance.ranking.mutants import Trigger, mutant_of
from conformance.tests.phase_playing import Played, play_phase, without_capabilities
from model.messages import Auth
from model.operation import existing_bucket
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.bucket_policy import DeleteBucketPolicy, PutBucketPolicy
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.create_bucket import CreateBucket
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_object import GetObject
from model.operations.get_object_attributes import GetObjectAttributes
from model.operations.head_object import HeadObject
from model.operations.list_parts import ListParts
from model.operations.post_object import PostObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.request import UploadRequest
from model.sse import md5_hex
from model.stored import MultipartUpload
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from conformance.phase import Plan, Setting
    from model.operation import Operation
    from model.world import World

LONGEST_SEQUENCE = 52


@pytest.fixture(scope="module")
def setting() -> Setting:
    return probed_setting(open_session(requests=1000))


@pytest.fixture(scope="module")
def played() -> Played:
    return play_phase(paths, requests=12_000)


def _only(stage: str) -> Plan:
    """Return the plan of one stage of the phase."""
    return lambda setting: (one for one in paths(setting) if one.name == stage)


def test_right_servers_are_not_blamed_and_all_is_played(played: Played) -> None:
    assert played.findings == []
    assert all(p.done == p.planned and p.planned for p in played.reached.values())
    assert max(len(one) for one in played.sequences) <= 2 * LONGEST_SEQUENCE


def test_nor_where_there_is_no_tls() -> None:
    assert play_phase(paths, requests=1500, secure=False).findings == []


def test_each_intent_reaches_every_path(played: Played) -> None:
    sequences = [*played.of("intents"), *played.of("more intents")]
    assert len(sequences) == len(DEFAULTS) * len(WISHES)
    for sent in sequences:
        assert _paths_of(sent) >= EVERY_PATH


EVERY_PATH = {
    "put",
    "presigned",
    "form",
    "copy",
    "copy in place",
    "upload",
    "copied part",
    "completion",
    "completion with checksums",
}


def _paths_of(sent: list[Operation]) -> set[str]:
    return {name for request in sent if (name := _path_of(request))}


def _path_of(request: Operation) -> str:
    if isinstance(request, PutObject):
        return "presigned" if request.auth is Auth.PRESIGNED else "put"
    if isinstance(request, CopyObject) and request.source is not None:
        own = (request.bucket, request.object_key)
        return "copy in place" if request.source[:2] == own else "copy"
    if isinstance(request, CompleteMultipartUpload) and request.parts:
        listed = any(part.has_checksum for part in request.parts)
        return "completion with checksums" if listed else "completion"
    names = {
        PostObject: "form",
        UploadPart: "upload",
        UploadPartCopy: "copied part",
    }
    return names.get(type(request), "")


def test_after_each_change_of_a_bucket_the_other_is_looked_at(played: Played) -> None:
    sequences = played.of("two buckets")
    assert len(sequences) == 4
    for sent in sequences:
        kinds = [type(request) for request in sent]
        removed = kinds.index(DeleteBucket)
        made = kinds.index(CreateBucket, 1)
        one = getattr(sent[removed], "bucket", "")
        # Behind the set-up of both.
        own = [n for n in range(made, removed) if getattr(sent[n], "bucket", "") == one]
        changed = [n for n in own if not isinstance(sent[n], DeleteObject)]
        assert len(changed) >= 7
        assert not {n + 1 for n in changed} & {*own, removed}


def test_each_look_at_the_other_bucket_follows_each_change(played: Played) -> None:
    looks: dict[tuple[type[Operation], int], set[type[Operation]]] = defaultdict(set)
    for sent in played.of("two buckets"):
        removed = next(n for n, one in enumerate(sent) if isinstance(one, DeleteBucket))
        made = [n for n, one in enumerate(sent) if isinstance(one, CreateBucket)]
        one = getattr(sent[removed], "bucket", "")
        seen: Counter[type[Operation]] = Counter()
        for change, look in pairwise(sent[made[1] : removed]):
            if getattr(change, "bucket", "") == one != getattr(look, "bucket", ""):
                kind: type[Operation] = type(change)
                seen[kind] += 1
                looks[kind, seen[kind]].add(type(look))
    wanted = {GetBucketEncryption, GetObject, PutObject, ListParts}
    for first in (PutBucketPolicy, DeleteBucketPolicy, PutBucketEncryption, AbortMultipartUpload):
        assert looks[first, 1] >= wanted, first


def test_uploads_are_asked_for_under_every_name_but_theirs(played: Played) -> None:
    kinds = (UploadPart, UploadPartCopy, ListParts, CompleteMultipartUpload, AbortMultipartUpload)
    for sent in played.of("uploads under other names"):
        begun = sum(isinstance(one, CreateMultipartUpload) for one in sent)
        assert begun == 3
        names: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for one in sent:
            if isinstance(one, kinds):
                names[one.upload_id or ""].add((one.bucket, one.object_key))
        # One upload's id is used under its own name, those of the other two, and nobody's.
        assert sorted(len(some) for some in names.values()) == [1, 1, 4]


@pytest.mark.parametrize(
    "operation",
    [
        "UploadPart",
        "UploadPartCopy",
        "ListParts",
        "CompleteMultipartUpload",
        "AbortMultipartUpload",
    ],
)
def test_a_server_that_looks_at_the_upload_id_alone_is_found(operation: str) -> None:
    found = play_phase(
        _only("uploads under other names"), requests=100, fault=ById(operation), stop=True
    )
    assert found.findings


class ById(Fault):
    """One kind of request takes any object key for that of the upload."""

    def __init__(self, operation: str) -> None:
        self.operation = operation

    def understand(self, world: World, request: Operation) -> Operation:
        """Take the object key from the upload."""
        bucket = existing_bucket(world, getattr(request, "bucket", ""))
        if request.operation != self.operation or not isinstance(request, UploadRequest):
            return request
        upload = None if bucket is None else bucket.upload(request.upload_id or "")
        if not isinstance(upload, MultipartUpload):
            return request
        named: dict[str, Any] = {"object_key": upload.object_key}
        return replace(request, **named)


def test_of_two_uploads_of_an_object_the_older_one_is_completed_while_the_other_is_there(
    played: Played,
) -> None:
    seen = Counter[int]()
    for sent in played.of("two uploads at once"):
        begun = [place for place, one in enumerate(sent) if isinstance(one, CreateMultipartUpload)]
        done = [one for one in sent if isinstance(one, CompleteMultipartUpload)]
        assert len(begun) == 2
        assert done[0] == done[1], "it is completed twice"
        assert sent.index(done[0]) > begun[1]
        seen[len({one.upload_id for one in done})] += 1
    assert seen.keys() == {1, 2}, "the other is completed, too, or it is not"


def test_what_is_read_is_read_through_presigned_urls_with_wrong_keys_and_without(
    played: Played,
) -> None:
    sent = [one for sent in played.of("read through every path") for one in sent]
    presigned = [
        one
        for one in sent
        if isinstance(one, GetObject | HeadObject) and one.auth is Auth.PRESIGNED
    ]
    assert any(one.own_key.present for one in presigned)
    assert any(isinstance(one, GetObject) and one.range for one in presigned)
    assert any(isinstance(one, DeleteObject) and one.version_id for one in sent)


def test_what_is_refused_is_sent_by_every_path(played: Played) -> None:
    sent = [_paths_of(one) for one in played.of("refused")]
    assert sum(one >= {"put", "presigned", "form", "copy", "copy in place"} for one in sent) >= 20


def test_a_form_is_refused_for_what_its_policy_does_not_name(played: Played) -> None:
    for sent in played.of("refused for other reasons"):
        forms = [one for one in sent if isinstance(one, PostObject) and one.sse is not None]
        unnamed = [one for one in forms if one.auth is Auth.POLICY_WITHOUT_ENCRYPTION]
        assert bool(unnamed) is any(
            isinstance(one, PutObject) and one.storage_class == "NO_SUCH_CLASS" for one in sent
        )


def test_a_completion_names_the_etag_that_a_part_had_before(played: Played) -> None:
    named = []
    for sent in played.of("refused for other reasons"):
        parts = [one for one in sent if isinstance(one, UploadPart) and one.part_number == "1"]
        lists = [one.parts for one in sent if isinstance(one, CompleteMultipartUpload)]
        replaced = {md5_hex(one.body) for one in parts[:-2]}
        named += [one for one in lists if one and {part.etag for part in one} & replaced]
    assert named


def test_of_what_was_uploaded_in_parts_the_parts_are_asked_for(played: Played) -> None:
    asked = {
        one.object_attributes
        for sent in played.sequences
        for one in sent
        if isinstance(one, GetObjectAttributes)
    }
    assert asked >= {"ETag,ObjectSize", "ETag,ObjectParts,ObjectSize"}


def test_a_target_that_can_do_little_is_asked_for_little(setting: Setting) -> None:
    lacking = without_capabilities(
        setting, "kms-api", "sse-kms", "dsse-kms", "multipart", "copy", "sse-c", "post-form"
    )
    planned = {stage.name: stage.planned for stage in paths(lacking)}
    whole = {stage.name: stage.planned for stage in paths(setting)}
    assert planned["parts of 5 MiB"] == 0
    assert planned["alias moved in between"] == 0
    assert planned["parts replaced"] == 0
    assert planned["uploads under other names"] == 0
    assert planned["two buckets"] == whole["two buckets"]
    assert 0 < (planned["intents"] or 0) < (whole["intents"] or 0)
    assert 0 < (planned["refused"] or 0) < (whole["refused"] or 0)


class FormsForgetTheDefault(Fault):
    """An upload by a form does not look the default up, once it was changed."""

    changes = 0

    def understand(self, world: World, request: Operation) -> Operation:
        """Take a form without headers for one that asks for AES256."""
        del world
        self.changes += isinstance(request, PutBucketEncryption)
        if self.changes > 1 and isinstance(request, PostObject) and not request.names_in_headers:
            return replace(request, sse="AES256")
        return request


def test_a_path_that_is_wrong_alone_is_found() -> None:
    found = play_phase(paths, requests=2000, fault=FormsForgetTheDefault(), stop=True)
    assert found.findings
    assert found.requests < 1000


def test_a_clause_that_only_another_path_shows_is_missed_where_it_is_left_out() -> None:
    left_out = frozenset({"multipart/new-default-leaves-the-uploads"})
    assert play_phase(paths, requests=9000, without=left_out, stop=True).findings


@pytest.mark.parametrize(
    ("stage", "operation", "circumstance", "way", "what"),
    [
        ("alias moved in between", "PutObject", "default's alias was moved", "cached", "KMS key"),
        ("alias moved in between", "CopyObject", "named alias was moved", "cached", "KMS key"),
        ("alias moved in between", "UpdateAlias", ANY, "kept", "nothing"),
        ("read again", "GetObject", ANY, "cached", "body"),
        ("read again", "GetObject", "object was deleted", "cached", "body"),
        ("read again", "ListObjectVersions", ANY, "cached", "Size of "),
        (
            "parts replaced",
            "UploadPartCopy",
            "a range is named",
            "kept",
            "part's body of its source",
        ),
        ("parts replaced", "UploadPart", ANY, "kept", "part's etag of what it replaced"),
        ("two buckets", "DeleteBucket", ANY, "kept", "other buckets' default alike"),
        ("two buckets", "PutBucketEncryption", ANY, "kept", "other buckets' default alike"),
        ("two buckets", "PutObject", ANY, "kept", "other buckets' object alike"),
        ("two buckets", "DeleteObject", ANY, "kept", "other buckets' objects lost"),
        ("two buckets", "PutBucketPolicy", ANY, "kept", "other buckets' policy alike"),
    ],
)
def test_what_changes_in_between_is_seen(
    stage: str, operation: str, circumstance: str, way: str, what: str
) -> None:
    mutant = mutant_of(Trigger(operation, circumstance, way, what))
    found = play_phase(_only(stage), requests=700, fault=mutant, stop=True)
    assert found.findings
    assert found.requests < 700
