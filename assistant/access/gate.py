"""Who is asking, and may they ask once more: the one door of page, endpoints and tools."""

from __future__ import annotations

from assistant.access.values import LOCAL, User


class Gate:
    """Lets everyone in as the one local user."""

    def user_of(self, name: str | None) -> User:
        """Return the user of a name that the server found in the request."""
        return LOCAL

    def admit(self, user: User) -> None:
        """Count one request of a user."""
