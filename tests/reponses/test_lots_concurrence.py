"""Two people and one lot, in real processes on the real database."""

import pytest

from comptes.models import Utilisateur
from reponses import lots
from reponses.models import Jalon, LotReponses, PlaceDeLot, Reponse
from tests.fabriques import IdeeFabrique, PersonneFabrique, rediger_reponse
from tests.reponses.conftest import amener_reponse, dans
from tests.timeline.test_concurrence import _ensemble, base_partagee  # noqa: F401 (a fixture)
from timeline.etapes import EtapeRefusee, franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db(transaction=True)
PRESSENT = 4


def _franchir(modele, pk, nom, personne_pk, arguments=()):
    """« fait », or the sentence of the refusal."""
    objet, personne = modele.objects.get(pk=pk), Utilisateur.objects.get(pk=personne_pk)
    try:
        franchir(getattr(objet, nom), par=personne, **dict(arguments))
    except EtapeRefusee as refus:
        return str(refus)
    return "fait"


@pytest.fixture
def gens():
    return {"agent": PersonneFabrique(roles=["agent"]), "elue": PersonneFabrique(roles=["elue"])}


def un_lot(etat, agent, elue, n=3):
    idees = [IdeeFabrique(etat="en_etude") for _ in range(n)]
    for idee in idees:
        amener_reponse(rediger_reponse(idee, agent=agent), etat, agent=agent, elue=elue)
    return lots.ouvrir(par=agent, titre="Un lot", cibles=idees)


def test_un_lot_parait_une_fois(gens):
    lot = un_lot("signee", **gens)
    agents = [PersonneFabrique(roles=["agent"]) for _ in range(PRESSENT)]
    issues = _ensemble(_franchir, [(LotReponses, lot.pk, "publier", a.pk) for a in agents])
    assert issues.count("fait") == 1
    gagnante = Entree.objects.get(type="reponses.lot.publier").par
    assert all(gagnante.pseudonyme in phrase for phrase in issues if phrase != "fait")
    assert Entree.objects.filter(type="reponses.publier").count() == 3
    assert Entree.objects.filter(type="idees.retenir").count() == 3
    assert Jalon.objects.count() == 3
    assert verifier()[1] is None


def test_publier_pendant_qu_on_retire(gens):
    """Whichever comes first stands: all of it came out, or the rest of it."""
    for _fois in range(3):
        lot = un_lot("signee", **gens)
        place = lot.contenu()[0]
        pressent = [(_publier, lot.pk, gens["agent"].pk), (_retirer, place.pk, gens["agent"].pk)]
        issues = _ensemble(_faire, pressent)
        place.refresh_from_db()
        assert "fait" in issues and not any("Error" in issue for issue in issues), issues
        publiees = Reponse.objects.filter(pk__in=[p.reponse_id for p in lot.places.actives()]).publiees().count()
        assert publiees == (3 if place.retiree_le is None else 2)
    assert verifier()[1] is None


def _faire(geste, *args):
    return geste(*args)


def _publier(pk, personne_pk):
    return _franchir(LotReponses, pk, "publier", personne_pk)


def _retirer(pk, personne_pk):
    try:
        lots.retirer(PlaceDeLot.objects.get(pk=pk), par=Utilisateur.objects.get(pk=personne_pk))
    except EtapeRefusee as refus:
        return str(refus)
    return "fait"


def _ouvrir(idee_pks, personne_pk):
    from idees.models import Idee

    try:
        lots.ouvrir(
            par=Utilisateur.objects.get(pk=personne_pk),
            titre="Un lot",
            cibles=list(Idee.objects.filter(pk__in=idee_pks)),
        )
    except EtapeRefusee as refus:
        return str(refus)
    return "fait"


def test_une_idee_entre_dans_un_seul_lot(gens):
    idees = [IdeeFabrique(etat="en_etude") for _ in range(2)]
    issues = _ensemble(_ouvrir, [([i.pk for i in idees], gens["agent"].pk)] * PRESSENT)
    assert issues.count("fait") == 1
    assert all("déjà dans un lot" in issue for issue in issues if issue != "fait")
    assert (LotReponses.objects.count(), PlaceDeLot.objects.count()) == (1, 2)


def _signer(lot_pk, personne_pk, lues):
    signees, _laissees = lots.signer(
        LotReponses.objects.get(pk=lot_pk), par=Utilisateur.objects.get(pk=personne_pk), lues=dict(lues)
    )
    return len(signees)


def test_signer_deux_fois_a_la_fois(gens):
    """On her phone and on her computer: each answer is signed once."""
    lot = un_lot("a_signer", **gens)
    lues = {p.reponse_en_cours.pk: p.reponse_en_cours.version() for p in lot.contenu()}
    issues = _ensemble(_signer, [(lot.pk, gens["elue"].pk, lues)] * 2)
    assert sum(issues) == 3
    assert Entree.objects.filter(type="reponses.signer").count() == 3


def _presenter(lot_pk, personne_pk, elue_pk):
    qui = Utilisateur.objects.in_bulk([personne_pk, elue_pk])
    try:
        return str(lots.presenter(LotReponses.objects.get(pk=lot_pk), par=qui[personne_pk], signataire=qui[elue_pk]))
    except EtapeRefusee as refus:
        return str(refus)


def _reprendre(reponse_pk, personne_pk):
    return _franchir(Reponse, reponse_pk, "reprendre", personne_pk)


def test_envoyer_le_lot_pendant_qu_une_collegue_en_reprend_une(gens):
    """Locks are taken in one order: nobody ends on an error page, whichever comes first."""
    collegue = PersonneFabrique(roles=["agent"])
    for _fois in range(3):
        lot = un_lot("en_consultation", **gens)
        reponses = sorted((p.reponse_en_cours for p in lot.contenu()), key=lambda r: r.pk)
        for reponse in reponses:
            reponse.avis.update(attendu_le=dans(-1))
        issues = _ensemble(
            _faire,
            [
                (_presenter, lot.pk, gens["agent"].pk, gens["elue"].pk),
                (_reprendre, reponses[-1].pk, collegue.pk),
            ],
        )
        assert not any("Error" in issue for issue in issues), issues
        assert len({r.etat for r in Reponse.objects.filter(pk__in=[r.pk for r in reponses[:-1]])}) == 1
    assert verifier()[1] is None
