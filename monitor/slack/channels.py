"""The ids of channels by their names: Slack posts to names, but reads only by id."""

from __future__ import annotations

import re
import threading

from monitor.errors import DeliveryUnreachable
from monitor.slack.client import SlackApi
from monitor.slack.errors import ScopeMissing

_ID = re.compile(r"[CGD][A-Z0-9]{7,20}")
_PERSON_ID = re.compile(r"[UW][A-Z0-9]{1,20}")
_PAGE = 200


class ChannelDirectory:
    """A cache of channel ids by name; safe to use from several threads."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._ids: dict[str, str] = {}
        self._lock = threading.Lock()

    def remember_id(self, channel: str, channel_id: str) -> None:
        """Cache the id of a channel, given by name or id."""
        with self._lock:
            self._ids[channel.removeprefix("#")] = channel_id

    def resolve_id(self, channel: str) -> str:
        """Return the id of a channel given by name or id; raises DeliveryUnreachable for none."""
        name = channel.removeprefix("#")
        if _ID.fullmatch(name):
            return name
        if _PERSON_ID.fullmatch(name):
            raise DeliveryUnreachable("what somebody was told in private cannot be looked for")
        with self._lock:
            known = self._ids.get(name, "")
        channel_id = known or self._look_up_id(name)
        if not channel_id:
            raise DeliveryUnreachable(
                f"Slack knows no channel {channel!r}; create it or correct the name"
            )
        self.remember_id(name, channel_id)
        return channel_id

    def _look_up_id(self, name: str) -> str:
        """The id in the list of channels, of public ones alone where the scope allows no others."""
        try:
            return self._find_in_list(name, "public_channel,private_channel")
        except ScopeMissing:
            pass
        try:
            return self._find_in_list(name, "public_channel")
        except ScopeMissing as error:
            raise DeliveryUnreachable(
                f"the channel {name!r} cannot be looked up: {error}"
            ) from error

    def _find_in_list(self, name: str, types: str) -> str:
        arguments = {"types": types, "exclude_archived": True, "limit": _PAGE}
        for page in self._api.read_pages("conversations.list", arguments):
            for channel in page.data.get("channels") or ():
                if channel.get("name") == name:
                    return str(channel["id"])
        return ""
