"""The notifier for Slack: posts each message once, and finds those whose answer got lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from pydantic import SecretStr

from monitor.domain.alert import Alert
from monitor.domain.delivery import Card, Delivery, DeliveryKind, OverflowSummary, ThreadEntry
from monitor.domain.notice import Notice, NoticeKind
from monitor.domain.unread import UnreadSummary
from monitor.errors import (
    CardDeleted,
    DeliveryError,
    DeliveryRefused,
    DeliveryUncertain,
    DeliveryUnreachable,
)
from monitor.notifiers.base import PostedMessage, RateLimits
from monitor.settings import SlackSettings
from monitor.slack import limits
from monitor.slack.channels import ChannelDirectory
from monitor.slack.checks import SlackCheckResult, check_posting
from monitor.slack.client import TIMEOUT, ApiResponse, SlackApi
from monitor.slack.digest_notifier import SlackDigestNotifier
from monitor.slack.errors import PayloadRefused, ScopeMissing
from monitor.slack.files import SlackFiles
from monitor.slack.members import MemberDirectory
from monitor.slack.message import SlackMessage
from monitor.slack.slack_time import SlackTime
from monitor.slack.views import card as cards
from monitor.slack.views import notice as notices
from monitor.slack.views import thread
from monitor.slack.views.unread import render_unread

#: The type of the metadata that carries a delivery's id. Every app in the workspace can read it:
#: ids only.
EVENT_TYPE = "repwatch_delivery"

#: Seconds that are looked at beyond the age of a message: Slack's time is known to a second or so
#: of an answer's way, and its servers need not agree.
WINDOW_MARGIN_SECONDS = 60

#: What is posted in the thread below another message.
_IN_THREAD = (DeliveryKind.ENTRY, DeliveryKind.DIGEST_PART)
_HISTORY_PAGE = 200
_TRIES_TO_REMOVE = 3  #: of a message that must not stay
_MAX_REMEMBERED = 10_000
#: Slack takes "several hundred" posts a minute from an app in a workspace; a channel that is
#: configured for more raises this too.
_TOTAL_PER_SECOND = 3.0
_EDIT_AFTER = 2.0
# Nothing in a stranger's words is looked up, linked or previewed.
_QUIET = {"parse": "none", "link_names": False}
_NO_PREVIEW = {"unfurl_links": False, "unfurl_media": False}
_log = structlog.get_logger(__name__)


class SlackNotifier:
    """Posts to a Slack workspace; safe to use from several threads.

    Cards have buttons where they are `interactive`: where the Slack app receives clicks.
    """

    def __init__(
        self,
        token: SecretStr,
        settings: SlackSettings,
        *,
        monotonic: Callable[[], float],
        interactive: bool = False,
        timeout: int = TIMEOUT,
    ) -> None:
        """`monotonic` counts the seconds that pass, whatever the machine's clock tells."""
        self._settings = settings
        self._interactive = interactive
        self._time = SlackTime(monotonic)
        self._api = SlackApi(token, settings.api_url, timeout, slack_time=self._time)
        self._directory = ChannelDirectory(self._api)
        self._members = MemberDirectory(self._api)
        self.digests = SlackDigestNotifier(
            self, SlackFiles(self._api, timeout), interactive=interactive
        )
        self._degraded = 0
        self._seen: dict[str, PostedMessage] = {}  # by delivery, what a history has shown
        self._lock = threading.Lock()

    @property
    def rate_limits(self) -> RateLimits:
        """The configured rate limits."""
        settings = self._settings
        configured = RateLimits(
            posts_per_second=settings.posts_per_second,
            cards_per_hour=settings.cards_per_hour,
            settle_seconds=settings.settle_seconds,
        )
        if not configured.posts_per_second:
            return configured
        total = max(configured.posts_per_second, _TOTAL_PER_SECOND)
        return replace(configured, total_per_second=total, edit_after_seconds=_EDIT_AFTER)

    @property
    def default_channel(self) -> str:
        """The channel for cards whose rule names none."""
        return self._settings.default_channel

    @property
    def degraded_count(self) -> int:
        """How many messages were sent as simple text: each one is a mistake of ours."""
        return self._degraded

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        """Post a new card; the delivery's id travels in the message's metadata."""
        return self._post_message(self._render_card(card), delivery)

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        """Bring a shown card up to date."""
        target = {"channel": posted.channel_id, "ts": posted.message_id, **_QUIET}
        message = self._render_card(card)
        self._send_message(self._api.call_idempotent, "chat.update", target, message)

    def _render_card(self, card: Card) -> SlackMessage:
        shown = replace(card, attributes=self._settings.attributes)
        return cards.render_card(shown, self._interactive)

    def post_summary(self, summary: OverflowSummary, delivery: Delivery) -> PostedMessage:
        """Post one message for many alerts."""
        delivery_id = delivery.id if self._interactive else ""
        return self._post_message(cards.render_summary(summary, delivery_id), delivery)

    def post_unread(self, summary: UnreadSummary, delivery: Delivery) -> PostedMessage:
        """Post what nobody read of a source in a day."""
        return self._post_message(render_unread(summary), delivery)

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        """Post below a card; a broadcast entry is shown in the channel too.

        Raises CardDeleted where the card is gone. Slack then posts a reply as a message of its own,
        which is removed at once.
        """
        actor_name = self._members.actor_name(entry.event)
        message = thread.render_entry(entry, self._interactive, actor_name)
        return self.post_below(message, card, delivery, broadcast=entry.is_broadcast)

    def post_below(
        self,
        message: SlackMessage,
        root: PostedMessage,
        delivery: Delivery,
        *,
        broadcast: bool = False,
        simplify: bool = True,
    ) -> PostedMessage:
        """Post a message in the thread of another; raises CardDeleted where that is gone."""
        place = {
            "channel": root.channel_id,
            "thread_ts": root.message_id,
            "reply_broadcast": broadcast,
        }
        below = replace(delivery, channel=root.channel_id)
        answer = self._call_post(message, below, place, simplify=simplify)
        posted = self._read_place(answer, below)
        if _is_at_top_level(answer):
            self._remove_stray(posted)
            raise CardDeleted(f"the card {root.message_id} in {root.channel_id} was deleted")
        return posted

    def _remove_stray(self, posted: PostedMessage) -> None:
        """Remove a reply that came out at top level; tried again at once, since nobody returns."""
        arguments = {"channel": posted.channel_id, "ts": posted.message_id}
        for tries_left in reversed(range(_TRIES_TO_REMOVE)):
            try:
                self._api.call_idempotent("chat.delete", arguments)
            except CardDeleted:  # by a try before this one, whose answer got lost
                return
            except DeliveryError as error:
                if not tries_left:
                    left = posted.message_id
                    _log.warning("slack_stray_reply_left", message=left, error=str(error))
            else:
                return

    def post_escalation(
        self, entry: ThreadEntry, card: PostedMessage | None, delivery: Delivery
    ) -> PostedMessage:
        """Call people to a card from another channel, with a link to it where it is shown."""
        permalink = self._api.find_permalink(card.channel_id, card.message_id) if card else ""
        actor_name = self._members.actor_name(entry.event)
        message = thread.render_escalation(entry, permalink, self._interactive, actor_name)
        return self._post_message(message, delivery)

    def post_notice(
        self, notice: Notice, alerts: Sequence[Alert], delivery: Delivery
    ) -> PostedMessage:
        """Post a notice in its channel or, where that is a person's id, to them in private."""
        before = notice.actor if notice.kind is NoticeKind.DUTY else None
        message = notices.render_notice(
            notice,
            alerts,
            interactive=self._interactive,
            repeat=delivery.repeat,
            actor_name=self._members.find_name(before, delivery.created_at),
        )
        return self._post_message(message, delivery)

    def find_posted(
        self, delivery: Delivery, tried_ago: timedelta, card: PostedMessage | None = None
    ) -> PostedMessage | None:
        """Return the message of a delivery that may have been posted; None where it was not.

        The channel's history is read from shortly before it was tried, by Slack's own time; for an
        entry it is the thread of its card. Other deliveries seen on the way are remembered, so that
        after an outage one look answers for many messages. Raises DeliveryUnreachable when the
        history cannot be read at all, DeliveryDelayed when not now.
        """
        if delivery.id in self._seen:
            return self._seen[delivery.id]
        window = {
            "include_all_metadata": True,
            **self._since(tried_ago),
            "inclusive": True,
            "limit": _HISTORY_PAGE,
        }
        in_thread = card is not None and delivery.kind in _IN_THREAD
        if card is not None and in_thread:
            channel, method = card.channel_id, "conversations.replies"
            arguments = {"channel": channel, "ts": card.message_id, **window}
        else:
            channel, method = self._channel_id_of(delivery), "conversations.history"
            arguments = {"channel": channel, **window}
        try:
            return self._find_in_pages(method, arguments, delivery)
        except ScopeMissing as error:  # posting still works: no reason to stop the sender
            raise DeliveryUnreachable(f"the history cannot be read: {error}") from error
        except CardDeleted:
            if not in_thread:
                raise
        # Slack posts a reply to what is gone at top level, where nobody can make sense of it.
        stray = self._find_in_pages(
            "conversations.history", {"channel": channel, **window}, delivery
        )
        if stray is not None:
            self._remove_stray(stray)
            self._seen.pop(delivery.id, None)
        return None

    def _find_in_pages(
        self, method: str, arguments: Mapping[str, Any], delivery: Delivery
    ) -> PostedMessage | None:
        """Return the message of a delivery in a history, and remember the others on the way."""
        for page in self._api.read_pages(method, arguments):
            self._remember_posted(page, arguments["channel"])
            if delivery.id in self._seen:
                return self._seen[delivery.id]
        return None

    def _since(self, tried_ago: timedelta) -> Mapping[str, str]:
        """The beginning of a history from so long ago on; all of it where Slack tells no time."""
        if self._time.now() is None:
            self._api.call_read("auth.test", {})  # any answer tells the time
        now = self._time.now()
        if now is None:
            return {}
        return {"oldest": f"{(now - tried_ago).timestamp() - WINDOW_MARGIN_SECONDS:.6f}"}

    def _channel_id_of(self, delivery: Delivery) -> str:
        channel = delivery.channel or self.default_channel
        return delivery.posted_to or self._directory.resolve_id(channel)

    def _remember_posted(self, page: ApiResponse, channel: str) -> None:
        if len(self._seen) > _MAX_REMEMBERED:
            self._seen.clear()
        for message in page.data.get("messages") or ():
            delivery_id = _delivery_id(message)
            if isinstance(delivery_id, str):
                self._seen[delivery_id] = PostedMessage(str(message["ts"]), channel)

    def find_channel_id(self, channel: str) -> str:
        """Return Slack's id of a channel; empty where it knows none of that name, or does not say.

        Raises DeliveryError where it does not answer.
        """
        try:
            return self._directory.resolve_id(channel)
        except DeliveryUnreachable:
            return ""

    def check_setup(self, channels: tuple[str, ...] = ()) -> SlackCheckResult:
        """Check the token, its scopes, the default channel and these; sends and raises nothing."""
        return check_posting(self._api, self._directory, (self.default_channel, *channels))

    def _post_message(self, message: SlackMessage, delivery: Delivery) -> PostedMessage:
        return self.post_message(message, delivery)

    def post_message(
        self, message: SlackMessage, delivery: Delivery, *, simplify: bool = True
    ) -> PostedMessage:
        """Post a message to the delivery's channel.

        Where Slack refuses it as it is built, it is sent as simple text, or PayloadRefused is
        raised where it is not to `simplify`.
        """
        answer = self._call_post(message, delivery, {}, simplify=simplify)
        return self._read_place(answer, delivery)

    def _call_post(
        self,
        message: SlackMessage,
        delivery: Delivery,
        place: Mapping[str, Any],
        *,
        simplify: bool = True,
    ) -> ApiResponse:
        channel = delivery.channel or self.default_channel
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": delivery.id}}
        target = {
            "channel": channel,
            "metadata": metadata,
            **_QUIET,
            **_NO_PREVIEW,
            **place,
        }
        method = "chat.postMessage"
        if simplify:
            return self._send_message(self._api.call_once, method, target, message)
        return self._api.call_once(method, {**target, **message.payload})

    def _read_place(self, answer: ApiResponse, delivery: Delivery) -> PostedMessage:
        channel = delivery.channel or self.default_channel
        ts, channel_id = answer.data.get("ts"), answer.data.get("channel")
        if not isinstance(ts, str) or not isinstance(channel_id, str):
            raise DeliveryUncertain(
                "Slack's answer to chat.postMessage does not say where the message is"
            )
        self._directory.remember_id(channel, channel_id)
        return PostedMessage(ts, channel_id)

    def _send_message(
        self,
        call: Callable[[str, Mapping[str, Any]], ApiResponse],
        method: str,
        target: Mapping[str, Any],
        message: SlackMessage,
    ) -> ApiResponse:
        """Send a message; as simple text where it breaks a limit, or Slack refuses it as it is."""
        full = {**target, **message.payload}
        if violations := limits.check_message(full):
            self._count_degraded(method, [str(violation) for violation in violations[:5]])
            return call(method, {**target, **message.plain_payload})
        try:
            return call(method, full)
        except (PayloadRefused, DeliveryRefused) as error:
            self._count_degraded(method, [str(error)])
        return call(method, {**target, **message.plain_payload})

    def _count_degraded(self, method: str, problems: list[str]) -> None:
        with self._lock:
            self._degraded += 1
        _log.error("slack_message_degraded", method=method, problems=problems)


def _is_at_top_level(answer: ApiResponse) -> bool:
    """Whether a reply came out as a message of its own; Slack shows what it has posted."""
    message = answer.data.get("message")
    return isinstance(message, Mapping) and not message.get("thread_ts")


def _delivery_id(message: object) -> object:
    """The id of the delivery that a message in the history belongs to; None for others."""
    metadata = message.get("metadata") if isinstance(message, Mapping) else None
    if not isinstance(metadata, Mapping) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    return payload.get("delivery_id") if isinstance(payload, Mapping) else None
