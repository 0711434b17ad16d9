"""Writing mails. A mail is a row first (`Courriel`), in the transaction of what it tells; `expedition` sends it."""

import logging
import re
import secrets
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import BadHeaderError
from django.core.validators import validate_email
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation

from notifications.models import Courriel
from socle.contexte import PAR_DEFAUT

journal = logging.getLogger(__name__)

OBJET_MAX = 200  # characters
SEL = "notifications.arreter"
#: Stands for the personal part of a mail that is rendered once for many people.
MARQUE = f"@@{secrets.token_hex(12)}@@"


@dataclass(frozen=True)
class Lettre:
    """The words of a mail, before anybody's name is on it."""

    objet: str
    texte: str
    html: str


def rediger(gabarit: str, contexte: dict, langue: str) -> Lettre:
    """Render the three templates `courriels/<gabarit>.{objet.txt,txt,html}` in a language.

    `contexte` holds at least `lien` (path), `le` (when it happened) and `pourquoi`.
    """
    with translation.override(langue):
        complet = _contexte_commun() | contexte
        complet["lien"] = f"{settings.ADRESSE}{contexte['lien']}"
        complet["objet"] = _en_une_ligne(_rendre(f"{gabarit}.objet.txt", complet, echapper=False))
        texte = _rendre(f"{gabarit}.txt", complet, echapper=False)
        return Lettre(
            objet=complet["objet"],
            texte=re.sub(r"\n{3,}", "\n\n", texte).strip() + "\n",
            html=re.sub(r"\n\s*\n", "\n", _rendre(f"{gabarit}.html", complet, echapper=True)).strip(),
        )


def _contexte_commun() -> dict:
    return {
        "site": {**PAR_DEFAUT, **settings.ESTUAIRE},
        "adresse": settings.ADRESSE,
        "langue": translation.get_language(),
        "arreter": "",
        "alleger": "",
        "preferences": f"{settings.ADRESSE}{reverse('notifications:preferences')}",
    }


def _rendre(gabarit: str, contexte: dict, *, echapper: bool) -> str:
    """Text is not HTML: an apostrophe stays an apostrophe there. Typed words are never read as a template."""
    moteur = get_template(f"courriels/{gabarit}").template  # type: ignore[attr-defined]
    return moteur.render(Context(contexte, autoescape=echapper)).replace("\x00", "")


def _en_une_ligne(objet: str) -> str:
    """Header values hold one line: whatever somebody typed, no header can follow."""
    ligne = " ".join("".join(c if c.isprintable() else " " for c in objet).split())
    return ligne if len(ligne) <= OBJET_MAX else ligne[: OBJET_MAX - 1].rstrip() + "…"


def preparer(
    lettre: Lettre, destinataire: str, *, personne_pk=None, genre="", chose=None, cle=None, arreter=""
) -> Courriel:
    """The mail of one person, not saved yet. With a `genre`, it carries her own link to stop mails of that kind, or only
    what she hears of `chose`.

    `arreter` is that link for somebody without an account, whose letter holds it already.
    """
    texte, html = lettre.texte, lettre.html
    if personne_pk and genre:
        jeton = signing.dumps([personne_pk, genre, *((chose._meta.label_lower, chose.pk) if chose else ())], salt=SEL)
        texte, html = texte.replace(MARQUE, jeton), html.replace(MARQUE, jeton)
        arreter = adresse_pour_arreter().replace(MARQUE, jeton)
    entetes = (
        {"List-Unsubscribe": f"<{arreter}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if arreter else {}
    )
    return Courriel(
        destinataire=destinataire,
        personne_id=personne_pk,
        objet=lettre.objet,
        texte=texte,
        html=html,
        entetes=entetes,
        cle=cle,
    )


def adresse_pour_arreter() -> str:
    """Address, with MARQUE in the place of the person, where one kind of mail is stopped without signing in."""
    return f"{settings.ADRESSE}{reverse('notifications:arreter', args=[MARQUE])}"


def lire_jeton(jeton: str) -> tuple[int, str]:
    """(person, kind) of a link to stop mails. Raises django.core.signing.BadSignature."""
    personne_pk, genre, *_chose = signing.loads(jeton, salt=SEL)
    return personne_pk, genre


def lire_chose(jeton: str) -> tuple[str, int] | None:
    """(model, key) of the thing that the mail told, if one follows it. Raises django.core.signing.BadSignature."""
    _personne, _genre, *chose = signing.loads(jeton, salt=SEL)
    return (chose[0], chose[1]) if chose else None


def ecrire(destinataire: str, gabarit: str, contexte: dict, langue: str = settings.LANGUAGE_CODE) -> Courriel:
    """Write one mail to an address, in the current transaction. Raises ValidationError for what is not an address."""
    validate_email(destinataire)
    lettre = rediger(gabarit, {"le": timezone.now(), "pourquoi": "", **contexte}, langue)
    courriel = preparer(lettre, destinataire)
    courriel.save()
    reveiller_l_expedition()
    return courriel


def reveiller_l_expedition() -> None:
    from notifications.tasks import envoyer_courriels, reveiller  # they read this module

    transaction.on_commit(lambda: reveiller(envoyer_courriels))


class BoiteDEnvoi(BaseEmailBackend):
    """Django's mail backend: whatever a package sends becomes a row, which leaves before news do.

    Accounts send through here: their mails let people in. The row follows the current transaction.
    """

    def send_messages(self, email_messages) -> int:
        courriels = []
        for message in email_messages:
            try:
                courriels += self._lignes(message)
            except (BadHeaderError, ValueError):
                if not self.fail_silently:
                    raise
                journal.exception("un courriel mal formé est refusé")
        Courriel.objects.bulk_create(courriels)
        if courriels:
            reveiller_l_expedition()
        return len(email_messages)

    def _lignes(self, message: EmailMessage) -> list[Courriel]:
        if message.attachments:
            raise ValueError("La boîte d'envoi ne garde pas de pièce jointe.")
        message.message()  # Django refuses a line feed in a header here
        entetes = {str(nom): str(valeur) for nom, valeur in message.extra_headers.items()}
        if message.from_email != settings.DEFAULT_FROM_EMAIL:
            entetes.setdefault("From", message.from_email)
        if message.reply_to:
            entetes["Reply-To"] = ", ".join(map(str, message.reply_to))
        modele = {
            "objet": _en_une_ligne(str(message.subject)),
            "texte": str(message.body),
            "html": _partie_html(message),
            "entetes": entetes,
            "priorite": Courriel.Priorite.ACCES,
        }
        return [Courriel(destinataire=parseaddr(str(adresse))[1], **modele) for adresse in message.recipients()]


def _partie_html(message: EmailMessage) -> str:
    if message.content_subtype == "html":
        return str(message.body)
    if isinstance(message, EmailMultiAlternatives):
        return next((str(contenu) for contenu, genre in message.alternatives if genre == "text/html"), "")
    return ""
