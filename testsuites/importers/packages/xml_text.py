"""XML as Polygon writes it, read with Python's own expat.

A document type is refused as soon as it starts, and with it every entity, inner or outer: no file is fetched, and no
text grows.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from testsuites.errors import SuiteInvalid
from testsuites.importers.packages.package import Package

MAX_BYTES = 16 * 1024 * 1024
"""A test takes some 100 bytes, and a suite has 100,000 at most."""
_MOST_DEEP = 64


def read_xml(package: Package, path: str) -> Element:
    """Return the root of an XML file.

    Raises:
        SuiteInvalid: it is not there, is something else, or has a document type. The message gives the line.
    """
    text = package.text(path, MAX_BYTES)
    parser, builder = expat.ParserCreate(), TreeBuilder()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEEP:
            raise SuiteInvalid(f"{path}: nested more than {_MOST_DEEP} deep")
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    def refuse(*_: Any) -> None:
        raise SuiteInvalid(f"{path}: has a document type, which is not read; remove it")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise SuiteInvalid(f"{path}: not valid XML (line {error.lineno})") from None
    return builder.close()
