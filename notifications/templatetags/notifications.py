from django import template
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse

from notifications.abonnements import facon_de
from socle.permissions import est_connectee

register = template.Library()


@register.inclusion_tag("notifications/_suivre.html", takes_context=True)
def suivre(context, chose):
    """The two ways of following something, and the way out: `{% suivre idee %}`."""
    return contexte_de_suivi(context["request"], chose)


def contexte_de_suivi(request, chose) -> dict:
    etiquette = chose._meta.label_lower
    connectee = est_connectee(request.user)
    return {
        "nom": str(chose),
        "id_suivi": f"suivre-{etiquette.replace('.', '-')}-{chose.pk}",
        "url": reverse("notifications:suivre", args=[etiquette, chose.pk]),
        "suite": chose.get_absolute_url(),
        "connectee": connectee,
        "connexion": redirect_to_login(chose.get_absolute_url()).url,
        "facon": _facon(request.user, chose) if connectee else None,
    }


def _facon(personne, chose) -> str | None:
    """Read with the thing itself, when its page asked for it so (`facon_suivie`)."""
    return chose.facon_suivie if hasattr(chose, "facon_suivie") else facon_de(personne, chose)


@register.filter
def citer(texte) -> str:
    """Somebody's words in a mail of plain text: each line behind a mark, so that it cannot pass for ours."""
    return "\n".join(f"> {ligne}".rstrip() for ligne in str(texte).strip().splitlines())
