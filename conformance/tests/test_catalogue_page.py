"""The catalogue as a page: every clause, links that lead somewhere, nothing loaded or injected."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from conformance.catalogue_page import Catalogue, html, markdown, whole_catalogue
from conformance.clause_entries import clause_entries, find_entry
from conformance.clause_examples import ToldClause, ToldExample, ToldRequest
from conformance.tests.catalogue_views import ALLOWANCE, ETAG
from conformance.tests.running import invoke
from conformance.traceability.coverage import Row, rows
from reports.html_report import asset, script_hash
from reports.tests.test_html_report import LOADING, Page

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.clause_entries import Entry

HOSTILE = '<script>alert("x")</script> `a` *b* [c](d) | e'


def row(rule: str, says: str = "An ETag is an MD5.", **changes: Any) -> Row:
    """Return a row of traceability."""
    usual: dict[str, Any] = {"confidence": "DOCUMENTED", "reason": ""}
    carriers: dict[str, Any] = {"clauses": (), "allowances": ()}
    return Row(rule=rule, says=says, **(usual | carriers | changes))


ROWS = (
    row("GP-ETAG-01", clauses=(ETAG,), allowances=(ALLOWANCE,)),
    row("GP-XXX-01", confidence="UNKNOWN", reason="cannot be seen | from outside"),
)


def hostile_catalogue() -> Catalogue:
    told = ToldExample(
        sentence=HOSTILE,
        test=HOSTILE,
        start=(HOSTILE,),
        request=ToldRequest(operation="GetObject", parameters={"Key": HOSTILE}),
        demands=(HOSTILE,),
    )
    entry = replace(
        find_entry(ETAG),
        sentence=HOSTILE,
        reason=HOSTILE,
        section=HOSTILE,
        url="javascript:alert(1)",
        buckets=(HOSTILE, "directory bucket"),
        examples=ToldClause(fires=told, silent=told),
    )
    return Catalogue(clauses=(entry,), allowances=(), traceability=(row("x", HOSTILE),))


def in_order(catalogue: Catalogue) -> list[Entry]:
    return [*(e for group in catalogue.topics.values() for e in group), *catalogue.allowances]


@pytest.fixture(scope="module")
def shown() -> Page:
    return Page(html(whole_catalogue(ROWS)))


def test_the_html_page_is_well_formed_and_loads_nothing(shown: Page) -> None:
    assert (shown.misnested, shown.open, shown.comments) == ([], [], [])
    for tag, attributes in shown.elements:
        assert not LOADING & set(attributes)
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert tag not in {"img", "link", "iframe", "object", "embed", "base", "form"}
    style = asset("catalogue.css")
    assert "url(" not in style
    assert "@import" not in style


def test_the_only_script_is_ours_and_the_policy_admits_no_other(shown: Page) -> None:
    script = asset("catalogue.js")
    assert [tag for tag, _ in shown.elements].count("script") == 1
    assert script in shown.texts
    (policy,) = [
        attributes["content"]
        for tag, attributes in shown.elements
        if tag == "meta" and "http-equiv" in attributes
    ]
    assert policy is not None
    assert "default-src 'none'" in policy
    assert f"script-src '{script_hash(script)}'" in policy


def test_each_clause_and_each_allowance_has_its_place_in_the_html_page(shown: Page) -> None:
    articles = {a["id"]: a for tag, a in shown.elements if tag == "article"}
    catalogue = whole_catalogue()
    assert list(articles) == [entry.id for entry in in_order(catalogue)]
    assert articles[ETAG]["data-profile"] == "sse-s3"
    assert articles[ETAG]["data-level"] == "DOCUMENTED"
    assert articles[ALLOWANCE]["data-level"] == "ALLOWANCE"
    for entry in in_order(catalogue):
        assert entry.sentence in shown.text
    assert shown.text.count("It is silent:") == len(articles)


def test_links_of_the_html_page_lead_into_it_or_to_aws(shown: Page) -> None:
    places = [attributes["id"] for _, attributes in shown.elements if "id" in attributes]
    assert len(places) == len(set(places))
    links = [attributes["href"] or "" for tag, attributes in shown.elements if tag == "a"]
    assert len(links) > 2 * len(clause_entries())
    for link in links:
        inside = link.startswith("#") and unquote(link[1:]) in places
        assert inside or link.startswith("https://docs.aws.amazon.com/"), link


def test_the_html_page_can_be_limited_to_each_profile_and_level(shown: Page) -> None:
    values = {a["value"] for tag, a in shown.elements if tag == "option"}
    catalogue = whole_catalogue()
    assert {*catalogue.profiles, *catalogue.levels, "ALLOWANCE", ""} <= values
    names = [a["name"] for tag, a in shown.elements if tag == "select"]
    assert names[:2] == ["profile", "level"]
    # All inputs wait for the script: without it the page shows everything.
    (controls,) = [a for _, a in shown.elements if a.get("id") == "controls"]
    assert "hidden" in controls


def test_kinds_of_bucket_can_be_chosen_where_there_are_several() -> None:
    page = Page(html(hostile_catalogue()))
    assert "buckets" in [a["name"] for tag, a in page.elements if tag == "select"]
    one = replace(find_entry(ETAG), buckets=("directory bucket",))
    page = Page(html(Catalogue(clauses=(one,), allowances=())))
    assert "buckets" not in [a["name"] for tag, a in page.elements if tag == "select"]


def test_hostile_text_stays_text_in_html() -> None:
    page = Page(html(hostile_catalogue()))
    assert [page.misnested, page.open] == [[], []]
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert page.text.count(HOSTILE) >= 8
    assert not [a for _, a in page.elements if "javascript" in (a.get("href") or "")]


def test_traceability_is_shown_where_there_is_any(shown: Page) -> None:
    for text in ("GP-XXX-01", "UNKNOWN", "cannot be seen | from outside"):
        assert text in shown.text
    assert "traceability" in shown.text
    assert "traceability" not in Page(html(whole_catalogue())).text
    table = markdown(whole_catalogue(ROWS)).partition("\n## traceability\n")[2]
    assert f"| GP-ETAG-01 | DOCUMENTED | An ETag is an MD5. | [{ETAG}](#{ETAG}) |" in table
    assert r"| GP-XXX-01 | UNKNOWN | An ETag is an MD5. |  |  | cannot be seen \| from" in table
    assert "traceability" not in markdown(whole_catalogue())


def test_the_command_writes_the_html_page(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "clauses.html"
    done = invoke("clauses", "--html", path)
    assert (done.status, done.out) == (0, f"{path}\n")
    assert path.read_text(encoding="utf-8") == html(whole_catalogue(rows()))


def test_the_markdown_page_has_each_clause_with_an_anchor_and_two_examples() -> None:
    catalogue = whole_catalogue()
    sections = markdown(catalogue).split("\n### ")[1:]
    entries = in_order(catalogue)
    assert len(sections) == len(entries)
    for entry, section in zip(entries, sections, strict=True):
        assert section.startswith(f'<a id="{entry.id}"></a>{entry.id}\n')
        examples = [line for line in section.splitlines() if line.startswith("- ")]
        assert len(examples) == 2
        assert "says nothing here" in examples[1]
        assert f"rules {', '.join(entry.rules)}" in section
        if entry.url:
            assert f"]({entry.url}), read {entry.read}" in section


def test_links_of_the_markdown_page_lead_into_it_or_to_aws() -> None:
    text = markdown(whole_catalogue(ROWS))
    places = {*re.findall(r'<a id="([^"]+)">', text), *re.findall(r"(?m)^## (\S+)$", text)}
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) > len(places) / 2
    for link in links:
        assert link.startswith("https://docs.aws.amazon.com/") or link[1:] in places, link


def test_markup_in_a_sentence_is_text_in_markdown() -> None:
    text = markdown(hostile_catalogue())
    assert r"\<script\>alert(" in text
    assert r"\`a\` \*b\* \[c\](d) \| e" in text
    (example, _) = [line for line in text.splitlines() if line.startswith("- ")]
    assert re.search(r"`` GetObject\(Key=.*`a`.*\) ``: \*\*", example)


def test_the_order_of_the_clauses_does_not_change_the_page() -> None:
    usual = whole_catalogue()
    turned = replace(usual, clauses=usual.clauses[::-1])
    assert markdown(turned) == markdown(usual)
    assert html(turned) == html(usual)


def test_the_pages_show_an_era_and_kinds_of_bucket() -> None:
    (entry,) = hostile_catalogue().clauses
    dated = replace(entry, since=date(2026, 4, 6), buckets=("directory bucket",))
    catalogue = Catalogue(clauses=(dated,), allowances=())
    assert "· since 2026-04-06 · directory bucket ·" in markdown(catalogue)
    assert "since 2026-04-06" in Page(html(catalogue)).text
