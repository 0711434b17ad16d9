"""A signed answer does not change: each door is tried, and the answer is read again afterwards."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import get_resolver, reverse
from django.utils import timezone

from reponses.actions import modifier
from reponses.models import Avis, Echeance, Jalon, Reponse
from socle.etats import EtatModifie
from tests.fabriques import MOT_DE_PASSE, PersonneFabrique
from tests.reponses.conftest import dans
from timeline.etapes import EtapeImpossible
from timeline.models import RegistreScelle

pytestmark = pytest.mark.django_db

AUTRES = {
    "sens": "go_conditions", "motif": "experimentation", "texte": "Réécrit.", "conditions": "Si…", "cout_estime": 1,
    "cout_justification": "Autre devis", "cout_le": dans(-3), "modifiee_le": timezone.now(),
    "premiere_etape": "Autre", "premiere_etape_le": dans(300), "alternative": "Autre", "acte_conseil": "Autre",
    "signataire_nom": "Quelqu’un", "signataire_mandat": "Autre mandat", "signee_le": timezone.now() - timedelta(days=9),
    "cible_id": 999, "signataire_id": None, "mandat_id": None, "corrige_id": 1, "retour": "Autre",
    "cree_le": timezone.now() - timedelta(days=9),
}  # fmt: skip


@pytest.fixture(params=["signee", "publiee"])
def scellee(request):
    """Signed, then published: both are closed."""
    reponse = request.getfixturevalue(request.param)
    avant = Reponse.objects.filter(pk=reponse.pk).values().get()
    yield reponse
    assert Reponse.objects.filter(pk=reponse.pk).values().get() == avant


# --- The page ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("methode", ["get", "post"])
def test_page(scellee, client, agent, methode):
    """The address of the edition answers 409, with a sentence."""
    client.force_login(agent)
    reponse = getattr(client, methode)(
        reverse("reponses:modifier", args=[scellee.pk]), {"texte": "Réécrit.", "version": scellee.version()}
    )
    assert reponse.status_code == 409
    assert "Une réponse signée ne change plus" in reponse.content.decode()


@pytest.mark.parametrize("nom", ["reprendre", "renvoyer", "consulter", "signer", "presenter"])
def test_page_des_etapes(scellee, client, agent, elue, nom):
    for personne in (agent, elue):
        client.force_login(personne)
        adresse = reverse("timeline:etape", args=["reponses.reponse", scellee.pk, nom])
        assert client.post(adresse, {"etat": "a_signer"}).status_code == 409
        assert client.post(adresse, {}).status_code == 409


# --- The API -----------------------------------------------------------------------------------------------------


def test_api(scellee, client, agent):
    """No route of the API writes an answer, whoever asks."""
    client.force_login(agent)
    adresses = [
        f"/api/reponses/{scellee.pk}/",
        "/api/reponses/",
        f"/api/v1/reponses/{scellee.pk}/",
        "/api/v1/reponses/",
    ]
    for adresse in adresses:
        for methode in ("post", "put", "patch", "delete"):
            recue = getattr(client, methode)(
                adresse, {"texte": "Réécrit.", "etat": "brouillon"}, content_type="application/json"
            )
            assert recue.status_code in {404, 405}, (methode, adresse, recue.status_code)


def test_aucune_adresse_de_l_api_n_ecrit_une_reponse():
    """Also under an address that this test does not know."""
    for motif in _motifs(get_resolver("api.urls").url_patterns):
        vue = getattr(motif.callback, "cls", None)
        modele = getattr(getattr(vue, "queryset", None), "model", None)
        if modele in {Reponse, Echeance, Avis, Jalon}:
            assert set(getattr(motif.callback, "actions", {})) <= {"get", "head", "options"}, motif


def _motifs(motifs):
    for motif in motifs:
        if hasattr(motif, "url_patterns"):
            yield from _motifs(motif.url_patterns)
        else:
            yield motif


# --- The admin ---------------------------------------------------------------------------------------------------


@pytest.fixture
def admin(client, administratrice):
    client.force_login(administratrice)
    return client


@pytest.mark.parametrize("modele", ["reponse", "echeance", "avis", "jalon"])
def test_admin(scellee, admin, modele):
    """To look at only: neither change, nor addition, nor deletion, one by one or in bulk."""
    classe = {"reponse": Reponse, "echeance": Echeance, "avis": Avis, "jalon": Jalon}[modele]
    objet = classe.objects.order_by("pk").first()
    if objet is None:
        return
    liste = reverse(f"admin:reponses_{modele}_changelist")
    fiche = reverse(f"admin:reponses_{modele}_change", args=[objet.pk])
    assert admin.get(liste).status_code == 200
    page = admin.get(fiche)
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert admin.post(fiche, {"texte": "Réécrit.", "due_le": "2030-01-01", "_save": "1"}).status_code == 403
    assert admin.post(reverse(f"admin:reponses_{modele}_add"), {"texte": "Ajouté."}).status_code == 403
    assert admin.post(reverse(f"admin:reponses_{modele}_delete", args=[objet.pk]), {"post": "yes"}).status_code == 403
    admin.post(liste, {"action": "delete_selected", "_selected_action": [objet.pk], "post": "yes"})
    assert classe.objects.filter(pk=objet.pk).exists()


# --- The ORM -----------------------------------------------------------------------------------------------------


def test_save(scellee):
    scellee.texte = "Réécrit."
    with pytest.raises(RegistreScelle):
        scellee.save()
    with pytest.raises(RegistreScelle):
        scellee.save(update_fields=["texte"])


def test_save_d_une_copie_ancienne(brouillon, agent, elue):
    """Read when it was a draft, saved when it is signed."""
    ancienne = Reponse.objects.get(pk=brouillon.pk)
    from tests.reponses.conftest import amener_reponse

    amener_reponse(brouillon, "signee", agent=agent, elue=elue)
    ancienne.texte = "Réécrit."
    with pytest.raises(RegistreScelle):
        ancienne.save()
    with pytest.raises((RegistreScelle, IntegrityError)), transaction.atomic():
        ancienne.delete()
    assert Reponse.objects.get(pk=brouillon.pk).texte == brouillon.texte


def test_save_de_force(scellee):
    """Pretending to be `franchir`: the database is still there."""
    scellee.texte = "Réécrit."
    with pytest.raises(IntegrityError), transaction.atomic(), scellee.franchissement():
        scellee.save()


def test_update(scellee):
    with pytest.raises(RegistreScelle):
        Reponse.objects.filter(pk=scellee.pk).update(texte="Réécrit.")
    with pytest.raises(RegistreScelle):
        Reponse.objects.update(motif="deja_prevu")


def test_update_par_le_gestionnaire_nu(scellee, subtests):
    """Past the guards of Python, by the manager that Django uses itself."""
    for champ, valeur in AUTRES.items():
        with subtests.test(champ), pytest.raises(IntegrityError), transaction.atomic():
            Reponse._base_manager.filter(pk=scellee.pk).update(**{champ: valeur})


def test_etat(scellee):
    with pytest.raises((EtatModifie, RegistreScelle)):
        Reponse.objects.filter(pk=scellee.pk).update(etat="brouillon")
    for etat in ("brouillon", "a_signer"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reponse._base_manager.filter(pk=scellee.pk).update(etat=etat)


def test_bulk_update(scellee):
    scellee.texte = "Réécrit."
    with pytest.raises(RegistreScelle), transaction.atomic():
        Reponse.objects.bulk_update([scellee], ["texte"])


def test_delete(scellee):
    with pytest.raises(RegistreScelle):
        scellee.delete()
    with pytest.raises(RegistreScelle):
        Reponse.objects.filter(pk=scellee.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reponse._base_manager.filter(pk=scellee.pk)._raw_delete("default")


def test_delete_en_cascade(scellee, idee):
    """By what it answers: the idea carries its answers with it."""
    with pytest.raises(Exception) as refus, transaction.atomic():
        idee.delete()
    assert type(refus.value).__name__ in {"ProtectedError", "RestrictedError", "IntegrityError"}


def test_update_or_create(scellee):
    with pytest.raises(RegistreScelle):
        Reponse.objects.update_or_create(pk=scellee.pk, defaults={"texte": "Réécrit."})


def test_bulk_create_qui_remplace(scellee):
    copie = Reponse(**{champ.attname: getattr(scellee, champ.attname) for champ in Reponse._meta.concrete_fields})
    copie.texte = "Réécrit."
    with pytest.raises(IntegrityError), transaction.atomic():
        Reponse.objects.bulk_create([copie], update_conflicts=True, unique_fields=["id"], update_fields=["texte"])


def test_par_l_action(scellee, agent):
    with pytest.raises(EtapeImpossible):
        modifier(scellee, par=agent, version=scellee.version(), texte="Réécrit.")


# --- SQL ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE reponses_reponse SET texte = 'Réécrit.'",
        "UPDATE reponses_reponse SET etat = 'brouillon', signee_le = NULL, publiee_le = NULL, signataire_nom = '', signataire_mandat = ''",
        "UPDATE reponses_reponse SET sens = 'no_go', alternative = 'Autre'",
        "UPDATE reponses_reponse SET id = id + 1000",
        "DELETE FROM reponses_reponse",
    ],
)
def test_sql(scellee, ordre):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre)


@pytest.mark.sqlite
def test_sql_remplacer(scellee):
    """REPLACE deletes before it inserts: SQLite tells the triggers only when it is asked to."""
    noms = [champ.column for champ in Reponse._meta.concrete_fields]
    valeurs = ["'Réécrit.'" if nom == "texte" else nom for nom in noms]
    with pytest.raises(IntegrityError, match="ne change plus"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(
            f"REPLACE INTO reponses_reponse ({', '.join(noms)}) SELECT {', '.join(valeurs)} FROM reponses_reponse"
        )


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_sql_ecrire_dessus(publiee):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO reponses_reponse SELECT * FROM reponses_reponse ON CONFLICT (id) DO UPDATE SET texte = 'Réécrit.'"
        )


def test_les_verrous_sont_poses():
    """SQLite forgets triggers when a migration rebuilds a table."""
    attendus = {
        "verrou_reponses_reponse_maj", "verrou_reponses_reponse_fin", "verrou_reponses_reponse_publiee_maj",
        "verrou_reponses_echeance_maj", "verrou_reponses_echeance_fin", "verrou_reponses_echeance_tenue_maj",
        "verrou_reponses_avis_maj", "verrou_reponses_avis_fin", "verrou_reponses_jalon_maj", "verrou_reponses_jalon_fin",
        "verrou_reponses_jalon_fait_maj", "verrou_reponses_jalon_annule_maj",
    }  # fmt: skip
    if connection.vendor == "postgresql":
        requete, attendus = (
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
            attendus | {"garde_reponses_correction", "garde_reponses_date"},
        )
    else:
        requete = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        attendus |= {f"garde_reponses_{nom}_{geste}" for nom in ("correction", "date") for geste in ("ajout", "maj")}
    with connection.cursor() as curseur:
        curseur.execute(requete)
        poses = {nom for (nom,) in curseur.fetchall()}
    assert attendus <= poses


# --- What may still happen -----------------------------------------------------------------------------------------


def test_le_compte_de_l_agent_s_efface_sans_toucher_a_la_reponse(publiee, agent):
    """The author of the draft is the one column that erasure may empty."""
    sceau = publiee.sceau()
    agent.delete()
    publiee = Reponse.objects.get(pk=publiee.pk)
    assert (publiee.redigee_par, publiee.sceau()) == (None, sceau)


def test_le_compte_de_celle_qui_signe_ne_s_efface_pas(publiee, elue):
    with pytest.raises(Exception, match="protected"):
        elue.delete()


def test_un_avis_rendu_et_une_etape_promise_ne_changent_plus(publiee):
    avis, jalon = publiee.avis.get(), publiee.jalons.get()
    gestes = [
        lambda: Avis.objects.filter(pk=avis.pk).update(texte="Réécrit."),
        lambda: avis.delete(),
        lambda: Jalon.objects.filter(pk=jalon.pk).update(prevu_le=dans(400)),
        lambda: Jalon.objects.filter(pk=jalon.pk).update(titre="Autre"),
        lambda: jalon.delete(),
    ]
    for geste in gestes:
        with pytest.raises(IntegrityError), transaction.atomic():
            geste()
    Jalon.objects.filter(pk=jalon.pk).update(fait_le=dans(0))
    with pytest.raises(IntegrityError), transaction.atomic():
        Jalon.objects.filter(pk=jalon.pk).update(fait_le=None)


def test_une_personne_sans_role_n_entre_pas_dans_l_admin(client, publiee):
    personne = PersonneFabrique()
    assert client.login(email=personne.email, password=MOT_DE_PASSE)
    assert client.get(reverse("admin:reponses_reponse_change", args=[publiee.pk])).status_code == 302
