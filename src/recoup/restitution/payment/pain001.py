"""A pain.001.001.09 file: one PmtInf per debtor account, currency and date, so that no row borrows another's header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from recoup.restitution.payment.model import Debtor, Instruction

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
PAYMENTS_MAX = 1_000_000

Key = tuple[Debtor, str, str]


def write_pain001(instructions: Sequence[Instruction], message: str, created: datetime, initiator: str) -> str:
    """The file's text. Instructions must have passed the gate; none, too many, or two of one id raise ValueError.

    Groups stand by debtor account, currency and date; payments in the order given. `message` is the MsgId (at most 30
    characters): sending the same message again is one message to the bank.
    """
    if not 0 < len(instructions) <= PAYMENTS_MAX or len({each.id for each in instructions}) != len(instructions):
        raise ValueError(f"a file holds 1 to {PAYMENTS_MAX:,} payments with ids of their own")
    if not 0 < len(message) <= 30:
        raise ValueError("a message id has 1 to 30 characters")
    return "\n".join(_file(_groups(instructions), len(instructions), message, created, initiator)) + "\n"


def _groups(instructions: Sequence[Instruction]) -> list[tuple[Key, list[Instruction]]]:
    groups: dict[Key, list[Instruction]] = {}
    for each in instructions:
        groups.setdefault((each.debtor, each.asset.code, each.day.isoformat()), []).append(each)
    return sorted(groups.items(), key=lambda pair: (pair[0][0].iban, pair[0][1], pair[0][2]))


def _file(
    groups: list[tuple[Key, list[Instruction]]], count: int, message: str, created: datetime, initiator: str
) -> Iterator[str]:
    total = _sum([each for _, members in groups for each in members])
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<Document xmlns="{NAMESPACE}"><CstmrCdtTrfInitn>'
    yield (
        f"<GrpHdr><MsgId>{escape(message)}</MsgId><CreDtTm>{created:%Y-%m-%dT%H:%M:%S}</CreDtTm><NbOfTxs>{count}</NbOfTxs>"
        f"<CtrlSum>{total}</CtrlSum><InitgPty><Nm>{escape(initiator)}</Nm></InitgPty></GrpHdr>"
    )
    for number, ((debtor, currency, day), members) in enumerate(groups, 1):
        yield (
            f"<PmtInf><PmtInfId>{escape(message)}-{number}</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>{len(members)}</NbOfTxs>"
            f"<CtrlSum>{_sum(members)}</CtrlSum><ReqdExctnDt><Dt>{day}</Dt></ReqdExctnDt>"
            f"<Dbtr><Nm>{escape(debtor.name)}</Nm></Dbtr><DbtrAcct><Id><IBAN>{debtor.iban}</IBAN></Id>"
            f"<Ccy>{currency}</Ccy></DbtrAcct><DbtrAgt><FinInstnId><BICFI>{debtor.bic}</BICFI></FinInstnId></DbtrAgt>"
            "<ChrgBr>SLEV</ChrgBr>"
        )
        yield from map(_payment, members)
        yield "</PmtInf>"
    yield "</CstmrCdtTrfInitn></Document>"


def _payment(each: Instruction) -> str:
    agent = f"<CdtrAgt><FinInstnId><BICFI>{each.bic}</BICFI></FinInstnId></CdtrAgt>" if each.bic else ""
    text = f"<RmtInf><Ustrd>{escape(each.text)}</Ustrd></RmtInf>" if each.text else ""
    money = written(each.amount, each.asset.decimals or 0)
    return (
        f"<CdtTrfTxInf><PmtId><EndToEndId>{escape(each.id)}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="{each.asset.code}">{money}</InstdAmt></Amt>{agent}'
        f"<Cdtr><Nm>{escape(each.payee)}</Nm></Cdtr><CdtrAcct><Id><IBAN>{each.iban}</IBAN></Id></CdtrAcct>{text}"
        "</CdtTrfTxInf>"
    )


def written(amount: int, decimals: int) -> str:
    """The amount with its currency's decimals: 1234 of 2 decimals is `12.34`."""
    whole, part = divmod(amount, 10**decimals)
    return f"{whole}.{part:0{decimals}d}" if decimals else str(whole)


def _sum(members: Sequence[Instruction]) -> str:
    """The control sum: amounts of every currency added as they are written (ISO 20022 CtrlSum)."""
    by_decimals: dict[int, int] = {}
    for each in members:
        decimals = each.asset.decimals or 0
        by_decimals[decimals] = by_decimals.get(decimals, 0) + each.amount
    most = max(by_decimals)
    return written(sum(amount * 10 ** (most - decimals) for decimals, amount in by_decimals.items()), most)
