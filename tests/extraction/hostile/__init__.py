"""Broken and bombing PDFs, each made by code from a fixed seed, and what must become of each."""

from __future__ import annotations

from collections.abc import Iterator

from tests.extraction.hostile.building import HostileFile
from tests.extraction.hostile.contents import contents
from tests.extraction.hostile.elsewhere import elsewhere
from tests.extraction.hostile.encrypted import encrypted_files
from tests.extraction.hostile.structures import structures
from tests.extraction.hostile.threads import threads


def all_kinds() -> Iterator[HostileFile]:
    """Every file there is but for the mutations of good ones."""
    yield from structures()
    yield from encrypted_files()
    yield from contents()
    yield from elsewhere()
    yield from threads()
