"""Form fields of the whole house."""

from django import forms


class TexteLibre(forms.CharField):
    """A long text as typed: no null character, one kind of line break, and never cut short by the browser.

    Without `maxlength` on the widget what is pasted is kept whole, and the page says how much is too much.
    """

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value and str(value).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n"))

    def widget_attrs(self, widget):
        attributs = super().widget_attrs(widget)
        attributs.pop("maxlength", None)
        return attributs
