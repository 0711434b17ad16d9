"""The agents' pages: who enters, the whole way from a file to its report, and what happens to bad input."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from idees.importation import depart, entretien
from idees.importation.correspondance import Regles, modeles
from idees.importation.lecture import Tableau
from idees.importation.rapport import en_csv as rapport_en_csv
from idees.importation.validation import Defaut
from idees.models import Correspondance, Idee, Importation
from idees.tasks import reprendre_importation
from socle.tableur import sans_formule
from tests.idees.importation.conftest import SIMPLE, en_csv, rangee
from tests.requetes import copier, requetes

pytestmark = pytest.mark.django_db

DECIDIM = ["id", "category/name/fr", "scope/name/fr", "title", "body", "votes", "created_at", "url"]


def decidim(n, **autres):
    ligne = {
        "id": str(n), "category": "Mobilités", "scope": "", "title": f"Une idée fictive {n}", "body": "Un texte inventé.",
        "votes": str(n), "created_at": "2019-01-24 22:29:15 +0100", "url": f"https://ville.example/p/{n}",
    }  # fmt: skip
    return list((ligne | autres).values())


def envoi(contenu, nom="idees.csv"):
    return SimpleUploadedFile(nom, contenu.encode() if isinstance(contenu, str) else contenu, "text/csv")


@pytest.fixture
def saisie(boite):
    def remplir(contenu=None, **autres):
        return {
            "fichier": envoi(contenu if contenu is not None else en_csv([decidim(1), decidim(2, title="")], DECIDIM)),
            "boite": boite.pk,
            "correspondance": "decidim-propositions",
            "source_nom": "Ville fictive",
            "source": "ville-fictive",
            **autres,
        }

    return remplir


@pytest.fixture
def preparee(client, agent, saisie):
    client.force_login(agent)
    client.post(reverse("idees:nouvelle_importation"), saisie())
    return Importation.objects.get()


# --- Rights --------------------------------------------------------------------------------------------------------

LISTES = ("importations", "nouvelle_importation")
OBJETS = {
    "importation": "get", "importation_correspondance": "get", "importation_essai": "get", "importation_rapport": "get",
    "importation_lancer": "post", "importation_supprimer": "post", "importation_annuler": "get",
}  # fmt: skip


@pytest.mark.parametrize("role", ["visiteur", "citoyenne", "moderatrice", "elue", "agent", "administratrice"])
def test_qui_entre(client, preparee, role, request):
    client.logout()
    if role != "visiteur":
        client.force_login(request.getfixturevalue(role))
    entre = role in {"agent", "administratrice"}
    for nom in LISTES:
        statut = client.get(reverse(f"idees:{nom}")).status_code
        assert statut == (200 if entre else 302 if role == "visiteur" else 403), nom
    for nom, methode in OBJETS.items():
        statut = getattr(client, methode)(reverse(f"idees:{nom}", args=[preparee.pk])).status_code
        if role == "visiteur":
            assert statut == 302, nom
        elif not entre:
            assert statut == 404, nom
        else:
            assert statut in {200, 302, 409}, nom
        if not entre:
            assert Importation.objects.filter(pk=preparee.pk, lancee_le__isnull=True).exists()


def test_le_lien_est_sur_le_bureau_des_agents(client, agent):
    client.force_login(agent)
    assert reverse("idees:importations") in client.get("/bureau/").content.decode()


# --- The way -------------------------------------------------------------------------------------------------------


def formulaire(page) -> dict:
    """What a browser would send back of the mapping, untouched."""
    champs: dict = {}
    for forme in page.context["form"].regles_des_champs:
        for nom in forme.fields:
            valeur = forme[nom].value()
            if valeur not in (None, "", False, []):
                champs[forme.add_prefix(nom)] = valeur
    return champs


def test_du_fichier_au_rapport(client, preparee):
    correspondance = reverse("idees:importation_correspondance", args=[preparee.pk])
    page = client.get(correspondance)
    assert "Une idée fictive 1" in page.content.decode() and "category/name/fr" in page.content.decode()
    reponse = client.post(correspondance, {**formulaire(page), "enregistrer_sous": "Ma ville"})
    assert reponse.status_code == 302
    assert Correspondance.objects.get().regles == Importation.objects.get().regles == preparee.regles
    essai = client.get(reponse.url).content.decode()
    assert "« Titre » est vide." in essai and "Mobilités" in essai and not Idee.objects.exists()
    client.post(reverse("idees:importation_lancer", args=[preparee.pk]))
    assert Importation.objects.get().etat == "lancee"
    reprendre_importation.call(preparee.pk)
    finie = Importation.objects.get()
    assert (finie.etat, finie.reprises, finie.refusees, bool(finie.fichier)) == ("terminee", 1, 1, False)
    page = client.get(finie.get_absolute_url()).content.decode()
    assert "Terminée" in page and "« Titre » est vide." in page
    rapport = b"".join(client.get(reverse("idees:importation_rapport", args=[finie.pk]))).decode("utf-8-sig")
    lignes = list(csv.reader(io.StringIO(rapport), delimiter=";"))
    assert lignes == [["Ligne", "Colonne", "Valeur", "Raison"], ["3", "title", "", "« Titre » est vide."]]
    assert "Ville fictive" in client.get(reverse("idees:importations")).content.decode()


def test_le_rapport_de_l_essai(client, preparee):
    rapport = b"".join(client.get(reverse("idees:importation_rapport", args=[preparee.pk]))).decode("utf-8-sig")
    assert '"3";"title";"";"« Titre » est vide."' in rapport


@pytest.mark.parametrize("nom", modeles())
def test_chaque_modele_revient_tel_quel_du_formulaire(client, agent, boite, fichier, nom):
    """What the page shows of a mapping is the whole of it: saved untouched, it is the same."""
    brut = modeles()[nom]
    colonnes = sorted(Regles.lire(brut).colonnes())
    chemin = fichier(en_csv([], colonnes))
    with chemin.open("rb") as flux:
        importation = depart.preparer(
            Tableau.ouvrir(chemin), Regles.lire(brut), boite=boite, par=agent, nom="x.csv",
            fichier=SimpleUploadedFile("x.csv", flux.read()),
        )  # fmt: skip
    client.force_login(agent)
    adresse = reverse("idees:importation_correspondance", args=[importation.pk])
    assert client.post(adresse, formulaire(client.get(adresse))).status_code == 302
    importation.refresh_from_db()
    assert importation.regles == brut


def test_une_correspondance_fautive_garde_ce_qui_est_saisi(client, preparee):
    adresse = reverse("idees:importation_correspondance", args=[preparee.pk])
    champs = formulaire(client.get(adresse)) | {
        "titre-colonne": "",
        "etat-valeur": "brouillon",
        "vote_le-vides": "JAMAIS",
    }
    page = client.post(adresse, champs)
    texte = page.content.decode()
    assert page.status_code == 422 and "Ce champ est obligatoire" in texte and "JAMAIS" in texte
    champs["titre-colonne"] = "c3"
    page = client.post(adresse, champs)
    assert page.status_code == 422 and "« brouillon » n’est pas possible" in page.content.decode()
    assert Importation.objects.get().regles == preparee.regles


def test_une_correspondance_d_un_autre_fichier_se_regle_ou_se_refuse(client, agent, saisie):
    client.force_login(agent)
    client.post(reverse("idees:nouvelle_importation"), saisie(correspondance="paris-budget-participatif"))
    importation = Importation.objects.get()
    essai = client.get(reverse("idees:importation_essai", args=[importation.pk])).content.decode()
    assert "Le fichier n’a pas de colonne « avancement_projet »" in essai and "Lancer la reprise" not in essai
    client.post(reverse("idees:importation_lancer", args=[importation.pk]))
    assert Importation.objects.get().lancee_le is None
    page = client.get(reverse("idees:importation_correspondance", args=[importation.pk])).content.decode()
    assert "Choisissez une colonne" in page


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"fichier": envoi(b"PK\x03\x04" + b"\0" * 999, "idees.xlsx")}, "enregistrez-le au format CSV"),
        ({"fichier": envoi(b"")}, "Ce fichier est vide"),
        ({"source": "Ma Ville"}, "Des minuscules, des chiffres et des tirets."),
        ({"correspondance": "../../etc/passwd"}, "correspondance"),
        ({"boite": "999999"}, "boite"),
    ],
)
def test_un_envoi_fautif_ne_laisse_rien(client, agent, saisie, champs, dit):
    client.force_login(agent)
    page = client.post(reverse("idees:nouvelle_importation"), saisie(**champs))
    assert page.status_code == 422 and not Importation.objects.exists()
    assert dit in page.content.decode() or dit in page.context["form"].errors
    assert 'value="Ville fictive"' in page.content.decode()


def test_un_nom_de_fichier_hostile_est_montre_sans_danger(client, agent, saisie):
    client.force_login(agent)
    hostile = envoi(en_csv([decidim(1)], DECIDIM), "<svg onload=alert(1)>\u202egnp.csv")
    client.post(reverse("idees:nouvelle_importation"), saisie(fichier=hostile))
    importation = Importation.objects.get()
    assert "\u202e" not in importation.nom_fichier and importation.fichier.name.startswith("importations/")
    assert "svg" not in importation.fichier.name
    assert "<svg onload" not in client.get(importation.get_absolute_url()).content.decode()


def test_lancee_elle_ne_se_regle_plus_et_ne_se_supprime_plus(client, preparee):
    client.post(reverse("idees:importation_lancer", args=[preparee.pk]))
    assert client.get(reverse("idees:importation_correspondance", args=[preparee.pk])).status_code == 409
    assert client.post(reverse("idees:importation_supprimer", args=[preparee.pk])).status_code == 409
    assert client.get(reverse("idees:importation_essai", args=[preparee.pk])).status_code == 302
    reprendre_importation.call(preparee.pk)
    assert client.post(reverse("idees:importation_lancer", args=[preparee.pk])).status_code in {302, 409}
    assert Idee.objects.count() == 1


def test_preparee_elle_se_supprime_avec_son_fichier(client, preparee):
    stockage, nom = preparee.fichier.storage, preparee.fichier.name
    client.post(reverse("idees:importation_supprimer", args=[preparee.pk]))
    assert not Importation.objects.exists() and not stockage.exists(nom)


def test_annuler_demande_une_raison(client, preparee):
    depart.lancer(preparee)
    reprendre_importation.call(preparee.pk)
    adresse = reverse("idees:importation_annuler", args=[preparee.pk])
    assert client.post(adresse, {"motif": ""}).status_code == 422 and Idee.objects.exists()
    page = client.post(adresse, {"motif": "Mauvais fichier."}, follow=True).content.decode()
    assert "1 élément repris est retiré." in page and "Annulée" in page and not Idee.objects.exists()


# --- Behind the pages ----------------------------------------------------------------------------------------------


def test_une_tache_perdue_est_relancee_une_fois(preparee):
    depart.lancer(preparee)
    reveillees: list[int] = []
    assert entretien.relancer(reveillees.append) == 0
    Importation.objects.update(avance_le="2020-01-01T00:00Z")
    assert (entretien.relancer(reveillees.append), entretien.relancer(reveillees.append)) == (1, 0)
    assert reveillees == [preparee.pk]


def test_un_fichier_perdu_arrete_la_reprise_avec_une_phrase(client, preparee):
    depart.lancer(preparee)
    preparee.fichier.storage.delete(preparee.fichier.name)
    reprendre_importation.call(preparee.pk)
    page = client.get(preparee.get_absolute_url()).content.decode()
    assert "Le fichier n’est plus sur le site" in page and "Relancer" in page


def test_une_reprise_jamais_lancee_est_oubliee_une_semaine_apres(preparee):
    assert entretien.oublier() == 0
    Importation.objects.update(cree_le="2020-01-01T00:00Z")
    assert entretien.oublier() == 1 and not Importation.objects.exists()


@pytest.mark.sans_base
@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\ufeff="])
def test_aucune_cellule_du_rapport_n_est_une_formule(debut):
    assert sans_formule(f"{debut}1+1").startswith("'")
    assert sans_formule("une idée") == "une idée"
    lignes = list(rapport_en_csv([Defaut(2, f"{debut}c", f"{debut}v", "r")]))
    assert f'"\'{debut}c";"\'{debut}v"' in lignes[-1]


def test_la_liste_coute_le_meme_nombre_de_requetes(client, agent, reprendre):
    client.force_login(agent)
    adresse = reverse("idees:importations")
    une, cout = reprendre([rangee(1)], {**SIMPLE}), requetes(client, adresse)
    copier(une, 50)
    assert [requetes(client, f"{adresse}?page={page}") for page in (1, 2)] == [cout, cout]
    assert client.get(adresse).context["page"].paginator.num_pages == 2
    assert cout <= 8


def test_la_page_d_une_idee_reprise_ne_coute_qu_une_requete_de_plus(client, reprendre):
    reprendre([rangee(1)])
    idee = Idee.objects.get()
    client.get(idee.get_absolute_url())
    with CaptureQueriesContext(connection) as requetes:
        client.get(idee.get_absolute_url())
    assert sum("provenanceidee" in requete["sql"] for requete in requetes.captured_queries) == 1
