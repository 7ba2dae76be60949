"""One kind of failure for the whole command, so that every problem is told as a sentence and what to do about it."""


class OpsError(Exception):
    """A foreseeable problem of the machine or its set-up.

    ``message`` is one sentence saying what is wrong, ``cure`` what to do; ``details`` are lines worth reading as they
    are, such as the end of a log.
    """

    def __init__(self, message: str, cure: str, details: list[str] | None = None):
        self.message = message
        self.cure = cure
        self.details = details or []
        super().__init__(f"{message} {cure}")
