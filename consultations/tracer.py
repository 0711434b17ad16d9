"""A questionnaire in words, for those who write it: where each page leads, and what one version changes of another. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.cheminement import aretes, defaut_du_saut
from consultations.questionnaire import FIN, Choix, Condition, Genre, Page, Question, Questionnaire, Saut
from consultations.valeurs import decimal_de, en_chiffres
from socle.templatetags.composants import ecrit_ici, en_phrase


def nom_de_la_page(questionnaire: Questionnaire, page: Page, ecrire: Callable[[str], str] = str) -> str:
    """Plain text, or with its title as `ecrire` marks it."""
    n = questionnaire.rang(page)
    if page.titre:
        return en_phrase(_("page %(n)s, « %(titre)s »"), n=n, titre=ecrire(page.titre))
    return _("page %(n)s") % {"n": n}


def nom_de_l_arrivee(questionnaire: Questionnaire, cle: str) -> str:
    if cle == FIN:
        return _("la fin")
    page = questionnaire.page(cle)
    return nom_de_la_page(questionnaire, page, ecrit_ici) if page else _("une page qui n’existe plus")


@dataclass(frozen=True)
class Chemin:
    """One way out of a page: on which condition, and where to. `rang` of its jump from zero on; none for what follows by
    default. `est_sain`: the jump asks about something that is there."""

    si: str
    vers: str
    arrivee: str
    rang: int | None = None
    est_sain: bool = True


def chemins_de(questionnaire: Questionnaire, page: Page) -> list[Chemin]:
    """Its jumps in their order, then what follows when none of them serves."""
    sortis = [
        Chemin(
            dire_la_condition(page, saut),
            saut.vers,
            nom_de_l_arrivee(questionnaire, saut.vers),
            rang,
            not defaut_du_saut(questionnaire, page, saut),
        )
        for rang, saut in enumerate(page.sauts)
    ]
    if any(saut.condition == Condition.TOUJOURS for saut in page.sauts):
        return sortis
    rang_suivant = questionnaire.rang(page)
    suite = questionnaire.pages[rang_suivant].cle if rang_suivant < len(questionnaire.pages) else FIN
    si = _("Sinon") if page.sauts else ""
    return [*sortis, Chemin(si, suite, nom_de_l_arrivee(questionnaire, suite))]


def dire_la_condition(page: Page, saut: Saut) -> str:
    """« Si … », as the page of the jump reads it."""
    question = next((q for q in page.questions if q.cle == saut.question), None)
    nom = ecrit_ici(question.intitule) if question else "?"
    seuil = decimal_de(saut.valeur) if saut.valeur else None
    mots = {
        "question": nom,
        "choix": ecrit_ici(question.libelle_de(saut.valeur)) if question else "?",
        "nombre": en_chiffres(seuil) if seuil is not None else saut.valeur,
    }
    phrases = {
        Condition.TOUJOURS: _("Dans tous les cas"),
        Condition.CHOISI: _("Si « %(choix)s » est coché à « %(question)s »"),
        Condition.PAS_CHOISI: _("Si « %(choix)s » n’est pas coché à « %(question)s »"),
        Condition.AU_MOINS: _("Si « %(question)s » vaut %(nombre)s ou plus"),
        Condition.AU_PLUS: _("Si « %(question)s » vaut %(nombre)s ou moins"),
        Condition.REPONDU: _("Si la personne a répondu à « %(question)s »"),
        Condition.SANS_REPONSE: _("Si la personne n’a pas répondu à « %(question)s »"),
    }
    return en_phrase(phrases.get(Condition(saut.condition), "?"), **mots)


def trace(questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """The drawing in words: (page, pages that some answers lead to). Only of a questionnaire whose jumps are sound."""
    suites = aretes(questionnaire)
    ordre = {page.cle: n for n, page in enumerate(questionnaire.pages)}
    lignes: list[tuple[str, str]] = []
    for page in questionnaire.pages:
        arrivees = sorted(suites[page.cle], key=lambda cle: ordre.get(cle, len(ordre)))
        lignes.append(
            (
                nom_de_la_page(questionnaire, page, ecrit_ici),
                format_html_join(_(" ou "), "{}", ((nom_de_l_arrivee(questionnaire, cle),) for cle in arrivees)),
            )
        )
    return lignes


# --- What one version changes of another -----------------------------------------------------------------------------------


def changements(avant: Questionnaire, apres: Questionnaire) -> list[str]:
    """Sentences: what is new, gone, written again or elsewhere, in the order of the new version."""
    anciens = {e.cle: e for page in avant.pages for e in page.elements}
    nouveaux = {e.cle: e for page in apres.pages for e in page.elements}
    phrases = [*_des_pages(avant, apres)]
    for cle, element in nouveaux.items():
        if cle not in anciens:
            phrases.append(_("Ajouté : « %(quoi)s ».") % {"quoi": _court(element)})
        elif element != anciens[cle]:
            phrases.extend(_d_un_element(anciens[cle], element))
        if cle in anciens and _cle_de_page(avant, cle) != _cle_de_page(apres, cle):
            phrases.append(_("« %(quoi)s » est maintenant sur une autre page.") % {"quoi": _court(element)})
    phrases += [_("Retiré : « %(quoi)s ».") % {"quoi": _court(e)} for cle, e in anciens.items() if cle not in nouveaux]
    communs = [cle for cle in nouveaux if cle in anciens]
    if communs != [cle for cle in anciens if cle in nouveaux]:
        phrases.append(_("L’ordre des questions change."))
    return phrases


def _court(element: Question) -> str:
    mots = " ".join(element.intitule.split())
    return mots if len(mots) <= 80 else f"{mots[:79]}…"


def _cle_de_page(questionnaire: Questionnaire, element: str) -> str:
    page = questionnaire.page_de(element)
    return page.cle if page else ""


def _des_pages(avant: Questionnaire, apres: Questionnaire) -> Iterator[str]:
    anciennes = {page.cle: page for page in avant.pages}
    nouvelles = {page.cle: page for page in apres.pages}
    if plus := len(set(nouvelles) - set(anciennes)):
        yield ngettext("Une page de plus.", "%(n)s pages de plus.", plus) % {"n": plus}
    if moins := len(set(anciennes) - set(nouvelles)):
        yield ngettext("Une page de moins.", "%(n)s pages de moins.", moins) % {"n": moins}
    for cle, page in nouvelles.items():
        if cle in anciennes and page.titre != anciennes[cle].titre:
            yield _("La page %(n)s change de titre.") % {"n": apres.rang(page)}
        if cle in anciennes and page.sauts != anciennes[cle].sauts:
            yield _("Les sauts de la page %(n)s changent.") % {"n": apres.rang(page)}
    if [c for c in anciennes if c in nouvelles] != [c for c in nouvelles if c in anciennes]:
        yield _("L’ordre des pages change.")


def _d_un_element(avant: Question, apres: Question) -> Iterator[str]:
    nom = _court(apres)
    if avant.intitule != apres.intitule:
        yield _("« %(avant)s » devient « %(apres)s ».") % {"avant": _court(avant), "apres": nom}
    for liste in ("choix", "lignes"):
        yield from _d_une_liste(nom, getattr(avant, liste), getattr(apres, liste))
    reste = {champ.name for champ in fields(Question)} - {"intitule", "choix", "lignes"}
    if any(getattr(avant, champ) != getattr(apres, champ) for champ in reste):
        muette = apres.genre in {Genre.SECTION, Genre.EXPLICATION}
        phrase = _("« %(quoi)s » : le texte change.") if muette else _("« %(quoi)s » : ses réglages changent.")
        yield phrase % {"quoi": nom}


def _d_une_liste(nom: str, avant: tuple[Choix, ...], apres: tuple[Choix, ...]) -> Iterator[str]:
    anciens, nouveaux = {c.cle: c.libelle for c in avant}, {c.cle: c.libelle for c in apres}
    for cle, libelle in nouveaux.items():
        if cle not in anciens:
            yield _("« %(quoi)s » : « %(choix)s » est ajouté.") % {"quoi": nom, "choix": libelle}
        elif anciens[cle] != libelle:
            yield _("« %(quoi)s » : « %(avant)s » devient « %(apres)s ».") % {
                "quoi": nom,
                "avant": anciens[cle],
                "apres": libelle,
            }
    for cle, libelle in anciens.items():
        if cle not in nouveaux:
            yield _("« %(quoi)s » : « %(choix)s » est retiré.") % {"quoi": nom, "choix": libelle}
    if [c for c in anciens if c in nouveaux] != [c for c in nouveaux if c in anciens]:
        yield _("« %(quoi)s » : l’ordre des choix change.") % {"quoi": nom}


# --- One element, in a few words ---------------------------------------------------------------------------------------------


def resumer(element: Question) -> list[str]:
    """What its line in the builder says besides its words: kind, settings, first choices."""
    morceaux = [str(Genre(element.genre).label)]
    if element.obligatoire:
        morceaux.append(_("obligatoire"))
    if element.genre in {Genre.MULTIPLE, Genre.CLASSEMENT} and (element.minimum or element.maximum):
        bas, haut = element.nombre_de_choix
        morceaux.append(_("de %(bas)s à %(haut)s") % {"bas": bas, "haut": haut})
    if element.genre in {Genre.ECHELLE, Genre.NOMBRE} and (element.minimum is not None or element.maximum is not None):
        bas_n, haut_n = element.bornes
        morceaux.append(_("de %(bas)s à %(haut)s") % {"bas": en_chiffres(bas_n), "haut": en_chiffres(haut_n)})
    if element.unite:
        morceaux.append(element.unite)
    return morceaux
