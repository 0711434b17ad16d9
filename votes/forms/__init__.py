from votes.forms.composer import AnnulerForm, CreerForm, EnveloppeForm, EnveloppesForm, ReglesForm, RetraitForm
from votes.forms.etudes import DemanderForm, DemanderLAccordForm, EtudeForm, FinDeJonctionForm, JoindreForm
from votes.forms.facon import FaconForm, regle_et_forme
from votes.forms.options import IdeesForm, ListeForm, OptionForm, TableauForm
from votes.forms.reprendre import ReprendreForm

__all__ = [
    "AnnulerForm",
    "CreerForm",
    "DemanderForm",
    "DemanderLAccordForm",
    "EnveloppeForm",
    "EnveloppesForm",
    "EtudeForm",
    "FaconForm",
    "FinDeJonctionForm",
    "IdeesForm",
    "JoindreForm",
    "ListeForm",
    "OptionForm",
    "ReglesForm",
    "ReprendreForm",
    "RetraitForm",
    "TableauForm",
    "regle_et_forme",
]
