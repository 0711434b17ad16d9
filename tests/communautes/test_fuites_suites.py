"""What leaves a closed community by itself (mail, bell), what a moderator reads there, and a door made narrower."""

import io
import zipfile
from copy import deepcopy

import pytest
from django.contrib.auth.models import AnonymousUser

from communautes import actions, documents
from communautes.models import Communaute, Sujet
from moderation.actions import masquer, signaler
from notifications.models import Courriel, Notification
from tests.communautes.ecrits import ecrire_ensemble, reecrire
from tests.communautes.fabriques_forum import un_fichier, un_sondage, un_sujet, une_reponse
from tests.communautes.monde import A, Lieu, client_de, entrees_de, exclure, fermer, noms_des_adresses, octets
from tests.communautes.test_fuites import fuites, visiter
from tests.fabriques import PersonneFabrique
from tests.notifications.conftest import dire, taire
from timeline.huis_clos import chaines_lues_par
from timeline.models import Chaine, Entree

#: Where somebody reads what is hers, or what she was told.
CHEZ_ELLE = (
    "/", "/mon-espace/", "/mon-espace/communautes/", "/mon-espace/commentaires/", "/mon-espace/accords/",
    "/mon-espace/suivis/", "/notifications/", "/communautes/?liste=miennes", "/chronologie/", "/chronologie/registre/",
    "/api/v1/journal/", "/api/v1/journal/registres/", "/api/v1/notifications/", "/api/v1/moi/suivis/",
)  # fmt: skip
FERMEES = [A.SUR_DEMANDE, A.SUR_INVITATION]
CE_QUI_ARRIVE = {
    "sujet": lambda lieu, par: un_sujet(lieu.communaute, par, titre=lieu.mot("neuf")),
    "réponse": lambda lieu, par: une_reponse(lieu.sujet, par, lieu.mot("neuf")),
    "nommée": lambda lieu, par: une_reponse(
        lieu.sujet, par, f"{lieu.mot('neuf')} @{lieu.gens['membre'].pseudonyme} @{lieu.gens['exclue'].pseudonyme}"
    ),
    "sondage": lambda lieu, par: un_sondage(lieu.communaute, par, question=lieu.mot("neuf")),
    "document": lambda lieu, par: un_fichier(lieu.communaute, par, titre=lieu.mot("neuf")),
    "version": lambda lieu, par: documents.verser(
        lieu.texte.document, par=par, vu=2, note=lieu.mot("neuf"), texte=lieu.mot("neuf")
    ),
    "ébauche": lambda lieu, par: ecrire_ensemble(lieu.communaute, par=par, titre=lieu.mot("neuf")),
    "réécriture": lambda lieu, par: reecrire(lieu.ebauche, par=par, texte=lieu.mot("neuf")),
}


@pytest.fixture(scope="module")
def _lieux_du_module(pour_le_module):
    def ecrire():
        lieux = {acces: Lieu(acces.replace("_", ""), acces).peupler().remplir() for acces in FERMEES}
        taire()
        return lieux

    return pour_le_module(ecrire)


@pytest.fixture
def lieux(_lieux_du_module, db):
    """{door: a place of which everything is told already}, written once for this file; each test takes its own copy."""
    return deepcopy(_lieux_du_module)


@pytest.mark.parametrize("acces", FERMEES)
def test_ce_qui_arrive_dedans_n_est_dit_qu_a_ceux_qui_y_sont(lieux, acces):
    lieu = lieux[acces]
    dedans = set(lieu.communaute.adhesions.en_cours().values_list("personne", flat=True))
    dites = set()
    for quoi, faire in CE_QUI_ARRIVE.items():
        taire()
        faire(lieu, lieu.gens["experte"])
        dire()
        prevenues = set(Notification.objects.values_list("personne", flat=True))
        assert prevenues <= dedans, quoi
        assert {c.personne_id for c in Courriel.objects.all()} <= dedans, quoi
        dites |= {quoi} if prevenues else set()
    assert dites >= {"sujet", "réponse", "nommée", "sondage", "document", "version"}, "members are told"


@pytest.mark.parametrize("acces", FERMEES)
@pytest.mark.parametrize("geste", ["quitter", "exclure"])
def test_qui_sort_n_entend_plus_rien_et_n_a_plus_ses_vieilles_lignes(lieux, acces, geste):
    lieu = lieux[acces]
    membre, sienne = lieu.gens["membre"], lieu.communaute.adhesions.get(personne=lieu.gens["membre"])
    un_sujet(lieu.communaute, lieu.gens["experte"], titre=lieu.mot("avant"))
    une_reponse(lieu.sujet, lieu.gens["experte"], f"{lieu.mot('nommee')} @{membre.pseudonyme}")
    dire()
    client = client_de(membre)
    assert Notification.objects.de(membre).count() == 2
    assert lieu.mot("avant").encode() in client.get("/notifications/").content
    if geste == "exclure":
        exclure(lieu, membre)
    else:
        actions.franchir(sienne.quitter, par=membre)
    dire()
    du_dedans = Notification.objects.de(membre).exclude(entree__type__startswith="communautes.adhesion")
    assert not du_dedans.exists()
    Courriel.objects.all().delete()  # the archive holds the subjects of those that she got while she was in
    for faire in CE_QUI_ARRIVE.values():
        faire(lieu, lieu.gens["experte"])
    dire()
    assert not du_dedans.exists() and not Courriel.objects.filter(personne=membre).exists()
    reecrire(lieu.ebauche, par=lieu.gens["experte"], titre=lieu.mot("rebaptisee"))
    lues = visiter(membre, *CHEZ_ELLE, maximum=60)
    lues["archive"] = texte_de_l_archive(client.post("/mon-espace/mes-donnees/"))
    assert lieu.mot("second").encode() in lues["archive"], "her own words are hers"
    ecrits_par_d_autres = [lieu.mot(r) for r in ("avant", "nommee", "neuf", "citation", "corrige", "rebaptisee")]
    assert fuites(lues, ecrits_par_d_autres) == []


@pytest.mark.parametrize("acces", FERMEES)
def test_une_moderatrice_lit_ce_qui_est_signale_et_rien_d_autre(lieux, acces):
    lieu = lieux[acces]
    moderatrice, membre = PersonneFabrique(roles=["moderatrice"]), lieu.gens["membre"]
    client, file = client_de(moderatrice), "/moderation/?file=signalements"
    tous = [*lieu.mots.values(), *lieu.facade]
    assert fuites({"file": octets(client.get(file))}, tous) == []
    reponse = un_dit = une_reponse(lieu.sujet, lieu.gens["experte"], lieu.mot("signale"))
    signaler(un_dit, par=membre, motif="hors_sujet")
    lues = visiter(
        moderatrice, file, "/moderation/?file=masquees", "/moderation/registre/", "/chronologie/", maximum=40
    )
    assert {mot for _adresse, mot in fuites(lues, lieu.mots.values())} == {lieu.mot("signale")}
    assert fuites(lues, lieu.facade) == []
    masquer(reponse, par=moderatrice, motif="hors_sujet", explication="Ce n’est pas ici.")
    apres = visiter(membre, lieu.communaute.get_absolute_url(), *CHEZ_ELLE, maximum=150)
    assert fuites(apres, [lieu.mot("signale")]) == []
    assert fuites(apres, [lieu.mot("sujet")]), "the rest is still there"


@pytest.mark.django_db
def test_une_porte_resserree_ferme_tout_a_la_fois():
    """Read by everybody, then by those who are in, then known to nobody: within one request."""
    facade = dict.fromkeys(("nom", "resume", "description", "charte"), "zqxfetroite")
    lieu = Lieu("etroite", A.PUBLIQUE, **facade).peupler().remplir()
    lieu.facade = ["zqxfetroite"]
    etrangere, hote = PersonneFabrique(), lieu.gens["animatrice"]
    adresses = noms_des_adresses(lieu)
    departs = (
        "/communautes/",
        "/chronologie/",
        "/chronologie/atom.xml",
        "/plan-pages.xml",
        "/api/v1/communautes/",
        "/",
    )
    dedans = list(lieu.mots.values())

    def lire():
        lues = {}
        for nom, personne in (("visiteur", None), ("étrangère", etrangere)):
            client = client_de(personne)
            reponses = {adresse: client.get(adresse) for adresse in (*adresses, *departs)}
            lues |= {f"{nom} {adresse}": octets(reponse) for adresse, reponse in reponses.items()}
            lues |= {f"{nom} {a}#{reponses[a].status_code}": b"" for a in adresses}
        return lues

    assert {mot for _adresse, mot in fuites(lire(), [*dedans, *lieu.facade])} >= {lieu.mot("sujet"), *lieu.facade}
    actions.modifier(lieu.communaute, par=hote, acces=A.SUR_DEMANDE)
    lues = lire()
    assert fuites(lues, dedans) == []
    assert {adresse[-4:] for adresse in lues if "#" in adresse} == {"#403", "#404"}
    assert fuites(lues, lieu.facade), "its front page is still there"
    assert not Entree.objects.publiques().filter(communaute=lieu.communaute).exists()
    assert not Chaine.objects.filter(chaines_lues_par(etrangere), communaute=lieu.communaute).exists()
    assert not Sujet.objects.visibles_par(AnonymousUser()).filter(communaute=lieu.communaute).exists()
    actions.modifier(Communaute.objects.get(pk=lieu.communaute.pk), par=hote, acces=A.SUR_INVITATION)
    lues = lire()
    assert fuites(lues, dedans) == []
    sans_l_adresse = {adresse: contenu for adresse, contenu in lues.items() if "zqxfetroite" not in adresse}
    assert fuites(sans_l_adresse, lieu.facade) == []


def test_l_entree_qui_parle_d_elle_ne_mene_pas_a_la_chaine(lieux):
    """It is hers to read; the register of the place answers 404 to her, and its link is not shown."""
    lieu = lieux[A.SUR_DEMANDE]
    for personnage in ("demandee", "refusee", "partie", "exclue", "invitee"):
        client = client_de(lieu.gens[personnage])
        sienne = Entree.objects.visibles_par(lieu.gens[personnage]).filter(communaute=lieu.communaute).first()
        page = client.get(sienne.get_absolute_url())
        assert page.status_code == 200 and b".jsonl" not in page.content
    entree = entrees_de(lieu).get(type="communautes.sujet.ouvrir")
    assert b".jsonl" in client_de(lieu.gens["membre"]).get(entree.get_absolute_url()).content


def texte_de_l_archive(reponse) -> bytes:
    """All that her archive holds, unpacked."""
    with zipfile.ZipFile(io.BytesIO(b"".join(reponse.streaming_content))) as paquet:
        textes = b"\n".join(paquet.read(nom) for nom in paquet.namelist())
    fermer(reponse)
    return textes
