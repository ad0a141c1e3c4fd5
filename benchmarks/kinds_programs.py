"""Programs for one function, right and wrong, that both kinds of test must judge alike."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.calibrating.mutants import mutants_of, sample

_CHANGED = """
def _changed(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float, complex)):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, (list, tuple)):
        return value + type(value)([0])
    if isinstance(value, (set, frozenset)):
        return value | {"x"}
    if isinstance(value, dict):
        return {**value, "x": 0}
    return 0
"""
_WRAPPED = """
{source}
{changed}
_right = {name}
def {name}(*args):
    value = _right(*args)
    return _changed(value) if {when} else value
"""
_MUTANTS = 3


def programs(name: str, *references: str) -> Iterator[tuple[str, str]]:
    """Yield programs with what they are called.

    Args:
        name: of the function.
        references: programs that define it rightly; the first is the one that is made wrong.
    """
    for number, reference in enumerate(references, start=1):
        yield f"canonical {number}", reference
    first = references[0]
    yield "changed value", _WRAPPED.format(source=first, changed=_CHANGED, name=name, when="True")
    yield "changed for some", _WRAPPED.format(source=first, changed=_CHANGED, name=name, when="len(repr(args)) % 2")
    yield "returns None", f"{first}\n\ndef {name}(*args):\n    return None\n"
    yield "raises", f"{first}\n\ndef {name}(*args):\n    raise ValueError\n"
    for mutant in sample(mutants_of(first), _MUTANTS, seed=0):
        yield f"mutant {mutant.name}", mutant.source
