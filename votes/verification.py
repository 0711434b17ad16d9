"""Rules and results of votes against what the journal keeps of them."""

from collections.abc import Iterator

from timeline.verification import Ecart, ecrits
from votes.models import Comptage, Scrutin
from votes.models.comptage import empreinte_du_resultat
from votes.reglement import empreinte_de, rediger

#: Counts read these from the published document, where a lot was drawn.
DU_DOCUMENT_SEUL = {"parametres", "tirage"}


def reglements_publies() -> Iterator[Ecart]:
    """The document is the one that was announced, and the rows that people vote on are those that it lists."""
    dites = {
        pk: donnees["empreinte"]
        for type_ in ("votes.annoncer", "votes.reprendre")
        for pk, donnees in ecrits(Scrutin, type_)
    }
    annonces = Scrutin.objects.annonces().select_related("territoire").order_by("pk")
    for scrutin in annonces.iterator(chunk_size=100):
        dite = dites.pop(scrutin.pk, None)
        if dite is None:
            yield Ecart.de(scrutin, "il est annoncé, et le journal ne le dit pas")
        elif dite != scrutin.empreinte or dite != empreinte_de(scrutin.reglement or {}):
            yield Ecart.de(scrutin, "son règlement ne correspond plus à l'empreinte écrite à son annonce")
        elif _change(scrutin):
            yield Ecart.de(scrutin, "ce sur quoi on vote n'est plus ce que dit son règlement")
    for pk in dites:
        yield Ecart(f"{Scrutin._meta.label_lower}:{pk}", "le journal dit son annonce, et il n'est plus là")


def _change(scrutin: Scrutin) -> bool:
    actuel = rediger(scrutin)
    return any(
        actuel[nom] != valeur for nom, valeur in (scrutin.reglement or {}).items() if nom not in DU_DOCUMENT_SEUL
    )


def resultats_scelles() -> Iterator[Ecart]:
    """The result that is shown is the one that was sealed when it was counted."""
    sceaux = {pk: donnees["resultat"] for pk, donnees in ecrits(Scrutin, "votes.depouiller")}
    faits = Comptage.objects.officiels().filter(termine_le__isnull=False).order_by("pk")
    for fait in faits.iterator(chunk_size=20):
        sceau = sceaux.pop(fait.scrutin_id, None)
        if sceau is None:
            yield Ecart.de(fait, "il est terminé, et le journal ne le dit pas")
        elif sceau != fait.empreinte or sceau != empreinte_du_resultat(fait.resultat or {}):
            yield Ecart.de(fait, "son résultat ne correspond plus au sceau écrit au comptage")
    for pk in sceaux:
        yield Ecart(f"{Scrutin._meta.label_lower}:{pk}", "le journal dit son comptage, et le résultat n'est plus là")
