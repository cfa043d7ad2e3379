// Forms: sent once, with a bar for files.
(() => {
  const words = document.body.dataset;
  const sent = new Set();
  const mark = (form, isSent) => {
    sent[isSent ? "add" : "delete"](form);
    // Not `disabled`: it would not send its name and would lose the focus.
    form.querySelectorAll("button:not([type=button])").forEach((button) => { button.ariaDisabled = isSent || null; });
  };
  const release = (form) => mark(form, false);
  addEventListener("pageshow", ({ persisted }) => persisted && sent.forEach(release));

  const makeBar = (form) => {
    const box = form.querySelector(".hp-sending") || form.appendChild(document.createElement("div"));
    box.className = "hp-sending";
    box.role = "status";
    box.innerHTML = "<p></p><progress></progress>";
    const [text, bar] = box.children;
    bar.ariaLabel = words.sending;
    let said;
    return {
      show(share) {
        bar.value = share;
        // A screen reader hears every quarter, not every per cent.
        const quarters = Math.floor(share * 4);
        if (quarters === said) return;
        said = quarters;
        text.textContent = share < 1 ? `${words.sending} ${Math.round(share * 100)} %` : words.receiving;
      },
      fail() {
        bar.remove();
        box.classList.add("hp-error");
        text.textContent = words.broken;
      },
    };
  };

  const sendWithBar = (form, submitter) => {
    const bar = makeBar(form);
    const request = new XMLHttpRequest();
    // As attributes: the property of a missing one is the page's address, or a field.
    request.open("POST", submitter?.getAttribute("formaction") || form.getAttribute("action") || "");
    request.setRequestHeader("X-Portal-Upload", "1");
    request.upload.onprogress = ({ loaded, total }) => total && bar.show(loaded / total);
    request.upload.onload = () => bar.show(1);
    request.onerror = () => { bar.fail(); release(form); };
    request.onload = () => {
      const next = request.getResponseHeader("X-Portal-Location");
      if (next) {
        const here = location.href.split("#")[0];
        location.assign(next);
        // With another fragment alone it would not load anew.
        if (new URL(next, here).href.startsWith(`${here}#`)) location.reload();
        return;
      }
      // The same form with what to mend takes this page's place.
      document.open();
      document.write(request.responseText);
      document.close();
      scrollTo(0, 0);
    };
    request.send(new FormData(form, submitter));
  };

  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) return event.preventDefault();
    mark(form, true);
    const hasFiles = [...new FormData(form).values()].some(({ size }) => size);
    if (!hasFiles) return setTimeout(release, 10000, form);
    event.preventDefault();
    sendWithBar(form, submitter);
  });
})();
