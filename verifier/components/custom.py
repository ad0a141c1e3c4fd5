"""A user's own component: a function of theirs, named in the policy file."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from verifier.components.base import Component, ComponentError
from verifier.components.evidence import Evidence


class Custom(Component, frozen=True, kw_only=True):
    """What a function says of the evidence. It runs in the judge and is trusted like it; what it returns is not.

    Attributes:
        function: ``module:name``, or the function itself. Takes an `Evidence`; returns 0 to 1, or None where there is
            nothing to measure. Use no clock and no chance in it: the same answer is to get the same reward.
    """

    function: Any

    def __post_init__(self) -> None:
        """Refuse what is no function, and find one that is named.

        Raises:
            ComponentError: as above.
        """
        super().__post_init__()
        self._function()

    def measure(self, evidence: Evidence) -> float | None:
        """Return what the function returns."""
        return self._function()(evidence)

    def _function(self) -> Callable[[Evidence], float | None]:
        if callable(self.function):
            return self.function  # type: ignore[no-any-return]
        module, colon, name = str(self.function).partition(":")
        if not (module and colon and name):
            raise ComponentError(f"function: {self.function!r} must be of the form module:name")
        try:
            imported = importlib.import_module(module)
        except (Exception, SystemExit) as error:  # whatever the module does when it is imported
            raise ComponentError(
                f"function: {module} cannot be imported ({type(error).__name__}: {error}); install it, or name its"
                " folder in PYTHONPATH"
            ) from None
        found = getattr(imported, name, None)
        if not callable(found):
            raise ComponentError(f"function: there is no function {name} in {module}")
        return found  # type: ignore[no-any-return]
