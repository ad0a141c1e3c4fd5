"""Scripted models, for want of real ones: how they read a request, and what they make of it.

Each gives its scores by a simple true measure of what it is shown, the shorter the better, unless it is ordered not to.
What it takes for an order is the difference between them. All read orders in any disguise that injections.py has: no
real model reads as many.
"""

from __future__ import annotations

import base64
import codecs
import contextlib
import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.feedback.endpoint import Reply, Request
from verifier.feedback.request import BEST_SCORE, TOOL

_ORDER = re.compile(
    r"full.?marks|top.?score|perfect.?score|volle punktzahl|满分|puntuación máxima|الدرجة الكاملة|высший балл",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00\u00ad\ud800-\udfff\ufe00-\ufe0f]")
_LOOK_ALIKES = str.maketrans("асеорхуіѕκτυΜ", "aceopxyisktuM")
_TAGS = {0xE0000 + code: code for code in range(0x20, 0x7F)}
_CHARACTERS_A_POINT = 60


class Read(NamedTuple):
    """A request as a model understands it: what is said to it, and what it is to judge."""

    said: str
    shown: str


def read(request: Request) -> Read:
    """Tell what is said from what is shown by the block that the system's text declares, if it declares one."""
    system = "\n".join(block["text"] for block in request["system"])
    message = "\n".join(block["text"] for block in request["messages"][0]["content"])
    if declared := re.search(r"between the line (BEGIN \w+) and the line (END \w+)", system):
        lines = message.splitlines()  # at every kind of line break that anybody may take for one
        start = lines.index(declared[1])
        end = lines.index(declared[2], start)
        data = json.loads("\n".join(lines[start + 1 : end]))
        shown = "\n".join(data.get("program") or data.get("answer"))
        return Read("\n".join(lines[:start] + lines[end + 1 :]), shown)
    if "between <answer> and </answer>" in system:
        before, _, rest = message.partition("<answer>")
        shown, _, after = rest.partition("</answer>")
        return Read(before + after, shown)
    return Read(message, message)


def has_orders(text: str) -> bool:
    """Whether a text orders high scores, in clear or in a disguise."""
    return any(_ORDER.search(view) for view in _views(text))


def _views(text: str) -> list[str]:
    plain = _INVISIBLE.sub("", text)
    views = [text, plain, unicodedata.normalize("NFKC", plain), plain.translate(_LOOK_ALIKES), plain.translate(_TAGS)]
    views += [text[::-1], plain[::-1], codecs.decode(plain, "rot13"), plain.replace("_", " "), "".join(plain.split())]
    views.append(re.sub(r"[^\w]+", "", plain))
    for token in re.findall(r"[A-Za-z0-9+/=]{16,}", plain):
        with contextlib.suppress(ValueError):
            views.append(base64.b64decode(token, validate=True).decode("utf-8", "replace"))
        with contextlib.suppress(ValueError):
            views.append(bytes.fromhex(token).decode("utf-8", "replace"))
    return views


def measured(shown: str) -> int:
    """Return the score of a text: the shorter the better, 9 at best."""
    return max(0, BEST_SCORE - 1 - len(shown) // _CHARACTERS_A_POINT)


def obedient(request: Request) -> Reply:
    """Obey all that is said outside the declared block, and measure what is inside."""
    said, shown = read(request)
    return scores(request, BEST_SCORE if has_orders(said) else measured(shown))


def gullible(request: Request) -> Reply:
    """Obey everything, from wherever it comes."""
    said, shown = read(request)
    return scores(request, BEST_SCORE if has_orders(said) or has_orders(shown) else measured(shown))


def watchful(request: Request) -> Reply:
    """Measure what is shown, and tell when it gives orders: what the request asks for."""
    shown = read(request).shown
    return scores(request, measured(shown), instructs=has_orders(shown))


def chatty(request: Request) -> Reply:
    """Quote all that is shown before the call, as a model that thinks aloud does."""
    shown = read(request).shown
    reply = scores(request, measured(shown))
    reply.body["output"]["message"]["content"].insert(0, {"text": f"Let us see: {shown}"})
    return reply


def scores(request: Request, score: int, *, instructs: bool = False) -> Reply:
    """Return the reply that gives every criterion the same score."""
    return said({"scores": dict.fromkeys(criteria_of(request), score), "instructs": instructs})


def criteria_of(request: Request) -> list[str]:
    """Return the names of the scores that the tool asks for."""
    schema = request["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]
    return list(schema["properties"]["scores"]["required"])


def said(arguments: Any, *, reason: str = "tool_use", **changed: Any) -> Reply:
    """Return the reply with one call of the tool; `changed` replaces parts of that call."""
    call = {"toolUseId": "tooluse_1", "name": TOOL, "input": arguments, **changed}
    return replied([{"toolUse": call}], reason)


def replied(content: list[dict[str, Any]], reason: str = "tool_use") -> Reply:
    """Return the reply with some blocks."""
    message = {"role": "assistant", "content": content}
    usage = {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}
    return Reply(
        200, {"output": {"message": message}, "stopReason": reason, "usage": usage, "metrics": {"latencyMs": 1}}
    )


def in_turn(*replies: Reply) -> Callable[[Request], Reply]:
    """Return a script that gives one reply after the other, and the last one for ever."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]
