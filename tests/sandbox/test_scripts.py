"""Scripts: trusted test code in one process calls a program in another, and only plain data passes between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import Call, Limits, LocalSandbox, Program, Run, Status
from sandbox.local import PartEnd, Script, ScriptBroken, ScriptOutcome
from sandbox.local.scripts import Answer
from tests.sandbox.processes import below, come_true, descriptors, zygotes
from tests.sandbox.running import QUICK

FAR_SIDE = '''
class AlwaysEqual:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 1
    def __lt__(self, other): return True
    def __getattr__(self, name): return self
    def __call__(self, *args): return self
    def __iter__(self): return iter([self])
    def __len__(self): return 1
class Empty(AlwaysEqual):
    def __len__(self): return 0
class Plain: pass
class Mine(KeyError): pass
class Liar(int):
    def __eq__(self, other): return True
def f(act):
    """Run a statement, or return what an expression is worth."""
    try:
        code = compile(act, "act", "eval")
    except SyntaxError:
        exec(act)
    else:
        return eval(code)
def double(number, *, plus=0): return number * 2 + plus
'''
"""The program that the scripts of this file call."""


@pytest.fixture(scope="module")
def oracle() -> Iterator[LocalSandbox]:
    """Where the scripts run; the programs that they call run in `sandbox`."""
    with LocalSandbox(workers=1) as oracle:
        yield oracle


class Stage:
    """Both sides of a script."""

    def __init__(self, oracle: LocalSandbox, sandbox: LocalSandbox) -> None:
        """Take where each side runs."""
        self._oracle, self._sandbox = oracle, sandbox

    def play(self, *parts: str, setup: str = "", limits: Limits = QUICK) -> ScriptOutcome:
        """Run parts whose calls of ``f`` and ``double`` a session of `FAR_SIDE` answers."""
        with self._sandbox.open(Program(source=FAR_SIDE), Limits(cpu_seconds=0.3, idle_seconds=0.7)) as session:

            def answer(part: int, call: Call) -> Run:
                return session.call(call)

            return self.answered_by(answer, *parts, setup=setup, limits=limits)

    def answered_by(self, answer: Answer, *parts: str, setup: str = "", limits: Limits = QUICK) -> ScriptOutcome:
        """Run parts whose calls a function answers."""
        return self._oracle.run_script(Script(setup=setup, parts=parts, names=("f", "double")), answer, limits)


@pytest.fixture
def stage(oracle: LocalSandbox, sandbox: LocalSandbox) -> Stage:
    """Two sandboxes: one for scripts, one for the program."""
    return Stage(oracle, sandbox)


OBJECT = "it gives the program an object that is neither data nor a function"
ENDS = {
    "raises before it calls": ("raise KeyError", "broken", "KeyError"),
    "exits before it calls": ("exit(0)", "broken", "SystemExit"),
    "name missing": ("g(1)", "broken", "NameError"),
    "right": ("assert double(4) == 8", "passed", ""),
    "keywords": ("assert double(4, plus=1) == 9", "passed", ""),
    "no call": ("assert 1 + 1 == 2", "passed", ""),
    "wrong": ("assert double(4) == 9", "failed", "AssertionError"),
    "breaks on what came back": ("double(4)['x']", "failed", "TypeError"),
    "raises after a call": ("double(4)\nraise LookupError", "failed", "LookupError"),
    "exits after a call": ("double(4)\nraise SystemExit(0)", "failed", "SystemExit"),
    "far side raises": ("f('1 / 0')", "raised", "ZeroDivisionError"),
    "far side raises as expected": ("try: f('1 / 0')\nexcept ZeroDivisionError: pass", "passed", ""),
    "far side raises something else": (
        "try: f('1 / 0')\nexcept ZeroDivisionError as error: raise ValueError from error", "failed", "ValueError",
    ),
    "far side raises again": ("try: f('1 / 0')\nexcept ZeroDivisionError: raise", "raised", "ZeroDivisionError"),
    "far side exits": ("f('raise SystemExit(0)')", "raised", "SystemExit"),
    "far side meets a limit": ("f('while True: pass')", "stopped", "Stopped"),
    "far side dies": ("f('import os; os._exit(0)')", "stopped", "Stopped"),
    "far side hoards": ("f('bytearray(1 << 40)')", "stopped", "Stopped"),
    "does not compile": ("assert f(", "broken", "SyntaxError"),
    "raises after earlier parts have called": ("raise KeyError", "failed", "KeyError"),
    "argument is no data": ("f(object())", "unsupported", OBJECT),
    "later argument is no data": ("double(1)\ndouble(iter)\n", "raised", "TypeError"),
    "swallowed": ("try: f(object())\nexcept BaseException: pass", "unsupported", OBJECT),
}  # fmt: skip


def test_every_way_a_part_ends(stage: Stage) -> None:
    """Each part ends in its own way, and none changes how the next one ends."""
    outcome = stage.play(*(part for part, _, _ in ENDS.values()))
    assert outcome.early_end is None
    ends = dict(zip(ENDS, outcome.ends, strict=True))
    assert ends == {name: PartEnd(how, error) for name, (_, how, error) in ENDS.items()}


@pytest.mark.parametrize("net", ["Exception", "BaseException"])
def test_test_code_cannot_swallow_a_limit(stage: Stage, net: str) -> None:
    """Code that catches everything still ends as stopped; what it calls afterwards does not mend that."""
    part = f"try: f('while True: pass')\nexcept {net}: pass\nassert double(1) == 2"
    assert [end.how for end in stage.play(part, "assert double(1) == 2").ends] == ["stopped", "passed"]


OBJECTS = {
    "equal to nothing": "assert f('AlwaysEqual()') != 1\nassert not f('AlwaysEqual()') == 1",
    "nothing equal to it": "assert 1 != f('AlwaysEqual()')\nassert f('AlwaysEqual()') not in [1, None, 'x']",
    "nor data to it": "assert [1] != f('AlwaysEqual()')\nassert {f('AlwaysEqual()')} != {1}",
    "to another of its kind, as it says": "assert f('AlwaysEqual()') == f('AlwaysEqual()')\n"
    "assert f('Plain()') != f('Plain()')",
    "to itself": "thing = f('AlwaysEqual()')\nassert thing == thing",
    "true": "assert f('AlwaysEqual()')\nassert f('object()')\nassert f('(i for i in [])')",
    "false": "assert not f('Empty()')",
    "with its methods": "assert len(f('AlwaysEqual()')) == 1\nassert not hasattr(f('Plain()'), '__len__')",
    "not less": "thing = f('AlwaysEqual()')\ntry: thing < 1\nexcept TypeError: pass\nelse: assert 0",
    "not more": "thing = f('AlwaysEqual()')\ntry: 1 > thing\nexcept TypeError: pass\nelse: assert 0",
    "subclass of data": "assert f('Liar(3)') != 4\nassert type(f('Liar(3)')) is int",
    "inside data": "assert f('[AlwaysEqual()]') != [1]",
}


def test_objects_have_no_say_about_data(stage: Stage) -> None:
    """Attack B1: an object that lies about equality and order is equal to no data here, and has no place among them."""
    outcome = stage.play(*OBJECTS.values())
    assert dict(zip(OBJECTS, outcome.ends, strict=True)) == dict.fromkeys(OBJECTS, PartEnd("passed", ""))


def test_an_always_equal_object_would_pass_without_the_boundary() -> None:
    """The attack works where test code and program share a process."""
    namespace: dict[str, Any] = {}
    exec(FAR_SIDE, namespace)
    assert namespace["f"]("AlwaysEqual()") == 1
    assert namespace["f"]("Liar(3)") == 4


@pytest.mark.parametrize("act", ["eval('[' * 95 + ']' * 95)"])
def test_what_came_back_and_cannot_be_sent_is_not_the_scripts_fault(stage: Stage, act: str) -> None:
    """Invariant I7: a program whose answers cannot be passed on, objects or deep lists, has failed the part."""
    send = f"value = f({act!r})\nfor _ in range(10): value = [value]\ndouble(value)"
    assert stage.play(send, "assert double(1) == 2").ends == (PartEnd("failed", "NotPlainData"), PartEnd("passed", ""))


@pytest.mark.parametrize(
    ("act", "kind", "text"),
    [
        ("raise ValueError('why')", "ValueError", "why"),
        ("b'\\xff'.decode()", "UnicodeDecodeError", "can't decode byte 0xff"),
        ("raise KeyError(3)", "KeyError", "3"),
        ("raise SystemExit(3)", "SystemExit", "3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
        ("raise GeneratorExit", "GeneratorExit", ""),
        ("raise Mine('key')", "KeyError", "'key'"),
        ("raise OSError(2, 'x')", "FileNotFoundError", "x"),
        ("open('/etc/passwd')", "OSError", "open files"),
        ("raise StopIteration", "RuntimeError", ""),
        ("raise type('ValueError', (Exception,), {})", "Exception", ""),
        ("raise type('print', (Exception,), {'__module__': 'builtins'})", "Exception", ""),
        ("return_value", "NameError", "return_value"),
        ("raise 1", "TypeError", "exceptions must derive"),
    ],
)
def test_exceptions_arrive_as_the_same_built_in(stage: Stage, act: str, kind: str, text: str) -> None:
    """Test code catches what was raised by its nearest built-in class, with its text; what would end a loop is none."""
    caught = (
        f"try: f({act!r})\nexcept BaseException as error: found = error\n"
        f"assert {text!r} in str(found) and isinstance(found, {kind})\n"
        f"assert type(found) is {kind} or {kind} in type(found).__mro__[1:3]"
    )
    caught_end, end = stage.play(caught, f"f({act!r})").ends
    assert caught_end == PartEnd("passed", "")
    assert end == PartEnd("raised", kind)


@pytest.mark.parametrize(
    "group", ["ExceptionGroup('two', [ValueError()])", "BaseExceptionGroup('two', [SystemExit()])"]
)
def test_exception_groups_arrive_as_groups(stage: Stage, group: str) -> None:
    """What they hold stays behind; that they were raised does not."""
    part = f"f({'raise ' + group!r})"
    caught = f"try: {part}\nexcept BaseExceptionGroup as error: assert 'two' in str(error)"
    assert [end.how for end in stage.play(caught, part).ends] == ["passed", "raised"]


@pytest.mark.parametrize(
    ("setup", "why"),
    [
        ("raise ValueError", "raises ValueError"),
        ("f(1)", "raises NameError"),
        ("exit(0)", "raises SystemExit"),
        ("def check(:", "does not compile"),
        ("import os; os._exit(0)", "raises crashed"),
        ("while True: pass", "raises cpu_limit"),
        ("import os; os.write(4, b'\\0\\0\\0\\2{]')", "raises violation"),
    ],
)
def test_a_setup_that_fails_is_the_scripts_fault(stage: Stage, setup: str, why: str) -> None:
    """It is told apart from everything a program can do, names the failure, and shows no code."""
    with pytest.raises(ScriptBroken, match=why) as raised:
        stage.play("assert double(1) == 2", setup=setup, limits=Limits(cpu_seconds=0.3, idle_seconds=0.6))
    assert setup not in str(raised.value)
    assert stage.play("assert double(1) == 2").ends == (PartEnd("passed", ""),)


EARLY = {
    "exit": ("import os; os._exit(0)", Status.CRASHED),
    "signal": ("import os; os.kill(os.getpid(), 9)", Status.CRASHED),
    "spin": ("while True: pass", Status.CPU_LIMIT),
    "sleep": ("import time; time.sleep(60)", Status.IDLE_LIMIT),
    "hoard": ("x = b'x' * (300 << 20)", Status.MEMORY_LIMIT),
    "forged frame": ("import os; os.write(4, b'\\0\\0\\0\\2{]')", Status.VIOLATION),
    "unknown word": ("from os import write; write(4, b'\\0\\0\\0\\x0a[2,[\"hi\"]]'); input()", Status.VIOLATION),
}


@pytest.mark.parametrize("name", EARLY)
def test_an_early_end_of_the_scripts_process_is_told(stage: Stage, name: str) -> None:
    """Parts before it keep their ends, no part after it gets one, and the way it ended is reported."""
    part, status = EARLY[name]
    limits = Limits(cpu_seconds=0.3, idle_seconds=0.3, memory_bytes=256 << 20)
    outcome = stage.play("assert double(1) == 2", f"double(1)\n{part}", "assert double(1) == 2", limits=limits)
    assert outcome.ends == (PartEnd("passed", ""),)
    assert outcome.early_end is not None
    assert outcome.early_end.status is status


def test_names_setup_and_parts_share_one_namespace(stage: Stage) -> None:
    """Setup runs first, the called names replace what it defined, and a part sees what earlier parts left."""
    setup = "seen = []\ndef f(act): return 'local'\ndef helper(x): return double(x) + 1"
    parts = (
        "seen.append(helper(1))",
        "assert seen == [3]",
        "assert f('40 + 2') == 42",
        "assert __name__ == '__main__'",
    )
    assert [end.how for end in stage.play(*parts, setup=setup).ends] == ["passed"] * 4


def test_calls_tell_which_part_made_them(stage: Stage) -> None:
    """Part number, name and arguments arrive as they were written, tuples as tuples."""
    seen: list[tuple[object, ...]] = []

    def answer(*call: object) -> Run:
        seen.append(call)
        return Run(status=Status.FINISHED, value=None)

    outcome = stage.answered_by(answer, "x = f((1, 'x'), {2: {3}})", "pass", "double(1, plus=b'y')\nf()")
    assert [end.how for end in outcome.ends] == ["passed"] * 3
    assert seen == [
        (0, Call(function="f", args=((1, "x"), {2: {3}}), live=1)),
        (2, Call(function="double", args=(1,), kwargs={"plus": b"y"}, live=1)),
        (2, Call(function="f", live=1)),
    ]


def test_time_that_a_call_takes_is_not_the_scripts(stage: Stage) -> None:
    """A script whose limits are shorter than the calls it waits for is not stopped."""
    part = "for _ in range(3): f('__import__(\"time\").sleep(0.3)')"
    assert stage.play(part, limits=Limits(cpu_seconds=0.2, idle_seconds=0.2)).ends == (PartEnd("passed", ""),)


def test_a_fault_while_answering_leaves_nothing_behind(stage: Stage) -> None:
    """The judge's own exception passes through, and neither a process nor a descriptor of the script is left."""
    stage.play("pass")
    processes, open_descriptors = _processes(), descriptors()

    def answer(*call: object) -> Run:
        raise LookupError("the judge's own")

    for _ in range(2):
        with pytest.raises(LookupError, match="own"):
            stage.answered_by(answer, "f(1)")
    assert stage.answered_by(answer, "pass").ends == (PartEnd("passed", ""),)
    assert come_true(lambda: _processes() <= processes, 5)
    assert descriptors() == open_descriptors


def _processes() -> int:
    return sum(len(below(zygote)) for zygote in zygotes())


def test_a_script_shows_none_of_its_code() -> None:
    """Invariant I8: test code is hidden."""
    script = Script(setup="hidden = 1", parts=("assert f(1) == 'hidden'",), names=("f",))
    assert repr(script) == "Script(1 parts)"
