"""What the demonstration puts inside a community is done by the actions that people take, in the order of time."""

import pytest

from commentaires.models import Commentaire, Mention
from communautes.models import Communaute, Sondage, Sujet, VersionDocument
from communautes.sondages import resultats
from portail.demonstration.forum import raconter
from portail.demonstration.recit import Recit
from tests.communautes.fabriques import adherer, ouvrir
from timeline.verification import verifier

pytestmark = pytest.mark.django_db


def test_la_demonstration_du_forum_se_joue():
    communaute = ouvrir(Communaute.Acces.SUR_DEMANDE, nom="Les bancs fictifs")
    for _ in range(3):
        adherer(communaute)
    recit = Recit()
    raconter(recit, "Les bancs fictifs", debut=-40)
    recit.jouer()
    assert next(s.titre for s in Sujet.objects.pour_liste()).startswith("Bienvenue")
    assert Sujet.objects.exclude(photo="").count() == 1 and Commentaire.objects.count() == 5
    assert Commentaire.objects.get(voix_officielle=True).cite is not None and Mention.objects.exists()
    assert Sondage.objects.get().est_clos and resultats(Sondage.objects.get()).personnes == 5
    assert list(VersionDocument.objects.values_list("numero", flat=True)) == [3, 2, 1]
    assert verifier()[1] is None
