"""The HTML report: nothing injected, nothing loaded, nothing green that should not be."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from reports import html_report
from reports.record import ClauseCounts, RunRecord, SourceRecord, Summary
from reports.tests.examples import record
from reports.tests.hostile import HOSTILE, hostile_record

if TYPE_CHECKING:
    from pathlib import Path

    Attributes = list[tuple[str, str | None]]

LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping"}
VOID = {"meta", "input", "br", "link", "img", "hr"}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "script", "header", "main", "footer"),
    *("nav", "section", "article", "aside", "div", "span", "p", "a", "h1", "h2", "h3", "h4"),
    *("dl", "dt", "dd", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("code", "pre", "strong", "small", "i", "time", "blockquote", "details", "summary"),
    *("button", "input", "label", "fieldset", "legend"),
}


class Page(HTMLParser):
    """What stands in a page: elements with attributes, texts, and whether they nest."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.comments: list[str] = []
        self.misnested: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that the innermost element ends."""
        if not self.open or self.open.pop() != tag:
            self.misnested.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        """Keep a comment."""
        self.comments.append(data)

    @property
    def text(self) -> str:
        """All text of the page."""
        return "".join(self.texts)

    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return the elements with the names of their attributes."""
        return [(tag, tuple(attributes)) for tag, attributes in self.elements]


def page(made: RunRecord) -> Page:
    return Page(html_report.render(made, "s3sse-results/x"))


def summary_of(**changes: object) -> RunRecord:
    old = record()
    return old.model_copy(update={"summary": old.summary.model_copy(update=changes)})


@pytest.fixture(params=["friendly", "hostile"])
def shown(request: pytest.FixtureRequest) -> Page:
    return page(record() if request.param == "friendly" else hostile_record())


def test_the_page_is_well_formed(shown: Page) -> None:
    assert shown.misnested == []
    assert shown.open == []
    assert {tag for tag, _ in shown.elements} <= TAGS
    assert shown.comments == []


def test_hostile_strings_change_no_element_and_no_attribute() -> None:
    harmless = re.sub("[^a-z]", "", HOSTILE)
    assert page(hostile_record()).shape() == page(hostile_record(harmless)).shape()


def test_there_is_one_script_and_it_is_ours(shown: Page) -> None:
    scripts = [attributes for tag, attributes in shown.elements if tag == "script"]
    assert scripts == [{}]
    assert html_report.asset("report.js") in shown.texts


def test_nothing_is_loaded_and_no_handler_stands_in_an_attribute(shown: Page) -> None:
    for tag, attributes in shown.elements:
        assert not LOADING & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
        assert tag not in {"img", "link", "iframe", "object", "embed", "base", "form"}
        if "style" in attributes:
            assert re.fullmatch(r"flex-grow:\d+", attributes["style"] or "")
    style = html_report.asset("report.css")
    assert "url(" not in style
    assert "@import" not in style


def test_links_lead_into_the_page_or_to_http(shown: Page) -> None:
    links = [attributes["href"] or "" for tag, attributes in shown.elements if tag == "a"]
    assert links
    assert all(link.startswith(("#", "https://")) for link in links)


def test_every_link_into_the_page_has_its_place() -> None:
    made = page(record())
    places = {attributes.get("id") for _, attributes in made.elements}
    links = {attributes["href"] or "" for tag, attributes in made.elements if tag == "a"}
    assert {link[1:] for link in links if link.startswith("#")} <= places


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil", "http://["])
def test_a_source_that_is_no_web_address_is_text(url: str) -> None:
    old = record()
    source = SourceRecord(page="the page", url=url)
    clauses = tuple(one.model_copy(update={"source": source}) for one in old.clauses)
    made = page(old.model_copy(update={"clauses": clauses}))
    assert "the page" in made.text
    assert not [
        a for tag, a in made.elements if tag == "a" and not (a["href"] or "").startswith("#")
    ]


def test_the_policy_admits_only_the_script_of_the_page() -> None:
    made = page(record())
    policy = next(a["content"] for tag, a in made.elements if "http-equiv" in a)
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    script = made.texts[made.texts.index(html_report.asset("report.js"))]
    assert html_report.script_hash(script) in policy


def test_control_characters_and_reordering_become_visible() -> None:
    text = page(hostile_record()).text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ufffe]", text)
    assert "\u2400" in text
    assert "{{7*7}}" in text
    assert html_report.visible("a\ud800b\u200fc") == "a\ufffdb\ufffdc"


def banner(made: RunRecord) -> str:
    (found,) = [
        (attributes["class"] or "").removeprefix("banner ")
        for tag, attributes in page(made).elements
        if tag == "section" and (attributes.get("class") or "").startswith("banner ")
    ]
    return found


def test_the_banner_shows_the_verdict() -> None:
    assert banner(record()) == "diverges"
    assert banner(summary_of(verdict="invalid", reason="the target went away")) == "invalid"


def test_a_run_that_exercised_nothing_is_never_green() -> None:
    empty = record().model_copy(update={"divergences": (), "clauses": ()})
    for numbers in (
        Summary(verdict="conforms"),
        Summary(verdict="conforms", requests=5),
        Summary(verdict="conforms", clauses=ClauseCounts(total=5, exercised=5, passed=5)),
    ):
        made = empty.model_copy(update={"summary": numbers})
        assert banner(made) == "invalid"
        assert "Nothing was exercised" in page(made).text


def test_a_verdict_that_contradicts_its_divergences_is_not_green() -> None:
    assert banner(summary_of(verdict="conforms")) == "diverges"


def test_a_conforming_run_is_green_and_says_so() -> None:
    numbers = ClauseCounts(total=5, exercised=4, passed=4, unsupported=1)
    good = Summary(verdict="conforms", requests=9, sequences=2, clauses=numbers)
    made = record().model_copy(update={"summary": good, "divergences": (), "clauses": ()})
    assert banner(made) == "conforms"
    assert "All 4 exercised clauses held." in page(made).text


def test_what_a_reader_needs_is_on_the_page() -> None:
    made = page(record())
    for words in (
        "Ignored silently: Bucket Keys.",
        "A copy that asks for SSE-KMS is stored with SSE-S3",
        "nothing of the source is inherited",
        "s3sse replay s3sse-results/x D-02fa6d11",
        "Waived by storage team:",
        "the budget was spent first",
        "directory buckets",
        "an upload could not be aborted",
        "x-amz-server-side-encryption: aws:kms",
        "GP-CPY-03",
        "reproduced in 3 of 3 new tries",
    ):
        assert words in made.text
    heads = [attributes.get("scope") for tag, attributes in made.elements if tag == "th"]
    assert heads
    assert None not in heads


def test_divergences_stand_in_the_order_of_severity_and_waived_ones_last() -> None:
    cards = [a["id"] for tag, a in page(record()).elements if tag == "article"]
    assert cards == ["D-02fa6d11", "D-7c41e09b", "D-b83d5f20"]


def test_long_bodies_are_cut_and_the_page_says_so() -> None:
    assert html_report.shortened("x" * 5000).endswith("… 1,000 more characters")
    assert html_report.shortened("x") == "x"


def test_times_are_shown_without_fractions() -> None:
    assert html_report.moment("2026-11-23T14:02:11.41+00:00") == "2026-11-23 14:02:11 UTC"
    assert html_report.moment("2026-11-23T14:02:11+02:00") == "2026-11-23 14:02:11 +02:00"
    assert html_report.moment("today") == "today"


def test_the_file_is_written_into_the_folder(tmp_path: Path) -> None:
    path = html_report.write(record(), tmp_path)
    assert path.name == "report.html"
    assert f"s3sse replay {tmp_path} D-02fa6d11" in path.read_text(encoding="utf-8")
