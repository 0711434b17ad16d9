from communautes.forms.ecrits import ComparerForm, EbaucheForm
from communautes.forms.etapes import DemanderForm, MotifForm, OuvrirForm, TrancherForm
from communautes.forms.fonder import CommunauteForm
from communautes.forms.membres import AppelForm, InviterForm, NommerForm, RejoindreForm, RoleForm

__all__ = [
    "AppelForm",
    "CommunauteForm",
    "ComparerForm",
    "DemanderForm",
    "EbaucheForm",
    "InviterForm",
    "MotifForm",
    "NommerForm",
    "OuvrirForm",
    "RejoindreForm",
    "RoleForm",
    "TrancherForm",
]
