"""Files that are written while they are sent: what is in memory is one piece of them, whatever server asks.

Under ASGI, Django reads a plain iterator to its end before it sends anything; under WSGI it does so with an asynchronous one.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse

MORCEAUX = 200  # given to the server at once: each hop between a thread and the loop costs more than a line


def envoyer_au_fil(request, morceaux: Iterable[str], *, content_type: str, headers=None) -> StreamingHttpResponse:
    """A response whose body is these pieces of text. They are read in the thread of the request, where its database is."""
    lots = _lots(iter(morceaux))
    corps = _a_la_demande(lots) if isinstance(request, ASGIRequest) else lots
    return StreamingHttpResponse(corps, content_type=content_type, headers=headers)


def _lots(morceaux: Iterator[str]) -> Iterator[str]:
    while lot := "".join(islice(morceaux, MORCEAUX)):
        yield lot


async def _a_la_demande(lots: Iterator[str]) -> AsyncIterator[str]:
    suivant = sync_to_async(lambda: next(lots, None), thread_sensitive=True)
    while (lot := await suivant()) is not None:
        yield lot
