"""Where a person stands in a community, and what she can do about it: what the front page tells her."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from communautes.models import Adhesion, Appel, Communaute
from communautes.permissions import a_ete_remplacee, peut_faire_appel, peut_se_raviser
from socle.permissions import est_connectee
from socle.templatetags.composants import jour
from timeline.etapes import Etiquette, transitions_ouvertes

A, E, R = Communaute.Acces, Adhesion.Etat, Adhesion.Role


@dataclass(frozen=True)
class Place:
    """`etapes`: what the machine lets her do. `peut_rejoindre`: a first time, which the machine does not know yet."""

    phrase: str
    famille: str = "eau"
    icone: str = "people"
    motif: str = ""
    adhesion: Adhesion | None = None
    etapes: list[tuple[str, Etiquette]] = field(default_factory=list)
    peut_rejoindre: bool = False
    doit_se_connecter: bool = False
    peut_faire_appel: bool = False
    appel: Appel | None = None


def place_de(communaute: Communaute, personne) -> Place:
    """Four queries at most."""
    adhesion = communaute.adhesion_de(personne) if est_connectee(personne) else None
    if adhesion is None:
        return _dehors(communaute, personne)
    adhesion.communaute, adhesion.personne = communaute, personne
    dite: dict[str, Any] = {"adhesion": adhesion, "etapes": etapes_de(adhesion, personne)}
    if adhesion.etat == E.EXCLUE:
        appel = adhesion.appels.filter(depose_le__gte=adhesion.depuis_le).order_by("-pk").first()
        ouvert = appel is None and peut_faire_appel(adhesion, personne) and not a_ete_remplacee(adhesion)
        dite |= {"appel": appel, "peut_faire_appel": ouvert}
    if adhesion.etat in {E.REFUSEE, E.EXCLUE}:
        dite["motif"] = adhesion.motif
    phrase, famille, icone = _PHRASES[adhesion.etat](communaute, adhesion)
    return Place(phrase, famille, icone, **dite)


def etapes_de(adhesion: Adhesion, personne) -> list[tuple[str, Etiquette]]:
    """Whoever is invited answers the invitation: it may give her a role, the open door does not."""
    ouvertes = transitions_ouvertes(adhesion, personne)
    return [e for e in ouvertes if e[0] != "entrer" or adhesion.etat != E.INVITEE]


def _dehors(communaute: Communaute, personne) -> Place:
    if communaute.est_tiree:
        return Place(_("On y entre par tirage au sort."), "neutre", "dice-5")
    if not communaute.est_ouverte:
        return Place(_("Cette communauté n’accueille personne en ce moment."), "neutre", "door-closed")
    if communaute.acces == A.SUR_INVITATION:
        return Place(_("On n’y entre que sur invitation."), "neutre", "envelope")
    connectee = est_connectee(personne)
    if communaute.est_publique:
        phrase = _("Tout le monde peut la lire. Rejoignez-la pour y participer.")
    else:
        phrase = _("L’intérieur est réservé aux membres. Vous pouvez demander à entrer.")
    return Place(phrase, "eau", "door-open", peut_rejoindre=connectee, doit_se_connecter=not connectee)


def _membre(communaute, adhesion):
    role = {
        R.ANIMATRICE: _("Vous animez cette communauté."),
        R.REFERENTE: _("Vous êtes la personne référente de la collectivité dans cette communauté."),
        R.EXPERTE: _("Vous êtes membre de cette communauté, comme expert·e."),
    }
    return role.get(adhesion.role, _("Vous êtes membre de cette communauté.")), "vert", "person-check"


def _invitee(communaute, adhesion):
    if adhesion.role == R.EXPERTE:
        return _("Vous êtes invité·e comme expert·e. C’est à vous de répondre."), "ambre", "envelope-open"
    return _("Vous êtes invité·e. C’est à vous de répondre."), "ambre", "envelope-open"


def _exclue(communaute, adhesion):
    phrase = _("Vous avez été exclu·e de cette communauté.")
    if a_ete_remplacee(adhesion):
        phrase = _("Vous avez été exclu·e de ce panel, et votre place a été tirée de nouveau.")
    return phrase, "brique", "person-x"


def _sortie(communaute, adhesion):
    if communaute.acces == A.SUR_DEMANDE and communaute.est_ouverte:
        return _("Vous n’êtes pas membre. Vous pouvez demander à entrer."), "eau", "door-open"
    if communaute.est_publique and communaute.est_ouverte:
        return _("Vous n’êtes pas membre. Vous pouvez la rejoindre."), "eau", "door-open"
    return _("Vous n’êtes pas membre de cette communauté."), "neutre", "door-closed"


def _declinee(communaute, adhesion):
    if not peut_se_raviser(adhesion, adhesion.personne):
        return _sortie(communaute, adhesion)
    phrase = _("Vous avez décliné l’invitation. Vous pouvez revenir sur votre réponse avant le %(jour)s.")
    return phrase % {"jour": jour(adhesion.invitable_le)}, "neutre", "envelope"


_PHRASES = {
    E.DEMANDEE: lambda *_c: (
        _("Votre demande est envoyée. Les personnes qui animent vous répondront."),
        "ambre",
        "hourglass-split",
    ),
    E.INVITEE: _invitee,
    E.ACCEPTEE: _membre,
    E.REFUSEE: lambda *_c: (_("Votre demande a été refusée."), "brique", "x-circle"),
    E.DECLINEE: _declinee,
    E.QUITTEE: _sortie,
    E.EXCLUE: _exclue,
}
