"""Google Play: the reviews of one's own app, through the Play Developer API.

The API shows reviews that have a text, are of the production track, and were written or changed
within the last week; newest first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlencode

from pydantic import Field, field_validator

from monitor.domain.feedback import Author, Feedback, Kind, Rating, Stage, Touchpoint
from monitor.domain.source_health import Gap
from monitor.errors import SourceError, SourceRefused, SourceUnavailable, SourceUncertain
from monitor.http import HttpResponse
from sources._json import (
    dict_or_empty,
    list_or_empty,
    parse_cursor_of,
    parse_json_response,
    to_count,
)
from sources._normalise import (
    drop_empty,
    has_same_words,
    to_clean_text,
    to_external_id,
    to_language_tag,
)
from sources._options import require_web_address
from sources._times import format_minute, parse_iso_time, time_from_epoch
from sources.base import Page, PublishedReply, ReplyingSource, Source, SourceContext, SourceOptions

if TYPE_CHECKING:
    from google.oauth2.service_account import Credentials

PAGE_SIZE = 100  #: the most reviews that one request returns
OVERLAP = timedelta(days=2)  #: read again: a review may be shown hours after it was written
REVIEWS_SHOWN_FOR = timedelta(days=7)  #: how far back reviews are shown
MAX_SAFE_PAUSE = timedelta(days=6)  #: after a longer pause between polls reviews may be missing
MAX_PAGES = 200  #: requests in one poll; Google allowed no more in an hour for a long time
TIMEOUT = 20  #: seconds for the request of a token

_SCOPE = "https://www.googleapis.com/auth/androidpublisher"

_TOO_MANY_REQUESTS = 429
_ENDLESS_PAGES = ("Google's pages do not come to an end; what is older was not read",)

PackageName = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+$", max_length=200)
]


class GooglePlayOptions(SourceOptions):
    """The keys of a Google Play source."""

    package_name: PackageName  #: like "com.example.app"
    #: the key file of a service account; relative to config.toml
    credentials: str = Field(min_length=1)
    #: the language that Google translates reviews into; empty: as they were written
    translation_language: str = ""
    #: for tests
    api_url: str = Field(default="https://androidpublisher.googleapis.com", repr=False)
    #: where the key is exchanged for a token, if not where its file says; for tests
    token_url: str = Field(default="", repr=False)

    @field_validator("translation_language")
    @classmethod
    def _check_language(cls, tag: str) -> str:
        if tag and not to_language_tag(tag):
            raise ValueError('a language is needed, like "en" or "pt-BR"')
        return tag

    @field_validator("api_url", "token_url")
    @classmethod
    def _check_url(cls, url: str) -> str:
        return require_web_address(url).rstrip("/") if url else ""


class GooglePlaySource(Source, ReplyingSource):
    """The reviews of one app, with the key of a service account."""

    Options = GooglePlayOptions
    max_reply_length = 350  #: Google's limit for a reply
    stage = Stage.USE
    touchpoint = Touchpoint.PRODUCT

    def __init__(self, source_id: str, options: GooglePlayOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._http = context.http
        self._key_file = context.folder / Path(options.credentials).expanduser()
        self._stopping = context.stopping
        self._credentials: Credentials | None = None

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield the reviews from the newest back to the known ones.

        Only the last page moves the cursor on.
        """
        held = parse_cursor_of(cursor, "package", self._options.package_name)
        known, read_at = parse_iso_time(held.get("newest")), parse_iso_time(held.get("read_at"))
        newest, token, tokens_used = known, "", set[str]()
        while True:
            tokens_used.add(token)
            fetched = self._fetch_page(token)
            answer = dict_or_empty(parse_json_response(fetched))
            reviews = [dict_or_empty(review) for review in list_or_empty(answer.get("reviews"))]
            times = [at for at in map(_review_changed_at, reviews) if at]
            newest = max([*times, newest] if newest else times, default=None)
            token = to_clean_text(dict_or_empty(answer.get("tokenPagination")).get("nextPageToken"))
            reached = known is not None and bool(times) and max(times) < known - OVERLAP
            endless = bool(token) and (token in tokens_used or len(tokens_used) >= MAX_PAGES)
            done = reached or not token or endless
            gaps = _find_missed_reviews(read_at, now) if done else ()
            endless_warning = _ENDLESS_PAGES if endless and not reached else ()
            items = [self._to_feedback(review) for review in reviews if review.get("reviewId")]
            yield Page(
                items=tuple(items),
                cursor=self._build_cursor(newest, now) if done else cursor,
                warnings=(*(gap.reason for gap in gaps), *endless_warning),
                wait=fetched.retry_after,
                gaps=gaps,
            )
            if done or self._stopping():
                return

    @property
    def can_reply(self) -> bool:
        """Whether the key file exists: one permission covers reading reviews and replying."""
        return self._key_file.is_file()

    def publish_reply(self, feedback: Feedback, text: str) -> PublishedReply:
        """Publish the reply to a review; it replaces an earlier one."""
        url, headers = f"{self._review_url(feedback)}:reply", self._auth_headers()
        try:
            body = json.dumps({"replyText": text}).encode()
            self._http.post(url, body, "application/json", headers=headers)
        except SourceRefused as error:
            raise self._explain_error(error) from error
        except SourceUnavailable as error:
            if error.status == _TOO_MANY_REQUESTS:
                raise
            raise SourceUncertain(
                "Google's answer was lost; it may have taken the reply"
            ) from error
        return self._to_published_reply(feedback)

    def find_reply(self, feedback: Feedback, text: str, since: datetime) -> PublishedReply | None:
        """Return the review's reply if Google shows it with these words now."""
        try:
            fetched = self._http.get(
                self._review_url(feedback), accept="application/json", headers=self._auth_headers()
            )
        except SourceError as error:
            raise self._explain_error(error) from error
        review = dict_or_empty(parse_json_response(fetched))
        reply = _newest_comment(review, "developerComment")
        if not has_same_words(reply.get("text"), text):
            return None
        return self._to_published_reply(feedback)

    def _to_published_reply(self, feedback: Feedback) -> PublishedReply:
        url = _review_permalink(self._options.package_name, feedback.external_id)
        return PublishedReply(url, external_id="")

    def _review_url(self, feedback: Feedback) -> str:
        return f"{self._reviews_url}/{quote(feedback.external_id, safe='')}"

    def _auth_headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._access_token()}"}

    @property
    def _reviews_url(self) -> str:
        api = f"{self._options.api_url}/androidpublisher/v3"
        return f"{api}/applications/{self._options.package_name}/reviews"

    def _build_cursor(self, newest: datetime | None, now: datetime) -> str:
        held = {
            "package": self._options.package_name,
            "newest": newest.isoformat() if newest else "",
            "read_at": now.isoformat(),
        }
        return json.dumps(held)

    def _fetch_page(self, token: str) -> HttpResponse:
        query: dict[str, str | int] = {"maxResults": PAGE_SIZE}
        query |= {"token": token} if token else {}
        if self._options.translation_language:
            query["translationLanguage"] = self._options.translation_language
        headers = self._auth_headers()
        try:
            return self._http.get(
                f"{self._reviews_url}?{urlencode(query)}",
                accept="application/json",
                headers=headers,
            )
        except SourceError as error:
            raise self._explain_error(error) from error

    def _access_token(self) -> str:
        """Return a token that is valid now; one lasts an hour.

        Raises SourceRefused for a key that cannot be used, SourceUnavailable for a failure that
        passes.
        """
        if self._credentials is None:
            self._credentials = _load_credentials(self._key_file, self._options.token_url)
        if not self._credentials.valid:
            _refresh_token(self._credentials, self._key_file.name)
        return to_clean_text(self._credentials.token)

    def _explain_error(self, error: SourceError) -> SourceError:
        """Convert a failure to one that says which permission is missing; others stay as is."""
        who = "the service account"
        if self._credentials:
            who = self._credentials.service_account_email
        package = self._options.package_name
        match error.status:
            case 401:
                self._credentials = None  # the next poll asks for a new token
                return SourceRefused(
                    f"Google refuses the token of {who} (401); check that the key in "
                    f"{self._key_file.name} still exists"
                )
            case 403:
                return SourceRefused(
                    f"Google does not let {who} read the reviews of {package} (403); give it the "
                    'permission "Reply to reviews" in the Play Console, and switch on the Google '
                    "Play Android Developer API"
                )
            case 404:
                return SourceRefused(
                    f"Google Play has no app {package} (404); check [[sources]] package_name"
                )
        return error

    def _to_feedback(self, review: Mapping[str, Any]) -> Feedback:
        """Convert a review.

        It is dated by its last change: Google does not tell when it was written.
        """
        review_id = to_clean_text(review.get("reviewId"))
        comment = _newest_comment(review, "userComment")
        original = to_clean_text(comment.get("originalText"))
        shown = to_clean_text(comment.get("text"))
        title, body = _split_title(shown or original)
        language = comment.get("reviewerLanguage")
        if original and shown:  # the shown text is a translation
            language = self._options.translation_language
        stars = to_count(comment.get("starRating"))
        return Feedback(
            source_id=self._source_id,
            external_id=to_external_id(review_id),
            kind=Kind.REVIEW,
            title=title,
            body=body,
            author=Author(name=to_clean_text(review.get("authorName"))),
            created_at=_review_changed_at(review),
            url=_review_permalink(self._options.package_name, review_id),
            language=to_language_tag(language),
            rating=None if stars is None else Rating.from_value(stars),
            score=to_count(comment.get("thumbsUpCount")),
            replies=int(bool(_newest_comment(review, "developerComment"))),
            app_version=to_clean_text(
                comment.get("appVersionName") or comment.get("appVersionCode")
            ),
            attributes=_review_attributes(review, comment),
        )


def _load_credentials(path: Path, token_url: str) -> Credentials:
    """Load the service account of a key file; raise SourceRefused for one that cannot be used."""
    try:
        from google.oauth2.service_account import Credentials as ServiceAccount
    except ImportError:
        raise SourceRefused("google_play needs the extra: install repwatch[google-play]") from None
    try:
        info = dict_or_empty(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise SourceRefused(
            f"{path}: cannot be read: {error.strerror}; check [[sources]] credentials"
        ) from None
    except (ValueError, RecursionError):
        info = {}
    if info.get("type") != "service_account":
        raise SourceRefused(
            f"{path}: is no key of a service account; make one in the Google Cloud console, as JSON"
        )
    info |= {"token_uri": token_url} if token_url else {}
    try:
        credentials: Credentials = ServiceAccount.from_service_account_info(info, scopes=[_SCOPE])  # type: ignore[no-untyped-call]
    except (ValueError, TypeError):  # the cause may quote the key
        raise SourceRefused(
            f"{path}: the key in it cannot be read; download it once more"
        ) from None
    return credentials


def _refresh_token(credentials: Credentials, file: str) -> None:
    """Get a token for the next hour; raise SourceRefused or SourceUnavailable for a failure."""
    import requests
    from google.auth.exceptions import GoogleAuthError, RefreshError
    from google.auth.transport.requests import Request

    with requests.Session() as session:
        try:
            credentials.refresh(partial(Request(session), timeout=TIMEOUT))  # type: ignore[no-untyped-call]
        except RefreshError as error:
            if error.retryable:
                raise SourceUnavailable(
                    "Google gives out no token at the moment; tried again later"
                ) from error
            raise SourceRefused(
                f"Google refuses the key in {file}; it was deleted, or the clock of this machine "
                "is wrong"
            ) from error
        except (GoogleAuthError, requests.RequestException) as error:
            raise SourceUnavailable(
                "Google's token server cannot be reached; tried again later"
            ) from error
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            # google-auth stumbles over an answer of another shape.
            raise SourceUnavailable(
                "Google's token server gave an answer that cannot be read"
            ) from error


def _newest_comment(review: Mapping[str, Any], who: str) -> dict[str, Any]:
    """Return the last comment of `who`, "userComment" or "developerComment"; {} for none."""
    entries = map(dict_or_empty, list_or_empty(review.get("comments")))
    comments = [dict_or_empty(entry.get(who)) for entry in entries]
    return max(filter(None, comments), key=_comment_epoch_seconds, default={})


def _comment_epoch_seconds(comment: Mapping[str, Any]) -> float:
    """Return when a comment last changed, in seconds since 1970; 0.0 where that is unknown."""
    modified = dict_or_empty(comment.get("lastModified"))
    seconds = to_clean_text(modified.get("seconds"))  # Google writes them as text
    nanos = to_count(modified.get("nanos")) or 0
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
        return 0.0
    return int(seconds) + nanos / 1e9


def _review_changed_at(review: Mapping[str, Any]) -> datetime | None:
    return time_from_epoch(_comment_epoch_seconds(_newest_comment(review, "userComment")))


def _split_title(text: str) -> tuple[str, str]:
    """Split a text to (title, body); a tab stands between them where there is a title."""
    title, tab, body = text.partition("\t")
    return (title.strip(), body.strip()) if tab else ("", text.strip())


def _review_permalink(package: str, review_id: str) -> str:
    app_page = f"https://play.google.com/store/apps/details?id={package}"
    return f"{app_page}&reviewId={quote(review_id, safe='')}"


def _review_attributes(review: Mapping[str, Any], comment: Mapping[str, Any]) -> dict[str, str]:
    reply = _newest_comment(review, "developerComment")
    replied_at = time_from_epoch(_comment_epoch_seconds(reply))
    product_name = dict_or_empty(comment.get("deviceMetadata")).get("productName")
    attributes = {
        "device": to_clean_text(product_name or comment.get("device")),
        "android": to_clean_text(comment.get("androidOsVersion")),
        "original": to_clean_text(comment.get("originalText")),
        "answered": format_minute(replied_at) if replied_at else "",
    }
    return drop_empty(attributes)


def _find_missed_reviews(read_at: datetime | None, now: datetime) -> tuple[Gap, ...]:
    """Return the gap left where the last poll is longer ago than Google shows reviews."""
    if read_at is None or now - read_at <= MAX_SAFE_PAUSE:
        return ()
    days = (now - read_at).days
    reason = (
        f"coverage lost: not read for {days} days, and Google shows reviews of the last "
        f"{REVIEWS_SHOWN_FOR.days} days only"
    )
    return (Gap(read_at, now - MAX_SAFE_PAUSE, reason),)
