"""Ideas for feed readers: all of them, of a theme, of a place, of a box, in a state. What a visitor sees, nothing more."""

from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import conditional_page, require_safe

from idees.liste import chercher, extraire, filtres, nom_du_filtre, valeurs
from socle.adresses import absolue
from socle.champs import sans_controle

TAILLE = 50  # ideas
CRITERES = ("q", "theme", "lieu", "boite", "etat")


def adresse_du_flux(voulus) -> str:
    """Address of the feed that follows these filters."""
    return avec_criteres(reverse("idees:atom"), voulus, CRITERES)


def avec_criteres(chemin: str, voulus, noms) -> str:
    criteres = {nom: voulus[nom] for nom in noms if voulus.get(nom)}
    return f"{chemin}?{urlencode(criteres)}" if criteres else chemin


def choix_d_un_visiteur(parametres, noms) -> list:
    """The filters of the list, for what leaves the site. An unknown name is not « everything »: 404."""
    demandes = {nom: parametres.get(nom, "") for nom in noms}
    choix = filtres(demandes, AnonymousUser())
    trouves = valeurs(choix)
    if any(trouves[nom] != demande for nom, demande in demandes.items()):
        raise Http404
    return choix


def nom_des_criteres(choix) -> str:
    return ", ".join(nom_du_filtre(filtre) for filtre in choix if filtre.nom in CRITERES and filtre.valeur)


class FluxIdees(Feed):
    feed_type = Atom1Feed
    subtitle = gettext_lazy("Les idées des habitantes et des habitants.")

    def get_object(self, request):
        return choix_d_un_visiteur(request.GET, CRITERES)

    def title(self, choix):
        criteres = nom_des_criteres(choix)
        return sans_controle(_("Les idées : %(criteres)s") % {"criteres": criteres} if criteres else _("Les idées"))

    def link(self, choix):
        return absolue(avec_criteres(reverse("idees:liste"), valeurs(choix), CRITERES))

    def feed_url(self, choix):
        return absolue(adresse_du_flux(valeurs(choix)))

    def items(self, choix):
        trouvees = chercher(AnonymousUser(), choix).order_by("-publiee_le", "-pk")  # what is new, also of a search
        trouvees = trouvees.select_related("auteur", "thematique", "depot", "boite__etape__projet")
        return trouvees.prefetch_related("coautrices__personne")[:TAILLE]

    def item_title(self, idee):
        return sans_controle(idee.titre)

    def item_description(self, idee):
        return sans_controle(extraire(idee))

    def item_link(self, idee):
        return absolue(idee.get_absolute_url())

    def item_guid(self, idee):
        return absolue(idee.get_absolute_url())

    def item_author_name(self, idee):
        return sans_controle(idee.nom_de_l_auteur)

    def item_categories(self, idee):
        return [sans_controle(str(idee.thematique)), str(idee.get_etat_display())]

    def item_pubdate(self, idee):
        return idee.publiee_le

    def item_updateddate(self, idee):
        return idee.publiee_le


_flux = FluxIdees()


@require_safe
@conditional_page
def flux(request):
    """Asked again with what it answered, it says that nothing changed. The date alone would not see an idea leave."""
    reponse = _flux(request)
    reponse.headers.pop("Last-Modified", None)
    return reponse
