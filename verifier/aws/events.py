"""Where a Lambda event comes in: an event of any known shape becomes samples, one for each that was sent.

    A  [{"id", "messages": [{"role", "content"}, ...], "reference_answer"}, ...]
    B  the same with {"metadata": {"reference_answer"}}, which is read first
    C  the last role is nova_assistant and content is [{"type": "text", "text"}, ...]
    D  {"body": JSON text or object}, whose content is a list or {"batch": [...]}; the reply then needs an HTTP envelope
    E  one bare sample; {"trajectories": [...]}; content null; no id; no assistant turn

A sample that cannot be used still becomes a sample, with a `problem`. Only an event in which no samples can be counted
becomes one sample with a problem. Nothing is raised for any event.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
from typing import Any

import msgspec

from verifier.sample import Sample

_MOST_ID_BITS = 4096  # Python refuses to write integers of more than 4,300 digits
_MOST_STEPS = 1 << 53  # up to which every reader of JSON keeps an integer as it is
_ASSISTANTS = ("assistant", "nova_assistant")


class Request(msgspec.Struct, frozen=True):
    """What an event asks for.

    Attributes:
        samples: in the order of the event.
        envelope: the event came in an HTTP envelope, so the reply needs one.
    """

    samples: tuple[Sample, ...]
    envelope: bool


class _UnusableError(Exception):
    """A part of an event that cannot be used. The message names the field and quotes nothing."""


def read_event(event: object) -> Request:
    """Return the samples that an event holds.

    Args:
        event: decoded JSON.
    """
    envelope = isinstance(event, dict) and "body" in event and "messages" not in event
    try:
        items = _items(_body(event) if envelope else event)
    except _UnusableError as problem:
        return Request((Sample(id=None, problem=str(problem)),), envelope)
    return Request(tuple(map(_sample, items)), envelope)


def _body(event: Any) -> object:
    """Open an HTTP envelope."""
    body = event["body"]
    if not isinstance(body, str):
        return body
    try:
        return json.loads(base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body)
    except binascii.Error:
        raise _UnusableError("body: not base64, though isBase64Encoded is set") from None
    except (ValueError, RecursionError):
        raise _UnusableError("body: not JSON") from None


def _items(batch: object) -> list[Any]:
    """Find the list of samples."""
    if isinstance(batch, dict) and "messages" not in batch:
        for key in ("batch", "trajectories"):
            if key in batch:
                batch = batch[key]
                break
    if isinstance(batch, list):
        return batch
    if isinstance(batch, dict):
        return [batch]
    raise _UnusableError(
        "event: expected a list of samples, or an object that holds one as body, batch or trajectories"
    )


def _sample(item: object) -> Sample:
    """Read one sample."""
    if not isinstance(item, dict):
        return Sample(id=None, problem="sample: expected an object")
    sample_id = _printable(item.get("id"))
    try:
        turns = _turns(item)
        reference = _reference(item)
        key = _prompt_key(turns, reference)
    except _UnusableError as problem:
        return Sample(id=sample_id, problem=str(problem))
    try:
        answer, suite = _answer(turns), _suite(reference)
    except _UnusableError as problem:
        return Sample(id=sample_id, prompt_key=key, problem=str(problem))
    return Sample(id=sample_id, answer=answer, suite=suite, prompt=_prompt(turns), prompt_key=key, step=_step(item))


def _printable(sample_id: object) -> Any:
    """Return an id that a reply can carry.

    A lone surrogate has no UTF-8 and becomes U+FFFD. NaN and what is not text or a number become None: they would make
    a reply that is not JSON, or fail the runtime client, and with it the whole batch.
    """
    if isinstance(sample_id, str):
        return sample_id.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(sample_id, float) and not math.isfinite(sample_id):
        return None
    if isinstance(sample_id, int) and sample_id.bit_length() > _MOST_ID_BITS:
        return None
    return sample_id if isinstance(sample_id, int | float) else None


def _turns(item: dict[Any, Any]) -> list[dict[Any, Any]]:
    """Return the conversation."""
    turns = item.get("messages")
    if not isinstance(turns, list):
        raise _UnusableError("messages: missing" if turns is None else "messages: expected a list")
    for number, turn in enumerate(turns):
        if not isinstance(turn, dict):
            raise _UnusableError(f"messages[{number}]: expected an object with role and content")
    return turns


def _last_answer(turns: list[dict[Any, Any]]) -> int | None:
    """Return the number of the last turn that an assistant spoke."""
    return next((n for n in reversed(range(len(turns))) if turns[n].get("role") in _ASSISTANTS), None)


def _answer(turns: list[dict[Any, Any]]) -> str:
    """Return what the assistant said last: never what anybody else said, and empty when it said nothing."""
    number = _last_answer(turns)
    if number is None:
        return ""
    content = turns[number].get("content")
    if content is None:
        return ""
    parts = content if isinstance(content, list) else [content]
    return "".join(_text(part, f"messages[{number}].content") for part in parts)


def _prompt(turns: list[dict[Any, Any]]) -> str:
    """Return the texts before the answer, for those who judge it by eye. What is no text there is left out."""
    texts = []
    for turn in turns[: _last_answer(turns)]:
        content = turn.get("content")
        for part in content if isinstance(content, list) else [content]:
            text = part.get("text") if isinstance(part, dict) else part
            if isinstance(text, str):
                texts.append(text)
    return "\n\n".join(texts)


def _text(part: object, place: str) -> str:
    """Return the text of one part of a content; parts of other kinds, such as images, hold none."""
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        raise _UnusableError(f"{place}: expected text, or a list of text parts")
    if part.get("type", "text") != "text":
        return ""
    text = part.get("text")
    if not isinstance(text, str):
        raise _UnusableError(f"{place}: a text part without text")
    return text


def _reference(item: dict[Any, Any]) -> object:
    """Return the reference answer: that of the metadata, else that of the sample."""
    metadata = item.get("metadata")
    reference = metadata.get("reference_answer") if isinstance(metadata, dict) else None
    return item.get("reference_answer") if reference is None else reference


def _step(item: dict[Any, Any]) -> int | None:
    """Return the step of the training, which only helps to read the log: a bad one is as good as none."""
    metadata = item.get("metadata")
    for holder in (metadata, item):
        step = holder.get("step") if isinstance(holder, dict) else None
        if isinstance(step, int) and not isinstance(step, bool) and 0 <= step < _MOST_STEPS:
            return step
    return None


def _suite(reference: object) -> str | dict[str, Any]:
    """Return a suite's id, or an inline suite."""
    if isinstance(reference, str) and reference.lstrip().startswith("{"):  # no id starts like that
        try:
            reference = json.loads(reference)
        except (ValueError, RecursionError):
            raise _UnusableError("reference_answer: not JSON") from None
    if isinstance(reference, dict) and "suite" in reference:
        reference = reference["suite"]
        if not isinstance(reference, str):
            raise _UnusableError("reference_answer.suite: expected the id of a suite")
    if reference is None or reference in ("", {}):
        raise _UnusableError("reference_answer: missing; it holds the id of a suite, or a suite")
    if not isinstance(reference, str | dict):
        raise _UnusableError("reference_answer: expected the id of a suite, or an object")
    return reference


def _prompt_key(turns: list[dict[Any, Any]], reference: object) -> str:
    """Hash what was asked: the turns before the answer, and the reference."""
    try:
        text = json.dumps([turns[: _last_answer(turns)], reference], sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        raise _UnusableError("sample: nested too deeply, or not JSON") from None
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
