"""How much of what is many the tests look at: a drawn part, or all where ``$JUESUAN_THOROUGH`` is set."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

One = TypeVar("One")

#: The environment variable under which everything is looked at (``make thorough``).
THOROUGH = "JUESUAN_THOROUGH"


def sampled(all_of: Iterable[One], one_in: int, *, name: Callable[[One], str] = str) -> Sequence[One]:
    """About one in ``one_in``, drawn by a hash of the name: the same in each run. All when thorough."""
    if os.environ.get(THOROUGH):
        return list(all_of)
    return [one for one in all_of if int(hashlib.md5(name(one).encode()).hexdigest(), 16) % one_in == 0]
