"""« Mon espace »: what I began and sent, what became of it; my archive; and my account, closed."""

import io
import json
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from comptes.effacement import effacer
from consultations import participer
from consultations.models import Consultation, Donnee, Participation, Piece
from consultations.questionnaire import Choix, Genre
from portail.mes_donnees import archiver
from socle.devenir import raconter
from tests.consultations.fabriques import consultation, de_chaque_genre, fermer, participation, question, une_page
from tests.fabriques import PersonneFabrique
from tests.requetes import copier, requetes

pytestmark = pytest.mark.django_db


def lire(client, nom="mes_consultations") -> str:
    reponse = client.get(reverse(f"portail:{nom}"))
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_ce_que_j_ai_commence_envoye_et_pas_ce_que_j_ai_retire(client, citoyenne, voisin):
    participation(consultation(titre="Commencée"), personne=citoyenne, envoyee=False)
    participation(consultation(titre="Envoyée"), personne=citoyenne)
    participer.retirer(participation(consultation(titre="Retirée"), personne=citoyenne), par=citoyenne)
    participation(consultation(titre="Celle du voisin"), personne=voisin)
    tard = consultation(titre="Trop tard")
    participation(tard, personne=citoyenne, envoyee=False)
    fermer(tard)
    client.force_login(citoyenne)
    page = lire(client)
    assert "Finir ma réponse" in page and "Voir ma réponse" in page and "jamais envoyée" in page
    assert "Retirée" not in page and "Celle du voisin" not in page
    resume = lire(client, "mon_espace")
    assert "Mes réponses à finir" in resume and "Commencée" in resume and "Trop tard" not in resume


ETATS = [
    ("ouverte", "cloture", "Ouverte jusqu’au"),
    ("close", "cloture", "les résultats sont publics"),
    ("close", "restitution", "les résultats viendront avec le bilan"),
    ("restituee", "restitution", "Bilan publié le"),
    ("programmee", "cloture", "Ouvre le"),
    ("brouillon", "cloture", "En préparation"),
]


@pytest.mark.parametrize(("etat", "resultats", "phrase"), ETATS)
def test_ce_qu_elle_est_devenue(etat, resultats, phrase, django_assert_num_queries):
    faite = Consultation.objects.get(pk=consultation(etat=etat, resultats=resultats).pk)
    with django_assert_num_queries(0):
        raconter([faite])
    assert phrase in faite.devenir.phrase and faite.devenir.url == faite.get_absolute_url()


def test_la_page_coute_toujours_autant(client, citoyenne):
    client.force_login(citoyenne)
    premiere = consultation()
    sienne, adresse = participation(premiere, personne=citoyenne), reverse("portail:mes_consultations")
    une = requetes(client, adresse)
    autres = copier(premiere, 49, slug=lambda n: f"copie-{n}")
    copier(
        sienne,
        49,
        consultation_id=lambda n: autres[n].pk,
        cle=lambda _n: uuid.uuid4(),
        numero=lambda n: 123_000_000 + n,
        envoyee_le=lambda n: sienne.envoyee_le if n % 2 else None,
    )
    assert [requetes(client, f"{adresse}?page={page}") for page in (1, 2)] == [une, une]
    assert client.get(adresse).context["page"].paginator.count == 50


# --- The archive -----------------------------------------------------------------------------------------------------


def donnees_de(personne) -> tuple[dict, zipfile.ZipFile]:
    with archiver(personne) as fichier:
        lue = zipfile.ZipFile(io.BytesIO(fichier.read()))
    return json.loads(lue.read("donnees.json")), lue


def test_mes_reponses_sont_dites_en_mots(citoyenne):
    questionnaire = une_page(
        question("q1", choix=(Choix("a", "En tramway"), Choix("b", "À pied"))),
        question("q2", Genre.MATRICE),
        question("q3", Genre.NOMBRE, unite="km"),
        question("q4", Genre.TEXTE_LONG),
        question("q5", Genre.SENTIMENT),
    )
    brut = {"q1": ["b"], "q2.l1": ["a"], "q3": ["7"], "q4": ["Plus d’ombre.\nEt un banc."], "q5": ["5"]}
    participation(consultation(questionnaire, titre="Vos trajets"), brut, personne=citoyenne)
    participation(consultation(questionnaire), {"q3": ["douze"]}, personne=citoyenne, envoyee=False)
    participation(consultation(questionnaire), brut | {"q4": ["canari"]})
    donnees, lue = donnees_de(citoyenne)
    dites = {ligne["question"]: ligne["reponse"] for ligne in donnees["consultations_reponses"] if ligne["envoyee"]}
    assert dites == {
        "Question q1 ?": "À pied",
        "Question q2 ?": "Le matin : Oui",
        "Question q3 ?": "7 km",
        "Question q4 ?": "Plus d’ombre.\nEt un banc.",
        "Question q5 ?": "Très content·e",
    }
    assert [x["reponse"] for x in donnees["consultations_reponses"] if not x["envoyee"]] == ["douze"]
    assert {c["consultation__titre"] for c in donnees["consultations"]} == {"Vos trajets", "Consultation fictive"}
    assert b"canari" not in b"".join(lue.read(nom) for nom in lue.namelist())


def test_une_correction_commencee_n_efface_pas_ce_qui_compte(client, citoyenne):
    """In the archive both; on the page what counts, once nothing can be corrected any more."""
    ouverte = consultation(une_page(question("q1", Genre.TEXTE_LONG)))
    faite = participation(ouverte, {"q1": ["Ce qui compte."]}, personne=citoyenne)
    page = faite.version.questionnaire.pages[0]
    participer.garder(faite, par=citoyenne, page=page, brut={"q1": ["Jamais envoyé."]})
    dites = {(x["reponse"], x["envoyee"]) for x in donnees_de(citoyenne)[0]["consultations_reponses"]}
    assert dites == {("Ce qui compte.", True), ("Jamais envoyé.", False)}
    client.force_login(citoyenne)
    adresse = reverse("consultations:participation", args=[faite.numero])
    assert "Jamais envoyé." in client.get(adresse).content.decode()
    fermer(ouverte)
    vue = client.get(adresse).content.decode()
    assert "Ce qui compte." in vue and "Jamais envoyé." not in vue and "envoyer la correction" not in vue


def test_chaque_genre_de_question_entre_dans_l_archive(citoyenne):
    participation(consultation(de_chaque_genre()), {"q0": ["a"]}, personne=citoyenne)
    assert len(donnees_de(citoyenne)[0]["consultations_reponses"]) == 1


def avec_un_fichier(personne, **options) -> Piece:
    faite = participation(
        consultation(une_page(question(), question("q2", Genre.FICHIER))), personne=personne, envoyee=False, **options
    )
    piece = Piece(participation=faite, question="q2", nom="plan secret.pdf", type_mime="application/pdf", taille=4)
    piece.fichier.save("x.pdf", ContentFile(b"%PDF"), save=False)
    piece.save()
    return piece


def test_mes_fichiers_y_sont_et_un_fichier_perdu_n_empeche_rien(citoyenne):
    gardee, perdue = avec_un_fichier(citoyenne), avec_un_fichier(citoyenne)
    perdue.fichier.storage.delete(perdue.fichier.name)
    fichiers = [nom for nom in donnees_de(citoyenne)[1].namelist() if nom.startswith("fichiers/")]
    assert fichiers == [f"fichiers/{gardee.pk}-q2.pdf"]


# --- The account closes ------------------------------------------------------------------------------------------------


def test_fermer_son_compte_laisse_ce_qui_est_compte_et_oublie_le_reste(
    client, citoyenne, django_capture_on_commit_callbacks
):
    envoyee = participation(consultation(titre="Envoyée"), personne=citoyenne)
    piece = avec_un_fichier(citoyenne)
    autre = participation(consultation(), personne=PersonneFabrique(), envoyee=False)
    with django_capture_on_commit_callbacks(execute=True):
        effacer(citoyenne)
    assert set(Participation.objects.values_list("pk", flat=True)) == {envoyee.pk, autre.pk}
    envoyee.refresh_from_db()
    assert (envoyee.personne, envoyee.est_comptee, envoyee.brut) == (None, True, None)
    assert Donnee.objects.filter(participation=envoyee).count() == 1
    assert not piece.fichier.storage.exists(piece.fichier.name)
    assert client.get(reverse("consultations:participation", args=[envoyee.numero])).status_code == 404


def test_apres_la_fermeture_plus_personne_ne_retire_la_reponse_et_le_compte_ne_revient_pas(citoyenne):
    envoyee = participation(consultation(), personne=citoyenne)
    avant = timezone.now() - timedelta(days=1)
    effacer(citoyenne)
    envoyee.refresh_from_db()
    with pytest.raises(participer.EtapeInterdite):
        participer.retirer(envoyee, par=citoyenne)
    assert envoyee.envoyee_le > avant and not Participation.objects.filter(personne=citoyenne).exists()
