"""Drafts: saved while somebody types, one per form whatever races, kept through the door, forgotten in the end."""

import io
import threading
import uuid
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from idees import brouillons
from idees.actions import rediger
from idees.depositaires import Depositaire
from idees.horloge import battre
from idees.models import Idee, Photo
from idees.views import ecrire
from tests.fabriques import MOT_DE_PASSE, BoiteFabrique, IdeeFabrique, PersonneFabrique
from tests.idees.sans_compte import brouillon
from tests.tableau import issue
from timeline.etapes import EtapeInvalide, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db


def image() -> SimpleUploadedFile:
    sortie = io.BytesIO()
    Image.new("RGB", (900, 600), (90, 140, 150)).save(sortie, "JPEG")
    return SimpleUploadedFile("lavoir.jpg", sortie.getvalue(), content_type="image/jpeg")


@pytest.fixture
def boite():
    return BoiteFabrique()


@pytest.fixture
def proposer(boite):
    return reverse("idees:proposer_dans", args=[boite.slug])


@pytest.fixture
def enregistrer(boite):
    return reverse("idees:enregistrer", args=[boite.slug])


def se_connecter(client, personne, suite="/"):
    """Through the door itself: the session of before must survive it."""
    return client.post(
        f"{reverse('account_login')}?next={suite}",
        {"login": personne.email, "password": MOT_DE_PASSE, "next": suite},
    )


def fichiers() -> set[str]:
    dossier = settings.MEDIA_ROOT / "idees"
    return {chemin.name for chemin in dossier.iterdir()} if dossier.exists() else set()


# --- Saved while typing ---------------------------------------------------------------------------------------------


def test_ce_qui_est_tape_est_enregistre_incomplet_puis_envoye_une_fois(
    client, citoyenne, saisie, proposer, enregistrer
):
    client.force_login(citoyenne)
    debut = client.post(enregistrer, {"cle_saisie": saisie["cle_saisie"], "titre": "Des b"})
    assert debut.status_code == 200 and debut.json()["etat"].startswith("Enregistré à ") and debut.json()["entier"]
    idee = Idee.objects.get()
    assert (idee.etat, idee.titre, idee.texte, idee.auteur) == ("brouillon", "Des b", "", citoyenne)
    client.post(enregistrer, saisie)
    idee.refresh_from_db()
    assert (idee.titre, idee.lieu) == ("Des bancs à l’ombre", "Devant le lavoir")
    assert not Entree.objects.exists()  # a draft tells nothing
    assert client.post(proposer, saisie).status_code == 302
    idee.refresh_from_db()
    assert idee.etat == "a_moderer" and Idee.objects.count() == 1


def test_un_formulaire_vide_ne_fait_pas_de_brouillon(client, citoyenne, enregistrer):
    client.force_login(citoyenne)
    vide = client.post(enregistrer, {"cle_saisie": str(uuid.uuid4()), "titre": "  \u200b ", "texte": ""})
    assert vide.status_code == 200 and not Idee.objects.exists()


def test_ce_qui_ne_tient_pas_est_dit_le_reste_est_garde(client, citoyenne, saisie, enregistrer):
    client.force_login(citoyenne)
    reponse = client.post(enregistrer, {**saisie, "titre": "x" * 121, "latitude": "47,2"})
    assert not reponse.json()["entier"] and "Votre idée en quelques mots" in reponse.json()["etat"]
    idee = Idee.objects.get()
    assert (idee.titre, idee.texte, idee.latitude) == ("", saisie["texte"], None)


@pytest.mark.parametrize("quand", ["sans_compte", "boite_fermee", "boite_reservee"])
def test_l_enregistrement_ne_passe_pas_a_cote_des_droits(client, citoyenne, saisie, boite, enregistrer, quand):
    if quand != "sans_compte":
        client.force_login(citoyenne)
    if quand == "boite_fermee":
        type(boite).objects.update(est_active=False)
    if quand == "boite_reservee":
        from territoires.models import Territoire

        ville = Territoire.objects.create(genre="metropole", nom="Ville", slug="ville", code="V1")
        type(boite).objects.update(qui="habitantes", territoire=ville)
    reponse = client.post(enregistrer, saisie)
    assert reponse.status_code == (401 if quand == "sans_compte" else 403)
    assert reponse.json()["detail"] and not Idee.objects.exists()


def test_l_enregistrement_arrive_apres_l_envoi_ne_change_rien(client, citoyenne, saisie, proposer, enregistrer):
    client.force_login(citoyenne)
    client.post(proposer, saisie)
    tard = client.post(enregistrer, {**saisie, "titre": "Un titre plus ancien"})
    idee = Idee.objects.get()
    assert (tard.status_code, tard.json()["url"]) == (409, idee.get_absolute_url())
    assert idee.titre == "Des bancs à l’ombre"


def test_la_meme_cle_envoyee_deux_fois_repond_par_l_idee(client, citoyenne, saisie, proposer):
    client.force_login(citoyenne)
    premiere = client.post(proposer, saisie)
    seconde = client.post(proposer, {**saisie, "titre": ""}, follow=True)
    assert Idee.objects.count() == 1
    assert seconde.redirect_chain[0][0] == premiere.url and "déjà envoyée" in seconde.content.decode()
    assert Entree.objects.filter(type="idees.soumettre").count() == 1


def test_d_autres_mots_sous_la_meme_cle_sont_rendus(client, citoyenne, saisie, proposer):
    """She went back, changed her text and sent it again: it is not kept, says so, and gives it back to copy."""
    client.force_login(citoyenne)
    idee_envoyee = client.post(proposer, saisie).url
    page = client.post(proposer, {**saisie, "texte": "Un texte que je viens d’améliorer, avec deux exemples."})
    corps = page.content.decode()
    assert page.status_code == 409 and "n’est pas enregistré" in corps and "que je viens d’améliorer" in corps
    assert f'href="{idee_envoyee}"' in corps and Idee.objects.get().texte == saisie["texte"]


@pytest.mark.parametrize("cle", ["", "x", "1" * 5000, "\x00", "d976a41c-8f16-4646-9217-63393833bd38"])
def test_une_cle_etrange_ne_fait_qu_une_idee_neuve(client, citoyenne, saisie, proposer, cle):
    client.force_login(citoyenne)
    assert client.post(proposer, {**saisie, "cle_saisie": cle}).status_code == 302
    assert Idee.objects.get().cle_saisie


def test_la_cle_d_une_autre_personne_n_ouvre_pas_son_brouillon(client, citoyenne, voisin, boite, saisie, proposer):
    sienne = IdeeFabrique(auteur=citoyenne, boite=boite, cle_saisie=saisie["cle_saisie"], titre="Le secret de Camille")
    client.force_login(voisin)
    page = client.post(proposer, {**saisie, "titre": ""}).content.decode()
    assert "Le secret de Camille" not in page
    client.post(proposer, saisie)
    sienne.refresh_from_db()
    assert (sienne.titre, sienne.etat) == ("Le secret de Camille", "brouillon")
    assert Idee.objects.get(auteur=voisin).titre == "Des bancs à l’ombre"


# --- Incomplete drafts are not sent ---------------------------------------------------------------------------------

INCOMPLETS = [
    ({"titre": ""}, "titre"),
    ({"titre": "Banc"}, "titre"),
    ({"texte": ""}, "texte"),
    ({"texte": "Court."}, "texte"),
    ({"thematique": None}, "thematique"),
]


@pytest.mark.parametrize(("champs", "nomme"), INCOMPLETS)
def test_un_brouillon_incomplet_ne_part_pas_et_dit_quoi(citoyenne, champs, nomme):
    idee = IdeeFabrique(auteur=citoyenne, **champs)
    with pytest.raises(EtapeInvalide) as refus:
        franchir(idee.soumettre, par=citoyenne)
    assert refus.value.champ == nomme and str(refus.value)
    idee.refresh_from_db()
    assert idee.etat == "brouillon" and not Entree.objects.exists()


def test_une_photo_sans_mots_ne_part_pas(citoyenne):
    idee = IdeeFabrique(auteur=citoyenne)
    Photo.objects.create(idee=idee, fichier="idees/a.webp", vignette="idees/b.webp", largeur=1, hauteur=1)
    with pytest.raises(EtapeInvalide) as refus:
        franchir(idee.soumettre, par=citoyenne)
    assert refus.value.champ == "alternative"


@pytest.mark.parametrize("champs", [{"titre": ""}, {"texte": ""}])
def test_la_base_refuse_une_idee_envoyee_sans_mots(champs):
    idee = IdeeFabrique(etat="publiee")
    with pytest.raises(IntegrityError), transaction.atomic():
        Idee.objects.filter(pk=idee.pk).update(**champs)


def test_un_brouillon_sans_titre_se_lit_partout(client, citoyenne, enregistrer):
    client.force_login(citoyenne)
    client.post(enregistrer, {"cle_saisie": str(uuid.uuid4()), "texte": "Rien qu’un début"})
    idee = Idee.objects.get()
    for chemin in (idee.get_absolute_url(), reverse("portail:mon_espace"), reverse("idees:modifier", args=[idee.pk])):
        page = client.get(chemin).content.decode()
        assert "Idée sans titre" in page or "Rien qu’un début" in page
    assert "None" not in client.get(idee.get_absolute_url()).content.decode().split("<main")[1]


# --- Through the door -----------------------------------------------------------------------------------------------


def test_ecrit_sans_etre_connectee_envoye_apres(client, citoyenne, saisie, proposer):
    assert client.get(proposer).status_code == 200
    reponse = client.post(proposer, {**saisie, "photo": image(), "alternative": "Le lavoir au soleil"})
    idee = Idee.objects.get()
    assert (reponse.url, idee.etat, idee.auteur) == (reverse("idees:suite", args=[idee.pk]), "brouillon", None)
    page = client.get(reponse.url).content.decode()
    reprendre = reverse("idees:reprendre", args=[idee.pk])
    assert "Votre idée est gardée" in page and f"next={reprendre.replace('/', '%2F')}" in page
    assert "Envoyer sans compte" not in page  # this box wants an account
    photo = reverse("idees:photo", args=[idee.pk, idee.photos.get().pk, "vignette"])
    assert client.get(photo).getvalue().startswith(b"RIFF") and Client().get(photo).status_code == 404
    assert Client().get(reponse.url).status_code == 404
    assert se_connecter(client, citoyenne, reprendre).url == reprendre
    formulaire = client.get(reprendre, follow=True).content.decode()
    for mots in (saisie["titre"], saisie["lieu_en_mots"], "Le lavoir au soleil", photo):
        assert mots in formulaire
    idee.refresh_from_db()
    assert idee.auteur == citoyenne
    assert client.session["idees_tenues"] == []
    alternative = f"alternative_{idee.photos.get().pk}"
    client.post(proposer, {**saisie, alternative: "Le lavoir au soleil"})
    idee.refresh_from_db()
    assert idee.etat == "a_moderer" and Idee.objects.count() == 1 and idee.photos.count() == 1


def test_ce_qui_est_incomplet_se_dit_avant_la_porte(client, saisie, proposer):
    reponse = client.post(proposer, {**saisie, "thematique": "", "photo": image(), "alternative": "Le lavoir"})
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "Choisissez le thème le plus proche." in page
    idee = Idee.objects.get()
    assert idee.photos.get().alternative == "Le lavoir"
    assert reverse("idees:photo", args=[idee.pk, idee.photos.get().pk, "vignette"]) in page
    assert saisie["titre"] in page and f'value="{saisie["cle_saisie"]}"' in page
    alternative = f"alternative_{idee.photos.get().pk}"
    assert client.post(proposer, {**saisie, alternative: "Le lavoir"}).status_code == 302
    assert Idee.objects.count() == 1


@pytest.mark.parametrize("envoyee_entre_temps", [False, True])
def test_une_session_finie_au_milieu_ne_perd_rien_et_ne_double_rien(
    client, citoyenne, saisie, proposer, enregistrer, envoyee_entre_temps
):
    client.force_login(citoyenne)
    client.post(enregistrer, {**saisie, "texte": "Au lavoir"})
    ancienne = Idee.objects.get()
    client.session.flush()
    if envoyee_entre_temps:  # from her telephone
        rediger(ancienne, par=citoyenne, valeurs={"texte": "Le texte envoyé du téléphone."}, envoyer=True)
    reponse = client.post(proposer, {**saisie, "photo": image(), "alternative": "Le lavoir"}, follow=True)
    assert "Votre idée est gardée" in reponse.content.decode()
    neuve = Idee.objects.get(auteur=None)
    assert neuve.cle_saisie != ancienne.cle_saisie
    suite = reverse("idees:reprendre", args=[neuve.pk])
    se_connecter(client, citoyenne, suite)
    arrivee = client.get(suite)
    ancienne.refresh_from_db()
    assert Idee.objects.get() == ancienne  # one form, one idea
    if envoyee_entre_temps:
        assert (arrivee.url, ancienne.texte) == (ancienne.get_absolute_url(), "Le texte envoyé du téléphone.")
    else:
        assert arrivee.url == reverse("idees:modifier", args=[ancienne.pk])
        assert (ancienne.texte, ancienne.photos.get().alternative) == (saisie["texte"], "Le lavoir")


def test_reprendre_deux_fois_ou_ailleurs(client, citoyenne, voisin, saisie, proposer):
    client.post(proposer, saisie)
    idee = Idee.objects.get()
    suite = reverse("idees:reprendre", args=[idee.pk])
    assert client.get(suite).url.startswith(reverse("account_login"))
    ailleurs = Client()
    ailleurs.force_login(voisin)
    for chemin in (suite, reverse("idees:reprendre", args=[999999])):
        page = ailleurs.get(chemin, follow=True).content.decode()
        assert "dans le navigateur où vous l’avez écrite" in page
    assert Idee.objects.get().auteur is None
    se_connecter(client, citoyenne)
    for _ in range(2):
        assert client.get(suite).url == reverse("idees:modifier", args=[idee.pk])
    assert client.get(reverse("idees:suite", args=[idee.pk])).url == suite


def test_le_double_clic_sans_compte_ne_fait_qu_un_brouillon(client, saisie, proposer):
    for navigateur in (client, client, Client()):  # the third as if the first answer, and its cookie, never came
        assert navigateur.post(proposer, saisie).status_code == 302
    assert Idee.objects.count() == 1


def test_l_inscription_garde_l_idee_dans_ce_navigateur(client, saisie, proposer):
    client.post(proposer, saisie)
    idee = Idee.objects.get()
    suite = reverse("idees:reprendre", args=[idee.pk])
    client.post(
        reverse("account_signup"),
        {"email": "neuve@exemple.fr", "pseudonyme": "Personne Neuve", "password1": "une phrase assez longue",
         "password2": "une phrase assez longue", "charte": "on", "next": suite},
    )  # fmt: skip
    from allauth.account.models import EmailAddress, EmailConfirmationHMAC

    adresse = EmailAddress.objects.get(email="neuve@exemple.fr")
    confirmation = reverse("account_confirm_email", args=[EmailConfirmationHMAC(adresse).key])
    client.post(confirmation)
    assert client.get(suite).url == reverse("idees:modifier", args=[idee.pk])
    idee.refresh_from_db()
    assert idee.auteur.pseudonyme == "Personne Neuve"


def test_un_reseau_ne_remplit_pas_le_site_de_brouillons(client, saisie, proposer, monkeypatch):
    monkeypatch.setattr(ecrire, "BROUILLONS_MAX", 2)
    statuts = []
    for n in range(4):
        reponse = client.post(
            proposer, {**saisie, "cle_saisie": str(uuid.uuid4()), "titre": f"Un titre assez long {n}"}
        )
        statuts.append(reponse.status_code)
    assert statuts == [302, 302, 422, 422] and Idee.objects.count() == 2
    assert "Trop d’envois depuis ce réseau" in reponse.content.decode()
    assert "Un titre assez long 3" in reponse.content.decode()


def test_un_jeton_perime_propose_de_rouvrir_la_page(saisie, proposer):
    strict = Client(enforce_csrf_checks=True)
    reponse = strict.post(proposer, saisie)
    assert reponse.status_code == 403 and f'href="{proposer}"' in reponse.content.decode()


# --- Erased, given up -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("avec_compte", [False, True])
def test_un_brouillon_s_efface_pour_toujours_avec_ses_photos(client, citoyenne, saisie, proposer, avec_compte):
    if avec_compte:
        client.force_login(citoyenne)
    avant = fichiers()
    client.post(proposer, {**saisie, "garder": "1", "photo": image(), "alternative": "Le lavoir"})
    idee = Idee.objects.get()
    assert fichiers() != avant
    effacer = reverse("idees:effacer", args=[idee.pk])
    d_ou = idee.get_absolute_url() if avec_compte else reverse("idees:suite", args=[idee.pk])
    assert f'href="{effacer}"' in client.get(d_ou).content.decode()
    demande = unescape(client.get(effacer).content.decode())
    assert saisie["titre"] in demande and Idee.objects.exists()
    fait = client.post(effacer)
    assert fait.status_code == 200 and f'data-es-brouillon-fini="{idee.cle_saisie}"' in fait.content.decode()
    assert not Idee.objects.exists() and fichiers() == avant
    assert client.get(effacer).status_code == 404


def test_on_n_efface_ni_ce_qui_est_envoye_ni_ce_qui_est_a_une_autre(client, citoyenne, voisin):
    envoyee, autre = IdeeFabrique(auteur=citoyenne, etat="a_moderer"), IdeeFabrique(auteur=voisin)
    client.force_login(citoyenne)
    assert client.post(reverse("idees:effacer", args=[envoyee.pk])).status_code == 409
    assert client.post(reverse("idees:effacer", args=[autre.pk])).status_code == 404
    assert Idee.objects.count() == 2


def test_sans_compte_un_brouillon_ne_s_abandonne_pas_il_s_efface(client):
    idee = brouillon(client)
    page = client.get(idee.get_absolute_url()).content.decode()
    assert reverse("idees:effacer", args=[idee.pk]) in page
    assert "/abandonner/" not in page and issue(idee, "abandonner", Depositaire([idee.pk])) == "403"


def test_un_brouillon_abandonne_n_est_lu_par_personne_d_autre_et_part_avec_son_compte(citoyenne, agent):
    garde, envoyee = IdeeFabrique(auteur=citoyenne), IdeeFabrique(auteur=citoyenne, etat="a_moderer")
    for idee in (garde, envoyee):
        franchir(idee.abandonner, par=citoyenne)
    assert set(Idee.objects.visibles_par(citoyenne)) == {garde, envoyee}
    assert set(Idee.objects.visibles_par(agent)) == {envoyee}
    brouillons.oublier_de(citoyenne)
    assert set(Idee.objects.all()) == {envoyee}


# --- Forgotten ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_tic_oublie_les_brouillons_sans_autrice_apres_sept_jours(client, citoyenne, saisie, proposer):
    avant = fichiers()
    client.post(proposer, {**saisie, "photo": image(), "alternative": "Le lavoir"})
    garde = IdeeFabrique(auteur=citoyenne, titre="Le brouillon de Camille")
    assert len(fichiers() - avant) == 2
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23), tick=False):
        assert battre()["brouillons_oublies"] == 0
    with time_machine.travel(timezone.now() + timedelta(days=7, hours=1), tick=False):
        assert battre()["brouillons_oublies"] == 1
        assert battre()["brouillons_oublies"] == 0
    assert Idee.objects.get() == garde and not Photo.objects.exists()
    assert fichiers() == avant


# --- At once --------------------------------------------------------------------------------------------------------


def ensemble(gestes):
    """Each in a thread with a connection of its own, all released together; what each gave."""
    barriere, resultats = threading.Barrier(len(gestes)), [None] * len(gestes)

    def agir(rang, geste):
        try:
            barriere.wait(20)
            resultats[rang] = geste()
        except Exception as erreur:
            resultats[rang] = erreur
        finally:
            connections.close_all()

    fils = [threading.Thread(target=agir, args=paire) for paire in enumerate(gestes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    return resultats


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tour", range(3))
def test_une_cle_une_idee_quoi_qu_il_se_presse(citoyenne, saisie, proposer, enregistrer, tour):
    """Four sendings and four autosaves of the same form, at the same instant."""

    def poster(adresse, donnees):
        client = Client()
        client.force_login(citoyenne)
        return lambda: client.post(adresse, donnees).status_code

    gestes = [poster(proposer, saisie) for _ in range(4)]
    gestes += [poster(enregistrer, {**saisie, "texte": "Au lavoir"}) for _ in range(4)]
    statuts = ensemble(gestes)
    assert set(statuts[:4]) == {302} and set(statuts[4:]) <= {200, 409}, statuts
    idee = Idee.objects.get()
    assert (idee.etat, idee.texte) == ("a_moderer", saisie["texte"])
    assert Entree.objects.filter(type="idees.soumettre").count() == 1


@pytest.mark.django_db(transaction=True)
def test_deux_onglets_sans_compte_font_un_brouillon(saisie, proposer):
    clients = [Client() for _ in range(4)]
    statuts = ensemble([lambda c=c: c.post(proposer, saisie).status_code for c in clients])
    assert statuts == [302] * 4 and Idee.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_tic_et_la_reprise_ne_se_coupent_pas(client, citoyenne, saisie, proposer):
    """Either the account has its draft whole, or it is gone: never a row that loses its author's claim."""
    client.post(proposer, saisie)
    Idee.objects.update(cree_le=timezone.now() - timedelta(days=8))
    idee = Idee.objects.get()
    se_connecter(client, citoyenne)
    suite = reverse("idees:reprendre", args=[idee.pk])
    issues = ensemble([lambda: client.get(suite).url, brouillons.oublier_les_abandons])
    reste = Idee.objects.first()
    if reste is None:
        assert issues[1] == 1
    else:
        assert (reste.auteur, issues) == (citoyenne, [reverse("idees:modifier", args=[idee.pk]), 0])


def test_l_effacement_du_compte_emporte_ses_brouillons_seulement(citoyenne):
    brouillons.oublier_de(citoyenne)
    IdeeFabrique(auteur=citoyenne)
    publiee, autre = IdeeFabrique(auteur=citoyenne, etat="publiee"), IdeeFabrique(auteur=PersonneFabrique())
    brouillons.oublier_de(citoyenne)
    assert set(Idee.objects.all()) == {publiee, autre}
