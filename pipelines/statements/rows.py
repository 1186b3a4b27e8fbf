"""What a row is: by its code or its label, never by counting."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipelines.extraction.model import reading_quality
from pipelines.statements.catalogue import Catalogue, KnownForm, KnownLine
from pipelines.statements.code_names import code_of_name, codes_of_name
from pipelines.statements.doubted_names import LEGIBLE
from pipelines.statements.grid import GridCell
from pipelines.statements.misread import is_known_word
from pipelines.statements.model import RowKind
from pipelines.statements.printed_text import label_of, one_line, plain, with_ideographs

_CODES = {
    "functional": re.compile(r"2\d{2}(?:\d{2}){0,2}"),
    "economic": re.compile(r"[35]\d{2}(?:\d{2})?"),
}
UNKNOWN_SECTION = "?"
_AMOUNT = re.compile(r"\d\.\d{2}(?!\d)")
# 2010101行政运行, [2010101]行政运行, 2010101-行政运行
_CODE_THEN_NAME = re.compile(
    r"[\[【〔(（]?\s*(\d{3,7})\s*[\]】〕)）]?[\s\-－—–_:：、.．]*(?=[^\d.,\s])(.+)", re.DOTALL
)


@dataclass(frozen=True)
class RowKey:
    """What a row is. ``label`` and ``path`` are as printed; ``side`` is the line's own.

    ``is_doubtful`` where it is known by a code or a name that may have been misread in a scan.
    """

    kind: RowKind
    key: str
    label: str
    path: str
    side: str = ""
    line: KnownLine | None = None
    is_doubtful: bool = False


def completed(parts: Sequence[tuple[str, int]], above: str) -> list[str]:
    """The printed parts of a code with those in front that were printed once, in a row above.

    ``parts`` are texts with the level of their column (0 类, 1 款, 2 项; -1 for a column of whole codes),
    ``above`` is the code of the row before: 01 below 款 after 201 or 20103 is 201 | 01. Parts stay as they
    are where the row above does not tell the rest.
    """
    texts = [text for text, _ in parts]
    digits, level = (plain(parts[0][0]), parts[0][1]) if parts else ("", -1)
    length = 3 + 2 * (level - 1)
    if level > 0 and len(digits) <= 2 and len(above) >= length:
        return [above[:length], *texts]
    return texts


def code_of(parts: Sequence[str], kind: RowKind) -> str:
    """The code that its printed parts make: ``2080505``, ``208|05|05`` or ``208|20805|2080505``.

    An empty string where they make none of that kind.
    """
    pattern = _CODES.get(kind)
    code = ""
    for part in parts:
        digits = plain(part)
        if not digits.isdigit():
            return ""
        if code and digits.startswith(code) and len(digits) > len(code):
            code = digits
        else:
            # The parts after the class have two digits; a lost leading zero is not another code.
            code += digits.zfill(2) if code else digits
    return code if pattern is not None and pattern.fullmatch(code) else ""


def printed_names(cells: Sequence[GridCell]) -> list[str]:
    """The names printed in key cells from left to right, one for each column.

    The pieces of a row broken by the page end stand in the same column and are one name.
    """
    columns: dict[int, list[str]] = {}
    for cell in sorted(cells, key=lambda cell: (cell.column, cell.cell.page, cell.row)):
        if cell.text:
            columns.setdefault(cell.column, []).append(cell.cell.text)
    return [one_line("\n".join(pieces)) for _, pieces in sorted(columns.items())]


def read_code_row(
    codes: Sequence[GridCell],
    labels: Sequence[GridCell],
    form: KnownForm,
    catalogue: Catalogue,
    year: int | None = None,
    *,
    prints_codes: bool = True,
    above: str = "",
    levels: Mapping[int, int] | None = None,
) -> RowKey | None:
    """A row of a statement by functional or economic code; None if it is not understood.

    ``above`` is the code of the row before, ``levels`` the level of each column that holds one part of a
    code (see ``completed``). Where the statement prints no codes, an item is known by its name if only
    one code of the year has it, a functional one within the class and section of the row above.
    """
    kind = form.form.row_kind
    printed_codes = [cell for cell in codes if plain(cell.cell.text).isdigit()]
    names = [cell for cell in (*codes, *labels) if cell not in printed_codes]
    label = " ".join(printed_names(names))
    # Two rows in one cell, where nothing parts them: whose the amounts beside it are nobody can say.
    if _AMOUNT.search(label):
        return None
    parts = [(cell.cell.text, (levels or {}).get(cell.column, -1)) for cell in printed_codes]
    if printed_codes and (code := code_of(completed(parts, above), kind)):
        return RowKey(
            kind, code, label, label, is_doubtful=_is_doubtful(printed_codes, code, label, catalogue)
        )
    if kind == "functional" and len(parts) == 1 and parts[0][1] < 0 and len(plain(parts[0][0])) == 2:
        # 03 alone below 201 (Jiangxi): the section or the item, whichever has the printed name.
        ends = {above[:length] + plain(parts[0][0]) for length in (3, 5) if len(above) >= length}
        named = codes_of_name(label, None, catalogue.wording.functional_codes_file) & ends
        return RowKey(kind, named.pop(), label, label) if len(named) == 1 else None
    if printed_codes:
        return None
    found = _CODE_THEN_NAME.fullmatch("".join(cell.cell.text for cell in names).strip())
    if found and (code := code_of([found.group(1)], kind)):
        name = one_line(found.group(2))
        return RowKey(kind, code, name, name)
    if label and plain(label) in catalogue.total_words:
        return RowKey(kind, "total", label, label)
    known = _one_line_of(form.lines_called(label_of(label)), "", "", None) if label else None
    if known is not None:
        return RowKey(known.row_kind, known.line.key, label, label, known.side, known)
    if kind == "economic" and label and not prints_codes:
        code = code_of_name(label, year, catalogue.wording.economic_codes_file)
        return RowKey(kind, code, label, label) if code else None
    if kind == "functional" and label and not prints_codes:
        code = code_of_name(label, year, catalogue.wording.functional_codes_file, above)
        return RowKey(kind, code, label, label) if code else None
    return None


def _is_doubtful(codes: Sequence[GridCell], code: str, label: str, catalogue: Catalogue) -> bool:
    """Whether a code was recognised in a picture with doubt that its name does not lift."""
    if all(reading_quality(cell.cell) != "doubtful" for cell in codes):
        return False
    files = (catalogue.wording.functional_codes_file, catalogue.wording.economic_codes_file)
    return all(code not in codes_of_name(label, None, file) for file in files)


def read_line_row(
    labels: Sequence[GridCell],
    form: KnownForm,
    side: str,
    section: str,
    year: int | None,
    above: Collection[str] = (),
) -> RowKey | None:
    """A row of a summary by its label, with the group printed left of it and the section above it.

    ``above`` are the keys of the rows of its block so far.
    """
    printed = printed_names(labels)
    if not printed:
        return None
    parts = [label_of(text) for text in printed]
    path = " / ".join(printed)
    for key in dict.fromkeys(["/".join(parts), parts[-1], "".join(parts)]):
        known = _one_line_of(form.lines_called(key), side, section, year, above)
        if known is not None:
            return RowKey(known.row_kind, known.line.key, printed[-1], path, known.side, known)
    # 201一般公共服务支出: the name must be that code's.
    if found := _CODE_THEN_NAME.fullmatch(printed[-1]):
        known = _one_line_of(form.lines_called(label_of(found.group(2))), side, section, year, above)
        if known is not None and known.line.key == found.group(1):
            return RowKey(known.row_kind, known.line.key, found.group(2), path, known.side, known)
    return None


def _one_line_of(
    candidates: Sequence[KnownLine], side: str, section: str, year: int | None, above: Collection[str] = ()
) -> KnownLine | None:
    """The one line that a label means here, or None if none or more than one do.

    Below a row that is not understood no label means what another means in some section.
    """
    below = [known for known in candidates if known.after & set(above)]
    candidates = below or [known for known in candidates if not known.after]
    if section == UNKNOWN_SECTION and any(known.line.under for known in candidates):
        return None
    allowed = [known for known in candidates if known.line.under in ("", section)]
    for narrower in (
        [known for known in allowed if known.side == side and known.line.under == section != ""],
        [known for known in allowed if known.line.under == section != ""],
        [known for known in allowed if known.side == side],
        [known for known in allowed if known.side in ("", side)],
        allowed,
    ):
        keys = {known.line.key for known in narrower}
        if len(keys) == 1:
            return narrower[0]
        fitting = [known for known in narrower if known.fits(year)]
        if narrower and len({known.line.key for known in fitting}) == 1:
            return fitting[0]
        if narrower:
            return None
    return None


def _is_illegible(name: GridCell) -> bool:
    """Whether so little of a name was recognised that it names nothing; a known word does.

    A bracket that does not close, or does not open, has lost what stands beyond.
    """
    confidence = name.cell.confidence
    if confidence is None or is_known_word(name.cell.text):
        return False
    levelled = plain(name.cell.text)
    return confidence < LEGIBLE or levelled.count("(") != levelled.count(")")


class FreeRows:
    """Rows named by what is printed, each name standing for the rows below it until the next.

    Used top to bottom: a name in a column ends the names right of it.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._names: dict[int, str] = {}
        self._doubtful: set[int] = set()
        self._illegible: set[int] = set()
        self._catalogue = catalogue

    def read(self, names: Sequence[GridCell], kind: RowKind) -> RowKey | None:
        """The row that these name cells begin; None if it has no name."""
        printed = [cell for cell in names if cell.text]
        if not printed:
            return None
        if len(printed) == 1 and printed[0].text in self._catalogue.total_words:
            label = one_line(printed[0].cell.text)
            return RowKey(kind, "total", label, label)
        first = min(cell.column for cell in printed)
        self._names = {column: name for column, name in self._names.items() if column < first}
        for cell in printed:
            self._names[cell.column] = one_line(cell.cell.text)
        self._doubtful = {column for column in self._doubtful if column < first}
        self._doubtful |= {c.column for c in printed if reading_quality(c.cell) == "doubtful"}
        self._illegible = {column for column in self._illegible if column < first}
        self._illegible |= {cell.column for cell in printed if _is_illegible(cell)}
        path = [self._names[column] for column in sorted(self._names)]
        if self._illegible:
            return None
        if printed[0].cell.read_by == "ocr" and any(plain(name).startswith("、") for name in path):
            return None  # its number was lost
        key = "/".join(with_ideographs("".join(name.split())) for name in path)
        return RowKey(kind, key, path[-1], " / ".join(path), is_doubtful=bool(self._doubtful))
