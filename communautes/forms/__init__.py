from communautes.forms.ecrits import ComparerForm, EbaucheForm
from communautes.forms.etapes import DemanderForm, MotifForm, OuvrirForm, TrancherForm

__all__ = ["ComparerForm", "DemanderForm", "EbaucheForm", "MotifForm", "OuvrirForm", "TrancherForm"]
