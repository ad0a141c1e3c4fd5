"""The page as text: it stands alone, nothing in it can act, and it is small. test_page_browser.py looks at it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from benchmarks.grades import KINDS
from tests.reporting.grades import a_run, failed, figures_for, missed, row
from tests.reporting.pages import a_page, hostile_figures
from verifier.reporting.charts import charts_of
from verifier.reporting.figures import MOST_SHOWN


class _Elements(HTMLParser):
    """Elements with their attributes, and the texts of those that hold scripts."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take one element."""
        self.elements.append((tag, dict(attrs)))


def test_the_page_asks_nobody_for_anything() -> None:
    """No element names another place, and the policy forbids every request."""
    elements = _Elements(a_page(a_run("hacking"))).elements
    assert [attributes for _, attributes in elements if {"src", "action", "srcset"} & set(attributes)] == []
    assert all(str(attributes["href"]).startswith("#") for _, attributes in elements if "href" in attributes)
    assert {tag for tag, _ in elements} & {"link", "img", "iframe", "object", "embed", "base", "form"} == set()
    (policy,) = (element["content"] for _, element in elements if "Content-Security-Policy" in element.values())
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_leads_to_a_place_of_the_page(kind: str) -> None:
    """Findings point at the section that shows them."""
    elements = _Elements(a_page(a_run(kind))).elements
    places = {attributes.get("id") for _, attributes in elements}
    links = [str(attributes["href"])[1:] for _, attributes in elements if "href" in attributes]
    assert links
    assert set(links) <= places


def test_what_comes_from_outside_is_text() -> None:
    """Ids, suites, components and messages that would be elements appear as text, and make no element."""
    elements = _Elements(a_page(hostile_figures())).elements
    plain = _Elements(a_page(figures_for([row(), failed(), missed()]))).elements
    assert {tag for tag, _ in elements} == {tag for tag, _ in plain} | {"p"}
    assert [attributes for _, attributes in elements if any(name.startswith("on") for name in attributes)] == []
    assert sum(tag == "script" for tag, _ in elements) == 3


def test_without_its_escapes_the_page_would_be_broken_into() -> None:
    """The same texts, put in as they are, make elements: what the test above looks for can be seen."""
    page = a_page(hostile_figures()).replace(r"\u003c", "<").replace(r"\u003e", ">")
    elements = _Elements(page).elements
    assert sum(tag == "script" for tag, _ in elements) > 3
    assert any("onerror" in attributes for _, attributes in elements)


def test_half_a_surrogate_pair_is_no_obstacle() -> None:
    """It has no UTF-8."""
    page = a_page(figures_for([row(id="\ud800", suite="\udfff", anomalies=["files"]), failed()]))
    assert page.encode("utf-8", "replace")


def test_the_page_of_many_suites_is_small() -> None:
    """Those with the most answers are shown, and it says of how many."""
    grades = [row(suite=f"suite-{number:05}", id=f"{number}/{k}") for number in range(3000) for k in range(2)]
    page = a_page(figures_for(grades))
    assert f"The {MOST_SHOWN} of 3,000 suites" in page
    assert len(page.encode()) < 2_000_000


def test_one_grade_makes_a_page() -> None:
    """Charts that there is nothing to draw for are left out, and it says why."""
    figures = figures_for([row()])
    assert {"groups", "correlations"}.isdisjoint(charts_of(figures))
    page = a_page(figures)
    assert "No two answers are of one group" in page
    assert "None of the accepted answers stands out" in page


@pytest.mark.parametrize(("kind", "word"), [("healthy", "Nothing asks for a look"), ("hacking", "rises while")])
def test_the_page_begins_with_what_to_look_at(kind: str, word: str) -> None:
    """Findings in words come before any chart."""
    page = a_page(a_run(kind))
    assert 0 < page.index("What to look at") < page.index(word) < page.index('class="charts"')


def test_tables_can_be_sorted_and_say_what_they_are() -> None:
    """Every column's head is a button, every table has a caption."""
    page = a_page(a_run("hacking"))
    tables = re.findall(r"<table>.*?</table>", page.partition("<script")[0], flags=re.DOTALL)
    assert len(tables) == 6
    for table in tables:
        assert table.startswith("<table><caption>")
        heads = re.findall(r"<th .*?</th>", table)
        assert heads
        assert all('scope="col"' in head and "<button type" in head for head in heads)


def test_a_verdict_has_one_colour_everywhere() -> None:
    """The mix and the lines use the same names, and the style has one for each."""
    page = a_page(a_run("collapsing"))
    used = set(re.findall(r"var\(--([\w-]+)\)", page))
    assert {"no_code", "accepted", "wrong_answer"} <= used
    assert {name for name in used if f"--{name}:" not in page} == set()
