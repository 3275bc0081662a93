"""The answer: one sentence for each claim, and the bar of where its value stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recoup.formats.exhibit.blocks import Page, section, shown_of, table
from recoup.formats.exhibit.figures import brief, share
from recoup.formats.exhibit.flow import px
from recoup.formats.exhibit.markup import Child, Markup, joined, number, tag
from recoup.tracing import Holding, Stop

CLAIMS_SHOWN_MAX = 12
PLACES_NAMED_MAX = 3
STATES = ("holding", "stop", "fees", "left")
BAR_WIDTH = 1000

Share = tuple[Holding | Stop, int]  # a place, and how much of the value in question is there


def answer_section(page: Page) -> Markup:
    """One claim: one sentence. Several: all together first, then each, the largest where they are too many."""
    injected = page.result.injected
    many = len(injected) > CLAIMS_SHOWN_MAX
    ranked = sorted(injected, key=lambda claim: -injected[claim]) if many else list(injected)
    shown = ranked[:CLAIMS_SHOWN_MAX]
    title = page.say("answer.title")
    if not page.result.parameters.rule.conserves:
        note = tag("p", page.say("answer.reach"), class_="note")
        return section("answer", title, note, *(tag("p", _reached(page, claim), class_="answer") for claim in shown))
    note = shown_of(page, len(shown), len(ranked), "results/shares.csv", "answer.many")
    if len(injected) == 1:
        return section("answer", title, tag("p", _sentence(page, shown[0]), class_="answer"), _states(page, shown))
    each = [tag("p", page.swatch(claim), _sentence(page, claim), class_="each") for claim in shown]
    return section("answer", title, tag("p", _together(page), class_="answer"), _states(page, shown), *each, note)


def _together(page: Page) -> Markup:
    """All claims as if they were one."""
    result = page.result
    whole = result.injected_total
    held: list[Share] = [
        (target, target.traced) for target in sorted(result.holdings, key=lambda target: -target.traced)
    ]
    stopped: list[Share] = [
        (target, target.traced) for target in sorted(result.stopped, key=lambda target: -target.traced)
    ]
    fees, left = sum(result.fees.values()), sum(result.left_data.values())
    opening = page.say(page.turned("answer.together"), claimed=tag("strong", page.money(whole)))
    parts = _parts(page, whole, [held, stopped], fees, left)
    return joined([opening, joined(parts, page.say("answer.separator").html), _under(page)])


def _sentence(page: Page, claim: str) -> Markup:
    result = page.result
    claimed = result.injected[claim]
    found = [_largest(result.holdings, claim), _largest(result.stopped, claim)]
    parts = list(_parts(page, claimed, found, result.fees.get(claim, 0), result.left_data.get(claim, 0)))
    name = tag("bdi", claim, class_="claim")
    opening = page.say(page.turned("answer.of"), claimed=tag("strong", page.money(claimed)), claim=name)
    end = _under(page) if len(result.injected) == 1 else page.say("answer.full_stop")
    said = parts or [page.say("answer.nothing")]
    return joined([opening, joined(said, page.say("answer.separator").html), end])


def _under(page: Page) -> Markup:
    return page.say("answer.under", rule=page.say(f"rule.{page.result.parameters.rule}"))


def _parts(page: Page, whole: int, found: list[list[Share]], fees: int, left: int) -> Iterator[Markup]:
    """Holdings, stops (the largest by name), fees, what left: the parts of a whole, which add up to it."""
    messages = (page.turned("answer.holding"), page.turned("answer.stop"))
    for targets, message in zip(found, messages, strict=True):
        yield from _named(page, whole, targets, message)
    for message, amount in (("answer.fees", fees), ("answer.left", left)):
        if amount:
            yield page.say(message, amount=page.money(amount), share=share(amount, whole))


def _named(page: Page, whole: int, found: list[Share], message: str) -> Iterator[Markup]:
    shown = [target for target in found if target[1]]
    for target, amount in shown[:PLACES_NAMED_MAX]:
        figures = {"amount": tag("strong", page.money(amount)), "share": share(amount, whole)}
        if isinstance(target, Stop) and target.kind == "source":
            message = "answer.holding_backward"
        yield page.say(message, place=_place(page, target), **figures)
    rest = shown[PLACES_NAMED_MAX:]
    if rest:
        amount = sum(amount for _, amount in rest)
        figures = {"amount": page.money(amount), "share": share(amount, whole), "count": number(f"{len(rest):,}")}
        yield page.say("answer.more", **figures)


def _place(page: Page, target: Holding | Stop) -> Markup:
    label = page.exhibit.label(target.account) or (target.label if isinstance(target, Stop) else "")
    account = brief(target.account)
    if isinstance(target, Stop) and target.kind != "source":
        named: list[Child] = [tag("bdi", label), " "] if label else []
        return joined([*named, account, " (", page.kind(target.kind), ")"])
    return joined([tag("bdi", label), " ", account]) if label and not isinstance(target, Stop) else account


def _largest(found: Sequence[Holding | Stop], claim: str) -> list[Share]:
    mine = [(target, target.by_claim[claim]) for target in found if target.by_claim.get(claim)]
    return sorted(mine, key=lambda item: -item[1])


def _reached(page: Page, claim: str) -> Markup:
    targets: list[Holding | Stop] = [*page.result.holdings, *page.result.stopped]
    reached = [target.by_claim[claim] for target in targets if target.by_claim.get(claim)]
    amount = tag("strong", page.money(sum(reached)))
    name = joined([page.swatch(claim), tag("bdi", claim, class_="claim")])
    return page.say("answer.reached", claim=name, count=number(f"{len(reached):,}"), amount=amount)


def _states(page: Page, claims: list[str]) -> Markup:
    """Claims × where their value stands, with a bar in one scale for each."""
    rows: list[list[Child]] = []
    for claim in claims:
        parts = _state(page, claim)
        cells = [page.money(amount) if amount else number("–") for amount in parts]
        rows.append([page.claim(claim), page.money(page.result.injected[claim]), *cells, _bar(page, claim, parts)])
    state = [joined([_key(name), page.say(f"state.{name}")]) for name in STATES]
    headings: list[Child] = [page.say("column.claim"), page.say("column.claimed"), *state, page.say("column.share")]
    return joined([tag("h3", page.say("answer.bar")), table(headings, rows, figures=(1, 2, 3, 4, 5))])


def _state(page: Page, claim: str) -> list[int]:
    result = page.result
    held = sum(holding.by_claim.get(claim, 0) for holding in result.holdings)
    stopped = sum(stop.by_claim.get(claim, 0) for stop in result.stopped)
    return [held, stopped, result.fees.get(claim, 0), result.left_data.get(claim, 0)]


def _bar(page: Page, claim: str, parts: list[int]) -> Markup:
    whole, x, drawn = max(1, page.result.injected[claim]), 0, []
    for name, amount in zip(STATES, parts, strict=True):
        width = amount * BAR_WIDTH * 100 // whole
        drawn.append(tag("rect", x=px(x), y=0, width=px(width), height=12, class_=f"state-{name}"))
        x += width
    words = ", ".join(
        f"{page.phrases.plain(f'state.{n}')} {page.asset.written(a)}" for n, a in zip(STATES, parts, strict=True)
    )
    return tag(
        "svg",
        tag("title", words),
        *drawn,
        viewBox=f"0 0 {BAR_WIDTH} 12",
        preserveAspectRatio="none",
        class_="state",
        role="img",
    )


def _key(name: str) -> Markup:
    square = tag("rect", width=10, height=10, class_=f"state-{name}")
    return joined([tag("svg", square, viewBox="0 0 10 10", class_="swatch", aria_hidden="true"), " "])
