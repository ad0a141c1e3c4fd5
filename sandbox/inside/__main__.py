"""Start a zygote: ``python -S -s -P -B -X utf8 sandbox/inside/__main__.py CONTROL_FD SETTINGS_JSON``.

The package is loaded as ``inside``, without its parent `sandbox`: the judge's modules, and what they import, stay out
of the interpreter that candidates are forked from.
"""

import importlib.util
import os
import sys

_FOLDER = os.path.dirname(__file__)  # noqa: PTH120 - pathlib stays out of the zygote

if __name__ == "__main__":
    _spec = importlib.util.spec_from_file_location(
        "inside", f"{_FOLDER}/__init__.py", submodule_search_locations=[_FOLDER]
    )
    assert _spec is not None  # noqa: S101 - the file is this file's neighbour
    sys.modules["inside"] = importlib.util.module_from_spec(_spec)
    zygote = importlib.import_module("inside.zygote")
    zygote.main(int(sys.argv[1]), sys.argv[2])
