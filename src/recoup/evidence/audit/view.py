"""What a witness remembers of a log as one file, for the audit at the log's own agency."""

from __future__ import annotations

import json

from recoup.evidence.audit.foreign import WitnessView
from recoup.evidence.encoding import Malformed, base64_text, hash_bytes
from recoup.evidence.note import COSIGNATURE, VerifierKey, parse_note
from recoup.ground import canonical_json

FORMAT = "recoup-witness-view/1"
VIEW_BYTES_MAX = 1 << 30


def view_text(view: WitnessView, origin: str) -> bytes:
    """The view as canonical JSON. Every checkpoint in it is signed by the log and by the witness."""
    return canonical_json({
        "format": FORMAT,
        "origin": origin,
        "witness": str(view.key),
        "seen": [str(note) for note in view.seen],
        "forks": [[str(held), str(offered)] for held, offered in view.forks],
        "leaf_hashes": [base64_text(one) for one in view.leaf_hashes],
    })  # fmt: skip


def parse_view(data: bytes, origin: str) -> WitnessView:
    """From its file; Malformed where it is none, or is about another log."""
    try:
        if len(data) > VIEW_BYTES_MAX:
            raise Malformed(f"a view has at most {VIEW_BYTES_MAX} bytes")
        values = json.loads(data)
        if values["format"] != FORMAT or values["origin"] != origin:
            raise Malformed(f"it is about the log {str(values['origin'])[:60]!r}, not {origin}")
        key = VerifierKey.parse(values["witness"])
        seen = tuple(parse_note(text) for text in values["seen"])
        forks = tuple((parse_note(held), parse_note(offered)) for held, offered in values["forks"])
        hashes = tuple(hash_bytes(text) for text in values["leaf_hashes"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed(f"not a witness's view: {error}") from error
    if key.kind != COSIGNATURE:
        raise Malformed(f"{key.name} is not a witness's key")
    return WitnessView(key, seen, hashes, forks)
