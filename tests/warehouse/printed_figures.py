"""Documents made of figures typed by hand, for the tests of identities: no PDF, no catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.statements.model import DocumentKind, Identification, LineItem, Statement
from pipelines.warehouse.identities import IdentityResult, Printed, evaluate_documents
from pipelines.warehouse.identity_tables import IdentityTables

#: row key -> column id -> figure as printed ("" for a blank cell)
Rows = Mapping[str, Mapping[str, str]]
UNITS = {"万元": Decimal(10000), "元": Decimal(1)}


@dataclass
class Book:
    """One document: statements are added in printed order, one page each."""

    kind: DocumentKind = "final_accounts"
    year: int = 2023
    department: str = "样例市档案局"
    document_id: str = "doc"
    statements: list[Statement] = field(default_factory=list)
    line_items: list[LineItem] = field(default_factory=list)

    def add(
        self,
        statement_id: str,
        rows: Rows | None = None,
        *,
        columns: Sequence[str] = (),
        blank_rows: Sequence[str] = (),
        unit: str = "万元",
        stated_empty: bool = False,
    ) -> Book:
        """Add a statement; a row key written ``201#2`` is the code 201 printed again."""
        number = len(self.statements) + 1
        rows = rows or {}
        for row_number, (row, cells) in enumerate(rows.items(), start=1):
            for column, printed in cells.items():
                if printed:
                    self.line_items.append(
                        self._item(statement_id, number, row_number, row.split("#")[0], column, printed, unit)
                    )
        in_print = [column for cells in rows.values() for column in cells]
        keys = [row.split("#")[0] for row in rows]
        self.statements.append(
            Statement(
                statement_number=number,
                statement_id=statement_id,
                title_printed=statement_id,
                label_printed="",
                first_page=number,
                last_page=number,
                unit=unit,
                department_printed=self.department,
                is_stated_empty=stated_empty,
                empty_sentence="本表无数据" if stated_empty else "",
                score=1.0,
                n_rows=len(rows),
                n_amounts=sum(1 for item in self.line_items if item.statement_number == number),
                printed_rows=tuple(dict.fromkeys([*keys, *blank_rows])),
                printed_columns=tuple(dict.fromkeys([*in_print, *columns])),
            )
        )
        return self

    def _item(
        self, statement: str, number: int, row_number: int, row: str, column: str, printed: str, unit: str
    ) -> LineItem:
        figure = Decimal(printed.replace(",", ""))
        exponent = figure.as_tuple().exponent
        assert isinstance(exponent, int)
        return LineItem(
            cell_id=f"{self.document_id}-p{number:04d}-t01-r{row_number:03d}-{column}",
            statement_number=number,
            statement_id=statement,
            row_kind="functional" if row[:1] == "2" else "line",
            row_key=row,
            row_label=row,
            row_path="",
            row_number=row_number,
            side="",
            column_id=column,
            column_path=column,
            amount_yuan=figure * UNITS[unit],
            amount_printed=printed,
            unit=unit,
            precision_yuan=Decimal(1).scaleb(exponent) * UNITS[unit],
            page=number,
        )

    def printed(self) -> Printed:
        """The document as the evaluation takes it."""
        who = Identification(self.department, self.year, self.kind, "department", "420100", "")
        return Printed(self.document_id, who, self.statements, self.line_items)


def verdicts(*books: Book, tables: IdentityTables | None = None) -> dict[tuple[str, str], IdentityResult]:
    """Results by identity and key, over all the documents together."""
    results = evaluate_documents([book.printed() for book in books], tables=tables)
    named = {(result.identity_id, result.key): result for result in results}
    assert len(named) == len(results) or len({book.year for book in books}) > 1
    return named
