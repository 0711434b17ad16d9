"""Models of answers: their placeholders, a closed list, and what changes them."""

import hashlib
import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reponses.models import Echeance, ModeleDeReponse
from reponses.permissions import peut_tenir_les_modeles
from timeline.etapes import EtapeImpossible, EtapeInterdite
from timeline.journal import consigner

MARQUES = ("titre", "commune", "service")
MARQUE = re.compile(r"\{([^{}]*)\}")
CONTENU = ("nom", "sens", "motif", "texte")


def verifier_les_marques(texte):
    """Raises ValidationError: one sentence for the first placeholder that means nothing, or a lone brace."""
    connues = ", ".join(f"{{{nom}}}" for nom in MARQUES)
    for nom in MARQUE.findall(texte):
        if nom not in MARQUES:
            raise ValidationError(
                _("{%(nom)s} ne veut rien dire ici. Vous pouvez écrire : %(connues)s.")
                % {"nom": nom, "connues": connues}
            )
    if re.search(r"[{}]", MARQUE.sub("", texte)):
        raise ValidationError(_("Une accolade est seule. Vous pouvez écrire : %(connues)s.") % {"connues": connues})


def remplir(texte, cible, service="") -> str:
    """The text with what it says of this thing, in one pass: what a title holds is never read as a placeholder."""
    valeurs = {
        "titre": str(cible),
        "commune": commune_de(cible) or _("la métropole"),
        "service": service or _("le service concerné"),
    }
    return MARQUE.sub(lambda m: valeurs.get(m[1], m[0]), texte)


def commune_de(cible) -> str:
    """A quartier is named by its commune; empty when the place is not said."""
    territoire = getattr(cible, "territoire", None)
    if territoire is None or territoire.genre == "metropole":
        return ""
    return str((territoire.parent or territoire) if territoire.genre == "quartier" else territoire)


def services_de(cibles) -> dict[tuple[str, int], str]:
    """{(label, pk): name of the service in charge} of many things, in a constant number of queries."""
    echeances = Echeance.objects.filter(cible_id__in=[c.pk for c in cibles]).select_related("service", "cible_type")
    return {(f"{e.cible_type.app_label}.{e.cible_type.model}", e.cible_id): str(e.service) for e in echeances}


def depart(modele, cible) -> dict:
    """Initial values of the draft of this thing."""
    service = services_de([cible]).get((cible._meta.label_lower, cible.pk), "")
    return {"sens": modele.sens, "motif": modele.motif, "texte": remplir(modele.texte, cible, service)}


def version(modele) -> str:
    """Fingerprint of what is written now: who edits can tell that it changed meanwhile."""
    return hashlib.sha256("\x1f".join(getattr(modele, nom) for nom in CONTENU).encode()).hexdigest()


@transaction.atomic
def creer(*, par, **contenu) -> ModeleDeReponse:
    _exiger(par)
    modele = ModeleDeReponse.objects.create(cree_par=par, **contenu)
    _consigner(modele, "creer", par)
    return modele


@transaction.atomic
def modifier(modele, *, par, lue, **contenu) -> ModeleDeReponse:
    """Change it for the answers to come, if it is still the one that was read."""
    _exiger(par)
    modele = ModeleDeReponse.objects.select_for_update(of=("self",)).get(pk=modele.pk)
    if modele.archive_le is not None:
        raise EtapeImpossible(_("Ce modèle est archivé : il ne change plus."))
    if version(modele) != lue:
        raise EtapeImpossible(_("Quelqu’un a changé ce modèle pendant que vous écriviez. Rien n’a été remplacé."))
    for nom, valeur in contenu.items():
        setattr(modele, nom, valeur)
    modele.save(update_fields=list(contenu))
    _consigner(modele, "modifier", par)
    return modele


@transaction.atomic
def archiver(modele, *, par):
    """Nobody starts from it any more. A second press changes nothing."""
    _exiger(par)
    modele = ModeleDeReponse.objects.select_for_update(of=("self",)).get(pk=modele.pk)
    if modele.archive_le is None:
        modele.archive_le = timezone.now()
        modele.save(update_fields=["archive_le"])
        _consigner(modele, "archiver", par)


def _exiger(par):
    if not peut_tenir_les_modeles(par):
        raise EtapeInterdite(_("Les modèles de réponse sont tenus par les agents."))


def _consigner(modele, verbe, par):
    consigner(f"reponses.modele.{verbe}", cible=modele, par=par, publique=False)
