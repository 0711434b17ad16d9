"""The body of a request: one JSON object that any database can keep. Django bounds its size."""

import json
import math

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

from socle.champs import INGARDABLES

ENTIER_MAX = 2**63 - 1  # the widest whole number of both databases


class CorpsJSON(JSONParser):
    """DRF's parser lets through infinities, half characters, and a depth that exhausts Python."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            objet = json.loads(stream.read().decode(), parse_constant=_refuser_constante)
        except (ValueError, RecursionError):
            raise ParseError(_("Le corps de la demande n’est pas du JSON lisible.")) from None
        if not isinstance(objet, dict):
            raise ParseError(_("Le corps de la demande est un objet JSON : des noms et leurs valeurs."))
        for cle, valeur in objet.items():
            if not est_gardable(cle):
                raise ParseError(_("Un nom contient un caractère que nous ne pouvons pas garder."))
            _exiger_gardable(cle, valeur)
        return objet


def _refuser_constante(nom):
    raise ValueError(nom)


def _exiger_gardable(cle, racine):
    """No recursion: the depth is the sender's choice."""
    a_voir = [racine]
    while a_voir:
        valeur = a_voir.pop()
        if isinstance(valeur, dict):
            a_voir.extend(valeur)
            a_voir.extend(valeur.values())
        elif isinstance(valeur, list):
            a_voir.extend(valeur)
        elif isinstance(valeur, str) and not est_gardable(valeur):
            raise ValidationError({cle: [_("Ce texte contient un caractère que nous ne pouvons pas garder.")]})
        elif isinstance(valeur, int | float) and not (math.isfinite(valeur) and abs(valeur) <= ENTIER_MAX):
            raise ValidationError({cle: [_("Ce nombre est trop grand.")]})


def est_gardable(texte: str) -> bool:
    """No control character, which neither PostgreSQL (null) nor an Atom feed can hold, and no half of a pair."""
    return not INGARDABLES.search(texte)
