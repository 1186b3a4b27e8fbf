"""Reading the shape of “三公” that has one row per kind: row and column together name the figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.statements.amounts import amount_like_cells
from pipelines.statements.catalogue import Catalogue, KnownForm
from pipelines.statements.columns import column_of, read_blocks, touches
from pipelines.statements.grid import Grid
from pipelines.statements.headers import Header
from pipelines.statements.printed_text import label_of, one_line
from pipelines.statements.rows import RowKey
from pipelines.statements.table_reading import Placed, TableReading, Unplaced


def read_transposed(grid: Grid, header: Header, form: KnownForm, catalogue: Catalogue) -> TableReading | None:
    """Read the shape with one row per kind; None if the form has none or no row fits."""
    shape = form.form.transposed
    if shape is None:
        return None
    kinds = {label_of(label): kind for kind, labels in shape.rows.items() for label in labels}
    bases = {catalogue.header_word(path) for paths in shape.columns.values() for path in paths}
    blocks = read_blocks(grid, header, form, catalogue)
    words: dict[int, tuple[str, str]] = {}
    for block in blocks:
        for column in block.columns:
            fund, above = "", column.path
            if form.form.by_fund:
                fund, above = _fund_of(column.path, header, catalogue)
                # A fund with nothing beside it stands beside the 合计 of all funds.
                above = above or (catalogue.words.sum_words[:1] if fund else ())
            for word, patterns in shape.columns.items():
                if not column.role and _fits_word(above, patterns, catalogue):
                    words[column.index] = (word, f"_{fund}" if fund else "")
    known_ids = {column.id for column in form.form.columns}
    placed: list[Placed] = []
    unplaced: list[Unplaced] = []
    rows = 0
    unknown = 0
    for cell in amount_like_cells(grid, header, catalogue):
        if cell.row < header.body:
            unplaced.append(Unplaced(cell, "amount", cell.cell.text))
            continue
        covering = grid.covering(cell.row)
        # Only the labels of its own block: a kind left of another block's label is not this row's.
        block = next((b for b in blocks if any(c.index == cell.column for c in b.columns)), blocks[0])
        keys = block.of_role("label")
        names = [c for c in covering if c.text and touches(c, keys) and c.column < cell.column]
        labels = [label_of(c.cell.text) for c in reversed(names)]
        labels = [text if text in kinds else _kind_meant(text, kinds, catalogue) for text in labels]
        kind = next((kinds[text] for text in labels if text in kinds), "")
        word, fund = words.get(cell.column, ("", ""))
        label = one_line(names[-1].cell.text) if names else ""
        path = " / ".join(header.path_of(cell))
        column_id = f"{word}_{kind}{fund}"
        if not kind and names and (base := catalogue.header_word(label)) in bases:
            # The row says whether it is budget or final, the columns which kind: as if it stood above.
            paths = [(base, *words_above) if words_above else () for words_above in header.paths]
            column_id, word, kind = column_of(paths, cell.column, "", form, catalogue), base, base
        if cell.printed.content != "number":
            unplaced.append(Unplaced(cell, "amount", cell.cell.text))
        elif not word or column_id not in known_ids:
            unplaced.append(Unplaced(cell, "column" if kind else "row", path if kind else label))
            unknown += not kind
        else:
            key = RowKey("line", "total", label, label)
            placed.append(Placed(cell, key, cell.row - header.body + 1, "", column_id, f"{label} / {path}"))
            rows += 1
    placed, twice = _without_doubles(placed)
    unplaced += twice
    if not placed and not any(label_of(c.cell.text) in kinds for row in grid.rows for c in row):
        return None
    headed = [column for block in blocks for column in block.columns if column.path]
    filled = {item.cell.column for item in placed}
    known = [column for column in headed if column.role or column.index in words or column.index in filled]
    return TableReading(
        tuple(placed),
        tuple(unplaced),
        len({item.row_number for item in placed}),
        len(known) / len(headed) if headed and (words or filled) else 0.0,
        rows / (rows + unknown) if rows + unknown else 1.0,
        frozenset(item.column_id for item in placed),
        columns=tuple(column for block in blocks for column in block.columns),
    )


def _kind_meant(label: str, kinds: Mapping[str, str], catalogue: Catalogue) -> str:
    """The known label of a kind that says what another one says."""
    meaning = catalogue.meanings.of(label) if catalogue.meanings is not None else label
    return meaning if meaning in kinds else catalogue.header_word(label)


def _without_doubles(placed: Sequence[Placed]) -> tuple[list[Placed], list[Unplaced]]:
    """Amounts whose column is meant once, and those that two cells would be (both are left out)."""
    counts = Counter(item.column_id for item in placed)
    once = [item for item in placed if counts[item.column_id] == 1]
    return once, [
        Unplaced(item.cell, "column", f"{item.column_path} (twice)")
        for item in placed
        if counts[item.column_id] > 1
    ]


def _fund_of(path: Sequence[str], header: Header, catalogue: Catalogue) -> tuple[str, tuple[str, ...]]:
    """The fund that one of a column's header words names, and the words without it.

    A fund that stands above every column that has one is the whole table's and splits nothing.
    """
    named = {word for other in header.paths for word in other if word in catalogue.fund_of_word}
    mixed = len(named) > 1 or any(not named & set(other) for other in header.paths[1:] if other)
    found = next((word for word in path if word in catalogue.fund_of_word), "") if mixed else ""
    return catalogue.fund_of_word.get(found, ""), tuple(word for word in path if word not in named)


def _fits_word(path: Sequence[str], patterns: Sequence[str], catalogue: Catalogue) -> bool:
    """Whether a path of header words is one of the patterns; one of another year must be named in it."""
    other_years = {word for word in path if catalogue.is_other_year(word)}
    for pattern in patterns:
        words = [catalogue.header_word(word) for word in pattern.split("/")]
        if path and path[-1] in words and other_years <= set(words) <= set(path):
            return True
    return False
