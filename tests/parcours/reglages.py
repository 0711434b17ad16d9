"""The settings of a site that browsers visit: those of the house, a lock that opens at once, and a calmer clock.

A password costs half a second each time somebody comes in, which a hundred times in a row shows nothing. The doors
themselves are tried with the real lock in test_portes_du_compte.
"""

from config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A beat is fifty milliseconds of processor, on each of the sites that are open; no story waits for the next one.
TIC_SECONDES = 4
