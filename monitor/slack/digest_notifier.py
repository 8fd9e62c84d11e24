"""Digests in Slack: pictures first, then the message that shows them, then the thread below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

from monitor.domain.delivery import Delivery
from monitor.domain.digest_post import DigestFile, DigestPost
from monitor.errors import DeliveryRefused, DeliveryUnreachable, NothingToShow
from monitor.notifiers import wording
from monitor.notifiers.base import PostedMessage
from monitor.slack.errors import PayloadRefused
from monitor.slack.files import NO_FILES, SlackFiles, is_picture
from monitor.slack.message import SlackMessage
from monitor.slack.views.digest import render_digest, render_digest_part

#: Tries of a message that wait for Slack to have worked on a picture: about a minute.
_TRIES_FOR_PICTURES = 5
#: How Slack refuses a message whose pictures it does not show; it need not say why.
_PICTURE_REFUSED = (PayloadRefused, DeliveryRefused)
_log = structlog.get_logger(__name__)


class MessagePoster(Protocol):
    """Posts single messages, as `SlackNotifier` does."""

    def post_message(
        self, message: SlackMessage, delivery: Delivery, *, simplify: bool = True
    ) -> PostedMessage:
        """Post a message to the delivery's channel; in simple text where Slack refuses it, if
        `simplify`, else PayloadRefused.
        """

    def post_below(
        self,
        message: SlackMessage,
        root: PostedMessage,
        delivery: Delivery,
        *,
        simplify: bool = True,
    ) -> PostedMessage:
        """Post a message in the thread of another; raises CardDeleted where that is gone."""


class SlackDigestNotifier:
    """Shows digests in a workspace."""

    def __init__(self, poster: MessagePoster, files: SlackFiles, *, interactive: bool) -> None:
        self._poster = poster
        self._files = files
        self._interactive = interactive

    def post_digest(
        self, post: DigestPost, pictures: Mapping[int, str], delivery: Delivery
    ) -> PostedMessage:
        """Post the message with its pictures; after some tries in vain with text in their place."""
        may_wait = delivery.attempts < _TRIES_FOR_PICTURES
        if may_wait and not all(self._files.is_ready(name) for name in pictures.values()):
            raise DeliveryRefused("Slack still works on a picture of the digest")
        message = self._render(post, pictures, delivery)
        if not pictures:
            return self._poster.post_message(message, delivery)
        try:
            return self._poster.post_message(message, delivery, simplify=False)
        except _PICTURE_REFUSED as error:
            if may_wait:
                raise DeliveryRefused(f"Slack shows a picture not yet: {error}") from error
            _log.warning("digest_without_pictures", delivery=delivery.id, error=str(error))
        return self._poster.post_message(self._render(post, {}, delivery), delivery)

    def _render(
        self, post: DigestPost, pictures: Mapping[int, str], delivery: Delivery
    ) -> SlackMessage:
        return render_digest(post, pictures, interactive=self._interactive, repeat=delivery.repeat)

    def post_digest_part(
        self,
        post: DigestPost,
        pictures: Mapping[int, str],
        root: PostedMessage,
        delivery: Delivery,
    ) -> PostedMessage:
        """Post a section in the thread, with pictures where Slack takes them."""
        number, repeat = delivery.event_id, delivery.repeat
        message = render_digest_part(post, number, pictures, repeat=repeat)
        try:
            return self._poster.post_below(message, root, delivery, simplify=not pictures)
        except _PICTURE_REFUSED:
            bare = render_digest_part(post, number, {}, repeat=repeat)
            return self._poster.post_below(bare, root, delivery)

    def upload_digest_file(
        self,
        file: DigestFile,
        root: PostedMessage | None,
        delivery: Delivery,
        remember: Callable[[str], None],
    ) -> PostedMessage:
        """Hand over a picture, or share a file in the thread; labelled where it may be a repeat."""
        if not file.content:
            raise NothingToShow(f"the file {file.name} is empty")
        note = wording.REPEAT_WARNING if delivery.repeat and not is_picture(file) else ""
        file_id = self._files.upload(file, root, remember, note=note)
        return PostedMessage(file_id, root.channel_id if root else "")

    def find_digest_file(
        self, file: DigestFile, root: PostedMessage | None
    ) -> PostedMessage | None:
        """Return where a file is; raises DeliveryUnreachable where the app may not look."""
        if not file.remote_id:
            return None
        try:
            found = self._files.find(file.remote_id, root)
        except NO_FILES as error:
            raise DeliveryUnreachable(f"the file cannot be looked for: {error}") from error
        if not found:
            return None
        return PostedMessage(file.remote_id, root.channel_id if root else "")
