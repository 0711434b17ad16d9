"""Older facts: consigned now, dated as their source says, shown there, hashed so; and many entries under one lock."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from socle.permissions import SYSTEME
from tests.fabriques import IdeeFabrique, ProjetFabrique
from tests.timeline.test_journal import forcer
from timeline.journal import Fait, consigner, consigner_lot
from timeline.models import Chaine, Entree, Relais
from timeline.survenue import Survenue
from timeline.verification import verifier

pytestmark = pytest.mark.django_db

MARS = {**Survenue("2015-03", "mois").donnees(), "source": "Ville fictive"}


@pytest.mark.sans_base
@pytest.mark.parametrize(
    ("texte", "precision", "instant", "libelle", "iso"),
    [
        ("2015", "annee", datetime(2015, 1, 1, 12, tzinfo=UTC), "2015", "2015"),
        ("2015-03", "mois", datetime(2015, 3, 1, 12, tzinfo=UTC), "mars 2015", "2015-03"),
        ("2015-03-12", "jour", datetime(2015, 3, 12, 12, tzinfo=UTC), "12 mars 2015", "2015-03-12"),
    ],
)
def test_une_date_n_invente_pas_de_jour(texte, precision, instant, libelle, iso):
    lue = Survenue(texte, precision)
    assert (lue.instant, lue.libelle, lue.iso) == (instant, libelle, iso)
    assert Survenue.de(lue.donnees()) == lue


@pytest.mark.sans_base
@pytest.mark.parametrize(
    ("texte", "precision"),
    [("2015-3", "mois"), ("2015-13", "mois"), ("2015-03", "jour"), ("2015", "siecle"), ("", "annee")],
)
def test_une_date_mal_ecrite_est_refusee(texte, precision):
    with pytest.raises(ValueError):
        Survenue(texte, precision)


def test_un_lot_est_la_suite_de_la_chaine():
    idee = IdeeFabrique(etat="publiee")
    avant = Entree.objects.count()
    relais = Relais.objects.count()
    with transaction.atomic():
        entrees = consigner_lot(
            [Fait("idees.reprise.etudes", idee, {**MARS, "rang": n}) for n in range(120)], par=SYSTEME, annoncer=False
        )
    assert [e.numero for e in entrees] == list(range(entrees[0].numero, entrees[0].numero + 120))
    assert [e.precedente for e in entrees[1:]] == [e.empreinte for e in entrees[:-1]]
    assert (Entree.objects.count(), Relais.objects.count()) == (avant + 120, relais)
    assert verifier() == (avant + 120, None)
    assert Chaine.objects.get(cle="generale").tete == entrees[-1].empreinte


def test_un_lot_annonce_comme_un_par_un(django_capture_on_commit_callbacks):
    idee = IdeeFabrique(etat="publiee")
    relais = Relais.objects.count()
    with django_capture_on_commit_callbacks() as rappels, transaction.atomic():
        consigner_lot([Fait("idees.publier", idee), Fait("idees.publier", idee)], par=SYSTEME)
    assert Relais.objects.count() == relais + 2 and len(rappels) == 2


def test_un_lot_ne_coute_pas_une_requete_par_entree():
    idee = IdeeFabrique(etat="publiee")
    nombres = []
    for taille in (1, 50):
        with (
            transaction.atomic(),
            CaptureQueriesContext(
                connection,
            ) as requetes,
        ):
            consigner_lot([Fait("idees.publier", idee)] * taille, par=SYSTEME, annoncer=False)
        nombres.append(len(requetes))
    assert nombres[0] == nombres[1]


@pytest.mark.django_db(transaction=True)
def test_hors_transaction_le_lot_est_refuse():
    idee = IdeeFabrique(etat="publiee")
    with pytest.raises(RuntimeError):
        consigner_lot([Fait("idees.publier", idee)], par=SYSTEME)


@pytest.fixture
def ancienne():
    idee = IdeeFabrique(etat="publiee", titre="La fontaine fictive")
    with transaction.atomic():
        return consigner("idees.reprise.etudes", cible=idee, par=SYSTEME, donnees=MARS)


def test_elle_se_lit_a_sa_date_et_dit_depuis_quand_elle_est_la(client, ancienne):
    page = client.get("/chronologie/").content.decode()
    recente, vieille = page.index("est publiée"), page.index("Les études commencent")
    assert recente < vieille
    assert '<time datetime="2015-03">mars 2015</time>' in page and "<span>2015</span>" in page
    aujourdhui = timezone.localtime(ancienne.le)
    assert f"Repris le {aujourdhui.day} " in page and "de « Ville fictive »" in page
    assert "mars 2015" in client.get(ancienne.get_absolute_url()).content.decode()


def test_elle_n_est_pas_une_nouvelle(client, ancienne):
    assert ancienne not in Entree.objects.nouvelles()
    atom = client.get("/chronologie/atom.xml").content.decode()
    assert "est publiée" in atom and "études commencent" not in atom


def test_sa_place_dans_la_chronologie_est_verifiee(ancienne):
    forcer("UPDATE timeline_entree SET survenu_le = %s WHERE id = %s", timezone.now(), ancienne.pk)
    with pytest.raises(CommandError, match="date du fait"):
        call_command("verifier_journal")


def test_la_chronologie_d_un_projet_suit_la_date_des_faits(client):
    projet = ProjetFabrique(ouvert=True)
    idee = IdeeFabrique(etat="publiee")
    with transaction.atomic():
        consigner("idees.reprise.travaux", cible=idee, projet=projet, par=SYSTEME, donnees=MARS)
    toutes = Entree.objects.visibles_par(AnonymousUser()).filter(projet=projet).order_by("-survenu_le", "-pk")
    assert [e.type for e in toutes][-1] == "idees.reprise.travaux"
