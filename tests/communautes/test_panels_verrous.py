"""What the database refuses by itself around a panel: a rewritten mandate, an announced pool that changes, an avis replaced."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from communautes.models import (
    AvisDuPanel,
    Candidate,
    FichierDeTirage,
    Mandat,
    Quota,
    Siege,
    Tirage,
    VersionDeCompteRendu,
)
from communautes.panels import contenus
from tests.communautes.fabriques_panels import fonder_un_panel, membre_tiree, panel_reuni, tirage_en

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memes_lots")]


def refuse(geste):
    with pytest.raises(DatabaseError), transaction.atomic():
        geste()


def sql(ordre, *valeurs):
    with connection.cursor() as curseur:
        curseur.execute(ordre, valeurs)


@pytest.mark.parametrize(
    "champ", ["question = 'Autre'", "places = 9", "effacer_le = '2099-01-01'", "publie_le = NULL, empreinte = ''"]
)
def test_un_mandat_publie_ne_se_reecrit_pas(champ):
    panel = fonder_un_panel()
    refuse(lambda: sql(f"UPDATE communautes_mandat SET {champ} WHERE panel_id = %s", panel.pk))
    refuse(lambda: sql("DELETE FROM communautes_mandat WHERE panel_id = %s", panel.pk))


def test_un_mandat_en_preparation_se_reecrit():
    panel = fonder_un_panel(publie=False)
    assert Mandat.objects.filter(panel=panel).update(question="Mieux dite ?") == 1


@pytest.mark.parametrize("etat", ["annonce", "tire", "annule"])
def test_un_tirage_annonce_est_gele(etat):
    tirage = tirage_en(etat)
    refuse(lambda: Tirage.objects.filter(pk=tirage.pk).update(connue_le=timezone.now() + timedelta(days=9)))
    refuse(lambda: Tirage.objects.filter(pk=tirage.pk).update(empreinte_lots="0" * 64))
    refuse(lambda: Tirage.objects.filter(pk=tirage.pk).update(source="Une autre"))
    refuse(lambda: Tirage.objects.filter(pk=tirage.pk)._raw_delete("default"))
    une = Candidate.objects.first()
    refuse(lambda: Candidate.objects.filter(pk=une.pk).update(valeurs=["homme", "16-29"]))
    refuse(lambda: Candidate.objects.filter(pk=une.pk).update(lots=999))
    refuse(lambda: FichierDeTirage.objects.filter(tirage=tirage, nom="lots.csv").update(contenu="x"))
    refuse(lambda: FichierDeTirage.objects.filter(tirage=tirage)._raw_delete("default"))
    refuse(lambda: Candidate.objects.filter(pk=une.pk)._raw_delete("default"))
    refuse(lambda: Candidate.objects.create(tirage=tirage, code="ffffffffff", valeurs=["homme", "16-29"], lots=0))
    refuse(lambda: Quota.objects.filter(tirage=tirage).update(maximum=80))


def test_un_tirage_fait_ne_change_plus():
    tirage = tirage_en("tire")
    refuse(lambda: Tirage.objects.filter(pk=tirage.pk).update(valeur="1 2 3"))
    refuse(lambda: Tirage.objects.filter(pk=tirage.pk).update(lot=(tirage.lot + 1) % 1000))
    refuse(lambda: sql("UPDATE communautes_tirage SET etat = 'annonce' WHERE id = %s", tirage.pk))
    siege = Siege.objects.first()
    refuse(lambda: Siege.objects.filter(pk=siege.pk).update(code="ffffffffff"))
    refuse(lambda: Siege.objects.filter(pk=siege.pk)._raw_delete("default"))


def test_la_base_refuse_un_tirage_avant_sa_valeur_et_une_annonce_passee():
    tirage = tirage_en("annonce")
    refuse(lambda: sql(
        "UPDATE communautes_tirage SET etat = 'tire', valeur = 'x', graine = 'x', lot = 1, tire_le = %s WHERE id = %s",
        timezone.now(), tirage.pk,
    ))  # fmt: skip
    calcule = tirage_en("calcule")
    refuse(lambda: Tirage.objects.filter(pk=calcule.pk).update(
        source="x", empreinte_parametres="x", annonce_le=timezone.now(), connue_le=timezone.now() - timedelta(days=1)
    ))  # fmt: skip


def test_un_seul_tirage_a_la_fois():
    tirage = tirage_en("annonce")
    refuse(lambda: Tirage.objects.create(panel=tirage.panel, numero=9, places=4))
    fait = tirage_en("tire")
    refuse(lambda: sql(
        "INSERT INTO communautes_tirage (panel_id, numero, etat, motif, places, criteres, graine_des_lots, version_du_solveur,"
        " empreinte_vivier, empreinte_parametres, empreinte_lots, source, connue_le, annonce_le, valeur, graine, lot, tire_le,"
        " cree_le) SELECT panel_id, 9, etat, motif, places, criteres, graine_des_lots, version_du_solveur, empreinte_vivier,"
        " empreinte_parametres, empreinte_lots, source, connue_le, annonce_le, valeur, graine, lot, tire_le, cree_le"
        " FROM communautes_tirage WHERE id = %s", fait.pk,
    ))  # fmt: skip


def test_un_consentement_ne_se_reecrit_pas():
    panel = tirage_en("tire").panel
    siege = Siege.objects.get(personne=membre_tiree(panel))
    refuse(lambda: Siege.objects.filter(pk=siege.pk).update(consentement_texte="J’accepte tout."))
    refuse(
        lambda: Siege.objects.filter(pk=siege.pk).update(
            consenti_le=None, consentement_version=None, consentement_texte=""
        )
    )
    Siege.objects.filter(pk=siege.pk).update(personne=None)


def test_un_avis_et_un_compte_rendu_ne_se_reecrivent_pas():
    panel = panel_reuni()
    jour = timezone.localdate()
    contenus.publier_l_avis(
        panel,
        par=panel.cree_par,
        texte="Plantons.",
        adopte_le=jour,
        pour=3,
        contre=1,
        abstentions=0,
        reponse_attendue_le=jour,
    )
    refuse(lambda: AvisDuPanel.objects.update(pour=4))
    refuse(lambda: AvisDuPanel.objects.update(reponse_attendue_le=jour + timedelta(days=1)))
    refuse(lambda: AvisDuPanel.objects.all()._raw_delete("default"))
    contenus.ecrire_un_compte_rendu(panel, par=panel.cree_par, titre="Séance 1", seance_le=jour, texte="Bien.")
    refuse(lambda: VersionDeCompteRendu.objects.update(texte="Mal."))
    refuse(lambda: VersionDeCompteRendu.objects.all()._raw_delete("default"))
