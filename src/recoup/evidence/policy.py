"""Whose signatures make a checkpoint count: logs, witnesses, groups, one quorum (C2SP tlog-policy)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from recoup.evidence.checkpoint import Checkpoint
from recoup.evidence.cosignature import cosigned_at
from recoup.evidence.encoding import Malformed, decimal_number, utf8_bytes
from recoup.evidence.note import COSIGNATURE, ED25519, Note, Untrusted, VerifierKey

POLICY_BYTES_MAX = 100_000
MEMBERS_MAX = 1_000
_SPACE = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Group:
    """At least `needed` of `members` (names of witnesses or earlier groups)."""

    needed: int
    members: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.needed <= len(self.members):
            raise Malformed(f"a group needs 1 to {len(self.members)} of its members, not {self.needed}")


@dataclass(slots=True)
class Policy:
    """Trusted log keys and the quorum of witnesses. `quorum` is a witness, a group, or `none`."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = ""

    @classmethod
    def of(cls, logs: Sequence[VerifierKey], witnesses: Sequence[VerifierKey], needed: int) -> Policy:
        """`needed` of the witnesses must have cosigned; 0 asks for none."""
        policy = cls()
        for log in logs:
            policy.add_log(log)
        for witness in witnesses:
            policy.add_witness(witness.name, witness)
        if needed:
            policy.add_group("quorum-of-all", needed, [witness.name for witness in witnesses])
        policy.set_quorum("quorum-of-all" if needed else "none")
        return policy

    @classmethod
    def parse(cls, text: str) -> Policy:
        """From a policy file; what breaks its rules is Malformed with the line."""
        if len(utf8_bytes(text)) > POLICY_BYTES_MAX:
            raise Malformed(f"a policy has at most {POLICY_BYTES_MAX} bytes")
        policy = cls()
        for number, line in enumerate(text.split("\n"), 1):
            words = _SPACE.split(line.strip(" \t"))
            if words[0] and not words[0].startswith("#"):
                try:
                    policy._add(words)
                except Malformed as error:
                    raise Malformed(f"policy line {number}: {error}") from error
        if not policy.quorum:
            raise Malformed("a policy has one quorum line")
        return policy

    def _add(self, words: list[str]) -> None:
        match words:
            case ["log", key] | ["log", key, _]:
                self.add_log(VerifierKey.parse(key))
            case ["witness", name, key] | ["witness", name, key, _]:
                self.add_witness(name, VerifierKey.parse(key))
            case ["group", name, needed, *members]:
                counts = {"all": len(members), "any": 1}
                self.add_group(name, counts[needed] if needed in counts else decimal_number(needed), members)
            case ["quorum", name]:
                self.set_quorum(name)
            case _:
                raise Malformed(f"{' '.join(words)[:60]!r} is no policy line")

    def add_log(self, key: VerifierKey) -> None:
        """Trust a log's key; Malformed where it is of another type or there."""
        if key.kind != ED25519 or key.public in {log.public for log in self.logs}:
            raise Malformed(f"{key.name} is not a log key, or is there twice")
        self.logs.append(key)

    def add_witness(self, name: str, key: VerifierKey) -> None:
        """Know a witness under a name; Malformed where name or key are taken."""
        if key.kind != COSIGNATURE or key.public in {witness.public for witness in self.witnesses.values()}:
            raise Malformed(f"{key.name} is not a cosigner key, or is there twice")
        self._refuse_taken(name)
        self.witnesses[name] = key

    def add_group(self, name: str, needed: int, members: Sequence[str]) -> None:
        """Name a group; each member was defined before and is in no other group."""
        self._refuse_taken(name)
        used = {member for group in self.groups.values() for member in group.members}
        for member in members:
            if (member not in self.witnesses and member not in self.groups) or member in used:
                raise Malformed(f"group member {member!r} is not defined above, or is already in a group")
            used.add(member)
        self.groups[name] = Group(needed, tuple(members))

    def set_quorum(self, name: str) -> None:
        """Set the one quorum."""
        if self.quorum or (name != "none" and name not in self.witnesses and name not in self.groups):
            raise Malformed(f"quorum {name!r} is not defined above, or is the second")
        self.quorum = name

    def _refuse_taken(self, name: str) -> None:
        if name == "none" or name in self.witnesses or name in self.groups:
            raise Malformed(f"the name {name!r} is taken")
        if len(self.witnesses) + len(self.groups) >= MEMBERS_MAX:
            raise Malformed(f"a policy has at most {MEMBERS_MAX} witnesses and groups")

    def accept(self, note: Note) -> Checkpoint:
        """The checkpoint of a note that a log of this policy signed and the quorum cosigned; otherwise Untrusted.

        A false signature of any key that the policy names makes the whole note Untrusted.
        """
        checkpoint = Checkpoint.parse(note.text)
        signers = note.signers([*self.logs, *self.witnesses.values()])
        if not any(key.name == checkpoint.origin and key in self.logs for key in signers):
            raise Untrusted(f"no log key of {checkpoint.origin} in this policy has signed the checkpoint")
        have = {name for name, key in self.witnesses.items() if cosigned_at(note, key) is not None}
        if self.quorum not in self._reached(have):
            raise Untrusted(f"the quorum {self.quorum!r} has not cosigned; cosigned by {sorted(have) or 'no witness'}")
        return checkpoint

    def _reached(self, have: set[str]) -> set[str]:
        """Witnesses and groups that count; a group stands behind its members, so one pass is enough at any depth."""
        reached = {"none", *have}
        for name, group in self.groups.items():
            if sum(member in reached for member in group.members) >= group.needed:
                reached.add(name)
        return reached
