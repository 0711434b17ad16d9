"""Several hands at once around a merge, in real processes on the real database."""

import time
from contextlib import suppress

import pytest

from comptes.models import Utilisateur
from idees.actions import ne_plus_soutenir, soutenir
from idees.fusion import proposer, refuser_le_transfert
from idees.models import Fusion, Idee, SoutienPorte
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, SoutienFabrique, reunir
from tests.timeline.test_concurrence import _ensemble, base_partagee  # noqa: F401 (a fixture)
from timeline.etapes import EtapeRefusee, franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db(transaction=True)
ENSEMBLE = 6  # processes at once


def _faire(nom, *cles):
    """One gesture, told by what it answers, or by the class of its refusal."""
    *autres, par = cles
    personne = Utilisateur.objects.get(pk=par)
    idees = [Idee.objects.get(pk=pk) for pk in autres] if nom not in GESTES_D_UNE_FUSION else []
    try:
        if nom in GESTES_D_UNE_FUSION:
            return GESTES_D_UNE_FUSION[nom](Fusion.objects.get(pk=autres[0]), personne)
        return GESTES[nom](*idees, par=personne) and nom
    except EtapeRefusee as refus:
        return type(refus).__name__


GESTES = {
    "soutenir": soutenir,
    "reprendre": ne_plus_soutenir,
    "reunir": reunir,
    "proposer": lambda *idees, par: proposer(*idees, par=par, motif="Même chose."),
}
GESTES_D_UNE_FUSION = {
    "dire non": lambda fusion, par: franchir(fusion.refuser, par=par, motif="Ce sont deux idées.") and "dire non",
    "imposer": lambda fusion, par: bool(franchir(fusion.imposer, par=par, urgence="Vite.")),
    "accepter": lambda fusion, par: bool(franchir(fusion.accepter, par=par)),
    "defaire": lambda fusion, par: bool(franchir(fusion.defaire, par=par, motif="Une erreur.")),
    "refuser": lambda fusion, par: refuser_le_transfert(fusion, par=par),
}


def soutiens(idee) -> set[int]:
    return set(idee.soutiens.values_list("personne", flat=True))


def deux_idees(combien=2, seuil=1000):
    boite = BoiteFabrique(seuil_soutiens=seuil)
    return [IdeeFabrique(boite=boite, etat="publiee") for _ in range(combien)]


def agents(combien):
    return [PersonneFabrique(roles=["agent"]) for _ in range(combien)]


@pytest.mark.parametrize("fois", range(3))
def test_les_soutiens_donnes_pendant_la_reunion_comptent_tous(fois):
    """Whoever was told « yes » for the source counts in the target; whoever gave to the target counts too."""
    source, cible = deux_idees()
    SoutienFabrique.create_batch(5, idee=source)
    (agent,) = agents(1)
    gens = [PersonneFabrique() for _ in range(ENSEMBLE)]
    gestes = [("soutenir", (source if n % 2 else cible).pk, p.pk) for n, p in enumerate(gens)]
    gestes += [("reunir", source.pk, cible.pk, agent.pk)]
    reponses = _ensemble(_faire, gestes)
    assert set(reponses) <= {"soutenir", "reunir", "EtapeImpossible"} and reponses.count("reunir") == 1
    dits = reponses.count("soutenir")
    assert len(soutiens(cible)) == 5 + dits, reponses
    assert soutiens(source) <= soutiens(cible)
    assert SoutienPorte.objects.count() == source.soutiens.count()
    assert verifier()[1] is None


def _soutenir_lentement(idee_pk, cible_pk, par):
    """The row is written, then its transaction takes its time to end: the merge goes through meanwhile, if the base lets it."""
    from idees import actions

    vraie = actions.abonner

    def abonner(*args):
        time.sleep(1)
        vraie(*args)

    actions.abonner = abonner  # in this process only
    return _faire("soutenir", idee_pk, par)


def _reunir_un_peu_apres(source_pk, cible_pk, par):
    time.sleep(0.4)
    return _faire("reunir", source_pk, cible_pk, par)


def _au_choix(geste, *cles):
    return {"soutenir": _soutenir_lentement, "reunir": _reunir_un_peu_apres}[geste](*cles)


def test_un_soutien_qui_finit_apres_la_reunion_la_suit():
    source, cible = deux_idees()
    (agent,), voisin = agents(1), PersonneFabrique()
    gestes = [("soutenir", source.pk, cible.pk, voisin.pk), ("reunir", source.pk, cible.pk, agent.pk)]
    assert set(_ensemble(_au_choix, gestes)) == {"soutenir", "reunir"}
    assert soutiens(source) == soutiens(cible) == {voisin.pk}
    assert SoutienPorte.objects.get().soutien_id is not None


@pytest.mark.parametrize("fois", range(3))
def test_la_meme_personne_des_deux_cotes_pendant_la_reunion_compte_une_fois(fois):
    source, cible = deux_idees()
    (agent,), voisin = agents(1), PersonneFabrique()
    gestes = [("soutenir", i.pk, voisin.pk) for i in (source, cible)] * 2
    reponses = _ensemble(_faire, [*gestes, ("reunir", source.pk, cible.pk, agent.pk)])
    assert set(reponses) <= {"soutenir", "reunir", False, "EtapeImpossible"}, reponses
    assert soutiens(cible) == {voisin.pk}


@pytest.mark.parametrize("fois", range(3))
def test_reprendre_son_soutien_pendant_la_reunion(fois):
    """Taken back in time, it is not carried; too late, she is told, and it stays on the source."""
    source, cible = deux_idees()
    (agent,) = agents(1)
    voisins = [PersonneFabrique() for _ in range(4)]
    for voisin in voisins:
        soutenir(source, par=voisin)
    gestes = [("reprendre", source.pk, v.pk) for v in voisins]
    reponses = _ensemble(_faire, [*gestes, ("reunir", source.pk, cible.pk, agent.pk)])
    assert set(reponses) <= {"reprendre", "reunir", "EtapeImpossible"} and reponses.count("reunir") == 1, reponses
    assert len(soutiens(source)) == 4 - reponses.count("reprendre")
    assert soutiens(cible) == soutiens(source)


@pytest.mark.parametrize("vers", ["retour", "ailleurs"])
def test_deux_reunions_a_la_fois_une_gagne(vers):
    """B → A with A → B, or B → A with B → C."""
    b, a, c = deux_idees(3)
    un, deux = agents(2)
    seconde = (a, b) if vers == "retour" else (b, c)
    gestes = [("reunir", b.pk, a.pk, un.pk), ("reunir", *(i.pk for i in seconde), deux.pk)]
    reponses = _ensemble(_faire, gestes)
    assert reponses.count("reunir") == 1 and set(reponses) <= {"reunir", "EtapeImpossible", "EtapeInvalide"}, reponses
    assert Fusion.objects.filter(etat="effective").count() == 1
    assert Idee.objects.filter(etat="fusionnee").count() == 1
    assert Entree.objects.filter(type="idees.fusionner").count() == 1
    assert verifier()[1] is None


def test_proposer_l_autre_sens_pendant_qu_une_autrice_dit_non():
    """Whoever goes first, no proposal remains that could take effect against her no."""
    a, b = deux_idees()
    un, deux = agents(2)
    fusion = proposer(a, b, par=un, motif="Même chose.")
    reponses = _ensemble(_faire, [("dire non", fusion.pk, b.auteur_id), ("proposer", b.pk, a.pk, deux.pk)])
    assert "dire non" in reponses and set(reponses) & {"EtapeImpossible", "EtapeInvalide"}, reponses
    assert list(Fusion.objects.values_list("etat", flat=True)) == ["refusee"]


def test_les_deux_auteurs_acceptent_a_la_fois():
    a, b = deux_idees()
    fusion = proposer(a, b, par=agents(1)[0], motif="Même chose.")
    reponses = _ensemble(_faire, [("accepter", fusion.pk, i.auteur_id) for i in (a, b)])
    assert reponses == [True, True]
    fusion.refresh_from_db()
    assert (fusion.etat, Entree.objects.filter(type="idees.fusion.effectuer").count()) == ("effective", 1)


def test_la_reunion_qui_atteint_le_seuil_lance_une_etude():
    source, cible = deux_idees(seuil=4)
    SoutienFabrique.create_batch(2, idee=source)
    (agent,) = agents(1)
    gestes = [("soutenir", cible.pk, PersonneFabrique().pk) for _ in range(3)]
    reponses = _ensemble(_faire, [*gestes, ("reunir", source.pk, cible.pk, agent.pk)])
    assert set(reponses) == {"soutenir", "reunir"}
    cible.refresh_from_db()
    assert (cible.etat, cible.echeances.count(), len(soutiens(cible))) == ("en_etude", 1, 5)


def test_refuser_pendant_qu_on_defait():
    source, cible = deux_idees()
    (agent,) = agents(1)
    voisins = [PersonneFabrique() for _ in range(4)]
    for voisin in voisins:
        soutenir(source, par=voisin)
    fusion = reunir(source, cible, par=agent)
    gestes = [("refuser", fusion.pk, v.pk) for v in voisins]
    reponses = _ensemble(_faire, [*gestes, ("defaire", fusion.pk, agent.pk)])
    assert set(reponses) <= {True, "EtapeImpossible"}, reponses
    with suppress(EtapeRefusee):
        franchir(Fusion.objects.get().defaire, par=agent, motif="Une erreur.")
    assert (soutiens(cible), soutiens(source)) == (set(), {v.pk for v in voisins})
