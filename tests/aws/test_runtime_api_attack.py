"""The Lambda Runtime API: open to any program where a grader has no sandbox, and out of reach in this one.

The same programs run under the same emulator, as the same unprivileged user: below a handler as many are written
(`naive_handler`), and below ours, with whatever layers this host lets that user have, and with the floor alone.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from contract import metric, results_of
from events import DOUBLE, RIGHT, sample
from runtime_api_attacks import ENVIRONMENTS, WAYS, Way, forger, thief
from runtime_api_proxy import RuntimeApi

from verifier.aws.emulator import Emulator

PRIVILEGED = os.getuid() == 0
_FIRST_UID = 64951
"""This and those above are nobody's, and outside the range that workers take theirs from."""
_MOST_FUNCTIONS = 8

pytestmark = [
    pytest.mark.emulator,
    pytest.mark.skipif(PRIVILEGED and shutil.which("setpriv") is None, reason="needs setpriv (util-linux)"),
]


class Function(NamedTuple):
    """A Lambda function whose Runtime API counts who comes."""

    emulator: Emulator
    api: RuntimeApi

    def invoke(self, *programs: str, suite: Any = DOUBLE) -> Any:
        """Send one event, a sample for each program, and return the reply."""
        answers = [f"```python\n{program}\n```" for program in programs]
        return self.emulator.invoke([sample(number, answer, suite) for number, answer in enumerate(answers)])


OURS = ("verifier.lambda_handler", "floor_handler.lambda_handler")
RIGHT_PROGRAM = RIGHT.partition("```python\n")[2].partition("```")[0]
HONEST = -0.8
"""What a wrong answer is paid."""


def _as_user(uid: int) -> tuple[str, ...]:
    """Begin a command that runs as an ordinary user. The interpreter may lie in a folder that only root reads."""
    return (
        *("setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"),
        *(f"--{which}=-all,+dac_read_search" for which in ("inh-caps", "ambient-caps", "bounding-set")),
    )


Start = Callable[[str], Function]


@pytest.fixture(scope="module")
def start(emulator_binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start a function by the name of its handler, or find it running. Each has a user of its own, as in Lambda."""
    functions: dict[str, Function] = {}
    first_uid = _FIRST_UID + _MOST_FUNCTIONS * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    with ExitStack() as stack:

        def start(handler: str) -> Function:
            if handler not in functions:
                folder = tmp_path_factory.mktemp("runtime-api")
                api = stack.enter_context(RuntimeApi(folder))
                environment = {"PYTHONPATH": str(Path(__file__).parent), "VERIFIER_WORKERS": "1"}
                with pytest.MonkeyPatch.context() as patch:
                    as_user = _as_user(first_uid + len(functions)) if PRIVILEGED else ()
                    command = api.stand_in(emulator_binary, as_user)
                    patch.setenv("VERIFIER_RIE", str(command))
                    emulator = stack.enter_context(Emulator(environment, handler=handler))
                functions[handler] = Function(emulator, api)
            return functions[handler]

        yield start


def _way(name: str) -> Way:
    if "curl" in name and shutil.which("curl") is None:
        pytest.skip("needs curl")
    return WAYS[name]


@pytest.mark.parametrize("name", WAYS)
def test_without_a_sandbox_the_hidden_tests_are_stolen(start: Start, name: str) -> None:
    """The event is handed out once more, and a program that can solve nothing prints what is expected."""
    way = _way(name)
    function = start(f"naive_handler.{way.naive}")
    function.invoke("print()")
    before = function.api.count()
    reply = function.invoke(thief(way, function.api.port))
    assert reply == [{"id": "s-0", "aggregate_reward_score": 1.0}]
    stolen = len(DOUBLE["inputs"])
    assert function.api.count() - before == Counter({"GET": 1 + stolen, "POST response": 1})


@pytest.mark.parametrize("name", WAYS)
def test_without_a_sandbox_the_reply_is_forged(start: Start, name: str) -> None:
    """The caller receives the program's own words, for its own sample and for every other; the honest reply is late."""
    way = _way(name)
    function = start(f"naive_handler.{way.naive}")
    reply = function.invoke(forger(way, function.api.port), "print('wrong')")
    assert reply == [{"id": f"s-{number}", "aggregate_reward_score": 1.0, "forged": True} for number in range(2)]
    honest = function.invoke("print('wrong')")
    assert honest == [{"id": "s-0", "aggregate_reward_score": -1.0}], "the function is out of order"


@pytest.mark.parametrize("handler", OURS)
@pytest.mark.parametrize("program", [thief, forger])
@pytest.mark.parametrize("name", WAYS)
def test_in_the_sandbox_nothing_reaches_the_runtime_api(
    start: Start, name: str, program: Callable[[Way, int], str], handler: str
) -> None:
    """The program gets its honest reward and so does its neighbour; nobody but the runtime client makes a request."""
    function = start(handler)
    function.invoke("print()")
    api = function.api
    requests, connections = api.count(), api.connections
    reply = function.invoke(program(_way(name), api.port), RIGHT_PROGRAM)
    attacker, neighbour = results_of(reply, ["s-0", "s-1"])
    assert attacker["aggregate_reward_score"] == HONEST
    assert [metric(attacker, which) for which in ("judged", "wrong_answers")] == [1, len(DOUBLE["inputs"])]
    assert neighbour["aggregate_reward_score"] == 1.0
    assert api.count() - requests == Counter({"GET": 1, "POST response": 1})
    assert api.connections == connections


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_no_variable_of_the_function_is_in_reach(start: Start, name: str) -> None:
    """Credentials and addresses are found without the sandbox, and not in it."""
    program = ENVIRONMENTS[name]
    for handler, printed in (("naive_handler.in_subprocess", "found"), *((ours, "nothing") for ours in OURS)):
        (result,) = start(handler).invoke(program, suite={"inputs": [""], "outputs": [printed]})
        assert result["aggregate_reward_score"] == 1.0, handler
