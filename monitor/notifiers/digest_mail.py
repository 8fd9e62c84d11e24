"""A digest as a mail: text and page in one message, recognisable should it come twice."""

from __future__ import annotations

import hashlib
import re
import smtplib
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from email.utils import format_datetime

from monitor.domain.delivery import Delivery
from monitor.domain.digest_post import DigestPost
from monitor.errors import (
    ConfigProblem,
    DeliveryError,
    DeliveryRefused,
    DeliveryRejected,
    DeliveryUncertain,
    RepwatchError,
)
from monitor.notifiers.base import PostedMessage
from monitor.notifiers.operator import MailServer
from monitor.notifiers.plain_text import one_line
from monitor.settings import Settings

_MAX_SUBJECT = 150
_REPEAT = "(perhaps a second time)"
_FINAL = 500  #: answers from here on stay the same, however often it is tried (RFC 5321, 4.2.1)
_NO_HOST = "repwatch.invalid"
#: How the names of weeks and months look.
_PERIOD_MARKS = (
    (re.compile(r"\d{4}-W\d{2}"), "week"),
    (re.compile(r"\d{4}-\d{2}"), "month"),
)
#: Seconds for connecting and each response up to the login: urgent cards wait meanwhile.
_PATIENCE = 5.0


class DigestMail:
    """Hands digests to a mail server; nothing is retried here."""

    def __init__(self, server: MailServer, sender: str = "") -> None:
        """`sender` is the address that it comes from; empty for the first that it goes to."""
        self._server = replace(server, patience=min(server.patience, _PATIENCE))
        self._sender = sender

    def send_digest(self, post: DigestPost, delivery: Delivery) -> PostedMessage:
        """Hand in one mail to all addresses of a delivery.

        Raises DeliveryUncertain where the server may have taken it, DeliveryRejected where it never
        will, DeliveryRefused where it may later.
        """
        addresses = delivery.channel.split(", ")
        mail = self._build_mail(post, delivery, addresses)
        # Raised here and not where it is caught: smtplib's errors hold the login.
        result = self._hand_in(mail, addresses)
        if isinstance(result, DeliveryError):
            raise result
        trouble = ""
        if result:
            trouble = (
                f"{self._server.host} took the digest, but not for {result} of the "
                f"{len(addresses)} addresses in [digest] email_to; mend or remove them"
            )
        return PostedMessage(mail["Message-ID"], "", trouble)

    def _hand_in(self, mail: EmailMessage, addresses: list[str]) -> DeliveryError | int:
        """Return what went wrong, or for how many addresses the server did not take it."""
        host = self._server.host
        try:
            server = self._server.open_session()
        except smtplib.SMTPAuthenticationError as error:
            return DeliveryRefused(f"{host} refuses the login ({error.smtp_code}): DIGEST_SMTP_URL")
        except RepwatchError as error:
            return DeliveryRefused(str(error))
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            return DeliveryRefused(f"{host} cannot be mailed to: {type(error).__name__}")
        try:
            return len(server.send_message(mail, to_addrs=addresses))
        except smtplib.SMTPRecipientsRefused as error:
            is_final = all(code >= _FINAL for code, _ in error.recipients.values())
            kind = DeliveryRejected if is_final else DeliveryRefused
            return kind(f"{host} takes mail for none of [digest] email_to")
        except smtplib.SMTPNotSupportedError:
            return DeliveryRejected(f"{host} takes no such addresses as in [digest] email_to")
        except smtplib.SMTPResponseException as error:
            kind = DeliveryRejected if error.smtp_code >= _FINAL else DeliveryRefused
            return kind(f"{host} does not take the digest ({error.smtp_code})")
        except (smtplib.SMTPException, OSError) as error:
            return DeliveryUncertain(f"{host} did not say if it took it: {type(error).__name__}")
        finally:
            _say_goodbye(server)

    def _build_mail(
        self, post: DigestPost, delivery: Delivery, addresses: list[str]
    ) -> EmailMessage:
        subject = one_line(post.document.title)[:_MAX_SUBJECT] or post.digest_id
        mail = EmailMessage()
        mail["Subject"] = f"{subject} {_REPEAT}" if delivery.repeat else subject
        mail["From"] = self._sender or addresses[0]
        mail["To"] = ", ".join(addresses)
        mail["Date"] = format_datetime(delivery.created_at)
        sender = self._sender or addresses[0]
        mail["Message-ID"] = make_message_id(delivery, sender)
        series = make_series_id(post, sender)
        mail["In-Reply-To"] = series
        mail["References"] = series
        mail["Auto-Submitted"] = "auto-generated"  # no out-of-office replies, RFC 3834
        mail.set_content(post.text or subject)
        if post.html:
            mail.add_alternative(post.html, subtype="html")
        return mail


def _say_goodbye(server: smtplib.SMTP) -> None:
    """End a session; whatever the server says to that, it has taken the mail or not."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def make_message_id(delivery: Delivery, sender: str) -> str:
    """Return the Message-ID of a delivery: the same for every try, and of no other delivery.

    A mail program that gets it twice shows it once, or can be told to (RFC 5322, 3.6.4).
    """
    return _make_id("digest", delivery.id, sender)


def make_series_id(post: DigestPost, sender: str) -> str:
    """Return the id that the digests of one series answer to: mail programs show them as one
    thread, although no mail has it (RFC 5322, 3.6.4).

    A series has one audience, one segment and one kind of period: weeks, months, or spans.
    """
    period, _, scope = post.digest_id.partition("/")
    kind = next((name for mark, name in _PERIOD_MARKS if mark.fullmatch(period)), "span")
    return _make_id("digest-series", "\n".join((kind, scope, post.audience)), sender)


def _make_id(name: str, key: str, sender: str) -> str:
    digest = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
    host = sender.rpartition("@")[2]
    return f"<{name}.{digest}@{host if host.isascii() and host else _NO_HOST}>"


def build_mailer(settings: Settings) -> DigestMail | None:
    """Return what sends digests by mail; None where nobody is to get one so."""
    url = find_digest_smtp_url(settings)
    if not (url and settings.digest.has_mail):
        return None
    return DigestMail(MailServer.from_url(url), settings.digest.email_from or "")


def find_digest_smtp_url(settings: Settings) -> str:
    """The mail server for digests: one of its own, else that of the alarm; empty for none."""
    own = settings.secrets.digest_smtp_url.get_secret_value()
    return own or settings.secrets.alarm_smtp_url.get_secret_value()


def check_digest_settings(settings: Settings, file: str) -> list[ConfigProblem]:
    """Find what is missing for the digests that are to go by mail, or to Slack."""
    problems = []
    url = find_digest_smtp_url(settings)
    if settings.digest.has_mail and not url:
        text = "for e-mail, set DIGEST_SMTP_URL in the environment or in .env"
        problems.append(ConfigProblem(f"{file}: digest.email_to", text))
    if any(wanted.lacks_addresses for wanted in settings.digest.every):
        text = '"email" needs addresses; set email_to beside it'
        problems.append(ConfigProblem(f"{file}: digest.formats", text))
    own = settings.secrets.digest_smtp_url.get_secret_value()
    try:
        MailServer.from_url(own or "smtp://none")
    except ValueError as error:
        problems.append(ConfigProblem("DIGEST_SMTP_URL", str(error)))
    return problems
