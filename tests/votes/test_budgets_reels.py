"""The real elections of Pabulib, where they lie beside the project: files kept whole, tallies and published winners found again."""

import pytest

from tests.votes import budgets
from votes.fichiers import pabulib
from votes.regles import parts_egales
from votes.regles.parts_egales import Parametres

pytestmark = [pytest.mark.sans_base, pytest.mark.skipif(bool(budgets.manque()), reason=budgets.manque() or "présentes")]
PUBLIEES = (("Poland_Swiecie_2023.pb", 17, 1_040_337_00), ("Netherlands_Assen_2024.pb", 9, 76_700_00))


@pytest.mark.parametrize("nom", budgets.REELS)
def test_un_fichier_reel_est_garde_octet_par_octet(nom):
    chemin = budgets.DOSSIER / nom
    fichier = pabulib.lire(chemin)
    ecrit = pabulib.ecrire(fichier)

    assert pabulib.lire_octets(ecrit) == fichier
    assert ecrit == chemin.read_bytes()


@pytest.mark.parametrize("nom", budgets.REELS)
def test_nos_totaux_sont_ceux_du_fichier(nom):
    ecarts = pabulib.ecarts(pabulib.lire(budgets.DOSSIER / nom))

    assert ecarts
    assert not any(ecarts.values())


@pytest.mark.parametrize("depart", ["centime", "pas"])
@pytest.mark.parametrize("arret_exhaustif", [True, False])
@pytest.mark.parametrize(("nom", "nombre", "cout"), PUBLIEES)
def test_les_parts_egales_publiees(nom, nombre, cout, arret_exhaustif, depart):
    fichier = pabulib.lire(budgets.DOSSIER / nom)

    depouillement = parts_egales.compter(
        pabulib.election_de(fichier), Parametres(arret_exhaustif=arret_exhaustif, depart=depart)
    )

    assert set(depouillement.retenues) == set(fichier.publiees)
    assert (len(depouillement.retenues), depouillement.cout) == (nombre, cout)


def test_l_utilite_par_points_ne_donne_pas_le_resultat_publie_a_assen():
    fichier = pabulib.lire(budgets.DOSSIER / "Netherlands_Assen_2024.pb")

    depouillement = parts_egales.compter(pabulib.election_de(fichier), Parametres(utilite="points"))

    assert set(depouillement.retenues) - set(fichier.publiees) == {"7"}
