"""Mail that may not go out: a server that refuses, or is not there, is written down and breaks no page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from smtplib import SMTPException


def sent(send: Callable[[], object]) -> bool:
    """Whether the mail server took what `send` sends."""
    try:
        send()
    except (SMTPException, OSError):
        logging.getLogger(__name__).exception("A mail could not be sent: is VIGIE_MAIL right, and the server running?")
        return False
    return True
