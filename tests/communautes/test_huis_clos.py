"""What happens inside a community is read by those who are in, and by nobody else."""

import pytest

from communautes.models import Adhesion, Communaute
from notifications.models import Notification
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir, referente_de
from tests.fabriques import PersonneFabrique
from timeline.etapes import franchir
from timeline.models import Chaine, Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db
A, E = Communaute.Acces, Adhesion.Etat


def lues(personne, communaute) -> set[str]:
    return set(Entree.objects.visibles_par(personne).filter(communaute=communaute).values_list("type", flat=True))


@pytest.mark.parametrize("acces", [A.SUR_DEMANDE, A.SUR_INVITATION])
def test_les_adhesions_ne_se_lisent_qu_a_l_interieur(acces):
    communaute = ouvrir(acces)
    membre, exclue = adherer(communaute), adherer(communaute, etat=E.EXCLUE)
    agent, moderatrice = PersonneFabrique(roles=["agent"]), PersonneFabrique(roles=["moderatrice"])
    siennes = {"communautes.adhesion.inviter", "communautes.adhesion.accepter"}
    if acces == A.SUR_DEMANDE:
        siennes = {"communautes.adhesion.demander", "communautes.adhesion.accueillir"}
    vie = {"communautes.proposer", "communautes.ouvrir"} if acces == A.SUR_INVITATION else set()
    assert lues(membre, communaute) - {"communautes.ouvrir"} == siennes
    assert lues(exclue, communaute) == {*siennes, "communautes.adhesion.exclure"}
    assert lues(agent, communaute) == vie, "an agent reads the life of the community, not its inside"
    assert lues(moderatrice, communaute) == set()
    assert lues(PersonneFabrique(), communaute) == set()
    assert {"communautes.adhesion.placer", *siennes, "communautes.adhesion.exclure"} <= lues(
        animatrice_de(communaute), communaute
    )
    assert not Entree.objects.publiques().filter(communaute=communaute).exists()


def test_la_vie_d_une_communaute_sur_invitation_reste_dans_sa_chaine():
    publique, cachee = ouvrir(), ouvrir(A.SUR_INVITATION)
    assert Entree.objects.publiques().filter(type="communautes.ouvrir").get().cible == publique
    assert Chaine.objects.get(communaute=cachee).cle == f"communaute-{cachee.pk}"
    assert verifier()[1] is None


def test_qui_sort_ne_lit_plus_ses_nouvelles():
    communaute = ouvrir(A.SUR_DEMANDE)
    membre = adherer(communaute)
    entree = Entree.objects.filter(communaute=communaute, type="communautes.adhesion.placer").first()
    Notification.objects.create(personne=membre, entree=entree)
    assert not Notification.objects.de(membre).exists(), "it is for those who lead"
    Notification.objects.create(personne=referente_de(communaute), entree=entree)
    assert Notification.objects.de(referente_de(communaute)).count() == 1


def test_ouvrir_met_une_referente_et_la_fondatrice():
    communaute = ouvrir()
    assert set(communaute.adhesions.values_list("role", "etat")) == {
        ("referente", "acceptee"),
        ("animatrice", "acceptee"),
    }


def test_un_appel_fonde_reintegre():
    from communautes.actions import faire_appel

    communaute = ouvrir(A.SUR_DEMANDE)
    exclue = adherer(communaute, etat=E.EXCLUE)
    appel = faire_appel(communaute.adhesions.get(personne=exclue), par=exclue, texte="Ce n’était pas moi.")
    franchir(appel.accorder, par=PersonneFabrique(roles=["mediatrice"]), reponse="C’est exact.")
    assert communaute.adhesions.get(personne=exclue).etat == E.ACCEPTEE
