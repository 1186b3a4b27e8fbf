"""What a trial of a new extractor found, as Markdown for a run's metadata."""

from __future__ import annotations

from pipelines.warehouse.trial_comparison import CHANGE_KINDS, KIND_WORDS, Change, Comparison

#: Differences shown; the command line writes all of them as CSV.
SHOWN = 50


def counts_of_changes(found: Comparison) -> str:
    """How many differences there are of each kind, by statement."""
    if not found.changes:
        return f"nothing was read otherwise in {found.n_documents} document(s)"
    lines = ["| statement | otherwise | number |", "|---|---|---:|"]
    for statement, counts in found.by(lambda change: change.statement_id).items():
        lines += [f"| {statement} | {KIND_WORDS[kind]} | {count} |" for kind, count in counts.items()]
    return "\n".join(lines)


def list_of_changes(found: Comparison) -> str:
    """The first differences one by one, those that change amounts before the others."""
    if not found.changes:
        return "none"
    lines = [
        "| document | page | otherwise | old | new | old, yuan | new, yuan |",
        "|---|---:|---|---|---|---:|---:|",
    ]
    ordered = sorted(found.changes, key=lambda change: CHANGE_KINDS.index(change.kind))
    for change in ordered[:SHOWN]:
        old, new = _shown(change)
        yuan = ("" if amount is None else f"{amount:,}" for amount in (change.yuan_old, change.yuan_new))
        cells = (change.source_path, change.page or "", KIND_WORDS[change.kind], old, new, *yuan)
        lines.append("| " + " | ".join(_cell(str(cell)) for cell in cells) + " |")
    if len(ordered) > SHOWN:
        lines.append(f"\n{len(ordered) - SHOWN} more: juesuan try-reader --csv changes.csv")
    return "\n".join(lines)


def _shown(change: Change) -> tuple[str, str]:
    old = ": ".join(part for part in (change.subject_old, change.text_old) if part)
    new = ": ".join(part for part in (change.subject_new, change.text_new) if part)
    return old, new


def _cell(text: str) -> str:
    """Text of a document as one cell of a Markdown table: no mark-up, no other cell."""
    for mark, escaped in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("\n", " "), ("[", "\\["), ("`", "'")):
        text = text.replace(mark, escaped)
    return text
