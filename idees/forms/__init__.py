from idees.forms.conduire import BoiteForm, ProjetDepuisIdeeForm
from idees.forms.depots import ContactForm, DeposerForm, GuichetForm, OuvrirForm, SecretForm
from idees.forms.ecrire import CorrigerForm, IdeeForm
from idees.forms.equipe import InviterForm
from idees.forms.etapes import PrendreForm, RetirerForm

__all__ = [
    "BoiteForm",
    "ContactForm",
    "CorrigerForm",
    "DeposerForm",
    "GuichetForm",
    "IdeeForm",
    "InviterForm",
    "OuvrirForm",
    "PrendreForm",
    "ProjetDepuisIdeeForm",
    "RetirerForm",
    "SecretForm",
]
