"""kill -9 in the middle of supports and transitions: what was acknowledged is there, once, and the chain verifies."""

import sqlite3
import time

from tests.fautes.clients import Client
from tests.site_reel import SESSIONS

VOISINS, IDEES = 16, 12
CLIENTS = 6  # at once
ASSEZ = {"soutien": 30, "publiee": 3}  # acknowledged before the process is killed
ATTENTE_MAX = 60  # seconds

PEUPLER = f"""{SESSIONS}
from comptes.models import Role, Utilisateur
from idees.models import Boite, Idee
from projets.models import Thematique
from reponses.models import Service
from timeline.etapes import franchir
theme = Thematique.objects.create(nom="Thème", slug="theme")
service = Service.objects.create(nom="S")
boite = Boite.objects.create(titre="B", slug="b", description="d", service=service, seuil_soutiens={VOISINS // 2})
auteur = Utilisateur.objects.create_user("a@essai.example", "Auteur Fictif")
mod = Utilisateur.objects.create_user("m@essai.example", "Modératrice Fictive")
Role.objects.create(personne=mod, role="moderatrice")
for n in range({IDEES} * 2):
    idee = Idee.objects.create(boite=boite, titre=f"Idée fictive {{n}}", texte="Une phrase assez longue.", thematique=theme, auteur=auteur)
    franchir(idee.soumettre, par=auteur)
    if n < {IDEES}: franchir(idee.publier, par=mod)
    print("idee" if n < {IDEES} else "attente", idee.pk)
print("mod", *sessions([mod]))
voisins = [Utilisateur.objects.create_user(f"v{{n}}@essai.example", f"Voisin Fictif {{n}}") for n in range({VOISINS})]
for cle in sessions(voisins): print("voisin", cle)
"""

CONSTATER = """
from collections import Counter
from idees.models import Idee, Soutien
from timeline.models import Entree
from django.contrib.sessions.models import Session
for s in Session.objects.all():
    print("session", s.session_key, s.get_decoded()["_auth_user_id"])
for i, p in Soutien.objects.values_list("idee_id", "personne_id"): print("soutien", i, p)
for i, e in Idee.objects.values_list("pk", "etat"): print("etat", i, e)
for i, n in Counter(Entree.objects.filter(type="idees.publier").values_list("cible_id", flat=True)).items(): print("publications", i, n)
"""


def _nombre(clients, genre) -> int:
    return sum(quoi[0] == genre for client in clients for quoi in list(client.acquis))


def test_rien_de_ce_qui_est_acquis_ne_se_perd(site, tmp_path, base):
    lignes = [ligne.split() for ligne in site.executer(PEUPLER).splitlines()]
    idees = [int(pk) for nom, pk in lignes if nom == "idee"]
    attente = [int(pk) for nom, pk in lignes if nom == "attente"]
    moderatrice = next(cle for nom, cle in lignes if nom == "mod")
    voisins = [cle for nom, cle in lignes if nom == "voisin"]
    soutiens = [(v, f"/idees/{i}/soutien/", {"action": "donner"}, ("soutien", v, i)) for i in idees for v in voisins]
    publications = [(moderatrice, f"/etapes/idees.idee/{i}/publier/", {}, ("publiee", i)) for i in attente]
    # Two clients press the same « Publier », the others support.
    listes = [publications, publications, *(soutiens[n :: CLIENTS - 2] for n in range(CLIENTS - 2))]
    site.demarrer()
    try:
        clients = [Client(site.port, gestes) for gestes in listes]
        for client in clients:
            client.start()
        limite = time.monotonic() + ATTENTE_MAX
        while time.monotonic() < limite and any(_nombre(clients, genre) < n for genre, n in ASSEZ.items()):
            time.sleep(0.05)
        assert any(client.is_alive() for client in clients), "everything was done before the blow"
        site.tuer()
        for client in clients:
            client.join(30)
        acquis = {quoi for client in clients for quoi in client.acquis}
        assert all(_nombre(clients, genre) >= n for genre, n in ASSEZ.items()), (
            "too little was acknowledged to test anything"
        )
        site.demarrer()
        site.gerer("tic")
        constat = [ligne.split() for ligne in site.executer(CONSTATER).splitlines()]
    finally:
        site.tuer()
    qui = {ligne[1]: ligne[2] for ligne in constat if ligne[0] == "session"}
    presents = [(int(ligne[1]), ligne[2]) for ligne in constat if ligne[0] == "soutien"]
    etats = {int(ligne[1]): ligne[2] for ligne in constat if ligne[0] == "etat"}
    assert {(q[2], qui[q[1]]) for q in acquis if q[0] == "soutien"} <= set(presents)
    assert len(presents) == len(set(presents))
    assert all(etats[q[1]] in {"publiee", "en_etude"} for q in acquis if q[0] == "publiee")
    assert {ligne[2] for ligne in constat if ligne[0] == "publications"} == {"1"}
    # A study that the crash left unstarted has begun since: nobody waits for a threshold that was reached.
    par_idee = {i: sum(1 for j, _p in presents if j == i) for i in idees}
    assert all(etats[i] == "en_etude" for i, n in par_idee.items() if n >= VOISINS // 2)
    site.gerer("verifier_journal")
    if not base:
        with sqlite3.connect(tmp_path / "donnees" / "estuaire.sqlite3") as connexion:
            assert connexion.execute("PRAGMA integrity_check").fetchone() == ("ok",)
