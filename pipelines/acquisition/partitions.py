"""How documents are divided for runs: by fiscal year and region, as the register says them.

The partition of a file must be known before it is read, so only the register decides it; a file it
does not place is in ``unknown`` or region ``000000``. Where its rows lie in the lake is decided by
what was read, which may be another year or region.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dagster import DynamicPartitionsDefinition, MultiPartitionsDefinition, StaticPartitionsDefinition

from pipelines.acquisition.model import FoundFile

UNKNOWN_YEAR = "unknown"
UNKNOWN_REGION = "000000"
# The first year of the present functional codes; earlier documents are not published as PDFs.
FIRST_YEAR = 2007
# A budget is published in the spring of its own year; a draft may be a year early.
YEARS_AHEAD = 2


def partition_years(today: date) -> tuple[str, ...]:
    """The keys of the dimension of years: ``unknown``, then from 2007 to two years after ``today``.

    Later days only add keys at the end, so that what was kept of the others stays true.
    """
    return (UNKNOWN_YEAR, *(str(year) for year in range(FIRST_YEAR, today.year + YEARS_AHEAD + 1)))


YEARS = partition_years(date.today())

REGIONS = "region"
REGION_PARTITIONS = DynamicPartitionsDefinition(name=REGIONS)
DOCUMENT_PARTITIONS = MultiPartitionsDefinition(
    {"fiscal_year": StaticPartitionsDefinition(YEARS), "region": REGION_PARTITIONS}
)

Partition = tuple[str, str]


def partition_of(file: FoundFile) -> Partition:
    """Fiscal year and region code of a file's partition; a year outside ``YEARS`` is ``unknown``."""
    year = str(file.registered.fiscal_year or UNKNOWN_YEAR)
    return (year if year in YEARS else UNKNOWN_YEAR, file.registered.region_code or UNKNOWN_REGION)


def year_outside(file: FoundFile) -> str:
    """What there is to say of a file whose registered year has no partition; empty for all others."""
    year = file.registered.fiscal_year
    if year is None or str(year) in YEARS:
        return ""
    return (
        f"{file.source_path}: registered for {year}; partitions go from {YEARS[1]} to {YEARS[-1]}, so it is "
        f"read with partition {UNKNOWN_YEAR} (correct the register if the year is a slip)"
    )


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
