"""The servers, started once for all tests with several machines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.servers import Servers, running


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL with two empty databases, and Redis."""
    with running(["dagster", "ducklake"]) as started:
        yield started
