"""A Merkle-sum tree over pieces of awards.

Every node is the hash of its two children and of their sums, so the root commits to every amount and to the total;
no amount can be negative. A plain sum tree shows each claimant a neighbour's award. Here each award is cut into
pieces at secret places, none larger than a common cap, and the pieces of all claims are shuffled by their hashes: a
path shows pieces and sums of pieces that belong to nobody in particular.

leaf = SHA-256(0x00 | nonce | amount | claim), node = SHA-256(0x01 | left | left sum | right | right sum); amounts are
32 bytes big-endian, the nonce 16 bytes. An odd last node goes up unchanged, as in RFC 6962.
Source: Chalkias, Lewi, Mohassel & Nikolaenko, Distributed auditing proofs of liabilities (2020), on summation trees.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HASH_BYTES = 32
SUM_BYTES = 32
NONCE_BYTES = 16
SECRET_BYTES = 32
MEAN_TO_CAP = 4  # the cap is the next power of two above four mean awards


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of one claim's award and the nonce that hides it."""

    nonce: bytes
    amount: int


@dataclass(frozen=True, slots=True)
class Step:
    """A sibling on the way to the root: its hash, its sum, and whether it stands on the left."""

    hash: bytes
    sum: int
    left: bool


@dataclass(frozen=True, slots=True)
class Level:
    """Nodes from left to right: hashes one after the other, and their sums."""

    hashes: bytes
    sums: Sequence[int]

    def hash(self, place: int) -> bytes:
        return self.hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES]


def leaf_hash(claim: str, piece: Piece) -> bytes:
    """The hash of one piece."""
    return hashlib.sha256(b"\0" + piece.nonce + piece.amount.to_bytes(SUM_BYTES, "big") + claim.encode()).digest()


def node_hash(left: bytes, left_sum: int, right: bytes, right_sum: int) -> bytes:
    """The hash of two nodes and their sums; a sum beyond 256 bits raises OverflowError."""
    sums = left_sum.to_bytes(SUM_BYTES, "big"), right_sum.to_bytes(SUM_BYTES, "big")
    return hashlib.sha256(b"\1" + left + sums[0] + right + sums[1]).digest()


def pieces_of(claim: str, award: int, cap: int, secret: bytes) -> list[Piece]:
    """Cut an award: whole caps, and the rest in two at a secret place. Even an award of nothing has two pieces.

    Nonces and cuts are keyed BLAKE2b of the claim's name, so the same secret gives the same pieces.
    """
    return [Piece(nonce, amount) for nonce, amount in _cut(claim, award, cap, secret)]


def _cut(claim: str, award: int, cap: int, secret: bytes) -> list[tuple[bytes, int]]:
    """(nonce, amount) of each piece; plain pairs, since a run cuts millions."""
    whole, rest = divmod(award, cap)
    stream = hashlib.blake2b(claim.encode(), key=secret, digest_size=48).digest()
    cut = int.from_bytes(stream[:NONCE_BYTES], "big") % (rest + 1)
    pieces = [(stream[NONCE_BYTES:32], cut), (stream[32:48], rest - cut)]
    if whole:
        pieces += [(_nonce(claim, number, secret), cap) for number in range(2, 2 + whole)]
    return pieces


def _nonce(claim: str, number: int, secret: bytes) -> bytes:
    return hashlib.blake2b(f"{number}\n{claim}".encode(), key=secret, digest_size=NONCE_BYTES).digest()


def cap_for(awards: Sequence[int]) -> int:
    """The largest piece: the next power of two above four mean awards, at least 1."""
    return 1 << (MEAN_TO_CAP * sum(awards) // max(1, len(awards))).bit_length()


class SumTree:
    """The tree over all pieces of a run, leaves in the order of their hashes."""

    def __init__(self, claims: Sequence[str], awards: Sequence[int], secret: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"the secret of a run has {SECRET_BYTES} bytes")
        self._secret, self.cap = secret, cap_for(awards)
        leaves = sorted(self._leaves(claims, awards))
        self.levels = [Level(b"".join(digest for digest, _ in leaves), [amount for _, amount in leaves])]
        while len(self.levels[-1].sums) > 1:
            self.levels.append(_above(self.levels[-1]))

    def _leaves(self, claims: Sequence[str], awards: Sequence[int]) -> Iterator[tuple[bytes, int]]:
        sha256, cap, secret = hashlib.sha256, self.cap, self._secret
        for claim, award in zip(claims, awards, strict=True):
            name = claim.encode()
            for nonce, amount in _cut(claim, award, cap, secret):
                yield sha256(b"\0" + nonce + amount.to_bytes(SUM_BYTES, "big") + name).digest(), amount

    @property
    def size(self) -> int:
        """Number of leaves (pieces)."""
        return len(self.levels[0].sums)

    @property
    def root(self) -> bytes:
        """The root's hash; of no claims the hash of nothing."""
        return self.levels[-1].hash(0) if self.size else hashlib.sha256(b"").digest()

    @property
    def total(self) -> int:
        return self.levels[-1].sums[0] if self.size else 0

    def pieces(self, claim: str, award: int) -> list[Piece]:
        """The pieces of one claim."""
        return pieces_of(claim, award, self.cap, self._secret)

    def place(self, claim: str, piece: Piece) -> int:
        """The position of a piece's leaf; a piece that is not in the tree raises KeyError."""
        return _find(self.levels[0], leaf_hash(claim, piece))

    def path(self, claim: str, piece: Piece) -> list[Step]:
        """The siblings from a piece's leaf to the root; a piece that is not in the tree raises KeyError."""
        place = self.place(claim, piece)
        steps = []
        for level in self.levels[:-1]:
            sibling = place ^ 1
            if sibling < len(level.sums):
                steps.append(Step(level.hash(sibling), level.sums[sibling], sibling < place))
            place //= 2
        return steps


def climb(claim: str, piece: Piece, steps: Sequence[Step]) -> tuple[bytes, int]:
    """(hash, sum) of the root that a piece and its siblings lead to."""
    digest, amount = leaf_hash(claim, piece), piece.amount
    for step in steps:
        pair = (step.hash, step.sum, digest, amount) if step.left else (digest, amount, step.hash, step.sum)
        digest, amount = node_hash(*pair), amount + step.sum
    return digest, amount


def _above(level: Level) -> Level:
    """The level above: `node_hash` of each pair, written out for speed; an odd last node goes up unchanged."""
    sha256, hashes, sums, count = hashlib.sha256, level.hashes, level.sums, len(level.sums)
    wide = [amount.to_bytes(SUM_BYTES, "big") for amount in sums]
    nodes = [
        sha256(
            b"\1" + hashes[32 * i : 32 * i + 32] + wide[i] + hashes[32 * i + 32 : 32 * i + 64] + wide[i + 1]
        ).digest()
        for i in range(0, count - 1, 2)
    ]
    above = [a + b for a, b in zip(sums[0::2], sums[1::2], strict=False)]
    if count % 2:
        nodes.append(level.hash(count - 1))
        above.append(sums[-1])
    return Level(b"".join(nodes), above)


def _find(level: Level, wanted: bytes) -> int:
    """The leaf with a hash, by bisection around where an evenly spread hash would stand."""
    hashes, count = level.hashes, len(level.sums)
    guess = int.from_bytes(wanted[:8], "big") * count >> 64
    reach, low, high = 64, 0, count
    while reach < count:
        low, high = max(0, guess - reach), min(count, guess + reach)
        if (low == 0 or hashes[32 * low : 32 * low + 32] <= wanted) and (high == count or wanted < level.hash(high)):
            break
        reach, low, high = reach * 8, 0, count
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if hashes[32 * middle : 32 * middle + 32] < wanted else (low, middle)
    if low == count or level.hash(low) != wanted:
        raise KeyError("the piece is not in this tree")
    return low
