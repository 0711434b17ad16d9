"""Open data of the answers: what the page says of each, row by row, and nothing of anybody.

What leaves the site cannot be called back. So no name (the mandate says in what capacity it was signed), no hour, and no
answer to what moderation has hidden: the page, where it is only not named, can change tomorrow; a copy cannot.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils import timezone, translation
from django.utils.text import capfirst

from reponses.liste import avec_filtres
from reponses.models import Echeance, Reponse
from socle.adresses import absolue
from socle.champs import sans_controle
from socle.tableur import en_csv

LOT = 500  # rows in memory at once


def _jour(instant) -> str | None:
    return timezone.localdate(instant).isoformat() if instant else None


def _date(jour) -> str | None:
    return jour.isoformat() if jour else None


#: Column -> what it holds, and how it is read from a row of `lignes`. Every value: text, whole number or None.
COLONNES: dict[str, tuple[str, Callable[[Any], str | int | None]]] = {
    "numero": ("Numéro de la réponse.", lambda r: r.pk),
    "adresse": ("Sa page.", lambda r: absolue(r.get_absolute_url())),
    "genre": ("« reponse » ou « correction ».", lambda r: "correction" if r.corrige_id else "reponse"),
    "corrige": ("Numéro de la réponse qu’elle corrige.", lambda r: r.corrige_id),
    "objet_genre": (
        "Ce à quoi elle répond : « idees.idee », « projets.projet » ou « communautes.question ».",
        lambda r: r.cible._meta.label_lower,
    ),
    "objet_titre": ("Son titre.", lambda r: str(r.cible)),
    "objet_adresse": ("Sa page.", lambda r: absolue(r.cible.get_absolute_url())),
    "service": ("Service chargé de répondre.", lambda r: r.service_nom),
    "decision": ("Code de la décision ; « reponse » pour une question, qui n’en appelle pas.", lambda r: r.sens),
    "decision_mots": ("La décision.", lambda r: str(r.get_sens_display())),
    "raison": ("Code de la raison principale ; vide pour une question.", lambda r: r.motif),
    "raison_mots": ("La raison principale.", lambda r: str(r.get_motif_display())),
    "texte": ("La réponse.", lambda r: r.texte),
    "conditions": ("Ses conditions.", lambda r: r.conditions),
    "cout_estime": ("Coût estimé, en euros.", lambda r: r.cout_estime),
    "premiere_etape": ("Première étape d’un oui.", lambda r: r.premiere_etape),
    "premiere_etape_le": ("Date promise pour elle.", lambda r: _date(r.premiere_etape_le)),
    "alternative": ("Ce qui est proposé à la place d’un non.", lambda r: r.alternative),
    "acte_conseil": ("Acte du conseil.", lambda r: r.acte_conseil),
    "signataire_mandat": ("Mandat au titre duquel elle est signée.", lambda r: r.signataire_mandat),
    "signee_le": ("Jour de la signature.", lambda r: _jour(r.signee_le)),
    "publiee_le": ("Jour de la publication.", lambda r: _jour(r.publiee_le)),
    "due_le": ("Date promise pour la réponse ; rien pour une correction.", lambda r: _date(r.due_le)),
    "jours_de_retard": (
        "Jours entre la date promise et la réponse ; rien pour une correction.",
        lambda r: None if r.due_le is None else r.jours_de_retard,
    ),
    "sceau": ("SHA-256 de ce qui a été signé, en hexadécimal.", lambda r: r.sceau()),
}  # fmt: skip


def lignes(reponses) -> Iterator[Reponse]:
    """Those of `reponses.liste.chercher` that may leave, in its order, a batch in memory at a time."""
    echeance = Echeance.objects.filter(cible_type=OuterRef("cible_type"), cible_id=OuterRef("cible_id"))
    reponses = reponses.annotate(service_nom=Subquery(echeance.values("service__nom")))
    for reponse in reponses.iterator(chunk_size=LOT):
        if reponse.cible_lisible:
            yield reponse


def valeurs(reponse) -> list:
    """One row, in the order of COLONNES. Official data is in French whoever asks."""
    with translation.override("fr"):
        trouvees = [lire(reponse) for _description, lire in COLONNES.values()]
    return [sans_controle(v) if isinstance(v, str) else v for v in trouvees]


def tableur(reponses) -> Iterator[str]:
    return en_csv(COLONNES, (["" if v is None else v for v in valeurs(r)] for r in lignes(reponses)))


def document(reponses, choix) -> Iterator[str]:
    """One JSON object, piece by piece: what it is, what its columns hold, then the rows."""
    tete = {
        "titre": "Les réponses officielles",
        "producteur": settings.ESTUAIRE["collectivite"],
        "licence": settings.LICENCE_DES_DONNEES,
        "extrait_le": timezone.localdate().isoformat(),
        "source": absolue(avec_filtres("/reponses/", choix)),
        "colonnes": {nom: capfirst(description) for nom, (description, _lire) in COLONNES.items()},
    }
    yield _json(tete)[:-1] + ',"reponses":['
    for rang, reponse in enumerate(lignes(reponses)):
        yield (",\n" if rang else "\n") + _json(dict(zip(COLONNES, valeurs(reponse), strict=True)))
    yield "\n]}\n"


def _json(valeur) -> str:
    return json.dumps(valeur, ensure_ascii=False)
