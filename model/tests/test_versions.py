"""The row of an object's versions: what writes and deletions make of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.sse import SseC, SseKms, SseS3
from model.stored import (
    NULL_VERSION,
    DeleteMarker,
    MultipartUpload,
    ObjectVersion,
    Presence,
    StoredVersion,
)
from model.world import Bucket, Versioning

pytestmark = pytest.mark.example

NAME = "object"
PLAIN = ObjectVersion(encryption=SseS3(), body=b"plain")
UNDER_KMS = ObjectVersion(encryption=SseKms("key"), body=b"under KMS")
UNDER_KEY = ObjectVersion(encryption=SseC("md5"), body=b"under a customer key")
NULL = replace(PLAIN, version_id=NULL_VERSION)
V1, V2 = replace(UNDER_KMS, version_id="v1"), replace(UNDER_KEY, version_id="v2")
UNKNOWN = Presence.UNKNOWN
MARKER = DeleteMarker()


def bucket(versioning: Versioning | None, *row: StoredVersion, complete: bool = True) -> Bucket:
    made = Bucket(region="", versioning=versioning, complete=complete)
    return made.with_row(NAME, row) if row else made


def enabled(*row: StoredVersion) -> Bucket:
    return bucket(Versioning.ENABLED, *row)


def suspended(*row: StoredVersion) -> Bucket:
    return bucket(Versioning.SUSPENDED, *row)


def never(*row: StoredVersion) -> Bucket:
    return bucket(Versioning.NEVER, *row)


def unsure(*row: StoredVersion) -> Bucket:
    return bucket(None, *row)


def test_without_versioning_a_write_replaces_what_was_there() -> None:
    after = never().store(NAME, PLAIN).store(NAME, UNDER_KMS)
    assert after.row(NAME) == (replace(UNDER_KMS, version_id=NULL_VERSION),)
    assert after == never().store(NAME, UNDER_KMS)


def test_with_versioning_a_write_lies_over_what_was_there() -> None:
    after = enabled(V1).store(NAME, UNDER_KEY)
    assert after.row(NAME) == (UNDER_KEY, V1)
    assert after.object(NAME) == UNDER_KEY
    assert after.version(NAME, "v1") == V1


def test_what_was_written_before_versioning_stays_as_the_null_version() -> None:
    after = replace(never().store(NAME, PLAIN), versioning=Versioning.ENABLED)
    after = after.store(NAME, UNDER_KMS)
    assert after.row(NAME) == (UNDER_KMS, NULL)
    assert after.version(NAME, NULL_VERSION) == NULL


def test_a_write_with_versioning_suspended_replaces_the_null_version_alone() -> None:
    after = suspended(V2, NULL, V1).store(NAME, UNDER_KMS)
    assert after.row(NAME) == (replace(UNDER_KMS, version_id=NULL_VERSION), V2, V1)
    assert suspended(V1).store(NAME, PLAIN).row(NAME) == (NULL, V1)


def test_a_version_without_a_known_id_may_be_the_null_version() -> None:
    assert suspended(UNDER_KMS, V1).store(NAME, PLAIN).row(NAME) == (NULL, UNKNOWN, V1)


def test_where_versioning_is_unknown_the_null_version_may_be_gone() -> None:
    assert unsure(NULL, V1).store(NAME, PLAIN).row(NAME) == (PLAIN, UNKNOWN, V1)
    assert unsure().store(NAME, PLAIN).row(NAME) == (PLAIN,)


@pytest.mark.parametrize("versioning", [*Versioning, None])
def test_a_plain_deletion_hides_the_object(versioning: Versioning | None) -> None:
    after = bucket(versioning, NULL).delete(NAME)
    assert after.object(NAME) is Presence.ABSENT


def test_without_versioning_a_deletion_leaves_nothing() -> None:
    assert never(NULL).delete(NAME).row(NAME) == ()


def test_with_versioning_a_deletion_leaves_a_marker_each_time() -> None:
    assert enabled(V1).delete(NAME).delete(NAME).row(NAME) == (MARKER, MARKER, V1)


def test_with_versioning_suspended_a_deletion_replaces_the_null_version() -> None:
    marker = DeleteMarker(version_id=NULL_VERSION)
    assert suspended(NULL, V1).delete(NAME).row(NAME) == (marker, V1)
    assert suspended(V1).delete(NAME).delete(NAME).row(NAME) == (marker, V1)


def test_whether_the_deletion_of_a_missing_object_leaves_a_marker_is_not_known() -> None:
    after = enabled().delete(NAME)
    assert (after.object(NAME), after.row(NAME)) == (Presence.ABSENT, (UNKNOWN,))
    assert after.version(NAME, "v1") is UNKNOWN


def test_where_versioning_is_unknown_a_deletion_leaves_who_knows_what() -> None:
    after = unsure(NULL, V1).delete(NAME)
    assert (after.object(NAME), after.row(NAME)) == (Presence.ABSENT, (UNKNOWN, V1))


def test_the_deletion_of_the_current_version_shows_the_one_below() -> None:
    after = enabled(V2, V1).delete_version(NAME, "v2")
    assert (after.object(NAME), after.row(NAME)) == (V1, (V1,))
    assert after == replace(enabled(V1), removed_ids=frozenset({"v2"}))


def test_the_ids_of_what_was_deleted_for_good_are_kept() -> None:
    marker = DeleteMarker(version_id="m")
    after = enabled(marker, V1).delete_version(NAME, "m").delete_version(NAME, "v1")
    assert after.removed_ids == frozenset({"m", "v1"})


def test_an_id_that_was_not_there_or_may_be_there_still_is_not_kept() -> None:
    for before in (enabled(V1), enabled(UNDER_KMS, V1), never(NULL)):
        assert not before.delete_version(NAME, "v9").removed_ids
        assert not before.obscure_version(NAME, "v1").removed_ids
    assert not never(NULL).delete_version(NAME, NULL_VERSION).removed_ids


def test_the_deletion_of_a_marker_brings_the_object_back() -> None:
    marker = DeleteMarker(version_id="m")
    after = enabled(marker, V1).delete_version(NAME, "m")
    assert after.object(NAME) == V1


def test_the_deletion_of_an_older_version_leaves_the_current_one() -> None:
    after = enabled(V2, V1).delete_version(NAME, "v1")
    assert after.row(NAME) == (V2,)
    assert after.version(NAME, "v1") is Presence.ABSENT


def test_the_deletion_of_the_last_version_leaves_nothing() -> None:
    assert never(NULL).delete_version(NAME, NULL_VERSION).object(NAME) is Presence.ABSENT
    under_marker = enabled(V1, MARKER).delete_version(NAME, "v1")
    assert under_marker.object(NAME) is Presence.ABSENT


def test_the_deletion_of_a_version_that_is_not_there_changes_nothing() -> None:
    before = enabled(V2, V1)
    assert before.delete_version(NAME, "v3") is before
    assert never().delete_version(NAME, "v1").row(NAME) == ()


def test_the_deletion_of_an_id_that_is_not_known_may_be_that_of_a_version_without_one() -> None:
    assert enabled(UNDER_KMS, V1).delete_version(NAME, "v9").row(NAME) == (UNKNOWN, V1)


@pytest.mark.parametrize(
    ("before", "row"),
    [
        (never(NULL), (UNKNOWN,)),
        (enabled(V2, V1), (UNKNOWN, V2, V1)),
        (suspended(V2, NULL, V1), (UNKNOWN, V2, UNKNOWN, V1)),
        (suspended(NULL, V1), (UNKNOWN, V1)),
        (unsure(NULL), (UNKNOWN,)),
        (enabled(UNKNOWN, V1), (UNKNOWN, V1)),
    ],
)
def test_after_a_write_that_was_done_or_not(before: Bucket, row: tuple[StoredVersion, ...]) -> None:
    after = before.obscure(NAME)
    assert (after.object(NAME), after.row(NAME)) == (UNKNOWN, row)


def test_after_the_deletion_of_a_version_that_was_done_or_not() -> None:
    assert enabled(V2, V1).obscure_version(NAME, "v1").row(NAME) == (V2, UNKNOWN)
    assert enabled(V2, V1).obscure_version(NAME, "v2").object(NAME) is UNKNOWN
    assert enabled(V2, V1).obscure_version(NAME, "v3").row(NAME) == (V2, V1)


def test_a_version_that_is_not_known_of_is_unknown_where_some_are() -> None:
    assert enabled(V2, UNKNOWN).version(NAME, "v1") is UNKNOWN
    assert enabled(V2, MARKER).version(NAME, "v1") is UNKNOWN
    assert enabled(V2).version(NAME, "v1") is Presence.ABSENT
    assert bucket(None, V2, complete=False).version(NAME, "v1") is UNKNOWN
    assert bucket(None, complete=False).version(NAME, "v1") is UNKNOWN


def test_facts_about_the_current_version_leave_the_others() -> None:
    changed = replace(V2, etag="e")
    assert enabled(V2, V1).with_object(NAME, changed).row(NAME) == (changed, V1)
    assert enabled(V2, V1).with_version(NAME, "v2", changed).row(NAME) == (changed, V1)
    assert enabled(V2).with_object(NAME, changed).row(NAME) == (changed,)


def test_facts_about_an_older_version_leave_the_current_one() -> None:
    changed = replace(V1, etag="e")
    after = enabled(V2, V1).with_version(NAME, "v1", changed)
    assert (after.object(NAME), after.row(NAME)) == (V2, (V2, changed))


def test_what_turns_out_to_be_current_has_nothing_above_it() -> None:
    assert enabled(UNKNOWN, V2, V1).with_object(NAME, V2).row(NAME) == (V2, V1)


def test_under_what_turns_out_to_be_current_more_may_lie() -> None:
    assert enabled(UNKNOWN, V1).with_object(NAME, V2).row(NAME) == (V2, UNKNOWN, V1)
    assert enabled(UNKNOWN).with_object(NAME, UNKNOWN).row(NAME) == (UNKNOWN,)
    found = bucket(None, complete=False).with_object(NAME, V2)
    assert found.row(NAME) == (V2, UNKNOWN)
    assert never(UNKNOWN).with_object(NAME, NULL).row(NAME) == (NULL,)


def test_an_object_that_turns_out_to_be_gone_keeps_its_older_versions() -> None:
    after = enabled(UNKNOWN, V1).with_object(NAME, Presence.ABSENT)
    assert (after.object(NAME), after.row(NAME)) == (Presence.ABSENT, (UNKNOWN, V1))


def test_a_version_that_turns_up_lies_among_those_that_are_not_known() -> None:
    after = enabled(V2, UNKNOWN).with_version(NAME, "v1", V1)
    assert after.row(NAME) == (V2, UNKNOWN, V1, UNKNOWN)
    assert enabled(V2).with_version(NAME, "v1", V1).row(NAME) == (V2,)


def noted(before: Bucket, **by_id: str) -> Bucket:
    """Return the bucket with clauses noted for versions; ``current`` is the current one."""
    names = {(NAME, None if name == "current" else name): (c,) for name, c in by_id.items()}
    return replace(before, suspects={("other", None): ("other/clause",), **names})


def test_what_is_suspected_of_the_current_version_is_so_by_its_id_too() -> None:
    before = noted(enabled(V2, V1), current="a/b", v2="c/d", v1="e/f")
    assert before.suspected(NAME, None) == ("a/b", "c/d")
    assert before.suspected(NAME, "v2") == ("a/b", "c/d")
    assert before.suspected(NAME, "v1") == ("e/f",)
    assert before.unsuspected(NAME, "v2").suspects.keys() == {("other", None), (NAME, "v1")}
    assert before.unsuspected(NAME, "v1").suspected(NAME, None) == ("a/b", "c/d")


def test_a_version_that_is_overwritten_is_suspected_by_its_id() -> None:
    after = noted(enabled(V2, V1), current="a/b", v2="c/d", v1="e/f").store(NAME, PLAIN)
    assert after.suspected(NAME, None) == ()
    assert after.suspected(NAME, "v2") == ("a/b", "c/d")
    assert after.suspected(NAME, "v1") == ("e/f",)
    assert after.suspected("other", None) == ("other/clause",)


def test_a_null_version_that_is_replaced_is_suspected_of_nothing() -> None:
    after = noted(suspended(NULL, V1), current="a/b", null="c/d", v1="e/f").store(NAME, PLAIN)
    assert after.suspected(NAME, None) == ()
    assert after.suspected(NAME, "v1") == ("e/f",)


def test_a_removed_version_is_suspected_of_nothing() -> None:
    before = noted(enabled(V2, V1), current="a/b", v1="e/f")
    assert before.delete_version(NAME, "v2").suspected(NAME, None) == ("e/f",)
    assert before.delete_version(NAME, "v1").suspected(NAME, None) == ("a/b",)
    assert before.delete_version(NAME, "v1").suspected(NAME, "v1") == ()


def test_an_upload_is_there_from_when_it_was_put_in_place() -> None:
    upload = MultipartUpload(object_key=NAME, version=PLAIN)
    assert never().upload("u") is Presence.ABSENT
    assert bucket(None, complete=False).upload("u") is UNKNOWN
    assert never().with_upload("u", upload).upload("u") == upload
