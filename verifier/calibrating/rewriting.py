"""The reference written otherwise, each way by its name. A suite that refuses one refuses a right answer."""

from __future__ import annotations

from verifier.fuzzing.rewriting import below_if, laid_out_anew, locals_renamed


def rewritten(source: str) -> dict[str, str]:
    """Return rewritten programs by the name of what was done; none for what does not compile or is nested too deeply.

    They differ from the program, and from each other.
    """
    try:
        programs = {
            "layout": laid_out_anew(source),
            "wrapped-in-if": below_if(source),
            "renamed-locals": locals_renamed(source, "_renamed"),
            "crlf-line-ends": source.replace("\r\n", "\n").replace("\n", "\r\n"),
        }
    except (ValueError, RecursionError, MemoryError):
        return {}
    first = {program: name for name, program in reversed(programs.items())}
    return {name: program for name, program in programs.items() if first[program] == name and program != source}
