"""What this room adds to the lake, as asset specs, and its catalogue as assets."""

from __future__ import annotations

from dagster import AssetKey, AssetSpec

from pipelines.extraction.assets import CELLS_KEY, DOCUMENTS_KEY

_READ = {"group_name": "statements", "kinds": {"python", "parquet"}}

SPECS = (
    AssetSpec(
        AssetKey(["lake", "statements"]),
        deps=[CELLS_KEY],
        description="Every statement recognised in a document, also one printed empty.",
        **_READ,
    ),
    AssetSpec(
        AssetKey(["lake", "line_items"]),
        deps=[CELLS_KEY],
        description="Every printed amount of a recognised statement, in yuan, with the cell it came from.",
        **_READ,
    ),
    AssetSpec(
        AssetKey(["lake", "claims"]),
        deps=[DOCUMENTS_KEY],
        description="Every statement of fact in a narrative that can be checked against the statements.",
        **_READ,
    ),
    AssetSpec(
        AssetKey(["lake", "notes"]),
        deps=[CELLS_KEY],
        description="What was not understood, and what the reading has to say, with page and text.",
        **_READ,
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
