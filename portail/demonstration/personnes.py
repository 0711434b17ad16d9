"""The invented people of the demonstration. None exists; their addresses cannot either (`comptes.demonstration`)."""

MOT_DE_PASSE = "estuaire-demonstration"

#: role shown -> (pseudonym, local part of the address, global roles)
COMPTES = {
    "citoyenne": ("Camille Exemple", "citoyenne", []),
    "agent": ("Alix Imaginaire", "agent", ["agent"]),
    "modératrice": ("Nadia Fictive", "moderatrice", ["moderatrice"]),
    "médiatrice": ("Méline Supposée", "mediatrice", ["mediatrice"]),
    "élue": ("Élise Inventée", "elue", ["elue"]),
    "administratrice": ("Ada Supposée", "administratrice", ["administratrice"]),
}

MANDAT = ("Élise Inventée", "Vice-présidente fictive au dialogue citoyen")

PRENOMS = (
    "Abel", "Aïcha", "Anouk", "Basile", "Béa", "Célestin", "Chloé", "Denis", "Elif", "Émile", "Fanta", "Félix",
    "Gaël", "Hélène", "Inès", "Ismaël", "Jeanne", "Joseph", "Kadiatou", "Léon", "Lila", "Lucien", "Malo", "Marguerite",
    "Nour", "Odile", "Pablo", "Rozenn", "Samir", "Solange", "Thaïs", "Tugdual", "Violette", "Yann", "Zoé", "Maëlle",
)  # fmt: skip
NOMS = ("Exemple", "Fictif", "Inventé", "Modèle", "Imaginé", "Supposé")


def voisins() -> list[tuple[str, str]]:
    """(pseudonym, local part of the address) of the people who propose, support and comment."""
    return [(f"{prenom} {NOMS[rang % len(NOMS)]}", f"voisin{rang + 1}") for rang, prenom in enumerate(PRENOMS)]
