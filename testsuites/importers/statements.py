"""The statement of a problem, from the parts and messages that data sets keep it in."""

from __future__ import annotations

from typing import Any


def sections(*parts: tuple[str, str | None]) -> str:
    """Join texts, each under its heading; a text without heading stands alone, an empty one is left out."""
    texts = [f"{heading}\n\n{text.strip()}" if heading else text.strip() for heading, text in parts if text]
    return "\n\n".join(filter(None, texts))


def asked(messages: Any) -> str:
    """Return what the last user message of a conversation says; empty when there is none.

    Args:
        messages: a text, or a list of ``{"role", "content"}``, where content is a text or a list of ``{"text"}``.
    """
    if isinstance(messages, str):
        return messages
    if not isinstance(messages, list):
        return ""
    turns = [turn for turn in messages if isinstance(turn, dict) and turn.get("role") == "user"]
    return _text(turns[-1].get("content")) if turns else ""


def _text(content: Any) -> str:
    if isinstance(content, list):
        texts = (part.get("text") for part in content if isinstance(part, dict))
        return "\n".join(text for text in texts if isinstance(text, str))
    return content if isinstance(content, str) else ""


def unfenced(text: str) -> str:
    """Return the program in the first Markdown fence of a text; the text itself when it has no fence."""
    _, fence, after = text.partition("```")
    if not fence:
        return text
    _, _, body = after.partition("\n")
    return body.partition("```")[0]
