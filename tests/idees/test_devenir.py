"""« Ce que c'est devenu »: one sentence for each state, with the date that counts."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from idees.models import Idee
from moderation.actions import masquer
from reponses.actions import accomplir_jalon
from reponses.models import Reponse
from socle.devenir import raconter
from socle.templatetags.composants import jour
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ThematiqueFabrique, publier_reponse, reunir
from timeline.etapes import franchir

pytestmark = pytest.mark.django_db

JOUR = "[^;:]*20[0-9][0-9]"


def devenir(idee):
    return raconter([Idee.objects.get(pk=idee.pk)])[0].devenir


DITES = {
    "brouillon": f"Brouillon commencé le {JOUR} : il vous reste à l’envoyer\\.",
    "a_moderer": f"Envoyée le {JOUR}, en relecture avant d’être publiée\\.",
    "publiee": f"Ouverte aux soutiens depuis le {JOUR} : 0 sur 3 pour lancer l’étude\\.",
    "en_etude": f"Réponse attendue le {JOUR}\\.",
    "retenue": f"Oui, signé le {JOUR} ; première étape : « Choisir les lieux », le {JOUR}\\.",
    "non_retenue": f"Non, signé le {JOUR} : trop cher par rapport au service rendu ; à la place : Le marché couvert reste ouvert\\.",
    "en_realisation": f"En réalisation depuis le {JOUR} ; première étape : « Choisir les lieux », le {JOUR}\\.",
    "realisee": f"Réalisée le {JOUR}\\.",
    "retiree": f"Retirée par son auteur le {JOUR}\\.",
    "refusee": f"Non publiée, décidé le {JOUR} : publicité ou démarchage\\.",
    "fusionnee": f"Réunie avec « Idée fictive [0-9]+ » le {JOUR}\\.",
}


def test_chaque_etat_a_sa_phrase():
    assert {*DITES, "soumise"} == set(Idee.Etat.values)


@pytest.mark.parametrize("etat", DITES)
def test_une_phrase_avec_sa_date(etat):
    import re

    dit = devenir(IdeeFabrique(boite=BoiteFabrique(moderation="avant"), etat=etat))
    assert re.fullmatch(DITES[etat], dit.phrase), dit.phrase
    assert dit.url.startswith("/")
    assert dit.le is not None
    assert not dit.en_retard


def test_une_reponse_en_retard_le_dit():
    idee = IdeeFabrique(etat="en_etude")
    due = idee.echeance.due_le
    with time_machine.travel(timezone.now() + timedelta(days=61), tick=False):
        dit = devenir(idee)
    assert dit.phrase == f"Réponse en retard : elle était promise pour le {jour(due)}."
    assert dit.en_retard


def test_oui_sous_conditions_puis_l_etape_faite_annulee_ou_en_retard(agent):
    idee = IdeeFabrique(etat="en_etude")
    reponse = publier_reponse(idee, sens="go_conditions", agent=agent)
    signee = jour(reponse.signee_le)
    etape = reponse.jalons.get()
    assert devenir(idee).phrase.startswith(f"Oui, sous conditions, signé le {signee} ; première étape :")
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        dit = devenir(idee)
        assert f"; étape en retard : « Choisir les lieux », promise pour le {jour(etape.prevu_le)}." in dit.phrase
        assert dit.en_retard
    accomplir_jalon(etape, par=agent)
    aujourdhui = jour(timezone.localdate())
    fini = f"Oui, sous conditions, signé le {signee} ; étape faite le {aujourdhui} : « Choisir les lieux »."
    assert devenir(idee).phrase == fini
    assert devenir(idee).url == Reponse.objects.get(pk=reponse.pk).get_absolute_url()


def test_ce_que_la_moderation_masque_le_dit_avec_sa_raison(moderatrice):
    idee = IdeeFabrique(etat="publiee")
    masquer(idee, par=moderatrice, motif="publicite", explication="Une publicité.")
    aujourdhui = jour(timezone.localdate())
    assert devenir(idee).phrase == f"Masquée par la modération le {aujourdhui} : publicité ou démarchage."


def test_une_idee_reunie_ne_dit_pas_le_titre_de_celle_que_la_moderation_masque(moderatrice):
    source, cible = IdeeFabrique(etat="publiee"), IdeeFabrique(etat="publiee", titre="Titre à taire")
    reunir(source, cible)
    masquer(cible, par=moderatrice, motif="injure", explication="Une injure.")
    assert devenir(source).phrase == "Réunie avec une autre idée."


def test_une_idee_abandonnee_ne_se_dit_pas_retiree():
    idee = IdeeFabrique()
    franchir(idee.abandonner, par=idee.auteur)
    assert devenir(idee).phrase == f"Abandonnée le {jour(timezone.localdate())}, avant d’être publiée."


def test_autant_de_requetes_pour_une_que_pour_cinquante():
    boite, theme, qui = BoiteFabrique(), ThematiqueFabrique(), PersonneFabrique()

    def compter():
        idees = list(Idee.objects.select_related("boite"))
        with CaptureQueriesContext(connection) as captees:
            raconter(idees)
        return len(captees)

    IdeeFabrique(boite=boite, thematique=theme, auteur=qui, etat="realisee")
    IdeeFabrique(boite=boite, thematique=theme, auteur=qui, etat="fusionnee")
    peu = compter()
    for etat in ("brouillon", "publiee", "en_etude", "retenue", "fusionnee"):
        for _ in range(10):
            IdeeFabrique(boite=boite, thematique=theme, auteur=qui, etat=etat)
    assert compter() == peu
