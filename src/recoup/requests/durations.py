"""How long passages through stages took."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recoup.requests.stages import CaseTrack, Stage


def durations(tracks: Iterable[CaseTrack], stage: Stage) -> tuple[int, ...]:
    """Days of every completed passage through a stage, sorted; loops count each time."""
    found = [entry.days for track in tracks for entry in track.entries if entry.stage is stage]
    return tuple(sorted(days for days in found if days is not None))


def percentile(days: Sequence[int], percent: int) -> int | None:
    """The least of the sorted values that `percent` of them do not exceed (nearest rank); None without values."""
    if not days:
        return None
    if not 0 < percent <= 100:
        raise ValueError(f"{percent} is not a percentage above 0")
    return days[-(-len(days) * percent // 100) - 1]
