"""Intake: what a file from outside really is, and whether it may be unpacked or shown.

In: a stream and its name. Out: an inspection: the type by content, refusals with their reasons, remarks.
Always true: limits hold on the real stream, not on what headers say; a refused file is still evidence and is sealed,
in quarantine; nothing is written to disk while a file is inspected.
"""

from recoup.evidence.intake.finding import Inspection, Limits, Refusal, Why
from recoup.evidence.intake.inspect import inspect
from recoup.evidence.intake.sniff import FileType, sniff

__all__ = ["FileType", "Inspection", "Limits", "Refusal", "Why", "inspect", "sniff"]
