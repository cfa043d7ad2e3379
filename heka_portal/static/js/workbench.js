// The workbench by keyboard, and small comforts of its lists; each page works without them.
// An element says by data-key which key leads to it: a field takes the focus, a link or a button is pressed.
(() => {
  const isTyping = (node) => node.matches("textarea, select, input:not([type=checkbox], [type=radio])");

  const lines = () => [...document.querySelectorAll("[data-line]")];
  const linkOf = (line) => line.querySelector("a.hp-inbox__subject");
  const hereOf = (all) => all.findIndex((line) => line.contains(document.activeElement));
  const move = (step) => {
    const all = lines();
    if (!all.length) return;
    const here = hereOf(all);
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
    linkOf(all[next]).focus();
  };
  const pick = () => {
    const all = lines();
    const box = all[hereOf(all)]?.querySelector("input[type=checkbox]");
    if (box) box.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
    if (isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    const target = [...document.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key);
    if (target) {
      event.preventDefault();
      if (isTyping(target)) target.focus();
      else if (target.matches("summary")) { target.focus(); target.click(); }
      else target.click();
    } else if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "x") pick();
  });

  // After an action the reader stands where it was made: at the line the address names.
  const stand = () => {
    const named = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const id = /^#e(\d+)$/.exec(location.hash)?.[1];
    // An older line of a case is on the page of the lines before the next one.
    if (!named && id && document.querySelector(".hp-timeline__gap")) location.replace(`?before=${+id + 1}#e${id}`);
    if (!named || document.querySelector("[data-focus]")) return;
    named.classList.add("is-here");
    (named.matches("[data-line]") ? linkOf(named) : named).focus();
  };
  // The browser goes to the named part when the page has loaded, and takes the focus from what is inside it.
  addEventListener("load", () => setTimeout(stand));

  // How many lines are chosen, and all at once.
  const count = document.querySelector("[data-picked]");
  const boxes = () => [...document.querySelectorAll("[data-line] input[type=checkbox]")];
  const show = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    if (count) count.textContent = chosen ? `${count.dataset.some} ${chosen}` : count.dataset.none;
    boxes().forEach((box) => box.closest("tr").classList.toggle("is-picked", box.checked));
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[type=checkbox]")) show();
  });
  show();

  // Suggestions while one types; the typed text is found without them too.
  let waiting;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.dataset.suggest || field.value.trim().length < 2) return;
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(field.value.trim())}`);
      if (!answer.ok) return;
      const options = (await answer.json()).map((name) => {
        const option = document.createElement("option");
        option.value = name;
        return option;
      });
      document.getElementById(field.getAttribute("list")).replaceChildren(...options);
    }, 200);
  });
})();
