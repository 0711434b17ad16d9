"""What a vote becomes when an option is taken out of it, and rules that its list could not keep."""

import contextlib

import pytest
import time_machine
from django.urls import reverse

from tests.fabriques import PersonneFabrique
from tests.votes.fabriques import amener, scrutin, votante, voter_pour
from tests.votes.parcours_http import avec_territoires, pendant
from timeline.etapes import EtapeImpossible, EtapeInvalide
from votes.composition import retirer
from votes.models import Option
from votes.models.comptage import empreinte_du_resultat
from votes.permissions import peut_retirer
from votes.resultats import resultat_de
from votes.voter import BulletinRefuse

pytestmark = pytest.mark.django_db


def enlever(ouvert, cle):
    with pendant(ouvert):
        retirer(ouvert.options.get(cle=cle), motif="Le terrain est pris.", par=PersonneFabrique(roles=["agent"]))


@pytest.mark.parametrize(
    ("porte", "etat"),
    [
        ("detail", "ouvert"),
        ("options", "ouvert"),
        ("voter", "ouvert"),
        ("detail", "proclame"),
        ("options", "proclame"),
        ("resultats", "proclame"),
    ],
)
def test_ce_qui_est_retire_reste_barre_avec_sa_raison(porte, etat, client, django_assert_max_num_queries):
    """As the form promises to whoever takes it out. One more of them asks for no more queries."""
    ouvert = scrutin(propositions=[(f"Proposition {n}", 100) for n in range(1, 5)])

    def lire() -> tuple[str, int]:
        url = reverse(f"votes:{porte}", args=[ouvert.slug])
        with pendant(ouvert) if etat == "ouvert" else contextlib.nullcontext():
            client.get(url, {"ordre": "publie"}, follow=True)
            with django_assert_max_num_queries(40) as captees:
                page = client.get(url, {"ordre": "publie"}, follow=True).content.decode()
        return page, len(captees)

    for cle in ("p1", "p2"):
        enlever(ouvert, cle)
    if etat == "proclame":
        amener(ouvert, "proclame", agent=PersonneFabrique(roles=["agent"]))
    else:
        client.force_login(votante())
    page, requetes = lire()
    for titre in ("Proposition 1", "Proposition 2"):
        assert f"<s>{titre}</s>" in page
    assert "<s>Proposition 3</s>" not in page
    assert page.count("Le terrain est pris.") == 2
    assert page.count("Retirée du vote") >= 2  # for whoever does not see that it is struck through
    if etat == "ouvert":
        enlever(ouvert, "p3")
        assert lire()[1] == requetes


def test_la_page_du_resultat_d_une_proposition_retiree_dit_pourquoi(client):
    ouvert = scrutin()
    enlever(ouvert, "p1")
    proclame = amener(ouvert, "proclame", agent=PersonneFabrique(roles=["agent"]))
    reponse = client.get(reverse("votes:pourquoi", args=[proclame.slug, "p1"]))
    assert reponse.status_code == 200
    assert "Retirée du vote le" in reponse.content.decode()
    assert "Le terrain est pris." in reponse.content.decode()


def compter(ouvert):
    amener(ouvert, "depouille", agent=PersonneFabrique(roles=["agent"]))
    return ouvert.comptages.get().resultat["enveloppes"][0]


def test_un_bulletin_garde_ses_autres_choix_quand_une_proposition_s_en_va():
    """It took the two that the rule asks for: it is not spoilt because one of them has gone."""
    ouvert = scrutin(regle="approbation", forme="approbation", choix_min=2)
    voter_pour(ouvert, "p1", "p2")
    enlever(ouvert, "p1")
    compte = compter(ouvert)
    assert (compte["totaux"], compte["mesures"]["nuls"]) == ({"p2": 1, "p3": 0}, 0)
    assert compte["retirees"] == ["p1"]


def test_des_points_tous_donnes_restent_comptes():
    ouvert = scrutin(regle="points", forme="points", points_total=10, parametres={"tout_donner": True})
    voter_pour(ouvert, notes={"p1": 4, "p2": 6})
    enlever(ouvert, "p1")
    compte = compter(ouvert)
    assert (compte["totaux"], compte["mesures"]["nuls"]) == ({"p2": 6, "p3": 0}, 0)


def test_un_classement_se_resserre():
    """Nobody skipped the rank of an option that was taken out."""
    ouvert = scrutin(regle="vote-alternatif", forme="classement", parametres={"rang_saute": "arret"})
    voter_pour(ouvert, notes={"p1": 1, "p3": 2, "p2": 3})
    enlever(ouvert, "p1")
    compte = compter(ouvert)
    assert (compte["totaux"], compte["elues"]) == ({"p2": 0, "p3": 1}, ["p3"])


def test_oui_ne_se_retire_pas():
    """A vote by yes or no without its yes could never be counted."""
    prepare = scrutin("brouillon", regle="oui-non", forme="choix", propositions=(("oui", 0), ("non", 0)))
    for option in prepare.options.all():
        Option.objects.filter(pk=option.pk).update(cle=option.titre)
    ouvert = amener(prepare, "ouvert", agent=PersonneFabrique(roles=["agent"]))
    with pytest.raises(EtapeImpossible, match="ne pourrait plus être compté"):
        enlever(ouvert, "oui")
    assert not ouvert.options.exclude(retiree_le=None).exists()


def test_il_reste_de_quoi_remplir_un_bulletin():
    ouvert = scrutin(regle="approbation", forme="approbation", choix_min=3)
    with pytest.raises(EtapeImpossible, match="au moins 3 propositions"):
        enlever(ouvert, "p1")


def test_une_enveloppe_garde_une_proposition():
    ouvert = avec_territoires("ouvert", noms=("Le Port",))
    enlever(ouvert, "e2-1")
    with pytest.raises(EtapeImpossible, match="dernière proposition de « Le Port »"):
        enlever(ouvert, "e2-2")


@pytest.mark.parametrize("limite", ["maximums", "minimums"])
def test_la_seule_proposition_d_une_categorie_peut_partir(limite):
    prepare = scrutin("brouillon", regle="plus-votes", forme="approbation", parametres={limite: ["Vert=1"]})
    prepare.options.filter(cle="p1").update(categorie="Vert")
    ouvert = amener(prepare, "ouvert", agent=PersonneFabrique(roles=["agent"]))
    voter_pour(ouvert, "p1", "p2")
    enlever(ouvert, "p1")
    assert compter(ouvert)["retenues"] == ["p2"]


def test_une_enveloppe_n_a_pas_toutes_les_categories():
    prepare = avec_territoires("brouillon", noms=("Le Port",), parametres={"maximums": ["Vert=1"]})
    prepare.options.filter(cle__in=["p1", "p3"]).update(categorie="Vert")
    ouvert = amener(prepare, "ouvert", agent=PersonneFabrique(roles=["agent"]))
    voter_pour(ouvert, "p1", "p3")
    amener(ouvert, "depouille", agent=PersonneFabrique(roles=["agent"]))
    ville, port = ouvert.comptages.get().resultat["enveloppes"]
    assert len({"p1", "p3"} & set(ville["retenues"])) == 1
    assert port["bulletins"] == 0


def test_une_categorie_que_personne_n_a_est_une_faute_de_frappe():
    prepare = avec_territoires("brouillon", noms=("Le Port",), parametres={"maximums": ["Vrt=1"]})
    prepare.options.filter(cle="p1").update(categorie="Vert")
    with pytest.raises(EtapeInvalide, match="Aucun projet n'est de la catégorie « Vrt »"):
        amener(prepare, "annonce", agent=PersonneFabrique(roles=["agent"]))


def test_on_n_annonce_pas_un_bulletin_impossible_a_remplir():
    with pytest.raises(EtapeInvalide, match="au moins 4 propositions"):
        scrutin("annonce", regle="approbation", forme="approbation", choix_min=4)


def test_un_bulletin_qui_garde_des_points_est_refuse_avant_d_etre_nul():
    """The rule would count it as spoilt: its author is told while she can still mend it."""
    ouvert = scrutin(regle="points", forme="points", points_total=10, parametres={"tout_donner": True})
    with pytest.raises(BulletinRefuse, match="il faut donner les 10"):
        voter_pour(ouvert, notes={"p1": 4})
    voter_pour(ouvert, notes={"p1": 4, "p2": 6})
    voter_pour(ouvert, notes={})
    assert compter(ouvert)["mesures"] == {"votantes": 2, "exprimes": 1, "blancs": 1, "nuls": 0}


@pytest.mark.parametrize(
    ("reglages", "notes", "phrase"),
    [
        ({"points_total": 10, "parametres": {"tout_donner": True}}, {"p1": 1}, "Vous avez donné 1 point : il faut"),
        ({"points_total": 10, "parametres": {"tout_donner": True}}, {"p1": 2}, "Vous avez donné 2 points : il faut"),
        ({"points_total": 10, "points_max": 1}, {"p1": 2}, "1 point au plus pour une proposition"),
        ({"points_total": 10, "points_max": 2}, {"p1": 3}, "2 points au plus pour une proposition"),
    ],
)
def test_un_seul_point_est_au_singulier(reglages, notes, phrase):
    with pytest.raises(BulletinRefuse, match=phrase):
        voter_pour(scrutin(regle="points", forme="points", **reglages), notes=notes)


def test_rien_ne_se_retire_apres_l_heure():
    """To the second, also while the clock has not passed yet."""
    ouvert = scrutin()
    agent = PersonneFabrique(roles=["agent"])
    option = ouvert.options.get(cle="p1")
    with time_machine.travel(ouvert.ferme_le, tick=False):
        assert not peut_retirer(option, agent)
    with pendant(ouvert):
        assert peut_retirer(option, agent)


def test_l_empreinte_du_resultat_ne_se_devine_pas():
    """It is public before the proclamation: two counts of the same ballots do not have the same."""
    clos = scrutin("ouvert", regle="approbation", forme="approbation")
    voter_pour(clos, "p1")
    amener(clos, "clos", agent=PersonneFabrique(roles=["agent"]))
    un, autre = (resultat_de(clos, avancement=lambda fait, total: None) for _fois in range(2))
    assert empreinte_du_resultat(un) != empreinte_du_resultat(autre)
    assert len(un.pop("sel")) == len(autre.pop("sel")) == 32
    assert un == autre
