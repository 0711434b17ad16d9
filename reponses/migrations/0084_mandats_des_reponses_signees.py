"""Each answer that is signed already finds the mandate that its seal names."""

from django.db import migrations
from django.utils import timezone


def retrouver(apps, schema_editor):
    Reponse, Mandat = apps.get_model("reponses", "Reponse"), apps.get_model("comptes", "Mandat")
    signees = Reponse.objects.filter(etat__in=["signee", "publiee"], mandat__isnull=True).order_by("pk")
    for reponse in signees.iterator(chunk_size=500):
        mandat = _mandat_de(reponse, Mandat.objects.filter(personne=reponse.signataire_id))
        if mandat is None:
            # Taken off since: the seal is the proof that she had it that day, and says nothing of the others.
            jour = timezone.localdate(reponse.signee_le)
            mandat = Mandat.objects.create(
                personne_id=reponse.signataire_id,
                nom_officiel=reponse.signataire_nom,
                intitule=reponse.signataire_mandat,
                debut=jour,
                fin=jour,
            )
        Reponse.objects.filter(pk=reponse.pk).update(mandat=mandat.cle)


def _mandat_de(reponse, mandats):
    """The one with these very words; the one of that day first, since it may have been dated again."""
    memes = mandats.filter(nom_officiel=reponse.signataire_nom, intitule=reponse.signataire_mandat)
    memes = list(memes.order_by("-debut", "-pk"))
    jour = timezone.localdate(reponse.signee_le)
    ce_jour = [m for m in memes if m.debut <= jour and (m.fin is None or m.fin >= jour)]
    return next(iter(ce_jour or memes), None)


class Migration(migrations.Migration):
    dependencies = [("reponses", "0083_mandat")]

    operations = [migrations.RunPython(retrouver, migrations.RunPython.noop, elidable=True)]
