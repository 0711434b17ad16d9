"""Open data of a consultation: one line per answer, and nothing that leads to anybody.

No account, no number, no time, no version, in an order drawn for each file. Words only of those who agreed; places to a
hundred metres, in a list of their own that names no other answer; class of age and commune only as far as
`consultations.profils` lets them be told, and in lines of which at least ten share both (`Dicibles`). Streamed: what is in
memory is one lot of answers, and the keys of all.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.affichage import lignes_de
from consultations.models import Consultation, Donnee, Ecrit, Tranche
from consultations.petits_groupes import NON_DIT, SEUIL
from consultations.profils import AGE, LIEU, Profils
from consultations.questionnaire import AUTRE, TEXTES, Genre, Question
from consultations.resultats import DECIMALES_DU_LIEU, questions_posees
from socle.adresses import absolue
from socle.champs import sans_controle
from socle.tableur import en_csv

LOT = 500  # answers in memory at once


@dataclass(frozen=True)
class Colonne:
    """`lire` takes the rows of one answer to the question, and whether its words may be published."""

    nom: str
    quoi: str
    question: Question
    lire: Callable[[list[Donnee], bool], str | int | float | None]
    versions: frozenset[int] = frozenset()  # keys of those that ask it so

    def valeur(self, siennes: dict[str, list[Donnee]], version: int, accord: bool) -> str | int | float | None:
        """Nothing when this answer has none, or answers another question of the same key."""
        if version not in self.versions or self.question.cle not in siennes:
            return None
        return self.lire(siennes[self.question.cle], accord)


# --- Columns -------------------------------------------------------------------------------------------------------------


def colonnes(consultation: Consultation) -> list[Colonne]:
    """In the order of the questionnaire: `q<number>`, with the choice or the row after it where there are several."""
    faites: list[Colonne] = []
    posees = questions_posees(consultation)
    versions = {numero for posee in posees for numero in posee.numeros}
    for rang, (question, numeros, cles, *_autrefois) in enumerate(posees, start=1):
        dites = ""
        if len(numeros) < len(versions):
            dites = _(" (versions du questionnaire : %(versions)s)") % {
                "versions": ", ".join(map(str, sorted(numeros)))
            }
        faites += [
            replace(colonne, quoi=colonne.quoi + dites, versions=frozenset(cles))
            for colonne in _FABRIQUES[question.genre](f"q{rang}", question)
        ]
    return faites


def _unique(nom: str, q: Question) -> list[Colonne]:
    return [Colonne(nom, q.intitule, q, lambda d, _a: q.libelle_de(d[0].choix)), *_autre(nom, q)]


def _autre(nom: str, q: Question) -> list[Colonne]:
    if not q.avec_autre:
        return []

    def mots(donnees, accord):
        return next((sans_controle(d.texte) for d in donnees if d.choix == AUTRE), None) if accord else None

    quoi = _("%(question)s Autre, en ses mots, avec l’accord de la personne.") % {"question": q.intitule}
    return [Colonne(f"{nom}_autre_mots", quoi, q, mots)]


def _multiple(nom: str, q: Question) -> list[Colonne]:
    def a_choisi(cle):
        return lambda donnees, _accord: int(any(d.choix == cle for d in donnees))

    return [
        *(
            Colonne(f"{nom}_{rang}", f"{q.intitule} · {q.libelle_de(cle)} (1 : oui, 0 : non)", q, a_choisi(cle))
            for rang, cle in enumerate(q.cles_de_choix, start=1)
        ),
        *_autre(nom, q),
    ]


def _matrice(nom: str, q: Question) -> list[Colonne]:
    def de_la_ligne(cle):
        return lambda donnees, _accord: next((q.libelle_de(d.choix) for d in donnees if d.ligne == cle), None)

    return [
        Colonne(f"{nom}_{rang}", f"{q.intitule} · {ligne.libelle}", q, de_la_ligne(ligne.cle))
        for rang, ligne in enumerate(q.lignes, start=1)
    ]


def _classement(nom: str, q: Question) -> list[Colonne]:
    def place_de(cle):
        return lambda donnees, _accord: next((d.rang for d in donnees if d.choix == cle), None)

    return [
        Colonne(
            f"{nom}_{rang}",
            _("%(question)s · place de : %(choix)s") % {"question": q.intitule, "choix": c.libelle},
            q,
            place_de(c.cle),
        )
        for rang, c in enumerate(q.choix, start=1)
    ]


def _nombre(nom: str, q: Question) -> list[Colonne]:
    return [Colonne(nom, f"{q.intitule} {q.unite}".strip(), q, lambda d, _a: float(d[0].nombre or 0))]


def _degres(nom: str, q: Question) -> list[Colonne]:
    """The words of the degrees are in the dictionary: the numbers alone would not say which end is which."""
    if q.genre == Genre.SENTIMENT:
        mots = ", ".join(f"{cle} : {libelle}" for cle, libelle in lignes_de(q))
    else:
        bas, haut = (f"{degre}{f' : {mots}' if mots else ''}" for degre, mots in _bouts(q))
        mots = f"{bas} ; {haut}"
    return [replace(colonne, quoi=f"{q.intitule} ({mots})") for colonne in _nombre(nom, q)]


def _bouts(q: Question) -> tuple[tuple[int, str], tuple[int, str]]:
    return (q.degres[0], q.debut), (q.degres[-1], q.fin)


def _date(nom: str, q: Question) -> list[Colonne]:
    return [Colonne(nom, q.intitule, q, lambda d, _a: d[0].date.isoformat() if d[0].date else None)]


def _lieu(nom: str, q: Question) -> list[Colonne]:
    """The commune alone: a point on the line of everything that she answered would lead to her door (`lieux`)."""
    quoi = _("%(question)s Commune.") % {"question": q.intitule}
    return [Colonne(f"{nom}_commune", quoi, q, lambda d, _a: d[0].territoire.nom if d[0].territoire else None)]


def _fichier(nom: str, q: Question) -> list[Colonne]:
    quoi = _("%(question)s Nombre de fichiers ; ils ne sont pas publiés.") % {"question": q.intitule}
    return [Colonne(nom, quoi, q, lambda d, _a: int(d[0].nombre or 0))]


def _texte(nom: str, q: Question) -> list[Colonne]:
    quoi = _("%(question)s Avec l’accord de la personne.") % {"question": q.intitule}
    return [Colonne(nom, quoi, q, lambda d, accord: sans_controle(d[0].texte) if accord else None)]


_FABRIQUES: dict[str, Callable[[str, Question], list[Colonne]]] = {
    Genre.UNIQUE: _unique,
    Genre.MULTIPLE: _multiple,
    Genre.ECHELLE: _degres,
    Genre.SENTIMENT: _degres,
    Genre.NOMBRE: _nombre,
    Genre.MATRICE: _matrice,
    Genre.CLASSEMENT: _classement,
    Genre.DATE: _date,
    Genre.LIEU: _lieu,
    Genre.FICHIER: _fichier,
    **dict.fromkeys(TEXTES, _texte),
}


# --- Lines ---------------------------------------------------------------------------------------------------------------


def lignes(consultation: Consultation) -> Iterator[dict]:
    """One dict per answer: age, commune, then the columns. Three queries per lot of answers.

    Drawn again each time: numbers, which agents and receipts know, say nothing of where a line stands.
    """
    toutes = colonnes(consultation)
    profils = Profils.de(consultation)
    dicibles = Dicibles(profils)
    comptees = consultation.participations.comptees()
    ordre = list(comptees.order_by().values_list("pk", flat=True).iterator(chunk_size=LOT))
    random.SystemRandom().shuffle(ordre)
    for debut in range(0, len(ordre), LOT):
        lot = ordre[debut : debut + LOT]
        reponses: dict[int, dict[str, list[Donnee]]] = defaultdict(lambda: defaultdict(list))
        donnees = Donnee.objects.filter(participation__in=lot).select_related("territoire")
        for donnee in donnees.defer("territoire__contour").order_by("pk"):
            reponses[donnee.participation_id][donnee.question].append(donnee)
        masques = set(Ecrit.objects.masques().filter(participation__in=lot).values_list("participation", "question"))
        # Asked again: one that has been taken back since then is not there.
        tetes = comptees.filter(pk__in=lot).values_list("pk", "version", "tranche", "territoire", "accord_textes")
        profil_de = {pk: suite for pk, *suite in tetes}
        for pk in lot:
            if pk not in profil_de:
                continue
            version, tranche, territoire, accord = profil_de[pk]
            age, commune = dicibles.de(tranche, territoire)
            siennes = reponses[pk]
            yield {"age": age, "commune": commune} | {
                colonne.nom: colonne.valeur(siennes, version, accord and (pk, colonne.question.cle) not in masques)
                for colonne in toutes
            }


class Dicibles:
    """The class of age and the commune that a line may tell.

    Blank is a value like any other: those who said nothing and those who are withheld share it. Every pair of values that
    occurs is that of at least SEUIL lines (k-anonymity: Sweeney 2002). An age that crossings withhold is told in no line, nor
    is a commune; a commune is told in all of its lines or in none, so that what a crossing says of it, less its lines,
    leaves nobody.
    """

    def __init__(self, profils: Profils):
        self.zones = profils.zones
        self.ages = {code: str(nom) for code, nom in Tranche.choices if code not in profils.tus[AGE]}
        lieux = profils.effectifs[LIEU]
        par_age: dict[str, Counter] = defaultdict(Counter)  # zone → lines of each age, as told
        for (tranche, zone), n in profils.croises.items():
            par_age[zone][self._dit(tranche)] += n
        muettes = {NON_DIT, *profils.tus[LIEU]}
        dites = [z for z, ages in par_age.items() if z not in muettes and min(ages.values()) >= SEUIL]
        dites.sort(key=lambda zone: (lieux[zone], zone))  # the first to go is the smallest
        while dites and not self._les_autres_suffisent(par_age, dites):
            dites.pop(0)
        if not dites and not self._les_autres_suffisent(par_age, dites):
            self.ages = {}
        self.lieux = {zone: profils.zones.noms[zone] for zone in dites}

    def _dit(self, tranche: str) -> str:
        return tranche if tranche in self.ages else NON_DIT

    @staticmethod
    def _les_autres_suffisent(par_age, dites) -> bool:
        """Lines without a commune: of each age, none or enough."""
        reste: Counter = Counter()
        for zone, ages in par_age.items():
            if zone not in dites:
                reste.update(ages)
        return all(n >= SEUIL for n in reste.values())

    def de(self, tranche: str, territoire: int | None) -> tuple[str | None, str | None]:
        return self.ages.get(tranche), self.lieux.get(self.zones.de_cle(territoire))


def lieux(consultation: Consultation) -> Iterator[tuple[str, float, float]]:
    """(question, latitude, longitude) of each point, from south to north: no order of answers is left. One query a question
    of places."""
    for rang, posee in enumerate(questions_posees(consultation), start=1):
        if posee.question.genre == Genre.LIEU:
            points = Donnee.objects.comptees().filter(
                participation__consultation=consultation,
                participation__version__in=posee.cles,
                question=posee.question.cle,
                latitude__isnull=False,
            )
            yield from sorted(
                (f"q{rang}", round(lat, DECIMALES_DU_LIEU), round(lon, DECIMALES_DU_LIEU))
                for lat, lon in points.order_by().values_list("latitude", "longitude")
            )


# --- Files ---------------------------------------------------------------------------------------------------------------


def dictionnaire(consultation: Consultation) -> list[tuple[str, str]]:
    """(column, what it holds)."""
    fixes = [
        ("age", _("Tranche d’âge déclarée ; rien pour un groupe de moins de dix réponses, ou pour le protéger.")),
        ("commune", _("Commune ou quartier déclarés ; rien pour un groupe de moins de dix réponses, âge compris.")),
    ]
    return [*fixes, *((colonne.nom, colonne.quoi) for colonne in colonnes(consultation))]


def fichier_csv(consultation: Consultation) -> Iterator[str]:
    noms = [nom for nom, _quoi in dictionnaire(consultation)]
    return en_csv(noms, ([ligne[nom] for nom in noms] for ligne in lignes(consultation)))


def lieux_csv(consultation: Consultation) -> Iterator[str]:
    return en_csv(("question", "latitude", "longitude"), lieux(consultation))


def dictionnaire_csv(consultation: Consultation) -> Iterator[str]:
    return en_csv(("colonne", "description"), dictionnaire(consultation))


def fichier_json(consultation: Consultation) -> Iterator[str]:
    """An object: where it comes from, its dictionary, its answers, its places; written as it is read."""
    tete = {
        "titre": consultation.titre,
        "source": absolue(consultation.get_absolute_url()),
        "licence": settings.LICENCE_DES_DONNEES,
        "produit_le": timezone.localdate().isoformat(),
        "colonnes": dict(dictionnaire(consultation)),
    }
    yield json.dumps(tete, ensure_ascii=False)[:-1] + ', "reponses": ['
    for rang, ligne in enumerate(lignes(consultation)):
        yield ("," if rang else "") + "\n" + json.dumps(ligne, ensure_ascii=False)
    yield "\n]" + ', "lieux": ['
    for rang, (question, latitude, longitude) in enumerate(lieux(consultation)):
        lieu = {"question": question, "latitude": latitude, "longitude": longitude}
        yield ("," if rang else "") + "\n" + json.dumps(lieu)
    yield "\n]}\n"
