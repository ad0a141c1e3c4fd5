"""verifier.seen: a set of texts that takes no memory to speak of."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from verifier.seen import Seen

_MANY = 200_000


@given(st.lists(st.text(st.characters(codec="utf-8"))), st.text(st.characters(codec="utf-8")))
def test_it_is_a_set(texts: list[str], other: str) -> None:
    """What was added, once or twice, is in it, and nothing else."""
    with Seen() as seen:
        for text in texts:
            seen.add(text)
        assert all(text in seen for text in texts)
        assert (other in seen) == (other in texts)


def test_many_texts_take_little_memory() -> None:
    """A fifth of a million ids in less than 6 MB; a set of them takes more than twice that."""
    code = f"""
import re
from pathlib import Path
from verifier.seen import Seen
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
ids = lambda: (f"Some-data-set/problem-{{number}}" for number in range({_MANY}))
start = peak()
with Seen() as seen:
    for text in ids():
        seen.add(text)
    assert "Some-data-set/problem-77" in seen
print(peak() - start)
start = peak()
plain = set(ids())
print(peak() - start)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours, plain = map(int, done.stdout.split())
    assert ours < 6 * 1024
    assert plain > 12 * 1024
