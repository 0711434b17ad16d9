"""Size limit on request bodies, before anything is read to memory or disk."""

from django.conf import settings
from django.template.loader import render_to_string

HTML = b"text/html; charset=utf-8"


def page_trop_lourde() -> bytes:
    """The whole page that a 413 shows."""
    return render_to_string("413.html", {"megaoctets": settings.TELEVERSEMENT_MAX // 1_000_000}).encode()


class CorpsBorne:
    """ASGI wrapper: answers 413 as soon as a body grows past `TELEVERSEMENT_MAX` bytes, announced or not.

    Django checks the announced length only; a chunked or lying request would be written to disk whole. daphne hands over
    a body once it has all of it: there, `config.lecture_bornee` refuses earlier.
    """

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        limite = settings.TELEVERSEMENT_MAX
        annonce = dict(scope["headers"]).get(b"content-length", b"0")
        if not annonce.isdigit() or int(annonce) > limite:
            await self._refuser(send)
            return
        lus, refuse = 0, False

        async def recevoir():
            nonlocal lus, refuse
            message = await receive()
            lus += len(message.get("body", b""))
            if lus > limite:
                refuse = True
                return {"type": "http.disconnect"}
            return message

        await self.app(scope, recevoir, send)
        if refuse:
            await self._refuser(send)

    async def _refuser(self, send):
        entetes = [(b"content-type", HTML), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": entetes})
        await send({"type": "http.response.body", "body": page_trop_lourde()})
