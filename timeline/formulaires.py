"""Base of the forms that transitions ask for; `timeline.views.etape` draws them."""

from django import forms


class FormulaireDEtape(forms.Form):
    """Knows the object whose step it is, and the person who takes it."""

    def __init__(self, *args, objet=None, par=None, **kwargs):
        self.objet, self.par = objet, par
        super().__init__(*args, **kwargs)
