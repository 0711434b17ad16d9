"""People around an idea, and what each of them is told."""

from dataclasses import dataclass, field

import pytest

from comptes.models import Utilisateur
from idees.models import Idee
from notifications import annonces
from notifications.abonnements import abonner
from notifications.models import Courriel, Notification
from tests.fabriques import BoiteFabrique, PersonneFabrique, ServiceFabrique, SoutienFabrique, ThematiqueFabrique
from timeline.etapes import franchir
from timeline.models import Relais


def dire() -> None:
    """Tell everything that waits to be told, as the tasks do."""
    for entree_pk in Relais.objects.order_by("pk").values_list("entree", flat=True):
        annonces.annoncer(entree_pk)


def taire() -> None:
    """Forget what the making of the scene told."""
    dire()
    Notification.objects.all().delete()
    Courriel.objects.all().delete()


@dataclass
class Scene:
    idee: Idee
    service: object
    personnes: dict[str, Utilisateur] = field(default_factory=dict)

    def __getattr__(self, nom):
        try:
            return self.__dict__["personnes"][nom]
        except KeyError:
            raise AttributeError(nom) from None

    def cloche(self) -> set[str]:
        """Names of those whose bell has rung."""
        noms = {personne.pk: nom for nom, personne in self.personnes.items()}
        return {noms[n.personne_id] for n in Notification.objects.all()}

    def courriels(self) -> dict[str, list[str]]:
        """{name or address: subjects}, in the order they were written."""
        noms = {personne.email: nom for nom, personne in self.personnes.items()}
        recus: dict[str, list[str]] = {}
        for courriel in Courriel.objects.order_by("pk"):
            recus.setdefault(noms.get(courriel.destinataire, courriel.destinataire), []).append(courriel.objet)
        return recus


@pytest.fixture
def scene(db, citoyenne, voisin, agent, moderatrice, elue) -> Scene:
    """A published idea: its author, a supporter, a follower, a follower of the box, a stranger, a closed account."""
    service = ServiceFabrique(nom="Service fictif des parcs", courriel="parcs@exemple.fr")
    boite = BoiteFabrique(titre="Boîte fictive", service=service, seuil_soutiens=4, delai_reponse=60)
    idee = Idee.objects.create(  # not by its factory, which brings people of its own
        boite=boite,
        titre="Des bancs à l’ombre",
        texte="Une description assez longue pour être comprise.",
        thematique=ThematiqueFabrique(),
        auteur=citoyenne,
    )
    franchir(idee.soumettre, par=citoyenne)
    franchir(idee.publier, par=moderatrice)
    personnes = {
        "auteur": citoyenne,
        "soutien": voisin,
        "abonnee": PersonneFabrique(pseudonyme="Abonnée Fictive"),
        "abonnee_boite": PersonneFabrique(pseudonyme="Abonnée de la Boîte"),
        "etrangere": PersonneFabrique(pseudonyme="Étrangère Fictive"),
        "fermee": PersonneFabrique(pseudonyme="Compte Fermé", is_active=False),
        "agent": agent,
        "moderatrice": moderatrice,
        "elue": elue,
    }
    SoutienFabrique(idee=idee, personne=voisin)
    SoutienFabrique(idee=idee, personne=personnes["fermee"])
    abonner(personnes["abonnee"], idee)
    abonner(personnes["fermee"], idee)
    abonner(personnes["abonnee_boite"], boite)
    abonner(personnes["fermee"], boite)
    taire()
    return Scene(idee=idee, service=service, personnes=personnes)
