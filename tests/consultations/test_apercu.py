"""The preview: what each kind of person meets, the walk through the pages, and that nothing of it is written anywhere."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from consultations.apercu import Qui, regarder
from consultations.models import Donnee, Participation, Piece, Version
from consultations.questionnaire import Genre, Page, Questionnaire
from territoires.models import Territoire
from tests.consultations import fabriques
from tests.consultations.fabriques import avec_saut, de_chaque_genre, question, une_page
from timeline.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def chez(client, agent):
    client.force_login(agent)
    return client


@pytest.fixture
def ici(db):
    return Territoire.objects.create(nom="Ville Fictive", slug="ville-fictive", genre=Territoire.Genre.COMMUNE)


def adresse(consultation) -> str:
    return reverse("consultations:apercu", args=[consultation.slug])


def avancer(client, consultation, page, geste="suivant", **saisie):
    return client.post(adresse(consultation), {"page": page, "geste": geste, "qui": "sans_compte"} | saisie)


#: rule -> kind of person -> (may answer, is shown the questions)
REGARDS = {
    "toutes": dict.fromkeys(Qui, (True, True)),
    "inscrites": dict.fromkeys(Qui, (True, True)) | {Qui.SANS_COMPTE: (False, True)},
    "habitantes": {
        Qui.SANS_COMPTE: (False, True),
        Qui.INSCRITE: (False, False),
        Qui.HABITANTE: (True, True),
        Qui.GUICHET: (True, True),
    },
}


@pytest.mark.parametrize("qui", Qui)
@pytest.mark.parametrize("regle", REGARDS)
def test_chaque_personne_sous_chaque_regle(regle, qui, chez, agent, ici):
    consultation = fabriques.consultation(avec_saut(), etat="brouillon", agent=agent, qui=regle, territoire=ici)
    regard = regarder(consultation, qui)
    assert (regard.admise, regard.voit) == REGARDS[regle][qui]
    page = chez.get(adresse(consultation), {"qui": qui.value})
    assert ("Question q1 ?" in page.content.decode()) == regard.voit
    for phrase in regard.phrases:
        assert phrase in page.content.decode()


def test_on_suit_un_saut_on_revient_et_rien_ne_se_perd(chez, agent):
    consultation = fabriques.consultation(avec_saut(), etat="brouillon", agent=agent)
    reponse = avancer(chez, consultation, "p1", q1="b")
    assert reponse.context["page"].cle == "p3", "« Non » skips the second page"
    assert ("q1", "b") in reponse.context["portes"]
    reponse = avancer(chez, consultation, "p3", "precedent", q1="b", q3="Un banc.")
    assert reponse.context["page"].cle == "p1"
    assert ("q3", "Un banc.") in reponse.context["portes"]
    reponse = avancer(chez, consultation, "p1", q1="a", q3="Un banc.")
    assert reponse.context["page"].cle == "p2"
    reponse = avancer(chez, consultation, "p2", q1="a", q2="3", q3="Un banc.")
    assert reponse.context["page"].cle == "p3"
    reponse = avancer(chez, consultation, "p3", q1="a", q2="3", q3="Un banc.")
    resume = [(q.cle, lignes) for q, lignes in reponse.context["resume"]]
    assert resume == [("q1", ["Oui"]), ("q2", ["3"]), ("q3", ["Un banc."])]


def test_ce_qui_manque_retient_sur_la_page(chez, agent):
    consultation = fabriques.consultation(avec_saut(), etat="brouillon", agent=agent)
    reponse = avancer(chez, consultation, "p1")
    assert reponse.context["page"].cle == "p1"
    assert "Cette question attend une réponse." in reponse.content.decode()
    reponse = avancer(chez, consultation, "p2", q1="a", q2="30")
    assert reponse.context["page"].cle == "p2"
    assert 'value="30"' in reponse.content.decode()


def test_tout_sur_une_page(chez, agent):
    consultation = fabriques.consultation(avec_saut(), etat="brouillon", agent=agent, presentation="ensemble")
    page = chez.get(adresse(consultation)).content.decode()
    assert all(f"Question q{n} ?" in page for n in (1, 2, 3))
    assert "attend une réponse" in avancer(chez, consultation, "p1").content.decode()
    assert avancer(chez, consultation, "p1", q1="b").context["resume"]


def test_rien_n_est_ecrit(chez, agent):
    consultation = fabriques.consultation(avec_saut(), agent=agent)
    avant = Entree.objects.count()
    for page in ("p1", "p2", "p3"):
        avancer(chez, consultation, page, q1="a", q2="3", q3="x")
    assert not Participation.objects.exists()
    assert not Donnee.objects.exists()
    assert Version.objects.get().figee_le is None, "looking does not freeze it"
    assert Entree.objects.count() == avant


def test_un_fichier_compte_sans_etre_garde(chez, agent):
    deux = Questionnaire(
        (
            Page("p1", elements=(question("q1", Genre.FICHIER, obligatoire=True),)),
            Page("p2", elements=(question("q2"),)),
        )
    )
    consultation = fabriques.consultation(deux, etat="brouillon", agent=agent)
    assert avancer(chez, consultation, "p1").context["page"].cle == "p1"
    reponse = avancer(chez, consultation, "p1", q1=SimpleUploadedFile("banc.png", b"x"))
    assert reponse.context["page"].cle == "p2"
    assert ("q1.pieces", "1") in reponse.context["portes"]
    reponse = avancer(chez, consultation, "p2", **{"q1.pieces": "1", "q2": "a"})
    assert reponse.context["resume"][0][1] == ["1 fichier(s)"]
    assert not Piece.objects.exists()


@pytest.mark.parametrize(
    "saisie",
    [
        {"page": "p9"}, {"page": ""}, {"geste": "voler"}, {"qui": "espionne"}, {"q1": "zz"}, {"z9": "a", "q1": "a"},
        {"q1.pieces": "99999999999"}, {"q1": ["a", "b"]},
    ],
)  # fmt: skip
def test_une_saisie_forgee_ne_casse_rien(chez, agent, saisie):
    consultation = fabriques.consultation(avec_saut(), etat="brouillon", agent=agent)
    reponse = avancer(chez, consultation, **({"page": "p1"} | saisie))
    assert reponse.status_code == 200
    assert not any(nom.startswith("z9") for nom, _valeur in reponse.context.get("portes", []))


def test_un_questionnaire_de_chaque_genre_se_dessine(chez, agent):
    consultation = fabriques.consultation(de_chaque_genre(), etat="brouillon", agent=agent)
    page = chez.get(adresse(consultation)).content.decode()
    assert all(f"Question q{n} ?" in page for n in range(len(Genre)))


def test_sans_question_et_avec_un_defaut(chez, agent):
    vide = fabriques.consultation(Questionnaire((Page("p1"),)), etat="brouillon", agent=agent)
    page = chez.get(adresse(vide)).content.decode()
    assert "Il n’y a encore aucune question" in page
    assert "trouve encore des choses à corriger" in page
    bancal = fabriques.consultation(une_page(question("q1", choix=())), etat="brouillon", agent=agent)
    assert chez.get(adresse(bancal)).status_code == 200
