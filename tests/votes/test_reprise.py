"""Votes of elsewhere: a `.pb` file becomes a vote and comes back the same; a broken one says its line and leaves nothing."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from socle.permissions import SYSTEME
from tests.fabriques import PersonneFabrique
from tests.votes import corpus_reel
from tests.votes.fabriques import amener, scrutin, votante, voter_pour
from timeline.etapes import EtapeImpossible, EtapeInterdite, franchir
from timeline.models import Entree
from votes import reprise
from votes.exportation import fichier_de, mentions_en_csv
from votes.fichiers.fautes import FichierInvalide
from votes.fichiers.pabulib import ecrire, election_de, lire_octets
from votes.horloge import battre
from votes.models import Bulletin, Option, Scrutin
from votes.urne import election_de as election_du_vote

pytestmark = pytest.mark.django_db

PB = """META
key;value
description;Budget fictif
unit;Ville fictive
instance;2031
num_projects;3
num_votes;4
budget;1000.50
vote_type;{type}
rule;{regle}
date_begin;01.02.2031
date_end;28.02.2031
min_length;1
max_length;2
max_points;3
max_sum_points;7
ce_que_nous_ignorons;gardé
PROJECTS
project_id;cost;votes;name;category;district;une_colonne
p/1;400;2;"Des bancs; à l'ombre";Ombre;Nord;x
2;300.5;2;Une fontaine;;;
TROIS;1000;1;{long};;;y
VOTES
voter_id;age;vote{colonne}
v-1;34;{un}
v-2;;{deux}
v-3;51;{trois}
v-4;20;{quatre}
"""
SORTES = {
    "approval": ("", "2,p/1", "TROIS", "", "p/1"),
    "choose-1": ("", "2", "TROIS", "", "p/1"),
    "ordinal": ("", "2,p/1,TROIS", "TROIS,2", "", "p/1"),
    "cumulative": (";points", "2,p/1;3,1.0", "TROIS;0", ";", "p/1;2"),
    "scoring": (";points", "2,p/1;3,1", "TROIS;2", ";", "p/1;2"),
}


def texte(sorte="approval", regle="greedy", **changes) -> str:
    colonne, un, deux, trois, quatre = SORTES[sorte]
    mots = {"type": sorte, "regle": regle, "colonne": colonne, "un": un, "deux": deux, "trois": trois, "quatre": quatre}
    return PB.format(**{**mots, "long": "Un titre très long " * 15, **changes})


def fichier(**autres):
    return lire_octets(texte(**autres).encode())


# --- There and back ----------------------------------------------------------------------------------------------------------------


# What cities type, spaces and semicolons where nobody expects them: (as in PB, as they wrote it).
BIZARRERIES = {
    "aucune": ("", ""),
    "un commentaire en liste": ("ce_que_nous_ignorons;gardé", "comment;#1: a; #2: b"),
    "des guillemets au milieu": ("ce_que_nous_ignorons;gardé", 'comment;voir; "le parc" ; et la suite '),
    "des espaces autour d'un nom": ("Une fontaine;", " Une fontaine ;"),
    "des espaces autour des nombres": ("2;300.5;2;", " 2 ; 300.5;2 ;"),
    "des espaces dans les bulletins": ("v-1;34;", " v-1 ;34 ; "),
    "des espaces dans les colonnes": ("budget;1000.50", "budget; 1000.50 "),
    "le genre du vote suivi d'une espace": ("\nrule;", " \nrule; "),
}


@pytest.mark.parametrize("bizarrerie", BIZARRERIES)
@pytest.mark.parametrize("sorte", SORTES)
def test_un_fichier_devient_un_vote_et_revient_le_meme(sorte, bizarrerie):
    ordinaire, ecrit = BIZARRERIES[bizarrerie]
    assert ordinaire in texte(sorte)
    lu = lire_octets(texte(sorte).replace(ordinaire, ecrit, 1).encode())
    vote = reprise.reprendre(lu, par=SYSTEME)
    assert (vote.etat, vote.origine, vote.bulletins.count(), vote.options.count()) == ("clos", "fichier", 4, 3)
    assert fichier_de(vote, vote.enveloppes.get()) == lu
    assert ecrire(fichier_de(Scrutin.objects.get(pk=vote.pk), vote.enveloppes.get())) == ecrire(lu)


@pytest.mark.parametrize("sorte", ["approval", "choose-1", "ordinal", "cumulative"])
def test_ce_que_l_on_compte_est_ce_que_dit_le_fichier(sorte):
    lu = fichier(sorte=sorte)
    vote = reprise.reprendre(lu, par=SYSTEME)
    du_fichier, d_ici = election_de(lu), election_du_vote(vote, vote.enveloppes.get())
    assert (d_ici.genre, d_ici.budget, d_ici.votantes) == (du_fichier.genre, du_fichier.budget, du_fichier.votantes)
    assert [option.cout for option in d_ici.options] == [option.cout for option in du_fichier.options]
    assert d_ici.totaux() == du_fichier.totaux()


def test_ce_que_dit_le_fichier_a_sa_place_ici():
    vote = reprise.reprendre(fichier(), par=SYSTEME)
    assert vote.titre == "Budget fictif, Ville fictive, 2031"
    assert (vote.regle, vote.forme, vote.choix_min, vote.choix_max) == ("plus-votes", "approbation", 1, 2)
    assert timezone.localtime(vote.ouvre_le).isoformat() == "2031-02-01T00:00:00+01:00"
    assert timezone.localtime(vote.ferme_le).isoformat() == "2031-03-01T00:00:00+01:00"
    assert (vote.enveloppes.get().nom, vote.enveloppes.get().budget) == ("Ville fictive", 100_050)
    un, deux, trois = vote.options.all()
    assert (un.cle, un.titre, un.cout, un.categorie, un.adresse) == (
        "p1",
        "Des bancs; à l'ombre",
        40_000,
        "Ombre",
        "Nord",
    )
    assert (deux.cle, trois.cle, deux.cout) == ("2", "TROIS", 30_050)
    assert len(trois.titre) == 200
    assert trois.texte.startswith("Un titre très long")
    assert list(vote.bulletins.values_list("origine", "notes")) == [
        ("v-1", {"2": 1, "p1": 1}), ("v-2", {"TROIS": 1}), ("v-3", {}), ("v-4", {"p1": 1}),
    ]  # fmt: skip
    entree = Entree.objects.sur(vote).get(type="votes.reprendre")
    assert (entree.donnees["bulletins"], entree.donnees["empreinte"]) == (4, vote.empreinte)


@pytest.mark.parametrize(
    ("sorte", "regle", "attendue", "forme"),
    [
        ("approval", "greedy", "plus-votes", "approbation"),
        ("approval", "unknown", "plus-votes", "approbation"),
        ("approval", "greedy-no-skip", "plus-votes-sans-saut", "approbation"),
        ("approval", "equalshares", "parts-egales", "approbation"),
        ("approval", "equalshares/add1", "parts-egales", "approbation"),
        ("cumulative", "equalshares", "parts-egales", "points"),
        ("scoring", "greedy", "plus-votes", "points"),
        ("choose-1", "greedy", "plus-votes", "choix"),
        ("ordinal", "greedy", "schulze", "classement"),
    ],
)
def test_sa_regle_et_sa_facon_de_voter(sorte, regle, attendue, forme):
    essai = reprise.preparer(fichier(sorte=sorte, regle=regle))
    assert (essai.scrutin.regle, essai.scrutin.forme) == (attendue, forme)
    assert Scrutin.objects.count() == 0


@pytest.mark.parametrize("dates", ["", "date_begin;2031\n", "date_begin;printemps\n", "date_end;01.02.2031\n"])
def test_des_dates_absentes_ou_illisibles_n_arretent_pas(dates):
    ecrit = texte().replace("date_begin;01.02.2031\ndate_end;28.02.2031\n", dates).replace("instance;2031\n", "")
    vote = reprise.reprendre(lire_octets(ecrit.encode()), par=SYSTEME)
    assert vote.ouvre_le < vote.ferme_le


@pytest.mark.parametrize(
    "chemin", corpus_reel.fichiers() or [None], ids=lambda chemin: chemin.stem if chemin else "absents"
)
def test_aller_et_retour_des_fichiers_reels(chemin, tmp_path, capsys):
    if chemin is None:
        pytest.skip(corpus_reel.manque())
    call_command("importer_pb", str(chemin), titre="Un vote réel")
    vote = Scrutin.objects.get()
    call_command("exporter_pb", vote.slug, str(tmp_path / "retour.pb"))
    assert (tmp_path / "retour.pb").read_bytes() == chemin.read_bytes()
    assert "repris en" in capsys.readouterr().out


# --- Broken files ---------------------------------------------------------------------------------------------------------------------

#: name -> (what is replaced, by what, words of the sentence)
CASSES = {
    "projet inconnu": ("v-2;;TROIS", "v-2;;QUATRE", "ligne 26"),
    "bulletin double": ("v-2;;", "v-1;;", "ligne 26"),
    "coût en lettres": ("2;300.5;", "2;cher;", "ligne 21"),
    "budget négatif": ("budget;1000.50", "budget;-5", "ligne 8"),
    "budget nul": ("budget;1000.50", "budget;0", "budget est nul"),
    "genre inconnu": ("vote_type;approval", "vote_type;hasard", "ligne 9"),
    "nombre faux": ("num_votes;4", "num_votes;5", "annonce 5 bulletins"),
    "sans section": ("VOTES\n", "", "VOTES manque"),
    "identifiant trop long": ("v-4;", f"{'v' * 81};", "dépasse 80 caractères"),
}


@pytest.mark.parametrize("cas", CASSES)
def test_un_fichier_casse_dit_sa_ligne_et_rien_n_est_ecrit(cas, tmp_path, client, agent):
    avant, apres, phrase = CASSES[cas]
    ecrit = texte()
    assert avant in ecrit
    ecrit = ecrit.replace(avant, apres)
    chemin = tmp_path / "casse.pb"
    chemin.write_text(ecrit)
    with pytest.raises(CommandError, match=phrase) as refus:
        call_command("importer_pb", str(chemin))
    assert "Rien n’est écrit" in str(refus.value)
    client.force_login(agent)
    reponse = client.post(reverse("votes:reprendre"), {"fichier": SimpleUploadedFile("casse.pb", ecrit.encode())})
    assert reponse.status_code == 422
    assert phrase in reponse.context["form"].errors["fichier"][0].replace("Ligne", "ligne")
    assert (Scrutin.objects.count(), Option.objects.count(), Entree.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "contenu", [b"", b"\x00\x01", "META\nkey;value\n".encode("utf-16"), b"\xff\xfe\x00", b"PK\x03\x04"]
)
def test_ce_qui_n_est_pas_un_pb_est_refuse(contenu, client, agent, tmp_path):
    client.force_login(agent)
    reponse = client.post(reverse("votes:reprendre"), {"fichier": SimpleUploadedFile("x.pb", contenu)})
    assert reponse.status_code == 422
    chemin = tmp_path / "x.pb"
    chemin.write_bytes(contenu)
    with pytest.raises(CommandError):
        call_command("importer_pb", str(chemin))


def test_une_panne_au_milieu_ne_laisse_rien(monkeypatch):
    monkeypatch.setattr(reprise, "LOT", 2)
    ecrits = []

    def panne(fait, total):
        ecrits.append((fait, total))
        if fait == 4:
            raise RuntimeError("la machine s'arrête")

    with pytest.raises(RuntimeError):
        reprise.reprendre(fichier(), par=SYSTEME, avancement=panne)
    assert ecrits == [(2, 4), (4, 4)]
    assert (Scrutin.objects.count(), Bulletin.objects.count(), Option.objects.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_d_autres_ecrivent_entre_deux_lots(monkeypatch):
    """Nothing is held from one lot to the next, and nobody reads a vote of which half the ballots are there."""
    monkeypatch.setattr(reprise, "LOT", 2)
    agent = PersonneFabrique(roles=["agent"])
    vus = []

    def avancement(fait, total):
        vus.append((fait, connection.in_atomic_block, Scrutin.objects.get().etat))
        assert not Scrutin.objects.visibles_par(agent).exists()
        assert not Scrutin.objects.a_conduire_par(agent).exists()

    vote = reprise.reprendre(fichier(), par=agent, avancement=avancement)

    assert vus == [(2, False, "brouillon"), (4, False, "brouillon")]
    assert Scrutin.objects.visibles_par(agent).get() == vote


@pytest.mark.django_db(transaction=True)
def test_une_panne_entre_deux_lots_ne_laisse_rien(monkeypatch):
    monkeypatch.setattr(reprise, "LOT", 1)

    def panne(fait, total):
        if fait == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reprise.reprendre(fichier(), par=SYSTEME, avancement=panne)
    assert (Scrutin.objects.count(), Bulletin.objects.count(), Option.objects.count()) == (0, 0, 0)


def test_l_horloge_efface_ce_qu_un_processus_mort_a_laisse(monkeypatch):
    def mort(pk):
        raise DatabaseError

    def panne(fait, total):
        raise RuntimeError

    with monkeypatch.context() as coupure:
        coupure.setattr(reprise, "_effacer", mort)
        with pytest.raises(RuntimeError):
            reprise.reprendre(fichier(), par=SYSTEME, avancement=panne)
    entier = reprise.reprendre(fichier(), par=SYSTEME)

    battre()
    assert Scrutin.objects.en_reprise().count() == 1  # perhaps somebody is still writing it
    Scrutin.objects.update(cree_le=timezone.now() - timedelta(days=2))
    battre()
    assert Scrutin.objects.get() == entier
    assert (Bulletin.objects.count(), Option.objects.count()) == (4, 3)


def test_les_bulletins_hors_des_bornes_sont_repris_et_dits(tmp_path, capsys):
    chemin = tmp_path / "ville.pb"
    chemin.write_text(texte(un="2,p/1,TROIS"))
    call_command("importer_pb", str(chemin))
    assert "1 bulletin sort des bornes que le fichier annonce (max_length), à la ligne 25" in capsys.readouterr().err
    assert Scrutin.objects.get().bulletins.count() == 4
    assert not reprise.preparer(fichier()).dit


def test_le_seuil_du_fichier_est_dans_le_reglement():
    ecrit = texte().replace("min_length;1", "min_project_score_threshold;2")
    vote = reprise.reprendre(lire_octets(ecrit.encode()), par=SYSTEME)

    assert vote.reglement["parametres"]["seuil"] == 2
    assert fichier_de(vote, vote.enveloppes.get()) == lire_octets(ecrit.encode())


def test_seuls_les_agents_reprennent(citoyenne, agent):
    with pytest.raises(EtapeInterdite):
        reprise.reprendre(fichier(), par=citoyenne)
    assert Scrutin.objects.count() == 0
    assert reprise.reprendre(fichier(), par=agent).etat == "clos"


# --- The page of agents --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "attendu"),
    [(None, 302), ("citoyenne", 403), ("moderatrice", 403), ("elue", 403), ("agent", 200), ("administratrice", 200)],
)
def test_qui_reprend(role, attendu, client, request):
    if role:
        client.force_login(request.getfixturevalue(role))
    assert client.get(reverse("votes:reprendre")).status_code == attendu
    assert client.post(reverse("votes:reprendre"), {"confirmer": "1"}).status_code == (
        302 if attendu == 200 else attendu
    )
    assert Scrutin.objects.count() == 0


def test_l_essai_n_ecrit_rien_puis_la_confirmation_ecrit_une_fois(client, agent):
    client.force_login(agent)
    envoi = {"fichier": SimpleUploadedFile("a.pb", texte().encode()), "titre": "Un vote d’ailleurs"}
    page = client.post(reverse("votes:reprendre"), envoi)
    assert page.status_code == 200
    assert "n’a rien écrit" in page.content.decode()
    assert Scrutin.objects.count() == 0
    reponse = client.post(reverse("votes:reprendre"), {"confirmer": "1"})
    vote = Scrutin.objects.get()
    assert (reponse.url, vote.titre, vote.bulletins.count()) == (
        reverse("votes:composer", args=[vote.slug]),
        "Un vote d’ailleurs",
        4,
    )
    assert client.get(reponse.url).status_code == 200
    assert client.post(reverse("votes:reprendre"), {"confirmer": "1"}).status_code == 302
    assert Scrutin.objects.count() == 1
    assert default_storage.listdir("votes/essais")[1] == []


def test_un_fichier_trop_lourd_est_refuse(client, agent, monkeypatch):
    from votes.forms import reprendre

    monkeypatch.setattr(reprendre, "FICHIER_MAX", 100)
    client.force_login(agent)
    reponse = client.post(reverse("votes:reprendre"), {"fichier": SimpleUploadedFile("a.pb", texte().encode())})
    assert reponse.status_code == 422
    assert "trop lourd" in reponse.context["form"].errors["fichier"][0]


# --- Ballots of people, written for everybody ------------------------------------------------------------------------------------------


def proclame(**champs) -> Scrutin:
    """Three people of one place voted; proclaimed, with one winner."""
    agent = PersonneFabrique(roles=["agent"])
    vote = scrutin("ouvert", agent=agent, **champs)
    for cles in (["p1", "p2"], ["p2"], []):
        notes = dict.fromkeys(cles, 1)
        voter_pour(vote, personne=votante(pseudonyme=f"Secrète {len(cles)}"), notes=notes)
    amener(vote, "clos", agent=agent)
    franchir(vote.depouiller, par=SYSTEME, empreinte="0" * 64)
    Option.objects.filter(scrutin=vote, cle="p2").update(est_elue=True)
    franchir(vote.proclamer, par=agent)
    return vote


@pytest.mark.parametrize("etat", ["brouillon", "annonce", "ouvert", "clos"])
def test_rien_ne_sort_avant_la_proclamation_pour_personne(etat, client, agent, tmp_path):
    vote = scrutin(etat, agent=agent)
    if etat == "ouvert":
        voter_pour(vote, "p1")
    page = reverse("votes:bulletins", args=[vote.slug, vote.enveloppes.get().pk])
    for personne in (None, agent):
        if personne:
            client.force_login(personne)
        assert client.get(page).status_code == 404
    with pytest.raises(CommandError, match="une fois les résultats proclamés"):
        call_command("exporter_pb", vote.slug, str(tmp_path / "x.pb"))
    with pytest.raises(EtapeImpossible):
        mentions_en_csv(vote, vote.enveloppes.get()).__next__()
    assert not (tmp_path / "x.pb").exists()


def test_les_bulletins_sortent_sans_nom_ni_compte_ni_date_ni_lieu(client, tmp_path):
    vote = proclame(choix_max=2)
    reponse = client.get(reverse("votes:bulletins", args=[vote.slug, vote.enveloppes.get().pk]))
    assert reponse.status_code == 200
    assert "no-store" in reponse.headers["Cache-Control"]
    assert "attachment" in reponse.headers["Content-Disposition"]
    ecrit = reponse.content.decode()
    for bulletin in Bulletin.objects.select_related("emargement__personne"):
        personne = bulletin.emargement.personne
        assert personne.pseudonyme not in ecrit
        assert personne.email not in ecrit
    lu = lire_octets(reponse.content)
    assert lu.colonnes_votes == ("voter_id", "vote")
    assert sorted(lu.votes) != []
    assert sorted(vote_ for _numero, vote_ in lu.votes) == ["", "p1,p2", "p2"]
    assert [numero for numero, _vote in lu.votes] == ["1", "2", "3"]
    assert (lu.meta["rule"], lu.meta["max_length"], lu.budget, lu.publiees) == ("greedy", "2", 5_000_000, ("p2",))
    call_command("exporter_pb", vote.slug, str(tmp_path / "x.pb"))
    assert (tmp_path / "x.pb").read_text().count("\n") == ecrit.count("\n")


def test_l_ordre_des_bulletins_est_tire_pour_chaque_fichier():
    vote = proclame()
    ordres = {fichier_de(vote, vote.enveloppes.get()).votes for _fois in range(40)}
    assert len(ordres) > 1


def test_l_enveloppe_d_un_autre_vote_ne_donne_rien(client):
    vote, autre = proclame(), scrutin("ouvert")
    assert client.get(reverse("votes:bulletins", args=[vote.slug, autre.enveloppes.get().pk])).status_code == 404
    assert client.get(reverse("votes:bulletins", args=[autre.slug, vote.enveloppes.get().pk])).status_code == 404


def test_des_mentions_sortent_en_tableau(client):
    agent = PersonneFabrique(roles=["agent"])
    vote = scrutin(
        "ouvert",
        agent=agent,
        regle="jugement-majoritaire",
        forme="mentions",
        mentions=["Non", "=Oui"],
        propositions=(("A", 0), ("B", 0)),
    )
    voter_pour(vote, notes={"p1": 1})
    voter_pour(vote, notes={"p1": 0, "p2": 1})
    amener(vote, "clos", agent=agent)
    franchir(vote.depouiller, par=SYSTEME, empreinte="0" * 64)
    franchir(vote.proclamer, par=agent)
    reponse = client.get(reverse("votes:bulletins", args=[vote.slug, vote.enveloppes.get().pk]))
    lignes = b"".join(reponse.streaming_content).decode().lstrip("\ufeff").splitlines()
    assert lignes[0] == '"p1";"p2"'
    assert sorted(lignes[1:]) == ['"\'=Oui";""', '"Non";"\'=Oui"']


def test_le_fichier_d_un_classement_dit_combien_de_bulletins_nomment_chaque_proposition(client):
    agent = PersonneFabrique(roles=["agent"])
    vote = scrutin("ouvert", agent=agent, regle="schulze", forme="classement")
    for notes in ({"p2": 1, "p1": 2, "p3": 3}, {"p2": 1, "p3": 2}):
        voter_pour(vote, notes=notes)
    amener(vote, "clos", agent=agent)
    franchir(vote.depouiller, par=SYSTEME, empreinte="0" * 64)
    franchir(vote.proclamer, par=agent)
    lu = lire_octets(client.get(reverse("votes:bulletins", args=[vote.slug, vote.enveloppes.get().pk])).content)
    assert lu.colonne("votes") == {"p1": "1", "p2": "2", "p3": "2"}
    assert sorted(bulletin for _numero, bulletin in lu.votes) == ["p2,p1,p3", "p2,p3"]


@pytest.mark.parametrize("arguments", [("inconnu", "x.pb"), ("", "x.pb")])
def test_exporter_ce_qui_n_existe_pas_le_dit(arguments, tmp_path):
    with pytest.raises(CommandError, match="Aucun vote"):
        call_command("exporter_pb", arguments[0], str(tmp_path / arguments[1]))


def test_preparer_refuse_un_fichier_sans_projet():
    ecrit = texte().replace("num_projects;3\n", "").replace("num_votes;4\n", "")
    debut, _suite = ecrit.split("p/1;400")
    vide = debut + "VOTES\nvoter_id;vote\n"
    with pytest.raises(FichierInvalide, match="aucun projet"):
        reprise.preparer(lire_octets(vide.encode()))


def test_un_essai_oublie_s_en_va_apres_un_jour(client, agent):
    import time_machine

    client.force_login(agent)
    client.post(reverse("votes:reprendre"), {"fichier": SimpleUploadedFile("a.pb", texte().encode())})
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        client.force_login(agent)
        client.post(reverse("votes:reprendre"), {"fichier": SimpleUploadedFile("a.pb", texte().encode())})
    assert len(default_storage.listdir("votes/essais")[1]) == 1


@pytest.mark.parametrize(
    ("regle", "reglages", "dite", "seuil"),
    [
        ("plus-votes", {}, "greedy", None),
        ("plus-votes-sans-saut", {"seuil": 2}, "greedy-no-skip", "2"),
        ("parts-egales", {"seuil": 2}, "equalshares/add1", "2"),
        ("parts-egales", {"pas": 0}, "equalshares", None),
    ],
)
def test_le_fichier_d_un_vote_d_ici_dit_sa_regle_et_son_seuil(regle, reglages, dite, seuil):
    """Whoever counts it again without saying more finds the same winners."""
    vote = proclame(regle=regle, parametres=reglages)

    meta = fichier_de(vote, vote.enveloppes.get()).meta

    assert (meta["rule"], meta.get("min_project_score_threshold")) == (dite, seuil)
