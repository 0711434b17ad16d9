import pytest

import comptes.forms
from comptes.models import Utilisateur
from territoires.models import Territoire
from tests.comptes.gestes import erreurs
from tests.fabriques import PersonneFabrique

pytestmark = pytest.mark.django_db
PROFIL = {"pseudonyme": "Camille du Pont", "commune": "", "annee_naissance": "", "langue": "fr"}


@pytest.fixture
def connectee(client, citoyenne):
    client.force_login(citoyenne)
    return citoyenne


def test_il_faut_etre_connectee(client):
    assert client.get("/mon-profil/")["Location"] == "/comptes/login/?next=/mon-profil/"


def test_rectifier_ce_que_l_on_dit_de_soi(client, connectee):
    commune = Territoire.objects.create(genre="commune", code="44109", nom="Nantes", slug="nantes")
    champs = {**PROFIL, "commune": commune.pk, "annee_naissance": "1984", "langue": "en"}
    assert client.post("/mon-profil/", champs)["Location"] == "/mon-profil/"
    connectee.refresh_from_db()
    assert (connectee.pseudonyme, connectee.commune, connectee.annee_naissance, connectee.langue) == (
        "Camille du Pont",
        commune,
        1984,
        "en",
    )
    assert "Votre profil est à jour." in client.get("/mon-profil/").content.decode()


def test_garder_son_pseudonyme_en_changeant_sa_casse(client, connectee):
    assert client.post("/mon-profil/", {**PROFIL, "pseudonyme": "CAMILLE EXEMPLE"}).status_code == 302


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"pseudonyme": "sacha voisin"}, "pseudonyme"),
        ({"pseudonyme": "  "}, "pseudonyme"),
        ({"annee_naissance": "84"}, "annee_naissance"),
        ({"annee_naissance": "3000"}, "annee_naissance"),
        ({"annee_naissance": "-1"}, "annee_naissance"),
        ({"langue": "xx"}, "langue"),
        ({"commune": "0"}, "commune"),
    ],
)
def test_une_faute_laisse_tout_en_place(client, connectee, voisin, champs, champ):
    reponse = client.post("/mon-profil/", {**PROFIL, **champs})
    assert reponse.status_code == 422
    assert set(erreurs(reponse)) == {champ}
    connectee.refresh_from_db()
    assert connectee.pseudonyme == "Camille Exemple"


def test_le_menu_ne_montre_pas_un_pseudonyme_refuse(client, connectee, voisin):
    page = client.post("/mon-profil/", {**PROFIL, "pseudonyme": "Sacha Voisin"}).content.decode()
    assert "<strong>Camille Exemple</strong>" in page


def test_quelqu_un_prend_le_pseudonyme_entre_la_verification_et_l_ecriture(client, connectee, voisin, monkeypatch):
    vraie = comptes.forms.pseudonyme_disponible

    def aveugle(pseudonyme, *, sauf=None):
        monkeypatch.setattr(comptes.forms, "pseudonyme_disponible", vraie)
        return pseudonyme

    monkeypatch.setattr(comptes.forms, "pseudonyme_disponible", aveugle)
    reponse = client.post("/mon-profil/", {**PROFIL, "pseudonyme": "SACHA voisin"})
    assert reponse.status_code == 422
    assert "déjà pris" in erreurs(reponse)["pseudonyme"][0]


@pytest.mark.parametrize("semblable", ["camille exemple", "Camille-Exemple", "Cámille Exemple", "CAMILLEEXEMPLE"])
def test_la_base_elle_meme_refuse_deux_pseudonymes_qui_se_lisent_pareil(citoyenne, semblable):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        PersonneFabrique(pseudonyme=semblable)
    with pytest.raises(IntegrityError), transaction.atomic():
        Utilisateur.objects.bulk_create([Utilisateur(email="b@exemple.fr", pseudonyme=semblable)])


def test_la_cle_suit_le_pseudonyme_meme_quand_on_ne_sauve_que_lui(citoyenne):
    citoyenne.pseudonyme = "Autre nom"
    citoyenne.save(update_fields=["pseudonyme"])
    assert Utilisateur.objects.get().pseudonyme_cle == "autrenom"
