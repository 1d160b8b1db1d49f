"""The checksums of known data, and which of them an upload and a copy keep."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from model.answer import ETAG
from model.checksums import (
    ALGORITHMS,
    BY_NAME,
    CHECKSUM_TYPE,
    Algorithm,
    checksum_of,
    is_checksum,
)
from model.clauses.tests.notation import (
    BUCKET,
    EMPTY,
    OBJECT,
    after,
    copy,
    create,
    customer,
    put,
)
from model.clauses.tests.words_forms import checksum
from model.messages import HttpResponse
from model.stored import ObjectVersion

if TYPE_CHECKING:
    from model.operation import Operation

pytestmark = pytest.mark.example

CHECK = b"123456789"
SHA1 = BY_NAME["SHA1"].header
CRC64NVME = BY_NAME["CRC64NVME"].header


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CRC32", "cbf43926"),
        ("CRC32C", "e3069283"),
        ("CRC64NVME", "ae8b14860a799888"),
        ("SHA1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
    ],
)
def test_the_check_value_of_each_algorithm_is_right(name: str, expected: str) -> None:
    assert base64.b64decode(checksum(name, CHECK)).hex() == expected


@pytest.mark.parametrize("algorithm", ALGORITHMS, ids=[a.name for a in ALGORITHMS])
def test_long_data_are_left_to_algorithms_that_python_has(algorithm: Algorithm) -> None:
    assert (checksum_of(bytes(65_537), algorithm) is None) is not algorithm.is_native


def test_a_checksum_is_base64_of_so_many_bytes() -> None:
    assert is_checksum(checksum("CRC32"), BY_NAME["CRC32"])
    assert not is_checksum(checksum("CRC32"), BY_NAME["SHA1"])
    assert not is_checksum("???", BY_NAME["CRC32"])
    assert is_checksum("y/Q5Jg==", BY_NAME["CRC32"])
    assert not is_checksum("y/Q5Jh==", BY_NAME["CRC32"])


def kept(*requests: Operation) -> object:
    world = after(create(), *requests)
    version = world.object(BUCKET, "copy") if len(requests) > 1 else world.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    return version.checksums


def test_the_one_that_was_sent_is_kept_or_else_crc64nvme() -> None:
    assert kept(put(checksum_sha1=checksum("SHA1"))) == {SHA1: checksum("SHA1")}
    assert kept(put(**customer())) == {CRC64NVME: checksum("CRC64NVME")}


def test_of_several_or_of_malformed_ones_it_is_not_known_what_is_kept() -> None:
    assert kept(put(checksum_sha1=checksum("SHA1"), checksum_crc32=checksum("CRC32"))) is None
    assert kept(put(checksum_sha1="???")) is None
    assert kept(put(checksum_algorithm="SHA1")) is None


def test_a_copy_keeps_the_kind_or_has_the_one_asked_for() -> None:
    sent = put(checksum_sha1=checksum("SHA1"))
    assert kept(sent, copy(sse="aws:kms")) == {SHA1: checksum("SHA1")}
    assert kept(sent, copy(checksum_algorithm="CRC64NVME")) == {CRC64NVME: checksum("CRC64NVME")}
    assert kept(sent, copy(checksum_algorithm="MD5")) is None
    assert kept(put(checksum_algorithm="SHA1"), copy()) is None


def test_the_checksums_of_a_copy_stand_in_its_document() -> None:
    shown = {ETAG: "e", SHA1: checksum("SHA1"), CHECKSUM_TYPE: "FULL_OBJECT"}
    document = copy().write_answer(shown, EMPTY)
    assert b"<ChecksumSHA1>" in document
    assert copy().read_answer(HttpResponse(200, body=document)) == shown
