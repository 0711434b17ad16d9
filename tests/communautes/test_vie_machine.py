"""State × transition × role of a community, of a place in it and of an appeal, from written tables. What is not there is refused."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from communautes import actions
from communautes.models import Adhesion, Appel, Communaute
from socle.permissions import SYSTEME
from tests.communautes.fabriques import adherer, animatrice_de, fonder, ouvrir, referente_de
from tests.fabriques import PersonneFabrique
from tests.tableau import Copies, cellules, issue, noms
from timeline.etapes import franchir, transitions_ouvertes

pytestmark = pytest.mark.django_db
A, E = Communaute.Acces, Adhesion.Etat
MAISON = {"agent", "administratrice"}


@pytest.fixture(scope="module")
def mondes(pour_le_module):
    """What each table begins with."""
    return pour_le_module(
        lambda: SimpleNamespace(
            vies=Copies({etat: en(etat) for etat in Communaute.Etat.values}),
            portes=Copies({acces: autour_d_une_porte(acces) for acces in (A.PUBLIQUE, A.SUR_DEMANDE)}),
            appels=Copies({etat: appel_en(etat) for etat in Appel.Etat.values}),
        )
    )


def gens_de(communaute, elle) -> dict:
    """Everybody who may press a button; `elle` is whoever it is about, or the founder."""
    return {
        "visiteur": AnonymousUser(),
        "citoyenne": PersonneFabrique(),
        "elle": elle,
        "agent": PersonneFabrique(roles=["agent"]),
        "moderatrice": PersonneFabrique(roles=["moderatrice"]),
        "mediatrice": PersonneFabrique(roles=["mediatrice"]),
        "elue": PersonneFabrique(roles=["elue"]),
        "administratrice": PersonneFabrique(roles=["administratrice"], is_superuser=True),
        "systeme": SYSTEME,
        **(_dedans(communaute) if communaute.est_annoncee else {}),
    }


def _dedans(communaute) -> dict:
    dits = {"animatrice": animatrice_de(communaute), "referente": referente_de(communaute)}
    if communaute.est_ouverte:
        dits |= {"membre": adherer(communaute), "exclue": adherer(communaute, etat=E.EXCLUE)}
        dits["experte"] = adherer(communaute, role=Adhesion.Role.EXPERTE)
        if communaute.acces == A.SUR_DEMANDE:
            dits["demande"] = adherer(communaute, etat=E.DEMANDEE)
    return dits


def essayer(objet, nom, gens, vers, permis, arguments) -> None:
    """Every role tries the step; each attempt is undone, so that all start from the same state."""
    obtenus = {}
    for role, personne in gens.items():
        with transaction.atomic():
            obtenus[role] = issue(objet, nom, personne, **arguments)
            transaction.set_rollback(True)
        if obtenus[role] == vers:  # a refusal has left it as it was: `issue` has seen to that
            objet.refresh_from_db()
    attendus = {role: "409" if vers is None else vers if role in permis else "403" for role in gens}
    assert obtenus == attendus


# --- The community ---------------------------------------------------------------------------------------------------------

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody. « elle » founded it, and leads it once open.
VIE = {
    ("proposee", "ouvrir"): ("ouverte", MAISON),
    ("proposee", "refuser"): ("refusee", MAISON),
    ("proposee", "retirer"): ("retiree", {"elle"}),
    ("ouverte", "endormir"): ("en_sommeil", MAISON | {"animatrice", "referente", "elle", "systeme"}),
    ("en_sommeil", "reveiller"): ("ouverte", MAISON | {"animatrice", "referente", "elle"}),
    ("ouverte", "clore"): ("close", MAISON | {"referente"}),
    ("en_sommeil", "clore"): ("close", MAISON | {"referente"}),
}


def en(etat, acces=A.SUR_DEMANDE) -> tuple[Communaute, dict]:
    """A community in this state, and people around it."""
    elle = PersonneFabrique()
    if etat in {"proposee", "refusee", "retiree"}:
        communaute = fonder(acces, par=elle)
        if etat == "refusee":
            franchir(communaute.refuser, par=PersonneFabrique(roles=["agent"]), motif="Elle existe déjà.")
        if etat == "retiree":
            franchir(communaute.retirer, par=elle)
        return communaute, gens_de(communaute, elle)
    communaute = ouvrir(acces, par=elle)
    gens = gens_de(communaute, elle)
    if etat == "en_sommeil":
        franchir(communaute.endormir, par=SYSTEME)
    if etat == "close":
        franchir(communaute.clore, par=gens["referente"], motif="C’est fini.")
    communaute.oublier_les_adhesions_lues()
    return communaute, gens


@pytest.mark.parametrize(("etat", "nom"), cellules(Communaute.Etat.values, sorted(noms(Communaute)), VIE))
def test_vie(mondes, etat, nom):
    communaute, gens = mondes.vies[etat]
    vers, permis = VIE.get((etat, nom), (None, set()))
    dits = {"motif": "Une raison."} if nom in {"refuser", "clore"} else {}
    if nom == "ouvrir":
        dits = {"referente": gens["agent"]}
    essayer(communaute, nom, gens, vers, permis, dits)


# --- A place in it -----------------------------------------------------------------------------------------------------------

ANIME = {"animatrice", "referente"}
#: (state, transition, door) -> (state reached, who may). `None` as a door: whatever the door.
PLACES = {
    **{(e, "entrer", A.PUBLIQUE): ("acceptee", {"elle"}) for e in ("demandee", "invitee", "refusee", "declinee", "quittee")},
    **{(e, "entrer", A.SUR_DEMANDE): ("acceptee", set()) for e in ("demandee", "invitee", "refusee", "declinee", "quittee")},
    **{(e, "redemander", A.SUR_DEMANDE): ("demandee", {"elle"}) for e in ("refusee", "declinee", "quittee")},
    **{(e, "redemander", A.PUBLIQUE): ("demandee", set()) for e in ("refusee", "declinee", "quittee")},
    ("demandee", "accueillir", None): ("acceptee", ANIME),
    ("demandee", "refuser", None): ("refusee", ANIME),
    **{(e, "inviter", None): ("invitee", ANIME) for e in ("refusee", "quittee")},
    ("declinee", "inviter", None): ("400", ANIME),  # she has just declined: not so soon
    ("declinee", "se_raviser", A.SUR_DEMANDE): ("invitee", {"elle"}),
    ("declinee", "se_raviser", A.PUBLIQUE): ("invitee", set()),
    ("invitee", "accepter", None): ("acceptee", {"elle"}),
    ("invitee", "decliner", None): ("declinee", {"elle"}),
    ("demandee", "renoncer", None): ("quittee", {"elle"}),
    ("acceptee", "quitter", None): ("quittee", {"elle"}),
    ("acceptee", "exclure", None): ("exclue", ANIME),
    ("exclue", "reintegrer", None): ("acceptee", set()),
}  # fmt: skip


def autour_d_une_porte(acces) -> tuple[Communaute, dict]:
    communaute = ouvrir(acces)
    return communaute, gens_de(communaute, PersonneFabrique())


def a_sa_place(communaute, elle, etat) -> Adhesion:
    """By the steps where they lead there; else the row as it may have been written before the door was narrowed."""
    adhesion = Adhesion.objects.create(
        communaute=communaute,
        personne=elle,
        etat=etat,
        motif="Une raison." if etat in {E.REFUSEE, E.EXCLUE} else "",
        decidee_par=animatrice_de(communaute),
    )
    communaute.oublier_les_adhesions_lues()
    return Adhesion.objects.select_related("communaute").get(pk=adhesion.pk)


@pytest.mark.parametrize("acces", [A.PUBLIQUE, A.SUR_DEMANDE])
@pytest.mark.parametrize(
    ("etat", "nom"), cellules(E.values, sorted(noms(Adhesion)), {cle[:2] for cle, (_v, p) in PLACES.items() if p})
)
def test_place(mondes, etat, nom, acces):
    communaute, gens = mondes.portes[acces]
    adhesion = a_sa_place(communaute, gens["elle"], etat)
    vers, permis = PLACES.get((etat, nom, acces), PLACES.get((etat, nom, None), (None, set())))
    dits = {"motif": "Une raison."} if nom in {"refuser", "exclure"} else {}
    essayer(adhesion, nom, gens, vers, permis, dits)


@pytest.mark.parametrize(("nom", "endormie", "close"), [
    ("entrer", "403", "403"), ("redemander", "403", "403"), ("accueillir", "acceptee", "403"), ("refuser", "refusee", "403"),
    ("inviter", "403", "403"), ("accepter", "acceptee", "403"), ("decliner", "declinee", "declinee"),
    ("se_raviser", "invitee", "403"), ("renoncer", "quittee", "quittee"), ("quitter", "quittee", "quittee"), ("exclure", "exclue", "403"),
])  # fmt: skip
@pytest.mark.parametrize("etat", ["en_sommeil", "close"])
def test_place_dans_une_communaute_qui_dort_ou_qui_est_fermee(nom, endormie, close, etat):
    """One may always leave, decline or take back; nobody comes in by a door that is closed."""
    elle, communaute = PersonneFabrique(), ouvrir(A.SUR_DEMANDE)
    hote, agent = animatrice_de(communaute), referente_de(communaute)
    depart = {"accueillir": E.DEMANDEE, "refuser": E.DEMANDEE, "renoncer": E.DEMANDEE, "accepter": E.INVITEE,
              "decliner": E.INVITEE, "se_raviser": E.DECLINEE, "quitter": E.ACCEPTEE,
              "exclure": E.ACCEPTEE}.get(nom, E.QUITTEE)  # fmt: skip
    adhesion = a_sa_place(communaute, elle, depart)
    franchir(communaute.endormir, par=agent)
    if etat == "close":
        franchir(communaute.clore, par=agent, motif="C’est fini.")
    par = hote if nom in {"accueillir", "refuser", "inviter", "exclure"} else elle
    adhesion = Adhesion.objects.select_related("communaute").get(pk=adhesion.pk)
    dits = {"motif": "Une raison."} if nom in {"refuser", "exclure"} else {}
    assert issue(adhesion, nom, par, **dits) == (endormie if etat == "en_sommeil" else close)


def test_on_n_exclut_ni_la_referente_ni_celle_qui_anime_sans_elle():
    communaute = ouvrir()
    hote, referente = animatrice_de(communaute), referente_de(communaute)
    autre = adherer(communaute, role=Adhesion.Role.ANIMATRICE)
    place = {p: communaute.adhesions.select_related("communaute").get(personne=p) for p in (hote, referente, autre)}
    assert issue(place[referente], "exclure", hote, motif="Non.") == "403"
    assert issue(place[referente], "quitter", referente) == "403"
    assert issue(place[autre], "exclure", hote, motif="Non.") == "403"
    assert issue(place[autre], "exclure", referente, motif="Oui.") == "exclue"
    assert issue(place[hote], "exclure", hote, motif="Moi.") == "403"


# --- An appeal ---------------------------------------------------------------------------------------------------------------

APPELS = {
    ("depose", "accorder"): ("fonde", MAISON | {"mediatrice"}),
    ("depose", "rejeter"): ("rejete", MAISON | {"mediatrice"}),
}


def appel_en(etat) -> tuple[Appel, dict]:
    communaute = ouvrir(A.SUR_DEMANDE)
    elle = adherer(communaute, etat=E.EXCLUE)
    gens = gens_de(communaute, elle)
    appel = actions.faire_appel(communaute.adhesions.get(personne=elle), par=elle, texte="Ce n’était pas moi.")
    if etat != "depose":
        pas = appel.accorder if etat == "fonde" else appel.rejeter
        franchir(pas, par=gens["mediatrice"], reponse="Voilà pourquoi.")
    return appel, gens


@pytest.mark.parametrize(("etat", "nom"), cellules(Appel.Etat.values, sorted(noms(Appel)), APPELS))
def test_appel(mondes, etat, nom):
    appel, gens = mondes.appels[etat]
    vers, permis = APPELS.get((etat, nom), (None, set()))
    essayer(appel, nom, gens, vers, permis, {"reponse": "Voilà pourquoi."})


@pytest.mark.parametrize("qui", ["decidee_par", "referente", "animatrice agent"])
def test_qui_est_juge_ne_juge_pas(qui):
    """Also when she is of the team, or a mediator."""
    juge = PersonneFabrique(roles=["agent", "mediatrice"])
    if qui == "referente":
        communaute = ouvrir(referente=juge)
        elle = adherer(communaute)
    else:
        communaute = ouvrir()
        elle = adherer(communaute)
        adherer(communaute, juge)
        actions.confier(
            communaute.adhesions.get(personne=juge), par=referente_de(communaute), role=Adhesion.Role.ANIMATRICE
        )
    par = juge if qui == "decidee_par" else _qui_anime_aussi(communaute, juge)
    franchir(
        communaute.adhesions.select_related("communaute").get(personne=elle).exclure, par=par, motif="Trop de bruit."
    )
    if qui == "decidee_par":
        franchir(communaute.adhesions.select_related("communaute").get(personne=juge).quitter, par=juge)
    appel = actions.faire_appel(communaute.adhesions.get(personne=elle), par=elle, texte="Non.")
    assert issue(appel, "accorder", juge, reponse="Oui.") == "403"
    assert transitions_ouvertes(appel, juge) == []


def _qui_anime_aussi(communaute, sauf):
    return communaute.adhesions.filter(role__in=["animatrice", "referente"]).exclude(personne=sauf).first().personne


def test_une_exclusion_un_appel():
    communaute = ouvrir(A.SUR_DEMANDE)
    elle = adherer(communaute, etat=E.EXCLUE)
    place = communaute.adhesions.get(personne=elle)
    appel = actions.faire_appel(place, par=elle, texte="Non.")
    with pytest.raises(actions.EtapeImpossible):
        actions.faire_appel(place, par=elle, texte="Encore.")
    franchir(appel.rejeter, par=PersonneFabrique(roles=["mediatrice"]), reponse="Si.")
    with pytest.raises(actions.EtapeImpossible):
        actions.faire_appel(place, par=elle, texte="Encore.")
    with pytest.raises(actions.EtapeInterdite):
        actions.faire_appel(place, par=animatrice_de(communaute), texte="Pour elle.")
