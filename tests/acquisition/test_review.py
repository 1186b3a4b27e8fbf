"""The files of ``review/``: their schema, and that no row is left out without a word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.acquisition.inventory import take_inventory
from pipelines.acquisition.review import CORRECTIONS, DECISIONS, read_review, review_of

DOCUMENT = "0123456789abcdef"
CELL = f"{DOCUMENT}-p0008-t01-r007-c04"
CORRECTED = "document_id,cell_id,old,new,reason,decided_by,decided_on\n"
DECIDED = "review_id,decision,value,reason,decided_by,decided_on\n"


def write(root: Path, *, corrections: str = "", decisions: str = "") -> Path:
    (root / "review").mkdir(exist_ok=True)
    if corrections:
        (root / CORRECTIONS).write_text(CORRECTED + corrections, encoding="utf-8")
    if decisions:
        (root / DECISIONS).write_text(DECIDED + decisions, encoding="utf-8")
    return root


def test_no_file_says_nothing(tmp_path: Path) -> None:
    assert read_review(tmp_path).problems == ()
    assert read_review(tmp_path).corrections == ()


def test_a_row_is_read_with_its_day_as_a_spreadsheet_writes_it(tmp_path: Path) -> None:
    review = read_review(
        write(tmp_path, corrections=f'{DOCUMENT},{CELL},"1,9l0.17","1,910.17",看过,王,2026/3/5\n')
    )
    (row,) = review.corrections
    assert (row.cell_id, row.old, row.new, row.row) == (CELL, "1,9l0.17", "1,910.17", 2)
    assert (row.reason, row.decided_by, row.decided_on) == ("看过", "王", date(2026, 3, 5))
    assert not row.is_confirmation
    assert review.of(DOCUMENT).corrections == (row,)
    assert review.of("f" * 16).corrections == ()


def test_the_same_text_is_a_confirmation(tmp_path: Path) -> None:
    review = read_review(
        write(tmp_path, corrections=f"{DOCUMENT},{CELL},1 910.17,1910.17,看过,王,2026-03-05\n")
    )
    assert review.corrections[0].is_confirmation


def test_decisions_that_readings_depend_on_go_with_their_document(tmp_path: Path) -> None:
    review = read_review(
        write(
            tmp_path,
            decisions=f"table/{CELL},statement,final_revenue,见标题,王,2026-03-05\n"
            f"document/{DOCUMENT},exclude,,别处的文件,王,2026-03-05\n"
            f"figure/{CELL},leave,,看不清,王,2026-03-05\n",
        )
    )
    assert review.problems == ()
    assert len(review.decisions) == 3
    reviewed = review.of(DOCUMENT)
    assert [each.decision for each in reviewed.decisions] == ["statement", "exclude"]
    assert reviewed.exclusion is not None
    assert list(reviewed.tables) == [CELL]


def test_every_row_that_cannot_be_used_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    good = f"{DOCUMENT},{CELL},a,b,why,who,2026-03-05\n"
    review = read_review(
        write(
            tmp_path,
            corrections=good
            + f"{DOCUMENT},{CELL},c,d,why,who,2026-03-05\n"  # twice
            + f"{'f' * 16},{CELL.replace('c04', 'c05')},a,b,why,who,2026-03-05\n"  # another document's
            + f"{DOCUMENT},p8,a,b,why,who,2026-03-05\n"
            + f"{DOCUMENT},{CELL.replace('c04', 'c06')},a,b,,who,spring\n"
            + f"{DOCUMENT},{CELL.replace('c04', 'c07')},,,why,who,2026-03-05\n"
            + f"{DOCUMENT},{CELL.replace('c04', 'c08')},1,910.17,1,910.71,why,who,2026-03-05\n"
            + f"{DOCUMENT},{CELL.replace('c04', 'c09')},a,?,？,who,2026-03-05\n"  # as the list proposes it
            + ",,,,,,\n",  # an empty line, as spreadsheets leave them
            decisions=f"code/functional/2010399,exclude,,why,who,2026-03-05\n"
            f"table/{CELL},statement,,why,who,2026-03-05\n"
            f"table/{CELL},maybe,,why,who,2026-03-05\n",
        )
    )
    assert [row.row for row in review.corrections] == [2]
    assert review.decisions == ()
    said = "\n".join(review.problems)
    assert "review/corrections.csv row 3" in said and "row 2 decides it too" in said
    assert f"row 4: the cell is of the document {DOCUMENT}" in said
    assert "row 5: column cell_id" in said
    assert "row 6: column reason" in said and "row 6: column decided_on" in said
    assert "row 7: old and new are both empty" in said
    assert "row 8: more cells than columns" in said
    assert "row 9: column new: it is still to be filled in" in said
    assert "row 9: column reason: it is still to be filled in" in said
    assert "row 10" not in said
    assert "review/decisions.csv row 2: exclude answers questions document/..." in said
    assert "review/decisions.csv row 3: value names the statement form" in said
    assert "review/decisions.csv row 4: column decision" in said


def test_a_file_of_another_encoding_or_other_columns_is_told(tmp_path: Path) -> None:
    write(tmp_path, corrections="x")
    (tmp_path / CORRECTIONS).write_bytes((CORRECTED + "看过").encode("gbk"))
    (tmp_path / DECISIONS).write_text("review_id;decision\n", encoding="utf-8")
    one, other = read_review(tmp_path).problems
    assert "CSV UTF-8" in one
    assert "has no column review_id" in other


def test_an_inventory_hands_each_file_what_was_decided_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF a")
    (file,) = take_inventory(tmp_path).files
    cell = CELL.replace(DOCUMENT, file.document_id)
    write(tmp_path, corrections=f"{file.document_id},{cell},a,b,why,who,2026-03-05\nbad,,,,,,\n")
    inventory = take_inventory(tmp_path)
    (file,) = inventory.files
    assert [each.cell_id for each in file.reviewed.corrections] == [cell]
    assert inventory.review_problems
    assert review_of(tmp_path / "a.pdf", file.document_id) == file.reviewed
