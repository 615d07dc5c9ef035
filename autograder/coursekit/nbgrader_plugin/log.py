"""What nbgrader's commands write to a terminal, in which names of folders and files stand."""

import logging
from typing import Any

from tornado.log import LogFormatter

from coursekit.names import shown, shown_text


class HarmlessFormatter(LogFormatter):
    """nbgrader's formatter, whose lines do not act in a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        if isinstance(record.args, tuple):
            record = copied(record, args=tuple(map(_shown, record.args)))
        message = shown_text(record.getMessage())
        return super().format(copied(record, msg=message, args=None))

    def formatException(self, ei: Any) -> str:
        """A traceback, whose message may hold a name."""
        return shown_text(super().formatException(ei))


def copied(record: logging.LogRecord, **changes: object) -> logging.LogRecord:
    """A record for this formatter; others get the one that was written."""
    return logging.makeLogRecord({**vars(record), **changes})


def _shown(argument: object) -> object:
    return shown(argument) if isinstance(argument, str) else argument
