"""Mail goes out: to a relay on this machine in the clear, elsewhere only where the server offers encryption."""

from __future__ import annotations

import os
import socketserver
import subprocess
import sys
import threading
from email import message_from_string

import pytest

SENT = """
import os, smtplib
from pathlib import Path
from vigie.web import site
site.settle(Path(os.environ["VIGIE_HOME"]), None)
import django
django.setup()
from django.conf import settings
from django.core.mail import send_mail
print(settings.EMAIL_PORT, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL, settings.EMAIL_HOST_PASSWORD)
if "127.0.0.1" in os.environ["VIGIE_MAIL"]:
    send_mail("Vous êtes invité", "Suivez ce lien : http://x/y", None, ["ana@own.example"])
"""


class Relay(socketserver.StreamRequestHandler):
    """As much of a mail server as takes one message."""

    def handle(self):
        self.wfile.write(b"220 relay\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = iter(self.rfile.readline, b".\r\n")
                self.server.taken.append(b"".join(body).decode())
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def relay():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Relay) as server:
        server.taken = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def settled(tmp_path, mail: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "DJANGO_"))}
    environment |= {"VIGIE_HOME": str(tmp_path / "site"), "VIGIE_MAIL": mail, "VIGIE_SENDER": "vigie@own.example"}
    made = subprocess.run([sys.executable, "-c", SENT], capture_output=True, text=True, env=environment, check=False)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def test_a_relay_on_this_machine_gets_the_message(relay, tmp_path):
    port = relay.server_address[1]
    assert settled(tmp_path, f"smtp://127.0.0.1:{port}") == f"{port} False False"
    (sent,) = relay.taken
    message = message_from_string(sent)
    assert (message["From"], message["To"]) == ("vigie@own.example", "ana@own.example")
    assert "http://x/y" in message.get_payload(decode=True).decode()


@pytest.mark.parametrize(
    ("mail", "told"),
    [("smtp://a:p%40ss@mail.example", "587 True False p@ss"), ("smtps://a:b@mail.example", "465 False True b"),
     ("smtp://localhost", "25 False False")],
)  # fmt: skip
def test_everybody_else_is_spoken_to_under_encryption(tmp_path, mail, told):
    assert settled(tmp_path, mail) == told
