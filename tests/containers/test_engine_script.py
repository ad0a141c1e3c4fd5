"""`.ci/docker`, run from a copy of its own so that the engine of this run's other tests is left alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.containers.engine import ROOT, Engine

NOWHERE = "unix:///nonexistent/docker.sock"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that looks to the script like the repository."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "docker", tmp_path / ".ci" / "docker")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(folder: Path, step: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one step of the script, with no engine named but by `environment`."""
    inherited = {name: value for name, value in os.environ.items() if name != "DOCKER_HOST"}
    return subprocess.run(
        [folder / ".ci" / "docker", step],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def runs(folder: Path) -> bool:
    """Whether a process has that folder's data folder in its arguments."""
    wanted = os.fsencode(folder / "build" / "docker" / "data")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "cmdline").read_bytes().split(b"\0"):
                return True
        except OSError:  # it has ended
            continue
    return False


def test_an_engine_that_is_named_and_gone_is_not_replaced(folder: Path) -> None:
    """Whoever names an engine gets that one or an error."""
    started = run(folder, "start", DOCKER_HOST=NOWHERE)
    assert started.returncode == 1
    assert started.stderr == (
        f".ci/docker: no Docker Engine answers at DOCKER_HOST={NOWHERE}; unset it to have one started\n"
    )
    assert not (folder / "build").exists()


def test_the_image_is_named_by_what_it_is_made_of(folder: Path) -> None:
    """Another dependency makes another image; an edit elsewhere in the project does not."""
    before = run(folder, "env").stdout
    project = folder / "pyproject.toml"
    project.write_text(project.read_text().replace("strict = true", "strict = false"))
    assert run(folder, "env").stdout == before
    project.write_text(project.read_text().replace('"psutil>=5.9"', '"psutil>=6"'))
    assert run(folder, "env").stdout != before


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("dockerd", path="/usr/sbin:/usr/bin"), reason="needs root")
def test_an_engine_is_started_and_removed_beside_another(docker_engine: Engine, folder: Path) -> None:
    """The engine that was started answers until it is stopped; then nothing is left of it, and others go on."""
    started = run(folder, "start")
    assert started.returncode == 0, started.stderr
    if "of our own" not in started.stdout:
        pytest.skip("the host has an engine, so none is started")
    try:
        named = dict(line.split("=", 1) for line in run(folder, "env").stdout.splitlines())
        own = Engine(host=named["DOCKER_HOST"], image=named["VERIFIER_TEST_IMAGE"])
        assert own.host != docker_engine.host
        assert own.missing().startswith("image missing")  # so it answers, and shares no data with the other
        assert runs(folder)
    finally:
        stopped = run(folder, "stop")
    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (0, "", "")
    assert not runs(folder)
    assert not (folder / "build" / "docker").exists()
    assert not Path(own.host.removeprefix("unix://")).parent.exists()
    assert docker_engine.missing() == ""
