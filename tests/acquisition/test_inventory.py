"""What is found in a folder decides what is read: nothing missed, nothing hashed twice."""

from __future__ import annotations

import os
import time
import unicodedata
from pathlib import Path

import pytest

from pipelines.acquisition import inventory as module
from pipelines.acquisition.inventory import take_inventory


def put(path: Path, content: bytes, *, age_seconds: float = 60) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    then = time.time() - age_seconds
    os.utime(path, (then, then))
    return path


def test_pdfs_at_any_depth_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("z.pdf", "a/deep/er/b.PDF", "a/c.pdf", "note.txt", ".hidden.pdf", ".git/x.pdf"):
        put(tmp_path / name, name.encode())
    found = take_inventory(tmp_path)
    assert [file.source_path for file in found.files] == ["a/c.pdf", "a/deep/er/b.PDF", "z.pdf"]
    assert all(file.document_id == file.sha256[:16] and len(file.sha256) == 64 for file in found.files)


def test_unchanged_files_are_not_hashed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, cache = tmp_path / "raw", tmp_path / "data" / "hashes.json"
    put(raw / "a.pdf", b"a")
    put(raw / "b.pdf", b"b")
    first = take_inventory(raw, cache=cache)
    hashed: list[str] = []
    real = module.hash_file
    monkeypatch.setattr(module, "hash_file", lambda path: hashed.append(path.name) or real(path))
    assert take_inventory(raw, cache=cache) == first
    assert hashed == []
    put(raw / "b.pdf", b"c")  # same size, other time
    second = take_inventory(raw, cache=cache)
    assert hashed == ["b.pdf"]
    assert second.files[1].sha256 != first.files[1].sha256


def test_a_file_that_may_still_be_written_to_is_not_trusted(tmp_path: Path) -> None:
    raw, cache = tmp_path / "raw", tmp_path / "hashes.json"
    path = put(raw / "a.pdf", b"a", age_seconds=0)
    stat = path.stat()
    first = take_inventory(raw, cache=cache)
    path.write_bytes(b"b")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert take_inventory(raw, cache=cache).files[0].sha256 != first.files[0].sha256


def test_a_broken_cache_costs_time_only(tmp_path: Path) -> None:
    raw, cache = tmp_path / "raw", tmp_path / "hashes.json"
    put(raw / "a.pdf", b"a")
    cache.write_text("{", encoding="utf-8")
    assert len(take_inventory(raw, cache=cache).files) == 1


def test_the_register_is_joined_and_its_disagreements_reported(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf", b"a")
    put(tmp_path / "b.pdf", b"b")
    (tmp_path / "register.csv").write_text(
        f"path,sha256,department\na.pdf,{'0' * 64},甲局\ngone.pdf,,乙局\n", encoding="utf-8"
    )
    found = take_inventory(tmp_path)
    assert [file.registered.department for file in found.files] == ["甲局", ""]
    said = [problem.message for problem in found.problems]
    assert any("a.pdf: registered with SHA-256" in message for message in said)
    assert any("gone.pdf is registered but not in the folder" in message for message in said)


def test_names_decomposed_by_another_system_are_the_same_names(tmp_path: Path) -> None:
    name = "Café决算.pdf"
    put(tmp_path / unicodedata.normalize("NFD", name), b"a")
    (tmp_path / "register.csv").write_text(
        f"path,fiscal_year\n{unicodedata.normalize('NFC', name)},2023\n", encoding="utf-8"
    )
    found = take_inventory(tmp_path)
    assert found.files[0].registered.fiscal_year == 2023
    assert found.problems == ()


def test_the_same_bytes_twice_are_one_document(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf", b"same")
    put(tmp_path / "b.pdf", b"same")
    (tmp_path / "register.csv").write_text("path,department\nb.pdf,甲局\n", encoding="utf-8")
    found = take_inventory(tmp_path)
    assert len(found.files) == 2
    assert [file.source_path for file in found.distinct()] == ["b.pdf"], "the registered one speaks for both"


def test_a_missing_folder_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no folder"):
        take_inventory(tmp_path / "nowhere")


def test_what_cannot_be_opened_or_named_is_reported_and_costs_the_others_nothing(tmp_path: Path) -> None:
    raw, cache = tmp_path / "raw", tmp_path / "hashes.json"
    put(raw / "决算.pdf", b"a")
    (raw / "gone.pdf").symlink_to(tmp_path / "nowhere.pdf")
    put(Path(os.fsdecode(os.fsencode(raw) + b"/" + "决算.pdf".encode("gbk"))), b"b")
    found = take_inventory(raw, cache=cache)
    assert [file.source_path for file in found.files] == ["决算.pdf"]
    said = sorted(problem.message for problem in found.problems)
    assert len(said) == 2
    assert said[0].startswith(r"\xbe\xf6\xcb\xe3.pdf is not named in UTF-8")
    assert said[1].startswith("gone.pdf cannot be opened")
    assert take_inventory(raw, cache=cache) == found


def test_a_folder_that_cannot_be_listed_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.pdf", b"a")
    (tmp_path / "locked").mkdir()
    real = os.scandir

    def scandir(folder: str) -> object:
        if folder.endswith("locked"):
            raise PermissionError(13, "Permission denied", folder)
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    found = take_inventory(tmp_path)
    assert [file.source_path for file in found.files] == ["a.pdf"]
    assert [problem.message for problem in found.problems] == ["locked cannot be opened: Permission denied"]
