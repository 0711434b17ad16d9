"""A form of each kind, sent with faults from a phone: the page says what is wrong beside the field, and keeps what was typed."""

import pytest
from playwright.sync_api import expect

from comptes.demonstration import DOMAINE
from tests.parcours.conftest import violations
from tests.parcours.pages import STATUT, TROUVER

#: Who -> page, button that sends its form. {…} are found on the site itself.
FORMULAIRES = {
    "": {
        "/comptes/signup/": "Créer mon compte",
        "/comptes/login/": "Se connecter",
        "/comptes/password/reset/": "Recevoir un lien",
        "{proposer}": "Envoyer mon idée",
        "{signaler}": "Envoyer le signalement",
    },
    "citoyenne": {
        "{proposer}": "Envoyer mon idée",
        "{retirer}": "Retirer mon idée",
        "{demander_lecture}": "Demander une seconde lecture",
        "/communautes/proposer/": "Envoyer ma proposition",
        "{communaute}membres/inviter/": "Envoyer l’invitation",
        "/mon-profil/": "Enregistrer",
        "/comptes/password/change/": "Changer mon mot de passe",
        "/comptes/email/": "Changer d’adresse",
    },
    "agent": {
        "{rediger}": "Garder le brouillon",
        "{regler}": "Enregistrer",
        "{reunir}": "Proposer de les réunir",
        "{raconter}": "Publier ce compte rendu",
        "{retarder}": "Annoncer le retard",
        "{nouvelle}": "Publier la nouvelle",
        "{saisir_reponse}": "Enregistrer cette réponse",
        "/nouveau-projet/": "Enregistrer",
        "/bureau/lots/nouveau/": "Ouvrir le lot",
        "/bureau/modeles-de-reponse/nouveau/": "Garder le modèle",
        "/bureau/consultations/nouvelle/": "Créer, puis écrire les questions",
        "/bureau/importations/nouvelle/": "Envoyer et régler les colonnes",
        "/bureau/votes/nouveau/": "Créer, puis écrire la liste",
        "/bureau/votes/reprendre/": "Essayer, sans rien écrire",
    },
}

MOTS = "Ce qui est tapé reste"
#: Empties what the form requires, writes in its other lines, and lets it leave as from a browser that checks nothing.
#: What was written, by name.
REMPLIR = """mots => {
    const forme = [...document.querySelectorAll("main form[method=post]")].sort((a, b) => b.elements.length - a.elements.length)[0];
    const ecrits = {};
    for (const champ of forme.elements) {
        if (!champ.matches("textarea, input[type=text], input[type=email]") || champ.readOnly || champ.disabled) continue;
        champ.value = champ.required || champ.name === "site_web" ? "" : mots;
        if (champ.value) ecrits[champ.name] = mots;
    }
    forme.noValidate = true;
    return ecrits;
}"""
#: What the refused page lacks.
MANQUES = """ecrits => {
    const dits = c => (c.getAttribute("aria-describedby") || "").split(" ").map(id => document.getElementById(id));
    const erreur = c => [...dits(c), ...(c.closest("fieldset") ? dits(c.closest("fieldset")) : [])]
        .some(e => /(_error|-tort)$/.test(e?.id) && e.innerText.trim());
    const fautifs = [...document.querySelectorAll("main [aria-invalid=true]")];
    const liens = [...document.querySelectorAll("[data-es-resume-erreurs] a")];
    return [
        ...(fautifs.length ? [] : ["aucun champ n'est marqué"]),
        ...fautifs.filter(c => !erreur(c)).map(c => `${c.name} : rien à côté`),
        ...liens.filter(a => !document.getElementById(a.hash.slice(1))).map(a => `${a.hash} ne mène nulle part`),
        ...Object.entries(ecrits).filter(([nom, mots]) => ![...document.getElementsByName(nom)].some(c => c.value === mots))
            .map(([nom]) => `${nom} : ce qui était tapé est perdu`),
        ...(document.activeElement.matches("[data-es-resume-erreurs]") ? [] : ["le résumé n'a pas le focus"]),
        ...(document.documentElement.scrollWidth > innerWidth ? ["déborde"] : []),
    ];
}"""


@pytest.mark.parametrize(
    "qui", [pytest.param(qui, marks=pytest.mark.xdist_group(f"refuses-{qui}")) for qui in FORMULAIRES]
)
def test_ce_qui_est_refuse_se_dit_et_se_garde(site_demonstration, quelqu_un, qui):
    adresses = dict(ligne.split() for ligne in site_demonstration.executer(TROUVER).splitlines())
    personne = quelqu_un(site_demonstration, f"{qui}@{DOMAINE}" if qui else "", largeur=360)
    fautes = []
    for gabarit, bouton in FORMULAIRES[qui].items():
        page = personne.va(gabarit.format(**adresses))
        ecrits = page.evaluate(REMPLIR, MOTS)
        page.locator("main form").get_by_role("button", name=bouton, exact=True, include_hidden=True).last.evaluate(
            "b => b.click()"
        )
        expect(page.locator("[data-es-resume-erreurs]")).to_be_visible()
        dits = page.evaluate(MANQUES, ecrits) + violations(page)
        if page.evaluate(STATUT) != 422:
            dits.append(f"réponse {page.evaluate(STATUT)}")
        fautes += [f"{gabarit} : {dit}" for dit in dits]
    assert fautes == []
