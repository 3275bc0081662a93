"""Domains, URLs and e-mail addresses, with internationalised names and public suffixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import idna
import tldextract

from recoup.complaints.selectors.model import Selector, Type
from recoup.complaints.selectors.reading import Reading

HOST_CHARACTERS_MAX = 253
LOCAL_CHARACTERS_MAX = 64
URL_CHARACTERS_MAX = 2048

_EXTRACT = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
_SUFFIX_ENDS = frozenset(suffix.rpartition(".")[2] for suffix in _EXTRACT.tlds)
_DOT = re.compile(r"\.(?=[^\W\d_])")
_REST = re.compile(r"(?:\.[\w-]{1,63})+")
_PORT = re.compile(r":\d{1,5}(?!\d)")
_PATH = re.compile(r"[/?#][^\s<>\"|^`{}\\]{0,2048}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,10})://(?:[^\s/@]{0,64}@)?$")
_NUMERIC = re.compile(r"https?://(\d{1,3}(?:\.\d{1,3}){3})(?![\w.])", re.IGNORECASE)
_CLOSERS = ".,;:!?'\"’”»…*_~"
_TITLE_SUFFIXES = frozenset({"Com", "Net", "Org", "Info", "Biz", "Io", "Co", "Uk"})
_FILE_ENDINGS = frozenset({"zip", "mov", "py", "sh", "pl", "md", "rs", "ps", "app"})

# Letters of other scripts that look like Latin ones (Unicode Technical Standard 39, confusables).
_CONFUSABLE = str.maketrans("аеорсухіјѕһԁԛԝкмтвнгαοινρτυχкʟⅼ", "aeopcyxijshdqwkmtbhraoivptuxkll")


def web_selectors(reading: Reading) -> Iterator[Selector]:
    """Every domain with a known public suffix, every URL and e-mail address, in the order of the text."""
    text, done = reading.text, 0
    if "://" in text:
        yield from _numeric_hosts(reading)
    for dot in _DOT.finditer(text):
        if dot.start() < done:
            continue
        start = _host_start(text, dot.start(), done)
        rest = _REST.match(text, dot.start())
        if rest is None or start == dot.start():
            continue
        done = rest.end()
        host = text[start:done].rstrip("-_")
        if text[start - 1 : start] == "@" and not _SCHEME.search(text, max(0, start - 80), start):
            yield from _email(reading, start, host)
        else:
            yield from _site(reading, start, host)


def _host_start(text: str, dot: int, floor: int) -> int:
    at, least = dot, max(floor, dot - HOST_CHARACTERS_MAX)
    while at > least and (text[at - 1].isalnum() or text[at - 1] in "-._"):
        at -= 1
    while at < dot and text[at] in "-._":
        at += 1
    return at


def _email(reading: Reading, start: int, host: str) -> Iterator[Selector]:
    text, at = reading.text, start - 1
    least = max(0, at - LOCAL_CHARACTERS_MAX)
    while at > least and (text[at - 1].isalnum() or text[at - 1] in ".!#$%&'*+-/=?^_`{|}~"):
        at -= 1
    while at < start - 1 and text[at] in ".'*=/?~|{}`":
        at += 1
    local, parts = text[at : start - 1], domain_parts(host)
    if local and parts and reading.claim(at, start + len(host)):
        yield _made(reading, Type.EMAIL, at, start + len(host), f"{local.lower()}@{parts[0]}")


def _site(reading: Reading, start: int, host: str) -> Iterator[Selector]:
    text, end = reading.text, start + len(host)
    scheme = _SCHEME.search(text, max(0, start - 80), start)
    while scheme is None and (spaced := _stray_word(host)):
        host, start = host[spaced:], start + spaced
    path = _path_end(text, end)
    parts = domain_parts(host)
    if parts is None or (scheme is None and path == end and _is_prose(host)):
        return
    full, registrable, unicode_host = parts
    begin = scheme.start(1) if scheme else start
    if not reading.claim(begin, max(path, end)):
        return
    yield _made(reading, Type.DOMAIN, start, end, registrable, _detail(full, registrable, unicode_host))
    if scheme or path > end:
        name = scheme[1].lower() if scheme else "http"
        yield _made(reading, Type.URL, begin, path, f"{name}://{full}{text[end:path]}", "" if scheme else "no scheme")


def _stray_word(host: str) -> int:
    """Length of a first label that is not part of the name: `login.www.name.tld` keeps its host from `www`."""
    return host.lower().find(".www.") + 1


def _path_end(text: str, end: int) -> int:
    port = _PORT.match(text, end)
    at = port.end() if port else end
    path = _PATH.match(text, at)
    if path is None:
        return at
    stop = path.end()
    while stop > at + 1 and (text[stop - 1] in _CLOSERS or _is_unopened(text, at, stop)):
        stop -= 1
    return stop


def _is_unopened(text: str, start: int, stop: int) -> bool:
    opener = {")": "(", "]": "["}.get(text[stop - 1])
    return opener is not None and text.count(opener, start, stop) < text.count(text[stop - 1], start, stop)


def _is_prose(host: str) -> bool:
    """Whether a bare `a.B` is more likely the end of one sentence and the start of the next, or a file."""
    if host.lower().startswith("www."):
        return False
    stem, _, suffix = host.rpartition(".")
    if suffix.istitle() and suffix not in _TITLE_SUFFIXES and not stem.istitle():
        return True
    if suffix.istitle() and len(suffix) == 2 and suffix not in _TITLE_SUFFIXES:
        return True
    return suffix.lower() in _FILE_ENDINGS or (stem.isdigit() and len(stem) < 3)


def _numeric_hosts(reading: Reading) -> Iterator[Selector]:
    for match in _NUMERIC.finditer(reading.text):
        end = _path_end(reading.text, match.end(1))
        if all(int(part) < 256 for part in match[1].split(".")) and reading.claim(match.start(), end):
            yield _made(reading, Type.URL, match.start(), end, reading.text[match.start() : end], "numeric host")


@lru_cache(maxsize=65536)
def domain_parts(host: str) -> tuple[str, str, str] | None:
    """(host, registrable domain, Unicode host) in lower case, the first two in ASCII (IDNA 2008 with UTS 46).

    None where the suffix is not on the Public Suffix List or a label cannot be encoded.
    """
    host = host.strip(".")
    suffix = host.rpartition(".")[2].lower()
    if len(host) > HOST_CHARACTERS_MAX or (suffix.isascii() and suffix not in _SUFFIX_ENDS):
        return None
    try:
        full = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
        unicode_host = idna.decode(full) if "xn--" in full else host.lower()
    except (idna.IDNAError, UnicodeError):
        return None
    found = _EXTRACT(full)
    if not found.suffix or not found.domain or found.domain.strip("-") != found.domain:
        return None
    return full, f"{found.domain}.{found.suffix}", unicode_host


def lookalike(unicode_host: str) -> str:
    """The Latin name that a host of mixed or foreign letters imitates; empty where it imitates none."""
    if unicode_host.isascii():
        return ""
    plain = unicode_host.translate(_CONFUSABLE)
    return plain if plain.isascii() else ""


def _detail(full: str, registrable: str, unicode_host: str) -> str:
    notes = [f"host {full}"] if full not in (registrable, f"www.{registrable}") else []
    if imitated := lookalike(unicode_host):
        notes.append(f"looks like {imitated}")
    return "; ".join(notes)


def _made(reading: Reading, kind: Type, start: int, end: int, value: str, detail: str = "") -> Selector:
    first, last = reading.span(start, end)
    return Selector(kind, reading.original[first:last], value, first, last, detail=detail)
