"""The second path: how people hear that repwatch itself is in trouble, also when Slack is what
fails.
"""

from __future__ import annotations

import json
import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Self
from urllib.parse import unquote, urlsplit

import structlog

from monitor.errors import ConfigProblem, RepwatchError
from monitor.http import HttpClient
from monitor.settings import AlarmSettings, Secrets

log = structlog.get_logger(__name__)

#: Seconds for connecting to a mail server and for each of its answers.
MAIL_TIMEOUT = 20.0
_PORTS = {"smtp": 25, "smtps": 465}
_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_INVALID_SMTP_URL = "it is no mail server; write smtps://user:password@host:port or smtp://host"
_MAX_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in."""

    host: str
    port: int
    encrypted: bool  #: from the first byte on (smtps)
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> Self:
        """The server that smtp(s)://user:password@host:port stands for; ValueError where it stands
        for none.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError):  # its text would quote the address
            raise ValueError(_INVALID_SMTP_URL) from None
        if not parts.hostname:
            raise ValueError(_INVALID_SMTP_URL)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port, parts.scheme == "smtps", user, password)

    def send(self, mail: EmailMessage) -> None:
        """Hand in one mail; RepwatchError says why that failed, and holds nothing of the login or
        of the answer.
        """
        try:
            with self._connect() as server:
                if self.user:
                    self._start_encryption(server)
                    server.login(self.user, self.password)
                if refused := server.send_message(mail):
                    log.warning("alarm_refused_for_some", server=self.host, addresses=len(refused))
        except smtplib.SMTPAuthenticationError as error:
            raise RepwatchError(
                f"{self.host} refuses the login ({error.smtp_code}); mend ALARM_SMTP_URL"
            ) from None
        except smtplib.SMTPRecipientsRefused:
            raise RepwatchError(f"{self.host} takes mail for none of [alarm] email_to") from None
        except smtplib.SMTPResponseException as error:
            raise RepwatchError(f"{self.host} does not take the mail ({error.smtp_code})") from None
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            reason = (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
            raise RepwatchError(f"{self.host}:{self.port} cannot be mailed to: {reason}") from None

    def _connect(self) -> smtplib.SMTP:
        # The name to say hello with is given, for asking the machine for its own can take as long
        # as a timeout.
        hello = "[127.0.0.1]"
        if self.encrypted:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(
                self.host, self.port, hello, timeout=MAIL_TIMEOUT, context=context
            )
        return smtplib.SMTP(self.host, self.port, hello, timeout=MAIL_TIMEOUT)

    def _start_encryption(self, server: smtplib.SMTP) -> None:
        """Encrypt before a password is said; only within this machine it may be said in the
        clear.
        """
        server.ehlo()
        if self.encrypted:
            return
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif self.host not in _LOOPBACK_HOSTS:
            raise RepwatchError(
                f"{self.host} offers no encryption for the login; use smtps:// or another port"
            )


class OperatorAlarm:
    """Tells people by whatever is configured; nothing in it raises, and nothing that it logs holds
    an address.
    """

    def __init__(self, http: HttpClient, settings: AlarmSettings, secrets: Secrets) -> None:
        self._http = http
        self._settings = settings
        self._redact = secrets.redact
        self._heartbeat = secrets.alarm_heartbeat_url.get_secret_value()
        self._webhook = secrets.alarm_webhook_url.get_secret_value()
        smtp = secrets.alarm_smtp_url.get_secret_value()
        self._mail = MailServer.from_url(smtp) if smtp and settings.email_to else None

    @property
    def configured_routes(self) -> tuple[str, ...]:
        """By which ways people are told, in words."""
        people = len(self._settings.email_to)
        mail = f"e-mail to {people} address{'' if people == 1 else 'es'}"
        named = (("heartbeat", self._heartbeat), ("webhook", self._webhook), (mail, self._mail))
        return tuple(name for name, given in named if given)

    def raise_alarm(self, subject: str, text: str, at: datetime) -> bool:
        """Tell people by every way; whether at least one took it, or there is none to fail."""
        subject, text = self._redact(" ".join(subject.split()))[:_MAX_SUBJECT], self._redact(text)
        log.error("alarm", subject=subject, text=text)
        tried = []
        if self._webhook:
            tried.append(self._try_route("webhook", lambda: self._post_webhook(subject, text)))
        if mail := self._mail:
            tried.append(
                self._try_route("e-mail", lambda: mail.send(self._build_mail(subject, text, at)))
            )
        return any(tried) or not tried

    def send_heartbeat(self) -> None:
        """Say that all is well, to a service that calls people when it hears nothing for a
        while.
        """
        if self._heartbeat:
            self._try_route(
                "heartbeat",
                lambda: self._http.get(self._heartbeat, display_name="ALARM_HEARTBEAT_URL"),
            )

    def _post_webhook(self, subject: str, text: str) -> None:
        body = json.dumps({"text": f"{subject}\n{text}"}).encode()
        self._http.post(self._webhook, body, "application/json", display_name="ALARM_WEBHOOK_URL")

    def _build_mail(self, subject: str, text: str, at: datetime) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = subject
        mail["From"] = self._settings.email_from or self._settings.email_to[0]
        mail["To"] = ", ".join(self._settings.email_to)
        mail["Date"] = format_datetime(at)
        mail["Auto-Submitted"] = "auto-generated"  # no out-of-office replies, RFC 3834
        mail.set_content(text)
        return mail

    def _try_route(self, way: str, send: Callable[[], object]) -> bool:
        """Whether it went well; whatever goes wrong while telling of trouble must not make more of
        it.
        """
        try:
            send()
        except RepwatchError as error:
            log.warning("alarm_failed", way=way, error=self._redact(str(error)))
        except Exception as error:  # noqa: BLE001 - see above; its text may hold an address
            log.warning("alarm_failed", way=way, error=type(error).__name__)
        else:
            return True
        return False


def check_alarm_settings(
    settings: AlarmSettings, secrets: Secrets, file: str
) -> Sequence[ConfigProblem]:
    """What is wrong with the addresses in the environment, and what is missing beside them."""
    found = []
    for name in ("alarm_heartbeat_url", "alarm_webhook_url"):
        url = getattr(secrets, name).get_secret_value()
        if url and not re.match(r"https?://[^/\s]", url):
            found.append(
                ConfigProblem(name.upper(), "it is no address; write it as https://host/path")
            )
    smtp = secrets.alarm_smtp_url.get_secret_value()
    if bool(smtp) != bool(settings.email_to):
        missing = (
            "ALARM_SMTP_URL is neither in the environment nor in .env"
            if settings.email_to
            else "nobody is named"
        )
        found.append(
            ConfigProblem(f"{file}: alarm.email_to", f"for e-mail, both are needed: {missing}")
        )
    try:
        MailServer.from_url(smtp or "smtp://none")
    except ValueError as error:
        found.append(ConfigProblem("ALARM_SMTP_URL", str(error)))
    return found
