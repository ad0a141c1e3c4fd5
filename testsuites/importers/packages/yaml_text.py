"""YAML as packages use it, read with PyYAML's safe loader, which the extra `packages` brings.

Aliases are refused: with a few of them a file of a hundred bytes holds a billion values.
"""

from __future__ import annotations

from typing import Any

from testsuites.errors import SuiteInvalid
from testsuites.importers.packages.package import Package

MAX_BYTES = 64 * 1024
"""Of one file. PyYAML takes some seconds for as much, and far longer where it is nested deeply."""
_MOST_DEEP = 32
_FAULTS = (ValueError, ArithmeticError, LookupError, AttributeError, TypeError)
"""What PyYAML raises for a date, a number or a truth value that is none, such as ``!!bool maybe``."""


def read_yaml(package: Package, path: str) -> dict[str, Any]:
    """Return the fields of a YAML file; none for an empty one.

    Raises:
        SuiteInvalid: it is not there, is something else, or PyYAML is not installed. The message gives the line.
    """
    try:
        import yaml
    except ImportError:
        raise SuiteInvalid(f"{path}: needs PyYAML; run: pip install 'rlvr-verifier[packages]'") from None
    text = package.text(path, MAX_BYTES)
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise SuiteInvalid(f"{path}: aliases (*name) are not read; write them out")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _MOST_DEEP:
                raise SuiteInvalid(f"{path}: nested more than {_MOST_DEEP} deep")
        fields = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:  # its message quotes the text: keep the position only
        mark = error.problem_mark
        raise SuiteInvalid(f"{path}: not valid YAML{f' (line {mark.line + 1})' if mark else ''}") from None
    except (yaml.YAMLError, *_FAULTS):
        raise SuiteInvalid(f"{path}: not valid YAML") from None
    if fields is None:
        return {}
    if not isinstance(fields, dict) or not all(isinstance(name, str) for name in fields):
        raise SuiteInvalid(f"{path}: expected names and values")
    return fields
