"""A register is kept by hand: what it says must count, and its slips must be named, row by row."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from pipelines.acquisition.register import read_register

HEADER = "path,sha256,region_code,department,level,fiscal_year,kind,part,published_at,is_synthetic,notes\n"


def register(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "register.csv"
    path.write_text(header + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_full_row(tmp_path: Path) -> None:
    documents, problems = read_register(
        register(tmp_path, "a/b.pdf,,420100,武汉市信息中心,department,2023,final_accounts,,2024-09-30,true,x")
    )
    assert problems == ()
    entry = documents["a/b.pdf"]
    assert (entry.region_code, entry.department, entry.level) == ("420100", "武汉市信息中心", "department")
    assert (entry.fiscal_year, entry.kind, entry.part) == (2023, "final_accounts", "")
    assert entry.published_at == date(2024, 9, 30)
    assert entry.is_synthetic


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2024-09-30T08:15:00+08:00", datetime(2024, 9, 30, 0, 15)),
        ("2024-09-30T05:15:00+08:00", datetime(2024, 9, 29, 21, 15)),
        ("2024-09-30T08:15:00Z", datetime(2024, 9, 30, 8, 15)),
        ("2024-09-30T08:15:00", datetime(2024, 9, 30, 8, 15)),
        ("2024-09-30", datetime(2024, 9, 30)),
    ],
)
def test_a_time_of_download_is_kept_in_utc(tmp_path: Path, written: str, utc: datetime) -> None:
    documents, problems = read_register(register(tmp_path, f"a.pdf,{written}", header="path,fetched_at\n"))
    assert problems == ()
    assert documents["a.pdf"].fetched_at == utc


def test_only_the_path_is_needed(tmp_path: Path) -> None:
    documents, problems = read_register(register(tmp_path, "a.pdf", header="path\n"))
    assert problems == ()
    assert documents["a.pdf"].fiscal_year is None
    assert documents["a.pdf"].department == ""


def test_no_register_is_no_problem(tmp_path: Path) -> None:
    assert read_register(tmp_path / "register.csv") == ({}, ())


def test_a_bad_row_is_named_and_the_others_count(tmp_path: Path) -> None:
    documents, problems = read_register(
        register(
            tmp_path,
            "good.pdf,,,,,2023,budget,,,,",
            "bad.pdf,,31010,,,twenty,budgets,,30/9/2024,,",
            "../out.pdf,,,,,,,,,,",
            "good.pdf,,,,,2024,budget,,,,",
        )
    )
    assert list(documents) == ["good.pdf"]
    assert documents["good.pdf"].fiscal_year == 2023
    told = [(problem.row, problem.message) for problem in problems]
    assert [row for row, _ in told] == [3, 3, 3, 3, 4, 5]
    for column in ("region_code", "fiscal_year", "kind", "published_at"):
        assert any(row == 3 and f"column {column}:" in message for row, message in told), told
    assert "twenty" in " ".join(message for _, message in told)
    assert "registered twice" in told[-1][1]


def test_a_register_from_a_spreadsheet_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes("path,fiscal_year\na.pdf,2023\n".encode("utf-8-sig"))
    assert read_register(path)[0]["a.pdf"].fiscal_year == 2023


def test_a_register_in_another_encoding_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes("path,department\na.pdf,武汉\n".encode("gb18030"))
    documents, problems = read_register(path)
    assert documents == {}
    assert "UTF-8" in problems[0].message


def test_a_register_without_its_key_column(tmp_path: Path) -> None:
    _, problems = read_register(register(tmp_path, "x", header="file\n"))
    assert "no column 'path'" in problems[0].message


def test_the_register_of_real_documents_is_read_whole(corpus: Path) -> None:
    documents, problems = read_register(corpus / "register.csv")
    assert problems == ()
    assert len(documents) == 23
