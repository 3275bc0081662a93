"""Reasons for decisions on claims: codes with texts, so that every denial says why and what can be done."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    ALLOWED = "A1"
    ALLOWED_IN_PART = "A2"
    NO_PROOF = "D1"
    NOT_A_LOSS = "D2"
    NET_WINNER = "D3"
    DUPLICATE = "D4"
    INSIDER = "D5"
    TOOK_PART = "D6"
    COMPENSATED = "D7"
    NOT_THIS_FRAUD = "D8"
    LATE = "D9"
    NOT_THE_PERSON = "D10"
    MISSING_IDENTITY = "Q1"
    MISSING_PAYMENT = "Q2"
    MISSING_PAYEE = "Q3"
    MISSING_MANDATE = "Q4"
    NO_ANSWER = "S1"
    CAME_BACK = "S2"


TEXTS: dict[Reason, str] = {
    Reason.ALLOWED: "The claim is allowed as it was filed.",
    Reason.ALLOWED_IN_PART: "Part of the claim is allowed; the decision names the amounts that are not and why.",
    Reason.NO_PROOF: "No payment to this fraud could be proven from your papers, bank records or seized records.",
    Reason.NOT_A_LOSS: "What is claimed is not money that was paid in (profit shown on a screen, or interest).",
    Reason.NET_WINNER: "You took out at least as much as you paid in.",
    Reason.DUPLICATE: "The same loss is counted under another claim of yours; that claim stays.",
    Reason.INSIDER: "The plan excludes persons who ran or sold the scheme.",
    Reason.TOOK_PART: "The plan excludes persons who knowingly took part.",
    Reason.COMPENSATED: "The loss was made good by somebody else.",
    Reason.NOT_THIS_FRAUD: "The payment went to another scheme; the letter names where to turn.",
    Reason.LATE: "The claim came after the date that the plan sets, and the plan does not admit late claims.",
    Reason.NOT_THE_PERSON: "It is not proven that the claim is yours.",
    Reason.MISSING_IDENTITY: "We cannot yet see who you are. Name, birth date and country are enough to begin.",
    Reason.MISSING_PAYMENT: "We cannot yet see the payment. A statement, a receipt or a transaction hash is enough.",
    Reason.MISSING_PAYEE: "We do not know where to pay. We never ask for a fee, a password or a seed phrase.",
    Reason.MISSING_MANDATE: "Whoever acts for you must show the mandate.",
    Reason.NO_ANSWER: "We wrote on two channels and waited. Your share is kept; one message reopens the claim.",
    Reason.CAME_BACK: "You came back; the claim goes on where it stood.",
}

DENIALS = frozenset(reason for reason in Reason if reason.value.startswith("D"))
QUESTIONS = frozenset(reason for reason in Reason if reason.value.startswith("Q"))
