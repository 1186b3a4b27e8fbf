"""The sensor that tells people: it looks at runs that ended and at what was observed, and starts no run."""

import json
import time
from typing import Any

from dagster import (
    AssetKey,
    DefaultSensorStatus,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)

from pipelines.dagster_settings import JuesuanResource
from pipelines.operations.alerts import Alert
from pipelines.operations.channels import channels_of
from pipelines.operations.composing import alerts_of_run, publications_outstanding
from pipelines.operations.outbox import Outbox
from pipelines.operations.runs import ended_since, newest_observation, observed_since
from pipelines.operations.status import collect_status
from pipelines.operations.status_page import write_status_page
from pipelines.settings import SettingsError, alert_settings

WAREHOUSE_KEY = AssetKey(["warehouse"])
LOOK_SECONDS = 60
# Runs a tick looks at; the next one goes on.
RUNS_AT_ONCE = 50
PAGE_SECONDS = 3600


@sensor(
    minimum_interval_seconds=LOOK_SECONDS,
    default_status=DefaultSensorStatus.RUNNING,
    description=(
        "Sends alerts (JUESUAN_ALERT_*: e-mail, web hook) for runs that failed, checks of severity ERROR, "
        "documents set aside, new trouble at sites and publications newly outstanding, each once; writes "
        "data/status.html. Starts no run. Without a channel it only writes the page."
    ),
)
def alerts(context: SensorEvaluationContext, juesuan: JuesuanResource) -> SkipReason:
    """Look, tell, and say in the tick what was told. A dead channel fails nothing and loses nothing."""
    settings = juesuan.settings()
    outbox = Outbox.of(settings.data)
    cursor: dict[str, Any] = json.loads(context.cursor) if context.cursor else {}
    # What ended before anyone was watching is history.
    since = float(cursor.get("since", time.time()))
    newest = newest_observation(context.instance, WAREHOUSE_KEY)
    observation = int(cursor.get("observation", newest))
    troubles: list[str] = list(cursor.get("troubles", []))
    try:
        configured = alert_settings()
        channels = channels_of(configured)
    except SettingsError as error:
        return SkipReason(f"no alert can be sent: {error}")
    link = configured.ui
    found: list[Alert] = []
    seen = ended_since(context.instance, since, RUNS_AT_ONCE)
    for one in seen:
        found += alerts_of_run(one.run, f"{link}/runs/{one.run.run_id}", troubles)
        if one.run.job == "acquire" and one.run.succeeded:
            # What is settled is forgotten, so that it is told of should it come back.
            troubles = [trouble.key for trouble in one.run.troubles]
        since = max(since, one.changed_at)
    for told in observed_since(context.instance, WAREHOUSE_KEY, observation, RUNS_AT_ONCE):
        page = f"{link}/assets/warehouse?view=events"
        found.append(publications_outstanding(str(told.storage_id), told.said, told.total, page))
        observation = told.storage_id
    new = outbox.put(found) if channels else 0
    delivered = outbox.deliver(channels)
    drawn_at = float(cursor.get("drawn_at", 0.0))
    if seen or time.time() - drawn_at > PAGE_SECONDS:
        try:
            write_status_page(settings, collect_status(settings))
        except Exception as error:  # a page that cannot be written is no reason to tell nobody
            context.log.warning(f"data/status.html could not be written: {error}")
        drawn_at = time.time()
    context.update_cursor(
        json.dumps(
            {"since": since, "observation": observation, "troubles": troubles, "drawn_at": drawn_at},
            ensure_ascii=False,
        )
    )
    if not channels:
        return SkipReason("no channel is configured (JUESUAN_ALERT_SMTP, JUESUAN_ALERT_HOOK)")
    said = f"{new} new, {delivered.sent} sent, {delivered.waiting} waiting"
    if delivered.troubles:
        return SkipReason(f"{said}; {'; '.join(delivered.troubles)}. They are tried again at the next tick")
    return SkipReason(said)
