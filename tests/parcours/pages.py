"""Which page is read by axe-core, by whom and where: the walk of `test_chaque_page`, another story, or nobody and why not.

`tests/config/test_pages_lues.py` compares these tables with the URLconf: a new page has its place in one of them.
"""

#: Who -> the pages she opens. {…} are found on the site itself.
PAGES = {
    "": [
        "/", "/idees/", "/idees/?etat=retard", "/idees/?theme=bien-vieillir&page=1", "/idees/?vue=carte",
        "/idees/?ordre=moins_vues", "/idees/?pres=nantes", "/idees/calendrier/", "{idee}affiche/",
        "/idees/proposer/", "{idee}", "{idee_repondue}",
        "{recit}", "{recit}imprimer/",
        "{boite}", "{fusion}", "/projets/", "{projet}", "{projet_documents}", "/chronologie/",
        "/chronologie/?genre=reponses", "{entree}",
        "/chronologie/registre/", "/reponses/", "/reponses/?genre=corrections",
        "/reponses/?decision=go&raison=cout", "/reponses/attendues/",
        "/reponses/chiffres/", "{reponse}", "{reponse_relue}", "{reponse_en_attente}",
        "/comptes/login/", "/comptes/signup/", "/comptes/password/reset/",
        "/charte/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/contact/", "/plan-du-site/",
        "/comment-ca-marche/",
        "/votes/", "/votes/?etat=finis",
        "/communautes/", "/communautes/?q=voisins", "/communautes/?q=introuvable", "{communaute}", "{communaute}journal/",
        "{communaute_fermee}", "{communaute_en_sommeil}",
        "/consultations/", "/consultations/?etat=finies", "{consultation}", "{consultation}repondre/", "{sondage}", "{sondage}code/",
        "{bilan}", "/participations/", "/moderation/registre/", "{signaler}", "/courriels/", "/composants/", "/nulle-part/",
    ],
    "citoyenne": [
        "/mon-espace/", "/mon-espace/idees/", "/mon-espace/soutiens/", "/mon-espace/commentaires/", "/mon-espace/accords/",
        "/mon-espace/suivis/", "/mon-espace/reponses-attendues/", "/mon-espace/mes-donnees/",
        "{ma_reponse_officielle}", "{demander_lecture}",
        "/mon-espace/votes/", "/mon-espace/communautes/", "/communautes/?liste=miennes", "/communautes/proposer/",
        "{communaute}", "{communaute}membres/", "{communaute}membres/inviter/", "{communaute}modifier/",
        "{communaute_fermee}rejoindre/",
        "/mon-espace/consultations/", "{consultation}repondre/", "{consultation}relire/", "{ma_reponse}",
        "{proposer}", "/notifications/", "/notifications/preferences/", "/mon-profil/", "/comptes/2fa/", "{idee}",
        "{retirer}",
    ],
    "agent": [
        "/bureau/lots/", "/bureau/lots/nouveau/", "/bureau/modeles-de-reponse/", "/bureau/modeles-de-reponse/nouveau/",
        "/bureau/", "/bureau/integrer/", "{saisir_reponse}", "/bureau/consultations/", "/bureau/consultations/nouvelle/",
        "/bureau/importations/", "/bureau/importations/nouvelle/", "{idee_etude}", "{rediger}", "{reunir}",
        "{communaute_fermee}membres/", "{communaute_proposee}", "{appel}", "/bureau/appels/", "/bureau/appels/?etat=finis",
        "/bureau/votes/", "/bureau/votes/nouveau/", "/bureau/votes/reprendre/",
        "/nouveau-projet/", "{conduire}", "{regler}",
        "{composer}", "{raconter}", "{retarder}", "{nouvelle}",
    ],
    "moderatrice": ["/moderation/"],
    "mediatrice": ["/bureau/mediation/", "{reponse_en_attente}", "/bureau/appels/", "{appel}"],
    "elue": ["/bureau/signatures/", "{dossier}"],
}  # fmt: skip

#: {…} that is an address -> the view that answers there.
VUES = {
    "idee": "idees:detail", "idee_repondue": "idees:detail", "idee_etude": "idees:detail", "rediger": "reponses:rediger",
    "retirer": "timeline:etape", "fusion": "idees:fusion", "reunir": "idees:reunir", "boite": "idees:boite",
    "regler": "idees:regler_boite", "proposer": "idees:proposer_dans", "signaler": "moderation:signaler",
    "consultation": "consultations:detail", "sondage": "consultations:detail", "bilan": "consultations:detail",
    "saisir_reponse": "consultations:saisir", "ma_reponse": "consultations:participation",
    "communaute": "communautes:detail", "communaute_fermee": "communautes:detail",
    "communaute_en_sommeil": "communautes:detail", "communaute_proposee": "communautes:detail", "appel": "communautes:appel",
    "projet": "projets:detail", "conduire": "projets:conduire", "projet_documents": "projets:detail",
    "reponse": "reponses:detail", "reponse_relue": "reponses:detail", "reponse_en_attente": "reponses:detail",
    "ma_reponse_officielle": "reponses:detail", "demander_lecture": "reponses:demander_lecture",
    "recit": "projets:edition_recit", "composer": "projets:composer_recit", "raconter": "reponses:raconter_jalon",
    "retarder": "reponses:retarder_jalon", "nouvelle": "reponses:nouvelle", "dossier": "reponses:detail",
    "entree": "timeline:entree",
}  # fmt: skip

#: Found on the site by its own Python.
TROUVER = """
from communautes.models import Appel, Communaute
from consultations.models import Consultation, Participation
from idees.models import Fusion, Idee
from projets.models import Projet, Recit
from reponses.models import Jalon, Reponse
from timeline.models import Entree
i = lambda **f: Idee.objects.filter(**f).order_by("-publiee_le").first()
etude = Idee.objects.filter(etat="en_etude", reponses__isnull=True).first()
mienne = Idee.objects.filter(etat="publiee", auteur__email__startswith="citoyenne").first()
print("idee", i(etat="publiee", photos__isnull=False).get_absolute_url())
print("idee_repondue", i(etat="retenue").get_absolute_url())
print("idee_etude", etude.get_absolute_url())
print("rediger", f"/reponses/rediger/idees.idee/{etude.pk}/")
print("retirer", f"/etapes/idees.idee/{mienne.pk}/retirer/")
print("fusion", Fusion.objects.first().get_absolute_url())
print("reunir", f"/idees/{mienne.pk}/reunir/?avec={i(etat='publiee', fusions__isnull=False).pk}")
print("boite /idees/boites/j-ai-une-idee/")
print("regler /idees/boites/j-ai-une-idee/regler/")
print("proposer /idees/boites/j-ai-une-idee/proposer/")
print("signaler", f"/signaler/idees.idee/{i(etat='publiee').pk}/")
c = {c.titre.split()[1]: c for c in Consultation.objects.all()}
print("consultation", c["rue"].get_absolute_url())
print("sondage", c["piscine"].get_absolute_url())
print("bilan", c["navette"].get_absolute_url())
print("saisir_reponse", f"/bureau/consultations/{c['rue'].slug}/saisir/")
envoyee = Participation.objects.get(personne__email__startswith="citoyenne", envoyee_le__isnull=False)
print("ma_reponse", f"/participations/{envoyee.numero}/")
for nom, debut in [("communaute", "Réseau"), ("communaute_fermee", "Se déplacer"), ("communaute_en_sommeil", "Les jardins"),
                   ("communaute_proposee", "Réparer")]:
    print(nom, Communaute.objects.get(nom__startswith=debut).get_absolute_url())
print("appel", Appel.objects.get().get_absolute_url())
p = Projet.objects.get(titre__startswith="Des rues")
print("projet", p.get_absolute_url())
print("conduire", p.get_absolute_url() + "conduire/")
print("projet_documents", Projet.objects.get(titre__startswith="La place").get_absolute_url())
print("reponse", Reponse.objects.publiees().first().get_absolute_url())
print("reponse_relue", Reponse.objects.get(secondes_lectures__etat="precisee").get_absolute_url())
print("reponse_en_attente", Reponse.objects.get(secondes_lectures__etat="demandee").get_absolute_url())
siennes = Idee.objects.filter(auteur__email__startswith="citoyenne").values("pk")
a_elle = Reponse.objects.publiees().filter(corrige=None, cible_type__model="idee", cible_id__in=siennes).first()
print("ma_reponse_officielle", a_elle.get_absolute_url())
print("demander_lecture", f"{a_elle.get_absolute_url()}seconde-lecture/")
r = Recit.objects.get()
faite, attendue = Jalon.objects.exclude(fait_le=None).first(), Jalon.objects.a_tenir().first()
print("recit", r.get_absolute_url())
print("composer", r.projet.get_absolute_url() + "recit/composer/")
print("raconter", f"/reponses/jalons/{faite.pk}/raconter/")
print("retarder", f"/reponses/jalons/{attendue.pk}/retard/")
print("nouvelle", f"/reponses/{faite.reponse_id}/nouvelle/")
print("dossier", Reponse.objects.get(etat="a_signer").get_absolute_url())
print("entree", Entree.objects.publiques().order_by("-le").first().get_absolute_url())
"""

#: JavaScript: what the open page answered. An address with a mistake in it would show a very accessible « introuvable ».
STATUT = "performance.getEntriesByType('navigation')[0].responseStatus"

#: Story -> pages that axe-core reads there, and that the walk need not open.
AILLEURS = {
    "test_au_guichet": [
        "idees:deposer", "idees:lettre", "idees:lettres", "idees:rattacher", "idees:saisir", "idees:suivi", "idees:suivre",
    ],
    "test_cinq_reponses": ["reponses:consulter_lot", "reponses:lot", "reponses:signer_lot"],
    "test_communautes": ["communautes:faire_appel"],
    "test_deux_dans_un_dossier": ["reponses:avis", "reponses:modifier"],
    "test_discuter": ["commentaires:distinguer", "commentaires:versions"],
    "test_ecrire_a_plusieurs": ["idees:corriger", "idees:equipe", "idees:invitation", "idees:version", "idees:versions"],
    "test_ecrire_ensemble": ["communautes:commencer_une_ebauche", "communautes:ebauche", "communautes:ecrits"],
    "test_forum": [
        "communautes:demander_sondage", "communautes:document_partage", "communautes:documents", "communautes:forum",
        "communautes:ouvrir_sujet", "communautes:partager_document", "communautes:sondage", "communautes:sondages",
        "communautes:sujet", "communautes:verser_version", "communautes:version_partagee",
    ],
    "test_proclamer": ["votes:depouiller", "votes:ouvrir_un_projet", "votes:pourquoi"],
    "test_proposer_malgre_tout": ["idees:suite"],
    "test_question": [
        "communautes:poser_une_question", "communautes:question", "communautes:questions", "portail:mes_questions",
    ],
    "test_reunir_deux_idees": ["idees:decider_fusion"],
    "test_tirage": [
        "communautes:bureau_panel", "communautes:bureau_panels", "communautes:calcul", "communautes:colonnes_vivier",
        "communautes:nouveau_panel", "communautes:preparer_tirage", "communautes:publier_mandat",
        "communautes:quotas_tirage",
        "communautes:recevoir_vivier",
    ],
    "test_une_idee_existe_deja": ["idees:rejoindre", "idees:semblables"],
    "test_voter": [
        "votes:bulletin", "votes:detail", "votes:mon_vote", "votes:option", "votes:options", "votes:verifier",
        "votes:voter",
    ],
}  # fmt: skip

_FICHIER = "donne un fichier ou des données"
_RENVOI = "ne fait que renvoyer à une autre page"
_ENVOI = "ne répond qu’à un envoi"
_MORCEAU = "un morceau d’une page que le parcours lit"
_AUTRE_SITE = "commence chez un fournisseur d’identité, que la démonstration n’a pas"
_FACTEUR = "demande une application ou une clé de double authentification, que la démonstration n’a pas"
_PAS_ENCORE = "à ouvrir dans le parcours : elle n’y est pas encore"
_ABSENT = "la démonstration n’a rien dans cet état, et aucune histoire n’y passe encore"

#: Page -> why no browser reads it.
SANS_LECTURE = {
    **dict.fromkeys([
        "admin:autocomplete", "admin:jsi18n", "api:schema", "communautes:fichier_avis", "communautes:fichier_partage",
        "communautes:fichier_tirage", "communautes:image", "communautes:photo_sujet", "communautes:questions_atom",
        "consultations:donnees", "consultations:oembed", "consultations:piece", "idees:photo",
        "mfa_download_recovery_codes",
        "mfa_login_webauthn", "portail:sante", "projets:document", "projets:photo_recit", "reponses:photo",
        "votes:bulletins",
        "votes:donnees_resultats", "votes:image",
    ], _FICHIER),
    **dict.fromkeys([
        "admin:", "admin:login", "admin:view_on_site", "commentaires:voir", "communautes:ma_place", "idees:decouvrir",
        "idees:reprendre",
    ], _RENVOI),
    **dict.fromkeys(["admin:logout", "set_language"], _ENVOI),
    **dict.fromkeys(["reponses:ecrivent"], _MORCEAU),
    **dict.fromkeys([
        "franceconnect_callback", "franceconnect_login", "openid_connect_callback", "openid_connect_login",
        "socialaccount_signup",
    ], _AUTRE_SITE),
    **dict.fromkeys([
        "mfa_authenticate", "mfa_deactivate_totp", "mfa_edit_webauthn", "mfa_generate_recovery_codes", "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
    ], _FACTEUR),
    "api:description": "Swagger UI a des contrastes, des titres et des boutons à lui ; `/api/`, que le parcours lit, dit la même chose",
    "account_confirm_login_code": "un code par courriel : cette porte est fermée",
    "account_set_password": "pour qui est entrée par un autre site, et n’a pas de mot de passe",
    **dict.fromkeys([
        "commentaires:corriger", "communautes:corriger_compte_rendu", "communautes:corriger_sujet",
        "communautes:lier_synthese", "communautes:nommer", "communautes:nouveau_compte_rendu", "communautes:publier_avis",
        "communautes:refuser_place", "communautes:role", "consultations:abandonner_version", "consultations:fichiers",
        "consultations:publier_version", "consultations:retirer_page", "consultations:saut", "idees:arreter_les_courriels",
        "idees:depot", "idees:fonder_un_groupe", "idees:garder_mon_soutien", "idees:importation",
        "idees:importation_annuler",
        "idees:importation_correspondance", "idees:importation_essai", "idees:mon_invitation", "idees:regarder",
        "idees:suivre_par_lien", "moderation:retablir", "notifications:arreter", "projets:modifier_passage",
        "projets:retirer_etape", "reponses:ajouter_au_lot", "reponses:archiver_modele", "reponses:brouillons_du_lot",
        "reponses:modele", "reponses:presenter_lot", "reponses:retirer_du_lot", "votes:decider_jonction", "votes:jonction",
    ], _ABSENT),
    **dict.fromkeys([
        "account_change_password", "account_confirm_email", "account_email", "account_email_verification_sent",
        "account_inactive", "account_logout", "account_reauthenticate", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done", "admin:ModelAdmin.add_view",
        "admin:ModelAdmin.change_view", "admin:ModelAdmin.changelist_view", "admin:ModelAdmin.delete_view",
        "admin:ModelAdmin.history_view", "admin:app_list", "admin:index", "admin:password_change",
        "admin:password_change_done", "api:accueil", "commentaires:fil", "commentaires:reponses",
        "communautes:compte_rendu", "communautes:ebauche_version", "communautes:ebauche_versions",
        "communautes:ecrire_l_ebauche", "communautes:panel", "communautes:place", "communautes:rediger_mandat",
        "communautes:repondre_au_panel", "communautes:sieges", "communautes:tirage", "communautes:versions_sujet",
        "comptes:effacer", "consultations:apercu", "consultations:composer", "consultations:croiser",
        "consultations:element", "consultations:integrer", "consultations:nouveau_saut", "consultations:nouvel_element",
        "consultations:page", "consultations:regles", "consultations:resultats", "consultations:retirer",
        "consultations:retirer_element", "consultations:textes", "idees:creer_boite", "idees:deposer_ensemble",
        "idees:effacer", "idees:modifier", "idees:ouvrir_projet", "idees:pas_a_pas", "mfa_activate_totp",
        "mfa_add_webauthn", "mfa_list_webauthn", "moderation:decision", "moderation:masquer", "notifications:courriel",
        "projets:actualite", "projets:actualites", "projets:ajouter_actualite", "projets:ajouter_document",
        "projets:ajouter_etape", "projets:ajouter_version", "projets:cadre", "projets:cadre_integre", "projets:equipe",
        "projets:modifier", "projets:modifier_etape", "projets:recit", "reponses:annuler_jalon", "reponses:corriger",
        "reponses:jalon_fait", "reponses:jalons", "socialaccount_connections", "socialaccount_login_cancelled",
        "socialaccount_login_error", "usersessions_list", "votes:ajouter_fichier", "votes:ajouter_idees",
        "votes:ajouter_options", "votes:apercu", "votes:composer", "votes:composer_option", "votes:comptage",
        "votes:enveloppe", "votes:enveloppes", "votes:etudes", "votes:facon", "votes:joindre_option", "votes:regles",
        "votes:resultats", "votes:retirer_enveloppe", "votes:retirer_option", "votes:simuler",
    ], _PAS_ENCORE),
}  # fmt: skip


def nom_de_page(nom_de_vue: str, vue) -> str:
    """The name of its view; of the administration's pages of models, the method of Django that makes them all."""
    fonction = getattr(vue, "__qualname__", "")
    return f"admin:{fonction}" if fonction.startswith("ModelAdmin.") else nom_de_vue
