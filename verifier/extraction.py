"""From an answer to a submission: which part of a model's text is the program (docs/answers.md).

One rule, in this order; every step is linear in the length of the answer:

1. An answer that is a Python program from its first character to its last, and does not begin with a fence, is that
   program. (``~~~python`` is Python too: the complement of a name, three times.)
2. Reasoning is removed: from an opening tag to the next closing tag; from an opening tag that is never closed to the
   end; and everything before a closing tag that was never opened. Tags inside fenced blocks are text of the program.
3. The last fenced block tagged with the suite's language is the program; without one, the last block without a tag.
   Blocks in other languages, and empty ones, never are.
4. Without any fence, the text that is left is the program, for Python only when it parses as one.
"""

from __future__ import annotations

import ast
import re
import threading
import warnings

import msgspec

from sandbox.languages import tags_of

LONGEST_BARE_PROGRAM = 65_536
"""Characters that a Python program without a fence may have. Its parser runs in the judge, and hostile text of this
length keeps it busy for about a fifth of a second."""

_TAG = r"</?(?:think|thinking|reasoning)>"
_MARK = re.compile(
    rf"""
    (?P<tag>{_TAG})
    |                       # or a fence, where a line begins or right after a closing tag
    (?: ^ | (?<=</think>) | (?<=</thinking>) | (?<=</reasoning>) )
    (?P<indent>[ \t]*+)
    (?P<fence> `{{3,}}+ (?![^`<\n]*`) | ~{{3,}}+ )
    (?P<info>[^<\n]*+)
    (?= $ | {_TAG} )        # a tag ends the line
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_NAME = re.compile(r"[{.\s]*([^\s{}.:,;=]*)")


class _Block(msgspec.Struct):
    """A fenced block: its opening fence, and the part of the text between the fences."""

    tag: str
    fence: str
    indent: int
    start: int
    end: int = -1
    """Negative while the block is open."""
    is_closed: bool = False


class _Seen(msgspec.Struct, frozen=True):
    """A text without its reasoning, the fenced blocks that stand in it, and whether all reasoning is closed."""

    visible: str
    blocks: list[_Block]
    is_balanced: bool


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """How an answer is written.

    Attributes:
        is_balanced: reasoning that is opened is closed, and only the prompt may have opened what the answer closes.
        is_fenced: the program stands in a block that is closed, and tagged with the language.
        candidates: how many blocks rule 3 chose from; 0 where there was none to take.
    """

    is_balanced: bool
    is_fenced: bool
    candidates: int


def extract(answer: str, language: str) -> str | None:
    """Return the program in an answer by the rule above, or None when the answer holds none. Never raises.

    Args:
        answer: the model's text, reasoning included.
        language: the suite's language, such as ``python`` or ``cpp``.
    """
    text = _normal(answer)
    python = is_python(language)
    if python and not text.lstrip().startswith("~~~") and _is_program(text):
        return text
    seen = _without_reasoning(text)
    if not seen.blocks:
        return seen.visible if (_is_program(seen.visible) if python else seen.visible.strip()) else None
    candidates = _candidates(text, seen.blocks, language)
    return _content(text, candidates[-1]) if candidates else None


def layout(answer: str, language: str, program: str | None) -> Layout:
    """Return how an answer is written, as the rule above sees it. Never raises, and parses nothing.

    Args:
        answer: the same that `extract` was given.
        language: likewise.
        program: what `extract` found in it.
    """
    text = _normal(answer)
    if text == program:  # whatever its texts hold that looks like tags and fences
        return Layout(is_balanced=True, is_fenced=False, candidates=0)
    seen = _without_reasoning(text)
    candidates = _candidates(text, seen.blocks, language)
    is_fenced = bool(candidates) and candidates[-1].is_closed and candidates[-1].tag != ""
    return Layout(is_balanced=seen.is_balanced, is_fenced=is_fenced, candidates=len(candidates))


def _normal(answer: str) -> str:
    return answer.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _candidates(text: str, blocks: list[_Block], language: str) -> list[_Block]:
    """Return the blocks that could be the program: those tagged with the language, else those without a tag."""
    for wanted in (tags_of(language), {""}):
        found = [block for block in blocks if block.tag in wanted and _content(text, block).strip()]
        if found:
            return found
    return []


def _is_program(text: str) -> bool:
    """Say whether `text` is Python that does something: more than names, numbers, texts and the like, such as "yes"."""
    if len(text) > LONGEST_BARE_PROGRAM:
        return False
    try:
        body = parse_python(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(map(_does_something, body))


def _does_something(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value):
            return any(isinstance(node, ast.Call | ast.NamedExpr | ast.Await) for node in ast.walk(value))
        case ast.Pass() | ast.AnnAssign(value=None):  # `pass`; `answer: yes`
            return False
    return True


_warning_filters = threading.Lock()


def parse_python(text: str) -> ast.Module:
    """Return the tree of a Python program, without a word about what looks doubtful in it. Used from several threads.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: it has none.
    """
    # The filters belong to the whole process: two threads that swap them at once could leave the wrong ones behind.
    with _warning_filters, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def is_python(language: str) -> bool:
    """Say whether a suite's language is Python, by any of its names."""
    return tags_of(language) == tags_of("python")


def _without_reasoning(text: str) -> _Seen:
    kept: list[str] = []
    blocks: list[_Block] = []
    start = 0  # of the piece that is being read
    reasoning = False
    tag_seen = False  # outside fenced blocks
    stray = False  # a closing tag that neither the answer nor the prompt can have opened
    doubtful = -1  # end of the last closing tag inside the open block

    for mark in _MARK.finditer(text):
        open_block = blocks[-1] if blocks and blocks[-1].end < 0 else None

        if tag := mark["tag"]:
            if _is_quoted(text, mark):
                continue
            closing = tag.startswith("</")
            if open_block:
                doubtful = mark.end() if closing else doubtful
                continue
            stray |= closing and not reasoning and tag_seen
            tag_seen = True
            if closing:
                if not reasoning:  # never opened, as when the prompt ended in the opening tag
                    kept, blocks = [], []
                start, reasoning = mark.end(), False
            elif not reasoning:
                kept.append(text[start : mark.start()])
                reasoning = True
            continue

        if reasoning:
            continue
        info = mark["info"].strip()
        if open_block:
            if _closes(mark, open_block):
                open_block.end, open_block.is_closed = mark.start(), True
                continue
            if not info or doubtful < 0:
                continue
            # The block holds a closing tag and then a new opening fence: a draft that was never closed.
            stray |= tag_seen
            tag_seen = True
            kept, blocks, start = [], [], doubtful
        blocks.append(_Block(_name(info), mark["fence"], len(mark["indent"]), mark.end()))
        doubtful = -1

    if blocks and blocks[-1].end < 0:
        blocks[-1].end = len(text)
    if not reasoning:
        kept.append(text[start:])
    return _Seen("".join(kept), blocks, is_balanced=not (reasoning or stray))


def _is_quoted(text: str, mark: re.Match[str]) -> bool:
    """Say whether a tag stands between backticks, as in prose about `<think>`."""
    return text[mark.start() - 1 : mark.start()] == "`" == text[mark.end() : mark.end() + 1]


def _closes(mark: re.Match[str], block: _Block) -> bool:
    """Say whether a fence closes the open block (CommonMark 0.31, section 4.5)."""
    bare = not mark["info"].strip()
    return bare and mark["fence"].startswith(block.fence) and len(mark["indent"]) <= block.indent + 3


def _name(info: str) -> str:
    """Return the language that an opening fence names: ``python title="x"``, ``{.python}``, ``Python:a.py``."""
    match = _NAME.match(info)
    return match[1].lower() if match else ""


def _content(text: str, block: _Block) -> str:
    """Return the lines between the fences, less the indentation of the opening fence."""
    content = text[block.start : block.end].removeprefix("\n")
    if not block.indent:
        return content
    return "\n".join(line[: block.indent].lstrip(" \t") + line[block.indent :] for line in content.split("\n"))
