"""XML: the little reader, and the configuration document."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import xml_text
from model.encryption_document import (
    ROOT,
    Configuration,
    RuleText,
    read_configuration,
    write_configuration,
)
from model.tests.properties import REPEATABLE

BOMB = b"""<!DOCTYPE a [<!ENTITY b "bbbb">]><Error><Code>&b;</Code></Error>"""


@pytest.mark.example
@pytest.mark.parametrize(
    "data", [BOMB, b"<!ENTITY b 'b'><a/>", b"<a>", b"", b"\xff\xfe", b'<?xml encoding="nope"?><a/>']
)
def test_a_document_that_cannot_be_trusted_or_read_is_not_read(data: bytes) -> None:
    with pytest.raises(xml_text.UnreadableXmlError):
        xml_text.read(data)
    assert xml_text.read_fields(data) == {}
    assert read_configuration(data) is None


@pytest.mark.example
def test_an_unknown_encoding_is_unreadable() -> None:
    data = b'<?xml version="1.0" encoding="no-such-encoding"?><a/>'
    assert xml_text.read_fields(data) == {}


@pytest.mark.example
def test_fields_are_read_without_their_name_space() -> None:
    data = b'<Error xmlns="urn:x"><Code>NoSuchKey</Code><Message/></Error>'
    assert xml_text.read_fields(data) == {"Code": "NoSuchKey", "Message": ""}


@pytest.mark.example
def test_an_error_document_has_no_name_space() -> None:
    assert b"xmlns" not in xml_text.document("Error", {"Code": "NoSuchKey"})
    copied = xml_text.document("CopyObjectResult", {"ETag": '"e"'})
    assert xml_text.NAMESPACE.encode() in copied
    assert xml_text.read_fields(copied) == {"ETag": '"e"'}


@pytest.mark.example
def test_another_root_is_no_configuration() -> None:
    assert read_configuration(b"<Rule/>") is None


@pytest.mark.example
def test_unknown_elements_are_strange() -> None:
    root = ROOT.encode()
    data = b"<%s><Rule><Odd/></Rule></%s>" % (root, root)
    assert read_configuration(data) == Configuration((RuleText(has_default=False),), strange=True)


TEXT = st.none() | st.text("abc:/-", max_size=6)
BLOCKED = st.none() | st.lists(st.text("abc", max_size=3)).map(tuple)
RULES = st.builds(RuleText, TEXT, TEXT, TEXT, BLOCKED, st.just(True))  # noqa: FBT003


@pytest.mark.property
@REPEATABLE
@given(st.lists(RULES, max_size=3))
def test_what_was_written_is_read_back(rules: list[RuleText]) -> None:
    assert read_configuration(write_configuration(rules)) == Configuration(tuple(rules))


@pytest.mark.example
def test_a_rule_without_a_default_is_read_back() -> None:
    rule = RuleText(bucket_key_enabled="true", blocked=("NONE",), has_default=False)
    assert read_configuration(write_configuration([rule])) == Configuration((rule,))
