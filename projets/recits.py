"""Writing the story of a projet: each change of a draft says which state of it the person had under her eyes."""

import uuid

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from projets.models import Bloc, Projet, Recit
from projets.permissions import peut_conduire, peut_informer, peut_raconter
from reponses.models import Reponse
from reponses.realisation import realisation_de
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide
from timeline.journal import consigner
from timeline.models import Entree

BLOCS_MAX = 200
EN_MAIN = 0  # the rank of a block that changes places


class RecitModifie(EtapeImpossible):
    """Somebody has changed the draft since this person read it; nothing was written."""


@transaction.atomic
def ouvrir(projet, *, par) -> Recit:
    """The draft of the next edition, that of the last one copied; if there is one already, that one."""
    projet = Projet.objects.select_for_update(of=("self",)).get(pk=projet.pk)
    exiger_de_raconter(projet, par=par)
    if brouillon := projet.recits.filter(etat=Recit.Etat.BROUILLON).first():
        return brouillon
    derniere = projet.recits.first()
    recit = Recit.objects.create(
        projet=projet,
        numero=derniere.numero + 1 if derniere else 1,
        titre=derniere.titre if derniere else projet.titre,
        chapo=derniere.chapo if derniere else "",
        # A page of the last draft, left open, is not taken for a page of this one.
        tour=derniere.tour + 1 if derniere else 1,
        ouvert_par=par,
    )
    if derniere:
        _copier(derniere, recit)
    consigner(
        "projets.recit.ouvrir",
        cible=recit,
        projet=projet,
        par=par,
        publique=False,
        donnees={"edition": recit.numero},
    )
    return recit


def exiger_de_raconter(projet, *, par):
    if not peut_conduire(projet, par):
        raise _interdiction()
    if not projet.est_annonce:
        raise EtapeImpossible(_("Annoncez d’abord le projet : personne ne lirait son récit."))
    if not peut_informer(projet, par):
        raise EtapeImpossible(_("Ce projet est archivé : son récit ne change plus."))


def _copier(derniere, recit):
    """The next edition starts from the last: same words, same citations, same files."""
    for bloc in derniere.blocs.select_related("entree"):
        bloc.pk, bloc.recit, bloc.scelle_le = None, recit, None
        bloc._state.adding = True
        bloc.save()


def _ouvert(recit, *, par, vu) -> Recit:
    """The draft under its lock. Raises EtapeInterdite, EtapeImpossible, RecitModifie."""
    recit = Recit.objects.select_for_update(of=("self",)).select_related("projet").get(pk=recit.pk)
    if not peut_raconter(recit, par):
        raise _interdiction()
    if recit.etat != Recit.Etat.BROUILLON:
        raise EtapeImpossible(_("Ce récit est publié : il ne change plus. Commencez une nouvelle édition."))
    if vu != recit.tour:
        raise RecitModifie(_("Quelqu’un a changé ce récit pendant que vous écriviez. Rien n’a été remplacé."))
    return recit


def _interdiction() -> EtapeInterdite:
    return EtapeInterdite(_("Seuls les agents, et la personne référente du projet, écrivent son récit."))


def _fini(recit):
    """One change more."""
    recit.tour += 1
    recit.save(update_fields=["tour"])


def _ajouter(recit, **champs) -> Bloc:
    dernier = recit.blocs.aggregate(rang=Max("rang"))["rang"] or 0
    if recit.blocs.count() >= BLOCS_MAX:
        raise EtapeInvalide(_("Un récit a %(n)s passages au plus.") % {"n": BLOCS_MAX})
    return Bloc.objects.create(recit=recit, rang=dernier + 1, **champs)


@transaction.atomic
def intituler(recit, *, par, vu, titre, chapo):
    recit = _ouvert(recit, par=par, vu=vu)
    recit.titre, recit.chapo = titre, chapo
    recit.save(update_fields=["titre", "chapo"])
    _fini(recit)


@transaction.atomic
def ecrire(recit, *, par, vu, texte, bloc=None) -> Bloc:
    """A new passage at the end, or new words for `bloc`, a passage of this draft."""
    recit = _ouvert(recit, par=par, vu=vu)
    if bloc is None:
        bloc = _ajouter(recit, genre=Bloc.Genre.TEXTE, texte=texte)
    else:
        bloc = _bloc(recit, bloc.pk)
        if bloc.genre != Bloc.Genre.TEXTE:
            raise EtapeImpossible(_("Seuls les passages écrits se modifient : retirez celui-ci, puis ajoutez l’autre."))
        bloc.texte = texte
        bloc.save(update_fields=["texte"])
    _fini(recit)
    return bloc


@transaction.atomic
def citer(recit, *, par, vu, entrees) -> list[Bloc]:
    """Cite entries at the end, in the order they happened. Only those that everybody reads of this projet."""
    recit = _ouvert(recit, par=par, vu=vu)
    deja = set(recit.blocs.values_list("entree", flat=True))
    possibles = citables(recit.projet).filter(pk__in=[entree.pk for entree in entrees])
    choisies = list(possibles.pour_affichage().order_by("survenu_le", "pk"))
    if len(choisies) != len(set(entrees)):
        raise EtapeInvalide(_("On ne cite que les entrées publiques de ce projet."), champ="entrees")
    blocs = [Bloc(genre=Bloc.Genre.CITATION, entree=e) for e in choisies if e.pk not in deja]
    if any(bloc.est_masque for bloc in blocs):
        raise EtapeInvalide(_("La modération a masqué ce contenu : il ne se cite pas."), champ="entrees")
    ecrits = [_ajouter(recit, genre=bloc.genre, entree=bloc.entree) for bloc in blocs]
    _fini(recit)
    return ecrits


def citables(projet):
    """What may be cited in its story: what everybody reads of it, and that is not about the story itself."""
    return Entree.objects.publiques().filter(projet=projet).exclude(type__startswith="projets.recit.")


@transaction.atomic
def illustrer(recit, *, par, vu, encodages, alternative, credit) -> Bloc:
    recit = _ouvert(recit, par=par, vu=vu)
    if not alternative or not credit:
        raise EtapeInvalide(_("Une photo a ses mots et le nom de qui l’a prise."), champ="alternative")
    grande, vignette = encodages
    nom = uuid.uuid4().hex
    champs = {"alternative": alternative, "credit": credit, "largeur": grande.largeur, "hauteur": grande.hauteur}
    bloc = Bloc(genre=Bloc.Genre.PHOTO)
    bloc.fichier.save(f"{nom}.webp", ContentFile(grande.contenu), save=False)
    bloc.vignette.save(f"{nom}-v.webp", ContentFile(vignette.contenu), save=False)
    ecrit = _ajouter(recit, genre=bloc.genre, fichier=bloc.fichier.name, vignette=bloc.vignette.name, **champs)
    _fini(recit)
    return ecrit


@transaction.atomic
def chiffrer(recit, *, par, vu, reponse) -> Bloc:
    """The key figures of a published answer of this projet, as they stand today."""
    recit = _ouvert(recit, par=par, vu=vu)
    trouvee = chiffrables(recit.projet).filter(pk=reponse.pk).prefetch_related("cible").first()
    if trouvee is None or not trouvee.cible_lisible:
        raise EtapeInvalide(_("Choisissez une réponse publiée de ce projet."), champ="reponse")
    bloc = _ajouter(recit, genre=Bloc.Genre.CHIFFRES, reponse=trouvee, chiffres=chiffres_de(trouvee))
    _fini(recit)
    return bloc


def chiffrables(projet):
    return Reponse.objects.publiees().filter(projet=projet, corrige__isnull=True)


def chiffres_de(reponse) -> dict:
    """Counted or signed, never typed: dated, in codes and numbers that any language can say."""
    chiffres = {"le": timezone.localdate().isoformat(), "sens": reponse.sens}
    if reponse.cout_estime is not None:
        chiffres["cout_estime"] = reponse.cout_estime
    if realisation := realisation_de(reponse):
        chiffres |= {"faites": realisation.faites, "promises": realisation.promises, "annulees": realisation.annulees}
        if realisation.depense is not None:
            chiffres["depense"] = realisation.depense
    return chiffres


@transaction.atomic
def deplacer(recit, *, par, vu, bloc, vers):
    """One place up (`vers=-1`) or down (1); at the end of the road it stays where it is."""
    recit = _ouvert(recit, par=par, vu=vu)
    bloc = _bloc(recit, bloc)
    autres = recit.blocs.filter(rang__lt=bloc.rang).reverse() if vers < 0 else recit.blocs.filter(rang__gt=bloc.rang)
    if voisin := autres.first():
        place, sienne = voisin.rang, bloc.rang
        for qui, rang in ((bloc, EN_MAIN), (voisin, sienne), (bloc, place)):
            qui.rang = rang
            qui.save(update_fields=["rang"])
        _fini(recit)


@transaction.atomic
def enlever(recit, *, par, vu, bloc):
    """Out of the draft. Files stay: an earlier edition may show them."""
    recit = _ouvert(recit, par=par, vu=vu)
    bloc = _bloc(recit, bloc)
    bloc.delete()
    _fini(recit)


def _bloc(recit, pk) -> Bloc:
    bloc = recit.blocs.filter(pk=pk).first()
    if bloc is None:
        raise EtapeImpossible(_("Ce passage n’est plus dans le récit."))
    return bloc


def sceller(recit, *, par, vu=None):
    """Follow-up of `publier`: from now on the base itself refuses to change its blocks."""
    recit.blocs.update(scelle_le=recit.publie_le)
