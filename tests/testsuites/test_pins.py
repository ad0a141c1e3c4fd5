"""testsuites.pins: an id that names one version of a suite."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.testsuites.sealing import key_set, sealed_bytes, write_suites
from tests.testsuites.test_archive import BUNDLED
from tests.verifier.answers import fenced
from testsuites.errors import SuiteError, SuiteInvalid, SuiteNotFound
from testsuites.inline import suite_reference
from testsuites.pins import load_suite
from testsuites.store import open_store
from verifier import Verifier
from verifier.batch import grade_many
from verifier.sample import Sample

SUITE = BUNDLED.load("round-table")
DIGITS = len("sha256:")
OTHER = "0" if SUITE.digest[-1] != "0" else "1"
"""A last digit that is not the suite's."""


@pytest.mark.parametrize("digits", [12, 13, 64])
def test_a_pin_names_the_version_that_is_there(digits: int) -> None:
    """The whole digest, or twelve digits of it or more, as `verifier suites show` prints them."""
    assert load_suite(BUNDLED, f"round-table@{SUITE.digest[: DIGITS + digits]}") is BUNDLED.load("round-table")


def test_without_a_pin_any_version_will_do() -> None:
    """As before."""
    assert load_suite(BUNDLED, "round-table").id == "round-table"


@pytest.mark.parametrize("wanted", ["sha256:" + "0" * 12, "sha256:" + "0" * 64, SUITE.digest[:-1] + OTHER])
def test_another_version_is_not_used(wanted: str) -> None:
    """The message says which is wanted, and which is there."""
    message = f"^suite round-table has changed: {wanted} is wanted, and {SUITE.digest} is there$"
    with pytest.raises(SuiteNotFound, match=message):
        load_suite(BUNDLED, f"round-table@{wanted}")


@pytest.mark.parametrize(
    "pin", ["", "sha256:", "sha256:" + "a" * 11, "sha256:" + "a" * 65, "sha256:" + "A" * 12, "md5:" + "a" * 12, "x@y"]
)
def test_what_is_no_pin_is_refused(pin: str) -> None:
    """Too few digits would be no pin; the text is not shown, since it may be an expected output in the wrong place."""
    with pytest.raises(SuiteInvalid, match=r"ID@sha256:DIGITS, with 12 to 64 hexadecimal digits; this is not one$"):
        load_suite(BUNDLED, f"round-table@{pin}")


@given(st.text() | st.text("@sha256:0f/").map(lambda text: f"round-table@{text}"))
def test_any_text_is_a_reference_or_a_stated_fault(text: str) -> None:
    """Nothing but an error of suites is raised, and no other suite than the one of that id is found."""
    with contextlib.suppress(SuiteError):
        assert load_suite(BUNDLED, text).id == text.partition("@")[0]


def test_samples_may_pin_their_suites() -> None:
    """As a text and as an object: the right version is graded with, and with another the answer is not judged."""
    pinned = f"round-table@{SUITE.digest}"
    assert suite_reference({"suite": pinned}) == suite_reference(pinned) == pinned
    answer = fenced(BUNDLED.reference("round-table") or "")
    wanted = [pinned, {"suite": pinned[: -64 + 12]}, f"round-table@sha256:{'0' * 12}"]
    samples = [Sample(id=str(number), answer=answer, suite=suite) for number, suite in enumerate(wanted)]
    with Verifier(BUNDLED, workers=1) as verifier:
        grades = list(grade_many(verifier, samples, workers=1))
    assert [grade.reward for grade in grades] == [1.0, 1.0, None]
    assert [grade.digest for grade in grades[:2]] == [SUITE.digest] * 2
    assert f"{SUITE.digest} is there" in grades[2].message
    assert grades[0].suite == "round-table"


def test_a_pin_holds_for_sealed_files_as_for_folders(tmp_path: Path) -> None:
    """The digest is the suite's, wherever it is kept: a file that went back to an older one is found by its pins."""
    with key_set():
        folder = write_suites(tmp_path / "suites", s="1")
        old = sealed_bytes(folder)
        sealed_bytes(write_suites(folder, s="2"))
        store = open_store(tmp_path / "suites.sealed")
        pinned = f"s@{store.load('s').digest}"
        assert load_suite(store, pinned).tests[0].stdout == "2"
        (tmp_path / "suites.sealed").write_bytes(old)
        with pytest.raises(SuiteNotFound, match="suite s has changed"):
            load_suite(store, pinned)
