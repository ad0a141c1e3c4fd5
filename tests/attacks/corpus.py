r"""The corpus: every attack, and every honest program, with the verdict and the reward that it must end in.

One file of `corpus/` for each row of the list of attacks, such as `a1_leave_early.toml`, and `honest.toml`:

    row = "A1"                              first two characters of the file's name, in upper case; "honest"
    [[program]]
    id = "sys-exit-at-import"               the whole id is "A1/sys-exit-at-import"
    suites = ["add-call"]                   folders of `suites/`; the program runs once against each
    about = "what it tries, and how"
    verdict = "wrong_answer"                a word of `verifier.Verdict`, or of `ENDINGS`
    reward = -0.8                           under the default policy; left out where there is none
    where = [{ missing = ["seccomp"], verdict = "accepted", reward = 1.0, spoils = true }]
                                            what holds instead where none of these layers is in force, and in
                                            ``tiers`` only, where that is given too; first match.
                                            `spoils`: the judge is found crippled after it, says so, and judges nothing
                                            more; its environment is thrown away
    fools = ["exit_code"]                   graders of `naive` that accept it
    after = "C5/writer"                     graded right after that program, by the same judge and worker
    source = '''...'''                      the program; or answer = '''...''', the whole text of an answer;
                                            or answer_parts = [["x = 1\n", 80000]], texts to be repeated and joined
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from sandbox.layers import LAYERS
from tests.attacks.naive import GRADERS
from testsuites.directory import DirectoryStore
from verifier import Verdict

FOLDER = Path(__file__).parent
SUITES = FOLDER / "suites"
HONEST = "honest"
ROWS = (
    *("A1", "A2", "A3", "A4", "A5", "A6", "B1", "B2", "B3", "B4", "B5", "B6", "C1", "C2", "C3", "C4", "C5", "C6", "C7"),
    *("D1", "D2", "D3", "D4", "D5", "D6", "E1", "E2", "E3", "F1", "F2", "F3", "F4", "G1"),
)
JUDGE_LOST = "judge_lost"
SUITE_REFUSED = "suite_refused"
ENDINGS = frozenset({*map(str, Verdict), JUDGE_LOST, SUITE_REFUSED})
"""Verdicts; `judge_lost`, the judge itself was killed or stopped, so there is no grade and the environment is thrown
away; and `suite_refused`, the judge does not grade by such a suite at all."""


class CorpusError(Exception):
    """The data is not what it should be. The message names the file and the program."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a program ends. `reward` is None where there is no grade; `spoils` is explained above."""

    verdict: str
    reward: float | None = None
    spoils: bool = False


class _Elsewhere(Ending, frozen=True, kw_only=True, forbid_unknown_fields=True):
    missing: tuple[str, ...]
    tiers: tuple[str, ...] | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One program of the corpus; the fields are those of the file, `id` is the whole one."""

    id: str
    suites: tuple[str, ...]
    about: str
    verdict: str
    reward: float | None = None
    where: tuple[_Elsewhere, ...] = ()
    fools: tuple[str, ...] = ()
    after: str | None = None
    source: str | None = None
    answer: str | None = None
    answer_parts: tuple[tuple[str, int], ...] | None = None

    @property
    def row(self) -> str:
        """The row of the list of attacks, or `HONEST`."""
        return self.id.partition("/")[0]

    @property
    def text(self) -> str:
        """The model's answer."""
        if self.source is not None:
            return fenced(self.source)
        if self.answer is not None:
            return self.answer
        return "".join(text * times for text, times in self.answer_parts or ())

    def ending(self, layers: Iterable[str], tier: str) -> Ending:
        """Return how it must end where these layers are in force, in a tier of that name."""
        for elsewhere in self.where:
            if not set(elsewhere.missing) & set(layers) and (elsewhere.tiers is None or tier in elsewhere.tiers):
                return elsewhere
        return Ending(verdict=self.verdict, reward=self.reward)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    row: str
    program: tuple[Entry, ...]


def fenced(program: str) -> str:
    """Return an answer that holds one program."""
    fence = "`" * 3 if "`" * 3 not in program else "~" * 9
    return f"{fence}python\n{program}\n{fence}\n"


@cache
def load(folder: Path = FOLDER / "corpus") -> tuple[Entry, ...]:
    """Read the whole corpus, in the order of its rows; honest programs come last.

    Raises:
        CorpusError: a file breaks the form above, or a row has no file.
    """
    entries: list[Entry] = []
    for row in (*ROWS, HONEST):
        found = sorted(folder.glob(f"{row.lower()}*.toml"))
        if len(found) != 1:
            raise CorpusError(f"row {row} needs exactly one file, not {len(found)}")
        entries += _read(found[0], row)
    _check_pairs(entries)
    return tuple(entries)


def attacks() -> list[Entry]:
    """Return the programs that attack."""
    return [entry for entry in load() if entry.row != HONEST]


def honest() -> list[Entry]:
    """Return the programs that do what was asked."""
    return [entry for entry in load() if entry.row == HONEST]


def _read(path: Path, row: str) -> list[Entry]:
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{path.name}: {error}") from None
    if file.row != row:
        raise CorpusError(f"{path.name}: holds row {file.row}")
    entries = [msgspec.structs.replace(entry, id=f"{row}/{entry.id}") for entry in file.program]
    for entry in entries:
        if problem := _problem(entry):
            raise CorpusError(f"{path.name}: {entry.id}: {problem}")
    return entries


def _problem(entry: Entry) -> str | None:
    """Say what is wrong with an entry; None when nothing is."""
    known_suites = {path.name for path in SUITES.iterdir()}
    if not entry.suites or not known_suites.issuperset(entry.suites):
        return f"suites: unknown, or none: {set(entry.suites) - known_suites}"
    if unknown := set(entry.fools) - GRADERS.keys():
        return f"fools: no such naive grader: {unknown}"
    for ending in (Ending(verdict=entry.verdict, reward=entry.reward), *entry.where):
        if ending.verdict not in ENDINGS:
            return f"verdict: no such word: {ending.verdict}"
        if (ending.reward is None) != (ending.verdict in (JUDGE_LOST, SUITE_REFUSED, Verdict.JUDGE_ERROR)):
            return f"reward: {ending.verdict} needs one, unless there is no grade"
    if unknown := {layer for elsewhere in entry.where for layer in elsewhere.missing} - set(LAYERS):
        return f"where: no such layer: {unknown}"
    if sum(text is not None for text in (entry.source, entry.answer, entry.answer_parts)) != 1:
        return "give exactly one of source, answer and answer_parts"
    if entry.row == HONEST and (entry.verdict, entry.where, entry.fools) != (Verdict.ACCEPTED, (), ()):
        return "an honest program is accepted, everywhere"
    return None


def _check_pairs(entries: list[Entry]) -> None:
    by_id = {entry.id: entry for entry in entries}
    if len(by_id) != len(entries):
        raise CorpusError("two programs have the same id")
    for entry in entries:
        if entry.after is not None and (by_id.get(entry.after) is None or len(by_id[entry.after].suites) != 1):
            raise CorpusError(f"{entry.id}: after: there must be such a program, with one suite")


def store() -> DirectoryStore:
    """Open the suites that are attacked; each has a right program beside it, `reference.py`."""
    return DirectoryStore(SUITES)
