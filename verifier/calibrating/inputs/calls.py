"""Calls like those that a suite makes."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sandbox.job import Call
from verifier.calibrating.inputs.arguments import arguments_like
from verifier.calibrating.inputs.hints import examples_of, hints_of

_Form = tuple[str, int, tuple[str, ...], int | None]
"""Function, number of arguments by position, names of the others, and which one is read back."""


def valid_calls(observed: Sequence[Call], reference: str) -> SearchStrategy[Call]:
    """Return a strategy of calls that are valid as far as the observed ones, at least one, tell.

    Args:
        observed: the calls that the suite makes.
        reference: a right program, whose constants and examples are tried.
    """
    hints = hints_of(reference)
    forms: dict[_Form, list[tuple[Any, ...]]] = {}
    for call in observed:
        form = (call.function, len(call.args), tuple(call.kwargs), call.read_back)
        forms.setdefault(form, []).append((*call.args, *call.kwargs.values()))
    made = []
    for form, seen in forms.items():
        examples = [] if form[2] else examples_of(reference, form[0])
        alike = [arguments for arguments in examples if _types(arguments) == _types(seen[0])]
        made.append(arguments_like([*seen, *alike], hints).map(functools.partial(_call, form)))
    return st.one_of(made)


def _types(arguments: Sequence[Any]) -> list[type]:
    return list(map(type, arguments))


def _call(form: _Form, arguments: tuple[Any, ...]) -> Call:
    name, width, keywords, read_back = form
    named = dict(zip(keywords, arguments[width:], strict=True))
    return Call(function=name, args=arguments[:width], kwargs=named, read_back=read_back)
