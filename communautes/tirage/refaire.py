"""The draw again, from the three published files and the public value: no solver, no database, nothing but counting and SHA-256."""

from collections.abc import Sequence
from dataclasses import dataclass

from communautes.tirage import fichiers
from communautes.tirage.fautes import FichierInvalide
from communautes.tirage.fichiers import Lots
from communautes.tirage.parametres import Parametres
from communautes.tirage.probabilites import Probabilites
from communautes.tirage.quotas import chacun, fautes_de, fautes_du_vivier
from communautes.tirage.tirer import Empreintes, graine_de, normaliser, numero_de
from communautes.tirage.vivier import Vivier

NOMS = (fichiers.VIVIER, fichiers.PARAMETRES, fichiers.LOTS)


@dataclass(frozen=True)
class Tirage:
    """`tires`: codes of the people of lot `numero`, in order. `valeur`: as it was hashed."""

    vivier: Vivier
    parametres: Parametres
    lots: Lots
    empreintes: Empreintes
    valeur: str
    graine: str
    numero: int
    probabilites: Probabilites

    @property
    def tires(self) -> tuple[str, ...]:
        return self.lots[self.numero]


def refaire(vivier: bytes, parametres: bytes, lots: bytes, valeur: str, noms: Sequence[str] = NOMS) -> Tirage:
    """Read, verify everything, draw. `noms`: how the files are called in sentences.

    Raises FichierInvalide, which names the file and the line; ValueError when the value is empty.
    """
    lu, publies = fichiers.lire_vivier(vivier, noms[0]), fichiers.lire_parametres(parametres, noms[1])
    listes = fichiers.lire_lots(lots, noms[2])
    verifier_parametres(lu, publies, noms[1])
    verifier_lots(lu, publies, listes, noms[2])
    empreintes = Empreintes.des(vivier, parametres, lots)
    graine = graine_de(empreintes, valeur)
    return Tirage(
        vivier=lu,
        parametres=publies,
        lots=listes,
        empreintes=empreintes,
        valeur=normaliser(valeur),
        graine=graine,
        numero=numero_de(graine, len(listes)),
        probabilites=Probabilites.des_lots(lu, listes),
    )


def verifier_parametres(vivier: Vivier, parametres: Parametres, nom: str = fichiers.PARAMETRES) -> None:
    """Do the quotas speak of this pool? Raises FichierInvalide with the first thing that is wrong."""
    fautes = fautes_de(parametres.quotas, parametres.places)
    fautes += fautes_du_vivier(
        parametres.quotas, parametres.places, vivier, classes_vides=parametres.classes_vides
    )
    if fautes:
        raise FichierInvalide(str(fautes[0]), nom=nom)
    if parametres.criteres != vivier.criteres:
        raise FichierInvalide("les critères ne sont pas ceux du vivier, dans le même ordre.", nom=nom)


def verifier_lots(vivier: Vivier, parametres: Parametres, lots: Lots, nom: str = fichiers.LOTS) -> None:
    """Is each lot a panel? Raises FichierInvalide at the first that is not."""
    if len(lots) != parametres.lots:
        raise FichierInvalide(f"{len(lots)} lots au lieu de {parametres.lots}.", nom=nom)
    valeurs = {personne.code: personne.valeurs for personne in vivier.personnes}
    rangs = {critere: rang for rang, critere in enumerate(vivier.criteres)}
    for numero, codes in enumerate(lots):
        faute = _faute_du_lot(codes, valeurs, rangs, parametres)
        if faute:
            ici = fichiers.nommer(numero, len(lots))
            raise FichierInvalide(f"dans le lot {ici}, {faute}", nom=nom, ligne=numero + 2)


def _faute_du_lot(
    codes: Sequence[str], valeurs: dict[str, tuple[str, ...]], rangs: dict[str, int], parametres: Parametres
) -> str:
    inconnu = next((code for code in codes if code not in valeurs), None)
    if inconnu is not None:
        return f"le code « {inconnu} » n'est pas dans le vivier."
    if len(set(codes)) != len(codes):
        double = next(code for rang, code in enumerate(codes) if code in codes[:rang])
        return f"le code « {double} » vient deux fois."
    if len(codes) != parametres.places:
        return f"il y a {len(codes)} personnes au lieu de {parametres.places}."
    if list(codes) != sorted(codes):
        return "les codes ne sont pas dans l'ordre."
    for critere, valeur, quota in chacun(parametres.quotas):
        n = sum(valeurs[code][rangs[critere]] == valeur for code in codes)
        if not quota.minimum <= n <= quota.maximum:
            attendu = f"entre {quota.minimum} et {quota.maximum}" if quota.minimum < quota.maximum else quota.minimum
            return f"{critere}, « {valeur} » : {n} au lieu de {attendu}."
    return ""
