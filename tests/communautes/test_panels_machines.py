"""State × transition × role of a draw, of a seat and of minutes, from written tables. What is not in them is refused."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from communautes.models import Adhesion, CompteRendu, Siege, Tirage
from communautes.panels import calcul, contenus, places
from communautes.panels.adhesions import suivre
from socle.permissions import SYSTEME
from tests.communautes.fabriques_panels import (
    VALEUR,
    fonder_un_panel,
    lettres_de,
    membre_tiree,
    ouvrir_la_place,
    preparer_une_fois,
    tirage_en,
)
from tests.fabriques import PersonneFabrique
from tests.tableau import Copies, cellules, issue, noms
from timeline.diagrammes import graphe
from timeline.etapes import franchir, transitions_ouvertes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memes_lots")]

ROLES = (
    "visiteur", "citoyenne", "membre", "exclue", "animatrice", "referente", "agent", "moderatrice", "elue",
    "administratrice", "systeme",
)  # fmt: skip
CONDUISENT = {"agent", "administratrice", "referente"}

TIRAGES = {
    ("preparation", "calculer"): ("calcule", CONDUISENT | {"systeme"}),
    ("preparation", "abandonner"): ("annule", CONDUISENT),
    ("calcule", "reprendre"): ("preparation", CONDUISENT),
    ("calcule", "annoncer"): ("annonce", CONDUISENT),
    ("calcule", "abandonner"): ("annule", CONDUISENT),
    ("annonce", "tirer"): ("tire", CONDUISENT),
    ("annonce", "annuler"): ("annule", CONDUISENT),
}
#: A seat is taken or refused by whoever shows the key of the letter, and follows what happens: neither is a button.
SIEGES = {
    ("tiree", "contacter"): ("contactee", CONDUISENT),
    ("tiree", "constater"): ("declinee", CONDUISENT),
    ("contactee", "contacter"): ("contactee", CONDUISENT),
    ("contactee", "constater"): ("declinee", CONDUISENT),
    ("contactee", "accepter"): ("acceptee", set()),
    ("contactee", "decliner"): ("declinee", set()),
    ("acceptee", "liberer"): ("retiree", set()),
    ("retiree", "rendre"): ("acceptee", set()),
    ("declinee", "remplacer"): ("remplacee", set()),
    ("retiree", "remplacer"): ("remplacee", set()),
}
COMPTES_RENDUS = {("interne", "publier"): ("publie", {"referente", "animatrice"})}

ARGUMENTS = {
    "abandonner": {"motif": "Mauvais fichier."},
    "annuler": {"motif": "Une erreur."},
    "calculer": {
        "empreinte_vivier": "0" * 64,
        "empreinte_lots": "0" * 64,
        "graine_des_lots": "1",
        "version_du_solveur": "1",
    },
    "tirer": {"valeur": VALEUR},
    "contacter": {"cle": "0" * 64},
    "constater": {"motif": "Pas de réponse."},
    "accepter": {"version": 1, "texte": "D’accord."},
}


def roles_de(panel) -> dict:
    """Everybody who may press a button there."""
    animatrice = PersonneFabrique()
    Adhesion.objects.create(communaute=panel.communaute, personne=animatrice, etat="acceptee", role="animatrice")
    exclue, membre = PersonneFabrique(), PersonneFabrique()
    Adhesion.objects.create(communaute=panel.communaute, personne=membre, etat="acceptee")
    Adhesion.objects.create(communaute=panel.communaute, personne=exclue, etat="exclue", motif="Insultes.")
    # Agents conduct a panel by their role; its référent·e does even when she is an agent no more.
    referente = panel.communaute.adhesions.get(role="referente").personne
    referente.roles_globaux.all().delete()
    return {
        "visiteur": AnonymousUser(),
        "citoyenne": PersonneFabrique(),
        "membre": membre,
        "exclue": exclue,
        "animatrice": animatrice,
        "referente": type(referente).objects.get(pk=referente.pk),
        "agent": PersonneFabrique(roles=["agent"]),
        "moderatrice": PersonneFabrique(roles=["moderatrice"]),
        "elue": PersonneFabrique(roles=["elue"]),
        "administratrice": PersonneFabrique(roles=["administratrice"], is_staff=True, is_superuser=True),
        "systeme": SYSTEME,
    }


@pytest.fixture(scope="module")
def mondes(pour_le_module):
    """{state: (a draw, a seat or minutes in it, and everybody around)}: what each table begins with."""

    def ecrire():
        return SimpleNamespace(
            tirages=Copies({etat: (t := tirage_en(etat), roles_de(t.panel)) for etat in Tirage.Etat.values}),
            sieges=Copies({etat: (s := siege_en(etat), roles_de(s.tirage.panel)) for etat in Siege.Etat.values}),
            comptes_rendus=Copies({etat: compte_rendu_en(etat) for etat in CompteRendu.Etat.values}),
        )

    with pytest.MonkeyPatch.context() as lots:
        lots.setattr(calcul, "preparer", preparer_une_fois)
        return pour_le_module(ecrire)


def essayer(objet, nom, roles, attendus, *, a=None, **arguments):
    for role in ROLES:
        with transaction.atomic(), time_machine.travel(a or timezone.now(), tick=False):
            objet = type(objet)._base_manager.get(pk=objet.pk)
            obtenu = issue(objet, nom, roles[role], **(arguments or ARGUMENTS.get(nom, {})))
            transaction.set_rollback(True)
        assert (role, obtenu) == (role, attendus(role))


def attendu(table, etat, nom):
    vers, permis = table.get((etat, nom), (None, set()))
    return lambda role: "409" if vers is None else vers if role in permis else "403"


@pytest.mark.parametrize(("etat", "nom"), cellules(Tirage.Etat.values, sorted(noms(Tirage)), TIRAGES.keys()))
def test_table_des_tirages(mondes, etat, nom):
    tirage, roles = mondes.tirages[etat]
    heure = tirage.connue_le if nom == "tirer" and etat == "annonce" else None
    arguments = {"source": "Le Loto", "connue_le": timezone.now() + timedelta(days=2)} if nom == "annoncer" else {}
    essayer(tirage, nom, roles, attendu(TIRAGES, etat, nom), a=heure, **arguments)


def siege_en(etat) -> Siege:
    panel = tirage_en("tire").panel
    if etat in {"acceptee", "retiree"}:
        personne = membre_tiree(panel)
        siege = Siege.objects.get(personne=personne)
        if etat == "retiree":
            franchir(panel.communaute.adhesions.get(personne=personne).quitter, par=personne)
        return Siege.objects.get(pk=siege.pk)
    siege = Siege.objects.du_panel(panel).first()
    if etat == "tiree":
        return siege
    cle = lettres_de(panel)[siege.code]
    if etat in {"declinee", "remplacee"}:
        places.decliner(ouvrir_la_place(panel, siege.code, cle))
    siege = Siege.objects.get(pk=siege.pk)
    if etat == "remplacee":
        suivre(siege, siege.remplacer, SYSTEME)
    return Siege.objects.get(pk=siege.pk)


@pytest.mark.parametrize(
    ("etat", "nom"), cellules(Siege.Etat.values, sorted(noms(Siege)), {c for c, (_v, p) in SIEGES.items() if p})
)
def test_table_des_places(mondes, etat, nom):
    siege, roles = mondes.sieges[etat]
    assert siege.etat == etat
    essayer(siege, nom, roles, attendu(SIEGES, etat, nom))


@pytest.mark.parametrize("nom", ["accepter", "decliner"])
def test_avec_la_cle_de_la_lettre(mondes, nom):
    siege, roles = mondes.sieges["contactee"]
    for role in ("visiteur", "citoyenne", "elue", "systeme"):
        with transaction.atomic():
            tenue = Siege.objects.get(pk=siege.pk)
            tenue.cle_montree = True
            par = places.PersonneTiree() if role == "visiteur" else roles[role]
            obtenu = issue(tenue, nom, par, **ARGUMENTS.get(nom, {}))
            transaction.set_rollback(True)
        refuse = nom == "accepter" and role in {"visiteur", "systeme"}
        assert (role, obtenu) == (role, "403" if refuse else SIEGES[("contactee", nom)][0])


def compte_rendu_en(etat) -> tuple[CompteRendu, dict]:
    panel = fonder_un_panel()
    ecrit = contenus.ecrire_un_compte_rendu(
        panel, par=panel.cree_par, titre="Séance 1", seance_le=timezone.localdate(), texte="On s’est vu."
    )
    if etat == "publie":
        franchir(ecrit.publier, par=panel.cree_par)
    return ecrit, roles_de(panel)


@pytest.mark.parametrize(
    ("etat", "nom"), cellules(CompteRendu.Etat.values, sorted(noms(CompteRendu)), COMPTES_RENDUS.keys())
)
def test_table_des_comptes_rendus(mondes, etat, nom):
    ecrit, roles = mondes.comptes_rendus[etat]
    essayer(ecrit, nom, roles, attendu(COMPTES_RENDUS, etat, nom))


@pytest.mark.parametrize(
    ("modele", "table"),
    [(Tirage, TIRAGES), (Siege, SIEGES), (CompteRendu, COMPTES_RENDUS)],
    ids=lambda c: getattr(c, "__name__", ""),
)
def test_le_graphe_est_celui_de_la_table(modele, table):
    assert {(depart, nom, vers) for depart, nom, vers in graphe(modele)} == {
        (d, n, v) for (d, n), (v, _p) in table.items()
    }


def test_une_place_n_a_de_bouton_que_pour_ce_qui_se_constate(mondes, agent):
    siege, _roles = mondes.sieges["contactee"]
    assert [nom for nom, _e in transitions_ouvertes(siege, agent)] == ["constater"]


def test_un_panel_ferme_ne_se_prepare_plus(mondes, agent):
    tirage, _roles = mondes.tirages["calcule"]
    franchir(tirage.panel.communaute.clore, par=agent, motif="Fini.")
    tirage = Tirage.objects.get(pk=tirage.pk)
    assert issue(tirage, "reprendre", agent) == "403"
