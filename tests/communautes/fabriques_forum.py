"""What people put in the communities of the tests. All invented."""

import io
from itertools import count

from PIL import Image

from commentaires.actions import commenter
from communautes import documents, forum, sondages
from socle.fichiers import FORMATS, DocumentLu
from socle.images import reencoder
from tests.communautes.fabriques import adherer

_numeros = count(1)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def image(nom="banc.png", taille=(40, 30)):
    """An uploaded picture."""
    fichier = io.BytesIO()
    Image.new("RGB", taille, "teal").save(fichier, "PNG")
    fichier.seek(0)
    fichier.name, fichier.size = nom, len(fichier.getvalue())
    return fichier


def pdf(mots=b"") -> DocumentLu:
    return DocumentLu("plan.pdf", FORMATS["pdf"], PDF + mots + b"%%EOF\n")


def un_sujet(communaute, par=None, *, avec_photo=False, **mots):
    par = par or adherer(communaute)
    dits = {"titre": f"Sujet fictif {next(_numeros)}", "texte": "De quoi parle-t-on ?", **mots}
    if avec_photo:
        dits |= {"photo": reencoder(image()), "alternative": "Un banc vide"}
    return forum.ouvrir(communaute, par=par, **dits)


def une_reponse(sujet, par=None, texte="", **suite):
    return commenter(
        sujet, par=par or adherer(sujet.communaute), texte=texte or f"Réponse fictive {next(_numeros)}.", **suite
    )


def un_sondage(communaute, par=None, **choix):
    par = par or adherer(communaute)
    dits = {"question": f"Question fictive {next(_numeros)} ?", "options": ["Mardi", "Jeudi", "Samedi"], **choix}
    return sondages.demander(communaute, par=par, **dits)


def voter(sondage, par, *rangs):
    options = list(sondage.options.all())
    sondages.voter(sondage, par=par, choix=[options[rang].pk for rang in rangs])


def un_texte(communaute, par=None, **mots):
    """A shared text; its first version."""
    par = par or adherer(communaute)
    dits = {"titre": f"Texte fictif {next(_numeros)}", "texte": "Nous voulons des bancs.", **mots}
    return documents.partager(communaute, par=par, **dits)


def un_fichier(communaute, par=None, **mots):
    par = par or adherer(communaute)
    dits = {"titre": f"Fichier fictif {next(_numeros)}", "fichier": pdf(), **mots}
    return documents.partager(communaute, par=par, **dits)
