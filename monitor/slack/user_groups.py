"""Slack's user groups, which stand for the people in them wherever people are configured."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.slack.client import SlackApi


def is_group_id(name: str) -> bool:
    """Return whether an id is that of a group ("S0123") rather than of a person ("U0123")."""
    return name.startswith("S")


def group_ids(names: Iterable[str]) -> list[str]:
    """Return the ids of groups among `names`, each once, in their order."""
    return [name for name in dict.fromkeys(names) if is_group_id(name)]


def fetch_group_members(api: SlackApi, group_id: str) -> frozenset[str]:
    """Ask Slack for the ids of the people in a group; raises DeliveryError."""
    users = api.call_read("usergroups.users.list", {"usergroup": group_id}).data.get("users")
    return frozenset(map(str, users)) if isinstance(users, list) else frozenset()
