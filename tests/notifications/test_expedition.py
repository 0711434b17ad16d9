"""Mails leave in order, once, through servers that fail and come back."""

import smtplib
import socketserver
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from notifications import expedition
from notifications.expedition import attente, envoyer, purger
from notifications.models import Courriel
from notifications.tasks import envoyer_courriels
from tests.fabriques import PersonneFabrique

ACCES, NOUVELLE = Courriel.Priorite.ACCES, Courriel.Priorite.NOUVELLE


def courriel(destinataire="a@exemple.fr", **champs):
    return Courriel.objects.create(destinataire=destinataire, **{"objet": "Bonjour", "texte": "Texte.\n", **champs})


class Capricieux(BaseEmailBackend):
    """A server whose moods are written: what `open` and each sending raise, in order; None when it goes well."""

    portes: list = []
    envois: list = []
    recus: list = []

    def open(self):
        if erreur := self.portes.pop(0) if self.portes else None:
            raise erreur
        return True

    def send_messages(self, messages):
        if erreur := self.envois.pop(0) if self.envois else None:
            raise erreur
        self.recus.extend(message.message() for message in messages)
        return len(messages)


@pytest.fixture
def serveur(settings, db):
    settings.COURRIEL_TRANSPORT = f"{__name__}.Capricieux"
    Capricieux.portes, Capricieux.envois, Capricieux.recus = [], [], []
    return Capricieux


def plus_tard():
    Courriel.objects.filter(etat="en_attente").update(prochain_essai_le=timezone.now() - timedelta(seconds=1))


def test_ce_qui_ouvre_un_compte_part_d_abord(serveur):
    for n in range(3):
        courriel(f"nouvelle{n}@exemple.fr")
    courriel("acces@exemple.fr", priorite=ACCES)
    assert envoyer() == 4
    assert [m["To"] for m in serveur.recus] == ["acces@exemple.fr", *(f"nouvelle{n}@exemple.fr" for n in range(3))]


def test_un_acces_ecrit_pendant_l_envoi_double_les_nouvelles(serveur, monkeypatch):
    for n in range(3):
        courriel(f"nouvelle{n}@exemple.fr")
    vrai = expedition._remettre

    def remettre(ligne, connexion):
        if ligne.destinataire == "nouvelle0@exemple.fr":
            courriel("acces@exemple.fr", priorite=ACCES)
        return vrai(ligne, connexion)

    monkeypatch.setattr(expedition, "_remettre", remettre)
    envoyer()
    assert [m["To"] for m in serveur.recus][:2] == ["nouvelle0@exemple.fr", "acces@exemple.fr"]


def test_le_serveur_est_parti_puis_revient(serveur):
    """An hour without a server costs no mail one of its tries."""
    courriel()
    for _battement in range(200):
        serveur.portes = [ConnectionRefusedError()]
        assert envoyer() == 0
    ligne = Courriel.objects.get()
    assert (ligne.etat, ligne.essais) == ("en_attente", 0)
    assert envoyer() == 1
    assert len(serveur.recus) == 1


def test_essais_de_plus_en_plus_espaces_puis_abandon(serveur):
    courriel()
    for essai in range(1, Courriel.ESSAIS_MAX + 1):
        serveur.envois = [smtplib.SMTPDataError(451, b"plus tard")]
        avant = timezone.now()
        assert envoyer() == 0
        ligne = Courriel.objects.get()
        assert ligne.essais == essai
        assert "451" in ligne.derniere_erreur
        if essai < Courriel.ESSAIS_MAX:
            assert ligne.etat == "en_attente"
            assert attente(essai) <= ligne.prochain_essai_le - avant <= attente(essai) + timedelta(seconds=5)
            assert envoyer() == 0, "not before its time"
            plus_tard()
    assert ligne.etat == "abandonne"
    assert [attente(n).total_seconds() / 60 for n in range(1, 8)] == [1, 4, 16, 64, 256, 1024, 1440]
    plus_tard()
    assert envoyer() == 0
    assert serveur.recus == []


def test_un_echec_puis_ca_passe(serveur):
    courriel()
    serveur.envois = [smtplib.SMTPServerDisconnected("parti")]
    assert envoyer() == 0
    plus_tard()
    assert envoyer() == 1
    ligne = Courriel.objects.get()
    assert (ligne.etat, ligne.essais, ligne.derniere_erreur) == ("envoye", 2, "")
    assert ligne.envoye_le is not None


def test_une_adresse_qui_n_existe_pas_n_est_pas_ressayee(serveur):
    courriel("personne@exemple.fr")
    courriel("b@exemple.fr")
    serveur.envois = [smtplib.SMTPRecipientsRefused({"personne@exemple.fr": (550, b"inconnue")})]
    assert envoyer() == 1
    assert Courriel.objects.get(destinataire="personne@exemple.fr").etat == "abandonne"


def test_une_liste_grise_est_ressayee(serveur):
    courriel()
    serveur.envois = [smtplib.SMTPRecipientsRefused({"a@exemple.fr": (450, b"revenez")})]
    envoyer()
    assert Courriel.objects.get().etat == "en_attente"


def test_un_courriel_malade_n_arrete_pas_les_autres(serveur):
    courriel("malade@exemple.fr")
    courriel("b@exemple.fr")
    serveur.envois = [UnicodeError("illisible")]
    assert envoyer() == 1
    assert [m["To"] for m in serveur.recus] == ["b@exemple.fr"]


def test_tue_pendant_l_envoi(serveur, monkeypatch):
    """Killed after the server said yes: it leaves again once the lease is over, under the same Message-ID."""
    courriel()

    class Mort(BaseException):
        pass

    def mourir(ligne):
        raise Mort

    with monkeypatch.context() as blessure:
        blessure.setattr(expedition, "_noter_l_envoi", mourir)
        with pytest.raises(Mort):
            envoyer()
    assert envoyer() == 0, "the lease protects it from the next worker"
    Courriel.objects.update(prochain_essai_le=timezone.now() - timedelta(seconds=1))
    assert envoyer() == 1
    premier, second = serveur.recus
    assert premier["Message-ID"] == second["Message-ID"]


def test_un_courriel_qui_tue_son_ouvrier_est_abandonne(serveur):
    courriel(essais=Courriel.ESSAIS_MAX)
    courriel("b@exemple.fr")
    assert envoyer() == 1
    assert Courriel.objects.get(destinataire="a@exemple.fr").etat == "abandonne"


def test_les_entetes(serveur, settings):
    ligne = courriel(html="<p>Texte.</p>", entetes={"List-Unsubscribe": "<http://127.0.0.1:8000/x/>"})
    envoyer()
    (message,) = serveur.recus
    assert message["Message-ID"].startswith(f"<courriel.{ligne.pk}.")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<http://127.0.0.1:8000/x/>"
    assert message["From"] == settings.DEFAULT_FROM_EMAIL
    parties = [partie.get_content_type() for partie in message.walk()]
    assert parties == ["multipart/alternative", "text/plain", "text/html"]


def test_un_compte_ferme_ne_recoit_plus_rien(serveur):
    courriel(personne=PersonneFabrique(is_active=False))
    courriel("b@exemple.fr", personne=PersonneFabrique())
    assert envoyer() == 1
    assert Courriel.objects.get(destinataire="a@exemple.fr").etat == "abandonne"


def test_un_appel_est_borne_et_passe_la_main(serveur, monkeypatch):
    for n in range(3):
        courriel(f"n{n}@exemple.fr")
    horloge = iter(range(0, 1000, 10))
    monkeypatch.setattr(expedition.time, "monotonic", lambda: next(horloge))
    reveils = []
    monkeypatch.setattr("notifications.tasks.reveiller", lambda tache, *a: reveils.append(tache))
    envoyer_courriels.call()
    assert 0 < len(serveur.recus) < 3
    assert reveils == [envoyer_courriels]


def test_sans_serveur_la_ligne_est_le_courriel(db, settings):
    settings.COURRIEL_TRANSPORT = ""
    courriel()
    courriel("b@exemple.fr", personne=PersonneFabrique(is_active=False))
    assert envoyer() == 1
    assert Courriel.objects.get(etat="envoye").envoye_le is not None
    assert mail.outbox == []


@pytest.mark.parametrize(("lisibles", "reste"), [(True, "Texte.\n"), (False, "")])
def test_un_lien_d_acces_parti_ne_reste_pas_ici(serveur, settings, lisibles, reste):
    settings.COURRIELS_LISIBLES = lisibles
    courriel("acces@exemple.fr", priorite=ACCES)
    courriel("nouvelle@exemple.fr")
    envoyer()
    assert Courriel.objects.get(destinataire="acces@exemple.fr").texte == reste
    assert Courriel.objects.get(destinataire="nouvelle@exemple.fr").texte == "Texte.\n"


def test_rien_ne_reste_apres_trente_jours(serveur):
    vieux = timezone.now() - timedelta(days=31)
    courriel("parti@exemple.fr", cree_le=vieux, etat="envoye", envoye_le=vieux)
    courriel("abandonne@exemple.fr", cree_le=vieux, etat="abandonne")
    courriel("attend@exemple.fr", cree_le=vieux)
    courriel("recent@exemple.fr", etat="envoye", envoye_le=timezone.now())
    assert purger() == 2
    assert set(Courriel.objects.values_list("destinataire", flat=True)) == {"attend@exemple.fr", "recent@exemple.fr"}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_quatre_ouvriers_cinquante_courriels_chacun_une_fois(settings):
    from django.db import connection

    settings.COURRIEL_TRANSPORT = f"{__name__}.Capricieux"
    Capricieux.portes, Capricieux.envois, Capricieux.recus = [], [], []
    for n in range(50):
        courriel(f"n{n}@exemple.fr")

    def travailler():
        envoyer()
        connection.close()

    fils = [threading.Thread(target=travailler) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(30)
    assert sorted(m["To"] for m in Capricieux.recus) == sorted(f"n{n}@exemple.fr" for n in range(50))


# --- A real conversation -----------------------------------------------------------------------------------------


class Guichet(socketserver.StreamRequestHandler):
    """Enough of SMTP for one sender. The first `server.refus` mails are answered « later »."""

    def handle(self):
        self.dire(220, "bonjour")
        while ligne := self.rfile.readline().decode().strip():
            verbe = ligne.split(":")[0].split(" ")[0].upper()
            if verbe == "DATA":
                self.dire(354, "dites")
                self.recevoir()
            elif verbe == "QUIT":
                self.dire(221, "au revoir")
                break
            else:
                self.dire(250, "bien")

    def recevoir(self):
        lignes = []
        while (ligne := self.rfile.readline()) != b".\r\n":
            lignes.append(ligne)
        if self.server.refus:
            self.server.refus -= 1
            self.dire(451, "revenez plus tard")
        else:
            self.server.recus.append(b"".join(lignes).decode())
            self.dire(250, "pris")

    def dire(self, code, texte):
        self.wfile.write(f"{code} {texte}\r\n".encode())


@contextmanager
def bureau_de_poste(refus=0):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Guichet) as bureau:
        bureau.daemon_threads = True
        bureau.refus, bureau.recus = refus, []
        threading.Thread(target=bureau.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield bureau
        finally:
            bureau.shutdown()


def test_une_vraie_conversation_smtp(db, settings):
    settings.COURRIEL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 5
    for n in range(3):
        courriel(f"n{n}@exemple.fr", objet="Votre idée est publiée", html="<p>Texte.</p>")
    with bureau_de_poste() as parti:
        settings.EMAIL_PORT = parti.server_address[1]
    assert envoyer() == 0, "the post office is closed"

    with bureau_de_poste(refus=1) as bureau:
        settings.EMAIL_PORT = bureau.server_address[1]
        assert envoyer() == 2
        plus_tard()
        assert envoyer() == 1
        assert len(bureau.recus) == 3
    assert "Subject: =?utf-8?" in bureau.recus[0]
    assert len({ligne for recu in bureau.recus for ligne in recu.splitlines() if ligne.startswith("Message-ID:")}) == 3
