"""The channels alerts go through: e-mail by SMTP, and a web hook.

A channel says in words why it did not take a message, and no secret is in those words: the address of a
hook often holds its token, so only its host is named.
"""

from __future__ import annotations

import json
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import urllib3
import yaml

from pipelines.operations.alerts import Alert
from pipelines.settings import AlertSettings, SettingsError

# A sensor's tick may take a minute; a channel that hangs must not take it all.
SECONDS = 10.0
_FORMS = Path(__file__).with_name("hook_forms.yaml")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class ChannelError(RuntimeError):
    """A channel did not take a message; the words are for a person and hold no secret."""


class Channel(Protocol):
    """Takes a message to people."""

    @property
    def name(self) -> str:
        """By what it is known in the outbox and in the status; no secret."""

    def send(self, alert: Alert) -> None:
        """Send it, or raise ``ChannelError``."""


@dataclass(frozen=True, slots=True)
class Mail:
    """E-mail. STARTTLS where the server offers it; a password is never sent without TLS."""

    host: str
    port: int
    sender: str
    recipients: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)
    from_the_start: bool = False  # TLS from the first byte (smtps)
    ca_file: str = ""  # for a server whose certificate no authority of the system signed

    @property
    def name(self) -> str:
        """Kind and host."""
        return f"mail {self.host}"

    def send(self, alert: Alert) -> None:
        """One message to all recipients."""
        message = EmailMessage()
        message["Subject"] = alert.subject()
        message["From"] = self.sender
        message["To"] = ", ".join(self.recipients)
        message["Message-ID"] = make_msgid(idstring=alert.file_name, domain="juesuan.invalid")
        message.set_content(alert.text())
        try:
            with self._connect() as server:
                refused = server.send_message(message)
        except smtplib.SMTPAuthenticationError as error:
            # What a server answers to a wrong password may repeat what was sent.
            raise ChannelError(f"{self.name}: user or password not accepted ({error.smtp_code})") from None
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelError(f"{self.name}: {_plainly(error, self.password)}") from None
        if refused:
            raise ChannelError(f"{self.name}: refused for {', '.join(sorted(refused))}")

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context(cafile=self.ca_file or None)
        if self.from_the_start:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            server.ehlo()
            if not self.from_the_start and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if self.user:
                if not isinstance(server.sock, ssl.SSLSocket) and self.host not in _LOOPBACK:
                    raise ChannelError(f"{self.name}: offers no TLS, so the password is not sent")
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True, slots=True)
class Hook:
    """A message posted as JSON. Redirects are not followed: they would carry the token elsewhere."""

    address: str = field(repr=False)
    form: str = "text"

    @property
    def name(self) -> str:
        """Kind and host; the path is the secret."""
        return f"hook {urlsplit(self.address).hostname}"

    def send(self, alert: Alert) -> None:
        """Post it, and see that it was taken."""
        form = hook_forms()[self.form]
        body = json.dumps(_filled(form["body"], _cut(alert.text(), int(form["limit"]))), ensure_ascii=False)
        pool = urllib3.PoolManager(retries=False, timeout=SECONDS)
        try:
            answer = pool.request(
                "POST",
                self.address,
                body=body.encode(),
                headers={"Content-Type": "application/json; charset=utf-8"},
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise ChannelError(f"{self.name}: no answer ({type(error).__name__})") from None
        if not 200 <= answer.status < 300:
            raise ChannelError(f"{self.name}: answered {answer.status}")
        wanted: dict[str, Any] = form.get("accepted", {})
        if wanted:
            said = _json_object(answer.data)
            if any(said.get(key) != value for key, value in wanted.items()):
                got = ", ".join(f"{key}={said.get(key)!r}" for key in wanted)
                raise ChannelError(f"{self.name}: answered 200 and did not take the message ({got})")


def channels_of(settings: AlertSettings) -> tuple[Channel, ...]:
    """The channels that are configured; none by default. Raises ``SettingsError`` naming the variable."""
    found: list[Channel] = []
    if settings.smtp:
        at = urlsplit(settings.smtp)
        if at.scheme not in {"smtp", "smtps"} or not at.hostname:
            raise SettingsError("JUESUAN_ALERT_SMTP must be smtp://[user@]host[:port] or smtps://…")
        if at.password:
            raise SettingsError(
                "the password belongs in JUESUAN_ALERT_SMTP_PASSWORD, not in JUESUAN_ALERT_SMTP"
            )
        try:
            port = at.port
        except ValueError:
            raise SettingsError("JUESUAN_ALERT_SMTP: the port is no number") from None
        is_tls = at.scheme == "smtps"
        found.append(
            Mail(
                host=at.hostname,
                port=port or (465 if is_tls else 587 if at.username else 25),
                sender=settings.sender,
                recipients=settings.recipients,
                user=unquote(at.username or ""),
                password=settings.smtp_password,
                from_the_start=is_tls,
            )
        )
    if settings.hook:
        to = urlsplit(settings.hook)
        if to.scheme not in {"http", "https"} or not to.hostname:
            raise SettingsError("JUESUAN_ALERT_HOOK must be an address that begins with https:// or http://")
        if settings.hook_form not in hook_forms():
            known = ", ".join(sorted(hook_forms()))
            raise SettingsError(
                f"JUESUAN_ALERT_HOOK_FORM must be one of {known}, it is {settings.hook_form!r}"
            )
        found.append(Hook(settings.hook, settings.hook_form))
    return tuple(found)


def hook_forms() -> dict[str, dict[str, Any]]:
    """What receivers of hooks expect, by name."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(_FORMS.read_text(encoding="utf-8"))
    return loaded


def _filled(form: Any, text: str) -> Any:
    if isinstance(form, dict):
        return {key: _filled(value, text) for key, value in form.items()}
    return text if form == "$text" else form


def _cut(text: str, limit: int) -> str:
    if len(text.encode()) <= limit:
        return text
    mark = "…（已截断 cut）"
    return text.encode()[: limit - len(mark.encode())].decode("utf-8", "ignore") + mark


def _json_object(data: bytes) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _plainly(error: Exception, secret: str) -> str:
    said = f"{type(error).__name__}: {error}"
    return said.replace(secret, "…") if secret else said
