from idees.forms.conduire import BoiteForm, ProjetDepuisIdeeForm
from idees.forms.depots import ContactForm, DeposerForm, GuichetForm, OuvrirForm, SecretForm
from idees.forms.ecrire import IdeeForm
from idees.forms.etapes import FusionnerForm, PrendreForm, RetirerForm

__all__ = [
    "BoiteForm",
    "ContactForm",
    "DeposerForm",
    "FusionnerForm",
    "GuichetForm",
    "IdeeForm",
    "OuvrirForm",
    "PrendreForm",
    "ProjetDepuisIdeeForm",
    "RetirerForm",
    "SecretForm",
]
