"""Sharing at size, beside DuckDB and plain Python on the same work: `python -m tests.bench.bench_restitution [CLAIMS]`.

Seconds are the best of three after one warm-up. Every answer is checked: the awards add up to the pool to the unit.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import duckdb
import numpy as np

from recoup.restitution.sharing.allocate import FINAL, Rulebook
from recoup.restitution.sharing.columns import Column, total
from recoup.restitution.sharing.kernel import Terms, fill
from recoup.restitution.sharing.model import Claims
from recoup.restitution.sharing.pools import leximin
from recoup.restitution.sharing.rules import PLAIN, terms_for
from recoup.restitution.sharing.waterfall import Costs, PriorityClass, cascade

RUNS = 3
POOLS = 5


def best(work: Callable[[], int], expected: int, runs: int = RUNS, warm: bool = True) -> float:
    """Seconds of the fastest run; a wrong sum stops the benchmark."""
    if warm and work() != expected:
        raise SystemExit("the awards do not add up to the pool")
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - start)
        if found != expected:
            raise SystemExit("the awards do not add up to the pool")
    return min(seconds)


def ponzi(n: int, seed: int = 1) -> Claims:
    """Log-normal deposits in cents with withdrawals; about 8 % are net winners."""
    draw = np.random.default_rng(seed)
    gross = np.clip(np.rint(np.exp(draw.normal(11, 1.4, n))), 1, 10**10).astype(np.int64)
    share = draw.choice([0, 0, 10, 40, 90, 130], n, p=[0.4, 0.2, 0.12, 0.1, 0.1, 0.08])
    return Claims.of(tuple(map(str, range(n))), gross, withdrawn=gross * share // 100)


def rising_tide(found: Claims, pool: int) -> int:
    return total(fill(terms_for("rising-tide", found, pool, PLAIN), pool).awards)


def pro_rata(found: Claims, pool: int) -> int:
    return total(fill(terms_for("pro-rata", found, pool, PLAIN), pool).awards)


def five_classes(found: Claims, member: Column, pool: int) -> int:
    classes = tuple(PriorityClass(name, Rulebook("rising-tide")) for name in "abcde")
    return total(cascade(classes, found, member, Costs(), pool, FINAL).awards)


def five_pools(found: Claims, eligible: Column, pool: int) -> int:
    zero = np.zeros_like(found.loss)
    terms = Terms(found.loss, zero, zero, found.loss)
    pools = (pool // 9, pool // 3, pool // 40, pool // 8, pool - pool // 9 - pool // 3 - pool // 40 - pool // 8)
    shares = leximin(terms, eligible, pools, FINAL, found.ids)
    return total(shares.awards) + sum(shares.left)


def plain_rising_tide(gross: list[int], withdrawn: list[int], pool: int) -> int:
    """The usual way in plain Python: sort by withdrawal ratio, sweep, floors and largest remainders in integers."""
    order = sorted((w / g, g, w) for g, w in zip(gross, withdrawn, strict=True) if w < g)
    g_sum, w_sum, last = 0, 0, 0
    for last, (ratio, g, w) in enumerate(order):  # noqa: B007
        if g_sum and (pool + w_sum) < ratio * g_sum:
            break
        g_sum, w_sum = g_sum + g, w_sum + w
    num = pool + w_sum
    awards = [max(0, num * g // g_sum - w) for _, g, w in order]
    rests = sorted(((num * g % g_sum, i) for i, (_, g, w) in enumerate(order) if awards[i]), reverse=True)
    for _, i in rests[: pool - sum(awards)]:
        awards[i] += 1
    return sum(awards)


def duckdb_pro_rata(connection: duckdb.DuckDBPyConnection, pool: int) -> int:
    """Floors in HUGEINT and largest remainders by a window: exact pro rata in SQL."""
    rows = connection.execute(
        """WITH w AS (SELECT sum(loss)::HUGEINT AS whole FROM claims),
        s AS (SELECT loss::HUGEINT * $1::HUGEINT AS product, whole FROM claims, w),
        f AS (SELECT product // whole AS award, product % whole AS rest FROM s),
        r AS (SELECT award, row_number() OVER (ORDER BY rest DESC) AS place FROM f)
        SELECT sum(award + CASE WHEN place <= $1 - (SELECT sum(award) FROM f) THEN 1 ELSE 0 END)::VARCHAR FROM r""",
        [pool],
    ).fetchone()
    assert rows is not None
    return int(rows[0])


def table(n: int) -> list[tuple[str, float]]:
    """(what, seconds) for `n` claims."""
    found = ponzi(n)
    pool, deep = total(found.loss) // 3, total(found.loss) * 9 // 10  # deep: money reaches the fifth class
    draw = np.random.default_rng(2)
    member, eligible = draw.integers(0, 5, n), draw.integers(1, 1 << POOLS, n)
    rows = [
        ("pro rata", best(lambda: pro_rata(found, pool), pool)),
        ("rising tide", best(lambda: rising_tide(found, pool), pool)),
        ("waterfall of five classes, rising tide", best(lambda: five_classes(found, member, deep), deep)),
        ("five overlapping pools, leximin", best(lambda: five_pools(found, eligible, pool), pool)),
    ]
    if n <= 1_000_000:
        gross, withdrawn = found.gross.tolist(), found.withdrawn.tolist()
        rows.append(
            ("rising tide in plain Python", best(lambda: plain_rising_tide(gross, withdrawn, pool), pool, 1, False))
        )
        connection = duckdb.connect()
        connection.execute("SET threads = 2")
        losses = found.loss
        connection.register("source", {"loss": losses})
        connection.execute("CREATE TABLE claims AS SELECT loss FROM source")
        rows.append(("pro rata in DuckDB (HUGEINT, 2 threads)", best(lambda: duckdb_pro_rata(connection, pool), pool)))
    return rows


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [1_000_000, 10_000_000]
    for n in sizes:
        for what, seconds in table(n):
            print(f"{n:>12,}  {what:<45} {seconds:8.3f} s")


if __name__ == "__main__":
    main()
