// Small comforts of every page; each page works without them.
// Nothing at the top: an answer that takes a page's place runs this file again.
(() => {
  document.documentElement.classList.add("hp-js");
  const words = document.body.dataset;

  // Copy buttons.
  const copyText = async (node) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(node.textContent.trim());
    getSelection().selectAllChildren(node);
    if (!document.execCommand("copy")) throw new Error("copy refused");
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const word = button.querySelector("[data-copy-word]");
    const before = word.textContent;
    try {
      await copyText(document.getElementById(button.dataset.copy));
      word.textContent = words.copied;
    } catch {
      word.textContent = words.notCopied;
    }
    setTimeout(() => { word.textContent = before; }, 3000);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });

  // A password can be read while it is typed.
  const show = (button, isShown) => {
    document.getElementById(button.dataset.show).type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (button) show(button, button.getAttribute("aria-pressed") !== "true");
  });
  document.addEventListener("submit", (event) => {
    event.target.querySelectorAll("[data-show]").forEach((button) => show(button, false));
  });

  // Menus close on Escape and on a press elsewhere.
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    });
  });

  // After a refused form: stand at what to mend. A form keeps its page's fragment, and the browser would go there.
  const wanted = document.querySelector("[data-focus]");
  if (wanted && location.hash) history.replaceState(history.state, "", location.href.split("#")[0]);
  wanted?.focus();
})();
