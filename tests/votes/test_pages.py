"""What everybody reads of the votes: states, roles, rules and their fingerprint, options with their studies, fair order."""

import hashlib
import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from idees.models import Idee
from projets.models import Etape
from socle.permissions import SYSTEME
from tests.fabriques import IdeeFabrique, PersonneFabrique, ProjetFabrique, ServiceFabrique
from tests.requetes import liste_au_cout_constant
from tests.votes.fabriques import amener, scrutin, voter_pour
from tests.votes.parcours_http import avec_territoires, de_forme, pendant
from timeline.etapes import franchir
from timeline.models import Entree
from votes.models import Enveloppe, Etude, Option, Scrutin
from votes.reglement import phrases

pytestmark = pytest.mark.django_db

ETATS = ("brouillon", "annonce", "ouvert", "clos", "depouille", "proclame", "annule")
ROLES = ("visiteur", "citoyenne", "agent", "moderatrice", "elue", "administratrice")


def en(etat, **champs) -> Scrutin:
    """In this state, without a count: nothing here reads a result."""
    champs = {"regle": "approbation", "forme": "approbation", **champs}
    agent = PersonneFabrique(roles=["agent"])
    depart = {"depouille": "clos", "proclame": "clos", "annule": "ouvert"}.get(etat, etat)
    fait = scrutin(depart, agent=agent, **champs)
    if etat in {"depouille", "proclame"}:
        franchir(fait.depouiller, par=SYSTEME, empreinte="f" * 64)
    if etat == "proclame":
        franchir(fait.proclamer, par=agent)
    if etat == "annule":
        franchir(fait.annuler, par=agent, motif="La liste avait une erreur.")
    return fait


def avant(fait: Scrutin):
    return time_machine.travel(fait.ouvre_le - timedelta(minutes=5), tick=False)


@pytest.fixture
def roles(citoyenne, agent, moderatrice, elue, administratrice):
    return {
        "visiteur": None,
        "citoyenne": citoyenne,
        "agent": agent,
        "moderatrice": moderatrice,
        "elue": elue,
        "administratrice": administratrice,
    }


#: What each door answers, for every role, by state. A draft is nowhere but at the desk.
PORTES = {
    "detail": dict.fromkeys(ETATS[1:], 200),
    "reglement": dict.fromkeys(ETATS[1:], 200),
    "verifier": dict.fromkeys(ETATS[1:], 200),
    "options": dict.fromkeys(ETATS[1:], 200),
    "option": dict.fromkeys(ETATS[1:], 200),
    "voter": {**dict.fromkeys(ETATS[1:], 409), "ouvert": 302},
    "bulletin": {**dict.fromkeys(ETATS[1:], 409), "ouvert": 200},
}


@pytest.mark.une_fois(
    "des droits dits par une requête ; chaque porte s'ouvre aussi sur PostgreSQL dans les autres tests"
)
@pytest.mark.parametrize("etat", ETATS)
def test_etat_porte_role(client, roles, etat, refus_en_bref):
    fait = en(etat)
    arguments = {
        "option": [fait.slug, "p1"],
        "bulletin": [fait.slug, fait.enveloppes.get().pk],
    }
    obtenus = {}
    with avant(fait) if etat in {"brouillon", "annonce"} else pendant(fait):
        for role in ROLES:
            client.logout()
            if roles[role]:
                client.force_login(roles[role])
            for porte in PORTES:
                url = reverse(f"votes:{porte}", args=arguments.get(porte, [fait.slug]))
                obtenus[role, porte] = client.get(url).status_code
            suite = client.get(reverse("votes:mon_vote", args=[fait.slug])).status_code
            obtenus[role, "mon_vote"] = suite
    attendus = {(role, porte): PORTES[porte].get(etat, 404) for role in ROLES for porte in PORTES}
    attendus |= {
        (role, "mon_vote"): 404 if etat == "brouillon" else 302 if role == "visiteur" else 200 for role in ROLES
    }
    assert obtenus == attendus


def test_ces_pages_se_lisent_seulement(client, citoyenne):
    fait = en("annonce")
    client.force_login(citoyenne)
    obtenus = {
        (porte, methode): getattr(client, methode)(reverse(f"votes:{porte}", args=[fait.slug])).status_code
        for porte in ("detail", "reglement", "verifier", "options", "voter", "mon_vote")
        for methode in ("post", "put", "delete")
    }
    assert obtenus == dict.fromkeys(obtenus, 405)


def test_un_vote_d_un_projet_cache_ne_se_voit_pas(client):
    fait = en("annonce")
    Etape.objects.filter(pk=fait.etape_id).update(projet=ProjetFabrique(annonce=False))
    for porte in ("detail", "reglement", "options"):
        assert client.get(reverse(f"votes:{porte}", args=[fait.slug])).status_code == 404
    assert fait.titre not in client.get(reverse("votes:liste")).content.decode()


# --- One vote --------------------------------------------------------------------------------------------------------------


PHRASES_D_ETAT = {
    "annonce": "Le vote s’ouvrira le",
    "ouvert": "À vous de voter",
    "clos": "à la proclamation",
    "depouille": "à la proclamation",
    "proclame": "Les résultats ont été proclamés",
    "annule": "La liste avait une erreur.",
}


@pytest.mark.parametrize("etat", PHRASES_D_ETAT)
def test_la_page_dit_ou_en_est_le_vote(client, etat):
    fait = en(etat)
    with avant(fait) if etat == "annonce" else pendant(fait):
        page = client.get(fait.get_absolute_url()).content.decode()
    assert PHRASES_D_ETAT[etat] in page and fait.question in page and fait.empreinte in page
    for phrase in phrases(fait):
        assert phrase.replace("'", "&#x27;") in page
    assert ("Personne n’a encore voté" in page) is (etat != "annonce")


@pytest.mark.parametrize(
    ("etat", "instant", "attendu"),
    [
        ("annonce", "avant", "À venir"),
        ("annonce", "pendant", "Ouvert"),
        ("ouvert", "pendant", "Ouvert"),
        ("ouvert", "après", "Terminé, à compter"),
        ("annonce", "après", "Terminé, à compter"),
        ("clos", "après", "Terminé, à compter"),
    ],
)
def test_l_etiquette_est_a_l_heure_sans_attendre_l_horloge(client, etat, instant, attendu):
    """The page and its badge say the same, to the second; what is written waits for the clock."""
    fait = en(etat)
    quand = {"avant": fait.ouvre_le - timedelta(seconds=1), "pendant": fait.ouvre_le, "après": fait.ferme_le}[instant]
    with time_machine.travel(quand, tick=False):
        pages = [client.get(url).content.decode() for url in (fait.get_absolute_url(), reverse("votes:liste"))]
    for page in pages:
        assert (
            re.findall(r'<span class="etiquette[^>]*>(?:<svg.*?</svg>)?\s*([^<]+)', page, re.DOTALL)[0].strip()
            == attendu
        )
    assert Scrutin.objects.get().etat == etat


def test_le_nombre_de_personnes_et_rien_d_autre(client):
    ouvert = en("ouvert")
    for cle in ("p1", "p1", "p2"):
        voter_pour(ouvert, cle)
    with pendant(ouvert):
        page = client.get(ouvert.get_absolute_url()).content.decode()
    assert "3 personnes ont voté" in page


def test_la_page_ouverte_se_met_a_jour(client):
    ouvert = en("ouvert")
    with pendant(ouvert):
        page = client.get(ouvert.get_absolute_url()).content.decode()
        assert f'data-es-flux="/ws/flux/votes.scrutin/{ouvert.pk}/"' in page
        fragment = client.get(ouvert.get_absolute_url(), headers={"hx-request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="suivi-du-vote"') and "<html" not in fragment


def test_un_vote_previent_les_pages_ouvertes_de_temps_en_temps(monkeypatch, django_capture_on_commit_callbacks):
    dits = []
    monkeypatch.setattr("votes.voter.diffuser", dits.append)
    ouvert = en("ouvert")
    with django_capture_on_commit_callbacks(execute=True):
        voter_pour(ouvert, "p1")
        voter_pour(ouvert, "p2")
    assert dits == [f"flux.votes.scrutin.{ouvert.pk}"]


# --- The frozen rules --------------------------------------------------------------------------------------------------------


def test_l_empreinte_est_celle_du_fichier_et_de_la_chronologie(client):
    fait = Scrutin.objects.get(pk=en("annonce").pk)
    recu = client.get(reverse("votes:reglement", args=[fait.slug]))
    assert recu["Content-Type"].startswith("application/json")
    assert f'filename="reglement-{fait.slug}.json"' in recu["Content-Disposition"]
    calculee = hashlib.sha256(recu.content).hexdigest()
    entree = Entree.objects.get(type="votes.annoncer")
    assert calculee == fait.empreinte == entree.donnees["empreinte"]
    assert json.loads(recu.content)["options"][0]["titre"] == "Bancs de la place"
    page = client.get(reverse("votes:verifier", args=[fait.slug])).content.decode()
    assert calculee in page and "sha256sum" in page and entree.get_absolute_url() in page
    assert "les deux empreintes sont les mêmes" in page


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"choix_min": 2, "choix_max": 2}, "Choisissez exactement 2 propositions."),
        ({"choix_min": 1, "choix_max": 2}, "Choisissez de 1 à 2 propositions."),
        ({"choix_max": 2}, "Choisissez 2 propositions au plus."),
        ({"choix_min": 2}, "Choisissez 2 propositions au moins."),
        ({}, "Vous cochez autant de propositions que vous voulez."),
        ({"age_min": 16}, "à partir de l’année de ses 16 ans"),
        (
            {"regle": "points", "forme": "points", "points_total": 5, "parametres": {"tout_donner": True}},
            "Vous répartissez vos 5 points, tous.",
        ),
        (
            {"regle": "points", "forme": "points", "points_total": 1, "parametres": {"tout_donner": True}},
            "Vous donnez votre seul point.",
        ),
    ],
)
def test_les_regles_en_phrases(champs, phrase):
    assert any(phrase in dite for dite in phrases(en("brouillon", **champs)))


def test_les_regles_disent_qui_pourrait_voir():
    dites = " ".join(phrases(en("brouillon")))
    assert "pourraient le voir" in dites and "Aucun résultat n’est visible avant la proclamation" in dites


# --- The list ------------------------------------------------------------------------------------------------------------------


def test_l_argent_d_une_enveloppe_se_lit_dans_chaque_langue(client):
    """Whoever reads in English meets neither a space before a colon nor a sign after its number."""
    fait = avec_territoires("annonce", noms=("Le Port",))
    dites = {}
    for langue in ("fr", "en"):
        client.cookies["django_language"] = langue
        page = client.get(fait.get_absolute_url()).content.decode()
        dites[langue] = " ".join(re.search(r"<li>(Le Port[^<]*)</li>", page)[1].split())
    budget = fait.enveloppes.get(nom="Le Port").budget // 100
    assert dites == {"fr": f"Le Port : {budget:,} €".replace(",", " "), "en": f"Le Port: €{budget:,}"}


def test_la_liste_par_groupe(client):
    for etat in ETATS:
        en(etat, titre=f"Vote {etat}")

    def lus(**demande):
        page = client.get(reverse("votes:liste"), demande).content.decode()
        return {etat for etat in ETATS if f">Vote {etat}<" in page}

    assert lus() == set(ETATS) - {"brouillon"}
    assert lus(etat="ouverts") == {"ouvert"}
    assert lus(etat="a_venir") == {"annonce"}
    assert lus(etat="finis") == {"clos", "depouille", "proclame", "annule"}
    assert lus(etat="brouillon") == set(ETATS) - {"brouillon"}


def test_une_liste_vide_dit_quoi_faire(client):
    assert "Aucun vote ici pour le moment" in client.get(reverse("votes:liste")).content.decode()


def test_la_liste_coute_toujours_autant(citoyenne, agent):
    suites = ("", "?page=2", "?etat=a_venir")
    assert liste_au_cout_constant(en("annonce"), reverse("votes:liste"), suites, citoyenne, agent) <= 6


# --- Options ---------------------------------------------------------------------------------------------------------------------


def une_option_complete() -> Option:
    prepare = scrutin("brouillon", forme="sac")
    idee = IdeeFabrique(etat="publiee", titre="Des bancs à l’ombre")
    option = prepare.options.get(cle="p1")
    Option.objects.filter(pk=option.pk).update(
        texte="Dix bancs de bois.\n\nÀ l’ombre.", proposee_par="Le collectif fictif", categorie="Espaces publics",
        adresse="place Inventée", latitude=47.21, longitude=-1.55, idee=idee, image_alternative="Un banc dessiné",
    )  # fmt: skip
    option.refresh_from_db()
    option.image.save("banc.png", ContentFile(b"image"))
    etude = Etude.objects.create(option=option, service=ServiceFabrique(), attendue_le=timezone.localdate())
    franchir(
        etude.rendre, par=PersonneFabrique(roles=["agent"]), conclusion="sous_conditions", motif="Il faut un accord.",
        cout=12_000_50, cout_motif="Trois devis", calendrier="Six mois", entretien="Deux passages par an",
    )  # fmt: skip
    attendue = Etude.objects.create(
        option=prepare.options.get(cle="p2"),
        service=ServiceFabrique(nom="Service muet"),
        attendue_le=timezone.localdate(),
    )
    franchir(attendue.rendre, par=PersonneFabrique(roles=["agent"]), conclusion="faisable", motif="Rien à redire.")
    amener(prepare, "annonce", agent=PersonneFabrique(roles=["agent"]))
    return Option.objects.get(pk=option.pk)


def test_une_option_dit_tout(client):
    option = une_option_complete()
    page = client.get(option.get_absolute_url()).content.decode()
    for dit in (
        "Dix bancs de bois.", "Le collectif fictif", "Espaces publics", "place Inventée", "10\u00a0000\u00a0€",
        "12\u00a0000,50\u00a0€", "Trois devis", "Six mois", "Deux passages par an", "Il faut un accord.",
        "Faisable sous conditions", "Des bancs à l’ombre", 'alt="Un banc dessiné"', "carte-option",
    ):  # fmt: skip
        assert dit in page, dit
    assert "Rien à redire" not in page


def test_une_idee_masquee_n_est_pas_liee(client):
    option = une_option_complete()
    Idee.objects.filter(pk=option.idee_id).update(masquee_le=timezone.now(), masquee_motif="hors_sujet")
    page = client.get(option.get_absolute_url()).content.decode()
    assert "Idée d’origine" not in page and "Des bancs à l’ombre" not in page


def test_une_option_retiree_reste_avec_sa_raison(client):
    fait = en("annonce")
    Option.objects.filter(scrutin=fait, cle="p2").update(
        retiree_le=timezone.now(), motif_retrait="Le terrain est vendu."
    )
    page = client.get(reverse("votes:option", args=[fait.slug, "p2"])).content.decode()
    assert "Retirée du vote le" in page and "Le terrain est vendu." in page
    liste = client.get(reverse("votes:options", args=[fait.slug])).content.decode()
    assert liste.index("Arbres de la rue") < liste.index("Fontaine du marché") and "Retirée du vote" in liste


def test_l_option_d_un_autre_vote_n_existe_pas_ici(client):
    """Both lists have p1 and p2; only one has p3."""
    un, autre = en("annonce"), en("annonce", propositions=(("Ailleurs", 1), ("Là-bas", 1)))
    assert client.get(reverse("votes:option", args=[autre.slug, "p3"])).status_code == 404
    assert client.get(reverse("votes:option", args=[un.slug, "p3"])).status_code == 200


def ordre_de(page: str) -> list[str]:
    return [m.partition("<")[0].partition(">")[2] for m in page.split('class="carte__lien"')[1:]]


def test_l_ordre_est_tire_a_chaque_visite_ou_publie_jamais_par_les_votes(client):
    propositions = [(f"Proposition {n:02}", 1) for n in range(60)]
    ouvert = en("ouvert", propositions=propositions)
    for _ in range(3):
        voter_pour(ouvert, "p60", "p59")
    url = reverse("votes:options", args=[ouvert.slug])
    publie = client.get(url, {"ordre": "publie"}).content.decode()
    assert ordre_de(publie) == [titre for titre, _cout in propositions][:48]
    recu = client.get(url)
    assert recu.status_code == 302 and "ordre=" in recu["Location"] and not recu.cookies
    tiree = [client.get(url, {"ordre": "7", "page": n}).content.decode() for n in (1, 2)]
    assert sorted(ordre_de(tiree[0]) + ordre_de(tiree[1])) == [titre for titre, _cout in propositions]
    assert ordre_de(tiree[0]) == ordre_de(client.get(url, {"ordre": "7"}).content.decode()) != ordre_de(publie)
    assert "tiré au sort à chaque visite" in tiree[0]


@pytest.mark.parametrize("ordre", ["-1", "abc", "9" * 50, "٣", "publie'"])
def test_un_ordre_invente_ne_casse_rien(client, ordre):
    fait = en("annonce")
    assert client.get(reverse("votes:options", args=[fait.slug]), {"ordre": ordre}).status_code == 200


def test_les_filtres_sont_des_listes_fermees(client):
    prepare = scrutin("brouillon", regle="approbation")
    Option.objects.filter(scrutin=prepare, cle="p1").update(categorie="Eau")
    Enveloppe.objects.filter(scrutin=prepare).update(nom="Partout")
    fait = amener(prepare, "annonce", agent=PersonneFabrique(roles=["agent"]))
    url = reverse("votes:options", args=[fait.slug])
    assert ordre_de(client.get(url, {"categorie": "Eau"}).content.decode()) == ["Bancs de la place"]
    for faux in ({"categorie": "Feu"}, {"enveloppe": "9" * 30}, {"enveloppe": "1 OR 1=1"}):
        assert len(ordre_de(client.get(url, faux).content.decode())) == 3


@pytest.mark.parametrize("porte", ["detail", "options", "voter"])
def test_une_page_coute_autant_avec_cinquante_options(client, porte, django_assert_max_num_queries):
    def cout(nombre, page=1) -> int:
        fait = de_forme("sac", propositions=[(f"Proposition {n}", 100) for n in range(nombre)])
        url = reverse(f"votes:{porte}", args=[fait.slug])
        with pendant(fait):
            client.get(url, {"ordre": "1", "page": page}, follow=True)
            with django_assert_max_num_queries(40) as captees:
                assert client.get(url, {"ordre": "1", "page": page}, follow=True).status_code == 200
        return len(captees)

    assert cout(2) == cout(50) == cout(50, page=2)
