"""What a build carries over from the published warehouse: the rows of regions in which nothing changed.

An identity, a contradiction, a claim or a restatement never leaves its region. So models that say of
themselves ``made_of: region`` (``dbt_project.yml``) are made twice: first of the documents of regions that
changed alone, into a file of changes; then, in a copy of the published file, those rows take the place of the
old ones (``macros/tables.sql``). Models in which all regions meet are made of all rows, as ever, and every
rule is asked of all of them. The tables are those that a build of everything would make.

Nothing is carried over where anything but documents has changed (models, identities, the catalogue, code,
libraries), where that would not be worth its own costs, or into a DuckLake.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import Settings
from pipelines.warehouse.datasets import PER_DOCUMENT
from pipelines.warehouse.lake import Lake, LakeEntry
from pipelines.warehouse.packing import copy_tables, link
from pipelines.warehouse.versions import build_version

#: Carrying over costs a second start of dbt and a copy of the file: many documents must be spared for it.
CHANGED_AT_MOST = 0.5
#: Rows that are taken out leave gaps in the file. It is made anew when it has grown by this much.
GROWN_AT_MOST = 1.5


@dataclass(frozen=True, slots=True)
class MadeOf:
    """What a warehouse is made of: ``field`` is the version of all but documents, then one a region."""

    field: str
    regions: Mapping[str, str]

    def recorded(self) -> dict[str, Any]:
        """As it is kept with the published file."""
        return {"field": self.field, "regions": dict(self.regions)}


@dataclass(frozen=True, slots=True)
class Carried:
    """A build that carries rows over: how many documents', and what is made anew into ``changed_file``.

    ``changed`` are the documents that regions which changed have now, ``gone`` the ids of those that the
    published file has of them.
    """

    n_carried: int
    regions: tuple[str, ...]
    changed: tuple[LakeEntry, ...]
    gone: tuple[str, ...]
    changed_file: Path

    def said(self) -> str:
        """What is carried over and what is made anew, in words."""
        return (
            f"{self.n_carried} document(s) of regions in which nothing changed are carried over from the "
            f"published warehouse; {len(self.changed)} of {len(self.regions)} region(s) are made anew"
        )


def made_of(settings: Settings, entries: Mapping[str, LakeEntry]) -> MadeOf:
    """What the warehouse would be made of now; ``entries`` are what the lake holds."""
    lies_at: dict[str, list[str]] = {}
    for path, row in sorted(Lake(settings.lake).inventory().items()):
        lies_at.setdefault(row.document_id, []).append(path)
    digests: dict[str, hashlib._Hash] = {}
    for document_id, entry in sorted(entries.items()):
        digest = digests.setdefault(entry.region_code or "", hashlib.sha256())
        digest.update(repr((entry, lies_at.get(document_id))).encode())
    return MadeOf(
        build_version(settings, ()), {region: digest.hexdigest()[:16] for region, digest in digests.items()}
    )


def carried_over(
    settings: Settings,
    folder: Path,
    entries: Mapping[str, LakeEntry],
    record: Mapping[str, Any],
    now: MadeOf,
) -> Carried | None:
    """What a build into ``folder`` carries over from the published file, of which ``record`` tells.

    None where all is to be made: see the module.
    """
    before = record.get("made_of", {})
    if (
        settings.ducklake
        or before.get("field") != now.field
        or record["file"] != file_as_recorded(settings.warehouse)
        or record["file"]["bytes"] > GROWN_AT_MOST * record["bytes_of_whole"]
    ):
        return None
    regions = {
        region
        for region in {*before["regions"], *now.regions}
        if before["regions"].get(region) != now.regions.get(region)
    }
    changed = tuple(entry for entry in entries.values() if (entry.region_code or "") in regions)
    n_carried = len(entries) - len(changed)
    if n_carried < settings.carry_from or len(changed) > CHANGED_AT_MOST * len(entries):
        return None
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        gone = connection.execute(
            "SELECT document_id FROM intermediate.int_documents WHERE coalesce(region_code, '') = ANY($1)",
            [sorted(regions)],
        ).fetchall()
    return Carried(
        n_carried,
        tuple(sorted(regions)),
        changed,
        tuple(document_id for (document_id,) in gone),
        folder / "changes" / settings.warehouse.name,
    )


def file_as_recorded(warehouse: Path) -> dict[str, int]:
    """By what a published file is known to be the one that was published: size, and time of change."""
    stat = warehouse.stat()
    return {"bytes": stat.st_size, "modified_ns": stat.st_mtime_ns}


def lake_of_changes(settings: Settings, carried: Carried) -> Path:
    """A lake with the documents of changed regions alone; files are links to those of the lake."""
    return _lake_of(settings, settings.data / "lake_of_changes", carried.changed)


def lake_of_none(settings: Settings) -> Path:
    """A lake without any document, for a build that has all their rows."""
    return _lake_of(settings, settings.data / "lake_of_none", ())


def _lake_of(settings: Settings, root: Path, entries: Iterable[LakeEntry]) -> Path:
    # Always at the same place: dbt goes on from what it read of the project the last time.
    shutil.rmtree(root, ignore_errors=True)
    part, lake = Lake(root), Lake(settings.lake)
    part.prepare()
    copy_tables(lake, part)
    for entry in entries:
        for dataset in PER_DOCUMENT:
            link(lake.file_of(dataset, entry), part.file_of(dataset, entry))
    return root


def write_changes(carried: Carried) -> None:
    """Write into the file of changes which regions and documents they are of."""
    documents = {*carried.gone, *(entry.document_id for entry in carried.changed)}
    with duckdb.connect(str(carried.changed_file)) as connection:
        connection.execute("CREATE SCHEMA changes")
        connection.execute(
            "CREATE TABLE changes.regions AS SELECT unnest($1::VARCHAR[]) AS region_code",
            [list(carried.regions)],
        )
        connection.execute(
            "CREATE TABLE changes.documents AS SELECT unnest($1::VARCHAR[]) AS document_id",
            [sorted(documents)],
        )


def remove_lakes(settings: Settings) -> None:
    """Remove the lakes of links that a build made, if any."""
    for name in ("lake_of_changes", "lake_of_none"):
        shutil.rmtree(settings.data / name, ignore_errors=True)
