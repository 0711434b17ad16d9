"""What an idea must hold before it is sent. A draft may lack anything: nothing typed is lost for being incomplete."""

from django.utils.translation import gettext_lazy as _

TITRE_MIN = 8  # characters
TEXTE_MIN = 20

SANS_TITRE = _("Donnez un titre à votre idée.")
TITRE_COURT = _("Ce titre est trop court : quelques mots suffisent.")
SANS_TEXTE = _("Décrivez votre idée en une ou deux phrases.")
TEXTE_COURT = _("Dites-en un peu plus : une ou deux phrases.")
SANS_THEME = _("Choisissez le thème le plus proche.")
SANS_ALTERNATIVE = _("Dites en quelques mots ce que montre la photo.")


def manques_de(idee) -> list[tuple]:
    """(field, sentence) of each thing that this draft lacks, one a field; empty when it can be sent."""
    manques = (
        ("titre", SANS_TITRE, not idee.titre),
        ("titre", TITRE_COURT, len(idee.titre) < TITRE_MIN),
        ("texte", SANS_TEXTE, not idee.texte),
        ("texte", TEXTE_COURT, len(idee.texte) < TEXTE_MIN),
        ("thematique", SANS_THEME, idee.thematique_id is None),
        ("alternative", SANS_ALTERNATIVE, idee.photos.filter(alternative="").exists()),
    )
    premiers: dict = {}
    for champ, phrase, manque in manques:
        if manque:
            premiers.setdefault(champ, phrase)
    return list(premiers.items())


def manque_a(idee):
    """(field, sentence) of the first thing that this draft lacks; None when it can be sent."""
    return next(iter(manques_de(idee)), None)
