"""What agents do with a vote while it is in preparation: create it, set its rules, write its list; and the one thing left
once it is announced, which is to take an option out in front of everybody.

Each action holds the row of the vote (`tenir`): an announcement and a change never cross. What a colleague changed
meanwhile is told, by comparing with what the person had read (`empreinte_de_la_liste`, `projets.forms.ModificationForm`).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from idees.models import Idee
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.journal import consigner
from votes.models import Enveloppe, Jonction, Option, Scrutin
from votes.models.scrutin import DEJA_ANNONCE
from votes.permissions import peut_composer, peut_conduire, peut_dupliquer, peut_retirer
from votes.reglement import defaut_sans

SLUG_MAX = 150
CLE_MAX = 50
OPTIONS_MAX = 500
ESSAIS = 5  # of an address that somebody takes at the same moment
MONTER, DESCENDRE = -1, 1
#: What the rules of a vote are, copied with it.
REGLES = ("question", "description", "territoire", "regle", "parametres", "forme", "choix_min", "choix_max",
          "points_total", "points_max", "mentions", "qui", "communaute", "age_min")  # fmt: skip
#: What people read of an option, copied with it.
CONTENU = ("cle", "rang", "titre", "texte", "proposee_par", "categorie", "cout", "territoire", "adresse", "latitude",
           "longitude", "image", "image_alternative", "idee")  # fmt: skip
ENTRE_TEMPS = gettext_lazy("Un ou une collègue a changé cette liste entre-temps. Relisez-la, puis recommencez.")
#: Ideas that may be put to the vote.
ETATS_RETENUS = (Idee.Etat.RETENUE,)


def tenir(scrutin: Scrutin, *, par) -> Scrutin:
    """The vote under a lock, still in preparation and hers to prepare. Raises EtapeInterdite or EtapeImpossible."""
    tenu = Scrutin.objects.select_for_update(of=("self",)).select_related("etape__projet").get(pk=scrutin.pk)
    if not peut_conduire(tenu, par):
        raise EtapeInterdite(_("Seule l’équipe, ou la personne référente du projet, prépare un vote."))
    if not peut_composer(tenu, par):
        raise EtapeImpossible(str(DEJA_ANNONCE))
    return tenu


# --- The vote --------------------------------------------------------------------------------------------------------


def creer(scrutin: Scrutin, *, par) -> Scrutin:
    """Save a new one, with one envelope for everybody. Raises EtapeInterdite."""
    if not peut_conduire(scrutin, par):
        raise EtapeInterdite(_("Seule l’équipe, ou la personne référente du projet, prépare un vote."))
    for _essai in range(ESSAIS - 1):
        try:
            return _ecrire(scrutin, par)
        except IntegrityError:
            continue
    return _ecrire(scrutin, par)


@transaction.atomic
def _ecrire(scrutin: Scrutin, par) -> Scrutin:
    scrutin.pk, scrutin.slug = None, slug_libre(scrutin.titre)
    scrutin.save(force_insert=True)
    nom = str(scrutin.territoire) if scrutin.territoire else settings.ESTUAIRE["collectivite"]
    enveloppe = Enveloppe.objects.create(scrutin=scrutin, nom=nom[:120])
    if scrutin.regle == Scrutin.Regle.OUI_NON:
        for rang, (cle, titre) in enumerate((("oui", _("Oui")), ("non", _("Non"))), start=1):
            Option.objects.create(scrutin=scrutin, enveloppe=enveloppe, cle=cle, rang=rang, titre=titre)
    _dire(scrutin, "votes.creer", par)
    return scrutin


def slug_libre(titre: str) -> str:
    racine = slugify(titre)[:SLUG_MAX].strip("-") or "vote"
    pris = set(Scrutin.objects.filter(slug__startswith=racine).values_list("slug", flat=True))
    return next(slug for slug in (racine, *(f"{racine}-{n}" for n in range(2, len(pris) + 3))) if slug not in pris)


def _dire(scrutin: Scrutin, type_: str, par, donnees: Mapping[str, Any] | None = None) -> None:
    """One line in the journal of those who prepare it: nobody else knows of a vote that is not announced."""
    projet = scrutin.projet_du_journal()
    consigner(type_, cible=scrutin, projet=projet, par=par, publique=False, donnees=dict(donnees or {}))


@transaction.atomic
def regler(scrutin: Scrutin, *, par, valeurs: Mapping[str, Any]) -> list[str]:
    """Change its words, dates and rules; names of the fields that changed.

    Raises EtapeInterdite, EtapeImpossible, or ValidationError for values that do not hold together.
    """
    scrutin = tenir(scrutin, par=par)
    changes = [nom for nom, valeur in valeurs.items() if getattr(scrutin, nom) != valeur]
    if not changes:
        return []
    for nom in changes:
        setattr(scrutin, nom, valeurs[nom])
    if not peut_conduire(scrutin, par):
        raise EtapeInterdite(_("Cette étape est celle d’un projet que vous ne conduisez pas."))
    scrutin.full_clean(exclude=["slug"])
    scrutin.save(update_fields=changes)
    _dire(scrutin, "votes.regler", par, {"champs": sorted(changes)})
    return changes


@transaction.atomic
def dupliquer(scrutin: Scrutin, *, par) -> Scrutin:
    """A new one in preparation, with the same rules, envelopes and list, of the same length, from tomorrow on; in the same
    stage while that one is not over. Raises EtapeInterdite or EtapeImpossible."""
    if peut_conduire(scrutin, par) and not peut_dupliquer(scrutin, par):
        raise EtapeImpossible(
            _("L’étape de ce vote est finie : demandez à un agent d’en faire une copie pour une autre.")
        )
    demain = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    titre = _("Copie de %(titre)s") % {"titre": scrutin.titre}
    etape = scrutin.etape
    copie = Scrutin(
        etape=etape if etape is not None and etape.etat not in etape.FINIES else None,
        titre=titre[: Scrutin._meta.get_field("titre").max_length],
        ouvre_le=demain,
        ferme_le=demain + (scrutin.ferme_le - scrutin.ouvre_le),
        **{nom: getattr(scrutin, nom) for nom in REGLES},
    )
    creer(copie, par=par)
    copie.options.all().delete()
    copie.enveloppes.all().delete()
    for enveloppe in scrutin.enveloppes.all():
        options = list(enveloppe.options.en_lice())
        enveloppe.pk, enveloppe.scrutin, enveloppe._state.adding = None, copie, True
        enveloppe.save(force_insert=True)
        for option in options:
            if option.idee is not None and option.jonctions.effectives().exists():
                # The others agreed to stand in that vote, not in this one.
                option.proposee_par = option.idee.nom_de_l_auteur
            contenu = {nom: getattr(option, nom) for nom in CONTENU if nom != "image"}
            neuve = Option(scrutin=copie, enveloppe=enveloppe, image=option.image.name, **contenu)
            neuve.save(force_insert=True)
    return copie


# --- Envelopes -------------------------------------------------------------------------------------------------------


@transaction.atomic
def ajouter_enveloppes(scrutin: Scrutin, territoires: Sequence, budget: int | None, *, par) -> list[Enveloppe]:
    """One for each of these places that has none yet, of the same budget in cents."""
    scrutin = tenir(scrutin, par=par)
    rang = scrutin.enveloppes.aggregate(rang=Max("rang"))["rang"] or 0
    pris = set(scrutin.enveloppes.values_list("territoire", flat=True))
    neuves = [
        Enveloppe(scrutin=scrutin, rang=rang + n, nom=str(lieu)[:120], territoire=lieu, budget=budget)
        for n, lieu in enumerate((lieu for lieu in territoires if lieu.pk not in pris), start=1)
    ]
    Enveloppe.objects.bulk_create(neuves)
    if neuves:
        _dire(scrutin, "votes.enveloppes", par, {"ajoutees": len(neuves)})
    return neuves


@transaction.atomic
def modifier_enveloppe(enveloppe: Enveloppe, *, par, valeurs: Mapping[str, Any]) -> None:
    scrutin = tenir(enveloppe.scrutin, par=par)
    enveloppe = Enveloppe.objects.select_for_update(of=("self",)).get(pk=enveloppe.pk, scrutin=scrutin)
    for nom, valeur in valeurs.items():
        setattr(enveloppe, nom, valeur)
    enveloppe.save(update_fields=list(valeurs))
    _dire(scrutin, "votes.enveloppes", par, {"changees": 1})


@transaction.atomic
def retirer_enveloppe(enveloppe: Enveloppe, *, par) -> None:
    """Raises EtapeInvalide: the last one, or one that has options."""
    scrutin = tenir(enveloppe.scrutin, par=par)
    enveloppe = Enveloppe.objects.select_for_update(of=("self",)).get(pk=enveloppe.pk, scrutin=scrutin)
    if scrutin.enveloppes.count() == 1:
        raise EtapeInvalide(_("Un vote a toujours une enveloppe."))
    if enveloppe.options.exists():
        raise EtapeInvalide(_("Cette enveloppe a des propositions : changez d’abord leur enveloppe."))
    enveloppe.delete()
    _dire(scrutin, "votes.enveloppes", par, {"retirees": 1})


def enveloppe_de(enveloppes: Sequence[Enveloppe], territoire) -> Enveloppe:
    """Where an option of this place belongs: its own envelope, that of the place around it, or everybody's."""
    par_lieu = {enveloppe.territoire_id: enveloppe for enveloppe in enveloppes}
    while territoire is not None:
        if territoire.pk in par_lieu:
            return par_lieu[territoire.pk]
        territoire = territoire.parent
    return par_lieu.get(None, enveloppes[0])


# --- The list --------------------------------------------------------------------------------------------------------


def empreinte_de_la_liste(options: Iterable[Option]) -> str:
    """Short digest of which options there are, and in which order."""
    return hashlib.sha256("/".join(option.cle for option in options).encode()).hexdigest()[:16]


@transaction.atomic
def ajouter(scrutin: Scrutin, neuves: Sequence[Option], *, par) -> list[Option]:
    """Put new options at the end of the list, each with a key of its own. Those without an envelope take that of their
    place. Raises EtapeInvalide when there are too many."""
    scrutin = tenir(scrutin, par=par)
    return _ajouter(scrutin, neuves, par)


def _ajouter(scrutin: Scrutin, neuves: Sequence[Option], par) -> list[Option]:
    presentes = scrutin.options.count()
    if presentes + len(neuves) > OPTIONS_MAX:
        raise EtapeInvalide(_("%(n)s propositions au plus dans un vote.") % {"n": OPTIONS_MAX})
    enveloppes = list(scrutin.enveloppes.all())
    rang = scrutin.options.aggregate(rang=Max("rang"))["rang"] or 0
    prises = set(scrutin.options.values_list("cle", flat=True))
    for n, option in enumerate(neuves, start=1):
        option.scrutin, option.rang = scrutin, rang + n
        option.cle = cle_libre(option.cle or option.titre, prises)
        prises.add(option.cle)
        if option.enveloppe_id not in {enveloppe.pk for enveloppe in enveloppes}:
            option.enveloppe = enveloppe_de(enveloppes, option.territoire)
    ecrites = Option.objects.bulk_create(neuves)
    if ecrites:
        _dire(scrutin, "votes.liste", par, {"ajoutees": len(ecrites)})
    return ecrites


def cle_libre(titre: str, prises: set[str]) -> str:
    """An identifier for addresses, ballots and files, that no other option of the vote has."""
    racine = slugify(titre)[:CLE_MAX].strip("-_") or "proposition"
    return next(cle for cle in (racine, *(f"{racine}-{n}" for n in range(2, len(prises) + 3))) if cle not in prises)


@transaction.atomic
def ajouter_les_idees(scrutin: Scrutin, idees: Iterable[Idee], *, par) -> list[Option]:
    """An option for each of these ideas that has none yet: its words, place, picture, theme and authors, and a link to it.

    Raises EtapeInvalide when one of them is no longer retained.
    """
    scrutin = tenir(scrutin, par=par)
    idees = list(idees)
    if perdues := [idee for idee in idees if idee.etat not in ETATS_RETENUS or idee.est_masquee]:
        raise EtapeInvalide(_("L’idée « %(titre)s » n’est pas une idée retenue.") % {"titre": perdues[0]})
    deja = set(scrutin.options.filter(idee__isnull=False).values_list("idee", flat=True))
    deja |= set(Jonction.objects.effectives().filter(gardee__scrutin=scrutin).values_list("idee_jointe", flat=True))
    return _ajouter(scrutin, [_option_de(idee) for idee in idees if idee.pk not in deja], par)


def idees_a_soumettre(personne, boite) -> Any:
    """What may be put to the vote from a box (load authors, theme, place and pictures for many)."""
    retenues = Idee.objects.visibles_par(personne).filter(boite=boite, etat__in=ETATS_RETENUS, masquee_le__isnull=True)
    return (
        retenues.select_related("auteur", "thematique", "territoire__parent", "depot", "boite__etape")
        .defer("territoire__contour", "territoire__parent__contour")
        .prefetch_related("photos", "coautrices__personne")
    )


def _option_de(idee: Idee) -> Option:
    option = Option(
        cle="",
        titre=idee.titre,
        texte=idee.texte,
        proposee_par=idee.nom_de_l_auteur[:200],
        categorie=idee.thematique.nom[:80] if idee.thematique else "",
        territoire=idee.territoire,
        adresse=idee.lieu,
        latitude=idee.latitude,
        longitude=idee.longitude,
        idee=idee,
    )
    photo = next((photo for photo in idee.photos.all() if photo.alternative), None)
    if photo is not None:
        # A file of its own: the idea may lose its picture, what was put to the vote does not.
        with photo.fichier.open("rb") as source:
            option.image.save("idee.webp", ContentFile(source.read()), save=False)
        option.image_alternative = photo.alternative
    return option


def la_sienne(option: Option, *, par) -> Option:
    """The option under a lock, of a vote still in preparation. Raises EtapeInterdite or EtapeImpossible."""
    scrutin = tenir(option.scrutin, par=par)
    tenue = Option.objects.select_for_update(of=("self",)).filter(pk=option.pk, scrutin=scrutin).first()
    if tenue is None:
        raise EtapeImpossible(_("Cette proposition n’est plus dans la liste : un ou une collègue l’a retirée."))
    tenue.scrutin = scrutin
    return tenue


@transaction.atomic
def modifier(option: Option, *, par, valeurs: Mapping[str, Any]) -> list[str]:
    """Names of the fields that changed."""
    option = la_sienne(option, par=par)
    changes = [nom for nom, valeur in valeurs.items() if getattr(option, nom) != valeur]
    if not changes:
        return []
    for nom in changes:
        setattr(option, nom, valeurs[nom])
    if option.enveloppe.scrutin_id != option.scrutin_id:
        raise EtapeInvalide(_("Cette enveloppe est celle d’un autre vote."), champ="enveloppe")
    option.save(update_fields=changes)
    _dire(option.scrutin, "votes.liste", par, {"changee": option.cle, "champs": sorted(changes)})
    return changes


@transaction.atomic
def deplacer(option: Option, sens: int, *, par, liste_lue: str) -> None:
    """Up (MONTER) or down by one. Raises EtapeImpossible when the list is not the one that was read."""
    option = la_sienne(option, par=par)
    options = list(option.scrutin.options.all())
    if empreinte_de_la_liste(options) != liste_lue:
        raise EtapeImpossible(str(ENTRE_TEMPS))
    place = next(place for place, autre in enumerate(options) if autre.pk == option.pk)
    arrivee = place + sens
    if not 0 <= arrivee < len(options):
        return
    options[place], options[arrivee] = options[arrivee], options[place]
    for rang, autre in enumerate(options, start=1):
        autre.rang = rang
    Option.objects.bulk_update(options, ["rang"])


@transaction.atomic
def enlever(option: Option, *, par, liste_lue: str | None = None) -> None:
    """Out of a list that nobody has read: it leaves no trace but in the journal of the team."""
    option = la_sienne(option, par=par)
    if liste_lue is not None and empreinte_de_la_liste(option.scrutin.options.all()) != liste_lue:
        raise EtapeImpossible(str(ENTRE_TEMPS))
    cle, scrutin = option.cle, option.scrutin
    # Its authors were asked something: they are told that it is no longer asked, and the question stays to be read.
    posees = Jonction.objects.proposees().filter(Q(gardee=option) | Q(jointe=option))
    for jonction in posees.order_by("pk"):
        franchir(jonction.abandonner, par=par)
    option.delete()
    _dire(scrutin, "votes.liste", par, {"enlevee": cle})


@transaction.atomic
def retirer(option: Option, *, motif: str, par) -> Option:
    """Out of a list that people have read: it stays, crossed out, with its reason for everybody.

    Raises EtapeInterdite, EtapeImpossible (over, already out, the last one) or EtapeInvalide (no reason).
    """
    scrutin = Scrutin.objects.select_for_update(of=("self",)).select_related("etape__projet").get(pk=option.scrutin_id)
    option = Option.objects.select_for_update(of=("self",)).get(pk=option.pk)
    option.scrutin = scrutin
    if not peut_conduire(scrutin, par):
        raise EtapeInterdite(_("Seule l’équipe, ou la personne référente du projet, retire une proposition."))
    if not peut_retirer(option, par):
        raise EtapeImpossible(
            _("On retire une proposition, avec une raison publique, entre l’annonce du vote et sa fin.")
        )
    if option.est_retiree:
        raise EtapeImpossible(_("Cette proposition est déjà retirée."))
    if not motif.strip():
        raise EtapeInvalide(_("Dites pourquoi : tout le monde lira cette raison."), champ="motif")
    if tort := defaut_sans(scrutin, option):
        raise EtapeImpossible(tort)
    option.retiree_le, option.motif_retrait = timezone.now(), motif.strip()
    option.save(update_fields=["retiree_le", "motif_retrait"])
    consigner(
        "votes.option.retirer",
        cible=option,
        projet=scrutin.projet_du_journal(),
        par=par,
        donnees={"option": option.cle, "motif": option.motif_retrait},
    )
    return option
