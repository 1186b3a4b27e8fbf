"""Bad files among good ones: each is set aside with its reason, the good ones are read."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse.build import list_raw, read_new
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.summary import summarise
from tests.warehouse.bad_folder import REASONS, make_bad_folder


def test_each_bad_file_is_set_aside_with_its_reason_and_the_good_one_is_read(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    make_bad_folder(raw)
    specimen = next((PROJECT_ROOT / "raw" / "420100-information-center").glob("*.pdf"))
    shutil.copy(specimen, raw / "good.pdf")
    settings = Settings(raw=raw, data=tmp_path / "data", workers=2)
    documents, _ = read_new(settings, list_raw(settings))
    ended = {read.source_path: (read.outcome, read.reason) for read in documents}
    assert ended.pop("good.pdf")[0] == "read"
    assert {name: outcome for name, (outcome, _) in ended.items()} == dict.fromkeys(REASONS, "set_aside")
    assert {name: reason for name, (_, reason) in ended.items() if reason not in REASONS[name]} == {}
    summary = summarise(Lake(settings.lake))
    assert {aside.source_path for aside in summary.set_aside} == set(REASONS)
    assert all(len(aside.message) > 20 for aside in summary.set_aside)
    assert summary.n_amounts > 0
