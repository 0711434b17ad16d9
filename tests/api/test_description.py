"""The description of the API: true, valid, in French, and never poorer than the one that was published."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from api.pages import METHODES, chapitres, description

PUBLIEE = Path(__file__).parent / "description_publiee.json"


@pytest.mark.sans_base
def test_la_description_est_valide_et_sans_avertissement(tmp_path):
    call_command(
        "spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"), stdout=io.StringIO()
    )


def operations(schema):
    return {
        (m, chemin): op for chemin, methodes in schema["paths"].items() for m, op in methodes.items() if m in METHODES
    }


@pytest.mark.sans_base
def test_chaque_operation_dit_ce_qu_elle_fait_et_ce_qu_elle_refuse():
    for (methode, chemin), operation in operations(description()).items():
        assert operation["summary"][0].isupper(), chemin
        assert len(operation["tags"]) == 1
        codes = set(operation["responses"])
        assert "429" in codes
        assert "{" not in chemin or "404" in codes, chemin
        assert methode == "get" or {"403", "409"} <= codes, chemin
        assert not any(code.startswith("5") for code in codes)


@pytest.mark.sans_base
def test_chaque_liste_de_valeurs_a_un_nom():
    noms = [nom for nom, schema in description()["components"]["schemas"].items() if "enum" in schema]
    assert noms
    assert [nom for nom in noms if nom.endswith("Enum") and nom not in {"BlankEnum", "NullEnum"}] == []


@pytest.mark.sans_base
def test_la_licence_est_dite():
    assert description()["info"]["license"]["name"] == "Licence Ouverte 2.0"


@pytest.mark.sans_base
def test_rien_de_publie_n_est_retire():
    """Compared with the description that programs already rely on: what they read is still there, of the same type.

    Only a new version of the API may break this. To publish additions:
    `python -m tests.api.publier_la_description`.
    """
    publiee, presente = json.loads(PUBLIEE.read_text()), description()
    if publiee["info"]["version"].split(".")[0] != presente["info"]["version"].split(".")[0]:
        pytest.skip("nouvelle version de l'API")
    assert list(ruptures(publiee, presente)) == []


def ruptures(avant, apres):
    """What a program written for `avant` would miss in `apres`."""
    nouvelles = operations(apres)
    for cle, operation in operations(avant).items():
        if cle not in nouvelles:
            yield f"{cle} n'existe plus"
            continue
        parametres = {p["name"]: p for p in nouvelles[cle].get("parameters", ())}
        connus = {p["name"] for p in operation.get("parameters", ())}
        yield from (f"{cle} : le paramètre {nom} a disparu" for nom in connus - parametres.keys())
        exiges = {nom for nom, p in parametres.items() if p.get("required")} - connus
        yield from (f"{cle} : le paramètre {nom} est exigé" for nom in exiges)
        yield from (
            f"{cle} ne répond plus {code}" for code in operation["responses"].keys() - nouvelles[cle]["responses"]
        )
    composants = apres["components"]["schemas"]
    for nom, schema in avant["components"]["schemas"].items():
        yield from _ruptures_du_schema(nom, schema, composants.get(nom, {}))


def _ruptures_du_schema(nom, avant, apres):
    if disparues := set(map(str, avant.get("enum", ()))) - set(map(str, apres.get("enum", ()))):
        yield f"{nom} : valeurs disparues {sorted(disparues)}"
    for champ, forme in avant.get("properties", {}).items():
        nouvelle = apres.get("properties", {}).get(champ)
        if nouvelle is None:
            yield f"{nom}.{champ} a disparu"
        elif [forme.get(cle) for cle in ("type", "$ref", "allOf", "items")] != [
            nouvelle.get(cle) for cle in ("type", "$ref", "allOf", "items")
        ]:
            yield f"{nom}.{champ} a changé de forme"


@pytest.mark.sans_base
def test_une_rupture_se_voit():
    avant = json.loads(PUBLIEE.read_text())
    apres = json.loads(PUBLIEE.read_text())
    del apres["paths"]["/api/v1/idees/{id}/"]
    apres["components"]["schemas"]["IdeeLue"]["properties"]["titre"]["type"] = "integer"
    del apres["components"]["schemas"]["IdeeLue"]["properties"]["auteur"]
    apres["components"]["schemas"]["EtatDIdee"]["enum"].remove("publiee")
    assert len(list(ruptures(avant, apres))) == 5


def test_le_fichier_de_la_description(db, api):
    reponse = api().get(reverse("api:schema"))
    assert reponse.json() == json.loads(json.dumps(description()))
    assert "public" in reponse.headers["Cache-Control"]
    assert api().get(reverse("api:schema"), headers={"If-None-Match": reponse.headers["ETag"]}).status_code == 304


def test_la_page_montre_chaque_adresse_sans_javascript(db, client):
    page = client.get(reverse("api:accueil"))
    assert page.status_code == 200
    texte = page.content.decode()
    nombre = 0
    for chapitre in chapitres():
        for operation in chapitre["operations"]:
            nombre += 1
            assert operation["chemin"] in texte
    assert nombre == len(operations(description()))
    assert texte.count("<h1") == 1
    assert reverse("api:schema") in texte


def test_la_page_d_essai_tient_dans_la_politique_de_securite(db, client):
    page = client.get(reverse("api:description"))
    texte = page.content.decode()
    assert page.status_code == 200
    assert "<style" not in texte
    assert " style=" not in texte
    assert "<script>" not in texte
    assert reverse("api:accueil") in texte
    script = client.get(reverse("api:description"), {"script": ""})
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert reverse("api:schema") in script.content.decode().replace("\\u002D", "-")
