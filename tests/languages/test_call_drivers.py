"""Functions in other languages than Python: values there and back, ways to end, programs that speak for the driver."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import Call, Job, Limits, LocalSandbox, Outcome, Program, UnsupportedLanguage
from tests.languages.needs import need

_DATA = {
    path.stem: tomllib.loads(path.read_text()) for path in sorted((Path(__file__).parent / "calls").glob("*.toml"))
}
_TYPES = "tuple<int, float, bool, string, list<list<int>>, map<string, list<float>>, set<int>, optional<string>>"
_LIMITS = Limits(cpu_seconds=0.5, idle_seconds=2.0, max_time_outs=2)

each_language = pytest.mark.parametrize("name", sorted(_DATA))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[LocalSandbox]:
    """One for all tests, which keeps what was built."""
    with LocalSandbox(1, speed=1.0) as made:
        yield made


def _run(sandbox: LocalSandbox, name: str, program: str, signature: str, *calls: Call) -> Outcome:
    need(name)
    if program not in _DATA[name]:
        pytest.skip(f"{name} has no such thing")
    source = _DATA[name][program]
    job = Job(program=Program(source=source, language=name, signature=signature), inputs=calls, limits=_LIMITS)
    outcome = sandbox.run(job)
    assert outcome.build.ok, outcome.build.message
    return outcome


def _values(*, half_pairs: bool) -> st.SearchStrategy[Any]:
    integers = st.integers(-(2**63), 2**63 - 1)
    floats = st.floats(allow_nan=False)
    texts = st.text(st.characters(exclude_categories=() if half_pairs else ("Cs",)), max_size=8)
    return st.tuples(
        integers,
        floats,
        st.booleans(),
        texts,
        st.lists(st.lists(integers, max_size=3), max_size=3),
        st.dictionaries(texts, st.lists(floats, max_size=3), max_size=3),
        st.sets(integers, max_size=3),
        st.none() | texts,
    )


@each_language
@given(data=st.data())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_values_come_back_as_they_went(sandbox: LocalSandbox, name: str, data: st.DataObject) -> None:
    """Numbers to the last bit, texts with any character, and all containers, nested."""
    values = data.draw(st.lists(_values(half_pairs=_DATA[name]["half_pairs"]), min_size=1, max_size=30))
    calls = (Call(function="f", args=(value,)) for value in values)
    outcome = _run(sandbox, name, "identity", f"f(value: {_TYPES}) -> {_TYPES}", *calls)
    assert [run.value for run in outcome.runs] == values
    assert [type(item) for run in outcome.runs for item in run.value] == [
        type(item) for value in values for item in value
    ]


@each_language
def test_what_is_no_number_comes_back(sandbox: LocalSandbox, name: str) -> None:
    """Infinities and NaN are no JSON, and cross all the same."""
    numbers = [float("inf"), float("-inf"), float("nan")]
    value = (0, numbers[0], False, "", [], {"": numbers}, set(), None)
    (run,) = _run(sandbox, name, "identity", f"f(value: {_TYPES}) -> {_TYPES}", Call(function="f", args=(value,))).runs
    assert repr(run.value) == repr(value)


@each_language
def test_a_function_that_changes_its_argument_is_read_back(sandbox: LocalSandbox, name: str) -> None:
    """The argument is looked at after the call."""
    call = Call(function="f", args=([3, 1, 2],), read_back=0)
    (run,) = _run(sandbox, name, "in_place", "f(items: list<int>) -> any", call).runs
    assert run.value == [1, 2, 3]


@each_language
def test_a_method_of_a_class_is_found(sandbox: LocalSandbox, name: str) -> None:
    """As for Python: a method of the class Solution does where there is no function."""
    (run,) = _run(sandbox, name, "method", "f(value: int) -> int", Call(function="f", args=(1,))).runs
    assert run.value == 2


@each_language
def test_a_number_that_is_too_large_for_a_parameter_is_the_programs_error(sandbox: LocalSandbox, name: str) -> None:
    """The suite says 64 bits; a program that declares fewer meets its end there, and is not given another number."""
    calls = [Call(function="f", args=(value,)) for value in (2**31 - 1, 2**31, -(2**31), -(2**31) - 1)]
    runs = _run(sandbox, name, "narrow", "f(value: int) -> int", *calls).runs
    assert [(str(run.status), run.value, run.error) for run in runs] == [
        ("finished", 2**31 - 1, None),
        ("crashed", None, "OverflowError"),
        ("finished", -(2**31), None),
        ("crashed", None, "OverflowError"),
    ]


@each_language
def test_a_program_that_misbehaves_is_told_how_and_the_next_call_served(sandbox: LocalSandbox, name: str) -> None:
    """It prints what looks like an answer, which nobody hears; aborts; loops; throws; ends; and writes two answers."""
    acts = [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0]
    calls = (Call(function="f", args=(act,)) for act in acts)
    runs = _run(sandbox, name, "misbehaves", "f(act: int) -> int", *calls).runs
    assert [str(run.status) for run in runs[1::2]] == _DATA[name]["misbehaves_ends"]
    assert [(str(run.status), run.value) for run in runs[::2]] == [("finished", 0)] * 6
    assert runs[5].error == "RuntimeError"


@each_language
def test_no_file_can_be_opened_from_a_call(sandbox: LocalSandbox, name: str) -> None:
    """The doors are closed as for whole programs."""
    (run,) = _run(sandbox, name, "reads_files", "f() -> int", Call(function="f")).runs
    assert run.value == 0


@each_language
def test_a_value_of_another_type_stays_what_it_is(sandbox: LocalSandbox, name: str) -> None:
    """It is the judge's to say that it is wrong."""
    value = (1, 1.5, True, "a", [], {}, {1}, None)
    (run,) = _run(sandbox, name, "identity", f"f(value: {_TYPES}) -> int", Call(function="f", args=(value,))).runs
    assert list(run.value) == list(value)


@each_language
def test_a_program_without_the_function_does_not_compile_or_says_so(sandbox: LocalSandbox, name: str) -> None:
    """Where names are looked up at compile time, and where they are not."""
    need(name)
    program = Program(source=_DATA[name]["in_place"], language=name, signature="g(items: list<int>) -> any")
    outcome = sandbox.run(Job(program=program, inputs=(Call(function="g", args=([],)),), limits=_LIMITS))
    assert not outcome.build.ok or outcome.runs[0].error == "NameError"


@pytest.mark.parametrize("name", ["bash", "c"])
def test_functions_of_other_languages_are_not_called(sandbox: LocalSandbox, name: str) -> None:
    """The message names those whose functions are."""
    need(name)
    job = Job(program=Program(source="", language=name, signature="f() -> int"), inputs=(Call(function="f"),))
    with pytest.raises(UnsupportedLanguage, match="only in cpp, go, java, javascript, python, rust, typescript"):
        sandbox.run(job)


@pytest.mark.parametrize("signature", ["", "f("])
def test_without_a_signature_nothing_is_called(sandbox: LocalSandbox, signature: str) -> None:
    """It is the suite's fault, and no program's."""
    need("cpp")
    job = Job(program=Program(source="", language="cpp", signature=signature), inputs=(Call(function="f"),))
    with pytest.raises(UnsupportedLanguage, match="need a signature"):
        sandbox.run(job)
