"""Second doors: nothing of a draft is read by whoever may not read inside its community, by any address."""

from copy import deepcopy

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from commentaires.actions import commenter
from communautes.models import Adhesion, Communaute, Ebauche
from idees.models import Fiche
from idees.semblables import semblables
from moderation.actions import masquer, signaler
from moderation.lecture import jugeables_par
from notifications.models import Notification
from tests.communautes.ecrits import ecrire_ensemble, reecrire, signer
from tests.communautes.fabriques import adherer, ouvrir
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique
from tests.notifications.conftest import dire
from timeline.etapes import EtapeRefusee
from timeline.models import Entree

A, E = Communaute.Acces, Adhesion.Etat
MOT, MOT_DU_DEHORS = "canari-du-lavoir", "lavoir-de-la-place"
#: Everybody who may not read the inside of a closed community, whatever her role in the house.
DEHORS = (
    "visiteur",
    "voisin",
    "demandeuse",
    "partie",
    "exclue",
    "ailleurs",
    "agent",
    "moderatrice",
    "elue",
    "administratrice",
)


def personne_de(role, communaute):
    if role == "visiteur":
        return None
    if role in {"agent", "moderatrice", "elue", "administratrice"}:
        return PersonneFabrique(roles=[role])
    if role == "ailleurs":  # a member of another community
        return adherer(ouvrir(A.SUR_DEMANDE))
    if role == "voisin" or (role == "demandeuse" and communaute.acces == A.SUR_INVITATION):
        return PersonneFabrique()
    return adherer(communaute, etat={"demandeuse": E.DEMANDEE, "partie": E.QUITTEE, "exclue": E.EXCLUE}[role])


def scene(acces):
    """A draft in its second version, a member who has signed it, and what she said of it. In the open, in other words."""
    communaute = ouvrir(acces)
    mot, texte = (MOT_DU_DEHORS, "Un texte ouvert") if acces == A.PUBLIQUE else (MOT, "Un texte secret")
    ebauche = ecrire_ensemble(communaute, titre=f"Un titre {mot}", texte=f"{texte}, {mot}.")
    membre = adherer(communaute)
    reecrire(ebauche, par=membre, texte=f"{texte}, encore {mot}.")
    signer(ebauche, membre)
    commentaire = commenter(ebauche, par=membre, texte=f"Un commentaire {mot}.")
    return ebauche, membre, commentaire


@pytest.fixture(scope="module")
def _scenes_du_module(pour_le_module):
    return pour_le_module(lambda: {acces: scene(acces) for acces in (A.PUBLIQUE, A.SUR_DEMANDE, A.SUR_INVITATION)})


@pytest.fixture
def scenes(_scenes_du_module, db):
    """{door: its scene}, written once for all the tests of this file; each takes its own copy of the objects."""
    return deepcopy(_scenes_du_module)


def adresses(ebauche, commentaire) -> list[tuple[str, str]]:
    """Every address that leads to a draft, with the method that it takes."""
    slug, pk = ebauche.communaute.slug, ebauche.pk
    ici = ["communautes.ebauche", pk]
    lire = [
        reverse("communautes:ecrits", args=[slug]),
        reverse("communautes:commencer_une_ebauche", args=[slug]),
        reverse("communautes:ebauche", args=[slug, pk]),
        reverse("communautes:ecrire_l_ebauche", args=[slug, pk]),
        reverse("communautes:ebauche_versions", args=[slug, pk]),
        reverse("communautes:ebauche_versions", args=[slug, pk]) + "?de=1&a=2",
        *(reverse("communautes:ebauche_version", args=[slug, pk, n]) for n in (1, 2)),
        reverse("idees:deposer_ensemble", args=[pk]),
        reverse("commentaires:fil", args=ici),
        reverse("commentaires:participants", args=ici) + "?q=P",
        reverse("commentaires:voir", args=[commentaire.pk]),
        reverse("commentaires:reponses", args=[commentaire.pk]),
        reverse("commentaires:versions", args=[commentaire.pk]),
        reverse("moderation:signaler", args=ici),
        reverse("moderation:signaler", args=["commentaires.commentaire", commentaire.pk]),
        reverse("timeline:etape", args=[*ici, "abandonner"]),
        reverse("timeline:chronologie"),
        reverse("idees:liste") + f"?q={MOT}",
        reverse("idees:semblables") + f"?titre={MOT}",
    ]
    ecrire = [
        reverse("communautes:commencer_une_ebauche", args=[slug]),
        reverse("communautes:ecrire_l_ebauche", args=[slug, pk]),
        reverse("communautes:signer_l_ebauche", args=[slug, pk]),
        reverse("communautes:ne_plus_signer_l_ebauche", args=[slug, pk]),
        reverse("communautes:reprendre_l_ebauche", args=[slug, pk, 1]),
        reverse("idees:deposer_ensemble", args=[pk]),
        reverse("commentaires:fil", args=ici),
        reverse("commentaires:accord", args=[commentaire.pk]) + "?action=donner",
        reverse("notifications:suivre", args=ici),
        reverse("timeline:etape", args=[*ici, "abandonner"]),
    ]
    return [("get", chemin) for chemin in lire] + [("post", chemin) for chemin in ecrire]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("acces", "role"),
    [(A.SUR_DEMANDE, role) for role in DEHORS]
    + [(A.SUR_INVITATION, role) for role in ("visiteur", "voisin", "partie", "exclue", "agent")],
)
def test_aucune_adresse_ne_mene_a_l_ebauche(scenes, client, role, acces):
    ebauche, _membre, commentaire = scenes[acces]
    personne = personne_de(role, ebauche.communaute)
    if personne:
        client.force_login(personne)
    saisie = {
        "titre": "Un autre titre inventé",
        "texte": "Un autre texte inventé.",
        "base": 2,
        "numero": 2,
        "action": "suivre",
    }
    # Whoever may know that the community exists is told that its inside is for members; nobody else learns of it.
    voit = Communaute.objects.visibles_par(personne or AnonymousUser()).filter(pk=ebauche.communaute_id).exists()
    for methode, chemin in adresses(ebauche, commentaire):
        reponse = getattr(client, methode)(chemin, saisie if methode == "post" else {})
        lu = reponse.content.decode().replace(f"?q={MOT}", "").replace(f'value="{MOT}"', "")
        if chemin.startswith("/communautes/") and personne:
            assert reponse.status_code == (403 if voit else 404), (methode, chemin)
        elif "/idees/?q" not in chemin and "semblables" not in chemin and "chronologie" not in chemin:
            assert reponse.status_code in {302, 403, 404}, (methode, chemin)
            assert reponse.status_code != 302 or "login" in reponse.headers["Location"], (methode, chemin)
        assert "Un titre canari" not in lu and "secret" not in lu, (methode, chemin)
    ebauche.refresh_from_db()
    assert (ebauche.numero, ebauche.signatures.count(), ebauche.etat) == (2, 1, "en_ecriture")
    assert not Notification.objects.filter(personne=personne).exists() if personne else True


@pytest.mark.django_db
@pytest.mark.parametrize("acces", [A.PUBLIQUE, A.SUR_DEMANDE, A.SUR_INVITATION])
def test_les_membres_ouvrent_tout(scenes, client, acces):
    ebauche, membre, commentaire = scenes[acces]
    client.force_login(membre)
    for methode, chemin in adresses(ebauche, commentaire):
        if methode == "get" and "signaler" not in chemin and "abandonner" not in chemin:
            assert client.get(chemin, follow=True).status_code == 200, chemin


@pytest.mark.django_db
def test_dans_une_communaute_ouverte_tout_le_monde_lit_et_seuls_les_membres_agissent(scenes, client):
    ebauche, _membre, commentaire = scenes[A.PUBLIQUE]
    for personne in (None, PersonneFabrique(), PersonneFabrique(roles=["agent"])):
        client.logout()
        if personne:
            client.force_login(personne)
        lue = client.get(ebauche.get_absolute_url())
        assert lue.status_code == 200 and MOT_DU_DEHORS in lue.content.decode()
        assert "Signer la version" not in lue.content.decode()
        for methode, chemin in adresses(ebauche, commentaire):
            # Taking off a name that is not there changes nothing; following what one reads is everybody's.
            if methode == "post" and "suivre" not in chemin and "ne-plus-signer" not in chemin:
                reponse = client.post(chemin, {"base": 2, "numero": 2, "titre": "Autre titre", "texte": "x" * 30})
                assert reponse.status_code in {302, 403, 409, 422}, chemin
                assert reponse.status_code != 302 or "login" in reponse.headers["Location"], chemin
    ebauche.refresh_from_db()
    assert (ebauche.numero, ebauche.signatures.count(), ebauche.etat) == (2, 1, "en_ecriture")


@pytest.mark.django_db
@pytest.mark.parametrize("acces", [A.PUBLIQUE, A.SUR_DEMANDE, A.SUR_INVITATION])
def test_la_recherche_et_les_idees_semblables_ne_connaissent_pas_les_ebauches(scenes, acces):
    ebauche, membre, _commentaire = scenes[acces]
    assert not Fiche.objects.exists()
    assert list(semblables(ebauche.titre, ebauche.texte, membre)) == []
    proche = IdeeFabrique(titre=ebauche.titre, texte=ebauche.texte, etat="publiee", boite=BoiteFabrique())
    assert [p.idee for p in semblables(ebauche.titre, ebauche.texte, membre)] == [proche]


@pytest.mark.django_db
def test_le_journal_d_une_communaute_fermee_ne_dit_rien_dehors(scenes):
    ebauche, membre, _commentaire = scenes[A.SUR_DEMANDE]
    siennes = Entree.objects.sur(ebauche)
    assert siennes.count() >= 3
    for role in ("voisin", "agent", "moderatrice", "exclue"):
        assert not siennes.visibles_par(personne_de(role, ebauche.communaute)).exists(), role
    assert siennes.visibles_par(membre).count() == siennes.count()
    assert not siennes.publiques().exists()


@pytest.mark.django_db
def test_la_moderation_ne_lit_d_une_communaute_fermee_que_ce_qui_est_signale(scenes, client, moderatrice):
    ebauche, membre, _commentaire = scenes[A.SUR_DEMANDE]
    autre = ecrire_ensemble(ebauche.communaute, titre="Un autre titre secret", texte="Un autre texte secret.")
    lecteur, ouverte = adherer(ebauche.communaute), scenes[A.PUBLIQUE][0]
    assert list(jugeables_par(Ebauche, moderatrice)) == [ouverte]
    with pytest.raises(EtapeRefusee):
        masquer(ebauche, par=moderatrice, motif="publicite", explication="Une publicité.")
    signaler(ebauche, par=lecteur, motif="publicite")
    assert set(jugeables_par(Ebauche, moderatrice)) == {ouverte, ebauche}
    client.force_login(moderatrice)
    lue = client.get(reverse("moderation:file") + "?file=signalements").content.decode()
    assert MOT in lue and autre.titre not in lue
    assert client.get(ebauche.get_absolute_url()).status_code == 403
    masquer(ebauche, par=moderatrice, motif="publicite", explication="Une publicité.")
    dire()
    assert Notification.objects.filter(personne=membre, entree__type="moderation.masquer").exists()
