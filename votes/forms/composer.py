"""Forms of those who prepare a vote: its words and dates, its envelopes, the reason of what is taken back."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communautes.models import Communaute
from projets.forms import EtapeField, ModificationForm, MomentField, PeriodeForm
from projets.models import Etape
from socle.champs import PlusieursField, TexteCourt, TexteLibre, champ_de_saisie
from territoires.models import Territoire
from votes.modeles import MODELES
from votes.models import Enveloppe, Option, Scrutin
from votes.montants import EurosField


class ReglesForm(PeriodeForm):
    """What is voted on, when, and by whom. How it is counted has a form of its own (`votes.forms.facon`)."""

    ouvre_le = MomentField(label=_("Ouverture"), help_text=_("Le vote s’ouvre tout seul à cette minute."))
    ferme_le = MomentField(label=_("Fin"), help_text=_("Il se ferme tout seul à cette minute."))
    etape = EtapeField(
        Etape.objects.none(),
        label=_("Étape du projet"),
        required=False,
        empty_label=_("À choisir plus tard"),
        help_text=_("Les étapes qui permettent de voter. Les dates du vote doivent tenir dans celles de l’étape."),
    )
    age_min = forms.IntegerField(
        label=_("Âge minimal"),
        required=False,
        min_value=1,
        max_value=120,
        help_text=_("En années. Laissez vide si tout le monde peut voter."),
        error_messages={
            "invalid": _("Écrivez un nombre d’années."),
            "min_value": _("Écrivez un âge entre 1 et 120 ans."),
            "max_value": _("Écrivez un âge entre 1 et 120 ans."),
        },
    )

    class Meta:
        model = Scrutin
        formfield_callback = champ_de_saisie
        fields = [
            "titre", "question", "description", "etape", "ouvre_le", "ferme_le", "qui", "territoire", "communaute", "age_min",
        ]  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 5}), "qui": forms.RadioSelect}
        help_texts = {
            "titre": _("Court et concret : ce que l’on choisit, et où."),
            "question": _("Celle que chaque personne lit au-dessus de son bulletin."),
            "description": _("Ce que deviendra le résultat, et qui décide."),
            "communaute": _("Seulement si ce sont ses membres qui votent. Son nom sera publié avec les règles."),
            "territoire": _("Celui dont on parle ; et celui des personnes qui peuvent voter, si vous l’avez choisi."),
        }
        error_messages = {
            "titre": {"required": _("Donnez un titre au vote.")},
            "question": {"required": _("Écrivez la question posée.")},
            "qui": {"required": _("Dites qui peut voter."), "invalid_choice": _("Dites qui peut voter.")},
        }

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.avant["etape_id"] = self.instance.etape_id
        self.fields["territoire"].queryset = Territoire.objects.defer("contour").order_by("genre", "slug")
        self.fields["territoire"].empty_label = _("Pas de territoire précis")
        self.fields["qui"].choices = Scrutin.Qui.choices
        self._offrir_les_communautes()
        self.fields["etape"].offrir(Etape.Fonction.VOTER, par=par, actuelle=self.instance.etape_id)

    def _offrir_les_communautes(self):
        """Open ones whose page is public; and the one it has."""
        possibles = Communaute.objects.visibles_par(AnonymousUser()).filter(etat=Communaute.Etat.OUVERTE).order_by()
        choisissables = Q(pk__in=possibles.values("pk")) | Q(pk=self.instance.communaute_id or 0)
        self.fields["communaute"].queryset = Communaute.objects.filter(choisissables).only("nom").order_by("nom", "pk")
        self.fields["communaute"].empty_label = _("Pas une communauté")

    def clean(self):
        donnees = super().clean()
        if donnees.get("ouvre_le") and donnees.get("ferme_le"):
            self._exiger_des_dates_saines(donnees)
        if donnees.get("qui") == Scrutin.Qui.HABITANTES and not donnees.get("territoire"):
            self.add_error("territoire", _("Choisissez le territoire dont les habitantes et habitants peuvent voter."))
        if donnees.get("qui") == Scrutin.Qui.MEMBRES and not donnees.get("communaute"):
            self.add_error("communaute", _("Choisissez la communauté dont les membres peuvent voter."))
        elif donnees.get("qui") != Scrutin.Qui.MEMBRES:
            donnees["communaute"] = None  # chosen, then left for another rule: it does not count
        return donnees

    def _exiger_des_dates_saines(self, donnees):
        """In order, and within the stage: said now rather than on the day of the announcement. A stage that moved later
        does not lock the other fields."""
        ouvre_le, ferme_le, etape = donnees["ouvre_le"], donnees["ferme_le"], donnees.get("etape")
        if ferme_le <= ouvre_le:
            self.add_error("ferme_le", _("La fin doit venir après l’ouverture."))
            return
        if etape is None:
            return
        change = etape.pk != self.avant["etape_id"]
        if ouvre_le < etape.ouvre_le and (change or ouvre_le != self.avant["ouvre_le"]):
            self.add_error("ouvre_le", _("L’étape choisie n’a pas encore commencé à ce moment-là."))
        if ferme_le > etape.ferme_le and (change or ferme_le != self.avant["ferme_le"]):
            self.add_error("ferme_le", _("L’étape choisie est finie à ce moment-là."))


class CreerForm(ReglesForm):
    """A new one starts from a usual vote, whose way of counting may be changed on the next page."""

    modele = forms.ChoiceField(
        label=_("Quel genre de vote ?"),
        widget=forms.RadioSelect,
        help_text=_("Un point de départ : vous pourrez changer la façon de voter et de compter."),
        error_messages={
            "required": _("Choisissez un genre de vote."),
            "invalid_choice": _("Choisissez un genre de vote de la liste."),
        },
    )
    field_order = ["titre", "question", "modele"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["modele"].choices = [
            (m.code, _("%(nom)s — %(aide)s") % {"nom": m.nom, "aide": m.aide}) for m in MODELES.values()
        ]
        self.fields["modele"].initial = next(iter(MODELES))

    def valeurs(self) -> dict[str, Any]:
        valeurs = super().valeurs()
        modele = MODELES[valeurs.pop("modele")]
        return {**valeurs, **modele.valeurs}


# --- Envelopes -------------------------------------------------------------------------------------------------------


class EnveloppeForm(ModificationForm):
    budget = EurosField(label=_("Budget, en euros"), required=False, positif=True, help_text=_("Par exemple 500 000."))

    class Meta:
        model = Enveloppe
        formfield_callback = champ_de_saisie
        fields = ["nom", "budget"]
        error_messages = {"nom": {"required": _("Donnez un nom à cette enveloppe.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.scrutin.depense:
            del self.fields["budget"]


class EnveloppesForm(forms.Form):
    """One for each of these places, of the same budget."""

    territoires = PlusieursField(
        Territoire.objects.none(),
        label=_("Lieux"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choisissez un lieu au moins."),
            "invalid_choice": _("Choisissez des lieux de la liste."),
            "invalid_pk_value": _("Choisissez des lieux de la liste."),
        },
    )
    budget = EurosField(label=_("Budget de chacune, en euros"), required=False, positif=True)

    def __init__(self, *args, scrutin, **kwargs):
        super().__init__(*args, **kwargs)
        pris = scrutin.enveloppes.filter(territoire__isnull=False).values("territoire")
        lieux = Territoire.objects.exclude(genre=Territoire.Genre.METROPOLE).exclude(pk__in=pris).defer("contour")
        self.fields["territoires"].queryset = lieux.order_by("-genre", "slug")
        if not scrutin.depense:
            del self.fields["budget"]


# --- Taken back ------------------------------------------------------------------------------------------------------


class AnnulerForm(forms.Form):
    """Why a vote that people have read is cancelled (transition `annuler`, see `timeline.views.etape`)."""

    motif = TexteLibre(
        label=_("Pourquoi annulez-vous ce vote ?"),
        max_length=Scrutin._meta.get_field("motif_annulation").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Tout le monde lira cette raison, sur la page du vote et dans la chronologie."),
        error_messages={"required": _("Dites pourquoi : tout le monde lira cette raison.")},
    )

    def __init__(self, *args, objet=None, par=None, **kwargs):
        super().__init__(*args, **kwargs)


class RetraitForm(forms.Form):
    """Why an option that people have read is taken out."""

    motif = TexteCourt(
        label=_("Pourquoi retirez-vous cette proposition ?"),
        max_length=Option._meta.get_field("motif_retrait").max_length,
        help_text=_("Tout le monde lira cette raison, à côté de la proposition."),
        error_messages={"required": _("Dites pourquoi : tout le monde lira cette raison.")},
    )
