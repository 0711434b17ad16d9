"""A door never finds itself wider on what is already written: by the page, by the action, by raw SQL. And two people at once."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from communautes import actions
from communautes.models import Adhesion, Communaute
from tests.communautes.fabriques import adherer, animatrice_de, fonder, ouvrir, referente_de
from tests.fabriques import PersonneFabrique
from tests.timeline.test_concurrence import _ensemble
from timeline.etapes import EtapeInvalide, EtapeRefusee, franchir
from timeline.models import Entree

A, E = Communaute.Acces, Adhesion.Etat
PLUS_LARGES = [(A.SUR_DEMANDE, A.PUBLIQUE), (A.SUR_INVITATION, A.PUBLIQUE), (A.SUR_INVITATION, A.SUR_DEMANDE)]
PLUS_ETROITES = [(large, etroite) for etroite, large in PLUS_LARGES]


def en_sql(communaute, acces) -> None:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("UPDATE communautes_communaute SET acces = %s WHERE id = %s", [acces, communaute.pk])


def par_la_page(client, communaute, acces):
    client.force_login(animatrice_de(communaute))
    url = reverse("communautes:modifier", args=[communaute.slug])
    form = client.get(url).context["form"]
    envoi = {nom: form.initial.get(nom) or "" for nom in ("nom", "resume", "description", "charte", "vu")}
    return client.post(url, {**envoi, "acces": acces})


@pytest.mark.django_db
@pytest.mark.parametrize(("avant", "apres"), PLUS_LARGES)
@pytest.mark.parametrize("etat", ["ouverte", "en_sommeil", "close"])
def test_plus_large_par_aucun_chemin(client, avant, apres, etat):
    communaute = ouvrir(avant)
    hote, referente = animatrice_de(communaute), referente_de(communaute)
    if etat == "en_sommeil":
        franchir(communaute.endormir, par=referente)
    if etat == "close":
        franchir(communaute.clore, par=referente, motif="Fini.")
    else:
        reponse = par_la_page(client, communaute, apres)
        assert reponse.status_code == 422 and "ne s’ouvre jamais plus largement" in reponse.content.decode()
        with pytest.raises(EtapeInvalide):
            actions.modifier(communaute, par=hote, acces=apres)
    with pytest.raises(DatabaseError):
        en_sql(communaute, apres)
    with pytest.raises(DatabaseError), transaction.atomic():
        Communaute.objects.filter(pk=communaute.pk).update(acces=apres)
    communaute.refresh_from_db()
    assert communaute.acces == avant


@pytest.mark.django_db
@pytest.mark.parametrize(("avant", "apres"), PLUS_ETROITES)
def test_plus_etroite_oui(client, avant, apres):
    communaute = ouvrir(avant)
    assert par_la_page(client, communaute, apres).status_code == 302
    communaute.refresh_from_db()
    assert communaute.acces == apres


@pytest.mark.django_db
@pytest.mark.parametrize(("avant", "apres"), [*PLUS_LARGES, *PLUS_ETROITES])
def test_avant_son_ouverture_rien_n_est_encore_ecrit(client, avant, apres):
    communaute = fonder(avant)
    actions.modifier(communaute, par=communaute.proposee_par, acces=apres)
    communaute.refresh_from_db()
    assert communaute.acces == apres


# --- Two at once -------------------------------------------------------------------------------------------------------------


def _tenter(geste, *args, **kwargs) -> str:
    try:
        geste(*args, **kwargs)
    except EtapeRefusee as refus:
        return str(refus.statut)
    return "fait"


def _pas(adhesion_pk, personne_pk, nom, dits):
    from comptes.models import Utilisateur

    adhesion = Adhesion.objects.select_related("communaute").get(pk=adhesion_pk)
    return _tenter(franchir, getattr(adhesion, nom), par=Utilisateur.objects.get(pk=personne_pk), **dits)


def _entrer(communaute_pk, personne_pk):
    from comptes.models import Utilisateur

    communaute = Communaute.objects.get(pk=communaute_pk)
    return _tenter(actions.rejoindre, communaute, par=Utilisateur.objects.get(pk=personne_pk))


@pytest.mark.django_db(transaction=True)
def test_deux_qui_accueillent_et_deux_qui_excluent_en_meme_temps():
    communaute = ouvrir(A.SUR_DEMANDE)
    elle = adherer(communaute, etat=E.DEMANDEE)
    place = communaute.adhesions.get(personne=elle)
    hotes = [animatrice_de(communaute).pk, referente_de(communaute).pk]
    assert sorted(_ensemble(_pas, [(place.pk, pk, "accueillir", {}) for pk in hotes])) == ["409", "fait"]
    pas = [(place.pk, pk, "exclure", {"motif": "Trop de bruit."}) for pk in hotes]
    assert sorted(_ensemble(_pas, pas)) == ["409", "fait"]
    for nom in ("accueillir", "exclure"):
        assert Entree.objects.filter(type=f"communautes.adhesion.{nom}").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("acces", [A.PUBLIQUE, A.SUR_DEMANDE])
def test_entrer_quatre_fois_en_meme_temps_est_entrer_une_fois(acces):
    communaute, elle = ouvrir(acces), PersonneFabrique()
    assert _ensemble(_entrer, [(communaute.pk, elle.pk)] * 4) == ["fait"] * 4
    assert communaute.adhesions.filter(personne=elle).count() == 1
    types = {A.PUBLIQUE: "communautes.adhesion.entrer", A.SUR_DEMANDE: "communautes.adhesion.demander"}
    assert Entree.objects.filter(type=types[acces]).count() == 1
