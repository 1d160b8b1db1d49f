"""Documents are written as the standard library writes them."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import xml_text
from model.tests.properties import REPEATABLE

TEXTS = st.text() | st.text("<>&\"'\r\n\t;é\ud800")


@REPEATABLE
@given(
    root=st.sampled_from(("Error", "CopyObjectResult")),
    fields=st.dictionaries(st.sampled_from(("Code", "Message", "ETag")), TEXTS),
)
def test_a_document_is_that_of_the_standard_library(root: str, fields: dict[str, str]) -> None:
    element = ET.Element(root, {} if root == "Error" else {"xmlns": xml_text.NAMESPACE})
    for name, value in fields.items():
        ET.SubElement(element, name).text = value
    assert xml_text.document(root, fields) == xml_text.to_bytes(element)


@pytest.mark.parametrize(
    "data",
    [
        b"<Error><Code>NoSuchKey</Code></Error>",
        b"<?xml version='1.0' encoding='UTF-8'?>\n<Error xmlns='urn:x'/>",
        b" " * 1000 + b"<?xml version='1.0'?>" + b" \n" * 500 + b"<Error><Code>Broken",
    ],
)
def test_a_document_for_an_error_is_known_by_its_root(data: bytes) -> None:
    assert xml_text.is_error(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<Errors/>",
        b"<?xml version='1.0'?><DeleteResult><Error><Code>NoSuchVersion</Code></Error>",
        b"what an object holds: <Error>",
    ],
)
def test_another_document_is_none_for_an_error(data: bytes) -> None:
    assert not xml_text.is_error(data)
