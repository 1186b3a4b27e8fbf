"""Alerts arrive in words; a dead channel fails nothing, loses nothing, and no secret gets out."""

from __future__ import annotations

import email
import email.policy
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.operations.alerts import Alert, Words
from pipelines.operations.channels import Channel, ChannelError, Hook, Mail, channels_of, hook_forms
from pipelines.operations.outbox import KEPT_DAYS, SINGLY, Outbox
from pipelines.settings import AlertSettings, SettingsError, alert_settings
from tests.operations.servers import Postbox, hook_server, mail_server

SECRET = "correct-horse-battery"


def alert(key: str = "run:1", **changes: object) -> Alert:
    return Alert(
        **{
            "key": key,
            "what": Words("运行失败：everything", "run failed: everything"),
            "why": Words("磁盘已满", "the disk is full"),
            "do": Words("腾出空间", "make room"),
            "which": ("分区 partition 2023|420100",),
            "link": "http://ui/runs/1",
            **changes,
        }  # type: ignore[arg-type]
    )


def mail_to(postbox: Postbox, **changes: object) -> Mail:
    return Mail(
        postbox.host, postbox.port, "juesuan@example.org", ("a@example.org", "b@example.org"), **changes
    )  # type: ignore[arg-type]


def dead_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_mail_says_what_which_why_what_to_do_and_where_in_both_languages() -> None:
    with mail_server(Postbox()) as postbox:
        mail_to(postbox).send(alert())
    (raw,) = postbox.messages
    message = email.message_from_bytes(raw.encode(), policy=email.policy.default)
    assert message["Subject"] == "[Juesuan 决算] 运行失败：everything / run failed: everything"
    assert message["To"] == "a@example.org, b@example.org"
    text = message.get_content().replace("\r\n", "\n")
    assert text == (
        "[Juesuan 决算]\n运行失败：everything\n涉及：\n  · 分区 partition 2023|420100\n"
        "原因：磁盘已满\n处理：腾出空间\n\n"
        "run failed: everything\nWhich: as listed above\nWhy: the disk is full\nWhat to do: make room\n\n"
        "http://ui/runs/1\n"
    )


def test_what_a_document_is_named_adds_no_header_to_a_mail() -> None:
    """File names and error texts come from outside."""
    with mail_server(Postbox()) as postbox:
        mail_to(postbox).send(alert(what=Words("坏\r\nBcc: x@evil.example", "bad\nBcc: x@evil.example")))
    message = email.message_from_bytes(postbox.messages[0].encode(), policy=email.policy.default)
    assert message["Bcc"] is None
    assert "Bcc" in str(message["Subject"])


@pytest.mark.parametrize("form", sorted(hook_forms()))
def test_a_hook_is_given_what_its_receiver_expects(form: str) -> None:
    accepted = hook_forms()[form].get("accepted", {})
    with hook_server(Postbox(answer=b'{"errcode": 0, "code": 0}')) as postbox:
        Hook(f"http://127.0.0.1:{postbox.port}/hook?key={SECRET}", form).send(alert())
    (post,) = postbox.posts
    assert "原因：磁盘已满" in str(post)
    assert ("msgtype" in post or "msg_type" in post) == bool(accepted)


def test_a_message_longer_than_a_receiver_takes_is_cut_and_says_so() -> None:
    with hook_server(Postbox(answer=b'{"errcode": 0}')) as postbox:
        long = alert(why=Words("长" * 3000, "long"))
        Hook(f"http://127.0.0.1:{postbox.port}/", "wecom").send(long)
    text = postbox.posts[0]["text"]["content"]
    assert len(text.encode()) <= hook_forms()["wecom"]["limit"]
    assert text.endswith("（已截断 cut）")


@pytest.mark.parametrize(
    ("postbox", "said"),
    [
        (Postbox(status=500), "answered 500"),
        (Postbox(status=302), "answered 302"),
        (Postbox(answer=b'{"errcode": 93000}'), "did not take the message (errcode=93000)"),
        (Postbox(answer=b"<html>"), "did not take the message (errcode=None)"),
    ],
)
def test_a_hook_that_does_not_take_a_message_says_why_and_keeps_its_secret(
    postbox: Postbox, said: str
) -> None:
    with hook_server(postbox):
        hook = Hook(f"http://127.0.0.1:{postbox.port}/{SECRET}", "wecom")
        with pytest.raises(ChannelError) as caught:
            hook.send(alert())
    assert said in str(caught.value)
    assert SECRET not in str(caught.value) + repr(hook) + hook.name
    assert "/elsewhere" not in postbox.paths, "a redirect would carry the message elsewhere"


def test_no_password_is_sent_without_tls_and_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(Postbox(offers_login=True)) as postbox:
        channel = mail_to(postbox, user="op", password=SECRET)
        with pytest.raises(ChannelError) as refused:
            channel.send(alert())
        monkeypatch.setattr("pipelines.operations.channels._LOOPBACK", set())
        with pytest.raises(ChannelError, match="offers no TLS, so the password is not sent") as plain:
            channel.send(alert())
    assert "user or password not accepted (535)" in str(refused.value)
    assert SECRET not in str(refused.value) + str(plain.value) + repr(channel)
    assert postbox.messages == []


def test_a_dead_channel_loses_nothing_and_the_living_one_is_told_once(tmp_path: Path) -> None:
    outbox = Outbox.of(tmp_path)
    assert outbox.put([alert("run:1"), alert("run:2"), alert("run:1")]) == 2
    with mail_server(Postbox()) as living, hook_server(Postbox(status=503)) as dead:
        channels: tuple[Channel, ...] = (mail_to(living), Hook(f"http://127.0.0.1:{dead.port}/{SECRET}"))
        first = outbox.deliver(channels, now=datetime(2026, 3, 1, tzinfo=UTC))
        assert (first.sent, first.waiting) == (0, 2)
        assert first.troubles == ("hook 127.0.0.1: answered 503",)
        again = outbox.deliver(channels, now=datetime(2026, 3, 2, tzinfo=UTC))
        assert again.waiting == 2
        since = outbox.troubles()["hook 127.0.0.1"]["since"]
        assert since == "2026-03-01T00:00:00+00:00", "since when it is dead, not when it was last tried"
        dead.status = 200
        assert outbox.deliver(channels).waiting == 0
    assert outbox.troubles() == {}
    assert len(living.messages) == len(dead.posts) == 2
    assert outbox.put([alert("run:1")]) == 0, "told of once"
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or SECRET not in path.read_text(encoding="utf-8")


def test_what_a_channel_took_before_it_failed_is_not_sent_twice(tmp_path: Path) -> None:
    outbox = Outbox.of(tmp_path)
    outbox.put([alert("run:1"), alert("run:2")])
    with mail_server(Postbox(refuses_from=1)) as postbox:
        assert outbox.deliver([mail_to(postbox)]).waiting == 1
        postbox.refuses_from = None
        assert outbox.deliver([mail_to(postbox)]).waiting == 0
    assert len(postbox.messages) == 2


def test_after_a_long_silence_one_message_tells_all(tmp_path: Path) -> None:
    outbox = Outbox.of(tmp_path)
    outbox.put(alert(f"run:{number}") for number in range(SINGLY + 1))
    with hook_server(Postbox()) as postbox:
        assert outbox.deliver([Hook(f"http://127.0.0.1:{postbox.port}/")]).sent == SINGLY + 1
    (post,) = postbox.posts
    assert f"{SINGLY + 1} alerts" in post["text"]


class Broken:
    """A channel with a bug."""

    name = "broken"

    def send(self, alert: Alert) -> None:
        raise ZeroDivisionError(SECRET)


def test_a_channel_that_breaks_hinders_no_other(tmp_path: Path) -> None:
    outbox = Outbox.of(tmp_path)
    outbox.put([alert()])
    with hook_server(Postbox()) as postbox:
        delivered = outbox.deliver([Broken(), Hook(f"http://127.0.0.1:{postbox.port}/")])
    assert delivered.troubles == ("broken: ZeroDivisionError",)
    assert len(postbox.posts) == 1


def test_a_torn_file_in_the_outbox_hinders_nothing(tmp_path: Path) -> None:
    outbox = Outbox.of(tmp_path)
    outbox.put([alert()])
    (tmp_path / "alerts" / "waiting" / "0.json").write_text('{"key": "ru', encoding="utf-8")
    (tmp_path / "alerts" / "told.jsonl").write_text("torn", encoding="utf-8")
    assert [one.key for one in outbox.waiting()] == ["run:1"]
    with hook_server(Postbox()) as postbox:
        assert outbox.deliver([Hook(f"http://127.0.0.1:{postbox.port}/")]).sent == 1


def test_what_was_told_is_forgotten_after_a_year(tmp_path: Path) -> None:
    outbox = Outbox.of(tmp_path)
    with hook_server(Postbox()) as postbox:
        hook = Hook(f"http://127.0.0.1:{postbox.port}/")
        outbox.put([alert("old")])
        outbox.deliver([hook], now=datetime(2024, 1, 1, tzinfo=UTC))
        outbox.put([alert("new")])
        outbox.deliver([hook], now=datetime(2026, 1, 1, tzinfo=UTC))
    told = (tmp_path / "alerts" / "told.jsonl").read_text(encoding="utf-8")
    assert ("old" in told, "new" in told) == (False, True)
    assert KEPT_DAYS > 365, "a yearly publication must not be told twice"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"JUESUAN_ALERT_SMTP": "smtp://mail"}, "JUESUAN_ALERT_FROM and JUESUAN_ALERT_TO"),
        ({"JUESUAN_ALERT_SMTP": "mail"}, "must be smtp://"),
        ({"JUESUAN_ALERT_SMTP": "smtp://mail:port"}, "the port is no number"),
        ({"JUESUAN_ALERT_SMTP": f"smtp://op:{SECRET}@mail"}, "belongs in JUESUAN_ALERT_SMTP_PASSWORD"),
        ({"JUESUAN_ALERT_HOOK": f"ftp://host/{SECRET}"}, "must be an address that begins with https://"),
        (
            {"JUESUAN_ALERT_HOOK": "https://host/", "JUESUAN_ALERT_HOOK_FORM": "fax"},
            "must be one of dingtalk",
        ),
    ],
)
def test_a_slip_in_the_settings_names_the_variable_and_no_secret(
    environment: dict[str, str], said: str
) -> None:
    people = {"JUESUAN_ALERT_FROM": "a@example.org", "JUESUAN_ALERT_TO": "b@example.org"}
    given = environment if "FROM" in said else {**people, **environment}
    with pytest.raises(SettingsError) as caught:
        channels_of(alert_settings(given))
    assert said in str(caught.value)
    assert SECRET not in str(caught.value)


def test_settings_show_no_secret_and_are_off_by_default() -> None:
    shown = repr(AlertSettings(smtp_password=SECRET, hook=f"https://host/{SECRET}"))
    assert SECRET not in shown
    assert channels_of(alert_settings({})) == ()


def test_the_trial_message_says_whether_alerts_arrive(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = CliRunner().invoke
    monkeypatch.delenv("JUESUAN_ALERT_SMTP", raising=False)
    monkeypatch.delenv("JUESUAN_ALERT_HOOK", raising=False)
    assert run(app, ["alerts", "--test", "--data", str(tmp_path)]).exit_code == 2
    with hook_server(Postbox()) as postbox:
        monkeypatch.setenv("JUESUAN_ALERT_HOOK", f"http://127.0.0.1:{postbox.port}/{SECRET}")
        sent = run(app, ["alerts", "--test", "--data", str(tmp_path)])
        assert (sent.exit_code, len(postbox.posts)) == (0, 1)
    monkeypatch.setenv("JUESUAN_ALERT_HOOK", f"http://127.0.0.1:{dead_port()}/{SECRET}")
    dead = run(app, ["alerts", "--test", "--data", str(tmp_path)])
    assert dead.exit_code == 1
    assert "no answer" in dead.output
    assert SECRET not in sent.output + dead.output
