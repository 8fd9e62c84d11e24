"""Slack's errors, and lost answers, as errors of a delivery: pure, and decided nowhere else.

Slack documents that after `fatal_error` and `internal_error` some of the work may be done
(https://docs.slack.dev/reference/methods/chat.postMessage); the same is true of every answer that
got lost.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Mapping
from urllib.error import URLError

from monitor.errors import (
    CardDeleted,
    DeliveryDelayed,
    DeliveryError,
    DeliveryForbidden,
    DeliveryRefused,
    DeliveryRejected,
    DeliveryUncertain,
    DeliveryUnreachable,
)

#: Seconds to wait when Slack says "too fast" without saying how long.
RETRY_AFTER = 30.0

#: The environment variables with the bot's token, and with the app's for Socket Mode.
BOT_TOKEN, APP_TOKEN = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"

_LONGEST_WAIT = 3600.0
_SECONDS = re.compile(r"[0-9]{1,9}")
_ERROR_NAME = re.compile(r"[a-z][a-z0-9_]{1,60}")
_SCOPES = re.compile(r"[a-z:._,]{1,200}")
_RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
#: What holds for every message alike, until it is over or somebody has mended it.
_OUTAGE = frozenset(
    {
        "accesslimited",
        "deprecated_endpoint",
        "message_limit_exceeded",
        "method_deprecated",
        "service_unavailable",
        "team_added_to_org",
    }
)
_UNCERTAIN = frozenset({"fatal_error", "internal_error", "request_timeout"})
_PAYLOAD = frozenset(
    {
        "attachment_payload_limit_exceeded",
        "block_mismatch",
        "invalid_arg_name",
        "invalid_arguments",
        "invalid_attachments",
        "invalid_charset",
        "invalid_json",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "json_not_object",
        "markdown_text_conflict",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
    }
)
#: What the workspace does not want, however often it is offered.
_FILES = frozenset(
    {
        "alt_txt_too_large",
        "blocked_file_type",
        "file_type_not_allowed",
        "file_upload_size_restricted",
        "file_uploads_disabled",
        "file_uploads_except_images_disabled",
        "malware_detected",
        "posting_to_channel_denied",
        "storage_limit_reached",
    }
)
_UNEDITABLE = frozenset({"cant_update_message", "edit_window_closed"})
_DELETED = frozenset({"message_not_found", "thread_not_found"})
_TRIGGERS = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"}
)
_DESTINATION = frozenset(
    {
        "as_user_not_supported",
        "cannot_reply_to_message",
        "channel_is_limited_access",
        "channel_not_found",
        "invalid_channel",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "method_not_supported_for_channel_type",
        "not_in_channel",
        "user_not_found",
        "user_not_in_channel",
    }
)
_CREDENTIALS = frozenset(
    {
        "access_denied",
        "account_inactive",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
        "user_removed_from_team",
    }
)
#: What of this may hold for one method, while others go on.
_DENIED = frozenset(
    {
        "access_denied",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "no_permission",
        "not_allowed_token_type",
        "team_access_not_granted",
    }
)
_NO_CONNECTION_ERRNOS = frozenset(
    {
        errno.ECONNREFUSED,
        errno.EHOSTUNREACH,
        errno.EHOSTDOWN,
        errno.ENETUNREACH,
        errno.ENETDOWN,
        errno.EADDRNOTAVAIL,
    }
)


class PayloadRefused(DeliveryRejected):
    """Slack does not take the message as it is built; a simpler one may pass."""


class TriggerExpired(DeliveryRejected):
    """The three seconds after a click in which a modal can be opened are over."""


class ViewOutdated(DeliveryRejected):
    """The view to be replaced has been replaced meanwhile."""


class ScopeMissing(DeliveryForbidden):
    """The token is good but not allowed to call this method."""


class MethodDenied(DeliveryForbidden):
    """The workspace does not let the app call this method; the token may be good for others."""


def classify_refusal(
    method: str,
    status: int,
    headers: Mapping[str, str],
    body: object,
    channel: str = "",
    variable: str = BOT_TOKEN,
) -> DeliveryError:
    """Return the error for a call that Slack answered with anything but `ok`.

    `variable` is the environment variable of the token.
    """
    name = _error_name(body)
    where = f"{method} to {channel}" if channel else method
    if status == 429 or name in _RATE_LIMITED:
        wait = _wait_from_headers(headers)
        return DeliveryDelayed(f"Slack asks to wait {wait:g} s before the next {where}", wait)
    if status >= 500 or not name or name in _UNCERTAIN:
        answer = name or "nothing readable"
        return DeliveryUncertain(f"Slack answered {where} with {answer} (status {status})")
    if name == "missing_scope":
        return ScopeMissing(
            f"the Slack app lacks the scope {_missing_scope(body)} for {where}; "
            "add it and install the app again"
        )
    if name in _OUTAGE:
        return DeliveryDelayed(f"Slack refuses {where} for now: {name}")
    if name in _CREDENTIALS:
        kind = MethodDenied if name in _DENIED else DeliveryForbidden
        return kind(
            f"Slack refuses the token: {name}; replace {variable}, then run `repwatch check`"
        )
    if name in _DESTINATION or name.startswith("restricted_action"):
        target = channel or "the channel"
        return DeliveryUnreachable(
            f"Slack cannot reach {target}: {name}; invite the bot or mend it"
        )
    return _classify_message_refusal(name, where, body)


def _classify_message_refusal(name: str, where: str, body: object) -> DeliveryError:
    """Return the error for a refusal that is about the message or the view, or unknown.

    What nobody knows belongs to that message alone: it must not hold up the others.
    """
    if name in _PAYLOAD or name.startswith("invalid_blocks"):
        pointers = _error_pointers(body)
        return PayloadRefused(f"Slack refuses the message of {where}: {name}{pointers}")
    if name in _FILES:
        return DeliveryRejected(f"Slack takes no such file in this workspace: {name}")
    if name in _TRIGGERS:
        return TriggerExpired(f"Slack opens no dialog any more for this click: {name}")
    if name == "hash_conflict":
        return ViewOutdated(f"Slack shows something newer than {where} would replace")
    if name in _DELETED:
        return CardDeleted(f"the card was deleted before {where}: {name}")
    if name in _UNEDITABLE:
        return DeliveryRejected(f"Slack cannot change the message of {where}: {name}")
    return DeliveryRefused(f"Slack refuses {where}: {name}")


def classify_failure(method: str, error: Exception) -> DeliveryError:
    """Return the error for a call without a readable answer.

    The text of `error` is left out, for it may quote the request.
    """
    cause = error.reason if isinstance(error, URLError) else error
    kind = type(cause).__name__
    if isinstance(error, URLError) and _failed_before_sending(error.reason):
        return DeliveryDelayed(
            f"Slack cannot be reached for {method} ({kind}); check network, proxy and slack.api_url"
        )
    return DeliveryUncertain(f"Slack's answer to {method} was lost ({kind})")


def _failed_before_sending(reason: object) -> bool:
    """Whether the connection failed before any of the request was sent.

    urllib wraps only what goes wrong while connecting and sending. Our requests fit into a socket's
    buffer, so a timeout among these is one of connecting; a reset is not certain.
    """
    if isinstance(reason, (socket.gaierror, TimeoutError, ssl.SSLCertVerificationError)):
        return True
    if isinstance(reason, OSError) and reason.errno in _NO_CONNECTION_ERRNOS:
        return True
    return str(reason).startswith("Tunnel connection failed")


def _error_name(body: object) -> str:
    """The name of the error; empty where Slack's answer holds none."""
    name = _field(body, "error")
    return name if isinstance(name, str) and _ERROR_NAME.fullmatch(name) else ""


def _missing_scope(body: object) -> str:
    scopes = _field(body, "needed")
    is_readable = isinstance(scopes, str) and _SCOPES.fullmatch(scopes)
    return str(scopes) if is_readable else "that is needed"


def _error_pointers(body: object) -> str:
    """Where in the message the mistakes are, without what is written there."""
    errors = _field(body, "errors")
    if not isinstance(errors, list):
        return ""
    pointers = re.findall(r"json-pointer:([\w/]+)", " ".join(str(error) for error in errors))
    return f" at {', '.join(pointers[:5])}" if pointers else ""


def _field(body: object, name: str) -> object:
    return body.get(name) if isinstance(body, Mapping) else None


def _wait_from_headers(headers: Mapping[str, str]) -> float:
    """The seconds in Retry-After; the default for a missing or strange value."""
    lower_case = {name.lower(): str(value) for name, value in headers.items()}
    value = lower_case.get("retry-after", "")
    return min(float(value), _LONGEST_WAIT) if _SECONDS.fullmatch(value) else RETRY_AFTER
