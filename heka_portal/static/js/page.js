// Comforts; each page works without. Nothing at the top: an answer that takes a page's place runs this again.
(() => {
  document.documentElement.classList.add("hp-js");
  const words = document.body.dataset;
  const onClick = (selector, act) => document.addEventListener("click", ({ target }) => {
    const button = target.closest(selector);
    if (button) act(button);
  });

  onClick("[data-copy]", async (button) => {
    const word = button.querySelector("[data-copy-word]");
    const before = word.textContent;
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      word.textContent = words.copied;
    } catch {
      word.textContent = words.notCopied;
    }
    setTimeout(() => { word.textContent = before; }, 3000);
  });

  onClick("[data-print]", () => print());

  // A password can be read while it is typed.
  const show = (button, isShown) => {
    document.getElementById(button.dataset.show).type = isShown ? "text" : "password";
    button.ariaPressed = isShown;
  };
  onClick("[data-show]", (button) => show(button, button.ariaPressed !== "true"));
  document.addEventListener("submit", ({ target }) => {
    target.querySelectorAll("[data-show]").forEach((button) => show(button, false));
  });

  // Menus close on Escape and on a press elsewhere.
  const openMenus = () => document.querySelectorAll("[data-menu][open]");
  document.addEventListener("click", ({ target }) => {
    openMenus().forEach((menu) => { menu.open = menu.contains(target); });
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") openMenus().forEach((menu) => {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    });
  });

  // After a refused form: stand at what to mend, not at the fragment that the form has kept.
  const wanted = document.querySelector("[data-focus]");
  if (wanted && location.hash) history.replaceState(history.state, "", location.href.split("#")[0]);
  wanted?.focus();
})();
