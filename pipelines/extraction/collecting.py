"""Garbage collection put off while a document is read.

Reading makes some thousand records a page, none of which lead round in a ring, and each few hundred of them
Python would look for rings; now and then it would walk through every object of all libraries loaded.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: So many new records are waited for. pdfminer's own rings stay that long: some megabytes.
NEW_RECORDS = 100_000


@contextmanager
def collections_put_off() -> Iterator[None]:
    """Collect rarely within; as before afterwards. Where collecting is switched off, nothing changes."""
    before = gc.get_threshold()
    if 0 < before[0] < NEW_RECORDS:
        gc.set_threshold(NEW_RECORDS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
