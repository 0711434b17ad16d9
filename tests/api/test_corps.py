"""Numbers, characters and shapes that break somewhere: refused with a sentence, on both databases."""

import json

import pytest
from django.db import transaction

from api.cadence import Ecritures
from tests.api.tableau_des_acces import IDEE

pytestmark = pytest.mark.django_db

ENORMES = ["1e400", "-1e400", "1E9999999", str(10**30), "9" * 5000, "-0"]
CASSES = ["a\x00b", "\ud800", "\udfff fin", "\U0010ffff", "‮", "\x08"]
FORMES = [None, True, [], {}, [[]], [None], {"a": {"b": []}}, 0, -1, 3.5, ""]
ECRITURES = [
    ("idees/", {"boite": "boite-ouverte", **IDEE}, "boite titre texte thematique commune latitude lieu_en_mots envoyer"),
    ("idees/{publiee}/commentaires/", {"texte": "Je suis du même avis."}, "texte position parent officielle"),
    ("idees/{publiee}/etapes/prendre/", {"service": 1}, "service etat"),
    ("idees/{a_moderer}/etapes/refuser/", {"motif": "injure", "explication": "Non."}, "motif explication"),
]  # fmt: skip


@pytest.fixture
def ecrire(monde, api, adresse, monkeypatch):
    """Posts in the name of an administrator, to whom nothing is refused for another reason; then takes it back."""
    monkeypatch.setattr(Ecritures, "THROTTLE_RATES", {**Ecritures.THROTTLE_RATES, "ecriture": None})
    client = api(monde.administratrice)

    def ecrire(chemin, brut):
        with transaction.atomic():
            reponse = client.post(adresse(chemin), brut, content_type="application/json")
            transaction.set_rollback(True)
        return reponse

    return ecrire


@pytest.mark.parametrize(("chemin", "modele", "champs"), ECRITURES)
def test_ce_qui_casse_est_refuse(ecrire, monde, chemin, modele, champs):
    modele = modele | ({"thematique": monde.thematique.pk} if "thematique" in modele else {})
    for champ in champs.split():
        autres = "".join(f", {json.dumps(cle)}: {json.dumps(valeur)}" for cle, valeur in modele.items() if cle != champ)
        for brut in [*ENORMES, *(json.dumps(valeur) for valeur in [*ENORMES, *CASSES, *FORMES])]:
            reponse = ecrire(chemin, f'{{"{champ}": {brut}{autres}}}')
            assert reponse.status_code in {200, 201, 400, 404, 409}, (champ, brut[:40], reponse.content)
            assert reponse.json()


@pytest.mark.parametrize("chemin", [chemin for chemin, _modele, _champs in ECRITURES])
def test_ce_qu_aucune_base_ne_garde_est_refuse(ecrire, chemin):
    for brut in ("1e400", str(10**30), '"a\\u0000b"', '"a\\u0008b"', '"\\ud800"', '["\\udfff"]', '{"a": [1e999]}'):
        reponse = ecrire(chemin, f'{{"texte": {brut}}}')
        assert (reponse.status_code, list(reponse.json())) == (400, ["texte"]), brut


ILLISIBLES = [
    b"", b"{", b"[]", b'"a"', b"null", b"NaN", b'{"texte": NaN}', b'{"texte": Infinity}', b"\xff\xfe", b"[" * 100_000,
    b'{"a":' * 100_000, b'{"\\ud800": 1}', b'{"\\u0000": 1}', "{\"texte\": \"é\"}".encode("latin-1"),
]  # fmt: skip


def test_un_corps_illisible_est_refuse(ecrire):
    for corps in ILLISIBLES:
        reponse = ecrire("idees/{publiee}/commentaires/", corps)
        assert reponse.status_code == 400, (corps[:40], reponse.content)
        assert reponse.json(), corps[:40]


def test_un_corps_trop_lourd_est_refuse_sans_etre_lu(ecrire, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    reponse = ecrire("idees/{publiee}/commentaires/", json.dumps({"texte": "a" * 2000}))
    assert (reponse.status_code, reponse.json()) == (413, {"detail": "Cet envoi est trop lourd."})


@pytest.mark.parametrize("genre", ["text/xml", "application/x-www-form-urlencoded", "text/plain", "image/svg+xml"])
def test_un_autre_format_est_refuse(monde, api, adresse, genre):
    reponse = api(monde.autrice).post(adresse("idees/{publiee}/commentaires/"), b"<a/>", content_type=genre)
    assert (reponse.status_code, reponse.json()) == (415, {"detail": "Ce format n’est pas reçu ici."})


NUMEROS = [0, 10**18, 10**30, "9" * 4299, "9" * 4400, "-1", "1e400", "%00", "%ED%A0%80", "1%00", "½", "۳"]


@pytest.mark.parametrize(
    "chemin",
    [
        "idees/{n}/", "idees/{n}/commentaires/", "idees/{n}/etapes/", "commentaires/{n}/", "reponses/{n}/",
        "projets/{n}/", "boites/{n}/", "journal/{n}/", "territoires/{n}/",
    ],
)  # fmt: skip
def test_un_numero_insense_ne_mene_nulle_part(db, api, chemin):
    client, rien = api(), {"detail": "Cette adresse ne mène à rien que vous puissiez voir."}
    for numero in NUMEROS:
        reponse = client.get(f"/api/v1/{chemin.format(n=numero)}")
        assert (reponse.status_code, reponse.json()) == (404, rien), str(numero)[:20]
