"""What this room adds to the lake, as asset specs.

The reading that makes them is one step for several rooms (``warehouse/assets.py``), because a
document is opened once.
"""

from __future__ import annotations

from dagster import AssetKey, AssetSpec

from pipelines.acquisition.assets import RAW_INVENTORY_KEY

DOCUMENTS_KEY = AssetKey(["lake", "documents"])
CELLS_KEY = AssetKey(["lake", "cells"])

SPECS = (
    AssetSpec(
        DOCUMENTS_KEY,
        deps=[RAW_INVENTORY_KEY],
        group_name="extraction",
        kinds={"python", "parquet"},
        description="Every file that was read or tried: what it is, and how its reading ended.",
    ),
    AssetSpec(
        CELLS_KEY,
        deps=[RAW_INVENTORY_KEY],
        group_name="extraction",
        kinds={"python", "parquet"},
        description="Every printed table cell with its text, page and bounding box.",
    ),
)
