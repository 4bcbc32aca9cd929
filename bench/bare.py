"""A Flask view that does nothing, behind the server that the product runs behind: what everything is compared with."""

from __future__ import annotations

import os
import sys

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from tools.serve import THREADS, WORKERS

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "Hello"


if __name__ == "__main__":

    def loaded() -> Flask:
        os.setpgid(0, 0)
        return app

    Granian(
        "bench.bare:app",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve(target_loader=loaded, wrap_loader=False)
