"""People who press buttons of a real server, each with her own session."""

import http.client
import threading
from urllib.parse import urlencode

JETON = "j" * 32


class Client(threading.Thread):
    """Presses one button after the other and remembers what the server answered: pairs (status, what it was)."""

    def __init__(self, port, gestes, *, depart=None, patience=20):
        super().__init__(daemon=True)
        self.port, self.gestes, self.depart, self.patience = port, gestes, depart, patience
        self.recus: list[tuple[int, tuple]] = []

    @property
    def acquis(self) -> list[tuple]:
        return [quoi for statut, quoi in list(self.recus) if statut == 302]

    def run(self):
        if self.depart:
            self.depart.wait(60)
        for session, chemin, champs, quoi in self.gestes:
            try:
                prise = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
                corps = urlencode({"csrfmiddlewaretoken": JETON, **champs})
                prise.request(
                    "POST",
                    chemin,
                    corps,
                    {
                        "Content-Type": "application/x-www-form-urlencoded",
                        "Cookie": f"sessionid={session}; csrftoken={JETON}",
                    },
                )
                self.recus.append((prise.getresponse().status, quoi))
                prise.close()
            except (OSError, http.client.HTTPException):
                return
