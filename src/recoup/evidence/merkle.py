"""The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1): hashes, proofs and their checks. SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

EMPTY_ROOT = hashlib.sha256(b"").digest()
_sha256 = hashlib.sha256


class Subtrees(Protocol):
    """Where hashes of complete subtrees come from: memory, tiles, a table."""

    def subtree(self, level: int, index: int) -> bytes:
        """Hash of the leaves [index * 2**level, (index + 1) * 2**level)."""
        ...


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data), RFC 6962 section 2.1."""
    return _sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return _sha256(b"\x01" + left + right).digest()


def pair_hashes(row: bytes) -> bytes:
    """One level up: the hashes of consecutive pairs in a row of 32-byte hashes; an odd last hash is left out."""
    return b"".join([_sha256(b"\x01" + row[at : at + 64]).digest() for at in range(0, len(row) - 63, 64)])


def cover(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The fewest complete subtrees (level, index) that cover leaves [start, stop), left to right."""
    while start < stop:
        level = (start & -start).bit_length() - 1 if start else (stop - start).bit_length() - 1
        level = min(level, (stop - start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def _fold(hashes: Iterable[bytes]) -> bytes:
    """Hashes of falling subtrees joined from the right: the root of a tree that is not complete."""
    root = b""
    for one in reversed(list(hashes)):
        root = node_hash(one, root) if root else one
    return root or EMPTY_ROOT


def root_hash(tree: Subtrees, size: int) -> bytes:
    """Root of the first `size` leaves."""
    return _fold(tree.subtree(level, index) for level, index in cover(0, size))


def inclusion_proof(tree: Subtrees, index: int, size: int) -> tuple[bytes, ...]:
    """PATH(index, D[0:size]) of RFC 6962 section 2.1.1, leaf's sibling first; IndexError outside the tree."""
    if not 0 <= index < size:
        raise IndexError(f"entry {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        split = start + _left_part(stop - start)
        inside = index < split
        path.append(_range(tree, split, stop) if inside else _range(tree, start, split))
        start, stop = (start, split) if inside else (split, stop)
    return tuple(reversed(path))


def consistency_proof(tree: Subtrees, old: int, new: int) -> tuple[bytes, ...]:
    """PROOF(old, D[0:new]) of RFC 6962 section 2.1.2; empty where old is 0 or new; IndexError where old > new."""
    if not 0 <= old <= new:
        raise IndexError(f"a tree of {new} does not extend one of {old}")
    if old in (0, new):
        return ()
    path: list[bytes] = []
    start, stop, whole = 0, new, True
    while stop != old:
        split = start + _left_part(stop - start)
        if old <= split:
            path.append(_range(tree, split, stop))
            stop = split
        else:
            path.append(_range(tree, start, split))
            start, whole = split, False
    if not whole:
        path.append(_range(tree, start, stop))
    return tuple(reversed(path))


def _left_part(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def _range(tree: Subtrees, start: int, stop: int) -> bytes:
    return _fold(tree.subtree(level, index) for level, index in cover(start, stop))


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at `index` in the tree of `size` with `root` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or any(len(step) != 32 for step in (leaf, *path)):
        return False
    node, last, current = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            current = node_hash(step, current)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            current = node_hash(current, step)
        node, last = node >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `new` only appends to the tree of `old` (RFC 9162 section 2.1.4.2).

    The empty tree is consistent with none but itself here: whoever accepts a first checkpoint says so apart.
    """
    if old == new:
        return not path and old_root == new_root and (old > 0 or old_root == EMPTY_ROOT)
    if not 0 < old < new or not path or any(len(step) != 32 for step in path):
        return False
    steps = iter(path if old & (old - 1) else (old_root, *path))
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = next(steps)
    for step in steps:
        if last == 0:
            return False
        if node & 1 or node == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, step)
        node, last = node >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


class CompactRange:
    """The right edge of a growing tree: one hash per complete subtree, at most 64 of them."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash; one node hash per append on average."""
        ones, node = self.size, leaf
        while ones & 1:
            node, ones = node_hash(self._peaks.pop(), node), ones >> 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        return _fold(self._peaks)


class MemoryTree:
    """Every complete subtree of a tree in memory: 64 bytes per leaf. For small logs, audits and tests."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        level, node = 0, leaf
        self._levels[0].append(node)
        while len(self._levels[level]) % 2 == 0:
            left, right = self._levels[level][-2:]
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(node_hash(left, right))

    def subtree(self, level: int, index: int) -> bytes:
        return self._levels[level][index]

    def root(self) -> bytes:
        return root_hash(self, len(self))
