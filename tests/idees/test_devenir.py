"""« Ce que c'est devenu »: one sentence for each state, with the date that counts."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from idees.models import Idee
from moderation.actions import masquer
from reponses.actions import accomplir_jalon, annoncer_un_retard, corriger
from reponses.models import Reponse
from socle.devenir import raconter
from socle.templatetags.composants import jour
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ThematiqueFabrique, publier_reponse, reunir
from tests.reponses.conftest import amener_reponse
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


def corrigee(reponse, *, agent, elue, **autres):
    contenu = {nom: getattr(reponse, nom) for nom in Reponse.CONTENU} | autres
    return amener_reponse(corriger(reponse, par=agent, **contenu), "publiee", agent=agent, elue=elue)


def test_un_non_precise_donne_la_raison_d_aujourd_hui(agent, elue):
    """The day of the signature stays; what is no longer said is not told."""
    idee = IdeeFabrique(etat="en_etude")
    reponse = publier_reponse(idee, sens="no_go", agent=agent, elue=elue)
    signee = jour(reponse.signee_le)
    with time_machine.travel(timezone.now() + timedelta(days=12), tick=False):
        en_cours = corriger(
            reponse, par=agent, **{n: getattr(reponse, n) for n in Reponse.CONTENU} | {"motif": "regle"}
        )
        assert "trop cher" in devenir(idee).phrase, "what is only being written is not told"
        en_cours.delete()
        correction = corrigee(reponse, agent=agent, elue=elue, motif="regle", alternative="Le jardin des voisins.")
        dit, aujourdhui = devenir(idee), jour(timezone.localdate())
    assert dit.phrase == (
        f"Non, signé le {signee}, précisé le {aujourdhui} : la loi ou un règlement l’empêche ; "
        "à la place : Le jardin des voisins."
    )
    assert (dit.url, dit.le) == (correction.get_absolute_url(), reponse.signee_le)


@pytest.mark.parametrize(("sens", "debut"), [("go", "Oui"), ("go_conditions", "Oui, sous conditions")])
def test_un_oui_precise_le_dit(agent, elue, sens, debut):
    idee = IdeeFabrique(etat="en_etude")
    reponse = publier_reponse(idee, sens=sens, agent=agent, elue=elue)
    correction = corrigee(reponse, agent=agent, elue=elue, texte="En clair : oui.")
    dit, quand = devenir(idee), jour(reponse.signee_le)
    assert dit.phrase.startswith(f"{debut}, signé le {quand}, précisé le {quand} ; première étape :")
    assert dit.url == correction.get_absolute_url()


def test_un_retard_annonce_se_dit_avec_ses_deux_dates(agent):
    idee = IdeeFabrique(etat="en_etude")
    etape = publier_reponse(idee, agent=agent).jalons.get()
    plus_tard = etape.prevu_le + timedelta(days=60)
    annoncer_un_retard(etape, par=agent, titre="Le sol", texte="Il est pollué.", attendue_le=plus_tard)
    attendu = f"; étape retardée : « Choisir les lieux », promise pour le {jour(etape.prevu_le)}, désormais attendue le {jour(plus_tard)}."
    dit = devenir(idee)
    assert dit.phrase.endswith(attendu)
    assert not dit.en_retard
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        assert devenir(idee).phrase.endswith(attendu)
        assert devenir(idee).en_retard, "the promised date is past, whatever was announced since"


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


# --- Boxes ----------------------------------------------------------------------------------------------------------


def test_une_boite_dit_ce_que_ses_idees_sont_devenues(moderatrice):
    boite = BoiteFabrique(moderation="avant")
    for etat in ("brouillon", "a_moderer", "publiee", "en_etude", "non_retenue", "realisee", "refusee"):
        IdeeFabrique(boite=boite, etat=etat)
    masquer(IdeeFabrique(boite=boite, etat="publiee"), par=moderatrice, motif="injure", explication="Une injure.")
    IdeeFabrique(etat="publiee")
    (dite,) = raconter([boite])
    assert dite.devenir.phrase == "Reçoit des idées. Publiées : 4 ; avec leur réponse : 2."
    boite.est_active = False
    (dite,) = raconter([boite])
    assert dite.devenir.phrase == "Ne reçoit pas d’idées en ce moment. Publiées : 4 ; avec leur réponse : 2."
    (vide,) = raconter([BoiteFabrique()])
    assert vide.devenir.phrase == "Reçoit des idées. Publiées : 0 ; avec leur réponse : 0."
