"""Which texts and numbers a language's file may hold as words of commands, names, folders and sizes."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Word = Annotated[str, Meta(min_length=1, max_length=200)]
Command = Annotated[tuple[Word, ...], Meta(min_length=1, max_length=64)]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_+#-]{0,31}$")]
Tag = Annotated[str, Meta(pattern=r"^[a-z0-9_+#.-]{1,32}$")]
FileName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$")]
Folder = Annotated[str, Meta(pattern=r"^/[A-Za-z0-9._/+-]{1,200}$")]
Megabytes = Annotated[int, Meta(gt=0, le=65_536)]
