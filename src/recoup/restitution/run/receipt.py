"""A receipt: one claim's award, the record of its run, and the paths that prove both. It is checked offline, alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from recoup.ground import Defects, Refused
from recoup.restitution.reading import Node, load_json
from recoup.restitution.run.compute import FORMAT, Record, Run
from recoup.restitution.run.sumtree import HASH_BYTES, NONCE_BYTES, Piece, Step, SumTree, climb

RECEIPT = "recoup-receipt/1"
PIECES_MAX = 10_000
STEPS_MAX = 64


@dataclass(frozen=True, slots=True)
class Receipt:
    """`award` of `claim` in the run of `record`, as pieces with their paths."""

    claim: str
    award: int
    held: int
    record: Record
    pieces: tuple[tuple[Piece, tuple[Step, ...]], ...]

    def json(self) -> str:
        """One line of JSON; amounts as text, hashes in hex; a step is side, hash, sum."""
        pieces = [
            {
                "nonce": piece.nonce.hex(),
                "amount": str(piece.amount),
                "path": [["L" if step.left else "R", step.hash.hex(), str(step.sum)] for step in steps],
            }
            for piece, steps in self.pieces
        ]
        data = {
            "format": RECEIPT, "claim": self.claim, "award": str(self.award), "held": str(self.held),
            "record": dict(self.record.data), "pieces": pieces,
        }  # fmt: skip
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def receipt_for(run: Run, claim: str) -> Receipt:
    """The receipt of one claim; a claim that is not in the run raises KeyError."""
    row = run.place[claim]
    award = int(run.awards[row])
    pieces = tuple((piece, tuple(run.tree.path(claim, piece))) for piece in run.tree.pieces(claim, award))
    return Receipt(claim, award, int(run.held[row]), run.record, pieces)


def receipt_lines(run: Run) -> Iterator[str]:
    """Every receipt of a run as its line of JSON, claim after claim: the bytes of `receipt_for(...).json()`.

    Steps near the root are shared by many receipts, so each is written once.
    """
    written = _Written(run.tree)
    record = json.dumps(dict(run.record.data), ensure_ascii=False, separators=(",", ":"))
    for claim, award, held in zip(run.claims, run.awards.tolist(), run.held.tolist(), strict=True):
        pieces = ",".join(
            f'{{"nonce":"{piece.nonce.hex()}","amount":"{piece.amount}","path":[{written.path(claim, piece)}]}}'
            for piece in run.tree.pieces(claim, award)
        )
        name = json.dumps(claim, ensure_ascii=False)
        yield (
            f'{{"format":"{RECEIPT}","claim":{name},"award":"{award}","held":"{held}","record":{record},"pieces":[{pieces}]}}'
        )


class _Written:
    """Paths of a tree as JSON text: the steps above `SHARED` levels are joined once per node."""

    SHARED = 5

    def __init__(self, tree: SumTree) -> None:
        self._tree = tree
        self._above: dict[int, str] = {}

    def path(self, claim: str, piece: Piece) -> str:
        place = self._tree.place(claim, piece)
        steps = list(self._steps(place, 0, self.SHARED))
        node = place >> self.SHARED
        if node not in self._above:
            self._above[node] = ",".join(self._steps(node, self.SHARED, len(self._tree.levels)))
        return ",".join([*steps, self._above[node]] if self._above[node] else steps)

    def _steps(self, place: int, first: int, last: int) -> Iterator[str]:
        for level in self._tree.levels[first : min(last, len(self._tree.levels) - 1)]:
            sibling = place ^ 1
            if sibling < len(level.sums):
                side = "L" if sibling < place else "R"
                yield f'["{side}","{level.hash(sibling).hex()}","{level.sums[sibling]}"]'
            place >>= 1


def check_receipt(receipt: Receipt, published: str = "") -> tuple[str, ...]:
    """Everything that is wrong with a receipt; nothing where it holds.

    Checked: the pieces add up to the award; each path leads to the record's root and to its total of awards; no sum is
    negative; pool = awards + costs + reserve + surplus; the record is the published one, where its seal is given.
    """
    return tuple(_faults(receipt, published))


def _faults(receipt: Receipt, published: str) -> Iterator[str]:
    record = receipt.record
    tree = record.data.get("tree")
    if record.data.get("format") != FORMAT or not isinstance(tree, dict):
        yield "the record is not one of a run"
        return
    if published and record.seal != published:
        yield "the record is not the one that was published"
    if sum(piece.amount for piece, _ in receipt.pieces) != receipt.award:
        yield "the pieces do not add up to the award"
    if len({piece.nonce for piece, _ in receipt.pieces}) != len(receipt.pieces):
        yield "a piece stands twice"
    if not receipt.pieces:
        yield "the receipt proves nothing: it has no pieces"
    for number, (piece, steps) in enumerate(receipt.pieces, 1):
        root, total = climb(receipt.claim, piece, steps)
        if root.hex() != tree.get("root"):
            yield f"piece {number} is not counted in this run"
        if total != record.amount("awards"):
            yield f"piece {number}: the awards do not add up to the total of the run"
    parts = sum(record.amount(name) for name in ("awards", "costs", "reserve", "surplus"))
    if parts != record.amount("pool"):
        yield "awards, costs, reserve and surplus do not add up to the pool"


def read_receipt(text: str, file: str) -> Receipt:
    """From JSON; every fault with its place in the Refused it raises."""
    defects = Defects()
    node = load_json(text, file, defects)
    found = node.members(("format", "claim", "award", "held", "record", "pieces"))
    if found.keys() != {"format", "claim", "award", "held", "record", "pieces"} or found["format"].value != RECEIPT:
        node.fault("is not a receipt", f"A receipt has format {RECEIPT}, claim, award, held, record and pieces")
        raise Refused(*defects)
    pieces = tuple(_piece(each) for each in found["pieces"].items(PIECES_MAX))
    record = _record(found["record"])
    receipt = Receipt(found["claim"].text(200), found["award"].whole(), found["held"].whole(), record, pieces)
    if len(defects):
        raise Refused(*defects)
    return receipt


def _record(node: Node) -> Record:
    """The record as data; its amounts must be readable."""
    found = dict(node.pairs())
    for name in ("pool", "awards", "costs", "reserve", "surplus"):
        found.get(name, node).whole()
    return Record(node.value if isinstance(node.value, dict) else {})


def _piece(node: Node) -> tuple[Piece, tuple[Step, ...]]:
    found = node.members(("nonce", "amount", "path"))
    if found.keys() != {"nonce", "amount", "path"}:
        node.fault("a piece has nonce, amount and path", "Ask for the receipt again")
        return Piece(b"", 0), ()
    steps = tuple(_step(each) for each in found["path"].items(STEPS_MAX))
    return Piece(_hex(found["nonce"], NONCE_BYTES), found["amount"].whole()), steps


def _step(node: Node) -> Step:
    parts = node.items(3)
    if len(parts) != 3 or parts[0].value not in ("L", "R"):
        node.fault("a step is side (L or R), hash and sum", "Ask for the receipt again")
        return Step(b"", 0, False)
    return Step(_hex(parts[1], HASH_BYTES), parts[2].whole(), parts[0].value == "L")


def _hex(node: Node, size: int) -> bytes:
    text = node.value if isinstance(node.value, str) else ""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != size or text != raw.hex():
        node.fault(f"is not {size} bytes in lower-case hex", "Ask for the receipt again")
    return raw
