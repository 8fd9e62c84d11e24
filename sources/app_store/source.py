"""Reviews in Apple's App Store, from the public feed of each storefront.

A feed shows the newest 500 reviews of a storefront on ten pages. Pages come back blank now and
then, so what is known moves on only after a walk without a hole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Mapping
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from monitor.domain.feedback import Feedback, Kind, Stage, Touchpoint
from monitor.errors import SourceError, SourceRefused, SourceUnavailable
from monitor.http import Fetched, redact_url
from sources._json import json_of, noted, seconds, table
from sources._normalise import identity
from sources.app_store.pages import Review, ReviewPage, Walk, parse_atom, parse_json
from sources.base import Page, Source, SourceContext, SourceOptions
from sources.feed.document import NotAFeed

_SPELLED = {"uk": "gb"}  # what people write -> what Apple calls it
_CODE = re.compile("[a-z]{2}")
_SHOWN = 3  # failures that one message names


def _storefront(country: str) -> str:
    code = country.strip().lower()
    if not _CODE.fullmatch(code):
        raise ValueError("two letters of a country are needed, like 'gb'")
    return _SPELLED.get(code, code)


def _app_id(value: object) -> object:
    text = str(value).strip().removeprefix("id")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ValueError("the digits behind `id` in the app's address are needed")
    return text


Storefront = Annotated[str, AfterValidator(_storefront)]


class AppStoreOptions(SourceOptions):
    """The keys of an App Store source."""

    app_id: Annotated[str, BeforeValidator(_app_id)]  #: the digits in the app's address
    countries: tuple[Storefront, ...] = ("us",)  #: storefronts, by two-letter country
    #: where the feeds are; for tests
    base_url: str = Field(default="https://itunes.apple.com", repr=False)

    @field_validator("countries")
    @classmethod
    def _each_once(cls, countries: tuple[str, ...]) -> tuple[str, ...]:
        if not countries:
            raise ValueError("one storefront at least is needed")
        return tuple(dict.fromkeys(countries))


class AppStoreSource(Source):
    """The reviews of one app, storefront by storefront; a storefront that fails does not cost the
    others.
    """

    Options = AppStoreOptions
    stage = Stage.USE
    touchpoint = Touchpoint.PRODUCT

    def __init__(self, source_id: str, options: AppStoreOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._http = context.http
        self._stopping = context.stopping

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield each storefront's pages from the newest review back to what is known."""
        known, order = self._read_cursor(cursor)
        failures: dict[str, SourceError] = {}
        tried, pause = 0, 0.0
        while tried < len(order) and not pause and not self._stopping():
            country = order[tried]
            tried += 1
            try:
                pause = yield from self._storefront(country, known, now)
            except SourceError as error:
                failures[country], pause = error, _pause(error)
        if failures or pause:
            alone = len(failures) == tried
            told = () if alone else tuple(_told(*failure) for failure in failures.items())
            yield Page(
                items=(),
                cursor=self._cursor(known, order[tried % len(order)]),
                warnings=told,
                wait=pause,
            )
            if alone:
                raise _all_failed(failures)

    def _storefront(
        self, country: str, known: dict[str, float], now: datetime
    ) -> Generator[Page, None, float]:
        """One storefront's pages; `known` is changed once they were read without a hole.

        Returns the seconds that Apple asks to be left alone; nothing more is asked of it in this
        poll.
        """
        walk = Walk(known=known.get(country, 0.0))
        while not walk.done and not self._stopping():
            try:
                page, wait = self._page(country, walk.pages + 1)
            except SourceError as error:
                if not walk.pages:
                    raise
                told = f"storefront {country!r}: page {walk.pages + 1} failed, all is read again next time: {error}"
                yield Page(
                    items=(), cursor=self._cursor(known), warnings=(told,), wait=_pause(error)
                )
                return _pause(error)
            if not walk.pages and not page.reviews and page.last is None:
                self._check_served(country)
            walk = walk.after(page)
            if walk.whole:
                known[country] = max(walk.known, min(walk.newest, now.timestamp()))
            told_page = page.warnings + (walk.warnings if walk.done else ())
            yield Page(
                items=tuple(self._feedback(review, country) for review in page.reviews),
                cursor=self._cursor(known),
                warnings=tuple(f"storefront {country!r}: {warning}" for warning in told_page),
                gaps=walk.gaps if walk.done else (),
                wait=wait,
            )
        return 0.0

    def _page(self, country: str, number: int) -> tuple[ReviewPage, float]:
        """One page and the seconds to wait; in the Atom form where the JSON form cannot be read."""
        try:
            fetched = self._http.get(
                self._address(country, number, "json"), accept="application/json, text/javascript"
            )
        except SourceRefused as error:
            if number == 1 and error.status == 400:
                raise _bad_storefront(country) from error
            raise
        try:
            return parse_json(_feed(fetched)), fetched.wait
        except SourceUnavailable:
            return self._atom_page(country, number)

    def _atom_page(self, country: str, number: int) -> tuple[ReviewPage, float]:
        fetched = self._http.get(
            self._address(country, number, "xml"), accept="application/atom+xml, application/xml"
        )
        try:
            return parse_atom(fetched.body, fetched.url, fetched.headers), fetched.wait
        except NotAFeed as error:
            where = redact_url(fetched.url)[:300]
            raise SourceUnavailable(
                f"{where}: the answer is {error}; asked again at the next poll"
            ) from error

    def _address(self, country: str, number: int, form: str) -> str:
        """The address of a page. It is never taken from the feed, whose links mix up form and
        page.
        """
        path = (
            f"rss/customerreviews/page={number}/id={self._options.app_id}/sortby=mostrecent/{form}"
        )
        return f"{self._options.base_url.rstrip('/')}/{country}/{path}"

    def _check_served(self, country: str) -> None:
        """Ask whether the storefront has the app at all, where a feed cannot tell; SourceRefused
        when it has not.
        """
        query = urlencode({"id": self._options.app_id, "country": country})
        found = table(
            json_of(self._http.get(f"{self._options.base_url.rstrip('/')}/lookup?{query}"))
        )
        if found.get("resultCount") == 0:
            raise SourceRefused(
                f"the App Store has no app {self._options.app_id} there; "
                f"check app_id, or take {country!r} out of countries"
            )

    def _feedback(self, review: Review, country: str) -> Feedback:
        return Feedback(
            source_id=self._source_id,
            external_id=identity(review.id),
            kind=Kind.REVIEW,
            title=review.title,
            body=review.body,
            markup=review.markup,
            author=review.author,
            created_at=review.updated,
            url=f"https://apps.apple.com/{country}/app/id{self._options.app_id}?see-all=reviews",
            rating=review.rating,
            score=review.votes,
            app_version=review.version,
            attributes={"country": country},
        )

    def _read_cursor(self, cursor: str) -> tuple[dict[str, float], tuple[str, ...]]:
        """The newest time of each storefront, and the storefronts in the order in which they are
        read.
        """
        notes, countries = noted(cursor), self._options.countries
        own = notes if notes.get("app") == self._options.app_id else {}
        newest = table(own.get("newest"))
        first = own.get("next")
        start = countries.index(first) if first in countries else 0
        return {country: seconds(newest.get(country)) for country in newest}, countries[
            start:
        ] + countries[:start]

    def _cursor(self, newest: Mapping[str, float], following: str = "") -> str:
        return json.dumps({"app": self._options.app_id, "newest": newest, "next": following})


def _feed(fetched: Fetched) -> Mapping[str, object]:
    """The value of "feed" in an answer; SourceUnavailable where there is none."""
    feed = table(json_of(fetched)).get("feed")
    if not isinstance(feed, dict):
        raise SourceUnavailable(f"{redact_url(fetched.url)[:300]}: the answer holds no feed")
    return feed


def _bad_storefront(country: str) -> SourceRefused:
    return SourceRefused(
        f"Apple has no storefront {country!r} (400); write two-letter countries, like 'gb'"
    )


def _pause(error: SourceError) -> float:
    return (error.retry_after or 0.0) if isinstance(error, SourceUnavailable) else 0.0


def _told(country: str, error: SourceError) -> str:
    return f"storefront {country!r}: {error}"


def _all_failed(failures: Mapping[str, SourceError]) -> SourceError:
    """One error for all storefronts: passing if any of theirs is."""
    told = [_told(*failure) for failure in failures.items()]
    more = f"; and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    message = "; ".join(told[:_SHOWN]) + more
    if any(isinstance(error, SourceUnavailable) for error in failures.values()):
        return SourceUnavailable(message, max(map(_pause, failures.values())) or None)
    return SourceRefused(message)
