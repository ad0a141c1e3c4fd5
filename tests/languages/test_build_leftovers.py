"""What is looked for after a build where nothing keeps it from making names: as in a runner on Lambda."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import languages
from tests.languages.needs import need
from tests.languages.script_language import FOLDER, OF_ITS_OWN
from tests.sandbox import ordinary_user
from tests.sandbox.judge import Judge
from tests.sandbox.running import OVER_THE_FLOOR

HELLO = '#include <stdio.h>\nint main(void) { puts("made"); }'


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """Start a judge as an ordinary user with the floor alone, whose /tmp belongs to the sandbox."""
    if ordinary_user.missing():
        pytest.skip(ordinary_user.missing())
    settings = {languages.FOLDER: str(FOLDER), "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9"}
    prefix = ordinary_user.command()
    with Judge(*prefix, without=OVER_THE_FLOOR, holds_no_secrets=True, **settings) as judge:
        yield judge


def test_a_builds_own_folder_is_nobodys_litter(judge: Judge) -> None:
    """It is there when others look around, and gone when they look again."""
    need("c")
    for _ in range(2):
        told = judge.tell(HELLO, language="c")
        assert (told["status"], told["stdout"], told["anomalies"]) == ("finished", "made\n", [])


def test_what_a_build_leaves_elsewhere_is_found(judge: Judge) -> None:
    """Folders and files alike; they are removed, and nothing of them is there for the next."""
    script = "mkdir -p /tmp/left/deep; touch /tmp/left/file /tmp/left-too; exit 1"
    told = judge.tell(script, language=OF_ITS_OWN)
    assert (told["status"], told["anomalies"]) == ("not_run", ["files"])
    told = judge.tell("ls /tmp | grep -e '^left' -e '^rlvr-build-'; exit 1", language=OF_ITS_OWN)
    assert {name[:11] for name in told["build"].split()} == {"rlvr-build-"}
    assert told["anomalies"] == []


def test_what_a_build_leaves_running_is_ended(judge: Judge) -> None:
    """It has the judge's user there, and no layer."""
    told = judge.tell("setsid sleep 60 & exit 1", language=OF_ITS_OWN)
    assert told["anomalies"] == ["processes"]


def test_what_a_program_leaves_is_found_as_after_one_in_python(judge: Judge) -> None:
    """It was built, and then it made a folder."""
    need("c")
    told = judge.tell('#include <sys/stat.h>\nint main(void) { return mkdir("/tmp/left", 0700); }', language="c")
    assert (told["status"], told["anomalies"]) == ("finished", ["files"])
