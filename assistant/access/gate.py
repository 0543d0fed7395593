"""Who is asking, and may they ask once more: the one door of page, endpoints and tools."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.access.limits import FailedLogins, RateLimit
from assistant.access.sessions import Sessions
from assistant.access.users import UserFile
from assistant.access.values import LOCAL, User
from assistant.errors import AssistantError


class LogInError(AssistantError):
    """The name or the password is wrong, or who asks is no user any more."""


@dataclass(frozen=True, slots=True)
class LogIn:
    """What a page with log-in needs: its users, their sessions, and the wrong passwords."""

    users: UserFile
    sessions: Sessions
    failed: FailedLogins = field(default_factory=FailedLogins)


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets users in and counts what they ask; without a log-in, everyone is the local user."""

    log_ins: LogIn | None = None
    limit: RateLimit | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody is asked who they are."""
        return self.log_ins is None

    def user_of(self, name: str | None) -> User:
        """Return the user of a name that the server found in the request.

        Raises:
            LogInError: there is no such user any more.
            UsersError: the user file cannot be read.
        """
        if self.log_ins is None:
            return LOCAL
        account = self.log_ins.users.account(name or "")
        if account is None:
            raise LogInError("You are logged out. Reload the page to log in again.")
        return account.user

    def identify(self, *, token: str = "", key: str = "") -> User | None:
        """Return whose session token or key this is, None where it is nobody's.

        A key that was sent counts alone; raises `UsersError` as `user_of` does.
        """
        if self.log_ins is None:
            return LOCAL
        users = self.log_ins.users
        if key:
            account = users.of_key(key)
            return account.user if account else None
        session = self.log_ins.sessions.find(token) if token else None
        account = users.account(session.user) if session else None
        if session is None or account is None or account.fingerprint != session.fingerprint:
            return None
        return account.user

    def log_in(self, name: str, password: str, address: str) -> str:
        """Open a session and return its token.

        Args:
            name: the user's name, in any case.
            password: the user's password.
            address: where the request comes from.

        Raises:
            LogInError: the name or the password is wrong; it does not say which.
            LimitError: there were too many wrong ones before.
            UsersError: the user file cannot be read.
        """
        if self.log_ins is None:
            raise LogInError("This page has no log-in: everyone may use it.")
        name = name.strip().lower()[:100]
        # Not by name alone: somebody elsewhere could keep the user out.
        who = (f"user {name} from {address}", f"address {address}")
        self.log_ins.failed.attempt(*who)
        account = self.log_ins.users.of_password(name, password)
        if account is None:
            raise LogInError("The name or the password is wrong. Check both and try again.")
        self.log_ins.failed.succeeded(*who)
        return self.log_ins.sessions.begin(account)

    def log_out(self, token: str) -> None:
        """Close a session."""
        if self.log_ins is not None:
            self.log_ins.sessions.end(token)

    def admit(self, user: User) -> None:
        """Count one request of a user for the model.

        Raises:
            LimitError: it is one too many within the minute.
        """
        if self.limit is not None:
            self.limit.count(user.name)
