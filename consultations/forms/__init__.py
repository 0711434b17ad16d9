from consultations.forms.composer import (
    ElementForm,
    PageForm,
    PublierForm,
    ReglesForm,
    RestituerForm,
    SautForm,
    reprendre,
)

__all__ = ["ElementForm", "PageForm", "PublierForm", "ReglesForm", "RestituerForm", "SautForm", "reprendre"]
