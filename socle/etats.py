"""What every state machine of the house shares."""

from contextlib import contextmanager
from functools import cache

from django.db import models


class EtatModifie(Exception):
    """Somebody tried to change a state without taking `timeline.etapes.franchir`."""


@cache  # asked of every row that is read
def champs_d_etat(modele) -> tuple:
    return tuple(champ for champ in modele._meta.concrete_fields if getattr(champ, "protected", False))


class EtatsQuerySet(models.QuerySet):
    """A queryset that cannot change states in bulk: that would skip the machine, the rights and the journal."""

    def _champs_d_etat(self) -> set[str]:
        return {champ.name for champ in champs_d_etat(self.model)}

    def update(self, **champs):
        interdits = self._champs_d_etat() & champs.keys()
        if interdits:
            raise EtatModifie(f"L'état change par franchir(), pas par update() : {', '.join(sorted(interdits))}.")
        return super().update(**champs)

    def bulk_update(self, objs, fields, batch_size=None):
        if self._champs_d_etat() & set(fields):
            raise EtatModifie("L'état change par franchir(), pas par bulk_update().")
        return super().bulk_update(objs, fields, batch_size=batch_size)


class EtatsProteges(models.Model):
    """Protected FSM fields that can be refreshed and validated, and are saved by `franchir` alone.

    django-fsm's own mixin lifts the protection on the class, so that an error or a second thread leaves it lifted;
    this one works on the instance alone.
    """

    #: First word of the journal types of this machine, e.g. "idees" gives "idees.publier".
    famille: str

    class Meta:
        abstract = True

    @classmethod
    def champs_d_etat(cls):
        return champs_d_etat(cls)

    @classmethod
    def from_db(cls, db, field_names, values, **autres):
        objet = super().from_db(db, field_names, values, **autres)
        objet._noter_etats()
        return objet

    def _noter_etats(self):
        self._etats_connus = {
            c.attname: self.__dict__[c.attname] for c in self.champs_d_etat() if c.attname in self.__dict__
        }

    @contextmanager
    def franchissement(self):
        """Opened by `franchir` around its save; no other code has a reason to."""
        self._franchit = True
        try:
            yield
        finally:
            self._franchit = False

    def pourquoi_pas(self, personne) -> str:
        """Why its steps are refused to this person, when there is more to say than « not your account »."""
        return ""

    def save(self, *args, **kwargs):
        connus = getattr(self, "_etats_connus", {})
        if not self._state.adding and not getattr(self, "_franchit", False):
            for nom, etat in connus.items():
                if self.__dict__.get(nom, etat) != etat:
                    raise EtatModifie(f"L'état « {self.__dict__[nom]} » doit passer par franchir().")
        super().save(*args, **kwargs)
        self._noter_etats()

    def refresh_from_db(self, using=None, fields=None, from_queryset=None):
        noms = [c.attname for c in self.champs_d_etat() if fields is None or c.attname in fields]
        avant = {nom: self.__dict__.pop(nom) for nom in noms if nom in self.__dict__}
        try:
            super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        except BaseException:
            self.__dict__.update(avant)
            raise
        self._noter_etats()

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude={*(exclude or ()), *(c.name for c in self.champs_d_etat())})
