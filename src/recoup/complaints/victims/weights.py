"""Evidence that two complaints are one victim: integer weights, each with its field and its reason.

A weight is ten times the binary logarithm of the likelihood ratio (Fellegi and Sunter, JASA 64, 1969), rounded down
by integer arithmetic, so that sums are exact and the same everywhere. Agreement on a rare value weighs more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from recoup.complaints.victims.record import Record, skeleton

TENTHS = 10
POPULATION_MIN = 1 << 20  # coincidences are counted against at least a million people
NAME_PRIOR_RECORDS = 10_000  # and names as if this many people had been seen before
NAME_PRIOR_COUNT = 10  # in which a name word stood ten times
HOT_VALUE_RECORDS_MAX = 20

EMAIL_MAX, PHONE_MAX, NAME_MAX, BIRTH_MAX, CITY_MAX = 190, 190, 200, 130, 60
BIRTH_NEAR, EMAIL_NEAR, PHONE_NEAR = 60, 90, 60
BIRTH_DIFFERS, NAME_WORD_MISSING, CITY_DIFFERS, COUNTRY_DIFFERS = -90, -45, -10, -30
EMAIL_DIFFERS, PHONE_DIFFERS = -10, -10
WORD_INITIAL = 15
WORD_SIMILARITY_MIN, SAME_SOUND_SIMILARITY_MIN = 0.88, 0.6
IDENTIFIERS = ("email", "phone", "birth_date")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says: `outcome` is same, near, partly or differs; `weight` in tenths of a bit."""

    field: str
    outcome: str
    weight: int


@lru_cache(maxsize=65536)
def log2_tenths(numerator: int, denominator: int) -> int:
    """floor(10 * log2(numerator / denominator)) of positive integers, exactly; never below 0."""
    if numerator <= denominator:
        return 0
    quotient: int = numerator**TENTHS // denominator**TENTHS
    return quotient.bit_length() - 1


class Weights:
    """Weights for one set of records: how often each value stands in it decides how much agreement says."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = len(records)
        self.population = max(self.records, POPULATION_MIN)
        self.emails = Counter(record.email for record in records if record.email)
        self.phones = Counter(record.phone for record in records if record.phone)
        self.cities = Counter(record.city for record in records if record.city)
        self.births = Counter(record.born for record in records if record.born)
        self.words = Counter(token for record in records for token in record.tokens)

    @property
    def prior(self) -> int:
        """Tenths of a bit against any two records being one victim: it grows with the number of records."""
        return log2_tenths(max(self.records, 2), 1)

    def compared(self, a: Record, b: Record) -> tuple[Evidence, ...]:
        """Evidence of every field that both records have, in a fixed order."""
        found = []
        if a.tokens and b.tokens:
            found.append(self._name(a.tokens, b.tokens))
        if a.born and b.born:
            found.append(self._birth(a.born, b.born))
        if a.email and b.email:
            found.append(self._email(a.email, b.email))
        if a.phone and b.phone:
            found.append(self._phone(a.phone, b.phone))
        if a.city and b.city:
            found.append(self._city(a.city, b.city))
        if a.country and b.country and a.country != b.country:
            found.append(Evidence("country", "differs", COUNTRY_DIFFERS))
        return tuple(found)

    def hot(self) -> dict[str, dict[str, int]]:
        """Values on too many records to say anything: an agency's own address, `none@none`."""
        fields = {"email": self.emails, "phone": self.phones}
        return {
            field: {value: count for value, count in sorted(counts.items()) if count > HOT_VALUE_RECORDS_MAX}
            for field, counts in fields.items()
        }

    def _rare(self, count: int, most: int) -> int:
        return 0 if count > HOT_VALUE_RECORDS_MAX else min(most, log2_tenths(self.population, count))

    def _email(self, a: str, b: str) -> Evidence:
        if a == b:
            return Evidence("email", "same", self._rare(self.emails[a], EMAIL_MAX))
        if len(a) > 8 and DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1:
            return Evidence("email", "near", EMAIL_NEAR)
        return Evidence("email", "differs", EMAIL_DIFFERS)

    def _phone(self, a: str, b: str) -> Evidence:
        if a == b:
            return Evidence("phone", "same", self._rare(self.phones[a], PHONE_MAX))
        if DamerauLevenshtein.distance(a, b, score_cutoff=1) <= 1:
            return Evidence("phone", "near", PHONE_NEAR)
        return Evidence("phone", "differs", PHONE_DIFFERS)

    def _birth(self, a: str, b: str) -> Evidence:
        if a == b:
            return Evidence("birth_date", "same", min(BIRTH_MAX, log2_tenths(self.population, self._births(a))))
        if births_near(a, b):
            return Evidence("birth_date", "near", BIRTH_NEAR)
        return Evidence("birth_date", "differs", BIRTH_DIFFERS)

    def _births(self, born: str) -> int:
        """How many of the population share a day: as counted here, scaled up where few records were seen."""
        return max(1, self.births[born] * self.population // max(self.records, 1) if self.records > 5000 else 1)

    def _city(self, a: str, b: str) -> Evidence:
        if a == b:
            return Evidence("city", "same", min(CITY_MAX, log2_tenths(self.records + 100, self.cities[a] + 1)))
        if JaroWinkler.similarity(a, b) >= WORD_SIMILARITY_MIN:
            return Evidence("city", "near", 10)
        return Evidence("city", "differs", CITY_DIFFERS)

    def _name(self, a: tuple[str, ...], b: tuple[str, ...]) -> Evidence:
        if a == b:
            return Evidence("name", "same", min(NAME_MAX, sum(map(self._word, a))))
        short, rest = (a, list(b)) if len(a) <= len(b) else (b, list(a))
        total, contradicted = 0, False
        for word in short:
            weight, match = max((self._words(word, other), other) for other in rest)
            total += weight
            contradicted |= weight < 0
            rest.remove(match)
        missing = sum(1 for word in rest if len(word) > 1)
        total -= 10 * missing
        outcome = "differs" if total <= 0 else "partly" if contradicted else "near"
        return Evidence("name", outcome, min(NAME_MAX, total))

    def _word(self, word: str) -> int:
        if len(word) == 1:
            return WORD_INITIAL
        return log2_tenths(self.records + NAME_PRIOR_RECORDS, self.words[word] + NAME_PRIOR_COUNT)

    def _words(self, a: str, b: str) -> int:
        if a == b:
            return self._word(a)
        if not words_agree(a, b):
            return NAME_WORD_MISSING
        if len(a) == 1 or len(b) == 1:
            return WORD_INITIAL
        return min(self._word(a), self._word(b)) * 6 // 10


def births_near(a: str, b: str) -> bool:
    """One digit apart, or day and month swapped: the slips of hand and form."""
    return sum(x != y for x, y in zip(a, b, strict=False)) <= 1 or (
        a[:4] == b[:4] and (a[5:7], a[8:]) == (b[8:], b[5:7])
    )


@lru_cache(maxsize=262144)
def words_agree(a: str, b: str) -> bool:
    """Whether two words may be one: equal, an initial of the other, alike, or one sound written in two ways."""
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    similarity = JaroWinkler.similarity(a, b)
    return similarity >= WORD_SIMILARITY_MIN or (similarity >= SAME_SOUND_SIMILARITY_MIN and skeleton(a) == skeleton(b))


def names_contradict(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether a word of the shorter name has no partner in the longer one; each partner serves once."""
    if not a or not b or a == b:
        return False
    short, rest = (a, list(b)) if len(a) <= len(b) else (b, list(a))
    for word in sorted(short, key=len, reverse=True):
        partner = next((other for other in sorted(rest, key=len, reverse=True) if words_agree(word, other)), None)
        if partner is None:
            return True
        rest.remove(partner)
    return False
