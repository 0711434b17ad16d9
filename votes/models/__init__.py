from votes.models.bulletin import Bulletin, Emargement
from votes.models.comptage import Comptage
from votes.models.etude import Etude
from votes.models.jonction import Jonction
from votes.models.option import Enveloppe, Option
from votes.models.scrutin import Scrutin

__all__ = ["Bulletin", "Comptage", "Emargement", "Enveloppe", "Etude", "Jonction", "Option", "Scrutin"]
