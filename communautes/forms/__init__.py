from communautes.forms.etapes import DemanderForm, MotifForm, OuvrirForm, TrancherForm

__all__ = ["DemanderForm", "MotifForm", "OuvrirForm", "TrancherForm"]
