"""Tests use no network, and the guard against it works."""

from __future__ import annotations

import re
import socket
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from tests.house.tree import name, texts, under

CLIENTS = re.compile(
    r"^\s*(import|from) (requests|httpx|aiohttp|urllib3|ftplib|smtplib|telnetlib|paramiko)\b", re.MULTILINE
)


def lookup() -> object:
    return socket.getaddrinfo("a.example", 80)


def connect() -> object:
    return socket.create_connection(("192.0.2.1", 80), timeout=1)


def send() -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        return sender.sendto(b"x", ("192.0.2.1", 53))


def fetch() -> object:
    return urllib.request.urlopen("http://a.example/", timeout=1)


@pytest.mark.parametrize("call", [lookup, connect, send, fetch])
def test_calling_out_fails(call: Callable[[], object]) -> None:
    with pytest.raises(AssertionError, match="tests use no network"):
        call()


def test_this_machine_may_be_called() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
    assert socket.getaddrinfo("localhost", 80)


def test_no_test_holds_a_client_of_the_network() -> None:
    found = [f"{name(path)}: {match[2]}" for path, text in texts(under("tests")) for match in CLIENTS.finditer(text)]
    assert found == []


def test_a_client_would_be_found() -> None:
    assert [match[2] for match in CLIENTS.finditer("import os\n    from httpx import get\nimport requests as r\n")] == [
        "httpx", "requests",
    ]  # fmt: skip


def test_the_source_calls_nobody_by_itself() -> None:
    """Recoup works offline: no room opens an address of the web."""
    opener = re.compile(r"urlopen\(|http\.client|socket\.create_connection|import requests|import httpx")
    assert [name(path) for path, text in texts(under("src")) if opener.search(text)] == []
