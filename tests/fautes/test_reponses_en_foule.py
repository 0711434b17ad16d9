"""A thousand answers sent from twenty browsers at once, some of them twice: each counted once, none lost."""

import os
import threading

from tests.fautes.clients import Client
from tests.site_reel import SESSIONS

#: PostgreSQL, which writes for several people at once, counts in the same way: fewer of them show it.
REPONSES = 400 if os.environ.get("DATABASE_URL", "").startswith("postgres") else 1000
NAVIGATEURS = 20
DOUBLES = 10  # one in ten is sent by two tabs at the same time
PATIENCE = 120  # seconds that one answer may take: two shared cores

PEUPLER = f"""{SESSIONS}
import uuid
from datetime import timedelta
from django.utils import timezone
from comptes.models import Utilisateur
from consultations.models import Participation
from tests.consultations.fabriques import consultation, question, une_page
ouverte = consultation(une_page(question("q1"), question("q2")), titre="Foule")
hier = timezone.now() - timedelta(days=1)
gens = Utilisateur.objects.bulk_create([
    Utilisateur(email=f"v{{n}}@essai.example", pseudonyme=f"Voisin Fictif {{n}}", pseudonyme_cle=f"v{{n}}", password="!")
    for n in range({REPONSES})
])
Participation.objects.bulk_create([
    Participation(consultation=ouverte, version=ouverte.version, personne=p, cle=uuid.uuid4(), numero=10**8 + n, cree_le=hier,
                  brut={{"q1": ["ab"[n % 2]], "q2": ["a"]}})
    for n, p in enumerate(gens)
])
print(ouverte.slug)
print(*sessions(gens))
"""

CONSTATER = """
from django.db.models import Count
from consultations.models import Consultation, Donnee, Participation
from consultations.resultats import compter
print(Participation.objects.comptees().count(), Donnee.objects.count())
print(Donnee.objects.values("participation", "question").annotate(n=Count("pk")).filter(n__gt=1).count())
print(*[part.nombre for part in compter(Consultation.objects.get()).questions[0].parts])
"""


def test_mille_reponses_de_vingt_navigateurs(site):
    slug, *sessions = site.executer(PEUPLER).split()
    gestes = [(session, f"/consultations/{slug}/relire/", {}, (session,)) for session in sessions]
    depart = threading.Barrier(NAVIGATEURS + 1)
    parts = [gestes[rang::NAVIGATEURS] for rang in range(NAVIGATEURS)]
    clients = [Client(site.port, part, depart=depart, patience=PATIENCE) for part in parts]
    clients.append(Client(site.port, gestes[::DOUBLES], depart=depart, patience=PATIENCE))
    site.demarrer()
    try:
        for client in clients:
            client.start()
        for client in clients:
            client.join(PATIENCE * 3)
        constat = site.executer(CONSTATER).split()
    finally:
        site.tuer()
    refus = [recu for client in clients for recu in client.recus if recu[0] != 302]
    assert refus == [], site.journal.read_text()[-3000:]
    assert sum(len(client.recus) for client in clients) == REPONSES + REPONSES // DOUBLES
    assert constat == [str(n) for n in (REPONSES, 2 * REPONSES, 0, REPONSES // 2, REPONSES // 2)]
    assert "Traceback" not in site.journal.read_text()
