"""The error that every reader and writer of media raises."""


class MediaError(ValueError):
    """A value or a file that cannot be used.

    Args:
        message: str. One sentence that says what is wrong.
        hint: str. What the user can do about it. Defaults to nothing.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the sentence and the fix apart, for whoever shows them."""
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """The sentence and, when there is one, the fix."""
        return f"{self.message} {self.hint}" if self.hint else self.message
