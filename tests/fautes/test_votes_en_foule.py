"""A vote under load: eight processes vote for the same thirty people at once; the server is killed while people vote."""

import sqlite3
import time

from tests.fautes.clients import Client
from tests.site_reel import SESSIONS

PROCESSUS, GENS = 8, 30
VOTANTES, CLIENTS, ASSEZ = 150, 6, 30  # acknowledged before the process is killed
ATTENTE_MAX = 90  # seconds

PEUPLER = """
from comptes.models import Utilisateur
from tests.votes.parcours_http import ouvert_maintenant
ouvert = ouvert_maintenant(regle="approbation", forme="approbation")
gens = []
for n in range({nombre}):
    p = Utilisateur.objects.create_user(f"v{{n}}@essai.example", f"Votante Fictive {{n}}")
    p.emailaddress_set.create(email=p.email, verified=True, primary=True)
    gens.append(p)
"""

#: The shell of the site forks, once it has read the house: a process that votes costs nothing but its votes. Each has its
#: own connection, waits for the others, then votes once for everybody, in its own order.
VOTER = f"""
import multiprocessing, traceback
from django.db import connection, connections
from comptes.models import Utilisateur
from votes.models import Scrutin
from votes.voter import voter
fourche = multiprocessing.get_context("fork")
depart, dits = fourche.Barrier({PROCESSUS}), fourche.Queue()

def voter_pour_toutes(rang):
    try:
        ouvert = Scrutin.objects.select_related("etape__projet").get()
        enveloppe = ouvert.enveloppes.get()
        gens = list(Utilisateur.objects.filter(email__startswith="v").order_by("pk"))
        depart.wait({ATTENTE_MAX})
        for personne in gens[rang:] + gens[:rang]:
            voter(ouvert, par=personne, enveloppe=enveloppe, notes={{f"p{{rang % 3 + 1}}": 1}}, empreinte=ouvert.empreinte)
        dits.put(f"fait {{len(gens)}}")
    except BaseException:
        dits.put(traceback.format_exc())

connections.close_all()
if connection.vendor == "postgresql":
    connection.close_pool()  # no more than a connection does it survive a fork
processus = [fourche.Process(target=voter_pour_toutes, args=(rang,)) for rang in range({PROCESSUS})]
for p in processus: p.start()
for _ in processus: print(dits.get(timeout={ATTENTE_MAX}))
for p in processus: p.join({ATTENTE_MAX})
"""

CONSTATER = """
from votes.models import Bulletin, Emargement
print(Emargement.objects.count(), Emargement.objects.values("personne").distinct().count(), Bulletin.objects.count())
"""


def test_huit_processus_votent_pour_les_memes_trente_personnes(site):
    site.executer(PEUPLER.format(nombre=GENS))
    assert site.executer(VOTER).splitlines() == [f"fait {GENS}"] * PROCESSUS
    assert site.executer(CONSTATER).split() == [str(GENS)] * 3


TUER = f"""{SESSIONS}{PEUPLER.format(nombre=VOTANTES)}
print(ouvert.slug, ouvert.enveloppes.get().pk, ouvert.empreinte)
for p, cle in zip(gens, sessions(gens)): print(cle, p.pk)
"""
APRES = """
from votes.models import Bulletin
for b in Bulletin.objects.select_related("emargement"): print(b.emargement.personne_id, *sorted(b.notes))
"""


def test_un_vote_acquis_survit_a_la_mort_du_serveur(tmp_path, base, site):
    (slug, enveloppe, empreinte), *sessions = [ligne.split() for ligne in site.executer(TUER).splitlines()]
    qui = dict(sessions)
    gestes = [
        (session, f"/votes/{slug}/voter/{enveloppe}/", {"geste": "voter", "choix": f"p{n % 3 + 1}", "empreinte": empreinte, "vu": ""},
         (session, f"p{n % 3 + 1}"))
        for n, (session, _pk) in enumerate(sessions)
    ]  # fmt: skip
    # The first client is sent twice over, as by two tabs.
    listes = [gestes[n::CLIENTS] for n in range(CLIENTS)]
    clients = [Client(site.port, liste) for liste in [*listes, listes[0]]]
    site.demarrer()
    for client in clients:
        client.start()
    limite = time.monotonic() + ATTENTE_MAX
    while time.monotonic() < limite and sum(len(client.acquis) for client in clients) < ASSEZ:
        time.sleep(0.02)
    assert any(client.is_alive() for client in clients), "everything was done before the blow"
    site.tuer()
    for client in clients:
        client.join(30)
    acquis = {quoi for client in clients for quoi in client.acquis}
    assert len(acquis) >= ASSEZ // 2, "too little was acknowledged to test anything"
    site.demarrer()
    gardes = [ligne.split() for ligne in site.executer(APRES).splitlines()]
    # Whoever does not know whether her vote counted sends it again: one ballot all the same.
    reprise = Client(site.port, gestes)
    reprise.run()
    tous = [ligne.split() for ligne in site.executer(APRES).splitlines()]
    site.tuer()
    assert {(qui[session], option) for session, option in acquis} <= {(pk, option) for pk, option in gardes}
    assert {statut for statut, _quoi in reprise.recus} == {302}
    assert len(tous) == len({pk for pk, _option in tous}) == VOTANTES
    site.gerer("verifier_journal")
    if not base:
        with sqlite3.connect(tmp_path / "donnees" / "estuaire.sqlite3") as connexion:
            assert connexion.execute("PRAGMA integrity_check").fetchone() == ("ok",)
