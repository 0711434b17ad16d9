import json
from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comptes.models import Mandat
from reponses.dossier import dossier, echeance_de
from reponses.models import Reponse, Service
from reponses.regles import DECISIONS, MOTIFS_DU_NON, MOTIFS_DU_OUI, REPONSE, SUPERFLUS, motifs_de
from socle.champs import PlusieursField, TexteCourt, TexteLibre, champ_de_saisie

DELAI_AVIS = 15  # days offered to the services
COUT_MAX = 2_000_000_000  # euros; what the column holds on every database


def champ_date(**autres):
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Écrivez une date complète, par exemple 31/12/2027.")},
        **autres,
    )


class ReponseForm(forms.ModelForm):
    """The text of an answer. Its rules are those of `reponses.regles`, said beside the field that lacks something.

    For a correction (`instance.corrige`) the decision is not asked, nor what it makes pointless. For an answer to a question
    (`instance.cible`) there is no decision at all: its words, and who signs them.
    """

    use_required_attribute = False
    #: Asked by one decision only: `reponses.regles` says which is missing, and no page calls them optional.
    SELON_LA_DECISION = ("conditions", "premiere_etape", "premiere_etape_le", "alternative")

    #: The text that was on the screen when the person began to write, whole and field by field; empty for a new one.
    version = forms.CharField(widget=forms.HiddenInput, required=False)
    lues = forms.JSONField(widget=forms.HiddenInput, required=False)
    premiere_etape_le = champ_date(label=_("Date de la première étape"), required=False)
    cout_estime = forms.IntegerField(
        label=_("Coût estimé, en euros"),
        min_value=0,
        max_value=COUT_MAX,
        required=False,
        error_messages={
            "invalid": _("Écrivez un nombre entier, sans virgule ni espace."),
            "min_value": _("Écrivez un nombre positif."),
            "max_value": _("Ce nombre est trop grand."),
        },
    )

    cout_le = champ_date(
        label=_("Coût estimé le"), required=False, help_text=_("Laissez vide si vous l’estimez aujourd’hui.")
    )

    class Meta:
        model = Reponse
        formfield_callback = champ_de_saisie
        fields = Reponse.CONTENU
        widgets = {
            "sens": forms.RadioSelect,
            "texte": forms.Textarea(attrs={"rows": 10}),
            "conditions": forms.Textarea(attrs={"rows": 4}),
            "alternative": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "texte": _("Des phrases courtes, des mots de tous les jours. Dites ce que vous décidez, puis pourquoi."),
            "premiere_etape": _("Ce qui se passera d’abord."),
            "conditions": _("Pour un oui sous conditions : ce qu’il faut pour que ce oui tienne."),
            "cout_justification": _(
                "Un devis, un projet semblable, un calcul du service. Tout le monde le lira avec le coût."
            ),
            "alternative": _("Pour un non : une autre solution, ou vers qui se tourner."),
        }
        error_messages = {
            "sens": {"required": _("Choisissez la décision.")},
            "motif": {"required": _("Choisissez la raison principale.")},
            "texte": {"required": _("Écrivez la réponse, en mots simples.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version() if self.instance.pk else ""
        self.fields["lues"].initial = self.instance.versions() if self.instance.pk else {}
        self._exiger(True)
        self.fields["motif"].required = True
        origine = self.instance.corrige
        if self.instance.repond_a_une_question:
            self.instance.sens = REPONSE
            for nom in ("sens", *SUPERFLUS[REPONSE]):
                del self.fields[nom]
            self.fields["texte"].help_text = _("Des phrases courtes, des mots de tous les jours. Répondez d’abord.")
            return
        if origine is None:
            self.fields["sens"].choices = [(code, Reponse.Sens(code).label) for code in DECISIONS]
            self.fields["motif"].choices = [
                ("", _("Choisissez…")),
                (_("Pour un oui"), _libelles(m for m in MOTIFS_DU_OUI if m not in MOTIFS_DU_NON)),
                (_("Pour un oui comme pour un non"), _libelles(m for m in MOTIFS_DU_OUI if m in MOTIFS_DU_NON)),
                (_("Pour un non"), _libelles(m for m in MOTIFS_DU_NON if m not in MOTIFS_DU_OUI)),
            ]
            return
        for nom in ("sens", *SUPERFLUS[origine.sens]):
            del self.fields[nom]
        self.fields["motif"].choices = _libelles(motifs_de(origine.sens))

    def full_clean(self):
        self._exiger(False)
        super().full_clean()
        self._exiger(True)
        for phrases in self.errors.values():
            # One sentence a field: what is mistyped comes before what a rule then misses.
            del phrases.data[1:]

    def _exiger(self, oui):
        for nom in self.SELON_LA_DECISION:
            if nom in self.fields:
                self.fields[nom].required = oui

    def clean(self):
        """What says nothing for the chosen decision is dropped, so that no « no » shows a first step."""
        valeurs = super().clean()
        for nom in SUPERFLUS.get(valeurs.get("sens", ""), ()):
            valeurs[nom] = None if nom == "premiere_etape_le" else ""
            self.errors.pop(nom, None)
        self._dater_le_cout(valeurs)
        return valeurs

    def _dater_le_cout(self, valeurs):
        """Estimated today when no date is written; a date alone, left there by an emptied figure, says nothing."""
        if {"cout_estime", "cout_le"} & set(self.errors):
            return
        if valeurs.get("cout_estime") is None and not valeurs.get("cout_justification"):
            valeurs["cout_le"] = None
        elif not valeurs.get("cout_le"):
            valeurs["cout_le"] = timezone.localdate()

    def contenu(self) -> dict:
        """What was written, for `reponses.actions`."""
        return {nom: self.cleaned_data[nom] for nom in Reponse.CONTENU if nom in self.fields}

    def repartir_de(self, actuelle) -> "Conflit":
        """After a conflict: what she typed stays, and the fields that she left as she had read them take the other's words.

        So that keeping the form a second time undoes nothing that she has not seen.
        """
        lues = self.cleaned_data.get("lues")
        lues = lues if isinstance(lues, dict) else {}
        miennes, siennes = self.instance.versions(), actuelle.versions()
        changes = [nom for nom in self.contenu() if miennes[nom] != siennes[nom] and lues.get(nom) != siennes[nom]]
        conflit = Conflit(
            repris=[nom for nom in changes if lues.get(nom) == miennes[nom]],
            disputes=[nom for nom in changes if lues.get(nom) != miennes[nom]],
        )
        self.data = self.data.copy()
        for nom in conflit.repris:
            valeur = getattr(actuelle, nom)
            self.data[self.add_prefix(nom)] = "" if valeur is None else str(valeur)
        self.data[self.add_prefix("version")] = actuelle.version()
        self.data[self.add_prefix("lues")] = json.dumps(siennes)
        return conflit


@dataclass(frozen=True)
class Conflit:
    """Fields that somebody else has changed meanwhile: those that the form takes from her, and those that both wrote."""

    repris: list[str]
    disputes: list[str]


def _libelles(motifs):
    return [(motif, Reponse.Motif(motif).label) for motif in motifs]


class ConsulterForm(forms.Form):
    """Which services are asked, and until when. Those who have answered are not asked again."""

    services = PlusieursField(
        Service.objects.none(),
        label=_("Services à consulter"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un service à consulter.")},
    )
    attendu_le = champ_date(label=_("Avis attendus pour le"))
    lue = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, objet, par=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lue"].initial = objet.version()
        avis = list(objet.avis.select_related("service"))
        rendus = [a.service for a in avis if a.rendu_le]
        champ = self.fields["services"]
        champ.queryset = Service.objects.exclude(pk__in=[service.pk for service in rendus])
        champ.required = self.fields["attendu_le"].required = not avis
        if rendus:
            champ.help_text = _("Ont déjà rendu leur avis : %(noms)s.") % {
                "noms": ", ".join(service.nom for service in rendus)
            }
        echeance = echeance_de(objet)
        champ.initial = [a.service_id for a in avis if not a.rendu_le] or (
            [echeance.service_id] if echeance and not avis else []
        )
        self.fields["attendu_le"].error_messages["required"] = _("Dites pour quand vous attendez les avis.")
        self.fields["attendu_le"].initial = timezone.localdate() + timedelta(days=DELAI_AVIS)

    def clean_attendu_le(self):
        attendu_le = self.cleaned_data["attendu_le"]
        if attendu_le and attendu_le < timezone.localdate():
            raise forms.ValidationError(_("Cette date est passée : choisissez une date à venir."))
        return attendu_le

    def clean(self):
        valeurs = super().clean()
        if valeurs.get("services") and "attendu_le" not in self.errors and not valeurs.get("attendu_le"):
            self.add_error("attendu_le", _("Dites pour quand vous attendez les avis."))
        valeurs["services"] = list(valeurs.get("services") or [])
        return valeurs


class ChoixElue(forms.ModelChoiceField):
    def label_from_instance(self, personne):
        return str(personne.mandats_en_cours[0])


class SignataireForm(forms.Form):
    """Who signs: elected officials whose mandate is current."""

    signataire = ChoixElue(
        None,
        label=_("Qui signe cette réponse ?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choisissez la personne élue qui signe."),
            "invalid_choice": _(
                "Cette personne n’est pas élue, son mandat n’est pas en cours, ou c’est sa proposition."
            ),
        },
    )

    lue = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, objet, par=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lue"].initial = objet.version()
        possibles = objet.signataires_possibles()
        self.fields["signataire"].queryset = possibles
        if not possibles:
            self.fields["signataire"].help_text = _(
                "Personne n’a de mandat en cours. Demandez à l’administration d’en inscrire un."
            )


class RenvoyerForm(forms.Form):
    retour = TexteLibre(
        label=_("Que faut-il revoir ?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("L’agent lira ces mots. Ils ne sont pas publics."),
        error_messages={"required": _("Dites ce qu’il faut revoir.")},
    )

    def __init__(self, *args, objet=None, par=None, **kwargs):
        super().__init__(*args, **kwargs)


class SignerForm(forms.Form):
    """A signature: the person says that she has read, and the page says what she has read."""

    lue = forms.CharField(widget=forms.HiddenInput)
    mandat = forms.ModelChoiceField(
        Mandat.objects.none(),
        label=_("Vous signez en tant que"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choisissez le mandat au nom duquel vous signez.")},
    )
    confirmee = forms.BooleanField(
        label=_("J’ai lu cette réponse et je la signe. Je sais qu’elle ne changera plus."),
        error_messages={"required": _("Cochez cette case pour signer.")},
    )

    def __init__(self, *args, objet, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.objet, self.par = objet, par
        self.fields["lue"].initial = objet.version()
        mandats = list(Mandat.objects.en_cours().filter(personne=par).order_by("-debut", "-pk"))
        if len(mandats) > 1:
            self.fields["mandat"].queryset = Mandat.objects.filter(pk__in=[m.pk for m in mandats])
        else:
            del self.fields["mandat"]
        self.mandats = mandats

    @cached_property
    def dossier(self):
        """For the page of the signature."""
        return dossier(self.objet, self.par)

    def clean(self):
        """The tick is hers: the step itself needs the text that she read, and her mandate."""
        valeurs = super().clean()
        valeurs.pop("confirmee", None)
        return valeurs


class AvisForm(forms.Form):
    texte = TexteLibre(
        label=_("Avis du service"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=3000,
        help_text=_("Favorable ou non, et pourquoi. Un avis rendu ne change plus."),
        error_messages={"required": _("Écrivez l’avis du service.")},
    )


class AnnulerForm(forms.Form):
    """Why something that was announced will not take place: a step of realisation here, a stage in `projets`."""

    motif = TexteLibre(
        label=_("Pourquoi cette étape est-elle annulée ?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tout le monde lira cette raison, à côté de l’étape barrée."),
        error_messages={"required": _("Écrivez la raison : tout le monde la lira.")},
    )

    def __init__(self, *args, objet=None, par=None, **kwargs):
        super().__init__(*args, **kwargs)


class JalonForm(forms.Form):
    titre = TexteCourt(
        label=_("Étape"),
        max_length=200,
        help_text=_("Ce qui sera fait, en quelques mots. Tout le monde le lira."),
        error_messages={"required": _("Écrivez ce qui sera fait.")},
    )
    prevu_le = champ_date(label=_("Prévue le"), help_text=_("Une date promise ne se déplace pas : choisissez-la sûre."))

    def clean_prevu_le(self):
        prevu_le = self.cleaned_data["prevu_le"]
        if prevu_le < timezone.localdate():
            raise forms.ValidationError(_("Cette date est passée : choisissez une date à venir."))
        return prevu_le
