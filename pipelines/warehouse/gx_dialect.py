"""A SQLAlchemy dialect under which Great Expectations can read DuckDB.

Great Expectations fetches rows after the connection went back to the pool, and DuckDB drops a
result when its connection is used again (Great Expectations issues 10738 and 11579). Here each
result is read into memory as soon as the statement has run. Imported only where Great
Expectations is.
"""

from __future__ import annotations

from duckdb_engine import Dialect as DuckDBDialect
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGExecutionContext_psycopg2
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

DRIVER = "juesuan"


class _BufferingContext(PGExecutionContext_psycopg2):
    def post_exec(self) -> None:
        super().post_exec()  # type: ignore[no-untyped-call]
        description = self.cursor.description
        if description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, description, initial_buffer=self.cursor.fetchall()
            )


class BufferingDuckDBDialect(DuckDBDialect):
    """DuckDB with results read at once."""

    driver = DRIVER
    supports_statement_cache = False
    execution_ctx_cls = _BufferingContext


def register() -> None:
    """Make ``duckdb+juesuan://`` known to SQLAlchemy (again and again does no harm)."""
    registry.register(f"duckdb.{DRIVER}", __name__, BufferingDuckDBDialect.__name__)


def url(path: str) -> str:
    """The address of a DuckDB file, opened read-only."""
    return f"duckdb+{DRIVER}:///{path}?access_mode=read_only"
