"""The plan of docs/reference/plan-file.md, and versions of it."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

from recoup.restitution.plan import Plan, read_plan

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "plan-file.md"


def example_text() -> str:
    found = re.search(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


def example(**changes: Any) -> Plan:
    """The example; `plan__version=2` changes plan.version; None takes a member away."""
    data = copy.deepcopy(dict(read_plan(example_text(), "plan.toml").data))
    for name, value in changes.items():
        table, _, member = name.partition("__")
        if value is None:
            del data[table][member]
        else:
            data.setdefault(table, {})[member] = value
    return read_plan(json.dumps(data), "plan.json")
