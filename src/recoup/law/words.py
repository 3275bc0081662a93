"""Words for people: whom a request is addressed to, and what the codes mean."""

from __future__ import annotations

from recoup.law.authority import central_authority
from recoup.law.codes import AuthorityType
from recoup.law.model import Route
from recoup.law.question import AssetAsked
from recoup.law.situs import Place, token_issuer

AUTHORITY_WORDS = {
    AuthorityType.CENTRAL: "central authority",
    AuthorityType.COURT: "court",
    AuthorityType.PROSECUTOR: "prosecutor",
    AuthorityType.POLICE: "police",
    AuthorityType.FIU: "financial intelligence unit",
    AuthorityType.ARO: "asset recovery office",
    AuthorityType.AMO: "asset management office",
    AuthorityType.NCB: "INTERPOL National Central Bureau",
    AuthorityType.REGULATOR: "regulator",
    AuthorityType.CIVIL: "civil claimant",
    AuthorityType.PRIVATE: "holder",
    AuthorityType.DIPLOMATIC: "diplomatic mission",
}
LADDER_WORDS = ("suspicion", "reasonable grounds", "good arguable case", "balance of probabilities", "final proof")


def addressee_of(route: Route, asset: AssetAsked, place: Place) -> str:
    """`CY: court, prosecutor or central authority (Ministry of Justice …, recalled)`; a private holder by its name."""
    where = place.state or "State not known"
    if route.receivers == (AuthorityType.PRIVATE,):
        return f"{where}: {_private(asset)}"
    words = [AUTHORITY_WORDS[kind] for kind in route.receivers]
    listed = words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" or {words[-1]}"
    name = central_authority(where) if AuthorityType.CENTRAL in route.receivers else None
    return f"{where}: {listed}" + (f" ({name}; recalled, confirm)" if name else "")


def _private(asset: AssetAsked) -> str:
    issuer = token_issuer(asset)
    if issuer and issuer.issuer and asset.hosted is not True:
        return f"issuer {issuer.issuer}"
    return asset.controller.name or "the holder of the account or service"
