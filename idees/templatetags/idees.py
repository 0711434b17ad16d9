"""Pieces of ideas that several pages show."""

from django import template

from idees import exposition
from idees.decouvrir import Ici, raison, une_idee
from idees.liste import image_de
from socle.partage import apercu

register = template.Library()


@register.inclusion_tag("idees/_ailleurs.html", takes_context=True)
def une_idee_d_ailleurs(context, idee=None, theme="", lieu=""):
    """One idea from elsewhere than the page of `idee`, or than the list of this theme and this place."""
    request = context["request"]
    ici = Ici.devant(idee) if idee else Ici(theme, lieu)
    personne = exposition.est_une_personne(request)
    trouvee = une_idee(request.user, ici, avance=personne)
    if trouvee is None:
        return {"idee": None}
    if personne:
        exposition.compter([trouvee.pk])
    return {"idee": trouvee, "raison": raison(trouvee, ici)}


@register.inclusion_tag("_apercu_partage.html")
def apercu_d_idee(idee):
    """What other sites show when its address is shared: only what everybody may read."""
    if not idee.est_lisible or (idee.projet and not idee.projet.est_lisible):
        return {"url": ""}
    image = image_de(idee)
    return apercu(
        idee.titre, idee.texte, idee.get_absolute_url(), image=image.vignette.url if image else "", genre="article"
    )
