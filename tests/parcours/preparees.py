"""What the demonstration does not have, made on the walk's own copy of the site by its own actions, one part for each feature.

Each prints `name value` for the {…} of `tests/parcours/pages.py`, and runs before what is found there.
"""

DEBUT = """
from datetime import timedelta
from django.core import signing
from django.core.files.base import ContentFile
from django.utils import timezone
from comptes.models import Role, Utilisateur
from idees.models import Boite, Idee
from projets.models import Projet, Thematique
from timeline.etapes import franchir
citoyenne, agent, elue = (Utilisateur.objects.get(email__startswith=f"{qui}@") for qui in ("citoyenne", "agent", "elue"))
demain = timezone.localdate() + timedelta(days=1)
"""

#: The keys that are sent by mail.
COMPTE = """
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from notifications import courriels
nouvelle = EmailAddress.objects.create(user=citoyenne, email="nouvelle@demonstration.example")
print("cle_adresse", EmailConfirmationHMAC(nouvelle).key)
print("compte", user_pk_to_url_str(citoyenne))
print("cle_mot_de_passe", default_token_generator.make_token(citoyenne))
print("jeton", signing.dumps([citoyenne.pk, "suivi"], salt=courriels.SEL))
"""

#: A comment and a thread that may still be corrected, a place whose référent·e has left the city.
PAROLES = """
from commentaires.actions import commenter
from communautes import forum
from communautes.actions import confier
from communautes.models import Communaute
commentee = Idee.objects.filter(etat="publiee").exclude(auteur=citoyenne).order_by("pk").last()
print("mon_commentaire", commenter(commentee, par=citoyenne, texte="Une phrase à corriger.").pk)
rives = Communaute.objects.get(nom__startswith="Les rives")
ouvert = forum.ouvrir(rives, par=citoyenne, titre="Un sujet à corriger", texte="Une phrase à corriger.")
print("mon_sujet", ouvert.pk)
bacs = Communaute.objects.get(nom__contains="bacs de Loire")
partie = bacs.adhesions.filter(etat="acceptee").exclude(role="referente").first()
agente = Role.objects.create(personne=partie.personne, role="agent")
confier(partie, par=agent, role="referente")
agente.delete()
print("communaute_sans_referente", bacs.slug)
"""

#: The idea of somebody without an account, files of another platform.
IDEES = """
from django.core.files.temp import NamedTemporaryFile
from pathlib import Path
from uuid import uuid4
from idees import depots
from idees.importation import depart
from idees.importation.correspondance import Regles
from idees.importation.lecture import Tableau
from idees.importation.moteur import executer
boite = Boite.objects.get(slug="j-ai-une-idee")
depot = depots.saisir(
    boite, par=agent, cle_saisie=uuid4(), mot="0123456789ABCDEFGHJK", canal="courrier", nom="Odile 44",
    courriel="odile@demonstration.example", adresse_postale="Odile Inventée\\n3 impasse Imaginaire\\n44000 NANTES",
    valeurs={
        "titre": "Une rampe à l’entrée de la mairie annexe", "texte": "Ma voisine attend dehors qu’on vienne lui ouvrir.",
        "thematique": Thematique.objects.first(),
    },
)
print("depot", depot.numero)
print("cle_depot", depots.lien_de(depot))
print("cle_arret", signing.dumps(depot.numero, salt=depots.SEL_ARRETER))
regles = Regles.lire({
    "version": 1, "genre": "idees", "source": {"code": "ville-fictive", "nom": "Ville fictive"},
    "champs": {
        "cle": {"colonne": "id"}, "titre": {"colonne": "titre"}, "texte": {"colonne": "texte"},
        "etat": {"valeur": "publiee"}, "publiee_le": {"colonne": "date"},
        "thematique": {"colonne": "theme", "creer": True},
    },
})
def reprise(lignes):
    contenu = ContentFile(("id,titre,texte,date,theme\\n" + lignes).encode(), name="reprise.csv")
    with NamedTemporaryFile(suffix=".csv") as ecrit:
        ecrit.write(contenu.read())
        ecrit.flush()
        tableau = Tableau.ouvrir(Path(ecrit.name))
    return depart.preparer(tableau, regles, boite=boite, par=agent, nom="reprise.csv", fichier=contenu)
print("reprise", reprise("1,Un préau,Pour les jours de pluie.,2019-03-12,Repris\\n2,,Sans titre.,hier,Repris\\n").pk)
finie = reprise("3,Un lavoir,Pour se rafraîchir.,2019-03-12,\\n4,,Sans titre.,hier,\\n")
depart.lancer(finie)
executer(finie, depart.tableau_de(finie))
print("reprise_finie", finie.pk)
"""

#: A projet that is not announced, the draft of a story.
PROJETS = """
from projets import actions, recits
prepare = actions.creer(par=agent, titre="Un projet en préparation", resume="Personne ne le voit encore.", referente=agent)
etape = actions.ajouter_etape(
    prepare, par=agent, titre="Une étape de trop", genre="contribution", ouvre=["commenter"],
    ouvre_le=timezone.now() + timedelta(days=10), ferme_le=timezone.now() + timedelta(days=40),
)
print("projet_prepare", prepare.slug)
print("etape_a_retirer", etape.pk)
ouvert = recits.ouvrir(Projet.objects.get(titre__startswith="Des rues"), par=agent)
print("passage", recits.ecrire(ouvert, par=agent, vu=ouvert.tour, texte="Les premiers arbres sont plantés.").pk)
"""

#: A model, and a lot of which one answer has its opinions while the other is not begun.
REPONSES = """
from reponses import lots, modeles
from reponses.actions import rediger, rendre_avis
from reponses.models import Service
modele = modeles.creer(par=agent, nom="Oui pour un banc", sens="go", motif="interet_general", texte="Oui pour « {titre} ».")
print("modele", modele.pk)
sans_reponse, avec_avis = Idee.objects.filter(etat="en_etude", reponses__isnull=True).exclude(auteur=citoyenne).order_by("pk")[:2]
lot = lots.ouvrir(par=agent, titre="Les réponses du printemps", cibles=[sans_reponse, avec_avis])
reponse = rediger(
    avec_avis, par=agent, sens="go", motif="interet_general", texte="Oui, voici comment.", premiere_etape="Choisir les lieux",
    premiere_etape_le=demain,
)
lots.consulter(lot, par=agent, services=[Service.objects.first()], attendu_le=demain)
for avis in reponse.avis.all():
    rendre_avis(avis, par=agent, texte="Avis favorable.")
print("lot", lot.pk)
print("place_de_lot", lot.places.get(cible_id=sans_reponse.pk).pk)
"""

#: A questionnaire in preparation, and another one of which the next version is.
CONSULTATIONS = """
from consultations import composition as questionnaires
from consultations.models import Consultation
rue = Consultation.objects.get(titre__contains="rue")
print("questionnaire", questionnaires.dupliquer(rue, par=agent).slug)
questionnaires.preparer(rue, par=agent)
print("questionnaire_annonce", rue.slug)
"""

#: A vote in preparation, and two of its options whose authors are asked whether they may be one.
VOTES = """
from votes import composition as scrutins
from votes import jonction
from votes.models import Scrutin
vote = Scrutin.objects.get(etat="ouvert")
neuf = scrutins.dupliquer(vote, par=agent)
print("vote_en_preparation", neuf.slug)
print("enveloppe", neuf.enveloppes.first().pk)
print("vote", vote.slug)
print("option", vote.options.first().cle)
voisin5 = Utilisateur.objects.get(email__startswith="voisin5@")
retenues = Idee.objects.filter(etat="retenue").order_by("pk")
deux = [retenues.get(auteur=voisin5), retenues.exclude(auteur=voisin5).first()]
gardee, jointe = scrutins.ajouter_les_idees(neuf, deux, par=agent)
print("jonction", jonction.demander(gardee, jointe, par=agent, motif="Elles parlent du même quartier.").pk)
"""

PREPARER = DEBUT + COMPTE + PAROLES + IDEES + PROJETS + REPONSES + CONSULTATIONS + VOTES
