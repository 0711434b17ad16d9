"""Panels of the tests, by the road that people take. All invented."""

import csv
import io
import random
from dataclasses import replace
from datetime import timedelta
from itertools import count

import time_machine
from django.utils import timezone

from communautes.models import Panel, Siege, Tirage
from communautes.panels import calcul, mandat, places, vivier
from communautes.tirage import preparation
from communautes.tirage.probabilites import Probabilites
from tests.fabriques import PersonneFabrique
from timeline.etapes import franchir

_numeros = count(1)

#: criterion -> {class: share}
CRITERES = {
    "genre": {"femme": 52, "homme": 48},
    "âge": {"16-29": 22, "30-59": 50, "60 et plus": 28},
}
VALEUR = "4 8 15 16 23"


def agent():
    return PersonneFabrique(roles=["agent"])


def fonder_un_panel(*, par=None, places=4, publie=True, nom="", effacer_dans=60, **communaute) -> Panel:
    par = par or agent()
    fonde = mandat.creer(
        par=par,
        communaute={
            "nom": nom or f"Panel fictif {next(_numeros)}",
            "resume": "Un panel inventé pour les essais.",
            "description": "On y réfléchit pour de faux.",
            "charte": "On s’écoute.",
            **communaute,
        },
        mandat={
            "question": "Comment rendre la place plus fraîche ?",
            "calendrier": "Trois samedis, de mars à juin.",
            "devenir": "Le conseil fictif répond à chaque recommandation.",
            "commanditaire": "La ville fictive",
            "places": places,
            "effacer_le": timezone.localdate() + timedelta(days=effacer_dans),
        },
    )
    if publie:
        mandat.publier(fonde, par=par, referente=par)
    return Panel.objects.select_related("communaute").get(pk=fonde.pk)


def fichier_du_vivier(nombre=40, *, graine=1, criteres=CRITERES, courriel=True) -> bytes:
    """A CSV of invented people."""
    hasard = random.Random(graine)
    sortie = io.StringIO()
    ecrire = csv.writer(sortie, delimiter=";").writerow
    ecrire(["numéro", *criteres, "nom", "adresse", *(["courriel"] if courriel else [])])
    for rang in range(nombre):
        # The first ones hold every class, so that no draw of lots forgets one.
        valeurs = [
            list(classes)[rang % len(classes)]
            if rang < 2 * len(classes)
            else hasard.choices(list(classes), classes.values())[0]
            for classes in criteres.values()
        ]
        ecrire(
            [
                f"N{rang:05}",
                *valeurs,
                f"Nom Fictif {rang}",
                f"{rang} rue Inventée",
                *([f"p{rang}@exemple.fr"] if courriel else []),
            ]
        )
    return sortie.getvalue().encode()


def colonnes(criteres=CRITERES, courriel=True) -> vivier.Colonnes:
    return vivier.Colonnes(
        "numéro",
        tuple(criteres),
        ("nom", "adresse", *(["courriel"] if courriel else [])),
        "courriel" if courriel else "",
    )


def preparer(panel: Panel, *, par=None, nombre=40) -> Tirage:
    """A draw with its pool and quotas in proportion."""
    par = par or panel.cree_par
    tirage = mandat.commencer_un_tirage(panel, par=par)
    vivier.recevoir(tirage, par=par, nom="vivier.csv", octets=fichier_du_vivier(nombre))
    vivier.importer_le_vivier(tirage, colonnes(), par=par)
    return relu(tirage)


def relu(tirage: Tirage) -> Tirage:
    return Tirage.objects.select_related("panel__communaute", "remplace").get(pk=tirage.pk)


def calculer(tirage: Tirage, *, par=None) -> Tirage:
    demande = calcul.demander(tirage, par=par or tirage.panel.cree_par)
    calcul.executer(demande.pk)
    return relu(tirage)


def annoncer(tirage: Tirage, *, par=None, dans=timedelta(days=3)) -> Tirage:
    franchir(
        tirage.annoncer,
        par=par or tirage.panel.cree_par,
        source="Les cinq numéros inventés",
        connue_le=timezone.now() + dans,
    )
    return relu(tirage)


def tirer(tirage: Tirage, *, par=None, valeur=VALEUR) -> Tirage:
    """When its value is known."""
    with time_machine.travel(tirage.connue_le + timedelta(minutes=1), tick=False):
        franchir(tirage.tirer, par=par or tirage.panel.cree_par, valeur=valeur)
    return relu(tirage)


def tirage_en(etat: str, panel: Panel | None = None) -> Tirage:
    """A draw in this state, by the steps that lead there."""
    tirage = preparer(panel or fonder_un_panel())
    if etat == "preparation":
        return tirage
    if etat == "annule":
        tirage = annoncer(calculer(tirage))
        franchir(tirage.annuler, par=tirage.panel.cree_par, motif="Une erreur dans le vivier.")
        return relu(tirage)
    tirage = calculer(tirage)
    if etat == "calcule":
        return tirage
    tirage = annoncer(tirage)
    return tirage if etat == "annonce" else tirer(tirage)


def lettres_de(panel: Panel, *, par=None) -> dict[str, str]:
    """{code: key} of the letters, just written."""
    return {lettre["code"]: lettre["cle"] for lettre in places.ecrire_les_lettres(panel, par=par or panel.cree_par)}


def ouvrir_la_place(panel: Panel, code: str, cle: str) -> Siege:
    return places.ouvrir(panel, code=code, cle=cle, reseau="essai")


def membre_tiree(panel: Panel, personne=None):
    """Somebody who was drawn and has taken her seat; the panel has been drawn."""
    lettres = lettres_de(panel)
    code, cle = next(iter(lettres.items()))
    personne = personne or PersonneFabrique()
    places.accepter(ouvrir_la_place(panel, code, cle), par=personne, version=1)
    return personne


def panel_reuni(*, absentes=0) -> Panel:
    """Drawn, and everybody but the last ones has accepted."""
    panel = tirage_en("tire").panel
    lettres = list(lettres_de(panel).items())
    for code, cle in lettres[: len(lettres) - absentes]:
        places.accepter(ouvrir_la_place(panel, code, cle), par=PersonneFabrique(), version=1)
    return panel


# --- The same lots again -----------------------------------------------------------------------------------------

_connus: dict = {}


def preparer_une_fois(pool, parametres, *, avancer=None):
    """`preparation.preparer`, asked once for each shape of pool: the same lots, with the codes of this pool.

    For the tests that need lots and do not try how they are made: a person is known by her profile and her rank in it.
    """
    effectifs = tuple((profil, len(codes)) for profil, codes in pool.profils.items())
    cle = (effectifs, repr(parametres.quotas), parametres.places)
    if cle not in _connus:
        faite = preparation.preparer(pool, parametres)
        rangs = {code: (p, r) for p, codes in pool.profils.items() for r, code in enumerate(codes)}
        _connus[cle] = faite, [[rangs[code] for code in lot] for lot in faite.lots]
    faite, lots = _connus[cle]
    les_memes = tuple(tuple(sorted(pool.profils[p][r] for p, r in lot)) for lot in lots)
    return replace(faite, lots=les_memes, probabilites=Probabilites.des_lots(pool, les_memes))
