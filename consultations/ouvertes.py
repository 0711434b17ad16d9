"""Open data of a consultation: one line per answer, and nothing that leads to anybody.

No account, no number, no time, in an order drawn with the answers. Words only of those who agreed; places to a hundred
metres; commune and age only where at least ten answers share both: otherwise the commune is blank, then the age (k-anonymity
by suppression: Sweeney 2002). Streamed: what is in memory is one lot of answers.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Consultation, Donnee, Tranche
from consultations.petits_groupes import SEUIL
from consultations.questionnaire import AUTRE, TEXTES, Genre, Question
from consultations.resultats import DECIMALES_DU_LIEU, questions_posees
from socle.adresses import absolue
from socle.champs import sans_controle
from socle.tableur import en_csv
from territoires.models import Territoire

LOT = 500  # answers in memory at once


@dataclass(frozen=True)
class Colonne:
    """`lire` takes the rows of one answer to the question; gives text, a number or nothing."""

    nom: str
    quoi: str
    question: Question
    lire: Callable[[list[Donnee], bool], str | int | float | None]


# --- Columns -------------------------------------------------------------------------------------------------------------


def colonnes(consultation: Consultation) -> list[Colonne]:
    """In the order of the questionnaire: `q<number>`, with the choice or the row after it where there are several."""
    faites: list[Colonne] = []
    for numero, (question, *_reste) in enumerate(questions_posees(consultation), start=1):
        faites += _FABRIQUES[question.genre](f"q{numero}", question)
    return faites


def _unique(nom: str, q: Question) -> list[Colonne]:
    return [Colonne(nom, q.intitule, q, lambda d, _a: q.libelle_de(d[0].choix)), *_autre(nom, q)]


def _autre(nom: str, q: Question) -> list[Colonne]:
    if not q.avec_autre:
        return []

    def mots(donnees, accord):
        return next((d.texte for d in donnees if d.choix == AUTRE), None) if accord else None

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


def _date(nom: str, q: Question) -> list[Colonne]:
    return [Colonne(nom, q.intitule, q, lambda d, _a: d[0].date.isoformat() if d[0].date else None)]


def _lieu(nom: str, q: Question) -> list[Colonne]:
    return [
        Colonne(
            f"{nom}_lat",
            _("%(question)s Latitude, à cent mètres.") % {"question": q.intitule},
            q,
            lambda d, _a: round(d[0].latitude or 0, DECIMALES_DU_LIEU),
        ),
        Colonne(
            f"{nom}_lon",
            _("%(question)s Longitude, à cent mètres.") % {"question": q.intitule},
            q,
            lambda d, _a: round(d[0].longitude or 0, DECIMALES_DU_LIEU),
        ),
        Colonne(
            f"{nom}_commune",
            _("%(question)s Commune.") % {"question": q.intitule},
            q,
            lambda d, _a: d[0].territoire.nom if d[0].territoire else None,
        ),
    ]


def _fichier(nom: str, q: Question) -> list[Colonne]:
    quoi = _("%(question)s Nombre de fichiers ; ils ne sont pas publiés.") % {"question": q.intitule}
    return [Colonne(nom, quoi, q, lambda d, _a: int(d[0].nombre or 0))]


def _texte(nom: str, q: Question) -> list[Colonne]:
    quoi = _("%(question)s Avec l’accord de la personne.") % {"question": q.intitule}
    return [Colonne(nom, quoi, q, lambda d, accord: sans_controle(d[0].texte) if accord else None)]


_FABRIQUES: dict[str, Callable[[str, Question], list[Colonne]]] = {
    Genre.UNIQUE: _unique,
    Genre.MULTIPLE: _multiple,
    Genre.ECHELLE: _nombre,
    Genre.SENTIMENT: _nombre,
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
    """One dict per answer: version, age, commune, then the columns. Two queries per lot of answers."""
    toutes = colonnes(consultation)
    profils = _Profils(consultation)
    comptees = (
        consultation.participations.comptees()
        .order_by("numero")
        .values_list("pk", "numero", "version__numero", "tranche", "territoire", "accord_textes")
    )
    depuis = 0
    while lot := list(comptees.filter(numero__gt=depuis)[:LOT]):
        depuis = lot[-1][1]
        reponses: dict[int, dict[str, list[Donnee]]] = defaultdict(lambda: defaultdict(list))
        donnees = Donnee.objects.filter(participation__in=[pk for pk, *_reste in lot]).select_related("territoire")
        for donnee in donnees.defer("territoire__contour").order_by("pk"):
            reponses[donnee.participation_id][donnee.question].append(donnee)
        for pk, _numero, version, tranche, territoire, accord in lot:
            age, commune = profils.dicible(tranche, territoire)
            siennes = reponses[pk]
            yield {"version": version, "age": age, "commune": commune} | {
                colonne.nom: colonne.lire(siennes[colonne.question.cle], accord)
                if colonne.question.cle in siennes
                else None
                for colonne in toutes
            }


class _Profils:
    """What may be told of an answer's age and commune: at least SEUIL answers tell the same."""

    def __init__(self, consultation: Consultation):
        self.communes: dict[int | None, int | None] = {
            pk: (parent if genre == Territoire.Genre.QUARTIER else pk)
            for pk, genre, parent in Territoire.objects.values_list("pk", "genre", "parent")
        }
        self.noms = dict(Territoire.objects.values_list("pk", "nom"))
        deux: Counter = Counter()
        for tranche, territoire in (
            consultation.participations.comptees().order_by().values_list("tranche", "territoire").iterator()
        ):
            deux[tranche, self.communes.get(territoire) if territoire else None] += 1
        self.ensemble = {couple for couple, n in deux.items() if n >= SEUIL}
        seuls: Counter = Counter()
        for (tranche, commune), n in deux.items():
            if (tranche, commune) not in self.ensemble or commune is None:
                seuls[tranche] += n
        self.ages = {tranche for tranche, n in seuls.items() if n >= SEUIL}

    def dicible(self, tranche: str, territoire: int | None) -> tuple[str | None, str | None]:
        commune = self.communes.get(territoire) if territoire else None
        if (tranche, commune) in self.ensemble:
            return self._age(tranche), self.noms.get(commune) if commune else None
        return (self._age(tranche) if tranche in self.ages else None), None

    @staticmethod
    def _age(tranche: str) -> str | None:
        return str(Tranche(tranche).label) if tranche else None


# --- Files ---------------------------------------------------------------------------------------------------------------

FIXES = {
    "version": "Version du questionnaire.",
    "age": "Tranche d’âge déclarée ; rien quand moins de dix réponses la partagent.",
    "commune": "Commune déclarée ; rien quand moins de dix réponses la partagent, avec le même âge.",
}


def dictionnaire(consultation: Consultation) -> list[tuple[str, str]]:
    """(column, what it holds)."""
    return [*FIXES.items(), *((colonne.nom, colonne.quoi) for colonne in colonnes(consultation))]


def fichier_csv(consultation: Consultation) -> Iterator[str]:
    noms = [nom for nom, _quoi in dictionnaire(consultation)]
    return en_csv(noms, ([ligne[nom] for nom in noms] for ligne in lignes(consultation)))


def dictionnaire_csv(consultation: Consultation) -> Iterator[str]:
    return en_csv(("colonne", "description"), dictionnaire(consultation))


def fichier_json(consultation: Consultation) -> Iterator[str]:
    """An object: where it comes from, its dictionary, its answers; written as it is read."""
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
    yield "\n]}\n"
