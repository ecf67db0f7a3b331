"""The manual's "Import Staff Data", step by step, against a worker."""

import json

import pytest
from playwright.sync_api import expect

from accounts.models import Invitation, StaffAccount
from staffimport.models import ImportRun
from tests.browser.steps import open_set_up_clever, sign_in
from tests.stage import done

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def maple(maple, tmp_path):
    """Maple Valley with its schools matched, settings saved and a test completed."""
    done("match_schools", "maple")
    file = tmp_path / "maple" / "settings.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "uses_sso": False}))
    done("load_import_settings", "maple", file)
    done("import_staff", "maple", "--test")
    return maple


def test_import_staff_data(maya_page, maya, maple, worker, served):
    page = maya_page
    sign_in(page, maya.email)
    # 1. From the Naviance for Districts homepage, go to the gear icon, select Setup,
    #    then choose Data Import.
    # 2. From the Import Staff Data page in Set Up Clever, click Start Import.
    open_set_up_clever(page, "Import Staff Data")
    page.get_by_role("link", name="Start Import").click()
    # If not setting up Clever SSO, an email will be automatically sent to staff when
    # their account is created, so they can set up their Naviance ID.
    dialog = page.get_by_role("dialog", name="Import staff records into Naviance")
    expect(dialog).to_contain_text("people are e-mailed an invitation now")
    # 3. Click Yes, permanently import staff records in the warning modal.
    dialog.get_by_label("Yes, permanently import staff records").check()
    # 4. Click Start Import.
    served.fault("slow", path="/sections", seconds=600)
    dialog.get_by_role("button", name="Start Import").click()
    # 5. Select Check Final Import Progress to confirm the import is complete. The
    #    import may take several hours to process.
    expect(page.get_by_text("In Progress").first).to_be_visible()
    page.get_by_role("link", name="Check Final Import Progress").click()
    expect(page.get_by_text("In Progress").first).to_be_visible()
    served.clear_faults()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Results of the final import")
    run = maple.import_runs.get(kind=ImportRun.Kind.FINAL)
    assert (run.state, run.error) == (ImportRun.State.SUCCEEDED, "")
    made = StaffAccount.objects.filter(origin="import")
    assert {account.last_name for account in made} == {"Shah", "Toro", "Dunn"}
    sent = Invitation.objects.filter(account__in=made, state="sent")
    worker.until(lambda: sent.count() == made.count())
    # 6. After the import is complete, review the results and import history.
    page.get_by_role("link", name="Created 3").click()
    expect(page.get_by_role("row", name="Shah, Sven")).to_contain_text("New. Teacher")
    page.get_by_role("link", name="Import history").first.click()
    newest = page.get_by_role("row", name=str(run))
    expect(newest).to_contain_text("by Maya Site")
    expect(newest).to_contain_text("3 created")

    # Naviance automatically checks for changes and updates staff accounts.
    page.get_by_role("link", name="Home").first.click()
    expect(page.get_by_text("Next sync")).to_be_visible()
