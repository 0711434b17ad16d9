"""« @pseudonyme » in a comment: who is called, among those who take part in the discussion and nobody else.

A name that belongs to nobody there is plain text: one cannot try names to learn who has an account.
"""

import re

from django.db.models import Q

from commentaires.models import Commentaire, Mention
from comptes.models import Utilisateur
from comptes.pseudonymes import LONGUEUR_MAX, cle_de
from socle.permissions import autrices_de
from timeline.huis_clos import communaute_de, lectrices_de

MENTIONS_MAX = 10  # of one comment
PROPOSEES_MAX = 8  # names offered while typing
ARROBASE = re.compile(r"(?<![\w@.])@(?=[^\W_])")
NOM = re.compile(rf"[^\W_][\w .'’\-]{{0,{LONGUEUR_MAX - 1}}}")
FIN_DE_MOT = re.compile(r"\w(?=\W|$)")


def participantes(cible):
    """Whoever wrote something that can be read in the discussion, and those who proposed the thing, alone or together.

    Inside a community also its members (`nommables`), and nobody who may no longer read there.
    """
    auteurs = Commentaire.objects.sur(cible).publies().filter(auteur__isnull=False).values("auteur")
    gens = Q(pk__in=auteurs) | Q(pk__in=autrices_de(cible))
    if hasattr(cible, "nommables"):
        gens |= Q(pk__in=cible.nommables())
    communaute = communaute_de(cible)
    lectrices = lectrices_de(communaute) if communaute is not None else Q()
    return Utilisateur.objects.filter(gens, lectrices, is_active=True)


def debuts_possibles(texte: str) -> list[list[str]]:
    """For each @, the names that may stand behind it, longest first: « Camille Exemple », « Camille »."""
    possibles = []
    for arrobase in list(ARROBASE.finditer(texte))[:MENTIONS_MAX]:
        if suite := NOM.match(texte, arrobase.end()):
            mots = [suite.group()[: fin.end()] for fin in FIN_DE_MOT.finditer(suite.group())]
            possibles.append(mots[::-1])
    return possibles


def reconnaitre(texte: str, cible, *, sauf) -> dict[Utilisateur, str]:
    """The people named in a text, each with the words that name her; one query, whatever the text.

    `sauf`: who wrote it, or None when her account is erased.
    """
    possibles = debuts_possibles(texte)
    cles = {cle_de(mot) for mots in possibles for mot in mots}
    if not cles:
        return {}
    gens = participantes(cible).filter(pseudonyme_cle__in=cles).exclude(pk=sauf.pk if sauf else None)
    par_cle = {p.pseudonyme_cle: p for p in gens}
    nommees: dict[Utilisateur, str] = {}
    for mots in possibles:
        mot = next((mot for mot in mots if cle_de(mot) in par_cle), None)
        if mot is not None:
            nommees.setdefault(par_cle[cle_de(mot)], mot)
    return nommees


def nommer(commentaire, *, depuis=0) -> list[Mention]:
    """Write the mentions of a comment as its text stands now; those already written stay as they are."""
    nommees = reconnaitre(commentaire.texte, commentaire.cible, sauf=commentaire.auteur)
    deja = set(commentaire.mentions.values_list("personne", flat=True))
    return Mention.objects.bulk_create(
        [
            Mention(commentaire=commentaire, personne=personne, mot=mot, depuis=depuis)
            for personne, mot in nommees.items()
            if personne.pk not in deja
        ]
    )


def proposer(cible, debut: str) -> list[str]:
    """Pseudonyms of the discussion that begin so, for the list under the text."""
    cle = cle_de(debut[:LONGUEUR_MAX]) if debut.strip() else ""
    if not cle:
        return []
    trouvees = participantes(cible).filter(pseudonyme_cle__startswith=cle).order_by("pseudonyme_cle")
    return list(trouvees.values_list("pseudonyme", flat=True)[:PROPOSEES_MAX])
