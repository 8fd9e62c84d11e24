"""From a period to everything that is sent of it: numbers, text, page, pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.digest.build import DigestRequest, build_digest
from monitor.digest.charts_text import render_chart_text
from monitor.digest.compose import compose_document
from monitor.digest.number_format import NumberFormat
from monitor.digest.quotations import list_quoted, load_quotes
from monitor.digest.render_html import render_html
from monitor.digest.render_text import render_text
from monitor.digest.scope import DigestScope
from monitor.digest.snapshot import dump_digest, find_sent_digest, load_digest
from monitor.digest.wording import Wording
from monitor.domain.digest import Audience, Digest
from monitor.domain.digest_post import (
    Attachment,
    DigestPost,
    DigestSnapshot,
    MadeDigest,
    Picture,
    list_figures,
)
from monitor.domain.digest_schedule import DigestFormat, DigestOrder
from monitor.domain.document import Document, Figure
from monitor.settings import Settings
from monitor.store import Store, Transaction

#: Pictures in the first message: more are not looked at.
_MOST_PICTURES = 3
#: Columns of a chart in text, as wide as a message of Slack shows without breaking lines.
_CHART_WIDTH = 56


@dataclass(frozen=True, slots=True)
class WordedDigest:
    """A digest as one audience reads it."""

    digest: Digest
    document: Document
    numbers: NumberFormat

    @property
    def text(self) -> str:
        """The whole in plain text."""
        return render_text(self.document, numbers=self.numbers)

    @property
    def first_screen(self) -> str:
        """The title and the first screen in plain text."""
        return render_text(replace(self.document, sections=()), numbers=self.numbers).rstrip()

    @property
    def html(self) -> str:
        """The whole as one page."""
        return render_html(self.document, self.numbers)


@dataclass(frozen=True, slots=True)
class DigestWorkshop:
    """Builds digests and words them."""

    store: Store
    settings: Settings
    mask: Callable[[str], str]  #: hides personal data in customers' words

    def build(self, request: DigestRequest, now: datetime, *, anew: bool = False) -> Digest:
        """Return the digest of a period: the one that was sent, where one was and not `anew`.

        Raises StoreError.
        """
        with self.store.read() as tx:
            sent = None if anew else find_sent_digest(tx, request.period, request.scope.name)
            return sent or build_digest(tx, request, self.settings, now)

    def word(self, digest: Digest, audience: Audience) -> WordedDigest:
        """Return a digest in the words for an audience. Raises StoreError."""
        numbers = NumberFormat(digest.locale)
        with self.store.read() as tx:
            quotes = load_quotes(tx, digest, self.mask, self.settings.brand.thanks_opt_out)
        document = compose_document(digest, Wording(numbers, quotes), audience)
        return WordedDigest(digest, document, numbers)

    def make(self, order: DigestOrder, now: datetime) -> MadeDigest:
        """Return everything that is sent for an order: with the numbers that it has already, else
        with those that were sent of its period; a preview is counted anew.

        Raises StoreError and ConfigError.
        """
        scope = DigestScope.from_name(order.target.segment, self.settings.brand.personas)
        request = DigestRequest(order.period, scope)
        with self.store.read() as tx:
            frozen = _find_frozen(tx, order, request)
            digest = frozen or build_digest(tx, request, self.settings, now)
        worded = self.word(digest, Audience(order.target.audience))
        post = build_post(worded, order.target.audience, order.target.formats)
        if frozen is not None:
            return MadeDigest(post)
        snapshot = DigestSnapshot(
            period=request.period.name,
            scope=request.scope.name,
            slot=order.id,
            made_at=digest.made_at,
            body=dump_digest(digest),
        )
        return MadeDigest(post, snapshot)


def _find_frozen(tx: Transaction, order: DigestOrder, request: DigestRequest) -> Digest | None:
    """Return the digest whose numbers an order sends; None where they are counted now."""
    period, scope = request.period, request.scope.name
    for slot in filter(None, (order.id, order.snapshot_of)):
        snapshot = tx.digests.find_snapshot(period.name, scope, slot)
        if snapshot is not None:
            return load_digest(snapshot.body)
    return None if order.is_preview else find_sent_digest(tx, period, scope)


def build_post(
    worded: WordedDigest, audience: str = "", formats: Sequence[DigestFormat] = ()
) -> DigestPost:
    """Return a digest as it is handed to the outbox, with its pictures and files."""
    figures = list_figures(worded.document)
    return DigestPost(
        digest_id=worded.digest.id,
        audience=audience,
        document=worded.document,
        text=worded.text,
        html=worded.html,
        chart_texts=tuple(
            render_chart_text(figure.chart, _CHART_WIDTH, worded.numbers) for figure in figures
        ),
        pictures=tuple(_draw_pictures(figures, worded.numbers)),
        attachments=tuple(_attach_page(worded, formats)),
        quoted=list_quoted(worded.digest),
    )


def _draw_pictures(figures: Sequence[Figure], numbers: NumberFormat) -> Iterator[Picture]:
    """Yield the first figures as pictures; none where the extra `charts` is not installed."""
    from monitor.digest.charts_png import can_draw_pictures, render_chart_png

    if not can_draw_pictures():
        return
    for number, figure in enumerate(figures[:_MOST_PICTURES]):
        yield Picture(
            figure=number,
            name=f"chart-{number + 1}.png",
            alt_text=figure.sentence,
            content=render_chart_png(figure.chart, numbers),
        )


def _attach_page(worded: WordedDigest, formats: Sequence[DigestFormat]) -> Iterator[Attachment]:
    if DigestFormat.HTML in formats:
        yield Attachment(
            name=f"digest-{worded.digest.id.replace('/', '-')}.html",
            media_type="text/html",
            title=worded.document.title,
            content=worded.html.encode(),
        )
