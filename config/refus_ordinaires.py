"""What the console keeps of a refusal: one line. The traceback of a fault must not drown among those of people turned away."""

import logging

from django.core.exceptions import PermissionDenied


class SansTrace(logging.Filter):
    """Takes the traceback off what was refused on purpose."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = None
        return True
