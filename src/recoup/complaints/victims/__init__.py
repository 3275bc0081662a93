"""Victims: which complaints are one person.

In: complaints. Out: victims with the links that join them, a review queue, hot values.
Always true: every complaint is in exactly one victim; weights are integers and can be added up by hand; two birth
dates never meet in one victim without a person's word; a judgement undoes a merge and loses nothing.
"""

from recoup.complaints.victims.cluster import Link, Review
from recoup.complaints.victims.consolidate import (
    Consolidation,
    HotValue,
    Judgement,
    Victim,
    consolidate,
    consolidated_records,
)
from recoup.complaints.victims.record import Record, records_of, skeleton
from recoup.complaints.victims.weights import Evidence, Weights

__all__ = [
    "Consolidation",
    "Evidence",
    "HotValue",
    "Judgement",
    "Link",
    "Record",
    "Review",
    "Victim",
    "Weights",
    "consolidate",
    "consolidated_records",
    "records_of",
    "skeleton",
]
