"""Public data sets, read row by row into suites. One file per format; `READERS` is the list of them."""

from __future__ import annotations

from typing import Any

from testsuites.importers import (
    apps,
    codecontests,
    codeforces,
    deepcoder,
    humaneval,
    humanevalplus,
    kodcode,
    livecodebench,
    mbpp,
    mbppplus,
    nemo_gym,
    open_instruct,
    synthetic1,
    taco,
    verl,
)
from testsuites.importers.records import Draft, Imported, Rejected
from testsuites.importers.rows import Reader

READERS: dict[str, Reader[Any]] = {
    "apps": apps.read,
    "codecontests": codecontests.read,
    "codeforces": codeforces.read,
    "deepcoder": deepcoder.read,
    "humaneval": humaneval.read,
    "humanevalplus": humanevalplus.read,
    "kodcode": kodcode.read,
    "livecodebench": livecodebench.read,
    "mbpp": mbpp.read,
    "mbppplus": mbppplus.read,
    "nemo_gym": nemo_gym.read,
    "open_instruct": open_instruct.read,
    "synthetic1": synthetic1.read,
    "taco": taco.read,
    "verl": verl.read,
}

__all__ = ["READERS", "Draft", "Imported", "Reader", "Rejected"]
