"""What can go wrong at the door."""


class AccessError(Exception):
    """A refusal or a mistake in access; the message says what, where and what to do."""


class Denied(AccessError):
    """The policy does not let this one do this."""

    def __init__(self, reason: str, *, action: str = "", subject: str = "") -> None:
        super().__init__(reason)
        self.reason, self.action, self.subject = reason, action, subject


class PolicyError(AccessError):
    """A policy that does not parse, does not fit the schema or cannot become SQL."""


class SignInError(AccessError):
    """Sign-in failed; `kind` tells the page which state to show."""

    def __init__(
        self, kind: str, message: str, *, left: int | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.kind, self.left, self.retry_after = kind, left, retry_after


class AccountError(AccessError):
    """An account, role or institution that is wrong or missing."""


class ShiftError(AccessError):
    """A shift token that is forged, over, or of a lost device."""
