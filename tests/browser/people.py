"""Those who meet on a case, each at a browser of their own: they read and press what the interface calls things."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyotp
from playwright.sync_api import Locator, Page

from tests.support.axe import overflow
from tests.support.portal import RunningPortal

PASSWORD = "seven herons over Vuosaari"


@dataclass
class Somebody:
    """Someone at a browser, in a language."""

    portal: RunningPortal
    page: Page
    language: str

    def say(self, words: str, **filled: object) -> str:
        """The interface's words in their language."""
        return self.portal.say(self.language, words, **filled)

    def open(self, address: str) -> None:
        """Go to an address."""
        self.page.goto(address)

    def press(self, words: str, within: Locator | None = None) -> None:
        """Press a button."""
        (within or self.page).get_by_role("button", name=self.say(words), exact=True).click()
        self.arrive()

    def follow(self, words: str, within: Locator | None = None) -> None:
        """Follow a link."""
        (within or self.page).get_by_role("link", name=self.say(words), exact=True).click()
        self.arrive()

    def write(self, label: str, text: str) -> None:
        """Write into a field."""
        self.page.get_by_role("textbox", name=self.say(label)).fill(text)

    def choose(self, words: str) -> None:
        """Choose one of a few, or tick a box; the whole row can be pressed."""
        self.page.locator("label", has_text=self.say(words)).first.click()

    def hear(self, words: str) -> None:
        """Wait until the page says so: files take their time."""
        self.page.get_by_role("status").filter(has_text=self.say(words)).wait_for()

    def arrive(self) -> None:
        """Each page is in the reader's language and fits the window."""
        self.page.wait_for_load_state()
        assert self.page.locator("html").get_attribute("lang") == self.language, self.page.url
        assert overflow(self.page) <= 0, self.page.url

    @property
    def heading(self) -> str:
        """What the page is called."""
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def text(self) -> str:
        """What can be read on the page."""
        return self.page.locator("main").inner_text()

    @property
    def headlines(self) -> list[str]:
        """What the lines of the timeline say, in order."""
        return self.page.locator(".hp-timeline__head > b").all_inner_texts()


class Resident(Somebody):
    """A resident at a phone."""

    def register(self, name: str, email: str) -> None:
        """Identify, choose email and password, open the mailed link."""
        self.open("/")
        self.follow("Register", self.page.locator("main"))
        self.press("Identify yourself")
        self.page.locator("label", has_text=name).click()
        self.page.locator("button[name=action][value=identify]").click()
        self.page.wait_for_url("**/register/account")
        self.arrive()
        assert name in self.text
        self.write("Email", email)
        self.write("Password", PASSWORD)
        self.press("Continue")
        self.open(self.portal.mails(email)[-1].link)
        self.press("Take the account into use")

    def report(self, *, title: str, description: str, files: Sequence[Path], phone: str) -> int:
        """Report a leak in the kitchen with pictures; answers the number of the case."""
        self.page.locator("main").get_by_role("link", name=self.say("Report a defect")).first.click()
        self.press("Report a defect")
        self.choose("In my home")
        self.choose("Kitchen")
        self.press("Continue: what is wrong")
        self.page.get_by_label(self.say("Kind of defect")).select_option("water_leak")
        self.write("The defect in a few words", title)
        self.write("Tell us more", description)
        self.page.get_by_label(self.say("Add pictures or PDF files")).set_input_files(files)
        self.press("Continue: access to your home")
        self.page.wait_for_url("**/access")
        self.page.locator("input[name=master_key][value=allowed]").check()
        self.write("Phone", phone)
        self.page.locator("input[name=audience][value=own]").check()
        self.press("Check the report")
        assert title in self.text
        self.press("Send the defect notification")
        self.page.wait_for_url("**/sent")
        assert self.heading == self.say("The report has been sent")
        found = re.search(r"/matters/(\d{9})/sent", self.page.url)
        assert found
        return int(found[1])

    def see(self, number: int) -> None:
        """Open the case from the list of matters, open or closed."""
        self.open("/matters")
        line = self.page.locator(f"a[href='/matters/{number}']")
        if not line.count():
            self.open("/matters/closed")
        line.click()
        self.arrive()

    def reply(self, text: str) -> None:
        """Answer customer service's question."""
        self.write("Answer the question", text)
        self.press("Send the answer")
        self.hear("Your message was sent.")

    def judge(self, answer: str, *, text: str = "", files: Sequence[Path] = ()) -> None:
        """Say how the repair went."""
        box = self.page.locator("form[action$='/answer']")
        box.locator(f"label:has(input[value={answer}])").click()
        if text:
            box.get_by_role("textbox").fill(text)
        if files:
            box.locator("summary").click()
            box.locator("input[type=file]").set_input_files(files)
        self.press("Send the answer", box)
        self.hear("Thank you for your answer.")


class Worker(Somebody):
    """A clerk or a contractor at a desk."""

    def enter(self, email: str) -> None:
        """Set the password by the mailed link, sign in and enrol the second factor."""
        self.open(self.portal.mails(email)[-1].link)
        self.page.locator("input[type=password]").fill(PASSWORD)
        self.page.locator("main form").get_by_role("button").last.click()
        self.open("/staff/sign-in")
        self.write("Email", email)
        self.write("Password", PASSWORD)
        self.press("Sign in")
        self.page.wait_for_url("**/staff/enrol")
        secret = self.page.locator("#secret").inner_text()
        self.page.locator("input[name=code]").fill(pyotp.TOTP(secret).now())
        self.press("Take the app into use")
        self.follow("I have kept them: to the workbench")

    def see(self, number: int) -> None:
        """Open the case, as the mailed link does."""
        self.open(f"/admin/cases/{number}/")
        self.arrive()

    def move(self, words: str, *, text: str = "", **fields: str) -> None:
        """Make a move by its button, or by the form that its button opens."""
        moves = self.page.locator(".hp-moves")
        button = moves.get_by_role("button", name=self.say(words), exact=True)
        if button.count():
            button.click()
        else:
            self.follow(words, moves)
            form = self.page.locator("form#do")
            for name, value in fields.items():
                control = form.locator(f"[name={name}]")
                if control.evaluate("node => node.tagName") == "SELECT":
                    control.select_option(label=value)
                else:
                    control.fill(value)
            if text:
                form.locator("[name=text]").fill(text)
            form.get_by_role("button", name=self.say(words), exact=True).click()
        self.page.wait_for_url(re.compile(r"#e\d+$"))
        self.arrive()
