"""Loads a CSV file on support's pages, as a person does: preview, then confirm."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse


def send(client, kind, district, *rows, encoding="utf-8"):
    """Upload a file; return the answer."""
    content = "\n".join(rows).encode(encoding)
    return client.post(
        reverse(f"admin:{kind}_import"),
        {
            "district": district.pk,
            "format": "0",
            "resource": "",
            "import_file": SimpleUploadedFile("file.csv", content, "text/csv"),
        },
    )


def upload(client, kind, district, *rows, encoding="utf-8"):
    """Upload a file; return the preview page."""
    answer = send(client, kind, district, *rows, encoding=encoding)
    assert answer.status_code == 200
    return answer.content.decode()


def confirm(client, kind, preview):
    """Confirm what a preview shows; return the page after it."""
    inputs = r'<input type="hidden" name="([^"]+)" value="([^"]*)"'
    hidden = dict(re.findall(inputs, preview))
    answer = client.post(reverse(f"admin:{kind}_process_import"), hidden, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()
