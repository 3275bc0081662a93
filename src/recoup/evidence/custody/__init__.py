"""Custody: who held an item, when, why and in what condition, each step signed; a hand-over by giver and receiver.

In: steps as signed notes, the public keys of people. Out: the chain of an item, its state and its custodian.
Always true: every step is bound to the one before it; a step that no rule allows raises with the rule's id.
"""

from recoup.evidence.custody.model import (
    Acquisition,
    Action,
    Collected,
    Destroyed,
    Examined,
    Exhibited,
    HandOver,
    ItemKind,
    KeyCustody,
    LegalAuthority,
    Sealed,
    State,
    Step,
    Tool,
)
from recoup.evidence.custody.rules import RULES, Chain, IllegalStep
from recoup.evidence.custody.signing import parse_step, sign_step, step_text

__all__ = [
    "RULES",
    "Acquisition",
    "Action",
    "Chain",
    "Collected",
    "Destroyed",
    "Examined",
    "Exhibited",
    "HandOver",
    "IllegalStep",
    "ItemKind",
    "KeyCustody",
    "LegalAuthority",
    "Sealed",
    "State",
    "Step",
    "Tool",
    "parse_step",
    "sign_step",
    "step_text",
]
