"""« Ce que c'est devenu » of a projet: one sentence for each state, with the date that counts."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projets.models import Projet
from reponses.actions import accomplir_jalon
from socle.devenir import raconter
from socle.templatetags.composants import jour
from tests.fabriques import EtapeFabrique, ProjetFabrique, publier_reponse
from tests.requetes import copier
from timeline.etapes import franchir

pytestmark = pytest.mark.django_db


def devenir(projet):
    return raconter([Projet.objects.get(pk=projet.pk)])[0].devenir


def dans(jours):
    return timezone.now() + timedelta(days=jours)


def test_du_brouillon_a_la_fin(agent):
    """Each state in its turn, by its own steps."""
    aujourdhui, dites = jour(timezone.localdate()), {}
    projet = ProjetFabrique(referente=agent, annonce=False)
    dites[projet.etat] = devenir(projet).phrase
    franchir(projet.annoncer, par=agent)
    dites[projet.etat] = devenir(projet).phrase
    franchir(projet.ouvrir, par=agent)
    dites[projet.etat] = devenir(projet).phrase
    franchir(projet.analyser, par=agent)
    dites[projet.etat] = devenir(projet).phrase
    reponse = publier_reponse(projet, agent=agent)
    projet.refresh_from_db()
    etape = reponse.jalons.get()
    dites[projet.etat] = devenir(projet).phrase
    assert devenir(projet).url == reponse.get_absolute_url()
    franchir(projet.realiser, par=agent)
    dites[projet.etat] = devenir(projet).phrase
    accomplir_jalon(etape, par=agent)
    franchir(projet.clore, par=agent)
    dites[projet.etat] = devenir(projet).phrase
    franchir(projet.archiver, par=agent)
    dites[projet.etat] = devenir(projet).phrase
    premiere = f" ; première étape : « {etape.titre} », le {jour(etape.prevu_le)}"
    assert dites == {
        "brouillon": "En préparation : il n’est pas encore annoncé.",
        "annonce": f"Annoncé le {aujourdhui}.",
        "en_cours": "Les étapes annoncées sont passées : l’analyse va suivre.",
        "en_analyse": "En analyse : la décision est attendue.",
        "decide": f"Oui, signé le {aujourdhui}{premiere}.",
        "en_realisation": f"En réalisation depuis le {aujourdhui}{premiere}.",
        "clos": f"Terminé le {aujourdhui}.",
        "archive": f"Terminé le {aujourdhui}.",
    }
    assert set(dites) == set(Projet.Etat.values)


def test_l_etape_qui_compte(agent):
    """The open one that ends first; between two, the next one; cancelled ones are no promise."""
    projet = ProjetFabrique(ouvert=True, referente=agent)
    EtapeFabrique(projet=projet, titre="Atelier", ouvre_le=dans(-5), ferme_le=dans(9))
    EtapeFabrique(projet=projet, titre="Enquête", ouvre_le=dans(-5), ferme_le=dans(3))
    EtapeFabrique(projet=projet, titre="Restitution", ouvre_le=dans(30), ferme_le=dans(31))
    annulee = EtapeFabrique(projet=projet, titre="Balade", ouvre_le=dans(20), ferme_le=dans(21))
    franchir(annulee.annuler, par=agent, motif="La pluie.")
    assert devenir(projet).phrase == f"En ce moment : « Enquête », jusqu’au {jour(dans(3))}."
    with time_machine.travel(dans(10), tick=False):
        dit = devenir(projet)
        assert dit.phrase.startswith("Prochaine étape : « Restitution », le ")


def test_un_projet_annonce_dit_sa_premiere_etape(agent):
    projet = ProjetFabrique(referente=agent)
    etape = EtapeFabrique(projet=projet, titre="Atelier", ouvre_le=dans(8), ferme_le=dans(9))
    debut, suite = jour(timezone.localdate()), jour(etape.ouvre_le)
    assert devenir(projet).phrase == f"Annoncé le {debut} ; prochaine étape : « Atelier », le {suite}."


def test_autant_de_requetes_pour_un_que_pour_cinquante(agent):
    """Fifty with a stage, and fifty with an answer."""

    def compter():
        projets = list(Projet.objects.all())
        with CaptureQueriesContext(connection) as captees:
            raconter(projets)
        return len(captees)

    etape = EtapeFabrique(projet=ProjetFabrique(ouvert=True))
    reponse = publier_reponse(ProjetFabrique(ouvert=True), agent=agent)
    un = compter()
    avec_etape, repondus = (
        copier(projet, 49, slug=lambda n, projet=projet: f"{projet.slug}-{n}")
        for projet in (etape.projet, reponse.cible)
    )
    copier(etape, 49, projet_id=lambda n: avec_etape[n].pk)
    copier(reponse, 49, cible_id=lambda n: repondus[n].pk)
    assert compter() == un and Projet.objects.count() == 100
