"""Counting: asked for once, sealed before anybody reads it, the same as a count by hand, and never of a vote under way."""

from collections import Counter

import pytest
from django.urls import reverse

from tests.fabriques import PersonneFabrique
from tests.requetes import copier, requetes
from tests.votes.fabriques import amener, scrutin, votante, voter_pour
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree
from votes import comptage, demandes
from votes.models import Comptage, Scrutin
from votes.models.comptage import empreinte_du_resultat
from votes.resultats import officiel, resultat_de
from votes.simulation import Demande

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return PersonneFabrique(roles=["agent"])


def clos(agent, *bulletins, **champs) -> Scrutin:
    """A closed vote with these ballots, each a tuple of keys."""
    ouvert = scrutin("ouvert", agent=agent, **champs)
    for cles in bulletins:
        voter_pour(ouvert, *cles)
    return amener(ouvert, "clos", agent=agent)


def test_le_comptage_scelle_puis_la_proclamation_montre(agent):
    ferme = clos(agent, ("p1", "p2"), ("p2",), ("p2", "p3"), ("p3",), ())
    comptage.executer(demandes.demander(ferme, par=agent).pk)
    ferme.refresh_from_db()
    fait = ferme.comptages.get()
    assert (ferme.etat, officiel(ferme)) == ("depouille", None)
    scelle = Entree.objects.get(type="votes.depouiller")
    assert scelle.donnees["resultat"] == fait.empreinte == empreinte_du_resultat(fait.resultat)

    franchir(ferme.proclamer, par=agent)
    partie = officiel(ferme)["enveloppes"][0]
    # 50,000 €: the fountain (3 voices, 30,000 €), then the benches; the trees (25,000 €) no longer fit.
    assert partie["totaux"] == {"p1": 1, "p2": 3, "p3": 2}
    assert (partie["retenues"], partie["cout"]) == (["p2", "p1"], 4_000_000)
    assert (partie["bulletins"], partie["blancs"], officiel(ferme)["votantes"]) == (5, 1, 5)
    assert set(ferme.options.filter(est_elue=True).values_list("cle", flat=True)) == {"p1", "p2"}


def test_l_empreinte_publiee_avant_la_proclamation_ne_se_devine_pas(agent):
    """With three ballots, all possible results could be hashed and compared: something drawn is in the document."""
    avancement = lambda fait, total: None  # noqa: E731
    ferme = clos(agent, ("p1",), ("p2",))
    premier, second = (resultat_de(ferme, avancement=avancement) for _fois in range(2))
    assert {nom for nom in premier if premier[nom] != second[nom]} == {"sel"}
    assert empreinte_du_resultat(premier) != empreinte_du_resultat(second)


def test_le_comptage_dit_ce_que_dit_un_compte_a_la_main(agent):
    bulletins = [("p1",), ("p1", "p3"), ("p3",), ("p2", "p3"), ("p1", "p2", "p3")]
    ferme = clos(agent, *bulletins, regle="approbation")
    amener(ferme, "proclame", agent=agent)
    a_la_main = Counter(cle for bulletin in bulletins for cle in bulletin)
    assert officiel(ferme)["enveloppes"][0]["totaux"] == dict(a_la_main)


@pytest.mark.parametrize("regle", ["approbation", "plus-votes"])
def test_le_sort_n_elit_pas_ce_que_personne_n_a_choisi(agent, regle):
    ferme = amener(
        clos(agent, (), (), regle=regle, parametres={"seuil": 1} if regle == "plus-votes" else {}),
        "proclame",
        agent=agent,
    )
    assert officiel(ferme)["enveloppes"][0]["elues"] == []
    assert not ferme.options.filter(est_elue=True).exists()


def test_une_option_retiree_n_est_plus_comptee(agent):
    from django.utils import timezone

    ouvert = scrutin("ouvert", agent=agent)
    voter_pour(ouvert, "p1", "p2")
    ouvert.options.filter(cle="p2").update(retiree_le=timezone.now(), motif_retrait="Le terrain est vendu.")
    ferme = amener(amener(ouvert, "clos", agent=agent), "proclame", agent=agent)
    assert officiel(ferme)["enveloppes"][0]["totaux"] == {"p1": 1, "p3": 0}


@pytest.mark.parametrize("etat", ["brouillon", "annonce", "ouvert", "depouille", "proclame"])
def test_on_ne_compte_qu_un_vote_clos(agent, etat):
    with pytest.raises(EtapeImpossible):
        demandes.demander(scrutin(etat, agent=agent), par=agent)


def test_demander_deux_fois_donne_un_seul_comptage(agent):
    ferme = clos(agent, ("p1",))
    premier, second = demandes.demander(ferme, par=agent), demandes.demander(ferme, par=agent)
    assert premier == second
    comptage.executer(premier.pk)
    comptage.executer(premier.pk)
    assert Entree.objects.filter(type="votes.depouiller").count() == 1


def test_un_comptage_abandonne_ne_scelle_rien_et_peut_etre_redemande(agent):
    ferme = clos(agent, ("p1",))
    premier = demandes.abandonner(demandes.demander(ferme, par=agent), par=agent)
    comptage.executer(premier.pk)
    ferme.refresh_from_db()
    assert (ferme.etat, premier.etat) == ("clos", "abandonne")
    with pytest.raises(EtapeImpossible):
        demandes.abandonner(premier, par=agent)
    comptage.executer(demandes.demander(ferme, par=agent).pk)
    ferme.refresh_from_db()
    assert ferme.etat == "depouille"


def test_une_erreur_arrete_le_comptage_et_le_dit(agent, monkeypatch):
    ferme = clos(agent, ("p1",))
    demande = demandes.demander(ferme, par=agent)
    monkeypatch.setattr(comptage, "resultat_de", lambda *a, **k: 1 / 0)
    comptage.executer(demande.pk)
    demande.refresh_from_db()
    ferme.refresh_from_db()
    assert (demande.etat, ferme.etat) == ("arrete", "clos")
    assert demande.echec
    assert demandes.demander(ferme, par=agent) != demande


@pytest.mark.parametrize("roles", [[], ["moderatrice"], ["elue"], ["mediatrice"]])
def test_seule_l_equipe_compte(agent, roles):
    ferme = clos(agent, ("p1",))
    with pytest.raises(EtapeInterdite):
        demandes.demander(ferme, par=PersonneFabrique(roles=roles))


def test_depouiller_ne_se_fait_pas_a_la_main(agent, client):
    """The step has no button, and its page refuses it: only a count that ended brings it."""
    from timeline.etapes import transitions_ouvertes

    ferme = clos(agent, ("p1",))
    assert "depouiller" not in [nom for nom, _e in transitions_ouvertes(ferme, agent)]


def test_un_vote_annule_n_est_jamais_compte(agent):
    ferme = clos(agent, ("p1",))
    franchir(ferme.annuler, par=agent, motif="Une erreur dans la liste.")
    with pytest.raises(EtapeImpossible):
        demandes.demander(ferme, par=agent)
    ferme.refresh_from_db()
    assert ferme.est_lisible and officiel(ferme) is None


# --- Simulations -----------------------------------------------------------------------------------------------------


def simuler(de, agent, **demande):
    compte = demandes.simuler(de, Demande(**{"regles": ("plus-votes", "parts-egales"), **demande}), par=agent)
    comptage.executer(compte.pk)
    compte.refresh_from_db()
    return compte


def test_les_simulations_coutent_autant_pour_une_que_pour_cinquante(agent, client):
    client.force_login(agent)
    brouillon = scrutin("brouillon", agent=agent)
    adresse = reverse("votes:simuler", args=[brouillon.slug])
    premiere = simuler(brouillon, agent, graine=7)
    une = requetes(client, adresse)
    copier(premiere, 49)
    assert [requetes(client, f"{adresse}?page={page}") for page in (1, 2)] == [une, une]
    assert client.get(adresse).context["page"].paginator.count == 50
    assert une <= 12


def test_une_simulation_se_refait_a_l_identique(agent):
    brouillon = scrutin("brouillon", agent=agent)
    premiere, seconde = simuler(brouillon, agent, graine=7), simuler(brouillon, agent, graine=7)
    assert premiere.resultat == seconde.resultat != simuler(brouillon, agent, graine=8).resultat
    regles = premiere.resultat["enveloppes"][0]["regles"]
    assert [regle["regle"] for regle in regles] == ["plus-votes", "parts-egales"]
    assert all(regle["cout"] <= 5_000_000 for regle in regles)


@pytest.mark.parametrize("etat", ["annonce", "ouvert", "clos", "depouille", "annule"])
def test_les_bulletins_d_un_vote_non_proclame_ne_servent_pas_a_simuler(agent, etat):
    ailleurs = scrutin("annonce" if etat == "annule" else etat, agent=agent)
    if etat == "annule":
        franchir(ailleurs.annuler, par=agent, motif="Une erreur.")
    brouillon = scrutin("brouillon", agent=agent)
    with pytest.raises(EtapeInvalide):
        simuler(brouillon, agent, passe=ailleurs.slug)
    assert not Comptage.objects.simulations().exists()


def test_simuler_sur_un_vote_passe_compte_ses_vrais_bulletins(agent):
    passe = amener(clos(agent, ("p1", "p2"), ("p2",)), "proclame", agent=agent)
    brouillon = scrutin("brouillon", agent=agent)
    resultat = simuler(brouillon, agent, passe=passe.slug).resultat
    assert resultat["enveloppes"][0]["bulletins"] == 2
    assert resultat["enveloppes"][0]["regles"][0]["totaux"] == {"p1": 1, "p2": 2, "p3": 0}


@pytest.mark.parametrize(
    "demande",
    [{"regles": ()}, {"regles": ("inconnue",)}, {"votantes": 0}, {"votantes": 10**6}, {"passe": "nulle-part"}],
)
def test_une_demande_impossible_ne_laisse_rien(agent, demande):
    with pytest.raises(EtapeInvalide):
        simuler(scrutin("brouillon", agent=agent), agent, **demande)
    assert not Comptage.objects.exists()


def test_les_bulletins_d_un_petit_lieu_ne_sont_pas_dits(agent):
    """A place with fewer than ten ballots is told with the others."""
    from tests.consultations.fabriques import commune
    from votes.urne import election_de

    grande, petite = commune("Grandeville"), commune("Petiteville")
    ouvert = scrutin("ouvert", agent=agent)
    for ville, combien in ((grande, 25), (petite, 3)):
        for _ in range(combien):
            voter_pour(ouvert, "p1", personne=votante(commune=ville))
    for _ in range(8):
        voter_pour(ouvert, "p2")
    lieux = Counter()
    for bulletin in election_de(ouvert, ouvert.enveloppes.get()).bulletins:
        lieux[bulletin.territoire] += bulletin.poids
    assert lieux == {"Grandeville": 25, "": 11}


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_aucune_page_ne_montre_un_resultat_scelle(agent, client):
    ferme = amener(clos(agent, ("p1", "p2"), ("p2",)), "depouille", agent=agent)
    compte = ferme.comptages.get()
    for personne in (
        None,
        votante(),
        PersonneFabrique(roles=["elue"]),
        agent,
        PersonneFabrique(roles=["administratrice"]),
    ):
        if personne:
            client.force_login(personne)
        page = client.get(reverse("votes:resultats", args=[ferme.slug]))
        assert page.status_code == 200 and "Fontaine" not in page.content.decode()
        for nom in ("resultats.json", "totaux.csv"):
            assert client.get(reverse("votes:donnees_resultats", args=[ferme.slug, nom])).status_code == 404
        assert client.get(reverse("votes:pourquoi", args=[ferme.slug, "p1"])).status_code == 404
        client.logout()
    client.force_login(agent)
    page = client.get(compte.get_absolute_url())
    assert page.status_code == 200 and "Fontaine" not in page.content.decode()


def test_la_page_des_resultats_et_ses_fichiers(agent, client):
    import hashlib
    import json

    ferme = amener(clos(agent, ("p1", "p2"), ("p2",), ("p3", "p2")), "proclame", agent=agent)
    page = client.get(reverse("votes:resultats", args=[ferme.slug])).content.decode()
    assert "Fontaine du marché" in page and ferme.comptages.get().empreinte in page
    document = client.get(reverse("votes:donnees_resultats", args=[ferme.slug, "resultats.json"]))
    assert hashlib.sha256(document.content).hexdigest() == ferme.comptages.get().empreinte
    assert empreinte_du_resultat(json.loads(document.content)) == ferme.comptages.get().empreinte
    tableur = client.get(reverse("votes:donnees_resultats", args=[ferme.slug, "totaux.csv"])).content.decode(
        "utf-8-sig"
    )
    assert '"p2";"Fontaine du marché";"3";"3000000";"oui"' in tableur
    perdue = client.get(reverse("votes:pourquoi", args=[ferme.slug, "p3"]))
    assert perdue.status_code == 200


def test_les_totaux_d_un_jugement_disent_la_mention(agent, client):
    """The total of this rule is the number of a grade: its word stands beside."""
    ouvert = scrutin(
        "ouvert", agent=agent, regle="jugement-majoritaire", forme="mentions", mentions=["Non", "Bof", "Oui"]
    )
    voter_pour(ouvert, notes={"p1": 2, "p2": 1})
    ferme = amener(ouvert, "proclame", agent=agent)
    tableur = client.get(reverse("votes:donnees_resultats", args=[ferme.slug, "totaux.csv"])).content.decode()
    lignes = [ligne.split(";") for ligne in tableur.splitlines()]
    assert lignes[0][-1] == '"mention_majoritaire"'
    assert {(ligne[1], ligne[3], ligne[-1]) for ligne in lignes[1:]} == {
        ('"p1"', '"2"', '"Oui"'),
        ('"p2"', '"1"', '"Bof"'),
        ('"p3"', '"0"', '"Non"'),
    }


@pytest.mark.parametrize(
    ("champs", "titre"),
    [
        ({}, "Où sont les projets retenus"),
        ({"regle": "schulze", "forme": "classement"}, "Où sont les propositions en tête"),
        ({"regle": "vote-alternatif", "forme": "classement"}, "Où sont les propositions en tête"),
        (
            {"regle": "jugement-majoritaire", "forme": "mentions", "mentions": ["Non", "Oui"]},
            "Où sont les propositions en tête",
        ),
        (
            {"regle": "priorites", "forme": "points", "points_max": 3},
            "Où sont les propositions au calendrier",
        ),
    ],
)
def test_la_carte_ne_dit_pas_finance_ce_qui_ne_l_est_pas(agent, client, champs, titre):
    prepare = scrutin("brouillon", agent=agent, **champs)
    prepare.options.update(latitude=47.2, longitude=-1.5)
    ouvert = amener(prepare, "ouvert", agent=agent)
    voter_pour(ouvert, "p1")
    ferme = amener(ouvert, "proclame", agent=agent)
    assert titre in client.get(reverse("votes:resultats", args=[ferme.slug])).content.decode()


@pytest.mark.parametrize("nombre", [2, 50])
def test_la_page_des_resultats_demande_toujours_aussi_peu(agent, client, nombre, django_assert_max_num_queries):
    propositions = [(f"Proposition {n}", 1000) for n in range(nombre)]
    ferme = clos(agent, ("p1",), propositions=propositions)
    amener(ferme, "proclame", agent=agent)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("votes:resultats", args=[ferme.slug])).status_code == 200


def test_l_horloge_ouvre_ferme_et_reveille(agent):
    from datetime import timedelta

    import time_machine
    from django.utils import timezone

    from votes.horloge import battre

    annonce = scrutin("annonce", agent=agent)
    with time_machine.travel(annonce.ouvre_le + timedelta(seconds=5), tick=False):
        assert battre()["ouverts"] == 1
        assert battre()["ouverts"] == 0
    with time_machine.travel(annonce.ferme_le + timedelta(seconds=5), tick=False):
        assert battre()["clos"] == 1
    annonce.refresh_from_db()
    assert annonce.etat == "clos"
    perdue = Comptage.objects.create(scrutin=annonce, genre="officiel", par=agent)
    Comptage.objects.filter(pk=perdue.pk).update(demande_le=timezone.now() - timedelta(minutes=5))
    reveilles = []
    from votes.horloge import relancer

    assert relancer(reveilles.append) == 1
    assert reveilles == [perdue.pk]
    assert relancer(reveilles.append) == 0
