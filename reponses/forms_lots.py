from datetime import timedelta
from itertools import chain

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comptes.models import Mandat
from reponses.attentes import a_repondre
from reponses.forms import DELAI_AVIS, ChoixElue, ReponseForm, champ_date
from reponses.forms_modeles import AIDE_MARQUES
from reponses.lots import a_signer_par, deja_places, reponses_de
from reponses.modeles import remplir, services_de, verifier_les_marques
from reponses.models import Echeance, Reponse, Service
from reponses.models.lot import manques_de
from reponses.regles import pose_une_question
from socle.champs import PlusieursField, TexteCourt, TexteLibre
from socle.permissions import autrices_de
from socle.templatetags.composants import ecrit_ici

CANDIDATES = 200  # the most urgent; the others come once these are answered
PAS_ELLE = _("Une des cases ne désigne rien que vous puissiez ajouter : elle est peut-être déjà dans un lot.")


def candidates(personne) -> list:
    """What may enter a lot of hers, the most urgent first; each with `due_le`."""
    requetes = [requete for requete in a_repondre(personne) if not pose_une_question(requete.model)]
    toutes = chain.from_iterable(_candidates(requete) for requete in requetes)
    return sorted(toutes, key=lambda c: (c.due_le is None, c.due_le or timezone.localdate(), c.pk))[:CANDIDATES]


def _candidates(requete):
    echeances = Echeance.objects.filter(
        cible_type=ContentType.objects.get_for_model(requete.model), cible_id=OuterRef("pk")
    )
    libres = requete.exclude(pk__in=deja_places(requete)).annotate(due_le=Subquery(echeances.values("due_le")))
    return libres.order_by("due_le", "pk")[:CANDIDATES]


class AjouterForm(forms.Form):
    """Which things enter the lot: none is read from the address but what this person may answer."""

    cibles = forms.MultipleChoiceField(
        label=_("À quoi répondez-vous ensemble ?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une idée."), "invalid_choice": PAS_ELLE},
    )

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = {f"{c._meta.label_lower}:{c.pk}": c for c in candidates(par)}
        self.fields["cibles"].choices = [(cle, ecrit_ici(str(c))) for cle, c in self.candidates.items()]

    def clean_cibles(self):
        return [self.candidates[cle] for cle in dict.fromkeys(self.cleaned_data["cibles"])]


class LotForm(AjouterForm):
    titre = TexteCourt(
        label=_("Nom du lot"),
        max_length=120,
        help_text=_("Pour l’équipe : il n’est jamais public. Par exemple : « Bancs et ombre, printemps »."),
        error_messages={"required": _("Donnez un nom à ce lot.")},
    )
    field_order = ["titre", "cibles"]


class BrouillonsForm(ReponseForm):
    """The missing drafts at once: what they share, and a few words of its own for each."""

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = places
        self.fields["texte"].label = _("Le texte commun, en mots simples")
        self.fields["texte"].help_text = AIDE_MARQUES
        for place in places:
            self.fields[self._nom(place)] = TexteLibre(
                label=_("Pour « %(titre)s » seulement") % {"titre": place.cible},
                max_length=3000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("S’ajoute à la fin du texte commun."),
            )

    @staticmethod
    def _nom(place) -> str:
        return f"propre_{place.pk}"

    @property
    def propres(self):
        return [self[self._nom(place)] for place in self.places]

    def clean_texte(self):
        texte = self.cleaned_data["texte"]
        verifier_les_marques(texte)
        return texte

    def clean(self):
        valeurs = super().clean()
        commun = valeurs.get("texte")
        self.textes = {}
        if commun is None:
            return valeurs
        services = services_de([place.cible for place in self.places])
        maximum = Reponse._meta.get_field("texte").max_length or 0
        for place in self.places:
            service = services.get((place.cible._meta.label_lower, place.cible_id), "")
            propre = valeurs.get(self._nom(place)) or ""
            texte = "\n\n".join(partie for partie in (remplir(commun, place.cible, service), propre) if partie)
            if len(texte) > maximum:
                self.add_error(
                    self._nom(place),
                    ValidationError(
                        _("Avec le texte commun, c’est trop long : %(n)s caractères au maximum."), params={"n": maximum}
                    ),
                )
            self.textes[place.pk] = texte
        return valeurs

    def commun(self) -> dict:
        return {nom: valeur for nom, valeur in self.contenu().items() if nom != "texte"}


class ConsulterLotForm(forms.Form):
    services = PlusieursField(
        Service.objects.all(),
        label=_("Services à consulter"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Un service qui a déjà rendu son avis sur une réponse n’est pas redemandé pour elle."),
        error_messages={"required": _("Choisissez au moins un service à consulter.")},
    )
    attendu_le = champ_date(label=_("Avis attendus pour le"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["attendu_le"].initial = timezone.localdate() + timedelta(days=DELAI_AVIS)
        self.fields["attendu_le"].error_messages["required"] = _("Dites pour quand vous attendez les avis.")

    def clean_attendu_le(self):
        attendu_le = self.cleaned_data["attendu_le"]
        if attendu_le < timezone.localdate():
            raise forms.ValidationError(_("Cette date est passée : choisissez une date à venir."))
        return attendu_le


class PresenterLotForm(forms.Form):
    """One name for all: somebody who may sign each of them."""

    signataire = ChoixElue(
        None,
        label=_("Qui signe ces réponses ?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choisissez la personne élue qui signe."),
            "invalid_choice": _("Cette personne ne peut pas signer toutes ces réponses."),
        },
    )

    def __init__(self, *args, lot, **kwargs):
        super().__init__(*args, **kwargs)
        reponses = reponses_de(lot, Reponse.Etat.EN_CONSULTATION)
        # Who may sign depends on the projet, and on who wrote each thing: one query a projet, none an answer.
        par_projet = {r.projet_id: r for r in reponses}
        possibles = None
        for reponse in par_projet.values():
            siennes = reponse.signataires_possibles()
            possibles = siennes if possibles is None else possibles.filter(pk__in=siennes.values("pk"))
        champ = self.fields["signataire"]
        champ.queryset = (
            get_user_model().objects.none()
            if possibles is None
            else possibles.exclude(pk__in=set().union(*(autrices_de(r.cible) for r in reponses)))
        )
        if not champ.queryset:
            champ.help_text = _("Personne ne peut signer toutes ces réponses. Demandez à l’administration.")


class SignerLotForm(forms.Form):
    """Each text is on the page, and the page says which one was read: `lue_<pk>`."""

    confirmee = forms.BooleanField(
        label=_("J’ai lu ces réponses et je les signe. Je sais qu’elles ne changeront plus."),
        error_messages={"required": _("Cochez cette case pour signer.")},
    )
    mandat = forms.ModelChoiceField(
        Mandat.objects.none(),
        label=_("Vous signez en tant que"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choisissez le mandat au nom duquel vous signez.")},
    )
    reponses = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": _("Une des réponses n’attend plus votre signature. Relisez la page.")},
    )
    field_order = ["reponses", "mandat", "confirmee"]

    def __init__(self, *args, lot, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.a_lire = a_signer_par(lot, par)
        self.fields["reponses"].choices = [(str(r.pk), str(r.cible)) for r in self.a_lire]
        self.mandats = list(Mandat.objects.en_cours().filter(personne=par).order_by("-debut", "-pk"))
        if len(self.mandats) > 1:
            self.fields["mandat"].queryset = Mandat.objects.filter(pk__in=[m.pk for m in self.mandats])
        else:
            del self.fields["mandat"]

    @property
    def lignes(self) -> list[tuple]:
        """(answer, version that the page shows, ticked) of each."""
        cochees = set(self.data.getlist("reponses")) if self.is_bound else set()
        return [(r, r.version(), str(r.pk) in cochees) for r in self.a_lire]

    def clean(self):
        valeurs = super().clean()
        if "toutes" in self.data:
            voulues = [cle.removeprefix("lue_") for cle in self.data if cle.startswith("lue_")]
        else:
            voulues = valeurs.get("reponses") or []
        if not voulues and "reponses" not in self.errors:
            self.add_error("reponses", _("Cochez au moins une réponse à signer."))
        valeurs["lues"] = {int(pk): self.data.get(f"lue_{pk}", "") for pk in voulues if pk.isascii() and pk.isdecimal()}
        return valeurs


class PublierLotForm(forms.Form):
    """Nothing to fill: it says what is not ready, before anything is tried."""

    def __init__(self, *args, objet, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.lot = objet

    def clean(self):
        for manque in manques_de(self.lot.contenu()):
            self.add_error(None, manque)
        return super().clean()
