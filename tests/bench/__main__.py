"""`python -m tests.bench [NAME...]`: run each `bench_*.py` beside this file and print what it measures."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(wanted: list[str]) -> None:
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if not wanted or name in wanted:
            print(f"\n== {name} ==", flush=True)
            importlib.import_module(f"tests.bench.{path.stem}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
