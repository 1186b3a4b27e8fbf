"""How documents are divided for runs: by fiscal year and region, as the register says them.

The partition of a file must be known before it is read, so only the register decides it; a file it
does not place is in ``unknown`` or region ``000000``. Where its rows lie in the lake is decided by
what was read, which may be another year or region.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dagster import DynamicPartitionsDefinition, MultiPartitionsDefinition, StaticPartitionsDefinition

from pipelines.acquisition.model import FoundFile

UNKNOWN_YEAR = "unknown"
UNKNOWN_REGION = "000000"
# 2007 is the first year of the present functional codes; earlier documents are not published as PDFs.
YEARS = (UNKNOWN_YEAR, *(str(year) for year in range(2007, 2028)))

REGIONS = "region"
REGION_PARTITIONS = DynamicPartitionsDefinition(name=REGIONS)
DOCUMENT_PARTITIONS = MultiPartitionsDefinition(
    {"fiscal_year": StaticPartitionsDefinition(YEARS), "region": REGION_PARTITIONS}
)

Partition = tuple[str, str]


def partition_of(file: FoundFile) -> Partition:
    """Fiscal year and region code of a file's partition."""
    year = str(file.registered.fiscal_year or UNKNOWN_YEAR)
    return (year if year in YEARS else UNKNOWN_YEAR, file.registered.region_code or UNKNOWN_REGION)


def key_of(partition: Partition) -> str:
    """The partition's key as Dagster writes it."""
    return "|".join(partition)


def covering_range(partitions: Iterable[Partition], regions: Sequence[str]) -> tuple[str, str]:
    """First and last key of the smallest range that holds all ``partitions``.

    A run takes a range of each dimension, not a set of keys. The partitions it holds beside those
    asked for cost nothing: their documents are in the lake already. ``regions`` is the order in which
    regions are registered, new ones last.
    """
    listed = list(partitions)
    years = sorted(YEARS.index(year) for year, _ in listed)
    places = sorted(regions.index(region) for _, region in listed)
    return key_of((YEARS[years[0]], regions[places[0]])), key_of((YEARS[years[-1]], regions[places[-1]]))
