"""Full-text search of ideas: `chercher_en_texte` for the list, `extrait` for its cards. Accents, capitals, endings do not count."""

import re

from django.db.models import Case, F, FloatField, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Length, Replace, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.safestring import SafeString

from idees.moteurs import moteur
from socle import mots
from territoires.models import Territoire

LONGUEUR_MAX = 200  # characters of a search that are read
MOTS_MAX = 12
NUMERO = re.compile(r"(?:id[ée]e\s*)?n\s*°\s*([0-9]{1,18})", re.IGNORECASE)
TITRES_VOISINS = 200  # titles looked at when a word is found nowhere
RESSEMBLANCE = 0.3  # share of common trigrams from which a mistyped word is recognised (« ciclables », « cyclables »)
POIDS_DU_TITRE = 3.0


def chercher_en_texte(idees, texte: str) -> QuerySet:
    """These ideas, narrowed to those with every word of the search, annotated `pertinence` (more is better); not ordered.

    « n° 12 » is the idea of that number; the name of a commune or of a quartier also finds what is there. A search of spaces
    leaves them all; of words that say nothing (« de la »), none. When no public idea has every word, those whose title has
    words typed almost the same.
    """
    texte = texte[:LONGUEUR_MAX]
    if not texte.strip():
        return idees.annotate(pertinence=Value(0.0, output_field=FloatField()))
    if numero := NUMERO.fullmatch(texte.strip()):
        return idees.filter(pk=int(numero[1])).annotate(pertinence=Value(0.0, output_field=FloatField()))
    racines = mots.racines_cherchees(texte)[:MOTS_MAX]
    if not racines:
        return idees.none().annotate(pertinence=Value(0.0, output_field=FloatField()))
    exactes = idees.filter(Q(fiche__mots__porte=racines) | _d_un_lieu(racines))
    if exactes.order_by().exists():
        return exactes.annotate(pertinence=_pertinence(racines))
    return _presque(idees, texte)


def _d_un_lieu(racines: list[str]) -> Q:
    """« arbres à Nantes »: the name of a place may be said by where the idea is, the other words by its text."""
    trouvees = Q(pk__in=())
    for pk, nom in Territoire.objects.exclude(genre=Territoire.Genre.METROPOLE).values_list("pk", "nom"):
        du_nom = set(mots.racines_cherchees(nom))
        if not du_nom or not du_nom <= set(racines):
            continue
        autres = [racine for racine in racines if racine not in du_nom]
        la_bas = Q(territoire=pk) | Q(territoire__parent=pk)
        trouvees |= la_bas & Q(fiche__mots__porte=autres) if autres else la_bas
    return trouvees


def extrait(idee, texte: str) -> SafeString:
    """Safe HTML: where the idea's text speaks of that, the words marked."""
    return mots.extrait(idee.texte, texte[:LONGUEUR_MAX])


def _pertinence(racines: list[str]):
    """Plain SQL, so that both databases rank alike: a word of the title, then how often the text says it."""
    titre, texte = (
        Concat(Value(" "), F(f"fiche__{c}"), Value(" "), output_field=TextField()) for c in ("mots_titre", "mots")
    )
    somme: Combinable = Value(0.0, output_field=FloatField())
    for racine in racines:
        cherche = f" {racine}" if len(racine) >= mots.PREFIXE_MIN else f" {racine} "
        fois = (Length(texte) - Length(Replace(texte, Value(cherche), Value("")))) / Value(float(len(cherche)))
        place = StrIndex(titre, Value(cherche))
        au_titre = Case(When(GreaterThan(place, Value(0)), then=Value(POIDS_DU_TITRE)), default=Value(0.0))
        somme = somme + au_titre + fois / (fois + Value(1.0))
    return somme


def _presque(idees, texte: str) -> QuerySet:
    """By the titles, one mistyped word after the other."""
    cherches = [mots.trigrammes(mot) for mot in mots.texte_nu(texte).split() if mots.racines(mot)]
    voisines = idees.filter(pk__in=moteur().par_le_titre(mots.texte_nu(texte), TITRES_VOISINS)).order_by()
    notes = {}
    for pk, titre in voisines.values_list("pk", "fiche__titre"):
        siens = [mots.trigrammes(mot) for mot in titre.split()]
        proches = [max(len(c & s) / len(c | s) for s in siens) for c in cherches]
        if min(proches) >= RESSEMBLANCE:
            notes[pk] = sum(proches) / len(proches)
    cas = [When(pk=pk, then=Value(note)) for pk, note in notes.items()]
    pertinence = Case(*cas, default=Value(0.0), output_field=FloatField())
    return idees.filter(pk__in=notes).annotate(pertinence=pertinence)
