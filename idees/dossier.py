"""What the dossier of an answer shows of an idea: its words, what was said of it, its place, what exists already."""

from dataclasses import dataclass

from django.db.models import Prefetch

from commentaires.models import Commentaire, Distinction
from idees.models import Idee, Photo
from idees.semblables import Proche, deja_repondues, semblables
from reponses.fonds import Fond
from reponses.models import Reponse

ARGUMENTS_PAR_POSITION = 3
DISTINCTIONS_MONTREES = 10
VOISINES_MONTREES = 5
REPONSES_MONTREES = 3


@dataclass(frozen=True)
class Camp:
    """One position of the discussion: how many first comments, and those that most people agree with."""

    libelle: str
    nb: int
    arguments: list[Commentaire]


@dataclass(frozen=True)
class Voisine:
    idee: Idee
    reponse: Reponse | None


@dataclass(frozen=True)
class FondDIdee:
    idee: Idee
    photos: list[Photo]
    #: What the map is given: one point, or none.
    point: list[dict]
    camps: list[Camp]
    distinctions: list[Distinction]
    voisines: list[Voisine]
    repondues: list[Voisine]


def fond_de_l_idee(idee, personne) -> Fond:
    """In a constant number of queries. What moderation hides (pictures, discussion) is not shown here either."""
    idee = (
        Idee.objects.select_related("auteur", "depot", "territoire")
        .prefetch_related("coautrices__personne")
        .get(pk=idee.pk)
    )
    lisible = idee.est_lisible
    place = idee.latitude is not None
    proches = _assez_proches(semblables(idee.titre, idee.texte, personne, idee, VOISINES_MONTREES))
    connues = {proche.idee.pk for proche in proches}
    repondues = _assez_proches(deja_repondues(idee.titre, idee.texte, personne, idee))
    repondues = [p for p in repondues if p.idee.pk not in connues][:REPONSES_MONTREES]
    vues = _avec_leur_reponse([*proches, *repondues])
    contenu = FondDIdee(
        idee=idee,
        photos=list(idee.photos.all()) if lisible else [],
        point=[{"lat": idee.latitude, "lon": idee.longitude, "titre": idee.titre, "etat": idee.etat}] if place else [],
        camps=_camps(idee) if lisible else [],
        distinctions=list(Distinction.objects.de_la_discussion(idee)[:DISTINCTIONS_MONTREES]) if lisible else [],
        voisines=vues[: len(proches)],
        repondues=vues[len(proches) :],
    )
    return Fond("idees/_fond_du_dossier.html", contenu)


def _assez_proches(proches: list[Proche]) -> list[Proche]:
    return [proche for proche in proches if proche.est_proche]


def _avec_leur_reponse(proches) -> list[Voisine]:
    publiees = Prefetch("reponses", Reponse.objects.publiees().filter(corrige__isnull=True))
    # The word for its state depends on its box: open to supports, or closed.
    idees = (
        Idee.objects.select_related("boite__etape__projet")
        .prefetch_related(publiees)
        .in_bulk([proche.idee.pk for proche in proches])
    )
    return [
        Voisine(idee, next(iter(idee.reponses.all()), None))
        for proche in proches
        if (idee := idees.get(proche.idee.pk))
    ]


def _camps(idee) -> list[Camp]:
    """One query a position, and one for the balance; none when nobody has said anything."""
    discussion = Commentaire.objects.sur(idee)
    nombres = discussion.a_compter()
    premiers = discussion.publies().filter(parent__isnull=True).select_related("auteur").avec_nombre_d_accords()
    return [
        Camp(
            libelle=str(position.label),
            nb=nombres[position.value],
            arguments=list(
                premiers.filter(position=position).order_by("-nb_accords", "publie_le", "pk")[:ARGUMENTS_PAR_POSITION]
            ),
        )
        for position in Commentaire.Position
    ]
