"""The packages authored here: each becomes a suite, and all of their labels are met by the real verifier."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import LocalSandbox
from tests.packages.making import AUTHORED
from tests.testsuites.sealing import key_set
from testsuites.directory import DirectoryStore
from testsuites.importers import PACKAGE_READERS, Imported
from testsuites.sealed_writing import seal
from testsuites.store import open_store
from testsuites.whole import open_whole
from verifier import Verifier
from verifier.importing import ImportProgress, import_suites

RECORDS = {
    record.suite.id: record
    for name, folder in AUTHORED.items()
    for record in PACKAGE_READERS[name](folder)
    if isinstance(record, Imported)
}
PROGRAMS = [
    pytest.param(suite_id, label, text, id=f"{suite_id}-{label}-{name}")
    for suite_id, record in RECORDS.items()
    for label, name, text in [
        ("accepted", "reference", record.reference),
        *((one.label, one.name, one.text) for one in record.submissions),
    ]
]


@pytest.fixture(scope="module")
def suites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import all of them."""
    place = tmp_path_factory.mktemp("imported")
    sandbox = LocalSandbox(workers=1)
    for name, folder in AUTHORED.items():
        seen: list[ImportProgress] = []
        summary = import_suites(name, folder, place, sandbox, seen.append)
        assert (summary.failures, summary.written) == ((), len(seen))
        assert summary.left_out == {"kattis": 3, "polygon": 4}[name]
        assert [one.position for one in seen] == list(range(1, len(seen) + 1))
    sandbox.close()
    return place


@pytest.fixture(scope="module")
def verifier(suites: Path) -> Iterator[Verifier]:
    """Return one verifier for all."""
    with Verifier(suites) as verifier:
        yield verifier


@pytest.mark.parametrize(("suite_id", "label", "text"), PROGRAMS)
def test_a_program_of_a_package_gets_its_label(verifier: Verifier, suite_id: str, label: str, text: str) -> None:
    """Those that their package calls right are accepted, and each other ends as its label says."""
    grade = verifier.grade(f"```python\n{text}```\n", suite_id)
    assert grade.judged, grade.message
    assert grade.verdict == label, [(test.name, test.verdict, test.detail) for test in grade.tests]


def test_the_packages_cover_what_packages_have() -> None:
    """Every label, and every way to decide, is there in both formats; five packages of each at least."""
    for prefix, labels in {"Kattis": 4, "Polygon": 5}.items():
        own = [record for suite_id, record in RECORDS.items() if suite_id.startswith(prefix)]
        assert len(own) >= 5
        assert len({one.label for record in own for one in record.submissions}) == labels
        assert any(record.suite.checker for record in own)
        assert any(record.suite.interactor for record in own)
        assert any(record.suite.comparator.name == "words" for record in own)
        assert any(test.group for record in own for test in record.suite.tests)


def test_a_package_is_the_same_suite_in_every_store(suites: Path, tmp_path: Path) -> None:
    """What the reader made is what a folder, an archive and a sealed file give back, digest for digest."""
    archive = shutil.make_archive(str(tmp_path / "suites"), "zip", suites)
    sealed = tmp_path / "suites.sealed"
    with key_set():
        seal(open_whole(archive), archive, sealed)
        for store in map(open_store, (str(suites), archive, str(sealed))):
            for suite_id, record in RECORDS.items():
                assert store.load(suite_id) == record.suite
                assert store.load(suite_id).digest == record.suite.digest


def test_importing_again_changes_nothing(suites: Path) -> None:
    """The same packages give the same digests."""
    before = {suite_id: DirectoryStore(suites).load(suite_id).digest for suite_id in RECORDS}
    sandbox = LocalSandbox(workers=1)
    for name, folder in AUTHORED.items():
        import_suites(name, folder, suites, sandbox)
    sandbox.close()
    assert {suite_id: DirectoryStore(suites).load(suite_id).digest for suite_id in RECORDS} == before
