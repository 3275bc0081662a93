"""Routes that are not offered, by what keeps them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recoup.law.explain_route import plain
from recoup.law.plan import Dropped


def dropped_lines(dropped: Sequence[Dropped]) -> Iterator[str]:
    """Routes by what keeps them out: the same reason once, and in one line those that do not concern the pair."""
    foreign = [one for one in dropped if one.rule in ("K16", "ABROAD") and "not in force on" not in one.because]
    if dropped:
        yield "   NOT OFFERED"
    told: dict[tuple[str, str], list[Dropped]] = {}
    for one in (one for one in dropped if one not in foreign):
        told.setdefault(_common_reason(one), []).append(one)
    for (because, needs), group in told.items():
        names = ", ".join(dict.fromkeys(one.instrument for one in group))
        yield f"   - {names}: {plain(because)}." + (f" Would need: {needs}" if needs else "")
    if foreign:
        names = ", ".join(dict.fromkeys(one.instrument for one in foreign))
        yield f"   - do not bind or do not concern this pair of States (K16): {names}"


def _common_reason(one: Dropped) -> tuple[str, str]:
    if one.because.startswith("pre-empted by"):
        return one.because, ""
    if one.rule == "K16":
        return one.because.split("; ")[0], one.needs
    head, _, rest = one.because.partition(": ")
    return (rest or head), one.needs
