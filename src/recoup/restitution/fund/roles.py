"""Who may do what: one role per person in a case, and two persons for what moves or promises money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum


class Role(StrEnum):
    INTAKE = "intake-officer"
    REVIEWER = "claim-reviewer"
    SECOND_REVIEWER = "second-reviewer"
    ALLOCATION = "allocation-officer"
    APPROVER = "approver"
    RELEASER = "payment-releaser"
    RECONCILER = "reconciler"
    OMBUDSPERSON = "ombudsperson"
    AUDITOR = "auditor"
    PUBLISHER = "publisher"


class Forbidden(PermissionError):
    """Somebody may not do this: the role is missing, taken twice, or a second person is."""


class Roles:
    """The roles of one case. A person holds exactly one; a second one raises Forbidden."""

    def __init__(self, held: Iterable[tuple[str, Role]] = ()) -> None:
        self._held: dict[str, Role] = {}
        for person, role in held:
            self.grant(person, role)

    def grant(self, person: str, role: Role) -> None:
        known = self._held.setdefault(person, role)
        if known is not role:
            raise Forbidden(f"{person} is {known} in this case and cannot be {role} too")

    def role(self, person: str) -> Role:
        if person not in self._held:
            raise Forbidden(f"{person} has no role in this case")
        return self._held[person]

    def require(self, what: str, by: Sequence[str], needed: Sequence[Role]) -> None:
        """Each needed role must be filled by another person of `by`; otherwise Forbidden, in words."""
        if len(set(by)) != len(by):
            raise Forbidden(f"{what}: one person cannot act twice")
        filled = [self.role(person) for person in by]
        missing = [role for role in needed if role not in filled]
        extra = [person for person, role in zip(by, filled, strict=True) if role not in needed]
        if missing:
            raise Forbidden(f"{what} needs {' and '.join(missing)}")
        if extra:
            raise Forbidden(f"{what}: {', '.join(extra)} may not take part")
