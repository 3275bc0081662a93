"""Sharing at size, beside DuckDB and plain Python on the same work: `python -m tests.bench.bench_restitution [CLAIMS]`.

Seconds of sharing are the best of three after one warm-up; the steps end to end are processor seconds. Every answer is
checked: the awards add up to the pool to the unit.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
from tests.rooms.restitution.funds import ONE, PEOPLE, TWO, at
from tests.rooms.restitution.payments import CREATED, gate, instruction, schema
from tests.rooms.restitution.plans import example

from recoup.ground import Asset
from recoup.restitution.fund import Books, Roles
from recoup.restitution.fund import Terms as FundTerms
from recoup.restitution.payment import check_pain001, write_pain001
from recoup.restitution.payment.second import schema_faults
from recoup.restitution.run import Inputs, Run, compute, read_money, receipt_lines, write_bundle
from recoup.restitution.sharing.allocate import FINAL, Rulebook
from recoup.restitution.sharing.columns import Column, total
from recoup.restitution.sharing.kernel import Terms, fill
from recoup.restitution.sharing.model import Claims
from recoup.restitution.sharing.pools import leximin
from recoup.restitution.sharing.rules import PLAIN, terms_for
from recoup.restitution.sharing.waterfall import Costs, PriorityClass, cascade

RUNS = 3
POOLS = 5
PAYMENTS = 100_000


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


def end_to_end(n: int, folder: Path) -> list[tuple[str, float]]:
    """(step, processor seconds) from a claims file of `n` rows to a bundle, receipts and booked entitlements."""
    found = ponzi(n)
    rows = zip(found.gross.tolist(), found.withdrawn.tolist(), strict=True)
    path = folder / "claims.csv"
    with path.open("w") as stream:
        stream.write("claim,person,gross,withdrawn\n")
        stream.writelines(f"c{i:08d},p{i - (i % 100 == 99):08d},{g},{w}\n" for i, (g, w) in enumerate(rows))
    money = json.dumps({"run": "bench", "as_at": "2026-01-01", "pool": total(found.loss) // 3})
    given = Inputs(example(), path, None, read_money(money, "money.json"), bytes(32))
    start = time.process_time()
    run = compute(given)
    computed = time.process_time()
    write_bundle(given, run, folder / "bundle")
    sealed = time.process_time()
    size = sum(map(len, receipt_lines(run)))
    receipts = time.process_time()
    _booked(run)
    booked = time.process_time()
    return [
        ("end to end: load, consolidate, share, tree", computed - start),
        ("end to end: bundle written", sealed - computed),
        (f"end to end: all receipts cut ({size // 10**6:,} MB)", receipts - sealed),
        ("end to end: entitlements booked in the ledger", booked - receipts),
    ]


def _booked(run: Run) -> None:
    books = Books(FundTerms("bench", Asset("USD")), Roles(PEOPLE))
    for claim, person, most in zip(run.claims, run.persons, run.outstanding.tolist(), strict=True):
        books.register(claim, person, most)
    books.receive(run.record.amount("pool"), at(0), ONE, "bench")
    awards = {claim: award for claim, award in zip(run.claims, run.awards.tolist(), strict=True) if award}
    books.allocate(awards, {}, int(str(run.record.data["undivided"])), at(1), TWO, run.record.seal)


def payments(n: int) -> list[tuple[str, float]]:
    """(step, processor seconds) for `n` payments: gate, file, second path, schema."""
    batch = [instruction(number, 100 + number % 9_000) for number in range(n)]
    start = time.process_time()
    if gate(batch).faults(batch):
        raise SystemExit("good payments were stopped")
    checked = time.process_time()
    data = write_pain001(batch, "bench", CREATED, "bench").encode()
    written = time.process_time()
    if check_pain001(data, batch):
        raise SystemExit("the second path differs")
    counted = time.process_time()
    if schema_faults(data, schema()):
        raise SystemExit("the file is not valid")
    valid = time.process_time()
    return [
        ("payments: gate", checked - start),
        ("payments: pain.001 written", written - checked),
        ("payments: counted again on a second path", counted - written),
        ("payments: schema", valid - counted),
    ]


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [1_000_000, 10_000_000]
    for n in sizes:
        for what, seconds in table(n):
            print(f"{n:>12,}  {what:<45} {seconds:8.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        for what, seconds in end_to_end(min(sizes), Path(folder)):
            print(f"{min(sizes):>12,}  {what:<45} {seconds:8.3f} s")
    for what, seconds in payments(PAYMENTS):
        print(f"{PAYMENTS:>12,}  {what:<45} {seconds:8.3f} s")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
