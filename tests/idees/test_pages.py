"""The pages of ideas, as each person opens them."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from commentaires.fil import CLE_PAGE
from commentaires.models import Commentaire
from idees import exposition
from idees.actions import soutenir
from idees.models import Boite, CoAutrice, Idee, Photo, Soutien
from moderation.actions import masquer
from reponses.models import Echeance
from socle.permissions import SYSTEME
from territoires.models import Territoire
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    ThematiqueFabrique,
)
from tests.requetes import requetes
from timeline.journal import Fait, consigner_lot
from timeline.models import Entree

pytestmark = pytest.mark.django_db


def image(format="JPEG", taille=(900, 600), **options) -> bytes:
    sortie = io.BytesIO()
    Image.new("RGB", taille, (90, 140, 150)).save(sortie, format, **options)
    return sortie.getvalue()


def adresse(boite):
    return reverse("idees:proposer_dans", args=[boite.slug])


# --- Proposing -----------------------------------------------------------------------------------------------------


def test_proposer_puis_lire_la_suite(client, citoyenne, saisie):
    client.force_login(citoyenne)
    reponse = client.post(adresse(BoiteFabrique()), saisie, follow=True)
    idee = Idee.objects.get()
    assert (idee.etat, idee.auteur, idee.lieu) == ("a_moderer", citoyenne, "Devant le lavoir")
    assert "Votre idée est bien reçue" in reponse.content.decode()


def test_garder_un_brouillon_puis_l_envoyer(client, citoyenne, saisie):
    client.force_login(citoyenne)
    client.post(adresse(BoiteFabrique()), {**saisie, "garder": "1"})
    idee = Idee.objects.get()
    assert idee.etat == "brouillon" and not Entree.objects.sur(idee).exists()
    page = client.get(reverse("idees:modifier", args=[idee.pk])).content.decode()
    assert "Des bancs à l’ombre" in page and "Devant le lavoir" in page
    client.post(reverse("idees:modifier", args=[idee.pk]), {**saisie, "titre": "Des bancs près du lavoir"})
    idee.refresh_from_db()
    assert (idee.etat, idee.titre) == ("a_moderer", "Des bancs près du lavoir")


MAUVAISES_SAISIES = [
    ("titre", "", "Donnez un titre à votre idée."),
    ("titre", "Banc", "Ce titre est trop court : quelques mots suffisent."),
    ("titre", "B" * 121, "120 caractères au plus, ici 121"),
    ("texte", "", "Décrivez votre idée en une ou deux phrases."),
    ("texte", "Court.", "Dites-en un peu plus : une ou deux phrases."),
    ("texte", "x" * 5001, "5000 caractères au plus, ici 5001"),
    ("thematique", "", "Choisissez le thème le plus proche."),
    ("thematique", "999999", "sélectionnez"),
    ("latitude", "47.2", "Il manque la latitude ou la longitude"),
    ("titre", "\u200b\x00" * 20, "Donnez un titre à votre idée."),
]


@pytest.mark.parametrize(("champ", "valeur", "phrase"), MAUVAISES_SAISIES)
def test_une_mauvaise_saisie_dit_quoi_et_garde_le_reste(client, citoyenne, saisie, champ, valeur, phrase):
    client.force_login(citoyenne)
    reponse = client.post(adresse(BoiteFabrique()), {**saisie, champ: valeur})
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert phrase.lower() in page.lower()
    if champ != "texte":
        assert "Au lavoir il n’y a pas un seul siège" in page
    assert not Idee.objects.exists()


MAUVAISES_PHOTOS = {
    "texte déguisé": lambda: (b"<svg onload=alert(1)>", "pas une photo lisible"),
    "gif": lambda: (image("GIF"), "pas une photo lisible"),
    "tronquée": lambda: (image()[:300], "pas une photo lisible"),
    "bombe": lambda: (image("PNG", (9000, 9000)), "trop grande"),
    "trop lourde": lambda: (image() + b"0" * settings.PHOTO_MAX, "trop lourde"),
}


@pytest.mark.parametrize("cas", MAUVAISES_PHOTOS)
def test_une_mauvaise_photo_est_refusee_avant_tout(client, citoyenne, saisie, cas):
    contenu, phrase = MAUVAISES_PHOTOS[cas]()
    client.force_login(citoyenne)
    photo = SimpleUploadedFile("photo.jpg", contenu, content_type="image/jpeg")
    reponse = client.post(adresse(BoiteFabrique()), {**saisie, "photo": photo, "alternative": "Un banc"})
    assert reponse.status_code == 422 and phrase in reponse.content.decode()
    assert not Idee.objects.exists() and not Photo.objects.exists()


def test_une_photo_demande_ce_qu_elle_montre(client, citoyenne, saisie):
    client.force_login(citoyenne)
    photo = SimpleUploadedFile("photo.jpg", image(), content_type="image/jpeg")
    reponse = client.post(adresse(BoiteFabrique()), {**saisie, "photo": photo})
    assert "Dites en quelques mots ce que montre la photo." in reponse.content.decode()


@pytest.mark.parametrize("nom", ["<svg onload=alert(1)>.png", "../../x.jpg", "a" * 300 + ".jpg", "\u202egpj.exe"])
def test_une_photo_perd_son_nom_et_ses_secrets(client, citoyenne, saisie, nom):
    exif = Image.Exif()
    exif[0x010F] = "TelephoneFictif"
    exif.get_ifd(0x8825)[2] = (47.0, 12.0, 0.0)
    client.force_login(citoyenne)
    photo = SimpleUploadedFile(nom, image(exif=exif), content_type="image/jpeg")
    client.post(adresse(BoiteFabrique()), {**saisie, "photo": photo, "alternative": "Un banc"})
    gardee = Photo.objects.get()
    for fichier in (gardee.fichier, gardee.vignette):
        with fichier.open("rb") as ouvert:
            contenu = ouvert.read()
        assert b"TelephoneFictif" not in contenu and b"Exif" not in contenu
        assert fichier.name.startswith("idees/") and fichier.name.endswith(".webp") and len(fichier.name) < 60


def test_une_boite_fermee_entre_temps_n_ecrit_rien(client, citoyenne, saisie):
    client.force_login(citoyenne)
    boite = BoiteFabrique(est_active=False)
    reponse = client.post(adresse(boite), saisie)
    assert reponse.status_code == 403 and not Idee.objects.exists()


def test_une_boite_reservee_le_dit(client, citoyenne, saisie):
    ville = Territoire.objects.create(genre="metropole", nom="Ville fictive", slug="ville-fictive", code="V1")
    boite = BoiteFabrique(qui="habitantes", territoire=ville)
    client.force_login(citoyenne)
    reponse = client.post(adresse(boite), saisie)
    assert reponse.status_code == 403 and "réservée aux personnes qui habitent ici" in reponse.content.decode()
    citoyenne.commune = Territoire.objects.create(
        genre="commune", nom="Commune fictive", slug="commune-fictive", code="C1", parent=ville
    )
    citoyenne.save()
    assert client.post(adresse(boite), saisie).status_code == 302


# --- Supporting ----------------------------------------------------------------------------------------------------


def test_un_clic_soutient_le_suivant_reprend(client, voisin):
    idee = IdeeFabrique(etat="publiee")
    client.force_login(voisin)
    chemin = reverse("idees:soutien", args=[idee.pk])
    for action, attendu in (("donner", 1), ("donner", 1), ("reprendre", 0), ("reprendre", 0), ("donner", 1)):
        assert client.post(chemin, {"action": action}).status_code == 302
        assert Soutien.objects.count() == attendu


def test_le_morceau_htmx_dit_le_nouveau_compte(client, voisin):
    idee = IdeeFabrique(etat="publiee")
    client.force_login(voisin)
    reponse = client.post(
        reverse("idees:soutien", args=[idee.pk]), {"action": "donner"}, headers={"HX-Request": "true"}
    )
    assert "Vous soutenez cette idée" in reponse.content.decode() and "<html" not in reponse.content.decode()


@pytest.mark.parametrize(
    ("etat", "qui", "statut"),
    [
        ("publiee", "autrice", 403),
        ("retenue", "voisin", 409),
        ("non_retenue", "voisin", 409),
        ("brouillon", "voisin", 404),
        ("a_moderer", "voisin", 404),
        ("retiree", "voisin", 404),
    ],
)
def test_on_ne_soutient_pas_n_importe_quoi(client, voisin, etat, qui, statut):
    idee = IdeeFabrique(etat=etat)
    client.force_login(idee.auteur if qui == "autrice" else voisin)
    assert client.post(reverse("idees:soutien", args=[idee.pk]), {"action": "donner"}).status_code == statut
    assert not Soutien.objects.exists()


def test_les_soutiens_d_un_appel_suivent_son_etape(client, voisin):
    etape = EtapeFabrique(projet=ProjetFabrique(ouvert=True))
    idee = IdeeFabrique(etat="publiee", boite=BoiteFabrique(etape=etape))
    assert soutenir(idee, par=voisin)
    type(etape).objects.filter(pk=etape.pk).update(ferme_le=timezone.now() - timedelta(seconds=1))
    client.force_login(PersonneFabrique())
    assert client.post(reverse("idees:soutien", args=[idee.pk]), {"action": "donner"}).status_code == 409


# --- Seeing --------------------------------------------------------------------------------------------------------

VISIBLE = {
    "brouillon": {"autrice"},
    "a_moderer": {"autrice", "agent", "moderatrice", "administratrice"},
    "publiee": {"tous"},
    "refusee": {"autrice", "agent", "moderatrice", "administratrice"},
    "retiree": {"autrice", "agent", "administratrice"},
    "retenue": {"tous"},
    "masquee": {"autrice", "agent", "moderatrice", "administratrice"},
}


QUI = ("visiteur", "voisin", "autrice", "agent", "moderatrice", "elue", "administratrice")


@pytest.fixture(scope="module")
def gens(pour_le_module):
    """Everybody of the table, each of whom signs in once."""
    noms = {nom: [] if nom in {"voisin", "autrice"} else [nom] for nom in QUI[1:]}
    return pour_le_module(lambda: {nom: PersonneFabrique(roles=roles) for nom, roles in noms.items()})


@pytest.mark.parametrize("qui", QUI)
def test_qui_voit_quoi_par_chaque_porte(client, gens, qui):
    """An idea of each state in one box: the lists are asked while they hold none that everybody may read, so that one that
    should not be there is at the top; then each page."""
    boite, autrice = BoiteFabrique(), gens["autrice"]

    def ecrire(etats):
        for etat in etats:
            ecrit = "publiee" if etat == "masquee" else etat
            idees[etat] = IdeeFabrique(boite=boite, auteur=autrice, etat=ecrit, titre=f"Un titre reconnaissable {etat}")

    idees = {}
    ecrire(etat for etat in VISIBLE if VISIBLE[etat] != {"tous"})
    masquer(idees["masquee"], par=gens["moderatrice"], motif="injure", explication="Propos injurieux.")
    if qui != "visiteur":
        client.force_login(gens[qui])
    portes = (reverse("idees:liste"), boite.get_absolute_url(), reverse("portail:accueil"), reverse("timeline:atom"))
    textes = {porte: client.get(porte).content.decode() for porte in portes}
    fautes = [(porte, etat) for porte, texte in textes.items() for etat, idee in idees.items() if idee.titre in texte]
    ecrire(etat for etat in VISIBLE if VISIBLE[etat] == {"tous"})
    for etat, permis in VISIBLE.items():
        attendu = 200 if permis == {"tous"} or qui in permis else 404
        if (obtenu := client.get(idees[etat].get_absolute_url()).status_code) != attendu:
            fautes.append((etat, obtenu, attendu))
    assert fautes == []


def test_une_photo_se_lit_par_les_droits_de_son_idee(client, citoyenne, saisie, moderatrice):
    client.force_login(citoyenne)
    photo = SimpleUploadedFile("photo.jpg", image(), content_type="image/jpeg")
    client.post(adresse(BoiteFabrique()), {**saisie, "photo": photo, "alternative": "Un banc"})
    gardee = Photo.objects.get()
    chemin = reverse("idees:photo", args=[gardee.idee_id, gardee.pk, "grande"])
    reponse = client.get(chemin)
    assert reponse.status_code == 200 and "sandbox" in reponse.headers["Content-Security-Policy"]
    assert reponse.getvalue().startswith(b"RIFF")  # read to its end, which closes the file
    client.logout()
    assert client.get(chemin).status_code == 404
    autre = IdeeFabrique(etat="publiee")
    assert client.get(reverse("idees:photo", args=[autre.pk, gardee.pk, "grande"])).status_code == 404


def test_les_filtres_gardent_ce_qu_ils_disent(client):
    theme = ThematiqueFabrique(nom="Nature", slug="nature")
    IdeeFabrique(etat="publiee", thematique=theme, titre="Un arbre devant l’école")
    IdeeFabrique(etat="en_etude", titre="Un feu plus long")
    IdeeFabrique(etat="en_etude", titre="Une réponse qui tarde")
    # The due date is locked: the day moves instead.
    with time_machine.travel(timezone.now() + timedelta(days=61), tick=False):
        page = client.get(reverse("idees:liste"), {"etat": "retard"}).content.decode()
    assert "Une réponse qui tarde" in page and "Un arbre" not in page
    page = client.get(reverse("idees:liste"), {"theme": "nature"}).content.decode()
    assert "Un arbre devant l’école" in page and "Un feu plus long" not in page


# --- Constant queries ----------------------------------------------------------------------------------------------


#: Queries that a page may ask, whatever it shows: as `make bench` wants them. Session and account included.
PLAFONDS = {
    "liste": {"visiteur": 8, "voisin": 11, "agent": 11},
    "detail": {"visiteur": 8, "voisin": 11, "agent": 11},
    "boite": {"visiteur": 5, "voisin": 8, "agent": 8},
    "accueil": {"visiteur": 13, "voisin": 16, "agent": 16},
    "chronologie": {"visiteur": 6, "voisin": 9, "agent": 9},
    "atom": {"visiteur": 2, "voisin": 4, "agent": 4},
    "mon_espace": {"voisin": 17, "agent": 17},
}


def trop(couts) -> list[tuple[str, str, int, int]]:
    """Where more is asked than allowed: door, person, queries, ceiling."""
    cas = [(porte, qui, cout, PLAFONDS[porte.rstrip("2")][qui]) for (porte, qui), cout in couts.items()]
    return [un for un in cas if un[2] > un[3]]


def garnir(idees):
    """A picture, a co-author and two supports for each."""
    gens = PersonneFabrique.create_batch(2)
    Photo.objects.bulk_create(
        Photo(idee=idee, alternative="Un banc", largeur=1, hauteur=1, fichier="x.webp", vignette="y.webp")
        for idee in idees
    )
    maintenant = timezone.now()
    CoAutrice.objects.bulk_create(
        CoAutrice(idee=idee, personne=gens[0], place=1, expire_le=maintenant, etat="acceptee", repondue_le=maintenant)
        for idee in idees
    )
    Soutien.objects.bulk_create(Soutien(idee=idee, personne=personne) for idee in idees for personne in gens)


def couter(gens, chemins) -> dict[tuple[str, str], int]:
    """What each door costs to each of these people, each in her own browser."""
    couts = {}
    for qui, personne in gens.items():
        client = Client()
        if personne:
            client.force_login(personne)
        couts |= {(porte, qui): requetes(client, chemin) for porte, chemin in chemins.items()}
    return couts


@pytest.fixture
def lectrices():
    return {"visiteur": None, "voisin": PersonneFabrique(), "agent": PersonneFabrique(roles=["agent"])}


def test_autant_de_requetes_pour_une_que_pour_cinquante(lectrices):
    boite, theme, auteur = BoiteFabrique(seuil_soutiens=100), ThematiqueFabrique(), PersonneFabrique()

    def ecrire(n):
        """Straight to the table: the road that leads there is told elsewhere."""
        dates = dict.fromkeys(["soumise_le", "publiee_le"], timezone.now() - timedelta(minutes=n))
        return Idee(
            boite=boite, thematique=theme, auteur=auteur, titre=f"Idée {n}", texte="Un texte.", etat="publiee", seuil_soutiens=100,
            delai_reponse=60, **dates,
        )  # fmt: skip

    def ajouter(nombre):
        """Each with its clock, and its line in the journal."""
        idees = [ecrire(n) for n in range(nombre)]
        garnir(Idee.objects.bulk_create(idees))
        Echeance.objects.bulk_create(
            Echeance(cible=idee, service=boite.service, due_le=timezone.localdate()) for idee in idees
        )
        with transaction.atomic():
            consigner_lot([Fait("idees.publier", idee, {}) for idee in idees], par=SYSTEME)
        exposition.tourner()

    chemins = {
        "liste": reverse("idees:liste"),
        "boite": boite.get_absolute_url(),
        "accueil": reverse("portail:accueil"),
        "chronologie": reverse("timeline:chronologie"),
        "atom": reverse("timeline:atom"),
    }
    suites = {f"{porte}2": f"{chemins[porte]}?page=2" for porte in ("liste", "boite", "chronologie")}
    ajouter(1)
    une = couter(lectrices, chemins)
    ajouter(49)
    cinquante = couter(lectrices, chemins | suites)
    assert {cas: cinquante[cas] for cas in une} == une
    suivantes = {(porte[:-1], qui): cout for (porte, qui), cout in cinquante.items() if porte in suites}
    assert [cas for cas, cout in suivantes.items() if cout > une[cas]] == []
    assert trop(cinquante) == []


def test_autant_de_requetes_pour_une_des_miennes_que_pour_cinquante(lectrices):
    boite, theme = BoiteFabrique(seuil_soutiens=100), ThematiqueFabrique()
    del lectrices["visiteur"]  # « Mon espace » asks for an account

    def ajouter(nombre):
        gens = lectrices.values()
        garnir(
            [IdeeFabrique(boite=boite, thematique=theme, etat="publiee", auteur=p) for p in gens for _ in range(nombre)]
        )

    chemins = {"mon_espace": reverse("portail:mon_espace")}
    ajouter(1)
    une = couter(lectrices, chemins)
    ajouter(49)
    assert couter(lectrices, chemins) == une
    assert trop(une) == []


def test_autant_de_requetes_pour_un_commentaire_et_un_soutien_que_pour_cinquante(lectrices):
    idee = IdeeFabrique(etat="en_etude", boite__seuil_soutiens=200)
    garnir([idee])
    IdeeFabrique(boite=idee.boite, etat="publiee")  # of another theme: the one from elsewhere
    exposition.tourner()

    def ajouter(nombre):
        """Comments, each with its answer, and supports: of others, and of those who read."""
        gens = PersonneFabrique.create_batch(nombre) + [p for p in lectrices.values() if p]
        for auteur in gens:
            premier = Commentaire.objects.create(cible=idee, auteur=auteur, texte="Oui")
            Commentaire.objects.create(cible=idee, parent=premier, auteur=auteur, texte="Et encore")
        Soutien.objects.bulk_create([Soutien(idee=idee, personne=p) for p in gens], ignore_conflicts=True)

    chemins = {"detail": idee.get_absolute_url()}
    ajouter(1)
    un = couter(lectrices, chemins)
    ajouter(49)
    suite = {"detail2": f"{chemins['detail']}?{CLE_PAGE}=2"}
    cinquante = couter(lectrices, chemins | suite)
    assert {qui: (cinquante["detail", qui], cinquante["detail2", qui]) for qui in lectrices} == {
        qui: (cout, cout) for (_porte, qui), cout in un.items()
    }
    assert trop(cinquante) == []


def test_le_choix_d_une_boite_coute_autant_avec_deux_qu_avec_cinquante(lectrices):
    """Each of its own stage: with a single open one, there is nothing to choose."""
    projet = ProjetFabrique(ouvert=True)
    for _ in range(2):
        BoiteFabrique(etape=EtapeFabrique(projet=projet))
    chemins = {"proposer": reverse("idees:proposer")}
    deux = couter(lectrices, chemins)
    for _ in range(48):
        BoiteFabrique(etape=EtapeFabrique(projet=projet))
    assert couter(lectrices, chemins) == deux
    assert max(deux.values()) <= 6, deux


def test_les_registres_coutent_autant_avec_un_qu_avec_cinquante(lectrices):
    ProjetFabrique(ouvert=True)
    chemins = {"registres": reverse("timeline:registres")}
    un = couter(lectrices, chemins)
    ProjetFabrique.create_batch(49, ouvert=True)
    assert couter(lectrices, chemins) == un
    assert max(un.values()) <= 6, un


def test_regler_une_boite_se_dit_dans_la_chronologie(client, agent, citoyenne):
    boite = BoiteFabrique(seuil_soutiens=10)
    donnees = {
        "titre": boite.titre, "description": "d", "service": boite.service_id, "seuil_soutiens": 5, "delai_reponse": 30,
        "moderation": "avant", "qui": "inscrites", "est_active": "on",
    }  # fmt: skip
    chemin = reverse("idees:regler_boite", args=[boite.slug])
    client.force_login(citoyenne)
    assert client.post(chemin, donnees).status_code == 403
    client.force_login(agent)
    donnees["vu"] = client.get(chemin).context["form"].initial["vu"]
    assert client.post(chemin, donnees).status_code == 302
    entree = Entree.objects.get(type="idees.boite.regler")
    assert "10 soutiens" in entree.donnees["avant"] and "5 soutiens" in entree.donnees["apres"]
    reponse = client.post(chemin, {**donnees, "seuil_soutiens": 0})
    assert reponse.status_code == 422
    creation = client.post(
        reverse("idees:creer_boite"), {**donnees, "titre": "Une autre boîte", "service": ServiceFabrique().pk}
    )
    assert creation.status_code == 302 and Boite.objects.filter(slug="une-autre-boite").exists()
