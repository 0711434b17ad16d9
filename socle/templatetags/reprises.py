"""Pieces of a page written once: for all pages (`figer`), or for the two places that show the same in one page (`garder`)."""

from django import template
from django.core.signals import setting_changed
from django.template import Context, Node, TemplateSyntaxError
from django.template.base import token_kwargs
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

PLACES = 500  # pieces kept; what is asked beyond them starts anew
_figes: dict[tuple, SafeString] = {}


def _oublier(**_) -> None:
    _figes.clear()


# Settings change in tests only: addresses, files or names of the site may then be others.
setting_changed.connect(_oublier)


class Fige(Node):
    def __init__(self, contenu, valeurs):
        self.contenu, self.valeurs = contenu, valeurs

    def render(self, context):
        valeurs = {nom: valeur.resolve(context) for nom, valeur in self.valeurs.items()}
        # With their kinds: a text that is safe HTML equals the same one that has to be escaped.
        cle = (self, get_language(), get_script_prefix(), *((type(valeur), valeur) for valeur in valeurs.values()))
        ecrit = _figes.get(cle)
        if ecrit is None:
            nu = Context(valeurs, autoescape=context.autoescape)
            with nu.bind_template(context.template):
                ecrit = self.contenu.render(nu)
            if len(_figes) >= PLACES:
                _figes.clear()
            _figes[cle] = ecrit
        return ecrit


@register.tag
def figer(parser, token):
    """`{% figer nom=site.nom_plateforme %}…{% finfiger %}`: written once for each language and each set of these values.

    What is inside sees these values and nothing else of the page, neither the request nor the person: it cannot show to one
    what was written for another. The values are texts, and few: names of the site, a heading of the menu. No `block`.
    """
    mots = token.split_contents()[1:]
    valeurs = token_kwargs(mots, parser)
    if mots:
        raise TemplateSyntaxError("figer ne prend que des valeurs nommées : nom=site.nom_plateforme.")
    contenu = parser.parse(("finfiger",))
    parser.delete_first_token()
    return Fige(contenu, valeurs)


class Garde(Node):
    def __init__(self, contenu, nom):
        self.contenu, self.nom = contenu, nom

    def render(self, context):
        context[self.nom] = self.contenu.render(context)
        return ""


@register.tag
def garder(parser, token):
    """`{% garder liens %}…{% fingarder %}`, then `{{ liens }}`: what the page shows twice, written once."""
    try:
        _, nom = token.split_contents()
    except ValueError:
        raise TemplateSyntaxError("garder prend un nom, et un seul.") from None
    contenu = parser.parse(("fingarder",))
    parser.delete_first_token()
    return Garde(contenu, nom)


@register.filter
def rubrique(chemin) -> str:
    """All that the main menu looks at in a path: its first part, and whether something follows (« /idees/… »)."""
    if not chemin:
        return ""
    premiere, barre, suite = chemin[1:].partition("/")
    return f"/{premiere}{barre}{'…' if suite else ''}"
