"""Where a fact came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """An item (SHA-256 of its bytes, or the name of a public record) and the place inside it (`line 12`, `/vin/3`).

    Its text is `<item>#<locator>`, therefore an item with `#` raises ValueError.
    """

    item: str
    locator: str = ""

    def __post_init__(self) -> None:
        if "#" in self.item:
            raise ValueError(f"item {self.item[:40]!r} holds a #, which separates an item from its locator")

    def __str__(self) -> str:
        return f"{self.item}#{self.locator}" if self.locator else self.item

    @classmethod
    def parse(cls, text: str) -> Source:
        """From the text that `str` gives."""
        item, _, locator = text.partition("#")
        return cls(item, locator)
