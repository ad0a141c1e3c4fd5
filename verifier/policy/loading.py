"""Finding a policy by name, or reading one from a TOML file."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from verifier.policy.base import Policy, PolicyError
from verifier.policy.kinds import Binary, Graded, Linear, Stepped

BUILT_IN: dict[str, type[Policy]] = {"graded": Graded, "binary": Binary, "linear": Linear, "stepped": Stepped}
"""Each kind with its own numbers, by name."""


def load_policy(name_or_path: str | os.PathLike[str]) -> Policy:
    """Return the built-in policy of that name, or read one from a file.

    A file holds the kind, and the numbers that differ from the built-in ones::

        kind = "graded"
        range = [-1, 1]
        wrong_answer = -0.7
        at_stake = 0.3

        [components.efficiency]
        weight = 1

    Raises:
        PolicyError: there is no such policy or file, or the file breaks the format or a law.
    """
    if isinstance(name_or_path, str) and name_or_path in BUILT_IN:
        return BUILT_IN[name_or_path]()
    import tomllib  # only deployments with a file of their own pay for it

    try:
        fields = tomllib.loads(Path(name_or_path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PolicyError(
            f"no policy {name_or_path}: use {', '.join(BUILT_IN)}, or the path of a TOML file (docs/rewards.md)"
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise PolicyError(f"policy {name_or_path} cannot be read: {reason}") from None
    try:
        return msgspec.convert(fields, Graded | Binary | Linear | Stepped)
    except PolicyError as error:
        raise PolicyError(f"policy {name_or_path}: {error}") from None
    except msgspec.ValidationError as error:
        raise PolicyError(
            f"policy {name_or_path}: {error} (kinds are {', '.join(BUILT_IN)}; docs/rewards.md lists their numbers)"
        ) from None
