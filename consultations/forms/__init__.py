from consultations.forms.composer import ElementForm, PageForm, PublierForm, ReglesForm, RestituerForm, SautForm
from consultations.forms.repondre import CanalForm, EnvoyerForm, RetrouverForm

__all__ = [
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
