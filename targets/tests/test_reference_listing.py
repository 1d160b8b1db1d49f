"""What the reference adds to the model's answers follows from the requests, and changes none."""

from __future__ import annotations

import re

import pytest

from model import xml_text
from model.messages import HttpRequest, HttpResponse
from targets.reference import Reference, make_reference
from targets.reference_listing import complete

LIST = HttpRequest("GET", bucket="b")
WHOLE = HttpRequest("GET", bucket="b", query=(("list-type", "2"),))
REQUESTS = (
    HttpRequest("PUT", bucket="b"),
    HttpRequest("PUT", bucket="b", path="/k", headers=(("content-type", "a/b"),), body=b"12345"),
    HttpRequest("PUT", bucket="b", path="/other", body=b""),
    HttpRequest("GET", bucket="b", path="/k"),
    HttpRequest("HEAD", bucket="b", path="/k"),
    HttpRequest("HEAD", bucket="none"),
    HttpRequest("GET", bucket="b", path="/none"),
    HttpRequest("DELETE", bucket="b"),
    HttpRequest("GET"),
    LIST,
    WHOLE,
    HttpRequest("GET", bucket="b", query=(("acl", ""),)),
)


def ask(reference: Reference) -> list[HttpResponse]:
    return [reference.handle(request, secure=True) for request in REQUESTS]


def test_two_references_that_are_asked_the_same_answer_the_same() -> None:
    first, second = make_reference(), make_reference()
    assert ask(first) == ask(second)
    assert ask(first) == ask(second)


def test_every_answer_has_an_id_of_its_own() -> None:
    answers = ask(make_reference())
    assert len({answer.header("x-amz-request-id") for answer in answers}) == len(answers)


def test_an_answer_to_head_has_no_body() -> None:
    for request, answer in zip(REQUESTS, ask(make_reference()), strict=True):
        assert not (answer.body and request.method == "HEAD")


@pytest.mark.parametrize("encoding", [(), (("encoding-type", "url"),)])
def test_a_list_of_the_model_keeps_what_it_says_and_gets_what_it_lacks(
    encoding: tuple[tuple[str, str], ...],
) -> None:
    reference = make_reference()
    ask(reference)
    http = HttpRequest("GET", bucket="b", query=(("list-type", "2"), *encoding))
    said = (
        b"<ListBucketResult><Contents><Key>k</Key><ETag>wrong</ETag></Contents>"
        b"<Contents><Key>strange</Key></Contents></ListBucketResult>"
    )
    filled = complete(said, http, reference.world, reference.shelf, as_it_is=False)
    root = xml_text.read(filled)
    known, strange = root.findall("Contents")
    assert (known.findtext("ETag"), known.findtext("Size")) == ("wrong", "5")
    assert re.fullmatch(r"[0-9-]{10}T[0-9:]{8}\.000Z", known.findtext("LastModified") or "")
    assert [child.tag for child in strange] == ["Key"]
    assert (root.findtext("Name"), root.findtext("IsTruncated")) == ("b", "false")
    whole = complete(said, http, reference.world, reference.shelf, as_it_is=True)
    assert [one.findtext("Key") for one in xml_text.read(whole).findall("Contents")] == [
        "k",
        "other",
    ]


@pytest.mark.parametrize(
    "http",
    [
        HttpRequest("GET", bucket="b", query=(("encryption", ""),)),
        HttpRequest("GET", bucket="b", path="/k"),
        HttpRequest("GET", bucket="none"),
        HttpRequest("POST", service="kms"),
    ],
)
def test_what_is_no_list_stays_as_it_is(http: HttpRequest) -> None:
    reference = make_reference()
    ask(reference)
    for as_it_is in (True, False):
        said = b"<Any/>"
        found = complete(said, http, reference.world, reference.shelf, as_it_is=as_it_is)
        assert found == said
