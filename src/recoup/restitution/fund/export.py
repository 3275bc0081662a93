"""The books for auditors: beancount text and CSV."""

from __future__ import annotations

import csv
import io
import re

from recoup.restitution.fund.books import Books
from recoup.restitution.fund.model import AccountKind, Entry, Posting

ROOTS = {
    AccountKind.BANK: "Assets", AccountKind.IN_TRANSIT: "Assets", AccountKind.RECEIVABLE: "Assets",
    AccountKind.RECOVERIES: "Income", AccountKind.INTEREST: "Income", AccountKind.FX: "Income",
    AccountKind.COSTS: "Expenses", AccountKind.TAX: "Expenses", AccountKind.ALLOCATED: "Equity",
}  # fmt: skip

COLUMNS = ("number", "time", "operation", "by", "reason", "reference", "account", "amount", "hash")


def beancount(books: Books) -> str:
    """The books in beancount's text format; amounts with the asset's decimals, exact.

    Opens every account on the day of the first entry. Names that beancount cannot write are escaped as `X-<hex>`.
    """
    entries = books.state.entries
    lines = [f'option "title" "{_text(books.terms.fund)}"', f'option "operating_currency" "{_commodity(books)}"', ""]
    first = entries[0].time.start.date() if entries else None
    lines += [f"{first} open {_account(account)} {_commodity(books)}" for account in sorted(books.state.balances)]
    for entry in entries:
        if entry.postings:
            lines += ["", *_transaction(books, entry)]
    return "\n".join([*lines, ""])


def _transaction(books: Books, entry: Entry) -> list[str]:
    actors = ", ".join(f"{actor.person} ({actor.role})" for actor in entry.by)
    words = _text(f"{entry.operation} {entry.reference} {entry.reason}")
    head = f'{entry.time.start.date()} * "{_text(actors)}" "{words}"'
    number = [f"  number: {entry.number}", f'  hash: "{entry.hash}"']
    return [head, *number, *(_posting(books, each) for each in entry.postings)]


def _posting(books: Books, posting: Posting) -> str:
    amount = _decimal(posting.amount, books.terms.asset.decimals or 0)
    return f"  {_account(posting.account)}  {amount} {_commodity(books)}"


def _decimal(amount: int, decimals: int) -> str:
    whole, part = divmod(abs(amount), 10**decimals)
    return ("-" if amount < 0 else "") + str(whole) + (f".{part:0{decimals}d}" if decimals else "")


def _account(account: str) -> str:
    kind, _, claim = account.partition(":")
    name = "".join(part.capitalize() for part in kind.split("-"))
    root = ROOTS.get(AccountKind(kind), "Liabilities")
    if not claim:
        return f"{root}:{name}"
    plain = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", claim) and not claim.startswith("X-")
    return f"{root}:{name}:{'C-' + claim if plain else 'X-' + claim.encode().hex()}"


def _commodity(books: Books) -> str:
    code = re.sub(r"[^A-Z0-9]", "", books.terms.asset.symbol.upper())[:20]
    return code or "UNIT"


def _text(text: str) -> str:
    return text.strip().replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def entries_csv(books: Books) -> str:
    """One row per posting, amounts in the smallest unit; an entry without postings has one row without account."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in books.state.entries:
        by = "; ".join(f"{actor.person} ({actor.role})" for actor in entry.by)
        for posting in entry.postings or (None,):
            money = (posting.account, posting.amount) if posting else ("", "")
            writer.writerow(
                (entry.number, entry.time, entry.operation, by, entry.reason, entry.reference, *money, entry.hash)
            )
    return out.getvalue()
