"""A list costs the same number of queries with one line and with fifty."""

from itertools import count

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commentaires.actions import commenter
from idees.models import Idee, Photo
from notifications.abonnements import abonner
from notifications.models import Notification
from projets.models import Actualite, Document, VersionDocument
from reponses.models import Echeance, Jalon, Reponse
from territoires.models import Territoire
from tests.communautes.fabriques import ouvrir as ouvrir_une_communaute
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    SoutienFabrique,
    ThematiqueFabrique,
    publier_reponse,
)
from tests.votes.fabriques import amener, scrutin
from timeline.etapes import franchir
from timeline.models import Entree
from votes.models import Option, Scrutin

pytestmark = pytest.mark.django_db
BEAUCOUP = 50


@pytest.fixture
def moi(db):
    return PersonneFabrique(pseudonyme="Camille Exemple")


@pytest.fixture
def projet(db):
    projet = ProjetFabrique(slug="le-projet", ouvert=True)
    EtapeFabrique(projet=projet)
    return projet


numeros = count(1)


def un_lieu():
    n = next(numeros)
    return Territoire.objects.create(genre="commune", nom=f"Lieu {n}", slug=f"lieu-{n}", code=f"c{n}")


def une_idee(moi, projet):
    """Published, with everything that a card shows, each thing its own."""
    boite = BoiteFabrique(etape=projet.etapes.first(), moderation="apres", territoire=un_lieu())
    idee = IdeeFabrique(boite=boite, auteur=moi, territoire=un_lieu())
    franchir(idee.soumettre, par=moi)
    Photo.objects.create(idee=idee, alternative="Un banc", largeur=1, hauteur=1, fichier="x.webp", vignette="y.webp")
    Echeance.lancer(idee, service=ServiceFabrique(), jours=10)
    SoutienFabrique(idee=idee, personne=moi)
    return idee


def un_commentaire(moi, projet):
    idee = Idee.objects.first() or une_idee(moi, projet)
    return commenter(idee, par=PersonneFabrique(), texte="Je suis du même avis.")


def une_entree(moi, projet):
    idee = une_idee(moi, projet)
    commentaire = commenter(idee, par=PersonneFabrique(), texte="D’accord.")
    entree = Entree.objects.sur(commentaire).get()
    Notification.objects.create(personne=moi, entree=entree)


def une_reponse(moi, projet):
    """A whole chain, once; the others are copies, published as it was, each on its own idea."""
    modele = Reponse.objects.filter(corrige=None).first()
    if modele is None:
        return publier_reponse(IdeeFabrique(etat="en_etude"))
    copie = Reponse.objects.get(pk=modele.pk)
    copie.pk, copie.cible_id = None, une_idee(moi, projet).pk
    Reponse.objects.bulk_create([copie])
    Jalon.objects.create(reponse=copie, titre="Choisir", prevu_le=timezone.localdate())
    return copie


def un_projet(moi, projet):
    autre = ProjetFabrique(territoire=un_lieu())
    autre.thematiques.add(ThematiqueFabrique())
    EtapeFabrique(projet=autre)
    abonner(moi, autre)


def un_document(moi, projet):
    document = Document.objects.create(projet=projet, titre="Le dossier")
    VersionDocument.objects.create(
        document=document, numero=1, nom="d.pdf", taille=1, empreinte="0" * 64, fichier=ContentFile(b"x", "d.pdf")
    )
    Actualite.objects.create(projet=projet, titre="Une nouvelle", texte="Bonne.")


def un_vote(moi, projet):
    """A copy of one that was announced: other votes cost less than announcements."""
    modele = Scrutin.objects.first() or scrutin("annonce", regle="approbation", slug="le-vote", titre="Le vote")
    n = next(numeros)
    copie = Scrutin.objects.get(pk=modele.pk)
    copie.pk, copie.slug, copie.territoire = None, f"copie-{n}", un_lieu()
    Scrutin.objects.bulk_create([copie])


def une_proposition(moi, projet):
    """The whole list at once: an announced one does not grow."""
    if Option.objects.filter(scrutin__slug="la-liste").count() > BEAUCOUP:
        return
    propositions = [(f"Proposition {n}", 100) for n in range(BEAUCOUP + 1 if Scrutin.objects.exists() else 2)]
    prepare = scrutin("brouillon", regle="approbation", propositions=propositions)
    Scrutin.objects.filter(slug="la-liste").update(slug=f"avant-{prepare.pk}")
    Scrutin.objects.filter(pk=prepare.pk).update(slug="la-liste")
    amener(Scrutin.objects.get(pk=prepare.pk), "annonce", agent=PersonneFabrique(roles=["agent"]))


def une_communaute(moi, projet):
    ouvrir_une_communaute(territoire=un_lieu())
    ouvrir_une_communaute(thematique=ThematiqueFabrique())
    ouvrir_une_communaute(projet=projet)


LISTES = {
    "idees/": une_idee,
    "idees/?etat=ouvertes&ordre=soutenues": une_idee,
    "boites/": une_idee,
    "thematiques/": une_idee,
    "territoires/": une_idee,
    "moi/idees/": une_idee,
    "moi/soutiens/": une_idee,
    "moi/suivis/": une_idee,
    "idees/{idee}/commentaires/": un_commentaire,
    "journal/": une_entree,
    "journal/?projet=le-projet": une_entree,
    "journal/registres/": un_projet,
    "notifications/": une_entree,
    "reponses/": une_reponse,
    "projets/": un_projet,
    "communautes/": une_communaute,
    "votes/": un_vote,
    "votes/?etat=annonce": un_vote,
    "votes/la-liste/propositions/": une_proposition,
    "projets/le-projet/documents/": un_document,
    "projets/le-projet/actualites/": un_document,
}  # fmt: skip


@pytest.mark.parametrize("chemin", LISTES)
def test_autant_de_requetes_pour_une_ligne_que_pour_cinquante(chemin, moi, projet, api):
    ajouter, client = LISTES[chemin], api(moi)
    premier = ajouter(moi, projet)
    url = f"/api/v1/{chemin}{'&' if '?' in chemin else '?'}limit=100"
    if "{idee}" in url:
        url = url.format(idee=premier.cible_id)
    requetes = {}
    for nombre in (1, BEAUCOUP):
        while _lignes(client, url) < nombre:
            for _ in range(10):
                ajouter(moi, projet)
        cache.clear()
        _lignes(client, url)  # what is cached once a process is
        with CaptureQueriesContext(connection) as capture:
            lignes = _lignes(client, url)
        requetes[nombre] = (len(capture), [q["sql"][:200] for q in capture])
        assert lignes >= nombre
    assert requetes[1][0] == requetes[BEAUCOUP][0], requetes[BEAUCOUP][1]
    assert requetes[1][0] <= 16


def _lignes(client, url) -> int:
    reponse = client.get(url)
    assert reponse.status_code == 200, reponse.content
    return len(reponse.json()["results"])
