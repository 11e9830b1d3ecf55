"""A file from which nothing can be taken (N00)."""


class Refused(Exception):
    """Nothing can be taken from the file; the message says why and how to mend it, in Chinese."""
