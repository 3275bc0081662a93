"""Formats: outside formats to the rooms' nouns and back.

In: files of chains, banks and registers. Out: ledgers, and a defect for every row that was rejected.
Always true: nothing is dropped silently; every leg carries its source; no edge is invented.
"""

from recoup.formats.labels import Label, write_labels
from recoup.formats.reading import FileReading, Reading, read_files
from recoup.formats.registry import FORMATS, Format, detected, named

__all__ = [
    "FORMATS",
    "FileReading",
    "Format",
    "Label",
    "Reading",
    "detected",
    "named",
    "read_files",
    "write_labels",
]
