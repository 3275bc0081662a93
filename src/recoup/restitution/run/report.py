"""A run in words: a report for the court, and a letter for one claimant. Markdown, the same bytes for the same run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from recoup.ground import Asset
from recoup.restitution.run.compute import Run
from recoup.restitution.sharing.columns import total

RULE_WORDS = {
    "pro-rata": "Everyone receives the same share of what they lost.",
    "rising-tide": "Those who recovered least are raised first, until all stand at the same share of what they paid "
    "in; what somebody took out before counts as recovered.",
    "cea": "Everyone receives the same amount, at most the loss.",
    "cel": "Everyone is left with the same loss, or receives nothing.",
    "talmud": "Up to half of each loss everyone receives the same; above it everyone loses the same.",
    "leximin-pools": "Each pool pays only those whom its law allows it to pay; within that, those who recovered least "
    "are raised first, so that no pool's claimants are served before another's.",
    "waterfall": "Costs first, under their cap; then one class after the other.",
}
QUOTES = (("worst off tenth", 10), ("middle", 50), ("best off tenth", 90))


def report(run: Run, title: str) -> str:
    """What a judge needs: what came in and where it went, the rule in words, how the awards fall, how to check it."""
    return "\n".join(_report(run, title)) + "\n"


def _report(run: Run, title: str) -> Iterator[str]:
    record, money = run.record, Asset(run.record.text("currency"))
    yield from (f"# {title}", "", f"Run {record.text('run')}, as at {record.text('as_at')}. Seal `{record.seal}`.", "")
    yield from ("## Where the money goes", "", "| | amount |", "|---|---:|")
    for name, words in (
        ("awards", f"awarded to {record.text('claims')} claims of {record.text('beneficiaries')} persons"),
        ("costs", "costs of the fund"), ("held", "held for disputed claims"),
        ("undivided", "units that cannot be divided, kept for the next round"),
        ("surplus", "more than all claims can take"), ("pool", "**the pool**"),
    ):  # fmt: skip
        yield f"| {words} | {money.written(record.amount(name))} |"
    yield from ("", "## How it is shared", "")
    yield RULE_WORDS.get(record.text("rule"), f"By the rule {record.text('rule')} of the plan.")
    yield f"Plan `{record.text('plan')}`; level {record.text('level')}; {record.text('rounding')} round."
    yield from ("", "| step | claims | money | paid | level |", "|---|---:|---:|---:|---|")
    for step in run.steps:
        level = "" if step.level is None else str(step.level)
        yield f"| {step.name} | {step.claims:,} | {money.written(step.amount)} | {money.written(step.paid)} | {level} |"
    yield from ("", "## How the awards fall", "", *_fall(run, money), "", "## How to check it", "")
    yield "`recoup run verify BUNDLE` recomputes every award from the sealed inputs, offline, and names any difference."
    yield "`recoup receipt check RECEIPT --record record.json` checks one claim without seeing any other."


def _fall(run: Run, money: Asset) -> Iterator[str]:
    """Figures over claims with an open loss; a small group is not broken down further."""
    still = run.outstanding > 0
    awards = np.sort(run.awards[still])
    if len(awards) == 0:
        yield "No claim had an open loss."
        return
    zero = int(np.count_nonzero(awards == 0))
    yield f"{len(awards):,} claims had an open loss of {money.written(total(run.outstanding[still]))} together;"
    yield f"{zero:,} of them receive nothing in this run, because they had recovered more than the others already."
    for words, percent in QUOTES:
        yield f"- {words}: {money.written(int(awards[(len(awards) - 1) * percent // 100]))}"


def letter(run: Run, claim: str, fund: str, remedies: Sequence[str]) -> str:
    """What a claimant needs: the award, what it is a share of, what comes next, and how to check it alone.

    A claim that is not in the run raises KeyError.
    """
    row, record, money = run.place[claim], run.record, Asset(run.record.text("currency"))
    award, held = int(run.awards[row]), int(run.held[row])
    lines = [
        f"# {fund}: your claim {claim}",
        "",
        f"Your award in this round is **{money.written(award)}**.",
        f"Your open loss was {money.written(int(run.outstanding[row]))}.",
    ]
    if held:
        lines.append(f"{money.written(held)} more is kept for you until the dispute about your claim is decided.")
    if not award and not held:
        lines.append("You receive nothing in this round: others had recovered a smaller share than you. You may later.")
    lines += [
        "",
        RULE_WORDS.get(record.text("rule"), f"It is shared by the rule {record.text('rule')} of the plan."),
        f"In this round {money.written(record.amount('awards'))} is awarded to {record.text('beneficiaries')} persons.",
        "",
        "## What you can do",
        "",
        *(f"- {remedy}" for remedy in remedies),
        "- Check it yourself: `recoup receipt check` on your receipt needs no account and no network.",
        f"  The seal of this run is `{record.seal}`; compare it with the published one.",
        "",
        "We never ask for a fee, a password, a seed phrase, or access to your computer. Whoever does is not us.",
    ]
    return "\n".join(lines) + "\n"
