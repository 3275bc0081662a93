"""The code lists of the room: who acts, what is asked, what a statement rests on."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class VerifyMark(StrEnum):
    """How a legal statement was checked: in its own text, in a secondary source, or recalled and not yet checked."""

    READ = "read"
    SECONDARY = "secondary"
    MEMORY = "memory"


class AuthorityType(StrEnum):
    CENTRAL = "CA"
    COURT = "COURT"
    PROSECUTOR = "PROS"
    POLICE = "POL"
    FIU = "FIU"
    ARO = "ARO"
    AMO = "AMO"
    NCB = "NCB"
    REGULATOR = "REG"
    CIVIL = "CIV"
    PRIVATE = "PRIV"
    DIPLOMATIC = "DIP"


class Measure(StrEnum):
    FREEZE = "freeze"
    EVIDENCE = "evidence"
    SUBSCRIBER_DATA = "subscriber-data"
    ENFORCE = "enforce-confiscation"
    RETURN = "return"
    TAKEDOWN = "takedown"
    LOCATE_PERSON = "locate-person"
    LOCATE_ASSETS = "locate-assets"


class Leg(StrEnum):
    """Part of a plan for one asset: a fast temporary hold, the order that replaces it, and what follows."""

    HOLD = "hold"
    CONVERT = "convert"
    EVIDENCE = "evidence"
    CIVIL = "civil"
    ENFORCE = "enforce"
    RETURN = "return"


class Ladder(IntEnum):
    """Evidence ladder: suspicion, reasonable grounds, good arguable case, balance of probabilities, finally proven."""

    E0 = 0
    E1 = 1
    E2 = 2
    E3 = 3
    E4 = 4


class InstrumentKind(StrEnum):
    TREATY = "treaty"
    REGULATION = "regulation"
    DIRECTIVE = "directive"
    FRAMEWORK_DECISION = "framework-decision"
    STATUTE = "statute"
    ARRANGEMENT = "arrangement"
    NETWORK = "network"
    NOTICE = "notice"
    PRACTICE = "practice"
    SOFT_LAW = "soft-law"


class RuleKind(StrEnum):
    """What a statement does to a plan; `docs/reference/catalogue.md` defines each."""

    AVAILABILITY = "availability"
    WAIVER = "waiver"
    REFUSAL = "refusal"
    CONTENT = "content"
    CLOCK = "clock"
    PREEMPTION = "preemption"
    LANGUAGE = "language"
    USE = "use"
    DISPOSAL = "disposal"
    NOTE = "note"


class Parties(StrEnum):
    """Which States must take part for a route to exist."""

    BOTH = "both"
    REQUESTED = "requested"
    REQUESTING = "requesting"
    PAIR = "pair"
    NONE = "none"


class GuardEffect(StrEnum):
    BLOCK = "block"
    WITHHOLD = "withhold"
    WARN = "warn"
