"""The facts of the field that SQL needs beside the figures: statement forms and identities, as Parquet.

They are data files of other rooms (the catalogue, ``expectations/``); here they only change form.
"""

from __future__ import annotations

from pipelines.settings import Settings
from pipelines.statements.catalogue import Catalogue, load_catalogue
from pipelines.warehouse.datasets import Column, Dataset
from pipelines.warehouse.identity_tables import TABLES, compile_identities, write_identities
from pipelines.warehouse.lake import Lake, Row


def _dataset(name: str, grain: str, *columns: tuple[str, str, str]) -> Dataset:
    return Dataset(name, grain, tuple(Column(*column) for column in columns))


_NAMES = (("name_zh", "VARCHAR", "Chinese name"), ("name_en", "VARCHAR", "English name"))
_STATEMENT = ("statement_id", "VARCHAR", "statement form of the catalogue")
_FACT_TABLE = ("fact_table", "VARCHAR", "fact table its amounts go to; empty: the next wider one says")

STATEMENT_FORMS = _dataset(
    "statement_forms",
    "one row per statement form",
    _STATEMENT,
    ("short", "VARCHAR", "short name, T1 to T9 for final accounts"),
    ("document_kind", "VARCHAR", "budget or final_accounts"),
    *_NAMES,
    ("years_from", "INTEGER", "first year of the form; empty: from the beginning"),
    ("years_to", "INTEGER", "last year of the form; empty: in force"),
    _FACT_TABLE,
    ("is_expected", "BOOLEAN", "every disclosure of the kind and years must hold it"),
)
STATEMENT_COLUMNS = _dataset(
    "statement_columns",
    "one row per column meaning of a statement form",
    _STATEMENT,
    ("column_id", "VARCHAR", "meaning of the column"),
    *_NAMES,
    ("fund", "VARCHAR", "fund its amounts belong to"),
    ("expenditure_kind", "VARCHAR", "kind of expenditure"),
    ("revenue_source", "VARCHAR", "source of revenue"),
    ("basis", "VARCHAR", "budget or final"),
    _FACT_TABLE,
)
STATEMENT_LINES = _dataset(
    "statement_lines",
    "one row per named line of a statement form",
    _STATEMENT,
    ("row_key", "VARCHAR", "line of the form"),
    *_NAMES,
    ("side", "VARCHAR", "side of the statement it stands on"),
    ("fund", "VARCHAR", "fund it belongs to"),
    _FACT_TABLE,
)


def write_reference_data(settings: Settings) -> dict[str, int]:
    """Write the catalogue's and the identities' tables into the lake; returns rows by table."""
    lake = Lake(settings.lake)
    counts = {}
    for dataset, rows in catalogue_tables(load_catalogue()):
        lake.write_table(dataset, rows, f"catalogue/{dataset.name}.parquet")
        counts[dataset.name] = len(rows)
    tables = compile_identities(settings.expectations / "identities")
    write_identities(tables, settings.lake / "identities")
    return counts | {name: len(tables.rows(name)) for name in TABLES}


def catalogue_tables(catalogue: Catalogue) -> tuple[tuple[Dataset, list[Row]], ...]:
    """The statement forms with their columns and lines, as rows."""
    forms: list[Row] = []
    columns: list[Row] = []
    lines: dict[tuple[str, str, str], Row] = {}
    for known in catalogue.forms:
        form = known.form
        forms.append(
            (
                form.id,
                form.short,
                known.document_kind,
                form.name_zh,
                form.name_en,
                form.years_from,
                form.years_to,
                form.fact_table,
                form.expected,
            )
        )
        columns.extend(
            (
                form.id,
                column.id,
                column.name_zh,
                column.name_en,
                column.fund or form.fund,
                column.expenditure_kind,
                column.revenue_source,
                column.basis or known.basis,
                column.fact_table or form.fact_table,
            )
            for column in form.columns
        )
        for name in form.lines:
            line_set = catalogue.line_sets[name]
            for line in line_set.lines:
                row = (
                    form.id,
                    line.key,
                    line.name_zh,
                    line.name_en,
                    line_set.side,
                    line.fund or form.fund,
                    line.fact_table or "",
                )
                # A line may be listed twice for its spellings under different groups; the first names it.
                lines.setdefault((form.id, line.key, line_set.side), row)
    return ((STATEMENT_FORMS, forms), (STATEMENT_COLUMNS, columns), (STATEMENT_LINES, list(lines.values())))
