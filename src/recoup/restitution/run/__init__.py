"""Run: sealed inputs and a deterministic computation give awards, a record, and a receipt for every claim.

In: a plan, a claims file, links, the money, a secret. Out: a bundle that anyone with it can recompute, and receipts.
Always true: the record's seal covers every input and every award; a receipt proves its claim is counted and that all
awards add up, and shows nobody else's claim or award; no partial run is ever written.
"""

from recoup.restitution.run.bundle import Difference, read_bundle, verify_bundle, write_bundle
from recoup.restitution.run.compute import Inputs, Record, Run, compute, read_money
from recoup.restitution.run.receipt import Receipt, check_receipt, read_receipt, receipt_for, receipt_lines
from recoup.restitution.run.shape import Money
from recoup.restitution.run.sumtree import SumTree

__all__ = [
    "Difference",
    "Inputs",
    "Money",
    "Receipt",
    "Record",
    "Run",
    "SumTree",
    "check_receipt",
    "compute",
    "read_bundle",
    "read_money",
    "read_receipt",
    "receipt_for",
    "receipt_lines",
    "verify_bundle",
    "write_bundle",
]
