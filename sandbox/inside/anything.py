"""What a call might have brought back, for a run of test code that only tells what it does without a solution."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


class Anything:
    """Agrees with every comparison and takes part in every calculation, so that the test code goes on.

    Where it has to be something, so that what the test code does next may depend on it, the channel is told
    (`Link.decided`).
    """

    def __init__(self, link: Any, number: int | None = None) -> None:
        """Take the channel, and the number of the call that brought it, where it is what that call brought."""
        self.number = number
        self._link = link

    def _anything(self, *args: Any, **kwargs: Any) -> Anything:
        self._link.check([*args, *kwargs.values()])
        return Anything(self._link)

    def _agree(self, *others: object) -> bool:
        self._link.decided = True
        return True

    def _zero(self) -> int:
        self._link.decided = True
        return 0

    __call__ = __getattr__ = __getitem__ = __enter__ = _anything
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _anything
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _anything
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = _anything
    __neg__ = __pos__ = __abs__ = __invert__ = __round__ = _anything
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = _agree
    __hash__ = __len__ = __int__ = __index__ = _zero

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What `isinstance` asks."""
        self._link.decided = True
        return Anything

    def __float__(self) -> float:
        return float(self._zero())

    def __iter__(self) -> Iterator[Any]:
        self._link.decided = True
        return iter(())

    def __exit__(self, *args: object) -> None:
        pass


class Named(Anything):
    """A member of the program, whatever it is: calls of it are calls of that name."""

    def __init__(self, link: Any, name: str, derives: str) -> None:
        """Take the channel, the name, and in which words a class is refused that derives from this."""
        super().__init__(link)
        self._name = name
        self._derives = derives

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._link.call(self._name, args, kwargs)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        raise self._link.refuse(self._derives)

    def __instancecheck__(self, instance: object) -> bool:
        return self._agree()


class Lenient:
    """Goes around an assert: whether that holds changes nothing of what the test code does next."""

    def __init__(self, link: Any) -> None:
        """Take the channel."""
        self._link = link
        self._before: list[bool] = []

    def __enter__(self) -> None:
        """Note whether something was decided before."""
        self._before.append(self._link.decided)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        """Let an exception pass, and forget what was decided."""
        self._link.decided = self._before.pop()
        return kind is None or issubclass(kind, Exception)


def helpers(link: Any) -> dict[str, Callable[..., Any] | Lenient]:
    """Return what test code is made to use for such a run (`verifier.foreseeing`), by name."""
    return {"__lenient__": Lenient(link), "__decides__": lambda: setattr(link, "decided", True)}
