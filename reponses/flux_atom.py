"""The answers for feed readers, with the filters of the list."""

from itertools import islice

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import conditional_page, require_safe

from reponses.donnees import lignes
from reponses.liste import avec_filtres, chercher, filtres_stricts
from socle.adresses import absolue
from socle.champs import sans_controle

TAILLE = 50  # answers


class FluxReponses(Feed):
    feed_type = Atom1Feed
    subtitle = gettext_lazy("Chaque oui, chaque non et chaque réponse de la collectivité, avec sa raison et sa date.")

    def get_object(self, request):
        return filtres_stricts(request.GET)

    def title(self, choix):
        criteres = ", ".join(dict.fromkeys(c.libelle_choisi for c in choix if c.valeur))
        titre = _("Les réponses : %(criteres)s") % {"criteres": criteres} if criteres else _("Les réponses officielles")
        return sans_controle(titre)

    def link(self, choix):
        return absolue(avec_filtres(reverse("reponses:liste"), choix))

    def feed_url(self, choix):
        return absolue(avec_filtres(reverse("reponses:atom"), choix))

    def items(self, choix):
        return list(islice(lignes(chercher(choix)), TAILLE))

    def item_title(self, reponse):
        morceaux = {"decision": reponse.get_sens_display(), "titre": reponse.cible}
        titre = _("Correction : %(titre)s") if reponse.corrige_id else _("%(decision)s : %(titre)s")
        return sans_controle(titre % morceaux)

    def item_description(self, reponse):
        return sans_controle(reponse.texte)

    def item_link(self, reponse):
        return absolue(reponse.get_absolute_url())

    item_guid = item_link

    def item_author_name(self, reponse):
        """In what capacity it was signed: Atom wants an author, and a copy names nobody."""
        return sans_controle(reponse.signataire_mandat)

    def item_categories(self, reponse):
        return [str(mots) for mots in (reponse.get_sens_display(), reponse.get_motif_display()) if mots]

    def item_pubdate(self, reponse):
        return reponse.publiee_le

    item_updateddate = item_pubdate


_flux = FluxReponses()


@require_safe
@conditional_page
def flux(request):
    """Asked again with what it answered, it says that nothing changed. The date alone would not see an answer leave."""
    reponse = _flux(request)
    reponse.headers.pop("Last-Modified", None)
    return reponse
