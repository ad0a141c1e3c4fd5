"""A page in a real browser, as a person would meet it, and what is wrong with how it looks."""

from __future__ import annotations

import base64
import io
import itertools
import os
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait

_OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
_SECONDS = 90  # on a machine that is loaded; a page is drawn in one or two
_COLOURFUL = 60  # how far apart the three colours of a pixel are: axes and texts are nearly grey, marks are not
_DRAWN = 0.0003  # share of the pixels between its axes that a chart's marks cover at least

_BOXES = """
const box = (e) => {
  const r = e.getBoundingClientRect();
  return [r.left, r.top + scrollY, r.right, r.bottom + scrollY];
};
const named = (selector) => [...document.querySelectorAll(selector)].map((e, n) => [
  e.id || e.dataset.chart || selector + " " + n, box(e)]);
return {
  width: [document.documentElement.scrollWidth, innerWidth],
  height: document.documentElement.scrollHeight,
  boxes: [["h1", "h2"], ["figure", ".scroll", ".tiles div", ".findings li"], ["#theme"]].flat().flatMap(named),
  charts: [...document.querySelectorAll(".chart")].map((e) => ({
    name: e.dataset.chart, box: box(e), frame: box(e.closest("figure")),
    svg: e.querySelector("svg") && box(e.querySelector("svg")),
    plot: e.querySelector(".role-frame .background") && box(e.querySelector(".role-frame .background")),
    marks: [...e.querySelectorAll("svg path, svg text, svg line")].map(box).filter((b) => b[2] > b[0] || b[3] > b[1]),
  })),
};
"""


class Look(NamedTuple):
    """What a page looks like.

    Attributes:
        problems: what is wrong with it, in words.
        picture: of the whole page.
        charts: names of the charts that are drawn.
    """

    problems: list[str]
    picture: Image.Image
    charts: list[str]


class Browser:
    """Headless Chromium. One page at a time."""

    def __init__(self, chromium: str, driver: str) -> None:
        """Start it."""
        options = Options()
        options.binary_location = chromium
        for option in _OPTIONS:
            options.add_argument(option)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(driver))

    def close(self) -> None:
        """End it."""
        self.driver.quit()

    def open(self, path: Path, width: int, theme: str) -> None:
        """Open a page and wait until it has drawn its charts.

        Args:
            path: of its file.
            width: of the window, in pixels.
            theme: that the user prefers, light or dark.
        """
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self._tell("Emulation.setDeviceMetricsOverride", **size)
        self._tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
        self.driver.get_log("browser")
        self.driver.get(path.as_uri())
        self.wait_for("return document.body.dataset.drawn")

    def run(self, script: str) -> Any:
        """Run a script in the page, which is the only way in: its own policy lets none in."""
        return self.driver.execute_script(script)

    def wait_for(self, script: str) -> None:
        """Wait until a script gives something that is true."""
        WebDriverWait(self.driver, _SECONDS, poll_frequency=0.05).until(lambda _: self.run(script))

    def look(self) -> Look:
        """Look at the page that is open."""
        seen = self.run(_BOXES)
        clip = {"x": 0, "y": 0, "width": seen["width"][1], "height": seen["height"], "scale": 1}
        shot = self._tell("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
        problems = [f"console: {entry['message']}" for entry in self.driver.get_log("browser")]
        if seen["width"][0] > seen["width"][1]:
            problems.append(f"the page is {seen['width'][0]} pixels wide in a window of {seen['width'][1]}")
        for (one, a), (other, b) in itertools.combinations(seen["boxes"], 2):
            if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1:
                problems.append(f"{one} and {other} overlap")
        for chart in seen["charts"]:
            problems += [f"{chart['name']}: {problem}" for problem in _problems_of(chart, picture)]
        return Look(problems, picture, [chart["name"] for chart in seen["charts"]])

    def _tell(self, command: str, **parameters: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, parameters)


def _problems_of(chart: dict[str, Any], picture: Image.Image) -> list[str]:
    """Tell what is wrong with one chart."""
    if chart["svg"] is None or chart["plot"] is None:
        return ["there is no drawing"]
    problems = []
    if not _within(chart["svg"], chart["box"]) or not _within(chart["box"], chart["frame"]):
        problems.append("is clipped by its frame")
    if not all(_within(mark, chart["svg"]) for mark in chart["marks"]):
        problems.append("is clipped by its drawing")
    share = _colourful(picture.crop(tuple(map(round, chart["plot"]))))
    if share < _DRAWN:
        problems.append(f"is blank: {share:.2%} of it is coloured")
    return problems


def _within(inner: list[float], outer: list[float], slack: float = 2.0) -> bool:
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def _colourful(picture: Image.Image) -> float:
    """Return the share of pixels that are no shade of grey."""
    colours = picture.getcolors(picture.width * picture.height) or []
    pixels = picture.width * picture.height
    return sum(count for count, colour in colours if max(colour) - min(colour) >= _COLOURFUL) / max(1, pixels)
