"""What the database refuses by itself, whatever the road: rules rewritten, ballots out of time, two votes of one person."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from tests.fabriques import PersonneFabrique
from tests.votes.fabriques import scrutin, votante, voter_pour
from votes.models import Bulletin, Comptage, Emargement, Enveloppe, Option, Scrutin

pytestmark = pytest.mark.django_db


def refuse(geste):
    with pytest.raises(DatabaseError), transaction.atomic():
        geste()


@pytest.mark.parametrize(
    "champs",
    [{"regle": "parts-egales"}, {"parametres": {"seuil": 3}}, {"choix_max": 1}, {"qui": "habitantes"}, {"question": "?"},
     {"empreinte": "0" * 64}, {"reglement": {}}, {"ferme_le": None}],
)  # fmt: skip
def test_un_reglement_annonce_ne_se_reecrit_pas(champs):
    annonce = scrutin("annonce")
    refuse(lambda: Scrutin.objects.filter(pk=annonce.pk).update(**champs))


def test_la_liste_ne_change_plus():
    annonce = scrutin("annonce")
    option = annonce.options.first()
    refuse(lambda: Option.objects.filter(pk=option.pk).update(cout=1))
    refuse(lambda: Option.objects.filter(pk=option.pk).delete())
    refuse(lambda: Option.objects.create(scrutin=annonce, enveloppe=option.enveloppe, cle="x", titre="De plus"))
    refuse(lambda: Enveloppe.objects.filter(scrutin=annonce).update(budget=1))
    refuse(lambda: Scrutin.objects.filter(pk=annonce.pk)._raw_delete("default"))


@pytest.mark.parametrize("etat", ["brouillon", "annonce", "clos"])
def test_personne_ne_vote_hors_du_temps_du_vote(etat):
    ferme = scrutin(etat)
    enveloppe = ferme.enveloppes.get()
    refuse(lambda: Emargement.objects.create(scrutin=ferme, enveloppe=enveloppe, personne=PersonneFabrique()))
    refuse(lambda: Bulletin.objects.create(scrutin=ferme, enveloppe=enveloppe, origine="x", notes={}))


def test_un_bulletin_ne_change_plus_une_fois_le_vote_clos():
    from tests.votes.fabriques import amener

    ouvert = scrutin("ouvert")
    bulletin = voter_pour(ouvert, "p1")
    amener(ouvert, "clos", agent=PersonneFabrique(roles=["agent"]))
    refuse(lambda: Bulletin.objects.filter(pk=bulletin.pk).update(notes={"p2": 1}))
    refuse(lambda: Bulletin.objects.filter(pk=bulletin.pk).delete())


def test_une_personne_ne_vote_pas_deux_fois():
    ouvert = scrutin("ouvert")
    personne = votante()
    premier = voter_pour(ouvert, "p1", personne=personne)
    second = voter_pour(ouvert, "p2", personne=personne)
    assert (second.pk, second.notes, Bulletin.objects.count()) == (premier.pk, {"p2": 1}, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Emargement.objects.create(scrutin=ouvert, enveloppe=premier.enveloppe, personne=personne)


def test_un_resultat_compte_ne_laisse_pas_la_place_a_un_autre():
    compte = scrutin("depouille")
    siens = Comptage.objects.filter(scrutin=compte)
    refuse(lambda: siens.update(abandonne_le=timezone.now()))
    refuse(lambda: siens.update(resultat={}))
    refuse(lambda: siens.delete())
    refuse(lambda: Comptage.objects.create(scrutin=compte, genre="officiel"))


def test_un_vote_ne_change_pas_de_main():
    ouvert = scrutin("ouvert")
    voter_pour(ouvert, "p1")
    refuse(lambda: Emargement.objects.update(personne=PersonneFabrique()))
    Emargement.objects.update(personne=None)
    refuse(lambda: Emargement.objects.update(personne=PersonneFabrique()))
