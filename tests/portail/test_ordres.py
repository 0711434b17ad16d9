"""The database says itself how it reads each list of « mon espace », and the mediator's queue: by an index of that order."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from commentaires.models import Accord, Commentaire
from idees.models import Idee, Soutien
from notifications.models import Abonnement, Notification
from portail import espace
from reponses.models import SecondeLecture
from tests.fabriques import IdeeFabrique, PersonneFabrique, beaucoup_d_idees

pytestmark = pytest.mark.django_db
FOULE = 400


@pytest.fixture
def moi():
    """With a few things of mine among those of many others."""
    moi, foule = PersonneFabrique(), [PersonneFabrique() for _ in range(20)]
    beaucoup_d_idees(FOULE)
    idees = list(Idee.objects.all())
    Idee.objects.filter(pk__in=[idee.pk for idee in idees[:3]]).update(auteur=moi)
    ici, maintenant = ContentType.objects.get_for_model(Idee), timezone.now()
    gens = [moi, *foule]

    def a_chacune(modele, **champs):
        modele.objects.bulk_create(
            [modele(**{c: v(rang, qui) for c, v in champs.items()}) for qui in gens for rang in range(20)]
        )

    def quand(rang, _qui):
        return maintenant - timedelta(minutes=rang)

    a_chacune(Soutien, idee=lambda r, q: idees[r], personne=lambda r, q: q, cree_le=quand)
    a_chacune(
        Abonnement, cible_type=lambda r, q: ici, cible_id=lambda r, q: idees[r].pk, personne=lambda r, q: q, cree_le=quand
    )  # fmt: skip
    a_chacune(
        Commentaire, cible_type=lambda r, q: ici, cible_id=lambda r, q: idees[r].pk, auteur=lambda r, q: q,
        texte=lambda r, q: "Oui.", publie_le=quand,
    )  # fmt: skip
    commentaires = list(Commentaire.objects.filter(auteur=foule[0]))
    a_chacune(Accord, commentaire=lambda r, q: commentaires[r], personne=lambda r, q: q, cree_le=quand)
    return moi


LISTES = {
    "mes soutiens": (lambda moi: Soutien.objects.filter(personne=moi).order_by("-cree_le", "-pk"), "soutien_de"),
    "mes commentaires": (lambda moi: Commentaire.objects.filter(auteur=moi).order_by("-publie_le", "-pk"), "commentaire_de"),
    "mes accords": (lambda moi: Accord.objects.filter(personne=moi).order_by("-cree_le", "-pk"), "accord_de"),
    "mes suivis": (lambda moi: Abonnement.objects.filter(personne=moi).order_by("-cree_le", "-pk"), "abonnement_de"),
    "ma cloche": (lambda moi: Notification.objects.filter(personne=moi).order_by("-cree_le", "-pk"), "notification_liste"),
    "médiation": (lambda _moi: SecondeLecture.objects.en_cours().order_by("demandee_le", "pk"), "seconde_lecture_"),
}  # fmt: skip


def plan_de(requete) -> str:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("ANALYZE")
        if connection.vendor == "postgresql":
            # A small table is read whole, and sorted, faster: what counts is that the index can give this order.
            curseur.execute("SET LOCAL enable_seqscan = off")
            curseur.execute("SET LOCAL enable_sort = off")
            curseur.execute("SET LOCAL enable_bitmapscan = off")
        return requete.explain()


@pytest.mark.parametrize("liste", LISTES)
def test_chaque_liste_est_lue_dans_l_ordre_de_son_index(moi, liste):
    requete, index = LISTES[liste]
    plan = plan_de(requete(moi)[:12])
    assert index in plan, plan
    if liste != "médiation":  # three open states: its few rows are found by the index, then put in order
        assert "TEMP B-TREE FOR ORDER BY" not in plan and "Sort Key" not in plan, plan


@pytest.mark.parametrize(
    "section",
    [espace._idees_de, espace._soutiens_de, espace._commentaires_de, espace._accords_de, espace._suivis_de],
)
def test_aucune_section_ne_lit_toute_sa_table(moi, section):
    """The real query of the page, with all that it asks beside: her own rows are found by her name."""
    requete = section(moi)
    plan, table = plan_de(requete[:12]), requete.model._meta.db_table
    assert f"Seq Scan on {table}" not in plan and f"SCAN {table}\n" not in plan + "\n", plan


def test_les_idees_ecrites_a_plusieurs_y_sont_une_fois(moi):
    idee = IdeeFabrique(auteur=moi)
    autre = IdeeFabrique()
    maintenant = timezone.now()
    autre.coautrices.create(personne=moi, place=1, expire_le=maintenant, etat="acceptee", repondue_le=maintenant)
    miennes = list(Idee.objects.ecrites_par(moi).values_list("pk", flat=True))
    assert len(miennes) == len(set(miennes)) == 5 and {idee.pk, autre.pk} <= set(miennes)
