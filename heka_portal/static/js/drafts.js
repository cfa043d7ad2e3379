// What someone types stays in this tab until it is sent or they sign out. Nothing else is kept, and no files.
(() => {
  const PREFIX = "draft:";
  const SENT = "draft-sent";
  const store = sessionStorage;
  const forget = (key) => store.removeItem(PREFIX + key);
  const forgetAll = () => Object.keys(store).filter((key) => key.startsWith("draft")).forEach((key) => store.removeItem(key));

  const kept = (field) => field.name && !/^(hidden|password|file|submit|button)$/.test(field.type);
  const fieldsOf = (form) => [...form.elements].filter(kept);
  const read = (form) => fieldsOf(form).map((field) =>
    [field.name, field.value, /^(radio|checkbox)$/.test(field.type) ? field.checked : null]);

  const restore = (form) => {
    const saved = JSON.parse(store.getItem(PREFIX + form.dataset.draft) || "[]");
    fieldsOf(form).forEach((field) => {
      const choice = /^(radio|checkbox)$/.test(field.type);
      const entry = saved.find(([name, value]) => name === field.name && (!choice || value === field.value));
      if (!entry) return;
      if (choice) field.checked = entry[2];
      else if (!field.value) field.value = entry[1];
    });
  };

  // A form was sent before this page. Unless this page asks to mend it, the draft has done its work.
  const settle = () => {
    const key = store.getItem(SENT);
    store.removeItem(SENT);
    const arrived = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    if (key && arrived && !document.querySelector("[data-keep-draft]")) forget(key);
  };

  if (document.querySelector("[data-signed-out]")) forgetAll();
  settle();
  document.querySelectorAll("[data-draft-sent]").forEach((node) => forget(node.dataset.draftSent));

  document.querySelectorAll("form[data-draft]").forEach((form) => {
    if (!document.querySelector("[data-keep-draft]")) restore(form);
    form.addEventListener("input", () => store.setItem(PREFIX + form.dataset.draft, JSON.stringify(read(form))));
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-signs-out]")) forgetAll();
    else if (event.target.dataset.draft) store.setItem(SENT, event.target.dataset.draft);
  });
})();
