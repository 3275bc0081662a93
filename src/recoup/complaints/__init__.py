"""Complaints: what victims say.

In: complaint files (CSV, JSON, other layouts by profile). Out: complaints with payments, selectors with offsets,
victims (which complaints are one person), payments still young enough to recall.
Always true: a row that cannot be read is named, not dropped in silence; nothing is translated before extraction;
a checksum that fails is never valid; every merge of two complaints can be explained and undone.
"""

from recoup.complaints.columns import COLUMNS
from recoup.complaints.file import read_complaint_files, read_complaints
from recoup.complaints.model import Complaint, Method, Payment, Person
from recoup.complaints.profile import CANONICAL, Profile, read_profile
from recoup.complaints.recall import RECALL_HOURS, Recall, recalls

__all__ = [
    "CANONICAL",
    "COLUMNS",
    "RECALL_HOURS",
    "Complaint",
    "Method",
    "Payment",
    "Person",
    "Profile",
    "Recall",
    "read_complaint_files",
    "read_complaints",
    "read_profile",
    "recalls",
]
