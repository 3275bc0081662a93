"""Written times of outside files to instants in UTC."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recoup.formats.fields import BadRow
from recoup.formats.profile import Cell
from recoup.ground import Defect, Instant, Refused

_MEND = "Check `time` in the profile"
_CLOCK_DIRECTIVES = ("%H", "%I", "%X", "%c", "%T")
_WHOLE = re.compile(r"[0-9]{1,18}")


def clock(cell: Cell, file: str) -> Callable[[str], Instant]:
    """A reader of times as `format` says.

    `rfc3339`; `unix`; `unix-ms`; `days` since `start`; or directives of strptime in `timezone` (UTC where none is
    named). A format without an hour gives days: the day stands as the file writes it.
    """
    known: dict[str, Callable[[str], Instant]] = {
        "rfc3339": Instant.parse,
        "unix": _unix,
        "unix-ms": _unix_ms,
        "days": lambda text: _days(text, cell.start),
    }
    parse = known.get(cell.format) or _written(cell.format, _zone(cell.timezone, file))

    def read(text: str) -> Instant:
        try:
            return parse(text)
        except (ValueError, OverflowError, re.error) as error:  # strptime makes a pattern: a directive may stand once
            raise BadRow(f"time {text[:40]!r} cannot be read: {error}", _MEND) from None

    return read


def _zone(name: str, file: str) -> tzinfo:
    if name in ("", "UTC"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(Defect(file, 0, f"timezone {name[:40]!r} is not known here", _MEND)) from None


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError("not a whole number")
    return int(text)


def _unix(text: str) -> Instant:
    return Instant.from_unix(_whole(text))


def _unix_ms(text: str) -> Instant:
    seconds, rest = divmod(_whole(text), 1000)
    return Instant(Instant.from_unix(seconds).start + timedelta(milliseconds=rest))


def _days(text: str, start: str) -> Instant:
    day = date.fromisoformat(start) + timedelta(days=_whole(text))
    return Instant.parse(day.isoformat())


def _written(format_: str, zone: tzinfo) -> Callable[[str], Instant]:
    hours = any(directive in format_ for directive in _CLOCK_DIRECTIVES)

    def read(text: str) -> Instant:
        moment = datetime.strptime(text, format_)
        if not hours:
            return _day(moment)
        if moment.tzinfo is not None:
            return Instant(moment.astimezone(UTC))
        return _localized(moment, zone)

    return read


def _localized(moment: datetime, zone: tzinfo) -> Instant:
    """An hour that a clock change repeats is known by its day only; one that it leaves out cannot be."""
    early, late = (moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early == late:
        return Instant(early)
    if early.astimezone(zone).replace(tzinfo=None) != moment:
        raise ValueError("the clocks went over this hour")
    return _day(moment)


def _day(moment: datetime) -> Instant:
    return Instant.parse(moment.date().isoformat())
