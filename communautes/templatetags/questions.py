from django import template
from django.template.defaultfilters import capfirst

from socle.partage import apercu

register = template.Library()


@register.inclusion_tag("_apercu_partage.html")
def apercu_de_la_question(question):
    """What other sites show when its address is shared: only what everybody may read."""
    if not question.est_lisible:
        return {"url": ""}
    return apercu(
        question.titre, question.texte or capfirst(question.a_qui), question.get_absolute_url(), genre="article"
    )
