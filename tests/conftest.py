"""What tests of several modules share: published documents to check against, and ``raw/`` built once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from pipelines.warehouse.dbt_process import PARSED
from tests.built_raw import BuiltRaw, build_raw

ROOT = Path(__file__).resolve().parent.parent

# The same run tries the same examples; what goes on looking is ``python -m benchmarks.fuzzing``.
settings.register_profile("fixed", derandomize=True)
settings.load_profile("fixed")


@pytest.fixture(scope="session", autouse=True)
def dbt_project_read_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What dbt read of the project serves all data folders of the tests, in all workers."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    os.environ[PARSED] = str(folder / "dbt_parsed.msgpack")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real published PDFs with its ``register.csv``; it is not part of the project."""
    folder = Path(os.environ.get("JUESUAN_CORPUS", ROOT.parent / "shared" / "corpus"))
    if not (folder / "register.csv").is_file():
        pytest.skip(f"no corpus of published documents at {folder} (set JUESUAN_CORPUS)")
    return folder


@pytest.fixture(scope="session")
def seed_text() -> str:
    """The text of the seed document (Wuhan Information Center, final accounts 2023) as published."""
    folder = Path(os.environ.get("JUESUAN_SEED", ROOT.parent / "shared" / "seed"))
    if not folder.is_dir():
        pytest.skip(f"no seed text at {folder} (set JUESUAN_SEED)")
    return next(folder.glob("*.txt")).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def built_raw(tmp_path_factory: pytest.TempPathFactory) -> BuiltRaw:
    """The committed ``raw/``, read and built; $JUESUAN_DOCS_DATA names a data folder that is ready.

    Modules that ask for it belong to the xdist group ``built_raw.GROUP``, so that it is made once.
    """
    ready = os.environ.get("JUESUAN_DOCS_DATA")
    return build_raw(Path(ready) if ready else tmp_path_factory.mktemp("raw") / "data")
