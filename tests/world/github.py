"""GitHub's issues and comments for tests, over its REST interface.

What is true of GitHub and easy to forget is true here: pull requests are issues; a comment or a
label moves an issue's `updated_at`; pages follow by number through links that name the repository
by its id; an unchanged answer is free for whoever has a token; a used-up limit answers 403, as a
refusal does; a private repository does not exist.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.world.faults import Reply, Request
from tests.world.server import LocalServer

RECORDED = Path(__file__).parents[1] / "data" / "github" / "issues.json"
TOKEN = "world-github-token"

Entry = dict[str, Any]


class Github(LocalServer):
    """Repositories by name; a test opens, closes, comments, edits, moves and hides.

    `remaining` is what is left of the limit, `reset` when it opens again. `private` repositories
    exist for the token only, those in `without_issues` have their issues switched off, and `moved`
    leads from an old name to the new one.
    """

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock=clock)
        self.remaining = 5_000
        self.reset = int(clock()) + 3_600
        self.private: set[str] = set()
        self.without_issues: set[str] = set()
        self.moved: dict[str, str] = {}
        self._repositories: list[str] = []
        self._entries: dict[str, Entry] = {}

    def create(self, repository: str, *, recorded: bool = False) -> None:
        """Add a repository, empty or with the recorded issues."""
        self._repositories.append(repository)
        for issue in json.loads(RECORDED.read_text("utf-8")) if recorded else ():
            self._keep(repository, "issues", issue["node_id"], issue)

    def open_issue(self, repository: str, title: str, body: str | None = "", **fields: Any) -> int:
        """Open an issue and return its number."""
        number = 1 + sum(
            1 for entry in self._entries.values() if entry["at"] == (repository, "issues")
        )
        own = {
            "number": number,
            "title": title,
            "body": body,
            "state": "open",
            "comments": 0,
            "labels": [],
        }
        place = {
            "html_url": f"https://github.com/{repository}/issues/{number}",
            "author_association": "NONE",
        }
        name = f"I_{repository}_{number}"
        self._keep(
            repository, "issues", name, self._written(repository, name) | own | place | fields
        )
        return number

    def open_pull_request(self, repository: str, title: str) -> int:
        """Open a pull request and return its number."""
        number = self.open_issue(repository, title, pull_request={"url": "x"})
        self.change(
            f"I_{repository}_{number}", html_url=f"https://github.com/{repository}/pull/{number}"
        )
        return number

    def comment(self, repository: str, number: int, body: str, **fields: Any) -> str:
        """Comment on an issue and return the comment's node id."""
        issue = self._entries[f"I_{repository}_{number}"]
        name = f"IC_{repository}_{len(self._entries)}"
        own = {"body": body, "issue_url": f"{self.url}/repos/{repository}/issues/{number}"}
        place = {
            "html_url": f"{issue['html_url']}#issuecomment-{len(self._entries)}",
            "author_association": "NONE",
        }
        self._keep(
            repository, "comments", name, self._written(repository, name) | own | place | fields
        )
        self.change(
            f"I_{repository}_{number}", comments=issue["comments"] + 1, updated_at=self._now()
        )
        return name

    def change(self, name: str, **fields: Any) -> None:
        """Change an issue or a comment as it stands, its time included only when given."""
        with self._lock:
            self._entries[name] |= fields

    def touch(self, repository: str, number: int) -> None:
        """Let something happen to an issue that changes no word of it."""
        self.change(f"I_{repository}_{number}", updated_at=self._now())

    def answer(self, request: Request) -> Reply:
        """Return what the interface says."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token and token != TOKEN:
            return self._json({"message": "Bad credentials"}, 401)
        if request.path == "/rate_limit":
            return self._json(
                {"resources": {"core": {"remaining": self.remaining, "reset": self.reset}}}
            )
        if self.remaining <= 0:
            return self._json({"message": "API rate limit exceeded"}, 403)
        reply = self._listing(request, known=bool(token))
        if reply.status == 304 and token:
            return reply
        self.remaining -= 1
        return Reply(reply.status, {**reply.headers, **self._limits()}, reply.body)

    def _listing(self, request: Request, *, known: bool) -> Reply:
        repository, what = self._asked_for(request.path)
        if repository in self.moved:
            new = self._repositories.index(self.moved[repository])
            target = f"{self.url}/repositories/{new}/{what}?{urlencode(request.query)}"
            return Reply(301, {"Location": target})
        if repository not in self._repositories or (repository in self.private and not known):
            return self._json({"message": "Not Found"}, 404)
        if repository in self.without_issues:
            return self._json({"message": "Issues are disabled for this repo"}, 410)
        return self._page(request, repository, what)

    def _asked_for(self, path: str) -> tuple[str, str]:
        parts = path.strip("/").split("/")
        if parts[0] == "repositories":
            return self._repositories[int(parts[1])], "/".join(parts[2:])
        return "/".join(parts[1:3]), "/".join(parts[3:])

    def _page(self, request: Request, repository: str, what: str) -> Reply:
        size, page = (
            min(int(request.query.get("per_page", "30")), 100),
            int(request.query.get("page", "1")),
        )
        found = self._matching(request, repository, what)
        shown = [{key: value for key, value in entry.items() if key != "at"} for entry in found]
        shown = shown[(page - 1) * size : page * size]
        etag = f'W/"{sha256(json.dumps(shown).encode()).hexdigest()}"'
        headers = {"ETag": etag, "Cache-Control": "private, max-age=60, s-maxage=60"}
        if request.headers.get("if-none-match") == etag:
            return Reply(304, headers)
        if page * size < len(found):
            place = f"{self.url}/repositories/{self._repositories.index(repository)}/{what}"
            links = {"next": page + 1, "last": -(-len(found) // size)}
            headers["Link"] = ", ".join(
                f'<{place}?{urlencode({**request.query, "page": str(number)})}>; rel="{name}"'
                for name, number in links.items()
            )
        return self._json(shown, headers=headers)

    def _matching(self, request: Request, repository: str, what: str) -> list[Entry]:
        kind = "comments" if what.endswith("comments") else "issues"
        labels = set(filter(None, request.query.get("labels", "").split(",")))
        on = what.removeprefix("issues/").removesuffix("/comments") if what.count("/") == 2 else ""
        found = [
            entry
            for entry in self._entries.values()
            if entry["at"] == (repository, kind)
            and entry["updated_at"] >= request.query.get("since", "")
            and (not labels or labels <= {label["name"] for label in entry["labels"]})
            and (not on or entry["issue_url"].endswith(f"/{on}"))
            and (
                kind == "comments"
                or request.query.get("state") == "all"
                or entry["state"] == "open"
            )
        ]
        if on:
            return found  # the comments on one issue come in their own order, whatever is asked
        by = "updated_at" if request.query.get("sort") == "updated" else "created_at"
        return sorted(
            found, key=lambda entry: entry[by], reverse=request.query.get("direction") != "asc"
        )

    def _written(self, repository: str, name: str) -> Entry:
        user = {"login": "kim", "id": 7, "type": "User"}
        place = {"repository_url": f"{self.url}/repos/{repository}"}
        at = self._now()
        return {
            "id": len(self._entries) + 1,
            "node_id": name,
            "user": user,
            "created_at": at,
            "updated_at": at,
        } | place

    def _keep(self, repository: str, kind: str, name: str, entry: Entry) -> None:
        with self._lock:
            self._entries[name] = {**entry, "at": (repository, kind)}

    def _limits(self) -> dict[str, str]:
        return {"X-RateLimit-Remaining": str(self.remaining), "X-RateLimit-Reset": str(self.reset)}

    def _now(self) -> str:
        return datetime.fromtimestamp(self.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _json(self, value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
        own = {"Content-Type": "application/json; charset=utf-8"}
        return Reply(status, own | self._limits() | (headers or {}), json.dumps(value).encode())
