"""Lambda events, in every shape."""

from __future__ import annotations

import json
from typing import Any

from tests.decoders.decoder import HIDDEN, Decoder
from tests.decoders.mutating import of_json
from verifier.aws.events import read_event
from verifier.sample import Sample


def _read(data: bytes) -> None:
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):  # the runtime client decodes
        return
    request = read_event(event)
    for sample in request.samples:
        _look(sample)
    if request.envelope:
        return
    if isinstance(event, list):
        assert len(request.samples) == len(event), "samples were lost or made up"
        assert read_event({"batch": event}).samples == request.samples
    try:
        body = json.dumps(event)
    except (ValueError, RecursionError):  # Python's limits on digits and nesting
        return
    enveloped = read_event({"body": body})
    assert enveloped.envelope
    assert repr(enveloped.samples) == repr(request.samples), "an envelope changes what is in it"


def _look(sample: Sample) -> None:
    assert type(sample.answer) is str
    assert type(sample.prompt_key) is str
    assert (sample.suite is None) is (sample.problem is not None), "neither usable nor refused"
    assert sample.suite != ""
    assert HIDDEN not in (sample.problem or "")
    json.dumps(sample.id, allow_nan=False, ensure_ascii=False).encode()  # a reply carries it


def _seeds() -> list[bytes]:
    suite = {"inputs": [HIDDEN], "outputs": [HIDDEN]}
    asked = {"role": "user", "content": HIDDEN}
    said: dict[str, Any] = {"role": "assistant", "content": "```python\nprint(1)\n```"}
    parts = {"role": "nova_assistant", "content": [{"type": "text", "text": "a"}, {"type": "image"}, "b"]}
    sample: dict[str, Any] = {"id": "s-0", "messages": [asked, said], "reference_answer": suite}
    shapes: list[Any] = [
        *(sample, [sample], [], {"trajectories": [sample | {"id": None}]}, {"batch": [sample, sample | {"id": 2.5}]}),
        [{"messages": [asked, parts], "metadata": {"reference_answer": json.dumps(suite)}}],
        [sample | {"reference_answer": {"suite": "a/b"}}, sample | {"messages": [{"role": "assistant"}]}],
        *({"body": json.dumps([sample])}, {"body": {"batch": [sample]}, "isBase64Encoded": False}),
        {"body": "W10=", "isBase64Encoded": True},
    ]
    return [json.dumps(shape).encode() for shape in shapes]


_WORDS = (
    *("id", "messages", "role", "content", "type", "text", "reference_answer", "metadata", "suite", "body", "batch"),
    *("trajectories", "isBase64Encoded", "assistant", "nova_assistant", "inputs", '{"inputs": [', "\ud83d", "a/b"),
)
DECODER = Decoder(
    name="events",
    reads="events of the grader's function",
    read=_read,
    seeds=_seeds,
    words=_WORDS,
    mutate=of_json(_WORDS),
)
