from idees.forms.conduire import BoiteForm, ProjetDepuisIdeeForm
from idees.forms.ecrire import IdeeForm
from idees.forms.etapes import FusionnerForm, PrendreForm, RetirerForm

__all__ = ["BoiteForm", "FusionnerForm", "IdeeForm", "PrendreForm", "ProjetDepuisIdeeForm", "RetirerForm"]
