"""Communities full of invented words that exist nowhere else: whoever reads one of them has read the inside.

Built once a module, taken back at its end: a test reads it, or writes in a transaction of its own.
"""

from datetime import timedelta
from types import SimpleNamespace

from django.test import Client
from django.utils import timezone

from commentaires import actions as discussions
from communautes import actions, documents, forum
from communautes.models import Adhesion, Appel, Communaute
from communautes.panels import contenus
from tests.communautes.ecrits import ecrire_ensemble, reecrire, signer
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir
from tests.communautes.fabriques_forum import pdf, un_fichier, un_sondage, un_sujet, un_texte, une_reponse, voter
from tests.communautes.fabriques_panels import fonder_un_panel
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique
from timeline.etapes import franchir
from timeline.models import Entree

A, E, R = Communaute.Acces, Adhesion.Etat, Adhesion.Role
#: Roles of the house: none of them opens an inside.
DE_LA_MAISON = ("agent", "moderatrice", "mediatrice", "elue", "administratrice")
DEDANS = ("membre", "animatrice", "referente", "experte")
#: Those who are not in, as far as this community goes.
DEHORS = ("visiteur", "etrangere", "ailleurs", "demandee", "invitee", "refusee", "partie", "exclue", *DE_LA_MAISON)
PERSONNAGES = (*DEHORS, *DEDANS)
#: More people than anything else is counted in this world.
FOULE = 37


class Lieu:
    """One community and one of everything in it; `mot(rang)` is written there and nowhere else."""

    def __init__(self, nom: str, acces=A.SUR_DEMANDE, /, **contenu):
        self.nom, self.mots = nom, {}
        if acces == A.SUR_INVITATION:  # nothing of it is known outside: not even what its front page says
            # Whoever leads it names it to those whom she invites or excludes: these words are hers to read.
            self.facade = [f"zqxf{nom}{rang}" for rang in ("nom", "resume", "description", "charte")]
            contenu |= dict(zip(("nom", "resume", "description", "charte"), self.facade, strict=True))
        else:
            self.facade = []
        self.communaute = ouvrir(acces, **contenu)

    def mot(self, rang: str) -> str:
        """Of what those who are in read."""
        return self.mots.setdefault(rang, f"zqx{self.nom}{rang}")

    def peupler(self, foule=0) -> "Lieu":
        communaute = self.communaute
        self.gens = {
            "membre": adherer(communaute),
            "experte": adherer(communaute, role=R.EXPERTE),
            "animatrice": animatrice_de(communaute),
            "referente": communaute.adhesions.get(role=R.REFERENTE).personne,
            "partie": adherer(communaute, etat=E.QUITTEE),
            "exclue": adherer(communaute, etat=E.EXCLUE),
        }
        if communaute.acces == A.SUR_DEMANDE:
            self.gens |= {
                "demandee": adherer(communaute, etat=E.DEMANDEE),
                "refusee": adherer(communaute, etat=E.REFUSEE),
            }
        self.gens["invitee"] = PersonneFabrique()
        actions.inviter(communaute, par=self.gens["animatrice"], pseudonyme=self.gens["invitee"].pseudonyme)
        self._secrets()
        Adhesion.objects.bulk_create(
            Adhesion(communaute=communaute, personne=personne, etat=E.ACCEPTEE)
            for personne in PersonneFabrique.create_batch(foule)
        )
        communaute.oublier_les_adhesions_lues()
        return self

    def _secrets(self) -> None:
        """What was said about a place is for those who lead, and whoever is concerned."""
        self.prives = {rang: f"zqxp{self.nom}{rang}" for rang in ("message", "motif", "appel")}
        demandees = self.communaute.adhesions.filter(etat=E.DEMANDEE)
        demandees.update(message=self.prives["message"])
        self.communaute.adhesions.filter(etat=E.EXCLUE).update(motif=self.prives["motif"])
        sienne = self.communaute.adhesions.get(etat=E.EXCLUE)
        self.appel: Appel = actions.faire_appel(sienne, par=sienne.personne, texte=self.prives["appel"])

    def remplir(self) -> "Lieu":
        communaute, membre = self.communaute, self.gens["membre"]
        self.sujet = un_sujet(communaute, membre, titre=self.mot("ancien"), texte=self.mot("texte"), avec_photo=True)
        self.sujet.photo_alternative = self.mot("photo")
        self.sujet.save()
        forum.corriger(self.sujet, par=membre, titre=self.mot("sujet"), texte=self.mot("texte"), vu=0)
        self.sujet.refresh_from_db()
        nommee = self.gens["experte"]
        self.commentaire = une_reponse(self.sujet, membre, f"{self.mot('dit')} @{nommee.pseudonyme}")
        self.citation = une_reponse(self.sujet, nommee, self.mot("citation"), cite=self.commentaire)
        discussions.corriger(
            self.citation, par=nommee, texte=self.mot("corrige"), position=self.citation.position, vu=0
        )
        discussions.approuver(self.commentaire, par=nommee)
        self.sondage = un_sondage(
            communaute, membre, question=self.mot("question"), options=[self.mot("oui"), self.mot("non")]
        )
        voter(self.sondage, membre, 0)
        self.texte = un_texte(communaute, membre, titre=self.mot("document"), texte=self.mot("page"))
        documents.verser(self.texte.document, par=membre, vu=1, note=self.mot("note"), texte=self.mot("suite"))
        self.fichier = un_fichier(
            communaute, membre, titre=self.mot("fichier"), fichier=pdf(self.mot("octets").encode())
        )
        self.ebauche = ecrire_ensemble(communaute, par=membre, titre=self.mot("ebauche"), texte=self.mot("premier"))
        reecrire(self.ebauche, par=membre, texte=self.mot("second"))
        signer(self.ebauche, membre)
        return self


def le_panel() -> Lieu:
    """Its mandate is for all to read, and its minutes once they are published."""
    lieu = Lieu.__new__(Lieu)
    lieu.nom, lieu.mots, lieu.facade, lieu.prives = "tirage", {}, [], {}
    lieu.panel = fonder_un_panel()
    lieu.communaute = lieu.panel.communaute
    referente = lieu.communaute.adhesions.get(role=R.REFERENTE).personne
    membre = PersonneFabrique()
    Adhesion.objects.create(communaute=lieu.communaute, personne=membre, etat=E.ACCEPTEE)
    animatrice = PersonneFabrique()
    Adhesion.objects.create(communaute=lieu.communaute, personne=animatrice, etat=E.ACCEPTEE, role=R.ANIMATRICE)
    lieu.gens = {"membre": membre, "referente": referente, "animatrice": animatrice}
    for role, etat in (("experte", E.ACCEPTEE), ("partie", E.QUITTEE), ("invitee", E.INVITEE)):
        lieu.gens[role] = PersonneFabrique()
        place = R.EXPERTE if role == "experte" else R.MEMBRE
        Adhesion.objects.create(communaute=lieu.communaute, personne=lieu.gens[role], etat=etat, role=place)
    lieu.gens["exclue"] = PersonneFabrique()
    Adhesion.objects.create(
        communaute=lieu.communaute, personne=lieu.gens["exclue"], etat=E.EXCLUE, motif="Invectives."
    )
    lieu.communaute.oublier_les_adhesions_lues()
    lieu.remplir()
    lieu.compte_rendu = contenus.ecrire_un_compte_rendu(
        lieu.panel, par=referente, titre=lieu.mot("seance"), seance_le=timezone.localdate() - timedelta(days=1),
        texte=lieu.mot("debats"),
    )  # fmt: skip
    return lieu


def construire() -> SimpleNamespace:
    """{publique, sur_demande, sur_invitation, tirage}, what they are attached to, and people who are in none of them."""
    monde = SimpleNamespace(projet=ProjetFabrique(slug="projet-des-communautes", ouvert=True))
    monde.idee = IdeeFabrique(boite=BoiteFabrique(), etat="publiee")
    monde.publique = Lieu("publique", A.PUBLIQUE).peupler().remplir()
    monde.sur_demande = Lieu("demande", A.SUR_DEMANDE, projet=monde.projet).peupler(FOULE).remplir()
    monde.sur_invitation = Lieu("invitation", A.SUR_INVITATION, projet=monde.projet).peupler(FOULE).remplir()
    monde.tirage = le_panel()
    monde.lieux = {nom: getattr(monde, nom) for nom in ("publique", "sur_demande", "sur_invitation", "tirage")}
    monde.fermes = [monde.sur_demande, monde.sur_invitation, monde.tirage]
    monde.gens = {
        "visiteur": None,
        "etrangere": PersonneFabrique(),
        "ailleurs": adherer(ouvrir(A.SUR_DEMANDE)),
        **{role: PersonneFabrique(roles=[role]) for role in DE_LA_MAISON[:-1]},
        "administratrice": PersonneFabrique(roles=["administratrice"], is_staff=True, is_superuser=True),
    }
    return monde


def qui(monde, lieu: Lieu, personnage: str):
    """The account, None for a visitor; KeyError where nobody stands so (nobody asks to enter where one is invited)."""
    return monde.gens[personnage] if personnage in monde.gens else lieu.gens[personnage]


def existe(monde, lieu: Lieu, personnage: str) -> bool:
    return personnage in monde.gens or personnage in lieu.gens


def client_de(personne) -> Client:
    client = Client()
    if personne is not None:
        client.force_login(personne)
    return client


def fermer(reponse) -> None:
    """Its file, if it has one. Not `close()`: that ends the request, and its connection with it."""
    for fin in reponse._resource_closers:
        fin()


def octets(reponse) -> bytes:
    """All that was answered, headers included; a file is read to its end."""
    corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    fermer(reponse)
    return corps + "\n".join(f"{nom}: {valeur}" for nom, valeur in reponse.items()).encode()


def entrees_de(lieu: Lieu):
    return Entree.objects.filter(communaute=lieu.communaute).order_by("pk")


def exclure(lieu: Lieu, personne) -> None:
    franchir(lieu.communaute.adhesions.get(personne=personne).exclure, par=lieu.gens["animatrice"], motif="Invectives.")
    lieu.communaute.oublier_les_adhesions_lues()


def noms_des_adresses(lieu: Lieu) -> list[str]:
    """Where its inside is read."""
    racine = lieu.communaute.get_absolute_url()
    document, fichier = lieu.texte.document_id, lieu.fichier.document_id
    entree = entrees_de(lieu).filter(type="communautes.sujet.ouvrir").get()
    return [
        *(f"{racine}{section}/" for section in ("forum", "sondages", "documents", "ecrits", "journal")),
        f"{racine}journal/atom.xml",
        f"{racine}forum/?q=zqx{lieu.nom}",
        f"{racine}forum/{lieu.sujet.pk}/",
        f"{racine}forum/{lieu.sujet.pk}/versions/",
        f"{racine}forum/{lieu.sujet.pk}/photo/grande/",
        f"{racine}sondages/{lieu.sondage.pk}/",
        f"{racine}documents/{document}/",
        f"{racine}documents/{document}/versions/1/",
        f"{racine}documents/{fichier}/versions/1/fichier/",
        f"{racine}ecrits/{lieu.ebauche.pk}/versions/1/",
        f"/commentaires/communautes.sujet/{lieu.sujet.pk}/",
        f"/commentaires/{lieu.citation.pk}/versions/",
        f"/api/v1/commentaires/{lieu.commentaire.pk}/",
        entree.get_absolute_url(),
        f"/chronologie/registre/{entree.chaine.cle}.jsonl",
    ]
