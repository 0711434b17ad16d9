"""Filters, orders and pages are closed lists: nothing of the address reaches the database by name."""

import pytest
from django.core.cache import cache

from api.pages import description
from reponses.models import Reponse
from tests.fabriques import IdeeFabrique

pytestmark = pytest.mark.django_db

LISTES = [
    "idees/", "projets/", "reponses/", "journal/", "journal/registres/", "territoires/", "boites/", "thematiques/",
    "notifications/", "moi/idees/", "moi/soutiens/", "moi/suivis/", "idees/{publiee}/commentaires/",
    "projets/{projet}/documents/", "projets/{projet}/actualites/",
]  # fmt: skip
INJECTIONS = [
    "user__email__startswith=a", "auteur__email__startswith=canari", "auteur__password__gt=", "ordre=auteur__email",
    "ordering=auteur__last_login", "ordre=-pk", "theme=x'--", "_connector=OR 1=1", "_negated=1", "etat__in=brouillon",
    "etat=brouillon", "masquee_le__isnull=0", "lieu=%00", "theme=a%00b", "boite=%ED%A0%80", "genre=idees%25",
    "projet=*", "cible=idees.idee", "cible=auth.user:1", "cible=idees.idee:1%00", f"cible=idees.idee:{10**20}",
    "personne=1", "non_lues=peut-etre", "raison=1", "delai=hier", "decision=__all__", "parent=1", "fields=*",
    "include=auteur.email", "format=api", "search=a*",
]  # fmt: skip
PAGES = [
    "limit=0", "limit=-1", "limit=1e400", "limit=NaN", "limit=", "limit=1.5", f"limit={10**30}", "limit=%00", "limit=a",
    "offset=-1", f"offset={10**30}", "offset=" + "9" * 5000, "offset=۳",
]  # fmt: skip


def test_une_injection_ne_change_rien(monde, api, adresse):
    """A value that makes no sense is refused, or finds nothing; a name that the list does not describe means nothing to it."""
    client, fautes = api(monde.autrice), []
    for chemin in LISTES:
        cache.clear()  # this asks more, and faster, than anybody may
        url, connus = adresse(chemin), noms_decrits(chemin)
        tous = client.get(url).json()["results"]
        for injection in INJECTIONS:
            permis = [(200, tous)]
            if injection.partition("=")[0] in connus:
                permis += [(200, []), (400, None)]
            if (obtenu := essayer(client, url, injection)) not in permis:
                fautes.append((chemin, injection, obtenu[0]))
    assert fautes == []


def noms_decrits(chemin) -> set[str]:
    """The parameters that the description of a list names."""
    decrite = f"/api/v1/{chemin}".replace("{publiee}", "{id}").replace("{projet}", "{slug}")
    return {parametre["name"] for parametre in description()["paths"][decrite]["get"].get("parameters", [])}


def essayer(client, url, injection):
    """The status, and what is listed."""
    reponse = client.get(f"{url}?{injection}")
    return reponse.status_code, reponse.json().get("results")


def test_une_page_insensee_est_refusee(monde, api, adresse):
    client = api(monde.autrice)
    for chemin in LISTES:
        cache.clear()
        for page in PAGES:
            reponse = client.get(f"{adresse(chemin)}?{page}")
            assert (reponse.status_code, list(reponse.json())) == (400, [page.split("=")[0]]), (chemin, page)
        assert client.get(f"{adresse(chemin)}?limit=1000000&offset=999999999").json()["results"] == [], chemin


def test_une_page_ne_depasse_pas_cent_lignes(api):
    boite = IdeeFabrique(etat="publiee").boite
    from projets.models import Thematique

    Thematique.objects.bulk_create([Thematique(nom=f"t{n}", slug=f"t{n}") for n in range(150)])
    page = api().get("/api/v1/thematiques/?limit=100000").json()
    assert (len(page["results"]), page["count"]) == (100, Thematique.objects.count())
    assert page["count"] > 150
    assert boite.idees.count() == 1


def test_les_filtres_des_idees(monde, api, adresse):
    def trouver(filtre):
        return {idee["id"] for idee in api().get(adresse(f"idees/?{filtre}")).json()["results"]}

    ouvertes, etude, retenues = {monde.publiee.pk}, {monde.en_etude.pk, monde.autre.pk}, {monde.retenue.pk}
    assert trouver("") == ouvertes | etude | retenues
    assert trouver("etat=ouvertes") == ouvertes
    assert trouver("etat=etude") == etude
    assert trouver("etat=retenues") == retenues
    assert trouver("etat=retard") == set()
    assert trouver(f"theme={monde.publiee.thematique.slug}") == ouvertes
    assert trouver("theme=inconnu") == set()
    assert trouver("lieu=ville-fictive&etat=etude") == {monde.en_etude.pk}
    assert trouver("boite=boite-cachee") == set()
    refus = api().get(adresse("idees/?etat=brouillon"))
    assert (refus.status_code, list(refus.json())) == (400, ["etat"])


def test_les_filtres_de_la_chronologie(monde, api, adresse):
    def trouver(filtre, personne=None):
        return {e["type"] for e in api(personne).get(adresse(f"journal/?limit=100&{filtre}")).json()["results"]}

    assert trouver("genre=moderation") == {"moderation.masquer"}
    assert trouver(f"cible=idees.idee:{monde.publiee.pk}") == {"idees.publier"}
    assert "idees.soumettre" in trouver(f"cible=idees.idee:{monde.publiee.pk}", monde.autrice)
    assert "projets.annoncer" in trouver("projet=projet-annonce")
    assert trouver("cible=rien.rien:1") == set()


def test_les_filtres_des_reponses(monde, api, adresse):
    def trouver(filtre):
        return [r["id"] for r in api().get(adresse(f"reponses/?{filtre}")).json()["results"]]

    a_la_question = Reponse.objects.sur(monde.question).get()
    assert (trouver("decision=go"), trouver("decision=no_go"), trouver("delai=a_temps")) == (
        [monde.reponse.pk],
        [],
        [a_la_question.pk, monde.reponse.pk],
    )
