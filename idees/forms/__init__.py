from idees.forms.conduire import BoiteForm, ProjetDepuisIdeeForm
from idees.forms.ecrire import IdeeForm
from idees.forms.etapes import FusionnerForm, PrendreForm, RetirerForm
from idees.forms.importations import AnnulerImportationForm, CorrespondanceForm, ImportationForm

__all__ = [
    "AnnulerImportationForm",
    "BoiteForm",
    "CorrespondanceForm",
    "FusionnerForm",
    "IdeeForm",
    "ImportationForm",
    "PrendreForm",
    "ProjetDepuisIdeeForm",
    "RetirerForm",
]
