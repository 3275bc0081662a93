"""Payment files: faults stopped at the gate, files valid, totals counted twice, the bank's words read back."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.rooms.restitution.payments import CREATED, FUND, IBANS, OTHER, gate, instruction, schema

from recoup.ground import Asset, Defects, Refused
from recoup.restitution.payment import (
    EventKind,
    FaultCode,
    NameCheck,
    NameResult,
    Screening,
    attempt_id,
    check_pain001,
    iban_fault,
    read_events,
    write_pain001,
)
from recoup.restitution.payment.iban import bic_fault
from recoup.restitution.payment.pain001 import written
from recoup.restitution.payment.second import schema_faults
from recoup.restitution.payment.xml import parse

SHARED = Path(os.environ.get("RECOUP_SHARED_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))
SAMPLES = SHARED / "bank" / "iso20022-samples"
BATCH = [
    instruction(1), instruction(2, 1), instruction(3, 99, OTHER), instruction(4, 5, day=date(2026, 5, 5)),
    instruction(5, 700, asset=Asset("CHF")), instruction(6, 7, bic="ABNANL2A"), instruction(7, 3, text=""),
]  # fmt: skip


def file(instructions: list[object] | None = None) -> bytes:
    found = BATCH if instructions is None else instructions
    return write_pain001(found, "message-1", CREATED, "Example fund").encode()  # type: ignore[arg-type]


def test_a_batch_is_valid_against_the_schema() -> None:
    assert schema_faults(file(), schema()) == ()
    assert schema_faults(file().replace(b"<PmtMtd>TRF</PmtMtd>", b""), schema())


def test_the_second_path_finds_the_same_payments() -> None:
    assert check_pain001(file(), BATCH) == ()


def test_one_group_per_account_currency_and_date() -> None:
    text = file().decode()
    assert text.count("<PmtInf>") == 4
    assert text.count(f"<DbtrAcct><Id><IBAN>{OTHER.iban}</IBAN>") == 1
    assert text.count("<Dt>2026-05-05</Dt>") == 1
    assert "<NbOfTxs>7</NbOfTxs><CtrlSum>131.60</CtrlSum>" in text
    assert "Zoë &amp; Søn &lt;1&gt;" in text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<CtrlSum>131.60", "<CtrlSum>131.61", "the file says a total of 131.61"),
        ("<NbOfTxs>7", "<NbOfTxs>8", "the file says 8 payments and holds 7"),
        (">123.45</InstdAmt>", ">123.46</InstdAmt>", "amount 123.46 instead of 123.45"),
        ("<Dt>2026-05-05</Dt>", "<Dt>2026-05-04</Dt>", "date 2026-05-04 instead of 2026-05-05"),
        (OTHER.iban, FUND.iban, f"debtor account {FUND.iban} instead of {OTHER.iban}"),
        (IBANS[1], IBANS[2], f"account {IBANS[2]} instead of {IBANS[1]}"),
        ('Ccy="CHF"', 'Ccy="EUR"', "currency EUR instead of CHF"),
        (attempt_id("fund", "r1", "c1", 1), attempt_id("fund", "r1", "c1", 2), "was not instructed"),
        (attempt_id("fund", "r1", "c1", 1), attempt_id("fund", "r1", "c2", 1), "stands twice"),
        ("<GrpHdr>", "<GrpHdr></GrpHdr><GrpHdr>", "2 headers"),
    ],
)
def test_the_second_path_names_every_change(old: str, new: str, words: str) -> None:
    text = file().decode()
    assert old in text
    found = check_pain001(text.replace(old, new, 1).encode(), BATCH)
    assert any(words in each for each in found), found


def test_a_missing_payment_is_named() -> None:
    assert f"payment {BATCH[0].id} is missing" in check_pain001(file(BATCH[1:]), BATCH)  # type: ignore[arg-type]


def codes(*instructions: object, **known: object) -> list[FaultCode]:
    found = list(instructions)
    return [fault.code for fault in gate(found, **known).faults(found)]  # type: ignore[arg-type]


def test_good_instructions_pass_the_gate() -> None:
    assert codes(*BATCH) == []


def test_seeded_faults_are_all_stopped() -> None:
    good = instruction(1)
    assert codes(replace(good, iban="NL91ABNA0417164301")) == [FaultCode.IBAN]
    assert codes(good, replace(instruction(2), id=good.id)) == [FaultCode.DUPLICATE_ID]
    assert codes(good, replace(good, id="x1")) == [FaultCode.DUPLICATE_CLAIM]
    hits = Screening("list 2026-05-01", lambda each: "entry 77" if "Zoë" in each.payee else "")
    assert codes(good, screening=hits) == [FaultCode.SANCTIONS]
    assert codes(good, screening=None) == [FaultCode.NOT_SCREENED]
    assert codes(good, closed_accounts={good.iban}) == [FaultCode.CLOSED_ACCOUNT]
    assert codes(good, used_ids={good.id}) == [FaultCode.PAID_BEFORE]
    assert codes(good, open_claims={"c1"}) == [FaultCode.PAID_BEFORE]
    assert codes(good, owed={"c1": good.amount - 1}) == [FaultCode.NOT_OWED]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 0}, FaultCode.AMOUNT),
        ({"amount": -5}, FaultCode.AMOUNT),
        ({"amount": 10**18}, FaultCode.AMOUNT),
        ({"bic": "ABNANL"}, FaultCode.BIC),
        ({"payee": " "}, FaultCode.NAME),
        ({"payee": "x" * 141}, FaultCode.NAME),
        ({"payee": "a\nb"}, FaultCode.NAME),
        ({"text": "x" * 141}, FaultCode.TEXT),
        ({"id": "x" * 36}, FaultCode.ID),
        ({"id": "a&b"}, FaultCode.ID),
        ({"asset": Asset("USDT@ethereum:0x1")}, FaultCode.CURRENCY),
        ({"debtor": replace(FUND, bic="")}, FaultCode.DEBTOR),
        ({"debtor": replace(FUND, iban="DE00370400440532013000")}, FaultCode.DEBTOR),
        ({"name_check": NameCheck(NameResult.NO_MATCH)}, FaultCode.NAME_CHECK),
        ({"name_check": NameCheck(NameResult.CLOSE, released_by="pia")}, FaultCode.NAME_CHECK),
        ({"name_check": NameCheck(NameResult.NOT_ASKED)}, FaultCode.NAME_CHECK),
    ],
)
def test_formal_faults(change: dict[str, object], code: FaultCode) -> None:
    faulty = instruction(1, **change)  # type: ignore[arg-type]
    owed = {"c1": max(faulty.amount, 0)}
    assert codes(faulty, owed=owed) == [code]
    assert str(code) in str(gate([faulty], owed=owed).faults([faulty])[0])


def test_edges_pass() -> None:
    released = NameCheck(NameResult.NO_MATCH, released_by="pia", reason="maiden name, passport seen")
    assert codes(instruction(1, 10**18 - 1, name_check=released, payee="x" * 140, text="x" * 140, id="x" * 35)) == []
    assert codes(instruction(1, name_check=NameCheck(NameResult.NOT_ASKED)), names_needed=False) == []


@pytest.mark.parametrize("iban", [*IBANS, FUND.iban, OTHER.iban])
def test_valid_ibans(iban: str) -> None:
    assert iban_fault(iban) == ""
    for place in range(4, len(iban)):
        if iban[place].isdigit():
            wrong = iban[:place] + str((int(iban[place]) + 1) % 10) + iban[place + 1 :]
            assert iban_fault(wrong), wrong


@pytest.mark.parametrize(
    ("iban", "words"),
    [
        ("", "is not an IBAN"), ("DE89 3704 0044", "without spaces"), ("de89370400440532013000", "is not an IBAN"),
        ("XX89370400440532013000", "gives no IBANs"), ("DE8937040044053201300", "has 21 characters; DE has 22"),
        ("DE8937040044053201300A", "structure of DE"), ("DE88370400440532013000", "wrong checksum"),
    ],
)  # fmt: skip
def test_wrong_ibans(iban: str, words: str) -> None:
    assert words in iban_fault(iban)


def test_bics() -> None:
    assert [bic_fault(each) for each in ("", "ABNANL2A", "COBADEFFXXX")] == ["", "", ""]
    assert bic_fault("ABNANL2") and bic_fault("abnanl2a")


def test_attempt_ids_are_stable_and_apart() -> None:
    assert attempt_id("f", "r", "c", 1) == attempt_id("f", "r", "c", 1) == "RC" + attempt_id("f", "r", "c", 1)[2:]
    many = {attempt_id("f", r, c, n) for r in ("r1", "r2") for c in map(str, range(500)) for n in (1, 2, 3)}
    assert len(many) == 3000
    assert {len(each) for each in many} == {26}


def test_amounts_are_written_exactly() -> None:
    assert [written(5, 2), written(100, 0), written(10**17 + 1, 3)] == ["0.05", "100", "100000000000000.001"]


@pytest.mark.parametrize("batch", [[], [instruction(1), instruction(1)]])
def test_files_that_are_not_written(batch: list[object]) -> None:
    with pytest.raises(ValueError, match="ids of their own"):
        file(batch)
    with pytest.raises(ValueError, match="message id"):
        write_pain001([instruction(1)], "x" * 31, CREATED, "fund")


def bank(*transactions: str, root: str = "BkToCstmrDbtCdtNtfctn") -> bytes:
    entries = "".join(
        f"<Ntry><Amt Ccy='EUR'>1.00</Amt><Sts><Cd>BOOK</Cd></Sts><NtryDtls>{t}</NtryDtls></Ntry>" for t in transactions
    )
    return f"<Document xmlns='urn:x'><{root}><Ntfctn>{entries}</Ntfctn></{root}></Document>".encode()


RETURN = (
    "<TxDtls><Refs><AcctSvcrRef>R1</AcctSvcrRef><EndToEndId>a1</EndToEndId></Refs><Amt Ccy='EUR'>5.00</Amt>"
    "<CdtDbtInd>CRDT</CdtDbtInd><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>"
)
BOOKED = "<TxDtls><Refs><EndToEndId>a2</EndToEndId></Refs><Amt Ccy='EUR'>7.10</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls>"


def test_bookings_and_returns_are_read() -> None:
    defects = Defects()
    found = read_events(bank(RETURN, BOOKED), "camt.xml", defects)
    assert [(each.kind, each.id, each.amount, each.reason) for each in found] == [
        (EventKind.RETURNED, "a1", 500, "AC04"), (EventKind.SETTLED, "a2", 710, ""),
    ]  # fmt: skip
    assert len(defects) == 0


def test_other_credits_are_not_returns() -> None:
    gift = BOOKED.replace("DBIT", "CRDT")
    assert len(read_events(bank(RETURN, gift), "camt.xml", Defects())) == 1


def test_a_return_without_owner_is_seen_by_a_person() -> None:
    defects = Defects()
    read_events(bank(RETURN.replace("<EndToEndId>a1</EndToEndId>", "")), "camt.xml", defects)
    assert "belongs to a claim" in str(next(iter(defects)))
    defects = Defects()
    read_events(bank(RETURN.replace("5.00", "5.001")), "camt.xml", defects)
    assert "more decimals" in str(next(iter(defects)))


def test_rejections_are_read() -> None:
    one = (
        "<Document xmlns='urn:x'><CstmrPmtStsRpt><OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>a1</OrgnlEndToEndId>"
        "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        "<TxInfAndSts><OrgnlEndToEndId>a2</OrgnlEndToEndId><TxSts>ACSP</TxSts></TxInfAndSts>"
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    )
    found = read_events(one.encode(), "pain.xml", Defects())
    assert [(each.kind, each.id, each.reason) for each in found] == [(EventKind.REJECTED, "a1", "AC01")]
    defects = Defects()
    read_events(one.replace("<OrgnlEndToEndId>a1</OrgnlEndToEndId>", "").encode(), "pain.xml", defects)
    assert "names no EndToEndId" in str(next(iter(defects)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is not XML"), (b"<a>", "is not XML"), (b"\xff\xfe", "is not XML"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "declares a document type"),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "declares a document type"),
    ],
)  # fmt: skip
def test_hostile_and_broken_xml_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(data, "bank.xml")
    assert words in str(refused.value)


def test_a_file_without_answers_says_so() -> None:
    defects = Defects()
    assert read_events(b"<a/>", "a.xml", defects) == ()
    assert "holds no answer" in str(next(iter(defects)))


@pytest.mark.shared_data
@pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"the public bank samples are not at {SAMPLES}")
def test_real_bank_files() -> None:
    moov = SAMPLES / "moov"
    returns = moov / "200519_camt054-returns_p_ch2909000000250094239_1109800798_0_2019052023472022.xml"
    found = read_events(returns.read_bytes(), returns.name, Defects())
    assert [(each.kind, each.id, each.amount, each.currency, each.reason) for each in found] == [
        (EventKind.RETURNED, "EndToEndId-004-01-01", 40_000, "CHF", "AC01")
    ]
    whole = moov / "pain002-epo_p_0_0_0_2018032614401842.xml"
    assert [(each.kind, each.id, each.reason) for each in read_events(whole.read_bytes(), whole.name, Defects())] == [
        (EventKind.REJECTED_MESSAGE, "MsgId-005", "AM10")
    ]
    for path in sorted(SAMPLES.rglob("*.xml")):
        try:
            read_events(path.read_bytes(), path.name, Defects())
        except Refused as refused:
            assert refused.defects
