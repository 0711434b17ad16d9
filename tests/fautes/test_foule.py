"""A crowd on one idea, through the real server: every support counted once, nobody sees an error page."""

import threading

from tests.fautes.clients import Client
from tests.site_reel import SESSIONS

FOULE = 200  # people at once
SEUIL = 100
INDECISES = 3  # one in three takes her support back for good
ACHARNES, FOIS = 6, 8  # people who press « Je soutiens » eight times at once
PATIENCE = 120  # seconds that one answer may take: two shared cores

PEUPLER = f"""{SESSIONS}
from comptes.models import Role, Utilisateur
from idees.models import Boite, Idee
from projets.models import Thematique
from reponses.models import Service
from timeline.etapes import franchir
theme = Thematique.objects.create(nom="Thème", slug="theme")
boite = Boite.objects.create(
    titre="B", slug="b", description="d", service=Service.objects.create(nom="S"), seuil_soutiens={SEUIL}, moderation="apres"
)
auteur = Utilisateur.objects.create_user("a@essai.example", "Auteur Fictif")
for n in range(2):
    idee = Idee.objects.create(boite=boite, titre=f"Idée fictive {{n}}", texte="Une phrase assez longue.", thematique=theme, auteur=auteur)
    franchir(idee.soumettre, par=auteur)
    print("idee", idee.pk)
gens = [Utilisateur.objects.create_user(f"v{{n}}@essai.example", f"Voisin Fictif {{n}}") for n in range({FOULE})]
for p, cle in zip(gens, sessions(gens)): print("voisin", cle, p.pk)
"""

CONSTATER = """
from idees.models import Idee, Soutien
from reponses.models import Echeance
from timeline.models import Entree
for i, p in Soutien.objects.values_list("idee_id", "personne_id"): print("soutien", i, p)
for i, e in Idee.objects.values_list("pk", "etat"): print("etat", i, e)
for i in Entree.objects.filter(type="idees.atteindre_seuil").values_list("cible_id", flat=True): print("etude", i)
for i in Echeance.objects.values_list("cible_id", flat=True): print("horloge", i)
"""


def _gestes(session, idee, *actions):
    return [(session, f"/idees/{idee}/soutien/", {"action": action}, (action,)) for action in actions]


def test_une_foule_soutient_et_se_ravise_a_la_fois(site):
    lignes = [ligne.split() for ligne in site.executer(PEUPLER).splitlines()]
    populaire, disputee = (int(ligne[1]) for ligne in lignes if ligne[0] == "idee")
    gens = [(ligne[1], int(ligne[2])) for ligne in lignes if ligne[0] == "voisin"]
    depart = threading.Barrier(FOULE + ACHARNES * FOIS)
    clients = []
    for rang, (session, _pk) in enumerate(gens):
        fin = ["reprendre"] if rang % INDECISES == 0 else ["reprendre", "donner"]
        clients.append(Client(site.port, _gestes(session, populaire, "donner", *fin), depart=depart, patience=PATIENCE))
    for session, _pk in gens[:ACHARNES]:
        clients += [
            Client(site.port, _gestes(session, disputee, "donner"), depart=depart, patience=PATIENCE)
            for _ in range(FOIS)
        ]
    site.demarrer()
    try:
        for client in clients:
            client.start()
        for client in clients:
            client.join(PATIENCE)
        constat = [ligne.split() for ligne in site.executer(CONSTATER).splitlines()]
    finally:
        site.tuer()
    refus = [recu for client in clients for recu in client.recus if recu[0] != 302]
    assert refus == [], site.journal.read_text()[-3000:]
    assert sum(len(client.recus) for client in clients) == sum(len(client.gestes) for client in clients)
    soutiens = [(int(ligne[1]), int(ligne[2])) for ligne in constat if ligne[0] == "soutien"]
    fideles = [pk for rang, (_session, pk) in enumerate(gens) if rang % INDECISES]
    assert sorted(pk for idee, pk in soutiens if idee == populaire) == fideles
    assert sorted(pk for idee, pk in soutiens if idee == disputee) == [pk for _session, pk in gens[:ACHARNES]]
    etats = {int(ligne[1]): ligne[2] for ligne in constat if ligne[0] == "etat"}
    assert etats == {populaire: "en_etude", disputee: "publiee"}
    for chose in ("etude", "horloge"):
        assert [int(ligne[1]) for ligne in constat if ligne[0] == chose] == [populaire]
    assert "Traceback" not in site.journal.read_text()
    site.gerer("verifier_journal")
