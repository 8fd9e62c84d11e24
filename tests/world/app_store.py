"""Apple's review feeds for tests: the reviews of an app in a storefront, in all the shapes that
Apple gives them.

What is true of Apple and easy to forget is true here: a page holds 50 reviews and ten pages are
shown; one entry stands alone instead of in a list and none leaves out the key; the links lead to
the other form and name a second page; a storefront without the app, like an app that does not
exist, is an empty feed whose links are empty.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from tests.world.faults import Reply, Request
from tests.world.server import LocalServer

PAGE_SIZE = 50
PAGES = 10
STOREFRONTS = frozenset({"us", "gb", "de", "fr", "jp", "se"})

_FEED = re.compile(
    r"/(?P<country>[a-z]+)/rss/customerreviews/page=(?P<page>\d+)/id=(?P<app>\d+)/sortby=mostrecent/(?P<form>json|xml)"
)


@dataclass(frozen=True, slots=True)
class Written:
    """One review in a storefront."""

    id: str
    title: str
    text: str
    stars: int
    updated: float
    author: str = "someone"
    version: str = "1.2"


class AppStore(LocalServer):
    """Storefronts with the reviews that a test writes.

    `blank` holds (country, page) that come without entries; `dated` is whether reviews tell their
    time, `about_app` whether the first page begins with an entry about the app itself.
    """

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock=clock)
        self.blank: set[tuple[str, int]] = set()
        self.dated = True
        self.about_app = False
        self._apps: dict[tuple[str, str], dict[str, Written]] = {}
        self._count = 0

    def serve(self, app: str, *countries: str) -> None:
        """Let these storefronts have the app."""
        with self._lock:
            for country in countries:
                self._apps.setdefault((app, country), {})

    def review(
        self,
        app: str,
        country: str,
        text: str = "It broke",
        *,
        title: str = "Hm",
        stars: int = 1,
        at: float | None = None,
    ) -> str:
        """Write a review and return its id; it is dated now unless a time is given."""
        self.serve(app, country)
        with self._lock:
            self._count += 1
            id_ = str(9_000_000_000 + self._count)
            when = self.clock() if at is None else at
            self._apps[app, country][id_] = Written(id_, title, text, stars, when)
            return id_

    def edit(self, app: str, country: str, id_: str, text: str) -> None:
        """Let the author write something else, which moves the review to the top."""
        with self._lock:
            reviews = self._apps[app, country]
            reviews[id_] = replace(reviews[id_], text=text, updated=self.clock())

    def ids(self, app: str, country: str) -> set[str]:
        """The ids of all reviews in a storefront."""
        with self._lock:
            return set(self._apps.get((app, country), {}))

    def answer(self, request: Request) -> Reply:
        """Return a page of a feed, or what the lookup finds."""
        if request.path == "/lookup":
            found = (request.query.get("id", ""), request.query.get("country", "")) in self._apps
            return _reply({"resultCount": int(found), "results": [{"kind": "software"}] * found})
        found_feed = _FEED.fullmatch(request.path)
        if (
            not found_feed
            or found_feed["country"] not in STOREFRONTS
            or not 1 <= int(found_feed["page"]) <= PAGES
        ):
            return Reply(400, {"Content-Type": "text/html"}, b"Bad Request")
        return self._feed(
            found_feed["app"], found_feed["country"], int(found_feed["page"]), found_feed["form"]
        )

    def _feed(self, app: str, country: str, page: int, form: str) -> Reply:
        reviews = sorted(
            self._apps.get((app, country), {}).values(),
            key=lambda review: review.updated,
            reverse=True,
        )
        shown = (
            []
            if (country, page) in self.blank
            else reviews[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        )
        last = min(-(-len(reviews) // PAGE_SIZE), PAGES)
        links = {"first": 1, "last": last, "next": min(page + 1, last), "self": page}
        place = f"{self.url}/{country}/rss/customerreviews"
        described = f"?urlDesc=/customerreviews/page=1/id={app}/json"
        hrefs = {
            rel: f"{place}/page={number}/id={app}/sortby=mostrecent/xml{described}"
            if reviews
            else ""
            for rel, number in links.items()
        }
        return self._json(shown, hrefs, page) if form == "json" else _atom(shown, hrefs)

    def _json(self, reviews: list[Written], hrefs: dict[str, str], page: int) -> Reply:
        about = self.about_app and page == 1
        entries: list[dict[str, object]] = (
            [{"im:name": {"label": "Acme"}, "id": {"label": "app"}}] if about else []
        )
        entries += [self._entry(review) for review in reviews]
        links = [{"attributes": {"rel": rel, "href": href}} for rel, href in hrefs.items()]
        feed: dict[str, object] = {"author": {"name": {"label": "iTunes Store"}}, "link": links}
        if entries:
            feed["entry"] = entries if len(entries) > 1 else entries[0]
        return _reply({"feed": feed})

    def _entry(self, review: Written) -> dict[str, object]:
        values = {
            "im:version": review.version,
            "im:rating": str(review.stars),
            "id": review.id,
            "title": review.title,
            "content": review.text,
            "im:voteSum": "3",
            "im:voteCount": "4",
        } | ({"updated": _iso(review)} if self.dated else {})
        author = {
            "uri": {"label": f"https://itunes.apple.com/us/reviews/id{review.id}"},
            "name": {"label": review.author},
        }
        return {"author": author, **{name: {"label": value} for name, value in values.items()}}


def without_entries(reply: Reply) -> Reply:
    """The page as Apple gives it now and then: with its links and without its entries."""
    if not isinstance(reply.body, bytes) or not reply.body.startswith(b'{"feed"'):
        return reply
    held = json.loads(reply.body)
    held["feed"].pop("entry", None)
    return _reply(held)


def _iso(review: Written) -> str:
    return datetime.fromtimestamp(review.updated, UTC).isoformat(timespec="seconds")


def _reply(value: object) -> Reply:
    return Reply(
        200, {"Content-Type": "text/javascript; charset=utf-8"}, json.dumps(value).encode()
    )


def _atom(reviews: list[Written], hrefs: dict[str, str]) -> Reply:
    links = "".join(
        f"<link rel={quoteattr(rel)} href={quoteattr(href)}/>" for rel, href in hrefs.items()
    )
    entries = "".join(
        f"<entry><updated>{_iso(review)}</updated><id>{review.id}</id><title>{escape(review.title)}</title>"
        f"<content type='text'>{escape(review.text)}</content><im:rating>{review.stars}</im:rating>"
        f"<im:version>{review.version}</im:version><author><name>{escape(review.author)}</name></author>"
        f"<content type='html'>{escape(escape(review.text))}</content></entry>"
        for review in reviews
    )
    body = (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns:im="http://itunes.apple.com/rss" '
        'xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="en"><id>x</id><title>Reviews</title>{links}{entries}</feed>'
    )
    return Reply(200, {"Content-Type": "application/atom+xml"}, body.encode())
