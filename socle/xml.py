"""Text for XML documents."""

import re

#: What XML 1.0 cannot hold, even escaped.
INTERDITS = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def ecrivable(texte: str) -> str:
    """The same text without the characters that would make the whole document unreadable."""
    return INTERDITS.sub("", texte)
