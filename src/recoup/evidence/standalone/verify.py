"""Checks a log proof, a custody record or a bundle, offline, with the Python standard library and `cryptography`.

    python verify.py proof PROOF --policy POLICY [--leaf FILE]
    python verify.py custody STEP... --key PUBLIC_KEY...
    python verify.py bundle DIR [--manifest-sha256 HEX]

Prints one line and exits 0 where all holds, 1 where something does not, 2 on wrong use. A second implementation, from
the specifications (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof, tlog-policy; RFC 6962; RFC 8785)
and from Recoup's published formats; it shares no code with Recoup. A bundle's files are compared with its manifest;
figures are not computed again (`recoup verify` does that).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import stat
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LARGEST = 1_000_000
EM_DASH = "\u2014"
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?Z)?")
Key = tuple[str, str, int, bytes]  # name, id in hex, signature type, public key


class No(Exception):
    """The answer, with its reason."""


def need(true: bool, why: str) -> None:
    """Raise No unless it holds."""
    if not true:
        raise No(why)


def unbase64(text: str) -> bytes:
    """Strict base64: one spelling per value."""
    need(text.isascii(), "base64 is ASCII")
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise No("not base64") from None
    need(base64.b64encode(data).decode() == text, "base64 in another spelling")
    return data


def number(text: str) -> int:
    """Plain decimal below 2**63."""
    need(text.isascii() and text.isdigit() and str(int(text[:20])) == text, "a number in another spelling")
    need(int(text) < 1 << 63, "a number too large")
    return int(text)


def key(text: str) -> Key:
    """A verifier key: name+id+base64(type || Ed25519 key)."""
    name, _, rest = text.strip().partition("+")
    digest, _, encoded = rest.partition("+")
    material = unbase64(encoded)
    need(len(material) == 33 and material[0] in (1, 4), "a key of another type")
    need(name_is_good(name), "a key without a proper name")
    own = hashlib.sha256(name.encode() + b"\n" + material).hexdigest()[:8]
    need(own == digest, f"the id of the key {name} is not its own")
    return name, digest, material[0], material[1:]


def name_is_good(name: str) -> bool:
    """Not empty, no plus, no space of any script, no control character."""
    return bool(name) and "+" not in name and not any(one.isspace() or ord(one) < 32 for one in name)


def note(data: bytes) -> tuple[str, list[tuple[str, str, bytes]]]:
    """Text and signatures (name, id in hex, bytes) of a signed note."""
    need(len(data) <= LARGEST, "a note too large")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise No("a note that is not UTF-8") from None
    need(not any(ord(one) < 32 and one != "\n" for one in whole), "control characters in a note")
    at = whole.rfind("\n\n")
    need(at >= 0 and whole.endswith("\n"), "a note without signatures")
    lines = whole[at + 2 :].split("\n")[:-1]
    need(1 <= len(lines) <= 100, "a note with no or too many signatures")
    return whole[: at + 1], [signature(line) for line in lines]


def signature(line: str) -> tuple[str, str, bytes]:
    """One signature line."""
    words = line.split(" ")
    need(len(words) == 3 and words[0] == EM_DASH and name_is_good(words[1]), "a line that is no signature")
    data = unbase64(words[2])
    need(len(data) > 4, "a signature cut short")
    return words[1], data[:4].hex(), data[4:]


def signed_by(text: str, lines: list[tuple[str, str, bytes]], one: Key) -> bool:
    """Whether the key has signed; No where a signature under its name and id is false."""
    mine = [value for name, digest, value in lines if (name, digest) == one[:2]]
    for value in mine:
        message = text.encode()
        if one[2] == 4:
            need(len(value) == 72 and value[0] < 128, f"a cosignature of {one[0]} of another length")
            message = b"cosignature/v1\ntime %d\n" % int.from_bytes(value[:8], "big") + message
            value = value[8:]
        try:
            Ed25519PublicKey.from_public_bytes(one[3]).verify(value, message)
        except (InvalidSignature, ValueError):
            raise No(f"the signature of {one[0]} is false") from None
    return bool(mine)


def policy(text: str) -> tuple[list[Key], dict[str, Key], dict[str, tuple[int, list[str]]], str]:
    """Logs, witnesses, groups and quorum of a policy file."""
    logs: list[Key] = []
    witnesses: dict[str, Key] = {}
    groups: dict[str, tuple[int, list[str]]] = {}
    quorum: list[str] = []
    used: set[str] = set()
    for line in text.split("\n"):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "log" and len(words) in (2, 3):
            logs.append(key(words[1]))
            need(logs[-1][2] == 1, "a log with a key of another type")
        elif words[0] == "witness" and len(words) in (3, 4):
            need(words[1] not in witnesses and words[1] not in groups and words[1] != "none", "a name twice")
            witnesses[words[1]] = key(words[2])
            need(witnesses[words[1]][2] == 4, "a witness with a key of another type")
        elif words[0] == "group" and len(words) > 3:
            members = words[3:]
            need(words[1] not in witnesses and words[1] not in groups and words[1] != "none", "a name twice")
            need(all(one in witnesses or one in groups for one in members), "a group of unknown members")
            need(len(set(members)) == len(members) and not used & set(members), "a member twice")
            used |= set(members)
            count = {"any": 1, "all": len(members)}.get(words[2])
            count = number(words[2]) if count is None else count
            need(1 <= count <= len(members), "a group that can never be reached")
            groups[words[1]] = (count, members)
        elif words[0] == "quorum" and len(words) == 2:
            need(words[1] == "none" or words[1] in witnesses or words[1] in groups, "an unknown quorum")
            quorum.append(words[1])
        else:
            raise No(f"policy: {line[:60]!r} is not understood")
    need(len(quorum) == 1, "a policy has one quorum")
    keys = [one[3] for one in logs] + [one[3] for one in witnesses.values()]
    need(len(set(keys[: len(logs)])) == len(logs), "a log key twice")
    need(len(set(keys[len(logs) :])) == len(witnesses), "a witness key twice")
    return logs, witnesses, groups, quorum[0]


def reached(name: str, have: set[str], groups: dict[str, tuple[int, list[str]]]) -> bool:
    """Whether a witness or group has cosigned."""
    counted = {"none", *have}
    for group, (count, members) in groups.items():  # members stand above their group
        counted |= {group} if sum(one in counted for one in members) >= count else set()
    return name in counted


def checkpoint(data: bytes, policy_text: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint that the policy accepts."""
    text, lines = note(data)
    logs, witnesses, groups, quorum = policy(policy_text)
    fields = text.split("\n")
    need(len(fields) >= 4 and all(fields[:-1]), "a checkpoint of another form")
    origin, size, root = fields[0], number(fields[1]), unbase64(fields[2])
    need(len(root) == 32, "a root of another length")
    need(size > 0 or root == hashlib.sha256().digest(), "an empty log with another root")
    signers = [one for one in logs if signed_by(text, lines, one)]
    have = {name for name, one in witnesses.items() if signed_by(text, lines, one)}
    need(any(one[0] == origin for one in signers), f"no trusted key of {origin} has signed")
    need(reached(quorum, have, groups), f"the quorum {quorum} has not cosigned")
    return origin, size, root


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that a path leads to, by the definition of PATH in RFC 6962 section 2.1.1."""
    if size == 1:
        need(not path, "a path too long")
        return leaf
    need(bool(path), "a path too short")
    left = 1
    while left * 2 < size:
        left *= 2
    rest, beside = path[:-1], path[-1]
    if index < left:
        return hashlib.sha256(b"\x01" + root_of(leaf, index, left, rest) + beside).digest()
    return hashlib.sha256(b"\x01" + beside + root_of(leaf, index - left, size - left, rest)).digest()


def check_proof(data: bytes, policy_text: str, leaf: bytes | None = None) -> str:
    """What a log proof proves; the leaf is that in the proof where none is given."""
    need(len(data) <= LARGEST, "a proof too large")
    head, blank, tail = data.partition(b"\n\n")
    need(bool(blank), "a proof without a checkpoint")
    try:
        lines = head.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise No("a proof that is not UTF-8") from None
    need(lines.pop(0) == "c2sp.org/tlog-proof@v1", "a proof of another kind")
    extra = unbase64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    need(1 <= len(lines) <= 64 and lines[0].startswith("index "), "a proof without its index")
    index, path = number(lines[0][6:]), [unbase64(line) for line in lines[1:]]
    need(all(len(step) == 32 for step in path), "a path of other hashes")
    content = extra if leaf is None else leaf
    if content is None:
        raise No("the leaf is not in the proof; give it with --leaf")
    origin, size, root = checkpoint(tail, policy_text)
    need(index < size, "an index outside the log")
    found = root_of(hashlib.sha256(b"\x00" + content).digest(), index, size, path)
    need(found == root, "the path does not lead to the signed root")
    return f"entry {index} of {size} in {origin}: {content[:300].decode('utf-8', 'replace')}"


FOLLOWS = {
    "seal": {"collect"},
    "transfer": {"seal", "transfer", "examine", "exhibit"},
    "examine": {"seal", "transfer", "examine", "exhibit"},
    "exhibit": {"seal", "transfer", "examine"},
    "return": {"seal", "transfer", "examine", "exhibit"},
    "destroy": {"seal", "transfer", "examine", "exhibit"},
}


def check_custody(steps: list[bytes], keys: list[str]) -> str:
    """Who holds an item after these steps, in their order; every signature and every link is checked."""
    need(bool(steps), "no steps")
    known = [key(text) for text in keys]
    holder, last, before, when, item, content = "", "", "", "", "", "unknown"
    for data in steps:
        text, lines = note(data)
        header, _, body = text.partition("\n")
        need(header == "recoup-custody/1" and body.endswith("\n"), "not a custody step")
        step = plain(body)
        details, action, at = step["details"], step["action"], moment(step["at"])
        over = action in ("transfer", "return")
        needed = {step["actor"]} | ({details["receiver"]} if over else set())
        signers = [one for one in known if one[2] == 1 and signed_by(text, lines, one)]
        need(needed <= {one[0] for one in signers}, f"{action}: not signed by {sorted(needed)}")
        need(len({one[3] for one in signers}) == len({one[0] for one in signers}), "two names with one key")
        if not last:
            need(action == "collect" and step["previous"] == "", "custody begins with collect")
            holder, item = step["actor"], step["item"]
        else:
            need(last in FOLLOWS.get(action, set()), f"{action} after {last}")
            need(step["previous"] == before and step["item"] == item, f"{action} is not bound to the step before it")
            need(at >= when, f"{action} lies before the step before it")
            need(step["actor"] == holder, f"{action} by {step['actor']}, held by {holder}")
        if over:
            need(details["giver"] == holder and details["receiver"] != holder, "a hand-over from another")
            holder = details["receiver"]
        content = details["sha256"] if action == "seal" else content
        need(action != "examine" or "unknown" not in (content, details["working_sha256"]), "examined without a hash")
        last, before, when = action, hashlib.sha256(text.encode()).hexdigest(), at
    return f"{item}: {last} is the last of {len(steps)} steps, held by {holder}"


def moment(text: str) -> str:
    """An instant in UTC so that texts sort as times do."""
    need(bool(MOMENT.fullmatch(text)), f"{text[:40]!r} is no time in UTC")
    whole, _, part = text.removesuffix("Z").partition(".")
    return f"{whole}.{part:0<6}"


def plain(text: str) -> dict[str, Any]:
    """A JSON object in canonical form, without repeated names."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len({name for name, _ in pairs}) == len(pairs), "a name twice in an object")
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=once)
        again = json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (ValueError, RecursionError):
        raise No("not JSON") from None
    need(isinstance(value, dict), "not a JSON object")
    need(again == text.removesuffix("\n"), "JSON that is not canonical")
    return dict(value)


def ordered(value: Any) -> Any:
    """Names by their UTF-16 code units (RFC 8785 section 3.2.3)."""
    need(not isinstance(value, float), "a number that is not whole")
    if isinstance(value, dict):
        return {name: ordered(value[name]) for name in sorted(value, key=lambda one: one.encode("utf-16-be"))}
    return [ordered(one) for one in value] if isinstance(value, list) else value


def check_bundle(folder: str, manifest_sha256: str = "") -> str:
    """That a trace bundle holds exactly the files of its manifest, with their sizes and hashes."""
    root = Path(folder)
    path = root / "manifest.json"
    need(path.is_file() and not path.is_symlink(), "there is no manifest.json")
    data = read(path)
    seal = hashlib.sha256(data).hexdigest()
    need(manifest_sha256 in ("", seal), f"the manifest is another one: {seal}")
    try:
        manifest = plain(data.decode("utf-8"))
        need(not data.endswith(b"\n"), "JSON that is not canonical")
        need(manifest["format"] == "recoup-trace-bundle/1", "a bundle of another format")
        listed = {str(one["path"]): one for one in [*manifest["inputs"], *manifest["outputs"]]}
        need(len(listed) == len(manifest["inputs"]) + len(manifest["outputs"]), "a file twice in the manifest")
    except (UnicodeDecodeError, KeyError, TypeError, AttributeError):
        raise No("not a manifest") from None
    there = set(files(root)) - {"manifest.json"}
    need(there == set(listed), f"missing or not listed: {sorted(there ^ set(listed))[:5]}")
    for name, one in sorted(listed.items()):
        check_file(root / name, name, one)
    return f"{len(listed)} files as listed; manifest {seal}"


def files(root: Path) -> list[str]:
    """Every file below, with slashes; a link or device is not a file of a bundle."""
    found = []
    for path in root.rglob("*"):
        mode = path.lstat().st_mode
        need(stat.S_ISREG(mode) or stat.S_ISDIR(mode), f"{path.name} is not a plain file")
        found += [path.relative_to(root).as_posix()] if stat.S_ISREG(mode) else []
    return found


def check_file(path: Path, name: str, record: dict[str, Any]) -> None:
    """Size and hash of one file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    need(path.stat().st_size == record.get("bytes"), f"{name} has another size")
    need(digest.hexdigest() == record.get("sha256"), f"{name} has another hash")


def read(path: Path) -> bytes:
    """A small file whole."""
    with path.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    need(len(data) <= LARGEST, f"{path} is too large")
    return data


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="verify.py", description=(__doc__ or "").partition("\n")[0])
    what = parser.add_subparsers(dest="what", required=True)
    proof = what.add_parser("proof")
    proof.add_argument("proof")
    proof.add_argument("--policy", required=True)
    proof.add_argument("--leaf")
    custody = what.add_parser("custody")
    custody.add_argument("steps", nargs="+")
    custody.add_argument("--key", action="append", required=True)
    bundle = what.add_parser("bundle")
    bundle.add_argument("folder")
    bundle.add_argument("--manifest-sha256", default="")
    return parser


def main(words: list[str]) -> int:
    """Run one check; print the answer."""
    asked = arguments().parse_args(words)
    try:
        if asked.what == "proof":
            leaf = read(Path(asked.leaf)) if asked.leaf else None
            said = check_proof(read(Path(asked.proof)), read(Path(asked.policy)).decode("utf-8", "replace"), leaf)
        elif asked.what == "custody":
            said = check_custody([read(Path(step)) for step in asked.steps], asked.key)
        else:
            said = check_bundle(asked.folder, asked.manifest_sha256)
    except (No, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"no: {error}")
        return 1
    print(f"yes: {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
