"""What everybody reads of the consultations."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from consultations.models import Consultation


@require_GET
def liste(request):
    return render(
        request, "consultations/liste.html", {"page": Consultation.objects.visibles_par(request.user).pour_liste()}
    )


@require_GET
def detail(request, slug):
    consultation = get_object_or_404(Consultation.objects.visibles_par(request.user), slug=slug)
    return render(request, "consultations/detail.html", {"consultation": consultation})
