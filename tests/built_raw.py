"""The committed ``raw/`` read and built once for all tests of a session that ask about it.

Reading takes most of the time of a build. What each document was read as is kept beside the lake's
datasets, so that tests of reading need not read again.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipelines.acquisition.inventory import hash_file
from pipelines.acquisition.model import FoundFile
from pipelines.extraction import read_document
from pipelines.extraction.model import ReadDocument
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse.build import build
from pipelines.warehouse.reading import Understanding, read_and_understand

RAW = PROJECT_ROOT / "raw"
# All tests of one xdist group run in one worker: what they share is made once.
GROUP = "raw"


@dataclass(frozen=True, slots=True)
class BuiltRaw:
    """A data folder built from ``raw/``, and what reading its documents gave (if this session read them)."""

    data: Path
    readings: Path

    def document(self, source_path: str) -> ReadDocument:
        """A document of ``raw/`` as the room extraction reads it."""
        kept = self.readings / f"{hash_file(RAW / source_path)[:16]}.pickle"
        if kept.is_file():
            document = pickle.loads(kept.read_bytes())
            assert isinstance(document, ReadDocument)
            return document
        return read_document(RAW / source_path, hash_file(RAW / source_path)[:16])


def build_raw(data: Path) -> BuiltRaw:
    """Bring the warehouse of ``raw/`` in ``data`` up to date, keeping what is read."""
    settings = Settings.from_environment(raw=RAW, data=data)
    # A reading process may write below the lake only.
    readings = settings.lake / "kept_readings"
    readings.mkdir(parents=True, exist_ok=True)
    build(settings, wait_seconds=600, understand=partial(read_and_keep, readings))
    return BuiltRaw(data, readings)


def read_and_keep(readings: Path, path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """Read a document as a build does and keep what was read; runs in a worker."""
    found = read_and_understand(path, file, max_pages)
    (readings / f"{file.document_id}.pickle").write_bytes(pickle.dumps(found.document))
    return found
