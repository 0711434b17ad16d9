"""Who gets which answer, at every address of the API. Written to be read by a person; a test compares."""

IDEE = {"titre": "Des bancs à l’ombre", "texte": "Il manque des bancs à l’ombre.", "thematique": "{thematique}"}
#: Bodies that the table names; « {boite} » stands for the number of that object of the small world (`conftest.monde`).
CORPS = {
    "idee": {"boite": "boite-ouverte", **IDEE},
    "idee_relue": {"redaction": 0, **IDEE},
    "idee_envoyee": {"boite": "boite-ouverte", "envoyer": True, **IDEE},
    "idee_appel": {"boite": "boite-appel", "envoyer": True, **IDEE},
    "idee_cachee": {"boite": "boite-cachee", **IDEE},
    "commentaire": {"texte": "Je suis du même avis."},
    "commentaire_officiel": {"texte": "La collectivité répond.", "officielle": True},
    "reponse": {"texte": "Merci de le dire.", "parent": "{commentaire}"},
    "reponse_masquee": {"texte": "Merci de le dire.", "parent": "{commentaire_masque}"},
    "refus": {"motif": "publicite", "explication": "C’est une publicité."},
    "service": {"service": "{service}"},
    "avis": {"avis": "utile", "mot": "Merci."},
    "avis_invente": {"avis": "parfaite"},
    "motif": {"motif": "Je préfère y réfléchir encore."},
}

TABLEAU = """
# Une ligne : méthode, adresse, corps, puis les réponses faites à
#   anonyme, autrice (de ce que l’adresse nomme), voisin, agent, moderatrice, elue, administratrice.

# Consultations : les résultats se voient par tout le monde en même temps
GET    consultations/                                       -                    200 200 200 200 200 200 200
GET    consultations/{consultation}/                        -                    200 200 200 200 200 200 200
GET    consultations/{consultation_close}/                  -                    200 200 200 200 200 200 200
GET    consultations/{consultation_preparee}/               -                    404 404 404 404 404 404 404
GET    consultations/{consultation}/resultats/              -                    404 404 404 404 404 404 404
GET    consultations/{consultation_close}/resultats/        -                    200 200 200 200 200 200 200
GET    consultations/{consultation_preparee}/resultats/     -                    404 404 404 404 404 404 404

# Votes : lus seulement ; aucun chiffre avant la proclamation
GET    votes/                                               -                    200 200 200 200 200 200 200
GET    votes/{vote}/                                        -                    200 200 200 200 200 200 200
GET    votes/{vote_annule}/                                 -                    200 200 200 200 200 200 200
GET    votes/{vote_prepare}/                                -                    404 404 404 404 404 404 404
GET    votes/{vote}/reglement/                              -                    200 200 200 200 200 200 200
GET    votes/{vote_prepare}/reglement/                      -                    404 404 404 404 404 404 404
GET    votes/{vote}/resultat/                               -                    404 404 404 404 404 404 404
GET    votes/{vote_annule}/resultat/                        -                    404 404 404 404 404 404 404
GET    votes/{vote_prepare}/resultat/                       -                    404 404 404 404 404 404 404
GET    votes/{vote_proclame}/resultat/                      -                    200 200 200 200 200 200 200
GET    votes/{vote}/propositions/                           -                    200 200 200 200 200 200 200
GET    votes/{vote_prepare}/propositions/                   -                    404 404 404 404 404 404 404
GET    votes/{vote}/propositions/p1/                        -                    200 200 200 200 200 200 200
GET    votes/{vote}/propositions/ailleurs/                  -                    404 404 404 404 404 404 404
GET    votes/{vote_prepare}/propositions/p1/                -                    404 404 404 404 404 404 404
POST   votes/{vote}/                                        -                    403 405 405 405 405 405 405
PUT    votes/{vote}/propositions/p1/                        -                    403 405 405 405 405 405 405

# Communautés : leur page d’accueil, lue seulement ; rien de l’intérieur
GET    communautes/                                         -                    200 200 200 200 200 200 200
GET    communautes/{communaute_publique}/                   -                    200 200 200 200 200 200 200
GET    communautes/{communaute_sur_demande}/                -                    200 200 200 200 200 200 200
GET    communautes/{communaute_cachee}/                     -                    404 200 404 200 404 404 200
GET    communautes/{communaute_proposee}/                   -                    404 404 404 404 404 404 404
POST   communautes/                                         -                    403 405 405 405 405 405 405
PUT    communautes/{communaute_publique}/                   -                    403 405 405 405 405 405 405
# Questions aux élues et aux élus : lues seulement
GET    questions/                                           -                    200 200 200 200 200 200 200
GET    questions/{question}/                                -                    200 200 200 200 200 200 200
GET    questions/{question_posee}/                          -                    200 200 200 200 200 200 200
GET    questions/{question_retiree}/                        -                    404 200 404 200 404 404 200
GET    questions/{question_masquee}/                        -                    404 200 404 200 200 404 200
POST   questions/                                           -                    403 405 405 405 405 405 405
PUT    questions/{question}/                                -                    403 405 405 405 405 405 405

# Boîtes et thématiques
GET    boites/                                              -                    200 200 200 200 200 200 200
GET    boites/{boite}/                                      -                    200 200 200 200 200 200 200
GET    boites/{appel}/                                      -                    200 200 200 200 200 200 200
GET    boites/{boite_cachee}/                               -                    404 404 404 200 404 404 200
PUT    boites/{boite}/suivi/                                -                    403 200 200 200 200 200 200
PUT    boites/{boite_cachee}/suivi/                         -                    403 404 404 200 404 404 200
DELETE boites/{boite}/suivi/                                -                    403 200 200 200 200 200 200
GET    thematiques/                                         -                    200 200 200 200 200 200 200

# Idées
GET    idees/                                               -                    200 200 200 200 200 200 200
POST   idees/                                               idee                 403 201 201 201 201 201 201
POST   idees/                                               idee_envoyee         403 201 201 201 201 201 201
POST   idees/                                               idee_appel           403 201 201 201 201 201 201
POST   idees/                                               idee_cachee          403 400 400 403 400 400 403
GET    idees/{brouillon}/                                   -                    404 200 404 404 404 404 404
GET    idees/{a_moderer}/                                   -                    404 200 404 200 200 404 200
GET    idees/{publiee}/                                     -                    200 200 200 200 200 200 200
GET    idees/{en_etude}/                                    -                    200 200 200 200 200 200 200
GET    idees/{retenue}/                                     -                    200 200 200 200 200 200 200
GET    idees/{refusee}/                                     -                    404 200 404 200 200 404 200
GET    idees/{retiree}/                                     -                    404 200 404 200 404 404 200
GET    idees/{masquee}/                                     -                    404 200 404 200 200 404 200
PUT    idees/{brouillon}/                                   idee                 403 200 404 404 404 404 404
PUT    idees/{publiee}/                                     idee                 403 400 403 403 403 403 403
PUT    idees/{publiee}/                                     idee_relue           403 200 403 403 403 403 403
PUT    idees/{en_etude}/                                    idee_relue           403 409 403 403 403 403 403
PUT    idees/{masquee}/                                     idee_relue           403 409 404 403 403 404 403
GET    idees/{publiee}/versions/                            -                    200 200 200 200 200 200 200
GET    idees/{brouillon}/versions/                          -                    404 200 404 404 404 404 404
GET    idees/{masquee}/versions/                            -                    404 200 404 200 200 404 200
PUT    idees/{a_moderer}/                                   idee                 403 400 404 403 403 404 403
PUT    idees/{a_moderer}/                                   idee_relue           403 200 404 403 403 404 403
PUT    idees/{publiee}/soutien/                             -                    403 403 200 200 200 200 200
DELETE idees/{publiee}/soutien/                             -                    403 403 200 200 200 200 200
PUT    idees/{brouillon}/soutien/                           -                    403 409 404 404 404 404 404
PUT    idees/{retenue}/soutien/                             -                    403 409 409 409 409 409 409
PUT    idees/{masquee}/soutien/                             -                    403 409 404 409 409 404 409
DELETE idees/{en_etude}/soutien/                            -                    403 403 200 200 200 200 200
GET    idees/{publiee}/commentaires/                        -                    200 200 200 200 200 200 200
GET    idees/{brouillon}/commentaires/                      -                    404 200 404 404 404 404 404
GET    idees/{masquee}/commentaires/                        -                    404 200 404 200 200 404 200
POST   idees/{publiee}/commentaires/                        commentaire          403 201 201 201 201 201 201
POST   idees/{publiee}/commentaires/                        commentaire_officiel 403 403 403 201 403 201 201
POST   idees/{publiee}/commentaires/                        reponse              403 201 201 201 201 201 201
POST   idees/{publiee}/commentaires/                        reponse_masquee      403 400 400 400 400 400 400
POST   idees/{brouillon}/commentaires/                      commentaire          403 403 404 404 404 404 404
POST   idees/{retenue}/commentaires/                        commentaire          403 403 403 403 403 403 403
PUT    idees/{publiee}/suivi/                               -                    403 200 200 200 200 200 200
PUT    idees/{brouillon}/suivi/                             -                    403 200 404 404 404 404 404
DELETE idees/{publiee}/suivi/                               -                    403 200 200 200 200 200 200
GET    idees/{publiee}/etapes/                              -                    200 200 200 200 200 200 200
GET    idees/{brouillon}/etapes/                            -                    404 200 404 404 404 404 404
POST   idees/{brouillon}/etapes/soumettre/                  -                    403 200 404 404 404 404 404
POST   idees/{brouillon}/etapes/abandonner/                 -                    403 200 404 404 404 404 404
POST   idees/{a_moderer}/etapes/publier/                    -                    403 403 404 403 200 404 200
POST   idees/{a_moderer}/etapes/refuser/                    refus                403 403 404 403 200 404 200
POST   idees/{publiee}/etapes/publier/                      -                    403 409 409 409 409 409 409
POST   idees/{publiee}/etapes/prendre/                      service              403 403 403 200 403 403 200
POST   idees/{publiee}/etapes/prendre/                      -                    403 403 403 400 403 403 400
POST   idees/{publiee}/etapes/retirer/                      motif                403 200 403 403 403 403 403
POST   idees/{publiee}/etapes/fusionner/                    -                    403 409 409 409 409 409 409
POST   idees/{publiee}/etapes/atteindre_seuil/              -                    403 409 409 409 409 409 409
POST   idees/{en_etude}/etapes/retenir/                     -                    403 409 409 409 409 409 409
POST   idees/{retenue}/etapes/realiser/                     -                    403 403 403 200 403 403 200
POST   idees/{retenue}/etapes/achever/                      -                    403 409 409 409 409 409 409
POST   idees/{publiee}/etapes/inventer/                     -                    403 404 404 404 404 404 404
DELETE idees/{publiee}/                                     -                    403 405 405 405 405 405 405
PATCH  idees/{publiee}/                                     idee                 403 405 405 405 405 405 405

# Commentaires
GET    commentaires/{commentaire}/                          -                    200 200 200 200 200 200 200
GET    commentaires/{commentaire_masque}/                   -                    404 200 404 404 200 404 200
GET    commentaires/{commentaire_sous_masque}/              -                    404 200 404 200 200 404 200
PUT    commentaires/{commentaire}/accord/                   -                    403 403 200 200 200 200 200
DELETE commentaires/{commentaire}/accord/                   -                    403 403 200 200 200 200 200
PUT    commentaires/{commentaire_masque}/accord/            -                    403 403 404 404 409 404 409
GET    commentaires/{commentaire}/etapes/                   -                    200 200 200 200 200 200 200
POST   commentaires/{commentaire}/etapes/retirer/           -                    403 200 403 403 403 403 403
POST   commentaires/{commentaire_sous_masque}/etapes/retirer/ -                    403 200 404 403 403 404 403

# Projets
GET    projets/                                             -                    200 200 200 200 200 200 200
GET    projets/{projet}/                                    -                    200 200 200 200 200 200 200
GET    projets/{preparation}/                               -                    404 404 404 200 404 404 200
GET    projets/{projet}/documents/                          -                    200 200 200 200 200 200 200
GET    projets/{preparation}/documents/                     -                    404 404 404 200 404 404 200
GET    projets/{projet}/actualites/                         -                    200 200 200 200 200 200 200
GET    projets/{preparation}/actualites/                    -                    404 404 404 200 404 404 200
GET    projets/{projet}/commentaires/                       -                    200 200 200 200 200 200 200
GET    projets/{preparation}/commentaires/                  -                    404 404 404 200 404 404 200
POST   projets/{projet}/commentaires/                       commentaire          403 201 201 201 201 201 201
POST   projets/{preparation}/commentaires/                  commentaire          403 404 404 403 404 404 403
GET    projets/{projet}/etapes/                             -                    200 200 200 200 200 200 200
GET    projets/{preparation}/etapes/                        -                    404 404 404 200 404 404 200
POST   projets/{projet}/etapes/analyser/                    -                    403 403 403 200 403 403 200
POST   projets/{preparation}/etapes/annoncer/               -                    403 404 404 200 404 404 200
POST   projets/{projet}/etapes/decider/                     -                    403 409 409 409 409 409 409
PUT    projets/{projet}/suivi/                              -                    403 200 200 200 200 200 200
PUT    projets/{preparation}/suivi/                         -                    403 404 404 200 404 404 200
DELETE projets/{projet}/suivi/                              -                    403 200 200 200 200 200 200

# Réponses officielles : lues seulement
GET    reponses/                                            -                    200 200 200 200 200 200 200
GET    reponses/{reponse}/                                  -                    200 200 200 200 200 200 200
GET    reponses/{reponse_brouillon}/                        -                    404 404 404 200 404 404 200
GET    reponses/{reponse_a_signer}/                         -                    404 404 404 200 404 200 200
PUT    reponses/{reponse}/                                  -                    403 405 405 405 405 405 405
PATCH  reponses/{reponse}/                                  -                    403 405 405 405 405 405 405
DELETE reponses/{reponse}/                                  -                    403 405 405 405 405 405 405
POST   reponses/                                            -                    403 405 405 405 405 405 405
GET    reponses/chiffres/                                   -                    200 200 200 200 200 200 200
GET    reponses/{reponse}/realisation/                      -                    200 200 200 200 200 200 200
GET    reponses/{reponse_a_signer}/realisation/             -                    404 404 404 404 404 404 404
GET    reponses/{reponse}/secondes-lectures/                -                    200 200 200 200 200 200 200
GET    reponses/{reponse_a_signer}/secondes-lectures/       -                    404 404 404 404 404 404 404
GET    reponses/{reponse}/utilite/                          -                    200 200 200 200 200 200 200
GET    reponses/{reponse_a_signer}/utilite/                 -                    404 404 404 404 404 404 404
PUT    reponses/{reponse}/utilite/                          avis                 403 200 403 403 403 403 403
PUT    reponses/{reponse}/utilite/                          avis_invente         403 400 400 400 400 400 400
PUT    reponses/{reponse_a_signer}/utilite/                 avis                 403 404 404 404 404 404 404
DELETE reponses/{reponse}/utilite/                          -                    403 200 200 200 200 200 200
POST   reponses/{reponse}/secondes-lectures/                -                    403 405 405 405 405 405 405

# Récits : lus seulement, une fois publiés
GET    projets/{projet}/recits/                             -                    200 200 200 200 200 200 200
GET    projets/{preparation}/recits/                        -                    404 404 404 200 404 404 200
GET    projets/{projet}/recits/1/                           -                    200 200 200 200 200 200 200
GET    projets/{projet}/recits/2/                           -                    404 404 404 404 404 404 404

# Chronologie : lue seulement
GET    journal/                                             -                    200 200 200 200 200 200 200
GET    journal/registres/                                   -                    200 200 200 200 200 200 200
GET    journal/{entree}/                                    -                    200 200 200 200 200 200 200
GET    journal/{entree_scellee}/                            -                    404 200 404 200 404 404 200
PUT    journal/{entree}/                                    -                    403 405 405 405 405 405 405
DELETE journal/{entree}/                                    -                    403 405 405 405 405 405 405

# Territoires
GET    territoires/                                         -                    200 200 200 200 200 200 200
GET    territoires/{territoire}/                            -                    200 200 200 200 200 200 200

# Notifications
GET    notifications/                                       -                    403 200 200 200 200 200 200
PUT    notifications/lecture/                               -                    403 200 200 200 200 200 200
PUT    notifications/{notification}/lecture/                -                    403 200 404 404 404 404 404

# Moi
GET    moi/                                                 -                    403 200 200 200 200 200 200
GET    moi/idees/                                           -                    403 200 200 200 200 200 200
GET    moi/soutiens/                                        -                    403 200 200 200 200 200 200
GET    moi/suivis/                                          -                    403 200 200 200 200 200 200

# Le reste
GET    schema/                                              -                    200 200 200 200 200 200 200
GET    inconnu/                                             -                    404 404 404 404 404 404 404
POST   inconnu/                                             -                    404 404 404 404 404 404 404
"""
