"""verifier.calibrating.calibrating and .records: whole suites, in the real sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.verifier.answers import calls, fenced, script, stdio
from testsuites import AnySuite
from testsuites.calibration import CALIBRATION_FILE, Calibration, Settings
from testsuites.directory import DirectoryStore, Labelled
from verifier import Verdict, Verifier
from verifier.calibrating.bench import Bench
from verifier.calibrating.calibrating import accepted_of, calibrate
from verifier.calibrating.gold import Gold, examine, limited
from verifier.calibrating.material import Material
from verifier.calibrating.mutants import mutants_of
from verifier.calibrating.records import Row, calibrate_store
from verifier.components.length import tokens

SETTINGS = Settings(seed=0, mutants=60, inputs=60)
FEW = Settings(seed=0, mutants=3, inputs=3)
CLAMP = "def f(x):\n    if x < 0:\n        return 0\n    return x\n"
ONLY_POSITIVE = calls((1, 1), (2, 2), (5, 5), (9, 9), (0, 0), (3, 3), id="only-positive")
BOTH_SIGNS = calls((1, 1), (2, 2), (-5, 0), (9, 9), (-1, 0), (3, 3), (0, 0), id="both-signs")
MOSTLY_ZERO = calls((-1, 0), (-2, 0), (-3, 0), (4, 4), id="mostly-zero")


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """One bench for all."""
    with Bench(2) as bench:
        yield bench


def _calibrated(bench: Bench, suite: AnySuite, reference: str, *submissions: Labelled) -> Calibration:
    return calibrate(Material(suite=suite, reference=reference, submissions=submissions), SETTINGS, bench)


def _labelled(label: str, name: str, text: str, *, is_answer: bool = False) -> Labelled:
    return Labelled(label=label, name=name, text=text, is_answer=is_answer)


def test_a_suite_with_good_tests_kills_all_that_is_wrong(bench: Bench) -> None:
    """Every mutant is killed or means the same; nothing trivial passes."""
    found = _calibrated(bench, BOTH_SIGNS, CLAMP)
    assert found.gold
    assert found.nulls_accepted == ()
    assert found.mutants.score == 1.0
    assert found.mutants.killed >= 8
    assert found.mutants.made == found.mutants.possible == found.mutants.killed + found.mutants.equivalent
    assert found.false_positives.count == 0
    assert found.false_positives.high < 0.2
    assert found.right_refused == ()
    assert found.false_negatives.total == 3  # with line ends of another kind, under an `if`, and as it is


def test_a_gap_is_proved(bench: Bench) -> None:
    """Where no test tells 0 from 1 below a bound, mutants of the bound pass, and an input shows that they are wrong."""
    reference = "def f(x):\n    return 10 if x > 10 else x\n"
    suite = calls((3, 3), (40, 10), (7, 7), (12, 10), (20, 10), (5, 5), id="gap")
    found = _calibrated(bench, suite, reference)
    assert found.mutants.gaps >= 1
    assert found.mutants.score < 1.0
    assert found.inputs_tried > 10
    assert any("line 2" in name for name in found.wrong_accepted)
    assert found.false_positives.count == len(found.wrong_accepted) == found.mutants.gaps


@pytest.mark.parametrize(
    ("suite", "reference"),
    [
        (stdio(("1\n", "2\n"), ("-3\n", "-6\n"), ("7\n", "14\n")), "print(2 * int(input()))\n"),
        (script("assert f(1) == 2", "assert f(-3) == -6\nassert f(7) == 14"), "def f(x):\n    return 2 * x\n"),
    ],
    ids=["stdio", "script"],
)
def test_whole_programs_and_test_code_are_calibrated(bench: Bench, suite: AnySuite, reference: str) -> None:
    """As functions are."""
    found = _calibrated(bench, suite, reference)
    assert found.gold
    assert found.mutants.killed >= 10
    assert found.mutants.score > 0.9
    assert found.nulls_accepted == ()


def test_what_triviality_earns_is_the_baseline(bench: Bench) -> None:
    """Three of four tests expect 0, and so a program that returns 0 always earns three quarters."""
    found = _calibrated(bench, MOSTLY_ZERO, CLAMP)
    assert (found.baseline, found.baseline_program) == (0.75, "returns-0")


def test_a_null_program_that_is_accepted_is_told(bench: Bench) -> None:
    """A suite that expects the same each time is passed by whoever returns it."""
    found = _calibrated(bench, calls((-1, 0), (-2, 0), id="zeros"), CLAMP)
    assert found.gold
    assert "returns-0" in found.nulls_accepted
    assert "null returns-0" in found.wrong_accepted
    assert found.baseline == 1.0
    assert found.false_positives.count >= 1


def test_a_null_program_that_is_right_is_no_fault(bench: Bench) -> None:
    """Where the length is asked for, the program that returns the length is right, and is no measure of triviality."""
    suite = calls(("ab", 2), ("", 0), ("xyz", 3), ("q", 1), id="length")
    found = _calibrated(bench, suite, "def f(text):\n    return len(text)\n")
    assert found.nulls_accepted == ()
    assert found.baseline < 1.0
    assert found.wrong_accepted == ()


def test_labelled_submissions_count(bench: Bench) -> None:
    """A wrong one that is accepted, and a right one that is not, are told by name."""
    found = _calibrated(
        bench,
        ONLY_POSITIVE,
        CLAMP,
        _labelled("wrong_answer", "keeps-sign", "def f(x):\n    return x\n"),
        _labelled("wrong_answer", "adds", "def f(x):\n    return x + 1\n"),
        _labelled("no_code", "prose", "I cannot.", is_answer=True),
        _labelled("accepted", "builtin", fenced("def f(x):\n    return max(x, 0)"), is_answer=True),
        _labelled("accepted", "really-wrong", "def f(x):\n    return 7\n"),
    )
    assert "submissions/wrong_answer/keeps-sign" in found.wrong_accepted
    assert not {"submissions/wrong_answer/adds", "submissions/no_code/prose"} & set(found.wrong_accepted)
    assert found.right_refused == ("submissions/accepted/really-wrong",)
    assert found.false_negatives.count == 1
    assert found.inputs_tried > 0  # the one that is really wrong has no say in which inputs are valid


def test_only_what_is_gold_is_measured(bench: Bench) -> None:
    """A record says why it is not, and nothing else."""
    material = Material(suite=BOTH_SIGNS, reference="def f(x): return x")
    assert calibrate(material, SETTINGS, bench) == Calibration(
        digest=BOTH_SIGNS.digest,
        evidence=material.evidence,
        settings=SETTINGS,
        gold=False,
        problem="the reference fails: test 3: wrong_answer",
    )


def test_mutants_that_never_end_are_killed(bench: Bench) -> None:
    """A loop whose step is mutated may have no end; how far the work is, is told on the way."""
    reference = "n = int(input())\ni = 0\nwhile i < n:\n    i += 1\nprint(i)\n"
    suite = stdio(*((f"{n}\n", f"{n}\n") for n in range(2, 12)), id="count")
    endless = [mutant for mutant in mutants_of(reference) if "i += 0" in mutant.source]
    assert accepted_of(limited(suite, Gold()), endless, bench) == []
    assert len(endless) == 1
    told: list[float] = []
    found = calibrate(Material(suite=suite, reference=reference), FEW, bench, told.append)
    assert found.mutants.made == 3
    assert len(told) >= 3
    assert told == sorted(told)


def test_the_same_settings_find_the_same(bench: Bench) -> None:
    """But for the processor time and the memory, which are measured. And a sample holds as many as were asked for."""
    material = Material(suite=BOTH_SIGNS, reference=CLAMP)
    found, again = calibrate(material, FEW, bench), calibrate(material, FEW, bench)
    assert found.mutants.made == 3 < found.mutants.possible
    assert found.cost is not None
    assert again.cost is not None
    assert found.cost.tokens == again.cost.tokens == tokens(CLAMP)
    assert msgspec.structs.replace(again, cost=found.cost) == found


class TestStore:
    """Records of a store's suites."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> DirectoryStore:
        """Return a store with two suites."""
        store = DirectoryStore(tmp_path / "suites", create=True)
        store.write(MOSTLY_ZERO, reference=CLAMP, problem="Clamp.")
        store.write(BOTH_SIGNS, reference=CLAMP)
        return store

    def _rows(self, store: DirectoryStore, bench: Bench, settings: Settings = FEW, *, again: bool = False) -> list[Row]:
        return list(calibrate_store(store, store.ids(), settings, bench, again=again))

    def test_a_record_that_fits_is_kept(self, store: DirectoryStore, bench: Bench) -> None:
        """Whatever it rests on makes it out of date: suite, reference, statement, settings; nothing else does."""
        assert [(row.id, row.is_new, row.is_sound) for row in self._rows(store, bench)] == [
            ("both-signs", True, True), ("mostly-zero", True, True),
        ]  # fmt: skip
        assert [row.is_new for row in self._rows(store, bench)] == [False, False]
        (store.path / "both-signs/reference.py").write_text(CLAMP + "# again\n")
        assert [row.is_new for row in self._rows(store, bench)] == [True, False]
        (store.path / "mostly-zero/problem.md").write_text("Clamp below.")
        assert [row.is_new for row in self._rows(store, bench)] == [False, True]
        store.write(msgspec.structs.replace(MOSTLY_ZERO, tests=MOSTLY_ZERO.tests[1:]))
        assert [row.is_new for row in self._rows(store, bench)] == [False, True]
        assert [row.is_new for row in self._rows(store, bench, Settings(seed=1, mutants=3, inputs=3))] == [True, True]
        assert [row.is_new for row in self._rows(store, bench, again=True)] == [True, True]

    def test_a_record_of_before_costs_were_measured_is_made_anew(self, store: DirectoryStore, bench: Bench) -> None:
        """It has all else, and is used until then; one of a suite without a reference would not gain one."""
        (store.path / "mostly-zero/reference.py").unlink()
        for row in self._rows(store, bench):
            assert row.calibration is not None
            store.write_calibration(row.id, msgspec.structs.replace(row.calibration, cost=None))
        assert [row.is_new for row in self._rows(store, bench)] == [True, False]
        found = store.calibration("both-signs")
        assert found is not None
        assert found.cost is not None

    def test_a_run_that_is_cut_short_loses_no_record(self, store: DirectoryStore, bench: Bench) -> None:
        """The record of each suite is there before the next is begun."""
        begun: list[str] = []
        run = calibrate_store(store, store.ids(), FEW, bench, told=lambda suite_id, share: begun.append(suite_id))
        assert next(run).id == "both-signs"
        run.close()
        assert set(begun) == {"both-signs"}
        assert (store.path / "both-signs" / CALIBRATION_FILE).is_file()
        assert [row.is_new for row in self._rows(store, bench)] == [False, True]

    def test_what_cannot_be_used_is_told_and_the_rest_goes_on(self, store: DirectoryStore, bench: Bench) -> None:
        """A broken suite, and one without reference; a broken record is replaced."""
        (store.path / "mostly-zero" / CALIBRATION_FILE).write_text("{")
        (store.path / "aaa").mkdir()
        (store.path / "aaa/suite.toml").write_text('kind = "call"')
        (store.path / "both-signs/reference.py").unlink()
        rows = self._rows(store, bench)
        assert [(row.id, row.is_sound) for row in rows] == [
            ("aaa", False),
            ("both-signs", False),
            ("mostly-zero", True),
        ]
        assert rows[0].calibration is None
        assert "entry_point" in rows[0].problem
        assert rows[1].problem == "there is no reference.py beside it"
        assert store.calibration("mostly-zero") == rows[2].calibration

    def test_a_program_that_only_does_what_a_null_program_does_earns_nothing(
        self, store: DirectoryStore, bench: Bench
    ) -> None:
        """Not on a calibrated suite; a better one earns more, a right one everything, an inline suite has no record."""
        null, half = fenced("def f(x): return 0"), fenced("def f(x): return x")
        with Verifier(store, workers=1) as verifier:
            before = verifier.grade(null, "mostly-zero")
            self._rows(store, bench)
            after = verifier.grade(null, "mostly-zero")
            right = verifier.grade(fenced(CLAMP), "mostly-zero")
            inline = verifier.grade(null, MOSTLY_ZERO)
            other = verifier.grade(half, "mostly-zero")
            store.write(msgspec.structs.replace(MOSTLY_ZERO, tests=(*MOSTLY_ZERO.tests, ONLY_POSITIVE.tests[1])))
            changed = verifier.grade(null, "mostly-zero")
        assert (before.credit, before.baseline, before.reward) == (0.75, 0.0, pytest.approx(-0.5))
        assert (after.credit, after.baseline, after.reward) == (0.0, 0.75, -0.8)
        assert after.verdict is Verdict.WRONG_ANSWER
        assert (right.credit, right.reward) == (1.0, 1.0)
        assert (inline.credit, inline.baseline) == (0.75, 0.0)
        assert (other.credit, other.baseline) == (0.0, 0.75)
        assert (changed.credit, changed.baseline) == (0.6, 0.0)  # a record for another digest counts for nothing

    def test_a_record_that_cannot_be_read_is_told(self, store: DirectoryStore) -> None:
        """Rewards must not change because a file broke: grading stops with the file's name."""
        (store.path / "mostly-zero" / CALIBRATION_FILE).write_text("{")
        with (
            Verifier(store, workers=1) as verifier,
            pytest.raises(Exception, match=r"calibration\.json: not valid JSON"),
        ):
            verifier.grade("", "mostly-zero")


def test_gold_is_examined_under_the_suites_own_limits(bench: Bench) -> None:
    """The time that a test took is told, for the limit of mutants."""
    gold = examine(calls((1, 1)), "def f(x):\n    sum(range(10**6))\n    return x\n", bench)
    assert 0.001 < gold.cpu_seconds < 1.0
