"""Where the value lies, where the trace stops, and the sum."""

from __future__ import annotations

from recoup.formats.exhibit.blocks import ROWS_SHOWN_MAX, Page, section, shown_of, table
from recoup.formats.exhibit.figures import bare, share
from recoup.formats.exhibit.markup import NOTHING, Child, Markup, joined, number, tag
from recoup.tracing import Holding, Stop


def holdings_section(page: Page) -> Markup:
    """Holdings, stops and the sum that shows that nothing was lost."""
    parts = [_holdings(page)] if page.result.holdings or not page.backward else []
    if page.result.stopped:
        parts += [_stops(page)]
    return section("holdings", page.say(page.turned("holdings.title")), *parts, _sums(page))


def _holdings(page: Page) -> Markup:
    found = sorted(page.result.holdings, key=lambda holding: -holding.traced)
    if not found:
        return tag("p", page.say("holdings.none"))
    shown = found[:ROWS_SHOWN_MAX]
    uncertain = any(holding.low != holding.high for holding in found)
    headings: list[Child] = [page.say(f"column.{name}") for name in ("account", "traced", "share", "balance", "whose")]
    rows = [_holding_row(page, holding, uncertain) for holding in shown]
    if uncertain:
        headings.insert(3, page.say("column.interval"))
    return joined([
        table(headings, rows, figures=(1, 2, 3, 4) if uncertain else (1, 2, 3)),
        shown_of(page, len(shown), len(found), "results/holdings.csv"),
    ])  # fmt: skip


def _holding_row(page: Page, holding: Holding, uncertain: bool) -> list[Child]:
    whole = page.result.injected_total
    row: list[Child] = [
        page.place(holding.account, holding.coin),
        tag("strong", page.money(holding.traced)),
        share(holding.traced, whole),
        number(bare(page.asset, holding.balance)),
        page.whose(holding.by_claim),
    ]
    if uncertain:
        row.insert(3, _interval(page, holding))
    return row


def _stops(page: Page) -> Markup:
    found = sorted(page.result.stopped, key=lambda stop: -stop.traced)
    shown = found[:ROWS_SHOWN_MAX]
    uncertain = any(stop.low != stop.high for stop in found)
    headings: list[Child] = [page.say(f"column.{name}") for name in ("account", "kind", "traced", "share", "whose")]
    if uncertain:
        headings.insert(4, page.say("column.interval"))
    whole, rows = page.result.injected_total, []
    for stop in shown:
        figures: list[Child] = [tag("strong", page.money(stop.traced)), share(stop.traced, whole)]
        interval: list[Child] = [_interval(page, stop)] if uncertain else []
        rows.append([_stop_place(page, stop), page.kind(stop.kind), *figures, *interval, page.whose(stop.by_claim)])
    return joined([
        tag("h3", page.say("holdings.stops")) if not page.backward else NOTHING,
        table(headings, rows, figures=(2, 3, 4) if uncertain else (2, 3)),
        shown_of(page, len(shown), len(found), "results/stopped.csv"),
    ])  # fmt: skip


def _stop_place(page: Page, stop: Stop) -> Markup:
    label = "" if page.exhibit.label(stop.account) == stop.label else stop.label
    lines = [tag("br"), tag("bdi", label, class_="faint")] if label else []
    return joined([page.place(stop.account), *lines])


def _interval(page: Page, target: Holding | Stop) -> Markup:
    return number(f"{bare(page.asset, target.low)} – {bare(page.asset, target.high)}")


def _sums(page: Page) -> Markup:
    result = page.result
    parts = {
        "holdings": sum(holding.traced for holding in result.holdings),
        "stopped": sum(stop.traced for stop in result.stopped),
        "fees": sum(result.fees.values()),
        "left": sum(result.left_data.values()),
    }
    figures = {"accounted": page.money(result.accounted), "injected": page.money(result.injected_total)}
    if not result.parameters.rule.conserves:
        return joined([tag("h3", page.say("holdings.sums")), tag("p", page.say("holdings.reach", **figures))])
    rows = [[page.say(f"column.{name}"), page.money(amount)] for name, amount in parts.items()]
    rows.append([tag("strong", page.say("column.claimed")), tag("strong", figures["injected"])])
    if result.conserved:
        verdict = tag("p", tag("span", "✓ ", class_="good"), page.say("holdings.adds_up", **figures))
    else:
        difference = page.money(result.difference)
        verdict = tag("p", page.say("holdings.differs", difference=difference, **figures), class_="bad")
    headings = [page.say("column.part"), page.say("column.amount")]
    return joined(
        [tag("h3", page.say("holdings.sums")), tag("div", table(headings, rows, figures=(1,)), class_="small"), verdict]
    )
