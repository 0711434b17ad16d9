"""Published answers against the seals that the journal keeps of them."""

from collections.abc import Iterator

from reponses.models import Reponse
from timeline.verification import Ecart, ecrits


def reponses_scellees() -> Iterator[Ecart]:
    sceaux = {reponse: donnees["sceau"] for reponse, donnees in ecrits(Reponse, "reponses.publier")}
    for reponse in Reponse.objects.publiees().order_by("pk").iterator(chunk_size=500):
        ecrit = sceaux.pop(reponse.pk, None)
        if ecrit is None:
            yield Ecart.de(reponse, "elle est publiée, et le journal ne le dit pas")
        elif ecrit != reponse.sceau():
            yield Ecart.de(reponse, "son contenu ne correspond plus au sceau écrit à sa publication")
    for pk in sceaux:
        yield Ecart(f"{Reponse._meta.label_lower}:{pk}", "le journal dit sa publication, et elle n'est plus là")
