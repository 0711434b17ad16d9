"""One budget, envelopes for quartiers, and ballots that speak of one of them or of several."""

import pytest

from votes.regles import parts_egales, plus_votes
from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Bulletin, Election, Genre, Option
from votes.regles.enveloppes import depouillement_de, partager

pytestmark = pytest.mark.sans_base
OPTIONS = (
    Option("ville", cout=400),
    Option("nord1", cout=200, territoire="nord"),
    Option("sud1", cout=200, territoire="sud"),
    Option("nord2", cout=100, territoire="nord"),
    Option("ailleurs", cout=100, territoire="ouest"),
)


def election(bulletins, **plus):
    return Election(
        Genre.APPROBATION, OPTIONS, bulletins, **{"budget": 1000, "enveloppes": {"nord": 300, "sud": 200}, **plus}
    )


def pour(*places, territoire=""):
    return Bulletin(tuple((place, 1) for place in places), territoire=territoire)


def test_chaque_enveloppe_a_ses_options_son_argent_et_ses_bulletins():
    parts = partager(election((pour(0, 4), pour(1, 3), pour(0, 2), pour(), pour(territoire="sud"))))

    assert {nom: ([o.cle for o in part.options], part.budget) for nom, part in parts.items()} == {
        "": (["ville", "ailleurs"], 500),
        "nord": (["nord1", "nord2"], 300),
        "sud": (["sud1"], 200),
    }
    # The third ballot speaks of two envelopes; the blank ones of that of their territory.
    assert {nom: part.votantes for nom, part in parts.items()} == {"": 3, "nord": 1, "sud": 2}
    assert parts["nord"].bulletins == (pour(0, 1),)


def test_une_enveloppe_commune_vide_n_existe_pas():
    options = OPTIONS[1:4]
    parts = partager(Election(Genre.APPROBATION, options, (pour(),), budget=500, enveloppes={"nord": 300, "sud": 200}))

    assert list(parts) == ["nord", "sud"]


@pytest.mark.parametrize("regle", [plus_votes, parts_egales])
def test_les_resultats_se_rejoignent(regle):
    scrutin = election(
        (*(pour(0, territoire="nord"),) * 3, *(pour(1, 3, territoire="nord"),) * 2, pour(2, territoire="sud"))
    )
    dits = []

    depouillement = regle.compter(
        scrutin, regle.Parametres(seuil=1), avancement=lambda fait, total: dits.append((fait, total))
    )

    assert depouillement.retenues[0] == "ville"
    assert set(depouillement.retenues) == {"ville", "nord1", "nord2", "sud1"}
    assert depouillement.cout == 900
    assert depouillement.totaux == {"ville": 3, "nord1": 2, "sud1": 1, "nord2": 2, "ailleurs": 0}
    assert list(depouillement.totaux) == [option.cle for option in OPTIONS]
    assert {tour["enveloppe"] for tour in depouillement.tours} == {"", "nord", "sud"}
    assert depouillement.mesures["enveloppes"]["nord"]["cout"] == 300
    assert dits == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("regle", [plus_votes, parts_egales])
def test_une_enveloppe_se_retrouve_dans_l_ensemble(regle):
    scrutin = election((*(pour(0, 1, 3),) * 2, pour(2, 3)))
    ensemble = regle.compter(scrutin, regle.Parametres())

    for nom, part in partager(scrutin).items():
        seule, retrouvee = regle.compter(part, regle.Parametres()), depouillement_de(ensemble, nom)
        for champ in ("retenues", "cout", "dotation", "tours", "egalites", "mesures"):
            assert getattr(retrouvee, champ) == getattr(seule, champ)


def test_l_argent_d_une_enveloppe_ne_passe_pas_a_une_autre():
    scrutin = election((*(pour(1, 3),) * 9, pour(0)), enveloppes={"nord": 100, "sud": 200})

    assert plus_votes.compter(scrutin, plus_votes.Parametres()).retenues == ("ville", "ailleurs", "nord2", "sud1")


def test_des_enveloppes_impossibles():
    for plus, raison in (
        ({"enveloppes": {"nord": 1001}}, "dépassent"),
        ({"enveloppes": {"nord": -1}}, "négative"),
        ({"budget": None}, "pas de budget"),
    ):
        with pytest.raises(RegleInvalide, match=raison):
            partager(election((), **plus))
