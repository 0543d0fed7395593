"""A user and what the roles may do. Plain values; where users are kept is `users`' matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["agent", "seller", "admin"]
Room = Literal["desk", "studio", "stage", "catalog", "quality"]
ROLES: tuple[Role, ...] = get_args(Role)
ROOMS: tuple[Room, ...] = get_args(Room)
_ROOMS: dict[Role, frozenset[Room]] = {
    "agent": frozenset({"desk", "stage", "catalog"}),
    "seller": frozenset({"desk", "studio", "stage", "catalog"}),
    "admin": frozenset(ROOMS),
}


@dataclass(frozen=True, slots=True)
class User:
    """Someone who works on the page. `name` is unique; what they keep is theirs alone."""

    name: str
    role: Role

    def may_open(self, room: Room) -> bool:
        """Whether the user's role has a room."""
        return room in _ROOMS[self.role]

    @property
    def is_admin(self) -> bool:
        """Whether the user may change the catalog and read what all users did."""
        return self.role == "admin"


LOCAL = User("local", "admin")
"""The one user of a page that asks nobody who they are."""
