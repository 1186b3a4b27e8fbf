"""Tests that share what takes long to make run in one worker: else each worker makes it."""

from __future__ import annotations

import os

import pytest

from tests.built_raw import GROUP


@pytest.mark.xdist_group(GROUP)
@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one worker without -n")
def test_a_group_is_sent_to_one_worker(request: pytest.FixtureRequest) -> None:
    """By its name behind the test's: what pytest-xdist deals out groups by."""
    assert request.node.nodeid.endswith(f"@{GROUP}")
