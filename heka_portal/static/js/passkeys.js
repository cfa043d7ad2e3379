// Passkeys: asks the browser for one and sends its answer with the form. Where there is no script, or the browser
// cannot have passkeys at this address, the page shows another way.
(() => {
  const can = (box) =>
    window.PublicKeyCredential && navigator.credentials && location.hostname === box.dataset.passkeysAt;
  const boxes = [...document.querySelectorAll("[data-passkeys-at]")].filter(can);
  if (!boxes.length) return;
  document.querySelectorAll("[data-passkeys-without]").forEach((other) => { other.hidden = true; });
  boxes.forEach((box) => {
    box.hidden = false;
    box.querySelector("[data-focus]")?.focus();
  });

  // Bytes travel as base64url.
  const toBytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const read = (options) => {
    const wanted = { ...options, challenge: toBytes(options.challenge) };
    if (options.user) wanted.user = { ...options.user, id: toBytes(options.user.id) };
    for (const name of ["allowCredentials", "excludeCredentials"]) {
      if (options[name]) wanted[name] = options[name].map((one) => ({ ...one, id: toBytes(one.id) }));
    }
    return wanted;
  };

  const BYTES = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const write = ({ id, rawId, type, authenticatorAttachment, response }) => JSON.stringify({
    id,
    rawId: toText(rawId),
    type,
    authenticatorAttachment,
    response: {
      ...Object.fromEntries(BYTES.filter((name) => response[name]).map((name) => [name, toText(response[name])])),
      transports: response.getTransports?.(),
    },
  });

  // What went wrong, by the name of its words in the form.
  class Told extends Error {}
  const WORDS = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" };
  const wordOf = (error) => (error instanceof Told ? error.message : WORDS[error.name] || "failed");

  const askPortal = async (form) => {
    const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) }).catch(() => {
      throw new Told("offline");
    });
    if (answer.status === 429) throw new Told("braked");
    if (!answer.ok || answer.redirected) throw new Told("stale");
    return read(await answer.json());
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const says = form.querySelector("[data-passkey-error]");
    const button = form.querySelector("button");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (form.dataset.asking) return;
      form.dataset.asking = "1";
      button.setAttribute("aria-disabled", "true");
      says.textContent = "";
      try {
        const publicKey = await askPortal(form);
        form.elements.answer.value = write(await navigator.credentials[form.dataset.passkey]({ publicKey }));
        form.submit();
      } catch (error) {
        says.textContent = form.dataset[wordOf(error)];
      } finally {
        delete form.dataset.asking;
        button.removeAttribute("aria-disabled");
      }
    });
  });
})();
