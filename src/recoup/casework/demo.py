"""The step "demo": a bundled case through the whole pipeline, from its ledger file to a verified exhibit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from recoup.casework.bundle import Sealed, trace_to_directory
from recoup.casework.cases import Case
from recoup.casework.trace import Choices, Inputs
from recoup.casework.verify import Verification, verify_bundle
from recoup.tracing import Result, Rule

Say = Callable[[str], None]


@dataclass(frozen=True)
class Shown:
    """A demonstrated case: its bundle, and what recomputing the bundle found."""

    case: Case
    sealed: Sealed
    verification: Verification

    @property
    def results(self) -> tuple[Result, ...]:
        """One per rule, the declared rule first."""
        return (*self.sealed.traced.declared, *self.sealed.traced.others)


def show_case(case: Case, out: Path, say: Say) -> Shown:
    """Trace the case under every rule into the bundle `out`, then recompute it from its own files.

    `say` is told what begins. An `out` that is no bundle of ours raises Refused.
    """
    rules = (case.rule, *(rule for rule in Rule if rule is not case.rule))
    say("tracing under every rule and writing the exhibit")
    inputs = Inputs((case.ledger,), case.claims, case.services)
    sealed = trace_to_directory(inputs, Choices(rules, case.granularity), out, overwrite=True)
    say("recomputing the exhibit from its own files")
    return Shown(case, sealed, verify_bundle(out))
