"""Results: equal to a direct count over the rows, seen by nobody before their time, and silent about small groups."""

import csv
import io
import json
import uuid
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations import composition, participer
from consultations.croisements import croiser
from consultations.manquants import comparer
from consultations.models import Donnee, Participation, Tranche
from consultations.ouvertes import fichier_csv, lignes
from consultations.participer import donnees_de
from consultations.petits_groupes import SEUIL, a_taire
from consultations.questionnaire import Choix, Genre
from consultations.resultats import compter, resumer, tranches
from consultations.valeurs import Valeur
from territoires.models import Territoire
from tests.consultations.fabriques import consultation, de_chaque_genre, fermer, participation, question, une_page

pytestmark = pytest.mark.django_db

TROIS = (Choix("a", "Le banc"), Choix("b", "L’arbre"), Choix("c", "La fontaine"))


def repondre_en_masse(ouverte, reponses, **champs):
    """Rows as sending writes them, many at once. `reponses`: one {key: Valeur} per person."""
    maintenant, version = timezone.now(), ouverte.version
    depart = Participation.objects.count()
    nouvelles = [
        Participation(
            consultation=ouverte,
            version=version,
            cle=uuid.uuid4(),
            numero=10**8 + (depart + n) * 7919 % (9 * 10**8),
            envoyee_le=maintenant,
            **{nom: valeur(n) if callable(valeur) else valeur for nom, valeur in champs.items()},
        )
        for n in range(len(reponses))
    ]
    faites = Participation.objects.bulk_create(nouvelles)
    Donnee.objects.bulk_create(
        [ligne for faite, valeurs in zip(faites, reponses, strict=True) for ligne in donnees_de(faite, valeurs)]
    )
    return faites


# --- Exact -----------------------------------------------------------------------------------------------------------

POSEES = (
    question("q1", choix=TROIS),
    question("q2", Genre.MULTIPLE, choix=TROIS),
    question("q3", Genre.ECHELLE),
    question("q4", Genre.MATRICE),
    question("q5", Genre.CLASSEMENT, choix=TROIS),
    question("q6", Genre.NOMBRE, decimales=1),
)
VALEURS = {
    "q1": st.sampled_from("abc").map(lambda c: Valeur(choix=(c,))),
    "q2": st.lists(st.sampled_from("abc"), min_size=1, unique=True).map(lambda c: Valeur(choix=tuple(sorted(c)))),
    "q3": st.integers(0, 10).map(lambda n: Valeur(nombre=Decimal(n))),
    "q4": st.dictionaries(st.sampled_from(["l1", "l2"]), st.sampled_from("ab"), min_size=1).map(
        lambda d: Valeur(lignes=d)
    ),
    "q5": st.permutations(list("abc")).flatmap(lambda p: st.integers(1, 3).map(lambda n: Valeur(choix=tuple(p[:n])))),
    "q6": st.decimals(-50, 50, places=1).map(lambda n: Valeur(nombre=n)),
}
REPONSES = st.lists(st.fixed_dictionaries({}, optional=VALEURS), max_size=12)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(REPONSES)
def test_chaque_chiffre_est_celui_des_reponses(db, reponses):
    from django.db import transaction

    with transaction.atomic():
        ouverte = consultation(une_page(*POSEES), titre=f"Consultation {uuid.uuid4()}")
        repondre_en_masse(ouverte, reponses)
        compte = compter(ouverte)
        transaction.set_rollback(True)
    par_cle = {resultat.question.cle: resultat for resultat in compte.questions}
    assert compte.participations == len(reponses)
    for cle, resultat in par_cle.items():
        donnees = [reponse[cle] for reponse in reponses if cle in reponse]
        assert resultat.repondantes == len(donnees)
        parts = {part.cle: part.nombre for part in resultat.parts}
        if cle in {"q1", "q2"}:
            assert parts == {c: sum(c in v.choix for v in donnees) for c in "abc"}
        elif cle == "q3":
            assert parts == {str(n): sum(v.nombre == n for v in donnees) for n in range(11)}
        elif cle == "q4":
            attendus = {"Le matin": "l1", "Le soir": "l2"}
            for libelle, cases in resultat.lignes:
                ligne = attendus[libelle]
                assert {c.cle: c.nombre for c in cases} == {
                    c: sum(v.lignes.get(ligne) == c for v in donnees) for c in "ab"
                }
        elif cle == "q5":
            for rang in resultat.rangs:
                places = [v.choix.index(rang["cle"]) + 1 for v in donnees if rang["cle"] in v.choix]
                assert (rang["premieres"], rang["fois"]) == (places.count(1), len(places))
                assert rang["points"] == sum(4 - place for place in places)
        elif donnees:
            nombres = sorted(v.nombre for v in donnees)
            assert (resultat.resume.minimum, resultat.resume.maximum) == (nombres[0], nombres[-1])
            assert resultat.resume.mediane == nombres[(len(nombres) - 1) // 2]
            assert sum(part.nombre for part in resultat.parts) == len(nombres)


def test_une_reponse_retiree_ou_commencee_ne_compte_pas(citoyenne):
    ouverte = consultation(resultats="direct")
    participation(ouverte)
    participer.retirer(participation(ouverte, personne=citoyenne), par=citoyenne)
    participation(ouverte, envoyee=False)
    resultat = compter(ouverte)
    assert resultat.participations == 1 and resultat.questions[0].repondantes == 1


def test_deux_versions_s_additionnent_quand_la_question_est_la_meme(agent):
    ouverte = consultation(une_page(question("q1"), question("q2")), agent=agent)
    participation(ouverte, {"q1": ["a"], "q2": ["a"]})
    version = composition.preparer(ouverte, par=agent)
    suivante = une_page(question("q1", intitule="Dite autrement ?"), question("q2", choix=TROIS))
    composition.retoucher(version, lambda _avant: suivante, par=agent)
    composition.publier(version, par=agent, ce_qui_change="Un choix de plus.")
    participation(ouverte, {"q1": ["a"], "q2": ["c"]})
    vus = [(r.question.cle, r.versions, r.repondantes, r.autrefois) for r in compter(ouverte).questions]
    assert vus == [("q1", [1, 2], 2, ["Question q1 ?"]), ("q2", [2], 1, []), ("q2", [1], 1, [])]


def test_soixante_questions_et_cinq_mille_reponses_en_moins_de_douze_requetes(client):
    ouverte = consultation(une_page(*(question(f"q{n}") for n in range(60))), resultats="direct")
    comptes = []
    for nombre in (1, 300):  # the benchmark goes to five thousand; the number of queries does not depend on it
        repondre_en_masse(ouverte, [{f"q{n}": Valeur(choix=("a",)) for n in range(60)}] * nombre)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(reverse("consultations:resultats", args=[ouverte.slug])).status_code == 200
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1] < 12


def test_les_quartiles_sont_des_nombres_donnes():
    resume = resumer(Counter({Decimal(n): 1 for n in (1, 2, 3, 4, 100)}))
    assert (resume.q1, resume.mediane, resume.q3, resume.moyenne) == (2, 3, 4, 22.0)
    assert tranches(Counter({Decimal(n): 1 for n in range(2, 26)}))[:2] == [("2 – 4", 3), ("5 – 7", 3)]
    assert sum(n for _mots, n in tranches(Counter({Decimal(n): 2 for n in range(25)}))) == 50


# --- Small groups ------------------------------------------------------------------------------------------------------


@pytest.mark.sans_base
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 40), max_size=8))
def test_aucun_petit_groupe_ne_se_retrouve_par_difference(effectifs):
    tus = a_taire(effectifs)
    peuples = {cle: n for cle, n in effectifs.items() if n}
    assert {cle for cle, n in peuples.items() if n < SEUIL} <= tus <= set(peuples)
    reste = sum(peuples[cle] for cle in tus)
    # Either nothing is withheld, or at least two groups that are not few together, or there is nothing else to withhold.
    assert not tus or (len(tus) > 1 and reste >= SEUIL) or tus == set(peuples)


def commune(nom, population=100_000, **champs):
    return Territoire.objects.create(
        genre=Territoire.Genre.COMMUNE, nom=nom, slug=nom.lower(), code=f"99{nom}", population=population, **champs
    )


def test_le_croisement_tait_les_petits_groupes(agent):
    ouverte = consultation(agent=agent)
    ages = [Tranche.DE_18_A_29] * 12 + [Tranche.DE_30_A_44] * 15 + [Tranche.DE_75_ET_PLUS] * 3
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("a",))}] * 30, tranche=lambda n: ages[n])
    croisement = croiser(fermer(ouverte), "q1", "tranche")
    # Three are withheld; alone, they would be the total less the others: the next smallest group goes with them.
    assert [(g.libelle, g.effectif) for g in croisement.groupes] == [("30 à 44 ans", 15)] and croisement.tus == 2
    assert croisement.tableau[0][1][0].part == 100.0


def test_un_quartier_compte_dans_sa_commune():
    ouverte = consultation()
    ville = commune("Ville")
    quartier = Territoire.objects.create(genre="quartier", nom="Port", slug="port", code="99port", parent=ville)
    lieux = [ville.pk] * 6 + [quartier.pk] * 6
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("b",))}] * 12, territoire_id=lambda n: lieux[n])
    croisement = croiser(fermer(ouverte), "q1", "territoire")
    assert [(g.libelle, g.effectif) for g in croisement.groupes] == [("Ville", 12)]


def test_qui_manque():
    ouverte = consultation()
    grande, petite = commune("Grande", 300_000), commune("Petite", 100_000)
    lieux = [grande.pk] * 20 + [petite.pk] * 20
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("a",))}] * 40, territoire_id=lambda n: lieux[n])
    presence = comparer(fermer(ouverte))
    assert [(p.commune, p.part_population, p.part_reponses) for p in presence.presences] == [
        ("Grande", 75.0, 50.0),
        ("Petite", 25.0, 50.0),
    ]
    assert [p.commune for p in presence.manquantes] == ["Grande"]


# --- Open data ---------------------------------------------------------------------------------------------------------


def test_les_donnees_ouvertes_ne_menent_a_personne(citoyenne):
    ouverte = consultation(une_page(question("q1"), question("q2", Genre.TEXTE_LONG)))
    participation(ouverte, {"q1": ["a"], "q2": ["=CANARI-PRIVE"]}, personne=citoyenne)
    participation(ouverte, {"q1": ["b"], "q2": ["=HYPERLINK(1)"]}, accord_textes=True)
    texte = "".join(fichier_csv(fermer(ouverte)))
    numeros = Participation.objects.values_list("numero", flat=True)
    assert "CANARI-PRIVE" not in texte and citoyenne.pseudonyme not in texte
    assert not any(str(numero) in texte for numero in numeros)
    rangees = list(csv.DictReader(io.StringIO(texte.removeprefix("\ufeff")), delimiter=";"))
    assert sorted(r["q1"] for r in rangees) == ["Non", "Oui"]
    assert {r["q2"] for r in rangees} == {"", "'=HYPERLINK(1)"}


def test_l_age_et_la_commune_ne_se_disent_qu_a_dix():
    ouverte = consultation()
    ville = commune("Ville")
    ages = [Tranche.DE_18_A_29] * 11 + [Tranche.DE_30_A_44] * 12
    lieux = [ville.pk] * 11 + [ville.pk] * 2 + [None] * 10
    repondre_en_masse(
        ouverte, [{"q1": Valeur(choix=("a",))}] * 23, tranche=lambda n: ages[n], territoire_id=lambda n: lieux[n]
    )
    vus = Counter((ligne["age"], ligne["commune"]) for ligne in lignes(fermer(ouverte)))
    assert vus == {("18 à 29 ans", "Ville"): 11, ("30 à 44 ans", None): 12}


def test_le_fichier_s_ecrit_au_fur_et_a_mesure(client, django_assert_num_queries):
    ouverte = consultation()
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("a",))}] * 1100)
    finie = fermer(ouverte)
    adresse = reverse("consultations:donnees", args=[finie.slug, "reponses.json"])
    reponse = client.get(adresse)
    assert reponse.streaming and len(json.loads(b"".join(reponse.streaming_content))["reponses"]) == 1100
    morceaux = fichier_csv(finie)
    with CaptureQueriesContext(connection) as debut:
        for _n in range(10):
            next(morceaux)
    with CaptureQueriesContext(connection) as fin:
        assert sum(1 for _ligne in morceaux) == 1100 + 2 - 10
    assert len(debut) < 9 and len(fin) >= 4  # two more lots, each read when its turn comes


# --- Hidden ------------------------------------------------------------------------------------------------------------

SECRETES = (
    "resultats/croiser/",
    "resultats/textes/q1/",
    "donnees/reponses.csv",
    "donnees/reponses.json",
    "donnees/dictionnaire.csv",
)


@pytest.mark.parametrize("resultats", ["cloture", "restitution"])
def test_avant_leur_heure_aucune_porte_ne_dit_un_chiffre(
    resultats, client, agent, elue, moderatrice, administratrice, citoyenne
):
    ouverte = consultation(
        une_page(question("q1", choix=(Choix("a", "Canari"), Choix("b", "Non"))), question("q2", Genre.TEXTE_COURT)),
        resultats=resultats,
        agent=agent,
    )
    repondre_en_masse(
        ouverte, [{"q1": Valeur(choix=("a",)), "q2": Valeur(texte="MOTS-CANARI")}] * 1947, accord_textes=True
    )
    if resultats == "restitution":
        ouverte = fermer(ouverte)
    portes = [
        ouverte.get_absolute_url(),
        f"{ouverte.get_absolute_url()}resultats/",
        *(f"{ouverte.get_absolute_url()}{porte}" for porte in SECRETES),
        f"/api/v1/consultations/{ouverte.slug}/",
        f"/api/v1/consultations/{ouverte.slug}/resultats/",
        "/api/v1/consultations/",
        "/consultations/",
        "/",
        "/chronologie/",
        "/chronologie/atom.xml",
        "/calendrier.ics",
        "/mon-espace/",
        "/bureau/",
        "/bureau/consultations/",
        f"/bureau/consultations/{ouverte.slug}/composer/",
        f"/integrer/sondages/{ouverte.slug}/",
        f"/oembed?url=http://testserver{ouverte.get_absolute_url()}",
        f"/administration/consultations/consultation/{ouverte.pk}/change/",
        "/administration/consultations/participation/",
        "/administration/consultations/donnee/",
    ]
    for personne in (None, citoyenne, agent, elue, moderatrice, administratrice):
        client.logout()
        if personne:
            client.force_login(personne)
        for porte in portes:
            reponse = client.get(porte)
            corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
            texte = corps.decode()
            for trace in ("1947", "1 947", "1\u202f947", "1\u00a0947", "MOTS-CANARI", "100,0 %", "100.0"):
                assert trace not in texte, (porte, personne, trace)
        for porte in SECRETES:
            assert client.get(f"{ouverte.get_absolute_url()}{porte}").status_code == 404
        assert client.get(f"/api/v1/consultations/{ouverte.slug}/resultats/").status_code == 404


def test_a_l_heure_dite_tout_le_monde_les_voit(client):
    finie = fermer(consultation(de_chaque_genre(), titre="De tout"))
    assert "Personne n’a répondu" in client.get(reverse("consultations:resultats", args=[finie.slug])).content.decode()
    ouverte = consultation(de_chaque_genre(), titre="De tout encore", resultats="direct")
    participation(
        ouverte,
        {
            "q0": ["a"],
            "q1": ["a", "b"],
            "q2": ["7"],
            "q3": ["5"],
            "q4.l1": ["a"],
            "q5.rang.b": ["1"],
            "q6": ["3"],
            "q7": ["2027-03-31"],
            "q9": ["des mots"],
        },
        accord_textes=True,
    )
    finie = fermer(ouverte)
    page = client.get(reverse("consultations:resultats", args=[finie.slug])).content.decode()
    assert page.count("1 personne a répondu.") == 9 and "Très content" in page
    mots = client.get(reverse("consultations:textes", args=[finie.slug, "q9"])).content.decode()
    assert "des mots" in mots
    assert client.get(f"/api/v1/consultations/{finie.slug}/resultats/").json()["participations"] == 1
    assert client.get(reverse("consultations:croiser", args=[finie.slug])).status_code == 200
    assert client.get(reverse("consultations:croiser", args=[finie.slug]) + "?question=zz").status_code == 404
