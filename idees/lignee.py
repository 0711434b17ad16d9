"""Where an idea went, and which ideas joined it, as pages tell it: with the words of those that one may read."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from idees.models import Fusion, Idee, Soutien, SoutienPorte
from socle.permissions import est_connectee


def mene_a(idees) -> dict[int, int]:
    """{idea: the one that carries it now, itself when it joined none}; one query for each link of the longest chain."""
    mene = {idee.pk: idee.fusionnee_dans_id or idee.pk for idee in idees}
    while suites := dict(
        Idee.objects.filter(pk__in=set(mene.values()), fusionnee_dans__isnull=False).values_list("pk", "fusionnee_dans")
    ):
        mene = {pk: suites.get(bout, bout) for pk, bout in mene.items()}
    return mene


@dataclass(frozen=True)
class Voisine:
    """One idea named on the page of another; not a word of it for who may not read it."""

    pk: int
    titre: str
    texte: str
    url: str
    auteur: str
    nb_soutiens: int
    soutiens_repris: int
    etat: str
    get_etat_display: str
    #: The merge between the two; None for one that was made before they could be undone.
    fusion: Fusion | None = None
    #: Her support of the source counts in the target by this merge alone, and she may still keep it apart.
    refusable: bool = False


def voisines(personne, cles) -> dict[int, Voisine]:
    """Ideas by number, as this person may read them; one query."""
    lisibles = Idee.objects.visibles_par(personne).filter(pk=OuterRef("pk"))
    trouvees = Idee.objects.filter(pk__in=cles).select_related("auteur", "boite__etape__projet")
    trouvees = trouvees.annotate(nb_soutiens=Count("soutiens"), est_vue=Exists(lisibles)).order_by("pk")
    return {idee.pk: Voisine(**_dite(idee, idee.est_vue)) for idee in trouvees}


def _dite(idee, vue) -> dict:
    auteur = idee.auteur.pseudonyme if idee.auteur else _("Participant effacé")
    return {
        "pk": idee.pk,
        "titre": idee.titre if vue else _("contenu masqué"),
        "texte": idee.texte if vue else "",
        "url": idee.get_absolute_url() if vue else "",
        "auteur": auteur if vue else "",
        "nb_soutiens": idee.nb_soutiens,
        "soutiens_repris": idee.soutiens_repris,
        "etat": idee.etat,
        "get_etat_display": idee.get_etat_display(),
    }


def refusables(fusions, personne) -> set[int]:
    """Of these merges, those whose transfer this supporter may still refuse; one query, none without an account."""
    if not est_connectee(personne):
        return set()
    presents = Soutien.objects.filter(pk=OuterRef("soutien"))
    siens = SoutienPorte.objects.filter(Exists(presents), personne=personne, fusion__in=[f.pk for f in fusions])
    ouverts = siens.filter(fusion__etat=Fusion.Etat.EFFECTIVE, fusion__refus_jusqu_au__gt=timezone.now())
    return set(ouverts.values_list("fusion", flat=True))


def lignee_de(idee, personne, fusions=None) -> dict:
    """For `idees/fusion/_lignee.html`: `mene_a`, `rejointes`, `proposees`. A constant number of queries.

    `fusions`: all the merges of the idea, when they have been read already.
    """
    vivantes = {Fusion.Etat.PROPOSEE, Fusion.Etat.EFFECTIVE}
    toutes = Fusion.objects.autour(idee) if fusions is None else fusions
    fusions = sorted((f for f in toutes if f.etat in vivantes), key=lambda f: (f.proposee_le, f.pk))
    effectives = {f.source_id: f for f in fusions if f.etat == Fusion.Etat.EFFECTIVE}
    proposees = [f for f in fusions if f.etat == Fusion.Etat.PROPOSEE]
    a_des_rejointes = getattr(idee, "a_des_rejointes", True)  # said by the page of the idea
    rejointes = (
        set(Idee.objects.filter(fusionnee_dans=idee.pk).values_list("pk", flat=True)) if a_des_rejointes else set()
    )
    nommees = {f.source_id for f in fusions} | {f.cible_id for f in fusions} | {idee.fusionnee_dans_id}
    autres = voisines(personne, voisins) if (voisins := (rejointes | nommees) - {None, idee.pk}) else {}
    refus = refusables(effectives.values(), personne)

    def liee(pk, fusion) -> Voisine:
        return Voisine(**{**vars(autres[pk]), "fusion": fusion, "refusable": bool(fusion and fusion.pk in refus)})

    suite = idee.fusionnee_dans_id
    return {
        "mene_a": liee(suite, effectives.get(idee.pk)) if suite else None,
        "rejointes": [liee(pk, effectives.get(pk)) for pk in sorted(rejointes)],
        "proposees": [(f, autres[f.cible_id if f.source_id == idee.pk else f.source_id]) for f in proposees],
    }
