"""An alert: what failed, which partition, document or site, why, what to do, and where to look.

In Chinese and in English, because who is on duty and who reads the finance pages may not be one person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

# Things named one by one in an alert; the run or the status names all.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Words:
    """The same said in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that a person should know of. ``key`` is by what it is told once and not again.

    ``which`` are the partitions, documents, checks or sites it is about, as they are named everywhere.
    """

    key: str
    what: Words
    why: Words
    do: Words
    which: tuple[str, ...] = ()
    link: str = ""
    sent_to: tuple[str, ...] = field(default=())

    @property
    def file_name(self) -> str:
        """A name for a file that holds it: keys hold what file systems do not take."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:24]

    def subject(self) -> str:
        """A line for a subject: no line of it can be a header of its own."""
        return " ".join(f"[Juesuan 决算] {self.what.zh} / {self.what.en}".split())[:180]

    def text(self) -> str:
        """The whole alert, Chinese first."""
        listed = list(self.which[:NAMED])
        more = len(self.which) - len(listed)
        zh = [f"{self.what.zh}"]
        en = [f"{self.what.en}"]
        if listed:
            zh += ["涉及：", *(f"  · {one}" for one in listed)]
            en.append("Which: as listed above")
            if more:
                zh.append(f"  · 另有 {more} 项 (and {more} more)")
        zh += [f"原因：{self.why.zh}", f"处理：{self.do.zh}"]
        en += [f"Why: {self.why.en}", f"What to do: {self.do.en}"]
        lines = ["[Juesuan 决算]", *zh, "", *en]
        if self.link:
            lines += ["", self.link]
        return "\n".join(lines)

    def to_json(self) -> str:
        """For the outbox."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @staticmethod
    def from_json(text: str) -> Alert:
        """From the outbox; raises ``ValueError``, ``KeyError`` or ``TypeError`` where it is none."""
        content = json.loads(text)
        return Alert(
            key=str(content["key"]),
            what=Words(**content["what"]),
            why=Words(**content["why"]),
            do=Words(**content["do"]),
            which=tuple(content["which"]),
            link=str(content["link"]),
            sent_to=tuple(content["sent_to"]),
        )


def together(alerts: Sequence[Alert]) -> Alert:
    """Many alerts as one: after a channel was dead for a week nobody reads a hundred mails."""
    return Alert(
        key="together:" + ",".join(alert.key for alert in alerts),
        what=Words(f"{len(alerts)} 条告警", f"{len(alerts)} alerts"),
        which=tuple(f"{alert.what.zh} / {alert.what.en} {alert.link}".rstrip() for alert in alerts),
        why=Words("自上次通知以来积累", "they came together since the last message"),
        do=Words("运行 juesuan status 查看全部", "juesuan status says how things stand now"),
    )
