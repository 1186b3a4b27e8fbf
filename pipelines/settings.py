"""Every path, limit and switch of Juesuan, from the environment, with its default.

Nothing else in the project reads the environment for its own ends. ``Settings.from_environment()``
is called once, at the edge (command line, Dagster resource, test), and handed down.

=============================== ========================= ==============================================
variable                        default                   meaning
=============================== ========================= ==============================================
``JUESUAN_RAW``                 ``raw``                   folder of published PDFs and ``register.csv``
``JUESUAN_DATA``                ``data``                  folder for everything derived
``JUESUAN_WORKERS``             number of usable cores    documents read at the same time
``JUESUAN_DOCUMENT_SECONDS``    900                       wall clock a document may take (scans take long)
``JUESUAN_DOCUMENT_MEMORY_MB``  1500                      resident memory a document may take
``JUESUAN_MAX_PAGES``           1000                      pages a document may have
``JUESUAN_MAX_FILE_MB``         100                       size a file may have
``JUESUAN_RECYCLE_AFTER``       25                        documents after which a worker is renewed
``JUESUAN_BUILD_MEMORY_MB``     4000                      memory in which warehouse and site are made; more is
                                                          written to disk
``JUESUAN_CARRY_FROM``          1000                      documents in unchanged regions from which on a build
                                                          carries their rows over from the published file
``JUESUAN_READER``              ``pdfium``                what reads a page's marks: ``pdfium`` is faster,
                                                          ``pdfplumber`` is the reference
``JUESUAN_ROLLOUT``             ``at_once``               when a new version of the reader counts: ``at_once``
                                                          reads all again, ``by_hand`` what is accepted
``JUESUAN_SOURCES``             the project's own         folder of the register of sites
``JUESUAN_AS_OF``               empty                     day as of which publications are due (2026-11-25);
                                                          empty: the day of the newest document held
``JUESUAN_SCAN_THREADS``        1                         threads a worker recognises scanned pages with
``JUESUAN_UI``                  ``http://localhost:3000`` address of the Dagster UI, for links in alerts
``JUESUAN_ALERT_SMTP``          empty                     ``smtp://user@host:587`` or ``smtps://…``
``JUESUAN_ALERT_SMTP_PASSWORD`` empty                     that user's password; never sent without TLS
``JUESUAN_ALERT_FROM``          empty                     the sender's address
``JUESUAN_ALERT_TO``            empty                     addresses, with commas between
``JUESUAN_ALERT_HOOK``          empty                     where messages are posted; often holds a token
``JUESUAN_ALERT_HOOK_FORM``     ``text``                  a name of ``operations/hook_forms.yaml``
``JUESUAN_CELERY``              empty                     file that says which Celery workers run the steps
                                                          of Dagster (``deploy/celery.yaml``)
``JUESUAN_CHUNK_DOCUMENTS``     empty                     documents of one step of reading; empty: all in one
``JUESUAN_DUCKLAKE``            empty                     libpq connection (without password) to the catalogue
                                                          of a DuckLake, published with the file
``JUESUAN_DUCKLAKE_DATA``       ``data/ducklake``         folder of the DuckLake's Parquet files
=============================== ========================= ==============================================
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEFAULT_SOURCES = PROJECT_ROOT / "pipelines" / "acquisition" / "sites"

# Nothing a build uses may report home. Set before dagster, dbt or Great Expectations are imported;
# their own configuration files say the same for whoever starts them by hand.
TELEMETRY_OFF: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "DAGSTER_DISABLE_TELEMETRY": "1",
}


#: What reads the characters and rules of a page.
Reader = Literal["pdfium", "pdfplumber"]
DEFAULT_READER: Reader = "pdfium"

#: When a new version of the extractor counts for documents that are held already.
Rollout = Literal["at_once", "by_hand"]


class SettingsError(ValueError):
    """A setting in the environment that cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one untrusted document may cost before it is set aside."""

    seconds: float = 900.0
    memory_mb: int = 1500
    max_pages: int = 1000
    max_file_mb: int = 100


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Where alerts go; nothing goes anywhere by default. What is secret is never shown by ``repr``."""

    smtp: str = ""
    smtp_password: str = field(default="", repr=False)
    sender: str = ""
    recipients: tuple[str, ...] = ()
    hook: str = field(default="", repr=False)
    hook_form: str = "text"
    ui: str = "http://localhost:3000"


@dataclass(frozen=True, slots=True)
class DuckLake:
    """Where the catalogue is (a libpq connection string) and where the files of its tables lie.

    Passwords are left to libpq ($PGPASSWORD, $PGPASSFILE): the string is seen in logs.
    """

    catalogue: str
    data: Path
    extensions: Path

    @property
    def published(self) -> Path:
        """Files of the tables that analysts read."""
        return self.data / "published"

    @property
    def building(self) -> Path:
        """Files of the build under way."""
        return self.data / "building"

    def environment(self) -> dict[str, str]:
        """What dbt's target `lake` is told."""
        return {
            "JUESUAN_DBT_TARGET": "lake",
            "JUESUAN_DUCKLAKE": self.catalogue,
            "JUESUAN_DUCKLAKE_BUILDING": str(self.building),
            "JUESUAN_DUCKDB_EXTENSIONS": str(self.extensions),
        }


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie and what they may cost. All paths are absolute."""

    raw: Path
    data: Path
    workers: int = 2
    recycle_after: int = 25
    build_memory_mb: int = 4000
    carry_from: int = 1000
    limits: Limits = Limits()
    project: Path = PROJECT_ROOT
    sources: Path = DEFAULT_SOURCES
    as_of: date | None = None
    rollout: Rollout = "at_once"
    celery: Path | None = None
    chunk_documents: int | None = None
    ducklake: DuckLake | None = None

    @property
    def register(self) -> Path:
        """The register of what publishers say of their files; need not exist."""
        return self.raw / "register.csv"

    @property
    def lake(self) -> Path:
        """The Parquet datasets."""
        return self.data / "lake"

    @property
    def trial(self) -> Path:
        """Readings by a new version of the extractor that do not count, and those that it replaced."""
        return self.data / "trial"

    @property
    def warehouse(self) -> Path:
        """The published DuckDB file."""
        return self.data / "warehouse.duckdb"

    @property
    def building(self) -> Path:
        """Builds under way, each in a folder of its own; swept when the next build begins."""
        return self.data / "next"

    @property
    def data_docs(self) -> Path:
        """The published Data Docs, pages about the last checked build."""
        return self.data / "data_docs"

    @property
    def site(self) -> Path:
        """The comparison site, a folder that any file server can carry."""
        return self.data / "site"

    @property
    def releases(self) -> Path:
        """The releases, a folder each, named by their dates."""
        return self.data / "releases"

    @property
    def handover(self) -> Path:
        """What steps of a run under way hand to one another; removed by the last that needs it."""
        return self.data / "handover"

    @property
    def dbt_project(self) -> Path:
        """The dbt project."""
        return self.project / "dbt_project"

    @property
    def expectations(self) -> Path:
        """The accounting identities as data."""
        return self.project / "expectations"

    @staticmethod
    def from_environment(
        environment: Mapping[str, str] | None = None,
        *,
        raw: Path | None = None,
        data: Path | None = None,
        sources: Path | None = None,
    ) -> Settings:
        """Read the settings; paths given by the caller win over the environment.

        Raises ``SettingsError`` naming the variable when a number is not a number or not positive, or a
        day is none.
        """
        env = os.environ if environment is None else environment
        data = (data or Path(env.get("JUESUAN_DATA") or "data")).expanduser().resolve()
        return Settings(
            raw=(raw or Path(env.get("JUESUAN_RAW") or "raw")).expanduser().resolve(),
            data=data,
            ducklake=_ducklake(env, data),
            as_of=_day(env, "JUESUAN_AS_OF"),
            rollout=_rollout(env),
            sources=(sources or Path(env.get("JUESUAN_SOURCES") or DEFAULT_SOURCES)).expanduser().resolve(),
            celery=_path(env, "JUESUAN_CELERY"),
            chunk_documents=_positive(env, "JUESUAN_CHUNK_DOCUMENTS", 0) or None,
            workers=_positive(env, "JUESUAN_WORKERS", usable_cores()),
            recycle_after=_positive(env, "JUESUAN_RECYCLE_AFTER", 25),
            build_memory_mb=_positive(env, "JUESUAN_BUILD_MEMORY_MB", 4000),
            carry_from=_positive(env, "JUESUAN_CARRY_FROM", 1000),
            limits=Limits(
                seconds=float(_positive(env, "JUESUAN_DOCUMENT_SECONDS", 900)),
                memory_mb=_positive(env, "JUESUAN_DOCUMENT_MEMORY_MB", 1500),
                max_pages=_positive(env, "JUESUAN_MAX_PAGES", 1000),
                max_file_mb=_positive(env, "JUESUAN_MAX_FILE_MB", 100),
            ),
        )


def alert_settings(environment: Mapping[str, str] | None = None) -> AlertSettings:
    """Where alerts go. Raises ``SettingsError`` where a mail server is named and no sender or recipient."""
    env = os.environ if environment is None else environment
    recipients = tuple(part.strip() for part in env.get("JUESUAN_ALERT_TO", "").split(",") if part.strip())
    found = AlertSettings(
        smtp=env.get("JUESUAN_ALERT_SMTP", "").strip(),
        smtp_password=env.get("JUESUAN_ALERT_SMTP_PASSWORD", ""),
        sender=env.get("JUESUAN_ALERT_FROM", "").strip(),
        recipients=recipients,
        hook=env.get("JUESUAN_ALERT_HOOK", "").strip(),
        hook_form=env.get("JUESUAN_ALERT_HOOK_FORM", "").strip() or "text",
        ui=env.get("JUESUAN_UI", "").strip().rstrip("/") or AlertSettings().ui,
    )
    if found.smtp and not (found.sender and found.recipients):
        raise SettingsError("JUESUAN_ALERT_SMTP is set: JUESUAN_ALERT_FROM and JUESUAN_ALERT_TO must be too")
    return found


def chosen_reader(environment: Mapping[str, str] | None = None) -> Reader:
    """The reader of ``JUESUAN_READER``; raises ``SettingsError`` where there is no such reader."""
    env = os.environ if environment is None else environment
    name = env.get("JUESUAN_READER", "").strip() or DEFAULT_READER
    if name == "pdfium":
        return "pdfium"
    if name == "pdfplumber":
        return "pdfplumber"
    raise SettingsError(f"JUESUAN_READER must be pdfium or pdfplumber, it is {name!r}")


def _rollout(env: Mapping[str, str]) -> Rollout:
    name = env.get("JUESUAN_ROLLOUT", "").strip() or "at_once"
    if name == "at_once":
        return "at_once"
    if name == "by_hand":
        return "by_hand"
    raise SettingsError(f"JUESUAN_ROLLOUT must be at_once or by_hand, it is {name!r}")


def scan_threads(environment: Mapping[str, str] | None = None) -> int:
    """Threads of ``JUESUAN_SCAN_THREADS``; raises ``SettingsError`` where that is no number.

    One where several workers read documents side by side: more only take each other's cores.
    """
    return _positive(os.environ if environment is None else environment, "JUESUAN_SCAN_THREADS", 1)


def usable_cores() -> int:
    """The cores this process may run on (which on a shared machine is fewer than there are)."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def turn_telemetry_off() -> None:
    """Set the switches of ``TELEMETRY_OFF`` for this process and its children."""
    os.environ.update(TELEMETRY_OFF)


def _ducklake(env: Mapping[str, str], data: Path) -> DuckLake | None:
    catalogue = env.get("JUESUAN_DUCKLAKE", "").strip()
    if not catalogue:
        return None
    folder = _path(env, "JUESUAN_DUCKLAKE_DATA") or data / "ducklake"
    return DuckLake(catalogue, folder, data / "duckdb_extensions")


def _path(env: Mapping[str, str], name: str) -> Path | None:
    text = env.get(name, "").strip()
    return Path(text).expanduser().resolve() if text else None


def _day(env: Mapping[str, str], name: str) -> date | None:
    text = env.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{name} must be a day as 2026-11-25, it is {text!r}") from None


def _positive(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        raise SettingsError(f"{name} must be a whole number, it is {text!r}") from None
    if value < 1:
        raise SettingsError(f"{name} must be 1 or more, it is {value}")
    return value
