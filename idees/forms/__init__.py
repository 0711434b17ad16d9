from idees.forms.conduire import BoiteForm, ProjetDepuisIdeeForm
from idees.forms.depots import ContactForm, DeposerForm, GuichetForm, OuvrirForm, SecretForm
from idees.forms.ecrire import CorrigerForm, IdeeAuGuichetForm, IdeeForm, SoutenirForm
from idees.forms.ensemble import DeposerEnsembleForm, GroupeForm
from idees.forms.equipe import InviterForm
from idees.forms.etapes import AcheverForm, PrendreForm, RetirerForm
from idees.forms.importations import AnnulerImportationForm, CorrespondanceForm, ImportationForm

__all__ = [
    "AcheverForm",
    "AnnulerImportationForm",
    "BoiteForm",
    "ContactForm",
    "CorrespondanceForm",
    "CorrigerForm",
    "DeposerEnsembleForm",
    "DeposerForm",
    "GroupeForm",
    "GuichetForm",
    "IdeeAuGuichetForm",
    "IdeeForm",
    "ImportationForm",
    "InviterForm",
    "OuvrirForm",
    "PrendreForm",
    "ProjetDepuisIdeeForm",
    "RetirerForm",
    "SecretForm",
    "SoutenirForm",
]
