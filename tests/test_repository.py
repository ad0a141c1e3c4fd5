"""What must hold for the repository as a whole: import arrows, no traces of a machine, working links, a clean wheel."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("verifier", "sandbox", "testsuites")
MAY_IMPORT = {"verifier": {"verifier", "sandbox", "testsuites"}, "sandbox": {"sandbox"}, "testsuites": {"testsuites"}}
HEAVY = (
    "typer",
    "rich",
    "boto3",
    "hypothesis",
    "docker",
    "numpy",
    "pytest",
    "cosmic_ray",
    "parso",
    "tomlkit",
    "botocore",
    "cryptography",
    "pyarrow",
    "altair",
    "jinja2",
    "vl_convert",
    "aws_lambda_powertools",
)

_NOT_OURS = {".git", ".venv", ".cache", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "__pycache__"}
_MADE_HERE = {"build", "dist"}


def _files(*suffixes: str) -> Iterator[Path]:
    """Every file of the repository with one of these suffixes; any file when there are none."""
    for folder, below, names in os.walk(ROOT):
        skip = _NOT_OURS | (_MADE_HERE if Path(folder) == ROOT else set())
        below[:] = [name for name in below if name not in skip and not Path(folder, name, "pyvenv.cfg").exists()]
        for name in names:
            path = Path(folder, name)
            if not suffixes or path.suffix in suffixes:
                yield path


def _modules(package: str) -> list[Path]:
    """Every module of a package; submissions of the bundled suites are data."""
    return [path for path in (ROOT / package).rglob("*.py") if ROOT / "testsuites" / "bundled" not in path.parents]


def _imports(path: Path) -> set[str]:
    """First names of all that a module imports, at any depth of its code."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(path.relative_to(ROOT).parts[0] if node.level else (node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_downwards_only(package: str) -> None:
    """`sandbox` and `testsuites` import neither `verifier` nor each other."""
    modules = _modules(package)
    assert modules
    forbidden = set(PACKAGES) - MAY_IMPORT[package]
    assert {str(path): found for path in modules if (found := _imports(path) & forbidden)} == {}


@pytest.mark.parametrize("module", ["verifier", "verifier.aws.handler", "sandbox.runner.function", "verifier.fuzzing"])
def test_the_path_of_a_lambda_imports_nothing_heavy(module: str) -> None:
    """Importing the product for a grading call loads no extra."""
    code = f"import sys, {module}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_no_file_names_a_machine() -> None:
    """No path of somebody's home or work folder is left in a file."""
    pattern = re.compile(rb"(?<![\w.])/(?:root|home/[a-z]|work|Users/[A-Za-z])[/\w]")
    traces = {}
    for path in _files():
        found = pattern.search(path.read_bytes())
        if found and path != Path(__file__):
            traces[str(path.relative_to(ROOT))] = found[0]
    assert traces == {}


def test_every_link_of_a_document_leads_somewhere() -> None:
    """Relative links in Markdown name a file that exists, and a heading that is in it."""
    broken = []
    for path in _files(".md"):
        if "submissions" in path.parts:
            continue
        text = re.sub(r"^(`{3,}|~{3,}).*?^\1", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, heading = target.partition("#")
            place = path.parent / name if name else path
            if not place.exists() or (heading and heading not in _headings(place)):
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []


def _headings(document: Path) -> set[str]:
    """Anchors of a Markdown file, made as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_documents_name_modules_that_exist() -> None:
    """A path to code in the documents leads to code of the repository."""
    missing = set()
    for path in [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for name in re.findall(r"`((?:verifier|sandbox|testsuites|tests)/[\w/]+(?:\.py|/))`", path.read_text("utf-8")):
            if not (ROOT / name).exists():
                missing.add(f"{path.name}: {name}")
    assert missing == set()


def test_the_example_of_the_readme_does_what_it_says() -> None:
    """The Python example runs as it stands, and prints what its last comment says."""
    example = re.search(r"^````python\n(.*?)^````$", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert example is not None
    ran = subprocess.run([sys.executable, "-c", example[1]], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == example[1].rpartition("# ")[2]


def test_the_changelog_has_this_version() -> None:
    """The version of pyproject.toml is the first one in CHANGELOG.md."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    first = re.search(r"^## \[?(\d[^\]\s]*)", (ROOT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    assert first is not None
    assert first[1] == version


def test_the_wheel_holds_the_packages_and_no_tests(tmp_path: Path) -> None:
    """Three packages, the bundled samples and the licence ride in the wheel; tests and documents stay behind."""
    builder = pytest.importorskip("hatchling.builders.wheel")
    built = next(builder.WheelBuilder(str(ROOT)).build(directory=str(tmp_path)))
    names = zipfile.ZipFile(built).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    expected = {str(path.relative_to(ROOT)) for package in PACKAGES for path in _modules(package)}
    assert expected <= set(names)
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
