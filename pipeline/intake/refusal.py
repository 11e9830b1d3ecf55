"""A file from which nothing can be taken (N00)."""

BROKEN = "文件已损坏或不完整，打不开；请在 Excel 或 WPS 中打开原文件，另存一份再报"


class Refused(Exception):
    """Nothing can be taken from the file; the message says why and how to mend it, in Chinese.

    `curable` where another day or another config.yaml may let the same bytes pass.
    """

    def __init__(self, message: str, *, curable: bool = False) -> None:
        super().__init__(message)
        self.curable = curable
