"""Wallet addresses and transaction hashes. Nothing is re-cased but what its own rules allow in both cases."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recoup.complaints.selectors.checksum import base58_decoded, base58check_payload, eip55, segwit_version
from recoup.complaints.selectors.model import Selector, Type
from recoup.complaints.selectors.reading import Reading

_LONG = re.compile(r"[0-9A-Za-z](?<![0-9A-Za-z].)[0-9A-Za-z]{24,89}(?![0-9A-Za-z])")
_BASE58 = re.compile(r"[1-9A-HJ-NP-Za-km-z]+")
_HEX = re.compile(r"[0-9A-Fa-f]+")
_BTC_VERSIONS = (0x00, 0x05)
_TRON_VERSION = 0x41
TX_HEX = 64

Found = tuple[Type, str, bool | None, str]


def wallet_selectors(reading: Reading) -> Iterator[Selector]:
    """Addresses of Bitcoin, Ethereum, TRON and Solana, and transaction hashes, in the order of the text."""
    for match in _LONG.finditer(reading.text):
        found = wallet(match[0])
        if found and reading.claim(match.start(), match.end()):
            kind, value, valid, detail = found
            start, end = reading.span(match.start(), match.end())
            yield Selector(kind, reading.original[start:end], value, start, end, valid=valid, detail=detail)


def wallet(token: str) -> Found | None:
    """Type, normal form, validity and detail of one token; None where it is none of them."""
    if token[:2] in ("0x", "0X"):
        return _evm(token)
    if len(token) == TX_HEX and _HEX.fullmatch(token):
        return (Type.TX, token.lower(), None, "chain unknown") if _is_mixed(token) else None
    if token[:3].lower() == "bc1":
        return _segwit(token)
    return _base58(token) if _BASE58.fullmatch(token) and _is_mixed(token) else None


def _evm(token: str) -> Found | None:
    if not _HEX.fullmatch(token, 2):
        return None
    if len(token) == 42:
        checked = eip55(token)
        return Type.ETH, token.lower(), checked, "" if checked else _eip55_detail(checked)
    return (Type.TX, token.lower(), None, "evm") if len(token) == TX_HEX + 2 else None


def _eip55_detail(checked: bool | None) -> str:
    return "written in one case: no checksum" if checked is None else "checksum fails"


def _segwit(token: str) -> Found | None:
    version = segwit_version(token, "bc")
    if version is not None:
        return Type.BTC, token.lower(), True, f"segwit v{version}"
    return (Type.BTC, token, False, "checksum fails") if 38 <= len(token) <= 64 and token.isalnum() else None


def _base58(token: str) -> Found | None:
    if token[0] in "13" and 26 <= len(token) <= 35:
        payload = base58check_payload(token)
        right = payload is not None and len(payload) == 21 and payload[0] in _BTC_VERSIONS
        return Type.BTC, token, right, "" if right else "checksum fails"
    if token[0] == "T" and len(token) == 34:
        payload = base58check_payload(token)
        right = payload is not None and len(payload) == 21 and payload[0] == _TRON_VERSION
        return Type.TRON, token, right, "" if right else "checksum fails"
    if 32 <= len(token) <= 44 and len(base58_decoded(token) or b"") == 32:
        return Type.SOL, token, None, "no checksum on this chain"
    if 86 <= len(token) <= 88 and len(base58_decoded(token) or b"") == 64:
        return Type.TX, token, None, "solana"
    return None


def _is_mixed(token: str) -> bool:
    """Letters and digits both: what people do not write as a word or a number."""
    return not token.isalpha() and not token.isdigit()
