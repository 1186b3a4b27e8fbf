"""``juesuan query``: SQL on the published warehouse, and examples that can be run by name.

An example is a file in ``queries/``: its first comment line is what it answers, then lines
``-- $name = value: what it means`` give the parameters their defaults.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.text import Text

from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.terminal import Format, fitting, messages, output, render
from pipelines.settings import Settings

# Rows of a table for people, unless they ask for more.
LIMIT = 50
QUERIES = Path(__file__).parent / "queries"

_PARAMETER = re.compile(r"^-- \$(\w+) = (.*?): (.*)$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value a named query can be given."""

    name: str
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question with its SQL."""

    name: str
    question: str
    parameters: tuple[Parameter, ...]
    sql: str


def named_queries() -> dict[str, NamedQuery]:
    """All examples, by name."""
    return {path.stem: _read(path) for path in sorted(QUERIES.glob("*.sql"))}


def list_queries() -> ExitCode:
    """Print the examples with the questions they answer."""
    console = output()
    rows = [
        (query.name, query.question, " ".join(f"{p.name}={p.default}" for p in query.parameters))
        for query in named_queries().values()
    ]
    console.print(fitting(("name", "answers", "parameters (--set name=value)"), rows, console.width))
    console.print(Text("\nRun one:  juesuan query NAME     Its SQL:  juesuan query NAME --show", style="dim"))
    return ExitCode.DONE


def show_query(name: str) -> ExitCode:
    """Print the SQL of an example, ready to be changed."""
    query = named_queries().get(name)
    if query is None:
        return _complain(f"there is no example called {name!r}; juesuan query --list shows them")
    output().print(query.sql, markup=False)
    return ExitCode.DONE


def run_query(
    settings: Settings, text: str, given: Sequence[str], form: Format, limit: int = LIMIT
) -> ExitCode:
    """Run SQL, or the example called ``text``, on the published warehouse and print the rows.

    A table, which is for reading, has ``limit`` rows at most and says how many there are; 0: all. CSV and
    JSON, which are for programs, are whole.
    """
    if not settings.warehouse.is_file():
        return _complain(f"there is no warehouse at {settings.warehouse}; make one with: juesuan build")
    if not text.strip():
        return _complain("there is nothing to ask; juesuan query --list shows examples")
    values: dict[str, str] = {}
    for pair in given:
        name, separator, value = pair.partition("=")
        if not separator:
            return _complain(f"--set wants NAME=VALUE, not {pair!r}")
        values[name] = value
    query = named_queries().get(text)
    if query is None and re.fullmatch(r"[\w-]+", text):
        return _complain(f"{text!r} is neither SQL nor an example; juesuan query --list shows the examples")
    if query is not None:
        known = {parameter.name: parameter.default for parameter in query.parameters}
        if unknown := sorted(set(values) - set(known)):
            return _complain(
                f"{query.name} has no parameter {', '.join(unknown)}; it has {', '.join(known) or 'none'}"
            )
        values = known | values
    try:
        connection = duckdb.connect(str(settings.warehouse), read_only=True)
    except duckdb.Error as error:
        return _complain(f"{error}\nMake it anew with: juesuan build --full")
    try:
        with connection:
            result = connection.execute(query.sql if query else text, values or None)
            # A text of comments only is no statement and has no result.
            if result is None:
                return _complain("there is no statement in it; juesuan query --list shows examples")
            columns = [column[0] for column in result.description or ()]
            rows = result.fetchall()
    except duckdb.Error as error:
        return _complain(str(error))
    n_rows = len(rows)
    if form == "table" and limit:
        rows = rows[:limit]
    console = output()
    if form == "table" and console.is_terminal:
        console.print(fitting(columns, rows, console.width))
    else:
        shown = render(columns, rows, form)
        console.print(shown, markup=False) if isinstance(shown, str) else console.print(shown)
    if form == "table":
        told = f"{n_rows:,} row(s)"
        if len(rows) < n_rows:
            told = f"the first {len(rows):,} of {told}; all of them: --limit 0, or -f csv"
        messages().print(Text(told, style="dim"))
    return ExitCode.DONE


def _read(path: Path) -> NamedQuery:
    sql = path.read_text(encoding="utf-8").strip()
    first, *rest = sql.splitlines()
    parameters = []
    for line in rest:
        if not line.startswith("--"):
            break
        if match := _PARAMETER.match(line):
            parameters.append(Parameter(*match.groups()))
    return NamedQuery(path.stem, first.removeprefix("--").strip(), tuple(parameters), sql)


def _complain(message: str) -> ExitCode:
    messages().print(Text.assemble(("juesuan: ", "bold red"), message))
    return ExitCode.USAGE
