"""The signatures that a target's function may have, and how each is called.

answer       f(answer, reference_answer)               number, grade, or {"reward" or "score"}    ours
trl          f(prompts=, completions=, **columns)      list of numbers                            TRL, Unsloth, Oumi
             completions are texts, or conversations where the function cannot read texts: told by its first answer;
             `trl-text` and `trl-chat` leave no choice
verl         f(data_source=, solution_str=, ground_truth=, extra_info=)     number, or {"score"}    verl, rLLM
aws          f(event, context)                         list of results, or an HTTP reply          Amazon's trainers
policy, comparator, extractor                          parts of a verifier, no whole one
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable
from typing import Any

from verifier.fuzzing.targets.errors import TargetError
from verifier.fuzzing.targets.events import PROMPT, Context, event_of
from verifier.fuzzing.targets.rewards import only_reward_of, reply_reward, reward_of
from verifier.policy import Policy

PARTS = ("policy", "comparator", "extractor")
SHAPES = ("auto", "answer", "trl", "trl-text", "trl-chat", "verl", "aws", *PARTS)
COLUMNS = ("ground_truth", "reference_answer", "solution", "verification_info")
"""Columns that hold the suite for a TRL function, where nobody names one: all of them."""

_TOLD_BY = (
    ("answer", {"answer", "reference_answer"}),
    ("trl", {"completions"}),
    ("verl", {"solution_str", "ground_truth"}),
    ("aws", {"event", "context"}),
    ("comparator", {"expected", "actual"}),
    ("extractor", {"answer", "language"}),
)
_DATA_SOURCE = "apps"  # dispatchers of verl take it for programs with inputs and outputs


def shape_of(found: Any) -> str:
    """Tell the shape of an object by what it is, or by the names of its parameters.

    Raises:
        TargetError: it cannot be told.
    """
    if isinstance(found, Policy) or (isinstance(found, type) and issubclass(found, Policy)):
        return "policy"
    names = set(_parameters(found))
    for shape, needed in _TOLD_BY:
        if needed <= names:
            return shape
    known = "; ".join(f"{shape} ({', '.join(sorted(needed))})" for shape, needed in _TOLD_BY)
    raise TargetError(
        f"its parameters ({', '.join(sorted(names)) or 'none'}) tell no shape; say --shape, one of"
        f" {', '.join(SHAPES[1:])}. Told by their parameters are {known}"
    )


def caller_of(
    function: Callable[..., Any], shape: str, *, column: str | None = None, seconds: float = 30.0
) -> Callable[[str, dict[str, Any]], float | None]:
    """Return what takes an answer and an inline suite, calls the function and returns its reward.

    Args:
        function: the target.
        shape: any but `auto` and `PARTS`.
        column: the one column that holds the suite, for TRL.
        seconds: what an AWS handler is told it has left.

    Raises:
        TargetError: a TRL function asks for columns that nobody fills.
    """
    if shape == "answer":
        return lambda answer, reference: reward_of(_result(function(answer, reference)))
    if shape == "verl":
        return lambda answer, reference: reward_of(
            _result(
                function(
                    data_source=_DATA_SOURCE,
                    solution_str=answer,
                    ground_truth=json.dumps(reference),
                    extra_info={"index": 0},
                )
            )
        )
    if shape == "aws":
        return lambda answer, reference: reply_reward(
            json.loads(json.dumps(_result(function(event_of(answer, reference), Context(seconds)))))
        )
    return _Trl(function, {"trl-text": False, "trl-chat": True}.get(shape), column)


class _Trl:
    """Calls a TRL function with a batch of one."""

    def __init__(self, function: Callable[..., Any], chat: bool | None, column: str | None) -> None:
        self._function = function
        self._chat = chat
        self._columns = (column,) if column else COLUMNS
        parameters = _parameters(function)
        self._takes_all = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
        self._takes = set(parameters)
        needed = {
            name
            for name, each in parameters.items()
            if each.default is each.empty and each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
        }
        unknown = needed - {*self._columns, "prompts", "completions", "completion_ids", "trainer_state"}
        if unknown:
            raise TargetError(
                f"it asks for the column {sorted(unknown)[0]}; say --column NAME for the one that holds the tests"
            )

    def __call__(self, answer: str, reference: dict[str, Any]) -> float | None:
        if self._chat is None:
            self._chat = not self._reads_texts(answer, reference)
        return only_reward_of(self._call(answer, reference, self._chat))

    def _reads_texts(self, answer: str, reference: dict[str, Any]) -> bool:
        try:
            self._call(answer, reference, chat=False)
        except Exception:  # a function made for conversations, or one that fails in any case
            return False
        return True

    def _call(self, answer: str, reference: dict[str, Any], chat: bool) -> Any:
        given: dict[str, Any] = {
            "prompts": [[{"role": "user", "content": PROMPT}] if chat else PROMPT],
            "completions": [[{"role": "assistant", "content": answer}] if chat else answer],
            "completion_ids": [[0]],
            "trainer_state": None,
            **{column: [reference] for column in self._columns},
        }
        if not self._takes_all:
            given = {name: value for name, value in given.items() if name in self._takes}
        return _result(self._function(**given))


def _parameters(found: Any) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(found).parameters)
    except (TypeError, ValueError):
        raise TargetError(f"is a {type(found).__name__}; name a function") from None


def _result(value: Any) -> Any:
    """Wait for an asynchronous function."""
    return asyncio.run(_awaited(value)) if inspect.isawaitable(value) else value


async def _awaited(value: Any) -> Any:
    return await value
