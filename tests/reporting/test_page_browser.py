"""The page in a real browser: at two widths, light and dark, and with what must be seen when it is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reporting.browser import Browser
from tests.reporting.grades import a_run, failed, figures_for, row
from tests.reporting.pages import a_page, hostile_figures
from verifier.reporting.figures import Figures

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE, DESK = 390, 1440
CHARTS = [
    "rewards", "mean_reward", "pass_rate", "verdicts", "components", "correlations", "groups", "judging", "difficulty",
    "slowest",
]  # fmt: skip

Write = Callable[[Figures | str], Path]


@pytest.fixture(scope="module")
def write(tmp_path_factory: pytest.TempPathFactory) -> Write:
    """Give a function that writes the page of figures, or a text, to a file."""
    folder = tmp_path_factory.mktemp("pages")

    def write(page: Figures | str) -> Path:
        path = folder / f"{len(list(folder.iterdir()))}.html"
        path.write_text(page if isinstance(page, str) else a_page(page), "utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def collapsing(write: Write) -> Path:
    """Write the page that has something in every chart."""
    return write(a_run("collapsing"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nothing_is_wrong_with_how_the_page_looks(browser: Browser, collapsing: Path, width: int, theme: str) -> None:
    """No word on the console, nothing too wide, blank, clipped or in the way of something else."""
    browser.open(collapsing, width, theme)
    look = browser.look()
    assert look.problems == []
    assert look.charts == CHARTS
    background = look.picture.getpixel((2, 2))
    assert isinstance(background, tuple)
    assert (sum(background) > 600) == (theme == "light")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_page_of_few_grades_looks_right(browser: Browser, write: Write, width: int) -> None:
    """Three answers, in the order of the file."""
    few = [row(id=1), failed(id=2), failed(id=1, seconds=0.5, credit=0.5)]
    browser.open(write(figures_for(few)), width, "light")
    problems = browser.look().problems
    # What is zero, or one dot, has too few pixels to tell from nothing.
    assert [problem for problem in problems if "is blank" not in problem] == []


PLANTED = {
    "mean_reward and chart-pass_rate overlap": "document.getElementById('chart-pass_rate').style.marginLeft = '-99px'",
    "pass_rate: there is no drawing": "document.querySelector('[data-chart=pass_rate] svg').remove()",
    "pixels wide in a window of": "document.getElementById('chart-rewards').style.width = '1600px'",
    "rewards: is clipped by its frame": "document.querySelector('[data-chart=rewards]').style.width = '400px'",
    "verdicts: is clipped by its drawing": (
        "const e = document.querySelector('[data-chart=verdicts] svg');"
        "e.removeAttribute('viewBox'); e.style.width = '99px'"
    ),
    "console: ": "console.error('planted')",
    "violates the following Content Security Policy": (
        "const e = new Image(); e.src = 'http://127.0.0.1:9/planted.png'; document.body.append(e)"
    ),
}


@pytest.mark.parametrize("problem", PLANTED)
def test_a_page_that_is_broken_is_seen(browser: Browser, collapsing: Path, problem: str) -> None:
    """Each thing that is looked for is found where it is planted: blank, overlapping, clipped, too wide, or loud."""
    browser.open(collapsing, DESK, "light")
    browser.run(PLANTED[problem])
    assert [found for found in browser.look().problems if problem in found] != []


def test_a_chart_that_is_blank_is_seen(browser: Browser, write: Write) -> None:
    """Axes and a legend are no chart: without its figures one is found, and the others are not."""
    page = a_page(a_run("collapsing"))
    browser.open(write(page.replace('"figure":', '"gone":')), DESK, "light")
    blank = {problem.partition(":")[0] for problem in browser.look().problems if "is blank" in problem}
    assert blank == {"pass_rate", "components", "groups", "judging"}


def test_the_theme_can_be_changed(browser: Browser, collapsing: Path) -> None:
    """The button says what it does, and charts are drawn anew in the other theme."""
    browser.open(collapsing, DESK, "light")
    axis = "return document.querySelector('.chart text').getAttribute('fill')"
    light = browser.run(axis)
    assert browser.run("return document.getElementById('theme').textContent") == "Dark theme"
    browser.run("document.getElementById('theme').click()")
    browser.wait_for("return document.body.dataset.drawn === 'dark'")
    look = browser.look()
    assert look.problems == []
    assert sum(look.picture.getpixel((2, 2))) < 200  # type: ignore[arg-type]
    assert browser.run(axis) != light
    assert browser.run("return document.getElementById('theme').textContent") == "Light theme"


def test_tables_are_sorted_by_click_and_by_key(browser: Browser, collapsing: Path) -> None:
    """Numbers from the largest, texts from the first; a second time the other way round."""
    browser.open(collapsing, DESK, "light")
    table = "document.querySelector('#suites ~ .tall table')"
    head = f"[...{table}.tHead.rows[0].cells].find(e => e.textContent === '{{}}')"

    def values(number: int) -> list[str]:
        cell = f"e.cells[{number}]"
        return browser.run(  # type: ignore[no-any-return]
            f"return [...{table}.tBodies[0].rows].map(e => {cell}.dataset.value || {cell}.textContent)"
        )

    rates = head.format("pass rate")
    browser.run(f"{rates}.firstChild.click()")
    assert browser.run(f"return {rates}.getAttribute('aria-sort')") == "descending"
    falling = [float(value) for value in values(2)]
    assert falling == sorted(falling, reverse=True)
    assert len(set(falling)) > 3
    browser.run(f"{rates}.firstChild.focus()")
    browser.driver.switch_to.active_element.send_keys("\ue007")  # Enter
    assert [float(value) for value in values(2)] == sorted(falling)
    assert browser.run(f"return {rates}.getAttribute('aria-sort')") == "ascending"
    names = head.format("suite")
    browser.run(f"{names}.firstChild.click()")
    assert browser.run(f"return {rates}.getAttribute('aria-sort')") is None
    assert values(0) == sorted(values(0))


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_hostile_texts_do_nothing(browser: Browser, write: Write, width: int) -> None:
    """They stand there, in tables and charts, and nothing is run, drawn over or asked for."""
    browser.open(write(hostile_figures()), width, "light")
    assert browser.run("return window.broken") is None
    assert browser.look().problems == []
    assert browser.run("return document.body.textContent.includes('<script>window.broken = 1</script>')")


def test_without_its_two_defences_hostile_texts_act(browser: Browser, write: Write) -> None:
    """With texts put in as they are, only the policy holds them; without the policy too they act."""
    naive = a_page(hostile_figures()).replace(r"\u003c", "<").replace(r"\u003e", ">")
    path = write(naive)
    browser.driver.get(path.as_uri())
    assert browser.run("return window.broken") is None
    start, end = naive.index("<meta http-equiv"), naive.index('<meta name="viewport')
    browser.driver.get(write(naive[:start] + naive[end:]).as_uri())
    assert browser.run("return window.broken") == 1
