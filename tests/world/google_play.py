"""Google for tests: the server that exchanges a service account's signature for a token, and the
reviews of an app.

What is true of the Play Developer interface and easy to forget is true here: only the last week is
shown, newest change first; title and body are joined by a tab; numbers of seconds are texts; an app
without reviews is an empty object.
"""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from google.auth import jwt

from tests.world.faults import Reply, Request
from tests.world.server import LocalServer

PACKAGE = "com.example.acme"
EMAIL = "reader@acme.iam.gserviceaccount.com"
AUDIENCE = "https://oauth2.googleapis.com/token"  # what the signature is for, wherever it is sent
WEEK = 7 * 86_400.0

_ONE = re.compile(
    rf"/androidpublisher/v3/applications/{re.escape(PACKAGE)}/reviews/(?P<id>[^/:]+)(?P<reply>:reply)?"
)


class GooglePlay(LocalServer):
    """An app's reviews; a test writes, edits, translates and answers them.

    `page_size` caps what one page holds. Without `allowed` the account has no permission; `revoke`
    makes the tokens that were given out invalid.
    """

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock=clock)
        self.page_size = 100
        self.allowed = True
        self.key: RSAPrivateKey = generate_private_key(public_exponent=65_537, key_size=2_048)
        self._tokens: set[str] = set()
        self._reviews: dict[str, dict[str, Any]] = {}

    def write_key_file(self, folder: Path, **fields: Any) -> Path:
        """Write the key file of the service account, and return its path."""
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        info = {
            "type": "service_account",
            "client_email": EMAIL,
            "private_key_id": "k1",
            "private_key": private,
        }
        path = folder / "play.json"
        path.write_text(json.dumps(info | {"token_uri": f"{self.url}/token"} | fields), "utf-8")
        return path

    def review(self, text: str, *, name: str = "", age: float = 0, **fields: Any) -> str:
        """Write a review so many seconds ago, or write it anew, and return its id."""
        own = name or f"review-{len(self._reviews) + 1}"
        seconds, fraction = divmod(self.clock() - age, 1)
        comment: dict[str, Any] = {
            "text": text,
            "lastModified": {"seconds": f"{int(seconds)}", "nanos": int(fraction * 1e9)},
        }
        comment |= {"starRating": 2, "reviewerLanguage": "en", "appVersionName": "4.2", **fields}
        with self._lock:
            self._reviews[own] = {
                "reviewId": own,
                "authorName": "Kim",
                "comments": [{"userComment": comment}],
            }
        return own

    def reply(self, name: str, text: str) -> None:
        """Let the developer answer a review."""
        answer = {"text": text, "lastModified": {"seconds": f"{int(self.clock())}"}}
        with self._lock:
            self._reviews[name]["comments"].append({"developerComment": answer})

    def revoke(self) -> None:
        """Make every token invalid."""
        with self._lock:
            self._tokens.clear()

    def answer(self, request: Request) -> Reply:
        """Return what Google says."""
        if request.path == "/token":
            return self._token(request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self._tokens:
            return _json({"error": {"code": 401, "status": "UNAUTHENTICATED"}}, 401)
        if not self.allowed:
            return _json({"error": {"code": 403, "status": "PERMISSION_DENIED"}}, 403)
        if found := _ONE.fullmatch(request.path):
            return self._one(found["id"], bool(found["reply"]), request)
        if request.path != f"/androidpublisher/v3/applications/{PACKAGE}/reviews":
            return _json({"error": {"code": 404, "message": "Package not found"}}, 404)
        return _json(self._page(request))

    def _one(self, name: str, reply: bool, request: Request) -> Reply:
        if name not in self._reviews:
            return _json({"error": {"code": 404, "message": "Review not found"}}, 404)
        if not reply:
            return _json(self._reviews[name])
        text = str(json.loads(request.body)["replyText"])
        if len(text) > 350:
            return _json({"error": {"code": 400, "message": "Reply is too long"}}, 400)
        with self._lock:
            comments = self._reviews[name]["comments"]
            comments[:] = [comment for comment in comments if "developerComment" not in comment]
        self.reply(name, text)
        return _json(
            {"result": {"replyText": text, "lastEdited": {"seconds": f"{int(self.clock())}"}}}
        )

    def answer_to(self, name: str) -> str:
        """What the developer has answered to a review; empty for nothing."""
        comments = self._reviews[name]["comments"]
        return next(
            (one["developerComment"]["text"] for one in comments if "developerComment" in one), ""
        )

    def _token(self, request: Request) -> Reply:
        form = parse_qs(request.body.decode())
        public = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        try:
            claims = jwt.decode(form["assertion"][0], certs=public, audience=AUDIENCE)  # type: ignore[no-untyped-call]
        except ValueError:
            return _json(
                {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, 400
            )
        if claims["iss"] != EMAIL or not claims["scope"].endswith("/androidpublisher"):
            return _json({"error": "invalid_scope"}, 400)
        token = f"ya29.world-{len(self.requests)}"
        self._tokens.add(token)
        return _json({"access_token": token, "expires_in": 3_599, "token_type": "Bearer"})

    def _page(self, request: Request) -> dict[str, Any]:
        oldest = self.clock() - WEEK
        shown = sorted(
            (review for review in self._reviews.values() if _at(review) >= oldest),
            key=_at,
            reverse=True,
        )
        start = int(request.query.get("token", "p0").removeprefix("p"))
        end = start + min(int(request.query.get("maxResults", "10")), self.page_size)
        following = {"tokenPagination": {"nextPageToken": f"p{end}"}} if end < len(shown) else {}
        return ({"reviews": shown[start:end]} if shown[start:end] else {}) | following


def _at(review: dict[str, Any]) -> float:
    time = review["comments"][0]["userComment"]["lastModified"]
    return float(time["seconds"]) + float(time.get("nanos", 0)) / 1e9


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(
        status, {"Content-Type": "application/json; charset=UTF-8"}, json.dumps(value).encode()
    )
