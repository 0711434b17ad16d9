"""An importation is undone while nothing hangs on what it brought, and only then."""

import pytest

from commentaires.actions import commenter
from commentaires.models import Commentaire
from idees.actions import soutenir
from idees.importation.annulation import annuler
from idees.models import Idee, ProvenanceIdee
from moderation.actions import masquer
from notifications.abonnements import abonner
from projets.models import Thematique
from tests.fabriques import IdeeFabrique, ProjetFabrique, ThematiqueFabrique, reunir
from tests.idees.importation.conftest import COLONNES, COLONNES_FILS, FILS, SIMPLE, fil, rangee
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


AVEC_THEME = SIMPLE | {"champs": SIMPLE["champs"] | {"thematique": {"colonne": "theme", "creer": True}}}


def themees(*noms) -> list[list[str]]:
    return [[*rangee(n, id=f"{nom}{n}"), nom] for nom in noms for n in range(2)]


def test_les_themes_qu_elle_avait_crees_partent_sauf_s_ils_servent(reprendre, agent):
    """One was there before, one is used since by an idea, one by a projet; one serves nobody."""
    ancien = ThematiqueFabrique(nom="Déjà là")
    reprise = reprendre(themees("Déjà là", "Vide", "D’une idée", "D’un projet"), AVEC_THEME, [*COLONNES, "theme"])
    assert set(reprise.themes_crees.values_list("nom", flat=True)) == {"Vide", "D’une idée", "D’un projet"}
    IdeeFabrique(thematique=Thematique.objects.get(nom="D’une idée"))
    ProjetFabrique().thematiques.add(Thematique.objects.get(nom="D’un projet"))
    annuler(reprise, par=agent, motif="Mauvais fichier.")
    restent = set(Thematique.objects.filter(nom__in=["Déjà là", "Vide", "D’une idée", "D’un projet"]))
    assert {theme.nom for theme in restent} == {"Déjà là", "D’une idée", "D’un projet"} and ancien in restent


def test_un_theme_qui_sert_a_deux_reprises_part_avec_la_derniere(reprendre, agent):
    colonnes = [*COLONNES, "theme"]
    premiere = reprendre(themees("Partagé"), AVEC_THEME, colonnes)
    seconde = reprendre([[*rangee(9), "Partagé"]], AVEC_THEME, colonnes)
    annuler(premiere, par=agent, motif="Mauvais fichier.")
    assert Thematique.objects.filter(nom="Partagé").exists()
    annuler(seconde, par=agent, motif="Mauvais fichier.")
    assert not Thematique.objects.filter(nom="Partagé").exists()


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
