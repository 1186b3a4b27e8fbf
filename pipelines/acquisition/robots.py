"""robots.txt (RFC 9309): what a host asks not to be fetched, and how slowly it wants to be asked."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

#: RFC 9309, 2.5: what stands after 500 kibibytes need not be read.
SIZE = 500 << 10
# A host that asks for more than this is asked this slowly all the same: a day has 1,440 minutes.
_SLOWEST = 60.0


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host.

    ``everything`` overrules them: a robots.txt that is not there allows all (RFC 9309, 2.3.1.3), one that
    is not to be had allows nothing (2.3.1.4), for the reason ``said``, which ``may_pass``.
    """

    rules: Protego | None = None
    everything: bool | None = None
    said: str = ""
    may_pass: bool = True

    def allows(self, address: str, user_agent: str) -> bool:
        """Whether an address may be asked for."""
        if self.everything is not None or self.rules is None:
            return self.everything is not False
        return bool(self.rules.can_fetch(address, user_agent))

    def seconds_between(self, user_agent: str) -> float:
        """The pause the host asks for between two requests; 0 where it does not say."""
        delay = self.rules.crawl_delay(user_agent) if self.rules is not None else None
        return min(float(delay), _SLOWEST) if delay else 0.0


def read_robots(content: bytes) -> Robots:
    """Read the rules; what cannot be understood in them is no rule."""
    return Robots(Protego.parse(content[:SIZE].decode("utf-8", "replace").removeprefix("\ufeff")))
