"""The lake's datasets: their columns, types and meaning, once.

Everything that writes or describes a dataset is made from here: the Parquet files, the empty typed
file that keeps globs from failing, the column schema Dagster shows.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: DuckDB type and what it means, with the Chinese term where there is one."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """One Parquet dataset of the lake. ``grain`` says what one row is."""

    name: str
    grain: str
    columns: tuple[Column, ...]


def _columns(*rows: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


_DOCUMENT_ID = ("document_id", "VARCHAR", "first 16 hex digits of the file's SHA-256")
_BOX = (
    ("x0", "DOUBLE", "left edge in PDF points from the left of the page as seen"),
    ("top", "DOUBLE", "upper edge in PDF points from the top of the page as seen"),
    ("x1", "DOUBLE", "right edge in PDF points"),
    ("bottom", "DOUBLE", "lower edge in PDF points"),
)

DOCUMENTS = Dataset(
    "documents",
    "one row per file that was read or tried",
    _columns(
        _DOCUMENT_ID,
        ("sha256", "VARCHAR", "SHA-256 of the file"),
        ("source_path", "VARCHAR", "path in the raw folder when it was read, forward slashes"),
        ("published_name", "VARCHAR", "file name it was published under"),
        ("department_name", "VARCHAR", "department or unit as the document prints it"),
        ("department_registered", "VARCHAR", "department or unit as the register names it"),
        ("level", "VARCHAR", "department 部门, unit 单位 or form (blank form)"),
        ("region_code", "VARCHAR", "administrative division (GB/T 2260); 000000 where unknown"),
        ("fiscal_year", "INTEGER", "year the figures are of; empty where unknown"),
        ("document_kind", "VARCHAR", "budget 部门预算 or final_accounts 部门决算"),
        ("part", "VARCHAR", "part of the disclosure the file holds: empty for all of it, text, tables, …"),
        ("title", "VARCHAR", "title of the document"),
        ("page_count", "INTEGER", "pages"),
        ("producer", "VARCHAR", "program that made the PDF"),
        ("is_scanned", "BOOLEAN", "pages are pictures, which were recognised (OCR) where they hold text"),
        ("is_synthetic", "BOOLEAN", "specimen 样例 made for tests, not a published document"),
        ("published_at", "DATE", "day of publication"),
        ("fetched_at", "TIMESTAMP", "when it was downloaded, in UTC"),
        ("obtained_from", "VARCHAR", "where it was obtained"),
        ("outcome", "VARCHAR", "read, read_in_part or set_aside"),
        ("outcome_reason", "VARCHAR", "why not all of it was read, one word"),
        ("outcome_message", "VARCHAR", "why not all of it was read, in a sentence"),
        ("extractor_version", "VARCHAR", "version of the code and catalogue that read it"),
        ("registration_version", "VARCHAR", "hash of what the register said when it was read"),
        ("supersedes_document_id", "VARCHAR", "document that lay at the same path before"),
        ("size_bytes", "BIGINT", "size of the file"),
    ),
)

CELLS = Dataset(
    "cells",
    "one row per printed table cell",
    _columns(
        _DOCUMENT_ID,
        ("cell_id", "VARCHAR", "name of the cell: document, page, table, row, column"),
        ("page", "INTEGER", "page, from 1"),
        ("table_number", "INTEGER", "table on the page, from 1"),
        ("row_number", "INTEGER", "row in the table, from 0"),
        ("column_number", "INTEGER", "column in the table, from 0"),
        ("row_span", "INTEGER", "rows it covers"),
        ("column_span", "INTEGER", "columns it covers"),
        ("text", "VARCHAR", "text as printed"),
        *_BOX,
        ("page_width", "DOUBLE", "width of the page in PDF points"),
        ("page_height", "DOUBLE", "height of the page in PDF points"),
        ("read_by", "VARCHAR", "text (text layer) or ocr (recognised in a picture)"),
        ("confidence", "DOUBLE", "confidence of recognition, 0 to 1; empty for text"),
        (
            "doubts",
            "VARCHAR",
            "JSON: characters of a recognised text that may be others: at (from 0, white space not "
            "counted), read, and the alternatives with their probabilities; empty for none",
        ),
    ),
)

STATEMENTS = Dataset(
    "statements",
    "one row per statement recognised in a document",
    _columns(
        _DOCUMENT_ID,
        ("statement_number", "INTEGER", "statement in the document, from 1 in printed order"),
        ("statement_id", "VARCHAR", "statement form of the catalogue"),
        ("title_printed", "VARCHAR", "title as printed"),
        ("label_printed", "VARCHAR", "number as printed (公开01表, 表1)"),
        ("first_page", "INTEGER", "page it begins on"),
        ("last_page", "INTEGER", "page it ends on"),
        ("unit", "VARCHAR", "unit of its amounts as printed (万元, 元)"),
        ("department_printed", "VARCHAR", "department named on the statement"),
        ("is_stated_empty", "BOOLEAN", "printed empty with a sentence that there is nothing"),
        ("empty_sentence", "VARCHAR", "that sentence"),
        ("score", "DOUBLE", "how well it matches its form, 0 to 1"),
        ("n_rows", "INTEGER", "rows understood"),
        ("n_amounts", "INTEGER", "printed amounts understood"),
        (
            "printed_rows",
            "VARCHAR[]",
            "every row it prints, with or without amounts; ? for one not understood",
        ),
        ("printed_columns", "VARCHAR[]", "every column it prints; ? for one not understood"),
    ),
)

LINE_ITEMS = Dataset(
    "line_items",
    "one row per printed amount of a recognised statement",
    _columns(
        _DOCUMENT_ID,
        ("cell_id", "VARCHAR", "printed cell it came from"),
        ("statement_number", "INTEGER", "statement in the document"),
        ("statement_id", "VARCHAR", "statement form"),
        ("row_kind", "VARCHAR", "line, functional, economic, procurement or project"),
        ("row_key", "VARCHAR", "functional or economic code, or line of the form"),
        ("row_label", "VARCHAR", "row label as printed"),
        ("row_path", "VARCHAR", "labels above and of the row"),
        ("row_number", "INTEGER", "row of the statement from 1, over page ends"),
        ("side", "VARCHAR", "revenue, expenditure or use; empty where a statement has one side"),
        ("column_id", "VARCHAR", "meaning of the column"),
        ("column_path", "VARCHAR", "header path as printed"),
        ("amount_yuan", "DECIMAL(18,2)", "amount in yuan"),
        ("amount_printed", "VARCHAR", "amount as printed"),
        ("unit", "VARCHAR", "unit it is printed in"),
        ("precision_yuan", "DECIMAL(18,4)", "yuan one unit of its last printed digit is worth"),
        ("page", "INTEGER", "page"),
        (
            "reading_quality",
            "VARCHAR",
            "text (text layer), ocr (recognised), doubtful (may be another), repaired (proved to be "
            "another), corrected (a person saw another), confirmed (a person saw the same)",
        ),
        (
            "amount_as_read",
            "VARCHAR",
            "what a repaired or corrected amount was read as; empty for all others",
        ),
    ),
)

REPAIRS = Dataset(
    "repairs",
    "one row per recognised amount that the identities prove to be another",
    _columns(
        _DOCUMENT_ID,
        ("cell_id", "VARCHAR", "printed cell"),
        ("page", "INTEGER", "page"),
        ("amount_as_read", "VARCHAR", "amount as it was recognised"),
        ("amount_as_read_yuan", "DECIMAL(18,2)", "that amount in yuan"),
        ("amount_printed", "VARCHAR", "amount it was repaired to, as printed"),
        ("amount_yuan", "DECIMAL(18,2)", "that amount in yuan"),
        ("unit", "VARCHAR", "unit it is printed in"),
        (
            "candidates",
            "VARCHAR[]",
            "all amounts that the reader proposed with likelihoods, likeliest first",
        ),
        ("proof", "VARCHAR[]", "identities, with keys, that did not hold as read and hold exactly now"),
        ("repaired_together", "VARCHAR[]", "cells of the other amounts repaired by the same proof"),
        ("sentence_zh", "VARCHAR", "the repair in a sentence, Chinese"),
        ("sentence_en", "VARCHAR", "the repair in a sentence, English"),
    ),
)

REVIEWS = Dataset(
    "reviews",
    "one row per row of review/ that the reading of the document depends on, with what came of it",
    _columns(
        _DOCUMENT_ID,
        ("review_id", "VARCHAR", "question it answers: figure/CELL, table/CELL or document/ID"),
        ("decision", "VARCHAR", "correct, confirm, statement, no_statement or exclude"),
        ("cell_id", "VARCHAR", "printed cell it names; empty for a document"),
        ("page", "INTEGER", "page of the cell; empty where it is not there"),
        ("old", "VARCHAR", "what was read, as the row says"),
        ("new", "VARCHAR", "what it is, as the row says: the text, or the statement form"),
        ("text_read", "VARCHAR", "what is read there now; empty where there is no such cell"),
        (
            "state",
            "VARCHAR",
            "applied, cell_missing, text_differs, table_missing, or not_read (the document was set aside)",
        ),
        ("amount_before_yuan", "DECIMAL(18,2)", "amount of the cell without the row; empty for none"),
        ("amount_after_yuan", "DECIMAL(18,2)", "amount of the cell with it; empty for none"),
        ("n_figures_added", "INTEGER", "printed amounts that are understood because of the row"),
        ("n_figures_removed", "INTEGER", "amounts that are not there any more because of it"),
        (
            "n_figures_changed",
            "INTEGER",
            "amounts that are, or stand for, something else because of it",
        ),
        ("reason", "VARCHAR", "why, as the row says"),
        ("decided_by", "VARCHAR", "who decided"),
        ("decided_on", "DATE", "when"),
    ),
)

DECISIONS = Dataset(
    "review_decisions",
    "one row per row of review/decisions.csv",
    _columns(
        ("review_id", "VARCHAR", "question it answers"),
        ("decision", "VARCHAR", "statement, no_statement, exclude or leave"),
        ("value", "VARCHAR", "the statement form, where the decision is statement"),
        ("reason", "VARCHAR", "why"),
        ("decided_by", "VARCHAR", "who decided"),
        ("decided_on", "DATE", "when"),
    ),
)

CLAIMS = Dataset(
    "claims",
    "one row per checkable statement of fact in a narrative",
    _columns(
        _DOCUMENT_ID,
        ("claim_number", "INTEGER", "claim in the document, from 1"),
        ("section", "VARCHAR", "heading it stands under"),
        ("claim_kind", "VARCHAR", "kind of claim"),
        ("subject", "VARCHAR", "what it speaks of, as printed"),
        ("about", "VARCHAR", "figure it must agree with: statement_id/row_key/column_id; empty if not known"),
        ("value", "DECIMAL(28,6)", "the value claimed, in yuan, per cent or things counted"),
        ("value_printed", "VARCHAR", "the figure with its unit as printed"),
        ("unit", "VARCHAR", "its unit"),
        ("precision", "DECIMAL(28,6)", "what one unit of its last printed digit is worth"),
        ("direction", "VARCHAR", "increase, decrease, unchanged, or empty"),
        ("sentence", "VARCHAR", "the sentence"),
        ("page", "INTEGER", "page"),
        *_BOX,
        ("read_by", "VARCHAR", "text or ocr"),
        ("about_alternatives", "VARCHAR[]", "where other forms print the same figure, in order"),
        (
            "relation",
            "VARCHAR",
            "how it follows from other figures: ratio, growth, increase, change; or empty",
        ),
        ("numerator_claim", "INTEGER", "claim that is the numerator of a rate"),
        ("denominator_claim", "INTEGER", "claim that is its denominator"),
        ("denominator_about", "VARCHAR[]", "printed figures any of which is its denominator, as in about"),
        ("other_kind", "VARCHAR", "kind of another document whose figure it repeats; or empty"),
        ("other_fiscal_year", "INTEGER", "that document's year"),
        ("other_about", "VARCHAR[]", "where that document prints the figure, as in about"),
        ("reason", "VARCHAR", "reason given for a change, as printed; or empty"),
        ("measure", "VARCHAR", "name of what only the narrative tells; or empty"),
    ),
)

LISTED_ITEMS = Dataset(
    "listed_items",
    "one row per item that a narrative lists as paid without its amount",
    _columns(
        _DOCUMENT_ID,
        ("item_number", "INTEGER", "item in the document, from 1"),
        ("section", "VARCHAR", "heading it stands under"),
        ("name", "VARCHAR", "the item as printed"),
        ("about", "VARCHAR[]", "where its figure stands: statement_id/row_key/column_id"),
        ("sentence", "VARCHAR", "the sentence"),
        ("page", "INTEGER", "page"),
    ),
)

STATED_SUMS = Dataset(
    "stated_sums",
    "one row per amount of a sum that a statement itself states, at one place of it",
    _columns(
        _DOCUMENT_ID,
        ("sum_number", "INTEGER", "sum and place in the document, from 1"),
        ("term_number", "INTEGER", "amount in the sum; 0 is the total"),
        ("statement_number", "INTEGER", "statement in the document"),
        ("statement_id", "VARCHAR", "statement form"),
        ("axis", "VARCHAR", "what is summed: row (行) or column (栏)"),
        ("footnote", "VARCHAR", "the sum as printed, spaces and widths of characters made one"),
        ("place", "VARCHAR", "column or row in which it is asked, as printed"),
        ("weight", "INTEGER", "1, or -1 where it is subtracted"),
        ("printed_number", "INTEGER", "number of the row or column as printed (行次, 栏次)"),
        ("state", "VARCHAR", "printed, blank, or missing (no such number, or not understood)"),
        ("cell_id", "VARCHAR", "printed cell; empty unless printed"),
        ("page", "INTEGER", "page"),
    ),
)

NARRATIVE_FAULTS = Dataset(
    "narrative_faults",
    "one row per thing in a narrative that cannot be right, whatever the statements say",
    _columns(
        _DOCUMENT_ID,
        ("fault_number", "INTEGER", "fault in the document, from 1"),
        ("kind", "VARCHAR", "kind of finding"),
        ("rule", "VARCHAR", "rule of the catalogue that finds it"),
        ("severity", "VARCHAR", "high, medium or low"),
        ("section", "VARCHAR", "heading it stands under"),
        ("printed", "VARCHAR", "what is wrong, as printed"),
        ("expected", "VARCHAR", "what it would have to be; empty if not known"),
        ("sentence", "VARCHAR", "the sentence"),
        ("told_zh", "VARCHAR", "what is wrong with it, Chinese"),
        ("told_en", "VARCHAR", "what is wrong with it, English"),
        ("page", "INTEGER", "page"),
        *_BOX,
    ),
)

NOTES = Dataset(
    "notes",
    "one row per thing not understood, or that the reading has to say",
    _columns(
        _DOCUMENT_ID,
        ("kind", "VARCHAR", "kind of note"),
        ("message", "VARCHAR", "the note in a sentence"),
        ("page", "INTEGER", "page; empty where it is about the whole document"),
        ("text", "VARCHAR", "text as printed"),
        ("cell_id", "VARCHAR", "printed cell it is about"),
    ),
)

PERFORMANCE_PROJECTS = Dataset(
    "performance_projects",
    "one row per line of money in a performance sheet, or project of a list",
    _columns(
        _DOCUMENT_ID,
        ("line_number", "INTEGER", "line of money in the document, from 1"),
        ("sheet_number", "INTEGER", "performance sheet in the document, from 1"),
        ("sheet_kind", "VARCHAR", "target 绩效目标, self_evaluation 自评 or project_list 项目明细"),
        ("scope", "VARCHAR", "project, or department (部门整体支出)"),
        ("project_name", "VARCHAR", "project or department named on the sheet"),
        ("money_line", "VARCHAR", "what part of the money: total, fiscal, carryover, …, list_total"),
        ("line_label", "VARCHAR", "label of the line as printed"),
        ("initial_yuan", "DECIMAL(18,2)", "initial budget (年初预算数)"),
        ("adjusted_yuan", "DECIMAL(18,2)", "adjusted budget (全年预算数)"),
        ("final_yuan", "DECIMAL(18,2)", "spent (全年执行数)"),
        ("unit", "VARCHAR", "unit they are printed in"),
        ("precision_yuan", "DECIMAL(18,4)", "yuan one unit of the coarsest last printed digit is worth"),
        ("rate", "DECIMAL(18,6)", "execution rate (执行率) as printed"),
        ("rate_printed", "VARCHAR", "that rate with its sign"),
        ("rate_decimals", "INTEGER", "its printed decimals"),
        ("rate_is_percent", "BOOLEAN", "a % is printed with it"),
        ("weight", "DECIMAL(18,6)", "points that the execution of the budget is worth (分值)"),
        ("score", "DECIMAL(18,6)", "points given for it (得分)"),
        ("page", "INTEGER", "page"),
        ("cell_id", "VARCHAR", "cell of the label"),
        ("initial_cell_id", "VARCHAR", "cell of the initial budget; empty for none, as the others"),
        ("adjusted_cell_id", "VARCHAR", "cell of the adjusted budget"),
        ("final_cell_id", "VARCHAR", "cell of what was spent"),
        ("rate_cell_id", "VARCHAR", "cell of the rate"),
        ("weight_cell_id", "VARCHAR", "cell of the weight"),
        ("score_cell_id", "VARCHAR", "cell of the score"),
    ),
)

PERFORMANCE_INDICATORS = Dataset(
    "performance_indicators",
    "one row per row of indicators in a performance sheet, or indicator told in a sentence",
    _columns(
        _DOCUMENT_ID,
        ("indicator_number", "INTEGER", "row of indicators in the document, from 1"),
        ("sheet_number", "INTEGER", "performance sheet in the document; 0 for a sentence"),
        ("sheet_kind", "VARCHAR", "target 绩效目标 or self_evaluation 自评"),
        ("scope", "VARCHAR", "project, or department (部门整体支出)"),
        ("project_name", "VARCHAR", "project or department named on the sheet"),
        ("role", "VARCHAR", "indicator, kind (all indicators of a kind) or total (总分, 合计)"),
        ("level1", "VARCHAR", "kind of the first level (一级指标)"),
        ("level2", "VARCHAR", "kind of the second level (二级指标)"),
        ("level3", "VARCHAR", "the indicator (三级指标)"),
        ("level1_weight", "DECIMAL(18,6)", "points printed with the first level: (50分)"),
        ("level1_count", "INTEGER", "number of indicators printed with the first level: (20个)"),
        ("level2_weight", "DECIMAL(18,6)", "points printed with the second level"),
        ("level2_count", "INTEGER", "number of indicators printed with the second level"),
        ("n_indicators", "INTEGER", "number of indicators that the row stands for, where it prints one"),
        ("target", "VARCHAR", "target (年度指标值) as printed"),
        ("result", "VARCHAR", "what came of it (实际完成值) as printed"),
        ("weight", "DECIMAL(18,6)", "points it is worth (分值)"),
        ("share", "DECIMAL(18,6)", "its weight in per cent (权重), where that is printed"),
        ("score", "DECIMAL(18,6)", "points given (得分)"),
        ("score_rate", "VARCHAR", "rate of the score (得分率) as printed"),
        ("reason", "VARCHAR", "reason of a deviation and remedy (偏差原因分析及改进措施)"),
        ("sentence", "VARCHAR", "the sentence, for one told in a sentence"),
        ("page", "INTEGER", "page"),
        ("cell_id", "VARCHAR", "cell of the name; empty for a sentence"),
        ("target_cell_id", "VARCHAR", "cell of the target; empty for none, as the others"),
        ("result_cell_id", "VARCHAR", "cell of the result"),
        ("weight_cell_id", "VARCHAR", "cell of the weight"),
        ("score_cell_id", "VARCHAR", "cell of the score"),
        ("reason_cell_id", "VARCHAR", "cell of the reason"),
    ),
)

RAW_INVENTORY = Dataset(
    "raw_inventory",
    "one row per file in the raw folder when the build began",
    _columns(
        ("source_path", "VARCHAR", "path in the raw folder, forward slashes"),
        _DOCUMENT_ID,
        ("size_bytes", "BIGINT", "size of the file"),
        ("is_registered", "BOOLEAN", "the register speaks of it"),
        ("previous_document_id", "VARCHAR", "document that lay at this path before, if any"),
    ),
)

# Written whole when the raw folder is listed.
PER_FOLDER = (RAW_INVENTORY, DECISIONS)

# Written whole per document, in this order; `documents` last, because its row says the rest is there.
PER_DOCUMENT = (
    CELLS,
    STATEMENTS,
    LINE_ITEMS,
    REPAIRS,
    STATED_SUMS,
    CLAIMS,
    LISTED_ITEMS,
    NARRATIVE_FAULTS,
    PERFORMANCE_PROJECTS,
    PERFORMANCE_INDICATORS,
    NOTES,
    REVIEWS,
    DOCUMENTS,
)
