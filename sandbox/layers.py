"""The names of the isolation layers, and what a run demands of them (docs/architecture.md, I10)."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from sandbox.errors import SandboxUnavailable

LAYERS: Final = ("floor", "namespaces", "uid", "chroot", "landlock", "seccomp")
"""In the order in which they are put in force."""

REMEDIES: Final = {
    "namespaces": "start the judge as root with the capability SYS_ADMIN, or allow unprivileged user namespaces",
    "uid": "start the judge as root",
    "chroot": "start the judge as root with the capability SYS_CHROOT, or allow unprivileged user namespaces",
    "landlock": "use Linux 5.13 or newer with Landlock switched on; in a container, a profile that lets it through",
    "seccomp": "use Linux on x86_64 or aarch64; in a container, a profile that lets seccomp(2) through",
}
"""What to do where a layer is missing."""


class Demands(msgspec.Struct, frozen=True, kw_only=True):
    """What a sandbox demands of its host.

    Attributes:
        require: names of layers without which nothing is run.
        without: names of layers that are left off although the host has them; for tests and measurements.
        folders: folders that belong to the sandbox alone; names that appear there during a run are removed. Looked at
            only where no layer keeps programs from making names.
    """

    require: frozenset[str]
    without: frozenset[str]
    folders: tuple[str, ...]

    def check(self, in_force: Collection[str], missing: Mapping[str, str]) -> None:
        """Return if all that is required is in force.

        Args:
            in_force: names of layers.
            missing: by name, why the others are not.

        Raises:
            SandboxUnavailable: says which are not, why, and what to do.
        """
        lacking = [name for name in LAYERS if name in self.require and name not in in_force]
        if lacking:
            reasons = "; ".join(f"{name} ({missing[name]}): {REMEDIES[name]}" for name in lacking)
            others = ",".join(name for name in LAYERS if name in self.require and name in in_force)
            raise SandboxUnavailable(
                f"this host cannot enforce what is required: {reasons}. Or require less: VERIFIER_REQUIRE={others}"
            )


def demands(require: Collection[str] | None = None, without: Collection[str] = ()) -> Demands:
    """Check and complete what a user demands.

    Args:
        require: names of layers; None means the floor and seccomp, and inside Lambda, where there is nothing else, the
            floor. The floor is always required.
        without: see `Demands`.

    Raises:
        ValueError: there is no such layer, or one is required and left off.
    """
    in_lambda = "AWS_LAMBDA_RUNTIME_API" in os.environ
    if require is None:
        require = ("floor",) if in_lambda else ("floor", "seccomp")
        require = tuple(name for name in require if name not in without)
    for name in (*require, *without):
        if name not in LAYERS:
            raise ValueError(f"there is no layer {name!r}; the layers are {', '.join(LAYERS)}")
    both = {"floor", *require} & set(without)
    if both:
        raise ValueError(f"required and left off: {', '.join(sorted(both))}")
    return Demands(
        require=frozenset({"floor", *require}),
        without=frozenset(without),
        folders=("/tmp", "/dev/shm") if in_lambda else (),  # noqa: S108 - looked at, not written to
    )
