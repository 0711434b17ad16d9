from django.urls import path

from communautes.views import bureau_panels, bureau_tirages, contenus_panels, panels, places, tirages

DU_PANEL = "communautes/<slug:slug>/panel/"
DU_BUREAU = "bureau/panels/<slug:slug>/"
DU_TIRAGE = f"{DU_BUREAU}tirages/<int:numero>/"

urlpatterns = [
    # What everybody reads.
    path(DU_PANEL, panels.panel, name="panel"),
    path(f"{DU_PANEL}comptes-rendus/nouveau/", contenus_panels.nouveau_compte_rendu, name="nouveau_compte_rendu"),
    path(f"{DU_PANEL}comptes-rendus/<int:pk>/", panels.compte_rendu, name="compte_rendu"),
    path(
        f"{DU_PANEL}comptes-rendus/<int:pk>/corriger/",
        contenus_panels.corriger_compte_rendu,
        name="corriger_compte_rendu",
    ),
    path(f"{DU_PANEL}avis/", contenus_panels.publier_l_avis, name="publier_avis"),
    path(f"{DU_PANEL}avis/<int:numero>/fichier/", panels.fichier_de_l_avis, name="fichier_avis"),
    path(f"{DU_PANEL}syntheses/", contenus_panels.lier_une_synthese, name="lier_synthese"),
    path(f"{DU_PANEL}syntheses/<int:pk>/enlever/", contenus_panels.delier_une_synthese, name="delier_synthese"),
    path(f"{DU_PANEL}tirages/<int:numero>/", tirages.tirage, name="tirage"),
    path(f"{DU_PANEL}tirages/<int:numero>/<str:nom>", tirages.fichier, name="fichier_tirage"),
    # A drawn person, with the key of her letter.
    path(f"{DU_PANEL}place/", places.place, name="place"),
    path(f"{DU_PANEL}ma-place/", places.ma_place, name="ma_place"),
    path(f"{DU_PANEL}ma-place/refuser/", places.refuser, name="refuser_place"),
    # The desk.
    path("bureau/panels/", bureau_panels.liste, name="bureau_panels"),
    path("bureau/nouveau-panel/", bureau_panels.nouveau, name="nouveau_panel"),
    path(DU_BUREAU, bureau_panels.panel, name="bureau_panel"),
    path(f"{DU_BUREAU}mandat/", bureau_panels.rediger_le_mandat, name="rediger_mandat"),
    path(f"{DU_BUREAU}publier/", bureau_panels.publier_le_mandat, name="publier_mandat"),
    path(f"{DU_BUREAU}places/", bureau_panels.sieges, name="sieges"),
    path(f"{DU_BUREAU}lettres/", bureau_panels.lettres, name="lettres"),
    path(f"{DU_BUREAU}remplacer/", bureau_panels.remplacer, name="remplacer"),
    path(f"{DU_BUREAU}reponse/", bureau_panels.repondre, name="repondre_au_panel"),
    path(f"{DU_BUREAU}tirages/", bureau_panels.commencer_un_tirage, name="commencer_tirage"),
    path(DU_TIRAGE, bureau_tirages.tirage, name="preparer_tirage"),
    path(f"{DU_TIRAGE}vivier/", bureau_tirages.recevoir, name="recevoir_vivier"),
    path(f"{DU_TIRAGE}colonnes/", bureau_tirages.colonnes, name="colonnes_vivier"),
    path(f"{DU_TIRAGE}quotas/", bureau_tirages.quotas, name="quotas_tirage"),
    path(f"{DU_TIRAGE}calculer/", bureau_tirages.calculer, name="calculer"),
    path(f"{DU_TIRAGE}calcul/", bureau_tirages.calcul, name="calcul"),
    path(f"{DU_TIRAGE}calcul/arreter/", bureau_tirages.arreter, name="arreter_calcul"),
]
