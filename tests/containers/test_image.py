"""The image is small, quick, readable by all, written to by none, the same each time, and does its four jobs."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.aws.contract import results_of
from tests.aws.events import RIGHT, WRONG, shape_a
from tests.containers.engine import ROOT, Engine
from tests.containers.image import NAME, OURS, build, built_image, docker, inspect, post, run, running
from tests.containers.tiers import LAMBDA_EPERM
from verifier.image.wheels import download_wheels

BUNDLED = ROOT / "testsuites" / "bundled"
READ_ONLY = ("--read-only", "--tmpfs=/tmp:exec")
EMULATED = "verifier.lambda_handler"

MAX_ADDED_BYTES = 250e6
MAX_IMPORT_SECONDS = 0.150

# Prints how much processor time a process needs that does what is asked; the median of five.
COST = """
import os, statistics, subprocess, sys
found = []
for _ in range(5):
    before = os.times()
    subprocess.run([sys.executable, "-c", sys.argv[1]], check=True)
    after = os.times()
    found.append(after.children_user + after.children_system - before.children_user - before.children_system)
print(statistics.median(found))
"""

# Prints what lies below /opt that an ordinary user could change, or could not read.
LOOK = """
import json, os, stat
wrong = []
for folder, below, names in os.walk("/opt"):
    for path in [folder, *(os.path.join(folder, name) for name in below + names)]:
        found = os.lstat(path)
        needed = 0o555 if stat.S_ISDIR(found.st_mode) else 0o444
        if not stat.S_ISLNK(found.st_mode) and (found.st_mode & 0o022 or found.st_mode & needed != needed):
            wrong.append(path)
        if (found.st_uid, found.st_gid) != (0, 0):
            wrong.append(path)
print(json.dumps(wrong))
"""

# Prints modules without a compiled one that is taken as it is (PEP 552: flags 1), and how many there are.
COMPILED = """
import importlib.util, json, pathlib
modules = list(pathlib.Path("/opt/verifier/lib").rglob("*.py"))
flags = {}
for module in modules:
    compiled = pathlib.Path(importlib.util.cache_from_source(module))
    flags[str(module)] = int.from_bytes(compiled.read_bytes()[4:8], "little") if compiled.exists() else None
print(json.dumps([len(modules), [module for module, found in flags.items() if found != 1]]))
"""

SUITE_FILES = """
import os
for folder, below, names in os.walk("/"):
    below[:] = [name for name in below if os.path.join(folder, name) not in ("/proc", "/sys")]
    for name in names:
        if name in ("suite.toml", "suite.json"):
            print(os.path.join(folder, name))
"""


# Succeeds as soon as somebody listens on port 8123.
LISTENS = """
import socket, time
for _ in range(100):
    if not socket.socket().connect_ex(("127.0.0.1", 8123)):
        break
    time.sleep(0.05)
else:
    raise SystemExit(1)
"""


@pytest.fixture(scope="module")
def image(docker_engine: Engine) -> str:
    """Return the name of the image."""
    return built_image()


@pytest.fixture(scope="module")
def grader(image: str, docker_engine: Engine) -> Iterator[str]:
    """Build an image with the bundled suites, whose first steps are those of the other one."""
    tag = f"{NAME}-suites:{image.rpartition(':')[2]}"
    built = build(f"--tag={tag}", f"--base-image={docker_engine.image}", f"--suites={BUNDLED}", "--json")
    assert built.returncode == 0, built.stderr
    assert json.loads(built.stdout)["holds_suites"] is True
    assert "never for a runner" in built.stderr
    yield tag
    docker("image", "rm", tag)


def python(image: str, code: str, *arguments: str) -> Any:
    """Run Python in the image and return the JSON that it prints."""
    ran = run(image, "python", "-c", code, *arguments)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_it_adds_less_than_250_mb_to_its_base(image: str, docker_engine: Engine) -> None:
    """Uncompressed, as the engine counts."""
    assert inspect(image, ".Size") - inspect(docker_engine.image, ".Size") < MAX_ADDED_BYTES


@pytest.mark.parametrize("module", ["verifier", "sandbox.runner"])
def test_a_handler_is_imported_in_less_than_150_ms(image: str, module: str) -> None:
    """Processor time of a process that does nothing else, its interpreter included: other load does not count."""
    assert python(image, COST, f"import {module}; {module}.lambda_handler") < MAX_IMPORT_SECONDS


def test_everyone_may_read_it_and_nobody_may_change_it(image: str) -> None:
    """Lambda runs it as a user of its own, and a program must not change what judges it."""
    assert python(image, LOOK) == []


def test_every_module_is_compiled(image: str) -> None:
    """And is used without a look at its source, whose time is not the one at which it was compiled."""
    modules, others = python(image, COMPILED)
    assert modules > 500
    assert others == []


def test_it_holds_no_suites(image: str) -> None:
    """No file of a suite anywhere, and no setting that names some."""
    assert run(image, "python", "-c", SUITE_FILES).stdout == ""
    assert not [variable for variable in inspect(image, ".Config.Env") if variable.startswith("VERIFIER_SUITES")]


def test_it_holds_suites_where_they_are_asked_for(grader: str) -> None:
    """The suites and nothing that lies beside them; the handler finds them; the example of the documents is graded."""
    found = {path.rpartition("/")[0] for path in run(grader, "python", "-c", SUITE_FILES).stdout.split()}
    assert found == {f"/opt/suites/{path.parent.name}" for path in BUNDLED.glob("*/suite.*")}
    assert python(grader, LOOK) == []
    beside = (
        "import json, pathlib; print(json.dumps(sorted({p.name for p in pathlib.Path('/opt/suites').glob('*/*')})))"
    )
    assert set(python(grader, beside)) <= {"suite.toml", "suite.json", "tests"}
    event = json.loads((ROOT / "examples" / "event.json").read_text())
    with running(grader) as container:
        reply = results_of(post(container, event), [sample["id"] for sample in event])
    assert {result["aggregate_reward_score"] for result in reply} > {1.0}


def test_docker_alone_makes_the_same_layers(image: str, docker_engine: Engine, tmp_path: Path) -> None:
    """`docker build` in another checkout, with nothing that the engine remembers: equal to the last byte.

    It finds wheels there, since the tests' base has no pip to download them.
    """
    for name in OURS.sources():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(OURS.root / name, tmp_path / name)
    (tmp_path / "container" / "wheels").mkdir()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}[inspect(image, ".Architecture")]
    download_wheels(OURS, tmp_path / "container" / "wheels", python="3.11", machine=machine)
    tag = f"{NAME}-again:{image.rpartition(':')[2]}"
    base = f"--build-arg=BASE_IMAGE={docker_engine.image}"
    dockerfile = f"--file={tmp_path / 'container' / 'Dockerfile'}"
    built = docker("build", "--no-cache", "--network=none", f"--tag={tag}", base, dockerfile, str(tmp_path))
    try:
        assert built.returncode == 0, built.stderr
        assert inspect(tag, ".Id") != inspect(image, ".Id")  # so it was built again
        assert inspect(tag, ".RootFS.Layers") == inspect(image, ".RootFS.Layers")
    finally:
        docker("image", "rm", tag)


def test_it_says_what_it_is(image: str) -> None:
    """Its labels are those of the project, and so is the version that it prints."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    labels = inspect(image, ".Config.Labels")
    assert labels["org.opencontainers.image.title"] == project["name"]
    assert labels["org.opencontainers.image.version"] == project["version"]
    assert labels["org.opencontainers.image.licenses"] == project["license"]
    assert run(image, "--version").stdout.strip() == project["version"]


def test_the_command_line_works_on_a_root_that_is_read_only(image: str) -> None:
    """With a /tmp, as on Lambda and in DockerSandbox; everything that the default requires holds there."""
    doctor = run(image, "doctor", "--json", options=READ_ONLY)
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert all(probe["ok"] for probe in json.loads(doctor.stdout) if probe["required"])


def test_the_handler_grades_as_it_would_on_lambda(image: str) -> None:
    """Under the emulator, on a root that is read-only, with the filter and limits that were reported of Lambda."""
    options = (*LAMBDA_EPERM.options, "--env=VERIFIER_REQUIRE=floor")
    with running(image, EMULATED, options=options) as container:
        reply = results_of(post(container, shape_a([RIGHT, WRONG])), ["s-0", "s-1"])
    right, wrong = (result["aggregate_reward_score"] for result in reply)
    assert right == 1.0
    assert wrong < 0


def test_nothing_is_written_outside_tmp(image: str) -> None:
    """After a grading by root, on a root that could be written to, files of /tmp alone differ from the image's."""
    with running(image, options=("--user=0:0",)) as container:
        results_of(post(container, shape_a([RIGHT])), ["s-0"])
        changed = [line.split(maxsplit=1)[1] for line in docker("diff", container).stdout.splitlines()]
    assert [path for path in changed if path != "/tmp" and not path.startswith("/tmp/")] == []


def test_the_handler_runs_in_the_runtime_client_where_lambda_is(image: str) -> None:
    """With AWS_LAMBDA_RUNTIME_API, no emulator is started: the client asks that address, where nobody is."""
    ran = run(image, options=("--env=AWS_LAMBDA_RUNTIME_API=127.0.0.1:1",))
    assert ran.returncode == 1
    assert "awslambdaric" in ran.stderr


def test_the_emulator_takes_options_after_the_handler(image: str) -> None:
    """Such as another address, for which the default one is free then."""
    elsewhere = ("--runtime-interface-emulator-address", "127.0.0.1:8123")
    with running(image, EMULATED, *elsewhere) as container:
        assert docker("exec", container, "/opt/verifier/bin/python", "-c", LISTENS).returncode == 0


def test_a_handler_without_an_emulator_is_an_error(image: str) -> None:
    """The message says what is missing."""
    ran = run(image, EMULATED, options=("--env=VERIFIER_RIE=/dev/null",))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(
        "error: verifier.lambda_handler needs AWS Lambda or its emulator, and /dev/null is not"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "wanted"),
    [
        pytest.param(["python", "-c", "print(6 * 7)"], 0, "42\n", id="python"),
        pytest.param(["--help"], 0, "Usage: verifier", id="an option"),
        pytest.param(["grade", "a.b/c", "d.jsonl"], 2, "error: ", id="a command"),
        pytest.param(["./a.b"], 2, "No such command './a.b'", id="a path"),
        pytest.param(["a-b.c"], 2, "No such command 'a-b.c'", id="a dash"),
    ],
)
def test_other_arguments_go_to_python_or_the_command_line(
    image: str, arguments: list[str], code: int, wanted: str
) -> None:
    """A handler is a name with a dot, and neither a slash nor a dash."""
    ran = run(image, *arguments)
    assert ran.returncode == code
    assert wanted in ran.stdout + ran.stderr


def test_nothing_is_imported_from_the_working_folder(image: str) -> None:
    """A file that a program leaves in /tmp cannot take a module's place."""
    planted = "open('/tmp/msgspec.py', 'w').write('raise SystemExit(7)'); import subprocess, sys; "
    planted += "sys.exit(subprocess.run([sys.executable, '-m', 'verifier', '--version']).returncode)"
    assert run(image, "python", "-c", planted, options=("--workdir=/tmp",)).returncode == 0
