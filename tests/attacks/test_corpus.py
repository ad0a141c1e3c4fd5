"""The corpus itself: every row is there, and mistakes in it are found."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.attacks.naive import GRADERS
from testsuites import SuiteInvalid
from verifier import Verifier
from verifier.fuzzing.exploits import FOLDER, HONEST, ROWS, SUITES, CorpusError, attacks, honest, load, store

CORPUS = FOLDER / "corpus"


def test_every_row_has_several_programs() -> None:
    """No row of the list of attacks is left out, and none has one program only."""
    counts = Counter(entry.row for entry in attacks())
    assert set(counts) == set(ROWS)
    assert min(counts.values()) >= 4


def test_there_are_as_many_programs_as_are_claimed() -> None:
    """More than 300 attacks, and 70 honest programs."""
    assert len(attacks()) >= 300
    assert len(honest()) >= 70


def test_an_attack_is_never_paid_where_every_layer_is_in_force() -> None:
    """No expectation of the data says that an attack is accepted, or earns as much as zero."""
    paid = [
        entry.id
        for entry in attacks()
        if entry.verdict == "accepted" or (entry.reward is not None and entry.reward >= 0)
    ]
    assert paid == []


def test_every_kind_of_suite_is_attacked() -> None:
    """Programs aim at whole programs, at calls and at test code."""
    kinds = Counter(suite.rpartition("-")[2] for entry in attacks() for suite in entry.suites)
    assert min(kinds[kind] for kind in ("stdio", "call", "script")) >= 80


def test_every_row_that_aims_at_the_judge_aims_at_files_of_tests() -> None:
    """Each way to escape, to tamper, to read or to forge is tried on a file of unittest and on one of pytest."""
    aimed = {(entry.row, suite.rpartition("-")[2]) for entry in attacks() for suite in entry.suites}
    rows = [row for row in ROWS if row[0] in "ABCE"]
    assert [(row, kind) for row in rows for kind in ("unittest", "pytest") if (row, kind) not in aimed] == []


def test_the_reference_of_every_suite_is_accepted() -> None:
    """The honest programs that follow an attack are right."""
    with Verifier(store(), workers=1) as verifier:
        for suite in sorted(path.name for path in SUITES.iterdir()):
            answer = f"```python\n{store().reference(suite)}```"
            if suite == "no-tests":
                with pytest.raises(SuiteInvalid):
                    verifier.grade(answer, suite)
            else:
                assert verifier.grade(answer, suite).reward == 1.0, suite


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('verdict = "runtime_error"', 'verdict = "crashed"'),
        ("reward = -0.9", ""),
        ("reward = -0.9", "reward = -0.9\nreason = 1"),
        ('suites = ["add-call", "add-script"]', 'suites = ["add-cell"]'),
        ('suites = ["add-call", "add-script"]', "suites = []"),
        ('fools = ["exit_code"]', 'fools = ["exit_code"]\nharms = "no"'),
        ("reward = -0.9", 'reward = -0.9\nafter = "A1/nobody"'),
        ("reward = -0.9", 'reward = -0.9\nanswer = "x"'),
        ("reward = -0.9", 'reward = -0.9\nwhere = [{ missing = ["sec"], verdict = "accepted", reward = 1.0 }]'),
        ('id = "os-exit-inside"', 'id = "os-exit-at-import"'),
        ('row = "A1"', 'row = "A2"'),
        ('says = "leave', 'means = "leave'),
        ("[[program]]", "[[programs]]"),
    ],
)
def test_a_mistake_in_the_data_is_an_error(tmp_path: Path, old: str, new: str) -> None:
    """Unknown words, keys, suites and graders, missing rewards, pairs without a partner and double ids are refused."""
    folder = shutil.copytree(CORPUS, tmp_path / "corpus")
    path = folder / "a1_leave_early.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(CorpusError):
        load(folder)


def test_a_program_after_one_that_harms_harms_too(tmp_path: Path) -> None:
    """Leaving the one out would leave the other without what it looks for."""
    folder = shutil.copytree(CORPUS, tmp_path / "corpus")
    path = folder / "c5_leave_notes.toml"
    head, pair, reader = path.read_text("utf-8").partition('id = "links-reader"')
    path.write_text(head + pair + reader.replace("harms = true\n", "", 1), "utf-8")
    with pytest.raises(CorpusError, match="harms"):
        load(folder)


def test_every_grader_that_is_fooled_exists() -> None:
    """The names in the data are those of `naive`."""
    assert {grader for entry in attacks() for grader in entry.fools} <= GRADERS.keys()


def test_a_missing_row_is_an_error(tmp_path: Path) -> None:
    """A file that is lost is not taken for a row without programs."""
    folder = shutil.copytree(CORPUS, tmp_path / "corpus")
    (folder / f"{HONEST}.toml").unlink()
    with pytest.raises(CorpusError, match=HONEST):
        load(folder)
