"""Builds in which dbt asks no test of its tables: for tests that look at the tables themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from pipelines.settings import Settings
from pipelines.warehouse import transforming
from pipelines.warehouse.dbt_runner import DbtRun, run_dbt


@contextmanager
def models_only() -> Iterator[None]:
    """Let builds of this process make seeds and models alone; dbt's tests take two fifths of its own time."""

    def without_tests(settings: Settings, arguments: Sequence[str], **places: Any) -> DbtRun:
        return run_dbt(settings, [*arguments, "--exclude-resource-type", "test"], **places)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(transforming, "run_dbt", without_tests)
        yield
