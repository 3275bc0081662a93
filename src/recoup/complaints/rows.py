"""Rows to complaints: one row per payment, complaints joined by their id, every doubtful field named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from recoup.complaints.columns import (
    COLUMNS,
    COMPLAINT_COLUMNS,
    METHODS,
    PAYMENT_COLUMNS,
    Row,
    read_instant,
    read_money,
)
from recoup.complaints.country import country_code
from recoup.complaints.model import Complaint, Method, Payment, Person
from recoup.complaints.profile import CANONICAL, Profile
from recoup.ground import Defects, Instant, Money, Source

PAYMENTS_PER_COMPLAINT_MAX = 100_000
ID_CHARACTERS_MAX = 200

MENDS = {
    "complaint": "Give each complaint its agency's id, one line, at most 200 characters",
    "filed": "Write RFC 3339 with an offset, or a date 2021-06-07; or set date_order in a profile",
    "paid": "Write RFC 3339 with an offset, or a date 2021-06-07; or set date_order in a profile",
    "birth_date": "Write 1961-04-30, or leave it empty",
    "amount": "Write the amount in its usual unit with a decimal point (8180.34); or set decimal in a profile",
    "country": "Write the ISO 3166-1 alpha-2 code or the country's name",
    "method": "Write one of: " + ", ".join(Method) + "; or map the word under methods in a profile",
}


@dataclass(slots=True)
class _Draft:
    line: int
    row: Row
    payments: list[Payment] = field(default_factory=list)


class Assembler:
    """Collects rows into complaints. Feed rows with `add`, then take `complaints`."""

    def __init__(self, file: str, defects: Defects, profile: Profile = CANONICAL) -> None:
        self.file = file
        self.defects = defects
        self.profile = profile
        self._drafts: dict[str, _Draft] = {}
        self._unknown: set[str] = set()

    def add_all(self, rows: Iterable[tuple[int, Row]]) -> Assembler:
        for line, row in rows:
            self.add(line, row)
        return self

    def add(self, line: int, row: Row) -> None:
        """Take one row. Without a complaint id it is rejected; a field that cannot be read stays unknown."""
        self._note_unknown(line, row)
        row = self.profile.canonical(row)
        key = row.get("complaint", "").strip()
        if not key or len(key) > ID_CHARACTERS_MAX or not key.isprintable():
            what = "row rejected: the complaint id is empty, too long or not one line"
            self.defects.add(self.file, line, what, MENDS["complaint"])
            return
        draft = self._drafts.setdefault(key, _Draft(line, {}))
        self._fill(draft, line, row)
        if any(row.get(column, "").strip() for column in PAYMENT_COLUMNS):
            self._pay(draft, line, row)

    def complaints(self) -> tuple[Complaint, ...]:
        """Complaints in the order of their first row."""
        return tuple(self._complaint(key, draft) for key, draft in self._drafts.items())

    def _fill(self, draft: _Draft, line: int, row: Row) -> None:
        for column in COMPLAINT_COLUMNS:
            text = row.get(column, "")
            if column != "narrative":
                text = text.strip()
            if text and draft.row.setdefault(column, text) != text:
                what = f"{column} differs from line {draft.line} of the same complaint; the first is kept"
                self.defects.add(self.file, line, what, "File two complaints, or make the rows agree")

    def _pay(self, draft: _Draft, line: int, row: Row) -> None:
        if len(draft.payments) >= PAYMENTS_PER_COMPLAINT_MAX:
            what = f"row rejected: more than {PAYMENTS_PER_COMPLAINT_MAX:,} payments in one complaint"
            self.defects.add(self.file, line, what, "Split the complaint")
            return
        amount, currency = row.get("amount", "").strip(), row.get("currency", "").strip()
        draft.payments.append(
            Payment(
                paid=self._instant(line, "paid", row.get("paid", "").strip()),
                money=self._money(line, amount, currency),
                written=f"{amount} {currency}".strip(),
                method=self._method(line, row.get("method", "").strip()),
                recipient=row.get("recipient", "").strip(),
                reference=row.get("reference", "").strip(),
                line=line,
            )
        )

    def _complaint(self, key: str, draft: _Draft) -> Complaint:
        row, line = draft.row, draft.line
        victim = Person(
            name=row.get("victim_name", ""),
            birth_date=self._day(line, row.get("birth_date", "")),
            email=row.get("email", ""),
            phone=row.get("phone", ""),
            city=row.get("city", ""),
        )
        return Complaint(
            id=key,
            victim=victim,
            filed=self._instant(line, "filed", row.get("filed", "")),
            agency=row.get("agency", ""),
            country=self._country(line, row.get("country", "")),
            language=row.get("language", ""),
            operator=row.get("operator", ""),
            website=row.get("website", ""),
            narrative=row.get("narrative", ""),
            safe_contact=row.get("safe_contact", ""),
            harm=row.get("harm", ""),
            payments=tuple(draft.payments),
            source=Source(self.file.replace("#", "%23"), f"line {line}"),  # `#` separates a locator
        )

    def _instant(self, line: int, column: str, text: str) -> Instant | None:
        try:
            return read_instant(text, self.profile.date_order) if text else None
        except ValueError as error:
            self._doubt(line, column, str(error))
            return None

    def _day(self, line: int, text: str) -> str:
        """The day as written: a birth date is no moment, and UTC would move it."""
        found = self._instant(line, "birth_date", text)
        if found is None:
            return ""
        return text[:10] if found.precise else found.start.date().isoformat()

    def _money(self, line: int, amount: str, currency: str) -> Money | None:
        try:
            return read_money(amount, currency, self.profile.decimal) if amount else None
        except ValueError as error:
            self._doubt(line, "amount", str(error))
            return None

    def _country(self, line: int, text: str) -> str:
        code = country_code(text) if text else ""
        if text and not code:
            self._doubt(line, "country", f"country {text[:40]!r} is not known")
        return code

    def _method(self, line: int, text: str) -> Method:
        word = text.casefold()
        try:
            return Method(self.profile.methods.get(word) or METHODS[word])
        except KeyError:
            self._doubt(line, "method", f"method {text[:40]!r} is not known")
            return Method.UNKNOWN

    def _doubt(self, line: int, column: str, what: str) -> None:
        self.defects.add(self.file, line, f"{column} left unknown: {what}", MENDS[column])

    def _note_unknown(self, line: int, row: Row) -> None:
        known = self.profile.read or frozenset(COLUMNS)
        for column in row:
            if column not in known and column not in self._unknown and not self.profile.columns:
                what = f"column {column[:40]!r} is not read"
                self.defects.add(self.file, line, what, "Rename it, drop it, or write a profile that maps it")
            self._unknown.add(column)
