// Passkeys: ask the browser for one, send its answer with the form. Without, another way is shown.
(() => {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  document.querySelectorAll(`[data-passkeys-at="${location.hostname}"]`).forEach((box) => { box.hidden = false; });

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const { passkey, options, read } = form.dataset;
    const says = form.querySelector("[data-passkey-error]");
    const button = form.querySelector("button");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.ariaDisabled) return;
      button.ariaDisabled = "true";
      says.textContent = "";
      try {
        const answer = await fetch(options, { method: "POST", body: new FormData(form) });
        if (!answer.ok || answer.redirected) throw { name: answer.status === 429 ? "braked" : "stale" };
        const publicKey = PublicKeyCredential[read](await answer.json());
        form.elements.answer.value = JSON.stringify(await navigator.credentials[passkey]({ publicKey }));
        form.submit();
      } catch ({ name }) {
        // The form has the words, by the browser's own names of what went wrong.
        says.textContent = form.dataset[name.toLowerCase()] || form.dataset.failed;
      }
      button.ariaDisabled = null;
    });
  });
})();
