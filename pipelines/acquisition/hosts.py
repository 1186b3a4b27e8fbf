"""Which machines may be spoken to: none that is private, looped back, link-local or multicast.

An address found in a page, or the answer of a name server, may point into the network of whoever runs
this. So a host's addresses are looked up once, every one of them is checked, and the connection goes
to one that was checked: a second look-up could give another answer.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: Host and port to IP addresses as text; raises ``OSError`` where there is no such host.
Resolver = Callable[[str, int], Sequence[str]]

# Prefixes under which an IPv6 address carries an IPv4 one to which a gateway may pass it on.
_CARRIES_IPV4 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))


class HostRefusedError(ValueError):
    """A host that must not be spoken to; the message says why."""


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system knows them, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(
    host: str, port: int, *, resolver: Resolver = look_up, allowed: Sequence[Network] = ()
) -> tuple[str, ...]:
    """The IP addresses of a host, all of which may be spoken to.

    ``allowed`` are networks that may be spoken to although they are private (a server of one's own, a
    test). Raises ``HostRefusedError`` where any of the addresses is not public: a name with a public and
    a private address is not to be trusted with either; ``OSError`` where the name is not known.
    """
    addresses = tuple(resolver(host, port))
    if not addresses:
        raise OSError(f"{host} has no address")
    for text in addresses:
        reason = why_not_public(text)
        if reason and not _is_in(text, allowed):
            named = "" if text == host else f" ({text})"
            raise HostRefusedError(f"{host}{named} is {reason}: not asked")
    return addresses


def why_not_public(text: str) -> str:
    """What kind of address it is if it is none of the public network; empty for a public one."""
    try:
        address = ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return "no IP address"
    address = _carried(address)
    for said, holds in (
        ("an address of this machine", address.is_loopback),
        ("an unspecified address", address.is_unspecified),
        ("a multicast address", address.is_multicast),
        ("a link-local address", address.is_link_local),
        ("an address of a private network", address.is_private),
        ("a reserved address", address.is_reserved or not address.is_global),
    ):
        if holds:
            return said
    return ""


def _carried(address: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    carried = address.ipv4_mapped or address.sixtofour
    if carried is not None:
        return carried
    if any(address in network for network in _CARRIES_IPV4) and int(address) > 1:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_in(text: str, networks: Sequence[Network]) -> bool:
    try:
        address = _carried(ipaddress.ip_address(text.split("%", 1)[0]))
    except ValueError:
        return False
    return any(address.version == network.version and address in network for network in networks)
