"""A folder, a ZIP with its register, a web archive: taken in as if it had been fetched."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.acquisition.acquire import Acquired
from pipelines.acquisition.intake import IntakeError, take_in
from pipelines.acquisition.inventory import take_inventory
from pipelines.acquisition.sources import Limits
from tests.acquisition.server import Clock, pdf
from tests.acquisition.test_governments import DOC, OldName, check_store, entries, stored, zipped

REGISTER = (
    "path,department,fiscal_year,kind,region_code,obtained_from,published_at,fetched_at,is_synthetic\n"
    "甲局/a.pdf,甲局,2023,final_accounts,420100,http://x.gov.cn/a.pdf,2024-09-18,2024-10-01T08:00:00+08:00,\n"
    "b.pdf,乙局,,,,,,,true\n"
    "c.pdf,丙局,twenty,,,,,,\n"
)
FILES = {"甲局/a.pdf": pdf("a"), "b.pdf": pdf("b"), "c.pdf": pdf("c"), "d.doc": DOC, "notes.txt": b"notes"}
MEANT = sorted([pdf("a"), pdf("b"), pdf("c"), DOC])


def check(raw: Path, done: Acquired, source: str) -> None:
    """What all ways of taking in the same files have in common."""
    assert stored(raw) == MEANT
    check_store(raw)
    (report,) = done.sites
    assert report.counts == {"taken": 3, "kept": 1, "refused": 2}
    said = [entry.said for entry in entries(raw, done) if entry.result == "refused"]
    assert any("row 4: column fiscal_year" in words and "'twenty'" in words for words in said)
    assert any("notes.txt is of no known kind" in words for words in said)
    found = {one.registered.published_name: one.registered for one in take_inventory(raw).files}
    assert take_inventory(raw).problems == ()
    a = found["a.pdf"]
    assert (a.department, a.fiscal_year, a.kind, a.region_code) == ("甲局", 2023, "final_accounts", "420100")
    assert (a.obtained_from, str(a.published_at)) == ("http://x.gov.cn/a.pdf", "2024-09-18")
    assert a.fetched_at == datetime(2024, 10, 1)
    assert found["b.pdf"].is_synthetic
    assert found["b.pdf"].obtained_from == f"{source}b.pdf"
    assert found["b.pdf"].fetched_at == datetime(2026, 3, 2, 3)
    assert found["c.pdf"].department == "", "its row could not be used, the file is there all the same"


def test_a_folder(tmp_path: Path) -> None:
    folder, raw, clock = tmp_path / "from", tmp_path / "raw", Clock()
    for name, content in {**FILES, "register.csv": REGISTER.encode()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "out.pdf").symlink_to("/etc/hostname")
    check(raw, take_in(raw, folder, clock=clock), "from/")
    assert (folder / "b.pdf").read_bytes() == pdf("b"), "what is taken in stays where it was"
    before = {path: path.read_bytes() for path in (raw / "acquired").rglob("*.csv")}
    clock.passes(days=3)
    again = take_in(raw, folder, clock=clock)
    assert again.sites[0].counts == {"same": 4, "refused": 2}
    assert {path: path.read_bytes() for path in (raw / "acquired").rglob("*.csv")} == before


@pytest.mark.parametrize("within", ["", "部门决算/"])
def test_a_zip_with_its_register(tmp_path: Path, within: str) -> None:
    archive = tmp_path / "from.zip"
    members = [(f"{within}{name}", content) for name, content in FILES.items()]
    members.append((f"{within}register.csv", REGISTER.encode()))
    archive.write_bytes(zipped(*members, kind=OldName))
    raw = tmp_path / "raw"
    check(raw, take_in(raw, archive, clock=Clock()), f"from.zip!/{within}")


def test_a_zip_within_a_folder(tmp_path: Path) -> None:
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "all.zip").write_bytes(zipped(("../../x.pdf", pdf("x"))))
    take_in(tmp_path / "raw", tmp_path / "from", clock=Clock())
    (found,) = take_inventory(tmp_path / "raw").files
    assert found.registered.obtained_from == "from/all.zip!/x.pdf"


@pytest.mark.parametrize("packed", [True, False])
def test_a_web_archive(tmp_path: Path, packed: bool) -> None:
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=packed)
    answers = [
        ("http://x.gov.cn/index.html", "200 OK", b"<html><a href='a.pdf'>a</a></html>"),
        ("http://x.gov.cn/%E5%86%B3%E7%AE%97.pdf", "200 OK", pdf("a")),
        ("http://x.gov.cn/b.pdf", "404 Not Found", pdf("b")),
        ("http://x.gov.cn/large.pdf", "200 OK", pdf("large", 3 << 20)),
        ("http://x.gov.cn/c.doc", "200 OK", DOC),
    ]
    for address, status, content in answers:
        headers = StatusAndHeaders(status, [("Content-Type", "application/x")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                address,
                "response",
                payload=io.BytesIO(content),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": "2025-01-02T03:04:05Z"},
            )
        )
    archive = tmp_path / ("a.warc.gz" if packed else "a.warc")
    archive.write_bytes(stream.getvalue())
    raw = tmp_path / "raw"
    done = take_in(raw, archive, clock=Clock(), limits=Limits(file_mb=1))
    assert stored(raw) == sorted([pdf("a"), DOC])
    (found,) = take_inventory(raw).files
    assert found.registered.obtained_from == "http://x.gov.cn/%E5%86%B3%E7%AE%97.pdf"
    assert found.registered.published_name == "决算.pdf"
    assert found.registered.fetched_at == datetime(2025, 1, 2, 3, 4, 5)
    assert [entry.said for entry in done.sites[0].troubles] == ["larger than 1 MB"]

    archive.write_bytes(stream.getvalue()[:-40])
    damaged = take_in(tmp_path / "raw2", archive, clock=Clock())
    assert pdf("a") in stored(tmp_path / "raw2")
    assert damaged.sites[0].counts["taken"] >= 1


def test_what_is_none_of_them_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    for name, said in (("a.txt", "is no folder, no ZIP and no WARC"), ("none", "there is no")):
        with pytest.raises(IntakeError, match=said):
            take_in(tmp_path / "raw", tmp_path / name, clock=Clock())
