"""Drafting: documents from content fields, never an official form.

In: a form and the text of content fields F01-F30. Out: one document as JSON twin, PDF (Typst) and DOCX.
Always true: required fields that are missing block with their codes; case data is text, never markup.
"""

from recoup.requests.drafting.document import Document
from recoup.requests.drafting.filling import MissingFields, draft
from recoup.requests.drafting.forms import Form, forms
from recoup.requests.drafting.render import docx_bytes, json_bytes, pdf_bytes

__all__ = ["Document", "Form", "MissingFields", "docx_bytes", "draft", "forms", "json_bytes", "pdf_bytes"]
