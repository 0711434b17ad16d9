"""The only door by which one votes: the clock of the database, many hands at once, what a person leaves behind."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from comptes.effacement import effacer
from projets.models import Etape, Projet
from socle.permissions import SYSTEME
from tests.commentaires.test_concurrence import ensemble
from tests.fabriques import PersonneFabrique
from tests.votes.fabriques import amener, scrutin, votante, voter_pour
from tests.votes.parcours_http import avec_territoires, ouvert_maintenant, pendant
from timeline.etapes import EtapeImpossible, EtapeInterdite, franchir
from votes import voter as porte
from votes.models import Bulletin, Emargement, Option, Scrutin
from votes.voter import BulletinRefuse, VoteEntreTemps, marque_de, voter

MAINS = 8
APPROBATION = {"regle": "approbation", "forme": "approbation"}


def voter_ici(ouvert, personne, cle="p1", enveloppe=None, **options):
    return voter(
        ouvert,
        par=personne,
        enveloppe=enveloppe or ouvert.enveloppes.get(territoire=None),
        notes={cle: 1},
        empreinte=options.pop("empreinte", ouvert.empreinte),
        **options,
    )


# --- The clock ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_l_heure_du_site_ne_compte_pas():
    """A machine whose clock is wrong neither opens nor closes a vote: the database decides."""
    ouvert = ouvert_maintenant(**APPROBATION)
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        assert voter_ici(ouvert, votante()).notes == {"p1": 1}


@pytest.mark.django_db
def test_la_derniere_seconde_est_celle_de_la_base():
    ouvert = ouvert_maintenant(ferme_le=timezone.now() + timedelta(seconds=2), **APPROBATION)
    personne = votante()
    assert voter_ici(ouvert, personne).notes == {"p1": 1}
    time.sleep(max(0, (ouvert.ferme_le - timezone.now()).total_seconds()) + 0.1)
    with time_machine.travel(ouvert.ferme_le - timedelta(days=1), tick=False):
        for quelqu_une in (votante(), personne):
            with pytest.raises(EtapeImpossible, match="n’a pas été compté"):
                voter_ici(ouvert, quelqu_une, "p2")
    assert Bulletin.objects.get().notes == {"p1": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("deja", [False, True], ids=["premier bulletin", "changement"])
def test_le_vote_se_ferme_entre_le_regard_et_l_ecriture(monkeypatch, deja):
    """The guard of the database refuses: one sentence, nothing written, no error page."""
    ouvert = scrutin("ouvert", **APPROBATION)
    personne = votante()
    if deja:
        voter_pour(ouvert, "p1", personne=personne)
    amener(ouvert, "clos", agent=PersonneFabrique(roles=["agent"]))
    monkeypatch.setattr(porte, "_exiger_ouvert", lambda scrutin: None)
    with pytest.raises(EtapeImpossible, match="n’a pas été compté"):
        voter_ici(ouvert, personne, "p2")
    assert list(Bulletin.objects.values_list("notes", flat=True)) == ([{"p1": 1}] if deja else [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "champs",
    [
        {"ouvre": []},
        {"ferme_le": timezone.now() - timedelta(minutes=1)},
        {"etat": "annulee", "motif_annulation": "Travaux."},
    ],
    ids=["ne permet plus de voter", "finie", "annulée"],
)
def test_l_etape_decide_aussi_comme_elle_est_maintenant(champs):
    """A stage changed by somebody else since the page was read."""
    from django.db.models import QuerySet

    ouvert = ouvert_maintenant(**APPROBATION)
    assert ouvert.etape.ouvre == ["voter"]
    QuerySet(Etape).filter(pk=ouvert.etape_id).update(**champs)
    with pytest.raises(EtapeImpossible):
        voter_ici(ouvert, votante())
    assert not Emargement.objects.exists()


@pytest.mark.django_db
def test_un_projet_clos_ne_vote_plus():
    from django.db.models import QuerySet

    ouvert = ouvert_maintenant(**APPROBATION)
    QuerySet(Projet).filter(pk=ouvert.etape.projet_id).update(etat=Projet.Etat.CLOS)
    with pytest.raises(EtapeImpossible):
        voter_ici(ouvert, votante())


# --- What the door refuses ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_personne_d_autre_ne_passe():
    from django.contrib.auth.models import AnonymousUser

    ouvert = ouvert_maintenant(**APPROBATION)
    partie = votante()
    partie.is_active = False
    for quelqu_un in (AnonymousUser(), SYSTEME, partie, None):
        with pytest.raises(EtapeInterdite):
            voter_ici(ouvert, quelqu_un)


@pytest.mark.django_db
def test_une_enveloppe_ou_une_option_d_ailleurs():
    ouvert, autre = ouvert_maintenant(**APPROBATION), ouvert_maintenant(noms=("Le Port",), **APPROBATION)
    personne = votante()
    with pytest.raises(EtapeImpossible):
        voter_ici(ouvert, personne, enveloppe=autre.enveloppes.first())
    with pytest.raises(BulletinRefuse):
        voter_ici(autre, personne, "e2-1")  # of the envelope beside
    with pytest.raises(EtapeImpossible):
        voter_ici(ouvert, personne, empreinte="0" * 64)
    assert not Emargement.objects.exists() and not Bulletin.objects.exists()


@pytest.mark.django_db
def test_ce_que_la_page_n_a_pas_vu():
    ouvert = ouvert_maintenant(**APPROBATION)
    personne = votante()
    premier = voter_ici(ouvert, personne, vu="")
    assert voter_ici(ouvert, personne, vu="").pk == premier.pk, "the same again is no conflict"
    with pytest.raises(VoteEntreTemps) as refus:
        voter_ici(ouvert, personne, "p2", vu="")
    assert refus.value.bulletin == premier and refus.value.statut == 409
    assert voter_ici(ouvert, personne, "p2", vu=marque_de(premier)).notes == {"p2": 1}


@pytest.mark.django_db
def test_cent_changements_font_un_bulletin():
    ouvert = ouvert_maintenant(**APPROBATION)
    personne = votante()
    for n in range(100):
        voter_ici(ouvert, personne, f"p{n % 3 + 1}")
    assert (Bulletin.objects.get().notes, Emargement.objects.count()) == ({"p1": 1}, 1)


@pytest.mark.django_db
def test_une_proposition_retiree_n_entre_plus_et_les_autres_restent():
    ouvert = ouvert_maintenant(**APPROBATION)
    personne = votante()
    voter_ici(ouvert, personne)
    Option.objects.filter(scrutin=ouvert, cle="p1").update(retiree_le=timezone.now(), motif_retrait="Vendue.")
    with pytest.raises(BulletinRefuse, match="Vendue"):
        voter_ici(ouvert, votante())
    assert voter_ici(ouvert, personne, "p2").notes == {"p2": 1}


# --- Many hands ---------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_huit_mains_d_une_personne_font_un_bulletin():
    ouvert = ouvert_maintenant(**APPROBATION)
    personne = votante()
    gestes = [
        lambda n=n: voter_ici(Scrutin.objects.get(pk=ouvert.pk), personne, f"p{n % 3 + 1}").pk for n in range(MAINS)
    ]
    recus = ensemble(*gestes)
    assert set(recus) == {Bulletin.objects.get().pk} and Emargement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_huit_pages_qui_ne_se_connaissent_pas():
    """None saw a ballot: one wins, those that say something else are told."""
    ouvert = ouvert_maintenant(**APPROBATION)
    personne = votante()
    gestes = [
        lambda n=n: voter_ici(Scrutin.objects.get(pk=ouvert.pk), personne, f"p{n % 2 + 1}", vu="").notes
        for n in range(MAINS)
    ]
    recus = ensemble(*gestes)
    garde = Bulletin.objects.get().notes
    assert sorted(type(recu).__name__ for recu in recus) == ["VoteEntreTemps"] * 4 + ["dict"] * 4
    assert all(recu == garde for recu in recus if isinstance(recu, dict))


@pytest.mark.django_db(transaction=True)
def test_deux_territoires_d_un_coup_n_en_font_qu_un():
    ouvert = ouvert_maintenant(noms=("Le Port", "Les Hauts"), **APPROBATION)
    personne = votante()
    lieux = list(ouvert.enveloppes.filter(territoire__isnull=False))
    gestes = [
        lambda e=e: (
            voter_ici(Scrutin.objects.get(pk=ouvert.pk), personne, e.options.first().cle, enveloppe=e).enveloppe_id
        )
        for e in lieux * 4
    ]
    recus = ensemble(*gestes)
    assert set(recus) <= {e.pk for e in lieux}
    bulletin, emargement = Bulletin.objects.get(), Emargement.objects.get()
    assert bulletin.enveloppe_id == emargement.enveloppe_id and emargement.est_local


@pytest.mark.django_db(transaction=True)
def test_voter_pendant_que_le_vote_se_ferme():
    """Either the ballot was in before, or its voter is told: never a ballot after the end, never an error."""
    ouvert = ouvert_maintenant(ferme_le=timezone.now() + timedelta(seconds=1), **APPROBATION)
    gens = [votante() for _ in range(MAINS - 1)]
    time.sleep(max(0, (ouvert.ferme_le - timezone.now()).total_seconds() - 0.05))

    def fermer():
        time.sleep(0.06)
        franchir(Scrutin.objects.get(pk=ouvert.pk).clore, par=SYSTEME)
        return Bulletin.objects.count()

    recus = ensemble(fermer, *[lambda p=p: voter_ici(Scrutin.objects.get(pk=ouvert.pk), p) for p in gens])
    assert all(isinstance(recu, Bulletin | EtapeImpossible) for recu in recus[1:]), recus
    gardes = sum(isinstance(recu, Bulletin) for recu in recus[1:])
    assert recus[0] == gardes == Bulletin.objects.count()


# --- Voters --------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_le_nombre_de_personnes_pas_de_bulletins():
    ouvert = ouvert_maintenant(noms=("Le Port",), **APPROBATION)
    port = ouvert.enveloppes.get(nom="Le Port")
    deux_fois, ici, partout = votante(), votante(), votante()
    voter_ici(ouvert, deux_fois)
    voter_ici(ouvert, deux_fois, "e2-1", enveloppe=port)
    voter_ici(ouvert, ici, "e2-1", enveloppe=port)
    voter_ici(ouvert, partout)
    assert (ouvert.emargements.nombre_de_votantes(), ouvert.emargements.count()) == (3, 4)
    effacer(deux_fois)
    assert ouvert.emargements.nombre_de_votantes() == 3


@pytest.mark.django_db
def test_qui_part_laisse_un_bulletin_sans_nom():
    ouvert = avec_territoires(**APPROBATION)
    personne = votante()
    voter_pour(ouvert, "p1", personne=personne)
    effacer(personne)
    bulletin = Bulletin.objects.get()
    assert (bulletin.notes, bulletin.emargement.personne) == ({"p1": 1}, None)
    assert ouvert.emargements.nombre_de_votantes() == 1
    with pendant(ouvert), transaction.atomic():
        assert not Emargement.objects.visibles_par(personne).exists()
    assert connection.vendor in {"sqlite", "postgresql"}


@pytest.mark.django_db
def test_qui_part_apres_la_fin_aussi():
    """The guard of a closed vote lets a name be forgotten, and nothing else."""
    ouvert = scrutin("ouvert", **APPROBATION)
    personne = votante()
    voter_pour(ouvert, "p1", personne=personne)
    amener(ouvert, "clos", agent=PersonneFabrique(roles=["agent"]))
    effacer(personne)
    assert Emargement.objects.get().personne is None
