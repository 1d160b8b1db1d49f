"""How the text of a customer key is read."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.sse import decode_customer_key, is_canonical_base64, md5_base64, md5_hex
from model.tests.properties import REPEATABLE


@pytest.mark.example
@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", b""),
        ("a", b""),
        ("ZZ", b""),
        ("####", b""),
        ("QUJD", b"ABC"),
        ("QU JD", b"ABC"),
        ("\tQ-U_J,D\n", b"ABC"),
        ("QUJDR", b"ABC"),
        ("QUI=", b"AB"),
        ("QQ==", b"A"),
        ("QUI==", b"AB"),
        ("QUJDQQ==QUJD", b"ABCA"),
        ("QUJD====", b"ABC"),
        ("A===", b""),
        ("QUJDA===", b"ABC"),
        ("=", b""),
    ],
)
def test_a_customer_key_is_read_leniently(text: str, data: bytes) -> None:
    assert decode_customer_key(text) == data


@pytest.mark.property
@REPEATABLE
@given(st.text())
def test_any_text_can_be_read_as_a_customer_key(text: str) -> None:
    decode_customer_key(text)


@pytest.mark.property
@REPEATABLE
@given(st.binary(max_size=64))
def test_what_an_encoder_wrote_is_read_back(data: bytes) -> None:
    text = base64.b64encode(data).decode()
    assert decode_customer_key(text) == data
    assert is_canonical_base64(text)


@pytest.mark.example
@pytest.mark.parametrize("text", ["QUJD ", "QUJ", "QUJ_", "QR==", "é"])
def test_what_no_encoder_writes_is_not_canonical(text: str) -> None:
    assert not is_canonical_base64(text)


@pytest.mark.example
def test_digests_are_written_as_s3_does() -> None:
    assert md5_hex(b"") == "d41d8cd98f00b204e9800998ecf8427e"
    assert md5_base64(b"") == "1B2M2Y8AsgTpgAmY7PhCfg=="
