"""How every form of the house is drawn: `{{ form }}` and `{{ form.champ.as_field_group }}` are enough."""

from django.forms.renderers import TemplatesSetting


class Rendu(TemplatesSetting):
    """Label, help and error together, tied to the field for those who listen to the page.

    The templates replace Django's own (templates/django/forms/), so `as_p` and `as_div` give the same result: pages
    that come from a package need no change.
    """

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"
