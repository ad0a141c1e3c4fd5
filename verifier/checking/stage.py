"""Run an author's program as `python program.py ARGUMENTS` would be, where no file can be opened.

The judge never imports this: its text is the setup of a script in the oracle's sandbox. The program finds its files,
its standard streams and its arguments in memory; what it writes stays there.
"""

from __future__ import annotations

import atexit
import builtins
import io
import os
import sys
import types
import weakref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


class Leaving(BaseException):
    """What `os._exit` raises here: the process has to live until it has told how the program ended."""

    def __init__(self, code: int) -> None:
        """Take the exit code."""
        super().__init__()
        self.code = code


class Files:
    """Files in memory, by their names in the folder where the program runs.

    Attributes:
        contents: what each holds; what was written is there once its file is closed.
    """

    def __init__(self, contents: dict[str, bytes], folder: str) -> None:
        """Hold files.

        Args:
            contents: by name; they can be read.
            folder: name of a folder in which, and below which, files can be written. A name of `contents` may be one
                that can be written too, where it is this.
        """
        self.contents = contents
        self._folder = folder
        self._written: list[weakref.ref[io.IOBase]] = []  # a file that nobody has any more closes itself
        self._open = builtins.open
        self._stat = os.stat

    def open_file(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        *rest: Any,
        **options: Any,
    ) -> Any:
        """Open a file of these, or a standard stream; anything else as ever."""
        stream = _standard_stream(file)
        if stream is not None:
            return stream.buffer if "b" in mode else stream
        name = self._name(file)
        writes = not set(mode).isdisjoint("wax+")
        if name is None or (writes and not self._may_write(name)):
            return self._open(file, mode, buffering, encoding, errors, newline, *rest, **options)
        opened: io.IOBase = self._opened(name, mode, writes=writes)
        if "b" not in mode:
            opened = io.TextIOWrapper(opened, encoding or "utf-8", errors, newline)  # type: ignore[type-var]
        if writes:
            self._written.append(weakref.ref(opened))
        return opened

    def status(self, path: Any, *rest: Any, **options: Any) -> os.stat_result:
        """Tell of a name what `os.stat` does, by which programs ask whether it is there; of anything else as ever."""
        name = self._name(path)
        if name == self._folder and name not in self.contents:
            return os.stat_result((0o40755, 0, 0, 1, 0, 0, 0, 0, 0, 0))
        if name is None or name not in self.contents:
            return self._stat(path, *rest, **options)
        return os.stat_result((0o100644, 0, 0, 1, 0, 0, len(self.contents[name]), 0, 0, 0))

    def finish(self) -> None:
        """Close what was written to and left open."""
        for reference in self._written:
            file = reference()
            if file is not None:
                file.close()

    def _opened(self, name: str, mode: str, *, writes: bool) -> io.BytesIO:
        there = self.contents.get(name)
        if there is None and "r" in mode:
            raise FileNotFoundError(2, "No such file or directory", name)
        if there is not None and "x" in mode:
            raise FileExistsError(17, "File exists", name)
        before = b"" if "w" in mode or there is None else there
        if not writes:
            return io.BytesIO(before)
        raw = _Written(self.contents, name, before)
        if "a" in mode:
            raw.seek(0, io.SEEK_END)
        return raw

    def _may_write(self, name: str) -> bool:
        return name == self._folder or name.startswith(f"{self._folder}/")

    def _name(self, file: Any) -> str | None:
        if isinstance(file, os.PathLike):
            file = os.fspath(file)
        if isinstance(file, bytes):
            file = os.fsdecode(file)
        if not isinstance(file, str):
            return None
        name = os.path.normpath(os.path.join("/", file)).lstrip("/")  # noqa: PTH118 - a path may be a text here
        return name if name in self.contents or self._may_write(name) else None


class _Written(io.BytesIO):
    """A file that is written to. What it holds is kept when it is closed."""

    def __init__(self, contents: dict[str, bytes], name: str, before: bytes) -> None:
        super().__init__()
        self.write(before)
        self.seek(0)
        contents[name] = before
        self._contents = contents
        self._name = name

    def close(self) -> None:
        if not self.closed:
            self._contents[self._name] = self.getvalue()
        super().close()


class Nowhere(io.RawIOBase):
    """Where standard error goes: it is read by nobody."""

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Forget it."""
        return len(data)


def perform(
    code: Any, arguments: list[str], files: Files, stdin: io.RawIOBase, stdout: io.RawIOBase
) -> tuple[str, int | str]:
    """Run a program to its end, that of its threads and its exit functions included.

    Args:
        code: the program, compiled; or its text, where it does not compile.
        arguments: `sys.argv`.
        files: what it can open.
        stdin: bytes for it.
        stdout: takes bytes from it.

    Returns:
        "exit" and its exit code; or "raised" and the name of the exception that it let through. The two are told
        apart, for a Python program that fails exits with 1, which is a verdict to some.
    """
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=arguments[0], __builtins__=builtins)
    sys.modules["__main__"] = main
    sys.argv = list(arguments)
    streams: dict[str, Any] = {
        "stdin": io.TextIOWrapper(io.BufferedReader(stdin), "utf-8"),
        "stdout": io.TextIOWrapper(io.BufferedWriter(stdout), "utf-8"),
        "stderr": io.TextIOWrapper(io.BufferedWriter(Nowhere()), "utf-8", "backslashreplace"),
    }
    vars(sys).update(streams, **{f"__{name}__": stream for name, stream in streams.items()})
    builtins.open = io.open = files.open_file
    os.stat = files.status
    os._exit = _leave  # type: ignore[assignment]
    try:
        exec(code, main.__dict__)  # noqa: S102 - this is the sandbox
        end: tuple[str, int | str] = "exit", 0
    except SystemExit as leaving:
        end = "exit", _exit_code(leaving.code)
    except Leaving as leaving:
        return "exit", leaving.code & 0xFF
    except BaseException as error:
        end = "raised", type(error).__name__
    try:
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()
        atexit._run_exitfuncs()
        files.finish()
        if not sys.stdout.closed:
            sys.stdout.flush()
    except BaseException as error:
        end = "raised", type(error).__name__
    return end


def _leave(code: int) -> NoReturn:
    raise Leaving(code)


def _exit_code(code: Any) -> int:
    """Read the status as the interpreter does: None is 0, an integer is itself, anything else is printed and is 1."""
    if code is None:
        return 0
    return code & 0xFF if isinstance(code, int) else 1


def _standard_stream(file: Any) -> Any:
    names = {0: "stdin", 1: "stdout", 2: "stderr"}
    by_path = {f"/dev/{name}": name for name in names.values()}
    if isinstance(file, int):
        name = names.get(file)
    else:
        name = by_path.get(os.fspath(file)) if isinstance(file, str | os.PathLike) else None
    return getattr(sys, name) if name else None
