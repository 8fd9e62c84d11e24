"""Who is in a Slack workspace: `users.info`, `usergroups.list` and `usergroups.users.list`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.world.slack_messages import BOT_USER, TEAM
from tests.world.slack_wire import YES, Json, Refused, missing


@dataclass(frozen=True, slots=True)
class Group:
    """A user group."""

    id: str
    handle: str
    users: tuple[str, ...]

    def shown(self, with_users: bool) -> Json:
        """The group as an app is shown it."""
        names = {
            "id": self.id,
            "team_id": TEAM,
            "is_usergroup": True,
            "name": self.handle,
            "handle": self.handle,
        }
        return (
            names
            | {"user_count": len(self.users)}
            | ({"users": list(self.users)} if with_users else {})
        )


class Directory:
    """The people and groups of one workspace."""

    def __init__(self) -> None:
        self.users: dict[str, Json] = {BOT_USER: {"name": "repwatch", "is_bot": True}}
        self.groups: dict[str, Group] = {}

    @property
    def calls(self) -> Mapping[str, Callable[[Json], Json]]:
        """The methods of the Web API that it answers."""
        return {
            "users.info": self._user,
            "usergroups.list": self._groups,
            "usergroups.users.list": self._members,
        }

    def add_user(self, user: str, name: str, **fields: Any) -> None:
        """Let a person join, or change what is known of them."""
        self.users[user] = {"name": name, "is_bot": False, **fields}

    def add_group(self, group: str, handle: str, users: Iterable[str]) -> None:
        """Found a user group, or change who is in it."""
        self.groups[group] = Group(group, handle, tuple(users))

    def _user(self, arguments: Json) -> Json:
        user = str(arguments.get("user", ""))
        if user not in self.users:
            raise Refused("user_not_found")
        profile = {"display_name": self.users[user]["name"], "real_name": self.users[user]["name"]}
        return {
            "user": {"id": user, "team_id": TEAM, "deleted": False, "profile": profile}
            | self.users[user]
        }

    def _groups(self, arguments: Json) -> Json:
        with_users = arguments.get("include_users") in YES
        return {"usergroups": [group.shown(with_users) for group in self.groups.values()]}

    def _members(self, arguments: Json) -> Json:
        wanted = arguments.get("usergroup")
        if not wanted:
            raise missing("usergroup")
        if wanted not in self.groups:
            raise Refused("no_such_subteam")
        return {"users": list(self.groups[wanted].users)}
