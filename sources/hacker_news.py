"""Hacker News: stories and comments that a search for a name finds, through Algolia's public
interface.

Results come newest first and at most a thousand at once, so a longer time is read slice by slice.
The index lags, and what is written can be edited for two hours: both are read again. Matches are
loose, so the words are checked here too.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import AfterValidator, Field

from monitor.domain.feedback import Author, Feedback, Kind, Markup
from monitor.domain.source_health import Gap
from monitor.domain.tokens import joined
from monitor.errors import SourceUnavailable
from monitor.http import redact_url
from sources._json import count, json_of, moment, noted, seconds, table
from sources._normalise import clean, digest, identity, link
from sources.base import Page, Source, SourceContext, SourceOptions

HITS = 1_000  #: the most hits of one request, and of one query
SLICES = 30  #: requests in one poll at most
OVERLAP = timedelta(minutes=30)  #: read again, because the index lags
EDITABLE = timedelta(hours=2)  #: how long the site lets authors edit
HISTORY = timedelta(days=30)  #: read at the first contact

_SITE = "https://news.ycombinator.com"
_TAG = re.compile(r"<[^<>]{0,2000}>")
_GONE = {"[dead]", "[deleted]", "[flagged]", "[flagged][dead]"}


def _phrase(query: str) -> str:
    bare = " ".join(query.replace('"', " ").split())
    if not joined(bare):
        raise ValueError("words to search for are needed")
    return bare


Tags = Annotated[tuple[Literal["story", "comment"], ...], Field(min_length=1)]


class HackerNewsOptions(SourceOptions):
    """The keys of a Hacker News source."""

    query: Annotated[str, AfterValidator(_phrase)]  #: a word, or words that stand together
    tags: Tags = ("story", "comment")  #: what is read
    #: where the search is; for tests
    base_url: str = Field(default="https://hn.algolia.com", repr=False)


class HackerNewsSource(Source):
    """The stories and comments in which a name occurs."""

    Options = HackerNewsOptions

    def __init__(self, source_id: str, options: HackerNewsOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._http = context.http
        self._stopping = context.stopping
        self._words = f" {joined(options.query)} "

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield slices from now back to half an hour before the newest hit that is known."""
        known = self._known(cursor)
        start, end = int(_start(known, now)), 0
        newest = known
        for number in range(1, SLICES + 1):
            hits, full = self._slice(start, end)
            times = [at for hit in hits if (at := seconds(hit.get("created_at_i")))]
            newest = max([newest, *(min(time, now.timestamp()) for time in times)])
            oldest = int(min(times, default=0))
            stuck = full and oldest in (0, end)  # more hits in one second than one request gives
            done = not full or stuck or number == SLICES
            gaps = (_lost(start, oldest, now),) if full and done else ()
            yield Page(
                items=tuple(item for hit in hits if (item := self._feedback(hit))),
                cursor=self._cursor(newest if done else known),
                warnings=tuple(gap.reason for gap in gaps),
                gaps=gaps,
            )
            if done or self._stopping():
                return
            end = oldest

    def _slice(self, start: int, end: int) -> tuple[list[Mapping[str, Any]], bool]:
        """The newest hits after `start` and until `end` (0: now), and whether there are more in
        that time.
        """
        until = (f"created_at_i<={end}",) if end else ()
        params = {
            "query": f'"{self._options.query}"',
            "tags": f"({','.join(self._options.tags)})",
            "numericFilters": ",".join((f"created_at_i>{start}", *until)),
            "hitsPerPage": str(HITS),
            "typoTolerance": "false",
            "advancedSyntax": "true",
            "attributesToHighlight": "[]",
        }
        fetched = self._http.get(
            f"{self._options.base_url.rstrip('/')}/api/v1/search_by_date?{urlencode(params)}"
        )
        answer = table(json_of(fetched))
        hits, total = answer.get("hits"), count(answer.get("nbHits")) or 0
        if not isinstance(hits, list) or (total and not hits):
            where = redact_url(fetched.url).partition("?")[0][:300]
            raise SourceUnavailable(
                f"{where}: the answer is not complete; asked again at the next poll"
            )
        return [table(hit) for hit in hits], total > len(hits) or len(hits) >= HITS

    def _feedback(self, hit: Mapping[str, Any]) -> Feedback | None:
        """The story or comment of a hit, None for one without an id and for one that holds the name
        in no word.
        """
        external_id = identity(clean(hit.get("objectID")))
        is_comment = "comment_text" in hit or "comment" in _tags(hit)
        title = "" if is_comment else clean(hit.get("title"))
        body = clean(hit.get("comment_text" if is_comment else "story_text"))
        address = link(hit.get("url"))
        deleted = _is_gone(hit, title, body)
        if not external_id or not (deleted or self._occurs(title, body, address)):
            return None
        return Feedback(
            source_id=self._source_id,
            external_id=external_id,
            kind=Kind.COMMENT if is_comment else Kind.POST,
            title="" if deleted else html.escape(title, quote=False),
            body="" if deleted else body,
            markup=Markup.HTML,
            author=Author(name=clean(hit.get("author")), id=clean(hit.get("author"))),
            created_at=moment(hit.get("created_at_i")),
            url=f"{_SITE}/item?id={external_id}",
            thread_id=_number(hit, "story_id") or external_id,
            parent_id=_number(hit, "parent_id"),
            score=count(hit.get("points")),
            replies=count(hit.get("num_comments")),
            attributes=_attributes(hit, is_comment, address),
            deleted=deleted,
        )

    def _occurs(self, title: str, body: str, address: str) -> bool:
        """Whether the words stand together in the title, the text or the address that a story leads
        to.
        """
        return any(
            self._words in f" {joined(text)} "
            for text in (title, html.unescape(_TAG.sub(" ", body)), address)
        )

    def _known(self, cursor: str) -> float:
        notes = noted(cursor)
        return seconds(notes.get("newest")) if notes.get("search") == self._key else 0.0

    def _cursor(self, newest: float) -> str:
        return json.dumps({"search": self._key, "newest": newest})

    @property
    def _key(self) -> str:
        """What the cursor is about: another search starts afresh."""
        return digest(self._options.query, *self._options.tags)


def _start(known: float, now: datetime) -> float:
    """Where reading ends, in seconds since 1970: before the newest hit, and before all that may
    still be edited.
    """
    if not known:
        return (now - HISTORY).timestamp()
    return min(known - OVERLAP.total_seconds(), (now - EDITABLE - OVERLAP).timestamp())


def _tags(hit: Mapping[str, Any]) -> list[Any]:
    found = hit.get("_tags")
    return found if isinstance(found, list) else []


def _is_gone(hit: Mapping[str, Any], title: str, body: str) -> bool:
    """Whether the site or its author took it back; the index keeps such items for a while, some
    without words.
    """
    marked = hit.get("dead") is True or hit.get("deleted") is True
    return marked or not (title or body or hit.get("url")) or (title or body).strip() in _GONE


def _number(hit: Mapping[str, Any], name: str) -> str:
    value = hit.get(name)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _attributes(hit: Mapping[str, Any], is_comment: bool, address: str) -> dict[str, str]:
    found = {"story": clean(hit.get("story_title"))} if is_comment else {"link": address}
    return {name: value for name, value in found.items() if value}


def _lost(start: int, oldest: int, now: datetime) -> Gap:
    """What lies between two times that the index may have made up."""
    since, until = moment(start) or now, min(moment(oldest) or now, now)
    span = f"from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC"
    return Gap(since, until, f"coverage lost {span}: too many hits; narrow the query")
