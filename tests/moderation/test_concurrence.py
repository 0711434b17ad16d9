"""Two moderators at once: one decides, the other reads why; nobody waits for ever."""

import pytest

from commentaires.actions import commenter
from moderation.actions import masquer, signaler
from moderation.models import Decision, Signalement
from tests.commentaires.test_concurrence import ensemble
from tests.fabriques import IdeeFabrique, PersonneFabrique
from timeline.etapes import EtapeImpossible, franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db(transaction=True)
RAISONS = {"motif": "injure", "explication": "Restons polis."}


@pytest.fixture
def commentaire():
    return commenter(IdeeFabrique(etat="publiee"), par=PersonneFabrique(), texte="Vous êtes nuls.")


def test_on_masque_une_fois(commentaire):
    moderatrices = [PersonneFabrique(roles=["moderatrice"]) for _ in range(4)]
    reponses = ensemble(*[lambda m=m: masquer(commentaire, par=m, **RAISONS) for m in moderatrices])
    assert sorted(type(r).__name__ for r in reponses) == ["Decision"] + ["EtapeImpossible"] * 3
    assert Decision.objects.count() == Entree.objects.filter(type="moderation.masquer").count() == 1
    assert verifier()[1] is None


def test_deux_moderatrices_sur_deux_signalements_de_la_meme_chose(commentaire):
    """Each takes another report of the same comment: no deadlock, one decision, every report answered."""
    for personne in PersonneFabrique.create_batch(6):
        signaler(commentaire, par=personne, motif="injure")
    moderatrices = [PersonneFabrique(roles=["moderatrice"]) for _ in range(6)]

    def retenir(signalement_pk, moderatrice):
        return franchir(Signalement.objects.get(pk=signalement_pk).retenir, par=moderatrice, **RAISONS)

    paires = zip(Signalement.objects.values_list("pk", flat=True), moderatrices, strict=True)
    reponses = ensemble(*[lambda s=s, m=m: retenir(s, m) for s, m in paires])
    assert all(isinstance(r, Entree | EtapeImpossible) for r in reponses), reponses
    assert Decision.objects.count() == 1
    assert set(Signalement.objects.values_list("etat", flat=True)) == {"fonde"}
    assert Entree.objects.filter(type="moderation.retenir").count() == 6
    assert verifier()[1] is None


def test_la_meme_personne_signale_huit_fois_d_un_coup(commentaire):
    citoyenne = PersonneFabrique()
    reponses = ensemble(*[lambda: signaler(commentaire, par=citoyenne, motif="injure")[1]] * 8)
    assert sorted(map(str, reponses)) == ["False"] * 7 + ["True"]
    assert Signalement.objects.count() == Entree.objects.filter(type="moderation.signaler").count() == 1
