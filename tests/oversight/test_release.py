"""A release: the same bytes each time, true in all it says, and nothing can be changed in it unnoticed."""

from __future__ import annotations

import csv
import datetime
import json
import shutil
from collections.abc import Callable, Sequence
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import duckdb
import frictionless
import pytest
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from typer.testing import CliRunner

from pipelines.acquisition.inventory import hash_file
from pipelines.cli.app import app
from pipelines.oversight.release import making
from pipelines.oversight.release.checks import Problem
from pipelines.oversight.release.layout import (
    CHANGES,
    CITATION,
    COUNTS,
    DATABASE,
    DOCUMENTS,
    LICENSE,
    PACKAGE,
    README,
    SBOM,
    SYNTHETIC,
    ReleaseError,
    csv_of,
    files_of,
    parquet_of,
)
from pipelines.oversight.release.making import Released, make_release
from pipelines.oversight.release.verifying import verify_release
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse.dictionary import TableEntry, parse_project, read_manifest
from tests.built_raw import GROUP, RAW, BuiltRaw
from tests.oversight.releases import (
    copied,
    database_changed,
    parquet_changed,
    replaced,
    signed_again,
    small_warehouse,
)

pytestmark = pytest.mark.xdist_group(GROUP)

Make = Callable[..., Released]
# A figure that stands in identities: the total of the department's expenditure in 2023, and its cell.
_TOTAL = """
    select cell_id from fct_expenditure_by_function
    where statement_id = 'final_expenditure' and fiscal_year = 2023 and functional_code = 'total'
        and column_id = 'total'"""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[TableEntry, ...]:
    return read_manifest(parse_project(PROJECT_ROOT / "dbt_project", tmp_path_factory.mktemp("dbt")))


@pytest.fixture(scope="module")
def warehouse(built_raw: BuiltRaw) -> Path:
    return built_raw.data / "warehouse.duckdb"


@pytest.fixture(scope="module")
def released(
    warehouse: Path, tables: tuple[TableEntry, ...], tmp_path_factory: pytest.TempPathFactory
) -> Released:
    """The release of one department."""
    settings = small_warehouse(warehouse, tmp_path_factory.mktemp("release"))
    return make_release(settings, tables=tables)


@pytest.fixture
def make(
    warehouse: Path,
    tables: tuple[TableEntry, ...],
    released: Released,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Make:
    """Makes another release of the department, after statements on its warehouse.

    The bill of materials, which is the same each time, is copied.
    """

    def made(
        statements: Sequence[str] = (), *, to: Path | None = None, since: Path | None = None
    ) -> Released:
        monkeypatch.setattr(
            making, "write_sbom", lambda _, path: shutil.copyfile(released.folder / SBOM, path)
        )
        settings = small_warehouse(warehouse, tmp_path / "data", statements)
        return make_release(settings, to=to, since=since, tables=tables)

    return made


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_rows_give_the_same_bytes(
    released: Released, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever order they lie in, wherever and whenever it is made."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    shuffled = [
        statement
        for table in ("fct_cells", "fct_identity_results", "dim_region", "mart_findings")
        for statement in (
            f"create temp table shuffled as from {table} order by hash({table})",
            f"delete from {table}",
            f"insert into {table} from shuffled",
            "drop table shuffled",
        )
    ]
    again = make(shuffled, to=tmp_path / "elsewhere")
    assert again.digest == released.digest
    assert list(files_of(again.folder)) == list(files_of(released.folder))
    different = [
        path
        for path in files_of(released.folder)
        if (again.folder / path).read_bytes() != (released.folder / path).read_bytes()
    ]
    assert different == []
    assert {DATABASE, parquet_of("fct_cells"), csv_of("fct_cells"), CITATION} <= set(files_of(again.folder))


def test_the_bill_of_materials_is_the_same_each_time(
    released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    making.write_sbom(PROJECT_ROOT / "requirements.lock", tmp_path / SBOM)
    text = (tmp_path / SBOM).read_text(encoding="utf-8")
    assert text == (released.folder / SBOM).read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    components = {component["name"]: component["version"] for component in json.loads(text)["components"]}
    for name in ("duckdb", "dagster", "dbt-core", "pdfplumber"):
        assert components[name] == version(name)


def test_it_verifies_with_its_documents_and_its_digest(released: Released) -> None:
    assert verify_release(released.folder, raw=RAW, digest=released.digest) == ()


def test_frictionless_finds_nothing_wrong(released: Released) -> None:
    report = frictionless.validate(str(released.folder / PACKAGE))
    assert report.valid, report.flatten(["name", "type", "message"])[:10]
    checked = {task.name for task in report.tasks if task.type == "table"}
    assert {"fct-cells", "mart-findings", "documents", "counts", "changes"} <= checked


def test_the_package_says_keys_types_and_meanings(released: Released) -> None:
    package = json.loads((released.folder / PACKAGE).read_text(encoding="utf-8"))
    schemas = {resource["path"]: resource.get("schema") for resource in package["resources"]}
    totals = schemas[csv_of("fct_statement_totals")]
    fields = {field["name"]: field for field in totals["fields"]}
    assert fields["amount_yuan"]["type"] == "number"
    assert fields["amount_yuan"]["duckdbType"] == "DECIMAL(18,2)"
    assert fields["amount_yuan"]["description"].startswith("Amount in yuan")
    assert fields["amount_yuan"]["constraints"] == {"required": True}
    assert totals["primaryKey"] == ["cell_id"]
    foreign = {key["fields"][0]: key["reference"]["resource"] for key in totals["foreignKeys"]}
    assert foreign == {
        "cell_id": "fct-cells",
        "disclosure_id": "dim-disclosure",
        "document_id": "dim-document",
        "department_id": "dim-department",
        "region_code": "dim-region",
        "statement_id": "dim-statement",
    }
    by_function = schemas[csv_of("fct_expenditure_by_function")]
    keys = {key["fields"][0] for key in by_function["foreignKeys"]}
    assert "functional_code" not in keys, "a code stands in its dimension once for each of its names"


def test_documents_are_listed_with_the_hashes_of_the_files(released: Released) -> None:
    documents = rows_of(released.folder / DOCUMENTS)
    assert len(documents) == 8
    for document in documents:
        assert hash_file(RAW / document["source_path"]) == document["sha256"]
        assert document["is_synthetic"] == "true"
        assert document["obtained_from"]


def test_rows_are_counted_by_region_and_year(released: Released) -> None:
    counts = rows_of(released.folder / COUNTS)
    years = {row["fiscal_year"]: row for row in counts if row["table_name"] == "fct_three_public"}
    assert set(years) == {"2021", "2022", "2023", "2024"}
    assert {row["region_code"] for row in years.values()} == {"420100"}
    with duckdb.connect(str(released.folder / DATABASE), read_only=True) as connection:
        for year, row in years.items():
            found = connection.execute(
                "select count(*) from fct_three_public where fiscal_year = ?", [int(year)]
            ).fetchone()
            assert found == (int(row["rows_in_warehouse"]),) == (int(row["rows_in_release"]),)
    (empty,) = [row for row in counts if row["table_name"] == "fct_repairs"]
    assert (empty["region_code"], empty["rows_in_release"]) == ("", "0")


def test_it_is_marked_dated_and_can_be_cited(released: Released) -> None:
    newest = max(row["published_at"] for row in rows_of(released.folder / DOCUMENTS))
    assert released.date == released.folder.name == newest
    citation = yaml.safe_load((released.folder / CITATION).read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert str(citation["version"]) == str(citation["date-released"]) == released.date
    assert SYNTHETIC in citation["title"]
    readme = (released.folder / README).read_text(encoding="utf-8")
    assert SYNTHETIC in readme.splitlines()[0]
    assert "all of these documents are specimens" in " ".join(readme.split())
    assert (released.folder / LICENSE).read_bytes() == (PROJECT_ROOT / "LICENSE").read_bytes()


def test_a_table_attached_from_it_is_that_of_the_warehouse(released: Released, warehouse: Path) -> None:
    """As docs/analyst.md shows it, comments and all."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{released.folder / DATABASE}' as juesuan (read_only)")
        connection.execute(f"attach '{warehouse}' as published (read_only)")
        difference = connection.execute(
            "select count(*) from (from juesuan.mart_department_year except all "
            "from published.mart_department_year)"
        ).fetchone()
        assert difference == (0,)
        comments = connection.execute(
            "select count(*), count(comment) from duckdb_columns() where database_name = 'juesuan'"
        ).fetchone()
    assert comments
    assert comments[0] == comments[1] > 300


def test_csv_is_safe_to_open_and_still_the_parquet(make: Make, tmp_path: Path) -> None:
    formula = '=HYPERLINK("http://example.org")'
    made = make([f"update dim_department set department_name = '{formula}'"], to=tmp_path / "2026-01-01")
    (row,) = rows_of(made.folder / csv_of("dim_department"))
    assert row["department_name"] == f"'{formula}"
    with duckdb.connect() as connection:
        kept = connection.execute(
            f"select department_name from '{made.folder / parquet_of('dim_department')}'"
        ).fetchone()
    assert kept == (formula,)
    assert verify_release(made.folder) == ()


def test_changes_are_listed_by_figure(released: Released, make: Make, tmp_path: Path) -> None:
    """One figure read otherwise, one gone, and back again."""
    with duckdb.connect(str(released.folder / DATABASE), read_only=True) as connection:
        first, second = connection.execute(
            "select cell_id, amount_yuan from fct_three_public order by cell_id limit 2"
        ).fetchall()
    cells = f"('{first[0]}', '{second[0]}')"
    made = make(
        [
            f"update fct_three_public set amount_yuan = amount_yuan + 1 where cell_id = '{first[0]}'",
            f"delete from fct_three_public where cell_id = '{second[0]}'",
            # What was answered with them is no longer answered.
            "delete from fct_identity_results where result_id in "
            f"(select result_id from fct_identity_operands where cell_id in {cells})",
            "delete from fct_identity_operands where result_id not in "
            "(select result_id from fct_identity_results)",
        ],
        to=tmp_path / "2099-01-01",
        since=released.folder,
    )
    changes = {row["old_cell_id"]: row for row in rows_of(made.folder / CHANGES)}
    assert made.n_changes == len(changes) == 2
    changed, removed = changes[first[0]], changes[second[0]]
    assert (changed["change"], removed["change"]) == ("changed", "removed")
    assert Decimal(changed["old_yuan"]) == first[1]
    assert Decimal(changed["new_yuan"]) == first[1] + 1
    assert (Decimal(removed["old_yuan"]), removed["new_yuan"]) == (second[1], "")
    assert changed["disclosure_id"]
    assert changed["statement_id"]
    assert changed["row_key"]
    assert changed["column_id"]
    assert released.date in (made.folder / README).read_text(encoding="utf-8")
    assert verify_release(made.folder) == ()
    back = make([], to=tmp_path / "2099-01-02", since=made.folder)
    assert sorted(row["change"] for row in rows_of(back.folder / CHANGES)) == ["added", "changed"]


def test_the_last_release_is_the_newest_of_an_earlier_date(released: Released, tmp_path: Path) -> None:
    for name in ("2020-01-01", "2021-01-01", "2030-01-01", "notes"):
        copied(released.folder, tmp_path / name)
    found = making._last_release(tmp_path / "2024-01-01", "2024-01-01")
    assert found == tmp_path / "2021-01-01"


# Each kind of tampering: what is done to a copy, and the kind and words it is told in.
def _byte(folder: Path) -> None:
    replaced(folder / README, lambda text: text + " ")


def _missing(folder: Path) -> None:
    (folder / csv_of("dim_region")).unlink()


def _extra(folder: Path) -> None:
    (folder / "csv" / "more.txt").write_text("more", encoding="utf-8")


def _parquet_row(folder: Path) -> None:
    parquet_changed(folder, "mart_findings", "update t set sentence_zh = sentence_zh || '。' where rowid = 0")
    signed_again(folder)


def _database_row(folder: Path) -> None:
    database_changed(
        folder / DATABASE, "update fct_three_public set amount_yuan = amount_yuan + 100 where rowid = 0"
    )
    signed_again(folder)


def _database_view(folder: Path) -> None:
    database_changed(folder / DATABASE, "create view budget as from fct_three_public")
    signed_again(folder)


def _schema(folder: Path) -> None:
    replaced(folder / PACKAGE, lambda text: text.replace('"DECIMAL(18,2)"', '"DECIMAL(18,4)"', 1))
    signed_again(folder)


def _meaning(folder: Path) -> None:
    replaced(folder / PACKAGE, lambda text: text.replace("Amount in yuan", "Amount in 万元", 1))
    signed_again(folder)


def _key(folder: Path) -> None:
    def other_key(text: str) -> str:
        package = json.loads(text)
        for resource in package["resources"]:
            if resource["path"] == csv_of("fct_three_public"):
                resource["schema"]["primaryKey"] = ["document_id"]
        return json.dumps(package, ensure_ascii=False)

    replaced(folder / PACKAGE, other_key)
    signed_again(folder)


def _dropped(folder: Path) -> None:
    """Rows taken out of all three forms."""
    where = "where fiscal_year = 2022"
    parquet_changed(folder, "fct_claims", f"delete from t {where}")
    database_changed(folder / DATABASE, f"delete from fct_claims {where}")
    rows = rows_of(folder / csv_of("fct_claims"))
    (folder / csv_of("fct_claims")).unlink()
    with (folder / csv_of("fct_claims")).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for row in rows if row["fiscal_year"] != "2022")
    signed_again(folder)


def _document_hash(folder: Path) -> None:
    digest = rows_of(folder / DOCUMENTS)[0]["sha256"]
    replaced(folder / DOCUMENTS, lambda text: text.replace(digest, "0" * 64))
    signed_again(folder)


def _counts(folder: Path) -> None:
    replaced(
        folder / COUNTS, lambda text: text.replace("fct_claims,420100,2022,", "fct_claims,420100,2022,1")
    )
    signed_again(folder)


def _csv(folder: Path) -> None:
    replaced(folder / csv_of("fct_three_public"), lambda text: text.replace(",2023,", ",2024,", 1))
    signed_again(folder)


def _changes(folder: Path) -> None:
    replaced(folder / CHANGES, lambda text: text + "removed,a,,b,c,d,1,5.00,,e,\r\n")
    signed_again(folder)


def _unmarked(folder: Path) -> None:
    replaced(folder / README, lambda text: text.replace(SYNTHETIC, ""))
    signed_again(folder)


def _date(folder: Path) -> None:
    replaced(folder / CITATION, lambda text: text.replace('date-released: "20', 'date-released: "19'))
    signed_again(folder)


def _licence(folder: Path) -> None:
    replaced(folder / LICENSE, lambda _: "All rights reserved\n")
    signed_again(folder)


def _materials(folder: Path) -> None:
    replaced(folder / SBOM, lambda text: text.replace('"CycloneDX"', '"SPDX"'))
    signed_again(folder)


def _not_parquet(folder: Path) -> None:
    replaced(folder / csv_of("dim_region"), lambda _: "not a table")
    (folder / parquet_of("dim_region")).unlink()
    (folder / parquet_of("dim_region")).write_text("not a table", encoding="utf-8")
    signed_again(folder)


TAMPERINGS: dict[str, tuple[Callable[[Path], None], str, str, str]] = {
    "a changed byte": (_byte, "changed file", README, "checksum is another"),
    "a missing file": (_missing, "missing file", csv_of("dim_region"), "is missing"),
    "an extra file": (_extra, "extra file", "csv/more.txt", "does not belong"),
    "a row of Parquet": (_parquet_row, "rows", DATABASE, "mart_findings: 1 rows stand only in"),
    "a row of the database": (_database_row, "rows", DATABASE, "fct_three_public: 1 rows"),
    "a view in the database": (_database_view, "tables", DATABASE, "main.budget"),
    "a type in the data package": (_schema, "data package", "", "DECIMAL(18,4)"),
    "a meaning in the data package": (_meaning, "data package", "", "described otherwise"),
    "a key in the data package": (
        _key,
        "key",
        csv_of("fct_three_public"),
        "document_id is said to be its key",
    ),
    "rows dropped from all forms": (_dropped, "counts", COUNTS, "fct_claims, region 420100, year 2022"),
    "the hash of a document": (_document_hash, "CSV", DOCUMENTS, "0000"),
    "counts": (_counts, "counts", COUNTS, "fct_claims, region 420100, year 2022"),
    "CSV unlike Parquet": (_csv, "CSV", csv_of("fct_three_public"), "first in line"),
    "an invented change": (_changes, "CSV", CHANGES, "no release before"),
    "the mark of specimens": (_unmarked, "specimens", README, SYNTHETIC),
    "the date": (_date, "citation", CITATION, "another date"),
    "the licence": (_licence, "licence", LICENSE, "Apache"),
    "the bill of materials": (_materials, "bill of materials", SBOM, "SPDX"),
    "a file that is none": (_not_parquet, "unreadable", "parquet/", "cannot be read"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_named(released: Released, tmp_path: Path, name: str) -> None:
    tamper, kind, path, words = TAMPERINGS[name]
    folder = copied(released.folder, tmp_path / "2024")
    tamper(folder)
    problems = verify_release(folder, digest=released.digest)
    told = [
        problem
        for problem in problems
        if problem.kind == kind and problem.path.startswith(path) and words in problem.message
    ]
    assert told, problems
    checksums = {"changed file", "missing file", "extra file"}
    if kind not in checksums:
        kinds = {problem.kind for problem in problems}
        assert not kinds & checksums, "the forger made the checksums anew"
        assert "digest" in kinds


# What was changed in the warehouse itself stands in all forms, counts and checksums alike.
FORGERIES = {
    "a figure": (
        f"update fct_expenditure_by_function set amount_yuan = amount_yuan + 100 where cell_id = ({_TOTAL})",
        "identity",
        "no longer holds: it is told with",
    ),
    "a verdict": (
        "update fct_identity_results set verdict = 'violated' where result_id = "
        "(select min(result_id) from fct_identity_results where verdict = 'exact')",
        "identity",
        "told as violated",
    ),
    "a figure without its cell": (
        f"delete from fct_cells where cell_id = ({_TOTAL})",
        "figure",
        "no such cell",
    ),
    "what a cell prints": (
        f"update fct_cells set printed_text = '1.00' where cell_id = ({_TOTAL})",
        "figure",
        "the cell prints '1.00'",
    ),
    "the hash of a document in all forms": (
        f"update dim_document set sha256 = repeat('0', 64) where document_id = "
        f"(select document_id from fct_expenditure_by_function where cell_id = ({_TOTAL}))",
        "document",
        "named after its hash",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_warehouse_gives_no_release_and_its_release_does_not_verify(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    statement, kind, words = FORGERIES[name]
    problems: list[Problem] = []

    def verified(folder: Path) -> tuple[Problem, ...]:
        problems.extend(verify_release(folder))
        return tuple(problems)

    monkeypatch.setattr(making, "verify_release", verified)
    with pytest.raises(ReleaseError, match="does not verify"):
        make([statement], to=tmp_path / "refused")
    told = [problem for problem in problems if problem.kind == kind]
    assert any(words in problem.message for problem in told), problems
    assert not (tmp_path / "refused").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["data"], "nothing is left over"


def test_a_document_that_is_not_the_one_read_is_found(released: Released, tmp_path: Path) -> None:
    first, second, *_ = rows_of(released.folder / DOCUMENTS)
    for document in rows_of(released.folder / DOCUMENTS):
        (tmp_path / document["source_path"]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(RAW / document["source_path"], tmp_path / document["source_path"])
    (tmp_path / first["source_path"]).write_bytes(b"%PDF-1.7 another")
    (tmp_path / second["source_path"]).unlink()
    told = sorted(problem.message for problem in verify_release(released.folder, raw=tmp_path))
    assert len(told) == 2
    assert any(first["source_path"] in message and "is not the file" in message for message in told)
    assert any(second["source_path"] in message and "is not in" in message for message in told)


@pytest.mark.parametrize("line", ["0" * 64 + "  ../outside", "0" * 64 + "  /etc/hostname", "nonsense"])
def test_checksums_lead_nowhere_else(tmp_path: Path, line: str) -> None:
    (tmp_path / "SHA256SUMS").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ReleaseError, match="within the release"):
        verify_release(tmp_path)


def test_a_warehouse_of_another_version_says_what_to_do(make: Make, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="juesuan build"):
        make(["drop table fct_identity_operands"], to=tmp_path / "x")
    with pytest.raises(ReleaseError, match="juesuan build"):
        make(["alter table mart_findings drop column severity"], to=tmp_path / "x")


def test_documents_without_dates_want_one_from_the_caller(make: Make, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="--date"):
        make(["update dim_document set published_at = null, fetched_at = null"], to=tmp_path / "x")


def test_the_commands(
    warehouse: Path,
    released: Released,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tables: tuple[TableEntry, ...],
) -> None:
    monkeypatch.setattr(making, "write_sbom", lambda _, path: shutil.copyfile(released.folder / SBOM, path))
    monkeypatch.setattr(making, "_described", lambda _: tables)
    settings = small_warehouse(warehouse, tmp_path / "data")

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, list(arguments))
        return result.exit_code, " ".join(result.output.split())

    release = ("release", "--data", str(settings.data), "--date", "2024-10-01")
    code, said = run(*release)
    assert code == 0, said
    folder = settings.data / "releases" / "2024-10-01"
    assert folder.is_dir()
    assert SYNTHETIC in said
    code, said = run(*release)
    assert (code, "there already" in said) == (0, True)
    code, said = run("verify", str(folder))
    assert (code, "as it was released" in said) == (0, True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(
            "delete from mart_findings where finding_id = (select min(finding_id) from mart_findings)"
        )
    code, said = run(*release)
    assert (code, "never changed" in said) == (1, True)
    assert verify_release(folder) == ()
    replaced(folder / README, lambda text: text + "!")
    code, said = run("verify", str(folder))
    assert code == 1
    assert "changed file" in said
    assert run("verify", str(tmp_path / "nowhere"))[0] == 2
    assert run("verify", str(tmp_path))[0] == 1
    assert run("verify", str(folder), "--digest", "abc")[0] == 2
    assert run("release", "--data", str(tmp_path / "empty"))[0] == 1


def test_the_date_is_that_of_the_newest_document(warehouse: Path, tmp_path: Path) -> None:
    settings: Settings = small_warehouse(
        warehouse,
        tmp_path,
        [
            "update dim_document set fetched_at = '2025-03-04 10:00:00' where document_id = "
            "(select min(document_id) from dim_document)"
        ],
    )
    newest = making._date_of(settings.warehouse)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        published = connection.execute("select max(published_at) from dim_document").fetchone()
    assert published
    assert newest == max(datetime.date(2025, 3, 4), published[0])
