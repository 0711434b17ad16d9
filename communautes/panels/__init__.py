"""Panels citoyens: their mandate, their pools and draws, their seats. The draw itself, pure, is `communautes.tirage`."""
