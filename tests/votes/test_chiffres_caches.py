"""Hidden figures: every door of the site, walked by everybody, tells of a vote nothing but the number of people who voted."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command

from comptes.models import Utilisateur
from tests.votes.fabriques import amener, scrutin, voter_pour
from tests.votes.parcours_http import pendant
from timeline.etapes import franchir
from votes.models import Bulletin, Emargement, Option, Scrutin

pytestmark = pytest.mark.django_db

#: 1,947 people: 1,433 for the first option, 514 for the second, and points that say the same.
VOTANTES, POUR, CONTRE = 1947, 1433, 514
TRACES = re.compile(
    r"\b1[\s\u00a0\u202f.,]?433\b|\b514\b|\b73[.,]6|\b26[.,]4|\b8[\s\u00a0\u202f.,]?598\b|\b3[\s\u00a0\u202f.,]?084\b"
)
#: Outlines of icons, fingerprints and instants (« 12:00:26.4… »): digits that count nothing.
SANS_CHIFFRE = re.compile(
    r"""\bd=["'][^"']*["']|\b[0-9a-f]{16,}\b|csrfmiddlewaretoken" value="\w+|\b[\d-]{10}[T ][\d:.]{8,15}"""
)
#: A value of `data-…` may be words or a number: it is an address when it begins as one.
ADRESSE = re.compile(r"""(?:href|src|action|hx-get|data-[\w-]+(?==["'](?:[/?]|https?:)))=["']([^"'#]+)""")
PAGES_MAX = 115
DEPARTS = (
    "/",
    "/votes/",
    "/votes/?etat=ouverts",
    "/chronologie/",
    "/chronologie/?genre=votes",
    "/chronologie/atom.xml",
    "/calendrier.ics",
    "/recherche/?q=canari",
    "/api/v1/votes/",
    "/api/v1/journal/?genre=votes",
    "/mon-espace/",
    "/mon-espace/votes/",
    "/mon-espace/mes-donnees/",
    "/bureau/",
    "/bureau/signatures/",
    "/bureau/votes/",
    "/administration/",
    "/plan-du-site/",
    "/plan.xml",
    "/plan-pages.xml",
    "/sante",
)
PORTES = ("", "reglement.json", "verifier/", "propositions/", "propositions/?ordre=publie", "propositions/p1/",
          "propositions/p2/", "voter/", "mon-vote/", "resultats/", "resultats.json", "donnees/bulletins.csv")  # fmt: skip
PORTES_API = ("", "reglement/", "propositions/", "propositions/p1/", "propositions/p2/", "resultats/")


def _tenue(client, adresse, personne) -> list[str]:
    """Asks one address, finds no trace in what comes, and gives the addresses that it names."""
    reponse = client.get(adresse)
    corps = reponse.getvalue() if reponse.streaming else reponse.content
    # How long an answer is tells nothing, and may be any number, one of those sought too.
    entetes = " ".join(f"{nom}: {valeur}" for nom, valeur in reponse.items() if nom != "Content-Length")
    if reponse.get("Content-Type", "").startswith(("image/", "font/", "application/pdf", "application/zip")):
        return []
    vu = f"{SANS_CHIFFRE.sub('', unescape(corps.decode(errors='replace')))}\n{entetes}"
    trouvee = TRACES.search(vu)
    assert not trouvee, (adresse, str(personne), vu[max(0, trouvee.start() - 200) : trouvee.end() + 60])
    if reponse.status_code in {301, 302}:
        return [urljoin(adresse, reponse["Location"])]
    if not reponse.get("Content-Type", "").startswith("text/html"):
        return []
    return [urljoin(adresse, trouve) for trouve in ADRESSE.findall(corps.decode(errors="replace"))]


def _a_suivre(adresse: str) -> str | None:
    vue = urlsplit(unescape(adresse))
    if vue.netloc not in {"", "testserver"} or vue.scheme not in {"", "http", "https"} or not vue.path.startswith("/"):
        return None
    if vue.path.startswith(("/static/", "/medias/", "/fichiers/", "/compte", "/administration/doc", "/api/v1/schema")):
        return None
    return vue.path + (f"?{vue.query}" if vue.query else "")


def beaucoup_de_gens() -> list[Utilisateur]:
    return Utilisateur.objects.bulk_create(
        Utilisateur(email=f"{n}@exemple.invalid", pseudonyme=f"Votante {n}", pseudonyme_cle=f"v-{n}", password="!")
        for n in range(VOTANTES)
    )


def en_masse(ouvert: Scrutin, gens, notes) -> None:
    """`notes(n)` of each of many people, without the cost of as many visits."""
    enveloppe = ouvert.enveloppes.get()
    faits = Emargement.objects.bulk_create(
        Emargement(scrutin=ouvert, enveloppe=enveloppe, personne=personne, le=ouvert.ouvre_le) for personne in gens
    )
    Bulletin.objects.bulk_create(
        Bulletin(scrutin=ouvert, enveloppe=enveloppe, emargement=emargement, notes=notes(n), depose_le=ouvert.ouvre_le)
        for n, emargement in enumerate(faits)
    )


def approbations(n) -> dict[str, int]:
    return {"p1": 1} if n < POUR else {"p2": 1}


def points(n) -> dict[str, int]:
    return {"p1": 6} if n < POUR else {"p2": 6}


#: A vote of each form at each of these stages, all in one world: every door must keep silent about each of them.
ETATS = ("ouvert", "clos", "annule")
FORMES = {
    "approbation": (approbations, {"regle": "approbation"}),
    "points": (points, {"regle": "points", "points_total": 10}),
}


def un_vote(etat, forme, gens, *, agent, citoyenne) -> Scrutin:
    notes, champs = FORMES[forme]
    fait = scrutin("ouvert", agent=agent, titre=f"Vote canari {forme} {etat}", forme=forme, **champs)
    en_masse(fait, gens, notes)
    voter_pour(fait, notes={"p2": 1}, personne=citoyenne)  # she has voted, and sees no more for it
    Option.objects.filter(scrutin=fait, cle="p3").update(retiree_le=fait.ouvre_le, motif_retrait="Vendue.")
    if etat == "clos":
        return amener(fait, "clos", agent=agent)
    if etat == "annule":
        franchir(fait.annuler, par=agent, motif="Une erreur dans la liste.")
    return fait


def portes(fait) -> list[str]:
    siennes = [f"{fait.get_absolute_url()}{porte}" for porte in PORTES]
    siennes.append(f"{fait.get_absolute_url()}voter/{fait.enveloppes.get().pk}/")
    return siennes + [f"/api/v1/votes/{fait.slug}/{porte}" for porte in PORTES_API]


@pytest.mark.une_fois("des pages et des droits, les mêmes sur les deux bases")
def test_aucune_porte_du_site_ne_dit_un_chiffre(client, agent, elue, moderatrice, administratrice, citoyenne):
    call_command("charger_territoires", verbosity=0)
    gens = beaucoup_de_gens()  # the same ones vote everywhere
    faits = [un_vote(etat, forme, gens, agent=agent, citoyenne=citoyenne) for etat in ETATS for forme in FORMES]
    siennes = [porte for fait in faits for porte in portes(fait)]
    siennes += [
        f"/administration/votes/{nom}/"
        for nom in ("scrutin", "bulletin", "emargement", "option", "comptage", "enveloppe")
    ]
    for personne in (None, citoyenne, agent, elue, moderatrice, administratrice):
        client.logout()
        if isinstance(personne, Utilisateur):
            client.force_login(personne)
        with pendant(faits[0]):
            suites = [suite for porte in siennes for suite in _suites(client, porte, personne)]
            vues, file = {_forme(porte) for porte in siennes}, [*suites, *DEPARTS]
            while file and len(vues) < PAGES_MAX:
                adresse = file.pop(0)
                if _forme(adresse) not in vues:
                    vues.add(_forme(adresse))
                    file += _suites(client, adresse, personne)
        assert len(vues) > 70, "the walk found few pages"


def _forme(adresse: str) -> str:
    """One page of each list is enough: its order and its filters show the same cards."""
    return re.sub(r"\d+", "0", adresse)


def _suites(client, adresse, personne) -> list[str]:
    return [suite for trouvee in _tenue(client, adresse, personne) if (suite := _a_suivre(trouvee))]


def test_la_marche_sait_trouver_un_chiffre():
    """The walk above would see these figures, however they are written."""
    for ecrit in ("1433 voix", "1\u202f433", "1,433", "514", "73,6 %", "26.4%", "8598", "3\u00a0084 points"):
        assert TRACES.search(f"<p>{ecrit}</p>")
    assert not TRACES.search("<p>1 948 personnes ont voté</p>")


def test_un_vote_clos_garde_le_nombre_de_personnes(client, agent):
    ouvert = scrutin("ouvert", agent=agent, regle="approbation")
    for _ in range(3):
        voter_pour(ouvert, "p1")
    franchi = Scrutin.objects.get(pk=amener(ouvert, "clos", agent=agent).pk)
    page = client.get(franchi.get_absolute_url()).content.decode()
    assert "3 personnes ont voté" in page
