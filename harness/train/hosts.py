"""By which names the page may be asked, and what to type in another computer's browser to reach it.

A browser that was led here by a foreign name (DNS rebinding) sends that name. A number is no name: it is let in as soon
as the page is for other computers too, since nobody can know beforehand by which of its numbers they reach it.
"""

import contextlib
import dataclasses
import socket
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_FAR = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}  # of no computer; nothing is sent there


@dataclasses.dataclass(frozen=True, slots=True)
class Hosts:
    """Names beside loopback's, and whether any address in figures will do.

    >>> Hosts(("desk.example",)).has("Desk.Example:8765"), Hosts().has("192.168.1.7:8765")
    (True, False)
    >>> Hosts(any_number=True).has("192.168.1.7:8765"), Hosts(any_number=True).has("evil.example")
    (True, False)
    """

    names: tuple[str, ...] = ()
    any_number: bool = False

    def has(self, asked: str) -> bool:
        """Whether the page may be asked by a Host header."""
        name = _name_of(asked)
        known = {one.lower() for one in (*_LOOPBACK, *self.names)}
        return name is not None and (name in known or (self.any_number and _is_number(name)))


def hosts_of(host: str) -> Hosts:
    """The names that go with an address to listen at; where it is everywhere, this machine's own."""
    if is_loopback(host):
        return Hosts((host,))
    if host not in EVERYWHERE:
        return Hosts((host,), any_number=True)
    name = socket.gethostname()
    return Hosts((name, socket.getfqdn(), f"{name}.local"), any_number=True)


def is_loopback(host: str) -> bool:
    """Whether an address is this computer's alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def addresses(host: str, port: int) -> tuple[str, ...]:
    """What to type to reach the page: here first, then on other computers, where it is known.

    >>> addresses("127.0.0.1", 8765), addresses("::1", 8765)
    (('http://127.0.0.1:8765/',), ('http://[::1]:8765/',))
    """
    if host not in EVERYWHERE:
        return (_typed(host, port),)
    here, families = ("127.0.0.1", [socket.AF_INET]) if host == EVERYWHERE[0] else ("::1", list(_FAR))
    outside = [found for found in map(_outside, families) if found is not None and not is_loopback(found)]
    return tuple(_typed(one, port) for one in (here, *outside))


def _outside(family: socket.AddressFamily) -> str | None:
    """The address of the interface by which others are reached; nothing is sent to find it."""
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((_FAR[family], 9))
        return str(probe.getsockname()[0])
    return None


def _typed(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _name_of(asked: str) -> str | None:
    """The name of a Host header without its port; None where it is none."""
    try:
        parts = urlsplit(f"//{asked}")
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname if parts.netloc == asked and "@" not in asked and "," not in asked else None


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def listed(found: Sequence[str]) -> str:
    """Addresses as they are told at the start.

    >>> print(listed(["http://127.0.0.1:8765/", "http://192.168.1.7:8765/"]))
    cartox train is at http://127.0.0.1:8765/
    On other computers of this network: http://192.168.1.7:8765/
    """
    first, *more = found
    return "\n".join([f"cartox train is at {first}", *(f"On other computers of this network: {one}" for one in more)])
