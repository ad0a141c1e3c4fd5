"""Python code without what is written for its reader: the commonest place for words to a grader.

Comments and layout go, statements that are nothing but a constant (docstrings are), and what stands in long texts.
Names and short texts stay: they can carry a few words each.
"""

from __future__ import annotations

import ast

from verifier.extraction import LONGEST_BARE_PROGRAM, parse_python
from verifier.feedback.errors import NotShown

LONGEST_TEXT = 40
"""Characters of a text in the code that are left; of a longer one only its length is."""


def plain_code(program: str) -> str:
    """Return what a Python program does, written anew.

    Raises:
        NotShown: it is too long, or is no Python that can be written anew.
    """
    if len(program) > LONGEST_BARE_PROGRAM:
        raise NotShown
    try:
        return ast.unparse(ast.fix_missing_locations(_Plain().visit(parse_python(program))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotShown from None


class _Plain(ast.NodeTransformer):
    """Takes out of a tree what does nothing, and shortens texts."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Remove a statement that is a constant, such as a docstring, and does nothing."""
        parts = node.value.values if isinstance(node.value, ast.JoinedStr) else [node.value]
        if all(isinstance(part, ast.Constant) for part in parts):
            return None
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Shorten a text, or bytes."""
        value = node.value
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            return ast.Constant(f"<text of {len(value)} characters>")
        if isinstance(value, bytes) and len(value) > LONGEST_TEXT:
            return ast.Constant(f"<{len(value)} bytes>".encode())
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Visit what is below; a block that is left empty does nothing."""
        blocks = [name for name in ("body", "finalbody") if getattr(node, name, None)]
        super().generic_visit(node)
        for name in blocks:
            if not getattr(node, name) and not isinstance(node, ast.Module):
                setattr(node, name, [ast.Pass()])
        return node
