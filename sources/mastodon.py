"""Mastodon: what is posted under hashtags, as one instance sees it.

Timelines are read oldest first from the newest known post (`min_id`), which leaves no gap;
`since_id` would give the newest page only. A post from another instance gets an id by the time it
was written, so one that arrives late stands before newer ones: half an hour is read again.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote, urlencode, urlsplit

from pydantic import BeforeValidator, Field, field_validator

from monitor.domain.feedback import Author, Feedback, Kind, Markup
from monitor.errors import SourceRefused, SourceUnavailable
from monitor.http import HttpResponse
from sources._json import dict_or_empty, parse_cursor_of, parse_json_response, to_count
from sources._normalise import (
    stable_hash,
    to_clean_text,
    to_external_id,
    to_http_link,
    to_language_tag,
)
from sources._times import parse_iso_time
from sources.base import Page, Source, SourceContext, SourceOptions

PAGE_SIZE = 40  #: the most that Mastodon gives at once
PAGES = 50  #: the most pages of one hashtag in one poll; the next poll goes on
OVERLAP = timedelta(minutes=30)  #: read again, because posts arrive late and are edited
WINDOW = 300.0  #: seconds in which Mastodon counts requests
LONGEST_WAIT = 3_600.0  #: the most seconds until a reset that is believed

_REFUSED_STATUSES = {401, 403, 422}  # how instances refuse a request without a token
_LOCAL = {"127.0.0.1", "localhost", "::1"}
_SNOWFLAKE_DIGITS = 17  # ids of Mastodon are the time in milliseconds, shifted by 16 bits


def _strip_hash_sign(value: object) -> object:
    return value.strip().removeprefix("#") if isinstance(value, str) else value


Hashtag = Annotated[str, BeforeValidator(_strip_hash_sign), Field(pattern=r"^[^\s#/?&]{1,100}$")]
FewHashtags = Annotated[tuple[Hashtag, ...], Field(max_length=4)]  # Mastodon ignores more


class MastodonOptions(SourceOptions):
    """The keys of a Mastodon source."""

    instance: str  #: the address of the instance that is asked, like "https://mastodon.social"
    #: timelines that are read, with or without #
    hashtags: Annotated[tuple[Hashtag, ...], Field(min_length=1)]
    any: FewHashtags = ()  #: hashtags whose posts are read as well, at most four
    all: FewHashtags = ()  #: hashtags that a post must have too, at most four
    none: FewHashtags = ()  #: hashtags that a post must not have, at most four

    @field_validator("instance")
    @classmethod
    def _check_instance(cls, instance: str) -> str:
        parts = urlsplit(instance.strip())
        is_local = parts.scheme == "http" and parts.hostname in _LOCAL
        if not parts.hostname or not (parts.scheme == "https" or is_local):
            raise ValueError("an address that starts with https:// is needed")
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HashtagProgress:
    """How far one hashtag was read."""

    newest: str = ""  #: the highest id that was seen; "" before the first post
    at: str = ""  #: the id after which an incomplete reading goes on

    @property
    def start_id(self) -> str:
        """The id after which the next page starts; "" for the newest page."""
        return self.at or shift_id_back(self.newest)

    def with_page(self, ids: list[str]) -> HashtagProgress:
        """Return the progress after a page of these ids; an empty page completes the reading."""
        if not ids:
            return replace(self, at="")
        highest = max(ids, key=_id_sort_key)
        newest = max(self.newest, highest, key=_id_sort_key)
        at = max(self.at, highest, key=_id_sort_key) if self.newest else ""
        return HashtagProgress(newest=newest, at=at)


class MastodonSource(Source):
    """Public posts under hashtags; a post is the same on every instance."""

    Options = MastodonOptions

    def __init__(self, source_id: str, options: MastodonOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._http = context.http
        self._token = context.secrets.mastodon_access_token
        self._uses_token = False
        self._stopping = context.stopping

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield each hashtag's pages from the newest known post on; at first contact one page."""
        progress = self._parse_cursor(cursor)
        for hashtag in self._options.hashtags:
            for page in self._read_timeline(hashtag, progress, now):
                yield page
                if page.wait or self._stopping():
                    return

    def _read_timeline(
        self, hashtag: str, progress: dict[str, HashtagProgress], now: datetime
    ) -> Iterator[Page]:
        """Yield one hashtag's pages, oldest first; each moves `progress[hashtag]` on."""
        for _ in range(PAGES):
            before = progress.get(hashtag, HashtagProgress())
            fetched = self._fetch_timeline(hashtag, before.start_id)
            statuses = _parse_statuses(fetched)
            after = before.with_page([status["id"] for status in statuses])
            # A server that ignores min_id would be asked for ever.
            done = not after.at or after.at == before.at
            progress[hashtag] = replace(after, at="") if done else after
            items = [self._to_feedback(status) for status in statuses]
            yield Page(
                items=tuple(item for item in items if item),
                cursor=self._build_cursor(progress),
                wait=_seconds_to_reset(fetched.headers, now),
            )
            if done:
                return

    def _fetch_timeline(self, hashtag: str, start_id: str) -> HttpResponse:
        params = [("limit", str(PAGE_SIZE))]
        if start_id:
            params.append(("min_id", start_id))
        for name in ("any", "all", "none"):
            params += [(f"{name}[]", other) for other in getattr(self._options, name)]
        timeline = f"{self._options.instance}/api/v1/timelines/tag/{quote(hashtag, safe='')}"
        return self._get_with_token_fallback(f"{timeline}?{urlencode(params)}")

    def _get_with_token_fallback(self, address: str) -> HttpResponse:
        """Fetch an address; with the token only once the instance has refused to answer without.

        Raises SourceError.
        """
        token = self._token.get_secret_value()
        headers = {"Authorization": f"Bearer {token}"} if self._uses_token else {}
        try:
            return self._http.get(address, accept="application/json", headers=headers)
        except SourceRefused as error:
            if token and not self._uses_token and error.status in _REFUSED_STATUSES:
                self._uses_token = True
                return self._get_with_token_fallback(address)
            raise self._explain_error(error) from error
        except SourceUnavailable as error:
            if error.status != 429 or error.retry_after:
                raise
            raise SourceUnavailable(str(error), WINDOW) from error

    def _explain_error(self, error: SourceRefused) -> SourceRefused:
        """Convert a refusal to one that says what to do; others stay as they are."""
        host, status = urlsplit(self._options.instance).netloc, error.status
        if status == 404:
            return SourceRefused(
                f"{host} has no hashtag timelines (404); check that instance runs Mastodon"
            )
        if status not in _REFUSED_STATUSES:
            return error
        if self._uses_token:
            return SourceRefused(
                f"{host} refuses the access token ({status}); "
                "make a new one with the scope read:statuses and set MASTODON_ACCESS_TOKEN"
            )
        return SourceRefused(
            f"{host} shows its timelines to members only ({status}); "
            "set MASTODON_ACCESS_TOKEN to a token of that instance, or choose another instance"
        )

    def _to_feedback(self, status: Mapping[str, Any]) -> Feedback | None:
        """Convert a post; None for a boost and for one without an address.

        Its id is its address, which is the same on all instances.
        """
        address = to_clean_text(status.get("uri")) or to_clean_text(status.get("url"))
        if status.get("reblog") or not address:
            return None
        account = dict_or_empty(status.get("account"))
        return Feedback(
            source_id=self._source_id,
            external_id=to_external_id(address),
            kind=Kind.COMMENT if status.get("in_reply_to_id") else Kind.POST,
            title=html.escape(to_clean_text(status.get("spoiler_text")), quote=False),
            body=to_clean_text(status.get("content")),
            markup=Markup.HTML,
            author=_account_author(account),
            created_at=parse_iso_time(status.get("created_at")),
            edited_at=parse_iso_time(status.get("edited_at")),
            url=to_http_link(status.get("url")) or to_http_link(address),
            language=to_language_tag(status.get("language")),
            score=to_count(status.get("favourites_count")),
            replies=to_count(status.get("replies_count")),
        )

    def _parse_cursor(self, cursor: str) -> dict[str, HashtagProgress]:
        held = parse_cursor_of(cursor, "timelines", self._cursor_key)
        places = dict_or_empty(held.get("places"))
        return {tag: _parse_progress(dict_or_empty(place)) for tag, place in places.items()}

    def _build_cursor(self, progress: Mapping[str, HashtagProgress]) -> str:
        places = {tag: asdict(place) for tag, place in progress.items()}
        return json.dumps({"timelines": self._cursor_key, "places": places})

    @property
    def _cursor_key(self) -> str:
        """Hash of the instance, whose ids are its own, and of the filters."""
        options = self._options
        filters = ["\x1e".join(tags) for tags in (options.any, options.all, options.none)]
        return stable_hash(options.instance, *filters)


def shift_id_back(id_: str) -> str:
    """Return the id of half an hour before `id_` where ids hold a time, as Mastodon's do.

    Any other id is returned as it is.
    """
    if not (id_.isascii() and id_.isdigit() and len(id_) >= _SNOWFLAKE_DIGITS):
        return id_
    return str(max(int(id_) - (int(OVERLAP.total_seconds() * 1000) << 16), 0))


def _parse_statuses(fetched: HttpResponse) -> list[Mapping[str, Any]]:
    """Return the posts of a page that have an id.

    Raises SourceUnavailable for a body that is not a list.
    """
    listed = parse_json_response(fetched)
    if not isinstance(listed, list):
        where = urlsplit(fetched.url)
        raise SourceUnavailable(
            f"{where.netloc}{where.path}: the answer is not a list of posts; asked again later"
        )
    statuses = [
        {**status, "id": _parse_status_id(status.get("id"))}
        for status in map(dict_or_empty, listed)
    ]
    return [status for status in statuses if status["id"]]


def _parse_progress(held: Mapping[str, Any]) -> HashtagProgress:
    newest, at = _parse_status_id(held.get("newest")), _parse_status_id(held.get("at"))
    return HashtagProgress(newest=newest, at=at)


def _parse_status_id(value: object) -> str:
    """Return an id of at most 60 ASCII letters and digits; "" for anything else."""
    text = to_clean_text(value).strip() if isinstance(value, (str, int)) else ""
    return text if text.isascii() and text.isalnum() and len(text) <= 60 else ""


def _id_sort_key(id_: str) -> tuple[int, str]:
    """Return a key that sorts ids from old to new: numbers by size, others by length and text."""
    return len(id_), id_


def _account_author(account: Mapping[str, Any]) -> Author:
    """Convert an account; its name is the same on every instance: user@instance."""
    name = to_clean_text(account.get("acct"))
    address = to_http_link(account.get("uri")) or to_http_link(account.get("url"))
    if name and "@" not in name and address:
        name = f"{name}@{urlsplit(address).netloc}"
    return Author(name=name, id=address, reach=to_count(account.get("followers_count")))


def _seconds_to_reset(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds until the rate limit opens again; 0.0 while requests are left."""
    if headers.get("x-ratelimit-remaining", "").strip() != "0":
        return 0.0
    reset = parse_iso_time(headers.get("x-ratelimit-reset"))
    if reset is None:
        return WINDOW
    return min(max((reset - now).total_seconds(), 1.0), LONGEST_WAIT)
