"""What a panel tells: to whoever follows it from outside, to those who are in, once, and to nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communautes.panels import contenus, mandat
from notifications.abonnements import abonner
from notifications.models import Abonnement, Courriel, Notification
from tests.communautes.fabriques_panels import annoncer, calculer, membre_tiree, preparer, tirage_en, tirer
from tests.communautes.test_panels_contenus import avis, champs_de
from tests.fabriques import PersonneFabrique
from tests.notifications.conftest import dire, taire
from timeline.etapes import franchir

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memes_lots")]


@pytest.fixture
def panel():
    return tirage_en("tire").panel


@pytest.fixture
def voisin(panel):
    """Follows it, and is not in it: milestones are told in both ways of following."""
    voisin = PersonneFabrique()
    abonner(voisin, panel, Abonnement.Facon.INFORME)
    return voisin


def seance(panel):
    jour = timezone.localdate() - timedelta(days=1)
    return contenus.ecrire_un_compte_rendu(
        panel, par=panel.cree_par, titre="Séance 1", seance_le=jour, texte="On a lu."
    )


def corriger_le_mandat(panel):
    mandat.rediger(panel, par=panel.cree_par, motif="La salle a changé.", **champs_de(panel, calendrier="Un samedi."))


def publier_l_avis(panel):
    avis(panel, pour=1, contre=0)


def repondre(panel):
    publier_l_avis(panel)
    taire()
    contenus.noter_la_reponse(panel, par=panel.cree_par, adresse="/reponses/", le=timezone.localdate())


GESTES = {
    "a été corrigé": corriger_le_mandat,
    "le compte rendu d’une séance": lambda panel: franchir(seance(panel).publier, par=panel.cree_par),
    "a publié son avis citoyen": publier_l_avis,
    "la réponse de la collectivité": repondre,
    "est fermée": lambda panel: franchir(panel.communaute.clore, par=panel.cree_par, motif="L’avis est rendu."),
}


@pytest.mark.parametrize("mots", GESTES)
def test_qui_suit_et_qui_y_est_l_apprennent_une_fois(panel, voisin, mots):
    membre, passante = membre_tiree(panel), PersonneFabrique()
    taire()
    GESTES[mots](panel)
    dire()
    for personne in (voisin, membre):
        courriel = Courriel.objects.get(personne=personne)
        assert mots in courriel.texte and mots in courriel.html and panel.communaute.nom in courriel.objet
        assert Notification.objects.filter(personne=personne).count() == 1
    assert not Notification.objects.filter(personne=passante).exists()


def test_ce_qui_reste_entre_eux_n_est_dit_a_personne_dehors(panel, voisin):
    taire()
    seance(panel)
    dire()
    assert not Courriel.objects.filter(personne=voisin).exists()


def test_chaque_pas_du_tirage_est_dit(voisin, panel):
    autre = preparer(tirage_en("annule").panel)
    abonner(voisin, autre.panel)
    taire()
    autre = annoncer(calculer(autre))
    dire()
    assert "a été annoncé" in Courriel.objects.filter(personne=voisin).latest("pk").texte
    autre = tirer(autre)
    dire()
    assert "a eu lieu" in Courriel.objects.filter(personne=voisin).latest("pk").texte
    courriel = Courriel.objects.filter(personne=voisin).latest("pk")
    assert autre.get_absolute_url() in courriel.texte


def test_un_tirage_annonce_puis_annule_est_dit(voisin):
    annonce = tirage_en("annonce")
    abonner(voisin, annonce.panel)
    taire()
    franchir(annonce.annuler, par=annonce.panel.cree_par, motif="Une erreur dans le vivier.")
    dire()
    courriel = Courriel.objects.get(personne=voisin)
    assert "a été annulé" in courriel.texte and annonce.panel.communaute.nom in courriel.objet


def test_on_suit_un_panel_depuis_sa_page(client, panel):
    personne = PersonneFabrique()
    client.force_login(personne)
    page = client.get(panel.get_absolute_url()).content.decode()
    assert "S’informer" in page or "Je m’informe" in page
    client.post(reverse("notifications:suivre", args=["communautes.panel", panel.pk]), {"action": "informe"})
    assert Abonnement.objects.sur(panel).get(personne=personne).facon == "informe"
    suivis = client.get(reverse("portail:mes_suivis")).content.decode()
    assert panel.communaute.nom in suivis and panel.get_absolute_url() in suivis
