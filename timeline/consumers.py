from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from timeline import temps_reel

BAVARDAGE_MAX = 10  # messages; a page has nothing to say to us


async def introuvable(scope, receive, send):
    """Any other address: refused before the handshake, as something that this person may not see."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


class FluxConsumer(AsyncJsonWebsocketConsumer):
    """Read-only flux of one object, or of the whole chronology."""

    async def connect(self):
        self.recus = 0
        self.groupe = None
        cible = self.scope["url_route"]["kwargs"]
        if not cible:
            self.groupe = temps_reel.CHRONOLOGIE
            self.sous_condition = False
        elif await self._voit(cible, self.scope["user"]):
            self.groupe = f"flux.{cible['modele']}.{cible['pk']}"
            self.sous_condition = not await self._voit(cible, AnonymousUser())
        else:
            await self.close(4404)
            return
        await self.channel_layer.group_add(self.groupe, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        if self.groupe:
            await self.channel_layer.group_discard(self.groupe, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        self.recus += 1
        if self.recus == BAVARDAGE_MAX + 1:  # once: what still waits in the queue costs nothing more
            await self.close(4008)

    async def entree(self, evenement):
        # What only some may see is checked again each time: the right may have gone.
        if self.sous_condition and not await self._voit(self.scope["url_route"]["kwargs"], self.scope["user"]):
            await self.close(4404)
            return
        await self.send_json({"type": "entree"})

    @database_sync_to_async
    def _voit(self, cible, personne) -> bool:
        try:
            modele = apps.get_model(cible["modele"])
        except (LookupError, ValueError):
            return False
        # A thing may be known to more people than those who may hear that something happens in it.
        objets = modele._default_manager
        visibles = getattr(objets, "ecoutables_par", None) or getattr(objets, "visibles_par", None)
        if visibles is None:
            return False
        if personne.pk:
            personne = (
                get_user_model()._default_manager.filter(pk=personne.pk, is_active=True).first() or AnonymousUser()
            )
        return visibles(personne).filter(pk=cible["pk"]).exists()
