"""Own details in a browser, in each language: bank account, email, and the copy of own data."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Visit
from tests.browser.people import PASSWORD, Resident
from tests.factories.neighbourhood import NEIGHBOURHOOD
from tests.factories.register_files import write_folder
from tests.support.axe import violations
from tests.support.portal import RunningPortal

AINO, NEW = "aino@posti.example", "aino.uusi@posti.example"
NAME = "Aino Maria Virtanen"


@pytest.fixture
def aino(portal: RunningPortal, visit: Visit, tmp_path: Path, request: pytest.FixtureRequest) -> Resident:
    """Aino, registered, at her phone."""
    portal.command("register", "import", str(write_folder(tmp_path / "register", NEIGHBOURHOOD)))
    resident: Resident = visit(Resident, request.param, PHONE)
    resident.register(NAME, AINO)
    return resident


def identify(page: Page) -> None:
    """Choose Aino at the provider."""
    page.locator("label", has_text=NAME).click()
    page.locator("button[name=action][value=identify]").click()


@pytest.mark.parametrize("aino", ["fi", "sv", "en"], indirect=True)
def test_a_bank_account_is_given_and_stopped(aino: Resident) -> None:
    page = aino.page
    aino.open("/details")
    aino.follow("Change the bank account")
    aino.follow("Give an account number")
    aino.write("Account number (IBAN)", "FI21 1234 5600 0007 86")
    aino.press("Go on")
    assert violations(page) == []
    aino.write("Account number (IBAN)", "fi21 1234 5600 0007 85")
    aino.press("Go on")
    assert "FI21 1234 5600 0007 85" in aino.text
    aino.press("Identify yourself")
    identify(page)
    page.wait_for_url("**/details/bank-account/confirm")
    aino.arrive()
    assert violations(page) == []
    aino.press("Give this account number")
    assert "FI** **** 0785" in aino.text
    assert violations(page) == []
    aino.open("/home")
    aino.follow("Stop the change")
    assert violations(page) == []
    aino.press("Stop the change")
    assert aino.say("Stopped") in aino.text
    mails = aino.portal.mails(AINO)
    assert all("0785" not in mail.text for mail in mails)
    aino.open(mails[-1].link)
    assert aino.heading == aino.say("Bank account")


@pytest.mark.parametrize("aino", ["fi", "sv", "en"], indirect=True)
def test_the_email_changes_by_both_mailboxes_and_back(aino: Resident) -> None:
    page = aino.page
    aino.open("/account/email")
    aino.write("New email", NEW)
    page.locator("input[name=password]").fill(PASSWORD)
    aino.press("Send the links")
    aino.open(aino.portal.mails(AINO)[-1].link)
    aino.press("Confirm the change")
    aino.open(aino.portal.mails(NEW)[-1].link)
    aino.press("Confirm the address")
    assert aino.heading == aino.say("The new email is in use")
    assert violations(page) == []
    aino.open(aino.portal.mails(AINO)[-1].link)
    assert violations(page) == []
    aino.press("Undo the change")
    aino.open(aino.portal.mails(AINO)[-1].link)
    assert aino.heading == aino.say("Choose a new password")


@pytest.mark.parametrize("aino", ["fi", "sv", "en"], indirect=True)
def test_a_copy_of_own_data_is_asked_for_and_fetched(aino: Resident, tmp_path: Path) -> None:
    page = aino.page
    aino.open("/details")
    aino.follow("A copy of my data")
    assert violations(page) == []
    aino.press("Ask for a copy")
    aino.portal.work()
    mail = aino.portal.mails(AINO)[-1]
    assert mail.link.endswith("/account/data")
    aino.open(mail.link)
    assert violations(page) == []
    aino.follow("Fetch the copy")
    assert aino.heading == aino.say("Identify yourself again")
    aino.press("Identify yourself")
    with page.expect_download() as fetching:
        identify(page)
    fetching.value.save_as(tmp_path / "copy.zip")
    with ZipFile(tmp_path / "copy.zip") as copy:
        readable = copy.read("index.html").decode()
    assert f'lang="{aino.language}"' in readable
    assert "Aino Maria" in readable
    assert AINO in readable
