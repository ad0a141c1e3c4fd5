"""Public data sets, read row by row into suites, and problem packages. `READERS` and `PACKAGE_READERS` list them."""

from __future__ import annotations

from typing import Any

from testsuites.importers import (
    apps,
    codecontests,
    codeforces,
    deepcoder,
    humaneval,
    humanevalplus,
    humanevalx,
    humanevalx_calls,
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
from testsuites.importers.packages import kattis, polygon
from testsuites.importers.packages.reader import PackageReader
from testsuites.importers.records import Draft, Imported, Rejected
from testsuites.importers.rows import Reader

READERS: dict[str, Reader[Any]] = {
    "apps": apps.read,
    "codecontests": codecontests.read,
    "codeforces": codeforces.read,
    "deepcoder": deepcoder.read,
    "humaneval": humaneval.read,
    "humanevalplus": humanevalplus.read,
    "humanevalx": humanevalx.read,
    "humanevalx_calls": humanevalx_calls.read,
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

PACKAGE_READERS: dict[str, PackageReader] = {"kattis": kattis.read, "polygon": polygon.read}

__all__ = ["PACKAGE_READERS", "READERS", "Draft", "Imported", "PackageReader", "Reader", "Rejected"]
