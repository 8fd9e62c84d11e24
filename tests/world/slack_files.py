"""Files in a Slack workspace: an id, an address for the bytes, and a file once that is completed.

Errors and steps: https://docs.slack.dev/reference/methods/files.getUploadURLExternal and
files.completeUploadExternal. That a completed file cannot be shown at once is reported in
slackapi/python-slack-sdk issues 1521 and 1658, that its shares come later in issue 1575.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.world.faults import Reply, Request
from tests.world.slack_channels import Channels
from tests.world.slack_messages import BOT_USER, Message
from tests.world.slack_wire import Json, Refused, missing

PREFIX = "/upload/v1/"
MOST_ALT_TEXT = 1_000
_FILE_ID = re.compile(r"F[A-Z0-9]{8,}")
_TYPES = {"png": "image/png", "html": "text/html", "jpg": "image/jpeg", "gif": "image/gif"}
_SHOWABLE = ("image/png", "image/jpeg", "image/gif")


@dataclass(slots=True)
class SharedFile:
    """A file, from the moment that it has an id."""

    id: str
    name: str
    length: int
    alt_text: str
    content: bytes | None = None  #: None until its bytes have come
    title: str = ""
    completed_at: float | None = None
    #: where it was shared: channel, ts, thread
    shares: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def media_type(self) -> str:
        """What Slack takes it for, by its name."""
        return _TYPES.get(self.name.rpartition(".")[2], "application/octet-stream")


class Files:
    """Every file of a workspace; `lag` is how many seconds Slack works on one that is completed."""

    def __init__(self, clock: Callable[[], float], channels: Channels) -> None:
        self.lag = 0.0
        self._clock = clock
        self._channels = channels
        self._all: dict[str, SharedFile] = {}
        self._addresses: dict[str, str] = {}  # file ids by the last part of the address

    def calls(self, url: str) -> Mapping[str, Callable[[Json], Json]]:
        """The methods of the Web API that it answers, for a server at this address."""
        return {
            "files.getUploadURLExternal": lambda arguments: self._get_address(url, arguments),
            "files.completeUploadExternal": self._complete,
            "files.info": self._info,
        }

    @property
    def completed(self) -> tuple[SharedFile, ...]:
        """The files that there are, in the order of their ids."""
        return tuple(file for file in self._all.values() if file.completed_at is not None)

    def take(self, request: Request) -> Reply:
        """Take the bytes of a file; an address serves once."""
        file_id = self._addresses.pop(request.path.removeprefix(PREFIX), "")
        file = self._all.get(file_id)
        if request.method != "POST" or file is None:
            return Reply(404, {"Content-Type": "text/plain"}, b"not found")
        if len(request.body) != file.length:
            return Reply(400, {"Content-Type": "text/plain"}, b"wrong length")
        file.content = request.body
        return Reply(200, {"Content-Type": "text/plain"}, f"OK - {file.length}".encode())

    def problem(self, blocks: object) -> str:
        """What is wrong with the files that blocks show; empty for nothing."""
        for number, block in enumerate(blocks if isinstance(blocks, list) else ()):
            shown = block.get("slack_file") if isinstance(block, dict) else None
            if shown is None:
                continue
            where = f"[json-pointer:/blocks/{number}/slack_file"
            if not isinstance(shown, dict) or set(shown) != {"id"}:
                return f"invalid slack file {where}]"
            if not _FILE_ID.fullmatch(str(shown["id"])):
                return f"input must match regex pattern: ^[F][A-Z0-9]{{8,}}$ {where}/id]"
            if not self._is_showable(shown["id"]):
                return f"invalid slack file {where}]"
        return ""

    def _is_showable(self, file_id: str) -> bool:
        file = self._all.get(file_id)
        return file is not None and self._is_processed(file) and file.media_type in _SHOWABLE

    def _is_processed(self, file: SharedFile) -> bool:
        return file.completed_at is not None and self._clock() >= file.completed_at + self.lag

    def _get_address(self, url: str, arguments: Json) -> Json:
        name = str(arguments.get("filename") or "")
        length = int(arguments.get("length") or 0)
        if not name or not length:
            raise missing("filename" if not name else "length")
        alt_text = str(arguments.get("alt_txt") or "")
        if len(alt_text) > MOST_ALT_TEXT:
            raise Refused("alt_txt_too_large")
        file = SharedFile(f"F0WORLD{len(self._all):05d}", name, length, alt_text)
        self._all[file.id] = file
        secret = f"CwABAAAA{len(self._all):06d}"
        self._addresses[secret] = file.id
        return {"upload_url": f"{url}{PREFIX}{secret}", "file_id": file.id}

    def _complete(self, arguments: Json) -> Json:
        given = arguments.get("files")
        wanted = json.loads(given) if isinstance(given, str) else given
        if not isinstance(wanted, list) or not wanted:
            raise missing("files")
        files = [self._all.get(str(one.get("id"))) for one in wanted]
        for file in files:
            if file is None or file.content is None or file.completed_at is not None:
                raise Refused("file_not_found")
        known = [file for file in files if file is not None]
        place = self._find_place(arguments)
        for file, one in zip(known, wanted, strict=True):
            file.title = str(one.get("title") or file.name)
            file.completed_at = self._clock()
        if place:
            self._share(known, *place)
        return {"files": [self._describe(file) for file in known]}

    def _find_place(self, arguments: Json) -> tuple[str, str | None] | None:
        if not arguments.get("channel_id"):
            return None
        channel = self._channels.writable({"channel": arguments["channel_id"]})
        root = channel.messages.get(str(arguments.get("thread_ts") or ""))
        if arguments.get("thread_ts") and (root is None or root.deleted):
            raise Refused("thread_not_found")
        return channel.id, root.ts if root else None

    def _share(self, files: list[SharedFile], channel: str, thread_ts: str | None) -> None:
        ts = self._channels.next_ts()
        names = tuple(file.id for file in files)
        shared = Message(ts, channel, BOT_USER, "", thread_ts=thread_ts, files=names)
        self._channels.keep(shared)
        for file in files:
            file.shares.append((channel, ts, thread_ts or ""))

    def _info(self, arguments: Json) -> Json:
        file = self._all.get(str(arguments.get("file")))
        if file is None or file.completed_at is None:
            raise Refused("file_not_found")
        return {"file": self._describe(file), "comments": []}

    def _describe(self, file: SharedFile) -> Json:
        """A file as an app is shown it: what Slack still works on says little."""
        done = self._is_processed(file)
        shares: dict[str, list[Json]] = {}
        for channel, ts, thread_ts in file.shares if done else ():
            thread = {"thread_ts": thread_ts} if thread_ts else {}
            shares.setdefault(channel, []).append({"ts": ts, **thread})
        return {
            "id": file.id,
            "name": file.name,
            "title": file.title,
            "mimetype": file.media_type if done else "",
            "size": file.length,
            "shares": {"public": shares} if shares else {},
        }
