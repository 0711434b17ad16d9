"""Versions of drafts against what the journal of their community says of them."""

from collections.abc import Iterator

from communautes.models import Ebauche, VersionEbauche
from timeline.verification import Ecart, ecrits


def versions_des_ebauches() -> Iterator[Ecart]:
    empreintes = {
        (ebauche, donnees["version"]): donnees["empreinte"]
        for ebauche, donnees in ecrits(Ebauche)
        if "empreinte" in donnees
    }
    for version in VersionEbauche.objects.order_by("pk").iterator():
        if empreintes.pop((version.ebauche_id, version.numero), None) != version.empreinte():
            yield Ecart.de(version, "elle ne correspond plus à l'empreinte écrite à sa date")
    for ebauche, numero in empreintes:
        yield Ecart(f"communautes.ebauche:{ebauche}", f"sa version {numero}, que le journal connaît, n'est plus là")
