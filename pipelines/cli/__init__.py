"""The command ``juesuan``: build, inspect and query, for people at a terminal and for scripts.

Nothing is decided here: every command calls the functions of a room and prints what they return.
Exit codes are in ``exit_codes``, and in ``juesuan --help``.
"""

from __future__ import annotations


def main() -> None:
    """Entry point of the console script."""
    from pipelines.settings import turn_telemetry_off

    turn_telemetry_off()
    from pipelines.cli.app import app

    app()


__all__ = ["main"]
