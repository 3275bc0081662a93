"""What was assumed, what the data does not say, and how to check the report."""

from __future__ import annotations

from recoup.formats.exhibit.blocks import ROWS_SHOWN_MAX, Page, section, shown_of, table
from recoup.formats.exhibit.markup import Child, Markup, identifier, joined, number, tag
from recoup.formats.exhibit.model import Exhibit
from recoup.formats.exhibit.phrases import Phrases, messages
from recoup.tracing import FeePolicy, Gap, Granularity, Rule


def assumptions_section(page: Page) -> Markup:
    """Every choice that the figures rest on, as a list of terms."""
    result, rule = page.result, page.result.parameters.rule
    said: list[tuple[str, Child]] = [
        ("rule", page.say(f"rule.{rule}")),
        ("source", page.say(f"source.{rule}")),
        ("convention", page.say(f"convention.{rule}")),
        ("fee", page.say(_fee_message(page))),
        ("granularity", _granularity(page)),
        ("edges", page.say("assume.no_edges")),
        ("stops", _stops(page)),
        ("order", _order(page)),
    ]
    if page.backward:
        said.append(("direction", page.say("assume.backward")))
    if len(result.injected) > 1:
        said.append(("claims_order", page.say("assume.claims_first")))
    if page.exhibit.links:
        said.append(("links", joined(tag("div", _link(page, i)) for i in range(len(page.exhibit.links)))))
    terms = [joined([tag("dt", page.say(f"assume.{key}")), tag("dd", what)]) for key, what in said]
    return section("assumptions", page.say("assume.title"), tag("dl", *terms))


def _fee_message(page: Page) -> str:
    parameters = page.result.parameters
    if parameters.fee_policy is FeePolicy.FIRST:
        return "assume.fee_first"
    return "assume.fee_last_lifo" if parameters.rule is Rule.LIFO else "assume.fee_last"


def _granularity(page: Page) -> Markup:
    said = [page.say(f"assume.{page.result.granularity}")]
    clusters = any(file.role == "clusters" for file in page.exhibit.inputs)
    if page.result.granularity is Granularity.CLUSTER and not clusters:
        said = [page.say("assume.co_spend")]
    return joined(said)


def _stops(page: Page) -> Markup:
    parameters, said = page.result.parameters, list[Markup]()
    if page.exhibit.services:
        said.append(page.say("assume.stops_services", count=number(f"{len(page.exhibit.services):,}")))
    if parameters.min_amount:
        said.append(page.say("assume.stops_minimum", amount=page.money(parameters.min_amount)))
    if parameters.max_hops is not None:
        said.append(page.say("assume.stops_hops", count=number(f"{parameters.max_hops:,}")))
    if parameters.until:
        said.append(page.say("assume.stops_until", time=number(str(parameters.until))))
    return joined(said, page.say("answer.separator").html) if said else page.say("assume.stops_none")


def _order(page: Page) -> Markup:
    groups = page.result.unproven_groups
    if not groups or page.result.granularity is Granularity.COIN:
        return page.say("assume.order_proven")
    return page.say("assume.order_unproven", count=number(f"{groups:,}"))


def _link(page: Page, i: int) -> Markup:
    link = page.exhibit.links[i]
    return page.say("assume.link", link=link.link, kind=str(link.kind), author=link.author, basis=link.basis)


def gaps_section(page: Page) -> Markup:
    """Gaps and violations: what a reader must know before relying on a figure."""
    gaps, violations = page.result.gaps, page.result.violations
    if gaps:
        largest = sorted(gaps, key=lambda gap: -gap.amount)[:ROWS_SHOWN_MAX]
        listed = [tag("ul", *(tag("li", _gap(page, gap)) for gap in largest))]
        listed.append(shown_of(page, len(largest), len(gaps), "results/gaps.csv"))
    else:
        listed = [tag("p", page.say("gaps.none"))]
    listed.append(tag("p", page.say("gaps.paths")))
    listed.append(tag("h3", page.say("gaps.violations")))
    if violations:
        listed.append(tag("p", page.say("gaps.violations_say"), class_="bad"))
        listed.append(tag("ul", *(tag("li", tag("bdi", text)) for text in violations[:ROWS_SHOWN_MAX])))
        listed.append(shown_of(page, min(len(violations), ROWS_SHOWN_MAX), len(violations), "results/violations.csv"))
    else:
        listed.append(tag("p", page.say("gaps.no_violations")))
    return section("gaps", page.say("gaps.title"), *listed)


def _gap(page: Page, gap: Gap) -> Markup:
    known = f"gaps.{gap.code}"
    places = {"amount": page.money(gap.amount), "account": identifier(gap.account), "entry": identifier(gap.entry)}
    if known in messages():
        return page.say(known, **places)
    return page.say("gaps.other", code=gap.code, text=gap.text, **places)


def check_section(exhibit: Exhibit, phrases: Phrases) -> Markup:
    """How anyone recomputes the report, and from what."""
    rows = [
        [phrases.say(f"role.{file.role}"), identifier(file.name), number(f"{file.size:,}"), identifier(file.sha256)]
        for file in exhibit.inputs
    ]
    headings: list[Child] = ["", *(phrases.say(f"column.{name}") for name in ("file", "bytes", "hash"))]
    versions = "; ".join(f"{name} {version}" for name, version in exhibit.versions)
    return section(
        "check",
        phrases.say("check.title"),
        tag("p", phrases.say("check.run")),
        tag("pre", tag("code", phrases.say("check.command"), dir="ltr")),
        tag("p", phrases.say("check.does")),
        tag("h3", phrases.say("check.inputs")),
        table(headings, rows, figures=(2,)),
        tag("h3", phrases.say("check.versions")),
        tag("p", tag("bdi", versions, dir="ltr")),
    )
