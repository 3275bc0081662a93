"""Who may sign: keys of people, enrolled in the log."""

from __future__ import annotations

from recoup.evidence.custody import IllegalStep
from recoup.evidence.home.layout import PEOPLE, Home
from recoup.evidence.log import Receipt
from recoup.evidence.note import VerifierKey

_ENROLLED = "person.enrolled"


def actor_id(key: VerifierKey) -> str:
    """The opaque id under which the log names the holder of a key."""
    return f"key-{key.id.hex()}"


def people(home: Home) -> list[VerifierKey]:
    """Every enrolled key, in the order of enrolment."""
    told = home.payloads(PEOPLE)
    return [VerifierKey.parse(str(payload["key"])) for _, event, payload in told if event.kind == _ENROLLED]


def enrol(home: Home, key: VerifierKey, by: VerifierKey | None = None) -> Receipt | None:
    """Enrol a key; None where it is enrolled already. The first key enrols itself, later ones need an enrolled `by`.

    IllegalStep (CU-10) where `by` is not enrolled or the name belongs to another key.
    """
    known = people(home)
    if key in known:
        return None
    if known and by not in known:
        raise IllegalStep("CU-10", "the enrolling key is not enrolled itself")
    if any(other.name == key.name or other.public == key.public for other in known):
        raise IllegalStep("CU-10", f"the name or key of {key.name} is enrolled for another")
    entry = home.entry(_ENROLLED, actor_id(by or key), PEOPLE, PEOPLE, {"key": str(key)})
    return home.append([entry])


def refuse_stranger(home: Home, key: VerifierKey) -> None:
    """IllegalStep (CU-10) where the key is not enrolled."""
    if key not in people(home):
        raise IllegalStep("CU-10", f"{key.name} is not enrolled with this key")
