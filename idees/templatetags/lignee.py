from django import template

from idees.depositaires import personne_de
from idees.lignee import lignee_de

register = template.Library()


@register.inclusion_tag("idees/fusion/_lignee.html", takes_context=True)
def lignee(context, idee, fusions=None):
    """Where this idea went, and which ideas joined it: `{% lignee idee %}`, with its merges when the page has them."""
    return {"idee": idee, **lignee_de(idee, personne_de(context["request"]), fusions)}
