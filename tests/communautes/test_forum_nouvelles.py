"""Who is told what happens in the forum; what one takes away, and what is forgotten."""

import json
from html import unescape

import pytest

from communautes import documents, forum
from communautes.models import Communaute, Sujet, VersionDocument, Voix
from communautes.sondages import resultats
from comptes.effacement import effacer
from moderation.actions import masquer, signaler
from notifications.abonnements import abonner
from notifications.models import Courriel, Notification
from socle.permissions import SYSTEME
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir, referente_de
from tests.communautes.fabriques_forum import un_fichier, un_sondage, un_sujet, un_texte, une_reponse, voter
from tests.fabriques import PersonneFabrique
from tests.notifications.conftest import dire, taire
from tests.portail.test_mes_donnees import archive
from timeline.etapes import franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db
A = Communaute.Acces


@pytest.fixture
def communaute():
    return ouvrir(A.SUR_DEMANDE, nom="Les jardins")


@pytest.fixture
def membre(communaute):
    return adherer(communaute, PersonneFabrique(pseudonyme="Membre Fictive"))


@pytest.fixture
def lectrice(communaute):
    return adherer(communaute)


def courriels(personne) -> list[str]:
    return list(Courriel.objects.filter(personne=personne).order_by("pk").values_list("objet", flat=True))


def prevenues() -> set[int]:
    return set(Notification.objects.values_list("personne", flat=True))


@pytest.mark.parametrize("quoi", ["sujet", "sondage", "fin", "document", "version"])
def test_les_membres_sont_prevenus_et_personne_d_autre(communaute, membre, lectrice, quoi):
    partie = adherer(communaute)
    texte, sondage = un_texte(communaute, membre).document, un_sondage(communaute, membre)
    franchir(communaute.adhesions.get(personne=partie).quitter, par=partie)
    abonner(partie, communaute)  # a line that nothing would have taken away
    taire()
    {
        "sujet": lambda: un_sujet(communaute, membre, titre="Une rampe"),
        "sondage": lambda: un_sondage(communaute, membre, question="Une rampe"),
        "fin": lambda: franchir(sondage.clore, par=SYSTEME),
        "document": lambda: un_texte(communaute, membre, titre="Une rampe"),
        "version": lambda: documents.verser(texte, par=membre, vu=1, note="Mieux", texte="Une rampe."),
    }[quoi]()
    dire()
    attendues = {lectrice.pk, animatrice_de(communaute).pk, referente_de(communaute).pk}
    assert prevenues() == attendues | ({membre.pk} if quoi == "fin" else set())
    (lettre,) = Courriel.objects.filter(personne=lectrice)
    assert lettre.objet == "Du nouveau dans la communauté « Les jardins »"
    assert "Une rampe" in lettre.texte or quoi in {"fin", "version"}
    assert lettre.entetes["List-Unsubscribe"]


def test_un_courriel_par_heure_et_par_communaute(communaute, membre, lectrice):
    taire()
    un_sujet(communaute, membre)
    un_sondage(communaute, membre)
    un_texte(communaute, membre)
    dire()
    assert len(courriels(lectrice)) == 1 and Notification.objects.filter(personne=lectrice).count() == 3


def test_les_mots_masques_ne_partent_pas_dans_les_courriels(communaute, membre, lectrice):
    taire()
    sujet = un_sujet(communaute, membre, titre="canari")
    signaler(sujet, par=lectrice, motif="injure")
    masquer(sujet, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Non.")
    dire()
    lettre = Courriel.objects.filter(personne=animatrice_de(communaute)).first()
    assert "canari" not in lettre.texte + lettre.objet + lettre.html and "contenu masqué" in lettre.texte


def test_une_reponse_previent_l_autrice_la_personne_nommee_et_qui_suit(communaute, membre, lectrice):
    sujet = un_sujet(communaute, membre, titre="Une rampe")
    suit = adherer(communaute)
    une_reponse(sujet, suit)
    taire()
    une_reponse(sujet, adherer(communaute), texte=f"Demandons à @{lectrice.pseudonyme} !")
    dire()
    objets = {p.pk: courriels(p) for p in (membre, lectrice, suit)}
    assert [len(lettres) for lettres in objets.values()] == [1, 1, 1]
    assert objets[suit.pk] == ["Une réponse au sujet : Une rampe"] and objets[lectrice.pk] != objets[suit.pk]
    une_reponse(sujet, lectrice)
    dire()
    assert len(courriels(suit)) == 1, "one an hour for each thread"


def test_le_premier_message_nomme_aussi(communaute, membre, lectrice):
    """In the words of those who are called, once, and whoever follows the community is not told twice."""
    nommee, ajoutee = (
        adherer(communaute, PersonneFabrique(pseudonyme=nom)) for nom in ("Camille Exemple", "Noé Inventé")
    )
    taire()
    sujet = un_sujet(communaute, membre, titre="Une rampe", texte="Demandons à @Camille Exemple et @Membre Fictive.")
    dire()
    assert courriels(nommee) == ["On vous a nommé dans le sujet : Une rampe"]
    assert courriels(lectrice) == ["Du nouveau dans la communauté « Les jardins »"] and courriels(membre) == []
    mieux = "Demandons à @Camille Exemple, et à **@Noé Inventé**."
    forum.corriger(sujet, par=membre, titre="Une rampe", texte=mieux, vu=0)
    forum.corriger(sujet, par=membre, titre="Une rampe", texte=f"{mieux} Vite.", vu=1)
    dire()
    assert len(courriels(nommee)) == 1 and courriels(ajoutee)[1:] == ["On vous a nommé dans le sujet : Une rampe"]
    assert not Notification.objects.filter(personne=nommee, entree__type="communautes.sujet.corriger").exists()
    assert Notification.objects.filter(personne=ajoutee, entree__type="communautes.sujet.corriger").count() == 1


def test_chaque_version_annonce_les_noms_qu_elle_ajoutait(communaute, membre):
    """Told late, once the words have changed: a name taken away meanwhile was called all the same."""
    nommee = adherer(communaute, PersonneFabrique(pseudonyme="Camille Exemple"))
    taire()
    sujet = un_sujet(communaute, membre, texte="Pour @Camille Exemple.")
    forum.corriger(sujet, par=membre, titre=sujet.titre, texte="Pour personne.", vu=0)
    forum.corriger(sujet, par=membre, titre=sujet.titre, texte="Pour @Camille Exemple ?", vu=1)
    dire()
    assert [lettre.startswith("On vous a nommé") for lettre in courriels(nommee)] == [True]
    effacer(membre)
    assert list(forum.nommees(Sujet.objects.get(pk=sujet.pk)).values()) == ["Camille Exemple"]


def test_la_cloche_dit_dans_quel_sujet_on_a_repondu(client, communaute, membre, django_assert_max_num_queries):
    """With its link, for those who are in; when moderation hides the thread, without its words."""
    titres = [f"Une rampe {rang}" for rang in range(4)]
    sujets = [un_sujet(communaute, membre, titre=titre) for titre in titres]
    taire()
    reponses = [une_reponse(sujet) for sujet in sujets]
    officielle = une_reponse(sujets[0], adherer(communaute, PersonneFabrique(roles=["agent"])), officielle=True)
    dire()
    client.force_login(membre)
    page = unescape(client.get("/notifications/").content.decode())
    for sujet, reponse in zip(sujets, reponses, strict=True):
        attendue = f'<a href="{reponse.get_absolute_url()}">Un commentaire</a> est publié sur «\xa0<a href="{sujet.get_absolute_url()}">'
        assert f"{attendue}{sujet.titre}</a>\xa0»." in page
    assert f'{titres[0]}</a>\xa0» : <a href="{officielle.get_absolute_url()}">commentaire officiel</a>.' in page
    with django_assert_max_num_queries(3):
        montrees = list(Entree.objects.filter(type="commentaires.publier").pour_affichage())
    with django_assert_max_num_queries(0):
        assert all("Une rampe" in entree.phrase for entree in montrees)
    signaler(sujets[0], par=adherer(communaute), motif="injure")
    masquer(sujets[0], par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Non.")
    phrases = [entree.phrase for entree in Entree.objects.filter(type="commentaires.publier").order_by("pk")]
    assert titres[0] not in phrases[0] + phrases[-1] and f"(sujet du forum n° {sujets[0].pk})" in phrases[0]
    assert titres[1] in phrases[1]


def test_un_sujet_masque_entre_temps_ne_previent_pas_la_personne_nommee(communaute, membre, lectrice):
    nommee = adherer(communaute, PersonneFabrique(pseudonyme="Camille Exemple"))
    taire()
    sujet = un_sujet(communaute, membre, titre="canari", texte="Voyons, @Camille Exemple !")
    signaler(sujet, par=lectrice, motif="injure")
    masquer(sujet, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Non.")
    dire()
    assert not any(lettre.startswith("On vous a nommé") for lettre in courriels(nommee))


def test_ce_qu_on_decide_de_ses_mots_est_dit_a_la_personne(communaute, membre):
    sujet, document = un_sujet(communaute, membre, titre="Une rampe"), un_fichier(communaute, membre).document
    taire()
    franchir(sujet.fermer, par=animatrice_de(communaute))
    franchir(document.retirer, par=animatrice_de(communaute), motif="Plan périmé.")
    dire()
    assert courriels(membre) == ["Votre sujet est fermé : Une rampe", f"Votre document est retiré : {document.titre}"]
    assert "Plan périmé." in Courriel.objects.filter(personne=membre).order_by("pk").last().texte
    assert prevenues() == {membre.pk}


def test_la_chaine_de_la_communaute_reste_juste(communaute, membre):
    sujet = un_sujet(communaute, membre)
    forum.corriger(sujet, par=membre, titre="Autre", texte="Autre", vu=0)
    forum.epingler(sujet, par=animatrice_de(communaute))
    forum.epingler(sujet, par=animatrice_de(communaute), oui=False)
    franchir(sujet.fermer, par=membre)
    franchir(sujet.rouvrir, par=animatrice_de(communaute))
    voter(un_sondage(communaute, membre), membre, 0)
    assert verifier()[1] is None
    siennes = Entree.objects.filter(communaute=communaute)
    assert (
        not siennes.filter(type__contains="voix").exists()
        and not Entree.objects.publiques().filter(type__startswith="communautes.sujet").exists()
    )
    for entree in siennes:
        assert entree.phrase


def test_ce_qui_est_a_elle_est_dans_son_archive(client, communaute, membre):
    sujet = un_sujet(communaute, membre, titre="Le mien", avec_photo=True)
    forum.corriger(sujet, par=membre, titre="Le mien, mieux", texte="Corrigé", vu=0)
    voter(un_sondage(communaute, membre, question="À moi ?"), membre, 1)
    texte, fichier = un_texte(communaute, membre), un_fichier(communaute, membre)
    un_sujet(communaute, titre="canari"), un_texte(communaute, texte="canari"), un_fichier(communaute, titre="canari")
    client.force_login(membre)
    lue = archive(client)
    donnees = json.loads(lue.read("donnees.json"))
    assert [s["titre"] for s in donnees["sujets_du_forum"]] == ["Le mien, mieux"]
    assert [s["titre"] for s in donnees["sujets_du_forum_versions"]] == ["Le mien"]
    assert [v["option__libelle"] for v in donnees["sondages_reponses"]] == ["Jeudi"]
    assert [v["document_id"] for v in donnees["documents_partages_versions"]] == [
        texte.document_id,
        fichier.document_id,
    ]
    noms = set(lue.namelist())
    assert {f"forum/{sujet.pk}.webp", f"documents_partages/{fichier.document_id}-1.pdf"} <= noms
    assert "canari" not in lue.read("donnees.json").decode()


def test_partir_laisse_ses_mots_et_sa_voix_sans_nom(communaute, membre):
    sujet, sondage = un_sujet(communaute, membre), un_sondage(communaute, plusieurs=True)
    texte = un_texte(communaute, membre)
    voter(sondage, membre, 0, 2)
    voter(sondage, adherer(communaute), 0)
    clos = un_sondage(communaute)
    voter(clos, membre, 0)
    franchir(clos.clore, par=SYSTEME)
    effacer(membre)
    assert not Voix.objects.filter(personne=membre).exists() and Voix.objects.count() == 4
    assert (resultats(sondage).personnes, [p.nombre for p in resultats(sondage).parts]) == (2, [2, 0, 1])
    assert resultats(clos).personnes == 1
    for chose in (Sujet.objects.get(pk=sujet.pk), VersionDocument.objects.get(pk=texte.pk)):
        assert chose.texte and "Membre Fictive" not in chose.nom_de_l_auteur
    assert verifier()[1] is None
