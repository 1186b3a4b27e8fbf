"""The data dictionary (``docs/data-dictionary.md``), made from what the dbt project says of its marts.

``dbt parse`` writes a manifest with every table, column, type and meaning; this module only sets it as
Markdown, so that a description is written once, in ``dbt_project/models/marts/columns.md``.

    python -m pipelines.warehouse.dictionary          writes docs/data-dictionary.md
    python -m pipelines.warehouse.dictionary --check  exit status 1 if it is out of date
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.settings import PROJECT_ROOT, TELEMETRY_OFF

DICTIONARY = PROJECT_ROOT / "docs" / "data-dictionary.md"

#: Folders of marts in the order an analyst meets them, with what is in them.
GROUPS: Mapping[str, str] = {
    "comparison": "Comparison",
    "findings": "Findings and what was left out",
    "dimensions": "Dimensions",
    "facts": "Facts",
}


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """One column: its DuckDB type and what it means. ``points_to`` names the table it refers to."""

    name: str
    type: str
    description: str
    points_to: str = ""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One mart. ``group`` is its folder, ``key`` the column that names a row, if one does."""

    name: str
    group: str
    description: str
    key: str
    columns: tuple[ColumnEntry, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold of columns of a table.

    ``kind``: ``not_null``, ``unique``, ``unique_together``, ``accepted_values`` (``says``: the values) or
    ``relationships`` (``says``: ``to``, ``field`` and, where only some rows point there, ``where``).
    """

    table: str
    columns: tuple[str, ...]
    kind: str
    says: Any = None

    def __str__(self) -> str:
        """As a person reads it beside the table: ``basis accepted_values budget, final``."""
        said = "" if self.says is None else " " + ", ".join(map(str, self.says))
        if self.kind == "relationships":
            said = f" {self.says['to']}.{self.says['field']}"
            said += f" where {self.says['where']}" if "where" in self.says else ""
        return f"{', '.join(self.columns)} {self.kind}{said}"


def rules_of(manifest: Mapping[str, Any], test_id: str | None = None) -> tuple[Rule, ...]:
    """The rules that tests ``rules_hold`` of a dbt manifest ask, table by table; of one test, if given."""
    rules: list[Rule] = []
    for test in manifest["nodes"].values() if test_id is None else (manifest["nodes"][test_id],):
        if (test.get("test_metadata") or {}).get("name") != "rules_hold":
            continue
        node = manifest["nodes"][test["attached_node"]]
        for column in node["columns"].values():
            for rule in column["config"]["meta"].get("rules", ()):
                ((kind, says),) = [(rule, None)] if isinstance(rule, str) else rule.items()
                rules.append(Rule(node["name"], (column["name"],), kind, says))
        together = test["test_metadata"]["kwargs"].get("unique_together", ())
        rules += [Rule(node["name"], tuple(columns), "unique_together") for columns in together]
    return tuple(rules)


def read_manifest(manifest: Mapping[str, Any]) -> tuple[TableEntry, ...]:
    """The marts of a dbt manifest, by group in the order of ``GROUPS``, then by name.

    Raises ``ValueError`` for a mart in a folder that ``GROUPS`` does not name.
    """
    references: dict[tuple[str, str], str] = {}
    keys: dict[str, str] = {}
    for rule in rules_of(manifest):
        if rule.kind == "relationships" and rule.says["to"] != rule.table:
            references[rule.table, rule.columns[0]] = rule.says["to"]
        elif rule.kind == "unique":
            (keys[rule.table],) = rule.columns
    tables = [
        _table(node, keys, references)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    ]
    order = list(GROUPS)
    unknown = sorted({table.group for table in tables} - set(order))
    if unknown:
        raise ValueError(f"marts in folders without a heading: {', '.join(unknown)}")
    return tuple(sorted(tables, key=lambda table: (order.index(table.group), table.name)))


def _table(
    node: Mapping[str, Any], keys: Mapping[str, str], references: Mapping[tuple[str, str], str]
) -> TableEntry:
    name = node["name"]
    columns = tuple(
        ColumnEntry(
            column["name"],
            (column.get("data_type") or "").upper(),
            " ".join((column.get("description") or "").split()),
            references.get((name, column["name"]), ""),
        )
        for column in node["columns"].values()
    )
    description = " ".join((node.get("description") or "").split())
    return TableEntry(name, node["fqn"][2], description, keys.get(name, ""), columns)


def render(tables: Sequence[TableEntry]) -> str:
    """The dictionary as Markdown, ending in a newline."""
    lines = [
        "# Data dictionary",
        "",
        "The tables of `warehouse.duckdb`, schema `main`. The same words stand as comments in the file:",
        "`SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'fct_three_public'`.",
        "Made from `dbt_project/` by `python -m pipelines.warehouse.dictionary`; do not edit.",
        "",
    ]
    named = {table.name for table in tables}
    for group, heading in GROUPS.items():
        members = [table for table in tables if table.group == group]
        lines += [f"- {heading}: " + ", ".join(f"[`{table.name}`](#{table.name})" for table in members)]
    for group, heading in GROUPS.items():
        lines += ["", f"## {heading}"]
        for table in (table for table in tables if table.group == group):
            lines += ["", f"### {table.name}", "", table.description, ""]
            lines += ["| column | type | meaning |", "|---|---|---|"]
            lines += [_row(column, named, is_key=column.name == table.key) for column in table.columns]
    return "\n".join(lines) + "\n"


def _row(column: ColumnEntry, named: Collection[str], *, is_key: bool) -> str:
    name = f"**`{column.name}`**" if is_key else f"`{column.name}`"
    seen_in = f" → `{column.points_to}`" if column.points_to else ""
    if column.points_to in named:
        seen_in = f" → [`{column.points_to}`](#{column.points_to})"
    return f"| {name} | {column.type} | {column.description.replace('|', chr(92) + '|')}{seen_in} |"


def parse_project(folder: Path, target: Path) -> Mapping[str, Any]:
    """Let dbt parse the project in ``folder`` and return its manifest; ``target`` takes dbt's files.

    Needs neither lake nor warehouse. Raises ``RuntimeError`` with dbt's words when it does not parse.
    """
    command = [
        *(sys.executable, "-m", "pipelines.warehouse.dbt_process", "--no-use-colors", "parse"),
        *("--project-dir", str(folder), "--profiles-dir", str(folder)),
        *("--target-path", str(target), "--log-path", str(target / "logs")),
    ]
    environment = {**os.environ, **TELEMETRY_OFF, "JUESUAN_WAREHOUSE": str(target / "warehouse.duckdb")}
    finished = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise RuntimeError(f"dbt does not parse {folder}:\n{finished.stdout}{finished.stderr}")
    manifest: Mapping[str, Any] = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the dictionary, or with ``--check`` compare it; returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    with tempfile.TemporaryDirectory() as target:
        text = render(read_manifest(parse_project(PROJECT_ROOT / "dbt_project", Path(target))))
    if given == ["--check"]:
        current = DICTIONARY.is_file() and DICTIONARY.read_text(encoding="utf-8") == text
        if not current:
            print(f"{DICTIONARY} is out of date: run python -m pipelines.warehouse.dictionary")
        return 0 if current else 1
    DICTIONARY.parent.mkdir(parents=True, exist_ok=True)
    DICTIONARY.write_text(text, encoding="utf-8")
    print(f"wrote {DICTIONARY}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
