"""What can be refused or go wrong in an import, one class for each remedy.

    StaffImportError
    ├── Refused            somebody asked for what can't be done now
    │   ├── NotReady         the district or its test isn't ready for the run
    │   ├── TooLate          the run has ended, or its row was decided already
    │   └── OutOfDate        a row no longer fits the account it is about
    ├── SickSource         Clever's answers can't be trusted to be the whole roster
    └── ClaimLost          the run was cancelled, or given to another worker

A row of a person with bad data is no error: it is a result with a sentence.
"""

# ruff: noqa: N818 - each name says what happened; the base class says it is an error.


class StaffImportError(Exception):
    """Base of all errors of this app.

    `user_message` tells a district admin in full sentences what is wrong and what to
    do; it is never empty.
    """

    def __init__(self, user_message: str) -> None:
        super().__init__(user_message)
        self.user_message = user_message


class Refused(StaffImportError):
    """What was asked for can't be done now; nothing was changed."""


class NotReady(Refused):
    """The district, or the test a final follows, isn't ready for the run."""


class TooLate(Refused):
    """The run has ended, or somebody else has decided the row."""


class OutOfDate(Refused):
    """A row was planned on an account or a run that has changed since."""


class SickSource(StaffImportError):
    """What Clever sent is no whole roster (product.md, "A sick source")."""


class ClaimLost(StaffImportError):
    """The run is no longer this worker's: stop, and write nothing more."""

    def __init__(
        self,
        user_message: str = "The run was cancelled, or another worker has taken it.",
    ) -> None:
        super().__init__(user_message)
