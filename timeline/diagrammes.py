"""State machines as Mermaid diagrams, read from the models themselves: `docs/etats.md` cannot lie for long."""

from django.apps import apps
from django.utils import translation

from socle.etats import EtatsProteges
from timeline.etapes import champ_d_etat, transitions_de

EN_TETE = """# Les états

Page générée par `manage.py dessiner_etats` à partir des modèles ; un test la compare. Ne pas l'écrire à la main.
Une étape « (automatique) » est franchie par l'horloge, un seuil ou une autre étape, jamais par un bouton.
"""


def machines() -> list[type[EtatsProteges]]:
    return sorted((m for m in apps.get_models() if issubclass(m, EtatsProteges)), key=lambda modele: modele._meta.label)


def graphe(modele) -> set[tuple[str, str, str]]:
    """(from, transition, to) of a machine."""
    return {(t.source, nom, t.target) for nom, ts in transitions_de(modele).items() for t in ts}


def diagramme(modele) -> str:
    champ = champ_d_etat(modele)
    etats = list(champ.choices or ())
    lignes = ["```mermaid", "stateDiagram-v2"]
    lignes += [f"    {code} : {libelle}" for code, libelle in etats]
    lignes += [f"    [*] --> {champ.get_default()}"]
    for nom, etapes in transitions_de(modele).items():
        for etape in etapes:
            auto = " (automatique)" if etape.custom["etiquette"].automatique else ""
            lignes.append(f"    {etape.source} --> {etape.target} : {nom}{auto}")
    arrivees = {code for code, _libelle in etats} - {depart for depart, _nom, _vers in graphe(modele)}
    lignes += [f"    {code} --> [*]" for code, _libelle in etats if code in arrivees]
    return "\n".join([*lignes, "```"])


def page() -> str:
    """The whole page, in French whatever the present language."""
    with translation.override("fr"):
        parties = [f"## {m._meta.verbose_name} (`{m._meta.label}`)\n\n{diagramme(m)}" for m in machines()]
    return EN_TETE + "\n" + "\n\n".join(parties) + "\n"
