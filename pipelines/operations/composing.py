"""From what happened to what is told: alerts for runs that failed, checks, documents, sites, publications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.failures import kind_of
from pipelines.operations.alerts import Alert, Words

# Of an error's words: the beginning says what happened, the rest is in the log.
_SAID = 600


@dataclass(frozen=True, slots=True)
class StepFailure:
    """A step that failed, and what its error says, causes included."""

    step: str
    said: str


@dataclass(frozen=True, slots=True)
class DocumentAside:
    """A document that a run set aside."""

    source_path: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class SiteTrouble:
    """What an acquisition had trouble with: an address of a site, or a site as a whole."""

    site: str
    result: str
    address: str
    said: str

    @property
    def key(self) -> str:
        """By what it is the same trouble the week after."""
        return f"{self.site}|{self.result}|{self.address}"


@dataclass(frozen=True, slots=True)
class EndedRun:
    """A run of Dagster that ended, and what of it a person may have to know of."""

    run_id: str
    job: str
    succeeded: bool
    partitions: str = ""
    failures: tuple[StepFailure, ...] = ()
    checks: tuple[str, ...] = ()
    set_aside: tuple[DocumentAside, ...] = ()
    troubles: tuple[SiteTrouble, ...] = ()


def alerts_of_run(run: EndedRun, link: str, told_troubles: Iterable[str] = ()) -> tuple[Alert, ...]:
    """What is to be told of a run. ``told_troubles`` are keys of sites' troubles that are known."""
    found = []
    if not run.succeeded:
        found.append(_failed(run, link))
    elif run.checks:
        found.append(
            Alert(
                key=f"checks:{run.run_id}",
                what=Words(
                    f"错误级检查未通过：{run.job} 共 {len(run.checks)} 项",
                    f"{len(run.checks)} check(s) of severity ERROR failed in {run.job}",
                ),
                which=run.checks,
                why=Words(
                    "系统自身的结果有误，而不是部门的数字有误",
                    "our own work is wrong, not a department's figures",
                ),
                do=Words(
                    "打开该次运行，查看检查的样例行", "open the run and look at the sample rows of the check"
                ),
                link=link,
            )
        )
    if run.set_aside:
        found.append(_aside(run, link))
    known = set(told_troubles)
    if new := tuple(trouble for trouble in run.troubles if trouble.key not in known):
        found.append(_troubled(run, new, link))
    return tuple(found)


def build_failed(stage: str, said: str, build: str) -> Alert:
    """A ``juesuan build`` that failed; ``build`` tells this one from others."""
    kind = kind_of(f"{stage}: {said}")
    return Alert(
        key=f"build:{build}",
        what=Words(f"构建失败（{stage}）", f"juesuan build failed ({stage})"),
        why=Words(f"{kind.zh}：{said[:_SAID]}", f"{kind.en}: {said[:_SAID]}"),
        do=Words(kind.do_zh, kind.do_en),
    )


def publications_outstanding(key: str, said: Sequence[str], total: int, link: str) -> Alert:
    """Publications newly missing, late or incomplete; ``said`` has a sentence for each."""
    return Alert(
        key=f"publications:{key}",
        what=Words(
            f"新增 {total} 份应公开而缺失、逾期或不完整的文件",
            f"{total} publication(s) newly missing, late or incomplete",
        ),
        which=tuple(said),
        why=Words("mart_publication 按期限核对", "mart_publication compares with what was due"),
        do=Words(
            "到部门网站查找，找不到则询问部门；juesuan query publications",
            "look on the department's site, else ask the department; juesuan query publications",
        ),
        link=link,
    )


def trial() -> Alert:
    """A message that says the channel works."""
    return Alert(
        key="trial",
        what=Words("试发：告警通道可用", "trial: alerts arrive here"),
        why=Words("有人运行了 juesuan alerts --test", "someone ran juesuan alerts --test"),
        do=Words("无需处理", "nothing"),
    )


def _failed(run: EndedRun, link: str) -> Alert:
    said = "\n".join(failure.said for failure in run.failures)
    kind = kind_of(said)
    which = [f"分区 partition {run.partitions}"] if run.partitions else []
    which += [f"步骤 step {failure.step}" for failure in run.failures if failure.step]
    which += [f"检查 check {check}" for check in run.checks]
    first = said.strip().splitlines()[0][:_SAID] if said.strip() else "no error was recorded"
    return Alert(
        key=f"run:{run.run_id}",
        what=Words(f"运行失败：{run.job}", f"run failed: {run.job}"),
        which=tuple(which),
        why=Words(f"{kind.zh}：{first}", f"{kind.en}: {first}"),
        do=Words(kind.do_zh, kind.do_en),
        link=link,
    )


def _aside(run: EndedRun, link: str) -> Alert:
    n = len(run.set_aside)
    reasons = sorted({document.reason for document in run.set_aside})
    return Alert(
        key=f"aside:{run.run_id}",
        what=Words(f"{n} 份文件未能读取，其余照常", f"{n} document(s) set aside; all others were read"),
        which=tuple(
            f"{document.source_path} [{document.reason}] {document.message}" for document in run.set_aside
        ),
        why=Words("、".join(reasons), ", ".join(reasons)),
        do=Words(
            "juesuan query set-aside；各原因的处理办法见 docs/engineer.md",
            "juesuan query set-aside; docs/engineer.md says what to do for each reason",
        ),
        link=link,
    )


def _troubled(run: EndedRun, troubles: Sequence[SiteTrouble], link: str) -> Alert:
    sites = sorted({trouble.site for trouble in troubles})
    return Alert(
        key=f"sites:{run.run_id}",
        what=Words(
            f"采集遇到 {len(troubles)} 处新问题（{len(sites)} 个站点）",
            f"acquisition: {len(troubles)} new trouble(s) at {len(sites)} site(s)",
        ),
        which=tuple(
            f"{trouble.site}: {trouble.result} {trouble.address} {trouble.said}".strip()
            for trouble in troubles
        ),
        why=Words(
            "网站拒绝、失败或文件已下架；其他站点照常",
            "refused, failed or taken off; all other sites were walked",
        ),
        do=Words(
            "暂时性的会在下次再试；反复出现的，查看该站点的登记与采集日志",
            "what may pass is asked for again; if it comes back, look at the site's entry and journal",
        ),
        link=link,
    )
