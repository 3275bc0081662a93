"""The sum tree: what it commits to, and what its paths do not show."""

from __future__ import annotations

import hashlib
import random

import pytest

from recoup.restitution.run.sumtree import Piece, Step, SumTree, cap_for, climb, leaf_hash, node_hash, pieces_of

SECRET = b"\7" * 32


def tree(awards: list[int], secret: bytes = SECRET) -> tuple[SumTree, list[str]]:
    names = [f"claim-{place}" for place in range(len(awards))]
    return SumTree(names, awards, secret), names


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 33])
def test_every_piece_leads_to_the_root_and_the_total(count: int) -> None:
    awards = [place * 37 % 100 for place in range(count)]
    made, names = tree(awards)
    assert made.total == sum(awards)
    for name, award in zip(names, awards, strict=True):
        pieces = made.pieces(name, award)
        assert sum(piece.amount for piece in pieces) == award
        assert all(climb(name, piece, made.path(name, piece)) == (made.root, made.total) for piece in pieces)


def test_root_of_a_hand_made_tree() -> None:
    made, _ = tree([5])
    leaves = sorted((leaf_hash("claim-0", piece), piece.amount) for piece in made.pieces("claim-0", 5))
    (left, a), (right, b) = leaves
    by_hand = hashlib.sha256(b"\1" + left + a.to_bytes(32, "big") + right + b.to_bytes(32, "big")).digest()
    assert made.root == by_hand == node_hash(left, a, right, b)


def test_order_of_the_claims_does_not_matter_and_any_change_changes_the_root() -> None:
    awards = [3, 1, 4, 1, 5]
    made, names = tree(awards)
    assert SumTree(names[::-1], awards[::-1], SECRET).root == made.root
    assert tree([3, 1, 4, 1, 6])[0].root != made.root
    assert tree(awards, b"\6" * 32)[0].root != made.root
    assert SumTree([*names[:-1], "other"], awards, SECRET).root != made.root


def test_pieces_are_no_larger_than_the_cap_and_at_least_two() -> None:
    chance = random.Random(5)
    awards = [chance.choice([0, 1, 10, 10**6]) for _ in range(300)]
    cap = cap_for(awards)
    assert cap > 4 * sum(awards) // len(awards) >= cap // 2
    for place, award in enumerate(awards):
        pieces = pieces_of(f"c{place}", award, cap, SECRET)
        assert 2 <= len(pieces) == 2 + award // cap
        assert max(piece.amount for piece in pieces) <= cap
        assert len({piece.nonce for piece in pieces}) == len(pieces)


def test_no_claims() -> None:
    made, _ = tree([])
    assert (made.size, made.total, made.root) == (0, 0, hashlib.sha256(b"").digest())
    with pytest.raises(KeyError):
        made.path("x", Piece(bytes(16), 0))


def test_a_piece_of_another_claim_is_not_in_the_tree() -> None:
    made, names = tree([10, 20])
    piece = made.pieces(names[0], 10)[0]
    with pytest.raises(KeyError):
        made.path(names[1], piece)
    with pytest.raises(KeyError):
        made.path(names[0], Piece(piece.nonce, piece.amount + 1))


def test_sums_beyond_256_bits_and_short_secrets_are_refused() -> None:
    with pytest.raises(OverflowError):
        node_hash(b"a" * 32, 2**256, b"b" * 32, 0)
    with pytest.raises(ValueError, match="32 bytes"):
        SumTree(["a"], [1], b"short")


def test_a_forged_sum_on_the_way_changes_the_root() -> None:
    made, names = tree([10, 20, 30])
    piece = made.pieces(names[0], 10)[0]
    steps = made.path(names[0], piece)
    forged = [Step(steps[0].hash, steps[0].sum + 1, steps[0].left), *steps[1:]]
    assert climb(names[0], piece, forged)[0] != made.root
    turned = [Step(steps[0].hash, steps[0].sum, not steps[0].left), *steps[1:]]
    assert climb(names[0], piece, turned)[0] != made.root
