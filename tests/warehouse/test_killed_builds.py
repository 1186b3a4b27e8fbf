"""A build killed at its risky places: what was published stands, the next run leaves what one alone leaves.

``benchmarks/killed_builds.py`` kills at random moments, and the real dbt too.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.warehouse.data_folder import DataFolder, different, recorded_version, state_of, table_checksums
from tests.warehouse.dying_builds import Before, die, run, steps_of_a_build
from tests.warehouse.fakes import put


@dataclass(frozen=True)
class Prepared:
    """A data folder with a published warehouse, kept aside; a document more in the raw folder."""

    settings: Settings
    kept: Path
    before: DataFolder
    after: DataFolder
    steps: tuple[str, ...]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    root = tmp_path_factory.mktemp("killed")
    settings = Settings(raw=root / "raw", data=root / "data", workers=1)
    put(root / "raw" / "a.pdf", "2023\n1.00\n")
    run(settings)
    before = state_of(settings.data)
    shutil.copytree(settings.data, root / "kept")
    put(root / "raw" / "b.pdf", "2023\n2.00\n3.00\n")
    steps = steps_of_a_build(settings, root / "steps.txt")
    after = state_of(settings.data)
    shutil.rmtree(settings.data)
    run(settings)
    from_nothing = state_of(settings.data)
    assert after == from_nothing, "what was there before makes no difference"
    assert before.tables != after.tables
    return Prepared(settings, root / "kept", before, after, tuple(steps))


PLACES = {
    "before what hashes the files have is kept": Before(("os.rename", "hashes.json")),
    "while the folder is listed": Before(("raw_inventory.parquet",)),
    "with the warehouse built": Before(("open", "data_docs/index.html")),
    "before the record goes": Before(("os.remove", "warehouse.json")),
    "without a record, before the swap": Before(("os.rename", "warehouse.duckdb")),
    "swapped, with the old pages": Before(("os.rename", "data_docs", ".data_docs.old")),
    "swapped, between the pages": Before(("os.rename", "next/", "data_docs")),
    "swapped, before the record is whole": Before(("os.rename", "warehouse.part", "warehouse.json")),
    "published, before it is tidied up": Before(("os.rmdir", "next/")),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_build_killed_at_a_risky_place_is_made_good_by_the_next(prepared: Prepared, place: str) -> None:
    settings = prepared.settings
    shutil.rmtree(settings.data)
    shutil.copytree(prepared.kept, settings.data)
    die(settings, PLACES[place])
    published = table_checksums(settings.warehouse)
    is_swapped = place.startswith(("swapped", "published"))
    assert published == (prepared.after if is_swapped else prepared.before).tables
    assert recorded_version(settings.data) in {
        "",
        (prepared.after if is_swapped else prepared.before).build_version,
    }
    run(settings)
    now = state_of(settings.data)
    assert different(now.tables, prepared.after.tables) == ""
    assert different(now.files, prepared.after.files) == ""
    assert now == prepared.after


def test_the_risky_places_are_steps_of_a_build(prepared: Prepared) -> None:
    for before in PLACES.values():
        assert any(all(word in step for word in before.words) for step in prepared.steps), before
