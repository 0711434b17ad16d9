"""What the database itself refuses, and several hands at once: real processes, each with its own connection."""

import pytest
from django.db import DatabaseError, connection, transaction

from communautes.documents import TexteDevance, verser
from communautes.forum import epingler, ouvrir
from communautes.models import Communaute, Option, Sondage, Sujet, VersionDeSujet, VersionDocument, Voix
from communautes.sondages import resultats
from comptes.models import Utilisateur
from tests.commentaires.test_concurrence import ensemble
from tests.communautes.fabriques import adherer, animatrice_de
from tests.communautes.fabriques import ouvrir as ouvrir_la_communaute
from tests.communautes.fabriques_forum import un_fichier, un_sondage, un_sujet, un_texte, voter
from tests.timeline.test_concurrence import _ensemble as en_deux_processus
from timeline.etapes import EtapeImpossible, franchir
from timeline.models import Entree, RegistreScelle
from timeline.verification import verifier

A = Communaute.Acces


@pytest.fixture
def communaute(db):
    return ouvrir_la_communaute(A.SUR_DEMANDE)


def refuse(sql, *args) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(sql, args)
    except DatabaseError:
        return True
    return False


@pytest.mark.django_db
def test_la_base_ne_laisse_rien_reecrire(communaute):
    membre = adherer(communaute)
    sujet, sondage = un_sujet(communaute, membre), un_sondage(communaute, membre)
    texte, fichier = un_texte(communaute, membre), un_fichier(communaute, membre)
    voter(sondage, membre, 0)
    assert refuse("UPDATE communautes_versiondocument SET texte = 'x' WHERE id = %s", texte.pk)
    assert refuse("UPDATE communautes_versiondocument SET fichier = 'x' WHERE id = %s", fichier.pk)
    assert refuse("DELETE FROM communautes_versiondocument WHERE id = %s", texte.pk)
    assert refuse("UPDATE communautes_documentpartage SET titre = 'x' WHERE id = %s", texte.document_id)
    assert refuse("UPDATE communautes_sondage SET question = 'x' WHERE id = %s", sondage.pk)
    assert refuse("UPDATE communautes_option SET libelle = 'x' WHERE sondage_id = %s", sondage.pk)
    assert refuse("UPDATE communautes_sujet SET communaute_id = communaute_id + 1 WHERE id = %s", sujet.pk)
    franchir(sondage.clore, par=animatrice_de(communaute))
    franchir(texte.document.retirer, par=animatrice_de(communaute), motif="Périmé.")
    assert refuse("UPDATE communautes_sondage SET etat = 'ouvert', clos_le = NULL WHERE id = %s", sondage.pk)
    assert refuse(
        "UPDATE communautes_documentpartage SET etat = 'partage', motif = '' WHERE id = %s", texte.document_id
    )
    assert refuse("DELETE FROM communautes_voix WHERE sondage_id = %s", sondage.pk)
    assert refuse("UPDATE communautes_voix SET option_id = option_id + 1 WHERE sondage_id = %s", sondage.pk)
    assert not refuse("UPDATE communautes_voix SET personne_id = NULL WHERE sondage_id = %s", sondage.pk)
    for geste in (texte.delete, texte.save, lambda: VersionDeSujet(pk=1).delete()):
        with pytest.raises(RegistreScelle):
            geste()


@pytest.mark.django_db
def test_une_voix_par_personne_est_une_contrainte(communaute):
    membre, sondage = adherer(communaute), un_sondage(communaute)
    voter(sondage, membre, 0)
    voix, autre = Voix.objects.get(), sondage.options.last()
    for option in (voix.option, autre):
        with pytest.raises(DatabaseError), transaction.atomic():
            Voix.objects.create(
                sondage=sondage, option=option, personne=membre, bulletin=voix.bulletin, seule=voix.seule
            )
    franchir(sondage.clore, par=animatrice_de(communaute))
    with pytest.raises(DatabaseError), transaction.atomic():
        Voix.objects.create(sondage=sondage, option=autre, personne=None, bulletin="0" * 32, seule=True)
    with pytest.raises(EtapeImpossible):
        voter(sondage, membre, 1)


@pytest.mark.django_db(transaction=True)
class TestEnsemble:
    def test_huit_reponses_d_une_personne_d_un_coup_en_laissent_une(self, communaute):
        membre, sondage = adherer(communaute), un_sondage(communaute)
        reponses = ensemble(*[lambda n=n: voter(Sondage.objects.get(pk=sondage.pk), membre, n % 3) for n in range(8)])
        assert reponses == [None] * 8 and Voix.objects.count() == 1 and resultats(sondage).personnes == 1

    def test_huit_personnes_d_un_coup_comptent_toutes(self, communaute):
        sondage = un_sondage(communaute)
        membres = [adherer(communaute) for _ in range(8)]
        gestes = [lambda m=m: voter(Sondage.objects.get(pk=sondage.pk), m, 0) for m in membres]
        assert ensemble(*gestes) == [None] * 8 and resultats(sondage).personnes == 8

    def test_terminer_pendant_qu_on_repond(self, communaute):
        sondage, hote = un_sondage(communaute), animatrice_de(communaute)
        membres = [adherer(communaute) for _ in range(6)]
        gestes = [lambda m=m: voter(Sondage.objects.get(pk=sondage.pk), m, 0) for m in membres]
        gestes.insert(3, lambda: franchir(Sondage.objects.get(pk=sondage.pk).clore, par=hote))
        reponses = ensemble(*gestes)
        comptees = sum(reponse is None for reponse in reponses)
        refus = [r for r in reponses if isinstance(r, Exception)]
        assert {type(r) for r in refus} <= {EtapeImpossible} and comptees + len(refus) == 6
        assert resultats(sondage).personnes == comptees and Sondage.objects.get().est_clos

    def test_deux_textes_d_un_coup_un_seul_passe_et_l_autre_le_sait(self, communaute):
        document = un_texte(communaute).document
        gens = [adherer(communaute), adherer(communaute)]
        gestes = [lambda p=p: verser(document, par=p, vu=1, note="n", texte=f"De {p.pk}.") for p in gens]
        reponses = ensemble(*gestes)
        assert sorted(type(r) for r in reponses if isinstance(r, Exception)) == [TexteDevance]
        assert document.versions.count() == 2

    def test_epingler_et_ouvrir_d_un_coup(self, communaute):
        hote, membre = animatrice_de(communaute), adherer(communaute)
        sujet = un_sujet(communaute)
        assert sorted(map(str, ensemble(*[lambda: epingler(sujet, par=hote)] * 4))) == ["False"] * 3 + ["True"]
        ouverts = ensemble(*[lambda: ouvrir(communaute, par=membre, titre="T", texte="U").pk] * 4)
        assert len(set(ouverts)) == 1 and Sujet.objects.count() == 2
        assert Entree.objects.filter(type="communautes.sujet.ouvrir").count() == 2 and verifier()[1] is None


def _repondre(sondage_pk, personne_pk, rang):
    sondage, personne = Sondage.objects.get(pk=sondage_pk), Utilisateur.objects.get(pk=personne_pk)
    voter(sondage, personne, rang)


@pytest.mark.django_db(transaction=True)
def test_deux_processus_une_personne_une_voix(communaute):
    """Two real processes, each with its own connection, released at the same instant."""
    membre, sondage = adherer(communaute), un_sondage(communaute)
    assert en_deux_processus(_repondre, [(sondage.pk, membre.pk, rang) for rang in (0, 1)]) == [None] * 2
    assert Voix.objects.filter(sondage=sondage, personne=membre).count() == 1
    assert Option.objects.filter(voix__isnull=False).count() == 1 and VersionDocument.objects.count() == 0
