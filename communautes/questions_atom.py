"""The questions of a community for feed readers: what a visitor reads, and nothing more."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import capfirst
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import conditional_page, require_safe

from communautes.models import Communaute, Question
from socle.adresses import absolue
from socle.champs import sans_controle

TAILLE = 50  # questions


class FluxQuestions(Feed):
    feed_type = Atom1Feed
    subtitle = gettext_lazy("Des questions posées aux élues et aux élus, et leurs réponses.")

    def get_object(self, request, slug):
        return get_object_or_404(Communaute.objects.visibles_par(AnonymousUser()).pour_liste(), slug=slug)

    def title(self, communaute):
        return sans_controle(_("Questions de « %(nom)s »") % {"nom": communaute.nom})

    def link(self, communaute):
        return absolue(reverse("communautes:questions", args=[communaute.slug]))

    def feed_url(self, communaute):
        return absolue(reverse("communautes:questions_atom", args=[communaute.slug]))

    def items(self, communaute):
        lisibles = Question.objects.visibles_par(AnonymousUser()).filter(communaute=communaute)
        return lisibles.avec_communaute().avec_derniere_etape().order_by("-publiee_le", "-pk")[:TAILLE]

    def item_title(self, question):
        return sans_controle(question.titre)

    def item_description(self, question):
        return sans_controle(question.texte)

    def item_link(self, question):
        return absolue(question.get_absolute_url())

    item_guid = item_link

    def item_author_name(self, question):
        return sans_controle(question.nom_de_l_auteur)

    def item_categories(self, question):
        return [sans_controle(capfirst(question.a_qui)), str(question.get_etat_display())]

    def item_pubdate(self, question):
        return question.publiee_le

    def item_updateddate(self, question):
        """Of its last step: a reader who has the question learns so that it is answered."""
        return question.etape_le or question.publiee_le


_flux = FluxQuestions()


@require_safe
@conditional_page
def flux(request, slug):
    """Asked again with what it answered, it says that nothing changed. The date alone would not see a question leave."""
    reponse = _flux(request, slug=slug)
    reponse.headers.pop("Last-Modified", None)
    return reponse
