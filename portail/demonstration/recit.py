"""The demonstration as a story: every event happens by the real step, at its own date, in the order of time."""

import io
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from commentaires.actions import commenter
from comptes.demonstration import DOMAINE, comptes
from comptes.models import Mandat, Role, Utilisateur
from idees import actions as actions_idees
from idees import fusion as fusions
from idees.horloge import battre
from idees.models import Boite, Idee
from notifications.annonces import rattraper
from portail.demonstration import (
    communautes,
    consultations,
    contenu,
    dessin,
    ecrits,
    mediation,
    panels,
    personnes,
    questions,
    votes,
)
from projets import actions as actions_projets
from projets import recits
from projets.horloge import ouvrir_et_fermer
from projets.models import Projet, Thematique
from reponses import actions as actions_reponses
from reponses.comptes_rendus import Fait
from reponses.models import Reponse, Service
from socle.fichiers import lire_document
from socle.images import reencoder
from territoires.models import Territoire
from timeline.etapes import franchir
from timeline.models import Relais
from timeline.signals import entree_consignee

FUSEAU = ZoneInfo(settings.TIME_ZONE)
#: Events older than this are told to nobody: a bell full of years would hide what is new.
NOUVEAU = timedelta(days=10)


class Recit:
    """Events gathered in any order by the `raconter_…` methods, then played in the order of time by `jouer`."""

    def __init__(self):
        self.maintenant = timezone.now()
        self._evenements: list[tuple[datetime, int, partial]] = []
        self.gens: dict[str, Utilisateur] = {}
        self.voisins: list[Utilisateur] = []
        self.services: dict[str, Service] = {}
        self._mot_de_passe = make_password(personnes.MOT_DE_PASSE)  # once: hashing is slow on purpose

    # --- time ------------------------------------------------------------------------------------------------------

    def le(self, moment: datetime, geste, *args, **kwargs) -> None:
        """Plan `geste(*args, **kwargs)`; what would still be in the future does not happen."""
        if moment < self.maintenant:
            self._evenements.append((moment, len(self._evenements), partial(geste, *args, **kwargs)))

    def jour(self, ecart: float, heure: int = 10) -> datetime:
        """A moment counted in days from today."""
        jour = timezone.localdate(self.maintenant) + timedelta(days=int(ecart))
        return datetime(jour.year, jour.month, jour.day, heure, 0, tzinfo=FUSEAU)

    def jouer(self) -> None:
        charniere = self.maintenant - NOUVEAU
        self.le(charniere, Relais.objects.all().delete)
        for moment, _rang, geste in sorted(self._evenements, key=lambda evenement: evenement[:2]):
            with time_machine.travel(moment, tick=False):
                geste()
        battre()
        rattraper(timedelta(0))

    # --- people and settings ---------------------------------------------------------------------------------------

    def installer(self) -> None:
        """People, themes, services: what has no date."""
        for role, (pseudonyme, adresse, roles) in personnes.COMPTES.items():
            self.gens[role] = self._personne(pseudonyme, adresse, roles)
        administratrice = self.gens["administratrice"]
        administratrice.is_staff = administratrice.is_superuser = True
        administratrice.save(update_fields=["is_staff", "is_superuser"])
        nom, intitule = personnes.MANDAT
        Mandat.objects.create(personne=self.gens["élue"], nom_officiel=nom, intitule=intitule, debut=date(2014, 4, 1))
        self.voisins = [self._personne(pseudonyme, adresse, []) for pseudonyme, adresse in personnes.voisins()]
        for nom, slug, icone in contenu.THEMATIQUES:
            Thematique.objects.update_or_create(slug=slug, defaults={"nom": nom, "icone": icone})
        self.services = {nom: Service.objects.get_or_create(nom=nom)[0] for nom in contenu.SERVICES}

    def _personne(self, pseudonyme, adresse, roles) -> Utilisateur:
        email = f"{adresse}@{DOMAINE}"
        personne = Utilisateur.objects.create(email=email, pseudonyme=pseudonyme, password=self._mot_de_passe)
        EmailAddress.objects.create(user=personne, email=email, verified=True, primary=True)
        for role in roles:
            Role.objects.create(personne=personne, role=role)
        return personne

    # --- projets ---------------------------------------------------------------------------------------------------

    def raconter_les_projets(self) -> None:
        longevite = [
            (titre, genre, self._minuit(debut), self._minuit(fin, 23, 59), ouvre, lieu)
            for titre, genre, debut, fin, ouvre, lieu in contenu.ETAPES_LONGEVITE
        ]
        self._projet("longevite", contenu.LONGEVITE, longevite, self._minuit((2018, 12, 3), 9), ["bien-vieillir"])
        for cle, fiche, etapes, annonce, themes in (
            ("rues", contenu.RUES_FRAICHES, contenu.ETAPES_RUES, -35, ["nature-et-climat"]),
            ("place", contenu.PLACE, contenu.ETAPES_PLACE, -70, ["vie-de-quartier"]),
            ("budget_passe", contenu.BUDGET_PASSE, contenu.ETAPES_BUDGET_PASSE, -390, ["vie-de-quartier"]),
            ("budget", contenu.BUDGET, contenu.ETAPES_BUDGET, -65, ["vie-de-quartier"]),
        ):
            datees = [(t, g, self.jour(d, 8), self.jour(f, 20), o, lieu) for t, g, d, f, o, lieu in etapes]
            self._projet(cle, fiche, datees, self.jour(annonce), themes)
        for titre, versions in contenu.DOCUMENTS_PLACE:
            for rang, (ecart, note, texte) in enumerate(versions):
                self.le(self.jour(ecart), self._deposer, titre, note, texte, premiere=rang == 0)
        for ecart, titre, texte in contenu.ACTUALITES_PLACE:
            self.le(self.jour(ecart, 9), self._informer, titre, texte)
        self.le(self._minuit((2019, 6, 3), 9), lambda: franchir(self.projet("longevite").analyser, par=self.agent))
        self.le(self._minuit((2019, 12, 13), 11), self._decider_longevite)
        self.le(self._minuit((2020, 2, 3), 9), lambda: franchir(self.projet("longevite").realiser, par=self.agent))
        self.le(self._minuit((2020, 9, 7), 9), self._accomplir, lambda: self.projet("longevite"))
        self.le(self._minuit((2020, 9, 21), 10), self._raconter, "longevite")

    def _minuit(self, jour, heure=0, minute=0) -> datetime:
        return datetime(*jour, heure, minute, tzinfo=FUSEAU)

    @property
    def agent(self) -> Utilisateur:
        return self.gens["agent"]

    def projet(self, cle) -> Projet:
        fiches = {
            "longevite": contenu.LONGEVITE,
            "rues": contenu.RUES_FRAICHES,
            "place": contenu.PLACE,
            "budget": contenu.BUDGET,
            "budget_passe": contenu.BUDGET_PASSE,
        }
        return Projet.objects.get(titre=fiches[cle]["titre"])

    def _projet(self, cle, fiche, etapes, annonce_le, themes) -> None:
        def preparer():
            projet = actions_projets.creer(
                par=self.agent,
                thematiques=Thematique.objects.filter(slug__in=themes),
                referente=self.agent,
                territoire=Territoire.objects.metropoles().first(),
                **fiche,
            )
            for titre, genre, debut, fin, ouvre, lieu in etapes:
                actions_projets.ajouter_etape(
                    projet,
                    par=self.agent,
                    titre=titre,
                    genre=genre,
                    ouvre_le=debut,
                    ferme_le=fin,
                    ouvre=ouvre,
                    lieu=lieu,
                    description="",
                )

        self.le(annonce_le - timedelta(days=3), preparer)
        self.le(annonce_le, lambda: franchir(self.projet(cle).annoncer, par=self.agent))
        for _titre, _genre, debut, fin, _ouvre, _lieu in etapes:
            self.le(debut, ouvrir_et_fermer)
            self.le(fin, ouvrir_et_fermer)

    def _deposer(self, titre, note, texte, *, premiere) -> None:
        projet = self.projet("place")
        depose = SimpleUploadedFile(f"{slugify(titre)}.pdf", dessin.pdf(texte), content_type="application/pdf")
        fichier = lire_document(depose, settings.DOCUMENT_MAX)
        if premiere:
            actions_projets.publier_document(projet, par=self.agent, titre=titre, fichier=fichier)
        else:
            actions_projets.publier_version(
                projet.documents.get(titre=titre), par=self.agent, fichier=fichier, note=note
            )

    def _informer(self, titre, texte) -> None:
        actions_projets.publier_actualite(self.projet("place"), par=self.agent, titre=titre, texte=texte)

    def _decider_longevite(self) -> None:
        reponse = {
            **contenu.REPONSE_LONGEVITE,
            "premiere_etape_le": date(*contenu.REPONSE_LONGEVITE["premiere_etape_le"]),
            "cout_le": date(*contenu.REPONSE_LONGEVITE["cout_le"]),
        }
        self._repondre(self.projet("longevite"), reponse, "Dialogue citoyen")

    # --- ideas -----------------------------------------------------------------------------------------------------

    def raconter_les_idees(self) -> None:
        self.le(self.jour(-420), self._ouvrir_boite, contenu.BOITE_LIBRE, "Dialogue citoyen", None)
        self.le(
            self._minuit((2019, 1, 14), 9),
            self._ouvrir_boite,
            contenu.BOITE_LONGEVITE,
            "Solidarités et âge",
            "longevite",
        )
        self.le(self.jour(-25), self._ouvrir_boite, contenu.BOITE_RUES, "Nature et jardins", "rues")
        for rang, idee in enumerate(contenu.IDEES_LIBRES):
            self._idee(rang, contenu.BOITE_LIBRE["slug"], *idee)
        for rang, idee in enumerate(contenu.IDEES_RUES, 40):
            self._idee(rang, contenu.BOITE_RUES["slug"], *idee)
        self.le(self.jour(-1, 21), self._garder_un_brouillon)
        for rang, (titre, texte, theme, lieu, destin, _jours, soutiens) in enumerate(contenu.IDEES_LONGEVITE, 60):
            ecart = (self._minuit((2019, 2, 10 + rang % 10)) - self.maintenant).days
            self._idee(rang, contenu.BOITE_LONGEVITE["slug"], titre, texte, theme, lieu, destin, -ecart, soutiens)

    def _ouvrir_boite(self, fiche, service, projet) -> None:
        etape = self.projet(projet).etapes.order_by("ouvre_le", "pk").first() if projet else None
        boite = Boite(
            **fiche, service=self.services[service], etape=etape, territoire=Territoire.objects.metropoles().first()
        )
        actions_idees.regler(boite, par=self.agent)

    def _idee(self, rang, boite, titre, texte, theme, lieu, destin, jours, soutiens) -> None:
        camille = self.gens["citoyenne"]
        auteur = camille if rang % 6 == 3 and destin != "refusee" else self.voisins[rang % len(self.voisins)]
        envoi = self.jour(-jours, 9 + rang % 9) if jours else self.maintenant - timedelta(minutes=40 + rang)
        publication = min(envoi + timedelta(hours=20), self.maintenant - timedelta(minutes=10))
        destin = destin.removesuffix("_2019")

        def idee():
            return Idee.objects.get(titre=titre)

        self.le(envoi, self._proposer, boite, auteur, titre, texte, theme, lieu, rang)
        if destin == "a_moderer":
            return
        moderatrice = self.gens["modératrice"]
        if destin == "refusee":
            raisons = {"motif": "publicite", "explication": contenu.REFUS}
            self.le(publication, lambda: franchir(idee().refuser, par=moderatrice, **raisons))
            return
        self.le(publication, lambda: franchir(idee().publier, par=moderatrice))
        duree = min(timedelta(days=18), self.maintenant - publication)
        for k in range(soutiens):
            voisin = camille if rang % 5 == 0 and k == 2 else self.voisins[(rang * 5 + k) % len(self.voisins)]
            if voisin != auteur:
                self.le(publication + duree * (k + 1) / (soutiens + 1), self._soutenir, idee, voisin)
        for k, (mots, position) in enumerate(contenu.COMMENTAIRES[: (rang * 7) % 5]):
            voisin = self.voisins[(rang * 3 + k + 1) % len(self.voisins)]
            self.le(publication + duree * (k + 1) / 8, self._commenter, idee, voisin, mots, position)
        self._destin(destin, idee, rang, publication + duree + timedelta(days=1), auteur)

    def _destin(self, destin, idee, rang, suite, auteur) -> None:
        """What becomes of a published idea, from the day `suite` on."""
        jours = timedelta(days=1)
        if destin == "retiree":
            self.le(
                suite - 2 * jours,
                lambda: franchir(
                    idee().retirer, par=auteur, motif="J’ai changé d’avis : je vais proposer autre chose."
                ),
            )
        elif destin == "fusionnee":
            self.le(self.jour(-6), self._proposer_de_reunir, idee, "Des places pour ranger les trottinettes")
            self.le(self.jour(-2), self._accepter_de_reunir, idee)
        elif destin in {"retenue", "retenue_conditions", "non_retenue", "en_realisation", "realisee", "a_signer"}:
            sens = {"non_retenue": "no_go", "retenue_conditions": "go_conditions"}.get(destin, "go")
            presque = destin == "a_signer"
            rendue = min(suite + 30 * jours, self.maintenant - timedelta(hours=5)) if presque else suite + 30 * jours
            self.le(rendue, self._repondre_a, idee, sens, rang, jusqu_a_la_signature=presque)
            if destin in {"en_realisation", "realisee"}:
                self.le(rendue + 15 * jours, lambda: franchir(idee().realiser, par=self.agent))
                self.le(rendue + 60 * jours, self._accomplir, idee)
            if destin == "realisee":
                self.le(rendue + 90 * jours, lambda: franchir(idee().achever, par=self.agent))

    def _proposer_de_reunir(self, idee, titre_de_la_cible) -> None:
        cible = Idee.objects.get(titre=titre_de_la_cible)
        fusions.proposer(idee(), cible, par=self.agent, motif=contenu.FUSION)

    def _accepter_de_reunir(self, idee) -> None:
        fusion = idee().fusions_sortantes.get()
        for autrice in {fusion.source.auteur, fusion.cible.auteur}:
            franchir(fusion.accepter, par=autrice)

    def _proposer(self, boite, auteur, titre, texte, theme, lieu, rang) -> None:
        territoire = Territoire.objects.get(nom=lieu, genre__in=["commune", "quartier"])
        idee = Idee(boite=Boite.objects.get(slug=boite), auteur=auteur)
        valeurs = {
            "titre": titre,
            "texte": texte,
            "thematique": Thematique.objects.get(slug=theme),
            "territoire": territoire,
            "latitude": round(territoire.centre_lat + (rang % 5 - 2) * 0.002, 5),
            "longitude": round(territoire.centre_lon + (rang % 7 - 3) * 0.002, 5),
        }
        texte_photo = "Dessin d’une rive de fleuve avec des arbres, fait pour la démonstration"
        photos = [(reencoder(dessin.photo(rang)), texte_photo)] if rang % 4 == 0 else []
        actions_idees.rediger(idee, par=auteur, valeurs=valeurs, photos=photos, envoyer=True)

    def _garder_un_brouillon(self) -> None:
        titre, texte, theme = contenu.BROUILLON
        idee = Idee(boite=Boite.objects.get(slug=contenu.BOITE_LIBRE["slug"]), auteur=self.gens["citoyenne"])
        valeurs = {"titre": titre, "texte": texte, "thematique": Thematique.objects.get(slug=theme)}
        actions_idees.rediger(idee, par=idee.auteur, valeurs=valeurs)

    def _soutenir(self, idee, voisin) -> None:
        if idee().soutien_ouvert():
            actions_idees.soutenir(idee(), par=voisin)

    def _commenter(self, idee, voisin, mots, position) -> None:
        if idee().discussion_ouverte():
            commenter(idee(), par=voisin, texte=mots, position=position)

    # --- answers ---------------------------------------------------------------------------------------------------

    def _repondre_a(self, idee, sens, rang, *, jusqu_a_la_signature) -> None:
        texte, motif, etape = contenu.REPONSES[sens]
        champs = {"sens": sens, "motif": motif, "texte": texte}
        if sens == "no_go":
            champs["alternative"] = contenu.ALTERNATIVES[rang % len(contenu.ALTERNATIVES)]
        else:
            champs |= {
                "premiere_etape": etape,
                "premiere_etape_le": timezone.localdate() + timedelta(days=120),
                "cout_estime": 3_000 + 700 * rang,
                "cout_justification": contenu.COUT,
                "cout_le": timezone.localdate(),
            }
        if sens == "go_conditions":
            champs["conditions"] = contenu.CONDITIONS
        self._repondre(idee(), champs, idee().boite.service.nom, jusqu_a_la_signature=jusqu_a_la_signature)

    def _repondre(self, cible, champs, service, *, jusqu_a_la_signature=False) -> None:
        """The whole chain of an answer, on one day."""
        reponse = actions_reponses.rediger(cible, par=self.agent, **champs)
        self.faire_signer(reponse, service, jusqu_a_la_signature=jusqu_a_la_signature)

    def faire_signer(self, reponse, service, *, jusqu_a_la_signature=False) -> None:
        """From its draft to its publication; or only until it waits for the signature."""
        elue = self.gens["élue"]
        franchir(
            reponse.consulter,
            par=self.agent,
            services=[self.services[service]],
            attendu_le=timezone.localdate() + timedelta(days=7),
        )
        for avis in reponse.avis.all():
            actions_reponses.rendre_avis(
                avis, par=self.agent, texte="Le service a étudié la demande. Il est d’accord avec la réponse proposée."
            )
        franchir(reponse.presenter, par=self.agent, signataire=elue)
        if not jusqu_a_la_signature:
            franchir(reponse.signer, par=elue)
            franchir(reponse.publier, par=self.agent)

    def _raconter(self, cle) -> None:
        """The story of a projet: a passage, then the entries that prove it."""
        projet = self.projet(cle)
        recit = recits.ouvrir(projet, par=self.agent)
        for texte, type_entree in contenu.RECIT:
            recits.ecrire(recit, par=self.agent, vu=recit.tour, texte=texte)
            recit.refresh_from_db()
            recits.citer(
                recit, par=self.agent, vu=recit.tour, entrees=recits.citables(projet).filter(type=type_entree)[:1]
            )
            recit.refresh_from_db()
        franchir(recit.publier, par=self.agent)

    def _accomplir(self, cible) -> None:
        for reponse in Reponse.objects.sur(cible()):
            for jalon in reponse.jalons.a_tenir():
                actions_reponses.accomplir_jalon(jalon, par=self.agent, fait=Fait(texte=contenu.ETAPE_FAITE))


@contextmanager
def en_silence():
    """No page to wake and no task to queue for what is being told of the past."""
    receveurs, entree_consignee.receivers = entree_consignee.receivers, []
    entree_consignee.sender_receivers_cache.clear()
    try:
        yield
    finally:
        entree_consignee.receivers = receveurs
        entree_consignee.sender_receivers_cache.clear()


def est_chargee() -> bool:
    return comptes().exists()


def charger() -> None:
    """Load the whole demonstration, or nothing."""
    with en_silence(), transaction.atomic():
        call_command("charger_territoires", stdout=io.StringIO())
        recit = Recit()
        recit.installer()
        recit.raconter_les_projets()
        recit.raconter_les_idees()
        consultations.raconter(recit)
        votes.raconter(recit)
        panels.raconter(recit)
        mediation.raconter(recit)
        communautes.raconter(recit)
        ecrits.raconter(recit)
        questions.raconter(recit)
        recit.jouer()
