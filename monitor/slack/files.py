"""Files in Slack: handed over once, and found again when the answer was lost.

A file gets its id first, then its bytes, and exists only when the upload is completed: what was not
completed is dropped by Slack (https://docs.slack.dev/reference/methods/files.getUploadURLExternal).
So only completing it must not happen twice. Slack goes on working on a completed file for a while,
in which no message can show it (https://github.com/slackapi/python-slack-sdk/issues/1521).
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from monitor.domain.digest_post import DigestFile, DigestFileRole
from monitor.errors import DeliveryDelayed, DeliveryError, DeliveryRefused, DeliveryRejected
from monitor.notifiers.base import PostedMessage
from monitor.notifiers.plain_text import one_line
from monitor.slack.client import TIMEOUT, SlackApi
from monitor.slack.errors import MethodDenied, ScopeMissing
from monitor.slack.mrkdwn import cut

_MAX_ALT_TEXT = 1_000  #: files.getUploadURLExternal: alt_txt_too_large
_MAX_TITLE = 200
_GONE = ("file_not_found", "file_deleted")
#: What forbids files alone: messages can still be posted.
NO_FILES = (ScopeMissing, MethodDenied)


class SlackFiles:
    """Hands files over; safe to use from several threads."""

    def __init__(self, api: SlackApi, timeout: int = TIMEOUT) -> None:
        self._api = api
        self._timeout = timeout

    def upload(
        self,
        file: DigestFile,
        place: PostedMessage | None,
        remember: Callable[[str], None],
        *,
        note: str = "",
    ) -> str:
        """Hand over a file and return its id; it is shared in the thread of `place`, if any.

        `remember` is called with the id before the file exists, `note` stands before its title.
        Raises DeliveryUncertain where the file may exist, DeliveryRejected where the app may not
        hand over files, and DeliveryRefused where files alone may fail.
        """
        try:
            file_id, address = self._get_address(file)
            self._send_content(address, file)
            remember(file_id)
            self._complete(file_id, file, place, note)
        except NO_FILES as error:  # messages can still be posted: no reason to stop the sender
            raise DeliveryRejected(f"{error}; a digest goes without pictures and files") from error
        except DeliveryDelayed as error:
            if error.retry_after is None:  # files may be all that fails: messages go on
                raise DeliveryRefused(str(error)) from error
            raise
        return file_id

    def find(self, file_id: str, place: PostedMessage | None) -> bool:
        """Return whether a file exists and, where there is a `place`, is shared in its thread.

        Slack tells where a file is shared only after it has worked on it, and completing an upload
        does both or neither: what exists and seems not to be shared is looked for again. Raises
        DeliveryDelayed for that.
        """
        described = self._describe(file_id)
        if described is None:
            return False
        if place is not None and not _is_shared(described, place):
            raise DeliveryDelayed("Slack does not tell yet where a file is shared")
        return True

    def is_ready(self, file_id: str) -> bool:
        """Return whether a message can show a picture, as far as Slack tells.

        True where the app may not ask, so that it is tried; False where Slack fails to answer.
        """
        try:
            described = self._describe(file_id)
        except NO_FILES:
            return True
        except DeliveryError:
            return False
        return described is not None and bool(described.get("mimetype"))

    def _get_address(self, file: DigestFile) -> tuple[str, str]:
        """Return the id of a new file, and where its bytes go."""
        arguments: dict[str, object] = {
            "filename": one_line(file.name),
            "length": len(file.content),
        }
        alt_text = cut(one_line(file.alt_text), _MAX_ALT_TEXT)
        if alt_text:
            arguments["alt_txt"] = alt_text
        answer = self._api.call_read("files.getUploadURLExternal", arguments)
        file_id, address = answer.data.get("file_id"), answer.data.get("upload_url")
        if not isinstance(file_id, str) or not isinstance(address, str):
            raise DeliveryRefused("Slack's answer does not say where a file goes")
        if urlsplit(address).scheme not in ("https", "http"):
            raise DeliveryRefused("Slack's answer names no address of the web for a file")
        return file_id, address

    def _send_content(self, address: str, file: DigestFile) -> None:
        """Send the bytes; whatever fails, the upload is begun anew with another id."""
        headers = {"Content-Type": "application/octet-stream"}
        request = Request(address, file.content, headers, method="POST")  # noqa: S310
        failure = ""
        try:
            with urlopen(request, timeout=self._timeout) as response:  # noqa: S310
                response.read()
        except HTTPError as error:
            failure = f"status {error.code}"
            error.close()
        except (URLError, OSError, http.client.HTTPException, ValueError) as error:
            failure = type(error).__name__
        if failure:  # raised here, because the address is a secret and stands in the cause
            raise DeliveryRefused(f"Slack did not take the file {file.name}: {failure}")

    def _complete(
        self, file_id: str, file: DigestFile, place: PostedMessage | None, note: str
    ) -> None:
        title = cut(one_line(f"{note} {file.title}" if note else file.title), _MAX_TITLE)
        arguments: dict[str, object] = {"files": [{"id": file_id, "title": title or file.name}]}
        if place is not None:
            arguments |= {"channel_id": place.channel_id, "thread_ts": place.message_id}
        self._api.call_once("files.completeUploadExternal", arguments)

    def _describe(self, file_id: str) -> Mapping[str, object] | None:
        """Return what Slack says of a file; None where it knows none."""
        try:
            answer = self._api.call_read("files.info", {"file": file_id})
        except DeliveryRefused as error:
            if str(error).endswith(_GONE):
                return None
            raise
        described = answer.data.get("file")
        return described if isinstance(described, Mapping) else None


def is_picture(file: DigestFile) -> bool:
    """Return whether a file is shown inside a message."""
    return file.role is DigestFileRole.PICTURE


def _is_shared(described: Mapping[str, object], place: PostedMessage) -> bool:
    shares = described.get("shares")
    if not isinstance(shares, Mapping):
        return False
    for by_channel in shares.values():
        shared = by_channel.get(place.channel_id, ()) if isinstance(by_channel, Mapping) else ()
        if any(share.get("thread_ts") == place.message_id for share in shared):
            return True
    return False
