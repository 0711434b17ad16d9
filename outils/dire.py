"""How the commands speak: one line per step, one clear sentence when something stops them."""

import errno
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class Arret(Exception):
    """The command cannot go on; the message is the sentence shown to the person."""


def dire(texte: str = "") -> None:
    print(texte, flush=True)


@contextmanager
def etape(texte: str) -> Iterator[None]:
    """Announce a step that takes time, then how long it took."""
    debut = time.monotonic()
    print(f"• {texte}…", end="", flush=True)
    try:
        yield
    except BaseException:
        dire()
        raise
    dire(f" {duree(time.monotonic() - debut)}")


def duree(secondes: float) -> str:
    if secondes < 60:
        return f"{secondes:.1f} s".replace(".", ",")
    return f"{int(secondes // 60)} min {int(secondes % 60):02d} s"


def conclure(commande: Callable[[], int]) -> NoReturn:
    """Run a command to its exit code; what any machine may lack is one sentence, never a traceback."""
    for signal_de_fin in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(signal_de_fin) is not signal.SIG_IGN:  # nohup stays nohup
            signal.signal(signal_de_fin, _interrompre)
    try:
        code = commande()
    except Arret as arret:
        code = _stopper(str(arret))
    except KeyboardInterrupt:
        dire("\nInterrompu.")
        code = 130
    except OSError as erreur:
        if erreur.errno not in _SENTENCES:
            raise
        lieu = erreur.filename or os.getcwd()
        code = _stopper(_SENTENCES[erreur.errno].format(lieu=lieu))
    sys.exit(code)


_SENTENCES = {
    errno.EACCES: "Impossible d'écrire ou de lire ici : {lieu}. Vérifiez les droits de ce dossier.",
    errno.EPERM: "Impossible d'écrire ou de lire ici : {lieu}. Vérifiez les droits de ce dossier.",
    errno.EROFS: "Ce dossier est en lecture seule : {lieu}. Copiez le projet là où vous pouvez écrire.",
    errno.ENOSPC: "Le disque est plein : {lieu}. Libérez de la place, puis recommencez.",
    errno.EDQUOT: "Votre quota de disque est atteint : {lieu}. Libérez de la place, puis recommencez.",
}


def _stopper(phrase: str) -> int:
    sys.stdout.flush()
    print(f"\n{phrase}", file=sys.stderr, flush=True)
    return 1


def _interrompre(numero: int, cadre: FrameType | None) -> NoReturn:
    # Unwinds the context managers, which stop the servers that this command started.
    raise KeyboardInterrupt
