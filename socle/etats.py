"""What every state machine of the house shares."""

from contextlib import contextmanager
from functools import cache

import django_fsm
from django.db import models
from django.db.models.signals import class_prepared  # noqa: TID251 - to listen less


def alleger_les_migrations() -> None:
    """Stop the state fields of past models from listening to every class that a migration makes.

    django-fsm has each field look for its transitions whenever any model class is ready. A migration makes thousands
    of classes (module `__fake__`), none of which has transitions: the listeners pile up, and they were half of what
    `migrate` cost.
    """
    poser = django_fsm.FSMFieldMixin.contribute_to_class

    def poser_sans_ecouter(champ, cls, name, *args, **kwargs):
        poser(champ, cls, name, *args, **kwargs)
        if cls.__module__ == "__fake__":
            class_prepared.disconnect(champ._collect_transitions)

    django_fsm.FSMFieldMixin.contribute_to_class = poser_sans_ecouter


class EtatModifie(Exception):
    """Somebody tried to change a state without taking `timeline.etapes.franchir`."""


class EtatsQuerySet(models.QuerySet):
    """A queryset that cannot change states in bulk: that would skip the machine, the rights and the journal."""

    def _champs_d_etat(self) -> set[str]:
        return {champ.name for champ in self.model._meta.concrete_fields if getattr(champ, "protected", False)}

    def update(self, **champs):
        interdits = self._champs_d_etat() & champs.keys()
        if interdits:
            raise EtatModifie(f"L'état change par franchir(), pas par update() : {', '.join(sorted(interdits))}.")
        return super().update(**champs)

    def bulk_update(self, objs, fields, batch_size=None):
        if self._champs_d_etat() & set(fields):
            raise EtatModifie("L'état change par franchir(), pas par bulk_update().")
        return super().bulk_update(objs, fields, batch_size=batch_size)


@cache
def _champs_d_etat(modele: type[models.Model]) -> tuple[models.Field, ...]:
    """Asked for each row that is read."""
    return tuple(champ for champ in modele._meta.concrete_fields if getattr(champ, "protected", False))


class EtatsProteges(models.Model):
    """Protected FSM fields that can be refreshed and validated, and are saved by `franchir` alone.

    django-fsm's own mixin lifts the protection on the class, so that an error or a second thread leaves it lifted;
    this one works on the instance alone.
    """

    #: First word of the journal types of this machine, e.g. "idees" gives "idees.publier".
    famille: str

    class Meta:
        abstract = True

    @property
    def lecture(self) -> str:
        """Which wording somebody has before her eyes; empty where words do not change under who decides."""
        return ""

    @classmethod
    def champs_d_etat(cls) -> tuple[models.Field, ...]:
        return _champs_d_etat(cls)

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

    def adresse_apres(self, personne) -> str:
        """Where this person goes after a step when it is not its page: she works from another one, or reads it no more."""
        return ""

    def prevenir_de(self, etape: str) -> str:
        """Words of the confirmation of that step when they depend on the object; empty when its label says them all."""
        return ""

    def se_propose(self, etape: str) -> bool:
        """Is this the moment to show the button of that step? Whoever takes it all the same reads why it is not."""
        return True

    def nomme_qui(self, entree, personne) -> bool:
        """May this person be told who did it? `entree` is the last step, `personne` None when nobody in particular reads."""
        return True

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
        self._relus = set(avant)
        try:
            super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        except BaseException:
            self.__dict__.update(avant)
            raise
        finally:
            del self._relus
        self._noter_etats()

    def get_deferred_fields(self):
        """Without the states that are taken off to be read again: left out of that reading, they would cost one of their own."""
        return super().get_deferred_fields() - getattr(self, "_relus", set())

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude={*(exclude or ()), *(c.name for c in self.champs_d_etat())})
