"""Packages that mean harm or are broken: whatever their files hold, each gives one record, and nothing grows."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.packages.making import KATTIS, POLYGON, SMALLEST, put, reason, record, zipped
from testsuites.errors import SuiteInvalid
from testsuites.importers import Imported, Rejected
from testsuites.importers.packages.package import Package
from testsuites.importers.packages.xml_text import read_xml
from testsuites.importers.packages.yaml_text import read_yaml

LAUGHS = """<!DOCTYPE problem [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<problem><judging>&c;</judging></problem>"""
OUTSIDE = '<!DOCTYPE problem [<!ENTITY a SYSTEM "file:///etc/hostname">]><problem>&a;</problem>'
BARE = '<!DOCTYPE problem SYSTEM "http://127.0.0.1/a.dtd"><problem/>'
ALIASES = "a: &a [ha, ha, ha, ha]\nb: &b [*a, *a, *a, *a]\nname: [*b, *b, *b, *b]\n"

WORDS = st.sampled_from(
    ["problem", "judging", "testset", "tests", "test", "<", ">", "/", '="', '"', "&", "<!", "]]>", "%"]
)
YAML = st.sampled_from(
    ["name", ": ", "- ", "[", "]", "{", "}", "&a ", "*a", "!!bool ", "!!int ", "!!python/name:os ", "\n"]
)


def one_file(data: bytes) -> Package:
    """Return a package of one file `f`."""
    return Package("p", {"f": len(data)}, lambda _: data)


@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE, BARE])
def test_a_document_type_is_refused(tmp_path: Path, text: str) -> None:
    """Before an entity is looked at, whether it would grow, name a file, or ask the network."""
    assert reason("polygon", put(tmp_path / "a", POLYGON | {"problem.xml": text})) == (
        "problem.xml: has a document type, which is not read; remove it"
    )


def test_entities_grow_where_they_are_read() -> None:
    """Python's own parser multiplies a text by sixteen in two steps: what the refusal is for."""
    assert ElementTree.fromstring(LAUGHS).findtext("judging") == "ha" * 16  # noqa: S314 - shows the attack


def test_aliases_are_refused(tmp_path: Path) -> None:
    """PyYAML's safe loader reads them: what a file says grows fourfold with each of its lines."""
    assert str(yaml.safe_load(ALIASES)["name"]).count("ha") == 64
    assert reason("kattis", put(tmp_path / "a", KATTIS | {"problem.yaml": ALIASES})) == (
        "problem.yaml: aliases (*name) are not read; write them out"
    )


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.getcwd []", "!!python/name:os.system ''", "!mine 1"])
def test_yaml_makes_plain_data_only(tmp_path: Path, tag: str) -> None:
    """A tag that makes an object is refused, and nothing of it is quoted."""
    found = reason("kattis", put(tmp_path / "a", KATTIS | {"problem.yaml": f"name: {tag}\n"}))
    assert found == "problem.yaml: not valid YAML (line 1)"


@pytest.mark.parametrize("text", ["- a\n", "1: a\n", "text\n", "a: b: c\n", "a: !!bool x\n", "a: 2020-99-99\n"])
def test_yaml_of_another_shape_is_refused(text: str) -> None:
    """A list, names that are no texts, and values that are none."""
    with pytest.raises(SuiteInvalid, match="f: "):
        read_yaml(one_file(text.encode()), "f")


def test_yaml_has_a_most_of_depth() -> None:
    """A case on either side; PyYAML would take an hour for 64 KiB of brackets, which are refused at once."""
    assert read_yaml(one_file(b"a: " + b"[" * 31 + b"]" * 31), "f").keys() == {"a"}
    for opened in (32, 64_000):
        with pytest.raises(SuiteInvalid, match="f: nested more than 32 deep"):
            read_yaml(one_file(b"a: " + b"[" * opened + b"]" * (opened % 64_000)), "f")


def test_xml_has_a_most_of_depth() -> None:
    """A case on either side."""
    assert read_xml(one_file(b"<a>" * 64 + b"</a>" * 64), "f").tag == "a"
    with pytest.raises(SuiteInvalid, match="f: nested more than 64 deep"):
        read_xml(one_file(b"<a>" * 65 + b"</a>" * 65), "f")


@given(st.one_of(st.binary(), st.lists(WORDS).map(lambda words: " ".join(words).encode())))
def test_any_bytes_are_xml_or_refused(data: bytes) -> None:
    """The parser raises nothing else."""
    with suppress(SuiteInvalid):
        read_xml(one_file(data), "f")


@given(st.one_of(st.binary(), st.lists(YAML).map(lambda words: "".join(words).encode())))
def test_any_bytes_are_yaml_or_refused(data: bytes) -> None:
    """The parser raises nothing else."""
    with suppress(SuiteInvalid):
        read_yaml(one_file(data), "f")


EXTRA = {
    "kattis": [
        "data/test_group.yaml",
        "data/secret/2.yaml",
        "submissions/submissions.yaml",
        "data/secret/g/1.in",
        "data/sample/1.interaction",
        "output_validator/check.py",
    ],
    "polygon": ["statements/english/problem-properties.json", "statements/english/problem.tex", "files/check.py"],
}
FORMATS = st.sampled_from(sorted(SMALLEST))


@settings(max_examples=60)
@given(name=FORMATS, data=st.data(), content=st.binary(max_size=60))
def test_any_file_of_a_package_gives_one_record(name: str, data: st.DataObject, content: bytes) -> None:
    """Whatever one of its files holds, or that it lacks it: a suite or a refusal."""
    files = SMALLEST[name]
    path = data.draw(st.sampled_from(sorted(files) + EXTRA[name]))
    changed = data.draw(st.sampled_from([content, None, (files.get(path, "{}") * 2).encode()]))
    with tempfile.TemporaryDirectory() as folder:
        found = record(name, put(Path(folder, "package"), files | {path: changed} | _marker(path, name, changed)))
    assert isinstance(found, Imported | Rejected)


def _marker(path: str, name: str, changed: bytes | None) -> dict[str, str]:
    """Return the file without which there is no package, where the test took that away."""
    marker = {"kattis": "problem.yaml", "polygon": "problem.xml"}[name]
    return {marker: ""} if path == marker and changed is None else {}


@settings(max_examples=60)
@given(
    name=FORMATS,
    paths=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30), max_size=4),
)
def test_any_names_in_an_archive_give_records_or_a_refusal(name: str, paths: list[str]) -> None:
    """Beside a package's own files: names of any kind are met with a record, or the archive is refused as a whole."""
    files = SMALLEST[name] | {path: "x" for path in paths if path and path not in SMALLEST[name]}
    with tempfile.TemporaryDirectory() as folder:
        archive = zipped(Path(folder, "a.zip"), files)
        with suppress(SuiteInvalid):
            assert isinstance(record(name, archive), Imported | Rejected)


def test_without_pyyaml_the_extra_is_named(tmp_path: Path) -> None:
    """And reading the list of formats imports nothing of it."""
    folder = put(tmp_path / "a", KATTIS)
    program = (
        "import sys; from testsuites.importers import PACKAGE_READERS; assert 'yaml' not in sys.modules\n"
        f"sys.modules['yaml'] = None\nprint([one.reason for one in PACKAGE_READERS['kattis']({str(folder)!r})])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "problem.yaml: needs PyYAML; run: pip install 'rlvr-verifier[packages]'" in done.stdout
