"""Published ideas and their versions against what the journal says of them."""

from collections.abc import Iterator

from idees.models import Idee, Version
from timeline.verification import Ecart, ecrits


def idees_publiees() -> Iterator[Ecart]:
    """Each has its entry; those taken over from another platform have that of their importation."""
    dites = {pk for pk, _donnees in ecrits(Idee, "idees.publier")}
    for idee in Idee.objects.filter(publiee_le__isnull=False, repris_de="").order_by("pk").only("pk").iterator():
        if idee.pk not in dites:
            yield Ecart.de(idee, "elle est publiée, et le journal ne le dit pas")


def versions_gardees() -> Iterator[Ecart]:
    """Corrections written before versions had a fingerprint say their number alone: nothing to compare."""
    empreintes = {
        (idee, int(numero)): empreinte
        for idee, donnees in ecrits(Idee, "idees.corriger")
        for numero, empreinte in donnees.get("empreintes", {}).items()
    }
    for version in Version.objects.order_by("pk").iterator():
        ecrite = empreintes.pop((version.idee_id, version.numero), None)
        if ecrite is not None and ecrite != version.empreinte():
            yield Ecart.de(version, "elle ne correspond plus à l'empreinte écrite à sa date")
    for idee, numero in empreintes:
        yield Ecart(f"idees.idee:{idee}", f"sa version {numero}, que le journal connaît, n'est plus là")
