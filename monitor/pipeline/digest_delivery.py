"""From the outbox to the readers of a digest: its pictures, its message, its thread, its mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from monitor.domain.delivery import Delivery, DeliveryKind
from monitor.domain.digest_post import DigestFile, DigestPost
from monitor.errors import (
    CardDeleted,
    DeliveryRefused,
    DeliveryRejected,
    DeliveryUnreachable,
    NothingToShow,
)
from monitor.notifiers.base import DigestNotifier, PostedMessage
from monitor.pipeline.delivery_content import find_posted_card
from monitor.store import Store

#: The kinds of deliveries that are looked for by their file, not in a channel's history.
FILE_KINDS = (DeliveryKind.DIGEST_PICTURE, DeliveryKind.DIGEST_FILE)
_OWN_LOOK = (*FILE_KINDS, DeliveryKind.DIGEST_MAIL)
_GONE = "the digest is not in the database any more"


class DigestMailer(Protocol):
    """Sends digests by mail."""

    def send_digest(self, post: DigestPost, delivery: Delivery) -> PostedMessage:
        """Hand in one mail to the addresses that are the delivery's channel."""


@dataclass(frozen=True, slots=True)
class DigestDeliverer:
    """Shows what the outbox holds of digests; raises DeliveryError, and RepwatchError for the
    store.
    """

    store: Store
    notifier: DigestNotifier | None = None  #: None where nothing can show digests
    mailer: DigestMailer | None = None  #: None where no mail server is known

    def show(self, delivery: Delivery) -> PostedMessage:
        """Show a claimed delivery of a digest."""
        if delivery.kind in FILE_KINDS:
            return self._upload(delivery)
        with self.store.read() as tx:
            post = tx.digests.get_post(delivery)
            pictures = tx.digests.find_shown_pictures(delivery)
            root = find_posted_card(tx, delivery)
        if post is None:
            raise DeliveryRejected(_GONE)
        if delivery.kind is DeliveryKind.DIGEST_MAIL:
            return self._require_mailer().send_digest(post, delivery)
        if delivery.kind is DeliveryKind.DIGEST:
            return self._require_notifier().post_digest(post, pictures, delivery)
        try:
            return self._require_notifier().post_digest_part(
                post, pictures, _require_root(root), delivery
            )
        except CardDeleted as error:
            raise self._give_up_thread(delivery, error) from error

    def has_own_look(self, delivery: Delivery) -> bool:
        """Return whether it is looked for here, and not in the history of its channel."""
        return delivery.kind in _OWN_LOOK

    def find(self, delivery: Delivery) -> PostedMessage | None:
        """Return where a file is that may have been handed over; None where it was not."""
        if delivery.kind is DeliveryKind.DIGEST_MAIL:
            raise DeliveryUnreachable("a mail whose answer got lost cannot be looked for")
        file, root = self._load_file(delivery)
        return self._require_notifier().find_digest_file(file, root)

    def _upload(self, delivery: Delivery) -> PostedMessage:
        file, root = self._load_file(delivery)

        def remember(remote_id: str) -> None:
            with self.store.write() as tx:
                is_ours = tx.digests.set_remote_id(delivery, remote_id)
            if not is_ours:  # slow as an upload is, it must not come twice
                raise DeliveryRefused("another process has taken over")

        try:
            return self._require_notifier().upload_digest_file(file, root, delivery, remember)
        except CardDeleted as error:
            raise self._give_up_thread(delivery, error) from error

    def _give_up_thread(self, delivery: Delivery, error: CardDeleted) -> NothingToShow:
        """Give up all that was to come below a message that somebody deleted, and return why: a
        section that finds no thread stands in the channel until it is removed.
        """
        reason = f"somebody deleted the digest: {error}"
        with self.store.write() as tx:
            tx.digests.give_up_thread(delivery.card_id, reason)
        return NothingToShow(reason)

    def _load_file(self, delivery: Delivery) -> tuple[DigestFile, PostedMessage | None]:
        """Return a file and, for one that is shared in a thread, the message above it."""
        with self.store.read() as tx:
            file = tx.digests.get_file(delivery)
            root = find_posted_card(tx, delivery)
        if file is None:
            raise DeliveryRejected(_GONE)
        if delivery.kind is DeliveryKind.DIGEST_PICTURE:
            return file, None
        return file, _require_root(root)

    def _require_notifier(self) -> DigestNotifier:
        if self.notifier is None:
            raise DeliveryRejected("nothing here can show a digest")
        return self.notifier

    def _require_mailer(self) -> DigestMailer:
        if self.mailer is None:
            raise DeliveryRejected("no mail server is known; set DIGEST_SMTP_URL")
        return self.mailer


def _require_root(root: PostedMessage | None) -> PostedMessage:
    if root is None:
        raise DeliveryRejected("the message of the digest is not shown any more")
    return root
