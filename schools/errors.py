"""What schools and accounts refuse to do, as errors with a sentence for people."""


class RefusedError(Exception):
    """What was asked for can't be done; nothing was changed.

    `user_message` says in full sentences what is wrong and what to do.
    """

    def __init__(self, user_message: str) -> None:
        super().__init__(user_message)
        self.user_message = user_message


def refuse_for(reasons: list[str]) -> None:
    """Raise RefusedError with these sentences, if there are any."""
    if reasons:
        raise RefusedError(" ".join(reasons))
