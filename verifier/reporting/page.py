"""The page: figures, findings and charts in one HTML file that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import vl_convert

from verifier.reporting.charts import VEGA_LITE, charts_of
from verifier.reporting.charts_over_time import words_of
from verifier.reporting.figures import Figures, pass_rate
from verifier.reporting.findings import findings_of, is_healthy
from verifier.verdict import Verdict

_FOLDER = Path(__file__).parent / "assets"


def page_of(figures: Figures, *, title: str, unreadable: list[str], unreadable_in_all: int) -> str:
    """Return the page.

    Args:
        figures: what it shows.
        title: what the grades are called, such as the name of their file.
        unreadable: the first lines that are no grades, and why.
        unreadable_in_all: how many there are.
    """
    findings = findings_of(figures)
    charts = charts_of(figures)
    script = (_FOLDER / "page.js").read_text("utf-8")
    style = (_FOLDER / "page.css").read_text("utf-8")
    library = _library()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return environment.get_template("page.html").render(
        title=title,
        figures=figures,
        pass_rate=pass_rate(figures.total),
        verdicts=[(words_of(verdict), count) for verdict, count in _by_count(figures.total.verdicts)],
        findings=findings,
        healthy=is_healthy(findings),
        unreadable=unreadable,
        unreadable_in_all=unreadable_in_all,
        charts=charts,
        specs=_json({name: chart.spec for name, chart in charts.items()}),
        library=library,
        script=script,
        style=style,
        script_hashes=[_hash(library), _hash(script)],
        style_hash=_hash(style),
    )


def _by_count(verdicts: dict[Verdict, int]) -> list[tuple[Verdict, int]]:
    return sorted(verdicts.items(), key=lambda item: -item[1])


@cache
def _library() -> str:
    """Return the script that draws the charts; making it takes a second or two."""
    return _inline(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed", VEGA_LITE))


def _inline(script: str) -> str:
    """Return a script that can stand in a page: nothing in it ends its element, or opens a comment there."""
    return script.replace("</script", r"<\/script").replace("<!--", r"<\!--")


def _json(data: Any) -> str:
    """Return JSON that can stand in a page, in which no text can end its element."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _hash(content: str) -> str:
    """Return the hash by which the page's policy allows a script or a style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode("ascii")
