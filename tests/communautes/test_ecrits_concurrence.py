"""Several hands at once on one draft, in real processes on the real database."""

import uuid

import pytest

from communautes import ebauches
from communautes.models import Ebauche, Signature
from comptes.models import Utilisateur
from idees import ensemble
from idees.models import Boite, CoAutrice, Idee, IdeeDeCommunaute
from projets.models import Thematique
from tests.communautes.ecrits import MOTS, ecrire_ensemble, signer
from tests.communautes.fabriques import adherer, ouvrir
from tests.fabriques import BoiteFabrique, ThematiqueFabrique
from tests.timeline.test_concurrence import _ensemble, base_partagee  # noqa: F401 (a fixture)
from timeline.etapes import EtapeRefusee
from timeline.models import Entree
from timeline.verification import ecarts, verifier

pytestmark = pytest.mark.django_db(transaction=True)
ENSEMBLE = 6  # processes at once


def _faire(geste, ebauche_pk, par, *suite):
    """One gesture, told by what it gives, or by the class of its refusal."""
    ebauche, personne = Ebauche.objects.get(pk=ebauche_pk), Utilisateur.objects.get(pk=par)
    try:
        return GESTES[geste](ebauche, personne, *suite)
    except EtapeRefusee as refus:
        return type(refus).__name__


def _ecrire(ebauche, personne, mot):
    valeurs = {**MOTS, "texte": f"Un texte écrit en même temps, {mot}."}
    return ebauches.enregistrer(ebauche, par=personne, valeurs=valeurs, base=1).numero


def _deposer(ebauche, personne, cle):
    boite, thematique = Boite.objects.get(), Thematique.objects.first()
    ensemble.deposer(ebauche, par=personne, boite=boite, thematique=thematique, numero=1, cle=uuid.UUID(cle))
    return "deposee"


GESTES = {
    "ecrire": _ecrire,
    "signer": lambda ebauche, personne: ebauches.signer(ebauche, par=personne, numero=1),
    "deposer": _deposer,
}


@pytest.fixture
def ebauche():
    return ecrire_ensemble(ouvrir())


def test_enregistrer_a_plusieurs_une_gagne_les_autres_le_savent(ebauche):
    gens = [adherer(ebauche.communaute) for _ in range(ENSEMBLE)]
    reponses = _ensemble(_faire, [("ecrire", ebauche.pk, p.pk, f"mot {n}") for n, p in enumerate(gens)])
    assert sorted(map(str, reponses)) == ["2"] + ["TexteModifie"] * (ENSEMBLE - 1), reponses
    ebauche.refresh_from_db()
    assert (ebauche.numero, ebauche.versions.count()) == (2, 2)
    assert ebauche.texte == ebauche.versions.get(numero=2).texte
    assert Entree.objects.filter(type="communautes.ebauche.ecrire").count() == 1
    assert verifier()[1] is None and list(ecarts()) == []


def test_signer_pendant_qu_on_ecrit_ne_met_aucun_nom_sous_des_mots_non_lus(ebauche):
    gens = [adherer(ebauche.communaute) for _ in range(ENSEMBLE)]
    plume = adherer(ebauche.communaute)
    gestes = [("signer", ebauche.pk, p.pk) for p in gens] + [("ecrire", ebauche.pk, plume.pk, "un mot")]
    reponses = _ensemble(_faire, gestes)
    assert set(map(str, reponses)) <= {"True", "2", "EtapeImpossible"} and "2" in map(str, reponses), reponses
    assert set(Signature.objects.values_list("numero", flat=True)) <= {1}
    ebauche.refresh_from_db()
    assert ebauches.signataires(ebauche) == []


@pytest.mark.parametrize("fois", range(2))
def test_deposer_a_plusieurs_fait_une_idee(ebauche, fois):
    BoiteFabrique()
    ThematiqueFabrique()
    gens = [adherer(ebauche.communaute) for _ in range(3)]
    signer(ebauche, *gens)
    # Each clicks twice, and the three of them at once.
    cles = {p.pk: str(uuid.uuid4()) for p in gens}
    reponses = _ensemble(_faire, [("deposer", ebauche.pk, p.pk, cles[p.pk]) for p in gens for _fois in range(2)])
    assert sorted(reponses) == ["DejaDeposee"] * 5 + ["deposee"], reponses
    idee = Idee.objects.get()
    assert IdeeDeCommunaute.objects.get().ebauche_id == ebauche.pk
    assert idee.autrices() == {p.pk for p in gens} and CoAutrice.objects.count() == 2
    assert Entree.objects.filter(type="communautes.ebauche.deposer").count() == 1
    assert Entree.objects.filter(type="idees.soumettre").count() == 1
    assert verifier()[1] is None


def test_ecrire_pendant_qu_on_depose_ne_change_pas_ce_qui_part(ebauche):
    BoiteFabrique()
    ThematiqueFabrique()
    membre, plume = adherer(ebauche.communaute), adherer(ebauche.communaute)
    signer(ebauche, membre)
    gestes = [("deposer", ebauche.pk, membre.pk, str(uuid.uuid4())), ("ecrire", ebauche.pk, plume.pk, "un mot")]
    reponses = _ensemble(_faire, gestes)
    ebauche.refresh_from_db()
    if "deposee" in reponses:
        assert (Idee.objects.get().texte, ebauche.numero) == (MOTS["texte"], 1)
    else:
        assert (Idee.objects.count(), ebauche.numero) == (0, 2)
    assert "EtapeImpossible" in reponses, reponses
