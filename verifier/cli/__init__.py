"""The command line `verifier`.

Commands are thin: each reads its input, calls one function of the product and prints what came back. Needs the extra
`cli` (typer and rich), which nothing outside this package imports.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code.

    Exit codes: 0 all done, 1 done and something was not as asked (an answer not judged, a layer missing), 2 the command
    cannot go on (usage, configuration, files), 3 a mistake in the verifier, 130 interrupted.

    Every error is one line on standard error that says what to do. ``VERIFIER_DEBUG=1`` shows a traceback instead,
    which may quote hidden data.
    """
    try:
        from verifier.cli.app import app

        app(prog_name="verifier")
    except Exception as error:
        if os.environ.get("VERIFIER_DEBUG") == "1":
            raise
        from verifier.cli.errors import explain

        line, code = explain(error)
        print(line, file=sys.stderr)
        sys.exit(code)
