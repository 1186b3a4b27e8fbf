"""Headers: which rows are header, and the path of header words above each column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.statements.catalogue import Catalogue, KnownForm
from pipelines.statements.grid import Grid, GridCell
from pipelines.statements.printed_text import label_of, plain

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
_YEAR_ALONE = re.compile(r"(?:19|20)\d{2}年度?")
_ASIDE = re.compile(r"\([^()]*\)")
_CODE = re.compile(r"[\[(]?[1-5]\d{2}(?:\d{2}){0,2}(?![\d年.,])")
_COLUMN_SUM = re.compile(r"\d{1,2}=[\d+\-=().…~]+|=?\d{1,2}(?:[+\-]\d{1,2})+")


@dataclass(frozen=True)
class Header:
    """The header of a grid.

    ``body`` is the first row below it. ``paths`` hold for each grid column the canonical words
    from top to bottom. ``words`` are the cells the paths were made of: they may also stand in the
    first body row, where a header row and the row of totals are one (T7, T8).
    """

    body: int
    paths: tuple[tuple[str, ...], ...]
    words: tuple[GridCell, ...]
    column_numbers: frozenset[int]

    def path_of(self, cell: GridCell) -> tuple[str, ...]:
        """The header path above a cell (of its first column that has one)."""
        for column in range(cell.column, cell.last_column + 1):
            if column < len(self.paths) and self.paths[column]:
                return self.paths[column]
        return ()


def read_header(grid: Grid, first: int, catalogue: Catalogue, fiscal_year: int | None = None) -> Header:
    """Find the header below the rows that belong to the title (``first`` is the row after them).

    ``fiscal_year`` is the document's: where a year is printed over some of the amounts only, the others are
    of this one.
    """
    numbered: set[int] = set()
    body = len(grid.rows)
    mixed: list[GridCell] = []
    for row in range(first, len(grid.rows)):
        cells = [cell for cell in grid.rows[row] if cell.text]
        if is_column_numbers(cells, catalogue):
            numbered.add(row)
            continue
        if _is_body(cells, catalogue) or _names_blank_row(cells, grid.rows[first:row], catalogue):
            body = row
            mixed = _header_words_among_figures(cells, catalogue)
            break
    words = [
        cell
        for row in range(first, body)
        if row not in numbered
        for cell in grid.rows[row]
        if cell.text and cell.printed.content == "text"
    ]
    words += [
        cell
        for row in sorted(numbered)
        for cell in grid.rows[row]
        if cell.text in catalogue.role_of_word and cell.row_span == 1
    ]
    key_columns = _key_columns(words, grid.n_columns, catalogue)
    words = [word for word in words if not _is_total_label(word, key_columns, first, catalogue)]
    words += [cell for cell in mixed if cell.column not in key_columns]
    words = _without_wrapped_ends(words, catalogue)
    years = [int(year) for word in words for year in _YEAR.findall(word.text)]
    latest = max(years, default=None)
    if latest and fiscal_year and latest < fiscal_year and _has_undated(words, key_columns, grid, catalogue):
        latest = fiscal_year
    paths = _alone(_paths(words, grid.n_columns, catalogue, latest), catalogue)
    return Header(body, paths, tuple(words), frozenset(numbered))


def is_column_numbers(cells: Sequence[GridCell], catalogue: Catalogue) -> bool:
    """Whether a row only numbers the columns (栏次 1 2 3): ascending by one, no decimals."""
    # A column that is the sum of others says so: 1=2+3.
    sums = [cell for cell in cells if _COLUMN_SUM.fullmatch(cell.text)]
    numbers = [cell for cell in cells if cell.printed.content == "number"]
    words = {cell.text for cell in cells if cell not in numbers and cell not in sums}
    known = {*catalogue.role_of_word, *catalogue.words.column_number_words}
    named = any(word.strip("()") in catalogue.words.column_number_words for word in words)
    if not numbers or any(cell.printed.decimals or cell.printed.value is None for cell in numbers):
        return False
    values = [int(cell.printed.value) for cell in numbers if cell.printed.value is not None]
    ascending = all(b - a == 1 for a, b in pairwise(values))
    if named:
        return ascending
    if sums:
        return all(a < b for a, b in pairwise(values)) and words <= known
    # No accounts run 1, 2, 3, 4 from left to right, whatever is printed before them.
    return ascending and values[0] == 1 and (len(values) > 3 or (len(values) == 3 and words <= known))


def _is_body(cells: Sequence[GridCell], catalogue: Catalogue) -> bool:
    """Whether a row is below the header: it holds a figure, a code or a line with a number."""
    if not cells:
        return False
    if any(cell.printed.content == "number" for cell in cells):
        return True
    if any(_CODE.match(cell.text) for cell in cells[:1]):
        return True
    # Strokes stand for nothing in a place of figures; no header is made of them.
    if sum(cell.printed.content == "nothing" for cell in cells) > 1:
        return True
    numbered = re.compile(r"^(?:[一二三四五六七八九十]+、|\d{1,2}[.、])")
    lines = [cell for cell in cells if numbered.match(cell.text)]
    return bool(lines) and all(label_of(c.text) not in catalogue.role_of_word for c in lines)


def _names_blank_row(
    cells: Sequence[GridCell], above: Sequence[Sequence[GridCell]], catalogue: Catalogue
) -> bool:
    """Whether a row below headed columns prints nothing but its name: a row of blank amounts.

    The name stands in a column that the header calls one of names, and is no word of headers itself. A
    word for amounts (因公出国（境）费) heads nothing there: below 项目 it is the name of a row.
    """
    heads = [cell for row in above for cell in row if cell.text and cell.printed.content == "text"]
    roles = [cell for cell in heads if catalogue.header_word(cell.text) in catalogue.role_of_word]
    keys = {k for cell in roles for k in range(cell.column, cell.last_column + 1)}
    headed = {k for cell in heads for k in range(cell.column, cell.last_column + 1)}
    names = [cell for cell in cells if cell.printed.content == "text"]
    known = (*catalogue.role_of_word, *catalogue.total_words, *catalogue.words.column_number_words)
    labels = {
        cell.column
        for cell in roles
        if cell.column_span == 1 and catalogue.role_of_word.get(catalogue.header_word(cell.text)) == "label"
    }
    return (
        0 < len(names) == len(cells)
        and bool(headed - keys)
        and not any(_goes_on_above(cell, heads, catalogue) for cell in names)
        and all(cell.column in keys and cell.column_span == 1 for cell in names)
        and not any(cell.text in known for cell in names)
        and not any(
            _is_known(cell.text, catalogue)
            and (cell.column not in labels or not _is_amount_word(cell.text, catalogue))
            for cell in names
        )
        and any("年" not in cell.text for cell in names)
    )


def _goes_on_above(cell: GridCell, heads: Sequence[GridCell], catalogue: Catalogue) -> bool:
    """Whether a word ends the one right above it, that is none alone: 部门预算经 over 济分类科目编码."""
    above = [head for head in heads if (head.column, head.column_span) == (cell.column, cell.column_span)]
    upper = max(above, key=lambda head: head.row, default=None)
    if upper is None or _is_known(upper.text, catalogue):
        return False
    return _is_known(upper.text + cell.text, catalogue)


def _header_words_among_figures(cells: Sequence[GridCell], catalogue: Catalogue) -> list[GridCell]:
    """Header words in the first row of figures; its leftmost word is that row's own label.

    A numbered word (四、机关运行经费) is the label of another block.
    """
    known = {*catalogue.canonical_word.values(), *catalogue.canonical_word}
    words = sorted((cell for cell in cells if cell.printed.content == "text"), key=lambda c: c.column)
    return [
        cell
        for cell in words[1:]
        if catalogue.header_word(cell.text) in known
        and not _CODE.match(cell.text)
        and label_of(cell.text) == cell.text
    ]


def _key_columns(words: Sequence[GridCell], n_columns: int, catalogue: Catalogue) -> set[int]:
    """Columns that the header calls codes, names or line numbers."""
    keys: set[int] = set()
    for word in words:
        if catalogue.header_word(word.text) in catalogue.role_of_word:
            keys.update(range(word.column, min(word.last_column + 1, n_columns)))
    return keys


def _has_undated(words: Sequence[GridCell], keys: set[int], grid: Grid, catalogue: Catalogue) -> bool:
    """Whether amounts stand beside those of the years that are printed: 合计 | 项目支出 | 2022年预算数."""
    dated = [word for word in words if _YEAR.search(word.text)]
    for column in range(grid.n_columns):
        if column in keys or any(word.column <= column <= word.last_column for word in dated):
            continue
        above = [
            catalogue.header_word(word.text) for word in words if word.column <= column <= word.last_column
        ]
        if any(word in catalogue.known_words and not catalogue.is_never_amount(word) for word in above):
            return True
    return False


def _is_total_label(word: GridCell, keys: set[int], first: int, catalogue: Catalogue) -> bool:
    """Whether a word in the header's rows is the label of the row of totals printed among them."""
    if word.text not in catalogue.total_words or word.row <= first:
        return False
    return word.column in keys


def _paths(
    words: Sequence[GridCell], n_columns: int, catalogue: Catalogue, latest_year: int | None
) -> tuple[tuple[str, ...], ...]:
    paths: list[tuple[str, ...]] = []
    ordered = sorted(words, key=lambda cell: (cell.row, cell.column))
    for column in range(n_columns):
        path: list[str] = []
        above = [word for word in ordered if word.column <= column <= word.last_column]
        for text in _with_years(_whole_words(above, catalogue), latest_year, catalogue):
            canonical = catalogue.header_word(text, latest_year)
            parts = catalogue.words_in(text) if canonical not in catalogue.known_words else ()
            path += [word for word in parts or (canonical,) if word and (not path or path[-1] != word)]
        paths.append(tuple(path))
    return tuple(paths)


def _without_wrapped_ends(words: Sequence[GridCell], catalogue: Catalogue) -> list[GridCell]:
    """The words with one whose end stands alone below it narrowed to the column of its end.

    Without rules 因公出国（境） over 合计 and 费 is a word wrapped in the column of 费, that looks as if it
    stood over the column beside it too.
    """
    found = list(words)
    for at, upper in enumerate(found):
        below = [
            w for w in found if w.row == upper.last_row + 1 and upper.column <= w.column <= upper.last_column
        ]
        ends = [w for w in below if _ends(upper, w, catalogue)]
        if upper.column_span > 1 and len(ends) == 1:
            end = ends[0]
            found[at] = replace(upper, column=end.column, column_span=end.column_span)
    return found


def _ends(upper: GridCell, end: GridCell, catalogue: Catalogue) -> bool:
    """Whether a word that means nothing by itself ends the one above it."""
    if _is_known(end.text, catalogue) or len(end.text) > len(upper.text):
        return False
    whole = catalogue.header_word(upper.text + end.text)
    return whole in catalogue.known_words and whole == catalogue.header_word(upper.text)


def _with_years(words: Sequence[str], latest_year: int | None, catalogue: Catalogue) -> list[str]:
    """Header words where a cell that is a year alone says of which year the words below it are.

    The latest year says nothing of them; where nothing stands below it, it heads that year's amounts.
    """
    found: list[str] = []
    for at, text in enumerate(words):
        if not _YEAR_ALONE.fullmatch(text):
            found.append(text)
            continue
        is_latest = latest_year is None or str(latest_year) in text
        below = words[at + 1] if at + 1 < len(words) else ""
        if is_latest:
            found += [] if below else [next(iter(catalogue.words.amount_words), text)]
        elif below and catalogue.is_other_year(catalogue.header_word(text + below, latest_year)):
            # 2019年 over 执行数 is 2019年执行数; what stands below that is not of this year either.
            return [*found, text + below, *words[at + 2 :]]
        else:
            found.append(f"{text}数" if not below else text)
    return found


def _whole_words(above: Sequence[GridCell], catalogue: Catalogue) -> list[str]:
    """The words above a column from the top: one wrapped over two cells is one, two in a cell are two.

    Only where the catalogue knows what comes of it, and not what is printed in the cells.
    """
    words: list[str] = []
    k = 0
    while k < len(above):
        cell = above[k]
        if k + 1 < len(above) and cell.column_span == above[k + 1].column_span:
            joined = cell.text + above[k + 1].text
            # 专项业务经费 over 支出 is 专项业务经费支出 and means no more than its first half.
            is_same = catalogue.header_word(joined) == catalogue.header_word(cell.text)
            if _ASIDE.fullmatch(above[k + 1].text):
                words.append(joined)
                k += 2
                continue
            if _is_known(joined, catalogue) and (is_same or not _is_known(above[k + 1].text, catalogue)):
                words.append(joined)
                k += 2
                continue
        is_whole = _is_known(cell.text, catalogue)
        words += [cell.text] if is_whole else _words_of_lines(cell, catalogue)
        k += 1
    return words


def _words_of_lines(cell: GridCell, catalogue: Catalogue) -> list[str]:
    """The known words that the lines of a cell make, or its whole text."""
    lines = [plain(line) for line in cell.cell.text.splitlines() if line.strip()]
    for first in range(1, len(lines)):
        words = ["".join(lines[:first]), "".join(lines[first:])]
        if all(_is_known(word, catalogue) for word in words):
            # Below the word of a key 合计 is the label of the total's row, and of no column.
            is_label = words[1] in catalogue.total_words
            return (
                words[:1] if is_label and catalogue.header_word(words[0]) in catalogue.role_of_word else words
            )
    return [cell.text]


def _is_known(text: str, catalogue: Catalogue) -> bool:
    word = catalogue.header_word(text)
    return word in catalogue.canonical_word or word in catalogue.role_of_word or catalogue.is_neutral(word)


def _is_amount_word(text: str, catalogue: Catalogue) -> bool:
    word = catalogue.header_word(text)
    return _is_known(text, catalogue) and not (
        word in catalogue.role_of_word or catalogue.is_neutral(word) or word in catalogue.words.sum_words
    )


def _alone(paths: tuple[tuple[str, ...], ...], catalogue: Catalogue) -> tuple[tuple[str, ...], ...]:
    """Paths with the general word for a special one that stands without its likes (全年预算数)."""
    printed = {word for path in paths for word in path}
    meant = {
        catalogue.header_word(word): catalogue.header_word(alone.means)
        for word, alone in catalogue.words.means_when_alone.items()
        if not printed & {catalogue.header_word(other) for other in alone.unless}
    }
    return tuple(tuple(meant.get(word, word) for word in path) for path in paths)


def role_of(path: Sequence[str], form: KnownForm, catalogue: Catalogue) -> str:
    """What makes a column a key.

    One of ``code``, ``label``, ``unit``, ``unit_or_label``, ``line_number``, ``remark``, ``free``, ``text``.
    The lowest header word that says so counts, unless a word that means amounts stands below it;
    an empty string means that it is no key.
    """
    free = {catalogue.header_word(word) for word in form.form.free_row_keys}
    described = {catalogue.header_word(word) for word in form.form.text_columns}
    for word in reversed(path):
        if word in free:
            return "free"
        if word in described:
            return "text"
        if role := catalogue.role_of_word.get(word, ""):
            return role
        if word in form.patterns:
            return ""
    return ""
