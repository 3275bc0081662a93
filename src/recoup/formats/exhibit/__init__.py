"""Exhibit: a traced result as people read it and as machines compare it.

In: results, sheets and the facts about their inputs (`Exhibit`). Out: one HTML page and the result tables.
Always true: no text of the data can become markup; the same exhibit gives the same bytes; shares are for the eye,
amounts are exact; what is left out of a picture or a list is said, and the tables hold all.
"""

from recoup.formats.exhibit.html import render_html
from recoup.formats.exhibit.model import ClaimLine, Exhibit, Extent, InputFile
from recoup.formats.exhibit.phrases import LANGUAGES
from recoup.formats.exhibit.tables import Table, csv_bytes, parquet_bytes, tables_of

__all__ = [
    "LANGUAGES",
    "ClaimLine",
    "Exhibit",
    "Extent",
    "InputFile",
    "Table",
    "csv_bytes",
    "parquet_bytes",
    "render_html",
    "tables_of",
]
