from consultations.forms.composer import ElementForm, PageForm, PublierForm, ReglesForm, RestituerForm, SautForm
from consultations.forms.integrer import CadreForm
from consultations.forms.repondre import CanalForm, EnvoyerForm, RetrouverForm

__all__ = [
    "CadreForm",
    "CanalForm",
    "ElementForm",
    "EnvoyerForm",
    "PageForm",
    "PublierForm",
    "ReglesForm",
    "RestituerForm",
    "RetrouverForm",
    "SautForm",
]
