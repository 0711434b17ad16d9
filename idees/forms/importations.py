"""Forms of an importation: the file, the mapping field by field, the reason of an undoing."""

import tempfile
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from idees.importation import depart
from idees.importation.conversions import CONVERSIONS, FORMATS_DE_DATE
from idees.importation.correspondance import CHAMPS, FAITS, CorrespondanceInvalide, Regles, conversion_de, modeles
from idees.importation.lecture import FichierIllisible, Tableau
from idees.models import Boite, Correspondance
from socle.champs import TexteCourt, TexteLibre

FIXE, PLUSIEURS = "=", "+"  # neither can be the name of a column: see `_cle_de_colonne`
GENRES = {"idees": gettext_lazy("idées"), "commentaires": gettext_lazy("commentaires")}


def _correspondances() -> list[tuple[str, str]]:
    gardees = [(c.nom, c.nom) for c in Correspondance.objects.all()]
    connues = {nom for nom, _libelle in gardees}
    livrees = [
        (nom, f"{modele['source']['nom']} ({GENRES[modele['genre']]})")
        for nom, modele in modeles().items()
        if nom not in connues
    ]
    return [*gardees, *livrees]


class ImportationForm(forms.Form):
    """A file, the box that receives it, and the mapping to begin with."""

    fichier = forms.FileField(
        label=gettext_lazy("Fichier CSV"),
        help_text=gettext_lazy("Dans un tableur : « Enregistrer sous », format CSV. 10 Mo au plus."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,.txt,.tsv"}),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Ce fichier est vide."),
        },
    )
    boite = forms.ModelChoiceField(
        Boite.objects.none(), label=gettext_lazy("Boîte à idées"), empty_label=gettext_lazy("Choisissez une boîte")
    )
    correspondance = forms.ChoiceField(
        label=gettext_lazy("Correspondance de départ"),
        help_text=gettext_lazy("Vous la règlerez sur la page suivante, avec un extrait du fichier à côté."),
    )
    source_nom = forms.CharField(
        label=gettext_lazy("D’où viennent ces données ?"),
        max_length=200,
        help_text=gettext_lazy("Tout le monde lira ce nom : « repris de … »."),
    )
    source = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]{0,59}$",
        label=gettext_lazy("Code de la source"),
        help_text=gettext_lazy(
            "Le même pour les idées et pour leurs commentaires, un autre pour chaque site. Par exemple : nancy-2019."
        ),
        error_messages={"invalid": gettext_lazy("Des minuscules, des chiffres et des tirets.")},
    )

    def __init__(self, *args, personne, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["boite"].queryset = Boite.objects.visibles_par(personne).select_related("etape__projet")
        self.fields["correspondance"].choices = _correspondances()

    def clean_fichier(self):
        """Opened once, in a file that goes away: what is no table is told here."""
        recu = self.cleaned_data["fichier"]
        with tempfile.NamedTemporaryFile(suffix=".csv") as copie:
            for morceau in recu.chunks():
                copie.write(morceau)
            copie.flush()
            try:
                self.tableau = Tableau.ouvrir(copie.name)
            except FichierIllisible as refus:
                raise forms.ValidationError(str(refus)) from None
        recu.seek(0)
        return recu

    def clean(self):
        saisie = super().clean()
        if not self.errors:
            try:
                self.regles = depart.choisir(
                    saisie["correspondance"], source=saisie["source"], source_nom=saisie["source_nom"].strip()
                )
            except CorrespondanceInvalide as refus:
                self.add_error("correspondance", refus.defauts)
        return saisie


class RegleForm(forms.Form):
    """The rule of one field: a column or a fixed value, and how it is read."""

    colonne = forms.ChoiceField(required=False)
    valeur = forms.CharField(label=gettext_lazy("Valeur fixe"), required=False, max_length=2000)
    conversion = forms.ChoiceField(label=gettext_lazy("Se lit comme"), required=False)
    vides = TexteLibre(
        label=gettext_lazy("Valeurs qui veulent dire « rien », une par ligne"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    table = TexteLibre(
        label=gettext_lazy("Valeurs : une par ligne, « dans le fichier = sur le site »"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    formats = forms.MultipleChoiceField(
        label=gettext_lazy("Formats de date"),
        required=False,
        choices=[
            ("instant", gettext_lazy("date et heure")),
            ("jour", gettext_lazy("2015-03-12")),
            ("jour_fr", gettext_lazy("12/03/2015")),
            ("mois", gettext_lazy("2015-03")),
            ("mois_fr", gettext_lazy("03/2015")),
            ("annee", gettext_lazy("2015")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Rien de coché : tous sont essayés."),
    )
    tronquer = forms.BooleanField(label=gettext_lazy("Couper ce qui est trop long"), required=False)
    creer = forms.BooleanField(label=gettext_lazy("Créer les thèmes qui manquent"), required=False)
    ignorer = forms.BooleanField(label=gettext_lazy("Laisser vide un lieu inconnu"), required=False)
    si_colonne = forms.ChoiceField(label=gettext_lazy("C’est fait si la colonne"), required=False)
    si_valeurs = TexteLibre(
        label=gettext_lazy("vaut l’une de ces valeurs, une par ligne"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Sinon la date est seulement annoncée : elle n’entre pas dans la chronologie."),
    )

    def __init__(self, data=None, *, genre, nom, colonnes, regle: Mapping | None):
        self.genre, self.nom, self.champ, self.colonnes = genre, nom, CHAMPS[genre][nom], colonnes
        self.ancienne = dict(regle or {})
        super().__init__(data, prefix=nom, initial=self._depart())
        self._choix_de_colonne()
        self.fields["conversion"].choices = [(nom, CONVERSIONS[nom][1]) for nom in self.champ.conversions]
        for inutile in self._inutiles():
            del self.fields[inutile]

    def _choix_de_colonne(self):
        noms = [(self._cle_de_colonne(colonne), colonne) for colonne in self.colonnes]
        speciaux = [(FIXE, _("une valeur fixe"))]
        if "colonnes" in self.ancienne:
            speciaux.append((PLUSIEURS, _("plusieurs colonnes, mises bout à bout")))
        champ = self.fields["colonne"]
        champ.label = str(self.champ.libelle)
        champ.choices = [("", _("Ne pas reprendre")), *speciaux, *noms]
        if self.champ.obligatoire:
            champ.required, champ.choices = True, [("", _("Choisissez une colonne")), *speciaux, *noms]
            champ.error_messages["required"] = _("Ce champ est obligatoire : choisissez sa colonne.")
        self.fields["si_colonne"].choices = [("", _("(toujours fait)")), *noms]

    def _cle_de_colonne(self, colonne: str) -> str:
        return f"c{self.colonnes.index(colonne)}" if colonne in self.colonnes else ""

    def _colonne_de(self, cle: str) -> str:
        return self.colonnes[int(cle[1:])]

    def _inutiles(self) -> list[str]:
        conversions = set(self.champ.conversions)
        garder = {
            "conversion": len(self.champ.conversions) > 1,
            "table": bool(conversions & {"liste", "theme", "territoire"}),
            "formats": "date" in conversions,
            "tronquer": bool(self.champ.longueur) or "theme" in conversions,
            "creer": "theme" in conversions,
            "ignorer": "territoire" in conversions,
            "si_colonne": self.nom.removesuffix("_le") in FAITS,
            "si_valeurs": self.nom.removesuffix("_le") in FAITS,
        }
        return [nom for nom, utile in garder.items() if not utile]

    def _depart(self) -> dict:
        regle = self.ancienne
        condition = regle.get("acquis_si", {"colonne": "", "valeurs": []})
        return {
            "colonne": PLUSIEURS
            if "colonnes" in regle
            else FIXE
            if "valeur" in regle
            else self._cle_de_colonne(regle.get("colonne", "")),
            "valeur": regle.get("valeur", ""),
            "conversion": conversion_de(self.genre, self.nom, regle),
            "vides": "\n".join(regle.get("vides", [])),
            "table": "\n".join(f"{cle} = {valeur}" for cle, valeur in regle.get("table", {}).items()),
            "formats": regle.get("formats", []),
            "tronquer": regle.get("trop_long") == "tronquer",
            "creer": regle.get("creer", False),
            "ignorer": regle.get("inconnu") == "ignorer",
            "si_colonne": self._cle_de_colonne(condition["colonne"]),
            "si_valeurs": "\n".join(condition["valeurs"]),
        }

    @property
    def reglages(self):
        """What stands folded under the choice of the column."""
        return [self[nom] for nom in self.fields if nom != "colonne"]

    @property
    def est_reprise(self) -> bool:
        return bool(self["colonne"].value())

    @property
    def a_des_reglages_fautifs(self) -> bool:
        return any(nom != "colonne" for nom in self.errors)

    def clean_table(self) -> dict[str, str]:
        table = {}
        for ligne in _lignes(self.cleaned_data["table"]):
            cle, egal, valeur = ligne.rpartition("=")
            if not egal or not cle.strip():
                raise forms.ValidationError(
                    _("Écrivez « dans le fichier = sur le site » : %(ligne)s") % {"ligne": ligne}
                )
            table[cle.strip()] = valeur.strip()
        return table

    def regle(self) -> dict | None:
        """The rule of this field, None when it is not taken over."""
        saisie = self.cleaned_data
        if not saisie["colonne"]:
            return None
        regle: dict = {}
        if saisie["colonne"] == FIXE:
            regle["valeur"] = saisie["valeur"]
        elif saisie["colonne"] == PLUSIEURS:
            regle |= {cle: self.ancienne[cle] for cle in ("colonnes", "joindre") if cle in self.ancienne}
        else:
            regle["colonne"] = self._colonne_de(saisie["colonne"])
        options = {
            "conversion": saisie.get("conversion", "") if self._dit_sa_conversion(saisie) else "",
            "vides": _lignes(saisie["vides"]),
            "table": saisie.get("table"),
            "formats": [nom for nom in FORMATS_DE_DATE if nom in saisie.get("formats", [])],
            "trop_long": "tronquer" if saisie.get("tronquer") else "",
            "creer": saisie.get("creer"),
            "inconnu": "ignorer" if saisie.get("ignorer") else "",
            "acquis_si": self._condition(saisie),
        }
        return regle | {cle: valeur for cle, valeur in options.items() if valeur}

    def _dit_sa_conversion(self, saisie) -> bool:
        """The usual one goes without saying."""
        return saisie.get("conversion") != self.champ.conversions[0] or "conversion" in self.ancienne

    def _condition(self, saisie) -> dict | None:
        if not saisie.get("si_colonne"):
            return None
        return {"colonne": self._colonne_de(saisie["si_colonne"]), "valeurs": _lignes(saisie["si_valeurs"])}


def _lignes(texte: str) -> list[str]:
    return [ligne.strip() for ligne in texte.splitlines() if ligne.strip()]


class CorrespondanceForm(forms.Form):
    """A whole mapping: one rule a field, and a name if it is to be kept."""

    enregistrer_sous = forms.CharField(
        label=gettext_lazy("Garder cette correspondance sous le nom"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Pour le prochain fichier du même genre. Un nom déjà pris est remplacé."),
    )

    def __init__(self, data=None, *, regles: Regles, colonnes):
        super().__init__(data)
        self.ancienne = regles
        self.regles_des_champs = [
            RegleForm(data, genre=regles.genre, nom=nom, colonnes=list(colonnes), regle=regles.champs.get(nom))
            for nom in CHAMPS[regles.genre]
        ]

    def is_valid(self):
        # Every part is checked, so that all that is to mend is shown at once.
        valides = [forme.is_valid() for forme in self.regles_des_champs]
        return super().is_valid() and all(valides) and self._lire()

    def _lire(self) -> bool:
        champs = {forme.nom: regle for forme in self.regles_des_champs if (regle := forme.regle())}
        try:
            self.regles = Regles.lire({**self.ancienne.brut, "champs": champs})
        except CorrespondanceInvalide as refus:
            self.add_error(None, refus.defauts)
            return False
        return True

    def garder(self) -> None:
        if nom := self.cleaned_data["enregistrer_sous"].strip():
            Correspondance.objects.update_or_create(nom=nom, defaults={"regles": self.regles.brut})


class AnnulerImportationForm(forms.Form):
    motif = TexteCourt(
        label=gettext_lazy("Pourquoi annuler cette reprise ?"),
        max_length=500,
        help_text=gettext_lazy("Tout le monde lira cette raison dans la chronologie."),
        error_messages={"required": gettext_lazy("Dites pourquoi en une phrase.")},
    )
