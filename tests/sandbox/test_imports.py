"""Which modules are there when a program starts: those that its text names, and what a package does meanwhile."""

from __future__ import annotations

import json
import site
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Job, Limits, LocalSandbox, Program, Status, Stdin
from tests.sandbox.judge import ROOT
from tests.sandbox.processes import alive
from tests.sandbox.running import build, run_whole

PACKAGES = {
    "plain/__init__.py": "",
    "plain/sub.py": "",
    "plain/__main__.py": "",
    "plain/deep/__init__.py": "",
    "plain/deep/er.py": "from . import neighbour",
    "plain/deep/neighbour.py": "",
    "lazy/__init__.py": (
        "import importlib\ndef __getattr__(name):\n    if name in ('part', 'other'):\n"
        "        return importlib.import_module('lazy.' + name)\n    raise AttributeError(name)"
    ),
    "lazy/part/__init__.py": "from lazy import __getattr__ as _get\ndef __getattr__(name): return _get(name)",
    "lazy/other.py": "",
    "exits.py": "raise SystemExit(0)",
    "interrupts.py": "raise KeyboardInterrupt",
    "ends.py": "import os\nos._exit(0)",
    "prints.py": "import os, sys\nprint('noise', flush=True)\nos.write(1, b'noise')\nprint('noise', file=sys.stderr)",
    "spins.py": "while True: pass",
    "sleeps.py": "import time\ntime.sleep(60)",
    "hoards.py": "hoard = b'x' * (1 << 31)",
    "forks.py": (
        "import os, time\npid = os.fork()\nif pid == 0:\n    os.setsid()\n    time.sleep(60)\n    os._exit(0)"
    ),
    "user.py": "import os\nuid = os.getuid()",
    "reads.py": "import sys\nline = sys.stdin.read()",
}
"""Installed packages, well behaved and not."""

LOAD = """
import json, opcode, sys
folder, packages, source = sys.argv[1:]
sys.path.insert(0, folder)
from inside import imports
imports.use({name: opcode.opmap[name] for name in imports.OPCODES if name in opcode.opmap})
sys.path[0] = packages
before = set(sys.modules)
imports.load(compile(source, 'solution.py', 'exec'))
print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder that holds `PACKAGES`."""
    folder = tmp_path_factory.mktemp("packages")
    folder.chmod(0o755)
    for name, text in PACKAGES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def installed(packages: Path) -> Iterator[LocalSandbox]:
    """Make a sandbox whose interpreter has them installed, and that has no process numbers of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "getsitepackages", lambda: [str(packages)])
        with LocalSandbox(workers=1, without=("namespaces",)) as sandbox:
            assert run_whole(sandbox, "import plain").status is Status.FINISHED
            yield sandbox


def _loaded(packages: Path, source: str) -> set[str]:
    """Modules that `imports.load` loads for a program, in an interpreter of its own."""
    command = [sys.executable, "-S", "-P", "-B", "-c", LOAD, str(ROOT / "sandbox"), str(packages), source]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(json.loads(ran.stdout))


NAMED = {
    "import": ("import plain", {"plain"}, {"plain.sub"}),
    "submodule": ("import plain.sub", {"plain", "plain.sub"}, {"plain.deep"}),
    "alias": ("import plain.sub as name", {"plain.sub"}, set()),
    "several": ("import plain.sub, lazy.other", {"plain.sub", "lazy.other"}, set()),
    "from, a submodule": ("from plain import sub", {"plain.sub"}, set()),
    "from, a deep one": ("from plain.deep import er as e", {"plain.deep.er", "plain.deep.neighbour"}, {"plain.sub"}),
    "from, everything": ("from plain.deep import *", {"plain.deep"}, {"plain.deep.er"}),
    "relative": ("from . import plain\nfrom .plain import sub\nfrom .. import lazy", set(), {"plain", "lazy"}),
    "in a function": ("def f():\n    import plain.sub", {"plain.sub"}, set()),
    "in a branch not taken": ("try: import missing\nexcept ImportError: import plain.sub", {"plain.sub"}, set()),
    "in a string": ("exec('import plain')", set(), {"plain"}),
    "__import__": ("__import__('plain.sub')", {"plain.sub"}, set()),
    "import_module": ("from importlib import import_module\nimport_module('plain.sub')", {"plain.sub"}, set()),
    "importlib.import_module": ("import importlib as i\ni.import_module('plain')", {"plain"}, set()),
    "a name made up": ("__import__('pla' + str('in'))\n__import__(name)\n__import__(5)", set(), {"plain"}),
    "encode": ("'x'.encode('cp1252')", {"encodings.cp1252"}, {"encodings.cp1250"}),
    "decode by an alias": ("b'x'.decode('Windows-1250')", {"encodings.cp1250"}, set()),
    "encoding named": ("open(0, encoding='iso8859-15')", {"encodings.iso8859_15"}, set()),
    "no codec": ("'x'.encode('../plain')\n'x'.encode('no such')", set(), {"plain"}),
    "strptime": ("import datetime\ndatetime.datetime.strptime", {"_strptime"}, set()),
    "threads of asyncio": ("import asyncio\nasyncio.to_thread", {"concurrent.futures.thread"}, set()),
    "lazy": ("import lazy\nlazy.part.x", {"lazy.part"}, {"lazy.other"}),
    "lazy, by an alias": ("import lazy as l\nl.other", {"lazy.other"}, {"lazy.part"}),
    "lazy, twice": ("import lazy\nlazy.part.other", {"lazy.part", "lazy.other"}, set()),
    "lazy, not imported": ("import plain\nlazy.part", {"plain"}, {"lazy", "lazy.part"}),
    "one that raises": ("import exits, interrupts, plain", {"plain"}, {"exits", "interrupts"}),
    "main modules": ("import plain.__main__\nfrom plain import __main__", {"plain"}, {"plain.__main__"}),
    "refused": (
        "import verifier, sandbox.local, antigravity, idlelib.idle, turtledemo, test.support, testsuites, plain",
        {"plain"},
        {"verifier", "sandbox", "antigravity", "idlelib", "turtledemo", "test", "testsuites", "webbrowser"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_what_the_text_names_is_loaded_and_nothing_else(packages: Path, name: str) -> None:
    """Every way to name a module; what is not named, or is not for programs, stays out."""
    source, there, absent = NAMED[name]
    loaded = _loaded(packages, source)
    assert there <= loaded
    assert not absent & loaded


def test_numpy_loads_the_parts_that_are_touched(packages: Path) -> None:
    """A real package with lazy parts."""
    pytest.importorskip("numpy")
    folder = Path(str(sys.modules["numpy"].__file__)).parent.parent
    assert "numpy.fft" in _loaded(folder, "import numpy as np\nnp.fft.fft([1])")


@pytest.mark.parametrize("module", ["exits", "interrupts", "hoards"])
def test_a_package_that_raises_is_missing_and_harms_nobody(installed: LocalSandbox, module: str) -> None:
    """Whatever it raises, the program starts, and meets an ImportError where it imports it."""
    source = f"try:\n    import {module}\nexcept ImportError:\n    print('missing')\nimport plain.sub\nprint(plain.sub)"
    run = run_whole(installed, source)
    assert run.status is Status.FINISHED
    assert run.stdout.startswith(b"missing\n<module 'plain.sub'")


@pytest.mark.parametrize("module", ["ends", "spins", "sleeps"])
def test_a_package_that_never_ends_or_ends_all_is_a_failed_build(installed: LocalSandbox, module: str) -> None:
    """It costs the build's limit, and the next program is served by the same worker."""
    limits = Limits(build_seconds=0.3)
    job = Job(program=Program(source=f"import {module}\nprint(1)"), inputs=(Stdin(b""),), limits=limits)
    outcome = installed.run(job)
    assert not outcome.build.ok
    assert "a module that it names" in outcome.build.message
    assert [run.status for run in outcome.runs] == [Status.NOT_RUN]
    assert run_whole(installed, "print(1)").stdout == b"1\n"


def test_what_a_package_prints_is_not_the_programs(installed: LocalSandbox) -> None:
    """Neither stream shows it, by whatever way it was written."""
    run = run_whole(installed, "import prints\nprint(1)")
    assert (run.stdout, run.stderr_tail) == (b"1\n", b"")


def test_a_package_cannot_read_the_programs_input(installed: LocalSandbox) -> None:
    """What a module reads while it loads is empty, and the program finds all of its input."""
    run = run_whole(installed, "import reads\nprint([reads.line], input())", b"hidden")
    assert run.stdout == b"[''] hidden\n"


def test_a_process_that_a_package_started_is_killed_with_the_program(installed: LocalSandbox) -> None:
    """Modules are loaded inside the tree that dies with the run."""
    run = run_whole(installed, "import forks\nprint(forks.pid)")
    assert not alive(int(run.stdout))


def test_packages_load_as_the_candidates_user(installed: LocalSandbox) -> None:
    """No module runs with a privilege that its program has not."""
    run = run_whole(installed, "import os, user\nprint(os.getuid() == user.uid)")
    assert run.stdout == b"True\n"


def test_a_module_that_was_not_named_comes_too_late(installed: LocalSandbox) -> None:
    """The message says what to do; a module that is built in still loads."""
    run = run_whole(installed, "name = 'pla' + str('in')\n__import__('marshal')\n__import__(name)")
    assert run.error == "ModuleNotFoundError"
    assert "name it in an import statement" in run.stderr_tail.decode()


@pytest.mark.parametrize("name", ["inside", "inside.values", "sandbox", "verifier"])
def test_the_packages_of_the_judge_cannot_be_imported(installed: LocalSandbox, name: str) -> None:
    """The code around a candidate is no module that a program could take for its own."""
    run = run_whole(installed, f"import {name}")
    assert run.error == "ModuleNotFoundError"


def test_a_folder_that_anybody_may_write_to_holds_no_packages(
    packages: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What a candidate could plant is never on the path; nor is a folder that does not exist."""
    (tmp_path / "planted.py").write_text("")
    monkeypatch.setattr(site, "getsitepackages", lambda: [str(tmp_path), str(tmp_path / "missing"), str(packages)])
    for mode, error in ((0o755, None), (0o777, "ModuleNotFoundError")):
        tmp_path.chmod(mode)
        with LocalSandbox(workers=1) as sandbox:
            assert build(sandbox, "import planted, plain").runs[0].error == error
