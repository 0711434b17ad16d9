"""A vote under load: eight processes vote for the same thirty people at once; the server is killed while people vote."""

import sqlite3
import threading
import time

from tests.fautes.clients import SESSIONS, Client
from tests.site_reel import SiteReel

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

#: One process: waits for the signal, then votes once for everybody, each process in its own order.
VOTER = """
import time
from pathlib import Path
from comptes.models import Utilisateur
from votes.models import Scrutin
from votes.voter import voter
ouvert = Scrutin.objects.select_related("etape__projet").get()
enveloppe = ouvert.enveloppes.get()
gens = list(Utilisateur.objects.filter(email__startswith="v").order_by("pk"))
Path("{dossier}/pret-{rang}").touch()
while not Path("{dossier}/partez").exists(): time.sleep(0.01)
for personne in gens[{rang}:] + gens[:{rang}]:
    voter(ouvert, par=personne, enveloppe=enveloppe, notes={{"p{option}": 1}}, empreinte=ouvert.empreinte)
print("fait", len(gens))
"""

CONSTATER = """
from votes.models import Bulletin, Emargement
print(Emargement.objects.count(), Emargement.objects.values("personne").distinct().count(), Bulletin.objects.count())
"""


def test_huit_processus_votent_pour_les_memes_trente_personnes(tmp_path, base, site):
    site.executer(PEUPLER.format(nombre=GENS))
    recus: list[str] = []

    def lancer(rang):
        """A shell of its own, over the same database."""
        processus = SiteReel(tmp_path, base=base)
        try:
            recus.append(processus.executer(VOTER.format(dossier=tmp_path, rang=rang, option=rang % 3 + 1)).strip())
        except AssertionError as erreur:
            recus.append(str(erreur))
        finally:
            processus.arreter()

    fils = [threading.Thread(target=lancer, args=(rang,)) for rang in range(PROCESSUS)]
    for fil in fils:
        fil.start()
    limite = time.monotonic() + ATTENTE_MAX * 2
    while len(list(tmp_path.glob("pret-*"))) < PROCESSUS and time.monotonic() < limite:
        time.sleep(0.05)
    (tmp_path / "partez").touch()
    for fil in fils:
        fil.join(ATTENTE_MAX * 2)
    assert recus == [f"fait {GENS}"] * PROCESSUS
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
