"""Writing together: versions, conflicts, signatures, and what people are told."""

import uuid
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from commentaires.actions import approuver, commenter
from communautes import ebauches
from communautes.ebauches import EBAUCHES_MAX, VERSIONS_MAX, TexteModifie
from communautes.models import Adhesion, Communaute, Ebauche, Signature, VersionEbauche
from communautes.models.ebauche import TEXTE_MAX, TEXTE_MIN, TITRE_MAX, TITRE_MIN
from comptes.effacement import effacer
from idees import completude
from idees.models import Idee
from moderation.actions import masquer
from notifications.models import Abonnement, Courriel, Notification
from tests.communautes.ecrits import MOTS, amener, ecrire_ensemble, reecrire, signer
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir
from tests.fabriques import PersonneFabrique, ThematiqueFabrique
from tests.notifications.conftest import dire, taire
from tests.requetes import requetes
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite, franchir
from timeline.models import Entree, RegistreScelle
from timeline.verification import ecarts, verifier

pytestmark = pytest.mark.django_db
REQUETES_MAX = 40
A = Communaute.Acces


def page(reponse) -> str:
    return unescape(reponse.content.decode())


def adresse(ebauche, nom="ebauche", *suite) -> str:
    return reverse(f"communautes:{nom}", args=[ebauche.communaute.slug, ebauche.pk, *suite])


# --- Versions ------------------------------------------------------------------------------------------------------


def test_les_limites_sont_celles_d_une_idee():
    champs = {nom: Idee._meta.get_field(nom).max_length for nom in ("titre", "texte")}
    assert (champs["titre"], champs["texte"]) == (TITRE_MAX, TEXTE_MAX)
    assert (TITRE_MIN, TEXTE_MIN) == (completude.TITRE_MIN, completude.TEXTE_MIN)


def test_chaque_enregistrement_est_une_version_et_le_journal_la_reconnait(client):
    ebauche = ecrire_ensemble()
    membre = adherer(ebauche.communaute)
    client.force_login(membre)
    saisie = {
        "titre": ebauche.titre,
        "texte": "Des bancs et une fontaine au lavoir.",
        "base": 1,
        "resume": "La fontaine",
    }
    reponse = client.post(adresse(ebauche, "ecrire_l_ebauche"), saisie, follow=True)
    assert "La version 2 est enregistrée." in page(reponse) and "fontaine" in page(reponse)
    deux = VersionEbauche.objects.get(numero=2)
    assert (deux.par, deux.resume, deux.reprise_de) == (membre, "La fontaine", None)
    assert VersionEbauche.objects.get(numero=1).texte == MOTS["texte"]
    entree = Entree.objects.get(type="communautes.ebauche.ecrire")
    assert (entree.communaute, entree.donnees["version"]) == (ebauche.communaute, 2)
    assert verifier()[1] is None and list(ecarts()) == []


def test_une_version_reecrite_derriere_le_verrou_est_vue():
    ebauche = ecrire_ensemble()
    with pytest.raises(IntegrityError), transaction.atomic():
        VersionEbauche.objects.filter(ebauche=ebauche).update(texte="Autre chose.")
    with pytest.raises(IntegrityError), transaction.atomic():
        VersionEbauche.objects.filter(ebauche=ebauche)._raw_delete("default")
    with pytest.raises(RegistreScelle):
        ebauche.version.save()
    with pytest.raises(RegistreScelle):
        ebauche.version.delete()
    autre = ebauche.versions.get()
    autre.pk, autre.numero, autre._state.adding = None, 2, True
    autre.save()  # nothing in the journal tells it
    assert [str(e) for e in ecarts()] == [
        f"communautes.versionebauche:{autre.pk} : elle ne correspond plus à l'empreinte écrite à sa date"
    ]


@pytest.mark.parametrize("etat", ["deposee", "abandonnee"])
def test_on_n_ecrit_ni_ne_signe_plus_un_texte_qui_n_est_plus_en_ecriture(etat):
    ebauche = amener(ecrire_ensemble(), etat)
    hote = animatrice_de(ebauche.communaute)
    with pytest.raises(EtapeImpossible):
        ebauches.enregistrer(ebauche, par=hote, valeurs={**MOTS, "titre": "Tout autre chose ici"}, base=1)
    with pytest.raises(EtapeImpossible):
        ebauches.signer(ebauche, par=hote, numero=1)
    version = ebauche.versions.get()
    for ligne in (
        VersionEbauche(ebauche=ebauche, numero=2, titre="x", texte="x", le=version.le),
        Signature(ebauche=ebauche, personne=PersonneFabrique(), numero=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ligne.save()
    if etat == "deposee":
        with pytest.raises(IntegrityError), transaction.atomic():
            Ebauche.objects.filter(pk=ebauche.pk).update(titre="Tout autre chose ici")


def test_rien_ne_change_rien_ne_s_ecrit():
    ebauche = ecrire_ensemble()
    assert ebauches.enregistrer(ebauche, par=ebauche.ouverte_par, valeurs=MOTS, base=1) is None
    assert (ebauche.versions.count(), Entree.objects.filter(type="communautes.ebauche.ecrire").count()) == (1, 0)


def test_quelqu_un_a_ecrit_entre_temps_on_voit_les_deux_textes_et_rien_n_est_perdu(client):
    ebauche = ecrire_ensemble()
    reecrire(ebauche, texte="Des bancs et une fontaine au lavoir fictif.")
    client.force_login(ebauche.ouverte_par)
    mien = "Des bancs et un abri au lavoir fictif, contre la pluie."
    saisie = {"titre": ebauche.titre, "texte": mien, "base": 1, "signer": "on"}
    reponse = client.post(adresse(ebauche, "ecrire_l_ebauche"), saisie)
    lue = page(reponse)
    assert reponse.status_code == 409 and "Quelqu’un a enregistré un autre texte" in lue
    assert mien in lue and "Des bancs et une fontaine au lavoir fictif." in lue
    assert "<del>" in lue and "<ins>" in lue and 'name="base" value="2"' in lue
    assert (ebauche.versions.count(), ebauche.signatures.count()) == (2, 0)
    # What she typed is in the page: she sends it again, knowing the other text.
    assert client.post(adresse(ebauche, "ecrire_l_ebauche"), saisie | {"base": 2}).status_code == 302
    ebauche.refresh_from_db()
    assert (ebauche.texte, ebauche.numero) == (mien, 3)
    assert list(ebauche.versions.values_list("numero", flat=True)) == [3, 2, 1]


def test_reprendre_une_version_en_fait_une_nouvelle(client):
    ebauche = ecrire_ensemble()
    reecrire(ebauche, texte="Des bancs et une fontaine au lavoir.")
    client.force_login(ebauche.ouverte_par)
    assert "Reprendre cette version" in page(client.get(adresse(ebauche, "ebauche_version", 1)))
    reponse = client.post(adresse(ebauche, "reprendre_l_ebauche", 1), {"base": 2}, follow=True)
    assert "c’est la version 3" in page(reponse)
    trois = ebauche.versions.get(numero=3)
    assert (trois.texte, trois.reprise_de) == (MOTS["texte"], 1)
    assert "reprend la version 1" in page(client.get(adresse(ebauche, "ebauche_versions")))
    # The page is older than the text: nothing is written over.
    assert client.post(adresse(ebauche, "reprendre_l_ebauche", 2), {"base": 2}).status_code == 409
    assert client.post(adresse(ebauche, "reprendre_l_ebauche", 1), {"base": 3}, follow=True).status_code == 200
    assert client.post(adresse(ebauche, "reprendre_l_ebauche", 9), {"base": 3}).status_code == 404
    assert ebauche.versions.count() == 3


def test_deux_versions_quelconques_se_comparent(client):
    ebauche = ecrire_ensemble()
    reecrire(ebauche, texte="Des bancs et une fontaine au lavoir.")
    reecrire(ebauche, thematique=ThematiqueFabrique(nom="Vie fictive"))
    client.force_login(ebauche.ouverte_par)
    lue = page(client.get(adresse(ebauche, "ebauche_versions"), {"de": 1, "a": 3}))
    assert "De la version 1 à la version 3" in lue and "Vie fictive" in lue and "fontaine" in lue
    assert "Ces deux versions disent la même chose." in page(
        client.get(adresse(ebauche, "ebauche_versions"), {"de": 2, "a": 2})
    )
    lue = page(client.get(adresse(ebauche, "ebauche_version", 2)))
    assert "<ins>" in lue and "Version d’avant" in lue and "Version d’après" in lue


MAUVAISES = [
    ({"titre": "", "texte": "Un texte assez long pour être lu."}, "Donnez un titre à votre idée."),
    ({"titre": "Bancs", "texte": "Un texte assez long pour être lu."}, "Ce titre est trop court"),
    ({"titre": "Un titre bien assez long", "texte": "Court"}, "Dites-en un peu plus"),
    ({"titre": "Un titre bien assez long", "texte": "\u200b\u2060"}, "Décrivez votre idée"),
    ({"titre": "T" * 121, "texte": "Un texte assez long pour être lu."}, "120"),
    ({"titre": "Un titre bien assez long", "texte": "x" * 5001}, "5000"),
    ({"titre": "Un titre bien assez long", "texte": "Un texte assez long.", "thematique": "999999"}, "Sélectionnez un choix valide"),
    ({"titre": "Un titre bien assez long", "texte": "Un texte assez long.", "lieu": "l" * 201}, "200"),
]  # fmt: skip


@pytest.mark.parametrize(("saisie", "phrase"), MAUVAISES)
def test_ce_qui_ne_va_pas_se_dit_a_cote_et_rien_n_est_ecrit(client, saisie, phrase):
    ebauche = ecrire_ensemble()
    client.force_login(ebauche.ouverte_par)
    for chemin in (
        reverse("communautes:commencer_une_ebauche", args=[ebauche.communaute.slug]),
        adresse(ebauche, "ecrire_l_ebauche"),
    ):
        reponse = client.post(chemin, {**saisie, "base": 1})
        assert reponse.status_code == 422 and phrase in page(reponse)
        assert saisie["titre"] in page(reponse)
    assert (Ebauche.objects.count(), VersionEbauche.objects.count()) == (1, 1)


@pytest.mark.parametrize("base", ["", "zéro", "-1", "0", "99", "1e3", "9" * 30])
def test_une_base_inventee_n_ecrase_rien(client, base):
    ebauche = ecrire_ensemble()
    client.force_login(ebauche.ouverte_par)
    saisie = {"titre": "Tout autre chose ici", "texte": "Un tout autre texte, pour voir.", "base": base}
    assert client.post(adresse(ebauche, "ecrire_l_ebauche"), saisie).status_code in {409, 422}
    assert client.post(adresse(ebauche, "signer_l_ebauche"), {"numero": base}).status_code == 409
    assert (ebauche.versions.count(), ebauche.signatures.count()) == (1, 0)


@pytest.mark.parametrize("requete", ["?de=1", "?de=x&a=2", "?de=0&a=1", "?de=1&a=99", "?a=" + "9" * 40])
def test_une_comparaison_inventee_se_dit(client, requete):
    ebauche = ecrire_ensemble()
    reecrire(ebauche, texte="Des bancs et une fontaine au lavoir.")
    client.force_login(ebauche.ouverte_par)
    assert client.get(adresse(ebauche, "ebauche_versions") + requete).status_code == 422


def test_le_meme_formulaire_envoye_deux_fois_ouvre_un_texte(client):
    communaute = ouvrir()
    client.force_login(adherer(communaute))
    chemin = reverse("communautes:commencer_une_ebauche", args=[communaute.slug])
    saisie = {"titre": "Des bancs au lavoir", "texte": "Des bancs à l’ombre du lavoir.", "cle_saisie": uuid.uuid4()}
    for _fois in range(2):
        assert client.post(chemin, saisie | {"signer": "on"}).status_code == 302
    ebauche = Ebauche.objects.get()
    assert (ebauche.versions.count(), ebauche.signatures.get().numero) == (1, 1)
    # The key of somebody else's form opens nothing of hers.
    client.force_login(adherer(communaute))
    assert client.post(chemin, saisie).status_code == 302
    assert (
        Ebauche.objects.count() == 2 and Ebauche.objects.exclude(pk=ebauche.pk).get().cle_saisie != ebauche.cle_saisie
    )


def test_on_n_ouvre_pas_dix_mille_textes_et_on_n_enregistre_pas_sans_fin():
    communaute = ouvrir()
    membre = adherer(communaute)
    toutes = [ecrire_ensemble(communaute, par=membre) for _ in range(EBAUCHES_MAX)]
    with pytest.raises(TropVite):
        ecrire_ensemble(communaute, par=membre)
    franchir(toutes[0].abandonner, par=membre, motif="Finalement non.")
    ecrire_ensemble(communaute, par=membre)
    for n in range(VERSIONS_MAX - EBAUCHES_MAX - 1):
        reecrire(toutes[1], par=membre, texte=f"Un texte qui change, pour la fois {n}.")
    with pytest.raises(TropVite):
        reecrire(toutes[1], par=membre, texte="Une fois de trop, mais rien n’est perdu.")


# --- Signatures ----------------------------------------------------------------------------------------------------


def test_une_signature_dit_la_version_et_une_nouvelle_version_la_redemande(client):
    ebauche = ecrire_ensemble()
    une, deux = adherer(ebauche.communaute), adherer(ebauche.communaute)
    signer(ebauche, une, deux)
    taire()
    client.force_login(une)
    assert "a signé la version 1" in page(client.get(adresse(ebauche)))
    reecrire(ebauche, par=deux, texte="Des bancs et une fontaine au lavoir.")
    lue = page(client.get(adresse(ebauche)))
    assert "Personne n’a encore signé cette version." in lue and "À relire et signer de nouveau" in lue
    assert "Vous aviez signé la version 1" in lue and "?de=1&a=2" in lue
    dire()
    assert {c.objet for c in Courriel.objects.filter(personne=une)} == {
        f"Un texte que vous avez signé a changé : {ebauche.titre}"
    }
    assert not Courriel.objects.filter(personne=deux).exists(), "whoever wrote it is not told of her own words"
    reponse = client.post(adresse(ebauche, "signer_l_ebauche"), {"numero": 1})
    assert reponse.status_code == 409, "she signs what she has read"
    client.post(adresse(ebauche, "signer_l_ebauche"), {"numero": 2})
    client.post(adresse(ebauche, "signer_l_ebauche"), {"numero": 2})
    assert [p.pk for p in ebauches.signataires(Ebauche.objects.get())] == [une.pk]
    assert Signature.objects.filter(personne=une).count() == 1
    client.post(adresse(ebauche, "ne_plus_signer_l_ebauche"))
    assert not Signature.objects.filter(personne=une).exists()
    assert Entree.objects.filter(type="communautes.ebauche.ne_plus_signer").count() == 1


def test_le_nom_de_qui_part_ne_part_pas_avec_le_texte(client):
    ebauche = ecrire_ensemble()
    une = adherer(ebauche.communaute)
    signer(ebauche, une)
    franchir(ebauche.communaute.adhesions.get(personne=une).quitter, par=une)
    assert ebauches.signataires(ebauche) == []
    client.force_login(ebauche.ouverte_par)
    assert "n’est plus membre" in page(client.get(adresse(ebauche)))
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(ebauche=ebauche, personne=une, numero=1)


def test_seuls_les_membres_ecrivent_signent_et_commentent():
    ebauche = ecrire_ensemble()  # in a public community: everybody reads it
    voisin = PersonneFabrique()
    membre = adherer(ebauche.communaute)
    for geste in (
        lambda: ecrire_ensemble(ebauche.communaute, par=voisin),
        lambda: reecrire(ebauche, par=voisin, texte="Des bancs, et surtout ma publicité."),
        lambda: ebauches.signer(ebauche, par=voisin, numero=1),
        lambda: commenter(ebauche, par=voisin, texte="Et moi ?"),
    ):
        with pytest.raises(EtapeInterdite):
            geste()
    commentaire = commenter(ebauche, par=membre, texte="Bravo.")
    with pytest.raises(EtapeInterdite, match="Rejoignez la communauté"):
        approuver(commentaire, par=voisin)
    assert approuver(commentaire, par=ebauche.ouverte_par)


def test_un_texte_masque_ne_s_ecrit_plus_et_ses_autrices_le_lisent(client, moderatrice):
    ebauche = ecrire_ensemble()
    une = adherer(ebauche.communaute)
    signer(ebauche, une)
    masquer(ebauche, par=moderatrice, motif="publicite", explication="C’est une publicité fictive.")
    with pytest.raises(EtapeImpossible, match="masqué"):
        reecrire(ebauche, par=une, texte="Des bancs et une fontaine au lavoir.")
    for personne, statut in ((ebauche.ouverte_par, 200), (une, 200), (adherer(ebauche.communaute), 404)):
        client.force_login(personne)
        assert client.get(adresse(ebauche)).status_code == statut
        assert client.get(adresse(ebauche, "ebauche_version", 1)).status_code == statut


def test_une_moderatrice_ne_juge_pas_ce_qu_elle_a_signe():
    ebauche = ecrire_ensemble()
    moderatrice = adherer(ebauche.communaute, PersonneFabrique(roles=["moderatrice"]))
    signer(ebauche, moderatrice)
    with pytest.raises(EtapeInterdite):
        masquer(ebauche, par=moderatrice, motif="publicite", explication="Non.")


# --- Who is told ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("acces", [A.PUBLIQUE, A.SUR_DEMANDE, A.SUR_INVITATION])
def test_un_texte_qui_s_ouvre_est_dit_a_celles_qui_suivent(acces):
    communaute = ouvrir(acces)
    membre, partie = adherer(communaute), adherer(communaute, etat=Adhesion.Etat.QUITTEE)
    exclue = adherer(communaute, etat=Adhesion.Etat.EXCLUE)
    # Following does not open a closed door.
    for personne in (partie, exclue):
        Abonnement.objects.create(personne=personne, cible=communaute)
    taire()
    ebauche = ecrire_ensemble(communaute, par=animatrice_de(communaute))
    dire()
    courriels = Courriel.objects.filter(personne__in=[membre, partie, exclue])
    attendus = {membre.pk} | ({partie.pk, exclue.pk} if acces == A.PUBLIQUE else set())
    assert set(courriels.values_list("personne", flat=True)) == attendus
    assert courriels.filter(personne=membre).get().objet == f"On écrit ensemble : {ebauche.titre}"
    franchir(ebauche.abandonner, par=animatrice_de(communaute), motif="Ce texte ne mène à rien.")
    dire()
    assert not Courriel.objects.filter(texte__contains="ne mène à rien", personne__in=[partie, exclue]).exists()


def test_qui_ecrit_souvent_ne_remplit_pas_les_boites():
    ebauche = ecrire_ensemble()
    suit = adherer(ebauche.communaute)
    Abonnement.objects.create(personne=suit, cible=ebauche)
    taire()
    for n in range(3):
        reecrire(ebauche, texte=f"Un texte qui change, pour la fois {n}.")
    dire()
    assert (
        Notification.objects.filter(personne=suit).count() == 3 and not Courriel.objects.filter(personne=suit).exists()
    )


# --- Forgetting, counting -------------------------------------------------------------------------------------------


def test_qui_ferme_son_compte_laisse_ses_mots_sans_son_nom(client):
    ebauche = ecrire_ensemble(par=None)
    partante = adherer(ebauche.communaute, PersonneFabrique(pseudonyme="Canari Jaune"))
    reecrire(ebauche, par=partante, texte="Les mots qu’elle laisse au lavoir.")
    signer(ebauche, partante)
    effacer(partante)
    assert not Signature.objects.exists()
    client.force_login(ebauche.ouverte_par)
    for chemin in (adresse(ebauche), adresse(ebauche, "ebauche_versions"), adresse(ebauche, "ebauche_version", 2)):
        lue = page(client.get(chemin))
        assert "Canari Jaune" not in lue
    assert "Les mots qu’elle laisse" in lue
    assert verifier()[1] is None and list(ecarts()) == []


def test_les_requetes_ne_dependent_pas_du_nombre(client):
    communaute = ouvrir(A.SUR_DEMANDE)
    membre = adherer(communaute)
    ebauche = ecrire_ensemble(communaute, par=membre)
    reecrire(ebauche, par=membre, texte="Un deuxième texte, déjà un peu mieux.")
    signer(ebauche, membre)
    client.force_login(membre)
    chemins = (
        reverse("communautes:ecrits", args=[communaute.slug]),
        adresse(ebauche),
        adresse(ebauche, "ebauche_versions"),
        adresse(ebauche, "ebauche_versions") + "?de=1&a=2",
        adresse(ebauche, "ebauche_version", 2),
    )
    avant = [requetes(client, chemin) for chemin in chemins]
    gens = PersonneFabrique.create_batch(50)
    Adhesion.objects.bulk_create(Adhesion(communaute=communaute, personne=p, etat="acceptee") for p in gens)
    for n, personne in enumerate(gens):
        reecrire(ebauche, par=personne, texte=f"Un texte qui change, pour la fois {n}.")
        ecrire_ensemble(communaute, par=personne)
    signer(ebauche, *gens)
    apres = [requetes(client, chemin) for chemin in chemins]
    assert apres == avant
    assert max(avant) <= REQUETES_MAX


def test_le_texte_depose_se_relit(client):
    ebauche = amener(ecrire_ensemble(), "deposee")
    client.force_login(ebauche.ouverte_par)
    lue = page(client.get(adresse(ebauche)))
    assert "Ce texte est devenu une idée" in lue and "En relecture" in lue
    assert "Écrire dans ce texte" not in lue
    saisie = {"titre": "Tout autre chose ici", "texte": "Ce que j’écrivais pendant ce temps.", "base": 1}
    reponse = client.post(adresse(ebauche, "ecrire_l_ebauche"), saisie)
    assert reponse.status_code == 409 and "Ce que j’écrivais pendant ce temps." in page(reponse)


def test_le_refus_tient_aussi_sans_la_page():
    """A form of the API or of a script: the action itself compares, and gives the text that is kept."""
    ebauche = ecrire_ensemble()
    reecrire(ebauche, texte="Des bancs et une fontaine au lavoir.")
    with pytest.raises(TexteModifie) as leve:
        ebauches.enregistrer(ebauche, par=ebauche.ouverte_par, valeurs={**MOTS, "lieu": "Au lavoir"}, base=1)
    assert (leve.value.actuelle.numero, leve.value.actuelle.lieu) == (2, "")
