"""Columns that places print once for each fund or economic class, made when the catalogue is loaded."""

from __future__ import annotations

from pipelines.statements.code_names import items_of_class
from pipelines.statements.printed_text import plain
from pipelines.statements.schema import Column, Form, HeaderWords, LineSet, Wording

# Sets of lines that name the economic classes, and the classes of each that are told by their names alone.
_ECONOMIC_CLASSES = {
    "economic_classes": ("301", "302"),
    "government_economic_classes": ("501", "502", "505"),
}


def split_by_fund(form: Form, words: HeaderWords) -> Form:
    """A form with the columns of its ``by_fund`` once more for each fund."""
    split = [
        column.model_copy(
            update={
                "id": f"{column.id}_{fund}",
                "name_zh": f"{column.name_zh}（{word}）",
                "name_en": f"{column.name_en} ({fund.replace('_', ' ')})",
                "paths": tuple(
                    "/".join(part for part in (path, word, above) if part)
                    for path in (*column.paths, *([""] if column.expenditure_kind == "total" else []))
                    for above in ("", *words.funds_under)
                ),
                "fund": fund,
                "of_fund": plain(word),
            }
        )
        for column in form.columns
        if column.id in form.by_fund
        for fund, word in words.funds.items()
    ]
    return form.model_copy(update={"columns": (*form.columns, *split)})


def split_by_economic(
    form: Form, words: HeaderWords, wording: Wording, line_sets: dict[str, LineSet]
) -> Form:
    """A form with columns for the economic classes and items of its ``by_economic`` kinds.

    Classes that both classifications name alike (对个人和家庭的补助 is 303 and 509) are told apart by
    the classes beside them.
    """
    columns = list(form.columns)
    for kind in form.by_economic:
        before = "" if kind == "total" else f"{kind}_"
        for name, company in _ECONOMIC_CLASSES.items():
            classes = [line for line in line_sets[name].lines if line.key.isdigit()]
            known = {line.key for line in classes}
            beside = tuple(f"{before}economic_{code}" for code in company if code in known)
            for line in classes:
                spellings = [plain(label.text) for label in line.spellings()]
                paths = [path.format(text) for path in words.economic_kinds[kind] for text in spellings]
                columns.append(
                    Column(
                        id=f"{before}economic_{line.key}",
                        name_zh=line.name_zh,
                        name_en=line.name_en,
                        expenditure_kind=f"{before}economic_{line.key}",
                        paths=tuple(paths),
                        if_also=() if line.key in company else beside,
                    )
                )
                columns += [
                    Column(
                        id=f"{before}economic_{code}",
                        name_zh=f"{line.name_zh} {item}",
                        name_en=f"{line.name_en}, item {code}",
                        expenditure_kind=f"{before}economic_{code}",
                        paths=tuple(f"{p}/{name}" for p in paths for name in names),
                    )
                    for code, (item, names) in items_of_class(line.key, wording.economic_codes_file).items()
                    if kind == "total" and not {plain(name) for name in names} & set(spellings)
                ]
    own = {column.id for column in form.columns}
    return form.model_copy(update={"columns": (*form.columns, *(c for c in columns if c.id not in own))})
