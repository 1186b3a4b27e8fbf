"""The datasets of the lake as asset specs: what the rooms before say of theirs, repairs and reviews."""

from __future__ import annotations

from dagster import AssetKey, AssetSpec

from pipelines.dagster_settings import OWNERS
from pipelines.extraction.assets import SPECS as EXTRACTION_SPECS
from pipelines.statements.assets import SPECS as STATEMENTS_SPECS

REPAIRS_SPEC = AssetSpec(
    AssetKey(["lake", "repairs"]),
    deps=[AssetKey(["lake", "cells"]), AssetKey(["lake", "line_items"])],
    group_name="statements",
    kinds={"python", "parquet"},
    description="Every recognised amount that the identities prove to be another, as read and why.",
)
REVIEWS_SPEC = AssetSpec(
    AssetKey(["lake", "reviews"]),
    deps=[AssetKey(["lake", "cells"]), AssetKey(["lake", "line_items"])],
    group_name="statements",
    kinds={"python", "parquet"},
    description="Every decision of a reviewer about a document (review/ of the raw folder), with its effect.",
)
LAKE_SPECS = tuple(
    spec.replace_attributes(owners=OWNERS)
    for spec in (*EXTRACTION_SPECS, *STATEMENTS_SPECS, REPAIRS_SPEC, REVIEWS_SPEC)
)
