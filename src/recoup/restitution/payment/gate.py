"""The gate before a batch: every instruction is checked, every fault named, and nothing faulty goes through."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from recoup.restitution.payment.iban import bic_fault, iban_fault
from recoup.restitution.payment.model import Instruction

NAME_CHARACTERS_MAX = 140
TEXT_CHARACTERS_MAX = 140
AMOUNT_DIGITS_MAX = 18  # ISO 20022 ActiveOrHistoricCurrencyAndAmount
_ID = re.compile(r"[A-Za-z0-9/\-?:().,'+]{1,35}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class FaultCode(StrEnum):
    IBAN = "iban"
    BIC = "bic"
    AMOUNT = "amount"
    CURRENCY = "currency"
    NAME = "name"
    TEXT = "text"
    ID = "id"
    DUPLICATE_ID = "duplicate-id"
    DUPLICATE_CLAIM = "duplicate-claim"
    CLOSED_ACCOUNT = "closed-account"
    PAID_BEFORE = "paid-before"
    NOT_OWED = "not-owed"
    NAME_CHECK = "name-check"
    SANCTIONS = "sanctions"
    NOT_SCREENED = "not-screened"
    DEBTOR = "debtor"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one instruction may not be paid now."""

    id: str
    claim: str
    code: FaultCode
    what: str

    def __str__(self) -> str:
        return f"{self.id} (claim {self.claim}): {self.code}: {self.what}"


@dataclass(frozen=True, slots=True)
class Screening:
    """Screening at a batch: the list's version, and a hook that names the entry a payee hits (empty: none)."""

    list_version: str
    hit: Callable[[Instruction], str]


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate knows: open entitlements by claim, used ids, accounts that banks reported closed, the screening.

    `screening` None means nobody was screened, and then nothing passes.
    """

    owed: Mapping[str, int]
    used_ids: Collection[str] = field(default_factory=frozenset)
    open_claims: Collection[str] = field(default_factory=frozenset)
    closed_accounts: Collection[str] = field(default_factory=frozenset)
    screening: Screening | None = None
    names_needed: bool = True

    def faults(self, instructions: Sequence[Instruction]) -> tuple[Fault, ...]:
        """Every fault of every instruction, in their order."""
        ids: set[str] = set()
        claims: set[str] = set()
        found: list[Fault] = []
        for each in instructions:
            found += (Fault(each.id, each.claim, code, what) for code, what in self._faults(each))
            for name, seen, code in (
                (each.id, ids, FaultCode.DUPLICATE_ID),
                (each.claim, claims, FaultCode.DUPLICATE_CLAIM),
            ):
                if name in seen:
                    found.append(Fault(each.id, each.claim, code, f"{name} stands twice in this batch"))
                seen.add(name)
        return tuple(found)

    def _faults(self, each: Instruction) -> Iterator[tuple[FaultCode, str]]:
        yield from _formal(each)
        if each.id in self.used_ids:
            yield FaultCode.PAID_BEFORE, "this attempt was sent before"
        if each.claim in self.open_claims:
            yield FaultCode.PAID_BEFORE, "an earlier attempt is not closed by the bank yet"
        owed = self.owed.get(each.claim, 0)
        if each.amount > owed:
            yield FaultCode.NOT_OWED, f"{each.amount} is above the {owed} that is open"
        if each.iban in self.closed_accounts:
            yield FaultCode.CLOSED_ACCOUNT, "the bank reported this account as closed"
        if self.names_needed and not each.name_check.passes:
            yield FaultCode.NAME_CHECK, f"the payee name check says {each.name_check.result}; nobody released it"
        if self.screening is None:
            yield FaultCode.NOT_SCREENED, "the payee was not screened for this batch"
        elif hit := self.screening.hit(each):
            yield FaultCode.SANCTIONS, f"hits {hit} ({self.screening.list_version})"


def _formal(each: Instruction) -> Iterator[tuple[FaultCode, str]]:
    if fault := iban_fault(each.iban):
        yield FaultCode.IBAN, f"{each.iban[:40]} {fault}"
    if fault := bic_fault(each.bic):
        yield FaultCode.BIC, f"{each.bic[:40]} {fault}"
    if fault := iban_fault(each.debtor.iban) or bic_fault(each.debtor.bic) or ("" if each.debtor.bic else "has no BIC"):
        yield FaultCode.DEBTOR, f"the fund's account {fault}"
    if type(each.amount) is not int or each.amount <= 0 or len(str(each.amount)) > AMOUNT_DIGITS_MAX:
        yield (
            FaultCode.AMOUNT,
            f"{each.amount!r} is not a whole number above zero of at most {AMOUNT_DIGITS_MAX} digits",
        )
    if not _CURRENCY.fullmatch(each.asset.code) or each.asset.decimals is None:
        yield FaultCode.CURRENCY, f"{each.asset.code} is no currency that a bank pays"
    if not each.payee.strip() or len(each.payee) > NAME_CHARACTERS_MAX or not each.payee.isprintable():
        yield FaultCode.NAME, f"a name has 1 to {NAME_CHARACTERS_MAX} printable characters"
    if len(each.text) > TEXT_CHARACTERS_MAX or not each.text.isprintable():
        yield FaultCode.TEXT, f"the text has at most {TEXT_CHARACTERS_MAX} printable characters"
    if not _ID.fullmatch(each.id):
        yield FaultCode.ID, "an id has 1 to 35 characters of the SWIFT character set"
