"""Forms of those who write a consultation: its rules, each part of its questionnaire, what a new version changes, its outcome."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from consultations.composition import ENCORE_REGLABLES
from consultations.models import Consultation, Version
from consultations.questionnaire import (
    A_CHOIX,
    BORNES,
    CHOIX_MAX,
    DECIMALES_MAX,
    FIN,
    LONGUEURS,
    MUETS,
    Choix,
    Condition,
    Genre,
    Page,
    Question,
    Questionnaire,
    Saut,
    conditions_de,
    nouvelle_cle,
)
from consultations.tracer import nom_de_la_page
from consultations.valeurs import decimal_de, en_chiffres
from projets.forms import EtapeField, MomentField, PeriodeForm
from projets.models import Etape
from socle.champs import TexteCourt, TexteLibre, assainir, champ_de_saisie
from territoires.models import Territoire

TITRE_DE_PAGE_MAX = 120  # characters, as all that follow
INTITULE_MAX = 300
EXPLICATION_MAX = 4000
AIDE_MAX = 1000
CHOIX_TEXTE_MAX = 200
BOUT_MAX = 60
UNITE_MAX = 20
LISTE_COLLEE_MAX = 20_000
SEUILS = frozenset({Condition.AU_MOINS, Condition.AU_PLUS})
ANNONCEE = _("Cette consultation est annoncée : cette règle ne change plus.")


# --- Rules ---------------------------------------------------------------------------------------------------------


class ReglesForm(PeriodeForm):
    """Everything that people read before they answer. Once announced, only what may still change is open."""

    ouvre_le = MomentField(label=_("Ouverture"), help_text=_("Elle s’ouvre toute seule à cette minute."))
    ferme_le = MomentField(label=_("Fin"), help_text=_("Elle se ferme toute seule à cette minute."))
    etape = EtapeField(
        Etape.objects.none(),
        label=_("Étape du projet"),
        required=False,
        empty_label=_("Aucune : elle ne dépend d’aucun projet"),
        help_text=_(
            "Les étapes qui permettent de répondre à des questions. Les dates d’ici doivent tenir dans celles de l’étape."
        ),
    )

    class Meta:
        model = Consultation
        formfield_callback = champ_de_saisie
        fields = [
            "titre",
            "description",
            "genre",
            "etape",
            "ouvre_le",
            "ferme_le",
            "qui",
            "territoire",
            "est_modifiable",
            "resultats",
            "presentation",
            "profil",
        ]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 5}),
            "genre": forms.RadioSelect,
            "qui": forms.RadioSelect,
            "resultats": forms.RadioSelect,
            "presentation": forms.RadioSelect,
        }
        help_texts = {
            "titre": _("Court et concret : ce dont on parle, et où."),
            "description": _("Ce que deviendront les réponses, et ce qui n’est pas en discussion."),
            "genre": _(
                "Un mini-sondage peut être mis sur un autre site : il est toujours ouvert à toute personne, sur une seule "
                "page, et ne demande ni commune ni âge. Ces trois réglages sont alors choisis pour vous."
            ),
            "territoire": _(
                "Celui dont on parle ; et celui des personnes qui peuvent répondre, si vous l’avez choisi."
            ),
            "resultats": _(
                "Pour tout le monde au même moment, l’équipe comprise ; « avec le bilan », l’équipe les lit dès la fin, pour l’écrire."
            ),
        }
        error_messages = {"titre": {"required": _("Donnez un titre à la consultation.")}}

    def __init__(self, *args, par, **kwargs):
        super().__init__(*args, **kwargs)
        self.avant["etape_id"] = self.instance.etape_id
        self.fields["territoire"].queryset = Territoire.objects.defer("contour").order_by("genre", "slug")
        self.fields["territoire"].empty_label = _("Pas de territoire précis")
        for nom in ("genre", "qui", "resultats", "presentation"):
            self.fields[nom].choices = Consultation._meta.get_field(nom).choices
        self.fields["etape"].offrir(Etape.Fonction.REPONDRE, par=par, actuelle=self.instance.etape_id)
        if self.instance.pk and self.instance.est_annoncee:
            self._tenir_ce_qui_est_annonce()

    def _tenir_ce_qui_est_annonce(self):
        for nom in self._meta.fields:
            if nom not in ENCORE_REGLABLES:
                self.fields[nom].disabled = True
                self.fields[nom].help_text = ANNONCEE
        self.fields["ferme_le"].help_text = _("Elle peut être plus tard, pas plus tôt : des personnes l’ont notée.")

    def clean(self):
        donnees = super().clean()
        if donnees.get("genre") == Consultation.Genre.SONDAGE and not self.fields["genre"].disabled:
            donnees |= {
                "qui": Consultation.Qui.TOUTES,
                "presentation": Consultation.Presentation.ENSEMBLE,
                "profil": False,
            }
        if donnees.get("ouvre_le") and donnees.get("ferme_le"):
            self._exiger_des_dates_saines(donnees)
        if donnees.get("qui") == Consultation.Qui.HABITANTES and not donnees.get("territoire"):
            self.add_error(
                "territoire", _("Choisissez le territoire dont les habitantes et habitants peuvent répondre.")
            )
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


# --- An element ----------------------------------------------------------------------------------------------------


class NombreEcrit(forms.CharField):
    """A number as people write it, with a French comma. Gives a Decimal, or None when it is left blank."""

    def __init__(self, *, entre: tuple[Decimal, Decimal], decimales: int = 0, **options):
        self.entre, self.decimales = entre, decimales
        super().__init__(max_length=20, **options)
        self.widget.attrs |= {"inputmode": "decimal" if decimales else "numeric", "autocomplete": "off"}

    def clean(self, value):
        ecrit = super().clean(value)
        if not ecrit:
            return None
        nombre = decimal_de(ecrit)
        if nombre is None:
            raise ValidationError(_("Écrivez un nombre en chiffres, par exemple 12."))
        if nombre != round(nombre, self.decimales):
            if not self.decimales:
                raise ValidationError(_("Écrivez un nombre entier, sans virgule."))
            raise ValidationError(
                _("Pas plus de %(n)s chiffres après la virgule."), params={"n": self.decimales}, code="decimales"
            )
        bas, haut = self.entre
        if not bas <= nombre <= haut:
            bornes = {"bas": en_chiffres(bas), "haut": en_chiffres(haut)}
            raise ValidationError(_("Écrivez un nombre entre %(bas)s et %(haut)s."), params=bornes, code="bornes")
        return nombre

    def prepare_value(self, value):
        return en_chiffres(value) if isinstance(value, Decimal) else value


class RedactionForm(forms.Form):
    """A change of the questionnaire: it bears the wording that the agent has read."""

    redaction = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, redaction: int | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["redaction"] = redaction


#: What the choices of a question and the rows of a matrix are called.
LISTES: dict[str, dict[str, Any]] = {
    "choix": {
        "titre": _("Les choix"),
        "un": _("Choix n° %(n)s"),
        "vide": _("Écrivez ce choix, ou retirez-le."),
        "ajouter": _("Ajouter des choix"),
        "aide": _("Un choix par ligne. Vous pouvez coller une liste."),
    },
    "lignes": {
        "titre": _("Les lignes du tableau"),
        "un": _("Ligne n° %(n)s"),
        "vide": _("Écrivez cette ligne, ou retirez-la."),
        "ajouter": _("Ajouter des lignes"),
        "aide": _("Ce que l’on évalue : chaque ligne de texte est une ligne du tableau."),
    },
}


def listes_de(genre: str) -> list[str]:
    """Which lists an element of this kind has, in the order of the page."""
    if genre not in A_CHOIX:
        return []
    return ["lignes", "choix"] if genre == Genre.MATRICE else ["choix"]


class ElementForm(RedactionForm):
    """An element of this kind, with the settings that it has and no other. `avant`: the one that is written again."""

    page = forms.ChoiceField(
        label=_("Sur quelle page ?"),
        error_messages={
            "required": _("Choisissez une page."),
            "invalid_choice": _("Cette page n’existe plus : choisissez dans la liste."),
        },
    )

    def __init__(
        self,
        *args,
        genre: str,
        questionnaire: Questionnaire,
        avant: Question | None = None,
        sauf: str = "",
        **kwargs,
    ):
        """`sauf`: key of the choice that is being taken away, whose words no longer matter."""
        self.genre, self.avant, self.listes = Genre(genre), avant, listes_de(genre)
        super().__init__(*args, **kwargs)
        self.fields["page"].choices = [(p.cle, nom_de_la_page(questionnaire, p)) for p in questionnaire.pages]
        self._mettre_les_textes()
        if self.genre not in MUETS:
            self.fields["obligatoire"] = forms.BooleanField(label=_("Une réponse est obligatoire"), required=False)
        self._mettre_les_reglages()
        for liste in self.listes:
            self._mettre_la_liste(liste, sauf)
        if avant is not None:
            self.initial.update({nom: getattr(avant, nom) for nom in self.fields if hasattr(avant, nom)})
            page = questionnaire.page_de(avant.cle)
            self.initial["page"] = page.cle if page else ""

    def _mettre_les_textes(self):
        if self.genre == Genre.EXPLICATION:
            self.fields["intitule"] = TexteLibre(
                label=_("Texte"),
                max_length=EXPLICATION_MAX,
                widget=forms.Textarea(attrs={"rows": 8}),
                help_text=_(
                    "Ce qu’il faut savoir avant de répondre à la suite. Une ligne vide sépare deux paragraphes."
                ),
                error_messages={"required": _("Écrivez le texte.")},
            )
            return
        est_titre = self.genre == Genre.SECTION
        self.fields["intitule"] = TexteCourt(
            label=_("Titre de la partie") if est_titre else _("Question"),
            max_length=INTITULE_MAX,
            error_messages={"required": _("Écrivez le titre.") if est_titre else _("Écrivez la question.")},
        )
        self.fields["aide"] = TexteLibre(
            label=_("Quelques mots d’explication"),
            required=False,
            max_length=AIDE_MAX,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="" if est_titre else _("Affichés sous la question, en plus petit."),
        )

    def _mettre_les_reglages(self):
        faire = {
            Genre.UNIQUE: self._reglages_de_choix,
            Genre.MULTIPLE: self._reglages_de_choix,
            Genre.CLASSEMENT: self._reglages_de_choix,
            Genre.ECHELLE: self._reglages_d_echelle,
            Genre.NOMBRE: self._reglages_de_nombre,
            Genre.TEXTE_COURT: self._reglages_de_texte,
            Genre.TEXTE_LONG: self._reglages_de_texte,
            Genre.LIEU: self._reglages_de_lieu,
        }.get(self.genre)
        if faire is not None:
            faire()

    def _reglages_de_choix(self):
        if self.genre != Genre.CLASSEMENT:
            self.fields["avec_autre"] = forms.BooleanField(
                label=_("Proposer aussi « Autre », avec quelques mots à écrire"), required=False
            )
        if self.genre != Genre.UNIQUE:
            entre = (Decimal(1), Decimal(CHOIX_MAX + 1))  # « autre » is one more
            self.fields["minimum"] = NombreEcrit(label=_("Choix à donner, au moins"), required=False, entre=entre)
            self.fields["maximum"] = NombreEcrit(label=_("Choix à donner, au plus"), required=False, entre=entre)

    def _reglages_d_echelle(self):
        for nom, libelle, depart in (("minimum", _("Premier degré"), 1), ("maximum", _("Dernier degré"), 5)):
            self.fields[nom] = NombreEcrit(
                label=libelle,
                entre=BORNES[Genre.ECHELLE],
                initial=Decimal(depart),
                help_text=_("Entre 0 et 10."),
                error_messages={"required": _("Écrivez un nombre entre 0 et 10.")},
            )
        bouts = (
            ("debut", _("Ce que dit le premier degré"), _("Par exemple : pas du tout")),
            ("fin", _("Ce que dit le dernier degré"), _("Par exemple : tout à fait")),
        )
        for nom, libelle, exemple in bouts:
            self.fields[nom] = TexteCourt(label=libelle, required=False, max_length=BOUT_MAX, help_text=exemple)

    def _reglages_de_nombre(self):
        bouts = (("minimum", _("Le plus petit nombre accepté")), ("maximum", _("Le plus grand nombre accepté")))
        for nom, libelle in bouts:
            self.fields[nom] = NombreEcrit(
                label=libelle, required=False, entre=BORNES[Genre.NOMBRE], decimales=DECIMALES_MAX
            )
        self.fields["decimales"] = forms.TypedChoiceField(
            label=_("Chiffres après la virgule"),
            coerce=int,
            choices=[(n, str(n)) for n in range(DECIMALES_MAX + 1)],
            error_messages={"invalid_choice": _("Choisissez dans la liste.")},
        )
        self.fields["unite"] = TexteCourt(
            label=_("Unité"),
            required=False,
            max_length=UNITE_MAX,
            help_text=_("Écrite après le nombre, par exemple : km, minutes, €"),
        )

    def _reglages_de_texte(self):
        haut = LONGUEURS[self.genre]
        self.fields["maximum"] = NombreEcrit(
            label=_("Longueur, en caractères, au plus"),
            required=False,
            entre=(Decimal(1), Decimal(haut)),
            help_text=format_lazy(_("Laissez vide pour {n}."), n=haut),
        )

    def _reglages_de_lieu(self):
        self.fields["territoire"] = forms.ModelChoiceField(
            Territoire.objects.defer("contour").order_by("genre", "slug"),
            to_field_name="slug",
            label=_("Le lieu doit être dans"),
            required=False,
            empty_label=_("N’importe où sur la carte"),
            error_messages={"invalid_choice": _("Choisissez un territoire de la liste.")},
        )

    # --- Choices and rows

    def _mettre_la_liste(self, liste: str, sauf: str):
        mots = LISTES[liste]
        for n, choix in enumerate(getattr(self.avant, liste, ()), start=1):
            self.fields[f"{liste}-{choix.cle}"] = TexteCourt(
                label=mots["un"] % {"n": n},
                max_length=CHOIX_TEXTE_MAX,
                initial=choix.libelle,
                required=choix.cle != sauf,
                error_messages={"required": mots["vide"]},
            )
        self.fields[f"nouveaux_{liste}"] = TexteLibre(
            label=mots["ajouter"],
            required=False,
            validators=[
                MaxLengthValidator(LISTE_COLLEE_MAX)
            ],  # no count of characters left: lines are what counts here
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=mots["aide"],
        )

    @property
    def rangees(self) -> list[dict[str, Any]]:
        """Of each list: its words, its choices with their fields, and the field of new ones."""
        return [
            {
                "code": liste,
                "titre": LISTES[liste]["titre"],
                "choix": [(choix, self[f"{liste}-{choix.cle}"]) for choix in getattr(self.avant, liste, ())],
                "nouveaux": self[f"nouveaux_{liste}"],
            }
            for liste in self.listes
        ]

    def _champs(self, noms) -> list[forms.BoundField]:
        return [self[nom] for nom in self.fields if nom in noms]

    @property
    def textes(self) -> list[forms.BoundField]:
        return self._champs({"intitule", "aide"})

    @property
    def reglages(self) -> list[forms.BoundField]:
        """What is neither its words nor its choices."""
        noms = {"obligatoire", "avec_autre", "minimum", "maximum", "decimales", "unite", "debut", "fin", "territoire"}
        return self._champs(noms | ({"page"} if self.page_est_montree else set()))

    @property
    def page_est_montree(self) -> bool:
        """With a single page there is nothing to choose, unless the one that was chosen is gone."""
        return len(self.fields["page"].choices) > 1 or bool(self["page"].errors)

    @property
    def page_choisie(self) -> str:
        return str(self["page"].value() or "")

    def clean_nouveaux_choix(self):
        return self._lire_les_nouveaux("choix")

    def clean_nouveaux_lignes(self):
        return self._lire_les_nouveaux("lignes")

    def _lire_les_nouveaux(self, liste: str) -> list[str]:
        """One choice per line, each short enough."""
        lignes = [assainir(ligne, lignes=False) for ligne in self.cleaned_data[f"nouveaux_{liste}"].split("\n")]
        longue = next((ligne for ligne in lignes if len(ligne) > CHOIX_TEXTE_MAX), None)
        if longue is not None:
            raise ValidationError(
                _("« %(debut)s… » est trop long : %(n)s caractères au plus."),
                params={"debut": longue[:40], "n": CHOIX_TEXTE_MAX},
                code="max_length",
            )
        return [ligne for ligne in lignes if ligne]

    def clean_territoire(self):
        territoire = self.cleaned_data["territoire"]
        return territoire.slug if territoire else ""

    def clean(self):
        donnees = super().clean() or self.cleaned_data
        bas, haut = donnees.get("minimum"), donnees.get("maximum")
        if bas is not None and haut is not None:
            if self.genre in {Genre.ECHELLE, Genre.NOMBRE} and bas >= haut:
                self.add_error("maximum", _("Le plus grand nombre doit dépasser le plus petit."))
            if self.genre in {Genre.MULTIPLE, Genre.CLASSEMENT} and bas > haut:
                self.add_error("maximum", _("Ce nombre est plus petit que « au moins »."))
        if self.genre == Genre.NOMBRE and "decimales" in donnees:
            for nom in ("minimum", "maximum"):
                borne = donnees.get(nom)
                if borne is not None and borne != round(borne, donnees["decimales"]):
                    self.add_error(nom, _("Cette borne a plus de chiffres après la virgule que la réponse."))
        return donnees

    def element(self) -> Question:
        """What is written here. Only of a valid form; a new element and new choices draw their keys."""
        donnees = self.cleaned_data
        avant = self.avant or Question(nouvelle_cle(), self.genre.value, "")
        champs = {nom: donnees[nom] for nom in self.fields if hasattr(avant, nom)}
        for liste in self.listes:
            gardes = [Choix(c.cle, donnees[f"{liste}-{c.cle}"] or c.libelle) for c in getattr(avant, liste)]
            champs[liste] = (*gardes, *(Choix(nouvelle_cle(), mots) for mots in donnees[f"nouveaux_{liste}"]))
        return replace(avant, **champs)


def reprendre(data: QueryDict, avant: Question | None, genre: str) -> QueryDict:
    """What somebody typed over an element that a colleague has changed meanwhile: her words, and the choices that stand now.

    A choice that she wrote and that is gone comes back among the new ones, so that no word of hers is lost.
    """
    reprises = data.copy()
    for liste in listes_de(genre):
        presents = {choix.cle: choix.libelle for choix in getattr(avant, liste, ())}
        for cle, libelle in presents.items():
            reprises.setdefault(f"{liste}-{cle}", libelle)
        prefixe = f"{liste}-"
        perdus = [
            mots for nom, mots in data.items() if nom.startswith(prefixe) and nom.removeprefix(prefixe) not in presents
        ]
        nouveaux = [*perdus, data.get(f"nouveaux_{liste}", "")]
        reprises[f"nouveaux_{liste}"] = "\n".join(str(mots) for mots in nouveaux if str(mots).strip())
    return reprises


# --- Pages and jumps -----------------------------------------------------------------------------------------------


class PageForm(RedactionForm):
    titre = TexteCourt(
        label=_("Titre de la page"),
        required=False,
        max_length=TITRE_DE_PAGE_MAX,
        help_text=_("Lu en haut de la page par les personnes qui répondent."),
    )


class SautForm(RedactionForm):
    """Where a page leads when something was answered on it: every condition that its questions allow, in one list."""

    si = forms.ChoiceField(
        label=_("Quand ?"),
        error_messages={
            "required": _("Choisissez quand ce saut sert."),
            "invalid_choice": _("Cette réponse n’est plus sur la page : choisissez dans la liste."),
        },
    )
    nombre = NombreEcrit(
        label=_("Le nombre"),
        required=False,
        entre=BORNES[Genre.NOMBRE],
        decimales=DECIMALES_MAX,
        help_text=_("Seulement pour « d’au moins » et « d’au plus »."),
    )
    vers = forms.ChoiceField(
        label=_("Aller où ?"),
        error_messages={
            "required": _("Choisissez où aller."),
            "invalid_choice": _("Cette page n’existe plus : choisissez dans la liste."),
        },
    )

    def __init__(self, *args, questionnaire: Questionnaire, page: Page, avant: Saut | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["si"].choices = [("", _("Choisissez")), *_conditions(page)]
        self.fields["vers"].choices = [
            ("", _("Choisissez")),
            *((p.cle, nom_de_la_page(questionnaire, p)) for p in questionnaire.pages if p.cle != page.cle),
            (FIN, _("La fin du questionnaire")),
        ]
        if not any(SEUILS & set(conditions_de(question.genre)) for question in page.questions):
            del self.fields["nombre"]
        if avant is not None:
            seuil = avant.condition in SEUILS
            self.initial.update(
                si=_code(avant.condition, avant.question, "" if seuil else avant.valeur),
                nombre=decimal_de(avant.valeur) if seuil else None,
                vers=avant.vers,
            )

    def clean(self):
        donnees = super().clean() or self.cleaned_data
        a_un_seuil = donnees.get("si", "").split("|")[0] in SEUILS
        if a_un_seuil and "nombre" not in self.errors and donnees.get("nombre") is None:
            self.add_error("nombre", _("Écrivez le nombre."))
        return donnees

    def saut(self) -> Saut:
        """Only of a valid form."""
        condition, question, valeur = self.cleaned_data["si"].split("|")
        if condition in SEUILS:
            valeur = format(self.cleaned_data["nombre"].normalize(), "f")
        return Saut(condition, self.cleaned_data["vers"], question, valeur)


def _code(condition: str, question: str = "", valeur: str = "") -> str:
    """A condition as the value of an option."""
    return f"{Condition(condition).value}|{question}|{valeur}"


def _conditions(page: Page) -> Iterator[tuple[Any, Any]]:
    """Groups of a select: what may be asked of each question of the page."""
    yield (_code(Condition.TOUJOURS), _("Dans tous les cas"))
    for question in page.questions:
        yield (question.intitule, list(_conditions_sur(question)))


def _conditions_sur(question: Question) -> Iterator[tuple[str, Any]]:
    possibles = conditions_de(question.genre)
    if Condition.CHOISI in possibles:
        for cle in question.cles_de_choix:
            mots = {"choix": question.libelle_de(cle)}
            yield (_code(Condition.CHOISI, question.cle, cle), _("« %(choix)s » est coché") % mots)
            yield (_code(Condition.PAS_CHOISI, question.cle, cle), _("« %(choix)s » n’est pas coché") % mots)
    for condition in possibles:
        if condition not in {Condition.CHOISI, Condition.PAS_CHOISI}:
            yield (_code(condition, question.cle), Condition(condition).label)


# --- Versions and outcome ------------------------------------------------------------------------------------------


class PublierForm(RedactionForm):
    ce_qui_change = TexteCourt(
        label=_("Ce qui change"),
        max_length=Version._meta.get_field("ce_qui_change").max_length,
        help_text=_("En une phrase, pour celles et ceux qui ont déjà répondu ou qui vont répondre."),
        error_messages={"required": _("Dites en une phrase ce qui change.")},
    )

    def __init__(self, *args, a_dire: bool, **kwargs):
        """`a_dire`: somebody has already begun to answer, and must be told."""
        super().__init__(*args, **kwargs)
        self.fields["ce_qui_change"].required = a_dire


class RestituerForm(forms.Form):
    """What the collectivité makes of the answers (transition `restituer`, see `timeline.views.etape`)."""

    bilan = TexteLibre(
        label=_("Ce que nous retenons, et la suite"),
        max_length=Consultation._meta.get_field("restitution").max_length,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Ce qui est ressorti, ce que vous en faites, ce que vous n’en faites pas et pourquoi, et quand."),
        error_messages={"required": _("Dites ce que vous retenez des réponses, et la suite.")},
    )

    def __init__(self, *args, objet=None, par=None, **kwargs):
        super().__init__(*args, **kwargs)
