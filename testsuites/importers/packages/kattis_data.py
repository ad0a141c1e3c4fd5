"""The tests of a Kattis package: pairs of files below `data/sample` and `data/secret`, in groups, which are folders."""

from __future__ import annotations

from collections.abc import Iterator

from testsuites.importers.packages.package import Package
from testsuites.model import StdioTest

SAMPLE, SECRET = "data/sample", "data/secret"


def test_paths(package: Package) -> list[str]:
    """Return the paths of all tests without suffix: samples first, each folder's by name, as the format orders them.

    Raises:
        ValueError: a file has no twin, a test takes files or arguments, or there is no secret test.
    """
    samples, secrets = (list(_in_folder(package, folder)) for folder in (SAMPLE, SECRET))
    if not secrets:
        raise ValueError(f"{SECRET}: there are no tests")
    return samples + secrets


def read_tests(package: Package, paths: list[str]) -> tuple[StdioTest, ...]:
    """Return the tests at these paths. They are called `sample/NAME` and `secret/GROUP/NAME`.

    Raises:
        SuiteInvalid: one cannot be read, or they are too large.
    """
    texts = package.tests([f"{path}{suffix}" for path in paths for suffix in (".in", ".ans")])
    return tuple(
        StdioTest(
            stdin=texts[f"{path}.in"],
            stdout=texts[f"{path}.ans"],
            name=path.removeprefix("data/"),
            group=_group(path),
        )
        for path in paths
    )


def _in_folder(package: Package, folder: str) -> Iterator[str]:
    given = next((path for path in package.below(folder) if ".files/" in path), None)
    if given is not None:
        raise ValueError(f"{given}: programs that read files are not run")
    for path in package.below(folder, ".ans"):
        if path.removesuffix(".ans") + ".in" not in package:
            raise ValueError(f"{path}: there is no .in beside it")
    found = [path.removesuffix(".in") for path in package.below(folder, ".in")]
    for path in sorted(found, key=lambda path: path.split("/")):
        if f"{path}.ans" not in package:
            raise ValueError(f"{path}.in: there is no .ans beside it")
        yield path


def _group(path: str) -> str | None:
    """Return the folder right below `data/secret` that a test is in; all tests below it count together."""
    folder, *below = path.removeprefix(f"{SECRET}/").split("/")
    return f"secret/{folder}" if path.startswith(f"{SECRET}/") and below else None
