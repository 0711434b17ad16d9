from reponses.permissions import peut_publier
from socle.permissions import est_connectee, est_systeme


def peut_creer(personne) -> bool:
    """Agents: a démarche commits the collectivité."""
    return est_connectee(personne) and personne.est_agent


def peut_conduire(projet, personne) -> bool:
    """Agents, and the référent·e of this projet."""
    return est_connectee(personne) and (
        personne.est_agent or (projet.referente_id is not None and projet.referente_id == personne.pk)
    )


def peut_modifier(projet, personne) -> bool:
    """Its words and its stages, until it is over."""
    return peut_conduire(projet, personne) and projet.etat not in {"clos", "archive"}


def peut_annuler(etape, personne) -> bool:
    """A stage that was announced: people have noted its dates, they are owed a reason."""
    return peut_modifier(etape.projet, personne)


def peut_documenter(projet, personne) -> bool:
    """Documents and news, also once it is over: what became of it is worth telling. Not in the archive."""
    return peut_conduire(projet, personne) and projet.etat != "archive"


def peut_informer(projet, personne) -> bool:
    """News are for everybody: a projet that nobody sees has none."""
    return peut_documenter(projet, personne) and projet.etat != "brouillon"


def peut_raconter(recit, personne) -> bool:
    """Write, publish and withdraw the story of a projet: those who give its news."""
    return peut_informer(recit.projet, personne)


def peut_ouvrir(projet, personne) -> bool:
    return est_systeme(personne) or peut_conduire(projet, personne)


def peut_conclure(projet, personne) -> bool:
    """A projet is decided by the publication of its official answer: by whoever may publish it, and in no other way."""
    reponse = projet.reponse_publiee() if est_connectee(personne) else None
    return reponse is not None and peut_publier(reponse, personne)


def peut_battre_le_temps(etape, personne) -> bool:
    """Stages open and close by the clock."""
    return est_systeme(personne)
