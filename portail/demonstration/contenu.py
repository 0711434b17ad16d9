"""What the demonstration tells. The stages and dates of the Grand débat Longévité are public history; ideas, answers and
people are invented.
"""

THEMATIQUES = (
    ("Se déplacer", "se-deplacer", "bicycle"),
    ("Nature et climat", "nature-et-climat", "tree"),
    ("Moins de déchets", "moins-de-dechets", "recycle"),
    ("Bien vieillir", "bien-vieillir", "house-heart"),
    ("Vie de quartier", "vie-de-quartier", "people"),
    ("Culture et sport", "culture-et-sport", "music-note-beamed"),
)

SERVICES = (
    "Espaces publics",
    "Mobilités",
    "Nature et jardins",
    "Déchets et réemploi",
    "Solidarités et âge",
    "Culture et sports",
    "Dialogue citoyen",
)

LONGEVITE = {
    "titre": "Grand débat Longévité",
    "resume": "Nous vivons plus longtemps : comment bien vivre ensemble à tous les âges dans la métropole ?",
    "description": "Le débat s’est tenu en 2019 dans toute la métropole, en ligne et dans les quartiers. Des communautés se sont formées autour de grandes questions : rester chez soi, se déplacer, se soigner, transmettre.",
    "perimetre": "La place des personnes âgées, aujourd’hui et demain, dans les 24 communes. Le montant des retraites n’en fait pas partie : il dépend de l’État.",
    "non_negociable": "Le droit de chacun de choisir où il vieillit.",
    "decideur": "Le conseil métropolitain.",
    "niveau": "concertation",
    "calendrier": "Contributions du 15 janvier au 31 mai 2019, festival en mai, rapport en décembre 2019.",
    "modalite_reponse": "Un rapport public, puis une réponse signée qui dit ce qui sera fait, et quand.",
}

#: title, kind, opens, closes, what it opens, place. Dates are those of the real débat.
ETAPES_LONGEVITE = (
    (
        "Déposez une proposition, ou complétez celle des autres",
        "contribution",
        (2019, 1, 15),
        (2019, 5, 31),
        ["proposer", "soutenir", "commenter"],
        "",
    ),
    (
        "Témoignez : une vision, une expertise, une innovation",
        "contribution",
        (2019, 1, 15),
        (2019, 5, 31),
        ["commenter"],
        "",
    ),
    ("La longévité en quatre questions", "contribution", (2019, 1, 15), (2019, 5, 31), ["repondre"], ""),
    ("Rejoignez l’une des six communautés du débat", "contribution", (2019, 1, 15), (2019, 5, 31), ["inscrire"], ""),
    ("Le festival citoyen de la longévité", "rencontre", (2019, 5, 16), (2019, 5, 19), ["inscrire"], "Nantes"),
    ("Le rapport du Grand débat", "restitution", (2019, 12, 13), (2019, 12, 14), [], ""),
)

REPONSE_LONGEVITE = {
    "sens": "go",
    "motif": "interet_general",
    "texte": "Le débat a montré une attente forte : ne pas rester seul. Nous retenons trois chantiers : des lieux de rencontre dans chaque quartier, des logements partagés entre générations, et des rues où l’on peut s’asseoir tous les 200 mètres.",
    "premiere_etape": "Ouvrir un premier lieu de rencontre entre générations",
    "premiere_etape_le": (2020, 9, 1),
    "cout_estime": 450_000,
    "cout_justification": "Fictif : le coût de trois lieux semblables ouverts l’année d’avant.",
    "cout_le": (2019, 11, 4),
    "acte_conseil": "Délibération fictive n° 2019-000 du 13 décembre 2019",
}

#: Of a call that is open now; days are counted from today.
RUES_FRAICHES = {
    "titre": "Des rues plus fraîches",
    "resume": "L’été, certaines rues deviennent étouffantes. Où et comment ramener de l’ombre et de l’eau ?",
    "description": "La métropole va rénover douze rues. Avant de dessiner, elle demande où il fait trop chaud et ce qui aiderait vraiment.",
    "perimetre": "Les rues et les places publiques. Les cours d’immeubles privées n’en font pas partie.",
    "non_negociable": "Les accès des pompiers et des personnes à mobilité réduite restent libres.",
    "decideur": "La commission métropolitaine des espaces publics.",
    "niveau": "coconstruction",
    "calendrier": "Idées pendant deux mois, ateliers sur place ensuite, premières plantations à l’automne suivant.",
    "modalite_reponse": "Une réponse signée à chaque idée qui réunit assez de soutiens, puis une carte des douze rues choisies.",
}
ETAPES_RUES = (
    ("Dites où il fait trop chaud", "contribution", -21, 40, ["proposer", "soutenir", "commenter", "repondre"], ""),
    ("Balades sur place avec les jardiniers", "rencontre", 48, 62, ["inscrire"], "Dans chaque commune"),
    ("Les services étudient les idées", "analyse", 63, 95, [], ""),
    ("Présentation des douze rues", "restitution", 110, 111, [], "Hôtel de ville"),
)

PLACE = {
    "titre": "La place du marché couvert",
    "resume": "La place va être refaite. Trois dessins sont sur la table : donnez votre avis avant qu’on choisisse.",
    "description": "Le revêtement est usé, l’eau stagne et les étals manquent d’électricité. Trois équipes ont travaillé avec les commerçants. Les plans et le diagnostic sont à lire ci-dessous.",
    "perimetre": "Le sol, les arbres, l’éclairage et le mobilier de la place. Le marché lui-même garde ses jours et ses horaires.",
    "non_negociable": "Le marché continue pendant les travaux. Aucun arbre adulte n’est coupé.",
    "decideur": "Le conseil municipal, après avis du conseil de quartier.",
    "niveau": "consultation",
    "calendrier": "Avis pendant un mois, réunion publique, choix au conseil suivant.",
    "modalite_reponse": "Un compte rendu de tous les avis, puis une réponse signée qui explique le choix.",
}
ETAPES_PLACE = (
    ("Lire les plans", "information", -60, -30, [], ""),
    ("Donner son avis sur les trois dessins", "contribution", -30, 12, ["commenter"], ""),
    ("Réunion publique", "rencontre", 18, 19, ["inscrire"], "Salle du marché"),
    ("Choix du dessin", "decision", 45, 46, [], ""),
)
#: Two years of a participatory budget: people vote on one now, the other is decided.
BUDGET = {
    "titre": "Le budget participatif",
    "resume": "Une part du budget, c’est vous qui la décidez : proposez, les services étudient, vous votez.",
    "description": "Chaque année, une part du budget d’investissement est décidée par les habitantes et les habitants.",
    "perimetre": "Des équipements et des aménagements publics, qui se réalisent en deux ans.",
    "non_negociable": "Le total ne dépasse pas le budget annoncé. Ce qui n’est pas faisable n’est pas soumis au vote.",
    "decideur": "Les personnes qui votent. Le conseil a promis de réaliser ce qui est élu.",
    "niveau": "coconstruction",
    "calendrier": "Idées au printemps, études en été, vote en automne, réalisation dans les deux ans.",
    "modalite_reponse": "Les résultats sont proclamés ici, avec la raison pour chaque projet qui n’est pas retenu.",
}
ETAPES_BUDGET = (
    ("Les services étudient les idées", "analyse", -60, -9, [], ""),
    ("Votez", "contribution", -8, 20, ["voter"], ""),
    ("Proclamation", "restitution", 25, 26, [], "Hôtel de ville"),
)
BUDGET_PASSE = {**BUDGET, "titre": "Le budget participatif de l’an dernier"}
ETAPES_BUDGET_PASSE = (
    ("Les services étudient les idées", "analyse", -380, -336, [], ""),
    ("Votez", "contribution", -335, -311, ["voter"], ""),
    ("Proclamation", "restitution", -310, -309, [], "Hôtel de ville"),
)
#: title, then the versions: days from today, what changes, text of the file
DOCUMENTS_PLACE = (
    ("Diagnostic de la place", ((-58, "", "Diagnostic de la place du marché couvert (document fictif)"),)),
    (
        "Les trois dessins",
        (
            (-55, "", "Les trois dessins, version de travail (document fictif)"),
            (
                -29,
                "Ajout des cotes, à la demande de la réunion des commerçants",
                "Les trois dessins, avec leurs cotes (document fictif)",
            ),
        ),
    ),
)
ACTUALITES_PLACE = (
    (
        -28,
        "Les plans sont affichés aussi à la mairie annexe",
        "Vous pouvez les voir sans rendez-vous, du lundi au samedi. Un cahier attend vos remarques : elles seront recopiées ici.",
    ),
    (-6, "Deux permanences au marché", "L’équipe sera sur place samedi et dimanche matin, à côté de la fontaine."),
)

BOITE_LIBRE = {
    "titre": "Madame la Maire, j’ai une idée",
    "slug": "j-ai-une-idee",
    "description": "La boîte permanente. Tout sujet qui relève de la ville ou de la métropole y est bienvenu, tous les jours de l’année.",
    "seuil_soutiens": 12,
    "delai_reponse": 60,
}
BOITE_RUES = {
    "titre": "Où manque-t-il de l’ombre ?",
    "slug": "ou-manque-t-il-de-l-ombre",
    "description": "Montrez un lieu où il fait trop chaud, et dites ce qui aiderait : un arbre, un banc à l’ombre, une fontaine, un sol qui boit l’eau.",
    "seuil_soutiens": 10,
    "delai_reponse": 45,
}
BOITE_LONGEVITE = {
    "titre": "Propositions du Grand débat Longévité",
    "slug": "longevite",
    "description": "Les propositions déposées pendant le débat de 2019.",
    "seuil_soutiens": 8,
    "delai_reponse": 120,
}

#: title, text, theme, territory, how far it has come, days ago it was sent, supports
IDEES_LIBRES = (
    (
        "Des arceaux à vélo devant chaque école",
        "Le matin, les vélos s’entassent contre les grilles. Quatre arceaux par entrée suffiraient, et les enfants apprendraient à attacher le leur.",
        "se-deplacer",
        "Rezé",
        "realisee",
        400,
        31,
    ),
    (
        "Un atelier de réparation un samedi par mois",
        "Beaucoup d’objets sont jetés pour une vis ou un fusible. Prêtons une salle et des outils : des bénévoles montrent, chacun répare.",
        "moins-de-dechets",
        "Doulon - Bottière",
        "realisee",
        340,
        27,
    ),
    (
        "Un composteur de quartier ouvert à tous",
        "En immeuble, on ne peut pas composter. Un bac fermé, tenu par les voisins, éviterait de brûler des épluchures pleines d’eau.",
        "moins-de-dechets",
        "Hauts-Pavés - Saint-Félix",
        "en_realisation",
        210,
        24,
    ),
    (
        "Éclairer le passage sous la voie ferrée",
        "La nuit, on fait un détour d’un quart d’heure pour l’éviter. Un éclairage qui s’allume quand on approche suffirait.",
        "vie-de-quartier",
        "Saint-Herblain",
        "en_realisation",
        190,
        22,
    ),
    (
        "Des bancs tous les deux cents mètres vers la mairie",
        "Quand on marche mal, on renonce à sortir faute de pouvoir s’asseoir. Des bancs avec un dossier et des accoudoirs, à l’ombre si possible.",
        "bien-vieillir",
        "Orvault",
        "retenue",
        130,
        19,
    ),
    (
        "Une ligne de covoiturage vers les zones d’activités",
        "Des centaines de voitures font le même trajet avec une seule personne. Un arrêt marqué, une application simple, et une place réservée à l’arrivée.",
        "se-deplacer",
        "Carquefou",
        "retenue",
        120,
        26,
    ),
    (
        "Prêter des gobelets aux fêtes de quartier",
        "Chaque fête remplit deux sacs de gobelets. La ville pourrait prêter des caisses lavables, comme elle prête des tables.",
        "moins-de-dechets",
        "Couëron",
        "retenue_conditions",
        110,
        17,
    ),
    (
        "Un parking gratuit sous le centre",
        "Il est devenu impossible de se garer pour faire ses courses. Creusons un parking gratuit sous la grande place.",
        "se-deplacer",
        "Centre-ville",
        "non_retenue",
        150,
        21,
    ),
    (
        "Une piscine à vagues en bord de Loire",
        "Nos enfants s’ennuient l’été. Une piscine à vagues ferait venir tout le monde.",
        "culture-et-sport",
        "Indre",
        "non_retenue",
        140,
        14,
    ),
    (
        "Une deuxième tournée pour le tri des textiles",
        "Les bornes débordent et les sacs finissent sous la pluie. Une deuxième collecte le vendredi réglerait le problème.",
        "moins-de-dechets",
        "Vertou",
        "en_retard",
        100,
        18,
    ),
    (
        "Des horaires du soir à la bibliothèque",
        "Quand on travaille, on arrive toujours porte fermée. Une seule ouverture jusqu’à 21 heures changerait tout.",
        "culture-et-sport",
        "Breil - Barberie",
        "en_etude",
        45,
        20,
    ),
    (
        "Une pharmacie de garde indiquée sur les panneaux",
        "Le dimanche, personne ne sait laquelle est ouverte. Les panneaux lumineux pourraient le dire.",
        "vie-de-quartier",
        "Bouguenais",
        "en_etude",
        30,
        13,
    ),
    (
        "Traverser le boulevard en une seule fois",
        "Le feu piéton ne laisse pas le temps d’arriver de l’autre côté avec une poussette ou une canne.",
        "se-deplacer",
        "Dervallières - Zola",
        "a_signer",
        40,
        16,
    ),
    (
        "Des cours de jardinage dans les parcs",
        "Les jardiniers savent tant de choses. Une heure par mois pour apprendre à tailler, semer, arroser sans gaspiller.",
        "nature-et-climat",
        "La Chapelle-sur-Erdre",
        "publiee",
        12,
        7,
    ),
    (
        "Un annuaire des voisins qui rendent service",
        "Monter des courses, arroser des plantes, garder un chat : beaucoup aideraient si on leur demandait.",
        "bien-vieillir",
        "Nantes Nord",
        "publiee",
        9,
        9,
    ),
    (
        "Une fontaine à eau à chaque aire de jeux",
        "On repart toujours avec une bouteille en plastique. De l’eau potable près des jeux, et c’est réglé.",
        "nature-et-climat",
        "Sautron",
        "publiee",
        8,
        4,
    ),
    (
        "Un skatepark couvert pour les jours de pluie",
        "Il pleut cent vingt jours par an. Un toit simple au-dessus de la dalle existante suffirait.",
        "culture-et-sport",
        "Saint-Sébastien-sur-Loire",
        "publiee",
        6,
        11,
    ),
    (
        "Afficher les travaux une semaine avant",
        "On découvre la rue barrée en sortant de chez soi. Un mot dans la boîte aux lettres, une semaine avant, et on s’organise.",
        "vie-de-quartier",
        "Île de Nantes",
        "publiee",
        4,
        5,
    ),
    (
        "Des vélos-cargos à emprunter le week-end",
        "Pour aller à la déchetterie ou faire un déménagement d’étudiant, un vélo-cargo prêté remplacerait bien des voitures.",
        "se-deplacer",
        "Malakoff - Saint-Donatien",
        "publiee",
        2,
        3,
    ),
    (
        "Un verger dans le parc, à cueillir",
        "Des pommiers et des poiriers plutôt que des haies : chacun cueille, les écoles plantent.",
        "nature-et-climat",
        "Bouaye",
        "a_moderer",
        1,
        0,
    ),
    (
        "Ouvrir les cours d’école le week-end",
        "Elles sont vides, et les enfants jouent entre les voitures.",
        "vie-de-quartier",
        "Bellevue - Chantenay - Sainte-Anne",
        "a_moderer",
        0,
        0,
    ),
    (
        "Achetez mes paniers de légumes",
        "Je livre partout, prix imbattables, appelez-moi vite.",
        "vie-de-quartier",
        "Nantes",
        "refusee",
        20,
        0,
    ),
    (
        "Interdire les trottinettes partout",
        "J’y ai repensé : je vais plutôt proposer des places pour les ranger.",
        "se-deplacer",
        "Nantes Erdre",
        "retiree",
        25,
        2,
    ),
    (
        "Des places pour ranger les trottinettes",
        "Elles encombrent les trottoirs. Un rectangle peint tous les trois cents mètres suffirait.",
        "se-deplacer",
        "Nantes Erdre",
        "publiee",
        18,
        10,
    ),
    (
        "Des parkings à trottinettes",
        "Qu’on sache enfin où les poser, surtout près des arrêts de tramway.",
        "se-deplacer",
        "Nantes Sud",
        "fusionnee",
        16,
        5,
    ),
)
FUSION = "Les deux idées demandent la même chose : des emplacements marqués pour les trottinettes."
BROUILLON = (
    "Un marché du soir en été",
    "Quand on rentre du travail, le marché est fini. Une fois par semaine, de 17 à 21 heures.",
    "vie-de-quartier",
)
IDEES_RUES = (
    (
        "Une tonnelle de vigne sur la place du lavoir",
        "Il n’y a pas un arbre et le sol est noir. Une tonnelle donnerait de l’ombre dès le deuxième été.",
        "nature-et-climat",
        "Basse-Goulaine",
        "publiee",
        15,
        8,
    ),
    (
        "Remplacer le bitume de l’arrêt de bus",
        "L’été on attend en plein soleil sur un sol qui brûle. De la terre et deux arbres, avec un banc entre les deux.",
        "nature-et-climat",
        "Thouaré-sur-Loire",
        "publiee",
        10,
        6,
    ),
    (
        "De l’ombre devant la maison de retraite",
        "Les résidents ne sortent plus dès qu’il fait chaud. Une voile entre les deux murs, en attendant que les arbres poussent.",
        "bien-vieillir",
        "Les Sorinières",
        "en_etude",
        18,
        12,
    ),
)
IDEES_LONGEVITE = (
    (
        "Un logement partagé entre étudiants et retraités",
        "Une chambre contre une présence le soir : chacun y gagne, à condition d’être accompagné.",
        "bien-vieillir",
        "Nantes",
        "realisee_2019",
        0,
        10,
    ),
    (
        "Un café où l’on vient avec ses questions sur la santé",
        "Pas une consultation : un lieu où l’on parle, avec une infirmière qui passe.",
        "bien-vieillir",
        "Rezé",
        "publiee_2019",
        0,
        6,
    ),
)

REPONSES = {
    "go": (
        "Oui : votre idée répond à un besoin réel et nous savons la réaliser vite. Le service concerné vous associera au choix des lieux.",
        "interet_general",
        "Choisir les emplacements avec les habitants",
    ),
    "go_conditions": (
        "Oui, si une association tient le prêt et le lavage. La ville achète les caisses et prête un local.",
        "experimentation",
        "Trouver l’association partenaire",
    ),
    "no_go": (
        "Nous avons étudié votre idée sérieusement. Elle coûterait très cher pour peu de monde, et elle irait contre d’autres engagements de la métropole.",
        "cout",
        "",
    ),
}
REFUS = "Cette annonce vend un produit. Le dialogue citoyen n’est pas fait pour cela."
COUT = "Fictif : le prix moyen de travaux semblables, relevé par le service."
CONDITIONS = "Une association locale accepte de tenir le prêt pendant un an d’essai."
ALTERNATIVES = (
    "Les parcs relais sont gratuits avec un ticket de transport : deux heures de courses n’y coûtent rien.",
    "Un bassin de baignade surveillé sera essayé l’été prochain : venez en parler avec nous.",
)

COMMENTAIRES = (
    ("J’habite juste à côté, et c’est exactement ce qu’il manque.", "pour"),
    ("D’accord sur le besoin, mais attention au bruit le soir.", "neutre"),
    ("Je préférerais qu’on répare d’abord ce qui existe.", "contre"),
    ("Dans la commune voisine ils l’ont fait, et tout le monde s’en sert.", "pour"),
    ("Qui s’en occupera ensuite ? C’est souvent là que ça coince.", "neutre"),
    ("Je suis prête à donner un coup de main le samedi.", "pour"),
)

ETAPE_FAITE = "Cette étape est faite. Merci à toutes les personnes qui ont donné leur avis."
#: A passage of the story of the first projet, and the kind of entry that proves it.
RECIT = [
    ("Le dialogue a commencé par ses règles : de quoi on parle, et qui décide.", "projets.annoncer"),
    ("Puis les habitantes et les habitants ont pris la parole.", "projets.ouvrir"),
    ("La collectivité a répondu, et la réponse est signée.", "reponses.publier"),
    ("La première étape promise est faite.", "reponses.jalon.accomplir"),
]
