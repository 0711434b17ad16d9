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


#: What adds one line -> the lists that it adds it to: they are asked together, in one world.
LISTES = {
    une_idee: [
        "idees/", "idees/?etat=ouvertes&ordre=soutenues", "boites/", "thematiques/", "territoires/", "moi/idees/", "moi/soutiens/",
        "moi/suivis/",
    ],
    un_commentaire: ["idees/{idee}/commentaires/"],
    une_entree: ["journal/", "journal/?projet=le-projet", "notifications/"],
    un_projet: ["projets/", "journal/registres/"],
    une_communaute: ["communautes/"],
    une_reponse: ["reponses/"],
    un_vote: ["votes/", "votes/?etat=annonce"],
    une_proposition: ["votes/la-liste/propositions/"],
    un_document: ["projets/le-projet/documents/", "projets/le-projet/actualites/"],
}  # fmt: skip


@pytest.mark.parametrize("ajouter", LISTES, ids=lambda ajouter: ajouter.__name__)
def test_autant_de_requetes_pour_une_ligne_que_pour_cinquante(ajouter, moi, projet, api):
    client, premier, requetes = api(moi), ajouter(moi, projet), {}
    for nombre in (1, BEAUCOUP):
        for chemin in LISTES[ajouter]:
            url = f"/api/v1/{chemin}{'&' if '?' in chemin else '?'}limit=100"
            if "{idee}" in url:
                url = url.format(idee=premier.cible_id)
            while _lignes(client, url) < nombre:
                for _ in range(10):
                    ajouter(moi, projet)
            cache.clear()
            _lignes(client, url)  # what is cached once a process is
            with CaptureQueriesContext(connection) as capture:
                lignes = _lignes(client, url)
            requetes[chemin, nombre] = (len(capture), [q["sql"][:200] for q in capture])
            assert lignes >= nombre, chemin
    for chemin in LISTES[ajouter]:
        (une, _ordres), (beaucoup, ordres) = requetes[chemin, 1], requetes[chemin, BEAUCOUP]
        assert une == beaucoup, (chemin, ordres)
        assert une <= 16, chemin


def _lignes(client, url) -> int:
    reponse = client.get(url)
    assert reponse.status_code == 200, reponse.content
    return len(reponse.json()["results"])
