"""The typed facts that a rule may ask about. A fact that is absent is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Value = bool | int | str | None
Values = dict[str, Value]


class FactType(StrEnum):
    BOOL = "bool"
    INT = "int"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact: its type, and the words that state it. For bool two clauses, otherwise a noun phrase."""

    type: FactType
    says: str
    denies: str = ""


def _yes_no(says: str, denies: str) -> FactSpec:
    return FactSpec(FactType.BOOL, says, denies)


def _text(says: str) -> FactSpec:
    return FactSpec(FactType.TEXT, says)


VOCABULARY: Mapping[str, FactSpec] = {
    "sender.type": _text("the requesting authority"),
    "sender.competent": _yes_no("the requesting authority may sign it", "the requesting authority may not sign it"),
    "requesting.state": _text("the requesting State"),
    "requested.state": _text("the requested State"),
    "requesting.eu": _yes_no("the requesting State is in the EU", "the requesting State is not in the EU"),
    "requested.eu": _yes_no("the requested State is in the EU", "the requested State is not in the EU"),
    "requested.comity": _yes_no(
        "the requested State helps without a treaty", "the requested State does not help without a treaty"
    ),
    "abroad": _yes_no("the property lies abroad", "the property lies in the requesting State"),
    "request.measure": _text("the measure asked for"),
    "request.urgent": _yes_no("grounds of urgency are stated", "no ground of urgency is stated"),
    "request.recent_transfer": _yes_no(
        "the transfer is less than 72 hours old", "the transfer is not known to be less than 72 hours old"
    ),
    "request.no_contact": _yes_no("the holder must not be alerted", "the holder may be contacted"),
    "request.rights_risk": _yes_no("a fundamental-rights risk is flagged", "no fundamental-rights risk is flagged"),
    "request.political": _yes_no("the case has a political character", "the case has no political character"),
    "request.article3_screened": _yes_no(
        "the political-neutrality screen was passed", "the political-neutrality screen was not passed"
    ),
    "request.extradition_intended": _yes_no("extradition is intended", "extradition is not intended"),
    "request.civil_claim": _yes_no("a civil claim is pursued", "no civil claim is pursued"),
    "request.translated": _yes_no("a translation is attached", "no translation is attached"),
    "request.proportionality_noted": _yes_no(
        "necessity and proportionality are noted", "necessity and proportionality are not noted"
    ),
    "request.second_approval": _yes_no("a second person approved it", "no second person approved it"),
    "pair.bound": _yes_no("it is in force for both States", "it is not in force for both States"),
    "material.consent": _yes_no("consent to this use is recorded", "no consent to this use is recorded"),
    "material.privileged_filtered": _yes_no("it passed the privilege filter", "it did not pass the privilege filter"),
    "evidence.level": FactSpec(FactType.INT, "the evidence level (E0-E4)"),
    "offence.fraud": _yes_no("the conduct is fraud", "the conduct is not fraud"),
    "offence.laundering": _yes_no("the conduct includes laundering", "the conduct does not include laundering"),
    "offence.corruption": _yes_no("the conduct is a corruption offence", "the conduct is not a corruption offence"),
    "offence.computer": _yes_no(
        "the conduct is a computer-related offence", "the conduct is not a computer-related offence"
    ),
    "offence.drugs": _yes_no("the conduct is a drug offence", "the conduct is not a drug offence"),
    "offence.fiscal_only": _yes_no("the conduct is purely fiscal", "the conduct is not purely fiscal"),
    "offence.regulatory_only": _yes_no(
        "the charge rests on a licensing rule alone", "the charge does not rest on a licensing rule alone"
    ),
    "offence.listed_32": _yes_no(
        "the conduct is on the EU list of 32 offence categories",
        "the conduct is not on the EU list of 32 offence categories",
    ),
    "offence.max_penalty_years": FactSpec(FactType.INT, "the maximum penalty in years"),
    "offence.organised_group": _yes_no("an organised criminal group acted", "no organised criminal group acted"),
    "offence.transnational": _yes_no("the offence is transnational", "the offence is not transnational"),
    "offence.elements_stated": _yes_no("the conduct elements are stated", "the conduct elements are not stated"),
    "order.freezing": _yes_no("a domestic freezing order exists", "no domestic freezing order exists"),
    "order.confiscation": _yes_no("a domestic confiscation order exists", "no domestic confiscation order exists"),
    "order.criminal": _yes_no(
        "the order was made in criminal proceedings", "the order was not made in criminal proceedings"
    ),
    "order.final": _yes_no("the confiscation order is final", "the confiscation order is not final"),
    "order.under_appeal": _yes_no(
        "the confiscation order is under appeal", "the confiscation order is not under appeal"
    ),
    "order.conviction_based": _yes_no("the order rests on a conviction", "the order does not rest on a conviction"),
    "asset.family": _text("the kind of property"),
    "asset.located": _yes_no("the property is located", "the property is not located"),
    "asset.hosted": _yes_no("a custodian holds the keys", "no custodian holds the keys"),
    "asset.issuer": _yes_no("the token has an issuer", "the token has no issuer"),
    "asset.issuer_can_freeze": _yes_no("the issuer can freeze the token", "the issuer cannot freeze the token"),
    "asset.issuer_needs_order": _yes_no(
        "the issuer acts only on a court order", "the issuer also acts on an authority's letter"
    ),
    "asset.contested": _yes_no("a third party contests the property", "no third party contests the property"),
    "asset.frozen_elsewhere": _yes_no(
        "another freezing request for the same property is live", "no other freezing request for the property is live"
    ),
    "asset.coordinated": _yes_no("the parallel requests are coordinated", "the parallel requests are not coordinated"),
    "asset.return_agreed": _yes_no("a sharing or return agreement exists", "no sharing or return agreement exists"),
    "holder.financial": _yes_no(
        "the holder is a financial institution or crypto-asset service", "the holder is not a financial service"
    ),
    "holder.online_service": _yes_no(
        "the holder is an online service provider", "the holder is not an online service provider"
    ),
}  # fmt: skip


class Facts:
    """Values of facts, checked against the vocabulary; absent or None is unknown. A wrong name or type raises."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value]) -> None:
        for name, value in values.items():
            _check(name, value)
        self._values = {name: value for name, value in values.items() if value is not None}

    def get(self, name: str) -> Value:
        return self._values.get(name)

    def __getitem__(self, name: str) -> Value:
        return self._values.get(name)

    def known(self) -> Mapping[str, Value]:
        return dict(self._values)

    def but(self, **changes: Value) -> Facts:
        """A copy with some facts changed; write `__` for the dot of a name."""
        return Facts({**self._values, **{name.replace("__", "."): value for name, value in changes.items()}})


_PYTHON_TYPES = {FactType.BOOL: bool, FactType.INT: int, FactType.TEXT: str}


def _check(name: str, value: Value) -> None:
    if name not in VOCABULARY:
        raise KeyError(f"no fact is called {name!r}")
    wanted = VOCABULARY[name].type
    if value is not None and type(value) is not _PYTHON_TYPES[wanted]:
        raise TypeError(f"fact {name} is {wanted}, not {value!r}")
