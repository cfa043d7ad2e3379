// Forms: sent once, with a bar for files.
(() => {
  const words = document.body.dataset;
  const buttonsOf = (form) => form.querySelectorAll("button:not([type=button])");
  const release = (form) => {
    delete form.dataset.sent;
    buttonsOf(form).forEach((button) => button.removeAttribute("aria-disabled"));
  };
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });

  const makeBar = (form) => {
    const box = form.querySelector(".hp-sending") || document.createElement("div");
    box.className = "hp-sending";
    box.setAttribute("role", "status");
    const text = document.createElement("p");
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.setAttribute("aria-label", words.sending);
    box.replaceChildren(text, bar);
    form.append(box);
    let said = -1;
    return {
      show(share) {
        const percent = Math.round(share * 100);
        bar.value = percent;
        // A screen reader hears every quarter, not every per cent.
        if (percent < 100 && Math.floor(percent / 25) === said) return;
        said = Math.floor(percent / 25);
        text.textContent = percent < 100 ? `${words.sending} ${percent} %` : words.receiving;
      },
      fail() {
        bar.remove();
        box.className = "hp-sending hp-error";
        text.textContent = words.broken;
      },
    };
  };

  const sendWithBar = (form, submitter) => {
    const data = new FormData(form);
    if (submitter?.name) data.append(submitter.name, submitter.value);
    const bar = makeBar(form);
    const request = new XMLHttpRequest();
    // As attributes: the property of a missing one is the page's address, or a field.
    const target = submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
    request.open("POST", target);
    request.setRequestHeader("X-Portal-Upload", "1");
    request.setRequestHeader("Accept", "text/html");
    request.upload.onprogress = (event) => event.lengthComputable && bar.show(event.loaded / event.total);
    request.upload.onload = () => bar.show(1);
    request.onerror = () => { bar.fail(); release(form); };
    request.onload = () => {
      const next = request.getResponseHeader("X-Portal-Location");
      if (next) {
        // An address that differs by its part alone would not load anew.
        const here = location.href.split("#")[0];
        location.assign(next);
        if (new URL(next, here).href.split("#")[0] === here && next.includes("#")) location.reload();
        return;
      }
      // The same form with what to mend takes this page's place.
      document.open();
      document.write(request.responseText);
      document.close();
      scrollTo(0, 0);
    };
    request.send(data);
  };

  const hasFiles = (form) => [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    // Not `disabled`: it would not send its name and would lose the focus.
    buttonsOf(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    if (!hasFiles(form)) return setTimeout(release, 10000, form);
    event.preventDefault();
    sendWithBar(form, event.submitter);
  });
})();
