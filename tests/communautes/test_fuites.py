"""As each person, every page without arguments and every link found there: no word of a closed inside, for whoever is not in."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver

from tests.communautes.monde import FOULE, client_de, octets, qui

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.une_fois("qui lit quoi est décidé par les mêmes requêtes que dans les autres essais"),
]
#: Doors of accounts, of which the words are those of the person alone; the technical desk is that of database rows.
HORS_VISITE = ("/administration/", "/comptes/", "/langue/", "/apparence/", "/static/", "/media/", "/composants/")
LIEN = re.compile(rb"""(?:href|src|hx-get|action|data-es-url)=["']([^"']+)""")
EN_TEXTE = re.compile(r"https?://testserver(/[^\s\"'<>]*)")
PAGES_MAX = 140


def sans_argument(motifs=None, prefixe="/") -> list[str]:
    """Every address of the site that needs nothing to be written."""
    adresses = []
    for motif in get_resolver().url_patterns if motifs is None else motifs:
        texte = str(motif.pattern)
        if "<" in texte or "(" in texte or "^" in texte:
            continue
        if isinstance(motif, URLResolver):
            adresses += sans_argument(motif.url_patterns, prefixe + texte)
        elif isinstance(motif, URLPattern):
            adresses.append(prefixe + texte)
    return [adresse for adresse in adresses if not adresse.startswith(HORS_VISITE)]


def liens(contenu: bytes, ici: str) -> set[str]:
    trouves = {unescape(lien.decode()) for lien in LIEN.findall(contenu)}
    trouves |= set(EN_TEXTE.findall(contenu.decode(errors="ignore")))
    suivis = set()
    for lien in trouves:
        parties = urlsplit(lien)
        if parties.netloc not in {"", "testserver"} or parties.scheme not in {"", "http", "https"}:
            continue
        chemin = parties.path or urlsplit(ici).path
        if chemin.startswith("/") and not chemin.startswith(HORS_VISITE):
            suivis.add(chemin + (f"?{parties.query}" if parties.query else ""))
    return suivis


def visiter(personne, *departs, maximum=PAGES_MAX) -> dict[str, bytes]:
    """{address: all that it answered}, from these addresses and every link found, each shape of address a few times."""
    client, lues, formes = client_de(personne), {}, {}
    file = list(departs)
    while file and len(lues) < maximum:
        adresse = file.pop(0)
        if adresse in lues:
            continue
        forme = re.sub(r"\d+|=[^&]*", "#", adresse)
        formes[forme] = formes.get(forme, 0) + 1
        if formes[forme] > 4:
            continue
        cache.clear()  # reads more, and faster, than anybody may
        lues[adresse] = octets(client.get(adresse))
        file += sorted(liens(lues[adresse], adresse) - lues.keys())
    return lues


def fuites(lues: dict[str, bytes], mots) -> list[tuple[str, str]]:
    """(address, word); an address that already says the word gives back what it was asked for, which says nothing."""
    return [
        (adresse, mot)
        for adresse, contenu in lues.items()
        for mot in mots
        if mot not in adresse and mot.encode() in contenu
    ]


#: Where the search is asked for the words themselves: an answer would say that they exist. (kind of place, address)
RECHERCHES = ("/idees/?q={}", "/communautes/?q={}", "/projets/?q={}", "/api/v1/communautes/?q={}")

#: Who walks, and of which community she is something.
MARCHEUSES = {
    "visiteur": "",
    "etrangere": "",
    "demandee": "sur_demande",
    "exclue": "sur_demande",
    "invitee": "sur_invitation",
    "partie": "sur_invitation",
    "agent": "",
    "moderatrice": "",
}


def secrets_de(lieu, personnage, sienne) -> list[str]:
    """Words that she may not read there."""
    secrets = [*lieu.mots.values()]
    if not (sienne and personnage in {"invitee", "exclue"}) and personnage != "agent":
        # The others know that it exists: they are invited, excluded, or open it. Who has left has its name in her own news.
        secrets += lieu.facade[1:] if sienne and personnage == "partie" else lieu.facade
    # An appeal is read with what it contests by those who decide on it; what was said of herself, each reads.
    propres = {"exclue": {"motif", "appel"}, "demandee": {"message"}}.get(personnage, set()) if sienne else set()
    propres |= {"motif", "appel"} if personnage == "agent" else set()
    return secrets + [mot for rang, mot in lieu.prives.items() if rang not in propres]


@pytest.mark.parametrize("personnage", MARCHEUSES)
def test_rien_de_l_interieur_pour_qui_n_y_est_pas(monde, personnage):
    chez = MARCHEUSES[personnage]
    personne = qui(monde, monde.lieux[chez] if chez else monde.sur_demande, personnage)
    departs = [lieu.communaute.get_absolute_url() for lieu in monde.fermes] + [monde.projet.get_absolute_url()]
    departs += [recherche.format(lieu.mot("sujet")) for lieu in monde.fermes for recherche in RECHERCHES]
    lues = visiter(personne, *departs, *sans_argument())
    assert len(lues) > 100
    trouvees = []
    for lieu in monde.fermes:
        trouvees += fuites(lues, secrets_de(lieu, personnage, sienne=lieu is monde.lieux.get(chez)))
    assert trouvees == []


@pytest.mark.parametrize("porte", ["sur_demande", "sur_invitation"])
def test_une_membre_lit_tout_ce_que_la_marche_cherche(monde, porte):
    """The walk can find: with her eyes it does."""
    lieu = monde.lieux[porte]
    page = lieu.communaute.get_absolute_url()
    departs = [page, f"{page}forum/", f"{page}documents/", f"{page}ecrits/", f"{page}sondages/"]
    mots = {lieu.mot(rang) for rang in ("sujet", "texte", "dit", "question", "document", "ebauche", "second")}
    lues = visiter(lieu.gens["membre"], *departs)
    assert mots == {mot for _adresse, mot in fuites(lues, mots)}


def test_le_nombre_de_membres_ne_se_lit_pas_dehors(monde):
    for lieu, personne in ((monde.sur_demande, None), (monde.sur_demande, monde.gens["agent"])):
        page = client_de(personne).get(lieu.communaute.get_absolute_url()).content.decode()
        assert str(lieu.communaute.adhesions.en_cours().count()) not in re.sub(r"<[^>]*>", " ", page).split()
    dedans = client_de(monde.sur_demande.gens["membre"]).get(monde.sur_demande.communaute.get_absolute_url())
    nombre = monde.sur_demande.communaute.adhesions.en_cours().count()
    assert nombre > FOULE and str(nombre) in re.sub(r"<[^>]*>", " ", dedans.content.decode()).split()
