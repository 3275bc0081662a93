"""The manifest of a bundle: canonical JSON, read as strictly as something hostile deserves."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recoup.casework.trace import Choices, Inputs
from recoup.formats.exhibit import LANGUAGES
from recoup.ground import Defect, Instant, Refused, amount_from_text, canonical_json
from recoup.tracing import FeePolicy, Granularity, Rule

MANIFEST = "manifest.json"
FORMAT = "recoup-trace-bundle/1"
TRACING_RULES = "1"  # the version of docs/reference/tracing-rules.md: figures may differ where this differs
MANIFEST_BYTES_MAX = 1_000_000
FILES_MAX = 1_000
NAME_CHARACTERS_MAX = 300
HOPS_MAX = 2**53 - 1
ROLES = ("ledger", "claims", "services", "clusters", "links")

_SHA256 = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9A-Za-z.+!-]{1,40}")
_VERSIONS = ("recoup", "python", "pyarrow")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a bundle. `role` is empty for what the run made."""

    path: str
    size: int
    sha256: str
    role: str = ""


@dataclass(frozen=True)
class Manifest:
    """What binds a bundle: choices, files with their hashes, versions. No clock, no path of a machine."""

    choices: Choices
    inputs: tuple[FileRecord, ...]
    outputs: tuple[FileRecord, ...]
    versions: tuple[tuple[str, str], ...]

    def to_bytes(self) -> bytes:
        """RFC 8785 canonical JSON."""
        return canonical_json({
            "format": FORMAT,
            "tracing_rules": TRACING_RULES,
            "versions": dict(self.versions),
            "choices": _choices_to_json(self.choices),
            "inputs": [{"role": record.role, **_file_to_json(record)} for record in self.inputs],
            "outputs": [_file_to_json(record) for record in self.outputs],
        })  # fmt: skip


def read_manifest(path: Path) -> Manifest:
    """The manifest, or Refused with what is wrong: size, JSON, shape, names, or not canonical."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MANIFEST_BYTES_MAX + 1)
    except OSError as error:
        raise _refused(f"cannot be opened: {error.strerror}", "Is this the directory of a bundle?") from None
    if len(data) > MANIFEST_BYTES_MAX:
        raise _refused(f"is longer than {MANIFEST_BYTES_MAX:,} bytes", "No bundle of recoup has such a manifest")
    try:
        manifest = _manifest(json.loads(data, object_pairs_hook=_without_repeats, parse_float=_no_floats))
        canonical = manifest.to_bytes() == data
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _refused(f"is not a manifest: {_reason(error)}", "Ask for the bundle again") from None
    if not canonical:
        raise _refused("is not in canonical form (RFC 8785)", "Somebody wrote it anew: ask for the bundle again")
    return manifest


def is_manifest(path: Path) -> bool:
    try:
        read_manifest(path)
    except Refused:
        return False
    return True


def inputs_in(root: Path, records: tuple[FileRecord, ...]) -> Inputs:
    """The inputs of a bundle at `root`."""
    by_role = {role: tuple(root / record.path for record in records if record.role == role) for role in ROLES}
    one = {role: paths[0] if paths else None for role, paths in by_role.items() if role not in ("ledger", "claims")}
    return Inputs(by_role["ledger"], by_role["claims"][0], **one)


def names_in(root: Path, records: tuple[FileRecord, ...]) -> dict[Path, str]:
    """Each input's path at `root` to its name in the bundle."""
    return {root / record.path: record.path for record in records}


def refuse_bad_name(name: str) -> None:
    """ValueError unless the name stays inside the bundle wherever the bundle lies."""
    parts = name.split("/")
    if len(name) > NAME_CHARACTERS_MAX or not name.isprintable() or "\\" in name or ":" in name:
        raise ValueError(f"file name {name[:80]!r} is too long or holds characters that not every system allows")
    if any(part in ("", ".", "..") for part in parts) or name == MANIFEST:
        raise ValueError(f"file name {name[:80]!r} leads out of the bundle or to its manifest")


def _choices_to_json(choices: Choices) -> Json:
    return {
        "rules": list(choices.rules),
        "declared": choices.rules[0],
        "granularity": choices.granularity,
        "fee_policy": choices.fee_policy,
        "until": str(choices.until) if choices.until else None,
        "min_amount": str(choices.min_amount),
        "max_hops": choices.max_hops,
        "backward": choices.backward,
        "sensitivity": choices.sensitivity,
        "language": choices.language,
    }


def _file_to_json(record: FileRecord) -> Json:
    return {"path": record.path, "bytes": record.size, "sha256": record.sha256}


def _manifest(value: Any) -> Manifest:
    fields = _object(value, "format", "tracing_rules", "versions", "choices", "inputs", "outputs")
    if fields["format"] != FORMAT:
        raise ValueError(f"format {_short(fields['format'])} is not {FORMAT}")
    if fields["tracing_rules"] != TRACING_RULES:
        raise ValueError(f"tracing rules {_short(fields['tracing_rules'])}: this recoup knows version {TRACING_RULES}")
    inputs = tuple(_file(item, with_role=True) for item in _list(fields["inputs"]))
    outputs = tuple(_file(item, with_role=False) for item in _list(fields["outputs"]))
    _refuse_bad_files(inputs, outputs)
    versions = _object(fields["versions"], *_VERSIONS)
    if not all(isinstance(text, str) and _VERSION.fullmatch(text) for text in versions.values()):
        raise ValueError("a version is not a version")
    return Manifest(_choices(fields["choices"]), inputs, outputs, tuple((name, versions[name]) for name in _VERSIONS))


def _refuse_bad_files(inputs: tuple[FileRecord, ...], outputs: tuple[FileRecord, ...]) -> None:
    names = [record.path for record in (*inputs, *outputs)]
    if len(names) > FILES_MAX:
        raise ValueError(f"more than {FILES_MAX:,} files")
    if len({name.casefold() for name in names}) < len(names):
        raise ValueError("a file stands twice")
    roles = [record.role for record in inputs]
    once = [role for role in ROLES if role != "ledger" and roles.count(role) > 1]
    if once or "ledger" not in roles or "claims" not in roles:
        raise ValueError("the inputs are not one claims file, at least one ledger and at most one of each other role")


def _file(value: Any, with_role: bool) -> FileRecord:
    fields = _object(value, *(("role",) if with_role else ()), "path", "bytes", "sha256")
    path, size, sha256, role = fields["path"], fields["bytes"], fields["sha256"], fields.get("role", "")
    if not isinstance(path, str) or not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise ValueError("a file has no path or no SHA-256")
    if type(size) is not int or size < 0:
        raise ValueError(f"size of {path[:80]!r} is not a whole number")
    refuse_bad_name(path)
    if with_role and (role not in ROLES or not path.startswith(f"inputs/{role}/")):
        raise ValueError(f"input {path[:80]!r} does not lie under its role")
    return FileRecord(path, size, sha256, role)


def _choices(value: Any) -> Choices:
    names = ("rules", "declared", "granularity", "fee_policy", "until", "min_amount", "max_hops")
    fields = _object(value, *names, "backward", "sensitivity", "language")
    rules = tuple(Rule(rule) for rule in _list(fields["rules"]))
    if not rules or len(set(rules)) < len(rules) or fields["declared"] != rules[0]:
        raise ValueError("rules are empty, repeated, or do not begin with the declared rule")
    hops = fields["max_hops"]
    if hops is not None and (type(hops) is not int or not 0 <= hops <= HOPS_MAX):
        raise ValueError("max_hops is not a whole number")
    if type(fields["backward"]) is not bool or type(fields["sensitivity"]) is not bool:
        raise ValueError("backward or sensitivity is neither true nor false")
    if fields["language"] not in LANGUAGES:
        raise ValueError(f"language {_short(fields['language'])} is not known")
    return Choices(
        rules=rules,
        granularity=Granularity(fields["granularity"]),
        fee_policy=FeePolicy(fields["fee_policy"]),
        until=None if fields["until"] is None else Instant.parse(fields["until"]),
        min_amount=amount_from_text(fields["min_amount"]),
        max_hops=hops,
        backward=fields["backward"],
        sensitivity=fields["sensitivity"],
        language=fields["language"],
    )


def _object(value: Any, *keys: str) -> Json:
    if not isinstance(value, dict) or set(value) != set(keys):
        raise ValueError(f"expected exactly the keys {', '.join(keys)}")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("expected a list")
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_floats(text: str) -> Any:
    raise ValueError(f"number {text[:20]} is not exact")


def _short(value: Any) -> str:
    return repr(value)[:40]


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]


def _refused(what: str, mend: str) -> Refused:
    return Refused(Defect(MANIFEST, 0, what, mend))
