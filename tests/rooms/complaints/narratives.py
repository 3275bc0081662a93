"""Labelled complaint texts in the twelve languages, with things that only look like selectors."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.rooms.complaints.addresses import bitcoin, iban, segwit, tron

COUNTRIES = {
    "en": "GB", "de": "DE", "fr": "FR", "it": "IT", "es": "ES", "nl": "NL",
    "sv": "SE", "pt": "PT", "ru": "RU", "he": "IL", "ar": "AE", "tr": "TR",
}  # fmt: skip
SENTENCES = {
    "en": "I met {name} online and paid {amount} on {date} to {account} after seeing {site}; contact {contact}.",
    "de": "Ich habe am {date} über {site} den Betrag von {amount} an {account} gesendet. Kontakt: {contact} ({name}).",
    "fr": "Le {date}, j’ai versé {amount} sur {account} via {site}, puis {name} m’a écrit depuis {contact}.",
    "it": "Il {date} ho pagato {amount} a {account} tramite {site}; {name} mi ha chiamato: {contact}.",
    "es": "El {date} envié {amount} a {account} por {site}. Me llamaba {name}, contacto {contact}.",
    "nl": "Op {date} heb ik {amount} overgemaakt naar {account} via {site}. Contact met {name}: {contact}.",
    "sv": "Den {date} betalade jag {amount} till {account} genom {site}. {name} ringde från {contact}.",
    "pt": "Em {date} paguei {amount} para {account} através de {site}. Contacto de {name}: {contact}.",
    "ru": "Я {date} перевёл {amount} на {account} через {site}, звонил {name}, контакт {contact}.",
    "he": "בתאריך {date} שילמתי {amount} אל {account} דרך {site}. התקשר {name}, טלפון {contact}.",
    "ar": "دفعت {amount} بتاريخ {date} إلى {account} عبر {site} واتصل بي {name} هاتف {contact}.",
    "tr": "{date} tarihinde {site} üzerinden {account} hesabına {amount} gönderdim; arayan {name}, telefon {contact}.",
}
DISTRACTORS = (
    "Order 4829103 was version 2.4.1 at 10:45, i.e. e.g. room 12.3.",
    "He said wait.It was 24/7 support with 100% profit and 3,000 users in 2021.",
    "Ref ABCD1234 page 17 of 203, win rate 87.5, level 5/10, ISO 9001:2015.",
    "They used 256-bit encryption, MT4, and the BUSINESS DOCUMENT 0000 1111.",
)
PHONES = {
    "en": "+44 20 7946 0{n:03d}", "de": "+49 30 9018{n:04d}", "fr": "+33 1 42 68 {a:02d} {b:02d}",
    "it": "+39 06 4988 {n:04d}", "es": "+34 91 123 {a:02d} {b:02d}", "nl": "+31 20 624 {n:04d}",
    "sv": "+46 8 508 {a:02d} 0{c}", "pt": "+351 21 123 {n:04d}", "ru": "+7 495 123-{a:02d}-{b:02d}",
    "he": "+972 3-612-{n:04d}", "ar": "+971 4 331 {n:04d}", "tr": "+90 212 345 {a:02d} {b:02d}",
}  # fmt: skip
AMOUNTS = {
    "en": ("£{k},{t:03d}.50", "{v}.5 GBP"), "de": ("{k}.{t:03d},50 €", "{v}.5 EUR"),
    "fr": ("{k} {t:03d},50 euros", "{v}.5 EUR"), "it": ("€ {k}.{t:03d},50", "{v}.5 EUR"),
    "es": ("{k}.{t:03d},50 EUR", "{v}.5 EUR"), "nl": ("€{k}.{t:03d},50", "{v}.5 EUR"),
    "sv": ("{k} {t:03d} kr", "{v} SEK"), "pt": ("{k}.{t:03d},50 €", "{v}.5 EUR"),
    "ru": ("{k} {t:03d} рублей", "{v} RUB"), "he": ("{k},{t:03d} ₪", "{v} ILS"),
    "ar": ("{k},{t:03d} AED", "{v} AED"), "tr": ("{k}.{t:03d},50 TL", "{v}.5 TRY"),
}  # fmt: skip
MONTHS = {
    "en": "March", "de": "März", "fr": "mars", "it": "marzo", "es": "marzo", "nl": "maart",
    "sv": "mars", "pt": "março", "ru": "марта", "he": "מרץ", "ar": "مارس", "tr": "mart",
}  # fmt: skip
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass(frozen=True, slots=True)
class Labelled:
    """`gold` holds (type, value, raw) of every selector that stands in `text`."""

    language: str
    country: str
    text: str
    gold: frozenset[tuple[str, str, str]]


def labelled(random: Random, language: str) -> Labelled:
    """One text of a language with an account, a site, a contact, an amount, a date and distractors."""
    parts: dict[str, str] = {"name": "Lena Green"}
    gold = {("name", "lena", "Lena Green")}
    for slot, (kind, value, raw) in {
        "account": _account(random),
        "site": _site(random),
        "contact": _contact(random, language),
        "amount": _amount(random, language),
        "date": _date(random, language),
    }.items():
        parts[slot] = raw
        gold.add((kind, value, raw))
    text = SENTENCES[language].format(**parts)
    text = random.choice([f"{random.choice(DISTRACTORS)} {text}", f"{text} {random.choice(DISTRACTORS)}"])
    return Labelled(language, COUNTRIES[language], text, frozenset(gold))


def _account(random: Random) -> tuple[str, str, str]:
    made = random.randrange(5)
    if made == 0:
        text = bitcoin(random)
        return "btc", text, text
    if made == 1:
        text = segwit(random, *random.choice([(0, 20), (0, 32), (1, 32)]))
        return "btc", text, text
    if made == 2:
        text = tron(random)
        return "tron", text, text
    if made == 3:
        text = "0x" + random.randbytes(20).hex()
        return "eth", text, text
    value = iban(random)
    spaced = " ".join(value[at : at + 4] for at in range(0, len(value), 4))
    return "iban", value, random.choice([value, spaced])


def _site(random: Random) -> tuple[str, str, str]:
    stem = f"{random.choice(['trade', 'option', 'coin'])}{random.randrange(10**6)}"
    shape = random.randrange(4)
    if shape == 0:
        return "domain", "xn----7sbcrnd5abdibki3g6ci.xn--p1ai", "бинарные-опционы.рф"
    if shape == 1:
        return "domain", f"{stem}.com", f"{stem}[.]com"
    suffix = random.choice(["com", "io", "co.uk", "top"])
    return "domain", f"{stem}.{suffix}", f"{'www.' if shape == 2 else ''}{stem}.{suffix}"


def _contact(random: Random, language: str) -> tuple[str, str, str]:
    if random.random() < 0.4:
        user = f"help{random.randrange(10**5)}"
        return "email", f"{user}@mail-{user}.net", f"{user}@mail-{user}.net"
    numbers = {"n": random.randrange(1000), "a": random.randrange(10, 100), "b": random.randrange(10, 100), "c": 0}
    raw = PHONES[language].format(**numbers)
    value = "+" + "".join(filter(str.isdigit, raw))
    return "phone", value, raw.translate(ARABIC) if language == "ar" and random.random() < 0.5 else raw


def _amount(random: Random, language: str) -> tuple[str, str, str]:
    thousands, rest = random.randrange(1, 99), random.randrange(1000)
    raw, value = AMOUNTS[language]
    return "amount", value.format(v=thousands * 1000 + rest), raw.format(k=thousands, t=rest)


def _date(random: Random, language: str) -> tuple[str, str, str]:
    day, year = random.randrange(1, 29), random.randrange(2012, 2025)
    if random.random() < 0.4:
        return "date", f"{year}-03-{day:02d}", f"{day}.03.{year}"
    return "date", f"{year}-03-{day:02d}", f"{day} {MONTHS[language]} {year}"
