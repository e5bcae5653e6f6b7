"""What is typed on other computers: the address of the way out, found without sending anything."""

import socket

import pytest

from harness.train.hosts import addresses, listed


class Probe:
    """A socket that knows its way out, and fails where something is sent."""

    def __init__(self, family: int, _kind: int) -> None:
        self.family = family

    def __enter__(self) -> "Probe":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def connect(self, _far: object) -> None:
        if self.family == socket.AF_INET6:
            raise OSError(101, "Network is unreachable")

    def getsockname(self) -> tuple[str, int]:
        return "192.168.1.7", 40000


def test_the_address_of_the_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.train.hosts.socket.socket", Probe)
    assert addresses("0.0.0.0", 80) == ("http://127.0.0.1:80/", "http://192.168.1.7:80/")
    assert addresses("::", 80) == ("http://[::1]:80/", "http://192.168.1.7:80/")
    assert addresses("192.168.1.9", 80) == ("http://192.168.1.9:80/",)
    assert "other computers of this network: http://192.168.1.7:80/" in listed(addresses("0.0.0.0", 80))


def test_without_a_network_the_own_address_alone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> Probe:
        raise OSError(97, "Address family not supported")

    monkeypatch.setattr("harness.train.hosts.socket.socket", none)
    assert addresses("0.0.0.0", 80) == ("http://127.0.0.1:80/",)
