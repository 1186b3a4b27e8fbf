"""Findings sorted as an overseer reads them: contradictions, what is missing, signals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from pipelines.oversight.views import Row

#: The groups in the order they are shown.
GROUPS = ("contradiction", "completeness", "signal")


@cache
def group_of_kind() -> Mapping[str, str]:
    """Which group each kind of finding belongs to, from ``finding_groups.yaml``."""
    tree = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return {kind: group for group, kinds in tree.items() for kind in kinds}


def group_of(finding: Row) -> str:
    """The group of a finding; a kind that the list does not know is a signal."""
    return group_of_kind().get(finding["finding_kind"], "signal")


def grouped(findings: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Findings under their groups, in order; groups without any are left out."""
    found: dict[str, list[Row]] = {group: [] for group in GROUPS}
    for finding in findings:
        found[group_of(finding)].append(finding)
    return [(group, rows) for group, rows in found.items() if rows]
