"""People without an account, for the tests: the draft that a browser holds, and ideas brought with a receipt."""

from types import SimpleNamespace

from idees import depots
from idees.depositaires import Depositaire, tenir
from idees.models import Depot
from tests.fabriques import CHEMINS, BoiteFabrique, IdeeFabrique, amener_depuis_soumise
from timeline.etapes import franchir

SECRET = "0123456789ABCDEFGHJK"
ECRIT = "0123-4567-89AB-CDEF-GHJK"
COURRIEL = "canari-courriel@exemple.fr"
ADRESSE = "Canari Dupont\n12 rue du Canari\n44000 NANTES"


def ouverte(**champs):
    """A box for everybody."""
    return BoiteFabrique(qui="toutes", **champs)


def brouillon(client=None, **champs):
    """A draft without an account, held by this client's browser: what « proposer » leaves before the last step."""
    idee = IdeeFabrique(auteur=None, boite=champs.pop("boite", None) or ouverte(), **champs)
    if client is not None:
        confier(client, idee)
    return idee


def confier(client, idee):
    """This client's browser holds the idea."""
    session = client.session
    tenir(SimpleNamespace(session=session), idee)
    session.save()
    client.cookies["sessionid"] = session.session_key


def depot(etat="a_moderer", *, canal="en_ligne", saisi_par=None, contact=None, **champs) -> Depot:
    """An idea brought without an account, and how far it has come; its secret is SECRET."""
    idee = brouillon(**champs)
    fait = depots.deposer(idee, par=Depositaire([idee.pk]), mot=SECRET, **(contact or {}))
    Depot.objects.filter(pk=fait.pk).update(canal=canal, saisi_par=saisi_par)
    idee.refresh_from_db()
    if etat == "retiree":
        amener_depuis_soumise(idee, "publiee")
        franchir(idee.retirer, par=Depositaire([idee.pk]), motif="J’ai changé d’avis.")
    elif CHEMINS[etat]:
        amener_depuis_soumise(idee, etat)
    return Depot.objects.select_related("idee").get(pk=fait.pk)
