"""What agents do to a questionnaire, one change at a time: each takes it as it was and gives it as it becomes. Pure.

They are applied through `consultations.composition.retoucher`, which holds the lock and compares wordings. A change that would
leave something hanging (a jump to a page that goes, a jump that asks about a choice that goes) is refused in one sentence that
says what to take away first.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, TypeVar

from django.utils.translation import gettext as _

from consultations.cheminement import defaut_du_saut
from consultations.questionnaire import (
    AUTRE,
    CHOIX_MAX,
    ELEMENTS_MAX,
    FIN,
    PAGES_MAX,
    SAUTS_MAX,
    Choix,
    Condition,
    Page,
    Question,
    Questionnaire,
    Saut,
)
from timeline.etapes import EtapeInvalide

Liste = Literal["choix", "lignes"]
MONTER, DESCENDRE = -1, 1
T = TypeVar("T")


class PartieInconnue(LookupError):
    """No page, element, choice or jump of this questionnaire has this key: it was never there, or it is gone."""


class RetoucheRefusee(EtapeInvalide):
    """It would leave the questionnaire worse than it was; `str()` says what to do first.

    `champ`: « choix » or « lignes » for a list as a whole, « choix-<key> » for one choice, or a name of a Question or a Saut.
    """


# --- Finding ----------------------------------------------------------------------------------------------------------


def page_de(questionnaire: Questionnaire, cle: str) -> Page:
    """Raises PartieInconnue."""
    page = questionnaire.page(cle)
    if page is None:
        raise PartieInconnue(cle)
    return page


def element_de(questionnaire: Questionnaire, cle: str) -> tuple[Page, Question]:
    """An element and the page on which it stands. Raises PartieInconnue."""
    page, element = questionnaire.page_de(cle), questionnaire.element(cle)
    if page is None or element is None:
        raise PartieInconnue(cle)
    return page, element


def saut_de(page: Page, rang: int) -> Saut:
    """`rang` counts from zero. Raises PartieInconnue."""
    if not 0 <= rang < len(page.sauts):
        raise PartieInconnue(f"{page.cle}/{rang}")
    return page.sauts[rang]


def _rang_du_choix(element: Question, liste: Liste, cle: str) -> int:
    rang = next((n for n, choix in enumerate(getattr(element, liste)) if choix.cle == cle), None)
    if rang is None:
        raise PartieInconnue(cle)
    return rang


def _deplacer(suite: tuple[T, ...], rang: int, sens: int) -> tuple[T, ...]:
    """One place up or down; at the end of the row, nothing moves."""
    vers = rang + sens
    if not 0 <= vers < len(suite):
        return suite
    liste = list(suite)
    liste.insert(vers, liste.pop(rang))
    return tuple(liste)


def _sans(suite: tuple[T, ...], rang: int) -> tuple[T, ...]:
    return (*suite[:rang], *suite[rang + 1 :])


# --- Pages --------------------------------------------------------------------------------------------------------------


def ajouter_page(questionnaire: Questionnaire, page: Page) -> Questionnaire:
    """At the end."""
    if len(questionnaire.pages) >= PAGES_MAX:
        raise RetoucheRefusee(_("%(n)s pages au plus : au-delà, personne n’arrive au bout.") % {"n": PAGES_MAX})
    return replace(questionnaire, pages=(*questionnaire.pages, page))


def titrer_page(questionnaire: Questionnaire, cle: str, titre: str) -> Questionnaire:
    return questionnaire.remplacer(replace(page_de(questionnaire, cle), titre=titre))


def deplacer_page(questionnaire: Questionnaire, cle: str, sens: int) -> Questionnaire:
    rang = questionnaire.rang(page_de(questionnaire, cle)) - 1
    return replace(questionnaire, pages=_deplacer(questionnaire.pages, rang, sens))


def retirer_page(questionnaire: Questionnaire, cle: str) -> Questionnaire:
    """With what stands on it, and the jumps that start from it."""
    page = page_de(questionnaire, cle)
    if len(questionnaire.pages) == 1:
        raise RetoucheRefusee(_("Un questionnaire garde au moins une page."))
    depuis = next((autre for autre, _saut in questionnaire.sauts_vers(cle) if autre.cle != cle), None)
    if depuis is not None:
        raise RetoucheRefusee(
            _("Un saut de la page %(n)s mène ici : retirez-le d’abord.") % {"n": questionnaire.rang(depuis)}
        )
    return replace(questionnaire, pages=tuple(autre for autre in questionnaire.pages if autre.cle != page.cle))


# --- Elements -------------------------------------------------------------------------------------------------------------


def ajouter_element(questionnaire: Questionnaire, cle_page: str, element: Question) -> Questionnaire:
    """At the end of this page."""
    page = page_de(questionnaire, cle_page)
    _exiger_de_la_place(questionnaire, page)
    _exiger_des_listes_saines(element)
    return questionnaire.remplacer(replace(page, elements=(*page.elements, element)))


def _exiger_de_la_place(questionnaire: Questionnaire, page: Page) -> None:
    if len(page.elements) >= ELEMENTS_MAX:
        raise RetoucheRefusee(
            _("La page %(page)s a déjà %(n)s éléments : ajoutez une page.")
            % {"page": questionnaire.rang(page), "n": ELEMENTS_MAX}
        )


def _exiger_des_listes_saines(element: Question) -> None:
    """Not too many choices or rows, each with words of its own."""
    listes: tuple[tuple[Liste, str], ...] = (
        ("choix", _("%(n)s choix au plus par question, et il y en a %(ecrits)s.")),
        ("lignes", _("%(n)s lignes au plus par tableau, et il y en a %(ecrits)s.")),
    )
    for liste, trop in listes:
        choix = getattr(element, liste)
        if len(choix) > CHOIX_MAX:
            raise RetoucheRefusee(trop % {"n": CHOIX_MAX, "ecrits": len(choix)}, champ=liste)
        vus: set[str] = set()
        for un in choix:
            if un.libelle.casefold() in vus:
                raise RetoucheRefusee(_("« %(libelle)s » est écrit deux fois.") % {"libelle": un.libelle}, champ=liste)
            vus.add(un.libelle.casefold())


def remplacer_element(questionnaire: Questionnaire, element: Question) -> Questionnaire:
    """The same element written again: its kind stays, and what the jumps of its page ask about stays too."""
    page, avant = element_de(questionnaire, element.cle)
    if element.genre != avant.genre:
        raise RetoucheRefusee(_("Une question ne change pas de genre : retirez-la, puis ajoutez-en une autre."))
    _exiger_des_listes_saines(element)
    for cle in avant.cles_de_choix:
        if cle not in element.cles_de_choix:
            _exiger_que_rien_n_en_depende(questionnaire, avant, cle)
    elements = tuple(element if e.cle == element.cle else e for e in page.elements)
    return questionnaire.remplacer(replace(page, elements=elements))


def _exiger_que_rien_n_en_depende(questionnaire: Questionnaire, question: Question, choix: str = "") -> None:
    """No jump asks about this question, or about this choice of it. Raises RetoucheRefusee."""
    for page, saut in questionnaire.sauts_sur(question.cle):
        if not choix:
            raise RetoucheRefusee(
                _("Un saut de la page %(n)s dépend de « %(question)s » : retirez-le d’abord.")
                % {"n": questionnaire.rang(page), "question": question.intitule}
            )
        if saut.valeur == choix and saut.condition in {Condition.CHOISI, Condition.PAS_CHOISI}:
            raise RetoucheRefusee(
                _("Un saut de la page %(n)s dépend du choix « %(choix)s » : retirez-le d’abord.")
                % {"n": questionnaire.rang(page), "choix": question.libelle_de(choix)},
                champ="avec_autre" if choix == AUTRE else f"choix-{choix}",
            )


def deplacer_element(questionnaire: Questionnaire, cle: str, sens: int) -> Questionnaire:
    """One place up or down on its page."""
    page, element = element_de(questionnaire, cle)
    elements = _deplacer(page.elements, page.elements.index(element), sens)
    return questionnaire.remplacer(replace(page, elements=elements))


def changer_de_page(questionnaire: Questionnaire, cle: str, vers: str) -> Questionnaire:
    """To the end of another page; a jump asks only about questions of its own page, so one that is asked about stays."""
    page, element = element_de(questionnaire, cle)
    arrivee = page_de(questionnaire, vers)
    if arrivee.cle == page.cle:
        return questionnaire
    _exiger_que_rien_n_en_depende(questionnaire, element)
    _exiger_de_la_place(questionnaire, arrivee)
    depart = replace(page, elements=tuple(e for e in page.elements if e.cle != cle))
    return questionnaire.remplacer(depart).remplacer(replace(arrivee, elements=(*arrivee.elements, element)))


def retirer_element(questionnaire: Questionnaire, cle: str) -> Questionnaire:
    page, element = element_de(questionnaire, cle)
    _exiger_que_rien_n_en_depende(questionnaire, element)
    return questionnaire.remplacer(replace(page, elements=tuple(e for e in page.elements if e.cle != cle)))


# --- Choices, and rows of a matrix ------------------------------------------------------------------------------------------


def ajouter_des_choix(questionnaire: Questionnaire, cle: str, liste: Liste, nouveaux: Sequence[Choix]) -> Questionnaire:
    """At the end of the choices, or of the rows."""
    _page, element = element_de(questionnaire, cle)
    return _relister(questionnaire, element, liste, (*getattr(element, liste), *nouveaux))


def libeller_choix(questionnaire: Questionnaire, cle: str, liste: Liste, choix: str, libelle: str) -> Questionnaire:
    """Other words for the same choice: answers and jumps that name it stay."""
    _page, element = element_de(questionnaire, cle)
    rang = _rang_du_choix(element, liste, choix)
    avant = getattr(element, liste)
    return _relister(questionnaire, element, liste, (*avant[:rang], Choix(choix, libelle), *avant[rang + 1 :]))


def deplacer_choix(questionnaire: Questionnaire, cle: str, liste: Liste, choix: str, sens: int) -> Questionnaire:
    _page, element = element_de(questionnaire, cle)
    rang = _rang_du_choix(element, liste, choix)
    return _relister(questionnaire, element, liste, _deplacer(getattr(element, liste), rang, sens))


def retirer_choix(questionnaire: Questionnaire, cle: str, liste: Liste, choix: str) -> Questionnaire:
    _page, element = element_de(questionnaire, cle)
    return _relister(
        questionnaire, element, liste, _sans(getattr(element, liste), _rang_du_choix(element, liste, choix))
    )


def _relister(questionnaire: Questionnaire, element: Question, liste: Liste, choix: tuple[Choix, ...]) -> Questionnaire:
    change: dict[str, Any] = {liste: choix}
    return remplacer_element(questionnaire, replace(element, **change))


# --- Jumps ------------------------------------------------------------------------------------------------------------------


def ajouter_saut(questionnaire: Questionnaire, cle_page: str, saut: Saut) -> Questionnaire:
    """After the others of its page: the first one that is true decides."""
    page = page_de(questionnaire, cle_page)
    if len(page.sauts) >= SAUTS_MAX:
        raise RetoucheRefusee(_("%(n)s sauts au plus par page.") % {"n": SAUTS_MAX})
    _exiger_un_saut_sain(questionnaire, page, saut)
    return questionnaire.remplacer(replace(page, sauts=(*page.sauts, saut)))


def remplacer_saut(questionnaire: Questionnaire, cle_page: str, rang: int, saut: Saut) -> Questionnaire:
    page = page_de(questionnaire, cle_page)
    saut_de(page, rang)
    _exiger_un_saut_sain(questionnaire, page, saut)
    return questionnaire.remplacer(replace(page, sauts=(*page.sauts[:rang], saut, *page.sauts[rang + 1 :])))


def _exiger_un_saut_sain(questionnaire: Questionnaire, page: Page, saut: Saut) -> None:
    if tort := defaut_du_saut(questionnaire, page, saut):
        vers_rien = saut.vers != FIN and (questionnaire.page(saut.vers) is None or saut.vers == page.cle)
        raise RetoucheRefusee(tort, champ="vers" if vers_rien else "question")


def deplacer_saut(questionnaire: Questionnaire, cle_page: str, rang: int, sens: int) -> Questionnaire:
    page = page_de(questionnaire, cle_page)
    saut_de(page, rang)
    return questionnaire.remplacer(replace(page, sauts=_deplacer(page.sauts, rang, sens)))


def retirer_saut(questionnaire: Questionnaire, cle_page: str, rang: int) -> Questionnaire:
    page = page_de(questionnaire, cle_page)
    saut_de(page, rang)
    return questionnaire.remplacer(replace(page, sauts=_sans(page.sauts, rang)))
