"""A cell that cannot count."""


class Rejected(Exception):
    """The cell's rule, and a Chinese sentence with what was found, what is expected and how to mend it."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule, self.message = rule, message
