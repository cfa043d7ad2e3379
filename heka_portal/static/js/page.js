// Small comforts of every page; each page works without them.
// Nothing is declared at the top: an answer written in the place of a page runs this file again in the same window.
(() => {
  document.documentElement.classList.add("hp-js");
  const words = document.body.dataset;

  // Copy buttons: the value stands beside the button, in the same row.
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

  // A password can be read while it is typed; when it is sent it is a password again.
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

  // After a refused form the reader stands at the list of what to mend, not where the address before it led to:
  // a form keeps the fragment of its page's address, and the browser would go there in the end.
  const wanted = document.querySelector("[data-focus]");
  if (wanted && location.hash) history.replaceState(history.state, "", location.href.split("#")[0]);
  wanted?.focus();
})();
