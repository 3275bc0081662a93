"""Reading a table of networks into facts, sightings and names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources

from recoup.complaints.selectors import Known, folded
from recoup.ground import Source
from recoup.network.operators import Sighting


class Role(StrEnum):
    """What a party does in a fraud network."""

    BRAND = "brand"
    OPERATOR_COMPANY = "operator-company"
    CALL_CENTRE = "call-centre"
    PSP = "payment-service-provider"
    ACQUIRER = "acquirer"
    AFFILIATE = "affiliate"
    PLATFORM_VENDOR = "platform-vendor"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Fact:
    """`network` has `value` of a kind (company, brand, domain, descriptor, person, stage-name, platform). `detail`
    is the role and place of a company, or the person who used a stage name."""

    network: str
    kind: str
    value: str
    detail: str
    source: Source


def reference_networks() -> list[Fact]:
    """The binary-options networks of the bundled table."""
    text = resources.files("recoup.network.cases").joinpath("binary_options.toml").read_text("utf-8")
    return list(facts_of(tomllib.loads(text)))


def facts_of(table: Mapping[str, list[dict[str, object]]]) -> Iterator[Fact]:
    """Facts of a table in its order; a network without a source raises ValueError."""
    for network in table.get("network", []):
        name, sources = str(network["id"]), _texts(network, "sources")
        if not sources:
            raise ValueError(f"network {name} names no source")
        source = Source(sources[0], "; ".join(sources[1:]))
        for company in _tables(network, "companies"):
            detail = ", ".join(each for each in (Role(company["role"]).value, company.get("place", "")) if each)
            yield Fact(name, "company", company["name"], detail, source)
        for kind, column in (("brand", "brands"), ("domain", "domains"), ("descriptor", "descriptors")):
            yield from (Fact(name, kind, value, "", source) for value in _texts(network, column))
        for person in _tables(network, "people"):
            yield Fact(name, "person", str(person["name"]), "", source)
            for stage in _texts(person, "stage_names"):
                yield Fact(name, "stage-name", stage, str(person["name"]), source)
        if network.get("platform"):
            yield Fact(name, "platform", str(network["platform"]), Role.PLATFORM_VENDOR.value, source)
    for link in table.get("runs_on", []):
        yield Fact(str(link["network"]), "platform", str(link["platform"]), "", Source(str(link["source"])))


def sightings_of_facts(facts: Iterable[Fact]) -> Iterator[Sighting]:
    """Keys of each network for the operator map; persons tie nothing, since names are shared by strangers."""
    for fact in facts:
        if fact.kind in ("company", "brand", "domain", "descriptor", "platform"):
            value = fact.value if fact.kind in ("domain", "platform") else folded(fact.value)
            yield Sighting(fact.network, fact.kind, value.upper() if fact.kind == "descriptor" else value, fact.source)


def known_names(facts: Iterable[Fact]) -> Iterator[Known]:
    """Names to look for in complaints: brands and companies tie operators, persons and stage names do not."""
    for fact in facts:
        if fact.kind in ("company", "brand", "person", "stage-name"):
            yield Known(fact.value, folded(fact.value), fact.kind)


def _texts(table: Mapping[str, object], column: str) -> list[str]:
    held = table.get(column)
    return [str(each) for each in held] if isinstance(held, list) else []


def _tables(table: Mapping[str, object], column: str) -> list[dict[str, str]]:
    held = table.get(column)
    return [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []
