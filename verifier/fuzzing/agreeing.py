"""Programs for files of tests whose every object agrees with whatever it is asked.

Equality among objects of the solution is the solution's word. A test that checks nothing else, as ``assert Vector(1, 2)
+ Vector(3, 4) == Vector(4, 6)``, is passed by a class that is equal to everything: no grader can tell, so the suite has
to ask for a number somewhere. A suite that pays one of these does not.
"""

from __future__ import annotations

from collections.abc import Iterator

_ANSWERS = {"themselves": "self", "true": "True", "zero": "0", "nothing": "None"}
"""What methods and attributes give, by how it is called."""

_AGREES = """class Agrees:
    def __init__(self, *args, **kwargs): pass
    def __getattr__(self, name):
        if name[:2] == "__":
            raise AttributeError(name)
        return lambda *args, **kwargs: {answer}
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = __contains__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = __len__ = __int__ = __index__ = lambda self: 0
    __float__ = lambda self: 0.0
    __str__ = __repr__ = lambda self: ""
    __iter__ = lambda self: iter(())
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = lambda self, other: self
    __floordiv__ = __mod__ = __pow__ = __and__ = __or__ = __xor__ = __matmul__ = lambda self, other: self
    __neg__ = __pos__ = __invert__ = __abs__ = __enter__ = lambda self: self
    __getitem__ = lambda self, key: {answer}
    __call__ = lambda self, *args, **kwargs: {answer}
    __setitem__ = __exit__ = lambda self, *args: None
    __delitem__ = lambda self, key: None

"""


def agreeing_programs(names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield a name and a source for each: every one of `names` is a class of such objects.

    Args:
        names: what a file of tests imports.
    """
    classes = "".join(f"class {name}(Agrees): pass\n" for name in names if name.isidentifier())
    for called, answer in _ANSWERS.items():
        yield f"objects-that-agree-and-answer-{called}", _AGREES.format(answer=answer) + classes
