"""The written table: event × person → what she is told. Who is not in a row is told nothing.

Everywhere: the actor hears nothing of her own act (receipts excepted), a closed account nothing at all.
"""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from commentaires.actions import commenter
from comptes.models import Utilisateur
from idees import corrections
from idees.actions import ouvrir_un_projet
from idees.equipe import inviter, oublier
from idees.fusion import proposer
from idees.models import Boite, Idee
from idees.models.versions import CONTENU
from moderation.actions import masquer, retablir, signaler
from moderation.models import Motif
from notifications.abonnements import abonner
from notifications.models import Notification
from projets import recits
from projets.actions import publier_actualite
from projets.models import Projet
from reponses.actions import (
    accomplir_jalon,
    annoncer_un_retard,
    corriger,
    planifier_jalon,
    raconter_jalon,
    rendre_avis,
)
from reponses.actions import donner_des_nouvelles as nouvelles_d_une_realisation
from reponses.avis_demandes import demander_si_utiles
from reponses.comptes_rendus import Fait
from socle.permissions import SYSTEME
from tests.fabriques import (
    EtapeFabrique,
    ProjetFabrique,
    SoutienFabrique,
    ThematiqueFabrique,
    publier_reponse,
    rediger_reponse,
)
from tests.notifications.conftest import dire, taire
from timeline.etapes import franchir

AUJOURD_HUI = timezone.localdate
MOTIF = {"motif": Motif.PUBLICITE, "explication": "Ceci est une publicité."}


def nouvelle_idee(scene, titre="Une fontaine"):
    return idee_de(scene.auteur, scene, titre)


def idee_de(auteur, scene, titre):
    return Idee.objects.create(
        boite=scene.idee.boite,
        titre=titre,
        texte="Une description assez longue.",
        thematique=ThematiqueFabrique(),
        auteur=auteur,
    )


def soumettre(scene):
    franchir(nouvelle_idee(scene).soumettre, par=scene.auteur)


def soumettre_la_ou_l_on_publie_d_abord(scene):
    Boite.objects.update(moderation=Boite.Moderation.APRES)
    franchir(nouvelle_idee(scene).soumettre, par=scene.auteur)


def publier(scene):
    idee = nouvelle_idee(scene)
    franchir(idee.soumettre, par=scene.auteur)
    taire()
    franchir(idee.publier, par=scene.moderatrice)


def refuser(scene):
    idee = nouvelle_idee(scene)
    franchir(idee.soumettre, par=scene.auteur)
    taire()
    franchir(idee.refuser, par=scene.moderatrice, **MOTIF)


def prendre(scene):
    franchir(scene.idee.prendre, par=scene.agent, service=scene.service)


def atteindre_le_seuil(scene):
    SoutienFabrique.create_batch(2, idee=scene.idee, personne__is_active=False)
    franchir(scene.idee.atteindre_seuil, par=SYSTEME)


def a_l_etude(scene):
    prendre(scene)
    taire()


def consulter(scene):
    a_l_etude(scene)
    reponse = rediger_reponse(scene.idee, agent=scene.agent)
    franchir(reponse.consulter, par=scene.agent, services=[scene.service], attendu_le=AUJOURD_HUI())
    return reponse


def rendre_un_avis(scene):
    reponse = consulter(scene)
    taire()
    autre = Utilisateur.objects.get(pk=scene.etrangere.pk)
    autre.roles_globaux.create(role="agent")
    rendre_avis(reponse.avis.get(), par=autre, texte="Avis favorable.")


def presenter(scene):
    reponse = consulter(scene)
    rendre_avis(reponse.avis.get(), par=scene.agent, texte="Avis favorable.")
    taire()
    franchir(reponse.presenter, par=scene.agent, signataire=scene.elue)
    return reponse


def renvoyer(scene):
    reponse = presenter(scene)
    taire()
    franchir(reponse.renvoyer, par=scene.elue, retour="Expliquez le coût.")


def signer(scene):
    reponse = presenter(scene)
    taire()
    franchir(reponse.signer, par=scene.elue)
    return reponse


def publier_la_reponse(scene):
    reponse = signer(scene)
    taire()
    franchir(reponse.publier, par=scene.agent)
    return reponse


def publier_un_non(scene):
    a_l_etude(scene)
    publier_reponse(scene.idee, sens="no_go", agent=scene.agent, elue=scene.elue)


def corriger_la_reponse(scene):
    premiere = publier_la_reponse(scene)
    taire()
    suite = corriger(
        premiere,
        par=scene.agent,
        motif=premiere.motif,
        texte="Le texte précisé.",
        premiere_etape="Choisir les lieux",
        premiere_etape_le=AUJOURD_HUI() + timedelta(days=40),
    )
    franchir(suite.consulter, par=scene.agent, services=[scene.service], attendu_le=AUJOURD_HUI())
    rendre_avis(suite.avis.get(), par=scene.agent, texte="Avis favorable.")
    franchir(suite.presenter, par=scene.agent, signataire=scene.elue)
    franchir(suite.signer, par=scene.elue)
    taire()
    franchir(suite.publier, par=scene.agent)


def annoncer_un_jalon(scene):
    reponse = publier_la_reponse(scene)
    taire()
    dans_trois_mois = AUJOURD_HUI() + timedelta(days=90)
    return planifier_jalon(reponse, par=scene.agent, titre="Poser les bancs", prevu_le=dans_trois_mois)


def accomplir_un_jalon(scene):
    jalon = annoncer_un_jalon(scene)
    taire()
    accomplir_jalon(jalon, par=scene.agent)


def raconter_une_etape(scene):
    jalon = annoncer_un_jalon(scene)
    accomplir_jalon(jalon, par=scene.agent)
    taire()
    raconter_jalon(jalon, par=scene.agent, fait=Fait(texte="Trois bancs sont posés."))


def donner_une_nouvelle(scene):
    reponse = publier_la_reponse(scene)
    taire()
    nouvelles_d_une_realisation(reponse, par=scene.agent, titre="Le bois est livré", texte="Il est à l’atelier.")


def annoncer_un_retard_d_etape(scene):
    jalon = annoncer_un_jalon(scene)
    taire()
    plus_tard = AUJOURD_HUI() + timedelta(days=200)
    annoncer_un_retard(jalon, par=scene.agent, titre="Il pleut", texte="Le sol est mou.", attendue_le=plus_tard)


def lancer_la_realisation(scene):
    publier_la_reponse(scene)
    taire()
    scene.idee.refresh_from_db()
    franchir(scene.idee.realiser, par=scene.agent)


def achever(scene):
    lancer_la_realisation(scene)
    for reponse in scene.idee.reponses.all():
        for jalon in reponse.jalons.all():
            accomplir_jalon(jalon, par=scene.agent)
    taire()
    franchir(scene.idee.achever, par=scene.agent)


def retirer(scene):
    franchir(scene.idee.retirer, par=scene.auteur, motif="J’ai changé d’avis.")


def proposer_une_fusion(scene, par=None):
    autre = idee_de(scene.etrangere, scene, "Des sièges")
    franchir(autre.soumettre, par=scene.etrangere)
    franchir(autre.publier, par=scene.moderatrice)
    taire()
    return proposer(scene.idee, autre, par=par or scene.agent, motif="Elles demandent la même chose.")


def proposer_une_fusion_entre_auteurs(scene):
    proposer_une_fusion(scene, par=scene.etrangere)


def puis(nom, par, **arguments):
    """The next step of a merge whose proposal has been told."""

    def evenement(scene):
        fusion = proposer_une_fusion(scene)
        taire()
        franchir(getattr(fusion, nom), par=getattr(scene, par), **arguments)
        return fusion

    evenement.__name__ = f"{nom}_une_fusion"
    return evenement


accepter_une_fusion = puis("accepter", "etrangere")
refuser_une_fusion = puis("refuser", "etrangere")
abandonner_une_fusion = puis("abandonner", "agent")
imposer_une_fusion = puis("imposer", "agent", urgence="L’étude commence.")


def effectuer_une_fusion(scene):
    fusion = accepter_une_fusion(scene)
    taire()
    franchir(fusion.accepter, par=scene.auteur)


def demander_a_separer(scene):
    fusion = imposer_une_fusion(scene)
    taire()
    franchir(fusion.demander, par=scene.auteur, motif="Ce n’est plus la même idée.")


def defaire_une_fusion(scene):
    fusion = imposer_une_fusion(scene)
    taire()
    franchir(fusion.defaire, par=scene.agent, motif="Ce sont deux demandes.")


def cadre(scene, **champs):
    return {
        "titre": "Des bancs pour toutes et tous",
        "resume": "Un projet inventé.",
        "referente": scene.agent,
        "niveau": Projet.Niveau.CONCERTATION,
        **dict.fromkeys(("perimetre", "non_negociable", "decideur", "calendrier", "modalite_reponse"), "Écrit."),
        **champs,
    }


def ouvrir_un_projet_annonce(scene):
    publier_la_reponse(scene)
    taire()
    scene.idee.refresh_from_db()
    ouvrir_un_projet(scene.idee, par=scene.agent, cadre=cadre(scene))


def ouvrir_un_projet_brouillon(scene):
    publier_la_reponse(scene)
    taire()
    scene.idee.refresh_from_db()
    return ouvrir_un_projet(scene.idee, par=scene.agent, cadre=cadre(scene, perimetre=""))


def annoncer_le_brouillon(scene):
    projet = ouvrir_un_projet_brouillon(scene)
    taire()
    projet.perimetre = "La place."
    projet.save(update_fields=["perimetre"])
    franchir(projet.annoncer, par=scene.agent)


def projet_suivi(scene, **options):
    projet = ProjetFabrique(titre="La place fictive", referente=scene.agent, **options)
    for nom in ("abonnee", "fermee", "agent"):
        abonner(scene.personnes[nom], projet)
    taire()
    return projet


def ouvrir_le_projet_avec_sa_premiere_etape(scene):
    projet = projet_suivi(scene)
    etape = EtapeFabrique(projet=projet, titre="Donner son avis")
    franchir(etape.ouvrir, par=SYSTEME)
    franchir(projet.ouvrir, par=SYSTEME)


def analyser_le_projet(scene):
    projet = projet_suivi(scene, ouvert=True)
    franchir(projet.analyser, par=scene.agent)


def donner_des_nouvelles(scene):
    publier_actualite(projet_suivi(scene, ouvert=True), par=scene.agent, titre="Premiers retours", texte="Merci.")


def raconter_le_projet(scene):
    projet = projet_suivi(scene, ouvert=True)
    recit = recits.ouvrir(projet, par=scene.agent)
    recits.ecrire(recit, par=scene.agent, vu=recit.tour, texte="Au début, rien.")
    taire()
    recit.refresh_from_db()
    franchir(recit.publier, par=scene.agent)


def commenter_l_idee(scene):
    return commenter(scene.idee, par=scene.soutien, texte="Quelle bonne idée !")


def repondre_au_commentaire(scene):
    premier = commenter_l_idee(scene)
    taire()
    commenter(scene.idee, par=scene.abonnee, texte="Je trouve aussi.", parent=premier)


def se_commenter(scene):
    commenter(scene.idee, par=scene.auteur, texte="J’ajoute une précision.")


def signaler_avec_un_compte(scene):
    return signaler(scene.idee, par=scene.etrangere, motif=Motif.PUBLICITE)[0]


def signaler_sans_compte(scene):
    qui = {"par": AnonymousUser(), "nom": "Passante", "courriel": "passante@exemple.fr"}
    return signaler(scene.idee, motif=Motif.INJURE, **qui)[0]


def ecarter_le_signalement(scene):
    signalement = signaler_sans_compte(scene)
    taire()
    franchir(signalement.ecarter, par=scene.moderatrice)


def retenir_le_signalement(scene):
    signalement = signaler_avec_un_compte(scene)
    taire()
    franchir(signalement.retenir, par=scene.moderatrice, **MOTIF)


def masquer_l_idee(scene):
    masquer(scene.idee, par=scene.moderatrice, **MOTIF)


def retablir_l_idee(scene):
    masquer_l_idee(scene)
    taire()
    retablir(scene.idee, par=scene.moderatrice, explication="C’était une erreur.")


def corriger_l_idee(scene, par=None):
    valeurs = {champ: getattr(scene.idee, champ) for champ in CONTENU}
    idee = Idee.objects.get(pk=scene.idee.pk)
    corrections.corriger(
        idee, par=par or scene.auteur, valeurs={**valeurs, "texte": "Un autre texte."}, redaction=idee.redaction
    )


def corriger_avant_tout_soutien(scene):
    scene.idee.soutiens.all().delete()
    corriger_l_idee(scene)


def ecrire_a_deux(scene):
    franchir(inviter(scene.idee, par=scene.auteur, qui=scene.etrangere.email).accepter, par=scene.etrangere)
    taire()


def corriger_a_deux(scene):
    ecrire_a_deux(scene)
    corriger_l_idee(scene, par=scene.etrangere)


def inviter_par_pseudonyme(scene):
    return inviter(scene.idee, par=scene.auteur, qui="Étrangère Fictive")


def inviter_par_adresse(scene):
    return inviter(scene.idee, par=scene.auteur, qui="amie@exemple.fr")


def accepter_l_invitation(scene):
    place = inviter_par_pseudonyme(scene)
    taire()
    franchir(place.accepter, par=scene.etrangere)


def decliner_l_invitation(scene):
    place = inviter_par_pseudonyme(scene)
    taire()
    franchir(place.decliner, par=scene.etrangere)


def quitter_l_idee(scene):
    ecrire_a_deux(scene)
    franchir(scene.idee.equipe()[0].partir, par=scene.etrangere)


def ecarter_de_l_idee(scene):
    ecrire_a_deux(scene)
    franchir(scene.idee.equipe()[0].ecarter, par=scene.auteur)


def retirer_a_deux(scene):
    ecrire_a_deux(scene)
    franchir(scene.idee.retirer, par=scene.auteur, motif="J’ai changé d’avis.")


def leguer_l_idee(scene):
    ecrire_a_deux(scene)
    oublier(scene.auteur)


ETUDE = "À l’étude, réponse due le "
REPONSE = "La collectivité répond « Oui » : Des bancs à l’ombre"
REUNIES = {
    "auteur": "Deux idées n’en font plus qu’une : Des bancs",
    "etrangere": "Une autre idée rejoint la vôtre : Des sièges",
    "soutien": "Votre soutien continue avec une autre idée : Des bancs",
    "abonnee": "Deux idées n’en font plus qu’une : Des bancs",
}


#: event: {who (or an address): first words of her mail}; the bell rings for the same people, addresses apart.
def demander_si_elle_est_utile(scene):
    publier_la_reponse(scene)
    taire()
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert demander_si_utiles() == 1


TABLE = {
    soumettre: {"auteur": "Votre idée est bien reçue : Une fontaine", "moderatrice": "Du nouveau à relire"},
    soumettre_la_ou_l_on_publie_d_abord: {
        "auteur": "Votre idée est publiée : Une fontaine",
        "moderatrice": "Du nouveau à relire",
        "abonnee_boite": "Une nouvelle idée dans « Boîte fictive » : Une fontaine",
    },
    publier: {
        "auteur": "Votre idée est publiée : Une fontaine",
        "abonnee_boite": "Une nouvelle idée dans « Boîte fictive » : Une fontaine",
    },
    refuser: {"auteur": "Votre idée n’est pas publiée : Une fontaine"},
    prendre: {"auteur": ETUDE, "soutien": ETUDE, "abonnee": ETUDE, "parcs@exemple.fr": "À instruire avant le "},
    atteindre_le_seuil: {
        "auteur": ETUDE,
        "soutien": ETUDE,
        "abonnee": ETUDE,
        "agent": "À instruire avant le ",
        "parcs@exemple.fr": "À instruire avant le ",
    },
    consulter: {"parcs@exemple.fr": "Votre avis est attendu avant le "},
    rendre_un_avis: {"agent": "Un avis est arrivé au sujet de : Des bancs"},
    presenter: {"elue": "À signer, la réponse au sujet de : Des bancs"},
    renvoyer: {"agent": "À revoir, la réponse au sujet de : Des bancs"},
    signer: {"agent": "Signée, prête à publier"},
    publier_la_reponse: dict.fromkeys(("auteur", "soutien", "abonnee", "abonnee_boite"), REPONSE),
    demander_si_elle_est_utile: dict.fromkeys(("auteur", "soutien"), "Cette réponse vous est-elle utile ? Des bancs"),
    corriger_la_reponse: dict.fromkeys(("auteur", "soutien", "abonnee"), "La réponse est précisée : Des bancs"),
    annoncer_un_jalon: dict.fromkeys(("auteur", "abonnee"), "Une étape est annoncée : Des bancs"),
    accomplir_un_jalon: dict.fromkeys(("auteur", "abonnee"), "Une étape est faite : Des bancs"),
    raconter_une_etape: dict.fromkeys(("auteur", "soutien", "abonnee"), "Ce qui a été fait : Des bancs"),
    donner_une_nouvelle: dict.fromkeys(("auteur", "soutien", "abonnee"), "Des nouvelles de : Des bancs"),
    annoncer_un_retard_d_etape: dict.fromkeys(("auteur", "soutien", "abonnee"), "Une étape sera en retard : Des bancs"),
    lancer_la_realisation: dict.fromkeys(("auteur", "abonnee"), "La réalisation commence : Des bancs"),
    achever: dict.fromkeys(("auteur", "soutien", "abonnee"), "C’est réalisé, merci : Des bancs"),
    retirer: dict.fromkeys(("soutien", "abonnee"), "Une idée est retirée : Des bancs"),
    retirer_a_deux: dict.fromkeys(("etrangere", "soutien", "abonnee"), "Une idée est retirée : Des bancs"),
    corriger_avant_tout_soutien: {"moderatrice": "Du nouveau à relire"},
    corriger_l_idee: {
        **dict.fromkeys(("soutien", "abonnee"), "Une idée que vous soutenez ou suivez a changé : Des bancs"),
        "moderatrice": "Du nouveau à relire",
    },
    corriger_a_deux: {
        "auteur": "Votre idée a été modifiée : Des bancs",
        **dict.fromkeys(("soutien", "abonnee"), "Une idée que vous soutenez ou suivez a changé : Des bancs"),
        "moderatrice": "Du nouveau à relire",
    },
    inviter_par_pseudonyme: {"etrangere": "Camille Exemple vous invite à écrire une idée : Des bancs"},
    inviter_par_adresse: {"amie@exemple.fr": "Camille Exemple vous invite à écrire une idée : Des bancs"},
    accepter_l_invitation: {"auteur": "Étrangère Fictive écrit maintenant avec vous : Des bancs"},
    decliner_l_invitation: {"auteur": "Une invitation est déclinée : Des bancs"},
    quitter_l_idee: {"auteur": "Étrangère Fictive n’écrit plus avec vous : Des bancs"},
    ecarter_de_l_idee: {"etrangere": "Vous n’êtes plus co-auteur : Des bancs"},
    leguer_l_idee: {"etrangere": "Une idée est maintenant la vôtre : Des bancs"},
    proposer_une_fusion: dict.fromkeys(("auteur", "etrangere"), "On propose de réunir votre idée : Des bancs"),
    proposer_une_fusion_entre_auteurs: {"auteur": "On propose de réunir votre idée : Des bancs"},
    accepter_une_fusion: dict.fromkeys(("auteur", "agent"), "Un accord pour réunir deux idées : Des bancs"),
    refuser_une_fusion: dict.fromkeys(("auteur", "agent"), "Les deux idées ne sont pas réunies : Des bancs"),
    abandonner_une_fusion: dict.fromkeys(("auteur", "etrangere"), "La proposition est abandonnée : Des bancs"),
    imposer_une_fusion: REUNIES,
    effectuer_une_fusion: REUNIES,
    demander_a_separer: dict.fromkeys(("etrangere", "agent"), "On demande à séparer deux idées : Des bancs"),
    defaire_une_fusion: dict.fromkeys(
        ("auteur", "etrangere", "soutien", "abonnee"), "Deux idées sont séparées : Des bancs"
    ),
    ouvrir_un_projet_annonce: dict.fromkeys(("auteur", "soutien", "abonnee"), "Un projet naît de l’idée : Des bancs"),
    ouvrir_un_projet_brouillon: dict.fromkeys(("auteur", "soutien", "abonnee"), "Un projet naît de l’idée : Des bancs"),
    annoncer_le_brouillon: dict.fromkeys(
        ("auteur", "abonnee"), "Un projet est annoncé : Des bancs pour toutes et tous"
    ),
    ouvrir_le_projet_avec_sa_premiere_etape: dict.fromkeys(("abonnee", "agent"), "« Donner son avis » commence : La"),
    analyser_le_projet: {"abonnee": "Le projet avance, il est maintenant « En analyse » : La place"},
    donner_des_nouvelles: {"abonnee": "Des nouvelles du projet « La place fictive » : Premiers retours"},
    raconter_le_projet: {"abonnee": "Le récit du projet « La place fictive » : La place fictive"},
    commenter_l_idee: {"auteur": "Un commentaire sur : Des bancs"},
    repondre_au_commentaire: {
        "soutien": "Une réponse à votre commentaire sur : Des bancs",
        "auteur": "Un commentaire sur : Des bancs",
    },
    se_commenter: {},
    signaler_avec_un_compte: {"etrangere": "Votre signalement est bien reçu", "moderatrice": "Du nouveau à relire"},
    signaler_sans_compte: {
        "passante@exemple.fr": "Votre signalement est bien reçu",
        "moderatrice": "Du nouveau à relire",
    },
    ecarter_le_signalement: {"passante@exemple.fr": "Votre signalement a été examiné"},
    retenir_le_signalement: {
        "etrangere": "Votre signalement a été examiné",
        "auteur": "Ce que vous avez écrit n’est plus visible : Des bancs",
    },
    masquer_l_idee: {"auteur": "Ce que vous avez écrit n’est plus visible : Des bancs"},
    retablir_l_idee: {"auteur": "Ce que vous avez écrit est de nouveau visible : Des bancs"},
}


@pytest.mark.parametrize("evenement", TABLE, ids=lambda evenement: evenement.__name__)
def test_qui_recoit_quoi(scene, evenement):
    evenement(scene)
    dire()

    attendus = TABLE[evenement]
    recus = scene.courriels()
    assert recus.keys() == attendus.keys()
    for qui, debut in attendus.items():
        assert len(recus[qui]) == 1, f"one mail an event: {recus[qui]}"
        assert recus[qui][0].startswith(debut)
    assert scene.cloche() == {qui for qui in attendus if "@" not in qui}


@pytest.mark.parametrize("evenement", TABLE, ids=lambda evenement: evenement.__name__)
def test_un_compte_ferme_ne_recoit_rien(scene, evenement):
    """Closed between the event and its telling: nobody is left to read it, not even a receipt."""
    evenement(scene)
    Utilisateur.objects.update(is_active=False)
    dire()

    assert not Notification.objects.exists()
    assert all("@" in qui for qui in scene.courriels())


def test_la_cloche_sonne_aussi_pour_ce_qui_n_a_pas_de_courriel(scene):
    """A projet announced and opened from an idea at once: one mail says both, the chronology's two lines are there."""
    ouvrir_un_projet_annonce(scene)
    dire()

    types = set(Notification.objects.filter(personne=scene.auteur).values_list("entree__type", flat=True))
    assert types == {"idees.ouvrir_un_projet", "projets.annoncer"}
