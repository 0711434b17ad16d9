from idees.forms.conduire import BoiteForm, ProjetDepuisIdeeForm
from idees.forms.ecrire import IdeeForm
from idees.forms.etapes import PrendreForm, RetirerForm

__all__ = ["BoiteForm", "IdeeForm", "PrendreForm", "ProjetDepuisIdeeForm", "RetirerForm"]
