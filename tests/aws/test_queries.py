"""The saved queries of container/template.yaml ask for what records of samples have."""

from __future__ import annotations

import contextlib
import io
import json
import re
from typing import Any

import pytest
from events import sample
from judges import Judge
from watching import LOST, PAGE, QUERIES, VIOLATION, WIDGETS, mixed

from verifier.aws.handler import Handler
from verifier.settings import Settings

WORDS = {
    *("SOURCE", "filter", "fields", "stats", "sort", "limit", "by", "as", "and", "asc", "desc"),
    *("count", "avg", "min", "max", "floor", "ispresent", "bin"),
}
"""Commands and functions of Logs Insights that the queries use."""

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
ALL_QUERIES = QUERIES | {
    widget["properties"]["title"]: widget["properties"]["query"] for widget in WIDGETS if widget["type"] == "log"
}


def fields_of(query: str) -> set[str]:
    """Return the names in a query that are fields of a record."""
    text = _QUOTED.sub("", query)
    made = set(re.findall(r"\bas (\w+)", text))
    return set(re.findall(r"(?<![\w.@])@?[A-Za-z_][\w.]*", text)) - made - WORDS


def record_fields(records: list[dict[str, Any]]) -> set[str]:
    """Return the names under which Logs Insights finds what is in records."""
    names = {name for record in records for name in record}
    return names | {f"components.{name}" for record in records for name in record.get("components", {})}


@pytest.mark.parametrize("query", ALL_QUERIES.values(), ids=ALL_QUERIES)
def test_a_query_asks_for_fields_that_records_have(query: str) -> None:
    """And filters by words that they hold."""
    grades = [*mixed(6), VIOLATION, LOST]
    items = [{**sample(number, str(number)), "step": 3} for number in range(len(grades))]
    with contextlib.redirect_stdout(io.StringIO()) as log:
        Handler(lambda: (Settings(), Judge(lambda answer: grades[int(answer)])))(items, None)
    records = [json.loads(line) for line in log.getvalue().splitlines()]
    assert fields_of(query) <= record_fields(records) | {"@timestamp"}
    for field, word in re.findall(r"(\w+) = [\"'](.*?)[\"']", query):
        assert word in {record.get(field) for record in records}


def test_the_check_of_queries_sees_mistakes() -> None:
    """A name that no record has, in any place of a query."""
    assert fields_of('filter verdct = "x"\n| stats avg(rewards) as r by bin(5m) as t\n| sort r asc') == {
        "verdct",
        "rewards",
    }


def test_a_query_begins_with_what_is_a_sample() -> None:
    """Lines of metrics and other records lie in the same log."""
    for name, query in ALL_QUERIES.items():
        assert re.match(r"(SOURCE '[^']*' \| )?filter (message|verdict) = ", query), name


def test_the_page_names_every_query() -> None:
    """By the name under which it is saved."""
    named = set(re.findall(r"^\| `(.+?)` \|", PAGE.read_text("utf-8"), flags=re.MULTILINE))
    assert {name.partition("/")[2] for name in QUERIES} <= named
