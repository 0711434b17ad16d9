"""What the dossier of an answer shows of the idea: her words and photos, the discussion, the place, what exists nearby."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import prefetch_related_objects

from commentaires.fil import Lecture
from commentaires.models import Commentaire
from idees.models import Idee
from idees.semblables import deja_repondues, semblables
from reponses.models import Reponse
from reponses.pieces import Piece, Place, pieces_par

ARGUMENTS_MONTRES = 3  # of each position
VOISINES_MONTREES = 4


@pieces_par(Idee)
def pieces_de_l_idee(idee, personne) -> list[Piece]:
    """A constant number of queries. Of an idea that moderation hides, nothing more than its title and text."""
    if not idee.est_lisible or not Idee.objects.visibles_par(personne).filter(pk=idee.pk).exists():
        return []
    prefetch_related_objects([idee], "coautrices__personne")
    pieces = [
        Piece("idees/instruction/_idee.html", _l_idee(idee), Place.RESUME),
        Piece("idees/instruction/_arguments.html", _arguments(idee, personne)),
        Piece("idees/instruction/_voisines.html", _voisines(idee, personne), Place.COTE),
    ]
    if idee.latitude is not None:
        point = {"lat": idee.latitude, "lon": idee.longitude, "titre": idee.titre, "etat": idee.etat}
        pieces.append(Piece("idees/instruction/_lieu.html", {"idee": idee, "point": [point]}, Place.COTE))
    return pieces


def _l_idee(idee) -> dict:
    return {
        "idee": idee,
        "photos": list(idee.photos.all()),
        "nb_soutiens": idee.soutiens.count(),
    }


def _arguments(idee, personne) -> dict:
    """The balance, the most approved of each position, and what the discussion has changed."""
    lecture = Lecture(idee, personne, {})
    lecture.balance = Commentaire.objects.sur(idee).a_compter()
    premiers = Commentaire.objects.sur(idee).publies().filter(parent__isnull=True).avec_nombre_d_accords()
    premiers = premiers.select_related("auteur").order_by("-nb_accords", "publie_le", "pk")
    distingues = lecture.arguments_distingues()
    return {
        "positions": [position | {"actif": False} for position in lecture.positions()],  # links that leave this page
        "par_position": [
            {"position": position, "libelle": position.label, "arguments": arguments}
            for position in Commentaire.Position
            if (arguments := list(premiers.filter(position=position)[:ARGUMENTS_MONTRES]))
        ],
        "distingues": distingues,
        "cles_distinguees": lecture.distingues,
        "url": f"{idee.get_absolute_url()}#commentaires",
    }


def _voisines(idee, personne) -> dict:
    """Near ideas, then near ideas that have their answer, with what it said."""
    assez = [p.idee for p in semblables(idee.titre, idee.texte, personne, idee, VOISINES_MONTREES) if p.est_proche]
    repondues = [
        p.idee for p in deja_repondues(idee.titre, idee.texte, personne, idee, VOISINES_MONTREES) if p.est_proche
    ]
    reponses = {
        reponse.cible_id: reponse
        for reponse in Reponse.objects.publiees().filter(
            cible_type=ContentType.objects.get_for_model(Idee),
            cible_id__in=[voisine.pk for voisine in repondues],
            corrige__isnull=True,
        )
    }
    deja = [(voisine, reponses[voisine.pk]) for voisine in repondues if voisine.pk in reponses]
    dites = {voisine.pk for voisine, _reponse in deja}
    return {"proches": [voisine for voisine in assez if voisine.pk not in dites], "repondues": deja}
