"""Each event of an answer is one plain sentence, with a link, for who may read it."""

import re
from html import unescape

import pytest

from reponses.actions import accomplir_jalon, corriger, planifier_jalon, rendre_avis
from reponses.models import Reponse
from tests.fabriques import IdeeFabrique, publier_reponse
from tests.reponses.conftest import amener_reponse, dans
from timeline.etapes import franchir, transitions_de
from timeline.models import Entree

pytestmark = pytest.mark.django_db
AUTRES_TYPES = {"reponses.avis.rendre", "reponses.jalon.planifier", "reponses.jalon.accomplir"}


def texte(entree) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", entree.phrase)).split())


def test_chaque_evenement_a_sa_phrase(brouillon, agent, elue):
    franchir(brouillon.consulter, par=agent, services=[brouillon.cible.boite.service], attendu_le=dans(1))
    franchir(brouillon.reprendre, par=agent)
    franchir(brouillon.consulter, par=agent, services=[])
    rendre_avis(brouillon.avis.get(), par=agent, texte="Favorable.")
    franchir(brouillon.presenter, par=agent, signataire=elue)
    franchir(brouillon.renvoyer, par=elue, retour="À revoir.")
    franchir(brouillon.consulter, par=agent, services=[])
    franchir(brouillon.presenter, par=agent, signataire=elue)
    franchir(brouillon.signer, par=elue)
    franchir(brouillon.publier, par=agent)
    jalon = planifier_jalon(brouillon, par=agent, titre="Poser les bancs", prevu_le=dans(3))
    accomplir_jalon(jalon, par=agent)
    entrees = {entree.type: entree for entree in Entree.objects.sur(brouillon)}
    assert set(entrees) == {f"reponses.{nom}" for nom in transitions_de(Reponse)} | AUTRES_TYPES
    for entree in entrees.values():
        phrase = texte(entree)
        assert "Des bancs à l’ombre" in phrase
        assert brouillon.get_absolute_url() in entree.phrase
        assert phrase.endswith(".")
        assert phrase.count(".") == 1
    assert (
        texte(entrees["reponses.publier"])
        == f"Réponse officielle à « Des bancs à l’ombre » : oui, signée par {brouillon.signataire_nom}."
    )
    assert "Poser les bancs" in texte(entrees["reponses.jalon.accomplir"])


@pytest.mark.parametrize(("sens", "mot"), [("go", "oui"), ("go_conditions", "oui, sous conditions"), ("no_go", "non")])
def test_la_publication_dit_la_decision(sens, mot):
    publier_reponse(IdeeFabrique(etat="en_etude"), sens=sens)
    assert f" : {mot}, signée par" in texte(Entree.objects.get(type="reponses.publier"))


def test_la_publication_d_une_correction_dit_ce_qu_elle_corrige(publiee, agent, elue):
    correction = corriger(publiee, par=agent, **{nom: getattr(publiee, nom) for nom in Reponse.CONTENU})
    amener_reponse(correction, "publiee", agent=agent, elue=elue)
    entree = Entree.objects.filter(type="reponses.publier").sur(correction).get()
    assert texte(entree).startswith(
        "Une correction complète la réponse officielle à « Des bancs à l’ombre », publiée le "
    )
    assert publiee.get_absolute_url() in entree.phrase
    assert entree.donnees["corrige"] == publiee.pk


def test_un_titre_malveillant_reste_du_texte():
    """XSS-02: the title of an idea is shown as words."""
    idee = IdeeFabrique(titre="<img src=x onerror=alert(1)>", etat="en_etude")
    reponse = publier_reponse(idee)
    planifier_jalon(reponse, par=reponse.redigee_par, titre="<script>alert(2)</script>", prevu_le=dans(3))
    for entree in Entree.objects.sur(reponse):
        assert "<img" not in entree.phrase
        assert "<script" not in entree.phrase
