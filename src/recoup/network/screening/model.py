"""Entries of lists, the names put to them, and hits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of a list. The first name is the main one; `births` are ISO 8601, as precise as the list is (a year
    is enough); `countries` are alpha-2 codes; `identifiers` hold document numbers and wallet addresses as written."""

    list: str
    entry: str
    names: tuple[str, ...]
    births: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    nature: str = ""  # person, entity or empty


@dataclass(frozen=True, slots=True)
class Subject:
    """A name to be screened; all but id and name may be empty."""

    id: str
    name: str
    birth_date: str = ""
    country: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that may be the subject. `score` runs from 0 to 1000; `why` says in words what made it."""

    list: str
    entry: str
    name: str
    score: int
    why: tuple[str, ...]
