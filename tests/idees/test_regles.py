"""The rules of a box: told when they change, and never changed under the people who already count on them."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse
from django.utils import timezone

from idees.actions import regler as regler_la_boite
from idees.horloge import battre
from idees.models import Boite, Idee
from socle.permissions import SYSTEME
from territoires.models import Territoire
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    SoutienFabrique,
)
from timeline.etapes import franchir
from timeline.models import Entree
from timeline.phrases import phrase_en_texte

pytestmark = pytest.mark.django_db


def saisie(boite, lectrice=None, **autres):
    """What is sent from the form of this box as `lectrice`, a client, reads it (nothing to read of a new one)."""
    page = lectrice and lectrice.get(reverse("idees:regler_boite", args=[boite.slug]))
    return {
        "vu": page.context["form"].initial["vu"] if page else "",
        "titre": boite.titre,
        "description": boite.description,
        "etape": boite.etape_id or "",
        "territoire": boite.territoire_id or "",
        "service": boite.service_id,
        "seuil_soutiens": boite.seuil_soutiens,
        "delai_reponse": boite.delai_reponse,
        "moderation": boite.moderation,
        "qui": boite.qui,
        **({"est_active": "on"} if boite.est_active else {}),
        **autres,
    }


@pytest.fixture
def regler(client, agent):
    client.force_login(agent)

    def envoyer(boite, **autres):
        return client.post(reverse("idees:regler_boite", args=[boite.slug]), saisie(boite, client, **autres))

    return envoyer


def racontees() -> list[str]:
    return [phrase_en_texte(e) for e in Entree.objects.filter(type__startswith="idees.boite.").order_by("pk")]


# --- An idea keeps the rules it was published under -----------------------------------------------------------------


def test_une_idee_publiee_garde_son_seuil_et_son_delai(client, regler):
    boite = BoiteFabrique(seuil_soutiens=2, delai_reponse=10)
    idee, brouillon = IdeeFabrique(boite=boite, etat="publiee"), IdeeFabrique(boite=boite)
    assert regler(boite, seuil_soutiens=30, delai_reponse=90).status_code == 302
    assert "soutien sur les 2 qui obligent" in client.get(idee.get_absolute_url()).content.decode()
    SoutienFabrique(idee=idee)
    SoutienFabrique(idee=idee)
    assert battre()["etudes"] == 1
    idee, brouillon = (Idee.objects.get(pk=i.pk) for i in (idee, brouillon))
    assert (idee.etat, idee.echeance.jours_restants) == ("en_etude", 10)
    assert Entree.objects.get(type="idees.atteindre_seuil").donnees["seuil"] == 2
    assert (brouillon.seuil, brouillon.delai) == (30, 90)


def test_un_seuil_abaisse_ne_lance_pas_les_idees_d_avant(regler):
    boite = BoiteFabrique(seuil_soutiens=3)
    idee = IdeeFabrique(boite=boite, etat="publiee")
    SoutienFabrique(idee=idee)
    regler(boite, seuil_soutiens=1)
    assert battre()["etudes"] == 0
    idee.refresh_from_db()
    assert idee.etat == "publiee"


def test_une_idee_lue_avant_d_etre_publiee_prend_les_regles_du_jour_de_sa_publication(regler, moderatrice):
    boite = BoiteFabrique(seuil_soutiens=3)
    idee = IdeeFabrique(boite=boite, etat="a_moderer")
    regler(boite, seuil_soutiens=7)
    idee = Idee.objects.get(pk=idee.pk)
    assert (idee.seuil_soutiens, idee.seuil) == (None, 7)
    franchir(idee.publier, par=moderatrice)
    assert idee.seuil_soutiens == 7


@pytest.mark.parametrize("champ", ["seuil_soutiens", "delai_reponse"])
@pytest.mark.parametrize("valeur", [None, 0])
def test_la_base_refuse_une_idee_publiee_sans_regle(champ, valeur):
    idee = IdeeFabrique(etat="publiee")
    with pytest.raises(IntegrityError), transaction.atomic():
        Idee.objects.filter(pk=idee.pk).update(**{champ: valeur})


def test_la_migration_donne_aux_idees_publiees_les_regles_de_leur_boite():
    """Its own step, with the models that it knew, between the columns that it fills and the rule that wants them filled."""
    restes = MigrationLoader(connection).get_migration("idees", "0005_restes")
    genres = [type(operation).__name__ for operation in restes.operations]
    assert genres == ["AddField", "AddField", "RunPython", "AddConstraint"]
    boite = BoiteFabrique(seuil_soutiens=8, delai_reponse=21)
    publiee, brouillon = IdeeFabrique(boite=boite, etat="publiee"), IdeeFabrique(boite=boite)
    Idee.objects.filter(pk=publiee.pk).update(seuil_soutiens=1, delai_reponse=1)
    modeles = MigrationLoader(connection).project_state(("idees", "0005_restes")).apps
    restes.operations[2].code(modeles, None)
    assert list(
        Idee.objects.filter(pk__in=[publiee.pk, brouillon.pk])
        .order_by("pk")
        .values_list("seuil_soutiens", "delai_reponse")
    ) == [(8, 21), (None, None)]


# --- What changed is told -------------------------------------------------------------------------------------------


def test_fermer_puis_rouvrir_se_lit_dans_la_chronologie(client, regler):
    boite = BoiteFabrique(titre="Vos idées")
    regler(boite, est_active="")
    boite.refresh_from_db()
    assert not boite.est_active
    regler(boite, est_active="on")
    assert racontees() == [
        "La boîte à idées Vos idées ne reçoit plus d’idées.",
        "La boîte à idées Vos idées reçoit de nouveau des idées.",
    ]
    assert "ne reçoit plus d’idées" in client.get(reverse("timeline:chronologie")).content.decode()


def test_titre_description_territoire_et_service_se_lisent_dans_la_chronologie(regler):
    lieu = Territoire.objects.create(nom="Rezé", slug="reze", genre=Territoire.Genre.COMMUNE, code="44143")
    boite = BoiteFabrique(titre="Vos idées", service=ServiceFabrique(nom="Voirie"))
    service = ServiceFabrique(nom="Jardins")
    regler(boite, titre="Nos idées", description="Autre chose.", territoire=lieu.pk, service=service.pk)
    assert racontees() == [
        "La boîte à idées Nos idées change. Son titre était « Vos idées », il devient « Nos idées ». Sa description est "
        "réécrite. Son territoire était « tout le territoire », il devient « Rezé ». Le service chargé de répondre était "
        "« Voirie », c’est maintenant « Jardins »."
    ]
    assert Entree.objects.get(type="idees.boite.modifier").donnees["champs"]["description"] == {
        "avant": "Toutes les idées inventées.",
        "apres": "Autre chose.",
    }


def test_passer_d_une_etape_a_rien_se_dit_dans_la_chaine_du_projet_puis_dans_la_generale(regler):
    etape = EtapeFabrique(titre="Vos envies")
    boite = BoiteFabrique(titre="Appel", etape=None)
    regler(boite, etape=etape.pk)
    boite.refresh_from_db()
    regler(boite, etape="")
    premiere, derniere = Entree.objects.filter(type="idees.boite.modifier").order_by("pk")
    assert (premiere.projet, derniere.projet) == (etape.projet, None)
    assert racontees() == [
        "La boîte à idées Appel change. Elle suit maintenant l’étape « Vos envies ».",
        "La boîte à idées Appel change. Elle est maintenant permanente.",
    ]


def test_enregistrer_sans_rien_changer_ne_dit_rien(regler):
    boite = BoiteFabrique()
    assert regler(boite).status_code == 302
    assert racontees() == []


def test_creer_une_boite_dit_ses_regles(client, agent):
    client.force_login(agent)
    modele = BoiteFabrique.build(service=ServiceFabrique())
    client.post(reverse("idees:creer_boite"), saisie(modele, titre="Vos idées"))
    assert Boite.objects.get().titre == "Vos idées"
    (dite,) = racontees()
    assert dite.startswith("La boîte à idées Vos idées est créée.") and "Dès 3 soutiens" in dite


def test_la_meme_boite_envoyee_deux_fois_est_creee_une_fois(client, agent):
    client.force_login(agent)
    mots = saisie(BoiteFabrique.build(service=ServiceFabrique()), titre="Vos idées")
    premiere, seconde = (client.post(reverse("idees:creer_boite"), mots) for _ in range(2))
    assert premiere.url == seconde.url == Boite.objects.get().get_absolute_url() and len(racontees()) == 1
    client.post(reverse("idees:creer_boite"), mots | {"description": "Une autre."})
    assert Boite.objects.count() == 2


# --- Bounds ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("seuil_soutiens", "0", "Il faut au moins un soutien."),
        ("seuil_soutiens", "-4", "Il faut au moins un soutien."),
        (
            "seuil_soutiens",
            "99999999999999999999",
            "Ce seuil ne serait jamais atteint : un million de soutiens au plus.",
        ),
        ("seuil_soutiens", "beaucoup", "Écrivez un nombre entier, par exemple 50."),
        ("seuil_soutiens", "", "Écrivez le nombre de soutiens qui lance l’étude."),
        ("delai_reponse", "0", "Il faut au moins un jour pour répondre."),
        ("delai_reponse", "40000", "Une réponse se donne en un an au plus : 365 jours."),
        ("delai_reponse", "2,5", "Écrivez un nombre entier, par exemple 60."),
        ("delai_reponse", "", "Écrivez le nombre de jours pour répondre."),
    ],
)
def test_un_nombre_hors_bornes_se_lit_a_cote_de_son_champ(regler, champ, valeur, phrase):
    boite = BoiteFabrique()
    recue = regler(boite, **{champ: valeur}, titre="Ce que j’ai tapé")
    assert recue.status_code == 422
    assert recue.context["form"].errors == {champ: [phrase]}
    corps = recue.content.decode()
    assert "boite_regles" not in corps and "Ce que j’ai tapé" in corps
    assert racontees() == []


def test_le_formulaire_dit_que_les_regles_valent_pour_la_suite(client, agent):
    client.force_login(agent)
    corps = client.get(reverse("idees:regler_boite", args=[BoiteFabrique().slug])).content.decode()
    assert corps.count("Vaut pour les idées à venir") == 2


def test_la_maison_publie_aussi_avec_les_regles_du_jour(citoyenne):
    idee = IdeeFabrique(boite=BoiteFabrique(moderation="apres", seuil_soutiens=4), auteur=citoyenne)
    franchir(idee.soumettre, par=citoyenne)
    idee.refresh_from_db()
    assert (idee.etat, idee.seuil_soutiens) == ("publiee", 4)
    assert Entree.objects.get(type="idees.publier").par_reference == SYSTEME.reference


def test_un_appel_clos_ne_se_dit_pas_ouvert_aux_soutiens(client):
    """The state stays « publiée » ; the dates of the stage closed its supports. Page, list, API: the same words."""
    etape = EtapeFabrique(ferme_le=timezone.now() + timedelta(days=2))
    idee = IdeeFabrique(boite=BoiteFabrique(etape=etape), etat="publiee")
    pages = [idee.get_absolute_url(), reverse("idees:liste"), f"/api/v1/idees/{idee.pk}/"]
    assert all("Ouverte aux soutiens" in client.get(page).content.decode() for page in pages)
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        page, liste = (client.get(page).content.decode() for page in pages[:2])
        assert "Publiée, soutiens clos" in page and "Ouverte aux soutiens" not in page
        assert "Publiée, soutiens clos" in liste
        assert client.get(pages[2]).json()["etat_libelle"] == "Publiée, soutiens clos"


# --- Two agents, and the stage that opens a call ---------------------------------------------------------------------


def test_ce_qu_une_autre_a_change_entretemps_n_est_pas_ecrase(client, agent):
    boite = BoiteFabrique(seuil_soutiens=10)
    client.force_login(agent)
    chemin = reverse("idees:regler_boite", args=[boite.slug])
    envoi = saisie(boite, client, delai_reponse=21)
    Boite.objects.filter(pk=boite.pk).update(seuil_soutiens=40)  # the other agent, meanwhile
    reponse = client.post(chemin, envoi)
    assert reponse.status_code == 422
    assert "Quelqu’un a changé cette page" in reponse.content.decode()
    boite.refresh_from_db()
    assert (boite.seuil_soutiens, boite.delai_reponse) == (40, 60)
    # What she typed is still there; sent again, now that she knows, it counts.
    relu = {**envoi, "vu": reponse.context["form"]["vu"].value()}
    assert reponse.context["form"]["delai_reponse"].value() == "21"
    assert client.post(chemin, relu).status_code == 302
    boite.refresh_from_db()
    assert (boite.seuil_soutiens, boite.delai_reponse) == (10, 21)
    assert "40 soutiens" in Entree.objects.get(type="idees.boite.regler").donnees["avant"]


@pytest.mark.parametrize(
    ("comment", "possible"),
    [
        ({}, True),
        ({"ouvre_le": timezone.now() + timedelta(days=5)}, True),
        ({"ouvre": ["soutenir", "commenter"]}, False),
        ({"etat": "annulee", "motif_annulation": "Plus de place"}, False),
        ({"etat": "close"}, False),
    ],
    ids=["ouverte", "à venir", "sans proposition", "annulée", "close"],
)
def test_un_appel_depend_d_une_etape_qui_peut_s_ouvrir(client, agent, comment, possible):
    """In any other stage the box would wait for ideas for ever."""
    boite, etape = BoiteFabrique(), EtapeFabrique(projet=ProjetFabrique(ouvert=True), **comment)
    client.force_login(agent)
    chemin = reverse("idees:regler_boite", args=[boite.slug])
    assert (etape.titre in client.get(chemin).content.decode()) is possible
    reponse = client.post(chemin, saisie(boite, client, etape=etape.pk))
    assert reponse.status_code == (302 if possible else 422)
    boite.refresh_from_db()
    assert boite.etape_id == (etape.pk if possible else None)
    assert possible or reponse.context["form"].errors == {"etape": ["Choisissez une étape de la liste."]}


def test_un_appel_dont_l_etape_est_finie_se_regle_encore(client, agent):
    boite = BoiteFabrique(etape=EtapeFabrique(projet=ProjetFabrique(ouvert=True), etat="close"))
    client.force_login(agent)
    chemin = reverse("idees:regler_boite", args=[boite.slug])
    assert client.post(chemin, saisie(boite, client, titre="Un titre plus clair")).status_code == 302


# --- A référent·e and the box of her projet --------------------------------------------------------------------------


@pytest.fixture
def referente():
    return PersonneFabrique(pseudonyme="Rosa Référente")


@pytest.fixture
def sienne(referente):
    """The call of the projet that she conducts."""
    return BoiteFabrique(etape=EtapeFabrique(projet=ProjetFabrique(ouvert=True, referente=referente)))


def test_elle_la_regle_et_la_change_d_etape_chez_elle(client, referente, sienne):
    client.force_login(referente)
    suivante = EtapeFabrique(projet=sienne.projet)
    envoi = saisie(sienne, client, etape=suivante.pk)
    reponse = client.post(reverse("idees:regler_boite", args=[sienne.slug]), envoi)
    assert reponse.status_code == 302
    sienne.refresh_from_db()
    assert sienne.etape == suivante


@pytest.mark.parametrize("ou", ["chez une autre", "nulle part"])
def test_elle_ne_la_sort_pas_de_ses_projets(client, referente, sienne, ou):
    client.force_login(referente)
    chemin = reverse("idees:regler_boite", args=[sienne.slug])
    autre = EtapeFabrique(titre="Étape pas encore annoncée")
    etape = autre.pk if ou == "chez une autre" else ""
    assert autre.titre not in client.get(chemin).content.decode()
    reponse = client.post(chemin, saisie(sienne, client, etape=etape, titre="Titre gardé"))
    assert reponse.status_code == 422
    assert "etape" in reponse.context["form"].errors
    assert "Titre gardé" in reponse.content.decode()
    avant = sienne.etape
    sienne.refresh_from_db()
    assert sienne.etape == avant and sienne.titre != "Titre gardé"
    # Nor by another door than the form.
    sienne.etape_id = etape or None
    with pytest.raises(PermissionDenied):
        regler_la_boite(sienne, par=referente)


def test_elle_ne_prend_pas_celle_d_une_autre(referente, sienne):
    autre = BoiteFabrique(etape=EtapeFabrique())
    autre.etape = sienne.etape
    with pytest.raises(PermissionDenied):
        regler_la_boite(autre, par=referente)
