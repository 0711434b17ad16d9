"""The bell page, preferences, « Suivre », and the mails of the embedded profile."""

import pytest
from django.core import signing
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from moderation.actions import masquer
from notifications.abonnements import abonner, suit
from notifications.contexte import cloche
from notifications.courriels import SEL, lire_chose, lire_jeton
from notifications.models import Abonnement, Courriel, Genre, Notification, Preference
from socle.permissions import SYSTEME
from tests.fabriques import BoiteFabrique, EtapeFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique
from tests.notifications.conftest import dire
from tests.requetes import requetes
from timeline.etapes import franchir
from timeline.models import Entree

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def notifiee(scene, client):
    franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
    dire()
    client.force_login(scene.auteur)
    return Notification.objects.get(personne=scene.auteur)


# --- The bell ----------------------------------------------------------------------------------------------------


def test_il_faut_etre_connecte(client, notifiee):
    client.logout()
    for nom, args in (("liste", []), ("tout_lire", []), ("ouvrir", [notifiee.pk]), ("preferences", [])):
        reponse = client.post(reverse(f"notifications:{nom}", args=args))
        assert reponse.status_code == 302
        assert reponse.url.startswith(reverse("account_login"))
    notifiee.refresh_from_db()
    assert notifiee.lue_le is None


def test_la_liste_dit_la_phrase_et_rien_de_celles_des_autres(client, notifiee, scene):
    reponse = client.get(reverse("notifications:liste"))
    assert reponse.status_code == 200
    assert "Des bancs à l’ombre" in reponse.content.decode()
    assert [n.pk for n in reponse.context["page"]] == [notifiee.pk]
    assert "no-store" in reponse["Cache-Control"]
    client.force_login(scene.etrangere)
    assert "Rien pour l’instant" in client.get(reverse("notifications:liste")).content.decode()


def test_lire_ne_change_rien(client, notifiee):
    client.get(reverse("notifications:liste"))
    assert client.get(reverse("notifications:ouvrir", args=[notifiee.pk])).status_code == 405
    assert client.get(reverse("notifications:tout_lire")).status_code == 405
    notifiee.refresh_from_db()
    assert notifiee.lue_le is None


def test_ouvrir_marque_et_mene(client, notifiee, scene):
    reponse = client.post(reverse("notifications:ouvrir", args=[notifiee.pk]))
    assert reponse.url == scene.idee.get_absolute_url()
    notifiee.refresh_from_db()
    premiere = notifiee.lue_le
    assert premiere is not None
    client.post(reverse("notifications:ouvrir", args=[notifiee.pk]))
    notifiee.refresh_from_db()
    assert notifiee.lue_le == premiere


def test_on_n_ouvre_pas_celle_d_une_autre(client, notifiee, scene):
    client.force_login(scene.etrangere)
    assert client.post(reverse("notifications:ouvrir", args=[notifiee.pk])).status_code == 404


def test_ce_qui_n_est_plus_visible_ne_dit_pas_ses_mots(client, notifiee, scene):
    from moderation.actions import masquer

    masquer(scene.idee, par=scene.moderatrice, motif="vie_privee", explication="Une adresse.")
    soutien = Notification.objects.get(personne=scene.soutien)
    client.force_login(scene.soutien)
    assert "bancs" not in client.get(reverse("notifications:liste")).content.decode()
    assert client.post(reverse("notifications:ouvrir", args=[soutien.pk])).url == reverse("notifications:liste")


def test_tout_marquer_comme_lu(client, notifiee, scene):
    client.post(reverse("notifications:tout_lire"))
    assert not Notification.objects.filter(personne=scene.auteur, lue_le__isnull=True).exists()
    assert Notification.objects.filter(personne=scene.soutien, lue_le__isnull=True).exists()


def test_la_cloche_compte_une_fois_et_seulement_si_on_la_montre(notifiee, scene):
    demande = RequestFactory().get("/")
    demande.user = scene.auteur
    assert not scene.auteur.est_agent  # every page asks for her roles before its bell
    with CaptureQueriesContext(connection) as requetes:
        contexte = cloche(demande)
    assert len(requetes) == 0
    with CaptureQueriesContext(connection) as requetes:
        assert contexte["nb_notifications"]() == 1
        assert contexte["nb_notifications"]() == 1
    assert len(requetes) == 1
    assert cloche(RequestFactory().get("/")) == {"nb_notifications": 0}


TYPES = [
    "idees.publier",
    "idees.prendre",
    "reponses.publier",
    "reponses.presenter",
    "commentaires.publier",
    "moderation.masquer",
    "moderation.signaler",
    "projets.annoncer",
    "projets.etape.ouvrir",
    "projets.actualite.publier",
]


def beaucoup_d_evenements():
    """One entry of each type above, and of everything that leads there."""
    from commentaires.actions import commenter
    from moderation.actions import masquer, signaler
    from projets.actions import publier_actualite

    moderatrice = PersonneFabrique(roles=["moderatrice"])
    IdeeFabrique(etat="retenue")
    discutee = IdeeFabrique(etat="publiee")
    commentaire = commenter(discutee, par=PersonneFabrique(), texte="Quelle bonne idée !")
    signaler(commentaire, par=PersonneFabrique(), motif="injure")
    masquer(commentaire, par=moderatrice, motif="injure", explication="Une insulte.")
    projet = ProjetFabrique(ouvert=True)
    franchir(EtapeFabrique(projet=projet).ouvrir, par=SYSTEME)
    publier_actualite(projet, par=projet.referente, titre="Premiers retours", texte="Merci.")


def test_autant_de_requetes_pour_une_de_chaque_que_pour_cinquante(client, moderatrice):
    """One of each type; then fifty, of things that are all others: each page has some of every type."""
    client.force_login(moderatrice)
    adresse = reverse("notifications:liste")

    def recevoir():
        beaucoup_d_evenements()
        recues = [Entree.objects.filter(type=nom).order_by("-pk")[0] for nom in TYPES]
        Notification.objects.bulk_create(Notification(personne=moderatrice, entree=entree) for entree in recues)

    recevoir()
    une = requetes(client, adresse)
    for _ in range(4):
        recevoir()
    assert [requetes(client, f"{adresse}?page={page}") for page in (1, 2, 3)] == [une] * 3
    assert client.get(adresse).context["page"].paginator.count == 50
    assert une <= 20


def test_la_liste_est_coupee_en_pages(client, scene, monkeypatch):
    monkeypatch.setattr("notifications.views.PAR_PAGE", 3)
    IdeeFabrique(boite=scene.idee.boite, etat="retenue")
    entrees = Entree.objects.order_by("pk")[:5]
    Notification.objects.bulk_create([Notification(personne=scene.etrangere, entree=entree) for entree in entrees])
    client.force_login(scene.etrangere)
    assert len(client.get(reverse("notifications:liste")).context["page"]) == 3
    assert len(client.get(reverse("notifications:liste"), {"page": 2}).context["page"]) == 2
    assert client.get(reverse("notifications:liste"), {"page": "zzz"}).status_code == 200


# --- Preferences -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qui", "genres"),
    [
        ("citoyenne", {"mes_contributions", "suivi"}),
        ("agent", {"mes_contributions", "suivi", "instruction"}),
        ("elue", {"mes_contributions", "suivi", "instruction"}),
        ("moderatrice", {"mes_contributions", "suivi", "moderation"}),
    ],
)
def test_on_ne_demande_que_ce_qui_concerne(client, request, qui, genres):
    personne = request.getfixturevalue(qui)
    client.force_login(personne)
    champ = client.get(reverse("notifications:preferences")).context["form"].fields["courriels"]
    assert {valeur for valeur, _libelle in champ.choices} == genres


def test_choisir_ses_courriels(client, citoyenne):
    client.force_login(citoyenne)
    page = reverse("notifications:preferences")
    assert client.post(page, {"courriels": ["suivi"]}).url == page
    assert dict(Preference.objects.values_list("genre", "par_courriel")) == {"mes_contributions": False, "suivi": True}
    assert client.get(page).context["form"].initial["courriels"] == ["suivi"]
    client.post(page, {})
    client.post(page, {"courriels": ["mes_contributions", "suivi"]})
    assert set(Preference.objects.values_list("par_courriel", flat=True)) == {True}
    assert Preference.objects.count() == 2


def test_un_choix_invente_est_refuse(client, citoyenne):
    client.force_login(citoyenne)
    reponse = client.post(reverse("notifications:preferences"), {"courriels": ["suivi", "moderation"]})
    assert reponse.status_code == 422
    assert "Ce choix n’existe pas." in reponse.content.decode()
    assert not Preference.objects.exists()


@pytest.fixture
def lien(notifiee, scene):
    """The address in the mail of the supporter."""
    entete = Courriel.objects.get(personne=scene.soutien).entetes["List-Unsubscribe"]
    return entete.strip("<>").removeprefix("http://127.0.0.1:8000")


def test_arreter_depuis_le_courriel_sans_se_connecter(client, lien, scene):
    client.logout()
    assert "Ne plus les recevoir" in client.get(lien).content.decode()
    assert not Preference.objects.exists()
    # What a mail program posts for its reader, without a cookie.
    programme = type(client)(enforce_csrf_checks=True)
    assert programme.post(lien, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert programme.post(lien, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get().genre == Genre.SUIVI
    assert Preference.objects.get().personne == scene.soutien


@pytest.mark.parametrize("faux", ["abc", "WzEsInN1aXZpIl0:1xUcc2:sSXEdZpBHhNCIWQawkX4J", "..%2F"])
def test_un_lien_invente_ne_fait_rien(client, db, faux):
    assert client.post(f"/notifications/arreter/{faux}/").status_code == 404


def test_le_lien_d_un_compte_ferme_ne_fait_rien(client, lien, scene):
    scene.soutien.is_active = False
    scene.soutien.save()
    assert client.post(lien).status_code == 404


def test_le_lien_ne_dit_que_la_personne_le_genre_et_la_chose(lien, scene):
    jeton = lien.split("/")[3]
    assert lire_jeton(jeton) == (scene.soutien.pk, "suivi")
    assert lire_chose(jeton) == ("idees.idee", scene.idee.pk)


def test_depuis_le_courriel_ne_plus_suivre_que_cela_et_se_raviser(client, lien, scene):
    client.logout()
    abonner(scene.soutien, scene.idee)
    autre = IdeeFabrique(etat="publiee")
    abonner(scene.soutien, autre)
    page = client.get(lien).content.decode()
    assert "vous pouvez n’arrêter que cela" in page
    assert suit(scene.soutien, scene.idee)
    for _ in range(2):
        page = client.post(lien, {"quoi": "chose"}).content.decode()
        assert f"Vous ne suivez plus « {scene.idee} »." in page
        assert "Vous la soutenez toujours" in page
        assert not suit(scene.soutien, scene.idee)
    assert suit(scene.soutien, autre)
    assert not Preference.objects.exists()
    assert "n’arrêter que cela" not in client.get(lien).content.decode()
    client.post(lien, {"quoi": "reprendre"})
    assert suit(scene.soutien, scene.idee)


def test_depuis_le_courriel_ce_que_la_moderation_masque_ne_se_lit_plus(client, lien, scene, moderatrice):
    client.logout()
    abonner(scene.soutien, scene.idee)
    masquer(scene.idee, par=moderatrice, motif="injure", explication="Une injure.")
    assert str(scene.idee) not in client.get(lien).content.decode()
    for quoi in ("chose", "reprendre"):
        assert client.post(lien, {"quoi": quoi}).status_code == 404
    assert suit(scene.soutien, scene.idee)


def test_un_lien_d_avant_arrete_toujours_le_genre(client, citoyenne):
    jeton = signing.dumps([citoyenne.pk, "suivi"], salt=SEL)
    lien = reverse("notifications:arreter", args=[jeton])
    assert client.post(lien, {"quoi": "chose"}).status_code == 404
    assert client.post(lien).status_code == 200
    assert Preference.objects.get().personne == citoyenne


# --- Follow ------------------------------------------------------------------------------------------------------


def adresse(chose):
    return reverse("notifications:suivre", args=[chose._meta.label_lower, chose.pk])


@pytest.mark.parametrize(
    "fabrique", [lambda: IdeeFabrique(etat="publiee"), BoiteFabrique, ProjetFabrique], ids=["idee", "boite", "projet"]
)
def test_suivre_et_arreter(client, citoyenne, fabrique):
    chose = fabrique()
    client.force_login(citoyenne)
    for action, attendu in (("suivre", True), ("suivre", True), ("arreter", False), ("arreter", False)):
        reponse = client.post(adresse(chose), {"action": action})
        assert reponse.url == chose.get_absolute_url()
        assert suit(citoyenne, chose) is attendu
        assert Abonnement.objects.filter(personne=citoyenne).count() == attendu


def test_suivre_avec_htmx_rend_le_bouton(client, citoyenne):
    idee = IdeeFabrique(etat="publiee")
    client.force_login(citoyenne)
    fragment = client.post(adresse(idee), {"action": "suivre"}, **HTMX).content.decode()
    assert 'aria-pressed="true"' in fragment
    assert 'value="arreter"' in fragment
    assert "<html" not in fragment


def test_la_suite_reste_sur_le_site(client, citoyenne):
    idee = IdeeFabrique(etat="publiee")
    client.force_login(citoyenne)
    assert client.post(adresse(idee), {"action": "suivre", "suite": "/idees/"}).url == "/idees/"
    for ailleurs in ("https://exemple.fr/", "//exemple.fr", "javascript:alert(1)"):
        assert client.post(adresse(idee), {"action": "suivre", "suite": ailleurs}).url == idee.get_absolute_url()


def test_ce_qu_on_ne_voit_pas_ne_se_suit_pas(client, citoyenne):
    cachees = [IdeeFabrique(etat="a_moderer"), ProjetFabrique(annonce=False)]
    client.force_login(citoyenne)
    for chose in cachees:
        assert client.post(adresse(chose), {"action": "suivre"}).status_code == 404
    for etiquette in ("comptes.utilisateur", "notifications.courriel", "idees.soutien", "zzz", "a.b.c", "idees.idee.z"):
        assert client.post(f"/suivre/{etiquette}/1/", {"action": "suivre"}).status_code == 404
    assert client.post("/suivre/idees.idee/999999/", {"action": "suivre"}).status_code == 404
    assert not Abonnement.objects.filter(personne=citoyenne).exists()


def test_dire_ce_qu_on_veut(client, citoyenne):
    idee = IdeeFabrique(etat="publiee")
    client.force_login(citoyenne)
    assert client.get(adresse(idee)).status_code == 405
    for envoi in ({}, {"action": "effacer"}):
        reponse = client.post(adresse(idee), envoi)
        page = reponse.content.decode()
        assert reponse.status_code == 400 and "Dites s’il faut suivre" in page
        assert "<h1>Ce n’est pas possible</h1>" in page and f'href="{idee.get_absolute_url()}"' in page


def test_sans_compte_on_est_mene_a_la_connexion_puis_a_la_chose(client, db):
    idee = IdeeFabrique(etat="publiee")
    reponse = client.post(adresse(idee), {"action": "suivre"})
    assert reponse.url == f"{reverse('account_login')}?next={idee.get_absolute_url()}"


# --- The mails of the embedded profile ---------------------------------------------------------------------------


@pytest.fixture
def confirmation(db, settings):
    settings.COURRIELS_LISIBLES = True
    return Courriel.objects.create(
        destinataire="camille@exemple.fr",
        objet="Confirmez votre adresse",
        texte="Ouvrez http://127.0.0.1:8000/comptes/confirmer/abc/\n<script>alert(1)</script>\n",
        html='<p onclick="alert(1)">Ouvrez</p><script>alert(1)</script>',
    )


@pytest.mark.parametrize(
    ("depuis", "statut"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "127.8.9.10"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "::ffff:127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "192.168.1.20"}, 404),
        ({"REMOTE_ADDR": "::ffff:192.168.1.20"}, 404),
        ({"REMOTE_ADDR": "2001:db8::1"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"REMOTE_ADDR": "zzz"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.168.1.20"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=192.168.1.20"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": "192.168.1.20"}, 404),
    ],
)
def test_les_courriels_se_lisent_d_ici_seulement(client, confirmation, depuis, statut):
    assert client.get(reverse("notifications:courriels"), **depuis).status_code == statut
    assert client.get(confirmation.get_absolute_url(), **depuis).status_code == statut


def test_ailleurs_qu_en_profil_embarque_il_n_y_a_rien(client, confirmation, settings, administratrice):
    settings.COURRIELS_LISIBLES = False
    client.force_login(administratrice)
    assert client.get(reverse("notifications:courriels")).status_code == 404
    assert client.get(confirmation.get_absolute_url()).status_code == 404


def test_lire_un_courriel(client, confirmation):
    page = client.get(confirmation.get_absolute_url()).content.decode()
    assert 'href="http://127.0.0.1:8000/comptes/confirmer/abc/"' in page
    assert "<script>alert" not in page
    assert "<p onclick" not in page
    assert "&lt;p onclick" in page


def test_filtrer_les_courriels(client, confirmation):
    Courriel.objects.create(destinataire="sacha@exemple.fr", objet="Autre", texte="Autre.")
    page = client.get(reverse("notifications:courriels"), {"destinataire": "CAMILLE"})
    assert [c.pk for c in page.context["page"]] == [confirmation.pk]
    assert "Autre" not in page.content.decode()
    vide = client.get(reverse("notifications:courriels"), {"destinataire": "<b>"})
    assert "Aucun courriel" in vide.content.decode()
    assert "<b>" not in vide.content.decode()


def test_les_listes_ont_un_nombre_constant_de_requetes(client, confirmation):
    adresse = reverse("notifications:courriels")
    une = requetes(client, adresse)
    Courriel.objects.bulk_create([Courriel(destinataire="b@exemple.fr", objet=f"{n}", texte="x") for n in range(50)])
    assert [requetes(client, f"{adresse}?page={page}") for page in (1, 2)] == [une, une]
    assert une <= 2


def test_suivre_ne_coute_qu_une_requete(rf, citoyenne):
    from django.template import Context, Template

    idee = IdeeFabrique(etat="publiee")
    abonner(PersonneFabrique(), idee)
    demande = rf.get("/")
    demande.user = citoyenne
    with CaptureQueriesContext(connection) as capture:
        Template("{% load notifications %}{% suivre idee %}").render(Context({"request": demande, "idee": idee}))
    assert len(capture) == 1
