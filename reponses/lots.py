"""Answers prepared together: what is done to several of them at once, all or nothing, each by its own step."""

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reponses.actions import interdiction, rediger
from reponses.models import LotReponses, PlaceDeLot, Reponse
from reponses.models.lot import LOT_MAX
from reponses.permissions import peut_conduire_le_lot, peut_preparer_des_lots, peut_rediger, peut_signer
from reponses.regles import pose_une_question
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, EtapeRefusee, franchir, raison
from timeline.journal import consigner


@transaction.atomic
def ouvrir(*, par, titre, cibles) -> LotReponses:
    """A new lot with these things to answer. Raises EtapeInterdite, or EtapeImpossible when one is in another lot."""
    if not peut_preparer_des_lots(par):
        raise EtapeInterdite(_("Les lots de réponses sont préparés par les agents et les personnes référentes."))
    lot = LotReponses.objects.create(titre=titre, cree_par=par)
    _placer(lot, cibles, par)
    _consigner(lot, "ouvrir", par, places=len(cibles))
    return lot


@transaction.atomic
def ajouter(lot, *, par, cibles):
    lot = _verrouiller(lot, par)
    _placer(lot, cibles, par)
    _consigner(lot, "ajouter", par, places=len(cibles))


def _placer(lot, cibles, par):
    """The answers are locked before what they answer, as a publication does: none comes out while it enters a lot."""
    if lot.places.actives().count() + len(cibles) > LOT_MAX:
        raise EtapeImpossible(_("Un lot réunit %(n)s réponses au maximum.") % {"n": LOT_MAX})
    for cible in sorted(cibles, key=lambda c: (c._meta.label, c.pk)):
        list(Reponse.objects.sur(cible).select_for_update(of=("self",)))
        cible = type(cible)._base_manager.select_for_update(of=("self",)).get(pk=cible.pk)
        if not peut_rediger(cible, par):
            raise interdiction(cible, par)
        if not cible.attend_reponse():
            raise EtapeImpossible(raison(cible))
        if pose_une_question(type(cible)):
            raise EtapeImpossible(_("À chaque question sa réponse : elle ne se prépare pas dans un lot."))
        try:
            with transaction.atomic():
                PlaceDeLot.objects.create(lot=lot, cible=cible, projet=cible.projet_du_journal())
        except IntegrityError:
            raise EtapeImpossible(
                _("« %(titre)s » est déjà dans un lot. Rien n’a été ajouté.") % {"titre": cible}
            ) from None


@transaction.atomic
def retirer(place, *, par):
    """Take one out, until the lot is published: its answer goes on by its own road. A second press changes nothing."""
    lot = _verrouiller(place.lot, par)
    place = PlaceDeLot.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if place.retiree_le is None:
        place.retiree_le = timezone.now()
        place.save(update_fields=["retiree_le"])
        _consigner(lot, "retirer", par, place=place.pk)


def _verrouiller(lot, par) -> LotReponses:
    lot = LotReponses.objects.select_for_update(of=("self",)).get(pk=lot.pk)
    if not peut_conduire_le_lot(lot, par):
        raise EtapeInterdite(lot.pourquoi_pas(par) or _("Votre compte ne permet pas cette action."))
    if lot.etat != LotReponses.Etat.OUVERT:
        raise EtapeImpossible(raison(lot))
    return lot


@transaction.atomic
def commencer(lot, *, par, textes, **commun) -> list[Reponse]:
    """Start the missing drafts. `textes`: {place pk: text of its own answer}; `commun`: what they share.

    Raises EtapeImpossible when somebody has begun one of them meanwhile, or when what is missing has changed.
    """
    lot = _verrouiller(lot, par)
    sans = {place.pk: place for place in lot.contenu() if place.reponse_en_cours is None}
    if set(sans) != set(textes):
        raise EtapeImpossible(_("Ce lot a changé pendant que vous écriviez. Rien n’a été créé : relisez la liste."))
    return [rediger(sans[pk].cible, par=par, **commun, texte=texte) for pk, texte in textes.items()]


@transaction.atomic
def consulter(lot, *, par, services, attendu_le) -> int:
    """Send all its drafts for opinions; how many left."""
    lot = _verrouiller(lot, par)
    return _franchir_chacune(lot, Reponse.Etat.BROUILLON, "consulter", par, services=services, attendu_le=attendu_le)


@transaction.atomic
def presenter(lot, *, par, signataire) -> int:
    """Send all those whose opinions are asked to the same name; how many left."""
    lot = _verrouiller(lot, par)
    return _franchir_chacune(lot, Reponse.Etat.EN_CONSULTATION, "presenter", par, signataire=signataire)


def _franchir_chacune(lot, etat, nom, par, **arguments) -> int:
    """All or none: the sentence of the one that is refused names it."""
    lot.verrouiller_les_reponses()
    reponses = reponses_de(lot, etat)
    if not reponses:
        raise EtapeImpossible(_("Aucune réponse de ce lot n’en est là. Rechargez la page."))
    for reponse in reponses:
        try:
            franchir(getattr(reponse, nom), par=par, **arguments)
        except EtapeInvalide as refus:
            raise EtapeInvalide(nommer(reponse, refus), champ=refus.champ) from refus
        except EtapeImpossible as refus:
            raise EtapeImpossible(nommer(reponse, refus)) from refus
    return len(reponses)


def reponses_de(lot, etat) -> list[Reponse]:
    """Its answers in this state, in the order in which they are always locked."""
    trouvees = [place.reponse_en_cours for place in lot.contenu() if place.reponse_en_cours is not None]
    return sorted((r for r in trouvees if r.etat == etat), key=lambda r: r.pk)


def nommer(reponse, refus) -> str:
    return _("« %(titre)s » : %(raison)s") % {"titre": reponse.cible, "raison": refus}


def a_signer_par(lot, personne) -> list[Reponse]:
    """What waits for this name in the lot."""
    return [r for r in reponses_de(lot, Reponse.Etat.A_SIGNER) if peut_signer(r, personne)]


def signer(lot, *, par, lues, mandat=None) -> tuple[list[Reponse], list[str]]:
    """Sign each answer of {answer pk: version that she read}; (those signed, why each other one is left out).

    Each is signed for itself: one whose words changed meanwhile waits until she has read them.
    """
    siennes = {r.pk: r for r in a_signer_par(lot, par)}
    signees, laissees = [], []
    for pk in sorted(lues):
        reponse = siennes.get(pk)
        if reponse is None:
            laissees.append(_("Une des réponses n’attend plus votre signature : elle n’est pas signée."))
        elif not lues[pk]:
            laissees.append(nommer(reponse, _("elle n’est pas signée, car cette page ne dit pas ce que vous avez lu.")))
        else:
            try:
                franchir(reponse.signer, par=par, lue=lues[pk], mandat=mandat)
            except EtapeRefusee as refus:
                laissees.append(nommer(reponse, refus))
            else:
                signees.append(reponse)
    return signees, laissees


def publier_les_reponses(lot, *, par):
    """Follow-up of `publier`: each by its own step, one chain of the journal after the other. One refused, all undone."""
    places = sorted(lot.contenu(), key=lambda place: (place.projet_id or 0, place.reponse_en_cours.pk))
    for place in places:
        try:
            franchir(place.reponse_en_cours.publier, par=par, lot=lot)
        except EtapeImpossible as refus:
            raise EtapeImpossible(nommer(place.reponse_en_cours, refus)) from refus
        place.reponse = place.reponse_en_cours
        place.save(update_fields=["reponse"])


def liberer(lot, *, par):
    """Follow-up of `dissoudre`."""
    lot.places.actives().update(retiree_le=lot.clos_le)


def deja_places(cibles) -> set[int]:
    """Among these things, all of one kind, those that an open lot holds."""
    genre = ContentType.objects.get_for_model(cibles.model)
    return set(PlaceDeLot.objects.actives().filter(cible_type=genre).values_list("cible_id", flat=True))


def _consigner(lot, verbe, par, **donnees):
    consigner(
        f"reponses.lot.{verbe}",
        cible=lot,
        projet=lot.projet_du_journal(),
        par=par,
        publique=False,
        donnees=donnees,
    )
