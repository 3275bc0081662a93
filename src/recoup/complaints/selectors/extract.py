"""All selectors of one text, and of one complaint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from recoup.complaints.model import Complaint, Method
from recoup.complaints.selectors.bank import bank_selectors
from recoup.complaints.selectors.figures import amount_selectors, date_selectors
from recoup.complaints.selectors.model import Selector, Type
from recoup.complaints.selectors.names import Gazetteer, folded
from recoup.complaints.selectors.phones import phone_selectors
from recoup.complaints.selectors.reading import read_text
from recoup.complaints.selectors.wallets import wallet_selectors
from recoup.complaints.selectors.web import web_selectors

TEXT_CHARACTERS_MAX = 10_000_000
NO_NAMES = Gazetteer(())
_DIGIT = re.compile(r"[0-9]")
_BANK_WORD = re.compile(r"BIC|SWIFT|Swift")
WALLET_CHARACTERS_MIN = 25


def selectors_of_text(text: str, country: str = "", gazetteer: Gazetteer = NO_NAMES, field: str = "") -> list[Selector]:
    """Selectors in the order of the text; `country` (alpha-2) reads national phones and bare dollars.

    Text beyond TEXT_CHARACTERS_MAX is not read. Time is linear in the text.
    """
    reading = read_text(text[:TEXT_CHARACTERS_MAX])
    found = list(web_selectors(reading))
    plain = reading.text
    if _DIGIT.search(plain) or _BANK_WORD.search(plain):
        if max(map(len, plain.split())) >= WALLET_CHARACTERS_MIN:
            found += wallet_selectors(reading)
        found += bank_selectors(reading)
        found += date_selectors(reading, country)
        found += amount_selectors(reading, country)
        found += phone_selectors(reading, country)
    found += gazetteer.found(reading)
    found.sort(key=lambda selector: (selector.start, selector.end, selector.type))
    return [replace(selector, field=field) for selector in found] if field else found


def selectors_of(complaint: Complaint, gazetteer: Gazetteer = NO_NAMES) -> list[Selector]:
    """Selectors of every field of a complaint; `field` names where each stands (`payment 2 recipient`)."""
    found: list[Selector] = []
    for name, text in _fields(complaint):
        found += selectors_of_text(text, complaint.country, gazetteer, name)
    found += _descriptors(complaint)
    return found


def _fields(complaint: Complaint) -> Iterator[tuple[str, str]]:
    yield "email", complaint.victim.email
    yield "phone", f"{complaint.victim.phone}"
    yield "operator", complaint.operator
    yield "website", complaint.website
    yield "narrative", complaint.narrative
    for number, payment in enumerate(complaint.payments, start=1):
        yield f"payment {number} recipient", payment.recipient
        yield f"payment {number} reference", payment.reference


def _descriptors(complaint: Complaint) -> Iterator[Selector]:
    """What the card statement calls the merchant: the recipient of a card payment."""
    for number, payment in enumerate(complaint.payments, start=1):
        value = folded(payment.recipient).upper()
        if payment.method is Method.CARD and value:
            field = f"payment {number} recipient"
            yield Selector(Type.DESCRIPTOR, payment.recipient, value, 0, len(payment.recipient), field, None)
