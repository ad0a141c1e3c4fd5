"""From a checkout to an image: base, wheels, the steps of container/Dockerfile, and suites on top if wanted."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import msgspec

from verifier.image.checkout import DOCKERFILE, Checkout, find_checkout
from verifier.image.context import pack
from verifier.image.engine import PLATFORMS, Base, BuildEngine
from verifier.image.errors import ImageError
from verifier.image.suites import ADD_SUITES, suite_files
from verifier.image.wheels import download_wheels

_DEFAULT_BASE = re.compile(r"^ARG BASE_IMAGE=(\S+)$", re.MULTILINE)


class BuiltImage(msgspec.Struct, frozen=True, kw_only=True):
    """An image that was built.

    Attributes:
        tag: its name.
        id: the engine's name for it.
        platform: what it runs on, as Docker calls it.
        python: version of its Python, such as `3.13`.
        base_image: name of the image that it is built on.
        base_bytes: uncompressed size of that.
        added_bytes: uncompressed size of what it adds.
        languages: that programs can be written in, in this image.
        holds_suites: whether hidden tests are in it.
    """

    tag: str
    id: str
    platform: str
    python: str
    base_image: str
    base_bytes: int
    added_bytes: int
    languages: tuple[str, ...]
    holds_suites: bool


def build_image(
    *,
    tag: str | None = None,
    base_image: str | None = None,
    platform: str | None = None,
    suites: Path | None = None,
    languages: Sequence[str] = (),
    network: str = "default",
    report: Callable[[str], None] = lambda _: None,
) -> BuiltImage:
    """Build the image of the checkout that is the working folder, or that this code is in.

    Args:
        tag: a name for it; None is `rlvr-verifier:VERSION`, and with suites `rlvr-verifier:VERSION-suites`.
        base_image: what it is built on; None is the one that container/Dockerfile names.
        platform: one of `PLATFORMS`; None is that of the base image, or of the engine where the base is pulled.
        suites: a folder of suites to put into it. Such an image is for the grader only.
        languages: names of those that programs can be written in besides Python; their packages are Debian's.
        network: of that step, as in `docker build --network`; no other step has one.
        report: is told what is done, line by line.

    Raises:
        ImageError: this is no checkout, an argument cannot be used, wheels cannot be downloaded, or the engine fails.
        SuiteError: the suites cannot be used.
        OSError: a file cannot be read.
    """
    checkout = find_checkout()
    base_name = base_image or _default_base(checkout)
    tag = tag or f"rlvr-verifier:{checkout.version}" + ("-suites" if suites else "")
    if platform not in (None, *PLATFORMS):
        raise ImageError(f"platform {platform}: name {' or '.join(PLATFORMS)}")
    with contextlib.closing(BuildEngine()) as engine:
        _check_tag(tag)
        files = suite_files(suites) if suites else {}  # before what takes long
        base = engine.base(base_name, platform)
        report(f"base image {base_name}: {base.platform}, Python {base.python}, {base.size_bytes / 1e6:.0f} MB")
        names = sorted({"python", *languages})
        arguments = {"BASE_IMAGE": base_name, "LANGUAGES": " ".join(names)}
        if len(names) > 1:
            report(f"packages of Debian for {', '.join(names)}")
            sources = pack({name: checkout.root / name for name in checkout.sources()})
            arguments["LANGUAGES_IMAGE"] = engine.build(
                sources,
                report,
                dockerfile=DOCKERFILE,
                platform=platform,
                arguments=arguments,
                stage="languages",
                network=network,
            )
        report(f"wheels for Python {base.python} on {base.machine}")
        context = _context(checkout, base)
        report("steps of container/Dockerfile")
        made = engine.build(
            context,
            report,
            dockerfile=DOCKERFILE,
            tag=None if suites else tag,
            platform=platform,
            arguments=arguments,
        )
        if suites:
            dockerfile = f"FROM {made}\n{ADD_SUITES}".encode()
            made = engine.build(pack({**files, "Dockerfile": dockerfile}), report, tag=tag)
        return BuiltImage(
            tag=tag,
            id=made,
            platform=base.platform,
            python=base.python,
            base_image=base_name,
            base_bytes=base.size_bytes,
            added_bytes=engine.size_bytes(made) - base.size_bytes,
            languages=tuple(names),
            holds_suites=bool(suites),
        )


def _context(checkout: Checkout, base: Base) -> IO[bytes]:
    """Return the archive of a checkout's sources and of the wheels for a base image, which the Dockerfile looks for.

    Raises:
        ImageError: the wheels cannot be downloaded.
    """
    with tempfile.TemporaryDirectory(prefix="wheels-") as place:
        download_wheels(checkout, Path(place), python=base.python, machine=base.machine)
        files = {name: checkout.root / name for name in checkout.sources()}
        files |= {f"container/wheels/{wheel.name}": wheel for wheel in Path(place).iterdir()}
        return pack(files)


def _default_base(checkout: Checkout) -> str:
    """Return the base image that container/Dockerfile names.

    Raises:
        ImageError: it names none.
    """
    found = _DEFAULT_BASE.search((checkout.root / DOCKERFILE).read_text(encoding="utf-8"))
    if found is None:
        raise ImageError(f"{DOCKERFILE} has no line ARG BASE_IMAGE=...; give --base-image")
    return found[1]


def _check_tag(tag: str) -> None:
    """Return if a text can be an image's name.

    Raises:
        ImageError: it cannot.
    """
    from docker.utils import match_tag

    if not match_tag(tag):
        raise ImageError(f"tag {tag}: name an image as in rlvr-verifier:1.0, in lower case")
