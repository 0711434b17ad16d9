"""Forms around a panel: its mandate, its pool and quotas, the steps of its draw, what it publishes."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from communautes.forms.etapes import OuvrirForm
from communautes.models import Communaute, Mandat
from communautes.models.panel import PLACES_MAX
from communautes.panels.mandat import faute_de_date
from communautes.panels.quotas import vivier_de
from communautes.panels.vivier import Colonnes
from communautes.tirage.importer import OCTETS_MAX
from communautes.tirage.quotas import Quota
from communautes.tirage.vivier import seuls
from projets.forms import MomentField
from projets.models import Projet
from socle.champs import TexteCourt, TexteLibre, champ_de_saisie
from socle.fichiers import DocumentField
from timeline.formulaires import FormulaireDEtape

JOUR = {"type": "date"}
TROP_LONG = _("Un code est plus court que cela : recopiez celui de votre lettre, et lui seul.")


def champ_jour(libelle, **options) -> forms.DateField:
    phrases = {"required": _("Choisissez un jour."), "invalid": _("Écrivez un jour, par exemple 21/03/2027.")}
    options.setdefault("error_messages", phrases)
    lointain = _("Cette date est trop loin : vérifiez l’année.")
    bornes = [MinValueValidator(date(2000, 1, 1), lointain), MaxValueValidator(date(2100, 12, 31), lointain)]
    return forms.DateField(
        label=libelle, widget=forms.DateInput(attrs=JOUR, format="%Y-%m-%d"), validators=bornes, **options
    )


def champ_nombre(libelle, *, minimum=0, maximum=10_000, **options) -> forms.IntegerField:
    phrase = gettext("Écrivez un nombre entier, de %(min)s à %(max)s.") % {"min": minimum, "max": maximum}
    erreurs = dict.fromkeys(("required", "invalid", "min_value", "max_value"), phrase)
    return forms.IntegerField(label=libelle, min_value=minimum, max_value=maximum, error_messages=erreurs, **options)


# --- The panel and its mandate -----------------------------------------------------------------------------------


class PanelForm(forms.ModelForm):
    """What everybody reads of its community."""

    class Meta:
        model = Communaute
        formfield_callback = champ_de_saisie
        fields = ["nom", "resume", "description", "charte", "projet"]
        widgets = {"description": forms.Textarea(attrs={"rows": 5}), "charte": forms.Textarea(attrs={"rows": 5})}
        error_messages = {
            "nom": {"required": _("Donnez un nom au panel.")},
            "resume": {"required": _("Présentez le panel en une phrase.")},
            "description": {"required": _("Décrivez le panel.")},
            "charte": {"required": _("Écrivez comment le panel travaille et se parle.")},
        }

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["projet"].queryset = Projet.objects.visibles_par(par)
        self.fields["projet"].empty_label = _("Aucun projet")


class MandatForm(forms.ModelForm):
    effacer_le = champ_jour(
        _("Effacement des noms et des adresses le"),
        help_text=_(
            "Ce jour-là, les noms et les adresses du vivier sont effacés. Les codes restent. Une fois publiée, cette date peut "
            "être avancée, jamais repoussée."
        ),
    )

    class Meta:
        model = Mandat
        formfield_callback = champ_de_saisie
        fields = ["question", "calendrier", "devenir", "commanditaire", "places", "effacer_le"]
        widgets = {nom: forms.Textarea(attrs={"rows": 4}) for nom in ("question", "calendrier", "devenir")}
        error_messages = {
            "question": {"required": _("Écrivez la question posée au panel.")},
            "calendrier": {"required": _("Écrivez le calendrier : les séances et leurs dates.")},
            "devenir": {"required": _("Écrivez ce qui sera fait de l’avis.")},
            "commanditaire": {"required": _("Écrivez qui demande cet avis.")},
        }

    def __init__(self, *args, correction=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["places"] = champ_nombre(_("Nombre de places"), minimum=1, maximum=PLACES_MAX)
        self.publiee = self.initial["effacer_le"] if correction else None
        if correction:
            self.fields["motif"] = TexteLibre(
                label=_("Ce qui change, et pourquoi"),
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("Tout le monde le lira, avec l’ancienne version."),
                error_messages={"required": _("Dites ce qui change, et pourquoi : tout le monde le lira.")},
            )

    def clean_effacer_le(self):
        """Said with the other faults of the form, not once they are all mended."""
        jour = self.cleaned_data["effacer_le"]
        if faute := faute_de_date(jour, self.publiee):
            raise forms.ValidationError(faute)
        return jour


class PublierLeMandatForm(OuvrirForm):
    """Who answers for the panel in the name of the city; asked when its page opens."""


# --- The pool and the quotas -------------------------------------------------------------------------------------


class FichierDuVivierForm(forms.Form):
    fichier = forms.FileField(
        label=_("Fichier CSV du vivier"),
        help_text=_("Une ligne par personne : un identifiant, les critères, et de quoi lui écrire. 20 Mo au plus."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,.txt,.tsv"}),
        error_messages={"required": _("Choisissez un fichier."), "empty": _("Ce fichier est vide.")},
    )

    def clean_fichier(self):
        recu = self.cleaned_data["fichier"]
        if recu.size > OCTETS_MAX:
            raise forms.ValidationError(_("Ce fichier est trop lourd : 20 Mo au plus."))
        return recu


class ColonnesForm(forms.Form):
    """What each column of the file is. What is not ticked is not kept."""

    identifiant = forms.ChoiceField(
        label=_("Quelle colonne désigne chaque personne ?"),
        help_text=_("Une valeur différente par ligne. Elle n’est jamais publiée : un code tiré au hasard la remplace."),
        error_messages={"required": _("Choisissez la colonne qui désigne chaque personne.")},
    )
    criteres = forms.MultipleChoiceField(
        label=_("Quelles colonnes sont des critères du tirage ?"),
        help_text=_(
            "Elles seront publiées, sans les noms : gardez des groupes larges, par exemple des tranches d’âge."
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un critère.")},
    )
    personnelles = forms.MultipleChoiceField(
        label=_("Quelles colonnes servent à écrire aux personnes tirées ?"),
        help_text=_(
            "Nom, adresse… Elles sont chiffrées, jamais publiées, et effacées à la date du mandat. Les autres colonnes ne sont "
            "pas gardées."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    courriel = forms.ChoiceField(label=_("Colonne de l’adresse électronique"), required=False)

    def __init__(self, *args, colonnes, **kwargs):
        super().__init__(*args, **kwargs)
        self.colonnes = colonnes
        choix = [(f"c{rang}", nom) for rang, nom in enumerate(colonnes)]
        self.fields["identifiant"].choices = [("", _("Choisissez une colonne")), *choix]
        self.fields["criteres"].choices = self.fields["personnelles"].choices = choix
        self.fields["courriel"].choices = [("", _("Aucune")), *choix]

    def clean(self):
        saisie = super().clean()
        identifiant, criteres = saisie.get("identifiant"), set(saisie.get("criteres", ()))
        personnelles, courriel = set(saisie.get("personnelles", ())), saisie.get("courriel")
        if identifiant in criteres:
            self.add_error(
                "criteres", _("La colonne qui désigne les personnes ne peut pas être un critère : elle serait publiée.")
            )
        if criteres & personnelles:
            self.add_error(
                "personnelles", _("Une colonne est un critère publié, ou sert à écrire aux personnes : pas les deux.")
            )
        if identifiant in personnelles:
            self.add_error("personnelles", _("La colonne qui désigne les personnes est déjà gardée."))
        if courriel and courriel not in personnelles:
            self.add_error("courriel", _("Cochez aussi cette colonne parmi celles qui servent à écrire aux personnes."))
        return saisie

    def choisies(self) -> Colonnes:
        saisie = self.cleaned_data
        return Colonnes(
            identifiant=self._nom(saisie["identifiant"]),
            criteres=tuple(map(self._nom, saisie["criteres"])),
            personnelles=tuple(map(self._nom, saisie["personnelles"])),
            courriel=self._nom(saisie["courriel"]) if saisie["courriel"] else "",
        )

    def _nom(self, cle: str) -> str:
        return self.colonnes[int(cle[1:])]


class QuotasForm(forms.Form):
    """A minimum and a maximum for each class of each criterion, in the order of the pool."""

    def __init__(self, *args, effectifs, quotas, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.effectifs, self.places = effectifs, places
        for i, (critere, compte) in enumerate(effectifs.items()):
            for j, valeur in enumerate(compte):
                connu = quotas.get(critere, {}).get(valeur, Quota(0, places))
                for nom, initial in (("min", connu.minimum), ("max", connu.maximum)):
                    libelle = (
                        gettext("%(critere)s, %(valeur)s : minimum")
                        if nom == "min"
                        else gettext("%(critere)s, %(valeur)s : maximum")
                    ) % {"critere": critere, "valeur": valeur}
                    champ = champ_nombre(libelle, maximum=places, initial=initial)
                    champ.widget.attrs |= {"aria-label": libelle, "class": "champ-nombre"}
                    self.fields[f"q{i}_{j}_{nom}"] = champ

    def criteres(self) -> list[dict]:
        """What the page draws: {nom, total, classes: [{valeur, effectif, part, minimum, maximum}]}."""
        return [
            {
                "nom": critere,
                "total": sum(compte.values()),
                "classes": [
                    {
                        "valeur": valeur,
                        "effectif": n,
                        "part": 100 * n / sum(compte.values()),
                        "attendu": self.places * n / sum(compte.values()),
                        "minimum": self[f"q{i}_{j}_min"],
                        "maximum": self[f"q{i}_{j}_max"],
                    }
                    for j, (valeur, n) in enumerate(compte.items())
                ],
            }
            for i, (critere, compte) in enumerate(self.effectifs.items())
        ]

    def quotas(self) -> dict[str, dict[str, Quota]]:
        return {
            critere: {
                valeur: Quota(self.cleaned_data[f"q{i}_{j}_min"], self.cleaned_data[f"q{i}_{j}_max"])
                for j, valeur in enumerate(compte)
            }
            for i, (critere, compte) in enumerate(self.effectifs.items())
        }


# --- The steps of a draw -----------------------------------------------------------------------------------------


class MotifDuTirageForm(FormulaireDEtape):
    motif = TexteLibre(
        label=_("Votre raison"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Écrivez votre raison.")},
    )


class AnnoncerLeTirageForm(FormulaireDEtape):
    source = TexteCourt(
        label=_("Quelle valeur publique fera le tirage ?"),
        max_length=300,
        help_text=_(
            "Personne ne doit pouvoir la connaître ni la choisir aujourd’hui. Dites exactement laquelle, et où la lire. Par "
            "exemple : les cinq numéros du tirage du Loto du samedi 20 mars 2027, dans l’ordre de leur sortie, séparés par "
            "une espace."
        ),
        error_messages={"required": _("Nommez la valeur publique qui fera le tirage.")},
    )
    connue_le = MomentField(
        label=_("Quand sera-t-elle connue ?"),
        help_text=_("Dans 24 heures au moins. Personne ne pourra tirer avant."),
    )
    verifie = forms.BooleanField(
        label=_("J’ai vérifié les quotas, et ce que les fichiers publiés laissent deviner."),
        error_messages={"required": _("Vérifiez d’abord, puis cochez.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verifie"].help_text = avertissement(seuls(vivier_de(self.objet)))

    def clean(self):
        """`franchir` is given what it asks for."""
        saisie = super().clean()
        saisie.pop("verifie", None)
        return saisie


def avertissement(nombre: int) -> str:
    """What k-anonymity says of the published pool, k = 2."""
    if not nombre:
        return gettext("Chaque personne du vivier partage ses critères avec au moins une autre.")
    return ngettext(
        "Attention : %(n)s personne est seule à avoir sa combinaison de critères. Qui connaît son âge, son quartier… trouvera "
        "sa ligne. Élargissez les groupes si vous le pouvez.",
        "Attention : %(n)s personnes sont seules à avoir leur combinaison de critères. Qui connaît leur âge, leur quartier… "
        "trouvera leur ligne. Élargissez les groupes si vous le pouvez.",
        nombre,
    ) % {"n": number_format(nombre, force_grouping=True)}


class TirerForm(FormulaireDEtape):
    valeur = TexteCourt(
        label=_("La valeur publique"),
        max_length=300,
        error_messages={"required": _("Écrivez la valeur publique.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["valeur"].help_text = gettext("Telle qu’elle a été publiée : %(source)s") % {
            "source": self.objet.source
        }


class ConstaterForm(FormulaireDEtape):
    motif = TexteCourt(
        label=_("Ce qui a été constaté"),
        max_length=300,
        help_text=_("Par exemple : pas de réponse après deux lettres. N’écrivez rien de personnel."),
        error_messages={"required": _("Dites ce qui a été constaté.")},
    )


# --- Drawn people ------------------------------------------------------------------------------------------------


class PlaceForm(forms.Form):
    code = TexteCourt(
        label=_("Votre code"),
        max_length=64,
        error_messages={"required": _("Écrivez le code de votre lettre."), "max_length": TROP_LONG},
    )
    cle = TexteCourt(
        label=_("Votre clé"),
        max_length=60,
        help_text=_("Cinq groupes de quatre lettres ou chiffres. Les tirets sont facultatifs."),
        error_messages={
            "required": _("Écrivez la clé de votre lettre."),
            "max_length": _("Une clé est plus courte : cinq groupes de quatre lettres ou chiffres."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom in ("code", "cle"):
            self.fields[nom].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class AccepterForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    accord = forms.BooleanField(
        label=_("J’ai lu ce texte, et je suis d’accord."),
        error_messages={"required": _("Cochez cette case si vous êtes d’accord.")},
    )


class CodeForm(forms.Form):
    code = TexteCourt(
        label=_("Votre code"),
        max_length=64,
        error_messages={"required": _("Écrivez un code."), "max_length": TROP_LONG},
    )


# --- What it publishes -------------------------------------------------------------------------------------------


class CompteRenduForm(forms.Form):
    titre = TexteCourt(label=_("Titre"), max_length=160, error_messages={"required": _("Donnez un titre.")})
    seance_le = champ_jour(_("Date de la séance"))
    texte = TexteLibre(
        label=_("Texte"),
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": _("Écrivez le compte rendu.")},
    )


class CorrigerCompteRenduForm(forms.Form):
    texte = TexteLibre(
        label=_("Texte"),
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": _("Écrivez le compte rendu.")},
    )
    motif = TexteCourt(
        label=_("Ce qui change"), max_length=300, error_messages={"required": _("Dites en une phrase ce qui change.")}
    )


class AvisForm(forms.Form):
    texte = TexteLibre(
        label=_("Texte de l’avis"),
        max_length=100_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    document = DocumentField(label=_("Ou son fichier"), required=False)
    adopte_le = champ_jour(_("Adopté par le panel le"))
    reponse_attendue_le = champ_jour(
        _("Réponse de la collectivité attendue le"),
        help_text=_("Tout le monde verra cette date, et le retard s’il y en a un."),
    )

    def __init__(self, *args, correction=False, **kwargs):
        super().__init__(*args, **kwargs)
        for nom, libelle in (("pour", _("Voix pour")), ("contre", _("Voix contre")), ("abstentions", _("Abstentions"))):
            self.fields[nom] = champ_nombre(libelle, maximum=PLACES_MAX, initial=0 if nom == "abstentions" else None)
        if correction:
            self.fields["motif"] = TexteLibre(
                label=_("Ce qui change, et pourquoi"),
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": _("Dites ce qui change, et pourquoi : tout le monde le lira.")},
            )
        self.fields["adopte"] = forms.BooleanField(
            label=_("Le panel a adopté cet avis. Je sais qu’il est publié pour tout le monde et ne s’efface plus."),
            error_messages={"required": _("Cochez cette case pour publier l’avis.")},
        )


class ReponseForm(forms.Form):
    adresse = TexteCourt(
        label=_("Adresse de la réponse"),
        max_length=500,
        help_text=_("Une page de ce site, qui commence par /, ou une adresse qui commence par https://."),
        error_messages={"required": _("Écrivez où lire la réponse.")},
    )
    le = champ_jour(_("Réponse donnée le"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["le"].initial = timezone.localdate


class SyntheseForm(forms.Form):
    titre = TexteCourt(label=_("Titre"), max_length=160, error_messages={"required": _("Donnez un titre.")})
    adresse = TexteCourt(
        label=_("Adresse"),
        max_length=500,
        help_text=_("Une page de ce site, qui commence par /, ou une adresse qui commence par https://."),
        error_messages={"required": _("Écrivez l’adresse de la synthèse.")},
    )
