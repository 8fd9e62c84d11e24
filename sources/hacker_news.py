"""Hacker News: stories and comments that a search finds, through Algolia's public API.

Results come newest first and at most 1,000 at once, so a longer time is read slice by slice. The
last hours are read again, because the index lags and authors can edit for two hours. Algolia
matches loosely, so the words are checked here too.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import AfterValidator, Field

from monitor.domain.feedback import Author, Feedback, Kind, Markup
from monitor.domain.source_health import Gap
from monitor.domain.tokens import normalize_text
from monitor.errors import SourceUnavailable
from monitor.http import redact_url
from sources._json import (
    dict_or_empty,
    list_or_empty,
    parse_cursor_of,
    parse_json_response,
    to_count,
    to_positive_number,
)
from sources._normalise import (
    drop_empty,
    stable_hash,
    strip_tags,
    to_clean_text,
    to_external_id,
    to_http_link,
)
from sources._times import format_utc_interval, time_from_epoch
from sources.base import Page, Source, SourceContext, SourceOptions

HITS = 1_000  #: the most hits of one request, and of one query
SLICES = 30  #: the most requests in one poll
OVERLAP = timedelta(minutes=30)  #: read again, because the index lags
EDITABLE = timedelta(hours=2)  #: how long the site lets authors edit
HISTORY = timedelta(days=30)  #: how far back the first contact reads

_SITE = "https://news.ycombinator.com"
_GONE = {"[dead]", "[deleted]", "[flagged]", "[flagged][dead]"}


def _parse_phrase(query: str) -> str:
    bare = " ".join(query.replace('"', " ").split())
    if not normalize_text(bare):
        raise ValueError("words to search for are needed")
    return bare


Tags = Annotated[tuple[Literal["story", "comment"], ...], Field(min_length=1)]


class HackerNewsOptions(SourceOptions):
    """The keys of a Hacker News source."""

    query: Annotated[str, AfterValidator(_parse_phrase)]  #: a word, or words that stand together
    tags: Tags = ("story", "comment")  #: what is read
    #: where the search is; for tests
    base_url: str = Field(default="https://hn.algolia.com", repr=False)


class HackerNewsSource(Source):
    """The stories and comments that hold the words of the query."""

    Options = HackerNewsOptions

    def __init__(self, source_id: str, options: HackerNewsOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._http = context.http
        self._stopping = context.stopping
        self._words = f" {normalize_text(options.query)} "

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield slices of hits from now back to before the newest known hit."""
        known = self._parse_cursor(cursor)
        start, end = int(_reading_start(known, now)), 0
        newest = known
        for number in range(1, SLICES + 1):
            hits, full = self._fetch_slice(start, end)
            times = [at for hit in hits if (at := to_positive_number(hit.get("created_at_i")))]
            newest = max([newest, *(min(time, now.timestamp()) for time in times)])
            oldest = int(min(times, default=0))
            # More hits in one second than one request returns.
            is_stuck = full and oldest in (0, end)
            done = not full or is_stuck or number == SLICES
            gaps = (_missed_hits_gap(start, oldest, now),) if full and done else ()
            yield Page(
                items=tuple(item for hit in hits if (item := self._to_feedback(hit))),
                cursor=self._build_cursor(newest if done else known),
                warnings=tuple(gap.reason for gap in gaps),
                gaps=gaps,
            )
            if done or self._stopping():
                return
            end = oldest

    def _fetch_slice(self, start: int, end: int) -> tuple[list[Mapping[str, Any]], bool]:
        """Fetch (the newest hits after `start` and until `end`, whether that time has more hits).

        Both are seconds since 1970; an `end` of 0 is now. Raises SourceError.
        """
        filters = [f"created_at_i>{start}"]
        if end:
            filters.append(f"created_at_i<={end}")
        params = {
            "query": f'"{self._options.query}"',
            "tags": f"({','.join(self._options.tags)})",
            "numericFilters": ",".join(filters),
            "hitsPerPage": str(HITS),
            "typoTolerance": "false",
            "advancedSyntax": "true",
            "attributesToHighlight": "[]",
        }
        fetched = self._http.get(
            f"{self._options.base_url.rstrip('/')}/api/v1/search_by_date?{urlencode(params)}"
        )
        answer = dict_or_empty(parse_json_response(fetched))
        hits, total = answer.get("hits"), to_count(answer.get("nbHits")) or 0
        if not isinstance(hits, list) or (total and not hits):
            where = redact_url(fetched.url).partition("?")[0][:300]
            raise SourceUnavailable(
                f"{where}: the answer is not complete; asked again at the next poll"
            )
        has_more = total > len(hits) or len(hits) >= HITS
        return [dict_or_empty(hit) for hit in hits], has_more

    def _to_feedback(self, hit: Mapping[str, Any]) -> Feedback | None:
        """Convert a hit; None for one without an id, or without the words of the query.

        A deleted one needs no words.
        """
        external_id = to_external_id(to_clean_text(hit.get("objectID")))
        is_comment = "comment_text" in hit or "comment" in list_or_empty(hit.get("_tags"))
        title = "" if is_comment else to_clean_text(hit.get("title"))
        body = to_clean_text(hit.get("comment_text" if is_comment else "story_text"))
        address = to_http_link(hit.get("url"))
        deleted = _is_gone(hit, title, body)
        if not external_id or not (deleted or self._has_query_words(title, body, address)):
            return None
        return Feedback(
            source_id=self._source_id,
            external_id=external_id,
            kind=Kind.COMMENT if is_comment else Kind.POST,
            title="" if deleted else html.escape(title, quote=False),
            body="" if deleted else body,
            markup=Markup.HTML,
            author=Author(
                name=to_clean_text(hit.get("author")), id=to_clean_text(hit.get("author"))
            ),
            created_at=time_from_epoch(hit.get("created_at_i")),
            url=f"{_SITE}/item?id={external_id}",
            thread_id=_numeric_id(hit, "story_id") or external_id,
            parent_id=_numeric_id(hit, "parent_id"),
            score=to_count(hit.get("points")),
            replies=to_count(hit.get("num_comments")),
            attributes=_hit_attributes(hit, is_comment, address),
            deleted=deleted,
        )

    def _has_query_words(self, title: str, body: str, address: str) -> bool:
        """Return whether the words stand together in the title, the text or the story's link."""
        texts = (title, strip_tags(body, " "), address)
        return any(self._words in f" {normalize_text(text)} " for text in texts)

    def _parse_cursor(self, cursor: str) -> float:
        held = parse_cursor_of(cursor, "search", self._cursor_key)
        return to_positive_number(held.get("newest"))

    def _build_cursor(self, newest: float) -> str:
        return json.dumps({"search": self._cursor_key, "newest": newest})

    @property
    def _cursor_key(self) -> str:
        """Hash of the search: another one starts afresh."""
        return stable_hash(self._options.query, *self._options.tags)


def _reading_start(known: float, now: datetime) -> float:
    """Return the time back to which hits are read, in seconds since 1970.

    It lies before the newest known hit, and before all hits that authors may still edit.
    """
    if not known:
        return (now - HISTORY).timestamp()
    return min(known - OVERLAP.total_seconds(), (now - EDITABLE - OVERLAP).timestamp())


def _is_gone(hit: Mapping[str, Any], title: str, body: str) -> bool:
    """Return whether the site or the author deleted it.

    The index keeps such items for a while, some marked, some without any text.
    """
    is_marked = hit.get("dead") is True or hit.get("deleted") is True
    is_empty = not (title or body or hit.get("url"))
    return is_marked or is_empty or (title or body).strip() in _GONE


def _numeric_id(hit: Mapping[str, Any], name: str) -> str:
    value = hit.get(name)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _hit_attributes(hit: Mapping[str, Any], is_comment: bool, address: str) -> dict[str, str]:
    if is_comment:
        return drop_empty({"story": to_clean_text(hit.get("story_title"))})
    return drop_empty({"link": address})


def _missed_hits_gap(start: int, oldest: int, now: datetime) -> Gap:
    """Return the gap between `start` and `oldest`, in seconds since 1970; it ends by now."""
    since = time_from_epoch(start) or now
    until = min(time_from_epoch(oldest) or now, now)
    span = format_utc_interval(since, until)
    return Gap(since, until, f"coverage lost {span}: too many hits; narrow the query")
