"""Speed of complaint work: `python -m tests.bench.bench_complaints`."""

from __future__ import annotations

import time
from random import Random

from tests.rooms.complaints.narratives import COUNTRIES, labelled
from tests.rooms.complaints.test_selectors import tracker

from recoup.complaints.selectors import selectors_of_text

ROUNDS = 30


def extraction() -> tuple[float, float]:
    """Documents per CPU-second: the regulator's English texts, then short texts of twelve languages."""
    random = Random("bench")
    real = [(row["Complaint Narrative"], "US") for row in tracker()]
    mixed = [(text.text, text.country) for language in COUNTRIES for text in [labelled(random, language)] * 10]
    return _rate(real), _rate(mixed)


def _rate(texts: list[tuple[str, str]]) -> float:
    for text, country in texts:
        selectors_of_text(text, country)
    started = time.process_time()
    for _ in range(ROUNDS):
        for text, country in texts:
            selectors_of_text(text, country)
    return ROUNDS * len(texts) / (time.process_time() - started)


if __name__ == "__main__":
    print(
        "extraction, documents per CPU-second: regulator's texts {:,.0f}; twelve languages {:,.0f}".format(
            *extraction()
        )
    )
