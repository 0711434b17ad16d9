"""Form fields of the whole house: what people type, without what breaks a page, a feed or a database.

A person who pastes from a document does not see a backspace or a zero-width space: they are taken out without a word.
What remains invisible altogether is nothing, and is refused as nothing.
"""

import re
import unicodedata
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

# Neither PostgreSQL (null) nor XML can hold these: controls, half characters, noncharacters.
INGARDABLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# No width, and no meaning in a sentence; or turns around the reading order of what follows. Joiners stay: emoji and
# several scripts need them.
SANS_EPAISSEUR = re.compile("[\u180e\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
# Letters and signs that draw nothing.
BLANCS = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
FINS_DE_LIGNE = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def sans_controle(texte: str) -> str:
    """The same text without what no feed and no database can hold."""
    return INGARDABLES.sub("", texte)


def est_visible(texte: str) -> bool:
    """Does it draw anything: one letter, figure, sign or symbol at least?"""
    return any(unicodedata.category(c)[0] in "LNPS" for c in texte)


def assainir(texte: str, *, lignes: bool) -> str:
    """What may be kept of a typed text; empty when nothing of it can be seen. `lignes`: it may have several."""
    propre = SANS_EPAISSEUR.sub("", sans_controle(FINS_DE_LIGNE.sub("\n", texte)))
    propre = BLANCS.sub(" ", propre)
    if not lignes:
        propre = " ".join(propre.split())
    return propre if est_visible(propre) else ""


TROP_LONG = _("C’est trop long : %(limit_value)d caractères au plus, ici %(show_value)d.")


class TexteCourt(forms.CharField):
    """One line: a title, a name, a sentence."""

    default_error_messages = {"max_length": TROP_LONG}

    def to_python(self, value):
        return super().to_python(assainir(str(value), lignes=False) if value else value)


class TexteLibre(forms.CharField):
    """A long text as typed: one kind of line break, and never cut short by the browser.

    Without `maxlength` on the widget what is pasted is kept whole, and the page says how much is too much.
    """

    widget = forms.Textarea
    default_error_messages = {"max_length": TROP_LONG}

    def to_python(self, value):
        return super().to_python(assainir(str(value), lignes=True) if value else value)

    def widget_attrs(self, widget):
        attributs = super().widget_attrs(widget)
        attributs.pop("maxlength", None)
        return attributs


class PlusieursField(forms.ModelMultipleChoiceField):
    """Several rows of a list, named by their keys."""

    default_error_messages = {
        "invalid_choice": _("Choisissez parmi les réponses proposées."),
        "invalid_pk_value": _("Choisissez parmi les réponses proposées."),
    }

    def _check_values(self, value):
        """A number that no row can have is one that none has: SQLite refuses to look for it."""
        try:
            return super()._check_values(value)  # type: ignore[misc]  # the stubs leave it out
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None


SAISIES: dict[type, type[forms.Field]] = {
    models.CharField: TexteCourt,
    models.TextField: TexteLibre,
    models.ManyToManyField: PlusieursField,
}


def champ_de_saisie(champ: models.Field, **options: Any) -> forms.Field | None:
    """`formfield_callback` of the house's model forms: they follow the rules of this file too."""
    classe = SAISIES.get(type(champ))
    if classe is not None and not champ.choices:
        options["form_class"] = classe
    return champ.formfield(**options)
