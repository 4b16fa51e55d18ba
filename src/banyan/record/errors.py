"""What can go wrong in the record, each as an OperationOutcome that says what, where and what to do."""

from collections.abc import Iterable
from typing import Any, ClassVar

from banyan.fhir.issues import Issue, outcome


class RecordError(Exception):
    """A refusal: `status` is the HTTP status, `outcome` the OperationOutcome to send."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "exception"

    def __init__(self, message: str, *, expression: str | None = None, issues: Iterable[Issue] = ()) -> None:
        super().__init__(message)
        self.issues = list(issues) or [Issue("error", self.code, message, expression)]

    @property
    def outcome(self) -> dict[str, Any]:
        return outcome(self.issues)


class NotFound(RecordError):
    status, code = 404, "not-found"


class Gone(RecordError):
    status, code = 410, "deleted"


class Conflict(RecordError):
    """Somebody else wrote first, or a resource is still in use."""

    status, code = 409, "conflict"


class VersionConflict(Conflict):
    """If-Match named a version that is not the current one."""

    status, code = 412, "conflict"


class MultipleMatches(Conflict):
    """A condition that must match one resource matches several."""

    status, code = 412, "multiple-matches"


class Invalid(RecordError):
    """The content breaks a rule of FHIR."""

    status, code = 422, "invariant"


class BadRequest(RecordError):
    """The request cannot be understood: malformed JSON, an unknown search parameter, a wrong patch."""

    status, code = 400, "invalid"


class NotSupported(BadRequest):
    """The standard knows this, this server does not (yet); it says so and never answers something else."""

    code = "not-supported"


class EpochChanged(RecordError):
    """The feed was restored from a backup: the follower must read the present state anew."""

    status, code = 410, "expired"
