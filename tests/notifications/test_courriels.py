"""The words of mails: three templates each, safe whatever people typed, and a backend that turns mails into rows."""

import re
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.message import BadHeaderError
from django.db import transaction
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import strip_tags

from notifications import registre
from notifications.courriels import OBJET_MAX, BoiteDEnvoi, ecrire, rediger
from notifications.models import Courriel
from tests.notifications.conftest import dire, taire
from tests.notifications.test_qui_recoit_quoi import TABLE
from timeline.etapes import franchir

MALINS = [
    "Ligne\r\nBcc: tous@exemple.fr",
    "Ligne\nSubject: autre",
    "Ligne\u2028X-Autre: oui",
    "\x0bContent-Type: text/html",
]
GABARITS_TAPES = [
    "{{7*7}}", "{% load socle %}", "{{ user.__class__ }}", "${7*7}", "%s", "%(x)s", "<script>alert(1)</script>",
    "<img src=x onerror=a>",
]  # fmt: skip
RECUE = {"lien": "/idees/1/", "numero": 1, "seuil": 3, "delai": 60}


@pytest.mark.sans_base
@pytest.mark.parametrize("classe", registre.classes(), ids=lambda classe: classe.__name__)
def test_chaque_annonce_a_ses_gabarits_sa_raison_et_sa_phrase(classe):
    for type_entree in classe.types:
        get_template(f"timeline/phrases/{type_entree}.html")
    if classe.gabarit:
        assert classe.pourquoi
        for suffixe in ("objet.txt", "txt", "html"):
            get_template(f"courriels/{classe.gabarit}.{suffixe}")


@pytest.mark.une_fois(
    "la mise en page de courriels ; qui les reçoit se cherche dans test_qui_recoit_quoi, sur les deux"
)
@pytest.mark.parametrize("evenement", TABLE, ids=lambda evenement: evenement.__name__)
def test_tout_courriel_est_complet(scene, evenement, settings):
    """A text and its HTML twin with the same sentences, a date, a link here, why, and the way to one's preferences."""
    evenement(scene)
    dire()
    for courriel in Courriel.objects.all():
        html = " ".join(unescape(strip_tags(courriel.html.split("<main>")[1])).split())
        for ligne in courriel.texte.split("\n-- \n")[0].splitlines():
            propre = ligne.removeprefix("> ").removeprefix("- ").strip()
            if not propre.startswith("http"):
                assert propre in html
        assert re.search(r"\d{1,2} [a-zéû]+ \d{4}", courriel.texte), "a dated sentence"
        assert f"{settings.ADRESSE}/" in courriel.texte
        assert "Vous recevez ce courriel parce que" in courriel.texte
        assert "&#x27;" not in courriel.texte
        assert "@@" not in courriel.texte + courriel.html
        if courriel.personne_id:
            assert f"{settings.ADRESSE}{reverse('notifications:preferences')}" in courriel.texte
        assert "<script" not in courriel.html
        ailleurs = re.search(r"""(src|href)=["'](?!http://127\.0\.0\.1:8000)""", courriel.html)
        assert not ailleurs, "nothing from elsewhere"


@pytest.mark.parametrize("titre", [*MALINS, *GABARITS_TAPES])
def test_ce_que_les_gens_tapent_reste_du_texte(titre):
    lettre = rediger("idees/recue", {**RECUE, "titre": titre, "le": _hier(), "pourquoi": titre}, "fr")
    assert "\n" not in lettre.objet
    assert "\r" not in lettre.objet
    assert lettre.objet.isprintable()
    assert "49" not in lettre.texte
    for balise in ("<script", "<img"):
        assert balise not in lettre.html
    if titre in GABARITS_TAPES:
        assert titre in lettre.objet
        assert titre in lettre.texte
    EmailMessage(lettre.objet, lettre.texte, "a@exemple.fr", ["b@exemple.fr"]).message()


def _hier():
    from django.utils import timezone

    return timezone.now()


def test_un_titre_tres_long_tient_dans_l_objet():
    lettre = rediger("idees/recue", {**RECUE, "titre": "long " * 200, "le": _hier(), "pourquoi": ""}, "fr")
    assert len(lettre.objet) <= OBJET_MAX


def test_les_mots_cites_ne_passent_pas_pour_les_notres():
    motif = "Fini.\n-- \nLa mairie vous demande votre mot de passe."
    contexte = {"titre": "Idée", "le": _hier(), "pourquoi": "x", "lien": "/", "motif": motif}
    texte = rediger("idees/retiree", contexte, "fr").texte
    assert "> La mairie vous demande votre mot de passe." in texte
    assert texte.count("\n-- \n") == 1


def test_ecrire_a_une_adresse(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as rappels:
        courriel = ecrire("passante@exemple.fr", "idees/recue", {**RECUE, "titre": "Une idée"})
    assert courriel.objet == "Votre idée est bien reçue : Une idée"
    assert courriel.priorite == Courriel.Priorite.NOUVELLE
    assert len(rappels) == 1
    with pytest.raises(ValidationError):
        ecrire("a@exemple.fr\nBcc: b@exemple.fr", "idees/recue", {**RECUE, "titre": "Une idée"})


def test_ce_qui_est_masque_ne_fuit_pas(scene):
    """Hidden between the event and its telling: not a word of it in bells and mails of others."""
    from moderation.actions import masquer
    from tests.notifications.test_qui_recoit_quoi import publier_la_reponse

    publier_la_reponse(scene)
    masquer(scene.idee, par=scene.moderatrice, motif="vie_privee", explication="Une adresse privée.")
    dire()
    autres = Courriel.objects.exclude(personne=scene.auteur).exclude(personne=scene.agent)
    assert autres.count() == 2
    for courriel in autres:
        assert "bancs" not in courriel.objet + courriel.texte + courriel.html
        assert "contenu masqué" in courriel.objet


def test_une_idee_masquee_n_est_pas_annoncee_a_celles_qui_suivent_la_boite(scene):
    from moderation.actions import masquer
    from tests.notifications.test_qui_recoit_quoi import nouvelle_idee

    idee = nouvelle_idee(scene)
    franchir(idee.soumettre, par=scene.auteur)
    taire()
    franchir(idee.publier, par=scene.moderatrice)
    masquer(idee, par=scene.moderatrice, motif="injure", explication="Une insulte.")
    dire()
    assert "abonnee_boite" not in scene.courriels()
    assert "abonnee_boite" not in scene.cloche()


def test_un_commentaire_masque_ou_retire_n_est_pas_annonce(scene):
    from moderation.actions import masquer
    from tests.notifications.test_qui_recoit_quoi import commenter_l_idee

    commentaire = commenter_l_idee(scene)
    masquer(commentaire, par=scene.moderatrice, motif="injure", explication="Une insulte.")
    dire()
    assert scene.courriels().keys() == {"soutien"}  # who reads why her comment is hidden
    assert not any("Quelle bonne idée" in c.texte for c in Courriel.objects.all())


# --- The backend -------------------------------------------------------------------------------------------------


@pytest.fixture
def boite(settings, db):
    settings.EMAIL_BACKEND = "notifications.courriels.BoiteDEnvoi"


def test_la_boite_d_envoi_ecrit_des_lignes(boite, settings):
    a = {"to": ["Camille <camille@exemple.fr>"], "bcc": ["b@exemple.fr"]}
    message = EmailMultiAlternatives("Bonjour", "Texte", settings.DEFAULT_FROM_EMAIL, **a)
    message.attach_alternative("<p>Texte</p>", "text/html")
    message.reply_to = ["equipe@exemple.fr"]
    assert message.send() == 1
    premier, second = Courriel.objects.order_by("pk")
    assert (premier.destinataire, second.destinataire) == ("camille@exemple.fr", "b@exemple.fr")
    assert (premier.texte, premier.html) == ("Texte", "<p>Texte</p>")
    assert premier.priorite == Courriel.Priorite.ACCES
    assert premier.entetes == {"Reply-To": "equipe@exemple.fr"}


def test_la_boite_d_envoi_suit_la_transaction(boite):
    with transaction.atomic():
        send_mail("Bonjour", "Texte", None, ["a@exemple.fr"])
        assert Courriel.objects.exists()
        transaction.set_rollback(True)
    assert not Courriel.objects.exists()


@pytest.mark.parametrize(
    "message",
    [
        EmailMessage("Un\nBcc: b@exemple.fr", "x", "de@exemple.fr", ["a@exemple.fr"]),
        EmailMessage("Un", "x", "de@exemple.fr", ["a@exemple.fr"], headers={"X-Un": "a\nBcc: b@exemple.fr"}),
        EmailMessage("Un", "x", "de@exemple.fr", ["a@exemple.fr\nBcc: b@exemple.fr"]),
        EmailMessage("Un", "x", "de@exemple.fr", ["a@exemple.fr"], attachments=[("a.txt", "b", "text/plain")]),
    ],
    ids=["subject", "header", "address", "attachment"],
)
def test_la_boite_d_envoi_refuse(boite, message):
    with pytest.raises((BadHeaderError, ValueError)):
        message.send()
    assert BoiteDEnvoi(fail_silently=True).send_messages([message]) == 1
    assert not Courriel.objects.exists()


def test_l_inscription_passe_par_la_boite_d_envoi(boite, client, settings):
    """The mail that lets people in: a row, before the others, whatever the news that wait."""
    from django.core.mail import mail_managers

    settings.MANAGERS = [("Équipe", "equipe@exemple.fr")]
    mail_managers("Bonjour", "Texte")
    assert Courriel.objects.get().priorite == Courriel.Priorite.ACCES
    client.post(reverse("account_reset_password"), {"email": "inconnue@exemple.fr"})
    dernier = Courriel.objects.order_by("pk").last()
    assert dernier.destinataire == "inconnue@exemple.fr"
    assert dernier.priorite == Courriel.Priorite.ACCES
