"""People and things of the tests, each named by its part in the story. All invented."""

from datetime import timedelta
from functools import cache

import factory
from django.db import transaction
from django.utils import timezone

from comptes.models import Mandat, Role, Utilisateur
from idees.actions import lancer_l_horloge
from idees.fusion import proposer
from idees.indexation import indexer
from idees.models import Boite, Idee, Soutien
from notifications.abonnements import abonner
from projets.actions import publier_le_cadre
from projets.models import Etape, Projet, Thematique
from projets.models.projet import empreinte_du_cadre
from reponses.actions import accomplir_jalon, rendre_avis
from reponses.models import Reponse, Service
from socle.permissions import SYSTEME
from timeline.etapes import franchir
from timeline.journal import consigner

MOT_DE_PASSE = "une phrase assez longue"


class PersonneFabrique(factory.django.DjangoModelFactory):
    class Meta:
        model = Utilisateur
        skip_postgeneration_save = True

    pseudonyme = factory.Sequence(lambda n: f"Personne Fictive {n}")
    email = factory.Sequence(lambda n: f"personne{n}@exemple.fr")
    password = factory.django.Password(MOT_DE_PASSE)

    @factory.post_generation
    def roles(self, create, noms, **kwargs):
        for nom in noms or ():
            Role.objects.create(personne=self, role=nom)
            if nom == Role.Nom.ELUE:
                Mandat.objects.create(
                    personne=self,
                    nom_officiel=f"Élue Fictive {self.pk}",
                    intitule="Vice-présidente fictive au dialogue citoyen",
                    debut=timezone.localdate() - timedelta(days=100),
                )

    @factory.post_generation
    def verifiee(self, create, valeur, **kwargs):
        """A verified address, without which nobody signs in."""
        self.emailaddress_set.create(email=self.email, verified=True, primary=True)


class ThematiqueFabrique(factory.django.DjangoModelFactory):
    class Meta:
        model = Thematique

    nom = factory.Sequence(lambda n: f"Thème {n}")
    slug = factory.Sequence(lambda n: f"theme-{n}")


class ServiceFabrique(factory.django.DjangoModelFactory):
    class Meta:
        model = Service

    nom = factory.Sequence(lambda n: f"Service fictif {n}")


CADRE = {
    "perimetre": "La place, pas les rues autour.",
    "non_negociable": "Les arbres restent.",
    "decideur": "Le conseil municipal fictif.",
    "niveau": Projet.Niveau.CONCERTATION,
    "calendrier": "De mars à juin.",
    "modalite_reponse": "Une réponse écrite et signée.",
}


def sauter(objet, nom, vers, *, par, publique=True, dites=None, **colonnes):
    """What the transition `nom` writes, without asking whether it may be taken; `arriver` ends it, or several of them.

    `dites`: what the transition adds to the journal.
    """
    donnees = {"de": objet.etat, "vers": vers, **(dites or {})}
    objet.__dict__.update({"etat": vers, **colonnes})
    projet = objet.projet_du_journal()
    consigner(f"{objet.famille}.{nom}", cible=objet, projet=projet, par=par, publique=publique, donnees=donnees)


def arriver(objet, *colonnes):
    """Write where the jumps have led, and read it back."""
    type(objet)._base_manager.filter(pk=objet.pk).update(**{nom: objet.__dict__[nom] for nom in ("etat", *colonnes)})
    objet.refresh_from_db()


class ProjetFabrique(factory.django.DjangoModelFactory):
    """With its whole frame; `annonce=False` leaves it a draft, `ouvert=True` opens it."""

    class Meta:
        model = Projet
        skip_postgeneration_save = True

    titre = factory.Sequence(lambda n: f"Projet fictif {n}")
    slug = factory.Sequence(lambda n: f"projet-fictif-{n}")
    resume = "Un projet inventé pour les essais."
    perimetre = CADRE["perimetre"]
    non_negociable = CADRE["non_negociable"]
    decideur = CADRE["decideur"]
    niveau = CADRE["niveau"]
    calendrier = CADRE["calendrier"]
    modalite_reponse = CADRE["modalite_reponse"]
    referente = factory.SubFactory(PersonneFabrique, roles=["agent"])

    @factory.post_generation
    def annonce(self, create, voulue=True, **kwargs):
        if voulue is False:
            return
        if self.manques_du_cadre():
            franchir(self.annoncer, par=self.referente)  # which says so
        dites = {"cadre": 1, "empreinte": empreinte_du_cadre(self.cadre())}
        with transaction.atomic():
            sauter(self, "annoncer", "annonce", par=self.referente, dites=dites, annonce_le=timezone.now())
            arriver(self, "annonce_le")
            publier_le_cadre(self, par=self.referente)

    @factory.post_generation
    def ouvert(self, create, voulu=False, **kwargs):
        if voulu:
            with transaction.atomic():
                sauter(self, "ouvrir", "en_cours", par=SYSTEME)
                arriver(self)


class EtapeFabrique(factory.django.DjangoModelFactory):
    """Open now, unless dates say otherwise."""

    class Meta:
        model = Etape

    projet = factory.SubFactory(ProjetFabrique)
    titre = factory.Sequence(lambda n: f"Étape fictive {n}")
    genre = Etape.Genre.CONTRIBUTION
    ouvre_le = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    ferme_le = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    ouvre = factory.LazyFunction(lambda: ["proposer", "soutenir", "commenter"])


class BoiteFabrique(factory.django.DjangoModelFactory):
    class Meta:
        model = Boite

    titre = factory.Sequence(lambda n: f"Boîte fictive {n}")
    slug = factory.Sequence(lambda n: f"boite-fictive-{n}")
    description = "Toutes les idées inventées."
    service = factory.SubFactory(ServiceFabrique)
    seuil_soutiens = 3
    delai_reponse = 60


class IdeeFabrique(factory.django.DjangoModelFactory):
    """A draft, unless `etat` names how far the idea has come; it gets there by the one road."""

    class Meta:
        model = Idee
        skip_postgeneration_save = True

    boite = factory.SubFactory(BoiteFabrique)
    titre = factory.Sequence(lambda n: f"Idée fictive {n}")
    texte = "Une description assez longue pour être comprise."
    thematique = factory.SubFactory(ThematiqueFabrique)
    auteur = factory.SubFactory(PersonneFabrique)

    @classmethod
    def _create(cls, model_class, *args, etat="brouillon", **kwargs):
        idee = super()._create(model_class, *args, **kwargs)
        chemin = CHEMINS[etat]
        if chemin and idee.auteur_id and idee.boite.moderation == Boite.Moderation.AVANT:
            fait = next(
                nom for nom in ("en_etude", "publiee", "a_moderer") if CHEMINS[nom] == chemin[: len(CHEMINS[nom])]
            )
            une = _une_de_chaque_role()
            poser(idee, fait, une)
            _suivre(idee, chemin[len(CHEMINS[fait]) :], une)
        else:
            amener(idee, etat)
        return idee


def beaucoup_d_idees(nombre, **colonnes):
    """Published ideas written in bulk, around one that came by the one road. `colonnes`: functions of their rank."""
    modele = IdeeFabrique(etat="publiee")
    ecrites = []
    for n in range(nombre - 1):
        quand = timezone.now() - timedelta(minutes=n + 1)
        idee = Idee(
            boite=modele.boite, thematique=modele.thematique, auteur=modele.auteur, titre=f"Idée en nombre {n}", texte=modele.texte,
            soumise_le=quand, publiee_le=quand, seuil_soutiens=modele.seuil_soutiens, delai_reponse=modele.delai_reponse,
        )  # fmt: skip
        for nom, valeur in colonnes.items():
            setattr(idee, nom, valeur(n))
        idee.__dict__["etat"] = "publiee"
        ecrites.append(idee)
    Idee.objects.bulk_create(ecrites, batch_size=1000)
    return modele


class SoutienFabrique(factory.django.DjangoModelFactory):
    class Meta:
        model = Soutien

    idee = factory.SubFactory(IdeeFabrique)
    personne = factory.SubFactory(PersonneFabrique)


CHEMINS = {
    "brouillon": [],
    "a_moderer": ["soumettre"],
    "publiee": ["soumettre", "publier"],
    "en_etude": ["soumettre", "publier", "prendre"],
    "retenue": ["soumettre", "publier", "prendre", "go"],
    "non_retenue": ["soumettre", "publier", "prendre", "no_go"],
    "en_realisation": ["soumettre", "publier", "prendre", "go", "realiser"],
    "realisee": ["soumettre", "publier", "prendre", "go", "realiser", "achever"],
    "retiree": ["soumettre", "publier", "retirer"],
    "refusee": ["soumettre", "refuser"],
    "fusionnee": ["soumettre", "publier", "fusionner"],
}


def amener_depuis_publiee(idee, etat):
    """Bring a published idea further."""
    _suivre(idee, CHEMINS[etat][2:])


def amener_depuis_soumise(idee, etat):
    """Bring an idea that is already sent further."""
    _suivre(idee, CHEMINS[etat][1:])


def amener(idee, etat):
    """Bring a draft idea to a state by the real transitions, with people made for it."""
    _suivre(idee, CHEMINS[etat])


def _une_de_chaque_role():
    """One person of each role for a whole road, made if it needs one."""
    return cache(lambda role: PersonneFabrique(roles=[role]))


@transaction.atomic
def poser(idee, etat, une):
    """What the real transitions write on the way of a draft to this state; nothing is asked or checked.

    Most tests begin where an idea has come this far. `tests/socle/test_fabriques.py` compares each row with those of the road.
    """
    boite = idee.boite
    idee.projet = boite.projet
    colonnes = ["soumise_le", "projet_id"]
    sauter(idee, "soumettre", "soumise", par=idee.auteur, publique=False, soumise_le=timezone.now())
    abonner(idee.auteur, idee)
    sauter(idee, "mettre_en_file", "a_moderer", par=SYSTEME, publique=False)
    if etat != "a_moderer":
        regles = {"seuil_soutiens": boite.seuil_soutiens, "delai_reponse": boite.delai_reponse}
        sauter(idee, "publier", "publiee", par=une("moderatrice"), publiee_le=timezone.now(), **regles)
        colonnes += ["publiee_le", *regles]
    if etat == "en_etude":
        sauter(idee, "prendre", "en_etude", par=une("agent"))
        lancer_l_horloge(idee, par=une("agent"), service=boite.service)
    arriver(idee, *colonnes)
    if etat != "a_moderer":
        indexer(Idee.objects.filter(pk=idee.pk))


def _suivre(idee, chemin, une=None):
    une = une or _une_de_chaque_role()
    pas = {
        "soumettre": lambda: franchir(idee.soumettre, par=idee.auteur),
        "publier": lambda: idee.etat == "a_moderer" and franchir(idee.publier, par=une("moderatrice")),
        "prendre": lambda: franchir(idee.prendre, par=une("agent"), service=idee.boite.service),
        "go": lambda: publier_reponse(idee, sens="go", agent=une("agent")),
        "no_go": lambda: publier_reponse(idee, sens="no_go", agent=une("agent")),
        "realiser": lambda: franchir(idee.realiser, par=une("agent")),
        "achever": lambda: _tout_faire(idee, une("agent")),
        "retirer": lambda: franchir(idee.retirer, par=idee.auteur, motif="J’ai changé d’avis."),
        "refuser": lambda: franchir(
            idee.refuser, par=une("moderatrice"), motif="publicite", explication="C’est une publicité."
        ),
        "fusionner": lambda: reunir(idee, IdeeFabrique(boite=idee.boite, etat="publiee"), par=une("agent")),
    }
    for nom in chemin:
        pas[nom]()
        idee.refresh_from_db()


def reunir(source, cible, *, par=None):
    """One idea joins another, at once."""
    par = par or PersonneFabrique(roles=["agent"])
    return proposer(source, cible, par=par, motif="Elles demandent la même chose.", urgence="L’étude commence demain.")


def _tout_faire(idee, agent):
    for reponse in Reponse.objects.sur(idee):
        for jalon in reponse.jalons.all():
            accomplir_jalon(jalon, par=agent)
    franchir(idee.achever, par=agent)


def rediger_reponse(cible, *, sens="go", agent=None, **champs):
    """A complete draft."""
    contenu = {"motif": "interet_general", "texte": "Nous avons lu votre idée, voici notre réponse."}
    if sens == "no_go":
        contenu |= {"motif": "cout", "alternative": "Le marché couvert reste ouvert."}
    else:
        contenu |= {
            "premiere_etape": "Choisir les lieux",
            "premiere_etape_le": timezone.localdate() + timedelta(days=30),
        }
    if sens == "go_conditions":
        contenu["conditions"] = "Si les riverains sont d’accord."
    if champs.get("cout_estime") is not None:
        contenu |= {"cout_justification": "Un devis fictif.", "cout_le": timezone.localdate()}
    return Reponse.objects.create(cible=cible, sens=sens, redigee_par=agent, **{**contenu, **champs})


def publier_reponse(cible, *, sens="go", agent=None, elue=None, **champs):
    """The whole chain, from draft to publication."""
    agent = agent or PersonneFabrique(roles=["agent"])
    elue = elue or PersonneFabrique(roles=["elue"])
    reponse = rediger_reponse(cible, sens=sens, agent=agent, **champs)
    service = ServiceFabrique()
    franchir(reponse.consulter, par=agent, services=[service], attendu_le=timezone.localdate() + timedelta(days=10))
    for avis in reponse.avis.all():
        rendre_avis(avis, par=agent, texte="Avis favorable.")
    franchir(reponse.presenter, par=agent, signataire=elue)
    franchir(reponse.signer, par=elue)
    franchir(reponse.publier, par=agent)
    return reponse


def publier_en_masse(textes) -> list[Idee]:
    """Published ideas of one box, from pairs of title and text: written in bulk, then given their search cards."""
    boite, idees = BoiteFabrique(), []
    for titre, texte in textes:
        idee = Idee(boite=boite, titre=titre, texte=texte)
        idee.__dict__["etat"] = "publiee"
        idee.soumise_le = idee.publiee_le = idee.cree_le
        idee.seuil_soutiens, idee.delai_reponse = boite.seuil_soutiens, boite.delai_reponse
        idees.append(idee)
    idees = Idee.objects.bulk_create(idees, batch_size=500)
    indexer(Idee.objects.filter(boite=boite))
    return idees
