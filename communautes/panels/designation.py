"""From the rows of a draw to its published files, and from the public value to the people it designates."""

from dataclasses import replace

from django.utils.translation import gettext as _

from communautes.models import FichierDeTirage, Tirage
from communautes.panels.quotas import quotas_de
from communautes.tirage import fichiers
from communautes.tirage.fautes import FichierInvalide
from communautes.tirage.parametres import Parametres
from communautes.tirage.refaire import Tirage as Refait
from communautes.tirage.refaire import refaire
from timeline.etapes import EtapeInvalide


def parametres_de(tirage: Tirage, *, source: str, connue_le, graine: int, version: str = "") -> Parametres:
    """`version` of the solver that made the lots; without it, the one that is installed."""
    parametres = Parametres(
        titre=f"{tirage.panel.communaute.nom} ({tirage.numero})",
        places=tirage.places,
        quotas=quotas_de(tirage),
        valeur_publique=source,
        connue_le=connue_le,
        graine=graine,
        classes_vides=tirage.remplace_id is not None,
    )
    return replace(parametres, version_du_solveur=version) if version else parametres


def ecrire_les_parametres(tirage: Tirage) -> str:
    """The file of a draw that is being announced; its SHA-256."""
    parametres = parametres_de(
        tirage,
        source=tirage.source,
        connue_le=tirage.connue_le,
        graine=int(tirage.graine_des_lots),
        version=tirage.version_du_solveur,
    )
    octets = fichiers.ecrire_parametres(parametres)
    FichierDeTirage.objects.create(tirage=tirage, nom=fichiers.PARAMETRES, contenu=octets.decode())
    return fichiers.empreinte(octets)


def trois_fichiers(tirage: Tirage) -> tuple[bytes, bytes, bytes]:
    contenus = dict(tirage.fichiers.values_list("nom", "contenu"))
    vivier, parametres, lots = (contenus[nom].encode() for nom in (fichiers.VIVIER, fichiers.PARAMETRES, fichiers.LOTS))
    return vivier, parametres, lots


def designer(tirage: Tirage, valeur: str) -> Refait:
    """What anybody finds from the published files alone: they are read, verified and drawn as anybody does.

    Raises EtapeInvalide (field `valeur`).
    """
    try:
        refait = refaire(*trois_fichiers(tirage), valeur)
    except FichierInvalide as faute:
        raise EtapeInvalide(str(faute)) from None
    except ValueError:
        raise EtapeInvalide(_("Écrivez la valeur publique."), champ="valeur") from None
    empreintes = refait.empreintes
    if (empreintes.vivier, empreintes.parametres, empreintes.lots) != tuple(tirage.empreintes.values()):
        raise EtapeInvalide(_("Les fichiers ne sont pas ceux qui ont été annoncés."))
    return refait
