"""The warehouse's models, run in an in-memory DuckDB without dbt: what they say of a few documents at once.

The logic stands once, in ``dbt_project/models`` (SQL, and Python for one); here the very same files run, for
``juesuan inspect`` and for tests. Only what a model asks for is built: its ``ref`` and ``source`` calls
say what it builds on. Seeds are read from their CSV files with the types that ``_seeds.yml`` declares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import yaml

from pipelines.settings import PROJECT_ROOT

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
#: Macros that only dbt itself can run, for they speak of its targets, its tests or how it makes tables.
_DBT_ONLY = {"generate_schema_name", "rules", "tables"}


@dataclass(frozen=True, slots=True)
class Model:
    """A model's SQL, its references resolved to plain names, and those names."""

    name: str
    sql: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _This:
    """What dbt calls ``this``: the relation a model becomes."""

    identifier: str


def build(connection: duckdb.DuckDBPyConnection, wanted: Iterable[str]) -> None:
    """Make ``wanted`` models and seeds, and all they build on, as tables of ``connection``.

    Tables that are there already are taken as they are: the sources must be, and a model that is
    there is not made from what it builds on. Raises ``KeyError`` for a name that is neither, and
    ``duckdb.Error`` where a model cannot run.
    """
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    present = {name for (name,) in rows}
    for name in wanted:
        _build(connection, name, present)


def _build(connection: duckdb.DuckDBPyConnection, name: str, present: set[str]) -> None:
    if name in present:
        return
    if name in _seed_files():
        _load_seed(connection, name)
    elif name in _python_files():
        asked_of = _Asked(connection, present)
        _python_model(name)(asked_of, connection).create(name)
    else:
        model = rendered(name)
        for asked in model.asks:
            _build(connection, asked, present)
        connection.execute(f"create table {name} as {model.sql}")
    present.add(name)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a Python model is given as ``dbt``: the relations it asks for are made when it asks."""

    connection: duckdb.DuckDBPyConnection
    present: set[str]

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        _build(self.connection, name, self.present)
        return self.connection.table(name)


@cache
def rendered(name: str) -> Model:
    """A model of the project. Raises ``KeyError`` with what is missing for a name it does not have."""
    if name not in _model_files():
        raise KeyError(f"{name} is neither a table that is there, nor a model or a seed of the dbt project")
    asks: dict[str, None] = {}

    def ask(*names: str) -> str:
        asks[names[-1]] = None
        return names[-1]

    names: dict[str, Any] = {
        "ref": ask,
        "source": ask,
        "config": lambda **_settings: "",
        "var": lambda variable, default=None: _variables().get(variable, default),
        "this": _This(name),
    }
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    text = _macros() + _model_files()[name].read_text(encoding="utf-8")
    return Model(name, environment.from_string(text).render(names), tuple(asks))


@cache
def _model_files() -> Mapping[str, Path]:
    return {path.stem: path for path in sorted((DBT_PROJECT / "models").rglob("*.sql"))}


@cache
def _python_files() -> Mapping[str, Path]:
    return {path.stem: path for path in sorted((DBT_PROJECT / "models").rglob("*.py"))}


@cache
def _python_model(name: str) -> Callable[[Any, Any], duckdb.DuckDBPyRelation]:
    """The function of a model that is written in Python."""
    names: dict[str, Any] = {}
    exec(compile(_python_files()[name].read_bytes(), str(_python_files()[name]), "exec"), names)
    model: Callable[[Any, Any], duckdb.DuckDBPyRelation] = names["model"]
    return model


@cache
def _seed_files() -> Mapping[str, Path]:
    return {path.stem: path for path in sorted((DBT_PROJECT / "seeds").glob("*.csv"))}


@cache
def _macros() -> str:
    files = sorted((DBT_PROJECT / "macros").glob("*.sql"))
    return "".join(path.read_text(encoding="utf-8") for path in files if path.stem not in _DBT_ONLY)


@cache
def _variables() -> Mapping[str, Any]:
    project = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    variables: Mapping[str, Any] = project.get("vars", {})
    return variables


@cache
def _seed_types() -> Mapping[str, Mapping[str, str]]:
    declared: dict[str, Mapping[str, str]] = {}
    for path in sorted((DBT_PROJECT / "seeds").glob("*.yml")):
        for seed in yaml.safe_load(path.read_text(encoding="utf-8")).get("seeds", []):
            declared[seed["name"]] = seed.get("config", {}).get("column_types", {})
    return declared


def _load_seed(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    path = _seed_files()[name]
    header = path.open(encoding="utf-8").readline().strip().split(",")
    types = _seed_types().get(name, {})
    columns: Sequence[str] = [f"'{column}': '{types.get(column, 'varchar')}'" for column in header]
    connection.execute(
        f"create table {name} as select * from read_csv($path, header = true, nullstr = '', "
        f"delim = ',', quote = '\"', escape = '\"', columns = {{{', '.join(columns)}}})",
        {"path": str(path)},
    )
