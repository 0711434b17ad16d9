"""Voting by the pages: each way of voting, what is left, what is refused and where, what is kept."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from socle.permissions import SYSTEME
from territoires.models import Territoire
from tests.fabriques import PersonneFabrique
from tests.tableau import fautes_parmi
from tests.votes.fabriques import amener, scrutin, votante
from tests.votes.parcours_http import (
    FORMES,
    adresse,
    avec_territoires,
    caches,
    de_forme,
    pendant,
    relire,
    voter_par_les_pages,
)
from timeline.etapes import franchir
from votes.cadence import ENVOIS
from votes.models import Bulletin, Emargement, Option, Scrutin

pytestmark = pytest.mark.django_db


@pytest.fixture
def camille(client):
    personne = votante(pseudonyme="Camille Exemple")
    client.force_login(personne)
    return personne


def retirer(ouvert, cle, motif="Le terrain est vendu."):
    Option.objects.filter(scrutin=ouvert, cle=cle).update(retiree_le=timezone.now(), motif_retrait=motif)


# --- The straight road -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("forme", FORMES)
def test_voter_dans_chaque_forme(client, camille, forme):
    ouvert = de_forme(forme)
    _champs, saisis, notes = FORMES[forme]
    with pendant(ouvert):
        assert client.get(adresse(ouvert)).status_code == 200
        page = relire(client, ouvert, saisis)
        assert not Bulletin.objects.exists(), "reading again counts nothing"
        assert "Je vote" in page and "pourraient voir" in page
        fait = client.post(adresse(ouvert), {**caches(page), "geste": "voter"})
        assert (fait.status_code, Bulletin.objects.get().notes) == (302, notes)
        merci = client.get(fait["Location"]).content.decode()
    assert "Votre vote est enregistré" in merci and "Bancs de la place" in merci
    assert "changer votre vote jusqu’au" in merci and "pourraient voir ce que vous avez voté" in merci


@pytest.mark.parametrize("forme", FORMES)
def test_voter_blanc_se_dit(client, camille, forme):
    ouvert = de_forme(forme)
    with pendant(ouvert):
        page = relire(client, ouvert, {"choix": "*"} if forme == "choix" else {"blanc": "1"})
        assert "Vote blanc : aucune proposition" in page
        fait = client.post(adresse(ouvert), {**caches(page), "geste": "voter"})
    assert (fait.status_code, Bulletin.objects.get().notes) == (302, {})


@pytest.mark.parametrize("forme", FORMES)
def test_changer_son_vote_part_de_ce_qu_on_a_vote(client, camille, forme):
    ouvert = de_forme(forme)
    _champs, saisis, _notes = FORMES[forme]
    with pendant(ouvert):
        voter_par_les_pages(client, ouvert, saisis)
        page = client.get(adresse(ouvert)).content.decode()
        assert "Vous avez déjà voté" in page
        if forme in {"points", "classement"}:
            nom, valeur = next((n, v) for n, v in saisis.items() if v != "0")
            champ = page[page.index(f'name="{nom}"') :].partition(">")[0]
            assert f'value="{valeur}"' in champ
        else:
            assert " checked" in page
        change = relire(client, ouvert, {"choix": "*"} if forme == "choix" else {"blanc": "1"})
        assert "remplace votre vote actuel" in change
        client.post(adresse(ouvert), {**caches(change), "geste": "voter"})
    assert (Bulletin.objects.get().notes, Emargement.objects.count()) == ({}, 1)


def test_pour_tous_et_pour_un_seul_territoire(client, camille):
    ouvert = avec_territoires()
    port, hauts = ouvert.enveloppes.filter(territoire__isnull=False)
    with pendant(ouvert):
        debut = client.get(reverse("votes:voter", args=[ouvert.slug])).content.decode()
        assert "1. " in debut and "Un territoire de votre choix" in debut and "Le Port" in debut
        voter_par_les_pages(client, ouvert, {"choix": "p1"})
        fait = voter_par_les_pages(client, ouvert, {"choix": "e2-1"}, port)
        assert "Il vous reste un vote" not in client.get(fait["Location"]).content.decode()
        assert "ce vote remplace l’autre" in client.get(adresse(ouvert, hauts)).content.decode()
        voter_par_les_pages(client, ouvert, {"choix": "e3-1"}, hauts)
    votes = {b.enveloppe.nom: b.notes for b in Bulletin.objects.select_related("enveloppe")}
    assert votes == {"Toute la ville": {"p1": 1}, "Les Hauts": {"e3-1": 1}}
    assert ouvert.emargements.nombre_de_votantes() == 1


def test_apres_le_premier_vote_l_autre_est_propose(client, camille):
    ouvert = avec_territoires()
    with pendant(ouvert):
        fait = voter_par_les_pages(client, ouvert, {"choix": "p1"})
        page = client.get(fait["Location"]).content.decode()
    assert "Il vous reste un vote" in page and "#territoires" in page


# --- What is left ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forme", "saisis", "phrase"),
    [
        ("sac", {"choix": "p1"}, "Il reste 40\u00a0000\u00a0€ sur 50\u00a0000\u00a0€."),
        ("sac", {"choix": ["p1", "p2", "p3"]}, "dépasse le budget de 15\u00a0000\u00a0€"),
        ("points", {"points-p1": "6"}, "Points restants : 4 sur 10."),
        ("points", {"points-p1": "6", "points-p2": "6"}, "Points de trop : 2."),
        ("approbation", {"choix": "p1"}, "Choix restants : 1 sur 2."),
        ("mentions", {"mention-p1": "3"}, "Propositions jugées : 1 sur 3."),
        ("classement", {"rang-p1": "1"}, "1 proposition choisie."),
    ],
)
def test_le_serveur_calcule_ce_qui_reste_et_garde_ce_qui_est_coche(client, forme, saisis, phrase):
    ouvert = de_forme(forme)
    with pendant(ouvert):
        recu = client.post(adresse(ouvert), {"geste": "compter", **saisis})
    page = recu.content.decode()
    assert (recu.status_code, phrase in page) == (200, True), page[page.index("bulletin-reste") :][:300]
    assert 'role="status"' in page and not Bulletin.objects.exists()


# --- What is refused ---------------------------------------------------------------------------------------------------


MAUVAIS = [
    ("choix", {}, "Choisissez une proposition, ou « Je vote blanc »."),
    ("choix", {"choix": ["p1", "p2"]}, "Choisissez une seule proposition."),
    ("choix", {"choix": "ailleurs"}, "ne fait pas partie de ce vote"),
    ("approbation", {"choix": ["p1", "p2", "p3"]}, "2 au plus"),
    ("approbation", {"choix": "p1", "blanc": "1"}, "Gardez l’un ou l’autre."),
    ("approbation", {}, "Cochez au moins une proposition"),
    ("sac", {"choix": ["p1", "p2", "p3"]}, "dépasse le budget"),
    ("points", {"points-p1": "abc"}, "« abc » n’est pas un nombre entier."),
    ("points", {"points-p1": "-3"}, "« -3 » n’est pas un nombre entier."),
    ("points", {"points-p1": "1e9"}, "n’est pas un nombre entier"),
    ("points", {"points-p1": "99999999999999999999"}, "n’est pas un nombre entier"),
    ("points", {"points-p1": "٣"}, "n’est pas un nombre entier"),
    ("points", {"points-p1": "7"}, "6 points au plus pour une proposition"),
    ("points", {"points-p1": "6", "points-p2": "6"}, "10 au plus en tout"),
    ("points", {"points-ailleurs": "2"}, "ne fait pas partie de ce vote"),
    ("mentions", {"mention-p1": "9"}, "n’existe pas dans ce vote"),
    ("mentions", {"mention-p1": "bien"}, "« bien » n’est pas un nombre entier."),
    ("classement", {"rang-p1": "1", "rang-p2": "1"}, "sans en sauter et sans ex æquo"),
    ("classement", {"rang-p1": "2"}, "sans en sauter et sans ex æquo"),
]  # fmt: skip


@pytest.mark.parametrize("forme", FORMES)
def test_un_mauvais_bulletin_est_dit_la_ou_il_est(client, camille, forme):
    ouvert = de_forme(forme)

    def essai(cas):
        geste, saisis, phrase = cas
        recu = client.post(adresse(ouvert), {"geste": geste, "empreinte": ouvert.empreinte, **saisis})
        page = recu.content.decode()
        assert recu.status_code == 422 and phrase in page and "toujours là" in page
        assert 'href="#bulletin"' in page or 'href="#id_p1"' in page
        assert not Bulletin.objects.exists() and not Emargement.objects.exists()
        for nom, valeurs in saisis.items():  # what was filled in is still there
            valeur = valeurs[0] if isinstance(valeurs, list) else valeurs
            if nom in {"choix", "blanc"} and valeur.startswith(("p", "1")):
                assert " checked" in page[page.index(f'name="{nom}"') :]
            elif nom == "points-p1" and len(valeur) < 20:
                assert f'value="{valeur}"' in page
            elif nom == "mention-p1" and 'id="id_p1-tort"' in page:
                boutons = re.findall(r'<input type="radio" name="mention-p1"[^>]*>', page)
                assert boutons and all('aria-invalid="true"' in bouton for bouton in boutons)

    cas = [(geste, saisis, phrase) for geste in ("relire", "voter") for la, saisis, phrase in MAUVAIS if la == forme]
    with pendant(ouvert):
        assert fautes_parmi(cas, essai) == {}


def test_une_proposition_retiree_entre_temps(client, camille):
    ouvert = de_forme("sac")
    with pendant(ouvert):
        page = relire(client, ouvert, {"choix": ["p1", "p2"]})
        retirer(ouvert, "p2")
        recu = client.post(adresse(ouvert), {**caches(page), "geste": "voter"})
        corps = recu.content.decode()
        assert recu.status_code == 422 and "Le terrain est vendu." in corps and "Retirée du vote" in corps
        assert not Bulletin.objects.exists()
        fait = voter_par_les_pages(client, ouvert, {"choix": "p1"})
    assert fait.status_code == 302


def test_changer_un_vote_qui_tenait_une_proposition_retiree(client, camille):
    """What was taken out is not ticked again: the rest may be changed at once."""
    ouvert = de_forme("sac")
    with pendant(ouvert):
        voter_par_les_pages(client, ouvert, {"choix": ["p1", "p2"]})
        retirer(ouvert, "p2")
        page = client.get(adresse(ouvert)).content.decode()
        assert page.count(" checked") == 1 and "Le terrain est vendu." in page
        assert "ne compte plus" in client.get(reverse("votes:mon_vote", args=[ouvert.slug])).content.decode()


def test_le_bulletin_d_un_autre_vote(client, camille):
    ouvert, autre = de_forme("choix"), de_forme("choix")
    enveloppe = autre.enveloppes.get()
    with pendant(ouvert):
        assert (
            client.post(reverse("votes:bulletin", args=[ouvert.slug, enveloppe.pk]), {"choix": "p1"}).status_code == 404
        )


@pytest.mark.parametrize("empreinte", ["", "0" * 64])
def test_une_page_qui_montrait_d_autres_regles(client, camille, empreinte):
    ouvert = de_forme("choix")
    with pendant(ouvert):
        champs = caches(relire(client, ouvert, {"choix": "p1"}))
        recu = client.post(adresse(ouvert), {**champs, "empreinte": empreinte, "geste": "voter"})
        page = recu.content.decode()
        assert recu.status_code == 409 and "Cette page montrait un autre vote" in page and not Bulletin.objects.exists()
        assert client.post(adresse(ouvert), {**caches(page), "geste": "voter"}).status_code == 302
    assert Bulletin.objects.get().notes == {"p1": 1}


def test_deux_onglets(client, camille):
    """The second tab does not know of the first one: it is told, and may replace it knowingly."""
    ouvert = de_forme("choix")
    with pendant(ouvert):
        premier = caches(relire(client, ouvert, {"choix": "p1"}))
        second = caches(relire(client, ouvert, {"choix": "p2"}))
        assert client.post(adresse(ouvert), {**premier, "geste": "voter"}).status_code == 302
        assert client.post(adresse(ouvert), {**premier, "geste": "voter"}).status_code == 302, "sent twice is once"
        recu = client.post(adresse(ouvert), {**second, "geste": "voter"})
        page = recu.content.decode()
        assert recu.status_code == 409 and "déjà voté autrement" in page and "Bancs de la place" in page
        assert Bulletin.objects.get().notes == {"p1": 1}
        assert client.post(adresse(ouvert), {**caches(page), "geste": "voter"}).status_code == 302
    assert (Bulletin.objects.get().notes, Emargement.objects.count()) == ({"p2": 1}, 1)


@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.parametrize(
    ("etat", "phrase"),
    [("annonce", "n’est pas encore ouvert"), ("clos", "Le vote est terminé"), ("annule", "Ce vote est annulé")],
)
def test_hors_du_temps_du_vote(client, camille, etat, phrase, methode):
    ferme = de_forme("choix", "clos" if etat == "clos" else "annonce")
    if etat == "annule":
        franchir(ferme.annuler, par=PersonneFabrique(roles=["agent"]), motif="Une erreur dans la liste.")
    instant = ferme.ferme_le + timedelta(days=1) if etat == "clos" else ferme.ouvre_le - timedelta(minutes=30)
    with time_machine.travel(instant, tick=False):
        champs = {"geste": "voter", "choix": "p1", "empreinte": ferme.empreinte}
        recu = getattr(client, methode)(adresse(ferme), champs if methode == "post" else {})
    page = recu.content.decode()
    assert recu.status_code == 409 and phrase in page
    assert ("n’a pas été compté" in page) is (methode == "post")
    assert not Bulletin.objects.exists()


def test_trop_de_bulletins(client, camille, monkeypatch):
    ouvert = de_forme("choix")
    with pendant(ouvert):
        champs = caches(relire(client, ouvert, {"choix": "p1"}))
        codes = {client.post(adresse(ouvert), {**champs, "geste": "voter"}).status_code for _ in range(ENVOIS.maximum)}
        recu = client.post(adresse(ouvert), {**champs, "geste": "voter"})
    assert codes == {302} and recu.status_code == 429 and "votre dernier vote compte toujours" in recu.content.decode()


# --- Who she is, said afterwards -----------------------------------------------------------------------------------------


def test_ce_qui_est_coche_attend_la_connexion(client):
    ouvert = de_forme("sac")
    personne = votante()
    with pendant(ouvert):
        page = relire(client, ouvert, {"choix": ["p1", "p2"]})
        assert "Dites qui vous êtes pour voter" in page and 'value="voter"' not in page
        retour = f"{adresse(ouvert)}?relire"
        assert f"next={adresse(ouvert)}%3Frelire" in page
        assert client.post(adresse(ouvert), {**caches(page), "geste": "voter"}).status_code == 403
        assert not Bulletin.objects.exists()
        client.post(
            reverse("account_login"), {"login": personne.email, "password": "mot de passe des essais", "next": retour}
        )
        if "_auth_user_id" not in client.session:  # the factory's own way in
            session = dict(client.session.items())
            client.force_login(personne)
            suite = client.session
            suite.update(session)
            suite.save()
        page = client.get(retour).content.decode()
        assert "Bancs de la place" in page and "Fontaine du marché" in page and 'value="voter"' in page
        assert client.post(adresse(ouvert), {**caches(page), "geste": "voter"}).status_code == 302
    assert Bulletin.objects.get().notes == {"p1": 1, "p2": 1}
    assert "votes.bulletins" not in client.session or client.session["votes.bulletins"] == {}


REFUS = [
    ("adresse", {}, "vérifiez d’abord votre adresse e-mail", "account_email"),
    ("age", {"age_min": 16}, "Dites dans votre profil votre année de naissance.", "comptes:profil"),
    ("commune", {"qui": "habitantes"}, "Dites dans votre profil où vous habitez.", "comptes:profil"),
]


def commune(nom="Le Port") -> Territoire:
    return Territoire.objects.create(genre="commune", nom=nom, slug=slugify(nom), code=slugify(nom)[:10])


@pytest.mark.parametrize(("cas", "champs", "phrase", "lien"), REFUS)
def test_qui_n_est_pas_admise_sait_quoi_faire_et_retrouve_son_choix(client, cas, champs, phrase, lien):
    if cas == "commune":
        champs = {**champs, "territoire": commune()}
    ouvert = de_forme("choix", **champs)
    personne = votante()
    if cas == "adresse":
        personne.emailaddress_set.update(verified=False)
    client.force_login(personne)
    with pendant(ouvert):
        page = relire(client, ouvert, {"choix": "p2"})
        assert phrase in page and reverse(lien) in page and 'value="voter"' not in page
        assert "Votre choix est gardé" in page
        for url in (ouvert.get_absolute_url(), adresse(ouvert)):
            page = client.get(url).content.decode()
            assert phrase in page and reverse(lien) in page
        recu = client.post(adresse(ouvert), {"geste": "voter", "choix": "p2", "empreinte": ouvert.empreinte})
        assert recu.status_code == 403 and phrase in recu.content.decode() and not Bulletin.objects.exists()
        if cas == "age":
            personne.annee_naissance = 1984
            personne.save()
            page = client.get(f"{adresse(ouvert)}?relire").content.decode()
            assert client.post(adresse(ouvert), {**caches(page), "geste": "voter"}).status_code == 302
            assert Bulletin.objects.get().notes == {"p2": 1}


@pytest.mark.parametrize("verifiee", [True, False])
@pytest.mark.parametrize("cas", ["ailleurs", "trop jeune"])
def test_qui_ne_peut_pas_etre_admise_n_est_pas_invitee_a_voter(client, cas, verifiee):
    """She reads why and nothing else: no button, nothing to come back for, no address to verify for nothing."""
    if cas == "ailleurs":
        champs, phrase = {"qui": "habitantes", "territoire": commune()}, "Votre profil dit que vous habitez ailleurs."
        personne = votante(commune=commune("Les Hauts"))
    else:
        champs, phrase = {"age_min": 16}, "Votre profil dit que vous êtes plus jeune."
        personne = votante(annee_naissance=timezone.localdate().year - 12)
    personne.emailaddress_set.update(verified=verifiee)
    ouvert = de_forme("choix", **champs)
    client.force_login(personne)
    with pendant(ouvert):
        page = client.get(ouvert.get_absolute_url()).content.decode()
        assert phrase in page and reverse("votes:voter", args=[ouvert.slug]) not in page
        assert "À vous de voter" not in page and "Vous avez jusqu’au" not in page
        assert phrase in client.get(adresse(ouvert)).content.decode()
        page = relire(client, ouvert, {"choix": "p2"})
        assert phrase in page and 'value="voter"' not in page and "Votre choix est gardé" not in page
        assert "Compléter mon profil" not in page and "Vérifier mon adresse" not in page


def test_le_choix_d_une_enveloppe_n_invite_pas_qui_ne_peut_pas_etre_admise(client):
    ouvert = avec_territoires(age_min=16)
    personne = votante(annee_naissance=timezone.localdate().year - 12)
    client.force_login(personne)
    with pendant(ouvert):
        page = client.get(reverse("votes:voter", args=[ouvert.slug])).content.decode()
        assert "Votre profil dit que vous êtes plus jeune." in page and adresse(ouvert) not in page
        personne.annee_naissance = None
        personne.save()
        page = client.get(reverse("votes:voter", args=[ouvert.slug])).content.decode()
        assert reverse("comptes:profil") in page and adresse(ouvert) in page


def test_on_ne_lit_que_son_vote(client):
    ouvert = de_forme("choix")
    une, autre = votante(), votante()
    with pendant(ouvert):
        client.force_login(une)
        voter_par_les_pages(client, ouvert, {"choix": "p1"})
        mien = client.get(reverse("votes:mon_vote", args=[ouvert.slug]))
        assert "Bancs de la place" in mien.content.decode() and "no-store" in mien["Cache-Control"]
        client.force_login(autre)
        assert "Vous n’avez pas voté" in client.get(reverse("votes:mon_vote", args=[ouvert.slug])).content.decode()
        client.logout()
        assert client.get(reverse("votes:mon_vote", args=[ouvert.slug])).status_code == 302


# --- The cost of a page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("forme", ["sac", "mentions", "classement"])
def test_un_bulletin_coute_autant_avec_cinquante_propositions(client, camille, forme, django_assert_max_num_queries):
    def requetes(nombre) -> int:
        ouvert = de_forme(forme, propositions=[(f"Proposition {n}", 100) for n in range(nombre)])
        with pendant(ouvert):
            client.get(adresse(ouvert))
            with django_assert_max_num_queries(40) as captees:
                assert client.get(adresse(ouvert)).status_code == 200
        return len(captees)

    assert requetes(2) == requetes(50)


def test_l_ordre_est_tire_et_garde_apres_une_erreur(client, camille):
    ouvert = de_forme("approbation", propositions=[(f"Proposition {n}", 1) for n in range(30)])

    def ordre(page):
        return [morceau.partition('"')[0] for morceau in page.split('name="choix" id="id_')[1:]]

    with pendant(ouvert):
        ordres = {tuple(ordre(client.get(adresse(ouvert)).content.decode())) for _ in range(4)}
        assert len(ordres) > 1
        recus = [client.post(adresse(ouvert), {"geste": "compter", "tirage": "42"}).content.decode() for _ in range(2)]
    assert ordre(recus[0]) == ordre(recus[1]) != [f"p{n}" for n in range(1, 31)]


def test_oui_puis_non_ne_se_tire_pas(client, camille):
    ouvert = scrutin("brouillon", regle="oui-non", forme="choix", propositions=())
    enveloppe = ouvert.enveloppes.get()
    for rang, cle in enumerate(("oui", "non"), start=1):
        Option.objects.create(scrutin=ouvert, enveloppe=enveloppe, cle=cle, rang=rang, titre=cle.title())
    ouvert = amener(ouvert, "ouvert", agent=PersonneFabrique(roles=["agent"]))
    with pendant(ouvert):
        pages = [client.get(adresse(ouvert)).content.decode() for _ in range(4)]
    assert all(page.index("id_oui") < page.index("id_non") for page in pages)
    assert "tiré au sort à chaque visite" not in pages[0]


def test_le_premier_bulletin_ouvre_la_porte_si_l_horloge_tarde(client, camille):
    ouvert = de_forme("choix", "annonce")
    with pendant(ouvert):
        assert voter_par_les_pages(client, ouvert, {"choix": "p1"}).status_code == 302
    assert Scrutin.objects.get(pk=ouvert.pk).etat == "ouvert"
    assert SYSTEME.pk is None and Bulletin.objects.count() == 1
