"""Who draws on which pool: a whole-number flow from pools to groups of claimants."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping


def transport(demand: Mapping[int, int], supply: Mapping[int, int]) -> dict[tuple[int, int], int]:
    """(group, pool) -> units. A group is its bit mask of pools; each group gets its whole demand.

    Deterministic: groups and pools in ascending order, shortest augmenting paths (Edmonds & Karp 1972). A demand
    that the supplies cannot meet raises ValueError.
    """
    flow: dict[tuple[int, int], int] = {}
    left = dict(supply)
    for group in sorted(demand):
        wanted = demand[group]
        while wanted:
            path = _path(group, flow, left)
            if path is None:
                raise ValueError("the pools cannot meet what their claimants are to receive")
            wanted -= _push(path, wanted, flow, left)
    return {key: units for key, units in flow.items() if units}


def _path(start: int, flow: dict[tuple[int, int], int], left: dict[int, int]) -> list[int] | None:
    """Group, pool, group, pool ... ending at a pool with supply left; a step back over a pool undoes flow."""
    came: dict[int, list[int]] = {}
    queue, seen = deque([(start, [start])]), {start}
    while queue:
        group, path = queue.popleft()
        for pool in sorted(left):
            if not group >> pool & 1 or pool in came:
                continue
            came[pool] = [*path, pool]
            if left[pool]:
                return came[pool]
            for (other, source), units in sorted(flow.items()):
                if source == pool and units and other not in seen:
                    seen.add(other)
                    queue.append((other, [*came[pool], other]))
    return None


def _push(path: list[int], wanted: int, flow: dict[tuple[int, int], int], left: dict[int, int]) -> int:
    groups, pools = path[0::2], path[1::2]
    undone = [(group, pool) for group, pool in zip(groups[1:], pools[:-1], strict=True)]
    units = min(wanted, left[pools[-1]], *(flow[key] for key in undone))
    for key in zip(groups, pools, strict=True):
        flow[key] = flow.get(key, 0) + units
    for key in undone:
        flow[key] -= units
    left[pools[-1]] -= units
    return units
