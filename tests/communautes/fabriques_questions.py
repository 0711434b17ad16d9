"""Questions of the tests, brought to their state by the road that people take. All invented."""

from itertools import count
from uuid import uuid4

from communautes.actions_questions import poser, soutenir
from communautes.models import Question
from reponses.actions import rediger
from reponses.models import Reponse
from tests.communautes.fabriques import ouvrir
from tests.fabriques import PersonneFabrique, ServiceFabrique
from tests.reponses.conftest import amener_reponse
from timeline.etapes import franchir

_numeros = count(1)


def demander(communaute=None, *, par=None, a=None, etat="publiee", **contenu) -> Question:
    """Asked by a citizen, to this élue or to the collectivité, and as far as `etat`."""
    question = poser(
        communaute or ouvrir(),
        par=par or PersonneFabrique(),
        cle_saisie=uuid4(),
        mandat=a.mandats.get() if a else None,
        **{
            "titre": f"Pourquoi la fontaine {next(_numeros)} est-elle à sec ?",
            "texte": "Depuis mai, elle ne coule plus.",
            **contenu,
        },
    )
    amener_question(question, etat)
    return Question.objects.get(pk=question.pk)


def amener_question(question, etat):
    agent = PersonneFabrique(roles=["agent"])
    if etat in {"posee", "repondue"}:
        franchir(question.prendre, par=agent, service=ServiceFabrique())
    if etat == "repondue":
        repondre(question, agent=agent)
    if etat == "retiree":
        franchir(question.retirer, par=question.auteur, motif="Je l’ai lue dans le journal.")


def repondre(question, *, agent=None, elue=None, jusque="publiee", texte="Elle est réparée en juin.") -> Reponse:
    """Its official answer, as far as `jusque`."""
    agent = agent or PersonneFabrique(roles=["agent"])
    reponse = rediger(question, par=agent, texte=texte)
    elue = elue or question.destinataire or PersonneFabrique(roles=["elue"])
    amener_reponse(reponse, jusque, agent=agent, elue=elue)
    question.refresh_from_db()
    return Reponse.objects.get(pk=reponse.pk)


def soutenir_a(question, combien) -> list:
    """So many people ask with her, one after the other."""
    gens = PersonneFabrique.create_batch(combien)
    for personne in gens:
        soutenir(Question.objects.get(pk=question.pk), par=personne)
    question.refresh_from_db()
    return gens
