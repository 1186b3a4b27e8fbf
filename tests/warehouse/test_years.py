"""Two years of weekly runs in which everything goes wrong; ``benchmarks/ten_years.py`` runs ten."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines.settings import Settings
from tests.warehouse.data_folder import table_checksums
from tests.warehouse.dying_builds import run
from tests.warehouse.weekly_runs import run_weeks
from tests.warehouse.years import MISHAPS, understand_planned, weeks


def test_what_years_of_mishaps_leave_is_what_one_build_from_nothing_makes(tmp_path: Path) -> None:
    settings = Settings(raw=tmp_path / "raw", data=tmp_path / "data", workers=1)
    # Of the weeks without news a few: they do nothing.
    chosen = [
        week
        for place, week in enumerate(weeks(2021, 2022, departments=3, seed=4))
        if week.published or place < 3
    ]
    assert {week.mishap for week in chosen} >= {*MISHAPS, ""}
    outcomes = run_weeks(settings, chosen, seed=4)
    assert [outcome.wrong for _, outcome in outcomes if outcome.wrong] == []
    assert sum(outcome.is_new for _, outcome in outcomes) >= 3
    assert not any(outcome.is_new for week, outcome in outcomes if week.mishap == "broken identities")
    lived = table_checksums(settings.warehouse)
    shutil.rmtree(settings.data)
    built = run(settings, understand=understand_planned)
    # Else two builds that read nothing would be the same.
    assert built.summary.set_aside == ()
    assert built.summary.n_read == sum(len(week.published) for week in chosen)
    assert table_checksums(settings.warehouse) == lived
