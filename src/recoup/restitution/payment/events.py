"""What the bank says: rejections (pain.002), bookings and returns (camt.053, camt.054), as events on attempts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from recoup.ground import Defects
from recoup.ground.asset import Asset, amount_from_decimal_text
from recoup.restitution.payment.xml import each, local, parse, text


class EventKind(StrEnum):
    SETTLED = "settled"
    REJECTED = "rejected"
    RETURNED = "returned"
    REJECTED_MESSAGE = "rejected-message"  # every payment of the message


@dataclass(frozen=True, slots=True)
class BankEvent:
    """One word of the bank about one attempt (or one message). `reason` is an ISO 20022 code (AC04 closed account).

    `amount` in the smallest unit of `currency`; 0 where the message names none. `reference` is the bank's own.
    """

    kind: EventKind
    id: str
    amount: int
    currency: str
    reason: str
    reference: str
    iban: str = ""


def read_events(data: bytes, file: str, defects: Defects) -> tuple[BankEvent, ...]:
    """Events in the order of the message. A payment without EndToEndId, or with an amount that cannot be read, is a
    defect: a return without an owner must be seen by a person."""
    root = parse(data, file)
    found = [*_rejections(root, file, defects), *_bookings(root, file, defects)]
    if not found and not len(defects):
        defects.add(file, 0, "holds no answer to a payment", "Give a pain.002, camt.053 or camt.054 message")
    return tuple(found)


def _rejections(root: Any, file: str, defects: Defects) -> Iterator[BankEvent]:
    for group in each(root, "OrgnlGrpInfAndSts"):
        if text(group, "GrpSts") == "RJCT":
            message = text(group, "OrgnlMsgId")
            reason = text(group, "StsRsnInf/Rsn/Cd") or text(group, "StsRsnInf/Rsn/Prtry")
            yield BankEvent(EventKind.REJECTED_MESSAGE, message, 0, "", reason, message)
    for status in each(root, "TxInfAndSts"):
        if text(status, "TxSts") != "RJCT":
            continue
        name = text(status, "OrgnlEndToEndId")
        if not name:
            defects.add(
                file, status.sourceline or 0, "a rejection names no EndToEndId", "Ask the bank which payment it means"
            )
            continue
        reason = text(status, "StsRsnInf/Rsn/Cd") or text(status, "StsRsnInf/Rsn/Prtry")
        iban = text(status, "OrgnlTxRef/CdtrAcct/Id/IBAN")
        reference = text(status, "StsId") or name
        yield BankEvent(EventKind.REJECTED, name, 0, "", reason, reference, iban)


def _bookings(root: Any, file: str, defects: Defects) -> Iterator[BankEvent]:
    for entry in each(root, "Ntry"):
        if (text(entry, "Sts/Cd") or text(entry, "Sts")) not in ("BOOK", ""):
            continue
        for details in each(entry, "TxDtls"):
            yield from _booking(entry, details, file, defects)


def _booking(entry: Any, details: Any, file: str, defects: Defects) -> Iterator[BankEvent]:
    """A debit with an EndToEndId settles; a credit that says why it came back is a return; others are not ours."""
    side = text(details, "CdtDbtInd") or text(entry, "CdtDbtInd")
    reason = text(details, "RtrInf/Rsn/Cd") or text(details, "RtrInf/Rsn/Prtry")
    returned = side == "CRDT" and bool(each(details, "RtrInf"))
    if not returned and side != "DBIT":
        return
    name = text(details, "Refs/EndToEndId")
    if name in ("", "NOTPROVIDED"):
        if returned:
            mend = "Find the payment by hand: the money is back and belongs to a claim"
            defects.add(file, details.sourceline or 0, "a return names no EndToEndId", mend)
        return
    node = next((node for where in (details, entry) for node in where.iter() if _is_amount(node)), None)
    currency = node.get("Ccy", "") if node is not None else ""
    try:
        amount = amount_from_decimal_text(node.text or "", Asset(currency).decimals or 0) if node is not None else 0
    except ValueError as error:
        defects.add(
            file, details.sourceline or 0, f"payment {name[:40]}: {error}", "Ask the bank for the message again"
        )
        return
    kind = EventKind.RETURNED if returned else EventKind.SETTLED
    reference = text(details, "Refs/AcctSvcrRef") or text(entry, "AcctSvcrRef") or text(entry, "NtryRef")
    yield BankEvent(kind, name, amount, currency, reason, reference or name)


def _is_amount(node: Any) -> bool:
    return local(node) in ("Amt", "TxAmt") and bool(node.get("Ccy"))
