"""An importation is undone while nothing hangs on what it brought, and only then."""

import pytest

from commentaires.actions import commenter
from commentaires.models import Commentaire
from idees.actions import soutenir
from idees.importation.annulation import annuler
from idees.models import Idee, ProvenanceIdee
from moderation.actions import masquer
from notifications.abonnements import abonner
from tests.fabriques import IdeeFabrique, reunir
from tests.idees.importation.conftest import COLONNES_FILS, FILS, fil, rangee
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db


@pytest.fixture
def importation(reprendre):
    return reprendre([rangee(n) for n in range(3)])


def test_tout_disparait_et_la_raison_est_lue(importation, agent, reprendre, client):
    IdeeFabrique(etat="publiee")
    avant = Entree.objects.count()
    assert annuler(importation, par=agent, motif="Mauvais fichier.") == 3
    assert (Idee.objects.count(), ProvenanceIdee.objects.count()) == (1, 0)
    assert Entree.objects.count() == avant + 1 and verifier()[1] is None
    assert "est retiré : Mauvais fichier." in client.get("/chronologie/").content.decode()
    assert reprendre([rangee(n) for n in range(3)]).reprises == 3


def test_avec_ses_propres_reponses(reprendre, importation, agent):
    fils = reprendre([fil(1), fil(2, sur="C1", genre="commentaire")], FILS, COLONNES_FILS)
    with pytest.raises(EtapeImpossible):
        annuler(importation, par=agent, motif="Mauvais fichier.")
    assert annuler(fils, par=agent, motif="Mauvais fichier.") == 2
    assert not Commentaire.objects.exists()
    assert annuler(importation, par=agent, motif="Mauvais fichier.") == 3


SUITES = {
    "un soutien": lambda idee, gens: soutenir(idee, par=gens["citoyenne"]),
    "un commentaire": lambda idee, gens: commenter(idee, par=gens["citoyenne"], texte="Bonne idée."),
    "un abonnement": lambda idee, gens: abonner(gens["citoyenne"], idee),
    "une étape": lambda idee, gens: franchir(idee.prendre, par=gens["agent"], service=idee.boite.service),
    "une modération": lambda idee, gens: masquer(idee, par=gens["moderatrice"], motif="publicite", explication="C’est une publicité."),
    "une fusion": lambda idee, gens: reunir(IdeeFabrique(etat="publiee"), idee, par=gens["agent"]),
}  # fmt: skip


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_des_que_quelque_chose_s_y_rattache_rien_ne_bouge(importation, suite, agent, citoyenne, moderatrice):
    suite(
        Idee.objects.filter(repris_de="Ville fictive").first(),
        {"agent": agent, "citoyenne": citoyenne, "moderatrice": moderatrice},
    )
    entrees = Entree.objects.count()
    with pytest.raises(EtapeImpossible, match="s’y rattache déjà"):
        annuler(importation, par=agent, motif="Mauvais fichier.")
    assert Idee.objects.filter(repris_de="Ville fictive").count() == 3 and Entree.objects.count() == entrees


def test_une_raison_un_agent_une_seule_fois(importation, agent, citoyenne):
    with pytest.raises(EtapeInvalide):
        annuler(importation, par=agent, motif="  ")
    with pytest.raises(EtapeInterdite):
        annuler(importation, par=citoyenne, motif="Pour voir.")
    annuler(importation, par=agent, motif="Mauvais fichier.")
    with pytest.raises(EtapeImpossible):
        annuler(importation, par=agent, motif="Encore.")
