"""The commands and their options."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.querying import LIMIT
from pipelines.cli.terminal import Format, TerminalProgress, messages
from pipelines.failures import words_of
from pipelines.settings import Settings, SettingsError

EPILOG = """
[bold]First steps[/bold]

  juesuan build                              read raw/ into data/warehouse.duckdb\n
  juesuan build --raw PDFS --data OUT        from and into any folders\n
  juesuan inspect PDFS/some.pdf              what one PDF holds; needs no warehouse\n
  juesuan inspect some.pdf --picture DIR     see it: every page beside what was read\n
  juesuan inspect some.pdf --letter DIR      what does not agree in it, as a letter\n
  juesuan query --list                       examples that can be run by name\n
  juesuan show FINDING_ID                    the page of a finding, its figures framed\n
  juesuan query "FROM mart_findings LIMIT 20"\n
  juesuan review                             what waits for a person to decide\n
  juesuan site --serve                       the comparison site, for the browser\n
  juesuan acquire --list                     the sites that documents can be fetched from\n
  juesuan release                            a dated folder to cite and copy; juesuan verify FOLDER\n
  juesuan status                             what is stale, what failed, what waits for a person\n
  juesuan try-reader                         what a new version of the program reads otherwise

[bold]Exit status[/bold]

  0 done\n
  1 build failed, the last warehouse stands; acquire: nothing could be fetched; a release cannot be made
    or does not verify; status: a person is needed; alerts: a channel did not take them\n
  2 called wrongly: no such file or option, SQL that does not run\n
  3 built and published, but documents were set aside; inspect, show: cannot be read or drawn;\n
    acquire: done, but files were refused, not to be had or taken off their site;\n
    try-reader: the present version reads something otherwise than what counts\n
  4 another build is at work in the same data folder; another acquire in the same raw folder
"""

app = typer.Typer(
    name="juesuan",
    help="Chinese departmental budgets 部门预算 and final accounts 部门决算: "
    "from PDFs to checked, queryable figures.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_enable=False,
)

RawOption = Annotated[
    Path | None,
    typer.Option("--raw", help="Folder of PDFs and register.csv. \\[default: $JUESUAN_RAW or raw]"),
]
DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Folder for all that is derived. \\[default: $JUESUAN_DATA or data]"),
]


def settings_or_exit(
    raw: Path | None = None, data: Path | None = None, sources: Path | None = None
) -> Settings:
    """The settings; a bad one ends the command with a message and status 2."""
    try:
        return Settings.from_environment(raw=raw, data=data, sources=sources)
    except SettingsError as error:
        raise typer.Exit(complain(str(error))) from None


def complain(message: str, code: ExitCode = ExitCode.USAGE) -> int:
    """Say what is wrong on standard error; returns the exit status."""
    from rich.text import Text

    messages().print(Text.assemble(("juesuan: ", "bold red"), message))
    return int(code)


@app.command()
def build(
    raw: RawOption = None,
    data: DataOption = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Documents read at the same time. \\[default: cores]")
    ] = None,
    retry: Annotated[
        bool,
        typer.Option("--retry", help="Read documents again that ran into a limit or crashed the reader."),
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Build the warehouse again though nothing has changed.")
    ] = False,
    wait: Annotated[
        int, typer.Option(min=0, metavar="SECONDS", help="How long to wait for another build to end.")
    ] = 600,
    alert: Annotated[
        bool,
        typer.Option("--alert", help="Send an alert if the build fails (JUESUAN_ALERT_*): for cron."),
    ] = False,
) -> None:
    """Read what is new or changed in a folder of PDFs and bring the warehouse up to date.

    Documents already read are not read again; with nothing new the command ends at once. The
    warehouse is built aside, checked, and swapped in whole: whoever is reading it sees the old one or
    the new one. A document that cannot be read is set aside with its reason, the others go on, and the
    exit status is 3.

    Limits per document (seconds, memory, pages, size) are set by environment variables, listed in
    docs/engineer.md.
    """
    from dataclasses import replace

    from pipelines.cli.build_report import report
    from pipelines.cli.operating import note_failure, note_success
    from pipelines.warehouse.build import BuildFailedError
    from pipelines.warehouse.build import build as run_build
    from pipelines.warehouse.locking import BuildBusyError, DataFolderError

    settings = settings_or_exit(raw, data)
    if workers:
        settings = replace(settings, workers=workers)
    console = messages()
    progress = TerminalProgress(console)
    try:
        built = run_build(settings, progress=progress, wait_seconds=wait, retry=retry, full=full)
    except FileNotFoundError as error:
        raise typer.Exit(complain(f"{error} (choose another with --raw)")) from None
    except DataFolderError as error:
        raise typer.Exit(complain(str(error))) from None
    except BuildBusyError as error:
        raise typer.Exit(complain(str(error), ExitCode.BUSY)) from None
    except BuildFailedError as error:
        for detail in error.details[:20]:
            console.print("  " + detail, markup=False)
        note_failure(settings, error.stage, words_of(error), alert=alert)
        raise typer.Exit(complain(f"build failed: {error}", ExitCode.FAILED)) from None
    except OSError as error:
        # A full disk, a folder taken away meanwhile: nothing of the program's own.
        place = f" ({error.filename})" if error.filename else ""
        message = f"build failed: {error.strerror or error}{place}; run it again when that is mended"
        note_failure(settings, "build", words_of(error), alert=alert)
        raise typer.Exit(complain(message, ExitCode.FAILED)) from None
    finally:
        progress.end()
    note_success(settings, has_changed=built.published or bool(built.documents))
    report(settings, built)
    if built.summary.set_aside:
        raise typer.Exit(int(ExitCode.SET_ASIDE))


@app.command()
def acquire(
    sites: Annotated[
        list[str] | None, typer.Argument(metavar="SITE", help="Sites. \\[default: all that are switched on]")
    ] = None,
    list_known: Annotated[bool, typer.Option("--list", help="List the register of sites.")] = False,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="PATH", help="Take in a folder, a ZIP or a WARC; nothing is asked."),
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option("--sources", help="Folder of the register of sites. \\[default: $JUESUAN_SOURCES]"),
    ] = None,
    raw: RawOption = None,
) -> None:
    """Fetch what departments publish on the sites of the register into the raw folder.

    Goes out to the network: to the sites named, or to those whose file says enabled: true. Files lie in
    acquired/ under the hash of their bytes, with a register that juesuan build reads and a journal of
    everything that was asked. Only what changed is fetched again; what vanished is kept and marked.
    """
    from pipelines.cli.acquiring import acquire_sites, list_sites, take_in_from

    settings = settings_or_exit(raw, sources=sources)
    if source is not None and sites:
        raise typer.Exit(complain("either sites or --from, not both"))
    if list_known:
        code = list_sites(settings)
    elif source is not None:
        code = take_in_from(settings, source)
    else:
        code = acquire_sites(settings, tuple(sites or ()))
    raise typer.Exit(int(code))


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A PDF.", exists=True, dir_okay=False)],
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR|OUT.png",
            help="Also draw the pages with what was read, and an index.html that shows it beside them; "
            "or one page as a PNG.",
        ),
    ] = None,
    page: Annotated[
        str, typer.Option(metavar="PAGES", help="The pages to draw: 8, 5-9 or 5-9,12. \\[default: all]")
    ] = "",
    cell: Annotated[
        str, typer.Option(metavar="CELL_ID", help="Only this cell: what it is, and its page with it framed.")
    ] = "",
    letter: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Also write what does not agree in it as a letter, with the pages: letter.html and "
            "letter.md, in Chinese and English.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what one PDF holds: statements, units, totals, identities, findings, what was not understood.

    Needs no warehouse. A register.csv beside the file, or in a folder above it, is used. Scanned pages
    are recognised, which takes some seconds a page.
    """
    from pipelines.cli.inspection import inspect_file

    code = inspect_file(
        settings_or_exit(), file, picture=picture, pages=page, cell=cell, letter=letter, as_json=as_json
    )
    raise typer.Exit(int(code))


@app.command()
def show(
    id_: Annotated[
        str, typer.Argument(metavar="CELL_ID|FINDING_ID", help="From any fact, or from mart_findings.")
    ],
    picture: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="Where to draw it. \\[default: ID.png]")
    ] = None,
    raw: RawOption = None,
    data: DataOption = None,
) -> None:
    """Show where a figure of the warehouse is printed: its page as a picture with the cell framed.

    Any cell_id of a fact, or a finding_id of mart_findings, whose other figures on the page are framed
    with a dashed line. Says what stands there and in which identities it takes part.

      juesuan query "select finding_id, page, sentence_zh from mart_findings"

      juesuan show 3f8e8ea9a59ff008
    """
    from pipelines.cli.showing import show_id

    raise typer.Exit(int(show_id(settings_or_exit(raw, data), id_, picture=picture)))


@app.command()
def query(
    sql: Annotated[
        str | None, typer.Argument(metavar="SQL|NAME", help="SQL, or the name of an example.")
    ] = None,
    list_examples: Annotated[bool, typer.Option("--list", help="List the examples.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print an example's SQL and do not run it.")] = False,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A value for $NAME in the SQL; repeatable."),
    ] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="table, csv or json.")] = "table",
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=0, metavar="ROWS", help="Rows of a table at most; 0: all.")
    ] = LIMIT,
    data: DataOption = None,
) -> None:
    """Ask the warehouse a question in SQL, or run one of the examples by its name.

    The warehouse is opened for reading only; builds may go on meanwhile. Examples:

      juesuan query findings

      juesuan query three-public --set department=%商务委员会% -f csv

      juesuan query "SELECT fiscal_year, count(*) FROM dim_disclosure GROUP BY 1"
    """
    from typing import cast

    from pipelines.cli.querying import list_queries, run_query, show_query

    if form not in {"table", "csv", "json"}:
        raise typer.Exit(complain(f"--format is table, csv or json, not {form!r}"))
    if list_examples or sql is None:
        code = list_queries()
    elif show:
        code = show_query(sql)
    else:
        code = run_query(settings_or_exit(data=data), sql, given or [], cast(Format, form), limit)
    raise typer.Exit(int(code))


@app.command()
def review(
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="One kind of question, as unknown_table.")
    ] = "",
    department: Annotated[
        str, typer.Option("--department", metavar="NAME", help="Departments whose name holds this.")
    ] = "",
    decided: Annotated[
        bool, typer.Option("--decided", help="What was decided, by whom, why, and what it changed.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for a spreadsheet.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=0, metavar="QUESTIONS", help="How many at most; 0: all.")
    ] = 20,
    data: DataOption = None,
) -> None:
    """List what waits for a person, with the row that decides each question: the largest sums first.

    Write the row into the file it names, in place of each ? what you found; the next build applies it.
    What was decided is listed with --decided.
    """
    from pipelines.cli.reviewing import list_review

    settings = settings_or_exit(data=data)
    code = list_review(
        settings, kind=kind, department=department, decided=decided, as_csv=as_csv, limit=limit
    )
    raise typer.Exit(int(code))


@app.command()
def site(
    raw: RawOption = None,
    data: DataOption = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve it on this machine when it is made, until Ctrl-C.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve on; 0: any free one.")] = 8000,
    specimens: Annotated[
        bool,
        typer.Option("--specimens", help="List specimens 样例 beside published documents too."),
    ] = False,
) -> None:
    """Make the comparison site of the published warehouse in data/site: pages for people without SQL.

    The folder is plain files; any file server can carry it, and nothing on it asks another host. Pages
    whose content has not changed are not written again.
    """
    from pipelines.cli.site_report import make_site

    settings = settings_or_exit(raw, data)
    raise typer.Exit(int(make_site(settings, specimens=specimens, port=port if serve else None)))


@app.command()
def release(
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder to make. \\[default: data/releases/DATE]"),
    ] = None,
    date: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Its date. \\[default: when the newest document was fetched]"
        ),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The release to list changes against. \\[default: the last one]"),
    ] = None,
    data: DataOption = None,
) -> None:
    """Release the published warehouse: a dated folder that can be cited, copied and verified.

    Parquet, DuckDB and CSV of all tables, a Frictionless data package, the documents with their hashes, the
    figures changed since the last release, licence, citation, checksums. The same warehouse gives the same
    bytes; a release that stands is never changed.
    """
    from pipelines.cli.release_report import make

    day = None if date is None else date.date()
    raise typer.Exit(int(make(settings_or_exit(data=data), to=to, date=day, since=since)))


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(metavar="RELEASE", help="Folder of a release.")],
    digest: Annotated[
        str, typer.Option(metavar="SHA256", help="What juesuan release printed: proves every byte.")
    ] = "",
    raw: Annotated[
        Path | None, typer.Option("--raw", help="Also compare the documents in this folder.")
    ] = None,
) -> None:
    """Check a release: that it is whole, its forms agree, its identities hold, and what it says is true.

    Needs no warehouse. Everything wrong is named in words, and the exit status is 1.
    """
    from pipelines.cli.release_report import check

    raise typer.Exit(int(check(folder, digest=digest, raw=raw)))


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    page: Annotated[bool, typer.Option("--page", help="Also write data/status.html.")] = False,
    raw: RawOption = None,
    data: DataOption = None,
) -> None:
    """Say how things stand: the last good build, what is stale, what failed, what waits for a person.

    Looks everything up anew, and works when the last build failed or there is no warehouse. The exit status
    is 1 where a person is needed: a run fails, the disk is nearly full, alerts do not arrive.
    """
    from pipelines.cli.operating import show_status

    raise typer.Exit(int(show_status(settings_or_exit(raw, data), as_json=as_json, page=page)))


@app.command()
def alerts(
    test: Annotated[bool, typer.Option("--test", help="Send a trial message through every channel.")] = False,
    data: DataOption = None,
) -> None:
    """Send the alerts that wait, or a trial message, and say what each channel answered.

    Channels are e-mail and a web hook, set by JUESUAN_ALERT_* in the environment: docs/operations.md. Under
    Dagster the sensor "alerts" sends them by itself.
    """
    from pipelines.cli.operating import send_alerts

    raise typer.Exit(int(send_alerts(settings_or_exit(data=data), test=test)))


@app.command()
def tidy(
    days: Annotated[int, typer.Option(min=1, help="Leftovers older than these days go.")] = 90,
    data: DataOption = None,
) -> None:
    """Make room: what broken builds left, and old leftovers. Never a document, figure or release.

    Old runs and logs of Dagster go with its job "tidy".
    """
    from pipelines.cli.operating import make_room

    raise typer.Exit(int(make_room(settings_or_exit(data=data), days)))


# Registers its commands, with what is defined above.
from pipelines.cli import reader_commands  # noqa: E402, F401
