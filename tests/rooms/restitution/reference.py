"""The sharing rules a second time: slowly, in fractions, by sorting every kink; shares no code with the kernel."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Problem:
    """One sharing problem in whole units (or in 1/scale units for all but `amount`)."""

    weight: list[int]
    received: list[int]
    lower: list[int]
    upper: list[int]
    amount: int
    scale: int = 1


@dataclass(frozen=True)
class Answer:
    awards: list[int]
    level: Fraction
    surplus: int
    undivided: int


def shares(problem: Problem, level: Fraction | None) -> list[Fraction]:
    """Exact shares in 1/scale units; level None is infinitely high."""
    found = []
    columns = (problem.weight, problem.received, problem.lower, problem.upper)
    for w, r, low, high in zip(*columns, strict=True):
        if level is None:
            found.append(Fraction(high if w else low))
        else:
            found.append(max(Fraction(low), min(Fraction(high), level * w - r)) if w else Fraction(low))
    return found


def solve(problem: Problem, final: bool = True) -> Answer:
    """The smallest level whose shares add up, floors, and Hamilton's largest remainders (ties to the earlier)."""
    target = problem.amount * problem.scale
    most = sum(shares(problem, None), Fraction(0))
    level = _level(problem, min(Fraction(target), most))
    paid = problem.amount if target <= most else most // problem.scale
    exact = [share / problem.scale for share in shares(problem, level)]
    awards = [share.numerator // share.denominator for share in exact]
    left = paid - sum(awards)
    if final:
        order = sorted(range(len(exact)), key=lambda i: (awards[i] - exact[i], i))
        for i in order[:left]:
            awards[i] += 1
        left = 0
    return Answer(awards, level, problem.amount - paid, left)


def _level(problem: Problem, target: Fraction) -> Fraction:
    kinks = {Fraction(0)}
    columns = (problem.weight, problem.received, problem.lower, problem.upper)
    for w, r, low, high in zip(*columns, strict=True):
        if w and low < high:
            kinks |= {Fraction(low + r, w), Fraction(high + r, w)}
    previous = Fraction(0)
    for kink in sorted(kinks):
        here = sum(shares(problem, kink))
        if here >= target:
            before = sum(shares(problem, previous))
            if here == before:
                return previous
            return previous + (kink - previous) * (target - before) / (here - before)
        previous = kink
    return previous


def problems(seed: int, count: int, claims_max: int = 12) -> Iterator[Problem]:
    """Adversarial problems: ties, zeros, net winners, neighbours of 2**53, 10**21, too little and too much money."""
    chance = random.Random(seed)
    for _ in range(count):
        yield _problem(chance, chance.randrange(1, claims_max + 1))


def _problem(chance: random.Random, n: int) -> Problem:
    top = chance.choice([1, 3, 10, 1000, 10**6, 10**9, 2**48, 2**53 + 2, 10**21, 2**200])
    gross = [_amount(chance, top) for _ in range(n)]
    if chance.random() < 0.2:
        gross = [gross[0]] * n
    received = [chance.choice([0, 0, g // 2, g, g + 1, _amount(chance, top)]) for g in gross]
    scale = chance.choice([1, 1, 1, 2, 3])
    upper = [max(0, g - r) for g, r in zip(gross, received, strict=True)]
    lower = [chance.choice([0, 0, 0, high // 3, high]) for high in upper]
    weight = chance.choice([gross, [1] * n, [chance.choice([0, 1, 2, g]) for g in gross]])
    least, most = -(-sum(lower) // scale), sum(upper) // scale
    amount = chance.choice([
        least, least + 1, max(least, most - 1), max(least, most), max(least, most + 1), max(least, 2 * most + 3),
        chance.randint(least, max(least, most)), chance.randint(least, max(least, most)),
    ])  # fmt: skip
    return Problem(weight, received, lower, upper, amount, scale)


def _amount(chance: random.Random, top: int) -> int:
    return chance.choice(
        [0, 1, top, max(0, top - 1), chance.randint(0, top), chance.randint(0, top), chance.randint(0, 3)]
    )
