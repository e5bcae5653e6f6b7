"""``cartox train``: the addresses that it tells and by which it may be asked."""

import socket

import pytest

from harness.cli import train


def test_addresses_for_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in ("127.0.1.1", "10.0.0.7", "169.254.1.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)
    told = train._own_addresses()
    assert "10.0.0.7" in told and not any(one.startswith(("127.", "169.254.")) for one in told)
    assert set(told) <= set(train._names("0.0.0.0"))
    assert train._names("127.0.0.1") == ("127.0.0.1",)


def test_a_machine_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", none)
    monkeypatch.setattr(socket, "socket", none)
    assert train._own_addresses() == ()
    assert train._names("0.0.0.0") == (socket.gethostname(),)
