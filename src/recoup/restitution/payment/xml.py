"""XML from outside: no entities, no DTD, no network, bounded."""

from __future__ import annotations

import importlib
from typing import Any

from recoup.ground import Defect, Refused

BYTES_MAX = 500_000_000


def parse(data: bytes, file: str) -> Any:
    """The root element. Not XML, a document type, or more than `BYTES_MAX` bytes raise Refused with the line."""
    etree: Any = importlib.import_module("lxml.etree")
    if len(data) > BYTES_MAX:
        raise Refused(Defect(file, 0, f"is larger than {BYTES_MAX:,} bytes", "Split it"))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(
            Defect(file, error.lineno or 0, f"is not XML: {error.msg}", "Ask the bank for the file again")
        ) from None
    if root.getroottree().docinfo.doctype:
        raise Refused(Defect(file, 1, "declares a document type", "Bank messages have none: is this the right file?"))
    return root


def text(node: Any, path: str) -> str:
    """The text at a path of local names (`Refs/EndToEndId`); empty where there is none."""
    for name in path.split("/"):
        node = next((child for child in node if local(child) == name), None)
        if node is None:
            return ""
    return (node.text or "").strip()


def each(node: Any, name: str) -> list[Any]:
    """Every descendant with a local name, in document order."""
    return [child for child in node.iter() if local(child) == name]


def local(node: Any) -> str:
    """The local name of an element; empty for a comment."""
    return str(node.xpath("local-name()"))
