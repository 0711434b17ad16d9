"""A stage that was announced may be cancelled: with a public reason, and never erased."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from idees.models import Boite, Idee
from notifications.abonnements import abonner
from notifications.annonces import annoncer
from notifications.models import Courriel, Notification
from projets import actions
from projets.horloge import ouvrir_et_fermer
from projets.models import Etape
from socle.permissions import SYSTEME
from tests.fabriques import BoiteFabrique, EtapeFabrique, IdeeFabrique, ProjetFabrique
from tests.tableau import issue
from timeline.etapes import EtapeImpossible, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db
RAISON = "La salle est inondée, le quartier sera invité de nouveau."


@pytest.fixture
def etape():
    demain = timezone.now() + timedelta(days=1)
    return EtapeFabrique(titre="Atelier de quartier", ouvre_le=demain, ferme_le=demain + timedelta(hours=3))


@pytest.fixture
def annulee(etape, agent):
    franchir(etape.annuler, par=agent, motif=RAISON)
    return etape


def adresse_d_annulation(etape):
    return reverse("timeline:etape", args=["projets.etape", etape.pk, "annuler"])


def test_elle_reste_barree_avec_sa_raison_partout_ou_elle_etait_annoncee(client, annulee):
    projet = annulee.projet
    for adresse in (projet.get_absolute_url(), reverse("timeline:chronologie")):
        corps = client.get(adresse).content.decode()
        assert RAISON in corps
        assert "<s><a href=" in corps and "Atelier de quartier" in corps, adresse
    assert (
        f'<p class="etapes__titre"><s>{annulee.titre}</s></p>' in client.get(projet.get_absolute_url()).content.decode()
    )
    entree = Entree.objects.get(type="projets.etape.annuler")
    assert (entree.est_publique, entree.projet, entree.donnees["motif"]) == (True, projet, RAISON)
    phrase = str(entree.phrase)
    assert RAISON in phrase and "<s>Atelier de quartier</s>" in phrase


def test_le_parcours_d_un_agent(client, agent, etape):
    client.force_login(agent)
    conduire = reverse("projets:conduire", args=[etape.projet.slug])
    assert adresse_d_annulation(etape) in client.get(conduire).content.decode()
    vide = client.post(adresse_d_annulation(etape), {"etat": "prevue", "motif": "  "})
    assert vide.status_code == 422
    assert vide.context["form"].errors["motif"] == ["Écrivez la raison : tout le monde la lira."]
    assert (
        client.post(adresse_d_annulation(etape), {"etat": "prevue", "motif": RAISON, "suite": conduire}).url == conduire
    )
    corps = client.get(conduire).content.decode()
    assert "<s>Atelier de quartier</s>" in corps
    assert adresse_d_annulation(etape) not in corps
    assert reverse("projets:modifier_etape", args=[etape.projet.slug, etape.pk]) not in corps


def test_une_etape_annulee_n_ouvre_plus_rien(agent, citoyenne):
    etape = EtapeFabrique()
    boite = BoiteFabrique(etape=etape)
    idee = IdeeFabrique(boite=boite, etat="publiee")
    assert boite.est_ouverte and idee.soutien_ouvert() and idee.discussion_ouverte()
    franchir(etape.ouvrir, par=SYSTEME)
    franchir(etape.annuler, par=agent, motif=RAISON)
    idee, boite = Idee.objects.get(pk=idee.pk), Boite.objects.get(pk=boite.pk)
    assert not (boite.est_ouverte or idee.soutien_ouvert() or idee.discussion_ouverte())
    assert not etape.projet.permet("proposer") and etape.projet.etape_en_cours is None


def test_l_horloge_n_y_touche_plus(annulee):
    Etape.objects.filter(pk=annulee.pk).update(
        ouvre_le=timezone.now() - timedelta(days=2), ferme_le=timezone.now() - timedelta(days=1)
    )
    assert ouvrir_et_fermer()["ouvertes"] == 0
    annulee.refresh_from_db()
    assert annulee.etat == "annulee"


def test_elle_ne_change_plus_et_ne_s_efface_pas(annulee, agent):
    with pytest.raises(EtapeImpossible):
        actions.modifier_etape(annulee, par=agent, titre="Autre chose")
    with pytest.raises(EtapeImpossible):
        actions.retirer_etape(annulee, par=agent)
    assert issue(annulee, "annuler", agent, motif="Encore.") == "409"


def test_un_projet_en_preparation_retire_simplement(client, referente):
    projet = ProjetFabrique(referente=referente, annonce=False)
    etape = EtapeFabrique(projet=projet)
    assert issue(etape, "annuler", referente, motif=RAISON) == "400"
    client.force_login(referente)
    corps = client.get(reverse("projets:conduire", args=[projet.slug])).content.decode()
    assert adresse_d_annulation(etape) not in corps


def test_une_etape_annulee_ne_retient_plus_le_projet(agent, referente):
    projet = ProjetFabrique(referente=referente, ouvert=True)
    etape = EtapeFabrique(projet=projet)
    franchir(etape.ouvrir, par=SYSTEME)
    assert issue(projet, "analyser", agent) == "400"
    franchir(etape.annuler, par=agent, motif=RAISON)
    assert issue(projet, "analyser", agent) == "en_analyse"


def test_les_dates_du_projet_sont_celles_des_etapes_tenues(annulee):
    projet = annulee.projet
    assert (projet.debut_le, projet.fin_le) == (None, None)
    tenue = EtapeFabrique(projet=projet)
    projet = type(projet).objects.get(pk=projet.pk)
    assert (projet.debut_le, projet.fin_le) == (tenue.ouvre_le, tenue.ferme_le)


def test_les_agendas_l_apprennent(client, annulee):
    agenda = client.get(reverse("projets:calendrier", args=[annulee.projet.slug])).content.decode()
    assert "STATUS:CANCELLED" in agenda and "SEQUENCE:1" in agenda


def test_qui_suit_le_projet_lit_la_raison(client, etape, agent, voisin):
    abonner(voisin, etape.projet)
    entree = franchir(etape.annuler, par=agent, motif=RAISON)
    annoncer(entree.pk)
    assert Notification.objects.filter(personne=voisin, entree=entree).count() == 1
    courriel = Courriel.objects.get(personne=voisin)
    assert RAISON in courriel.texte and RAISON in courriel.html


@pytest.mark.parametrize("motif", ["", "Raison sans annulation"])
def test_la_base_veut_l_etat_et_la_raison_ensemble(etape, annulee, motif):
    autre = EtapeFabrique(projet=etape.projet)
    vise = annulee if not motif else autre
    with pytest.raises(IntegrityError), transaction.atomic():
        Etape.objects.filter(pk=vise.pk).update(motif_annulation=motif)
