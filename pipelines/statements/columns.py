"""What each grid column of a table is for a form: a key of the row, an amount, or not known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.statements.catalogue import Catalogue, KnownForm
from pipelines.statements.grid import Grid, GridCell
from pipelines.statements.headers import Header, role_of
from pipelines.statements.printed_text import label_of
from pipelines.statements.schema import Column

_CODE = re.compile(r"[235]\d{2}(?:\d{2}){0,2}")
_CODES_ENOUGH = 3
#: The role of a column of names of which a picture does not show whether they name the rows.
UNREAD = "unread"
KEY_ROLES = ("code", "label", "free", "unit_or_label")


@dataclass(frozen=True)
class GridColumn:
    """A grid column: its ``role`` if it is a key, its ``column_id`` if it holds known amounts."""

    index: int
    path: tuple[str, ...]
    role: str
    column_id: str


@dataclass(frozen=True)
class Block:
    """Key columns and the amount columns that belong to them; a two-sided table has two."""

    columns: tuple[GridColumn, ...]
    side: str

    def of_role(self, *roles: str) -> set[int]:
        """The grid columns with one of these roles."""
        return {column.index for column in self.columns if column.role in roles}

    def code_levels(self, catalogue: Catalogue) -> dict[int, int]:
        """The level (0 类, 1 款, 2 项) of each column that holds one part of a code."""
        levels = {word: level for level, word in enumerate(catalogue.words.code_levels)}
        return {c.index: levels[c.path[-1]] for c in self.columns if c.path and c.path[-1] in levels}

    @property
    def keys(self) -> set[int]:
        """The grid columns that say what a row is."""
        return self.of_role(*KEY_ROLES)


def read_blocks(grid: Grid, header: Header, form: KnownForm, catalogue: Catalogue) -> list[Block]:
    """The blocks of a table from left to right, with the meaning of every column."""
    roles = [
        role_of(path, form, catalogue)
        or (_role_of_names(grid, header, index, form) if _is_unknown(path, form, catalogue) else "")
        for index, path in enumerate(header.paths)
    ]
    roles = _with_nameless_codes(roles, grid, header, catalogue)
    roles = _without_second_classification(roles, grid, header, catalogue)
    groups: list[list[int]] = []
    amounts_seen = False
    for index, role in enumerate(roles):
        if not groups or (role in KEY_ROLES and amounts_seen):
            groups.append([])
            amounts_seen = False
        groups[-1].append(index)
        amounts_seen = amounts_seen or (not role and bool(header.paths[index]))
    sides = [_side_of([header.paths[index] for index in group], form, catalogue) for group in groups]
    if form.form.sides:
        sides = [
            side or _side_by_labels(grid, header, [i for i in group if roles[i] in KEY_ROLES], form)
            for side, group in zip(sides, groups, strict=True)
        ]
    # Of several blocks one whose side nothing tells may be any of them: its words mean nothing yet.
    nobodys = [bool(form.form.sides) and len(groups) > 1 and not side for side in sides]
    return [
        Block(_columns_of(group, roles, side, header, form, catalogue, is_known=not is_nobodys), side)
        for group, side, is_nobodys in zip(groups, sides, nobodys, strict=True)
    ]


def _with_nameless_codes(roles: Sequence[str], grid: Grid, header: Header, catalogue: Catalogue) -> list[str]:
    """Roles where the codes stand in a nameless column beside the blank one that their word heads.

    So it comes out where a wide word stands in the middle over codes at the left, without rules.
    """
    found = list(roles)
    for index in code_columns(grid, header, catalogue):
        # 201 and 一般公共服务支出 are one label, parted by the white between them.
        found[index] = found[index] or "code"
    for index in range(len(roles) - 1):
        for named, nameless in ((index, index + 1), (index + 1, index)):
            # What stands above both (项目 over code and name) is no name of its own.
            has_own_name = not set(header.paths[nameless]) <= set(header.paths[named])
            if roles[named] != "code" or roles[nameless] not in ("", "label") or has_own_name:
                continue
            if _is_blank(grid, header, named) and _is_codes(grid, header, nameless, catalogue):
                found[nameless] = "code"
    return found


def code_columns(grid: Grid, header: Header, catalogue: Catalogue) -> frozenset[int]:
    """The columns of nothing but codes, each beside a name to its right, that no word of their own heads."""
    heads = {word.column for word in header.words if word.column_span == 1}
    return frozenset(
        index
        for index in range(grid.n_columns - 1)
        if index not in heads
        and _are_numbered_names(grid, header, index)
        and _is_codes(grid, header, index, catalogue)
    )


def _are_numbered_names(grid: Grid, header: Header, column: int) -> bool:
    """Whether the rows that print something in a column, three at least, print a name right of it."""
    rows = [[cell for cell in row if cell.text] for row in grid.rows[header.body :]]
    beside = [
        [cell for cell in row if cell.column == column + 1 and cell.printed.content == "text"]
        for row in rows
        if any(cell.column == column == cell.last_column for cell in row)
    ]
    return len(beside) >= _CODES_ENOUGH and all(beside)


def _is_blank(grid: Grid, header: Header, column: int) -> bool:
    """Whether no row prints anything in a column alone."""
    rows = grid.rows[header.body :]
    return not any(cell.text for row in rows for cell in row if cell.column == column == cell.last_column)


def _without_second_classification(
    roles: Sequence[str], grid: Grid, header: Header, catalogue: Catalogue
) -> list[str]:
    """Roles where codes and names of a second classification beside the first only describe a row.

    The first one's codes may stand in a column whose header is not understood.
    """
    second = [any(word in catalogue.second_classifications for word in path) for path in header.paths]
    has_first = any(
        not other and (role == "code" or _is_codes(grid, header, index, catalogue))
        for index, (role, other) in enumerate(zip(roles, second, strict=True))
    )
    return [
        "remark" if other and has_first and role in KEY_ROLES else role
        for role, other in zip(roles, second, strict=True)
    ]


def _columns_of(
    group: Sequence[int],
    roles: Sequence[str],
    side: str,
    header: Header,
    form: KnownForm,
    catalogue: Catalogue,
    *,
    is_known: bool,
) -> tuple[GridColumn, ...]:
    """The columns of a block, without meaning unless the block ``is_known``.

    A meaning that two header cells of a block would have is given to neither, but for a 小计 of the others.
    """
    above_all = _words_above_all(header, group, roles, form, catalogue)
    meanings = {
        index: column_of(header.paths, index, side, form, catalogue, above_all)
        if is_known and not roles[index]
        else ""
        for index in group
    }
    printed: dict[str, dict[tuple[int, int], int]] = {}
    for index, meaning in meanings.items():
        printed.setdefault(meaning, {})[_lowest_cell(header, index)] = index
    means = {
        meaning: _lowest_cell(header, _sum_of(list(cells.values()), header, catalogue))
        for meaning, cells in printed.items()
    }
    return tuple(
        GridColumn(
            index,
            header.paths[index],
            roles[index],
            meanings[index] if means[meanings[index]] == _lowest_cell(header, index) else "",
        )
        for index in group
    )


def _sum_of(indices: Sequence[int], header: Header, catalogue: Catalogue) -> int:
    """Which of some columns of one meaning has it; -1 if none.

    项目支出结转 and 项目支出结余 say what the 项目支出结转和结余 above them says: their 小计 is meant.
    """
    if len(indices) == 1:
        return indices[0]
    sums = [i for i in indices if header.paths[i] and header.paths[i][-1] in catalogue.words.sum_words]
    if len(sums) != 1:
        return -1
    row, _ = _lowest_cell(header, sums[0])
    above = [w for w in header.words if w.column <= sums[0] <= w.last_column and w.row < row]
    head = max(above, key=lambda word: word.row, default=None)
    parts = [i for i in indices if i != sums[0]]
    whole = header.paths[sums[0]][:-1]
    is_whole = head is not None and all(
        header.paths[i] == whole and head.column <= i <= head.last_column for i in parts
    )
    return sums[0] if is_whole else -1


def _lowest_cell(header: Header, index: int) -> tuple[int, int]:
    """Row and column of the lowest header cell above a grid column."""
    above = [word for word in header.words if word.column <= index <= word.last_column]
    return max(((word.row, word.column) for word in above), default=(-1, index))


def _is_unknown(path: Sequence[str], form: KnownForm, catalogue: Catalogue) -> bool:
    """Whether the lowest header word means nothing to the form (or there is none)."""
    return not path or path[-1] not in form.patterns


def _words_above_all(
    header: Header, group: Sequence[int], roles: Sequence[str], form: KnownForm, catalogue: Catalogue
) -> frozenset[str]:
    """The header words that stand above every amount column of a block.

    In a statement of one fund a bare sum may stand beside them: 合计 | 当年财政拨款安排 / 基本支出, 项目支出.
    """
    paths = [set(header.paths[index]) for index in group if not roles[index] and header.paths[index]]
    if form.own_fund:
        sums = {*catalogue.words.sum_words, form.own_fund} | catalogue.neutral_words
        paths = [path for path in paths if not path <= sums] or paths
    return frozenset(set.intersection(*paths)) if paths else frozenset()


def column_of(
    paths: Sequence[tuple[str, ...]],
    index: int,
    side: str,
    form: KnownForm,
    catalogue: Catalogue,
    above_all: frozenset[str] = frozenset(),
) -> str:
    """The column id that a header path means in a form, or an empty string.

    A word of another year, and a qualifying or unknown word that does not stand ``above_all`` amount
    columns, must be named by the column: 本年收入 / 基本支出 is not 基本支出.
    """
    path = paths[index]
    if not path:
        return ""
    must_be_named = {word for word in path if catalogue.is_other_year(word)}
    must_be_named |= {word for word in path if _narrows(word, form, catalogue)} - above_all
    best: tuple[int, int, int] = (0, 0, 0)
    chosen = ""
    # The name of the fund that the whole statement is of heads its total where nothing stands below.
    is_own = path[-1] == form.own_fund and path[-1] not in form.patterns
    lowest = catalogue.words.sum_words[0] if is_own and catalogue.words.sum_words else path[-1]
    path = (*path[:-1], lowest)
    for pattern in form.patterns.get(lowest, ()):
        column, words = pattern.column, pattern.words
        if not all(word in path for word in words) or not must_be_named <= set(words):
            continue
        # Where the whole table is of one fund, nothing is split by it.
        if column.of_fund in above_all or not _is_allowed(column, side, form):
            continue
        if not _is_company_there(column, paths, form):
            continue
        depth = sum(len(path) - path[::-1].index(word) for word in words)
        weight = (len(words), depth, -pattern.order)
        if not chosen or weight > best:
            best, chosen = weight, column.id
    return chosen


def _narrows(word: str, form: KnownForm, catalogue: Catalogue) -> bool:
    """Whether the words below a header word may mean less than elsewhere: 专项转移支付 / 基本支出."""
    if word == form.own_fund:
        return False
    if word in catalogue.qualifying_words:
        return True
    return word not in form.patterns and word not in catalogue.role_of_word and not catalogue.is_neutral(word)


def _is_allowed(column: Column, side: str, form: KnownForm) -> bool:
    """Whether a column may stand on a side; on one that is not known, none that is limited to sides."""
    sides = {column.side, *column.sides} - {""}
    return not sides or side in sides or (not side and not form.form.sides)


def _is_company_there(column: Column, paths: Sequence[tuple[str, ...]], form: KnownForm) -> bool:
    """Whether one of the columns beside which alone a column has its meaning is printed too."""
    return not column.if_also or any(
        pattern.column.id in column.if_also and all(word in path for word in pattern.words)
        for path in paths
        if path
        for pattern in form.patterns.get(path[-1], ())
    )


def _side_of(paths: Sequence[tuple[str, ...]], form: KnownForm, catalogue: Catalogue) -> str:
    if list(form.form.sides.values()) == [()]:
        return next(iter(form.form.sides))
    for side, words in form.form.sides.items():
        wanted = {catalogue.header_word(word) for word in words}
        if any(wanted & set(path) for path in paths):
            return side
    return ""


def _side_by_labels(grid: Grid, header: Header, keys: Sequence[int], form: KnownForm) -> str:
    """The side whose lines stand in a block, where no header word tells it; none where two have as many."""
    votes: dict[str, int] = {}
    for row in range(header.body, len(grid.rows)):
        for cell in grid.rows[row]:
            if cell.column in keys:
                for side in {known.side for known in form.lines_called(label_of(cell.cell.text))}:
                    votes[side] = votes.get(side, 0) + 1
    most = [side for side, count in votes.items() if count == max(votes.values())]
    return most[0] if len(most) == 1 else ""


def _is_codes(grid: Grid, header: Header, column: int, catalogue: Catalogue) -> bool:
    """Whether a column holds nothing but digits built like codes, and the word of the total."""
    cells = [
        cell
        for row in range(header.body, len(grid.rows))
        for cell in grid.rows[row]
        if cell.column == column and cell.column_span == 1 and cell.text not in ("", *catalogue.total_words)
    ]
    return bool(cells) and all(_CODE.fullmatch(cell.text) for cell in cells)


def _role_of_names(grid: Grid, header: Header, column: int, form: KnownForm) -> str:
    """What a column is whose header word is not known: nothing, unless it holds names and no numbers.

    Where names of rows are free, one that was recognised in a picture is ``unread``: its word may have been
    lost, and it may name the rows or only describe them.
    """
    if not _is_names(grid, header, column):
        return ""
    is_recognised = any(cell.cell.read_by == "ocr" for row in grid.rows for cell in row)
    return UNREAD if form.form.free_row_keys and is_recognised else "label"


def _is_names(grid: Grid, header: Header, column: int) -> bool:
    """Whether an unheaded column holds names and no numbers."""
    cells = [
        cell
        for row in range(header.body, len(grid.rows))
        for cell in grid.rows[row]
        if cell.column == column and cell.column_span == 1 and cell.text
    ]
    return bool(cells) and all(cell.printed.content == "text" for cell in cells)


def column_for(cell: GridCell, blocks: Sequence[Block]) -> tuple[Block, list[GridColumn]] | None:
    """The block that a cell begins in and the columns that it covers."""
    covered = range(cell.column, cell.last_column + 1)
    for block in blocks:
        columns = [column for column in block.columns if column.index in covered]
        if columns and columns[0].index == cell.column:
            return block, [c for b in blocks for c in b.columns if c.index in covered]
    return None


def touches(cell: GridCell, columns: set[int]) -> bool:
    """Whether a cell covers one of the grid columns."""
    return any(cell.column <= column <= cell.last_column for column in columns)
