"""The questions to an élue of the demonstration: one that gathers supports, one whose answer is due, one that is late, and one
that is answered, in a community of their own. Everything is invented.
"""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from communautes import actions
from communautes.actions_questions import poser, soutenir
from communautes.models import Communaute, Question
from reponses import actions as actions_reponses
from timeline.etapes import franchir

COMMUNAUTE = {
    "nom": "Les usagers des bacs de Loire",
    "resume": "Celles et ceux qui prennent le bac, et qui veulent savoir où il va.",
    "description": "On se raconte les traversées, on compare les horaires, on demande des comptes.",
    "charte": "On parle des bacs. On ne dit pas de mal des équipages : ils font ce qu’ils peuvent avec la marée.",
}
SERVICE = "Dialogue citoyen"

#: (question, why, to the élue?, asked so many days ago, supports over so many days, answer so many days ago)
REUNIT, DUE, EN_RETARD, REPONDUE = (
    ("Pourquoi le bac du soir s’arrête-t-il à 20 heures ?", "Le dernier cours finit à 20 h 15.", True, 9, 7, 8, None),
    (
        "Le bac restera-t-il gratuit l’an prochain ?",
        "On entend tout et son contraire sur le quai.",
        True,
        25,
        None,
        12,
        None,
    ),
    (
        "Qui décide des jours de fermeture pour entretien ?",
        "La semaine dernière, l’affiche a été posée le matin même.",
        False,
        70,
        None,
        20,
        None,
    ),
    (
        "Combien de vélos le nouveau bac pourra-t-il prendre ?",
        "L’ancien en refuse les jours de marché.",
        True,
        95,
        None,
        15,
        62,
    ),
)
REPONSE = (
    "Le nouveau bac prendra quarante vélos, deux fois plus qu’aujourd’hui. Il arrive au printemps. Les jours de marché, un "
    "agent aidera à ranger."
)


def raconter(recit) -> None:
    """Plan them on the story."""
    recit.le(recit.jour(-120), _ouvrir, recit)
    for rang, (titre, texte, a_l_elue, posee, voulus, pendant, repondue) in enumerate(
        (REUNIT, DUE, EN_RETARD, REPONDUE)
    ):
        recit.le(recit.jour(-posee), _poser, recit, rang, titre, texte, a_l_elue)
        combien = voulus or len(recit.voisins) - 1
        debut = recit.jour(-posee, 12)
        for k in range(combien):
            recit.le(
                debut + timedelta(days=pendant) * k / combien,
                _soutenir,
                recit,
                titre,
                (rang * 7 + k) % len(recit.voisins),
            )
        if repondue:
            recit.le(recit.jour(-repondue), _repondre, recit, titre)


def _ouvrir(recit) -> None:
    communaute = actions.fonder(par=recit.voisins[0], **COMMUNAUTE)
    franchir(communaute.ouvrir, par=recit.agent, referente=recit.agent)


def _poser(recit, rang, titre, texte, a_l_elue) -> None:
    poser(
        Communaute.objects.get(nom=COMMUNAUTE["nom"]),
        par=recit.voisins[rang],
        cle_saisie=uuid5(NAMESPACE_URL, titre),
        titre=titre,
        texte=texte,
        mandat=recit.gens["élue"].mandats.get() if a_l_elue else None,
    )


def _soutenir(recit, titre, rang) -> None:
    question, voisin = Question.objects.get(titre=titre), recit.voisins[rang]
    if question.auteur_id != voisin.pk:
        soutenir(question, par=voisin)


def _repondre(recit, titre) -> None:
    reponse = actions_reponses.rediger(Question.objects.get(titre=titre), par=recit.agent, texte=REPONSE)
    recit.faire_signer(reponse, SERVICE)
