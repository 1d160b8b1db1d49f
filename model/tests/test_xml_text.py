"""Documents are written as the standard library writes them."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from model import xml_text

TEXTS = st.text() | st.text("<>&\"'\r\n\t;é\ud800")


@given(
    root=st.sampled_from(("Error", "CopyObjectResult")),
    fields=st.dictionaries(st.sampled_from(("Code", "Message", "ETag")), TEXTS),
)
def test_a_document_is_that_of_the_standard_library(root: str, fields: dict[str, str]) -> None:
    element = ET.Element(root, {} if root == "Error" else {"xmlns": xml_text.NAMESPACE})
    for name, value in fields.items():
        ET.SubElement(element, name).text = value
    assert xml_text.document(root, fields) == xml_text.to_bytes(element)
