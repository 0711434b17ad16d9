"""What everybody may find: the list, and the front page of each."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from communautes.models import Appel, Communaute
from communautes.views.acces import communaute_vue, contexte_de

PAR_PAGE = 24


@require_GET
def liste(request):
    communautes = Communaute.objects.visibles_par(request.user).annoncees().pour_liste()
    page = Paginator(communautes.order_by("-active_le", "-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "communautes/liste.html", {"page": page})


@require_GET
def detail(request, slug):
    communaute = communaute_vue(request, slug)
    return render(request, "communautes/detail.html", contexte_de(request, communaute, "detail"))


@login_required
@require_GET
def appel(request, pk):
    trouve = get_object_or_404(Appel.objects.visibles_par(request.user), pk=pk)
    return render(request, "communautes/appel.html", {"appel": trouve})
