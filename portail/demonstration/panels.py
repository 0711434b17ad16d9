"""The panel citoyen of the demonstration: a mandate, a pool of invented people, a draw announced and done, an avis that waits for
its reply. Everybody in it is invented."""

import csv
import io
import random
from datetime import timedelta

from django.utils import timezone

from communautes.models import Panel, Siege
from communautes.panels import calcul, contenus, mandat, places, vivier
from timeline.etapes import franchir

DE = 27  # of the die
NOM = "Panel citoyen de la place"
PERSONNES, PLACES = 400, 12
SOURCE = "Les cinq numéros du tirage fictif du Loto du jour, dans l’ordre de leur sortie, séparés par une espace."
VALEUR = "7 12 23 31 48"
CRITERES = {
    "genre": {"femme": 52, "homme": 48},
    "âge": {"16 à 29 ans": 22, "30 à 59 ans": 48, "60 ans et plus": 30},
    "quartier": {"centre": 30, "nord": 40, "sud": 30},
}
COMMUNAUTE = {
    "nom": NOM,
    "resume": "Douze habitantes et habitants tirés au sort disent ce que la place doit devenir.",
    "description": "Un panel fictif, pour montrer comment un panel se prépare, se tire au sort et rend son avis.",
    "charte": "On s’écoute. On se coupe peu la parole. Ce qui se dit ici sur les personnes n’en sort pas.",
}
MANDAT = {
    "question": "Que faut-il garder, changer et ajouter sur la place pour que chaque personne s’y sente bien ?",
    "calendrier": "Trois samedis, de 9 h à 17 h. Les repas et la garde des enfants sont pris en charge.",
    "devenir": "Le conseil fictif répond à chaque recommandation, par écrit, à la date annoncée.",
    "commanditaire": "La collectivité fictive, direction du dialogue citoyen",
    "places": PLACES,
}
COMPTE_RENDU = "Première séance : nous avons visité la place, puis écouté deux urbanistes inventés. Il manque de l’ombre et des bancs."
AVIS = (
    "Nous recommandons :\n\n"
    "1. de garder le marché du samedi au même endroit ;\n"
    "2. de planter vingt arbres avant la fin de l’année ;\n"
    "3. de mettre un banc tous les cinquante mètres, avec un dossier.\n"
)


def raconter(recit) -> None:
    """Plan it on the story: prepared, announced, drawn, answered, its minutes and its avis."""
    recit.le(recit.jour(-66), _fonder, recit)
    recit.le(recit.jour(-64), _preparer, recit)
    recit.le(recit.jour(-62), _annoncer, recit)
    recit.le(recit.jour(-52, 21), lambda: franchir(_panel().premier_tirage.tirer, par=recit.agent, valeur=VALEUR))
    recit.le(recit.jour(-49), _repondre, recit)
    recit.le(recit.jour(-30), _ecrire, recit)
    recit.le(recit.jour(-12), _rendre_l_avis, recit)


def _panel() -> Panel:
    return Panel.objects.select_related("communaute").get(communaute__nom=NOM)


def _fonder(recit) -> None:
    panel = mandat.creer(
        par=recit.agent,
        communaute={**COMMUNAUTE, "projet": recit.projet("place")},
        mandat={**MANDAT, "effacer_le": timezone.localdate() + timedelta(days=300)},
    )
    mandat.publier(panel, par=recit.agent, referente=recit.agent)


def _preparer(recit) -> None:
    tirage = mandat.commencer_un_tirage(_panel(), par=recit.agent)
    vivier.recevoir(tirage, par=recit.agent, nom="vivier-fictif.csv", octets=_fichier())
    vivier.importer_le_vivier(tirage, vivier.Colonnes("numéro", tuple(CRITERES), ("nom", "adresse")), par=recit.agent)
    calcul.executer(calcul.demander(tirage, par=recit.agent).pk)


def _fichier() -> bytes:
    hasard = random.Random(DE)
    sortie = io.StringIO()
    ecrire = csv.writer(sortie).writerow
    ecrire(["numéro", *CRITERES, "nom", "adresse"])
    for rang in range(PERSONNES):
        valeurs = [hasard.choices(list(classes), list(classes.values()))[0] for classes in CRITERES.values()]
        ecrire([rang + 1, *valeurs, f"Personne Inventée {rang + 1}", f"{rang + 1} rue Imaginaire"])
    return sortie.getvalue().encode()


def _annoncer(recit) -> None:
    connue_le = timezone.now() + timedelta(days=10)
    franchir(_panel().premier_tirage.annoncer, par=recit.agent, source=SOURCE, connue_le=connue_le)


def _repondre(recit) -> None:
    """Ten accept, one refuses, one has not answered."""
    panel = _panel()
    lettres = places.ecrire_les_lettres(panel, par=recit.agent)
    sieges = {siege.code: siege for siege in Siege.objects.du_panel(panel).select_related("tirage__panel__communaute")}
    for lettre, voisin in zip(lettres[:-2], [recit.gens["citoyenne"], *recit.voisins], strict=False):
        places.accepter(sieges[lettre["code"]], par=voisin, version=1)
    places.decliner(sieges[lettres[-2]["code"]])


def _ecrire(recit) -> None:
    compte_rendu = contenus.ecrire_un_compte_rendu(
        _panel(), par=recit.agent, titre="Première séance", seance_le=timezone.localdate(), texte=COMPTE_RENDU
    )
    franchir(compte_rendu.publier, par=recit.agent)


def _rendre_l_avis(recit) -> None:
    jour = timezone.localdate()
    contenus.publier_l_avis(
        _panel(), par=recit.agent, texte=AVIS, adopte_le=jour, pour=9, contre=1, abstentions=0,
        reponse_attendue_le=jour + timedelta(days=60),
    )  # fmt: skip
