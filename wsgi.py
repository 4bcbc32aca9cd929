"""What the WSGI server imports."""

from app import create_app

app = create_app()
