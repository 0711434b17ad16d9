"""What one does with ideas through the API: the same rules, actions and words as on the pages."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from idees.models import Idee, Soutien
from notifications.models import Abonnement
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ThematiqueFabrique
from timeline.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def idee_ecrite(db):
    boite = BoiteFabrique(slug="ouverte")
    return {
        "boite": boite.slug,
        "titre": "Des bancs à l’ombre",
        "texte": "Il manque des bancs sur le chemin de l’école.",
        "thematique": ThematiqueFabrique().pk,
    }


def poster(client, chemin, corps=None, methode="post"):
    return getattr(client, methode)(f"/api/v1/{chemin}", json.dumps(corps or {}), content_type="application/json")


def test_de_l_idee_a_l_etude(api, citoyenne, moderatrice, idee_ecrite):
    chez_elle = api(citoyenne)
    ecrite = poster(chez_elle, "idees/", idee_ecrite)
    assert (ecrite.status_code, ecrite.json()["etat"]) == (201, "brouillon")
    adresse = ecrite.headers["Location"]
    assert chez_elle.get(adresse).json() == ecrite.json()

    recrite = chez_elle.put(
        adresse,
        json.dumps({**idee_ecrite, "titre": "Des bancs et de l’ombre", "envoyer": True}),
        content_type="application/json",
    )
    assert (recrite.status_code, recrite.json()["titre"], recrite.json()["etat"]) == (
        200,
        "Des bancs et de l’ombre",
        "a_moderer",
    )
    # Sent, it is corrected from the wording that one has read: a draft sent again replaces nothing.
    tard = chez_elle.put(adresse, json.dumps(idee_ecrite), content_type="application/json")
    assert (tard.status_code, list(tard.json())) == (400, ["redaction"])

    pk = ecrite.json()["id"]
    ouvertes = api(moderatrice).get(f"/api/v1/idees/{pk}/etapes/").json()
    assert [etape["nom"] for etape in ouvertes] == ["publier", "refuser"]
    publiee = poster(api(moderatrice), f"idees/{pk}/etapes/publier/")
    assert (publiee.status_code, publiee.json()["etat"], publiee.json()["entree"]["type"]) == (
        200,
        "publiee",
        "idees.publier",
    )

    for _ in range(3):
        soutien = poster(api(PersonneFabrique()), f"idees/{pk}/soutien/", methode="put")
    assert soutien.json() == {"est_soutenue": True, "nb_soutiens": 3}
    lue = api().get(adresse).json()
    assert (lue["etat"], lue["echeance"]["est_en_retard"], lue["auteur"]) == ("en_etude", False, "Camille Exemple")
    assert Entree.objects.filter(type="idees.atteindre_seuil").count() == 1


def test_un_soutien_se_donne_et_se_reprend_une_fois(api, voisin):
    idee = IdeeFabrique(etat="publiee")
    client, chemin = api(voisin), f"idees/{idee.pk}/soutien/"
    attendu = [("put", True, 1), ("put", True, 1), ("delete", False, 0), ("delete", False, 0)]
    for methode, soutenue, nombre in attendu:
        reponse = poster(client, chemin, methode=methode)
        assert (reponse.status_code, reponse.json()) == (200, {"est_soutenue": soutenue, "nb_soutiens": nombre})
    assert Abonnement.objects.sur(idee).filter(personne=voisin).count() == 0


def test_on_ne_soutient_que_les_mots_que_l_on_a_lus(api, voisin):
    """As the button of the page does, for whoever says which wording she has read."""
    idee = IdeeFabrique(etat="publiee", redaction=3)
    client, chemin = api(voisin), f"idees/{idee.pk}/soutien/"
    for lue, statut in ((2, 409), ("deux", 400), (-1, 400), (10**30, 400)):
        reponse = poster(client, chemin, {"redaction": lue}, methode="put")
        assert (reponse.status_code, idee.soutiens.count()) == (statut, 0), lue
    assert poster(client, chemin, {"redaction": 3}, methode="put").json() == {"est_soutenue": True, "nb_soutiens": 1}


def test_un_caractere_qui_casse_ailleurs_est_refuse_en_formulaire_aussi(api, citoyenne, idee_ecrite):
    for champ in ("titre", "texte"):
        reponse = api(citoyenne).post("/api/v1/idees/", {**idee_ecrite, champ: "Des bancs à l’ombre \x08 et du calme"})
        assert (reponse.status_code, list(reponse.json())) == (400, [champ])
    assert api(citoyenne).post("/api/v1/idees/", {**idee_ecrite, "boite": "a\x00b"}).status_code == 400
    assert not Idee.objects.exists()


def test_une_photo_avec_ses_mots(api, citoyenne, idee_ecrite):
    image = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(image, "JPEG")

    def envoyer(**autres):
        photo = SimpleUploadedFile("banc.jpg", image.getvalue(), content_type="image/jpeg")
        return api(citoyenne).post("/api/v1/idees/", {**idee_ecrite, "photo": photo, **autres})

    assert envoyer().json() == {"alternative": ["Dites en quelques mots ce que montre la photo."]}
    reponse = envoyer(alternative="Un banc vert")
    assert reponse.status_code == 201
    photo = reponse.json()["photos"][0]
    assert photo["alternative"] == "Un banc vert"
    assert b"".join(api(citoyenne).get(photo["vignette"]).streaming_content)[8:12] == b"WEBP"
    faux = SimpleUploadedFile("banc.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg")
    refus = envoyer(photo=faux, alternative="Un banc")
    assert (refus.status_code, list(refus.json())) == (400, ["photo"])


@pytest.mark.parametrize(
    ("changes", "refus"),
    [
        ({"titre": ""}, {"titre": ["Donnez un titre à votre idée."]}),
        ({"titre": "Bancs"}, {"titre": ["Ce titre est trop court : quelques mots suffisent."]}),
        ({"texte": None}, {"texte": ["Décrivez votre idée en une ou deux phrases."]}),
        ({"titre": {"a": 1}}, {"titre": ["Cette valeur n’a pas la forme attendue."]}),
        ({"titre": ["a", "b"]}, {"titre": ["Cette valeur n’a pas la forme attendue."]}),
        ({"boite": None}, {"boite": ["Dites dans quelle boîte à idées."]}),
        ({"boite": ["ouverte"]}, {"boite": ["Dites dans quelle boîte à idées."]}),
        ({"boite": "inconnue"}, {"boite": ["Il n’y a pas de boîte à idées de ce nom."]}),
        ({"envoyer": "oui"}, {"envoyer": ["Répondez par « true » ou par « false »."]}),
    ],
)
def test_une_faute_est_dite_a_son_champ_et_rien_n_est_ecrit(api, citoyenne, idee_ecrite, changes, refus):
    reponse = poster(api(citoyenne), "idees/", {**idee_ecrite, **changes})
    assert (reponse.status_code, reponse.json()) == (400, refus)
    assert not Idee.objects.exists()


def test_on_n_ecrit_que_ce_qui_se_demande(api, citoyenne, voisin, idee_ecrite):
    """Fields that nobody asked for change nothing, on every address that writes."""
    volees = {
        "id": 4242, "etat": "publiee", "auteur": voisin.pk, "auteur_id": voisin.pk, "publiee_le": "2020-01-01T00:00Z",
        "nb_soutiens": 1000, "poids": 1000, "masquee_le": None, "est_masquee": False, "projet": 1, "fusionnee_dans": 1,
        "is_staff": True, "is_superuser": True, "roles": ["administratrice"], "soumise_le": "2020-01-01",
    }  # fmt: skip
    client = api(citoyenne)
    creee = poster(client, "idees/", {**volees, **idee_ecrite})
    assert creee.status_code == 201
    idee = Idee.objects.get()
    lus = (idee.etat, idee.auteur, idee.publiee_le, idee.soumise_le, idee.poids, idee.projet_id, idee.fusionnee_dans_id)
    assert lus == ("brouillon", citoyenne, None, None, 0, None, None)
    assert idee.pk != 4242
    del volees["etat"]  # for a step, the state that she saw
    assert poster(client, f"idees/{idee.pk}/etapes/soumettre/", volees).status_code == 200
    idee = Idee.objects.get()
    assert (idee.etat, idee.auteur, idee.poids) == ("a_moderer", citoyenne, 0)
    citoyenne.refresh_from_db()
    assert (citoyenne.is_staff, citoyenne.is_superuser, citoyenne.roles_globaux.count()) == (False, False, 0)
    ouverte = IdeeFabrique(etat="publiee")
    assert (
        poster(client, f"idees/{ouverte.pk}/soutien/", {"personne": voisin.pk, "nb_soutiens": 99}, "put").status_code
        == 200
    )
    assert list(Soutien.objects.values_list("personne", flat=True)) == [citoyenne.pk]


def test_un_etat_vu_qui_n_est_plus_le_bon_arrete_tout(api, agent):
    idee = IdeeFabrique(etat="publiee")
    corps = {"service": idee.boite.service.pk, "etat": "a_moderer"}
    reponse = poster(api(agent), f"idees/{idee.pk}/etapes/prendre/", corps)
    assert (reponse.status_code, list(reponse.json())) == (409, ["detail"])
    assert (
        poster(api(agent), f"idees/{idee.pk}/etapes/prendre/", {**corps, "etat": "publiee"}).json()["etat"]
        == "en_etude"
    )


def test_une_etape_dit_ce_qu_elle_demande(api, agent):
    idee = IdeeFabrique(etat="publiee")
    etapes = {e["nom"]: e for e in api(agent).get(f"/api/v1/idees/{idee.pk}/etapes/").json()}
    assert list(etapes) == ["prendre"]
    (service,) = etapes["prendre"]["champs"]
    assert (service["nom"], service["obligatoire"]) == ("service", True)
    assert {"valeur": str(idee.boite.service.pk), "libelle": idee.boite.service.nom} in service["choix"]
    refus = poster(api(agent), f"idees/{idee.pk}/etapes/prendre/", {"service": 0})
    assert (refus.status_code, list(refus.json())) == (400, ["service"])
    idee.refresh_from_db()
    assert idee.etat == "publiee"


def test_la_boite_des_habitants(api, citoyenne, idee_ecrite):
    from territoires.models import Territoire

    ici = Territoire.objects.create(genre="commune", nom="Ici", slug="ici", code="1")
    BoiteFabrique(slug="reservee", qui="habitantes", territoire=ici)
    corps = {**idee_ecrite, "boite": "reservee"}
    refus = poster(api(citoyenne), "idees/", corps)
    assert (refus.status_code, list(refus.json())) == (403, ["detail"])
    citoyenne.commune = ici
    citoyenne.save()
    assert poster(api(citoyenne), "idees/", corps).status_code == 201
