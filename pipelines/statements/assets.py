"""What this room adds to the lake, as asset specs, and its catalogue as assets."""

from __future__ import annotations

from dagster import AssetKey, AssetSpec

from pipelines.extraction.assets import CELLS_KEY, DOCUMENTS_KEY


def _read(name: str, dep: AssetKey, description: str) -> AssetSpec:
    return AssetSpec(
        AssetKey(["lake", name]),
        deps=[dep],
        group_name="statements",
        kinds={"python", "parquet"},
        description=description,
    )


SPECS = (
    _read("statements", CELLS_KEY, "Every statement recognised in a document, also one printed empty."),
    _read(
        "line_items",
        CELLS_KEY,
        "Every printed amount of a recognised statement, in yuan, with the cell it came from.",
    ),
    _read(
        "stated_sums",
        CELLS_KEY,
        "Every sum that a statement states of itself below or above its columns, by the cells it speaks of.",
    ),
    _read(
        "claims",
        DOCUMENTS_KEY,
        "Every statement of fact in a narrative that can be checked against the statements.",
    ),
    _read(
        "listed_items",
        DOCUMENTS_KEY,
        "Every item that a narrative lists as paid without its amount.",
    ),
    _read(
        "narrative_faults",
        DOCUMENTS_KEY,
        "What contradicts itself in a narrative: wrong years, sums that are none, sentences broken off.",
    ),
    _read(
        "performance_projects",
        CELLS_KEY,
        "Money of projects in performance sheets: budgets, what was spent, execution rate, score.",
    ),
    _read(
        "performance_indicators",
        CELLS_KEY,
        "Performance indicators with target, result, weight, score and reason of a deviation.",
    ),
    _read(
        "notes", CELLS_KEY, "What was not understood, and what the reading has to say, with page and text."
    ),
)

CATALOGUE_SPECS = tuple(
    AssetSpec(
        AssetKey(["catalogue", name]),
        group_name="statements",
        kinds={"yaml", "parquet"},
        description=description,
    )
    for name, description in (
        ("statement_forms", "The statement forms of the catalogue."),
        ("statement_columns", "The columns of each statement form, with the fact table they go to."),
        ("statement_lines", "The named lines of each statement form."),
    )
)
