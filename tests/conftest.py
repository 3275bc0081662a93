"""For every test: no network. A test that calls out fails where it does so; addresses of this machine are allowed."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

import pytest
from hypothesis import settings

EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"})

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


class NetworkUsed(AssertionError):
    """A test, or what it tests, called out."""


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event in EVENTS:
        place = arguments[0] if event in ("socket.getaddrinfo", "socket.gethostbyname") else arguments[-1]
        host = place[0] if isinstance(place, tuple) else place
        if not _here(host):
            raise NetworkUsed(f"{event} to {host!r}: tests use no network")


def _here(host: object) -> bool:
    """Is it this machine: loopback, no name at all, or the path of a local socket?"""
    text = host.decode() if isinstance(host, bytes) else host
    if not isinstance(text, str) or text in ("", "localhost") or text.startswith(("/", "\0")):
        return True
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def pytest_configure(config: pytest.Config) -> None:
    """Audit hooks stay for the life of the process, which is the test run's."""
    sys.addaudithook(_guard)
