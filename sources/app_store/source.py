"""Reviews in Apple's App Store, from the public feed of each storefront.

A feed shows the newest 500 reviews of a storefront on ten pages. Pages come back blank now and
then, so the cursor of a storefront moves on only after a reading without a blank page.
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
from monitor.http import HttpResponse, redact_url
from sources._json import dict_or_empty, parse_cursor_of, parse_json_response, to_positive_number
from sources._normalise import to_external_id
from sources.app_store.pages import (
    AppStoreReview,
    ReviewPage,
    StorefrontProgress,
    parse_atom_page,
    parse_json_page,
)
from sources.base import Page, Source, SourceContext, SourceOptions
from sources.feed.document import NotAFeed

_APPLE_CODES = {"uk": "gb"}  # what people write -> what Apple calls it
_COUNTRY_CODE = re.compile("[a-z]{2}")
_MAX_NAMED_FAILURES = 3  # failures that one message names


def _parse_storefront(country: str) -> str:
    code = country.strip().lower()
    if not _COUNTRY_CODE.fullmatch(code):
        raise ValueError("two letters of a country are needed, like 'gb'")
    return _APPLE_CODES.get(code, code)


def _parse_app_id(value: object) -> object:
    text = str(value).strip().removeprefix("id")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ValueError("the digits behind `id` in the app's address are needed")
    return text


Storefront = Annotated[str, AfterValidator(_parse_storefront)]


class AppStoreOptions(SourceOptions):
    """The keys of an App Store source."""

    app_id: Annotated[str, BeforeValidator(_parse_app_id)]  #: the digits in the app's address
    countries: tuple[Storefront, ...] = ("us",)  #: storefronts, by two-letter country
    #: where the feeds are; for tests
    base_url: str = Field(default="https://itunes.apple.com", repr=False)

    @field_validator("countries")
    @classmethod
    def _drop_repeated_countries(cls, countries: tuple[str, ...]) -> tuple[str, ...]:
        if not countries:
            raise ValueError("one storefront at least is needed")
        return tuple(dict.fromkeys(countries))


class AppStoreSource(Source):
    """The reviews of one app, storefront by storefront; one that fails does not stop the others."""

    Options = AppStoreOptions
    stage = Stage.USE
    touchpoint = Touchpoint.PRODUCT

    def __init__(self, source_id: str, options: AppStoreOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._http = context.http
        self._stopping = context.stopping

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield each storefront's pages from the newest review back to the known ones.

        A storefront that fails is a warning. Raises SourceError where all fail that were tried.
        """
        known, order = self._parse_cursor(cursor)
        failures: dict[str, SourceError] = {}
        tried, pause = 0, 0.0
        while tried < len(order) and not pause and not self._stopping():
            country = order[tried]
            tried += 1
            try:
                pause = yield from self._read_storefront(country, known, now)
            except SourceError as error:
                failures[country] = error
                pause = _requested_pause(error)
        if failures or pause:
            all_failed = len(failures) == tried
            warnings = [_storefront_warning(*failure) for failure in failures.items()]
            yield Page(
                items=(),
                cursor=self._build_cursor(known, order[tried % len(order)]),
                warnings=() if all_failed else tuple(warnings),
                wait=pause,
            )
            if all_failed:
                raise _combine_failures(failures)

    def _read_storefront(
        self, country: str, known: dict[str, float], now: datetime
    ) -> Generator[Page, None, float]:
        """Yield one storefront's pages; a complete reading sets `known[country]`.

        Returns the seconds that Apple wants to be left alone after a failure, else 0. Raises
        SourceError where the first page fails.
        """
        progress = StorefrontProgress(known=known.get(country, 0.0))
        while not progress.is_done and not self._stopping():
            number = progress.pages + 1
            try:
                page, wait = self._fetch_page(country, number)
            except SourceError as error:
                if not progress.pages:
                    raise
                failed = f"storefront {country!r}: page {number} failed"
                warning = f"{failed}, all is read again next time: {error}"
                pause = _requested_pause(error)
                cursor = self._build_cursor(known)
                yield Page(items=(), cursor=cursor, warnings=(warning,), wait=pause)
                return pause
            if not progress.pages and not page.reviews and page.last is None:
                self._check_app_served(country)
            progress = progress.with_page(page)
            if progress.is_complete:
                known[country] = max(progress.known, min(progress.newest, now.timestamp()))
            warnings = page.warnings + (progress.warnings if progress.is_done else ())
            yield Page(
                items=tuple(self._to_feedback(review, country) for review in page.reviews),
                cursor=self._build_cursor(known),
                warnings=tuple(f"storefront {country!r}: {warning}" for warning in warnings),
                gaps=progress.gaps if progress.is_done else (),
                wait=wait,
            )
        return 0.0

    def _fetch_page(self, country: str, number: int) -> tuple[ReviewPage, float]:
        """Fetch (a page, the seconds to wait), in Atom where the JSON form cannot be read.

        Raises SourceError.
        """
        try:
            fetched = self._http.get(
                self._page_url(country, number, "json"), accept="application/json, text/javascript"
            )
        except SourceRefused as error:
            if number == 1 and error.status == 400:
                raise _unknown_storefront_error(country) from error
            raise
        try:
            return parse_json_page(_extract_feed(fetched)), fetched.retry_after
        except SourceUnavailable:
            return self._fetch_atom_page(country, number)

    def _fetch_atom_page(self, country: str, number: int) -> tuple[ReviewPage, float]:
        fetched = self._http.get(
            self._page_url(country, number, "xml"), accept="application/atom+xml, application/xml"
        )
        try:
            return parse_atom_page(fetched.body, fetched.url, fetched.headers), fetched.retry_after
        except NotAFeed as error:
            where = redact_url(fetched.url)[:300]
            raise SourceUnavailable(
                f"{where}: the answer is {error}; asked again at the next poll"
            ) from error

    def _page_url(self, country: str, number: int, form: str) -> str:
        """Build the address of a page; the links of the feed mix up form and page."""
        app_id = self._options.app_id
        path = f"rss/customerreviews/page={number}/id={app_id}/sortby=mostrecent/{form}"
        return f"{self._options.base_url.rstrip('/')}/{country}/{path}"

    def _check_app_served(self, country: str) -> None:
        """Ask whether the storefront has the app, where the feed does not tell.

        Raises SourceRefused where it has not.
        """
        query = urlencode({"id": self._options.app_id, "country": country})
        fetched = self._http.get(f"{self._options.base_url.rstrip('/')}/lookup?{query}")
        if dict_or_empty(parse_json_response(fetched)).get("resultCount") == 0:
            raise SourceRefused(
                f"the App Store has no app {self._options.app_id} there; "
                f"check app_id, or take {country!r} out of countries"
            )

    def _to_feedback(self, review: AppStoreReview, country: str) -> Feedback:
        return Feedback(
            source_id=self._source_id,
            external_id=to_external_id(review.id),
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

    def _parse_cursor(self, cursor: str) -> tuple[dict[str, float], tuple[str, ...]]:
        """Parse a cursor to (newest review of each storefront, storefronts in reading order).

        Times are seconds since 1970. Reading starts where the last poll stopped.
        """
        held = parse_cursor_of(cursor, "app", self._options.app_id)
        countries = self._options.countries
        newest = dict_or_empty(held.get("newest"))
        first = held.get("next")
        start = countries.index(first) if first in countries else 0
        known = {country: to_positive_number(at) for country, at in newest.items()}
        return known, countries[start:] + countries[:start]

    def _build_cursor(self, newest: Mapping[str, float], following: str = "") -> str:
        return json.dumps({"app": self._options.app_id, "newest": newest, "next": following})


def _extract_feed(fetched: HttpResponse) -> Mapping[str, object]:
    """Return the value of "feed" in a response; raise SourceUnavailable where there is none."""
    feed = dict_or_empty(parse_json_response(fetched)).get("feed")
    if not isinstance(feed, dict):
        raise SourceUnavailable(f"{redact_url(fetched.url)[:300]}: the answer holds no feed")
    return feed


def _unknown_storefront_error(country: str) -> SourceRefused:
    return SourceRefused(
        f"Apple has no storefront {country!r} (400); write two-letter countries, like 'gb'"
    )


def _requested_pause(error: SourceError) -> float:
    """Return the seconds that Apple wants to be left alone; 0.0 where it does not say."""
    if not isinstance(error, SourceUnavailable):
        return 0.0
    return error.retry_after or 0.0


def _storefront_warning(country: str, error: SourceError) -> str:
    return f"storefront {country!r}: {error}"


def _combine_failures(failures: Mapping[str, SourceError]) -> SourceError:
    """Combine the failures of all storefronts; SourceUnavailable if any of them may pass."""
    warnings = [_storefront_warning(*failure) for failure in failures.items()]
    message = "; ".join(warnings[:_MAX_NAMED_FAILURES])
    if len(warnings) > _MAX_NAMED_FAILURES:
        message += f"; and {len(warnings) - _MAX_NAMED_FAILURES} more"
    if any(isinstance(error, SourceUnavailable) for error in failures.values()):
        return SourceUnavailable(message, max(map(_requested_pause, failures.values())) or None)
    return SourceRefused(message)
