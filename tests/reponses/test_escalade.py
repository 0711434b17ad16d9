"""An answer that does not come goes up, each level once: the team, the elected officials, then late, everybody."""

import re
from datetime import datetime, time, timedelta
from html import unescape

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moderation.actions import masquer
from notifications.models import Courriel
from portail.tic import PARTIES
from reponses.escalade import escalader
from reponses.models import Echeance, Escalade
from reponses.rappels import rappeler
from tests.fabriques import IdeeFabrique, PersonneFabrique, publier_reponse, rediger_reponse
from tests.notifications.conftest import dire, taire
from tests.reponses.conftest import amener_reponse
from tests.requetes import copier
from timeline.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(echeance):
    """Due in sixty days; what came before is not told here."""
    taire()
    return echeance


def le_jour(echeance, jours_avant):
    midi = datetime.combine(
        echeance.due_le - timedelta(days=jours_avant), time(12), tzinfo=timezone.get_current_timezone()
    )
    return time_machine.travel(midi, tick=True)


def battre():
    """The two parts of `tic` that watch the dates, in its order."""
    noms = list(PARTIES)
    assert noms.index("rappels") < noms.index("escalades") < noms.index("annonces")
    return rappeler(), escalader()


def paliers(echeance):
    return [(e.palier, (echeance.due_le - timezone.localdate(e.le)).days) for e in echeance.escalades.all()]


def courriels_a(*personnes):
    return [list(Courriel.objects.filter(personne=p).order_by("pk").values_list("objet", flat=True)) for p in personnes]


@pytest.mark.parametrize(
    ("jours_avant", "palier"),
    [
        (59, None),
        (31, None),
        (30, "equipe"),
        (8, "equipe"),
        (7, "elues"),
        (0, "elues"),
        (-1, "retard"),
        (-300, "retard"),
    ],
)
def test_le_palier_du_jour(due, jours_avant, palier):
    """After a long stop, the right level alone; asked again, nothing more."""
    with le_jour(due, jours_avant):
        battre()
        battre()
        assert [e.palier for e in due.escalades.all()] == ([palier] if palier else [])


def test_toute_la_vie_d_une_echeance(due):
    for jours_avant in range(60, -31, -1):
        with le_jour(due, jours_avant):
            battre()
            battre()
    assert paliers(due) == [("equipe", 30), ("elues", 7), ("retard", -1)]
    dites = Entree.objects.filter(type="reponses.echeance.escalader").order_by("pk")
    assert [(e.donnees["palier"], e.donnees["jours"], e.est_publique) for e in dites] == [
        ("equipe", 30, False),
        ("elues", 7, False),
    ]
    assert Entree.objects.get(type="reponses.echeance.depasser").est_publique


@pytest.mark.parametrize(
    ("delai", "attendus"), [(10, [("elues", 7), ("retard", -1)]), (7, [("retard", -1)]), (3, [("retard", -1)])]
)
def test_un_delai_court_saute_les_paliers_deja_passes(boite, citoyenne, delai, attendus):
    boite.delai_reponse = delai
    boite.save()
    IdeeFabrique(boite=boite, auteur=citoyenne, etat="en_etude")
    courte = Echeance.objects.get()
    for jours_avant in range(delai, -5, -1):
        with le_jour(courte, jours_avant):
            battre()
    assert paliers(courte) == attendus


def test_jamais_deux_courriels_le_meme_jour(due, agent, elue, referente):
    """Whatever the day on which the house wakes up, and every day of a life."""
    for jours_avant in range(60, -10, -1):
        with le_jour(due, jours_avant):
            battre()
            dire()
            for personne in (agent, elue, referente):
                du_jour = Courriel.objects.filter(personne=personne, cree_le__date=timezone.localdate())
                assert du_jour.count() <= 1, (jours_avant, personne.pseudonyme)
    assert [len(recus) for recus in courriels_a(referente, elue)] == [5, 2]


def test_apres_un_arret_le_rappel_suffit_a_l_equipe(due, referente):
    with le_jour(due, 14):
        battre()
        dire()
        assert [len(recus) for recus in courriels_a(referente)] == [1]
    assert [e.palier for e in due.escalades.all()] == ["equipe"]
    assert not Entree.objects.filter(type="reponses.echeance.escalader").exists()


def test_les_jours_se_reglent(due, settings):
    settings.REPONSE_ESCALADE_EQUIPE_JOURS, settings.REPONSE_ESCALADE_ELUES_JOURS = 45, 20
    for jours_avant in range(60, 0, -1):
        with le_jour(due, jours_avant):
            battre()
    assert paliers(due) == [("equipe", 45), ("elues", 20)]


def test_a_qui_cela_se_dit(due, agent, referente, elue, autre_elue, ancienne_elue, citoyenne):
    """The référent·e first; then those who may sign, not her whose mandate is over; the author learns of the delay alone."""
    with le_jour(due, 30):
        battre()
        dire()
    tous = (referente, agent, elue, autre_elue, ancienne_elue, citoyenne)
    assert [len(recus) for recus in courriels_a(*tous)] == [1, 0, 0, 0, 0, 0]
    with le_jour(due, 7):
        battre()
        dire()
    assert [len(recus) for recus in courriels_a(*tous)] == [2, 0, 1, 1, 0, 0]
    assert courriels_a(elue) == [["Réponse pas encore publiée, due dans 7 jours : Des bancs à l’ombre"]]
    with le_jour(due, -1):
        battre()
        dire()
    assert [len(recus) for recus in courriels_a(*tous)] == [3, 0, 2, 2, 0, 1]


def test_les_elues_nommees_dans_le_projet_passent_avant_les_autres(due, elue, elue_du_projet):
    with le_jour(due, 7):
        battre()
    assert list(due.escalades.get().elues.all()) == [elue_du_projet]


def test_une_elue_n_est_pas_relancee_pour_sa_propre_idee(boite, elue, autre_elue):
    IdeeFabrique(boite=boite, auteur=elue, etat="en_etude")
    sienne = Echeance.objects.get()
    with le_jour(sienne, 7):
        battre()
    assert list(sienne.escalades.get().elues.all()) == [autre_elue]


def test_la_signataire_deja_rappelee_n_a_qu_un_courriel(idee, due, agent, elue, autre_elue):
    amener_reponse(rediger_reponse(idee, agent=agent), "a_signer", agent=agent, elue=elue)
    taire()
    with le_jour(due, 7):
        battre()
        dire()
    assert [recus[0][:26] for recus in courriels_a(elue, autre_elue) if len(recus) == 1] == [
        "Réponse due dans 7 jours :",
        "Réponse pas encore publiée",
    ]


def test_une_reponse_donnee_ne_monte_plus(idee, due, agent, elue):
    publier_reponse(idee, agent=agent, elue=elue)
    for jours_avant in (30, 7, -1):
        with le_jour(due, jours_avant):
            assert battre() == (0, 0)
    assert not Escalade.objects.exists()


def test_les_mots_masques_ne_partent_pas(idee, due, moderatrice, elue, client):
    masquer(idee, par=moderatrice, motif="vie_privee", explication="Une adresse.")
    taire()
    with le_jour(due, 7):
        battre()
        dire()
        assert not any("bancs" in c.objet + c.texte for c in Courriel.objects.filter(personne=elue))
        client.force_login(elue)
        assert "bancs" not in client.get(reverse("portail:bureau_elue")).content.decode()


def test_l_entree_et_sa_marque_vont_ensemble(due, monkeypatch):
    def mourir(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("reponses.escalade.consigner", mourir)
    with le_jour(due, 30), pytest.raises(ZeroDivisionError):
        escalader()
    assert not Escalade.objects.exists()


def test_une_relance_reste_ecrite(due):
    with le_jour(due, 30):
        battre()
    for faire in (
        lambda: Escalade.objects.update(le=timezone.now()),
        lambda: Escalade.objects.update(palier="elues"),
        Escalade.objects.all().delete,
        lambda: Escalade.objects.create(echeance=due, palier="equipe"),
        lambda: Escalade.objects.create(echeance=due, palier="autre"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            faire()


def test_les_entrees_internes_ne_se_lisent_pas_dehors(due, agent, citoyenne, elue, client, idee):
    for jours_avant in (30, 7):
        with le_jour(due, jours_avant):
            battre()
    entrees = Entree.objects.filter(type="reponses.echeance.escalader")
    assert [entrees.visibles_par(p).count() for p in (AnonymousUser(), citoyenne, elue, agent)] == [0, 0, 0, 2]
    phrases = [" ".join(unescape(re.sub(r"<[^>]+>", "", e.phrase)).split()) for e in entrees.order_by("pk")]
    assert phrases == [
        "L’équipe est prévenue que la réponse à Des bancs à l’ombre est attendue.",
        "Les élues et élus sont prévenus que la réponse à Des bancs à l’ombre est attendue.",
    ]
    for adresse in (idee.get_absolute_url(), reverse("timeline:chronologie"), reverse("timeline:atom"), "/"):
        corps = client.get(adresse).content.decode()
        assert "prévenue que la réponse" not in corps and "prévenus que la réponse" not in corps, adresse


def test_chacun_la_voit_a_son_bureau_et_dans_le_dossier(client, due, idee, agent, elue, ancienne_elue):
    reponse = rediger_reponse(idee, agent=agent)
    with le_jour(due, 30):
        battre()
        client.force_login(elue)
        assert (
            "Aucune réponse en attente ne vous a été signalée."
            in client.get(reverse("portail:bureau_elue")).content.decode()
        )
    with le_jour(due, 7):
        battre()
        client.force_login(elue)
        bureau = client.get(reverse("portail:bureau_elue")).content.decode()
        assert "Des bancs à l’ombre" in bureau and idee.get_absolute_url() in bureau
        client.force_login(ancienne_elue)
        assert "Des bancs à l’ombre" not in client.get(reverse("portail:bureau_elue")).content.decode()
        client.force_login(agent)
        assert "Élues et élus prévenus" in client.get(reverse("portail:bureau_agent")).content.decode()
        dossier = client.get(reponse.get_absolute_url()).content.decode()
        assert "L’équipe est prévenue" in dossier and "Les élues et élus sont prévenus" in dossier


def test_ce_qu_elle_doit_signer_n_est_pas_compte_deux_fois(client, due, idee, agent, elue, autre_elue):
    amener_reponse(rediger_reponse(idee, agent=agent), "a_signer", agent=agent, elue=elue)
    with le_jour(due, 7):
        battre()
        for personne, vide in ((elue, True), (autre_elue, False)):
            client.force_login(personne)
            bureau = client.get(reverse("portail:bureau_elue")).content.decode()
            assert ("Aucune réponse en attente ne vous a été signalée." in bureau) is vide
            assert "Des bancs à l’ombre" in bureau


def test_le_nombre_de_requetes_ne_depend_pas_de_ce_qui_est_deja_dit(due, boite):
    def requetes():
        with le_jour(due, 7):
            escalader()
            with CaptureQueriesContext(connection) as capture:
                assert escalader() == 0
        return len(capture)

    une = requetes()
    autres = copier(due.cible, 49, auteur_id=lambda _n: PersonneFabrique().pk)
    copier(due, 49, cible_id=lambda n: autres[n].pk)
    assert requetes() == une
    assert Escalade.objects.count() == 50
