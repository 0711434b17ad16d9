import math

import pytest
from django.core.exceptions import ValidationError

from territoires.champs import Lieu, LieuForm, situer
from territoires.models import Territoire

pytestmark = pytest.mark.usefixtures("territoires_du_fichier")

PLACE = (47.2186, -1.5538)  # in Nantes


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("47.2186", "-1.5538"),
        ("47,2186", "-1,5538"),
        (" 47.2186 ", "−1,5538"),  # the minus sign of a word processor
        ("4.72186E1", "-1.5538e0"),
        (47.2186, -1.5538),
        ("47.21860000001", "-1.55380000002"),
    ],
)
def test_un_point_donne_sa_commune(nantes, lat, lon):
    assert situer(lat, lon) == Lieu(*PLACE, nantes["44109"])


@pytest.mark.parametrize(("lat", "lon"), [("", ""), (None, None), ("  ", None)])
def test_rien_n_est_pas_une_erreur(lat, lon):
    assert situer(lat, lon) is None


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        ("47.2", "", "incomplet"),
        (None, "-1.5", "incomplet"),
        ("NaN", "-1.5", "illisible"),
        ("47.2", "nan", "illisible"),
        ("inf", "-1.5", "illisible"),
        ("-Infinity", "-1.5", "illisible"),
        ("1e400", "-1.5", "illisible"),
        ("-1e400", "1e400", "illisible"),
        ("1e-999", "-1.5", "hors_territoire"),  # nothing but a very small number
        ("1e9999999", "-1.5", "illisible"),
        ("mairie", "-1.5", "illisible"),
        ("47°13'", "1°33'", "illisible"),
        ("47.2;", "-1.5", "illisible"),
        ("4_7.2", "-1.5", "illisible"),
        ("٤٧", "-1.5", "illisible"),
        ("0x2F", "-1.5", "illisible"),
        ("47.2\x00", "-1.5", "illisible"),
        ("4" * 1_000_000, "-1.5", "illisible"),
        ("1234", "-1.5", "illisible"),
        ("--47", "-1.5", "illisible"),
        (math.nan, -1.5, "illisible"),
        (math.inf, -1.5, "illisible"),
        (10**400, -1.5, "illisible"),
        (True, -1.5, "illisible"),
        ([47.2], -1.5, "illisible"),
        ({"lat": 1}, -1.5, "illisible"),
        ("90.1", "-1.5", "hors_bornes"),
        ("47.2", "-180.01", "hors_bornes"),
        (91.0, 0.0, "hors_bornes"),
        ("48.8566", "2.3522", "hors_territoire"),
        ("-1.5538", "47.2186", "hors_territoire"),
        ("0", "0", "hors_territoire"),
        ("90", "180", "hors_territoire"),
    ],
)
def test_un_mauvais_point_est_dit_en_une_phrase(nantes, lat, lon, code):
    with pytest.raises(ValidationError) as erreur:
        situer(lat, lon)
    assert erreur.value.code == code
    assert len(erreur.value.messages) == 1
    assert erreur.value.messages[0].endswith(".")


def test_hors_du_territoire_la_phrase_nomme_la_metropole(nantes):
    with pytest.raises(ValidationError) as erreur:
        situer("48.8566", "2.3522")
    assert "Nantes Métropole" in erreur.value.messages[0]
    Territoire.objects.update(parent=None, genre=Territoire.Genre.COMMUNE)
    with pytest.raises(ValidationError) as erreur:
        situer("48.8566", "2.3522")
    assert erreur.value.messages[0].startswith("Ce lieu est en dehors de notre territoire")


@pytest.mark.django_db
def test_sans_contour_dans_la_base_un_point_est_accepte_sans_commune():
    """A city that has no outlines cannot be told that everything is outside of it."""
    Territoire.objects.update(contour=None)
    assert situer("48.8566", "2.3522") == Lieu(48.8566, 2.3522, None)


def formulaire(**donnees):
    return LieuForm({"commune": "", "latitude": "", "longitude": "", **donnees})


def test_le_formulaire_trouve_la_commune_du_point(nantes):
    form = formulaire(latitude="47,2186", longitude="-1,5538")
    assert form.is_valid()
    assert form.cleaned_data == {
        "commune": nantes["44109"],
        "latitude": 47.2186,
        "longitude": -1.5538,
        "lieu": Lieu(*PLACE, nantes["44109"]),
    }


def test_la_commune_choisie_l_emporte_sur_celle_du_point(nantes):
    form = formulaire(commune=nantes["44143"].pk, latitude="47.2186", longitude="-1.5538")
    assert form.is_valid()
    assert form.cleaned_data["commune"] == nantes["44143"]


def test_sans_lieu_le_formulaire_est_bon(nantes):
    form = formulaire()
    assert form.is_valid()
    assert form.cleaned_data == {"commune": None, "latitude": None, "longitude": None, "lieu": None}
    assert LieuForm({}).is_valid()


def test_une_seule_phrase_et_ce_qui_est_tape_reste(nantes):
    form = formulaire(commune=nantes["44143"].pk, latitude="1e400", longitude="NaN")
    assert not form.is_valid()
    assert list(form.errors) == ["latitude"]
    assert len(form.errors["latitude"]) == 1
    assert 'value="1e400"' in str(form["latitude"])
    assert 'value="NaN"' in str(form["longitude"])
    assert f'value="{nantes["44143"].pk}" selected' in str(form["commune"])


@pytest.mark.parametrize("commune", ["0", "abc", "99999999999999999999"])
def test_une_commune_inconnue_est_dite_en_une_phrase(nantes, commune):
    form = formulaire(commune=commune, latitude="47.2186", longitude="-1.5538")
    assert not form.is_valid()
    assert form.errors == {"commune": ["Cette commune n'est pas dans la liste : choisissez-en une."]}


def test_la_liste_propose_les_communes_et_elles_seules(nantes, django_assert_num_queries):
    form = formulaire()
    with django_assert_num_queries(1):
        html = str(form["commune"])
    assert html.count("<option") == 25
    assert "Île de Nantes" not in html
    quartier = formulaire(commune=nantes["44109-01"].pk)
    assert list(quartier.errors) == ["commune"]
