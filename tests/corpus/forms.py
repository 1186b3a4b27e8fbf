"""How a family of forms prints statements: YAML under ``families/`` and the grids made of it.

A family file holds, per document kind, the page, the number format and the list of statements in
printed order. Each statement names a ``layout``; the layouts here are mechanisms that know no place:

- ``sides``: two or three lists beside each other with common closing rows (收入支出总表); ``transposed``
  where each line is a kind of spending of one row (机构运行信息表);
- ``codes``: a row per code, code in one column or split, total row at the top or the bottom;
- ``blocks``: lists of economic codes beside each other with totals below (基本支出明细表);
- ``line``: one row under a header tree (“三公”);
- ``groups``: lines under merged group labels (收入预算总表 by source);
- ``rows``: free rows (政府采购, one row per unit);
- ``kinds``: a row per kind of “三公” spending, budget and final figures in columns;
- ``bases``: a row for the budget and one for the final figures, the kinds of spending in columns (陕西).

A family may be told by how it differs from another one: ``inheritance.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.corpus.codes import class_lines, code_name
from tests.corpus.contents import Amount, Content, NumberFormat, parse_printed
from tests.corpus.grid import Grid, GridCell, Tag, header_cells, node
from tests.corpus.inheritance import inherited, overlaid

#: Columns of free rows whose text names no row.
NOT_NAMES = ("mode", "project_note", "unit_code")
FAMILIES = Path(__file__).parent / "families"


@dataclass(frozen=True, slots=True)
class Form:
    """One statement of a family, its settings merged with the family's defaults."""

    statement_id: str
    settings: Mapping[str, Any]

    def text(self, key: str, **fields: object) -> str:
        """A setting as text with ``{year}``, ``{department}`` and the like filled in."""
        return str(self.settings.get(key) or "").format(**fields)

    def texts(self, key: str, **fields: object) -> list[str]:
        """A list setting, each filled in."""
        return [str(each).format(**fields) for each in self.settings.get(key) or []]


@dataclass(frozen=True, slots=True)
class Family:
    """A region's forms of one document kind."""

    name: str
    kind: str
    settings: Mapping[str, Any]
    forms: tuple[Form, ...]


@cache
def load_family(name: str, kind: str) -> Family:
    """Read ``families/{name}.yaml``; raises KeyError where the kind is not described there."""
    data = family_file(name)[kind]
    if "like" in data:
        base = load_family(data["like"], kind)
        parent = {form.statement_id: dict(form.settings) for form in base.forms}
        data = {**data, "defaults": overlaid(base.settings["defaults"], data.get("settings", {}))}
        statements = inherited(data, parent, base.settings["defaults"])
    else:
        statements = [{**data.get("defaults", {}), **each} for each in data["statements"]]
    return Family(name, kind, data, tuple(Form(each["id"], each) for each in statements))


@cache
def family_file(name: str) -> Mapping[str, Any]:
    """``families/{name}.yaml`` as it is written."""
    data = yaml.safe_load((FAMILIES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def number_format(form: Form) -> NumberFormat:
    """The form's number format."""
    return NumberFormat(**form.settings["number"])


def build(form: Form, content: Content, year: int) -> Grid:
    """The grid of one statement: header, labels, and the amounts of ``content`` as printed."""
    return _Builder(form, content, year).build()


class _Builder:
    """Collects the cells of one grid; one method per layout."""

    def __init__(self, form: Form, content: Content, year: int) -> None:
        self.form, self.content, self.year = form, content, year
        self.format = number_format(form)
        self.unit = content.unit or self.format.unit
        self.nodes = [node(each, year) for each in form.settings["header"]]
        self.leaves = [leaf for each in self.nodes for leaf in each.leaves]
        header, self.row = header_cells(self.nodes, bool(form.settings.get("bold_header", False)))
        self.cells: list[GridCell] = list(header)
        self.header_rows = self.row
        self.row_keys: dict[str, None] = {}

    def build(self) -> Grid:
        getattr(self, "_" + self.form.settings["layout"])()
        widths = tuple(float(each) for each in self.form.settings.get("widths") or map(_width, self.leaves))
        assert len(widths) == len(self.leaves), (
            f"{self.form.statement_id}: {len(widths)} widths, {len(self.leaves)} columns"
        )
        columns = dict.fromkeys(_meaning(leaf) for leaf in self.leaves)
        return Grid(
            widths,
            self.row,
            self.header_rows,
            tuple(self._filled()),
            tuple(self.row_keys),
            tuple(c for c in columns if c),
        )

    def _filled(self) -> list[GridCell]:
        """All cells, with an empty cell at every place that no cell covers, in reading order."""
        taken = {
            (row, column)
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }
        places = ((row, column) for row in range(self.row) for column in range(len(self.leaves)))
        empty = [GridCell(row, column, "") for row, column in places if (row, column) not in taken]
        return sorted(self.cells + empty, key=lambda cell: (cell.row, cell.column))

    def put(
        self,
        column: int,
        text: str,
        *,
        row: int | None = None,
        rows: int = 1,
        columns: int = 1,
        align: str = "left",
        bold: bool = False,
    ) -> None:
        at = self.row if row is None else row
        self.cells.append(GridCell(at, column, text, rows, columns, align, bold))  # type: ignore[arg-type]

    def amount(self, column: int, row_key: str, label: str, column_id: str, columns: int = 1) -> None:
        """The amount of a row and column, if the statement has one."""
        self.row_keys[row_key] = None
        amount = self.content.amounts.get((row_key, column_id))
        if amount is not None:
            self.show(column, amount, row_key, label, column_id, columns)

    def show(
        self, column: int, amount: Amount, row_key: str, label: str, column_id: str, columns: int = 1
    ) -> None:
        printed = amount.printed if amount.printed is not None else self.format.show(amount.yuan)
        if not printed:
            return
        if not any(character.isdigit() for character in printed):
            # A stroke for nothing is printed and is no amount.
            self.put(column, printed, columns=columns, align="center")
            return
        tag = Tag(row_key, label, column_id, parse_printed(printed, self.unit))
        align = self.form.settings.get("amount_align", "right")
        self.cells.append(GridCell(self.row, column, printed, 1, columns, align, False, tag))

    # -- layouts ---------------------------------------------------------------------------------

    def _caption(self) -> None:
        """The row of column numbers (栏次 1 2 3) under the header, where the form has one."""
        caption = self.form.settings.get("caption")
        if caption:
            for column, text in enumerate(caption):
                if text is not None:
                    self.put(column, str(text), align="center")
            self.row += 1

    def _sides(self) -> None:
        self._caption()
        sides = self.form.settings["sides"]
        bodies = [self._lines([*side.get("first", [])]) + self._lines(side["lines"]) for side in sides]
        tails = [self._lines(side.get("tail", [])) for side in sides]
        n_body = max(max(len(body) for body in bodies), int(self.form.settings.get("least_rows", 0)))
        n_tail = max(len(tail) for tail in tails)
        numbers = [int(side["first_number"]) if "first_number" in side else None for side in sides]
        for position in range(n_body + n_tail):
            for which, side in enumerate(sides):
                in_tail = position >= n_body
                lines = tails[which] if in_tail else bodies[which]
                at = position - n_body if in_tail else position
                line = lines[at] if at < len(lines) else None
                first = numbers[which]
                number = None if first is None else first + position
                self._side_row(side["name"], line, number, in_tail)
            self.row += 1

    def _side_row(self, side: str, line: tuple[str, str] | None, number: int | None, in_tail: bool) -> None:
        centre = self.form.settings.get("centre_tail", []) if in_tail else []
        for column, leaf in enumerate(self.leaves):
            name, _, role = leaf.partition(":")
            if name != side:
                continue
            if role == "number" and number is not None:
                self.put(column, str(number), align="center")
            elif line is not None and role == "label":
                # A closing line may reach over the side before it (当年支出小计 in Jiangsu).
                wide = self.form.settings.get("wide_tail", {}).get(side) if in_tail else None
                first = self.leaves.index(f"{wide}:label") if wide else column
                align = "center" if line[0] in centre else "left"
                self.put(first, line[1], columns=column - first + 1, align=align)
            elif line is not None and not line[0].isascii():
                # What is counted or stands for nothing is printed as it is given.
                if column == len(self.leaves) - 1 or self.leaves[column + 1].endswith(":label"):
                    self.put(column, line[0].removeprefix("＝"), align="center")
            elif line is not None and self.form.settings.get("transposed"):
                self.amount(column, "total", line[1].strip(), f"{role}_{line[0]}")
            elif line is not None:
                self.amount(column, line[0], line[1].strip(), role)

    def _lines(self, lines: object) -> list[tuple[str, str] | None]:
        """Row key and label of each line.

        ``classes`` stands for the expenditure classes of the year, ``classes_present`` for those
        with an amount, numbered anew; ``coded_classes`` for all with their codes as numbers,
        ``bare_classes`` for those with an amount without any number.
        """
        if isinstance(lines, str):
            listed = class_lines(self.year)
            if lines == "coded_classes":
                return [(code, f"{code} {name}") for code, name in listed]
            if lines in ("classes_present", "bare_classes"):
                spent = {key[0] for key, amount in self.content.amounts.items() if amount.yuan}
                listed = [each for each in listed if each[0] in spent]
            if lines == "bare_classes":
                return list(listed)
            return [
                (code, f"{chinese_number(place)}、{name}") for place, (code, name) in enumerate(listed, 1)
            ]
        assert isinstance(lines, list)
        return [None if each is None else (str(each[0]), str(each[1])) for each in lines]

    def _codes(self) -> None:
        settings = self.form.settings
        stub = settings.get("stub")
        stub_at = self.row
        self._caption()
        total = settings.get("total", "top")
        if total == "top":
            self._total_row()
        if stub:
            for column, text in enumerate(stub):
                self.put(column, text, row=stub_at, rows=self.row - stub_at, align="center")
            self.header_rows = stub_at
        for code in self.content.codes:
            self._code_row(code)
        rows = len(self.content.codes)
        for _ in range(max(0, int(settings.get("least_rows", 0)) - rows)):
            self.row += 1
        if total == "bottom":
            self._total_row()

    def _total_row(self) -> None:
        code_columns = [at for at, leaf in enumerate(self.leaves) if leaf.startswith("code")]
        names = [at for at, leaf in enumerate(self.leaves) if leaf == "name"]
        label = str(self.form.settings.get("total_label", "合计"))
        if self.form.settings.get("total_spans", False):
            first, last = min(code_columns + names), max(code_columns + names)
            self.put(first, label, columns=last - first + 1, align="center")
        else:
            self.put(names[0], label, align="center")
        self._amounts("total", "合计")
        self._serial(0 if self.form.settings.get("total", "top") == "top" else len(self.content.codes))
        self.row += 1

    def _code_row(self, code: str) -> None:
        code_columns = [at for at, leaf in enumerate(self.leaves) if leaf.startswith("code")]
        printed_name = self.content.labels.get(code, code_name(code, self.year))
        indent = int(self.form.settings.get("indent_names", 0)) * max(0, (len(code) - 3) // 2)
        split = self.form.settings.get("code_split", 1)
        if split == 1:
            self.put(
                code_columns[0],
                code,
                columns=len(code_columns),
                align=self.form.settings.get("code_align", "left"),
            )
        else:
            parts = [code[:3], code[3:5], code[5:7]][:split]
            for column, part in zip(code_columns, parts, strict=True):
                self.put(column, part, align="center")
        self.put(self.leaves.index("name"), " " * indent + printed_name)
        self._amounts(code, printed_name)
        self._serial(self.content.codes.index(code) + (self.form.settings.get("total", "top") == "top"))
        self.row += 1

    def _amounts(self, row_key: str, label: str) -> None:
        for column, leaf in enumerate(self.leaves):
            text = self.content.texts.get((row_key, leaf))
            if text:
                self.put(column, text, align="right" if text[0].isdigit() else "left")
            elif leaf and leaf not in ("name", "number") and not leaf.startswith(("code", "name_")):
                self.amount(column, row_key, label, leaf)

    def _serial(self, position: int) -> None:
        """The number of a row, where the form counts its rows (序号)."""
        if "number" in self.leaves:
            self.put(self.leaves.index("number"), str(position + 1), align="center")

    def _blocks(self) -> None:
        self._caption()
        blocks: Sequence[Sequence[str]] = [
            [str(code) for code in block] for block in self.form.settings["blocks"]
        ]
        for position in range(max(len(block) for block in blocks)):
            for which, block in enumerate(blocks):
                if position >= len(block):
                    continue
                code = block[position]
                label = self.content.labels.get(code, code_name(code, self.year))
                at = which * 3
                self.put(at, code, align=self.form.settings.get("code_align", "left"))
                self.put(at + 1, label)
                self.amount(at + 2, code, label, "amount")
            self.row += 1
        for row_key, label, column, columns, at in self.form.settings["totals"]:
            self.put(column, label, columns=columns, align="center")
            self.amount(
                at, row_key, label, "amount", len(self.leaves) - at if row_key == "running_total" else 1
            )
        self.row += 1

    def _line(self) -> None:
        self._caption()
        for _ in range(int(self.form.settings.get("blank_before", 0))):
            self.row += 1
        if not self.content.is_empty or self.form.settings.get("row_when_empty", True):
            for column, leaf in enumerate(self.leaves):
                self.amount(column, "total", "", leaf)
            self.row += 1

    def _groups(self) -> None:
        for group, lines in self.form.settings["groups"]:
            if group is None:
                row_key, label = lines[0]
                self.put(0, label, columns=2, align="center")
                self.amount(2, row_key, label, "amount")
                self.row += 1
                continue
            self.put(0, group, rows=len(lines))
            for row_key, label in lines:
                self.put(1, label)
                self.amount(2, row_key, label, "amount")
                self.row += 1

    def _kinds(self) -> None:
        self._caption()
        for number, (kind, label) in enumerate(self.form.settings["kinds"], 1):
            self.put(self.leaves.index("label"), label)
            for column, leaf in enumerate(self.leaves):
                if leaf == "number":
                    self.put(column, str(number), align="center")
                elif leaf != "label":
                    basis, _, fund = leaf.partition(":")
                    meaning = f"{basis}_{kind}_{fund}" if fund else f"{basis}_{kind}"
                    self.amount(column, "total", str(label).strip(), meaning)
            self.row += 1
        for label, count in self.form.settings.get("counts", []):
            self.put(self.leaves.index("label"), label)
            self.put(len(self.leaves) - 1, str(count), align="right")
            self.row += 1

    def _bases(self) -> None:
        self._caption()
        for basis, label in self.form.settings["bases"]:
            for column, leaf in enumerate(self.leaves):
                if leaf == "label":
                    self.put(column, label, align="center")
                else:
                    self.amount(column, "total", label, f"{basis}_{leaf}")
            self.row += 1

    def _rows(self) -> None:
        self._caption()
        for free in self.content.free_rows:
            named = [text for column, text in free.texts.items() if text and column not in NOT_NAMES]
            label = named[-1] if named else ""
            for column, leaf in enumerate(self.leaves):
                if leaf in free.texts:
                    self.put(column, free.texts[leaf])
                elif leaf in free.amounts:
                    self.row_keys[free.row_key] = None
                    self.show(column, free.amounts[leaf], free.row_key, label, leaf)
            self.row += 1


def _meaning(leaf: str) -> str:
    """The column id of a leaf: without its side or block, nothing for labels, codes and names."""
    role = leaf.rpartition(":")[2]
    if role.startswith(
        ("code", "name", "label", "number", "group", "category", "programme", "thing", "mode")
    ) or role in ("economic", "project_name", "project_note", "unit", "unit_code"):
        return ""
    return "amount" if role.startswith("amount") else role


def _width(leaf: str) -> float:
    """The width of a column, relative to the others, where a family does not give it."""
    role = leaf.rpartition(":")[2]
    known = {"label": 130.0, "name": 130.0, "unit": 150.0, "project_name": 140.0, "number": 24.0}
    return known.get(role, 44.0 if role.startswith("code") else 58.0)


def chinese_number(number: int) -> str:
    """一, 二, … 十, 十一, … 二十六: the numbering of class lines and sections (1 to 99)."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens == 0:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
