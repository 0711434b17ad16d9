"""The rules of a vote: as sentences for everybody, and as one document whose fingerprint is on the chronology."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, get_args

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projets.models import Etape
from timeline.chaine import canonique, horodatage
from votes.regles.budget import lire_limites, verifier_categories
from votes.regles.catalogue import REGLES
from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Bulletin, Election, Genre, Option
from votes.regles.parametre import decrire, nom_public, publier, relire

if TYPE_CHECKING:  # the model asks this module what keeps it from being announced
    from votes.models import Scrutin

FORMAT = 1

#: Which ballots each rule can count.
FORMES_DE: dict[str, tuple[str, ...]] = {
    "choix-unique": ("choix",),
    "oui-non": ("choix",),
    "approbation": ("approbation",),
    "points": ("points",),
    "jugement-majoritaire": ("mentions",),
    "schulze": ("classement",),
    "vote-alternatif": ("classement",),
    "priorites": ("points",),
    "plus-votes": ("approbation", "points", "sac", "choix"),
    "plus-votes-sans-saut": ("approbation", "points", "sac", "choix"),
    "parts-egales": ("approbation", "points", "sac"),
}
#: Bounds that the ballot itself has: parameter of a rule -> field of the vote.
BORNES = {"minimum": "choix_min", "maximum": "choix_max", "total": "points_total", "par_option": "points_max"}
#: What a rule asks of a ballot at the least, and how it is not asked.
PLANCHERS: dict[str, Any] = {"minimum": 0, "tout_donner": False}
#: A budget that is filled is a set of options: it is counted as approvals.
GENRE_DE: dict[str, Genre] = {
    "choix": Genre.CHOIX,
    "approbation": Genre.APPROBATION,
    "sac": Genre.APPROBATION,
    "points": Genre.POINTS,
    "mentions": Genre.MENTIONS,
    "classement": Genre.CLASSEMENT,
}


def parametres_de(scrutin: Scrutin, tirage: tuple[str, ...] = ()):
    """The `Parametres` of its rule, complete. Raises RegleInvalide."""
    classe = REGLES[scrutin.regle].parametres
    connus = {champ.name for champ in fields(classe)}
    types = {champ.name: type_ for champ, type_ in decrire(classe)}
    dits: dict[str, Any] = {
        nom: _typee(valeur, types[nom]) for nom, valeur in scrutin.parametres.items() if nom in connus
    }
    if inconnus := set(scrutin.parametres) - connus:
        raise RegleInvalide(_("Réglages inconnus : %(noms)s.") % {"noms": ", ".join(sorted(inconnus))})
    if "ordre_du_sort" in connus and tirage:
        dits["ordre_du_sort"] = tirage
    if "mentions" in connus and scrutin.mentions:
        dits["mentions"] = tuple(scrutin.mentions)
    if not scrutin.est_repris:  # what a file holds was voted under the bounds of elsewhere
        bornes = {nom: getattr(scrutin, champ) for nom, champ in BORNES.items() if nom in connus}
        dits |= {nom: borne for nom, borne in bornes.items() if borne}
    return classe(**dits)


def _typee(valeur: Any, type_: Any) -> Any:
    """A value that JSON has held, as its field wants it. Raises RegleInvalide."""
    if isinstance(valeur, list):
        return tuple(valeur)
    if isinstance(valeur, str) and Fraction in (type_, *get_args(type_)):
        try:
            return Fraction(valeur)
        except (ValueError, ZeroDivisionError):
            raise RegleInvalide(_("« %(valeur)s » n’est pas une fraction.") % {"valeur": valeur}) from None
    return valeur


def moments_de(scrutin: Scrutin) -> tuple[str, ...]:
    """Of a vote on priorities: the moments at which a topic may be wanted, the first first; none for another vote.

    On a ballot the last one is 1.
    """
    if scrutin.regle != scrutin.Regle.PRIORITES:
        return ()
    return tuple(scrutin.parametres.get("moments") or REGLES[scrutin.regle].parametres().moments)


def parametres_publies(scrutin: Scrutin, options: Sequence[Option], *, entiere: bool = True):
    """The `Parametres` as they were announced, for a count of these options alone. Raises RegleInvalide.

    `entiere`: none was taken out. Otherwise the least that a ballot takes, or gives, is not asked again: it was when the
    ballot was cast, and nobody loses her vote because an option that she chose has gone.
    """
    if scrutin.reglement is None:
        raise RegleInvalide(_("Ce vote n’a pas encore de règlement publié."))
    publies = dict(scrutin.reglement["parametres"])
    ici, sort = {option.cle for option in options}, nom_public("ordre_du_sort")
    if sort in publies:
        publies[sort] = [cle for cle in publies[sort] if cle in ici]
    parametres = pour_ces_options(relire(REGLES[scrutin.regle].parametres, publies), options)
    if entiere:
        return parametres
    connus = {champ.name for champ in fields(parametres)}
    return replace(parametres, **{nom: vide for nom, vide in PLANCHERS.items() if nom in connus})


def pour_ces_options(parametres, options: Sequence[Option]):
    """Without the limits of categories that none of these options has: an envelope need not hold every one."""
    connus = {champ.name for champ in fields(parametres)}
    presentes = {nom for option in options for nom in option.categories}
    gardees = {
        nom: tuple(limite for limite in getattr(parametres, nom) if presentes & lire_limites([limite]).keys())
        for nom in ("maximums", "minimums")
        if nom in connus
    }
    return replace(parametres, **gardees)


def defauts(scrutin: Scrutin) -> list[str]:
    """What keeps it from being announced, one sentence each; empty when nothing does."""
    return [
        *_de_l_ouverture(scrutin),
        *_de_l_etape(scrutin),
        *_de_la_communaute(scrutin),
        *_de_la_liste(scrutin),
        *_de_la_regle(scrutin),
        *_des_etudes(scrutin),
    ]


def _de_l_ouverture(scrutin: Scrutin) -> list[str]:
    """People read the rules before they vote; the step asks it again, of the moment at which it is taken."""
    return [_("Choisissez une ouverture à venir : celle-ci est passée.")] if scrutin.ouvre_le <= timezone.now() else []


def _de_l_etape(scrutin: Scrutin) -> list[str]:
    etape = scrutin.etape
    if etape is None:
        return [_("Choisissez l’étape du projet qui accueille ce vote.")]
    if not etape.projet.est_annonce:
        return [_("Annoncez d’abord son projet.")]
    if Etape.Fonction.VOTER not in etape.ouvre or etape.est_annulee:
        return [_("Choisissez une autre étape : « %(etape)s » ne permet pas de voter.") % {"etape": etape.titre}]
    if scrutin.ouvre_le < etape.ouvre_le or scrutin.ferme_le > etape.ferme_le:
        return [_("Choisissez des dates qui tiennent dans celles de l’étape « %(etape)s ».") % {"etape": etape.titre}]
    return []


def _de_la_communaute(scrutin: Scrutin) -> list[str]:
    """Its name is published with the rules, and its members must be able to come and go."""
    communaute = scrutin.communaute
    if communaute is None or (communaute.est_lisible and communaute.est_ouverte):
        return []
    return [_("Choisissez une autre communauté : celle-ci n’est pas ouverte, ou sa page n’est pas publique.")]


def _de_la_liste(scrutin: Scrutin) -> list[str]:
    options = list(scrutin.options.select_related("enveloppe"))
    enveloppes = list(scrutin.enveloppes.all())
    torts = []
    if len(options) < 2:
        torts.append(_("Ajoutez des propositions : il en faut au moins deux."))
    if scrutin.regle == scrutin.Regle.OUI_NON and {o.cle for o in options} != {"oui", "non"}:
        torts.append(_("Gardez deux propositions, « oui » et « non » : c’est un vote par oui ou non."))
    if scrutin.depense:
        if any(enveloppe.budget is None for enveloppe in enveloppes):
            torts.append(_("Donnez un budget à chaque enveloppe."))
        sans_cout = [option.titre for option in options if option.cout is None]
        if sans_cout:
            torts.append(
                _("Donnez un coût à ces propositions, même 0 : %(titres)s.") % {"titres": " ; ".join(sans_cout[:5])}
            )
        trop_cheres = [
            option.titre
            for option in options
            if option.cout and option.enveloppe.budget and option.cout > option.enveloppe.budget
        ]
        if trop_cheres:
            torts.append(
                _("Baissez le coût de ces propositions, plus grand que leur enveloppe : %(titres)s.")
                % {"titres": " ; ".join(trop_cheres[:5])}
            )
    servies = {option.enveloppe_id for option in options}
    vides = [enveloppe.nom for enveloppe in enveloppes if enveloppe.pk not in servies]
    nombres = Counter(option.enveloppe_id for option in options)
    if courtes := [e.nom for e in enveloppes if 0 < nombres[e.pk] < scrutin.choix_min]:
        torts.append(
            ngettext(
                "Complétez ces enveloppes, chaque bulletin prend au moins %(min)s proposition : %(noms)s.",
                "Complétez ces enveloppes, chaque bulletin prend au moins %(min)s propositions : %(noms)s.",
                scrutin.choix_min,
            )
            % {"min": scrutin.choix_min, "noms": " ; ".join(courtes[:5])}
        )
    if vides:
        torts.append(
            _("Ajoutez une proposition à ces enveloppes, ou retirez-les : %(noms)s.") % {"noms": " ; ".join(vides[:5])}
        )
    return torts


def _de_la_regle(scrutin: Scrutin) -> list[str]:
    if scrutin.forme not in FORMES_DE[scrutin.regle]:
        return [_("Choisissez une autre façon de voter : celle-ci ne va pas avec cette façon de compter.")]
    par_points = scrutin.forme == scrutin.Forme.POINTS and scrutin.regle != scrutin.Regle.PRIORITES
    if par_points and not scrutin.points_total:
        return [_("Dites combien de points chaque personne répartit.")]
    if scrutin.forme == scrutin.Forme.MENTIONS and len(scrutin.mentions) < 2:
        return [_("Choisissez au moins deux mentions.")]
    if scrutin.depense and scrutin.enveloppes.filter(budget=None).exists():
        return []  # said of the list: the rule would say it again, in the words of an engine
    try:
        parametres = parametres_de(scrutin)
        _exiger_des_categories_connues(scrutin, parametres)
        for enveloppe in scrutin.enveloppes.all():
            _essayer(scrutin, options_comptees(enveloppe.options.select_related("territoire")), enveloppe, parametres)
    except (RegleInvalide, TypeError) as tort:
        return [str(tort)]
    # The value of a topic on a ballot says at which moment it is wanted.
    if scrutin.regle == scrutin.Regle.PRIORITES and scrutin.points_max != len(parametres.moments):
        return [_("Dites quels sont les moments du calendrier.")]
    return []


def _exiger_des_categories_connues(scrutin: Scrutin, parametres) -> None:
    """A limit on a category that no option of any envelope has is a mistake in typing. Raises RegleInvalide."""
    if not hasattr(parametres, "maximums"):
        return
    toutes = options_comptees(scrutin.options.select_related("territoire"))
    election = Election(genre=GENRE_DE[scrutin.forme], options=toutes, bulletins=())
    verifier_categories(election, parametres.maximums, getattr(parametres, "minimums", ()))


def _essayer(scrutin: Scrutin, options: tuple[Option, ...], enveloppe, parametres) -> None:
    """Count one blank ballot now, rather than find at the end that the rule cannot count this list. Raises RegleInvalide."""
    blanc = Election(
        genre=GENRE_DE[scrutin.forme],
        options=options,
        bulletins=(Bulletin(),),
        budget=enveloppe.budget,
        mentions=len(scrutin.mentions),
    )
    REGLES[scrutin.regle].compter(blanc, pour_ces_options(parametres, options))


def defaut_sans(scrutin: Scrutin, retiree) -> str:
    """Why this option of an announced vote cannot be taken out: what is left could not be voted on, or counted. Else empty."""
    restantes = retiree.enveloppe.options.en_lice().exclude(pk=retiree.pk).select_related("territoire")
    options = options_comptees(restantes)
    if not options:
        return _("C’est la dernière proposition de « %(enveloppe)s » : annulez plutôt le vote.") % {
            "enveloppe": retiree.enveloppe
        }
    if len(options) < scrutin.choix_min:
        return ngettext(
            "Chaque bulletin prend au moins %(min)s proposition, et il n’en resterait pas assez : annulez plutôt le vote.",
            "Chaque bulletin prend au moins %(min)s propositions, et il n’en resterait pas assez : annulez plutôt le vote.",
            scrutin.choix_min,
        ) % {"min": scrutin.choix_min}
    try:
        _essayer(scrutin, options, retiree.enveloppe, parametres_publies(scrutin, options, entiere=False))
    except RegleInvalide as tort:
        return _("Sans elle, le vote ne pourrait plus être compté. %(tort)s Annulez plutôt le vote.") % {"tort": tort}
    return ""


def options_comptees(options) -> tuple[Option, ...]:
    """What a rule knows of the rows `options`, in their order."""
    return tuple(
        Option(
            cle=option.cle,
            titre=option.titre,
            cout=option.cout or 0,
            territoire=option.territoire.nom if option.territoire else "",
            categories=(option.categorie,) if option.categorie else (),
        )
        for option in options
    )


def _des_etudes(scrutin: Scrutin) -> list[str]:
    options = scrutin.options.prefetch_related("etudes__service")
    etudes = [(option, etude) for option in options for etude in option.etudes.all()]
    attendues = [(option, etude) for option, etude in etudes if etude.etat == etude.Etat.DEMANDEE]
    if attendues:
        return [
            _("%(service)s n’a pas encore rendu son étude de « %(option)s ».")
            % {"service": etude.service, "option": option}
            for option, etude in attendues
        ]
    return [
        _("« %(option)s » n’est pas faisable, selon %(service)s : retirez-la de la liste.")
        % {"service": etude.service, "option": option}
        for option, etude in etudes
        if etude.conclusion == etude.Conclusion.NON_FAISABLE
    ]


# --- The document ----------------------------------------------------------------------------------------------------


def rediger(scrutin: Scrutin) -> dict[str, Any]:
    """The rules as they are published: integers, words and lists, so that anybody can hash them again.

    The lot that decides what nothing else decides is drawn now, before anybody votes.
    """
    options = list(scrutin.options.select_related("enveloppe", "territoire", "idee"))
    tirage = [option.cle for option in options]
    secrets.SystemRandom().shuffle(tirage)
    return {
        "format": FORMAT,
        "titre": scrutin.titre,
        "question": scrutin.question,
        "origine": scrutin.origine,
        "ouvre_le": horodatage(scrutin.ouvre_le),
        "ferme_le": horodatage(scrutin.ferme_le),
        "qui": scrutin.qui,
        "territoire": str(scrutin.territoire.code) if scrutin.territoire else None,
        "age_min": scrutin.age_min,
        "communaute": scrutin.communaute.slug if scrutin.communaute else None,
        "regle": scrutin.regle,
        "parametres": publier(parametres_de(scrutin, tuple(tirage))),
        "forme": scrutin.forme,
        "choix_min": scrutin.choix_min,
        "choix_max": scrutin.choix_max,
        "points_total": scrutin.points_total,
        "points_max": scrutin.points_max,
        "mentions": list(scrutin.mentions),
        "enveloppes": [
            {
                "nom": enveloppe.nom,
                "territoire": str(enveloppe.territoire.code) if enveloppe.territoire else None,
                "budget": enveloppe.budget,
            }
            for enveloppe in scrutin.enveloppes.select_related("territoire")
        ],
        "options": [
            {
                "cle": option.cle,
                "titre": option.titre,
                "enveloppe": option.enveloppe.nom,
                "cout": option.cout,
                "categorie": option.categorie,
                "territoire": str(option.territoire.code) if option.territoire else None,
            }
            for option in options
        ],
        "tirage": tirage,
    }


def empreinte_de(reglement: dict[str, Any]) -> str:
    """SHA-256 of the document as canonical JSON, hexadecimal."""
    return hashlib.sha256(canonique(reglement)).hexdigest()


def figer(scrutin: Scrutin, *, par) -> None:
    """Follow-up of the announcement: from now on the database refuses a change of what is voted on."""
    scrutin.options.update(figee_le=timezone.now())


# --- As sentences ------------------------------------------------------------------------------------------------


def phrases(scrutin: Scrutin) -> list[str]:
    """The rules in plain words, for everybody to read before voting. A vote taken over from a file was cast elsewhere."""
    if scrutin.est_repris:
        return [
            _("Ce vote a eu lieu ailleurs : ses bulletins viennent de son fichier, et ne changent plus."),
            _("Du %(debut)s au %(fin)s.") % {"debut": _moment(scrutin.ouvre_le), "fin": _moment(scrutin.ferme_le)},
            consigne(scrutin),
            _("Comptage : %(regle)s.") % {"regle": scrutin.get_regle_display()},
            _("À égalité complète, un ordre tiré au sort avant le comptage et publié ici décide."),
        ]
    return [
        _("Peut voter : %(qui)s.") % {"qui": qui_en_clair(scrutin)},
        _("Du %(debut)s au %(fin)s.") % {"debut": _moment(scrutin.ouvre_le), "fin": _moment(scrutin.ferme_le)},
        consigne(scrutin),
        _combien_de_fois(scrutin),
        _("Comptage : %(regle)s.") % {"regle": scrutin.get_regle_display()},
        _("À égalité complète, un ordre tiré au sort avant le vote et publié ici décide."),
        _("Aucun résultat n’est visible avant la proclamation : seul le nombre de personnes qui ont voté l’est."),
        _("Ce vote est ouvert : votre bulletin est gardé avec votre compte. Les personnes qui administrent le site "
          "pourraient le voir."),
    ]  # fmt: skip


def _combien_de_fois(scrutin: Scrutin) -> str:
    genres = {enveloppe.est_locale for enveloppe in scrutin.enveloppes.all()}
    if genres == {True, False}:
        return _(
            "Une personne vote une fois pour toute la ville, et une fois pour un seul territoire de son choix. "
            "Elle peut changer son vote jusqu’à la fin."
        )
    if genres == {True}:
        return _(
            "Une personne vote une fois, pour un seul territoire de son choix. Elle peut changer son vote jusqu’à la fin."
        )
    return _("Une personne vote une fois. Elle peut changer son vote jusqu’à la fin.")


def qui_en_clair(scrutin: Scrutin) -> str:
    qui = str(scrutin.get_qui_display())
    if scrutin.qui == scrutin.Qui.HABITANTES and scrutin.territoire:
        qui = _("les personnes qui habitent %(lieu)s, avec une adresse e-mail vérifiée") % {"lieu": scrutin.territoire}
    if scrutin.qui == scrutin.Qui.MEMBRES and scrutin.communaute:
        qui = _("les membres de la communauté « %(nom)s » au moment de voter, avec une adresse e-mail vérifiée") % {
            "nom": scrutin.communaute
        }
    if scrutin.age_min:
        qui = _("%(qui)s, à partir de l’année de ses %(age)s ans") % {"qui": qui, "age": scrutin.age_min}
    return qui


def _moment(instant) -> str:
    return date_format(timezone.localtime(instant), "j F Y, H:i")


def consigne(scrutin: Scrutin) -> str:
    """How one fills the ballot in, its bounds included."""
    if scrutin.regle == scrutin.Regle.PRIORITES:
        return _("Vous choisissez des sujets, et vous dites pour chacun à quel moment vous le voulez.")
    bornes = _bornes_en_clair(scrutin)
    dite = {
        scrutin.Forme.CHOIX: lambda: _("Vous choisissez une seule proposition, ou vous votez blanc."),
        scrutin.Forme.APPROBATION: lambda: bornes or _("Vous cochez autant de propositions que vous voulez."),
        scrutin.Forme.SAC: lambda: _et(
            _("Vous choisissez des propositions dont le total tient dans le budget."), bornes
        ),
        scrutin.Forme.POINTS: lambda: _et(_points_en_clair(scrutin), bornes),
        scrutin.Forme.MENTIONS: lambda: (
            _("Vous donnez à chaque proposition une mention, de « %(pire)s » à « %(mieux)s ».")
            % {"pire": scrutin.mentions[0], "mieux": scrutin.mentions[-1]}
        ),
        scrutin.Forme.CLASSEMENT: lambda: _et(
            _("Vous classez les propositions : 1 pour celle que vous préférez, puis 2, puis 3."), bornes
        ),
    }
    return dite[scrutin.Forme(scrutin.forme)]()


def _et(phrase: str, suite: str) -> str:
    return f"{phrase} {suite}" if suite else phrase


def doit_tout_donner(scrutin: Scrutin) -> bool:
    """Does the rule refuse a ballot that keeps some of its points?"""
    return bool(scrutin.parametres.get("tout_donner"))


def _points_en_clair(scrutin: Scrutin) -> str:
    if doit_tout_donner(scrutin):
        return _et(
            ngettext(
                "Vous donnez votre seul point.", "Vous répartissez vos %(n)s points, tous.", scrutin.points_total or 0
            )
            % {"n": scrutin.points_total},
            _("%(max)s au plus pour une proposition.") % {"max": scrutin.points_max} if scrutin.points_max else "",
        )
    if scrutin.points_max:
        return ngettext(
            "Vous répartissez %(n)s point au plus, %(max)s au plus pour une proposition.",
            "Vous répartissez %(n)s points au plus, %(max)s au plus pour une proposition.",
            scrutin.points_total or 0,
        ) % {"n": scrutin.points_total, "max": scrutin.points_max}
    return ngettext(
        "Vous répartissez %(n)s point au plus.", "Vous répartissez %(n)s points au plus.", scrutin.points_total or 0
    ) % {"n": scrutin.points_total}


def _bornes_en_clair(scrutin: Scrutin) -> str:
    au_moins, au_plus = scrutin.choix_min, scrutin.choix_max
    if au_plus and au_moins == au_plus:
        phrase = ngettext(
            "Choisissez exactement %(n)s proposition.", "Choisissez exactement %(n)s propositions.", au_plus
        )
        return phrase % {"n": au_plus}
    if au_plus and au_moins:
        return _("Choisissez de %(min)s à %(max)s propositions.") % {"min": au_moins, "max": au_plus}
    if au_plus:
        phrase = ngettext("Choisissez %(n)s proposition au plus.", "Choisissez %(n)s propositions au plus.", au_plus)
        return phrase % {"n": au_plus}
    if au_moins:
        phrase = ngettext("Choisissez %(n)s proposition au moins.", "Choisissez %(n)s propositions au moins.", au_moins)
        return phrase % {"n": au_moins}
    return ""
