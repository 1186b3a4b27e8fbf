"""The outbox: alerts wait in ``data/alerts/waiting`` until every channel has taken them.

A dead channel loses nothing and fails nothing: what it did not take is tried again with the next look,
and the status says since when it is dead and why. What was told is in ``told.jsonl``, so that nothing is
told twice; that list forgets after ``KEPT_DAYS``.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.operations.alerts import Alert, together
from pipelines.operations.channels import Channel, ChannelError

# More alerts than these go as one message.
SINGLY = 5
KEPT_DAYS = 400


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of a delivery: alerts that every channel took, those that wait, and what is wrong."""

    sent: int
    waiting: int
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outbox:
    """The outbox in a folder; several processes may use it."""

    root: Path

    @staticmethod
    def of(data: Path) -> Outbox:
        """The outbox of a data folder."""
        return Outbox(data / "alerts")

    def put(self, alerts: Iterable[Alert]) -> int:
        """Take alerts in, except those told of or waiting already; returns how many are new."""
        with self._lock():
            known = self._told()
            new = 0
            for alert in alerts:
                path = self._waiting / f"{alert.file_name}.json"
                if alert.key in known or path.is_file():
                    continue
                _write(path, alert.to_json())
                new += 1
            return new

    def waiting(self) -> tuple[Alert, ...]:
        """Alerts that some channel has not taken, in the order of their names; a torn file is left out."""
        found = []
        for path in sorted(self._waiting.glob("*.json")):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                found.append(Alert.from_json(path.read_text(encoding="utf-8")))
        return tuple(found)

    def deliver(self, channels: Sequence[Channel], *, now: datetime | None = None) -> Delivered:
        """Give the channels what waits. Never raises for a channel; says what is wrong with it."""
        if not channels:
            return Delivered(0, len(self.waiting()))
        now = now or datetime.now(UTC)
        with self._lock():
            troubles: dict[str, str] = {}
            for channel in channels:
                trouble = self._through(channel)
                if trouble:
                    troubles[channel.name] = trouble
            self._remember(troubles, now)
            done = [
                alert
                for alert in self.waiting()
                if {channel.name for channel in channels} <= set(alert.sent_to)
            ]
            self._settle(done, now)
        return Delivered(len(done), len(self.waiting()), tuple(troubles.values()))

    def troubles(self) -> dict[str, dict[str, str]]:
        """What is wrong with which channel: ``why``, and ``since`` when (UTC, ISO 8601)."""
        with contextlib.suppress(OSError, ValueError):
            found = json.loads((self.root / "channels.json").read_text(encoding="utf-8"))
            if isinstance(found, dict):
                return found
        return {}

    @property
    def _waiting(self) -> Path:
        return self.root / "waiting"

    def _through(self, channel: Channel) -> str:
        """Send what this channel has not taken; the first failure ends it, in words."""
        outstanding = [alert for alert in self.waiting() if channel.name not in alert.sent_to]
        # Each message with the alerts it tells of.
        messages = (
            [(together(outstanding), outstanding)]
            if len(outstanding) > SINGLY
            else [(alert, [alert]) for alert in outstanding]
        )
        for message, alerts in messages:
            try:
                channel.send(message)
            except ChannelError as error:
                return str(error)
            except Exception as error:  # whatever a channel does, the others and the run go on
                return f"{channel.name}: {type(error).__name__}"
            for alert in alerts:
                taken = replace(alert, sent_to=(*alert.sent_to, channel.name))
                _write(self._waiting / f"{alert.file_name}.json", taken.to_json())
        return ""

    def _remember(self, troubles: dict[str, str], now: datetime) -> None:
        before = self.troubles()
        found = {
            name: {
                "why": why,
                "since": before.get(name, {}).get("since") or now.isoformat(timespec="seconds"),
            }
            for name, why in sorted(troubles.items())
        }
        if found != before:
            _write(self.root / "channels.json", json.dumps(found, ensure_ascii=False, indent=1))

    def _settle(self, done: Sequence[Alert], now: datetime) -> None:
        told = {
            key: at
            for key, at in self._told().items()
            if now - datetime.fromisoformat(at) < timedelta(days=KEPT_DAYS)
        }
        told |= {alert.key: now.isoformat(timespec="seconds") for alert in done}
        if done:
            lines = (json.dumps([key, at], ensure_ascii=False) for key, at in told.items())
            _write(self.root / "told.jsonl", "\n".join(lines) + "\n")
        for alert in done:
            (self._waiting / f"{alert.file_name}.json").unlink(missing_ok=True)

    def _told(self) -> dict[str, str]:
        found: dict[str, str] = {}
        with contextlib.suppress(OSError):
            for line in (self.root / "told.jsonl").read_text(encoding="utf-8").splitlines():
                with contextlib.suppress(ValueError):
                    key, at = json.loads(line)
                    found[key] = at
        return found

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        self._waiting.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
