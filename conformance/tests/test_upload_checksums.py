"""Uploads in parts are drawn with checksums, right ones and wrong ones."""

from __future__ import annotations

import pytest

from conformance.phases.sequences import sequences
from conformance.tests.phase_playing import Played, play_phase
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.upload_part import UploadPart


@pytest.fixture(scope="module")
def played() -> Played:
    return play_phase(sequences, requests=4000)


def test_right_servers_are_not_blamed(played: Played) -> None:
    assert played.findings == []


def test_uploads_are_begun_with_an_algorithm_and_without(played: Played) -> None:
    begun = {
        request.checksum_algorithm
        for one in played.sequences
        for request in one
        if isinstance(request, CreateMultipartUpload)
    }
    assert begun >= {None, "CRC32", "SHA256"}


def test_parts_are_sent_with_right_and_with_wrong_checksums(played: Played) -> None:
    sent = {
        all(request.is_right(name) for name in request.checksums)
        for one in played.sequences
        for request in one
        if isinstance(request, UploadPart) and request.checksums
    }
    assert sent == {True, False}


def test_completions_list_checksums_and_leave_them_out(played: Played) -> None:
    listed = {
        part.has_checksum
        for one in played.sequences
        for request in one
        if isinstance(request, CompleteMultipartUpload)
        for part in request.parts or ()
    }
    assert listed == {True, False}
