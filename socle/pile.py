"""Room for deep calls.

CPython keeps the frames of a thread in pieces of 16 kB: it asks the system for one more when a call does not fit, and gives it
back when that call returns. A page whose loops happen to be at the edge of a piece asks and gives back at each turn, thousands of
times. A frame that is too big for such a piece gets one of the next power of two: what it does not use is for the calls below it.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar

T = TypeVar("T")

#: Places of eight bytes that the frame claims and never touches: just over 128 kB, in a piece of 256.
_PLACES = 2**14 + 1


def _appeler(faire: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    return faire(*arguments, **options)


_appeler_au_large = FunctionType(_appeler.__code__.replace(co_stacksize=_PLACES), globals())


def au_large(faire: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """`faire(*arguments, **options)`, with 120 kB for the frames of the calls below it."""
    return _appeler_au_large(faire, *arguments, **options)
