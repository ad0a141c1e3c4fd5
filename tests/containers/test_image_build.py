"""`verifier image build` says in one line what is wrong; what it downloads is pinned for every machine."""

from __future__ import annotations

import contextlib
import re
import runpy
import select
import shutil
import socket
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.engine import ROOT, Engine
from tests.containers.image import NAME, OURS, build, docker
from verifier.image.checkout import Checkout
from verifier.image.errors import ImageError
from verifier.image.wheels import MACHINES, REQUIREMENTS, download_wheels

NOWHERE = "unix:///nonexistent/docker.sock"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of what an image is built from."""
    for name in OURS.sources():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(OURS.root / name, tmp_path / name)
    return tmp_path


def answering(answer: str) -> str:
    """Return a step of a Dockerfile after which `python3` does nothing but answer."""
    return f"echo '{answer}' >/answer && printf '#!/bin/sh\\ncat /answer' >/usr/bin/python3.11"


def error_of(*options: str, folder: Path = ROOT, **environment: str) -> str:
    """Run the command, which must fail, and return the last line that it says."""
    ended = build(*options, folder=folder, **environment)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr
    return ended.stderr.splitlines()[-1]


def test_it_wants_a_checkout(tmp_path: Path) -> None:
    """An installed package holds no Dockerfile; the message says where to run the command."""
    for name in ("verifier", "sandbox", "testsuites"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("bundled", "__pycache__"))
    assert error_of(folder=tmp_path).startswith("error: the image is built from a checkout of rlvr-verifier, and this")


def test_another_project_is_no_checkout(checkout: Path) -> None:
    """A Dockerfile in the same place does not make it one."""
    project = checkout / "pyproject.toml"
    project.write_text(project.read_text().replace('name = "rlvr-verifier"', 'name = "another"'))
    assert "is built from a checkout" in error_of(folder=checkout)


def test_an_engine_that_does_not_answer_is_named() -> None:
    """With what to do."""
    line = error_of(DOCKER_HOST=NOWHERE)
    assert line.startswith(f"error: no Docker Engine answers at {NOWHERE} (")
    assert line.endswith("start one, or let DOCKER_HOST name where one does")


@pytest.mark.usefixtures("docker_engine")
@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--platform=windows/amd64"], "error: platform windows/amd64: name linux/amd64 or linux/arm64"),
        (["--tag=No Name"], "error: tag No Name: name an image as in rlvr-verifier:1.0, in lower case"),
        (["--suites=nowhere"], "error: nowhere: no such directory"),
        (["--suites=docs"], "error: docs: holds no suites; name the folder that holds them"),
        (["--suites=testsuites/bundled/plank-path"], "this is one suite's own folder; give the folder above it"),
    ],
)
def test_an_option_that_cannot_be_used_is_told_before_anything_is_built(options: list[str], wanted: str) -> None:
    """No base image is looked for."""
    assert wanted in error_of("--base-image=rlvr-verifier-tests-nothing:1", *options)


def test_a_suite_that_cannot_be_used_is_no_part_of_an_image(docker_engine: Engine, tmp_path: Path) -> None:
    """It would be found out by the function, sample by sample."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "suite.json").write_text('{"kind": "stdio", "tests": []}')
    assert "broken" in error_of(f"--base-image={docker_engine.image}", f"--suites={tmp_path}")


@pytest.mark.usefixtures("docker_engine")
def test_a_base_image_that_cannot_be_had_is_named() -> None:
    """The engine holds none of that name, and no registry is asked that could."""
    line = error_of("--base-image=localhost:1/nothing:1")
    assert line.startswith("error: the base image localhost:1/nothing:1 is not on this engine, and cannot be pulled: ")
    assert line.endswith("pull or load it, or name another with --base-image")


def test_a_base_image_for_another_machine_is_not_taken(docker_engine: Engine) -> None:
    """The tests' own base is there for this machine only."""
    foreign = {"amd64": "linux/arm64", "arm64": "linux/amd64"}[
        docker("image", "inspect", "--format={{.Architecture}}", docker_engine.image).stdout.strip()
    ]
    line = error_of(f"--base-image={docker_engine.image}", f"--platform={foreign}")
    assert f"the base image {docker_engine.image} for {foreign} is not on this engine" in line


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        pytest.param("rm /usr/bin/python3", "python3 does not run in the base image", id="no Python"),
        pytest.param("rm -r /usr/lib/python3.11/venv", "No module named 'venv'", id="no venv"),
        pytest.param(answering('[[3, 10], "x86_64", "glibc"]'), "has Python 3.10; name one with 3.11", id="old Python"),
        pytest.param(answering('[[3, 13], "x86_64", ""]'), "is x86_64 with another C library; name", id="no glibc"),
        pytest.param(answering('[[3, 13], "riscv64", "glibc"]'), "is riscv64 with glibc; name one", id="a machine"),
    ],
)
def test_a_base_image_that_is_not_fit_is_told(docker_engine: Engine, change: str, wanted: str) -> None:
    """The tests' own base, with something wrong about it; no container of it is left."""
    tag = f"{NAME}-unfit:1"
    made = docker("build", "--network=none", f"--tag={tag}", "-", text=f"FROM {docker_engine.image}\nRUN {change}\n")
    assert made.returncode == 0, made.stderr
    try:
        assert wanted in error_of(f"--base-image={tag}")
        assert docker("ps", "--all", "--quiet", f"--filter=ancestor={tag}").stdout == ""
    finally:
        docker("image", "rm", tag)


def test_a_step_that_fails_is_named_and_its_output_shown(docker_engine: Engine, checkout: Path) -> None:
    """The steps are those of the checkout that is the working folder."""
    dockerfile = checkout / "container" / "Dockerfile"
    steps = "FROM ${BASE_IMAGE} AS build\nRUN echo the reason >&2 && exit 3\n"
    dockerfile.write_text(dockerfile.read_text().replace("FROM ${BASE_IMAGE} AS build\n", steps))
    ended = build(f"--base-image={docker_engine.image}", folder=checkout)
    assert ended.returncode == 2
    *_, output, line = ended.stderr.splitlines()
    assert output == "the reason"
    assert re.fullmatch(
        r"error: the build failed at step \d+ of \d+: RUN echo the reason >&2 && exit 3 "
        r"\(exit code 3, and the end of its output is above\)",
        line,
    )


@contextlib.contextmanager
def proxy_that_breaks(engine: str, at: bytes) -> Iterator[str]:
    """Give the address of something that passes on bytes to an engine and back, until one of its answers says `at`."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, engine.removeprefix("unix://"), at), daemon=True).start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, engine: str, at: bytes) -> None:
    """Take one connection after another."""
    with contextlib.suppress(OSError):  # the server was closed
        while True:
            threading.Thread(target=_pass_on, args=(server.accept()[0], engine, at), daemon=True).start()


def _pass_on(client: socket.socket, engine: str, at: bytes) -> None:
    """Copy in both directions, and end both when one side ends, or at the bytes."""
    with client, socket.socket(socket.AF_UNIX) as there, contextlib.suppress(OSError):
        there.connect(engine)
        while True:
            for source in select.select([client, there], [], [])[0]:
                data = source.recv(65536)
                (there if source is client else client).sendall(data)
                if not data or (source is there and at in data):
                    return


def test_an_engine_that_is_lost_is_told(docker_engine: Engine) -> None:
    """The connection to the real engine breaks while it builds."""
    if not docker_engine.host.startswith("unix://"):
        pytest.skip("the tests' engine is not behind a socket of this machine")
    with proxy_that_breaks(docker_engine.host, at=b"Step 4/") as host:
        line = error_of(f"--base-image={docker_engine.image}", "--tag=rlvr-verifier-tests-lost:1", DOCKER_HOST=host)
    assert line.startswith("error: the engine did not finish the build: ")


def test_a_wheel_that_is_not_the_pinned_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index is a folder of this test; what it holds has another hash."""
    (tmp_path / "container").mkdir()
    for name in REQUIREMENTS:
        (tmp_path / "container" / name).write_text("")
    (tmp_path / "container" / REQUIREMENTS[0]).write_text(f"forged==1 --hash=sha256:{'0' * 64}\n")
    (tmp_path / "index").mkdir()
    with zipfile.ZipFile(tmp_path / "index" / "forged-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("forged-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: forged\nVersion: 1\n")
        wheel.writestr("forged-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("forged-1.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    (tmp_path / "wheels").mkdir()
    with pytest.raises(ImageError, match=r"(?s)cannot be downloaded; pip wrote:.*DO NOT MATCH THE HASHES"):
        download_wheels(Checkout(tmp_path, "1"), tmp_path / "wheels", python="3.13", machine="x86_64")
    assert list((tmp_path / "wheels").iterdir()) == []


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("machine", MACHINES)
def test_every_requirement_has_a_wheel_for_every_machine(tmp_path: Path, python: str, machine: str) -> None:
    """One for each pin, with a hash that is pinned; none is left out, nor taken from a source distribution."""
    download_wheels(OURS, tmp_path, python=python, machine=machine)
    found = {re.split(r"-\d", path.name)[0].replace("_", "-").lower() for path in tmp_path.iterdir()}
    assert found == {name for pins in map(pinned, REQUIREMENTS) for name in pins}


def pinned(name: str) -> set[str]:
    """Return the packages that a file of container/ pins for Linux."""
    lines = (ROOT / "container" / name).read_text().splitlines()
    return {line.partition("==")[0] for line in lines if line[0].isalpha() and "'win32'" not in line}


def test_the_requirements_are_those_of_the_project() -> None:
    """What pyproject.toml demands for Lambda and the command line is what the pins are made from, and is pinned."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = ("cli", "lambda", "aws", "health", "seal")
    demanded = {*project["dependencies"], *(demand for extra in wanted for demand in extras[extra])}
    lines = (ROOT / "container" / "requirements.in").read_text().splitlines()
    assert {line for line in lines if not line.startswith("#")} == demanded
    assert {re.split(r"[>=<]", demand)[0] for demand in demanded} <= pinned("requirements.txt")


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_pins_name_no_index(name: str) -> None:
    """Whoever builds has an index of their own."""
    text = (ROOT / "container" / name).read_text()
    assert "://" not in text
    assert "--index" not in text.partition("\n")[2].replace("--no-emit-index-url", "")


def test_the_packages_of_an_image_are_those_that_its_languages_name() -> None:
    """Sorted, each once; Python needs none; an unknown name ends the build with those that there are."""
    step = runpy.run_path(str(ROOT / "container" / "packages.py"))
    folder = ROOT / "sandbox" / "languages"
    assert step["packages_of"](folder, ["python"]) == []
    assert step["packages_of"](folder, ["typescript", "python", "cpp", "c"]) == [
        "g++",
        "gcc",
        "libc6-dev",
        "node-typescript",
    ]
    with pytest.raises(SystemExit, match="LANGUAGES: no language is called 'cobol'; there are bash, c, cpp"):
        step["packages_of"](folder, ["python", "cobol"])
