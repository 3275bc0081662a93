"""Step by step: every movement that carried claimed value, with its arithmetic."""

from __future__ import annotations

from recoup.formats.exhibit.blocks import Page, section, shown_of
from recoup.formats.exhibit.markup import NOTHING, Markup, number, tag
from recoup.formats.exhibit.words import StepWords, traced
from recoup.tracing import Rule, Step

STEPS_SHOWN_MAX = 40


def steps_section(page: Page) -> Markup:
    """The steps with the most traced value, in their order, each with its number among all steps."""
    steps = list(enumerate(page.result.steps, start=1))
    if not steps:
        return NOTHING
    largest = sorted(steps, key=lambda item: -_size(item[1]))[:STEPS_SHOWN_MAX]
    shown = [_step(page, number, step) for number, step in sorted(largest, key=lambda item: item[0])]
    note = shown_of(page, len(shown), len(steps), "results/steps.csv", "steps.cut")
    return section("steps", page.say("steps.title"), tag("p", page.say("steps.intro")), note, *shown)


def _size(step: Step) -> int:
    fee = [step.fee] if step.fee else []
    return max(sum(map(traced, step.outs)), sum(map(traced, [*step.ins, *fee])))


def _step(page: Page, position: int, step: Step) -> Markup:
    words = StepWords(page.result, step, page.phrases)
    heading = tag("h3", number(f"{position}."), " ", words.heading(), " ", tag("time", number(step.time)))
    takes = tag("ul", *(tag("li", sentence) for sentence in words.takes()))
    reach = page.result.parameters.rule is Rule.POISON
    check = NOTHING if reach else tag("p", words.check(), class_="check")
    return tag("article", heading, *(tag("p", sentence) for sentence in words.opening()), takes, check, class_="step")
