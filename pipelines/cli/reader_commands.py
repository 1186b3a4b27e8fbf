"""The commands by which a new version of the extractor is tried, accepted and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.app import DataOption, RawOption, app, settings_or_exit

RegionOption = Annotated[
    str, typer.Option("--region", metavar="CODE", help="Only of this region, as 420100.")
]
YearOption = Annotated[
    int | None, typer.Option("--year", help="Only of this fiscal year; 0: those without one.")
]
DocumentsOption = Annotated[
    list[str] | None,
    typer.Option("--documents", metavar="ID", help="Only this document (document_id); repeatable."),
]
WaitOption = Annotated[
    int, typer.Option(min=0, metavar="SECONDS", help="How long to wait for a build to end.")
]


@app.command()
def try_reader(
    region: RegionOption = "",
    year: YearOption = None,
    documents: DocumentsOption = None,
    to_csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write every difference as CSV.")
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try documents again that ran into a limit on trial.")
    ] = False,
    raw: RawOption = None,
    data: DataOption = None,
) -> None:
    """Read documents with the present version into a trial lake and compare with what counts.

    For an upgrade under JUESUAN_ROLLOUT=by_hand. Nothing that counts is touched. Exit status 0: all is
    read the same; 3: something is not, and is listed; 1: there is no lake, or the trial broke off.

      juesuan try-reader --region 420100 --year 2023 --csv changes.csv
    """
    from pipelines.cli.rollout import try_new_reader
    from pipelines.warehouse.trial import Selection

    selection = Selection(region, year, frozenset(documents or ()))
    code = try_new_reader(settings_or_exit(raw, data), selection, to_csv=to_csv, retry=retry)
    raise typer.Exit(int(code))


@app.command()
def accept_reader(
    region: RegionOption = "",
    year: YearOption = None,
    documents: DocumentsOption = None,
    wait: WaitOption = 600,
    raw: RawOption = None,
    data: DataOption = None,
) -> None:
    """Let readings that were tried count from the next build on; what they replace is kept.

    All of the selection or none: refused (status 1) where another version made the trial, or where a file
    or what the register says of it has changed since.
    """
    from pipelines.cli.rollout import accept_new_reader
    from pipelines.warehouse.trial import Selection

    selection = Selection(region, year, frozenset(documents or ()))
    raise typer.Exit(int(accept_new_reader(settings_or_exit(raw, data), selection, wait=wait)))


@app.command()
def roll_back_reader(
    region: RegionOption = "",
    year: YearOption = None,
    documents: DocumentsOption = None,
    wait: WaitOption = 600,
    raw: RawOption = None,
    data: DataOption = None,
) -> None:
    """Let the readings that accept-reader replaced count again from the next build on, byte for byte."""
    from pipelines.cli.rollout import roll_back_new_reader
    from pipelines.warehouse.trial import Selection

    selection = Selection(region, year, frozenset(documents or ()))
    raise typer.Exit(int(roll_back_new_reader(settings_or_exit(raw, data), selection, wait=wait)))
