"""Stages open and close by the clock: at the right second of the right hour, once, whoever else is looking."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from projets.forms import EtapeForm
from projets.horloge import ouvrir_et_fermer
from projets.models import Etape, Projet
from tests.fabriques import EtapeFabrique, ProjetFabrique
from timeline import etapes
from timeline.models import Entree

RIEN = {"ouvertes": 0, "projets": 0, "fermees": 0}


def types(projet):
    return list(Entree.objects.filter(projet=projet).order_by("numero").values_list("type", flat=True))


@pytest.mark.django_db
def test_la_premiere_etape_ouvre_le_projet_et_rien_ne_se_fait_deux_fois():
    projet = ProjetFabrique()
    debut = timezone.now() + timedelta(hours=1)
    etape = EtapeFabrique(projet=projet, ouvre_le=debut, ferme_le=debut + timedelta(days=2))
    assert ouvrir_et_fermer() == RIEN
    with time_machine.travel(debut, tick=False):
        assert ouvrir_et_fermer() == {"ouvertes": 1, "projets": 1, "fermees": 0}
        assert ouvrir_et_fermer() == RIEN
    with time_machine.travel(etape.ferme_le, tick=False):
        assert ouvrir_et_fermer() == {"ouvertes": 0, "projets": 0, "fermees": 1}
        assert ouvrir_et_fermer() == RIEN
    projet.refresh_from_db()
    etape.refresh_from_db()
    assert (projet.etat, etape.etat) == ("en_cours", "close")
    assert types(projet) == ["projets.annoncer", "projets.etape.ouvrir", "projets.ouvrir", "projets.etape.fermer"]
    assert set(Entree.objects.exclude(type="projets.annoncer").values_list("par_reference", flat=True)) == {"systeme"}


@pytest.mark.django_db
def test_apres_une_longue_panne_tout_est_dit_dans_l_ordre():
    projet = ProjetFabrique()
    hier = timezone.now() - timedelta(days=1)
    EtapeFabrique(projet=projet, titre="Passée", ouvre_le=hier - timedelta(days=5), ferme_le=hier)
    EtapeFabrique(projet=projet, titre="Présente")
    assert ouvrir_et_fermer() == {"ouvertes": 2, "projets": 1, "fermees": 1}
    assert sorted(projet.etapes.values_list("titre", "etat")) == [("Passée", "close"), ("Présente", "ouverte")]


@pytest.mark.django_db
def test_ni_un_brouillon_ni_un_projet_termine_ne_bougent():
    brouillon, termine = ProjetFabrique(annonce=False), ProjetFabrique()
    EtapeFabrique(projet=brouillon)
    EtapeFabrique(projet=termine)
    Projet.objects.filter(pk=termine.pk)._update([(Projet._meta.get_field("etat"), None, "clos")])
    assert ouvrir_et_fermer() == RIEN
    assert set(Etape.objects.values_list("etat", flat=True)) == {"prevue"}


@pytest.mark.django_db
def test_une_ligne_abimee_n_arrete_pas_les_autres(monkeypatch, caplog):
    abimee, saine = EtapeFabrique(titre="Abîmée"), EtapeFabrique(titre="Saine")
    vrai = etapes.franchir

    def franchir(transition, *, par):
        if transition.__self__.pk == abimee.pk:
            raise RuntimeError("chaîne illisible")
        return vrai(transition, par=par)

    monkeypatch.setattr(etapes, "franchir", franchir)
    assert ouvrir_et_fermer() == {"ouvertes": 1, "projets": 1, "fermees": 0}
    assert "n'a pas pu être franchie" in caplog.text
    saine.refresh_from_db()
    assert saine.etat == "ouverte"


@pytest.mark.django_db
def test_les_dates_ouvrent_meme_si_l_horloge_est_en_retard():
    """The clock records; what one may do is a question of dates, true to the second."""
    projet = ProjetFabrique(ouvert=True)
    fin = timezone.now() + timedelta(hours=1)
    etape = EtapeFabrique(projet=projet, ferme_le=fin)
    with time_machine.travel(fin - timedelta(seconds=1), tick=False):
        assert (etape.est_ouverte, etape.permet("commenter"), projet.permet("commenter")) == (True, True, True)
        assert not etape.permet("voter")
    with time_machine.travel(fin, tick=False):
        assert (etape.est_ouverte, etape.permet("commenter")) == (False, False)


# --- 23 h 59 on the nights when the clocks change -----------------------------------------------------------------

#: (day and hour typed, what it is in UTC). 31 March 2024 has 23 hours, 31 October 2027 has 25.
FINS = [
    ("2024-03-30T23:59", datetime(2024, 3, 30, 22, 59, tzinfo=UTC)),
    ("2024-03-31T23:59", datetime(2024, 3, 31, 21, 59, tzinfo=UTC)),
    ("31/03/2024 23:59", datetime(2024, 3, 31, 21, 59, tzinfo=UTC)),
    ("2027-10-30T23:59", datetime(2027, 10, 30, 21, 59, tzinfo=UTC)),
    ("2027-10-31T23:59", datetime(2027, 10, 31, 22, 59, tzinfo=UTC)),
]


def saisie(**autres):
    return {
        "titre": "Collecte",
        "genre": "contribution",
        "ouvre_le": "2024-03-01T08:00",
        "ouvre": ["proposer"],
        **autres,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("tape", "attendu"), FINS)
def test_la_fin_tapee_ferme_a_cette_minute_la_de_paris(tape, attendu):
    projet = ProjetFabrique(annonce=False)
    form = EtapeForm(saisie(ferme_le=tape), projet=projet)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["ferme_le"] == attendu
    with time_machine.travel(datetime(2024, 2, 1, tzinfo=UTC), tick=False):
        ouvert = ProjetFabrique(ouvert=True)
    etape = Etape.objects.create(projet=ouvert, **form.valeurs())
    with time_machine.travel(attendu - timedelta(seconds=1), tick=False):
        assert ouvrir_et_fermer()["fermees"] == 0
        assert etape.permet("proposer")
    with time_machine.travel(attendu, tick=False):
        assert not etape.permet("proposer")
        assert ouvrir_et_fermer()["fermees"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("tape", ["2024-03-31T02:30", "2027-10-31T02:30"])
def test_une_heure_qui_n_existe_pas_ou_deux_fois_se_dit(tape):
    form = EtapeForm(saisie(ferme_le=tape), projet=ProjetFabrique(annonce=False))
    assert not form.is_valid()
    assert "changement d’heure" in form.errors["ferme_le"][0]


@pytest.mark.django_db
def test_une_etape_a_cheval_sur_la_nuit_dure_ce_qu_on_a_annonce(client):
    """From Saturday 8 a.m. to Monday 8 a.m. in Paris, both sides of the change: what people read is what they typed."""
    with time_machine.travel(datetime(2024, 3, 1, tzinfo=UTC), tick=False):
        projet = ProjetFabrique()
    form = EtapeForm(saisie(ouvre_le="2024-03-30T08:00", ferme_le="2024-04-01T08:00"), projet=projet)
    with time_machine.travel(datetime(2024, 3, 1, tzinfo=UTC), tick=False):
        assert form.is_valid(), form.errors
    etape = Etape.objects.create(projet=projet, **form.valeurs())
    assert etape.ferme_le - etape.ouvre_le == timedelta(hours=47)
    with time_machine.travel(datetime(2024, 3, 31, 12, tzinfo=UTC), tick=False):
        page = client.get(projet.get_absolute_url()).content.decode()
    assert "1er avril 2024 à 8 h" in " ".join(page.split())


# --- Two processes at once ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_deux_processus_battent_ensemble():
    from django.db import connection

    from tests.timeline.test_concurrence import _ensemble

    if connection.vendor == "sqlite" and "mode=memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("base d'essai en mémoire : les autres processus ne la voient pas")
    projet = ProjetFabrique()
    hier = timezone.now() - timedelta(days=1)
    for _ in range(3):
        EtapeFabrique(projet=projet)
        EtapeFabrique(projet=projet, ouvre_le=hier - timedelta(days=1), ferme_le=hier)
    comptes = _ensemble(ouvrir_et_fermer, [()] * 4)
    assert all(isinstance(compte, dict) for compte in comptes), comptes
    assert {cle: sum(compte[cle] for compte in comptes) for cle in RIEN} == {"ouvertes": 6, "projets": 1, "fermees": 3}
    faits = types(projet)
    assert (
        faits.count("projets.etape.ouvrir"),
        faits.count("projets.ouvrir"),
        faits.count("projets.etape.fermer"),
    ) == (6, 1, 3)
