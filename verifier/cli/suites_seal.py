"""`verifier suites seal` and `unseal`: suites encrypted in one file. The key comes from the environment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from verifier.cli.errors import CommandError
from verifier.cli.text import console, plain

_SUFFIX = ".sealed"


def seal(
    place: Annotated[str | None, typer.Argument(metavar="SUITES", help="Folder of suites, or a .zip of one.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.sealed", help="File to write the sealed suites to.")
    ] = None,
    new_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a new key to this file, and seal nothing.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Encrypt suites, with all that lies beside them, into one file, which is a store: only its key opens it.

    The key is never an argument. VERIFIER_SEAL_KEY_FILE names a file that --new-key made; or VERIFIER_SEAL_KEY holds
    its text, or kms: and the ARN of a key of AWS KMS. Whoever grades with the file needs the same variable. Suites are
    decrypted in the judge's memory only, and keep their digests.

    Example: VERIFIER_SEAL_KEY_FILE=seal.key verifier suites seal suites -o suites.sealed
    """
    if new_key is not None:
        if place is not None or output is not None:
            raise CommandError("--new-key makes a key and seals nothing: give it alone, and seal with the next command")
        _make_key(new_key, as_json=as_json)
        return
    if place is None or output is None:
        raise CommandError("give SUITES and -o FILE.sealed; or --new-key FILE, to make a key first")
    if output.suffix != _SUFFIX:
        raise CommandError(f"{output}: the name of sealed suites ends in {_SUFFIX}, by which they are known")
    from testsuites import sealed_writing
    from testsuites.whole import open_whole

    whole = open_whole(place)
    with _bar("sealing", len(whole.ids)) as told:
        done = sealed_writing.seal(whole, place, output, told)
    if as_json:
        print(json.dumps({"sealed": str(output), **done._asdict()}))
    else:
        text = f"{done.suites} suites are sealed in {output}, {done.size / 1e6:.1f} MB; its key is {done.key}"
        console(stderr=True).print(plain(text), soft_wrap=True)


def unseal(
    place: Annotated[Path, typer.Argument(metavar="FILE.sealed", help="File of sealed suites.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER", help="Folder to be made.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Write sealed suites, with all that lay beside them, into a folder, in the clear.

    This is for their authors: grading reads the sealed file itself. The key comes from the environment, as for `seal`.

    Example: VERIFIER_SEAL_KEY_FILE=seal.key verifier suites unseal suites.sealed -o suites
    """
    from testsuites import sealed_writing
    from testsuites.one_file import LocalFile
    from testsuites.sealed import Sealed

    sealed = Sealed(LocalFile(place).open().content, str(place))
    with _bar("unsealing", len(sealed.ids)) as told:
        count = sealed_writing.unseal(sealed, output, told)
    if as_json:
        print(json.dumps({"suites": count, "output": str(output)}))
    else:
        console(stderr=True).print(plain(f"{count} suites are in {output}, in the clear"), soft_wrap=True)


def _make_key(path: Path, *, as_json: bool) -> None:
    from testsuites.sealed_keys import KEY_FILE, write_new_key

    key_id = write_new_key(path)
    if as_json:
        print(json.dumps({"key_file": str(path), "key": key_id}))
    else:
        text = f"{path} holds the new key {key_id}; keep a copy of it, and seal with {KEY_FILE}={path}"
        console(stderr=True).print(plain(text), soft_wrap=True)


@contextmanager
def _bar(doing: str, suites: int) -> Iterator[Callable[[str], None]]:
    """Draw a bar on a terminal; yield what counts a suite that is done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    terminal = console(stderr=True)
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as bar:
        task = bar.add_task("", total=suites)
        yield lambda _: bar.advance(task)
