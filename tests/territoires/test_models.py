import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from territoires.models import Territoire
from tests.territoires.tuiles import carre

Genre = Territoire.Genre


def nouveau(**champs):
    return Territoire(**{"genre": Genre.COMMUNE, "nom": "Exemple", "slug": "exemple", "code": "99999", **champs})


def test_les_genres_se_lisent_separement(nantes):
    assert Territoire.objects.metropoles().get().nom == "Nantes Métropole"
    assert Territoire.objects.communes().count() == 24
    assert Territoire.objects.quartiers().count() == 11
    assert Territoire.objects.avec_contour().count() == 24
    assert str(nantes["44109"]) == "Nantes"
    assert nantes["44109-06"].parent == nantes["44109"]
    assert nantes["44109"].parent == nantes["244400404"]


def test_l_ordre_est_le_meme_dans_toutes_les_bases(nantes):
    """« Île de Nantes » between « Hauts-Pavés » and « Malakoff », whatever the collation says of accents."""
    noms = [quartier.nom for quartier in Territoire.objects.quartiers()]
    assert noms == [
        "Bellevue - Chantenay - Sainte-Anne",
        "Breil - Barberie",
        "Centre-ville",
        "Dervallières - Zola",
        "Doulon - Bottière",
        "Hauts-Pavés - Saint-Félix",
        "Île de Nantes",
        "Malakoff - Saint-Donatien",
        "Nantes Erdre",
        "Nantes Nord",
        "Nantes Sud",
    ]


def test_la_commune_qui_contient_un_point(nantes, django_assert_num_queries):
    for commune in Territoire.objects.communes():
        with django_assert_num_queries(1):
            assert Territoire.objects.contenant(*commune.centre) == commune
    assert Territoire.objects.contenant(48.8566, 2.3522) is None  # Paris
    assert Territoire.objects.contenant(-1.5538, 47.2186) is None  # latitude and longitude swapped
    assert Territoire.objects.quartiers().contenant(47.2186, -1.5538) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"centre_lat": 47.2}, "territoire_centre_complet"),
        ({"centre_lon": -1.5}, "territoire_centre_complet"),
        ({"centre_lat": 91, "centre_lon": 0}, "territoire_centre_sur_terre"),
        ({"centre_lat": 0, "centre_lon": -181}, "territoire_centre_sur_terre"),
        ({"genre": "region"}, "territoire_genre_connu"),
        ({"genre": Genre.QUARTIER}, "territoire_quartier_d_une_commune"),
    ],
)
def test_la_base_refuse_un_territoire_bancal(champs, contrainte):
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        nouveau(**champs).save()
    with pytest.raises(ValidationError):
        nouveau(**champs).full_clean()
    assert not Territoire.objects.exists()


def test_une_metropole_n_a_pas_de_parent(nantes):
    nantes["244400404"].parent = nantes["44109"]
    with pytest.raises(IntegrityError, match="territoire_metropole_sans_parent"), transaction.atomic():
        nantes["244400404"].save()


@pytest.mark.parametrize(("genre", "parent"), [(Genre.COMMUNE, "44143"), (Genre.QUARTIER, "244400404")])
def test_le_parent_est_du_bon_genre(nantes, genre, parent):
    with pytest.raises(ValidationError) as erreur:
        nouveau(genre=genre, parent=nantes[parent]).full_clean()
    assert list(erreur.value.message_dict) == ["parent"]
    nouveau(parent=nantes["244400404"]).full_clean()


def test_code_et_slug_sont_uniques(nantes):
    for champs in ({"code": "44109"}, {"slug": "nantes"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            nouveau(**champs).save()


def test_un_territoire_qui_a_des_parties_ne_s_efface_pas(nantes):
    with pytest.raises(ProtectedError):
        nantes["44109"].delete()


@pytest.mark.django_db
@pytest.mark.parametrize("contour", [{"a": 1}, [3], {"type": "Point", "coordinates": [0, 0]}, {"type": "Polygon"}])
def test_un_contour_illisible_est_refuse_en_une_phrase(contour):
    with pytest.raises(ValidationError) as erreur:
        nouveau(contour=contour).full_clean()
    assert list(erreur.value.message_dict) == ["contour"]
    assert erreur.value.messages[0].startswith("Ce contour n'est pas utilisable")
    nouveau(contour={"type": "Polygon", "coordinates": [carre(0, 0, 1)]}).full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize("vide", [None, [], {}])
def test_un_contour_vide_n_est_pas_un_contour(vide):
    territoire = nouveau(contour=vide)
    territoire.full_clean()
    territoire.save()
    assert not Territoire.objects.avec_contour().exists()


def test_l_administration_montre_les_territoires_sans_ecrire_les_contours(nantes, client, administratrice):
    client.force_login(administratrice)
    liste = client.get(reverse("admin:territoires_territoire_changelist"))
    assert liste.status_code == 200
    nombre = len(nantes["44109"].contour["coordinates"][0][0]) - 1
    page = client.get(reverse("admin:territoires_territoire_change", args=[nantes["44109"].pk]))
    assert f"{nombre} sommets" in page.content.decode()
    assert 'name="contour"' not in page.content.decode()
    # A request that brings one anyway changes nothing.
    donnees = {
        "genre": "commune", "nom": "Nantes", "slug": "nantes", "code": "44109", "parent": nantes["244400404"].pk,
        "population": "327734", "centre_lat": "47.2186", "centre_lon": "-1.5538",
        "contour": json.dumps({"type": "Polygon", "coordinates": [carre(0, 0, 1)]}),
    }  # fmt: skip
    adresse = reverse("admin:territoires_territoire_change", args=[nantes["44109"].pk])
    assert client.post(adresse, donnees).status_code == 302
    assert Territoire.objects.get(code="44109").contour == nantes["44109"].contour


def test_le_nombre_de_requetes_de_la_liste_d_administration_ne_depend_pas_des_lignes(client, administratrice):
    client.force_login(administratrice)
    metropole = Territoire.objects.create(genre=Genre.METROPOLE, nom="Exemplie", slug="exemplie", code="1")
    adresse = reverse("admin:territoires_territoire_changelist")
    mesures = []
    for debut, fin in ((0, 1), (1, 50)):
        for rang in range(debut, fin):
            nouveau(slug=f"exemple-{rang}", code=f"9{rang}", parent=metropole).save()
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        mesures.append(len(requetes))
    assert mesures[0] == mesures[1]
