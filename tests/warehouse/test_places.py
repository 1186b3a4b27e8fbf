"""From a row of ``mart_findings``, or any fact, to the cell on the page: one command."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from PIL import Image, ImageChops
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.cli.exit_codes import ExitCode
from pipelines.settings import Settings
from pipelines.warehouse.places import PlaceError, place_in_warehouse, raw_file
from tests.built_raw import GROUP, RAW, BuiltRaw

pytestmark = pytest.mark.xdist_group(GROUP)

SEED = "420100-information-center/2023-final-accounts.pdf"
RED = (200, 20, 40)


def juesuan(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def asked(raw: BuiltRaw, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(raw.data / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def settings(built_raw: BuiltRaw) -> Settings:
    return Settings(raw=RAW, data=built_raw.data)


def red_box(picture: Path) -> tuple[int, int, int, int]:
    image = Image.open(io.BytesIO(picture.read_bytes())).convert("RGB")
    difference = ImageChops.difference(image, Image.new("RGB", image.size, RED)).convert("L")
    found = difference.point([255] + [0] * 255).getbbox()
    assert found is not None, "nothing is framed"
    return found[0], found[1], found[2] - 1, found[3] - 1


def test_a_planted_fault_is_framed_on_its_page(built_raw: BuiltRaw, tmp_path: Path) -> None:
    ((finding, x0, top, x1, bottom),) = asked(
        built_raw,
        "select f.finding_id, c.x0, c.top, c.x1, c.bottom from mart_findings as f "
        "inner join fct_cells as c on f.cell_id = c.cell_id "
        "inner join mart_finding_symptoms as s on f.finding_id = s.finding_id "
        "where s.identity_id = 't1_opening_is_last_closing'",
    )
    picture = tmp_path / "finding.png"
    result = juesuan(
        "show", finding, "--picture", str(picture), "--data", str(built_raw.data), "--raw", str(RAW)
    )
    assert result.exit_code == ExitCode.DONE, result.stderr
    for expected in (
        "武汉市样例文化馆 2023 部门决算",
        "420100-sample-cultural-centre/2023-final-accounts.pdf",
        "收入支出决算总表",
        "年初结转和结余 (opening_balance)",
        "87.96",
        "879,600.00 yuan; the statement is in 万元",
        "violated: 收入支出决算总表：年初结转和结余 = 上年决算年末结转和结余",
        "juesuan show 34ea8f39d710f598-p0005-t01-r031-c05",
    ):
        assert expected in result.stdout, expected
    framed = red_box(picture)
    expected_box = (2 * x0 - 2, 2 * top - 2, 2 * x1 + 2, 2 * bottom + 2)
    assert all(abs(a - b) <= 1.5 for a, b in zip(framed, expected_box, strict=True)), framed


def test_every_finding_leads_to_its_page(built_raw: BuiltRaw, settings: Settings) -> None:
    findings = asked(
        built_raw,
        "select finding_id, page, cell_id, operand_cell_ids, question_zh, finding_kind from mart_findings",
    )
    assert len(findings) > 25
    for finding, page, cell, operands, question, kind in findings:
        if page is None:
            with pytest.raises(PlaceError, match="stands on no page"):
                place_in_warehouse(settings, finding)
            continue
        place = place_in_warehouse(settings, finding)
        assert raw_file(settings, place).is_file()
        assert place.page == page
        assert place.sentences[0] == question
        # What is listed in the text and blank in the statement has the page alone.
        if kind != "claim_listed_but_blank":
            assert place.cells or place.others or place.elsewhere, finding
        named = {one for one in (cell, *operands) if one}
        assert len(place.others) + len(place.elsewhere) >= len(named - {cell})


def test_a_claim_is_framed_where_the_sentence_stands(built_raw: BuiltRaw, settings: Settings) -> None:
    claims = asked(
        built_raw,
        "select f.finding_id, c.x0, c.top, c.sentence from mart_findings as f "
        "inner join fct_claims as c on f.identity_key = c.claim_id "
        "where f.finding_kind = 'claim_ratio_wrong'",
    )
    assert claims
    for finding, x0, top, sentence in claims:
        (cell,) = place_in_warehouse(settings, finding).cells
        assert (cell.box.x0, cell.box.top, cell.text) == (x0, top, sentence)


def test_a_figure_of_the_seed_by_its_cell(built_raw: BuiltRaw, settings: Settings) -> None:
    ((cell_id,),) = asked(
        built_raw,
        "select e.cell_id from fct_expenditure_by_function as e "
        "inner join dim_document as d on e.document_id = d.document_id "
        f"where d.source_path = '{SEED}' and e.statement_id = 'final_expenditure' "
        "and e.functional_code = '2010399' and e.expenditure_kind = 'project'",
    )
    place = place_in_warehouse(settings, cell_id)
    assert (place.printed_text, str(place.amount_yuan), place.unit) == ("1, 910. 17", "19101700.00", "万元")
    assert place.row == "其他政府办公厅（室）及相关机构事务支出 (2010399)"
    assert place.column.startswith("项目支出 ")
    stood = {(one.identity_id, one.key): (one.verdict, one.is_reported) for one in place.identities}
    assert stood == {
        ("t3_rollup", "20103|project"): ("exact", False),
        ("t3_row_total", "2010399"): ("exact", False),
        ("t5_t3_project_by_code", "2010399"): ("exact", False),
    }


def test_a_cell_of_a_file_needs_no_warehouse(tmp_path: Path) -> None:
    cell = "dcaab82395bd3af3-p0008-t01-r007-c06"
    picture = tmp_path / "cell.png"
    result = juesuan("inspect", str(RAW / SEED), "--cell", cell, "--picture", str(picture))
    assert result.exit_code == ExitCode.DONE, result.stderr
    for expected in ("page        8", "(2010399)", "1, 910. 17", "19,101,700.00 yuan", "t3_row_total"):
        assert expected in result.stdout
    assert red_box(picture) == pytest.approx((2 * 342.88, 2 * 232.12, 2 * 397.55, 2 * 257.18), abs=4)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("dcaab82395bd3af3-p0008-t01-r099-c06", "no cell"),
        ("0123456789abcdef-p0008-t01-r007-c06", "the file has changed since"),
        ("3f8e8ea9a59ff008", "is no cell id"),
    ],
)
def test_an_id_that_is_not_in_the_file(cell: str, said: str) -> None:
    result = juesuan("inspect", str(RAW / SEED), "--cell", cell)
    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr


@pytest.mark.parametrize(
    ("id_", "said"),
    [
        ("nobody", "neither a cell_id nor a finding_id"),
        ("0123456789abcdef-p0008-t01-r007-c06", "holds no document 0123456789abcdef"),
        ("dcaab82395bd3af3-p0008-t01-r099-c06", "has no cell"),
    ],
)
def test_an_id_that_is_not_in_the_warehouse(settings: Settings, id_: str, said: str) -> None:
    with pytest.raises(PlaceError, match=said):
        place_in_warehouse(settings, id_)


def test_without_a_warehouse_the_next_command_is_told(tmp_path: Path) -> None:
    result = juesuan("show", "3f8e8ea9a59ff008", "--data", str(tmp_path))
    assert result.exit_code == ExitCode.USAGE
    assert "juesuan build" in result.stderr


def test_a_file_that_is_gone_or_changed_is_told_and_not_drawn(built_raw: BuiltRaw, tmp_path: Path) -> None:
    cell, picture = "dcaab82395bd3af3-p0008-t01-r007-c06", tmp_path / "cell.png"
    folder = tmp_path / "raw"
    arguments = ("show", cell, "--picture", str(picture), "--data", str(built_raw.data), "--raw", str(folder))
    gone = juesuan(*arguments)
    assert gone.exit_code == ExitCode.USAGE
    assert "the file is not there" in gone.stderr
    assert "1, 910. 17" in gone.stdout, "what the warehouse knows is told all the same"
    (folder / SEED).parent.mkdir(parents=True)
    shutil.copy(RAW / "420100-sample-cultural-centre" / "2023-final-accounts.pdf", folder / SEED)
    changed = juesuan(*arguments)
    assert changed.exit_code == ExitCode.USAGE
    assert "has changed since the warehouse was built" in changed.stderr
    assert not picture.exists()
