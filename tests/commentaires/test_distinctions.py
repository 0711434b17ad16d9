"""« A fait évoluer l’idée »: who says it, of what, and how it is taken back."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from commentaires.actions import commenter
from commentaires.distinctions import distinguer
from commentaires.models import Distinction
from moderation.actions import masquer
from notifications.annonces import annoncer
from notifications.models import Courriel
from socle.permissions import SYSTEME
from tests.fabriques import IdeeFabrique, PersonneFabrique
from tests.idees.gestes import coautrice_de
from tests.requetes import copier, requetes
from tests.tableau import issue, noms
from timeline.etapes import EtapeImpossible, EtapeInterdite, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db

ROLES = ("visiteur", "commentatrice", "voisin", "autrice_de_l_idee", "agent", "moderatrice", "elue", "systeme")
CHANGE = "Les bancs seront tournés vers le lavoir."


@pytest.fixture
def gens():
    simples = {nom: PersonneFabrique() for nom in ("commentatrice", "voisin", "autrice_de_l_idee")}
    maison = {nom: PersonneFabrique(roles=[nom]) for nom in ("agent", "moderatrice", "elue")}
    return simples | maison | {"visiteur": AnonymousUser(), "systeme": SYSTEME}


@pytest.fixture
def commentaire(gens):
    idee = IdeeFabrique(etat="publiee", auteur=gens["autrice_de_l_idee"])
    return commenter(idee, par=gens["commentatrice"], texte="Tournez-les vers le lavoir.")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("etat", ["publie", "masque", "retire"])
def test_qui_distingue(etat, role, gens, commentaire):
    if etat == "masque":
        masquer(commentaire, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Restons polis.")
    if etat == "retire":
        franchir(commentaire.retirer, par=gens["commentatrice"])
    titre = {"autrice_de_l_idee": "autrice", "agent": "collectivite"}.get(role)
    if etat == "publie" and titre:
        posee = distinguer(commentaire, par=gens[role], ce_qui_change=CHANGE)
        assert (posee.titre, posee.etat, posee.par) == (titre, "posee", gens[role])
        entree = Entree.objects.get(type="commentaires.distinguer")
        assert entree.est_publique and CHANGE not in str(entree.donnees)
        return
    with pytest.raises((EtapeInterdite, EtapeImpossible)) as refus:
        distinguer(commentaire, par=gens[role], ce_qui_change=CHANGE)
    assert refus.value.statut == (403 if etat == "publie" else 409)
    assert not Distinction.objects.exists()


def test_qui_l_a_ecrite_a_plusieurs_le_dit_comme_son_autrice(gens, commentaire):
    """Whatever her role: of her own idea an agent is an author."""
    equipe = [coautrice_de(commentaire.cible, pseudonyme="Coraline"), coautrice_de(commentaire.cible, roles=["agent"])]
    for personne in equipe:
        client = Client()
        client.force_login(personne)
        adresse = reverse("commentaires:distinguer", args=[commentaire.pk])
        assert adresse in client.get(commentaire.cible.get_absolute_url()).content.decode()
        assert client.post(adresse, {"ce_qui_change": CHANGE}).status_code == 302
        posee = Distinction.objects.posees().get()
        assert (posee.titre, posee.par) == ("autrice", personne)
        franchir(posee.retirer, par=equipe[0], motif="Je me suis trompée.")


def test_personne_ne_distingue_ses_propres_mots(gens):
    idee = IdeeFabrique(etat="publiee", auteur=gens["autrice_de_l_idee"])
    for role in ("autrice_de_l_idee", "agent"):
        sien = commenter(idee, par=gens[role], texte=f"De {role}.")
        with pytest.raises(EtapeInterdite):
            distinguer(sien, par=gens[role], ce_qui_change=CHANGE)


#: (state, transition) -> (state reached, who may, by capacity in which it was said)
TABLE = {
    ("posee", "retirer"): (
        "retiree",
        {"autrice": {"autrice_de_l_idee", "moderatrice"}, "collectivite": {"agent", "moderatrice"}},
    )
}


def test_la_table_connait_toute_la_machine():
    assert {nom for _etat, nom in TABLE} == noms(Distinction)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("titre", ["autrice", "collectivite"])
@pytest.mark.parametrize("etat", Distinction.Etat.values)
def test_table(etat, titre, role, gens, commentaire):
    dit_par = {"autrice": "autrice_de_l_idee", "collectivite": "agent"}[titre]
    posee = distinguer(commentaire, par=gens[dit_par], ce_qui_change=CHANGE)
    if etat == "retiree":
        franchir(posee.retirer, par=gens[dit_par], motif="Je me suis trompé.")
    vise, permis = TABLE.get((etat, "retirer"), (None, {}))
    attendu = "409" if vise is None else vise if role in permis[titre] else "403"
    assert issue(Distinction.objects.get(pk=posee.pk), "retirer", gens[role], motif="Je me suis trompé.") == attendu


def test_deux_fois_c_est_une_et_apres_un_retrait_on_peut_le_redire(gens, commentaire):
    posee = distinguer(commentaire, par=gens["agent"], ce_qui_change=CHANGE)
    with pytest.raises(EtapeImpossible):
        distinguer(commentaire, par=gens["autrice_de_l_idee"], ce_qui_change="Autre chose.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Distinction.objects.create(commentaire=commentaire, ce_qui_change="x", titre="autrice")
    franchir(posee.retirer, par=gens["agent"], motif="Je me suis trompé.")
    distinguer(commentaire, par=gens["autrice_de_l_idee"], ce_qui_change="Autre chose.")
    assert Distinction.objects.posees().count() == 1


def test_la_page_le_dit_en_tete_et_l_oublie_avec_les_mots(gens, commentaire, moderatrice):
    distinguer(commentaire, par=gens["agent"], ce_qui_change=CHANGE)
    adresse = commentaire.cible.get_absolute_url()
    page = Client().get(adresse).content.decode()
    assert "Ce que la discussion a changé" in page and CHANGE in page
    masquer(commentaire, par=moderatrice, motif="injure", explication="Restons polis.")
    page = Client().get(adresse).content.decode()
    assert CHANGE not in page and "Tournez-les" not in page


def test_par_la_page_avec_et_sans_raison(gens, commentaire):
    client = Client()
    client.force_login(gens["agent"])
    adresse = reverse("commentaires:distinguer", args=[commentaire.pk])
    assert "Tournez-les vers le lavoir." in client.get(adresse).content.decode()
    vide = client.post(adresse, {"ce_qui_change": " "})
    assert vide.status_code == 422 and "Écrivez en une phrase ce qui a changé." in vide.content.decode()
    assert client.post(adresse, {"ce_qui_change": CHANGE}).status_code == 302
    posee = Distinction.objects.get()
    retrait = reverse("timeline:etape", args=["commentaires.distinction", posee.pk, "retirer"])
    assert client.post(retrait, {"motif": ""}).status_code == 422
    assert client.post(retrait, {"motif": "Je me suis trompé."}).status_code == 302
    phrase = Entree.objects.get(type="commentaires.distinction.retirer").phrase
    assert "Je me suis trompé." in phrase


@pytest.mark.parametrize("role", ["commentatrice", "voisin", "moderatrice"])
def test_la_page_refuse_les_autres(role, gens, commentaire):
    client = Client()
    client.force_login(gens[role])
    assert client.get(reverse("commentaires:distinguer", args=[commentaire.pk])).status_code == 403


def test_son_autrice_est_prevenue_et_sait_ce_qui_a_change(gens, commentaire):
    distinguer(commentaire, par=gens["agent"], ce_qui_change=CHANGE)
    annoncer(Entree.objects.get(type="commentaires.distinguer").pk)
    courriel = Courriel.objects.get(destinataire=gens["commentatrice"].email)
    assert CHANGE in courriel.texte and CHANGE in courriel.html


def test_cinquante_arguments_ne_coutent_pas_plus_qu_un(gens):
    idee = IdeeFabrique(etat="publiee", auteur=gens["autrice_de_l_idee"])
    gens["coautrice"] = coautrice_de(idee)
    pages = [idee.get_absolute_url(), reverse("commentaires:fil", args=["idees.idee", idee.pk])]

    def couter(suite=""):
        couts = {}
        for role in ("agent", "autrice_de_l_idee", "coautrice", "moderatrice"):
            client = Client()
            client.force_login(gens[role])
            couts |= {(role, page): requetes(client, page + suite) for page in pages}
        return couts

    dit = commenter(idee, par=PersonneFabrique(), texte="Un argument inventé.")
    posee = distinguer(dit, par=gens["agent"], ce_qui_change=CHANGE)
    un, auteurs = couter(), PersonneFabrique.create_batch(49)
    autres = copier(dit, 49, auteur_id=lambda n: auteurs[n].pk)
    copier(posee, 49, commentaire_id=lambda n: autres[n].pk)
    assert (couter(), couter("?fil=2")) == (un, un)
