"""The settings as a Dagster resource, and what all assets have in common."""

from pathlib import Path

from dagster import ConfigurableResource
from pydantic import Field

from pipelines.settings import Settings

# Who is asked about an asset. A department that runs Juesuan puts its own team here.
OWNERS = ["team:juesuan"]

# Steps that write the lake or read all of it take turns; see concurrency.pools in dagster-instance.yaml.
LAKE_POOL = "lake"
# How long a step waits for its turn with the data folder.
TURN_SECONDS = 3 * 3600.0
# What one step hands to another lies in the data folder, where a step on another machine finds it.
HANDOVER = "handover"
# Steps that read documents have a queue of their own, for workers that do nothing else.
READING_QUEUE = "reading"
READING_TAGS = {"dagster-celery/queue": READING_QUEUE}
# Two acquisitions in one raw folder would refuse each other.
ACQUISITION_POOL = "acquisition"

# Metadata that assets leave for whoever watches over the runs (``operations``).
SET_ASIDE_NOW = "set_aside_now"
SITE_TROUBLES = "site_troubles"
NEWLY_OUTSTANDING = "newly_outstanding"


class JuesuanResource(ConfigurableResource):  # type: ignore[type-arg]
    """Where things lie and what they may cost; empty fields are as the environment says."""

    raw: str = Field("", description="Folder of PDFs and register.csv; empty: $JUESUAN_RAW")
    data: str = Field("", description="Folder for all that is derived; empty: $JUESUAN_DATA")
    sources: str = Field("", description="Folder of the register of sites; empty: $JUESUAN_SOURCES")

    def settings(self) -> Settings:
        """The settings in force."""
        return Settings.from_environment(
            raw=Path(self.raw) if self.raw else None,
            data=Path(self.data) if self.data else None,
            sources=Path(self.sources) if self.sources else None,
        )
