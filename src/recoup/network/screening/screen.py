"""Screening: retrieval, cheap score, exact score in the grey band, then what else is known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from recoup.complaints.selectors import folded
from recoup.network.screening.index import GramIndex
from recoup.network.screening.model import Hit, Listing, Subject
from recoup.network.screening.score import CHEAP_MIN, FULL, Scored, cheap_score, exact_score
from recoup.network.screening.words import word_counts, words_of

ALARM = 860
NAMES_SCORED_PER_ENTRY_MAX = 60
BIRTH_SAME, BIRTH_YEAR, BIRTH_DIFFERS = 40, 20, -150
COUNTRY_SAME, COUNTRY_DIFFERS = 10, -15

Cleared = Collection[tuple[str, str, str]]


class Screen:
    """Lists made ready. Hits do not depend on the order of the lists' entries, but for ties."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        self._listings = tuple(listing for listing in listings if listing.names)
        self._names: list[tuple[tuple[str, ...], ...]] = [
            tuple(dict.fromkeys(words for name in listing.names if (words := words_of(name))))
            for listing in self._listings
        ]
        flat = [words for names in self._names for words in names]
        entries = [at for at, names in enumerate(self._names) for _ in names]
        self._counts, self._total = word_counts(flat), len(flat)
        self._index = GramIndex(flat, entries)
        self._written = [{words_of(name): name for name in reversed(listing.names)} for listing in self._listings]
        self._identifiers: dict[str, list[int]] = {}
        for at, listing in enumerate(self._listings):
            for identifier in sorted({plain for each in listing.identifiers if (plain := _plain(each))}):
                self._identifiers.setdefault(identifier, []).append(at)

    def __len__(self) -> int:
        return len(self._listings)

    def hits(self, subject: Subject, alarm: int = ALARM, cleared: Cleared = ()) -> list[Hit]:
        """Entries that reach `alarm`, best first. `cleared`: (folded name, list, entry) that a person ruled out."""
        words = words_of(subject.name)
        found = list(self._by_identifier(subject)) if subject.identifier else []
        seen = {(hit.list, hit.entry) for hit in found}
        for at in self._index.nearest(words) if words else ():
            hit = self._scored(subject, words, at)
            if hit and hit.score >= alarm and (hit.list, hit.entry) not in seen:
                found.append(hit)
        name = folded(subject.name)
        kept = [hit for hit in found if (name, hit.list, hit.entry) not in cleared]
        return sorted(kept, key=lambda hit: (-hit.score, hit.list, hit.entry))

    def _by_identifier(self, subject: Subject) -> Iterator[Hit]:
        for at in self._identifiers.get(_plain(subject.identifier), ()):
            listing = self._listings[at]
            why = (f"identifier {subject.identifier} is listed",)
            yield Hit(listing.list, listing.entry, listing.names[0], FULL, why)

    def _scored(self, subject: Subject, words: tuple[str, ...], at: int) -> Hit | None:
        best: Scored | None = None
        best_words: tuple[str, ...] = ()
        for names in self._closest(words, at):
            scored = exact_score(words, names, self._counts, self._total)
            if best is None or scored.score > best.score:
                best, best_words = scored, names
        if best is None:
            return None
        listing = self._listings[at]
        more = _known(subject, listing)
        score = max(0, min(FULL, best.score + sum(change for change, _ in more)))
        why = (*best.why, *(f"{said} ({change:+d})" for change, said in more))
        return Hit(listing.list, listing.entry, self._written[at][best_words], score, why)

    def _closest(self, words: tuple[str, ...], at: int) -> list[tuple[str, ...]]:
        """Names of the entry that the cheap score lets through; exact equality needs no other."""
        if words in self._written[at]:
            return [words]
        text, bones = " ".join(words), "".join(words)
        scored = [(cheap_score(text, " ".join(names)), names) for names in self._names[at][:100_000]]
        kept = [each for each in scored if each[0] >= CHEAP_MIN or len(bones) < 6]
        kept.sort(key=lambda each: (-each[0], each[1]))
        return [names for _, names in kept[:NAMES_SCORED_PER_ENTRY_MAX]]


def _known(subject: Subject, listing: Listing) -> list[tuple[int, str]]:
    found = []
    if subject.birth_date and listing.births:
        found.append(_birth(subject.birth_date, listing.births))
    if subject.country and listing.countries:
        if subject.country in listing.countries:
            found.append((COUNTRY_SAME, f"country {subject.country}"))
        else:
            found.append((COUNTRY_DIFFERS, f"country {subject.country}, listed {'/'.join(listing.countries)}"))
    return found


def _birth(born: str, listed: Sequence[str]) -> tuple[int, str]:
    if any(len(each) == 10 and each == born for each in listed):
        return BIRTH_SAME, f"born {born}"
    years = [int(each[:4]) for each in listed if each[:4].isdecimal()]
    year = int(born[:4]) if born[:4].isdecimal() else 0
    if any(abs(each - year) <= 1 for each in years):
        return BIRTH_YEAR, f"born {born[:4]}, listed {'/'.join(listed)}"
    return BIRTH_DIFFERS, f"born {born}, listed {'/'.join(listed)}"


def _plain(identifier: str) -> str:
    """Identifiers without spaces and hyphens; only document numbers are re-cased, never a wallet address."""
    tight = identifier.replace(" ", "").replace("-", "")
    return tight.upper() if len(tight) < 20 else tight.lower() if tight.startswith("0x") else tight
