"""The discussion as people meet it: reading, writing, answering, agreeing, with and without an account."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commentaires.actions import COMMENTAIRES_MAX, approuver, commenter
from commentaires.fil import PAR_PAGE, REPONSES_MONTREES, REPONSES_PAR_PAGE
from commentaires.models import Accord, Commentaire, VersionDeCommentaire
from moderation.actions import masquer, retablir
from socle.templatetags.composants import parts_de_la_barre
from tests.fabriques import EtapeFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique, publier_reponse
from tests.requetes import copier, requetes
from timeline.etapes import franchir

pytestmark = pytest.mark.django_db

VECTEURS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "[clic](javascript:alert(1))",
    "{{ 7|add:7 }}{% load static %}",
    "</textarea><script>alert(1)</script>",
]


@pytest.fixture
def idee():
    return IdeeFabrique(etat="publiee", titre="Des bancs à l’ombre")


def fil(cible, **parametres):
    return reverse("commentaires:fil", args=[cible._meta.label_lower, cible.pk], query=parametres or None)


def lire(client, cible, **parametres):
    reponse = client.get(fil(cible, **parametres))
    assert reponse.status_code == 200
    return reponse.content.decode()


def connectee(personne):
    client = Client()
    client.force_login(personne)
    return client


def peupler(cible, auteur, nombre, parent=None, depuis=None):
    """Many comments at once, a second apart, oldest first."""
    depuis = depuis or timezone.now() - timedelta(days=10)
    return Commentaire.objects.bulk_create(
        Commentaire(
            cible_type=ContentType.objects.get_for_model(cible),
            cible_id=cible.pk,
            auteur=auteur,
            parent=parent,
            texte=f"Commentaire numéro {n}.",
            publie_le=depuis + timedelta(seconds=n),
        )
        for n in range(nombre)
    )


def textes(page):
    return re.findall(r"Commentaire numéro (\d+)\.", page)


# --- Reading -----------------------------------------------------------------------------------------------------


def test_une_visiteuse_lit_tout_et_sait_comment_ecrire(client, idee, voisin):
    commenter(idee, par=voisin, texte="Sous les tilleuls.", position="pour")
    page = lire(client, idee)
    assert "Sous les tilleuls." in page
    assert "Sacha Voisin" in page
    assert "Connectez-vous" in page
    assert f"next={idee.get_absolute_url()}".replace("/", "%2F") in page
    assert "<textarea" not in page
    assert "/accord/" not in page
    assert "/signaler/commentaires.commentaire/" in page


def test_le_fragment_pour_htmx_la_page_entiere_sans_javascript(client, idee):
    assert "<html" in lire(client, idee)
    fragment = client.get(fil(idee), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert f'data-es-flux="/ws/flux/idees.idee/{idee.pk}/"' in fragment
    assert f'data-es-flux-url="{fil(idee)}"' in fragment


def test_la_page_de_l_idee_porte_la_discussion(client, idee, voisin):
    commenter(idee, par=voisin, texte="Sous les tilleuls.")
    page = client.get(idee.get_absolute_url()).content.decode()
    assert page.count("Sous les tilleuls.") == 1
    assert 'id="commentaires"' in page


def test_chaque_personne_voit_ses_gestes(idee, voisin, citoyenne):
    commentaire = commenter(idee, par=voisin, texte="Sous les tilleuls.")
    de_l_autrice, d_une_autre = lire(connectee(voisin), idee), lire(connectee(citoyenne), idee)
    retirer = reverse("timeline:etape", args=["commentaires.commentaire", commentaire.pk, "retirer"])
    signaler = reverse("moderation:signaler", args=["commentaires.commentaire", commentaire.pk])
    accord = reverse("commentaires:accord", args=[commentaire.pk])
    assert (retirer in de_l_autrice, signaler in de_l_autrice, accord in de_l_autrice) == (True, False, False)
    assert (retirer in d_une_autre, signaler in d_une_autre, accord in d_une_autre) == (False, True, True)


def test_une_moderatrice_decide_au_lieu_de_signaler(idee, voisin, moderatrice):
    """Reporting would make her a party to the case."""
    commentaire = commenter(idee, par=voisin, texte="Sous les tilleuls.")
    sien = commenter(idee, par=moderatrice, texte="Mes mots.")
    page = lire(connectee(moderatrice), idee)
    assert reverse("moderation:masquer", args=["commentaires.commentaire", commentaire.pk]) in page
    assert reverse("moderation:masquer", args=["commentaires.commentaire", sien.pk]) not in page
    assert "/signaler/commentaires" not in page


def test_une_discussion_fermee_se_lit_encore(voisin):
    idee = IdeeFabrique(etat="en_etude")
    commenter(idee, par=voisin, texte="Sous les tilleuls.")
    publier_reponse(idee)  # the answer closes the discussion
    page = lire(connectee(voisin), idee)
    assert "Sous les tilleuls." in page
    assert "La discussion est fermée." in unescape(page)
    assert "<textarea" not in page


@pytest.mark.parametrize("vecteur", VECTEURS)
def test_ce_qui_est_tape_reste_du_texte(idee, voisin, vecteur):
    commenter(idee, par=voisin, texte=vecteur)
    page = lire(Client(), idee)
    assert vecteur in unescape(page)
    for dangereux in ("<script>alert", "<img src=x", "<svg/onload", 'href="javascript'):
        assert dangereux not in page


def test_la_voix_officielle_se_voit_avec_sa_fonction(client, idee, elue):
    commenter(idee, par=elue, texte="J’ai lu.", officielle=True)
    page = unescape(lire(client, idee))
    assert "Parole officielle" in page
    assert elue.mandats.get().intitule in page


def test_un_commentaire_parti_laisse_sa_place_si_on_lui_a_repondu(client, idee, voisin, citoyenne, moderatrice):
    retire = commenter(idee, par=voisin, texte="Secret retiré.")
    masque = commenter(idee, par=voisin, texte="Secret masqué.")
    seul = commenter(idee, par=voisin, texte="Secret seul.")
    for parent in (retire, masque):
        commenter(idee, par=citoyenne, texte=f"Je réponds à {parent.pk}.", parent=parent)
    franchir(retire.retirer, par=voisin)
    franchir(seul.retirer, par=voisin)
    masquer(masque, par=moderatrice, motif="injure", explication="Restons polis.")
    for lectrice in (client, connectee(voisin), connectee(citoyenne), connectee(moderatrice)):
        page = lire(lectrice, idee)
        assert "Secret" not in page
        assert page.count("Commentaire retiré par la modération") == 1
        assert page.count("Commentaire retiré par la personne") == 1
        assert f"Je réponds à {masque.pk}." in page
        assert "Sacha Voisin" not in page.split('id="commentaires"')[1].split("</section>")[0]
    retablir(masque, par=moderatrice, explication="Relu.")
    assert "Secret masqué." in lire(client, idee)


# --- Pages, orders, answers --------------------------------------------------------------------------------------


def test_vingt_fils_par_page_dans_l_ordre_du_temps(client, idee, voisin):
    peupler(idee, voisin, PAR_PAGE + 5)
    assert textes(lire(client, idee)) == [str(n) for n in range(PAR_PAGE)]
    assert textes(lire(client, idee, fil=2)) == [str(n) for n in range(PAR_PAGE, PAR_PAGE + 5)]
    assert textes(lire(client, idee, fil="9999")) == textes(lire(client, idee, fil=2))
    assert textes(lire(client, idee, fil_ordre="recents"))[0] == str(PAR_PAGE + 4)


def test_les_plus_approuves_d_abord(client, idee, voisin, citoyenne, agent):
    commentaires = peupler(idee, voisin, 4)
    for personne in (citoyenne, agent):
        approuver(commentaires[2], par=personne)
    approuver(commentaires[3], par=citoyenne)
    assert textes(lire(client, idee, fil_ordre="approuves")) == ["2", "3", "0", "1"]


@pytest.mark.parametrize(
    "parametres", [{"fil": "-1"}, {"fil": "x"}, {"fil_ordre": "pk;--"}, {"repondre": "9" * 40}, {"repondre": "²"}]
)
def test_une_adresse_bricolee_montre_la_discussion(voisin, idee, parametres):
    commenter(idee, par=voisin, texte="Sous les tilleuls.")
    assert "Sous les tilleuls." in lire(connectee(voisin), idee, **parametres)


def test_les_premieres_reponses_puis_leur_page(client, idee, voisin):
    racine = commenter(idee, par=voisin, texte="Premier.")
    nombre = REPONSES_PAR_PAGE + 3
    reponses = peupler(idee, voisin, nombre, parent=racine)
    page = lire(client, idee)
    assert textes(page) == [str(n) for n in range(REPONSES_MONTREES)]
    assert f"Lire {nombre - REPONSES_MONTREES} autres réponses" in page
    adresse = reverse("commentaires:reponses", args=[racine.pk])
    assert adresse in page
    assert textes(client.get(adresse).content.decode()) == [str(n) for n in range(REPONSES_PAR_PAGE)]
    assert textes(client.get(f"{adresse}?page=2").content.decode()) == [
        str(n) for n in range(REPONSES_PAR_PAGE, nombre)
    ]
    assert client.get(reverse("commentaires:reponses", args=[reponses[0].pk])).status_code == 404


def test_les_reponses_et_les_versions_coutent_autant_pour_une_que_pour_cinquante(idee, voisin, citoyenne):
    """Two pages of answers, each of somebody, agreed with; and as many versions of what they answer."""
    racine = commenter(idee, par=voisin, texte="Premier.")
    gens = PersonneFabrique.create_batch(REPONSES_PAR_PAGE + 3)
    adresses = [reverse(f"commentaires:{nom}", args=[racine.pk]) for nom in ("reponses", "versions")]
    navigatrices = [Client(), connectee(citoyenne), connectee(voisin)]

    def remplir(debut, fin):
        dites = copier(
            racine, fin - debut, parent_id=racine.pk, auteur_id=lambda n: gens[debut + n].pk, texte=f"Dites {debut}."
        )
        Accord.objects.bulk_create(Accord(commentaire=dite, personne=citoyenne) for dite in dites)
        VersionDeCommentaire.objects.bulk_create(
            VersionDeCommentaire(commentaire=racine, numero=n + 1, texte="Avant.") for n in range(debut, fin)
        )

    Commentaire.objects.filter(pk=racine.pk).update(modifie_le=timezone.now())
    remplir(0, 1)
    une = [[requetes(client, adresse) for adresse in adresses] for client in navigatrices]
    remplir(1, REPONSES_PAR_PAGE + 3)
    assert [[requetes(client, adresse) for adresse in adresses] for client in navigatrices] == une
    assert [requetes(client, f"{adresses[0]}?page=2") for client in navigatrices] == [cout[0] for cout in une]
    assert max(une)[0] <= 17, une


def test_l_adresse_d_un_commentaire_mene_a_sa_place(client, idee, voisin):
    commentaires = peupler(idee, voisin, PAR_PAGE + 2)
    reponses = peupler(idee, voisin, REPONSES_PAR_PAGE + 1, parent=commentaires[-1])

    def mene_a(commentaire):
        return client.get(reverse("commentaires:voir", args=[commentaire.pk])).headers["Location"]

    ici, suite = idee.get_absolute_url(), reverse("commentaires:reponses", args=[commentaires[-1].pk])
    assert mene_a(commentaires[0]) == f"{ici}#commentaire-{commentaires[0].pk}"
    assert mene_a(commentaires[-1]) == f"{ici}?fil=2#commentaire-{commentaires[-1].pk}"
    assert mene_a(reponses[0]) == f"{ici}?fil=2#commentaire-{reponses[0].pk}"
    assert mene_a(reponses[REPONSES_MONTREES]) == f"{suite}#commentaire-{reponses[REPONSES_MONTREES].pk}"
    assert mene_a(reponses[-1]) == f"{suite}?page=2#commentaire-{reponses[-1].pk}"


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_commentaires(idee, voisin, citoyenne):
    """Five comments, then five thousand, answers and agreements included; for a visitor and for a person."""

    def remplir(nombre):
        racines = peupler(idee, voisin, nombre)
        for racine in (*racines[:3], *racines[-2:]):
            peupler(idee, citoyenne, nombre // 5, parent=racine)
        Accord.objects.bulk_create(Accord(commentaire=c, personne=citoyenne) for c in racines)

    visiteuse, personne = Client(), connectee(citoyenne)
    lectures = [fil(idee, **choix) for choix in ({}, {"fil_ordre": "recents"}, {"fil_ordre": "approuves"})]
    remplir(5)
    avec_cinq = [requetes(c, adresse) for c in (visiteuse, personne) for adresse in lectures]
    remplir(4995)
    assert Commentaire.objects.filter(parent=None).count() == 5000
    assert [requetes(c, adresse) for c in (visiteuse, personne) for adresse in lectures] == avec_cinq
    assert max(avec_cinq) <= 15


# --- Writing -----------------------------------------------------------------------------------------------------


def test_ecrire_puis_se_lire(idee, voisin):
    client = connectee(voisin)
    reponse = client.post(fil(idee), {"texte": "Sous les tilleuls.", "position": "pour"})
    commentaire = Commentaire.objects.get()
    assert reponse.status_code == 302
    assert reponse.headers["Location"] == f"{idee.get_absolute_url()}#commentaire-{commentaire.pk}"
    assert (commentaire.auteur, commentaire.position, commentaire.parent) == (voisin, "pour", None)
    page = client.get(idee.get_absolute_url()).content.decode()
    assert "Votre commentaire est publié." in page
    assert "Sous les tilleuls." in page


def test_repondre_sans_javascript(idee, voisin, citoyenne):
    premier = commenter(idee, par=voisin, texte="Premier.")
    client = connectee(citoyenne)
    assert f"repondre={premier.pk}" in lire(client, idee)
    page = lire(client, idee, repondre=premier.pk)
    assert "Votre réponse à Sacha Voisin" in page
    assert 'name="position"' not in page
    assert re.search(rf'name="parent" value="{premier.pk}"', page)
    client.post(fil(idee, repondre=premier.pk), {"texte": "Je suis d’accord.", "parent": premier.pk})
    assert Commentaire.objects.get(parent=premier).texte == "Je suis d’accord."


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"texte": ""}, "Écrivez votre commentaire."),
        ({"texte": " \x00 "}, "Écrivez votre commentaire."),
        ({"texte": "é" * 3001}, "3000 caractères au plus, ici 3001"),
        ({"texte": "Gardé.", "position": "autre"}, "Choisissez une position"),
        ({"texte": "Gardé.", "parent": "999999"}, "n’est plus là"),
    ],
)
def test_une_mauvaise_saisie_est_dite_et_rien_n_est_perdu(idee, voisin, saisie, phrase):
    reponse = connectee(voisin).post(fil(idee), saisie)
    page = unescape(reponse.content.decode())
    assert reponse.status_code == 422
    assert phrase in page
    assert saisie["texte"].replace("\x00", "").strip() in page
    assert not Commentaire.objects.exists()


@pytest.mark.parametrize("vecteur", VECTEURS)
def test_ce_qui_est_refuse_reste_du_texte_aussi(idee, voisin, vecteur):
    page = connectee(voisin).post(fil(idee), {"texte": vecteur, "position": vecteur}).content.decode()
    assert vecteur in unescape(page)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_trop_vite_le_texte_reste(idee, voisin):
    for n in range(COMMENTAIRES_MAX):
        commenter(idee, par=voisin, texte=f"Commentaire {n}.")
    reponse = connectee(voisin).post(fil(idee), {"texte": "Celui que je veux garder."})
    page = unescape(reponse.content.decode())
    assert reponse.status_code == 429
    assert "Attendez 5 minutes" in page
    assert "Celui que je veux garder." in page
    assert Commentaire.objects.count() == COMMENTAIRES_MAX


def test_la_discussion_se_ferme_pendant_qu_on_ecrit(voisin):
    etape = EtapeFabrique(projet__ouvert=True, ouvre=["commenter"])
    client = connectee(voisin)
    assert "<textarea" in lire(client, etape.projet)
    type(etape).objects.filter(pk=etape.pk).update(ferme_le=timezone.now() - timedelta(minutes=1))
    reponse = client.post(fil(etape.projet), {"texte": "Celui que je veux garder."})
    page = unescape(reponse.content.decode())
    assert reponse.status_code == 403
    assert "La discussion est fermée." in page
    assert "Celui que je veux garder." in page
    assert not Commentaire.objects.exists()


def test_le_double_clic_ecrit_une_fois(idee, voisin):
    client = connectee(voisin)
    adresses = {client.post(fil(idee), {"texte": "Des bancs."}).headers["Location"] for _ in range(3)}
    assert len(adresses) == 1
    assert Commentaire.objects.count() == 1


def test_sans_compte_le_texte_attend_la_connexion(idee, voisin):
    client = Client()
    reponse = client.post(fil(idee), {"texte": "Écrit avant de me connecter.", "position": "contre"})
    assert reponse.status_code == 302
    assert reponse.headers["Location"].startswith(reverse("account_login"))
    assert not Commentaire.objects.exists()
    client.force_login(voisin)
    page = lire(client, idee)
    assert "Écrit avant de me connecter." in page
    assert "Écrit avant de me connecter." not in lire(client, IdeeFabrique(etat="publiee"))
    client.post(fil(idee), {"texte": "Écrit avant de me connecter."})
    assert lire(client, idee).count("Écrit avant de me connecter.") == 1


def test_le_jeton_contre_les_requetes_forgees_est_exige(idee, voisin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(voisin)
    assert client.post(fil(idee), {"texte": "Forgé."}).status_code == 403
    assert not Commentaire.objects.exists()


def test_la_case_officielle_n_existe_que_pour_qui_en_a_le_droit(idee, voisin, agent):
    assert 'name="officielle"' not in lire(connectee(voisin), idee)
    assert 'name="officielle"' in lire(connectee(agent), idee)
    connectee(voisin).post(fil(idee), {"texte": "La mairie dit oui.", "officielle": "on"})
    connectee(agent).post(fil(idee), {"texte": "Le service regarde.", "officielle": "on"})
    assert list(Commentaire.objects.order_by("pk").values_list("voix_officielle", flat=True)) == [False, True]


# --- « D'accord » ------------------------------------------------------------------------------------------------


def test_d_accord_et_plus_d_accord(idee, voisin, citoyenne):
    commentaire = commenter(idee, par=voisin, texte="Des bancs.")
    client, adresse = connectee(citoyenne), reverse("commentaires:accord", args=[commentaire.pk])
    suite = f"{idee.get_absolute_url()}?fil_ordre=recents#commentaires"
    reponse = client.post(adresse, {"action": "donner", "suite": suite})
    assert reponse.headers["Location"] == f"{idee.get_absolute_url()}?fil_ordre=recents#commentaire-{commentaire.pk}"
    client.post(adresse, {"action": "donner"})
    assert Accord.objects.count() == 1
    assert 'aria-pressed="true"' in lire(client, idee)
    assert "1 personne est d’accord" in lire(Client(), idee)
    client.post(f"{adresse}?action=reprendre")
    client.post(adresse, {"action": "reprendre"})
    assert Accord.objects.count() == 0


def test_d_accord_par_htmx_rend_la_discussion_a_la_meme_place(idee, voisin, citoyenne):
    peupler(idee, voisin, PAR_PAGE)
    dernier = peupler(idee, voisin, 1, depuis=timezone.now())[0]
    page = lire(connectee(citoyenne), idee, fil=2)
    adresse = unescape(re.search(r'hx-post="([^"]+)"', page).group(1))
    fragment = connectee(citoyenne).post(adresse, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert f"commentaire-{dernier.pk}" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert Accord.objects.get().commentaire == dernier


def test_accord_refuse(idee, voisin, citoyenne):
    commentaire = commenter(idee, par=voisin, texte="Des bancs.")
    adresse = reverse("commentaires:accord", args=[commentaire.pk])
    assert Client().post(adresse, {"action": "donner"}).headers["Location"].startswith(reverse("account_login"))
    assert connectee(voisin).post(adresse, {"action": "donner"}).status_code == 403
    assert connectee(citoyenne).get(adresse).status_code == 405
    assert connectee(citoyenne).post(adresse, {"action": "autre"}).status_code == 400
    assert connectee(citoyenne).post(adresse, {"action": "donner", "suite": "https://ailleurs.exemple/"}).headers[
        "Location"
    ] == reverse("commentaires:voir", args=[commentaire.pk])
    franchir(commentaire.retirer, par=voisin)
    assert connectee(citoyenne).post(adresse, {"action": "donner"}).status_code == 404


# --- What one may not know ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("etat", ["brouillon", "a_moderer", "refusee", "retiree"])
def test_la_discussion_de_ce_qui_n_est_pas_public_n_existe_pas(etat, voisin):
    idee = IdeeFabrique(etat=etat)
    commentaire = peupler(idee, idee.auteur, 1)[0]
    reponse_a = peupler(idee, idee.auteur, 1, parent=commentaire)[0]
    client = connectee(voisin)
    inexistante = client.get(reverse("commentaires:fil", args=["idees.idee", 10**9])).content
    for adresse in (
        fil(idee),
        reverse("commentaires:voir", args=[commentaire.pk]),
        reverse("commentaires:reponses", args=[reponse_a.parent_id]),
        reverse("moderation:signaler", args=["commentaires.commentaire", commentaire.pk]),
        reverse("timeline:etape", args=["commentaires.commentaire", commentaire.pk, "retirer"]),
    ):
        reponse = client.get(adresse)
        assert reponse.status_code == 404, adresse
        assert _sans_jeton(reponse.content) == _sans_jeton(inexistante)
    assert client.post(fil(idee), {"texte": "Bonjour."}).status_code == 404
    assert client.post(reverse("commentaires:accord", args=[commentaire.pk]), {"action": "donner"}).status_code == 404


def _sans_jeton(contenu: bytes) -> str:
    """The page without what changes at each request: the token, and its own address."""
    page = re.sub(r'(X-CSRFToken": "|csrfmiddlewaretoken" value=")[^"]+', r"\1", contenu.decode())
    return re.sub(r'(name="(?:suite|next)" value=")[^"]*', r"\1", page)


def test_un_projet_en_preparation_ne_se_discute_pas(voisin):
    projet = ProjetFabrique(annonce=False)
    assert connectee(voisin).get(fil(projet)).status_code == 404


@pytest.mark.parametrize(
    "modele", ["idees.boite", "comptes.utilisateur", "inconnu.chose", "idees", "commentaires.commentaire", "a.b.c"]
)
def test_on_ne_discute_que_ce_qui_se_discute(client, modele):
    assert client.get(f"/commentaires/{modele}/1/").status_code == 404


def test_un_numero_immense_n_existe_pas(client):
    assert client.get(f"/commentaires/idees.idee/{10**30}/").status_code == 404
    assert client.get(f"/commentaires/{10**30}/").status_code == 404


def test_retirer_son_commentaire_par_la_page_de_l_etape(idee, voisin, citoyenne):
    commentaire = commenter(idee, par=voisin, texte="Je me suis trompé.")
    adresse = reverse("timeline:etape", args=["commentaires.commentaire", commentaire.pk, "retirer"])
    assert connectee(citoyenne).post(adresse, {"etat": "publie"}).status_code == 403
    client = connectee(voisin)
    assert client.get(adresse).status_code == 200
    reponse = client.post(adresse, {"etat": "publie", "suite": f"{idee.get_absolute_url()}#commentaires"})
    assert reponse.headers["Location"] == f"{idee.get_absolute_url()}#commentaires"
    assert "Je me suis trompé." not in lire(client, idee)
    assert Commentaire.objects.get().texte == "Je me suis trompé."


def test_l_auteur_efface_n_a_plus_de_nom(client, idee):
    parti = PersonneFabrique(pseudonyme="Dominique Partie")
    commentaire = commenter(idee, par=parti, texte="Ce que j’ai dit reste.")
    Commentaire.objects.filter(pk=commentaire.pk).update(auteur=None)
    page = lire(client, idee)
    assert "Ce que j’ai dit reste." in page
    assert "Participant effacé" in page


# --- In the chronology -------------------------------------------------------------------------------------------


def test_la_chronologie_dit_qu_on_a_parle_sans_les_mots(client, idee, voisin, agent):
    commentaire = commenter(idee, par=voisin, texte="Motreconnaissable.")
    officiel = commenter(idee, par=agent, texte="Motreconnaissable officiel.", officielle=True)
    page = unescape(client.get(reverse("timeline:chronologie")).content.decode())
    assert f'<a href="{commentaire.get_absolute_url()}">Un commentaire</a> est publié (idée n° {idee.pk}).' in page
    assert f'La collectivité prend la parole dans la discussion : <a href="{officiel.get_absolute_url()}">' in page
    assert "Motreconnaissable" not in page
    franchir(commentaire.retirer, par=voisin)
    page = unescape(client.get(reverse("timeline:chronologie")).content.decode())
    assert commentaire.get_absolute_url() not in page
    assert f"Un commentaire est publié (idée n° {idee.pk}) ; il n’est plus visible aujourd’hui." in page


def test_la_chronologie_a_un_nombre_constant_de_requetes(client, idee):
    adresse = reverse("timeline:chronologie")
    commenter(idee, par=PersonneFabrique(), texte="Un.")
    avec_un = requetes(client, adresse)
    for n, auteur in enumerate(PersonneFabrique.create_batch(49)):
        commenter(idee, par=auteur, texte=f"Encore {n}.")
    # What led there leaves the page: fewer kinds of things are named, never more queries.
    assert max(requetes(client, f"{adresse}?page={page}") for page in (1, 2)) <= avec_un <= 9


# --- For, against ------------------------------------------------------------------------------------------------


def test_la_balance_compte_ce_qui_se_lit_et_mene_a_chaque_position(client, idee, voisin, moderatrice):
    avis = [
        commenter(idee, par=PersonneFabrique(), texte=f"Avis {n}.", position=p)
        for n, p in enumerate(["pour"] * 3 + ["contre"])
    ]
    commenter(idee, par=voisin, texte="Je réponds.", parent=avis[0])
    page = lire(client, idee)
    assert re.findall(r'<span class="compte">(\d+)</span></a>', page) == ["3", "1", "0"]
    contre = lire(client, idee, fil_position="contre")
    assert "Avis 3." in contre and "Avis 0." not in contre and "Je réponds." not in contre
    commenter(idee, par=voisin, texte="Malgré tout.", parent=avis[3])
    masquer(avis[3], par=moderatrice, motif="injure", explication="Restons polis.")
    assert "Malgré tout." in lire(client, idee)
    assert "Malgré tout." not in lire(client, idee, fil_position="contre"), (
        "the place of a hidden comment has no position"
    )
    assert "Avis 0." in lire(client, idee, fil_position="inconnue")


def test_la_barre_occupe_toute_sa_largeur():
    positions = [{"nb": 1, "position": p} for p in ("pour", "contre", "neutre")] + [{"nb": None, "position": ""}]
    parts = parts_de_la_barre(positions)
    assert [p["debut"] for p in parts] == [0, 333, 666] and sum(p["largeur"] for p in parts) == 1000
    assert parts_de_la_barre([{"nb": 0, "position": "pour"}]) == []


# --- Going on with somebody -----------------------------------------------------------------------------------------


def test_sous_un_commentaire_masque_on_ne_repond_plus_et_on_cite_encore(idee, citoyenne, voisin, moderatrice):
    """No button leads to a form that would send the answer elsewhere."""
    racine = commenter(idee, par=voisin, texte="Le premier.")
    reponse = commenter(idee, par=voisin, texte="Je précise.", parent=racine)
    client = connectee(citoyenne)

    def liens():
        page = unescape(client.get(idee.get_absolute_url()).content.decode())
        return {nom: re.findall(rf'href="([^"]*[?&]{nom}={reponse.pk}[^"]*)"', page) for nom in ("repondre", "citer")}

    avant = liens()
    assert len(avant["repondre"]) == 2, "to answer it, and to quote it under the same first comment"
    masquer(racine, par=moderatrice, motif="injure", explication="Restons polis.")
    apres = liens()
    assert apres["repondre"] == []
    (citer,) = apres["citer"]
    page = client.get(citer).content.decode()
    assert "Votre avis" in page and "Votre réponse à" not in page
    client.post(fil(idee), {"texte": "Ce qu’elle dit est juste.", "cite": reponse.pk})
    ecrit = Commentaire.objects.get(auteur=citoyenne)
    assert (ecrit.parent, ecrit.cite) == (None, reponse)


def test_une_session_finie_n_oublie_pas_a_qui_l_on_repond(client, idee, citoyenne, voisin):
    """What was typed, whom it answers and what it quotes come back with the account."""
    racine = commenter(idee, par=voisin, texte="Le premier.")
    reponse = commenter(idee, par=voisin, texte="Je précise.", parent=racine)
    recue = client.post(fil(idee), {"texte": "Bien d’accord.", "parent": racine.pk, "cite": reponse.pk})
    suite = parse_qs(urlsplit(recue.url).query)["next"][0]
    client.force_login(citoyenne)
    page = client.get(suite).content.decode()
    assert "Bien d’accord.</textarea>" in page
    for nom, pk in (("parent", racine.pk), ("cite", reponse.pk)):
        assert re.search(rf'<input type="hidden" name="{nom}" value="{pk}"', page), nom


@pytest.mark.parametrize("invente", ["x", "-1", "9" * 40, "1&repondre=2", "²"])
def test_une_suite_inventee_ne_mene_nulle_part_ailleurs(client, idee, invente):
    recue = client.post(fil(idee), {"texte": "Bien d’accord.", "parent": invente, "cite": invente})
    assert parse_qs(urlsplit(recue.url).query)["next"] == [f"{idee.get_absolute_url()}#commentaires-ecrire"]
