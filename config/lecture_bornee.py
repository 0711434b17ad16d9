"""daphne reads a whole body before it calls us, and Twisted parses its forms in memory: a reader that does neither."""

from io import BytesIO
from typing import BinaryIO

from daphne import http_protocol
from django.conf import settings

from config.limites import HTML, page_trop_lourde

PATIENCE = 30  # seconds that a refused client may go on sending: a browser shows the answer once it has sent everything
RESTE_MAX = 4  # times the limit, of bytes thrown away meanwhile


class RequeteBornee(http_protocol.WebRequest):
    """Answers 413 and closes once a body passes `TELEVERSEMENT_MAX` bytes, announced or received; keeps nothing of it.

    What comes after the answer is thrown away, within `PATIENCE` and `RESTE_MAX`: hanging up on somebody who still sends
    would take the answer from her (the network resets both ways).
    """

    content: BinaryIO  # Twisted's: what has been received

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs, parsePOSTFormSubmission=False)
        self._lus = 0
        self._rupture = None  # the call that hangs up, once refused

    def gotLength(self, length):  # noqa: N802 (Twisted)
        super().gotLength(length)
        if length is not None and length > settings.TELEVERSEMENT_MAX:
            self._refuser()

    def handleContentChunk(self, data):  # noqa: N802
        self._lus += len(data)
        if self._rupture is None and self._lus <= settings.TELEVERSEMENT_MAX:
            super().handleContentChunk(data)
        elif self._rupture is None:
            self._refuser()
        elif self._lus > RESTE_MAX * settings.TELEVERSEMENT_MAX:
            self.channel.transport.abortConnection()

    def requestReceived(self, command, path, version):  # noqa: N802
        if self._rupture is None:
            super().requestReceived(command, path, version)
        else:
            self.channel.loseConnection()

    def connectionLost(self, reason):  # noqa: N802
        if self._rupture is not None and self._rupture.active():
            self._rupture.cancel()
        super().connectionLost(reason)

    def _refuser(self):
        self.content.close()
        self.content = BytesIO()
        self.requestHeaders.removeHeader(b"Expect")  # nobody is waiting for the rest
        page = page_trop_lourde()
        entetes = [b"HTTP/1.1 413 Content Too Large", b"Content-Type: " + HTML, b"Content-Length: %d" % len(page)]
        self.channel.transport.write(b"\r\n".join([*entetes, b"Connection: close", b"", page]))
        self._rupture = self.channel.callLater(PATIENCE, self.channel.forceAbortClient)


def brancher() -> None:
    """From now on daphne reads requests so; the class is looked up at each connection, and no option names it."""
    http_protocol.WebRequest = RequeteBornee
