from idees.forms.conduire import BoiteForm, ProjetDepuisIdeeForm
from idees.forms.ecrire import CorrigerForm, IdeeForm
from idees.forms.equipe import InviterForm
from idees.forms.etapes import PrendreForm, RetirerForm

__all__ = [
    "BoiteForm",
    "CorrigerForm",
    "IdeeForm",
    "InviterForm",
    "PrendreForm",
    "ProjetDepuisIdeeForm",
    "RetirerForm",
]
