from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _

from socle.champs import sans_controle
from timeline.models import Entree
from timeline.phrases import phrase_en_texte

TAILLE = 50  # entries


class FluxChronologie(Feed):
    """The chronology for feed readers: what an anonymous visitor sees, as it happens; old facts taken over are no news."""

    feed_type = Atom1Feed
    title = _("La chronologie du dialogue citoyen")
    subtitle = _("Tout ce qui se passe, daté et vérifiable.")

    def link(self, obj=None):
        return reverse("timeline:chronologie")

    def entrees(self, obj):
        return Entree.objects.visibles_par(AnonymousUser()).nouvelles()

    def items(self, obj=None):
        return self.entrees(obj).pour_affichage().order_by("-le", "-pk")[:TAILLE]

    def item_title(self, entree):
        """One control character in one old title would cost everybody the whole feed."""
        return sans_controle(phrase_en_texte(entree))

    item_description = item_title

    def item_link(self, entree):
        return entree.get_absolute_url()

    def item_guid(self, entree):
        return f"urn:sha256:{entree.empreinte}"

    def item_pubdate(self, entree):
        return entree.le

    def item_updateddate(self, entree):
        return entree.le
