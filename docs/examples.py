"""Runs what the pages of this folder show, and writes or checks the results they print.

A page holds an example as a fenced block, followed by its result between two comments::

    ```sql
    select count(*) as documents from dim_document
    ```
    <!-- result -->
    | documents |
    |----------:|
    |        53 |
    <!-- end of result -->

``sql`` blocks are asked of a warehouse built from the committed ``raw/``; ``console`` blocks run the
commands after ``$ `` (those of ``juesuan`` only) and ``python`` blocks are run, from the folder of the
project. A block without the comments is shown and not run.

    python -m docs.examples           build the warehouse in data/docs, write the results
    python -m docs.examples --check   exit status 1 where a page prints something else
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

import duckdb

from pipelines.settings import PROJECT_ROOT, TELEMETRY_OFF, Settings

FOLDER = Path(__file__).resolve().parent
#: Pages with examples: those of this folder and the project's first page.
PAGES = (PROJECT_ROOT / "README.md", *sorted(FOLDER.glob("*.md")))

_EXAMPLE = re.compile(
    r"^```(?P<language>sql|console|python)\n(?P<code>(?:(?!```)[^\n]*\n)*)```\n"
    r"(?P<before>\s*<!-- result -->\n)(?P<shown>.*?)(?P<after>^<!-- end of result -->$)",
    re.MULTILINE | re.DOTALL,
)


Language = Literal["sql", "console", "python"]


@dataclass(frozen=True, slots=True)
class Example:
    """One block with its result. ``shown`` is the result as the page prints it, ``line`` where it begins."""

    page: Path
    line: int
    language: Language
    code: str
    shown: str


def examples_of(page: Path) -> Iterator[Example]:
    """The examples of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for match in _EXAMPLE.finditer(text):
        yield Example(
            page,
            text.count("\n", 0, match.start()) + 1,
            cast(Language, match["language"]),
            match["code"],
            match["shown"],
        )


def result_of(example: Example, data: Path) -> str:
    """What the example prints, as it stands in the page.

    ``data`` is the data folder of a build of the committed ``raw/``. Raises ``duckdb.Error`` for SQL that
    does not run and ``ValueError`` for a command that fails or is not ``juesuan``.
    """
    if example.language == "sql":
        with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
            result = connection.execute(example.code)
            columns = [column[0] for column in result.description or ()]
            return markdown_table(columns, result.fetchall())
    if example.language == "python":
        printed = [_run([sys.executable, "-c", example.code], data)]
    else:
        printed = [_run(_command(line), data) for line in example.code.splitlines() if line.startswith("$ ")]
    return "```text\n" + "\n".join(printed) + "\n```\n"


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as a Markdown table: numbers to the right, NULL said, amounts with separated thousands."""
    numeric = [
        any(isinstance(row[i], int | float | Decimal) and not isinstance(row[i], bool) for row in rows)
        for i in range(len(columns))
    ]
    lines = [
        "| " + " | ".join(columns) + " |",
        "|" + "|".join("---:" if number else "---" for number in numeric) + "|",
    ]
    lines += ["| " + " | ".join(_printed(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def with_results(text: str, results: Sequence[str]) -> str:
    """The page's text with the results of its examples, in order, put in the place of those it has."""
    waiting = iter(results)
    return _EXAMPLE.sub(
        lambda match: (
            f"```{match['language']}\n{match['code']}```\n{match['before']}{next(waiting)}{match['after']}"
        ),
        text,
    )


def build_examples(data: Path) -> None:
    """Bring the warehouse of the committed ``raw/`` in ``data`` up to date."""
    from pipelines.warehouse.build import build

    build(Settings.from_environment(raw=PROJECT_ROOT / "raw", data=data), wait_seconds=600)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the results, or with ``--check`` compare them; returns the exit status."""
    check = list(sys.argv[1:] if arguments is None else arguments) == ["--check"]
    data = PROJECT_ROOT / "data" / "docs"
    build_examples(data)
    stale = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        now = with_results(text, [result_of(example, data) for example in examples_of(page)])
        if now != text:
            stale.append(page.relative_to(PROJECT_ROOT).as_posix())
            if not check:
                page.write_text(now, encoding="utf-8")
    for name in stale:
        print(f"{name}: {'is out of date, run make docs' if check else 'results written'}")
    return 1 if check and stale else 0


def _command(line: str) -> list[str]:
    program, *arguments = shlex.split(line.removeprefix("$ "))
    if program != "juesuan":
        raise ValueError(f"only juesuan is run from a page, not {program}")
    return [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments]


def _run(command: list[str], data: Path) -> str:
    finished = subprocess.run(
        command,
        env={**os.environ, **TELEMETRY_OFF, "JUESUAN_DATA": str(data)},
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise ValueError(f"{shlex.join(command)} ended with {finished.returncode}:\n{finished.stderr}")
    # What is said on standard error (progress, counts) is not part of the result.
    return "\n".join(line.rstrip() for line in finished.stdout.rstrip().splitlines())


def _printed(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, Decimal):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(_printed(item) for item in value)
    return str(value).replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    raise SystemExit(main())
