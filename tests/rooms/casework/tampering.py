"""How a forger changes a bundle, and what verification says then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recoup.casework.manifest import MANIFEST
from recoup.casework.verify import verify_bundle
from recoup.ground import Refused, canonical_json, sha256_hex

Manifest = dict[str, Any]


def manifest_of(bundle: Path) -> Manifest:
    found = json.loads((bundle / MANIFEST).read_bytes())
    assert isinstance(found, dict)
    return found


def put(bundle: Path, value: Manifest) -> None:
    (bundle / MANIFEST).write_bytes(canonical_json(value))


def resealed(bundle: Path) -> None:
    """The forger's last step: every size and hash of the manifest made to fit the files."""
    value = manifest_of(bundle)
    for item in [*value["inputs"], *value["outputs"]]:
        data = (bundle / item["path"]).read_bytes()
        item["bytes"], item["sha256"] = len(data), sha256_hex(data)
    put(bundle, value)


def replaced(bundle: Path, name: str, old: str, new: str) -> None:
    text = (bundle / name).read_text(encoding="utf-8")
    assert old in text
    (bundle / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def difference(bundle: Path) -> str:
    found = verify_bundle(bundle).difference
    assert found is not None
    return str(found)


def refusal(bundle: Path) -> str:
    with pytest.raises(Refused) as raised:
        verify_bundle(bundle)
    return str(raised.value)
