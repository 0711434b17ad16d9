"""An answer that does not come goes up: to the team, to the élues, to everybody. Each level once, one mail a day."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notifications import annonces
from notifications.models import Courriel, Notification, Rappel
from portail.tic import PARTIES
from reponses.models import Echeance, Escalade, Reponse, palier_atteint
from reponses.rappels import rappeler
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, publier_reponse, rediger_reponse
from tests.idees.gestes import coautrice_de
from tests.reponses.conftest import amener_reponse, dans
from tests.reponses.test_bureaux import AGENT, ELUE, section
from timeline.models import Entree, Relais

pytestmark = pytest.mark.django_db
Palier = Escalade.Palier


def le_jour(echeance, jours_avant):
    """Noon, that many days before the due date."""
    jour = echeance.due_le - timedelta(days=jours_avant)
    return time_machine.travel(datetime.combine(jour, time(12), tzinfo=timezone.get_current_timezone()), tick=True)


def dire():
    for pk in Relais.objects.order_by("pk").values_list("entree", flat=True):
        annonces.annoncer(pk)


def prevenues(*personnes) -> set[str]:
    """Who of these had a bell and a mail, then forgets it."""
    recus = set(Courriel.objects.filter(personne__isnull=False).values_list("personne", flat=True))
    assert recus == set(Notification.objects.values_list("personne", flat=True))
    trouvees = {p.pseudonyme for p in personnes if p.pk in recus}
    Courriel.objects.all().delete()
    Notification.objects.all().delete()
    return trouvees


def faire_parler(echeance, jours_avant):
    """What the clock says that day, told; what happened before is told and forgotten first."""
    dire()
    Notification.objects.all().delete()
    Courriel.objects.all().delete()
    with le_jour(echeance, jours_avant):
        nb = rappeler()
        dire()
    return nb


# --- Which level, and when -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delai", "attendu"),
    [
        (60, [(30, "service"), (7, "elue"), (-1, "retard")]),
        (31, [(30, "service"), (7, "elue"), (-1, "retard")]),
        (30, [(7, "elue"), (-1, "retard")]),
        (10, [(7, "elue"), (-1, "retard")]),
        (8, [(7, "elue"), (-1, "retard")]),
        (7, [(6, "elue"), (-1, "retard")]),
        (3, [(2, "elue"), (-1, "retard")]),
        (1, [(0, "elue"), (-1, "retard")]),
    ],
)
def test_un_delai_court_saute_les_paliers_deja_passes(delai, attendu):
    idee = IdeeFabrique(boite=BoiteFabrique(delai_reponse=delai), etat="en_etude")
    echeance = Echeance.objects.get(cible_id=idee.pk)
    for jours_avant in range(delai, -5, -1):
        with le_jour(echeance, jours_avant):
            rappeler()
            rappeler()
    faites = [((echeance.due_le - timezone.localdate(e.le)).days, e.palier) for e in Escalade.objects.order_by("pk")]
    assert faites == attendu


@pytest.mark.parametrize("delai", [1, 2, 5, 7, 8, 10, 14, 15, 29, 30, 31, 60])
def test_jamais_deux_messages_le_meme_jour(delai):
    """Whatever the delay, and with the clock beating twice a day: one entry a day at most, and one row a level."""
    idee = IdeeFabrique(boite=BoiteFabrique(delai_reponse=delai), etat="en_etude")
    echeance = Echeance.objects.get(cible_id=idee.pk)
    for jours_avant in range(delai, -5, -1):
        for heure in (time(0, 1), time(12), time(23, 58)):
            jour = echeance.due_le - timedelta(days=jours_avant)
            with time_machine.travel(datetime.combine(jour, heure, tzinfo=timezone.get_current_timezone())):
                rappeler()
    jours = [timezone.localdate(e.le) for e in Entree.objects.filter(type__startswith="reponses.echeance")]
    assert len(jours) == len(set(jours)) >= 2


def test_apres_un_long_arret_seul_le_palier_le_plus_haut_se_dit(echeance):
    assert faire_parler(echeance, 3) == 1
    assert faire_parler(echeance, 3) == 0
    assert list(Escalade.objects.values_list("palier", flat=True)) == ["elue"]


def test_un_rappel_dit_ce_matin_remet_la_remontee_a_demain(idee, echeance, settings):
    """The levels were changed at noon: nobody hears twice of one answer on one day."""
    settings.ESCALADE_SERVICE_JOURS = 10
    assert faire_parler(echeance, 14) == 1
    settings.ESCALADE_SERVICE_JOURS = 30
    assert faire_parler(echeance, 14) == 0
    assert faire_parler(echeance, 13) == 1
    assert Escalade.objects.get().palier == "service"


def test_les_delais_sont_des_reglages(echeance, settings):
    settings.ESCALADE_SERVICE_JOURS, settings.ESCALADE_ELUE_JOURS = 45, 20
    for jours_avant, palier in ((46, None), (45, Palier.SERVICE), (21, Palier.SERVICE), (20, Palier.ELUE)):
        with le_jour(echeance, jours_avant):
            assert (jours_avant, palier_atteint(echeance)) == (jours_avant, palier)


def test_une_reponse_publiee_ne_monte_plus(idee, echeance, agent, elue):
    publier_reponse(idee, agent=agent, elue=elue)
    for jours_avant in (30, 7, -1):
        assert faire_parler(echeance, jours_avant) == 0
    assert not Escalade.objects.exists()


def test_le_tic_la_porte(echeance):
    with le_jour(echeance, 7):
        assert PARTIES["rappels"]() == 1
    assert Escalade.objects.get().projet == echeance.cible.projet


# --- Whom it reaches ---------------------------------------------------------------------------------------------------


def test_chaque_palier_va_aux_siens(
    idee, echeance, citoyenne, referente, agent, elue, autre_elue, ancienne_elue, voisin
):
    tous = (citoyenne, referente, agent, elue, autre_elue, ancienne_elue, voisin)
    elues = {elue.pseudonyme, autre_elue.pseudonyme}
    attendu = [
        (30, {referente.pseudonyme}),
        (7, {referente.pseudonyme} | elues),
        (-1, {referente.pseudonyme, citoyenne.pseudonyme} | elues),
    ]
    for jours_avant, qui in attendu:
        assert faire_parler(echeance, jours_avant) == 1
        assert (jours_avant, prevenues(*tous)) == (jours_avant, qui)


def test_le_projet_nomme_ses_elues(idee, echeance, referente, elue, elue_du_projet):
    """Those whom the projet names, and no other."""
    faire_parler(echeance, 7)
    assert prevenues(referente, elue, elue_du_projet) == {referente.pseudonyme, elue_du_projet.pseudonyme}


def test_une_elue_nommee_dont_le_mandat_est_fini_laisse_la_place(idee, echeance, elue, elue_du_projet):
    elue_du_projet.mandats.update(debut=dans(-900), fin=dans(-1))
    faire_parler(echeance, 7)
    assert prevenues(elue, elue_du_projet) == {elue.pseudonyme}


def test_celle_dont_on_attend_le_nom_est_seule_prevenue(idee, echeance, agent, elue, autre_elue, referente):
    amener_reponse(rediger_reponse(idee, agent=agent), "a_signer", agent=agent, elue=elue)
    faire_parler(echeance, 7)
    courriel = Courriel.objects.get(personne=elue)
    assert Reponse.objects.get().get_absolute_url() in courriel.texte
    assert prevenues(agent, elue, autre_elue, referente) == {agent.pseudonyme, elue.pseudonyme, referente.pseudonyme}


def test_une_elue_n_est_pas_pressee_de_signer_sa_propre_idee(boite, elue, autre_elue):
    idee = IdeeFabrique(boite=boite, auteur=elue, etat="en_etude")
    faire_parler(Echeance.objects.get(cible_id=idee.pk), 7)
    assert prevenues(elue, autre_elue) == {autre_elue.pseudonyme}


def test_ni_une_coautrice(boite, autre_elue):
    idee = IdeeFabrique(boite=boite, etat="en_etude")
    elue = coautrice_de(idee, roles=["elue"])
    faire_parler(Echeance.objects.get(cible_id=idee.pk), 7)
    assert prevenues(elue, autre_elue) == {autre_elue.pseudonyme}


def test_le_service_a_son_adresse(idee, echeance):
    type(idee.boite.service).objects.update(courriel="parcs@exemple.fr")
    for jours_avant in (30, 7, -1):
        faire_parler(echeance, jours_avant)
        assert Courriel.objects.filter(destinataire="parcs@exemple.fr").count() == 1


def test_les_mots_de_chaque_courriel(idee, echeance, referente, elue):
    relancer = "À votre tour de relancer, réponse due dans %s jours : Des bancs à l’ombre"
    attendu = {
        30: [(referente, relancer % 30, "personne n’a commencé")],
        7: [
            (referente, relancer % 7, "prévenus ce jour même"),
            (
                elue,
                "Votre signature sera attendue, réponse due dans 7 jours : Des bancs à l’ombre",
                "une personne élue",
            ),
        ],
        -1: [(elue, "Réponse en retard : Des bancs à l’ombre", "Ce mot y restera")],
    }
    for jours_avant, lettres in attendu.items():
        faire_parler(echeance, jours_avant)
        for personne, objet, mots in lettres:
            courriel = Courriel.objects.get(personne=personne)
            assert courriel.objet == objet
            assert mots in courriel.texte
            assert idee.get_absolute_url() in courriel.texte


# --- What is written ---------------------------------------------------------------------------------------------------


def test_les_paliers_internes_ne_sont_pas_publics_le_retard_l_est(client, idee, echeance, agent):
    for jours_avant in (30, 7, -1):
        faire_parler(echeance, jours_avant)
    publiques = dict(
        Entree.objects.filter(type__startswith="reponses.echeance").values_list("donnees__palier", "est_publique")
    )
    assert publiques == {"service": False, "elue": False, None: True}
    corps = client.get(idee.get_absolute_url()).content.decode()
    assert "sont prévenus" not in corps
    assert "n’est pas arrivée à la date promise" in corps
    client.force_login(agent)
    assert "sont prévenus" in client.get(idee.get_absolute_url()).content.decode()


def test_une_remontee_ne_se_reecrit_pas(echeance):
    faire_parler(echeance, 7)
    faite = Escalade.objects.get()
    refus = (
        lambda: Escalade.objects.update(palier="service"),
        lambda: Escalade.objects.update(le=timezone.now()),
        lambda: Escalade.objects.all().delete(),
        lambda: Escalade.objects.create(echeance=echeance, palier="elue"),
        lambda: Escalade.objects.create(echeance=echeance, palier="ailleurs"),
    )
    for refuser in refus:
        with pytest.raises(IntegrityError), transaction.atomic():
            refuser()
    assert Escalade.objects.get() == faite


def test_deux_horloges_a_la_fois_n_ecrivent_qu_une_ligne(echeance):
    """The second process has read the levels before the first wrote."""
    from reponses.rappels import _escalader

    with le_jour(echeance, 7):
        assert _escalader(echeance, Palier.ELUE, 7) is True
        assert _escalader(echeance, Palier.ELUE, 7) is False
    assert (Escalade.objects.count(), Rappel.objects.count()) == (1, 1)
    assert Entree.objects.filter(type="reponses.echeance.escalader").count() == 1


#: Who reads that an answer went up, by level. `retard` is public by its entry; the row is the team's.
LECTURE = {
    "service": {"agent", "administratrice", "referente", "experte"},
    "elue": {"agent", "administratrice", "referente", "experte", "elue_du_projet"},
    "retard": {"agent", "administratrice", "referente", "experte", "elue_du_projet"},
}


@pytest.mark.parametrize("palier", LECTURE)
@pytest.mark.parametrize("nommee", [True, False])
def test_qui_lit_une_remontee(request, echeance, projet, palier, nommee):
    noms = (
        "citoyenne", "voisin", "agent", "administratrice", "referente", "autre_referente", "moderatrice", "elue", "autre_elue",
        "ancienne_elue", "experte", "autre_experte", *(["elue_du_projet"] if nommee else []),
    )  # fmt: skip
    gens = {nom: request.getfixturevalue(nom) for nom in noms} | {"visiteur": AnonymousUser()}
    Escalade.objects.create(echeance=echeance, projet=projet, palier=palier)
    permises = LECTURE[palier] & set(gens)
    if not nommee and palier != "service":
        permises |= {"elue", "autre_elue"}
    assert {nom for nom, p in gens.items() if Escalade.objects.visibles_par(p).exists()} == permises


# --- The desks -----------------------------------------------------------------------------------------------------------


def test_le_bureau_de_l_equipe_montre_ce_qui_est_remonte(client, idee, echeance, agent, referente, autre_referente):
    client.force_login(agent)
    assert "Rien n’est remonté." in section(client, AGENT, "remontees")
    with le_jour(echeance, 7):
        rappeler()
        for personne, voit in ((agent, True), (referente, True), (autre_referente, False)):
            client.force_login(personne)
            pile = section(client, AGENT, "remontees")
            assert (idee.titre in pile) is voit
            assert ("Remontée aux élues et aux élus le" in pile) is voit
            assert (reverse("reponses:rediger", args=["idees.idee", idee.pk]) in pile) is voit
        reponse = rediger_reponse(idee, agent=agent)
        client.force_login(agent)
        assert reponse.get_absolute_url() in section(client, AGENT, "remontees")
    publier = amener_reponse(reponse, "publiee", agent=agent, elue=PersonneFabrique(roles=["elue"]))
    assert publier.etat == "publiee"
    assert idee.titre not in section(client, AGENT, "remontees")


def test_le_bureau_de_l_elue_montre_ce_qui_lui_est_remonte(
    client, idee, echeance, agent, elue, autre_elue, ancienne_elue
):
    with le_jour(echeance, 30):
        rappeler()
        client.force_login(elue)
        assert idee.titre not in section(client, ELUE, "remontees")
    with le_jour(echeance, 7):
        rappeler()
        for personne, voit in ((elue, True), (autre_elue, True), (ancienne_elue, False)):
            client.force_login(personne)
            pile = section(client, ELUE, "remontees")
            assert (personne.pseudonyme, idee.titre in pile) == (personne.pseudonyme, voit)
    client.force_login(elue)
    assert idee.get_absolute_url() in section(client, ELUE, "remontees")
    amener_reponse(rediger_reponse(idee, agent=agent), "a_signer", agent=agent, elue=elue)
    assert idee.titre not in section(client, ELUE, "remontees"), "it waits for her name, further up"
    assert idee.titre in section(client, ELUE, "a-signer")


def test_le_bureau_de_l_elue_ne_montre_pas_la_sienne(client, boite, elue):
    idee = IdeeFabrique(titre="Sa propre idée", boite=boite, auteur=elue, etat="en_etude")
    echeance = Echeance.objects.get(cible_id=idee.pk)
    with le_jour(echeance, 7):
        client.force_login(elue)
        rappeler()
        assert idee.titre not in section(client, ELUE, "remontees")


@pytest.mark.parametrize("bureau", [AGENT, ELUE])
def test_un_bureau_compte_ses_requetes_une_fois(client, boite, agent, elue, bureau):
    def requetes(nombre):
        for _n in range(nombre):
            IdeeFabrique(boite=boite, etat="en_etude")
        with le_jour(Echeance.objects.latest("pk"), -1):
            rappeler()
            client.force_login(agent if bureau == AGENT else elue)
            with CaptureQueriesContext(connection) as capture:
                assert client.get(reverse(bureau)).status_code == 200
        return len(capture)

    requetes(1)
    assert requetes(1) == requetes(20)


def test_le_dossier_montre_ce_qui_est_remonte(client, brouillon, echeance, agent):
    client.force_login(agent)
    assert "Remontée" not in client.get(brouillon.get_absolute_url()).content.decode()
    for jours_avant in (30, 7, -1):
        faire_parler(echeance, jours_avant)
    corps = client.get(brouillon.get_absolute_url()).content.decode()
    for palier in Palier:
        assert str(palier.label) in corps
