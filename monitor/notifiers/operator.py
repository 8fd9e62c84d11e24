"""The operator alarm: people hear that repwatch is in trouble, even when Slack is what fails."""

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

#: Seconds for connecting to a mail server, and for each of its responses.
MAIL_TIMEOUT = 20.0
_DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_INVALID_SMTP_URL = "it is no mail server; write smtps://user:password@host:port or smtp://host"
_MAX_SUBJECT_LENGTH = 150


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server that takes mail over SMTP."""

    host: str
    port: int
    encrypted: bool  #: from the first byte on (smtps)
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    #: seconds for connecting, and for each response until the login is over
    patience: float = MAIL_TIMEOUT

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Parse smtp(s)://user:password@host:port; raises ValueError where it names no server."""
        try:
            parts = urlsplit(url)
            port = parts.port or _DEFAULT_PORTS[parts.scheme]
        except (ValueError, KeyError):  # `from None`: its text would quote the password
            raise ValueError(_INVALID_SMTP_URL) from None
        if not parts.hostname:
            raise ValueError(_INVALID_SMTP_URL)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port, parts.scheme == "smtps", user, password)

    def send(self, mail: EmailMessage) -> None:
        """Hand in one mail.

        Raises RepwatchError, whose text holds nothing of the login and of the server's responses.
        """
        try:
            with self.open_session() as server:
                refused = server.send_message(mail)
                if refused:
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
            system_reason = error.strerror if isinstance(error, OSError) else ""
            reason = system_reason or type(error).__name__
            raise RepwatchError(f"{self.host}:{self.port} cannot be mailed to: {reason}") from None

    def open_session(self) -> smtplib.SMTP:
        """Connect, and log in where there is a login; raises what smtplib does, and RepwatchError
        where the login would go in the clear.
        """
        server = self._connect()
        try:
            if self.user:
                self._start_encryption(server)
                server.login(self.user, self.password)
            if server.sock:
                server.sock.settimeout(MAIL_TIMEOUT)  # a mail may take long to be looked at
        except BaseException:  # whatever it was, no connection may stay; it is raised again
            server.close()
            raise
        return server

    def _connect(self) -> smtplib.SMTP:
        # Given, because smtplib would look up the name of this machine, which can take long.
        own_name = "[127.0.0.1]"
        if self.encrypted:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(
                self.host, self.port, own_name, timeout=self.patience, context=context
            )
        return smtplib.SMTP(self.host, self.port, own_name, timeout=self.patience)

    def _start_encryption(self, server: smtplib.SMTP) -> None:
        """Encrypt the connection before a login; only on this machine it may stay in the clear.

        Raises RepwatchError where another machine offers no encryption.
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
    """Tells people that repwatch is in trouble, by every route that is configured.

    No method raises, and nothing that is logged holds an address.
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
        """The names of the routes by which people are told."""
        people = len(self._settings.email_to)
        mail = f"e-mail to {people} address{'' if people == 1 else 'es'}"
        routes = (("heartbeat", self._heartbeat), ("webhook", self._webhook), (mail, self._mail))
        return tuple(name for name, target in routes if target)

    def raise_alarm(self, subject: str, text: str, at: datetime) -> bool:
        """Tell people by webhook and by e-mail, as far as these are configured.

        Returns whether at least one of them took it; True where neither is configured.
        """
        subject = self._redact(" ".join(subject.split()))[:_MAX_SUBJECT_LENGTH]
        text = self._redact(text)
        log.error("alarm", subject=subject, text=text)
        results: list[bool] = []
        if self._webhook:
            results.append(self._try_route("webhook", lambda: self._post_webhook(subject, text)))
        if self._mail:
            results.append(self._try_route("e-mail", lambda: self._send_mail(subject, text, at)))
        return any(results) or not results

    def send_heartbeat(self) -> None:
        """Tell the heartbeat service that all is well; it calls people when that stops."""
        if self._heartbeat:
            self._try_route("heartbeat", self._get_heartbeat)

    def _get_heartbeat(self) -> None:
        self._http.get(self._heartbeat, display_name="ALARM_HEARTBEAT_URL")

    def _post_webhook(self, subject: str, text: str) -> None:
        body = json.dumps({"text": f"{subject}\n{text}"}).encode()
        self._http.post(self._webhook, body, "application/json", display_name="ALARM_WEBHOOK_URL")

    def _send_mail(self, subject: str, text: str, at: datetime) -> None:
        if self._mail:
            self._mail.send(self._build_mail(subject, text, at))

    def _build_mail(self, subject: str, text: str, at: datetime) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = subject
        mail["From"] = self._settings.email_from or self._settings.email_to[0]
        mail["To"] = ", ".join(self._settings.email_to)
        mail["Date"] = format_datetime(at)
        mail["Auto-Submitted"] = "auto-generated"  # no out-of-office replies, RFC 3834
        mail.set_content(text)
        return mail

    def _try_route(self, route: str, send: Callable[[], object]) -> bool:
        """Send by one route and return whether that worked; a failure is only logged."""
        try:
            send()
        except RepwatchError as error:
            log.warning("alarm_failed", way=route, error=self._redact(str(error)))
        except Exception as error:  # noqa: BLE001 - a failing route must not add to the trouble
            # Its type alone, for its text may hold an address.
            log.warning("alarm_failed", way=route, error=type(error).__name__)
        else:
            return True
        return False


def check_alarm_settings(
    settings: AlarmSettings, secrets: Secrets, file: str
) -> Sequence[ConfigProblem]:
    """Return what is wrong with the `ALARM_` addresses and `[alarm]`, which is in `file`."""
    problems: list[ConfigProblem] = []
    for name in ("alarm_heartbeat_url", "alarm_webhook_url"):
        url = getattr(secrets, name).get_secret_value()
        if url and not re.match(r"https?://[^/\s]", url):
            text = "it is no address; write it as https://host/path"
            problems.append(ConfigProblem(name.upper(), text))
    smtp = secrets.alarm_smtp_url.get_secret_value()
    if bool(smtp) != bool(settings.email_to):
        missing = "nobody is named"
        if settings.email_to:
            missing = "ALARM_SMTP_URL is neither in the environment nor in .env"
        text = f"for e-mail, both are needed: {missing}"
        problems.append(ConfigProblem(f"{file}: alarm.email_to", text))
    try:
        MailServer.from_url(smtp or "smtp://none")
    except ValueError as error:
        problems.append(ConfigProblem("ALARM_SMTP_URL", str(error)))
    return problems
