"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

Require = Annotated[
    str, typer.Option(metavar="LAYERS", help="Isolation layers without which nothing runs. [default: floor,seccomp]")
]
