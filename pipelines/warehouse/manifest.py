"""dbt's manifest, what it says of its project: made once for a version of the project, and kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipelines.settings import Settings
from pipelines.warehouse.dbt_runner import run_dbt
from pipelines.warehouse.versions import dbt_project_version


class ManifestError(RuntimeError):
    """The dbt project cannot be read; the message is dbt's, for the UI shows a location by it alone."""


def manifest_of(settings: Settings) -> Path:
    """The dbt manifest, made anew when the project has changed: the asset graph and releases take it.

    Its name is the version of the project, and it appears whole or not at all: the web server, the
    daemon and the code server load the code location at the same time, each may find it missing, and
    none may read what another is still writing.
    """
    folder = settings.data / "dbt_manifest"
    manifest = folder / f"{dbt_project_version(settings)}.json"
    if manifest.is_file():
        return manifest
    folder.mkdir(parents=True, exist_ok=True)
    # Outside the lake's lock: parsing reads the project only.
    with tempfile.TemporaryDirectory(prefix="dbt_parse.", dir=settings.data) as parsing:
        target = Path(parsing)
        run = run_dbt(
            settings,
            ["parse"],
            warehouse=target / settings.warehouse.name,
            target=target,
            logs=target / "logs",
        )
        if not run.succeeded:
            raise ManifestError("\n".join(("the dbt project cannot be read", *run.problems)))
        (target / "manifest.json").replace(manifest)
    for old in folder.iterdir():
        if old != manifest:
            old.unlink(missing_ok=True)
    return manifest
