from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commentaires.models.commentaire import Commentaire
from comptes.pseudonymes import LONGUEUR_MAX


class Mention(models.Model):
    """« @pseudonyme »: somebody who takes part in the discussion is called by name, and told."""

    commentaire = models.ForeignKey(Commentaire, models.CASCADE, related_name="mentions")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    #: As typed, without the @: what is shown in bold, even when she changes her name later.
    mot = models.CharField(max_length=LONGUEUR_MAX)
    #: Number of corrections made before she was named: each sending tells only the people it adds.
    depuis = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("Mention")
        verbose_name_plural = _("Mentions")
        constraints = [models.UniqueConstraint(fields=["commentaire", "personne"], name="mention_unique")]

    def __str__(self):
        return f"@{self.mot}"
