"""How people vote and how votes are counted: only the fields that go with the chosen rule, drawn from its `Parametres`."""

import hashlib
import re
from dataclasses import MISSING, Field
from fractions import Fraction
from typing import Any, get_args, get_origin

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from socle.champs import TexteCourt, TexteLibre
from votes.models import Scrutin
from votes.montants import EurosField
from votes.reglement import BORNES, FORMES_DE, parametres_de
from votes.regles.catalogue import REGLES
from votes.regles.depouillement import RegleInvalide
from votes.regles.parametre import CENTIMES, decrire, en_json, nom_public

PREFIXE = "p_"
#: Parameters that have their own place on the site: the published lot, the fields of the ballot, the keys of yes and no.
AILLEURS = {"ordre_du_sort", "graine", "mentions", *BORNES}
AILLEURS_DE = {"oui-non": {"oui", "non", "blanc"}}
#: Fields of the vote that each way of voting has.
CHAMPS_DE: dict[str, tuple[str, ...]] = {
    "choix": (),
    "approbation": ("choix_min", "choix_max"),
    "sac": ("choix_min", "choix_max"),
    "points": ("points_total", "points_max", "choix_min", "choix_max"),
    "mentions": ("mentions",),
    "classement": ("choix_min", "choix_max"),
}
VIDES: dict[str, Any] = {
    "choix_min": 0,
    "choix_max": None,
    "points_total": None,
    "points_max": None,
    "mentions": [],
    "parametres": {},
}
NOMBRE_MAX = 10_000  # what the columns of bounds hold, and more than any ballot asks
PARAMETRE_MAX = 10**9
MENTIONS_MAX, MENTION_MAX = 10, 60

LIBELLES = {
    "places": _("Combien de propositions sont retenues"),
    "seuil": _("Seuil"),
    "maximums": _("Au plus, par catégorie"),
    "minimums": _("Au moins, par catégorie"),
    "hors_bornes": _("Un bulletin hors des bornes"),
    "tout_donner": _("Tous les points sont à donner"),
    "majorite": _("Majorité"),
    "blancs": _("Les bulletins blancs"),
    "blanc": _("Une proposition sans mention"),
    "bulletins_blancs": _("Les bulletins blancs"),
    "mediane": _("La médiane"),
    "departage": _("À égalité"),
    "stricte": _("Il faut dépasser cette part"),
    "base": _("La part se calcule sur"),
    "quorum": _("Quorum"),
    "blancs_au_quorum": _("Les bulletins blancs comptent pour le quorum"),
    "non_classes": _("Les propositions non classées"),
    "force": _("La force d’un duel"),
    "surnombre": _("Deux propositions au même rang"),
    "rang_saute": _("Un rang sauté"),
    "moments": _("Les moments du calendrier"),
    "capacites": _("Combien de sujets à chaque moment"),
    "utilite": _("Ce que vaut un projet pour qui le soutient"),
    "depart": _("La part de départ"),
    "pas": _("La hausse de la part, à chaque tour, en euros"),
    "completion": _("Ce qui reste du budget"),
    "arret_exhaustif": _("S’arrêter quand plus rien ne tient"),
}
#: What a value means, where the rule's own sentence does not name it.
VALEURS = {
    "utilite": {"cout": _("son coût, multiplié par les points donnés"), "points": _("les points seuls")},
    "depart": {"centime": _("arrondie au centime inférieur"), "pas": _("arrondie au pas inférieur")},
    "completion": {
        "aucune": _("n’est pas dépensé"),
        "plus-votes": _("va aux projets suivants qui tiennent, par nombre de voix"),
    },
    "hors_bornes": {"nul": _("est nul"), "refus": _("arrête le dépouillement")},
}


class NombreField(forms.IntegerField):
    """A whole number of something, with sentences for what is not one."""

    default_error_messages = {
        "invalid": _("Écrivez un nombre entier, en chiffres."),
        "min_value": _("Ce nombre est trop petit : %(limit_value)s au moins."),
        "max_value": _("Ce nombre est trop grand : %(limit_value)s au plus."),
    }


class FractionField(forms.CharField):
    """« 1/2 » or « 0,6 ». Gives a Fraction."""

    def clean(self, value):
        ecrite = super().clean(value)
        if not ecrite:
            return None
        try:
            fraction = Fraction(ecrite.replace(" ", "").replace(",", "."))
        except (ValueError, ZeroDivisionError):
            raise ValidationError(_("Écrivez une fraction, par exemple 1/2 ou 2/3."), code="fraction") from None
        if len(ecrite) > 20 or not 0 <= fraction <= 1_000_000:
            raise ValidationError(_("Écrivez une fraction, par exemple 1/2 ou 2/3."), code="fraction")
        return fraction


class LignesField(TexteLibre):
    """One value a line. Gives a tuple of texts, or of whole numbers."""

    def __init__(self, *, de=str, **options):
        self.de = de
        super().__init__(max_length=5000, widget=forms.Textarea(attrs={"rows": 4}), **options)

    def clean(self, value):
        lignes = [" ".join(ligne.split()) for ligne in super().clean(value).splitlines()]
        lignes = [ligne for ligne in lignes if ligne]
        if self.de is not int:
            return tuple(lignes)
        for ligne in lignes:
            if not (ligne.isascii() and ligne.isdecimal() and len(ligne) < 7):
                raise ValidationError(_("« %(ligne)s » n’est pas un nombre."), params={"ligne": ligne[:40]})
        return tuple(int(ligne) for ligne in lignes)

    def prepare_value(self, value):
        return "\n".join(str(un) for un in value) if isinstance(value, list | tuple) else value


def champ_de(nom: str, declare: Field, type_: Any) -> forms.Field:
    """The form field of one parameter of a rule."""
    aide, choix = _couper(declare.metadata.get("aide", ""), declare.metadata.get("choix", ()))
    commun: dict[str, Any] = {
        "label": LIBELLES.get(nom, nom_public(nom).replace("-", " ").capitalize()),
        "help_text": traduire(aide),
        "required": False,
    }
    types = {type_, *get_args(type_)}
    if choix:
        choix = [(valeur, str(VALEURS.get(nom, {}).get(valeur) or traduire(sens))) for valeur, sens in choix]
        erreurs = {"invalid_choice": _("Choisissez dans la liste."), "required": _("Choisissez dans la liste.")}
        return forms.ChoiceField(
            choices=choix, widget=forms.RadioSelect, error_messages=erreurs, **commun | {"required": True}
        )
    if type_ is bool:
        return forms.BooleanField(**commun)
    if get_origin(type_) is tuple:
        une_par_ligne = gettext("Une valeur par ligne.")
        return LignesField(
            de=int if int in types else str,
            **commun | {"help_text": f"{commun['help_text']} {une_par_ligne}"},
        )
    if declare.metadata.get("unite") == CENTIMES:
        return EurosField(**commun)
    if Fraction in types:
        return FractionField(max_length=40, **commun)
    if int in types:
        return NombreField(min_value=0, max_value=PARAMETRE_MAX, **commun)
    return TexteCourt(max_length=200, **commun)


def _couper(aide: str, choix: tuple[str, ...]) -> tuple[str, list[tuple[str, str]]]:
    """The sentence of a parameter, and what each of its possible values means where the sentence says it."""
    debuts = {}
    for un in choix:
        if trouve := re.search(rf"(?<![\w-]){re.escape(un)} : ", aide):
            debuts[un] = trouve
    if len(debuts) < 2:
        return aide, [(un, un.replace("-", " ")) for un in choix]
    bornes = [*sorted(trouve.start() for trouve in debuts.values()), len(aide)]
    suites = {
        un: aide[trouve.end() : bornes[bornes.index(trouve.start()) + 1]].strip(" ;.") for un, trouve in debuts.items()
    }
    reste = aide[: bornes[0]].strip()
    return reste, [(un, suites.get(un, un.replace("-", " "))) for un in choix]


def traduire(phrase: str) -> str:
    """A sentence that a rule says of itself, in the language of the reader; `votes.forms.aides` lists them."""
    return gettext(phrase) if phrase else ""


class FaconForm(forms.Form):
    """The fields of one rule and of one way of voting (`regle`, `forme`), over those of the vote."""

    vu = forms.CharField(required=False, widget=forms.HiddenInput)

    choix_min = NombreField(
        label=_("Choix au moins"),
        required=False,
        min_value=0,
        max_value=NOMBRE_MAX,
        help_text=_("Une personne peut toujours voter blanc."),
    )
    choix_max = NombreField(
        label=_("Choix au plus"),
        required=False,
        min_value=1,
        max_value=NOMBRE_MAX,
        help_text=_("Vide : autant qu’on veut."),
    )
    points_total = NombreField(
        label=_("Points à répartir"),
        min_value=1,
        max_value=NOMBRE_MAX,
        error_messages={"required": _("Dites combien de points chaque personne répartit.")},
    )
    points_max = NombreField(
        label=_("Points au plus pour une proposition"), required=False, min_value=1, max_value=NOMBRE_MAX
    )
    mentions = LignesField(
        label=_("Mentions"),
        help_text=_(
            "De la pire à la meilleure, une par ligne. Une proposition laissée sans mention reçoit la première."
        ),
        error_messages={"required": _("Écrivez au moins deux mentions, une par ligne.")},
    )

    def __init__(self, *args, scrutin: Scrutin, regle: str, forme: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.scrutin, self.regle, self.forme = scrutin, regle, forme
        self.initial["vu"] = self.present = self._empreinte()
        gardes = CHAMPS_DE[forme] if regle != Scrutin.Regle.PRIORITES else ()
        for nom in ("choix_min", "choix_max", "points_total", "points_max", "mentions"):
            if nom not in gardes:
                del self.fields[nom]
            elif scrutin.forme == forme:
                self.initial.setdefault(nom, getattr(scrutin, nom))
        self.parametres: dict[str, Field] = {}
        classe = REGLES[regle].parametres
        caches = AILLEURS | AILLEURS_DE.get(regle, set())
        for declare, type_ in decrire(classe):
            if declare.name not in caches:
                self._dessiner(declare, type_)

    def _dessiner(self, declare: Field, type_: Any) -> None:
        nom = PREFIXE + declare.name
        self.parametres[nom] = declare
        self.fields[nom] = champ_de(declare.name, declare, type_)
        defaut = en_json(defaut_de(declare))
        ici = self.scrutin.parametres if self.scrutin.regle == self.regle else {}
        valeur = ici.get(declare.name, defaut)
        self.initial.setdefault(nom, valeur)

    def _empreinte(self) -> str:
        """Short digest of what this form changes, as it stands in the base."""
        noms = ("regle", "forme", *VIDES)
        valeurs = repr([(nom, getattr(self.scrutin, nom)) for nom in noms])
        return hashlib.sha256(valeurs.encode()).hexdigest()[:16]

    def clean_mentions(self):
        mentions = self.cleaned_data["mentions"]
        if not 2 <= len(mentions) <= MENTIONS_MAX:
            raise ValidationError(_("Écrivez de 2 à %(max)s mentions, une par ligne."), params={"max": MENTIONS_MAX})
        if len(set(mentions)) != len(mentions):
            raise ValidationError(_("Deux mentions sont les mêmes."))
        if any(len(mention) > MENTION_MAX for mention in mentions):
            raise ValidationError(_("%(max)s caractères au plus pour une mention."), params={"max": MENTION_MAX})
        return mentions

    def clean(self):
        donnees = super().clean()
        if donnees.get("vu", "") != self.present:
            # Sent again, these rules win: this time the person knows.
            self.data = self.data.copy()
            self.data[self.add_prefix("vu")] = self.present
            raise ValidationError(
                _("Quelqu’un a changé ces règles pendant que vous écriviez. Relisez-les, puis enregistrez de nouveau."),
                code="entretemps",
            )
        if donnees.get("choix_max") and (donnees.get("choix_min") or 0) > donnees["choix_max"]:
            self.add_error("choix_max", _("Le nombre de choix au plus doit atteindre le nombre de choix au moins."))
        if (
            donnees.get("points_max")
            and donnees.get("points_total")
            and donnees["points_max"] > donnees["points_total"]
        ):
            self.add_error("points_max", _("C’est plus que tous les points à répartir."))
        if not self.errors:
            self._exiger_une_regle_saine()
        return donnees

    def _exiger_une_regle_saine(self):
        """The rule itself says what contradicts what, in a sentence."""
        essai = Scrutin(**dict(self.valeurs().items()))
        try:
            parametres_de(essai)
        except RegleInvalide as tort:
            self.add_error(None, str(tort))

    def valeurs(self) -> dict[str, Any]:
        """Fields of the vote; those that this rule does not have go back to nothing."""
        donnees = self.cleaned_data
        valeurs: dict[str, Any] = {"regle": self.regle, "forme": self.forme, **VIDES}
        for nom in ("choix_min", "choix_max", "points_total", "points_max"):
            if donnees.get(nom) is not None:
                valeurs[nom] = donnees[nom]
        valeurs["mentions"] = list(donnees.get("mentions", ()))
        dits = {declare.name: self._dit(nom, declare) for nom, declare in self.parametres.items()}
        valeurs["parametres"] = {
            nom: en_json(valeur)
            for nom, valeur in dits.items()
            if valeur != defaut_de(next(d for d in self.parametres.values() if d.name == nom))
        }
        if self.regle == Scrutin.Regle.PRIORITES:
            valeurs["points_max"] = len(dits["moments"])
        return valeurs

    def _dit(self, nom: str, declare: Field) -> Any:
        """What was typed; a field left blank says what the rule does by itself."""
        valeur = self.cleaned_data.get(nom)
        return defaut_de(declare) if valeur in (None, "", ()) else valeur


def defaut_de(declare: Field) -> Any:
    if declare.default is not MISSING:
        return declare.default
    return declare.default_factory() if declare.default_factory is not MISSING else None


def regle_et_forme(demande, scrutin: Scrutin) -> tuple[str, str]:
    """What the page was asked to show, else what the vote has; a way of voting that the rule counts."""
    regle = demande.get("regle", scrutin.regle)
    if regle not in FORMES_DE:
        regle = scrutin.regle
    forme = demande.get("forme", scrutin.forme)
    return regle, forme if forme in FORMES_DE[regle] else FORMES_DE[regle][0]
